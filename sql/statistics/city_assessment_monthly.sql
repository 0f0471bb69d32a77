/*
title_zh = "考核与取证月报"
title_en = "Assessments, passes and certified completions by city and month"
description_zh = """
全省（370000）和16个市截至统计基准日各月的两项比率。合格率（pass_rate）以考核为口径：考核数据的每一行均计，\
计入开始时间所在月份（未填开始时间的按结束时间；当地时间）和其报名所在的市；同一学员的理论、实操考核计为两次，补考逐次计算。\
结业取证率（certified_rate）以结业为口径：当月结业的培训中，其报名截至统计基准日已取得任一类型证书的比重，不论证书于何月签发，\
因此近月数字还会上升。两项比率的基数不同。没有时间的考核，以及其报名不在册的考核，不计入任何一行。"""
description_en = """
Two rates of each month, for the province (370000) and its 16 cities, up to the as-of date. pass_rate is of assessments: every row of the \
feed counts, in the month in which it started (ended, where no start is given; local time) and in the city of its enrolment, a learner's \
theory and practice tests as two and a repeated test each time. certified_rate is of completions: those of the month whose enrolment \
holds a certificate of any kind issued by the as-of date, in whichever month, so recent months still rise. The two have different \
bases. Assessments without a time or whose enrolment is not on record are in no row."""
audience = "public"
grain = ["month", "city_code"]
sources = ["notice 二（一）", "notice 三（一）", "notice 四"]
policy = []

[trace]
table = "assessments"
where = "COALESCE(started_month, ended_month) = {month} AND COALESCE(started_day, ended_day) <= {as_of} AND enrolment_id IN (SELECT enrolment_id FROM enrolments WHERE (city_code = {city_code} OR ({city_code} = '370000' AND city_code LIKE '37%')))"

[trace.columns.passed]
table = "assessments"
where = "COALESCE(started_month, ended_month) = {month} AND COALESCE(started_day, ended_day) <= {as_of} AND enrolment_id IN (SELECT enrolment_id FROM enrolments WHERE (city_code = {city_code} OR ({city_code} = '370000' AND city_code LIKE '37%'))) AND passed"

[trace.columns.completions]
table = "enrolments"
where = "completed_month = {month} AND completed_on <= {as_of} AND (city_code = {city_code} OR ({city_code} = '370000' AND city_code LIKE '37%'))"

[trace.columns.certified_rate]
table = "enrolments"
where = "completed_month = {month} AND completed_on <= {as_of} AND (city_code = {city_code} OR ({city_code} = '370000' AND city_code LIKE '37%'))"

[trace.columns.certified_completions]
table = "enrolments"
where = "completed_month = {month} AND completed_on <= {as_of} AND (city_code = {city_code} OR ({city_code} = '370000' AND city_code LIKE '37%')) AND enrolment_id IN (SELECT enrolment_id FROM certificates WHERE issued_on <= {as_of})"

[[columns]]
name = "month"
type = "text"
unit = ""
zh = "月份"
en = "month, YYYY-MM: of the assessment for assessed, passed and pass_rate, of completion for the others"

[[columns]]
name = "city_code"
type = "text"
unit = ""
zh = "行政区划代码"
en = "division code of the enrolment's city (GB/T 2260); 370000 is the whole province"

[[columns]]
name = "city_name"
type = "text"
unit = ""
zh = "地区"
en = "name of the city; 全省 is the whole province"

[[columns]]
name = "assessed"
type = "int"
unit = "assessments"
zh = "考核人次"
en = "assessments of the month"

[[columns]]
name = "passed"
type = "int"
unit = "assessments"
zh = "合格人次"
en = "of these, assessments passed"

[[columns]]
name = "pass_rate"
type = "float"
unit = "share"
zh = "合格率"
en = "passed / assessed; empty when none was assessed"

[[columns]]
name = "completions"
type = "int"
unit = "completions"
zh = "培训人次"
en = "enrolments completed in the month, the base of certified_rate"

[[columns]]
name = "certified_completions"
type = "int"
unit = "completions"
zh = "其中：已取证人次"
en = "completions of the month that hold any certificate issued by the as-of date"

[[columns]]
name = "certified_rate"
type = "float"
unit = "share"
zh = "结业取证率"
en = "certified_completions / completions; empty without completions"

[[tests]]
kind = "not_null"
columns = ["month", "city_code", "city_name", "assessed", "passed", "completions", "certified_completions"]
severity = "error"

[[tests]]
kind = "range"
columns = ["assessed", "passed", "completions", "certified_completions"]
least = 0
severity = "error"

[[tests]]
kind = "range"
columns = ["pass_rate", "certified_rate"]
least = 0
most = 1
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
column = "assessed"
by = ["month", "city_code"]
least = -0.2
ignore_below = 100
severity = "warn"

[[tests]]
kind = "change"
measure = "sum"
column = "certified_completions"
by = ["month", "city_code"]
least = -0.2
ignore_below = 100
severity = "warn"
*/
WITH
area_enrolment AS (
    SELECT e.enrolment_id, e.city_code, e.completed_on
    FROM enrolments AS e
    INNER JOIN cities AS c ON c.city_code = e.city_code
),
certified AS (
    SELECT DISTINCT t.enrolment_id
    FROM certificates AS t
    INNER JOIN elapsed_days AS d ON d.day = t.issued_on
),
event AS (
    SELECT
        e.city_code,
        d.month_index,
        1 AS assessed,
        CASE WHEN a.passed THEN 1 ELSE 0 END AS passed,
        0 AS completed,
        0 AS certified
    FROM assessments AS a
    INNER JOIN elapsed_days AS d ON d.day = COALESCE(a.started_day, a.ended_day)
    INNER JOIN area_enrolment AS e ON e.enrolment_id = a.enrolment_id
    UNION ALL
    SELECT
        e.city_code,
        d.month_index,
        0 AS assessed,
        0 AS passed,
        1 AS completed,
        CASE WHEN t.enrolment_id IS NOT NULL THEN 1 ELSE 0 END AS certified
    FROM area_enrolment AS e
    INNER JOIN elapsed_days AS d ON d.day = e.completed_on
    LEFT JOIN certified AS t ON t.enrolment_id = e.enrolment_id
),
city_cell AS (
    SELECT
        city_code,
        month_index,
        SUM(assessed) AS assessed,
        SUM(passed) AS passed,
        SUM(completed) AS completions,
        SUM(certified) AS certified_completions
    FROM event
    GROUP BY city_code, month_index
),
area_cell AS (
    SELECT city_code, month_index, assessed, passed, completions, certified_completions
    FROM city_cell
    WHERE city_code <> '370000'
    UNION ALL
    SELECT
        '370000' AS city_code,
        month_index,
        SUM(assessed) AS assessed,
        SUM(passed) AS passed,
        SUM(completions) AS completions,
        SUM(certified_completions) AS certified_completions
    FROM city_cell
    GROUP BY month_index
),
first_cell AS (
    SELECT MIN(month_index) AS first_index FROM city_cell
),
elapsed_month AS (
    SELECT DISTINCT month, month_index FROM elapsed_days
),
-- A difference, not a comparison of two columns: a filter after the small cross join, not a range join.
grid AS (
    SELECT m.month, m.month_index, c.city_code, c.city_name
    FROM elapsed_month AS m
    CROSS JOIN first_cell AS f
    CROSS JOIN cities AS c
    WHERE m.month_index - f.first_index >= 0
),
dense AS (
    SELECT
        g.month,
        g.city_code,
        g.city_name,
        COALESCE(k.assessed, 0) AS assessed,
        COALESCE(k.passed, 0) AS passed,
        COALESCE(k.completions, 0) AS completions,
        COALESCE(k.certified_completions, 0) AS certified_completions
    FROM grid AS g
    LEFT JOIN area_cell AS k ON k.city_code = g.city_code AND k.month_index = g.month_index
)
SELECT
    month,
    city_code,
    city_name,
    assessed,
    passed,
    CASE WHEN assessed > 0 THEN passed / assessed END AS pass_rate,
    completions,
    certified_completions,
    CASE WHEN completions > 0 THEN certified_completions / completions END AS certified_rate
FROM dense
