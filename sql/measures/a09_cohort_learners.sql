/*
title_zh = "可检验班级的学员"
title_en = "Learners of the classes tested for implausible cohorts"
description_en = """
Learners of the classes of a09_cohorts, with their age at class start and their place in the class in order of birth; both are empty \
where the citizen number tells no birth date. Used by A09."""
audience = "intermediate"
grain = ["class_id", "person_key"]
sources = ["notice 二（一）"]
policy = []

[[columns]]
name = "class_id"
type = "text"
unit = ""
zh = "班级编号"
en = "class"

[[columns]]
name = "person_key"
type = "int"
unit = ""
zh = "人员键"
en = "keyed pseudonym of the person"

[[columns]]
name = "id_division"
type = "text"
unit = ""
zh = "证件区划代码"
en = "division of the citizen number"

[[columns]]
name = "birth_serial"
type = "int"
unit = ""
zh = "出生序数"
en = "months since year 0 times 32, plus the day: two dates are at most n months apart where these differ by at most 32 n"

[[columns]]
name = "age_days"
type = "int"
unit = "days"
zh = "开班时年龄（日）"
en = "days from birth to class start"

[[columns]]
name = "birth_place"
type = "int"
unit = ""
zh = "出生先后"
en = "place among the learners of the class with a birth date, the earliest first"
*/
WITH
member AS (
    SELECT
        e.class_id,
        e.person_key,
        MAX(e.birth_on) AS birth_on,
        MAX(e.id_division) AS id_division
    FROM enrolments AS e
    CROSS JOIN run_context AS r
    WHERE e.enrolled_on <= r.as_of
    GROUP BY e.class_id, e.person_key
),
-- Dates as parts for the day number (March is the first month of its year, so that the leap day is the last).
dated AS (
    SELECT
        m.class_id,
        m.person_key,
        m.birth_on,
        CAST(EXTRACT(YEAR FROM m.birth_on) AS BIGINT) AS birth_year,
        CAST(EXTRACT(MONTH FROM m.birth_on) AS BIGINT) AS birth_month,
        CAST(EXTRACT(DAY FROM m.birth_on) AS BIGINT) AS birth_day,
        CAST(EXTRACT(YEAR FROM c.start_on) AS BIGINT) AS start_year,
        CAST(EXTRACT(MONTH FROM c.start_on) AS BIGINT) AS start_month,
        CAST(EXTRACT(DAY FROM c.start_on) AS BIGINT) AS start_day
    FROM member AS m
    INNER JOIN a09_cohorts AS c ON c.class_id = m.class_id
    WHERE m.birth_on IS NOT NULL
),
shifted AS (
    SELECT
        class_id,
        person_key,
        -- Whole months and the day: two dates are at most n months apart where these differ by at most 32 n.
        (birth_year * 12 + birth_month) * 32 + birth_day AS birth_serial,
        birth_day,
        start_day,
        CASE WHEN birth_month > 2 THEN birth_year ELSE birth_year - 1 END AS birth_year,
        CASE WHEN birth_month > 2 THEN birth_month - 3 ELSE birth_month + 9 END AS birth_month,
        CASE WHEN start_month > 2 THEN start_year ELSE start_year - 1 END AS start_year,
        CASE WHEN start_month > 2 THEN start_month - 3 ELSE start_month + 9 END AS start_month
    FROM dated
),
aged AS (
    SELECT
        class_id,
        person_key,
        birth_serial,
        CAST(
            start_year * 365 + FLOOR(start_year / 4) - FLOOR(start_year / 100) + FLOOR(start_year / 400)
            + FLOOR((start_month * 153 + 2) / 5) + start_day
            - birth_year * 365 - FLOOR(birth_year / 4) + FLOOR(birth_year / 100) - FLOOR(birth_year / 400)
            - FLOOR((birth_month * 153 + 2) / 5) - birth_day
            AS BIGINT
        ) AS age_days
    FROM shifted
),
placed AS (
    SELECT
        class_id,
        person_key,
        birth_serial,
        age_days,
        ROW_NUMBER() OVER (PARTITION BY class_id ORDER BY birth_serial, person_key) AS birth_place
    FROM aged
)
SELECT
    m.class_id,
    m.person_key,
    m.id_division,
    g.birth_serial,
    g.age_days,
    g.birth_place
FROM member AS m
LEFT SEMI JOIN a09_cohorts AS c ON c.class_id = m.class_id
LEFT JOIN placed AS g ON g.class_id = m.class_id AND g.person_key = m.person_key
