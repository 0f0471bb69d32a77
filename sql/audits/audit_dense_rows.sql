/*
title_zh = "行数律"
title_en = "dense tables have a row for every month and each of the 17 areas"
description_en = "A month that lacks an area, or has one twice, would be read as zero or counted twice."
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
name = "areas"
type = "int"
en = "rows of the month (of the smallest fund and kind, for the fund table)"
*/
WITH fund AS (
    SELECT month, fund, kind, CAST(COUNT(*) AS BIGINT) AS areas FROM city_fund_monthly GROUP BY month, fund, kind
),
counted AS (
    SELECT 'city_progress_monthly' AS table_name, month, CAST(COUNT(*) AS BIGINT) AS areas FROM city_progress_monthly GROUP BY month
    UNION ALL
    SELECT 'city_hours_monthly' AS table_name, month, CAST(COUNT(*) AS BIGINT) AS areas FROM city_hours_monthly GROUP BY month
    UNION ALL
    SELECT 'city_fund_monthly' AS table_name, month, MIN(areas) AS areas FROM fund GROUP BY month
)
SELECT table_name, month, areas FROM counted WHERE areas <> 17
