/*
title_zh = "年龄或对象不符"
title_en = "Age or group not eligible"
description_zh = """
开班时未达最低年龄（硬性）或超过最高年龄（提示）的报名，以及人员类别不可享受生活费补贴而申领的报名（硬性）。\
年龄为开班时的周岁；男性自61周岁生日起为超过60周岁。身份号码有误的，不计年龄。生活费补贴中，不予通过的申领不计，\
已退回的照列，涉及金额为零；可享受的人员类别，按支付的市在开班日期执行的规定（班级不在册的取报名日期）。有多个原因的，\
指标值和阈值依次取：低于最低年龄的年龄，生活费补贴申领笔数（阈值为1），高于最高年龄的年龄。"""
description_en = """
Enrolments of persons too young at class start (hard) or above the upper age (context), and enrolments with a living allowance for a group \
that may not have one (hard). Ages are completed years at class start; a man is over 60 from his 61st birthday on. Persons whose number \
has a fault have no age. Of the allowances, rejected claims are out and refunded ones are shown with nothing at risk; the list of groups \
is that of the paying city at class start (day of enrolment where the class is not on record). Of several reasons value and threshold \
show the age below the minimum first, then the number of allowance claims against one, then the age above the maximum."""
audience = "intermediate"
grain = ["entity_kind", "entity_id", "period"]
sources = ["notice 三（二）", "notice 三（三）"]
policy = ["training_age_minimum", "training_age_maximum_men", "training_age_maximum_women", "living_allowance_groups"]

[indicator]
id = "A03"
key = "age_or_group_ineligible"
title_zh = "年龄或对象不符"
title_en = "Age or group not eligible"
scheme_zh = "以儿童或已过劳动年龄的人员充数，或为无权享受的对象领取生活费补贴"
scheme = "children, or persons past working age, fill the roster; allowances are drawn for groups that have no right to them"
strength = "H/W"
grain_zh = "报名"
grain = "enrolment"
threshold_zh = "开班时年龄低于training_age_minimum（16岁）：硬性；高于training_age_maximum_men（男60岁）或training_age_maximum_women（女55岁）：提示；人员类别不在living_allowance_groups（五类）之内而申领生活费补贴：硬性"
threshold = "age at class start below training_age_minimum (16): H; above training_age_maximum_men (60) or training_age_maximum_women (55): W; living allowance for a group outside living_allowance_groups (five): H"
policy_reference = "鲁人社字〔2020〕72号 三（二）; ages: default"
false_positives_zh = "放宽年龄的市；工作到55岁的女干部，以及2025年起的延迟退休；已过年龄而无养老金的人员；证明无误而报名时人员类别录错"
false_positives = "cities that admit older learners; women cadres who work to 55 and later retirement from 2025 on; persons past the age without a pension; a group entered wrongly at enrolment while the paper is right"
ask_for_zh = "身份证复印件、证明人员类别的材料，以及该市关于年龄和补贴的规定"
ask_for = "a copy of the identity card, the paper that shows the group, and the city's rule on ages and allowances"
*/
WITH
training AS (
    SELECT
        e.enrolment_id,
        e.class_id,
        e.city_code,
        k.org_id,
        k.platform_id,
        e.learner_group,
        CASE
            WHEN e.sex = 'male' THEN 'training_age_maximum_men'
            WHEN e.sex = 'female' THEN 'training_age_maximum_women'
        END AS maximum,
        COALESCE(k.start_on, e.enrolled_on) AS rule_on,
        COALESCE(a.city_code, '370000') AS policy_city_code,
        -- Of two dates written as YYYYMMDD the difference is at least 10,000 for each completed year.
        CASE
            WHEN k.start_on <= r.as_of THEN
                CAST(EXTRACT(YEAR FROM k.start_on) AS BIGINT) * 10000
                + CAST(EXTRACT(MONTH FROM k.start_on) AS BIGINT) * 100
                + CAST(EXTRACT(DAY FROM k.start_on) AS BIGINT)
                - CAST(EXTRACT(YEAR FROM e.birth_on) AS BIGINT) * 10000
                - CAST(EXTRACT(MONTH FROM e.birth_on) AS BIGINT) * 100
                - CAST(EXTRACT(DAY FROM e.birth_on) AS BIGINT)
        END AS age_e4
    FROM enrolments AS e
    CROSS JOIN run_context AS r
    LEFT JOIN classes AS k ON k.class_id = e.class_id
    LEFT JOIN cities AS a ON a.city_code = e.city_code
    WHERE e.enrolled_on <= r.as_of
),
allowance AS (
    SELECT
        c.claim_id,
        c.enrolment_id,
        t.learner_group,
        t.rule_on,
        COALESCE(a.city_code, '370000') AS policy_city_code
    FROM claims AS c
    CROSS JOIN run_context AS r
    INNER JOIN training AS t ON t.enrolment_id = c.enrolment_id
    LEFT JOIN cities AS a ON a.city_code = c.city_code
    WHERE c.kind = 'living_allowance' AND c.status <> 'rejected' AND c.claimed_on <= r.as_of
),
-- Where no list is in force there is no test.
outside AS (
    SELECT w.claim_id, w.enrolment_id
    FROM allowance AS w
    INNER JOIN policy_list AS l ON l.city_code = w.policy_city_code
    WHERE l.list = 'living_allowance_groups' AND w.rule_on >= l.valid_from AND w.rule_on <= l.valid_until
    GROUP BY w.claim_id, w.enrolment_id
    HAVING SUM(CASE WHEN l.value = w.learner_group THEN 1 ELSE 0 END) = 0
),
tested AS (
    SELECT COUNT(*) AS population
    FROM training AS t
    LEFT JOIN (SELECT DISTINCT enrolment_id FROM allowance) AS w ON w.enrolment_id = t.enrolment_id
    WHERE t.age_e4 IS NOT NULL OR w.enrolment_id IS NOT NULL
),
reason AS (
    SELECT
        t.enrolment_id,
        1 AS place,
        'H' AS strength,
        FLOOR(t.age_e4 / 10000) AS value,
        p.value AS threshold,
        '年龄：' || p.citation AS rule_ref
    FROM training AS t
    INNER JOIN policy AS p ON p.city_code = t.policy_city_code
    WHERE p.parameter = 'training_age_minimum'
      AND t.rule_on >= p.valid_from
      AND t.rule_on <= p.valid_until
      AND t.age_e4 * 100 < p.value_e6
    UNION ALL
    SELECT
        w.enrolment_id,
        2 AS place,
        'H' AS strength,
        CAST(COUNT(*) AS DOUBLE) AS value,
        1.0 AS threshold,
        '生活费补贴对象：鲁人社字〔2020〕72号 三（二）' AS rule_ref
    FROM outside AS w
    GROUP BY w.enrolment_id
    UNION ALL
    -- Over 60 is 61 completed years or more.
    SELECT
        t.enrolment_id,
        3 AS place,
        'W' AS strength,
        FLOOR(t.age_e4 / 10000) AS value,
        p.value AS threshold,
        '年龄：' || p.citation AS rule_ref
    FROM training AS t
    INNER JOIN policy AS p ON p.city_code = t.policy_city_code AND p.parameter = t.maximum
    WHERE t.rule_on >= p.valid_from
      AND t.rule_on <= p.valid_until
      AND t.age_e4 * 100 >= p.value_e6 + 1000000
),
hit AS (
    SELECT r.enrolment_id, r.strength, r.value, r.threshold, r.rule_ref
    FROM reason AS r
    INNER JOIN (SELECT enrolment_id, MIN(place) AS place FROM reason GROUP BY enrolment_id) AS f
        ON f.enrolment_id = r.enrolment_id AND f.place = r.place
),
record AS (
    SELECT h.enrolment_id, 1 AS place, 'enrolments:' || h.enrolment_id AS record FROM hit AS h
    UNION ALL
    SELECT w.enrolment_id, 2 AS place, 'claims:' || w.claim_id AS record FROM outside AS w
    UNION ALL
    SELECT h.enrolment_id, 3 AS place, 'classes:' || t.class_id AS record
    FROM hit AS h
    INNER JOIN training AS t ON t.enrolment_id = h.enrolment_id
    WHERE t.class_id IS NOT NULL
),
evidence AS (
    SELECT enrolment_id, ARRAY_AGG(record ORDER BY place, record LIMIT 100) AS evidence, COUNT(*) AS evidence_count
    FROM record
    GROUP BY enrolment_id
)
SELECT
    'enrolment' AS entity_kind,
    h.enrolment_id AS entity_id,
    '' AS period,
    n.city_code,
    n.org_id,
    n.platform_id,
    h.value,
    h.threshold,
    t.population,
    COALESCE(x.at_risk_fen, 0) AS amount_at_risk_fen,
    h.strength,
    e.evidence,
    e.evidence_count,
    h.rule_ref
FROM hit AS h
INNER JOIN training AS n ON n.enrolment_id = h.enrolment_id
INNER JOIN evidence AS e ON e.enrolment_id = h.enrolment_id
LEFT JOIN enrolment_risk AS x ON x.enrolment_id = h.enrolment_id
CROSS JOIN tested AS t
