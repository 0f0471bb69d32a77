/*
title_zh = "分项合计律"
title_en = "tables that divide the completions of a month add up to those of the progress table"
description_en = """
A completion stands in exactly one category, learner group and occupation, and is the base of the hours, the archive and the certified \
completions: whatever divides it, a month and area has the completions of city_progress_monthly. A value that a table's list does not \
name, such as a learner group added to the contract alone, is found here."""
audience = "intermediate"
grain = ["table_name", "month", "city_code"]
sources = ["spec: published tables, statistics"]

[audit]
severity = "error"

[[columns]]
name = "table_name"
type = "text"
en = "table"

[[columns]]
name = "month"
type = "text"
en = "month, YYYY-MM"

[[columns]]
name = "city_code"
type = "text"
en = "area"

[[columns]]
name = "parts"
type = "int"
unit = "completions"
en = "completions of the table's rows for the month and area"

[[columns]]
name = "total"
type = "int"
unit = "completions"
en = "completions of city_progress_monthly"
*/
WITH part AS (
    SELECT 'city_category_monthly' AS table_name, month, city_code, SUM(completions) AS parts
    FROM city_category_monthly GROUP BY month, city_code
    UNION ALL
    SELECT 'city_group_monthly' AS table_name, month, city_code, SUM(completions) AS parts
    FROM city_group_monthly GROUP BY month, city_code
    UNION ALL
    SELECT 'city_occupation_monthly' AS table_name, month, city_code, SUM(completions) AS parts
    FROM city_occupation_monthly GROUP BY month, city_code
    UNION ALL
    SELECT 'city_hours_monthly' AS table_name, month, city_code, completions AS parts FROM city_hours_monthly
    UNION ALL
    SELECT 'city_assessment_monthly' AS table_name, month, city_code, completions AS parts FROM city_assessment_monthly
    UNION ALL
    SELECT 'archive_coverage_monthly' AS table_name, month, city_code, completions AS parts FROM archive_coverage_monthly
),
divided AS (
    SELECT DISTINCT table_name FROM part
),
cell AS (
    SELECT table_name, month, city_code FROM part
    UNION ALL
    SELECT d.table_name, t.month, t.city_code FROM city_progress_monthly AS t CROSS JOIN divided AS d
),
every_cell AS (
    SELECT DISTINCT table_name, month, city_code FROM cell
),
compared AS (
    SELECT
        e.table_name,
        e.month,
        e.city_code,
        COALESCE(p.parts, 0) AS parts,
        COALESCE(t.completions, 0) AS total
    FROM every_cell AS e
    LEFT JOIN part AS p ON p.table_name = e.table_name AND p.month = e.month AND p.city_code = e.city_code
    LEFT JOIN city_progress_monthly AS t ON t.month = e.month AND t.city_code = e.city_code
)
SELECT table_name, month, city_code, parts, total FROM compared WHERE parts <> total
