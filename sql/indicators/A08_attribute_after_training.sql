/*
title_zh = "身份属性晚于培训"
title_en = "Paper of the group dated after the training"
description_zh = """
已结业的报名中，本人首次取得所报人员类别证明的日期晚于结业日期的。以首次证明为准，此后补发的不命中；没有该类别证明的，\
或没有结业的，不检验。统计基准日之后签发的证明不计。指标值为结业至首次取得证明的天数。"""
description_en = """
Completed enrolments whose person first got a paper of the enrolment's learner group after the day of completion. The first paper counts, \
so one issued again later is no hit; without a paper of the group, or without completion, there is no test. Papers issued after the as-of \
day do not count. Value is the number of days from completion to the first paper."""
audience = "intermediate"
grain = ["entity_kind", "entity_id", "period"]
sources = ["notice 三（二）", "notice 三（三）"]
policy = []

[indicator]
id = "A08"
key = "attribute_after_training"
title_zh = "身份属性晚于培训"
title_en = "Paper of the group dated after the training"
scheme_zh = "按条件更优的人员类别登记学员，事后再补办证明"
scheme = "learners are booked under a group with better terms, and the paper is made out afterwards"
strength = "H"
grain_zh = "报名"
grain = "enrolment"
threshold_zh = "报名人员类别的资格证明首次签发日期晚于结业（0天）"
threshold = "first issue date of a certificate of eligibility for the enrolment's group later than completion (0 days)"
policy_reference = "鲁人社字〔2020〕72号 三（二）; 襄阳 audit of disability trainings"
false_positives_zh = "证明补发而登记中首次签发记录遗失；编号改版使全部证明日期变新；身份先于证明成立"
false_positives = "papers issued again of which the register lost the first; a change of the numbering that dates all papers anew; a status that began before its paper"
ask_for_zh = "证明影像，以及签发部门载有首次日期的签发台账"
ask_for = "the image of the paper and the issue log of the office that made it, with the first date"
*/
WITH
completion AS (
    SELECT
        e.enrolment_id,
        e.class_id,
        e.person_key,
        e.city_code,
        k.org_id,
        k.platform_id,
        e.learner_group,
        e.completed_on
    FROM enrolments AS e
    CROSS JOIN run_context AS r
    LEFT JOIN classes AS k ON k.class_id = e.class_id
    WHERE e.completed_on <= r.as_of
),
paper AS (
    SELECT
        c.person_key,
        c.learner_group,
        c.certificate_no,
        c.issued_on,
        ROW_NUMBER() OVER (PARTITION BY c.person_key, c.learner_group ORDER BY c.issued_on, c.certificate_no) AS place
    FROM eligibility_certificates AS c
    CROSS JOIN run_context AS r
    WHERE c.issued_on <= r.as_of
),
shown AS (
    SELECT
        n.enrolment_id,
        n.class_id,
        n.city_code,
        n.org_id,
        n.platform_id,
        n.completed_on,
        p.issued_on,
        h.person_hex || '|' || p.learner_group || '|' || p.certificate_no AS paper_record
    FROM completion AS n
    INNER JOIN paper AS p ON p.person_key = n.person_key AND p.learner_group = n.learner_group
    INNER JOIN learner_keys AS h ON h.person_key = p.person_key
    WHERE p.place = 1
),
tested AS (
    SELECT COUNT(*) AS population FROM shown
),
-- A local day has 86,400 s: clocks have not been changed since 2000.
hit AS (
    SELECT
        s.enrolment_id,
        s.class_id,
        s.city_code,
        s.org_id,
        s.platform_id,
        s.paper_record,
        (i.end_us - c.end_us) / 86400000000 AS days_late
    FROM shown AS s
    LEFT JOIN days AS c ON c.day = s.completed_on
    LEFT JOIN days AS i ON i.day = s.issued_on
    WHERE s.issued_on > s.completed_on
),
record AS (
    SELECT enrolment_id, 1 AS place, 'eligibility_certificates:' || paper_record AS record FROM hit
    UNION ALL
    SELECT enrolment_id, 2 AS place, 'enrolments:' || enrolment_id AS record FROM hit
    UNION ALL
    SELECT enrolment_id, 3 AS place, 'classes:' || class_id AS record FROM hit WHERE class_id IS NOT NULL
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
    h.days_late AS value,
    0.0 AS threshold,
    t.population,
    COALESCE(x.at_risk_fen, 0) AS amount_at_risk_fen,
    'H' AS strength,
    e.evidence,
    e.evidence_count,
    '鲁人社字〔2020〕72号 三（二）' AS rule_ref
FROM hit AS h
INNER JOIN evidence AS e ON e.enrolment_id = h.enrolment_id
LEFT JOIN enrolment_risk AS x ON x.enrolment_id = h.enrolment_id
CROSS JOIN tested AS t
