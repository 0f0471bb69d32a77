/*
title_zh = "成建制流动"
title_en = "Travelling cohort"
description_zh = """
职业不同或机构不同的两个班级，开班日期相隔不超过cohort_months个月，共同学员达到cohort_common_learners人，\
且占两班全部学员的比例达到cohort_jaccard的。学员为报名的不同人员。指标值为该比例。检验对象数为两班人数均达到下限、\
有共同学员的此类班级对数。市、培训机构和平台取较晚开班的班级；涉及金额按共同学员在两个班级的报名计算。"""
description_en = """
Pairs of classes of another occupation or another organisation whose start dates are at most cohort_months months apart and that have \
cohort_common_learners learners or more in common, who are at least the share cohort_jaccard of all learners of the two. Learners are \
distinct persons of the enrolments. Value is that share. Population is the number of such pairs with a common learner, both classes large \
enough. City, organisation and platform are those of the later class; at risk are the enrolments of the common learners in both classes."""
audience = "intermediate"
grain = ["entity_kind", "entity_id", "period"]
sources = ["notice 三（三）"]
policy = ["cohort_months", "cohort_common_learners", "cohort_jaccard"]

[indicator]
id = "F02"
key = "travelling_cohort"
names_enrolments = true
title_zh = "成建制流动"
title_en = "Travelling cohort"
scheme_zh = "一批雇来的学员先后充填数家机构或数个职业的名册"
scheme = "one hired group of learners fills the rosters of several bodies or occupations, one after the other"
strength = "S"
grain_zh = "两个班级"
grain = "class pair"
threshold_zh = "cohort_months（12）个月内职业或机构不同：共同学员至少cohort_common_learners（15）人，且共同学员与全部学员之比至少cohort_jaccard（0.6）"
threshold = "within cohort_months (12) months, other occupation or organisation: common learners at least cohort_common_learners (15) and common / all learners at least cohort_jaccard (0.6)"
policy_reference = "default"
false_positives_zh = "按计划培训全员的公司；设两门课程的村庄项目；从关闭机构接收的班级"
false_positives = "a company that trains its whole staff by plan; a village programme with two courses; a class taken over from a closed body"
ask_for_zh = "对学员的访谈、出行方式和招募人、两个班的考勤，以及派出他们的计划"
ask_for = "interviews with the learners, how they travelled and who recruited them, attendance of both classes, and the plan that sent them"
*/
WITH
member AS (
    SELECT DISTINCT e.class_id, e.person_key
    FROM enrolments AS e
    INNER JOIN elapsed_days AS d ON d.day = e.enrolled_on
),
size AS (
    SELECT class_id, CAST(COUNT(*) AS BIGINT) AS learners FROM member GROUP BY class_id
),
started AS (
    SELECT
        k.class_id,
        k.org_id,
        k.platform_id,
        k.city_code,
        k.occupation_code,
        k.start_on,
        d.month_index,
        EXTRACT(DAY FROM k.start_on) AS day_of_month,
        s.learners,
        COALESCE(a.city_code, '370000') AS policy_city_code
    FROM classes AS k
    INNER JOIN elapsed_days AS d ON d.day = k.start_on
    INNER JOIN size AS s ON s.class_id = k.class_id
    LEFT JOIN cities AS a ON a.city_code = k.city_code
),
ruled AS (
    SELECT
        k.class_id,
        k.org_id,
        k.platform_id,
        k.city_code,
        k.occupation_code,
        k.start_on,
        k.month_index,
        k.day_of_month,
        k.learners,
        n.value_e6 AS learners_e6,
        j.value_e6 AS jaccard_e6,
        j.value AS jaccard,
        j.citation,
        m.value_e6 AS months_e6
    FROM started AS k
    INNER JOIN policy AS n ON n.city_code = k.policy_city_code
    INNER JOIN policy AS j ON j.city_code = k.policy_city_code
    INNER JOIN policy AS m ON m.city_code = k.policy_city_code
    WHERE n.parameter = 'cohort_common_learners'
      AND k.start_on >= n.valid_from
      AND k.start_on <= n.valid_until
      AND j.parameter = 'cohort_jaccard'
      AND k.start_on >= j.valid_from
      AND k.start_on <= j.valid_until
      AND m.parameter = 'cohort_months'
      AND k.start_on >= m.valid_from
      AND k.start_on <= m.valid_until
      AND k.learners * 1000000 >= n.value_e6
),
large_member AS (
    SELECT m.class_id, m.person_key
    FROM member AS m
    INNER JOIN ruled AS k ON k.class_id = m.class_id
),
met AS (
    SELECT a.class_id AS first_class_id, b.class_id AS second_class_id
    FROM large_member AS a
    INNER JOIN large_member AS b ON b.person_key = a.person_key
    WHERE a.class_id < b.class_id
),
shared AS (
    SELECT first_class_id, second_class_id, CAST(COUNT(*) AS BIGINT) AS common FROM met GROUP BY first_class_id, second_class_id
),
-- The class that starts later gives the rule, the city and the bodies; months apart as calendars count them: from 31 August, twelve
-- months end on 31 August.
pair AS (
    SELECT
        s.first_class_id,
        s.second_class_id,
        s.common,
        a.learners + b.learners - s.common AS all_learners,
        CASE WHEN b.start_on >= a.start_on THEN b.class_id ELSE a.class_id END AS later_class_id,
        CASE WHEN b.start_on >= a.start_on THEN a.class_id ELSE b.class_id END AS earlier_class_id
    FROM shared AS s
    INNER JOIN ruled AS a ON a.class_id = s.first_class_id
    INNER JOIN ruled AS b ON b.class_id = s.second_class_id
    WHERE a.occupation_code <> b.occupation_code OR a.org_id <> b.org_id
),
compared AS (
    SELECT
        p.first_class_id,
        p.second_class_id,
        p.later_class_id,
        p.earlier_class_id,
        p.common,
        p.all_learners,
        l.city_code,
        l.org_id,
        l.platform_id,
        l.learners_e6,
        l.jaccard_e6,
        l.jaccard,
        l.citation
    FROM pair AS p
    INNER JOIN ruled AS l ON l.class_id = p.later_class_id
    INNER JOIN ruled AS e ON e.class_id = p.earlier_class_id
    WHERE (l.month_index - e.month_index) * 1000000 < l.months_e6
       OR ((l.month_index - e.month_index) * 1000000 = l.months_e6 AND l.day_of_month <= e.day_of_month)
),
tested AS (
    SELECT CAST(COUNT(*) AS BIGINT) AS population FROM compared
),
hit AS (
    SELECT
        first_class_id,
        second_class_id,
        first_class_id || '|' || second_class_id AS entity_id,
        later_class_id,
        earlier_class_id,
        common / all_learners AS value,
        jaccard AS threshold,
        city_code,
        org_id,
        platform_id,
        citation
    FROM compared
    WHERE common * 1000000 >= learners_e6 AND common * 1000000 >= jaccard_e6 * all_learners
),
common_learner AS (
    SELECT h.entity_id, h.first_class_id, h.second_class_id, a.person_key
    FROM hit AS h
    INNER JOIN member AS a ON a.class_id = h.first_class_id
    INNER JOIN member AS b ON b.class_id = h.second_class_id AND b.person_key = a.person_key
),
concerned AS (
    SELECT c.entity_id, e.enrolment_id
    FROM common_learner AS c
    INNER JOIN enrolments AS e ON e.person_key = c.person_key AND e.class_id = c.first_class_id
    INNER JOIN elapsed_days AS d ON d.day = e.enrolled_on
    UNION ALL
    SELECT c.entity_id, e.enrolment_id
    FROM common_learner AS c
    INNER JOIN enrolments AS e ON e.person_key = c.person_key AND e.class_id = c.second_class_id
    INNER JOIN elapsed_days AS d ON d.day = e.enrolled_on
),
record AS (
    SELECT entity_id, 1 AS place, 'classes:' || later_class_id AS record FROM hit
    UNION ALL
    SELECT entity_id, 2 AS place, 'classes:' || earlier_class_id AS record FROM hit
    UNION ALL
    SELECT entity_id, 3 AS place, 'enrolments:' || enrolment_id AS record FROM concerned
),
evidence AS (
    SELECT entity_id, ARRAY_AGG(record ORDER BY place, record LIMIT 100) AS evidence, CAST(COUNT(*) AS BIGINT) AS evidence_count
    FROM record
    GROUP BY entity_id
),
risk AS (
    SELECT
        c.entity_id,
        SUM(x.at_risk_fen) AS amount_at_risk_fen,
        ARRAY_AGG(c.enrolment_id ORDER BY c.enrolment_id) AS enrolments
    FROM concerned AS c
    LEFT JOIN enrolment_risk AS x ON x.enrolment_id = c.enrolment_id
    GROUP BY c.entity_id
)
SELECT
    'class_pair' AS entity_kind,
    h.entity_id,
    '' AS period,
    h.city_code,
    h.org_id,
    h.platform_id,
    h.value,
    h.threshold,
    t.population,
    COALESCE(x.amount_at_risk_fen, 0) AS amount_at_risk_fen,
    x.enrolments,
    'S' AS strength,
    e.evidence,
    e.evidence_count,
    h.citation AS rule_ref
FROM hit AS h
INNER JOIN evidence AS e ON e.entity_id = h.entity_id
LEFT JOIN risk AS x ON x.entity_id = h.entity_id
CROSS JOIN tested AS t
