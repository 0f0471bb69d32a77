/*
title_zh = "线上线下课时月报"
title_en = "Online and offline hours by city and month"
description_zh = """
全省（370000）和16个市各月结业培训的线上、线下课时，以及线上课时占比超过上限的人次。一课时为45分钟。\
上限取开班时报名所在市执行的规定（班级不在册的取报名日期），按整秒比较：等于上限不为超上限。\
超上限人次（over_cap_completions）包括各种培训方式，纯线上班级也计入：该数字反映规模，不是违规数。课时为报名记录所载课时，\
不是学习记录的时长。除占比外，各列在各市、各月均可相加。"""
description_en = """
Online and offline training hours of the completions of each month, for the province (370000) and its 16 cities, with the \
completions whose online share is above the cap. An hour (课时) is 45 minutes. The cap is the one in force at class start in the \
enrolment's city (enrolment date where the class is not on record) and is compared in whole seconds: equal to the cap is not above \
it. over_cap_completions counts every class mode, pure online classes too: it is a figure of volume, not of breaches. \
Hours are those of the enrolment record, not of the study logs. All columns but the share add up over cities and months."""
audience = "public"
grain = ["month", "city_code"]
sources = ["notice 二（三）", "notice 四"]
policy = ["online_share_cap"]

[trace]
table = "enrolments"
where = "completed_month = {month} AND completed_on <= {as_of} AND (city_code = {city_code} OR ({city_code} = '370000' AND city_code LIKE '37%'))"

[trace.columns.blended_completions]
table = "enrolments"
where = "completed_month = {month} AND completed_on <= {as_of} AND (city_code = {city_code} OR ({city_code} = '370000' AND city_code LIKE '37%')) AND class_id IN (SELECT class_id FROM classes WHERE mode = 'blended')"

[trace.columns.over_cap_completions]
table = "enrolments"
where = """
completed_month = {month} AND completed_on <= {as_of} AND (city_code = {city_code} OR ({city_code} = '370000' AND city_code LIKE '37%')) AND enrolment_id IN ( \
    SELECT e.enrolment_id FROM enrolments AS e LEFT JOIN classes AS k ON k.class_id = e.class_id \
    INNER JOIN policy AS p ON p.city_code = e.city_code \
    WHERE p.parameter = 'online_share_cap' AND COALESCE(k.start_on, e.enrolled_on) >= p.valid_from \
    AND COALESCE(k.start_on, e.enrolled_on) <= p.valid_until \
    AND e.online_seconds * 1000000 > p.value_e6 * (e.online_seconds + e.offline_seconds))"""

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
en = "enrolments completed in the month, the base of the other columns"

[[columns]]
name = "online_hours"
type = "float"
unit = "hours"
zh = "线上课时"
en = "online hours of the completions, 45 minutes each"

[[columns]]
name = "offline_hours"
type = "float"
unit = "hours"
zh = "线下课时"
en = "offline hours of the completions, 45 minutes each"

[[columns]]
name = "online_share"
type = "float"
unit = "share"
zh = "线上课时占比"
en = "online hours / (online + offline hours); empty without hours"

[[columns]]
name = "blended_completions"
type = "int"
unit = "completions"
zh = "线上线下融合人次"
en = "completions of classes whose mode is blended"

[[columns]]
name = "over_cap_completions"
type = "int"
unit = "completions"
zh = "线上占比超上限人次"
en = "completions whose online share is above the cap in force at class start, all class modes"

[[columns]]
name = "online_seconds"
type = "int"
unit = "seconds"
zh = "线上课时折合秒数"
en = "online hours in seconds (hours × 2700)"

[[columns]]
name = "offline_seconds"
type = "int"
unit = "seconds"
zh = "线下课时折合秒数"
en = "offline hours in seconds (hours × 2700)"

[[tests]]
kind = "not_null"
columns = ["month", "city_code", "city_name", "completions", "online_seconds", "offline_seconds", "blended_completions", "over_cap_completions"]
severity = "error"

[[tests]]
kind = "range"
columns = ["completions", "online_seconds", "offline_seconds", "online_hours", "offline_hours", "blended_completions", "over_cap_completions"]
least = 0
severity = "error"

[[tests]]
kind = "range"
columns = ["online_share"]
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
column = "online_seconds"
by = ["month", "city_code"]
least = -0.2
ignore_below = 1000000
severity = "warn"

[[tests]]
kind = "change"
measure = "sum"
column = "offline_seconds"
by = ["month", "city_code"]
least = -0.2
ignore_below = 1000000
severity = "warn"
*/
WITH
completion AS (
    SELECT
        e.city_code,
        d.month_index,
        e.online_seconds,
        e.offline_seconds,
        CASE WHEN k.mode = 'blended' THEN 1 ELSE 0 END AS blended,
        COALESCE(k.start_on, e.enrolled_on) AS rule_on
    FROM enrolments AS e
    INNER JOIN cities AS c ON c.city_code = e.city_code
    INNER JOIN elapsed_days AS d ON d.day = e.completed_on
    LEFT JOIN classes AS k ON k.class_id = e.class_id
),
city_cell AS (
    SELECT
        city_code,
        month_index,
        CAST(COUNT(*) AS BIGINT) AS completions,
        SUM(online_seconds) AS online_seconds,
        SUM(offline_seconds) AS offline_seconds,
        SUM(blended) AS blended_completions
    FROM completion
    GROUP BY city_code, month_index
),
cap AS (
    SELECT city_code, valid_from, valid_until, value_e6
    FROM policy
    WHERE parameter = 'online_share_cap'
),
city_over_cap AS (
    SELECT k.city_code, k.month_index, CAST(COUNT(*) AS BIGINT) AS over_cap_completions
    FROM completion AS k
    INNER JOIN cap AS p ON p.city_code = k.city_code
    WHERE k.rule_on >= p.valid_from
      AND k.rule_on <= p.valid_until
      AND k.online_seconds * 1000000 > p.value_e6 * (k.online_seconds + k.offline_seconds)
    GROUP BY k.city_code, k.month_index
),
city_row AS (
    SELECT
        k.city_code,
        k.month_index,
        k.completions,
        k.online_seconds,
        k.offline_seconds,
        k.blended_completions,
        COALESCE(o.over_cap_completions, 0) AS over_cap_completions
    FROM city_cell AS k
    LEFT JOIN city_over_cap AS o ON o.city_code = k.city_code AND o.month_index = k.month_index
),
area_row AS (
    SELECT city_code, month_index, completions, online_seconds, offline_seconds, blended_completions, over_cap_completions
    FROM city_row
    WHERE city_code <> '370000'
    UNION ALL
    SELECT
        '370000' AS city_code,
        month_index,
        SUM(completions) AS completions,
        SUM(online_seconds) AS online_seconds,
        SUM(offline_seconds) AS offline_seconds,
        SUM(blended_completions) AS blended_completions,
        SUM(over_cap_completions) AS over_cap_completions
    FROM city_row
    GROUP BY month_index
),
first_cell AS (
    SELECT MIN(month_index) AS first_index FROM city_row
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
        COALESCE(a.completions, 0) AS completions,
        COALESCE(a.online_seconds, 0) AS online_seconds,
        COALESCE(a.offline_seconds, 0) AS offline_seconds,
        COALESCE(a.blended_completions, 0) AS blended_completions,
        COALESCE(a.over_cap_completions, 0) AS over_cap_completions
    FROM grid AS g
    LEFT JOIN area_row AS a ON a.city_code = g.city_code AND a.month_index = g.month_index
)
SELECT
    month,
    city_code,
    city_name,
    completions,
    online_seconds / 2700 AS online_hours,
    offline_seconds / 2700 AS offline_hours,
    CASE
        WHEN online_seconds + offline_seconds > 0 THEN online_seconds / (online_seconds + offline_seconds)
    END AS online_share,
    blended_completions,
    over_cap_completions,
    online_seconds,
    offline_seconds
FROM dense
