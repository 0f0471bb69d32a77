/*
title_zh = "截至基准日的日历"
title_en = "Calendar up to the as-of date"
description_en = """
Every local day from 2000-01-01 to the as-of date. Models join their event dates to it, which leaves out what is dated after the as-of date, \
gives the month, and costs an equality join where a comparison with the one-row run_context would be a range join over the whole table."""
audience = "intermediate"
grain = ["day"]
sources = []
policy = []

[[columns]]
name = "day"
type = "date"
unit = ""
zh = "日期"
en = "local day"

[[columns]]
name = "month"
type = "text"
unit = ""
zh = "月份"
en = "month of the day, YYYY-MM"

[[columns]]
name = "year"
type = "int"
unit = ""
zh = "年份"
en = "calendar year of the day"

[[columns]]
name = "month_index"
type = "int"
unit = "months"
zh = "月份序号"
en = "year × 12 + month of the year, so that months can be counted"

[[columns]]
name = "days_ago"
type = "int"
unit = "days"
zh = "距基准日天数"
en = "days from the day to the as-of date, 0 for the as-of date"

[[columns]]
name = "in_last_year"
type = "bool"
unit = ""
zh = "是否在近12个月内"
en = "whether the day lies after the as-of date less 12 months"
*/
SELECT
    d.day,
    d.month,
    m.year,
    m.month_index,
    -- A local day has 86,400 s: clocks have not been changed since 2000.
    CAST((r.as_of_end_us - d.end_us) / 86400000000 AS BIGINT) AS days_ago,
    d.day > r.as_of - INTERVAL '12 months' AS in_last_year
FROM days AS d
INNER JOIN months AS m ON m.month = d.month
CROSS JOIN run_context AS r
WHERE d.day <= r.as_of
