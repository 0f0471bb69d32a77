/*
title_zh = "职业等级月报"
title_en = "Completed trainings and certificates by city, month, occupation and skill level"
description_zh = """
全省（370000）和16个市截至统计基准日各月按职业和技能等级分列的培训人次、培训人数和发证数。\
一行内并用两种日期口径和两种职业来源：培训人次和人数为当月结业的，按班级的职业和等级；发证数为当月签发的不同证书编号的个数，\
按证书自身的职业和等级；均计入报名所在的市。班级不在册的培训归入职业“未标明”（unknown）、等级0，\
因此培训人次之和等于city_progress_monthly的培训人次；报名不在册的证书不计入任何一行。培训人数在一格内去重，各市、各月、\
各职业、各等级不可相加。凡出现过的职业和等级组合，每个月份、每个地区各有一行。"""
description_en = """
Completed trainings, trained persons and certificates of each month by occupation and skill level, for the province (370000) and its 16 \
cities, up to the as-of date. A row mixes two dates and two sources of the occupation: completions and persons are those completed in \
the month, by occupation and level of the class; certificates are distinct numbers issued in the month, by occupation and level of the \
certificate itself; both count in the city of the enrolment. Completions whose class is not on record stand under occupation unknown, \
level 0, so that completions add up to those of city_progress_monthly; certificates whose enrolment is not on record are in no row. \
Persons are counted once within a cell and do not add up over cities, months, occupations or levels. Every combination of occupation \
and level that occurs has a row for each month and area."""
audience = "public"
grain = ["month", "city_code", "occupation_code", "skill_level"]
sources = ["notice 二（二）", "notice 四"]
policy = []

[trace]
table = "enrolments"
where = "completed_month = {month} AND completed_on <= {as_of} AND (city_code = {city_code} OR ({city_code} = '370000' AND city_code LIKE '37%')) AND (class_id IN (SELECT class_id FROM classes WHERE occupation_code = {occupation_code} AND CAST(skill_level AS VARCHAR) = {skill_level}) OR ({occupation_code} = 'unknown' AND class_id NOT IN (SELECT class_id FROM classes)))"

[trace.columns.certificates]
table = "certificates"
where = "issued_month = {month} AND issued_on <= {as_of} AND occupation_code = {occupation_code} AND CAST(skill_level AS VARCHAR) = {skill_level} AND enrolment_id IN (SELECT enrolment_id FROM enrolments WHERE (city_code = {city_code} OR ({city_code} = '370000' AND city_code LIKE '37%')))"

[[columns]]
name = "month"
type = "text"
unit = ""
zh = "月份"
en = "month, YYYY-MM: of issue for certificates, of completion for the others"

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
name = "occupation_code"
type = "text"
unit = ""
zh = "职业编码"
en = "occupation of the class, for certificates that of the certificate; unknown 未标明 where the class is not on record"

[[columns]]
name = "skill_level"
type = "int"
unit = ""
zh = "技能等级"
en = "level of the class, for certificates that of the certificate; 5 lowest to 1 highest, 0 none"

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
en = "distinct persons with such a completion in the month; does not add up over cities, months, occupations or levels"

[[columns]]
name = "certificates"
type = "int"
unit = "certificates"
zh = "发证数"
en = "distinct numbers of certificates of the occupation and level issued in the month, of every kind"

[[tests]]
kind = "not_null"
columns = ["month", "city_code", "city_name", "occupation_code", "skill_level", "completions", "persons", "certificates"]
severity = "error"

[[tests]]
kind = "range"
columns = ["completions", "persons", "certificates"]
least = 0
severity = "error"

[[tests]]
kind = "range"
columns = ["skill_level"]
least = 0
most = 5
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
by = ["month", "city_code", "occupation_code"]
least = -0.2
ignore_below = 100
severity = "warn"
*/
WITH
-- Cities by their order, 0 for the province: integers group faster than text.
completion AS (
    SELECT
        c.city_order,
        COALESCE(k.occupation_code, 'unknown') AS occupation_code,
        COALESCE(k.skill_level, 0) AS skill_level,
        e.person_key,
        d.month_index
    FROM enrolments AS e
    INNER JOIN cities AS c ON c.city_code = e.city_code
    INNER JOIN elapsed_days AS d ON d.day = e.completed_on
    LEFT JOIN classes AS k ON k.class_id = e.class_id
),
city_person AS (
    SELECT city_order, occupation_code, skill_level, person_key, month_index, CAST(COUNT(*) AS BIGINT) AS completions
    FROM completion
    GROUP BY city_order, occupation_code, skill_level, person_key, month_index
),
-- Every completion belongs to its city and to the province, where a person of several cities is one person.
area_person AS (
    SELECT city_order, occupation_code, skill_level, person_key, month_index, completions
    FROM city_person
    WHERE city_order > 0
    UNION ALL
    SELECT 0 AS city_order, occupation_code, skill_level, person_key, month_index, SUM(completions) AS completions
    FROM city_person
    GROUP BY occupation_code, skill_level, person_key, month_index
),
trained AS (
    SELECT
        city_order,
        occupation_code,
        skill_level,
        month_index,
        SUM(completions) AS completions,
        CAST(COUNT(*) AS BIGINT) AS persons
    FROM area_person
    GROUP BY city_order, occupation_code, skill_level, month_index
),
issued AS (
    SELECT c.city_order, t.occupation_code, t.skill_level, d.month_index, t.certificate_no
    FROM certificates AS t
    INNER JOIN elapsed_days AS d ON d.day = t.issued_on
    INNER JOIN enrolments AS e ON e.enrolment_id = t.enrolment_id
    INNER JOIN cities AS c ON c.city_code = e.city_code
),
area_issued AS (
    SELECT city_order, occupation_code, skill_level, month_index, certificate_no FROM issued WHERE city_order > 0
    UNION ALL
    SELECT 0 AS city_order, occupation_code, skill_level, month_index, certificate_no FROM issued
),
certified AS (
    SELECT
        city_order,
        occupation_code,
        skill_level,
        month_index,
        CAST(COUNT(DISTINCT certificate_no) AS BIGINT) AS certificates
    FROM area_issued
    GROUP BY city_order, occupation_code, skill_level, month_index
),
seen AS (
    SELECT occupation_code, skill_level, month_index FROM trained
    UNION ALL
    SELECT occupation_code, skill_level, month_index FROM certified
),
occupation_level AS (
    SELECT DISTINCT occupation_code, skill_level FROM seen
),
first_cell AS (
    SELECT MIN(month_index) AS first_index FROM seen
),
elapsed_month AS (
    SELECT DISTINCT month, month_index FROM elapsed_days
),
-- A difference, not a comparison of two columns: a filter after the small cross join, not a range join.
grid AS (
    SELECT m.month, m.month_index, c.city_order, c.city_code, c.city_name, o.occupation_code, o.skill_level
    FROM elapsed_month AS m
    CROSS JOIN first_cell AS f
    CROSS JOIN cities AS c
    CROSS JOIN occupation_level AS o
    WHERE m.month_index - f.first_index >= 0
)
SELECT
    g.month,
    g.city_code,
    g.city_name,
    g.occupation_code,
    g.skill_level,
    COALESCE(k.completions, 0) AS completions,
    COALESCE(k.persons, 0) AS persons,
    COALESCE(t.certificates, 0) AS certificates
FROM grid AS g
LEFT JOIN trained AS k
    ON k.city_order = g.city_order
    AND k.occupation_code = g.occupation_code
    AND k.skill_level = g.skill_level
    AND k.month_index = g.month_index
LEFT JOIN certified AS t
    ON t.city_order = g.city_order
    AND t.occupation_code = g.occupation_code
    AND t.skill_level = g.skill_level
    AND t.month_index = g.month_index
