/*
title_zh = "评价日历"
title_en = "Days of the evaluation"
description_en = """
Every day to the as-of date with the windows it lies in: the 12 months to the as-of date, the 12 months to the day one month earlier, and \
the two last spans of a quarter by which zombie platforms are told."""
audience = "intermediate"
grain = ["day"]
sources = ["notice 三（三）"]
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
name = "days_ago"
type = "int"
unit = "days"
zh = "距基准日天数"
en = "days from the day to the as-of date, 0 for the as-of date"

[[columns]]
name = "in_year"
type = "bool"
unit = ""
zh = "是否在评价期内"
en = "after the as-of date less 12 months"

[[columns]]
name = "until_month_before"
type = "bool"
unit = ""
zh = "是否在上月评价日以前"
en = "on or before the day one month before the as-of date"

[[columns]]
name = "in_year_before"
type = "bool"
unit = ""
zh = "是否在上月评价期内"
en = "in the 12 months to the day one month before the as-of date"

[[columns]]
name = "span"
type = "int"
unit = ""
zh = "考察期"
en = "1 the last span, 2 the span before, 0 earlier"
*/
SELECT
    d.day,
    d.month,
    d.days_ago,
    d.in_last_year AS in_year,
    d.day <= u.month_before AS until_month_before,
    d.day <= u.month_before AND d.day > u.month_before - INTERVAL '12 months' AS in_year_before,
    CASE
        WHEN d.day >= u.span_from THEN 1
        WHEN d.day >= u.span_before_from THEN 2
        ELSE 0
    END AS span
FROM elapsed_days AS d
CROSS JOIN evaluation_rules AS u
