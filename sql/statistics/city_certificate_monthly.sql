/*
title_zh = "证书月报"
title_en = "Certificates by city, month, kind and skill level"
description_zh = """
全省（370000）和16个市截至统计基准日各月按证书类型和技能等级分列的发证数。证书计入发证当月和其报名所在的市；\
报名不在册的证书没有所在市，不计入任何一行。发证数为一格内不同证书编号的个数：同一编号出现在一格内两次报名的，计一本，\
因此各市、各类型、各等级之间，仅在没有编号重复使用时可以相加。取证人数为上述证书的持有人，在一格内去重，各市、各月、各类型、\
各等级不可相加。凡出现过的类型和等级组合，每个月份、每个地区各有一行。"""
description_en = """
Certificates issued in each month by kind and skill level, for the province (370000) and its 16 cities, up to the as-of date. A \
certificate counts in the month of issue and in the city of its enrolment; a certificate whose enrolment is not on record has no city and \
is in no row. Certificates are distinct numbers within a cell: a number that stands on two enrolments of a cell counts once, so over \
cities, kinds and levels numbers add up only where none is used twice. Persons are those of the certificates, counted once within a cell, \
and do not add up over cities, months, kinds or levels. Every combination of kind and level that occurs has a row for each month and area."""
audience = "public"
grain = ["month", "city_code", "kind", "skill_level"]
sources = ["notice 三（一）", "notice 四"]
policy = []

[trace]
table = "certificates"
where = "issued_month = {month} AND issued_on <= {as_of} AND kind = {kind} AND CAST(skill_level AS VARCHAR) = {skill_level} AND enrolment_id IN (SELECT enrolment_id FROM enrolments WHERE (city_code = {city_code} OR ({city_code} = '370000' AND city_code LIKE '37%')))"

[[columns]]
name = "month"
type = "text"
unit = ""
zh = "月份"
en = "month of issue, YYYY-MM"

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
name = "kind"
type = "text"
unit = ""
zh = "证书类型"
en = "vocational 职业资格, skill_level 职业技能等级, specific 专项职业能力, special_operation 特种作业 or completion 培训合格"

[[columns]]
name = "skill_level"
type = "int"
unit = ""
zh = "技能等级"
en = "level of the certificate, 5 lowest to 1 highest, 0 none"

[[columns]]
name = "certificates"
type = "int"
unit = "certificates"
zh = "发证数"
en = "distinct certificate numbers issued in the month"

[[columns]]
name = "persons"
type = "int"
unit = "persons"
zh = "取证人数（去重）"
en = "distinct persons with such a certificate issued in the month; does not add up over cities, months, kinds or levels"

[[tests]]
kind = "not_null"
columns = ["month", "city_code", "city_name", "kind", "skill_level", "certificates", "persons"]
severity = "error"

[[tests]]
kind = "range"
columns = ["certificates", "persons"]
least = 0
severity = "error"

[[tests]]
kind = "range"
columns = ["skill_level"]
least = 0
most = 5
severity = "error"

[[tests]]
kind = "accepted_values"
column = "kind"
values = ["vocational", "skill_level", "specific", "special_operation", "completion"]
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
column = "certificates"
by = ["month", "city_code", "kind"]
least = -0.2
ignore_below = 100
severity = "warn"
*/
WITH
issued AS (
    SELECT e.city_code, d.month_index, t.kind, t.skill_level, t.certificate_no, t.person_key
    FROM certificates AS t
    INNER JOIN elapsed_days AS d ON d.day = t.issued_on
    INNER JOIN enrolments AS e ON e.enrolment_id = t.enrolment_id
    INNER JOIN cities AS c ON c.city_code = e.city_code
),
-- Numbers and persons are de-duplicated within the cell, so the province is counted anew, not summed.
area_issued AS (
    SELECT city_code, month_index, kind, skill_level, certificate_no, person_key FROM issued WHERE city_code <> '370000'
    UNION ALL
    SELECT '370000' AS city_code, month_index, kind, skill_level, certificate_no, person_key FROM issued
),
cell AS (
    SELECT
        city_code,
        month_index,
        kind,
        skill_level,
        CAST(COUNT(DISTINCT certificate_no) AS BIGINT) AS certificates,
        CAST(COUNT(DISTINCT person_key) AS BIGINT) AS persons
    FROM area_issued
    GROUP BY city_code, month_index, kind, skill_level
),
kind_level AS (
    SELECT DISTINCT kind, skill_level FROM cell
),
first_cell AS (
    SELECT MIN(month_index) AS first_index FROM cell
),
elapsed_month AS (
    SELECT DISTINCT month, month_index FROM elapsed_days
),
-- A difference, not a comparison of two columns: a filter after the small cross join, not a range join.
grid AS (
    SELECT m.month, m.month_index, c.city_code, c.city_name, k.kind, k.skill_level
    FROM elapsed_month AS m
    CROSS JOIN first_cell AS f
    CROSS JOIN cities AS c
    CROSS JOIN kind_level AS k
    WHERE m.month_index - f.first_index >= 0
)
SELECT
    g.month,
    g.city_code,
    g.city_name,
    g.kind,
    g.skill_level,
    COALESCE(k.certificates, 0) AS certificates,
    COALESCE(k.persons, 0) AS persons
FROM grid AS g
LEFT JOIN cell AS k
    ON k.city_code = g.city_code
    AND k.month_index = g.month_index
    AND k.kind = g.kind
    AND k.skill_level = g.skill_level
