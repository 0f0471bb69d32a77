/*
title_zh = "线上课时占比超40%"
title_en = "Online share of the hours above 40 %"
description_zh = """
已结业的报名中，线上课时占总课时的比例超过规定上限的，按整秒比较（每课时2700秒）：培训方式为线上线下或线下的班级为硬性，\
因通知用语为“原则上”，须经复核；纯线上班级为提示。上限取报名所在市开班时的规定。课时为报名记录所载课时；\
班级不在册的报名不检验。"""
description_en = """
Completed enrolments whose online hours are more than the allowed share of all their hours, compared in whole seconds (an hour is 2700 s), \
in classes of mode blended or offline: hard, for review, since the notice says 'in principle'. Pure online classes: context. The cap is \
that of the enrolment's city at class start. Hours are those of the enrolment record; an enrolment whose class is not on \
record is not tested."""
audience = "intermediate"
grain = ["entity_kind", "entity_id", "period"]
sources = ["notice 二（三）"]
policy = ["online_share_cap"]

[indicator]
id = "C01"
key = "online_share_over_cap"
title_zh = "线上课时占比超40%"
title_en = "Online share of the hours above 40 %"
scheme_zh = "用廉价视频代替实训，而按全额标准申领"
scheme = "practical training is replaced by cheap videos while the full standard is claimed"
strength = "H/W"
grain_zh = "报名"
grain = "enrolment"
threshold_zh = "线上课时超过online_share_cap（0.40，可分市）×总课时；线上线下结合班和线下班：硬性（需复核），纯线上班：提示"
threshold = "online hours above online_share_cap (0.40; by city) × total hours; blended or offline class H (review), pure online W"
policy_reference = "鲁人社字〔2020〕72号 二（三）: 原则上技能培训线上培训课时不超过总课时的40%"
false_positives_zh = "知识类或纯理论项目；疫情期间的特许；报名结业时尚未录入的线下课时"
false_positives = "knowledge-type or theory-only projects; permissions of the pandemic months; offline hours not yet entered when the enrolment was completed"
ask_for_zh = "教学计划及其批复、班级课表，以及线下部分的考勤"
ask_for = "the course plan and its approval, the class timetable, and the attendance of the offline part"
*/
WITH
completion AS (
    SELECT
        e.enrolment_id,
        e.class_id,
        e.city_code,
        k.org_id,
        k.platform_id,
        k.mode,
        k.start_on,
        e.online_seconds,
        e.online_seconds + e.offline_seconds AS total_seconds,
        COALESCE(a.city_code, '370000') AS policy_city_code
    FROM enrolments AS e
    CROSS JOIN run_context AS r
    INNER JOIN classes AS k ON k.class_id = e.class_id
    LEFT JOIN cities AS a ON a.city_code = e.city_code
    WHERE e.completed_on <= r.as_of AND e.online_seconds + e.offline_seconds > 0
),
tested AS (
    SELECT COUNT(*) AS population FROM completion
),
hit AS (
    SELECT
        c.enrolment_id,
        c.class_id,
        c.city_code,
        c.org_id,
        c.platform_id,
        c.online_seconds,
        c.total_seconds,
        CASE WHEN c.mode = 'online' THEN 'W' ELSE 'H' END AS strength,
        p.value AS threshold,
        p.citation
    FROM completion AS c
    INNER JOIN policy AS p ON p.city_code = c.policy_city_code
    WHERE p.parameter = 'online_share_cap'
      AND c.start_on >= p.valid_from
      AND c.start_on <= p.valid_until
      AND c.online_seconds * 1000000 > p.value_e6 * c.total_seconds
),
record AS (
    SELECT enrolment_id, 1 AS place, 'enrolments:' || enrolment_id AS record FROM hit
    UNION ALL
    SELECT enrolment_id, 2 AS place, 'classes:' || class_id AS record FROM hit
),
evidence AS (
    SELECT enrolment_id, ARRAY_AGG(record ORDER BY place LIMIT 100) AS evidence, COUNT(*) AS evidence_count
    FROM record
    GROUP BY enrolment_id
)
SELECT
    'enrolment' AS entity_kind,
    h.enrolment_id AS entity_id,
    '' AS period,
    h.city_code,
    h.org_id,
    h.platform_id,
    h.online_seconds / h.total_seconds AS value,
    h.threshold,
    t.population,
    COALESCE(x.at_risk_fen, 0) AS amount_at_risk_fen,
    h.strength,
    e.evidence,
    e.evidence_count,
    h.citation AS rule_ref
FROM hit AS h
INNER JOIN evidence AS e ON e.enrolment_id = h.enrolment_id
LEFT JOIN enrolment_risk AS x ON x.enrolment_id = h.enrolment_id
CROSS JOIN tested AS t
