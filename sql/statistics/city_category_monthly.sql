/*
title_zh = "培训类别月报"
title_en = "Completed trainings by city, month and training category"
description_zh = """
全省（370000）和16个市各月按班级培训类别分列的培训人次和培训人数。培训人次指结业日期不晚于统计基准日的报名，\
一次报名计一人次，计入结业当月和报名所在的市。每一人次只归入一个类别，因此同一月份、\
同一地区各类别之和等于city_progress_monthly的培训人次。培训人数在一格内去重，各市、各月、各类别不可相加：\
一人可完成两个类别的培训。六个类别在每个月份、每个地区各有一行；班级不在册的培训归入“未标明”（unknown），\
仅在有此类培训时列行。"""
description_en = """
Completed trainings and trained persons of each month by the category of the class, for the province (370000) and its 16 cities. A \
completion is one enrolment with a completion date on or before the as-of date; it counts in that month and in the city of the \
enrolment. Each completion stands in one category, so the categories of a month and area add up to the completions of \
city_progress_monthly. Persons are counted once within a cell and do not add up over cities, months or categories: a person may complete \
trainings of two categories. Every one of the six categories has a row for each month and area; completions whose class is not on \
record stand under unknown, which has rows only where there are such completions."""
audience = "public"
grain = ["month", "city_code", "category"]
sources = ["notice 四", "notice 一（一）"]
policy = []

[trace]
table = "enrolments"
where = "completed_month = {month} AND completed_on <= {as_of} AND (city_code = {city_code} OR ({city_code} = '370000' AND city_code LIKE '37%')) AND (class_id IN (SELECT class_id FROM classes WHERE category = {category}) OR ({category} = 'unknown' AND class_id NOT IN (SELECT class_id FROM classes)))"

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
name = "category"
type = "text"
unit = ""
zh = "培训类别"
en = "employment 就业技能, upskilling 岗位技能提升, apprenticeship 学徒, entrepreneurship 创业, specific 专项能力 or project 项目制; unknown 未标明 where the class is not on record"

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
en = "distinct persons with a completion of the category in the month; does not add up over cities, months or categories"

[[tests]]
kind = "not_null"
columns = ["month", "city_code", "city_name", "category", "completions", "persons"]
severity = "error"

[[tests]]
kind = "range"
columns = ["completions", "persons"]
least = 0
severity = "error"

[[tests]]
kind = "accepted_values"
column = "category"
values = ["employment", "upskilling", "apprenticeship", "entrepreneurship", "specific", "project", "unknown"]
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
by = ["month", "city_code", "category"]
least = -0.2
ignore_below = 100
severity = "warn"
*/
WITH
listed AS (
    SELECT 'employment' AS category, 1 AS category_order
    UNION ALL
    SELECT 'upskilling' AS category, 2 AS category_order
    UNION ALL
    SELECT 'apprenticeship' AS category, 3 AS category_order
    UNION ALL
    SELECT 'entrepreneurship' AS category, 4 AS category_order
    UNION ALL
    SELECT 'specific' AS category, 5 AS category_order
    UNION ALL
    SELECT 'project' AS category, 6 AS category_order
),
class_category AS (
    SELECT k.class_id, t.category_order
    FROM classes AS k
    INNER JOIN listed AS t ON t.category = k.category
),
-- Cities by their order, 0 for the province, and categories by theirs: integers group faster than text.
completion AS (
    SELECT c.city_order, COALESCE(k.category_order, 7) AS category_order, e.person_key, d.month_index
    FROM enrolments AS e
    INNER JOIN cities AS c ON c.city_code = e.city_code
    INNER JOIN elapsed_days AS d ON d.day = e.completed_on
    LEFT JOIN class_category AS k ON k.class_id = e.class_id
),
city_person AS (
    SELECT city_order, category_order, person_key, month_index, CAST(COUNT(*) AS BIGINT) AS completions
    FROM completion
    GROUP BY city_order, category_order, person_key, month_index
),
-- Every completion belongs to its city and to the province, where a person of several cities is one person.
area_person AS (
    SELECT city_order, category_order, person_key, month_index, completions FROM city_person WHERE city_order > 0
    UNION ALL
    SELECT 0 AS city_order, category_order, person_key, month_index, SUM(completions) AS completions
    FROM city_person
    GROUP BY category_order, person_key, month_index
),
cell AS (
    SELECT
        city_order,
        category_order,
        month_index,
        SUM(completions) AS completions,
        CAST(COUNT(*) AS BIGINT) AS persons
    FROM area_person
    GROUP BY city_order, category_order, month_index
),
category_row AS (
    SELECT category, category_order FROM listed
    UNION ALL
    SELECT DISTINCT 'unknown' AS category, category_order FROM cell WHERE category_order = 7
),
first_cell AS (
    SELECT MIN(month_index) AS first_index FROM cell
),
elapsed_month AS (
    SELECT DISTINCT month, month_index FROM elapsed_days
),
-- A difference, not a comparison of two columns: a filter after the small cross join, not a range join.
grid AS (
    SELECT m.month, m.month_index, c.city_order, c.city_code, c.city_name, t.category, t.category_order
    FROM elapsed_month AS m
    CROSS JOIN first_cell AS f
    CROSS JOIN cities AS c
    CROSS JOIN category_row AS t
    WHERE m.month_index - f.first_index >= 0
)
SELECT
    g.month,
    g.city_code,
    g.city_name,
    g.category,
    COALESCE(k.completions, 0) AS completions,
    COALESCE(k.persons, 0) AS persons
FROM grid AS g
LEFT JOIN cell AS k
    ON k.city_order = g.city_order AND k.category_order = g.category_order AND k.month_index = g.month_index
