/*
title_zh = "参训超参保"
title_en = "More staff trained than insured"
description_zh = """
企业按开班月份，以该企业职工身份报名的不同人数。硬性：超过机构登记所载参保人数的trained_over_insured倍（以多种身份在册的，\
取其最大数；没有该数字的不作此项检验）。较强：开班前后各insured_window_months个月之内（首尾两日均含）从未在该企业参保的，\
占比达到never_insured_share；参保登记没有任何人员时不检验。界限取企业所在市（不在册的取报名所在市）当月最晚开班日期的规定。\
每家企业每月一行；涉及金额按该企业当月全部职工的报名计算。"""
description_en = """
Employers by month of class start: distinct persons enrolled as employees of the employer. Hard: more than trained_over_insured times the \
insured staff that the organisation register gives for it (its greatest figure where it stands in several roles; without a figure there is \
no such test). Strong: at least never_insured_share of them were never insured with the employer from insured_window_months months before \
to as many months after the class start, both days included; not tested as long as the insurance register holds nobody at all. Limits are \
those of the employer's city (of the enrolments where it is not on record) on the latest class start of the month. One row per employer \
and month; at risk are the enrolments of all of its staff of the month."""
audience = "intermediate"
grain = ["entity_kind", "entity_id", "period"]
sources = ["notice 一（二）", "notice 三（三）"]
policy = ["trained_over_insured", "never_insured_share", "insured_window_months"]

[indicator]
id = "F04"
key = "more_trained_than_insured"
names_enrolments = true
title_zh = "参训超参保"
title_en = "More staff trained than insured"
scheme_zh = "企业为并非本企业职工的人员申领培训补贴，人员由学校或中介出借"
scheme = "a company claims training for staff it does not have, lent by a school or an agency"
strength = "H/S"
grain_zh = "企业×月"
grain = "employer × month"
threshold_zh = "作为职工参训人数超过trained_over_insured（1.1）×参保职工：硬性；开班前后各insured_window_months（3）个月内从未在该企业参保的比例至少never_insured_share（0.2）：较强"
threshold = "persons trained as staff above trained_over_insured (1.1) × insured staff: H; share never insured there within insured_window_months (3) months before and after at least never_insured_share (0.2): S"
policy_reference = "default; 鲁人社字〔2020〕72号 一（二）企业职工培训"
false_positives_zh = "由派遣单位参保的劳务派遣；市里可纳入的平台从业人员；开始较晚的参保；按年的参保人数"
false_positives = "labour dispatch, whose staff is insured by the agency; platform workers, whom a city may include; insurance that begins late; a yearly figure of insured staff"
ask_for_zh = "当月工资和出勤、劳动合同，以及社保部门的分人名单"
ask_for = "payroll and attendance at work of the month, labour contracts, and the insurance office's list by person"
*/
WITH
trained AS (
    SELECT
        e.enrolment_id,
        e.person_key,
        e.employer_id,
        e.city_code,
        k.class_id,
        k.org_id,
        k.platform_id,
        k.start_on,
        d.month,
        d.month_index,
        EXTRACT(DAY FROM k.start_on) AS day_of_month
    FROM enrolments AS e
    INNER JOIN elapsed_days AS n ON n.day = e.enrolled_on
    INNER JOIN classes AS k ON k.class_id = e.class_id
    INNER JOIN elapsed_days AS d ON d.day = k.start_on
    WHERE e.learner_group = 'employee' AND e.employer_id IS NOT NULL
),
staff AS (
    SELECT org_id, MIN(city_code) AS city_code, MAX(insured_staff) AS insured_staff FROM organizations GROUP BY org_id
),
employer_month AS (
    SELECT
        t.employer_id,
        t.month,
        CAST(COUNT(DISTINCT t.person_key) AS BIGINT) AS persons,
        MAX(t.start_on) AS rule_on,
        MIN(t.city_code) AS city_code,
        MIN(t.org_id) AS org_id,
        MIN(t.platform_id) AS platform_id
    FROM trained AS t
    GROUP BY t.employer_id, t.month
),
placed AS (
    SELECT
        m.employer_id,
        m.month,
        m.persons,
        m.rule_on,
        COALESCE(s.city_code, m.city_code) AS city_code,
        m.org_id,
        m.platform_id,
        s.insured_staff
    FROM employer_month AS m
    LEFT JOIN staff AS s ON s.org_id = m.employer_id
),
area AS (
    SELECT p.employer_id, p.month, COALESCE(a.city_code, '370000') AS policy_city_code
    FROM placed AS p
    LEFT JOIN cities AS a ON a.city_code = p.city_code
),
ruled AS (
    SELECT
        m.employer_id,
        m.month,
        m.persons,
        m.city_code,
        m.org_id,
        m.platform_id,
        m.insured_staff,
        o.value AS staff_ratio,
        o.value_e6 AS staff_ratio_e6,
        o.citation AS staff_citation,
        s.value AS never_share,
        s.value_e6 AS never_share_e6,
        s.citation AS never_citation,
        w.value_e6 AS window_e6
    FROM placed AS m
    INNER JOIN area AS a ON a.employer_id = m.employer_id AND a.month = m.month
    INNER JOIN policy AS o ON o.city_code = a.policy_city_code
    INNER JOIN policy AS s ON s.city_code = a.policy_city_code
    INNER JOIN policy AS w ON w.city_code = a.policy_city_code
    WHERE o.parameter = 'trained_over_insured'
      AND m.rule_on >= o.valid_from
      AND m.rule_on <= o.valid_until
      AND s.parameter = 'never_insured_share'
      AND m.rule_on >= s.valid_from
      AND m.rule_on <= s.valid_until
      AND w.parameter = 'insured_window_months'
      AND m.rule_on >= w.valid_from
      AND m.rule_on <= w.valid_until
),
insured AS (
    SELECT
        s.person_key,
        s.employer_id,
        EXTRACT(YEAR FROM s.valid_from) * 12 + EXTRACT(MONTH FROM s.valid_from) AS from_month,
        EXTRACT(DAY FROM s.valid_from) AS from_day,
        EXTRACT(YEAR FROM s.valid_until) * 12 + EXTRACT(MONTH FROM s.valid_until) AS until_month,
        EXTRACT(DAY FROM s.valid_until) AS until_day,
        -- The last day of a month is not before the same day of a longer month.
        EXTRACT(DAY FROM s.valid_until + INTERVAL '1 day') AS next_day
    FROM person_status AS s
    CROSS JOIN run_context AS c
    WHERE s.status = 'insured' AND s.valid_from <= c.as_of
),
register AS (
    SELECT CAST(COUNT(*) AS BIGINT) AS entries FROM insured
),
known AS (
    SELECT DISTINCT t.employer_id, t.month, t.person_key
    FROM trained AS t
    INNER JOIN ruled AS r ON r.employer_id = t.employer_id AND r.month = t.month
    INNER JOIN insured AS i ON i.person_key = t.person_key AND i.employer_id = t.employer_id
    WHERE (
            (i.from_month - t.month_index) * 1000000 < r.window_e6
            OR ((i.from_month - t.month_index) * 1000000 = r.window_e6 AND i.from_day <= t.day_of_month)
        )
      AND (
            i.until_month IS NULL
            OR (t.month_index - i.until_month) * 1000000 < r.window_e6
            OR (
                (t.month_index - i.until_month) * 1000000 = r.window_e6
                AND (i.until_day >= t.day_of_month OR i.next_day = 1)
            )
        )
),
known_count AS (
    SELECT employer_id, month, CAST(COUNT(*) AS BIGINT) AS known_persons FROM known GROUP BY employer_id, month
),
counted AS (
    SELECT
        r.employer_id,
        r.month,
        r.persons,
        r.city_code,
        r.org_id,
        r.platform_id,
        r.insured_staff,
        r.staff_ratio,
        r.staff_citation,
        r.never_share,
        r.never_citation,
        r.persons - COALESCE(k.known_persons, 0) AS never_persons,
        COALESCE(r.persons * 1000000 > r.staff_ratio_e6 * r.insured_staff, FALSE) AS over_staff,
        g.entries > 0
            AND (r.persons - COALESCE(k.known_persons, 0)) * 1000000 >= r.never_share_e6 * r.persons AS never_insured
    FROM ruled AS r
    LEFT JOIN known_count AS k ON k.employer_id = r.employer_id AND k.month = r.month
    CROSS JOIN register AS g
),
tested AS (
    SELECT CAST(COUNT(*) AS BIGINT) AS population FROM ruled
),
hit AS (
    SELECT
        employer_id,
        month,
        city_code,
        org_id,
        platform_id,
        CASE WHEN over_staff THEN CAST(persons AS DOUBLE) ELSE never_persons / persons END AS value,
        CASE WHEN over_staff THEN staff_ratio * insured_staff ELSE never_share END AS threshold,
        CASE WHEN over_staff THEN 'H' ELSE 'S' END AS strength,
        CASE WHEN over_staff THEN '参训人数超过参保人数：' || staff_citation ELSE '参训人员从未在该企业参保：' || never_citation END AS rule_ref
    FROM counted
    WHERE over_staff OR never_insured
),
-- Those who were never insured there tell most.
record AS (
    SELECT
        h.employer_id,
        h.month,
        t.enrolment_id,
        CASE WHEN k.person_key IS NULL THEN 1 ELSE 2 END AS place
    FROM hit AS h
    INNER JOIN trained AS t ON t.employer_id = h.employer_id AND t.month = h.month
    LEFT JOIN known AS k ON k.employer_id = t.employer_id AND k.month = t.month AND k.person_key = t.person_key
),
evidence AS (
    SELECT
        r.employer_id,
        r.month,
        SUM(x.at_risk_fen) AS amount_at_risk_fen,
        ARRAY_AGG(r.enrolment_id ORDER BY r.enrolment_id) AS enrolments,
        ARRAY_AGG('enrolments:' || r.enrolment_id ORDER BY r.place, r.enrolment_id LIMIT 100) AS evidence,
        CAST(COUNT(*) AS BIGINT) AS evidence_count
    FROM record AS r
    LEFT JOIN enrolment_risk AS x ON x.enrolment_id = r.enrolment_id
    GROUP BY r.employer_id, r.month
)
SELECT
    'employer' AS entity_kind,
    h.employer_id AS entity_id,
    h.month AS period,
    h.city_code,
    h.org_id,
    h.platform_id,
    h.value,
    h.threshold,
    t.population,
    COALESCE(e.amount_at_risk_fen, 0) AS amount_at_risk_fen,
    e.enrolments,
    h.strength,
    e.evidence,
    e.evidence_count,
    h.rule_ref
FROM hit AS h
INNER JOIN evidence AS e ON e.employer_id = h.employer_id AND e.month = h.month
CROSS JOIN tested AS t
