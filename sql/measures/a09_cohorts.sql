/*
title_zh = "可检验的班级及其界限"
title_en = "Classes large enough to test for implausible cohorts, with their limits"
description_en = """
Classes that have started and have at least cohort_minimum_persons learners, with the limits that the policy of their city sets at their \
start. Used by A09."""
audience = "intermediate"
grain = ["class_id"]
sources = ["notice 二（一）"]
policy = [
    "cohort_minimum_persons",
    "cohort_age_spread",
    "cohort_mean_age",
    "cohort_birth_window",
    "cohort_birth_share",
    "cohort_division_share",
    "cohort_number_run",
]

[[columns]]
name = "class_id"
type = "text"
unit = ""
zh = "班级编号"
en = "class"

[[columns]]
name = "persons"
type = "int"
unit = "人"
zh = "学员人数"
en = "distinct learners enrolled by the as-of date"

[[columns]]
name = "city_code"
type = "text"
unit = ""
zh = "市代码"
en = "city of the class"

[[columns]]
name = "org_id"
type = "text"
unit = ""
zh = "培训机构编号"
en = "training provider"

[[columns]]
name = "platform_id"
type = "text"
unit = ""
zh = "平台编号"
en = "platform"

[[columns]]
name = "start_on"
type = "date"
unit = ""
zh = "开班日期"
en = "first day"

[[columns]]
name = "age_spread"
type = "float"
unit = "years"
zh = "年龄标准差下限"
en = "cohort_age_spread"

[[columns]]
name = "mean_age"
type = "float"
unit = "years"
zh = "平均年龄界限"
en = "cohort_mean_age"

[[columns]]
name = "birth_window_e6"
type = "int"
unit = "millionths of a month"
zh = "出生时间窗口"
en = "cohort_birth_window"

[[columns]]
name = "birth_share"
type = "float"
unit = "share"
zh = "同窗口出生比例界限"
en = "cohort_birth_share"

[[columns]]
name = "birth_share_e6"
type = "int"
unit = "millionths"
zh = "同窗口出生比例界限（百万分之一）"
en = "cohort_birth_share in millionths"

[[columns]]
name = "division_share"
type = "float"
unit = "share"
zh = "同一县区比例界限"
en = "cohort_division_share"

[[columns]]
name = "division_share_e6"
type = "int"
unit = "millionths"
zh = "同一县区比例界限（百万分之一）"
en = "cohort_division_share in millionths"

[[columns]]
name = "number_run"
type = "float"
unit = "numbers"
zh = "连续号码数界限"
en = "cohort_number_run"

[[columns]]
name = "number_run_e6"
type = "int"
unit = "millionths"
zh = "连续号码数界限（百万分之一）"
en = "cohort_number_run in millionths"
*/
WITH
member AS (
    SELECT DISTINCT e.class_id, e.person_key
    FROM enrolments AS e
    CROSS JOIN run_context AS r
    WHERE e.enrolled_on <= r.as_of
),
size AS (
    SELECT class_id, COUNT(*) AS persons FROM member GROUP BY class_id
),
started AS (
    SELECT
        z.class_id,
        z.persons,
        k.city_code,
        k.org_id,
        k.platform_id,
        k.start_on,
        COALESCE(a.city_code, '370000') AS policy_city_code
    FROM size AS z
    CROSS JOIN run_context AS r
    INNER JOIN classes AS k ON k.class_id = z.class_id
    LEFT JOIN cities AS a ON a.city_code = k.city_code
    WHERE k.start_on <= r.as_of
),
cohort AS (
    SELECT s.class_id, s.persons, s.city_code, s.org_id, s.platform_id, s.start_on, s.policy_city_code
    FROM started AS s
    INNER JOIN policy AS p ON p.city_code = s.policy_city_code
    WHERE p.parameter = 'cohort_minimum_persons'
      AND s.start_on >= p.valid_from
      AND s.start_on <= p.valid_until
      AND s.persons * 1000000 >= p.value_e6
)
SELECT
    c.class_id,
    MIN(c.persons) AS persons,
    MIN(c.city_code) AS city_code,
    MIN(c.org_id) AS org_id,
    MIN(c.platform_id) AS platform_id,
    MIN(c.start_on) AS start_on,
    MAX(CASE WHEN p.parameter = 'cohort_age_spread' THEN p.value END) AS age_spread,
    MAX(CASE WHEN p.parameter = 'cohort_mean_age' THEN p.value END) AS mean_age,
    MAX(CASE WHEN p.parameter = 'cohort_birth_window' THEN p.value_e6 END) AS birth_window_e6,
    MAX(CASE WHEN p.parameter = 'cohort_birth_share' THEN p.value END) AS birth_share,
    MAX(CASE WHEN p.parameter = 'cohort_birth_share' THEN p.value_e6 END) AS birth_share_e6,
    MAX(CASE WHEN p.parameter = 'cohort_division_share' THEN p.value END) AS division_share,
    MAX(CASE WHEN p.parameter = 'cohort_division_share' THEN p.value_e6 END) AS division_share_e6,
    MAX(CASE WHEN p.parameter = 'cohort_number_run' THEN p.value END) AS number_run,
    MAX(CASE WHEN p.parameter = 'cohort_number_run' THEN p.value_e6 END) AS number_run_e6
FROM cohort AS c
INNER JOIN policy AS p ON p.city_code = c.policy_city_code
WHERE p.parameter LIKE 'cohort_%' AND c.start_on >= p.valid_from AND c.start_on <= p.valid_until
GROUP BY c.class_id
