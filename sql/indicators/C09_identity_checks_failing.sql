/*
title_zh = "人脸核验缺失"
title_en = "Face checks that fail, are missing or are shared"
description_zh = """
较强：全部学习记录中人脸抽验次数达到face_prompts_minimum的报名，其中未通过或未完成的占比超过face_failed_share；\
没有通过回报的抽验视为未完成。硬性：学习记录中出现的人脸照，也出现于另一人学习记录的报名，不论哪个平台。硬性：\
截至统计基准日，报送过学习记录而从未发起人脸抽验的平台。平台命中的市取其注册地；涉及金额按该平台报送过学习记录的报名计算。"""
description_en = """
Strong: enrolments with at least face_prompts_minimum face checks prompted over all their study logs, of which more than face_failed_share failed or were missed; \
a check without a report of passing counts as missed. Hard: enrolments in whose logs a face image occurs that also occurs in logs of another person, \
whichever the platform. Hard: platforms that sent logs and never prompted a face check up to the as-of date. City of a platform hit is that of its registration; at risk are the enrolments \
that the platform sent logs of."""
audience = "intermediate"
grain = ["entity_kind", "entity_id", "period"]
sources = ["notice 三（三）"]
policy = ["face_failed_share", "face_prompts_minimum", "shared_face_persons"]

[indicator]
id = "C09"
key = "identity_checks_failing"
names_enrolments = true
title_zh = "人脸核验缺失"
title_en = "Face checks that fail, are missing or are shared"
scheme_zh = "镜头前是他人或无人，或平台并不核验是谁"
scheme = "somebody else, or nobody, sits before the camera; or the platform does not check who does"
strength = "S/H"
grain_zh = "报名；平台"
grain = "enrolment; platform"
threshold_zh = "至少face_prompts_minimum（5）次抽验中，未通过或未完成的占比超过face_failed_share（0.2）：较强；同一人脸照出现在shared_face_persons（2）人及以上的学习记录中：硬性；平台从不抽验：硬性"
threshold = "failed or missed above face_failed_share (0.2) of at least face_prompts_minimum (5) prompts S; one face image for shared_face_persons (2) or more H; platform with no prompts at all H"
policy_reference = "鲁人社字〔2020〕72号 三（三）全程实名"
false_positives_zh = "旧手机和弱网络；老年学员；双胞胎或同处一张画面的家人；在学习记录之外核验人脸的平台"
false_positives = "old phones and weak networks; elderly learners; twins or a family that stands in one picture; platforms that check faces outside the logs"
ask_for_zh = "人脸照（受限）、按设备类型的通过率，以及平台关于何时核验的说明"
ask_for = "the face images (restricted), rates by type of device, and the platform's account of when it checks"
*/
WITH
enrolment AS (
    SELECT
        p.enrolment_id,
        MIN(p.platform_id) AS platform_id,
        SUM(p.face_prompts) AS face_prompts,
        SUM(p.face_passed) AS face_passed
    FROM enrolment_log_checks AS p
    GROUP BY p.enrolment_id
),
shared AS (
    SELECT
        enrolment_id,
        MAX(persons) AS persons
    FROM c09_shared_faces
    GROUP BY enrolment_id
),
suspect AS (
    SELECT e.enrolment_id, e.platform_id, e.face_prompts, e.face_passed, s.persons
    FROM enrolment AS e
    LEFT JOIN shared AS s ON s.enrolment_id = e.enrolment_id
    WHERE s.persons IS NOT NULL OR e.face_passed < e.face_prompts
),
placed AS (
    SELECT
        s.enrolment_id,
        n.city_code,
        n.class_id,
        k.org_id,
        COALESCE(k.platform_id, s.platform_id) AS platform_id,
        s.face_prompts,
        s.face_passed,
        s.persons,
        COALESCE(k.start_on, n.enrolled_on, r.as_of) AS rule_on,
        COALESCE(a.city_code, '370000') AS policy_city_code
    FROM suspect AS s
    CROSS JOIN run_context AS r
    LEFT JOIN enrolments AS n ON n.enrolment_id = s.enrolment_id
    LEFT JOIN classes AS k ON k.class_id = n.class_id
    LEFT JOIN cities AS a ON a.city_code = n.city_code
),
ruled AS (
    SELECT
        p.enrolment_id,
        p.city_code,
        p.class_id,
        p.org_id,
        p.platform_id,
        p.face_prompts,
        p.face_passed,
        p.persons,
        f.value AS failed_threshold,
        f.citation AS failed_citation,
        s.value AS shared_threshold,
        s.citation AS shared_citation,
        p.face_prompts * 1000000 >= m.value_e6
            AND (p.face_prompts - p.face_passed) * 1000000 > p.face_prompts * f.value_e6 AS is_failing
    FROM placed AS p
    INNER JOIN policy AS f ON f.city_code = p.policy_city_code
    INNER JOIN policy AS m ON m.city_code = p.policy_city_code
    INNER JOIN policy AS s ON s.city_code = p.policy_city_code
    WHERE f.parameter = 'face_failed_share'
      AND p.rule_on >= f.valid_from
      AND p.rule_on <= f.valid_until
      AND m.parameter = 'face_prompts_minimum'
      AND p.rule_on >= m.valid_from
      AND p.rule_on <= m.valid_until
      AND s.parameter = 'shared_face_persons'
      AND p.rule_on >= s.valid_from
      AND p.rule_on <= s.valid_until
),
enrolment_hit AS (
    SELECT
        enrolment_id,
        city_code,
        class_id,
        org_id,
        platform_id,
        persons,
        CASE WHEN persons IS NOT NULL THEN 'H' ELSE 'S' END AS strength,
        CASE WHEN persons IS NOT NULL THEN persons ELSE (face_prompts - face_passed) / face_prompts END AS value,
        CASE WHEN persons IS NOT NULL THEN shared_threshold ELSE failed_threshold END AS threshold,
        CASE WHEN persons IS NOT NULL THEN '人脸照多人共用：' || shared_citation ELSE '人脸核验未通过：' || failed_citation END AS rule_ref
    FROM ruled
    WHERE persons IS NOT NULL OR is_failing
),
tested AS (
    SELECT COUNT(*) AS population FROM enrolment
),
-- Platforms.
platform AS (
    SELECT platform_id, SUM(face_prompts) AS face_prompts FROM enrolment_log_checks GROUP BY platform_id
),
tested_platform AS (
    SELECT COUNT(*) AS population FROM platform
),
platform_hit AS (
    SELECT platform_id FROM platform WHERE face_prompts = 0
),
unprompted AS (
    SELECT p.platform_id, p.enrolment_id
    FROM enrolment_log_checks AS p
    INNER JOIN platform_hit AS h ON h.platform_id = p.platform_id
),
concerned AS (
    SELECT 'platform' AS entity_kind, platform_id AS entity_id, enrolment_id FROM unprompted
    UNION ALL
    SELECT 'enrolment' AS entity_kind, enrolment_id AS entity_id, enrolment_id FROM enrolment_hit
),
risk AS (
    SELECT
        c.entity_kind,
        c.entity_id,
        SUM(x.at_risk_fen) AS amount_at_risk_fen,
        ARRAY_AGG(c.enrolment_id ORDER BY c.enrolment_id) AS enrolments
    FROM concerned AS c
    LEFT JOIN enrolment_risk AS x ON x.enrolment_id = c.enrolment_id
    GROUP BY c.entity_kind, c.entity_id
),
record AS (
    SELECT 'enrolment' AS entity_kind, h.enrolment_id AS entity_id, 1 AS place, 'study_logs:' || f.log_id AS record
    FROM enrolment_hit AS h
    INNER JOIN c09_shared_faces AS f ON f.enrolment_id = h.enrolment_id
    UNION ALL
    SELECT 'enrolment' AS entity_kind, h.enrolment_id AS entity_id, 2 AS place, 'study_logs:' || f.other_log_id AS record
    FROM enrolment_hit AS h
    INNER JOIN c09_shared_faces AS f ON f.enrolment_id = h.enrolment_id
    UNION ALL
    SELECT 'enrolment' AS entity_kind, enrolment_id AS entity_id, 3 AS place, 'enrolments:' || enrolment_id AS record
    FROM enrolment_hit
    UNION ALL
    SELECT 'platform' AS entity_kind, o.org_id AS entity_id, 1 AS place, 'organizations:' || o.org_id || '|' || o.org_kind AS record
    FROM organizations AS o
    INNER JOIN platform_hit AS h ON h.platform_id = o.org_id
    WHERE o.org_kind = 'platform'
    UNION ALL
    SELECT 'platform' AS entity_kind, platform_id AS entity_id, 2 AS place, 'enrolments:' || enrolment_id AS record
    FROM unprompted
),
distinct_record AS (
    SELECT entity_kind, entity_id, record, MIN(place) AS place FROM record GROUP BY entity_kind, entity_id, record
),
evidence AS (
    SELECT entity_kind, entity_id, ARRAY_AGG(record ORDER BY place, record LIMIT 100) AS evidence, COUNT(*) AS evidence_count
    FROM distinct_record
    GROUP BY entity_kind, entity_id
),
own_organisation AS (
    SELECT org_id, MIN(city_code) AS city_code FROM organizations WHERE org_kind = 'platform' GROUP BY org_id
),
hit AS (
    SELECT
        'enrolment' AS entity_kind,
        h.enrolment_id AS entity_id,
        h.city_code,
        h.org_id,
        h.platform_id,
        CAST(h.value AS DOUBLE) AS value,
        h.threshold,
        t.population,
        h.strength,
        h.rule_ref
    FROM enrolment_hit AS h
    CROSS JOIN tested AS t
    UNION ALL
    SELECT
        'platform' AS entity_kind,
        h.platform_id AS entity_id,
        o.city_code,
        h.platform_id AS org_id,
        h.platform_id,
        CAST(0 AS DOUBLE) AS value,
        CAST(1 AS DOUBLE) AS threshold,
        t.population,
        'H' AS strength,
        '平台从未抽验人脸：鲁人社字〔2020〕72号 三（三）' AS rule_ref
    FROM platform_hit AS h
    LEFT JOIN own_organisation AS o ON o.org_id = h.platform_id
    CROSS JOIN tested_platform AS t
)
SELECT
    h.entity_kind,
    h.entity_id,
    '' AS period,
    h.city_code,
    h.org_id,
    h.platform_id,
    h.value,
    h.threshold,
    h.population,
    COALESCE(x.amount_at_risk_fen, 0) AS amount_at_risk_fen,
    x.enrolments,
    h.strength,
    e.evidence,
    e.evidence_count,
    h.rule_ref
FROM hit AS h
INNER JOIN evidence AS e ON e.entity_kind = h.entity_kind AND e.entity_id = h.entity_id
LEFT JOIN risk AS x ON x.entity_kind = h.entity_kind AND x.entity_id = h.entity_id
