/*
title_zh = "培训人员类别月报"
title_en = "Completed trainings by city, month and learner group"
description_zh = """
全省（370000）和16个市各月按学员报名时所属人员类别分列的培训人次和培训人数，并列女性和各年龄段人数。\
培训人次指结业日期不晚于统计基准日的报名，一次报名计一人次，计入结业当月、报名所在的市和报名时的一个人员类别。\
各类别含义有交叉（农民工也可能是企业职工，为其中项）：每类只是总数的一部分，不可相加。培训人数在一格内去重，各市、各月、\
各类别不可相加。年龄按结业时的周岁计算；同一人在生日前后各有结业的，计入两个年龄段。居民身份号码未通过校验的人员，\
性别和出生日期不明，不计入性别和年龄各列，因此女性人数和各年龄段人数可能少于培训人数。十二个类别在每个月份、\
每个地区各有一行。"""
description_en = """
Completed trainings and trained persons of each month by the group under which the learner enrolled, with women and age bands, for the \
province (370000) and its 16 cities. A completion is one enrolment with a completion date on or before the as-of date; it counts in \
that month, in the city of the enrolment and in its one learner group. Groups overlap in meaning (a migrant worker may be an \
employee, 其中项): each is a part of the total, and they are not to be summed. Persons are counted once within a cell and do not add \
up over cities, months or groups. Age is in completed years at completion; a person with completions on both sides of a birthday counts \
in both age bands. Persons whose citizen number does not pass its checks have no known sex or birth date and are in no sex or \
age column, so women and bands may be fewer than persons. Every one of the twelve groups has a row for each month and area."""
audience = "public"
grain = ["month", "city_code", "learner_group"]
sources = ["notice 四", "notice 三（二）", "notice 一（二）"]
policy = []

[trace]
table = "enrolments"
where = "learner_group = {learner_group} AND completed_month = {month} AND completed_on <= {as_of} AND (city_code = {city_code} OR ({city_code} = '370000' AND city_code LIKE '37%'))"

[trace.columns.female_persons]
table = "enrolments"
where = "learner_group = {learner_group} AND completed_month = {month} AND completed_on <= {as_of} AND (city_code = {city_code} OR ({city_code} = '370000' AND city_code LIKE '37%')) AND sex = 'female'"

[trace.columns.age_under_25]
table = "enrolments"
where = "learner_group = {learner_group} AND completed_month = {month} AND completed_on <= {as_of} AND (city_code = {city_code} OR ({city_code} = '370000' AND city_code LIKE '37%')) AND CAST(EXTRACT(YEAR FROM completed_on) AS BIGINT) * 10000 + CAST(EXTRACT(MONTH FROM completed_on) AS BIGINT) * 100 + CAST(EXTRACT(DAY FROM completed_on) AS BIGINT) - CAST(EXTRACT(YEAR FROM birth_on) AS BIGINT) * 10000 - CAST(EXTRACT(MONTH FROM birth_on) AS BIGINT) * 100 - CAST(EXTRACT(DAY FROM birth_on) AS BIGINT) < 250000"

[trace.columns.age_25_44]
table = "enrolments"
where = "learner_group = {learner_group} AND completed_month = {month} AND completed_on <= {as_of} AND (city_code = {city_code} OR ({city_code} = '370000' AND city_code LIKE '37%')) AND CAST(EXTRACT(YEAR FROM completed_on) AS BIGINT) * 10000 + CAST(EXTRACT(MONTH FROM completed_on) AS BIGINT) * 100 + CAST(EXTRACT(DAY FROM completed_on) AS BIGINT) - CAST(EXTRACT(YEAR FROM birth_on) AS BIGINT) * 10000 - CAST(EXTRACT(MONTH FROM birth_on) AS BIGINT) * 100 - CAST(EXTRACT(DAY FROM birth_on) AS BIGINT) >= 250000 AND CAST(EXTRACT(YEAR FROM completed_on) AS BIGINT) * 10000 + CAST(EXTRACT(MONTH FROM completed_on) AS BIGINT) * 100 + CAST(EXTRACT(DAY FROM completed_on) AS BIGINT) - CAST(EXTRACT(YEAR FROM birth_on) AS BIGINT) * 10000 - CAST(EXTRACT(MONTH FROM birth_on) AS BIGINT) * 100 - CAST(EXTRACT(DAY FROM birth_on) AS BIGINT) < 450000"

[trace.columns.age_45_up]
table = "enrolments"
where = "learner_group = {learner_group} AND completed_month = {month} AND completed_on <= {as_of} AND (city_code = {city_code} OR ({city_code} = '370000' AND city_code LIKE '37%')) AND CAST(EXTRACT(YEAR FROM completed_on) AS BIGINT) * 10000 + CAST(EXTRACT(MONTH FROM completed_on) AS BIGINT) * 100 + CAST(EXTRACT(DAY FROM completed_on) AS BIGINT) - CAST(EXTRACT(YEAR FROM birth_on) AS BIGINT) * 10000 - CAST(EXTRACT(MONTH FROM birth_on) AS BIGINT) * 100 - CAST(EXTRACT(DAY FROM birth_on) AS BIGINT) >= 450000"

[[columns]]
name = "month"
type = "text"
unit = ""
zh = "月份"
en = "month of completion, YYYY-MM"

[[columns]]
name = "city_code"
type = "text"
unit = ""
zh = "行政区划代码"
en = "division code of the city (GB/T 2260); 370000 is the whole province"

[[columns]]
name = "city_name"
type = "text"
unit = ""
zh = "地区"
en = "name of the city; 全省 is the whole province"

[[columns]]
name = "learner_group"
type = "text"
unit = ""
zh = "人员类别"
en = "employee 企业职工, migrant 农民工, unemployed 失业人员, graduate 高校毕业生, rural_school_leaver 两后生农村学员, urban_allowance_leaver 两后生城市低保, hard_to_employ 就业困难人员, zero_employment_family 零就业家庭成员, registered_poor 建档立卡贫困劳动力, veteran 退役军人, disabled 残疾人 or other 其他"

[[columns]]
name = "completions"
type = "int"
unit = "completions"
zh = "培训人次"
en = "enrolments completed in the month"

[[columns]]
name = "persons"
type = "int"
unit = "persons"
zh = "培训人数（去重）"
en = "distinct persons with a completion of the group in the month; does not add up over cities, months or groups"

[[columns]]
name = "female_persons"
type = "int"
unit = "persons"
zh = "其中：女性人数（去重）"
en = "of these persons, women; the sex is that of the citizen number"

[[columns]]
name = "age_under_25"
type = "int"
unit = "persons"
zh = "24岁及以下人数（去重）"
en = "distinct persons with a completion at an age under 25 completed years"

[[columns]]
name = "age_25_44"
type = "int"
unit = "persons"
zh = "25至44岁人数（去重）"
en = "distinct persons with a completion at an age of 25 to 44 completed years"

[[columns]]
name = "age_45_up"
type = "int"
unit = "persons"
zh = "45岁及以上人数（去重）"
en = "distinct persons with a completion at an age of 45 completed years or more"

[[tests]]
kind = "not_null"
columns = ["month", "city_code", "city_name", "learner_group", "completions", "persons", "female_persons", "age_under_25", "age_25_44", "age_45_up"]
severity = "error"

[[tests]]
kind = "range"
columns = ["completions", "persons", "female_persons", "age_under_25", "age_25_44", "age_45_up"]
least = 0
severity = "error"

[[tests]]
kind = "accepted_values"
column = "learner_group"
values = ["employee", "migrant", "unemployed", "graduate", "rural_school_leaver", "urban_allowance_leaver", "hard_to_employ", "zero_employment_family", "registered_poor", "veteran", "disabled", "other"]
severity = "error"

[[tests]]
kind = "relation"
column = "month"
table = "months"
severity = "error"

[[tests]]
kind = "relation"
column = "city_code"
table = "cities"
severity = "error"

[[tests]]
kind = "change"
measure = "sum"
column = "completions"
by = ["month", "city_code", "learner_group"]
least = -0.2
ignore_below = 100
severity = "warn"
*/
WITH
listed AS (
    SELECT 'employee' AS learner_group, 1 AS group_order
    UNION ALL
    SELECT 'migrant' AS learner_group, 2 AS group_order
    UNION ALL
    SELECT 'unemployed' AS learner_group, 3 AS group_order
    UNION ALL
    SELECT 'graduate' AS learner_group, 4 AS group_order
    UNION ALL
    SELECT 'rural_school_leaver' AS learner_group, 5 AS group_order
    UNION ALL
    SELECT 'urban_allowance_leaver' AS learner_group, 6 AS group_order
    UNION ALL
    SELECT 'hard_to_employ' AS learner_group, 7 AS group_order
    UNION ALL
    SELECT 'zero_employment_family' AS learner_group, 8 AS group_order
    UNION ALL
    SELECT 'registered_poor' AS learner_group, 9 AS group_order
    UNION ALL
    SELECT 'veteran' AS learner_group, 10 AS group_order
    UNION ALL
    SELECT 'disabled' AS learner_group, 11 AS group_order
    UNION ALL
    SELECT 'other' AS learner_group, 12 AS group_order
),
-- Cities by their order, 0 for the province, and groups by theirs: integers group faster than text. Of two dates written as YYYYMMDD the
-- difference is at least 10,000 for each completed year.
completion AS (
    SELECT
        c.city_order,
        g.group_order,
        e.person_key,
        d.month_index,
        e.sex,
        CAST(EXTRACT(YEAR FROM e.completed_on) AS BIGINT) * 10000
            + CAST(EXTRACT(MONTH FROM e.completed_on) AS BIGINT) * 100
            + CAST(EXTRACT(DAY FROM e.completed_on) AS BIGINT)
            - CAST(EXTRACT(YEAR FROM e.birth_on) AS BIGINT) * 10000
            - CAST(EXTRACT(MONTH FROM e.birth_on) AS BIGINT) * 100
            - CAST(EXTRACT(DAY FROM e.birth_on) AS BIGINT) AS age_e4
    FROM enrolments AS e
    INNER JOIN cities AS c ON c.city_code = e.city_code
    INNER JOIN elapsed_days AS d ON d.day = e.completed_on
    INNER JOIN listed AS g ON g.learner_group = e.learner_group
),
city_person AS (
    SELECT
        city_order,
        group_order,
        person_key,
        month_index,
        CAST(COUNT(*) AS BIGINT) AS completions,
        MAX(CASE WHEN sex = 'female' THEN 1 ELSE 0 END) AS is_female,
        MAX(CASE WHEN age_e4 < 250000 THEN 1 ELSE 0 END) AS is_under_25,
        MAX(CASE WHEN age_e4 >= 250000 AND age_e4 < 450000 THEN 1 ELSE 0 END) AS is_25_44,
        MAX(CASE WHEN age_e4 >= 450000 THEN 1 ELSE 0 END) AS is_45_up
    FROM completion
    GROUP BY city_order, group_order, person_key, month_index
),
-- Every completion belongs to its city and to the province, where a person of several cities is one person.
area_person AS (
    SELECT
        city_order,
        group_order,
        person_key,
        month_index,
        completions,
        is_female,
        is_under_25,
        is_25_44,
        is_45_up
    FROM city_person
    WHERE city_order > 0
    UNION ALL
    SELECT
        0 AS city_order,
        group_order,
        person_key,
        month_index,
        SUM(completions) AS completions,
        MAX(is_female) AS is_female,
        MAX(is_under_25) AS is_under_25,
        MAX(is_25_44) AS is_25_44,
        MAX(is_45_up) AS is_45_up
    FROM city_person
    GROUP BY group_order, person_key, month_index
),
cell AS (
    SELECT
        city_order,
        group_order,
        month_index,
        SUM(completions) AS completions,
        CAST(COUNT(*) AS BIGINT) AS persons,
        SUM(is_female) AS female_persons,
        SUM(is_under_25) AS age_under_25,
        SUM(is_25_44) AS age_25_44,
        SUM(is_45_up) AS age_45_up
    FROM area_person
    GROUP BY city_order, group_order, month_index
),
first_cell AS (
    SELECT MIN(month_index) AS first_index FROM cell
),
elapsed_month AS (
    SELECT DISTINCT month, month_index FROM elapsed_days
),
-- A difference, not a comparison of two columns: a filter after the small cross join, not a range join.
grid AS (
    SELECT m.month, m.month_index, c.city_order, c.city_code, c.city_name, t.learner_group, t.group_order
    FROM elapsed_month AS m
    CROSS JOIN first_cell AS f
    CROSS JOIN cities AS c
    CROSS JOIN listed AS t
    WHERE m.month_index - f.first_index >= 0
)
SELECT
    g.month,
    g.city_code,
    g.city_name,
    g.learner_group,
    COALESCE(k.completions, 0) AS completions,
    COALESCE(k.persons, 0) AS persons,
    COALESCE(k.female_persons, 0) AS female_persons,
    COALESCE(k.age_under_25, 0) AS age_under_25,
    COALESCE(k.age_25_44, 0) AS age_25_44,
    COALESCE(k.age_45_up, 0) AS age_45_up
FROM grid AS g
LEFT JOIN cell AS k ON k.city_order = g.city_order AND k.group_order = g.group_order AND k.month_index = g.month_index
