/*
title_zh = "行数律"
title_en = "monthly tables have every row that they promise, in every month up to the as-of month"
description_en = """
A month that lacks an area, or has one twice, would be read as zero or counted twice. Every month from a table's first to that of the as-of \
day has the 17 areas for each combination of the other columns that the table holds; platform_monthly has each of its platforms."""
audience = "intermediate"
grain = ["table_name", "month"]
sources = ["spec: published tables, common rules"]

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
name = "rows_found"
type = "int"
en = "rows of the month"

[[columns]]
name = "rows_due"
type = "int"
en = "rows that it should have"
*/
WITH
found AS (
    SELECT 'city_progress_monthly' AS table_name, month, COUNT(*) AS found FROM city_progress_monthly GROUP BY month
    UNION ALL
    SELECT 'city_category_monthly' AS table_name, month, COUNT(*) AS found FROM city_category_monthly GROUP BY month
    UNION ALL
    SELECT 'city_group_monthly' AS table_name, month, COUNT(*) AS found FROM city_group_monthly GROUP BY month
    UNION ALL
    SELECT 'city_hours_monthly' AS table_name, month, COUNT(*) AS found FROM city_hours_monthly GROUP BY month
    UNION ALL
    SELECT 'city_certificate_monthly' AS table_name, month, COUNT(*) AS found FROM city_certificate_monthly GROUP BY month
    UNION ALL
    SELECT 'city_assessment_monthly' AS table_name, month, COUNT(*) AS found FROM city_assessment_monthly GROUP BY month
    UNION ALL
    SELECT 'city_fund_monthly' AS table_name, month, COUNT(*) AS found FROM city_fund_monthly GROUP BY month
    UNION ALL
    SELECT 'city_occupation_monthly' AS table_name, month, COUNT(*) AS found FROM city_occupation_monthly GROUP BY month
    UNION ALL
    SELECT 'platform_monthly' AS table_name, month, COUNT(*) AS found FROM platform_monthly GROUP BY month
    UNION ALL
    SELECT 'archive_coverage_monthly' AS table_name, month, COUNT(*) AS found FROM archive_coverage_monthly GROUP BY month
),
category AS (
    SELECT DISTINCT category FROM city_category_monthly
),
learner_group AS (
    SELECT DISTINCT learner_group FROM city_group_monthly
),
kind_level AS (
    SELECT DISTINCT kind, skill_level FROM city_certificate_monthly
),
fund_kind AS (
    SELECT DISTINCT fund, kind FROM city_fund_monthly
),
occupation_level AS (
    SELECT DISTINCT occupation_code, skill_level FROM city_occupation_monthly
),
platform AS (
    SELECT DISTINCT platform_id FROM platform_monthly
),
due AS (
    SELECT 'city_progress_monthly' AS table_name, COUNT(*) AS due FROM cities
    UNION ALL
    SELECT 'city_category_monthly' AS table_name, COUNT(*) AS due FROM cities AS c CROSS JOIN category AS t
    UNION ALL
    SELECT 'city_group_monthly' AS table_name, COUNT(*) AS due FROM cities AS c CROSS JOIN learner_group AS t
    UNION ALL
    SELECT 'city_hours_monthly' AS table_name, COUNT(*) AS due FROM cities
    UNION ALL
    SELECT 'city_certificate_monthly' AS table_name, COUNT(*) AS due FROM cities AS c CROSS JOIN kind_level AS t
    UNION ALL
    SELECT 'city_assessment_monthly' AS table_name, COUNT(*) AS due FROM cities
    UNION ALL
    SELECT 'city_fund_monthly' AS table_name, COUNT(*) AS due FROM cities AS c CROSS JOIN fund_kind AS t
    UNION ALL
    SELECT 'city_occupation_monthly' AS table_name, COUNT(*) AS due FROM cities AS c CROSS JOIN occupation_level AS t
    UNION ALL
    SELECT 'platform_monthly' AS table_name, COUNT(*) AS due FROM platform
    UNION ALL
    SELECT 'archive_coverage_monthly' AS table_name, COUNT(*) AS due FROM cities
),
elapsed_month AS (
    SELECT DISTINCT month, month_index FROM elapsed_days
),
first_month AS (
    SELECT f.table_name, MIN(m.month_index) AS first_index
    FROM found AS f
    INNER JOIN elapsed_month AS m ON m.month = f.month
    GROUP BY f.table_name
),
due_month AS (
    SELECT f.table_name, m.month
    FROM first_month AS f
    CROSS JOIN elapsed_month AS m
    WHERE m.month_index - f.first_index >= 0
    UNION ALL
    SELECT f.table_name, f.month
    FROM found AS f
    LEFT ANTI JOIN elapsed_month AS m ON m.month = f.month
),
compared AS (
    SELECT
        m.table_name,
        m.month,
        CAST(COALESCE(f.found, 0) AS BIGINT) AS rows_found,
        CAST(d.due AS BIGINT) AS rows_due
    FROM due_month AS m
    INNER JOIN due AS d ON d.table_name = m.table_name
    LEFT JOIN found AS f ON f.table_name = m.table_name AND f.month = m.month
)
SELECT table_name, month, rows_found, rows_due FROM compared WHERE rows_found <> rows_due
