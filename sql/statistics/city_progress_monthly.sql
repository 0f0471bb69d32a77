/*
title_zh = "培训进度月报"
title_en = "Training progress by city and month"
description_zh = """
全省（370000）和16个市各月的培训人次和培训人数、本年累计与年度目标的对比，以及同比、环比。\
培训人次指结业日期不晚于统计基准日的报名，一次报名计一人次，计入结业当月和报名所在的市。培训人数在一格内去重，因此各市、\
各月不可相加：全省数在各市之间去重，本年累计数在各月之间去重。月份从首次有结业的月份到统计基准日所在月份，\
后者可能不满一个月。报名所在地不属本省的，不计入任何一行。"""
description_en = """
Completed trainings and trained persons of each month, year to date against the yearly target, and change against a year and \
a month earlier, for the province (370000) and its 16 cities. A completion is one enrolment with a completion date on or before \
the as-of date; it counts in that month and in the city of the enrolment. Persons are counted once within a cell, so they do not \
add up over cities or months: the province's row is de-duplicated over cities, the year to date over months. Months run from \
the first completion to the as-of month, which may be incomplete. Enrolments of divisions outside the province are in no row."""
audience = "public"
grain = ["month", "city_code"]
sources = ["notice 四", "notice 一（一）"]
policy = []

[trace]
table = "enrolments"
where = "completed_month = {month} AND completed_on <= {as_of} AND (city_code = {city_code} OR ({city_code} = '370000' AND city_code LIKE '37%'))"

[trace.columns.completions_ytd]
table = "enrolments"
where = "LEFT(completed_month, 4) = LEFT({month}, 4) AND completed_month <= {month} AND completed_on <= {as_of} AND (city_code = {city_code} OR ({city_code} = '370000' AND city_code LIKE '37%'))"

[trace.columns.persons_ytd]
table = "enrolments"
where = "LEFT(completed_month, 4) = LEFT({month}, 4) AND completed_month <= {month} AND completed_on <= {as_of} AND (city_code = {city_code} OR ({city_code} = '370000' AND city_code LIKE '37%'))"

[trace.columns.target_pct]
table = "enrolments"
where = "LEFT(completed_month, 4) = LEFT({month}, 4) AND completed_month <= {month} AND completed_on <= {as_of} AND (city_code = {city_code} OR ({city_code} = '370000' AND city_code LIKE '37%'))"

[trace.columns.target_completions]
table = "targets"
where = "CAST(year AS VARCHAR) = LEFT({month}, 4) AND (city_code = {city_code} OR ({city_code} = '370000' AND city_code LIKE '37%'))"

[trace.columns.completions_yoy]
table = "enrolments"
where = "(completed_month = {month} OR completed_month = CAST(CAST(LEFT({month}, 4) AS BIGINT) - 1 AS VARCHAR) || SUBSTR({month}, 5)) AND completed_on <= {as_of} AND (city_code = {city_code} OR ({city_code} = '370000' AND city_code LIKE '37%'))"

[trace.columns.completions_mom]
table = "enrolments"
where = "(completed_month = {month} OR completed_month = CASE WHEN SUBSTR({month}, 6) = '01' THEN CAST(CAST(LEFT({month}, 4) AS BIGINT) - 1 AS VARCHAR) || '-12' ELSE LEFT({month}, 5) || RIGHT('0' || CAST(CAST(SUBSTR({month}, 6) AS BIGINT) - 1 AS VARCHAR), 2) END) AND completed_on <= {as_of} AND (city_code = {city_code} OR ({city_code} = '370000' AND city_code LIKE '37%'))"

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
en = "distinct persons with a completion in the month; does not add up over cities or months"

[[columns]]
name = "completions_ytd"
type = "int"
unit = "completions"
zh = "本年累计人次"
en = "completions from January to the month, same year"

[[columns]]
name = "persons_ytd"
type = "int"
unit = "persons"
zh = "本年累计人数（去重）"
en = "distinct persons with a completion from January to the month, same year; does not add up over cities"

[[columns]]
name = "target_completions"
type = "int"
unit = "completions"
zh = "年度目标人次"
en = "target of the year; for the province its own target where one is given, else the sum of the cities' targets; empty without a target"

[[columns]]
name = "target_pct"
type = "float"
unit = "share"
zh = "目标完成率"
en = "completions_ytd / target_completions; empty without a target or with a target of zero"

[[columns]]
name = "completions_yoy"
type = "float"
unit = "share"
zh = "人次同比"
en = "change of completions against the same month a year earlier, as a fraction of it; empty when that month is zero or before the data's first month"

[[columns]]
name = "completions_mom"
type = "float"
unit = "share"
zh = "人次环比"
en = "change of completions against the previous month, as a fraction of it; empty when that month is zero or before the data's first month"

[[tests]]
kind = "not_null"
columns = ["month", "city_code", "city_name", "completions", "persons", "completions_ytd", "persons_ytd"]
severity = "error"

[[tests]]
kind = "range"
columns = ["completions", "persons", "completions_ytd", "persons_ytd", "target_completions", "target_pct"]
least = 0
severity = "error"

[[tests]]
kind = "range"
columns = ["completions_yoy", "completions_mom"]
least = -1
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
by = ["month", "city_code"]
least = -0.2
ignore_below = 100
severity = "warn"

[[tests]]
kind = "change"
measure = "sum"
column = "completions"
by = ["city_code"]
most = 1.0
ignore_below = 1000
severity = "warn"

[[tests]]
kind = "change"
measure = "rows"
least = -0.05
ignore_below = 100
severity = "warn"
*/
WITH
-- Cities by their order, 0 for the province: integers group faster than text.
completion AS (
    SELECT c.city_order, e.person_key, d.year, d.month_index
    FROM enrolments AS e
    INNER JOIN cities AS c ON c.city_code = e.city_code
    INNER JOIN elapsed_days AS d ON d.day = e.completed_on
),
city_person AS (
    SELECT city_order, person_key, year, month_index, CAST(COUNT(*) AS BIGINT) AS completions
    FROM completion
    GROUP BY city_order, person_key, year, month_index
),
-- Every completion belongs to its city and to the province, where a person of several cities is one person.
area_person AS (
    SELECT city_order, person_key, year, month_index, completions FROM city_person WHERE city_order > 0
    UNION ALL
    SELECT 0 AS city_order, person_key, year, month_index, SUM(completions) AS completions
    FROM city_person
    GROUP BY person_key, year, month_index
),
cell AS (
    SELECT city_order, month_index, SUM(completions) AS completions, CAST(COUNT(*) AS BIGINT) AS persons
    FROM area_person
    GROUP BY city_order, month_index
),
-- A person counts once in the year to date: in the first month of the year with a completion.
first_month AS (
    SELECT city_order, person_key, year, MIN(month_index) AS month_index
    FROM area_person
    GROUP BY city_order, person_key, year
),
new_person AS (
    SELECT city_order, month_index, CAST(COUNT(*) AS BIGINT) AS new_persons
    FROM first_month
    GROUP BY city_order, month_index
),
first_cell AS (
    SELECT MIN(month_index) AS first_index FROM cell
),
elapsed_month AS (
    SELECT DISTINCT month, year, month_index FROM elapsed_days
),
-- A difference, not a comparison of two columns: a filter after the small cross join, not a range join.
grid AS (
    SELECT m.month, m.year, m.month_index, c.city_order, c.city_code, c.city_name
    FROM elapsed_month AS m
    CROSS JOIN first_cell AS f
    CROSS JOIN cities AS c
    WHERE m.month_index - f.first_index >= 0
),
dense AS (
    SELECT
        g.month,
        g.year,
        g.month_index,
        g.city_code,
        g.city_name,
        COALESCE(k.completions, 0) AS completions,
        COALESCE(k.persons, 0) AS persons,
        COALESCE(n.new_persons, 0) AS new_persons
    FROM grid AS g
    LEFT JOIN cell AS k ON k.city_order = g.city_order AND k.month_index = g.month_index
    LEFT JOIN new_person AS n ON n.city_order = g.city_order AND n.month_index = g.month_index
),
run AS (
    SELECT
        month,
        year,
        city_code,
        city_name,
        completions,
        persons,
        SUM(completions) OVER (PARTITION BY city_code, year ORDER BY month_index) AS completions_ytd,
        SUM(new_persons) OVER (PARTITION BY city_code, year ORDER BY month_index) AS persons_ytd,
        LAG(completions, 12) OVER (PARTITION BY city_code ORDER BY month_index) AS year_earlier,
        LAG(completions, 1) OVER (PARTITION BY city_code ORDER BY month_index) AS month_earlier
    FROM dense
),
city_target AS (
    SELECT t.year, t.city_code, t.target_completions
    FROM targets AS t
    INNER JOIN cities AS c ON c.city_code = t.city_code
),
province_target AS (
    SELECT
        year,
        MAX(CASE WHEN city_code = '370000' THEN target_completions END) AS own_target,
        SUM(CASE WHEN city_code <> '370000' THEN target_completions END) AS sum_of_cities
    FROM city_target
    GROUP BY year
),
area_target AS (
    SELECT year, city_code, target_completions FROM city_target WHERE city_code <> '370000'
    UNION ALL
    SELECT year, '370000' AS city_code, COALESCE(own_target, sum_of_cities) AS target_completions FROM province_target
)
SELECT
    a.month,
    a.city_code,
    a.city_name,
    a.completions,
    a.persons,
    a.completions_ytd,
    a.persons_ytd,
    t.target_completions,
    CASE WHEN t.target_completions > 0 THEN a.completions_ytd / t.target_completions END AS target_pct,
    CASE WHEN a.year_earlier > 0 THEN (a.completions - a.year_earlier) / a.year_earlier END AS completions_yoy,
    CASE WHEN a.month_earlier > 0 THEN (a.completions - a.month_earlier) / a.month_earlier END AS completions_mom
FROM run AS a
LEFT JOIN area_target AS t ON t.year = a.year AND t.city_code = a.city_code
