/*
title_zh = "应排除人员参训"
title_en = "Excluded person trained"
description_zh = """
开班当日登记信息显示应予排除的人员的报名：死亡、领取养老金、在校生、财政供养或服刑；或以失业人员身份报名，\
而开班当月任一日在职参保。起止日期均含当日，死亡没有终止日期。人员类别为高校毕业生的，在校登记于开班所在自然年内终止的，\
可以参训；其他类别的不可以。应排除的登记类型和人员类别为政策清单，按报名所在市执行。指标值为与该报名相抵触的登记条数，\
一条即命中。"""
description_en = """
Enrolments of persons whom a register excludes on the day the class starts: deceased, drawing a pension, student, on the public payroll or \
in custody; or insured as employed on any day of the start month while enrolled as unemployed. Spans are closed at both ends, and death \
has no end. A learner of the group graduate is allowed as a student where the student span ends in the calendar year of the start; \
learners of other groups are not. Registers and groups are lists of the policy, by the enrolment's city. Value is the number of register \
rows against the enrolment; one is enough."""
audience = "intermediate"
grain = ["entity_kind", "entity_id", "period"]
sources = ["notice 二（一）", "notice 三（三）"]
policy = ["excluded_statuses", "insured_excluded_groups"]

[indicator]
id = "A04"
key = "excluded_person"
title_zh = "应排除人员参训"
title_en = "Excluded person trained"
scheme_zh = "把退休人员、在校学生、公职人员或已死亡人员列入名册，或把在职人员当作失业人员培训"
scheme = "retired persons, students, officials or the dead are put on the roster; employed persons are trained as unemployed"
strength = "H"
grain_zh = "报名"
grain = "enrolment"
threshold_zh = "开班时有一条excluded_statuses所列状态的有效登记；或开班当月在职参保而报名的人员类别属于insured_excluded_groups（失业人员）"
threshold = "one register row of excluded_statuses in force at class start; or insured in the start month and of a group in insured_excluded_groups (unemployed)"
policy_reference = "default after 国办发〔2019〕24号 (pension) and 国务院2022年度审计工作报告; 鲁人社字〔2020〕72号 三（三）实名制管理"
false_positives_zh = "市里允许参训的职业院校毕业学年学生；滞后一个月的登记；开班当月入职或离职；服刑人员培训（另有法定类别）；机关事业单位的合同制人员"
false_positives = "final-year students of vocational schools whom a city allows; registers that lag by a month; a job begun or ended in the start month; training in prison, which is a legal category of its own; contract staff of public bodies"
ask_for_zh = "带日期的登记摘录（死亡证明、养老金发放、学籍、工资、分月参保），以及实际到课人员身份的证明"
ask_for = "the extract of the register with dates (death certificate, pension payment, school roll, payroll, insurance by month) and proof of who attended"
*/
WITH
training AS (
    SELECT
        e.enrolment_id,
        e.class_id,
        e.person_key,
        e.city_code,
        k.org_id,
        k.platform_id,
        e.learner_group,
        k.start_on,
        EXTRACT(YEAR FROM k.start_on) AS start_year,
        EXTRACT(YEAR FROM k.start_on) * 12 + EXTRACT(MONTH FROM k.start_on) AS start_month_index,
        COALESCE(a.city_code, '370000') AS policy_city_code
    FROM enrolments AS e
    CROSS JOIN run_context AS r
    INNER JOIN classes AS k ON k.class_id = e.class_id
    LEFT JOIN cities AS a ON a.city_code = e.city_code
    WHERE e.enrolled_on <= r.as_of AND k.start_on <= r.as_of
),
tested AS (
    SELECT COUNT(*) AS population FROM training
),
registered AS (
    SELECT
        s.person_key,
        s.status,
        s.valid_from,
        s.valid_until,
        EXTRACT(YEAR FROM s.valid_until) AS last_year,
        EXTRACT(YEAR FROM s.valid_from) * 12 + EXTRACT(MONTH FROM s.valid_from) AS first_month_index,
        EXTRACT(YEAR FROM s.valid_until) * 12 + EXTRACT(MONTH FROM s.valid_until) AS last_month_index,
        h.person_hex || '|' || s.status || '|' || CAST(s.valid_from AS VARCHAR) || '|' || COALESCE(s.employer_id, '') AS record,
        CASE
            WHEN s.status = 'deceased' THEN 1
            WHEN s.status = 'in_custody' THEN 2
            WHEN s.status = 'public_payroll' THEN 3
            WHEN s.status = 'pension' THEN 4
            WHEN s.status = 'student' THEN 5
            ELSE 6
        END AS telling
    FROM person_status AS s
    CROSS JOIN run_context AS r
    INNER JOIN learner_keys AS h ON h.person_key = s.person_key
    WHERE s.valid_from <= r.as_of
),
against AS (
    SELECT t.enrolment_id, g.record, g.telling, l.citation
    FROM training AS t
    INNER JOIN registered AS g ON g.person_key = t.person_key
    INNER JOIN policy_list AS l ON l.city_code = t.policy_city_code AND l.value = g.status
    WHERE l.list = 'excluded_statuses'
      AND t.start_on >= l.valid_from
      AND t.start_on <= l.valid_until
      AND g.valid_from <= t.start_on
      AND (g.status = 'deceased' OR g.valid_until IS NULL OR g.valid_until >= t.start_on)
      AND (g.status <> 'student' OR t.learner_group <> 'graduate' OR g.valid_until IS NULL OR g.last_year <> t.start_year)
    UNION ALL
    SELECT t.enrolment_id, g.record, g.telling, l.citation
    FROM training AS t
    INNER JOIN registered AS g ON g.person_key = t.person_key
    INNER JOIN policy_list AS l ON l.city_code = t.policy_city_code AND l.value = t.learner_group
    WHERE l.list = 'insured_excluded_groups'
      AND t.start_on >= l.valid_from
      AND t.start_on <= l.valid_until
      AND g.status = 'insured'
      AND g.first_month_index <= t.start_month_index
      AND (g.valid_until IS NULL OR g.last_month_index >= t.start_month_index)
),
placed AS (
    SELECT
        enrolment_id,
        record,
        citation,
        ROW_NUMBER() OVER (PARTITION BY enrolment_id ORDER BY telling, record) AS place
    FROM against
),
hit AS (
    SELECT enrolment_id, COUNT(*) AS rows_against, MAX(CASE WHEN place = 1 THEN citation END) AS rule_ref
    FROM placed
    GROUP BY enrolment_id
),
record AS (
    SELECT enrolment_id, place, 'person_status:' || record AS record FROM placed
    UNION ALL
    SELECT h.enrolment_id, 1000000 AS place, 'enrolments:' || h.enrolment_id AS record FROM hit AS h
    UNION ALL
    SELECT h.enrolment_id, 1000001 AS place, 'classes:' || t.class_id AS record
    FROM hit AS h
    INNER JOIN training AS t ON t.enrolment_id = h.enrolment_id
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
    n.city_code,
    n.org_id,
    n.platform_id,
    CAST(h.rows_against AS DOUBLE) AS value,
    1.0 AS threshold,
    t.population,
    COALESCE(x.at_risk_fen, 0) AS amount_at_risk_fen,
    'H' AS strength,
    e.evidence,
    e.evidence_count,
    h.rule_ref
FROM hit AS h
INNER JOIN training AS n ON n.enrolment_id = h.enrolment_id
INNER JOIN evidence AS e ON e.enrolment_id = h.enrolment_id
LEFT JOIN enrolment_risk AS x ON x.enrolment_id = h.enrolment_id
CROSS JOIN tested AS t
