/*
title_zh = "编号日历"
title_en = "Numbered calendar"
description_en = """
Every day of the calendar with its number, so that days and working days can be added by equality joins. Working days are Monday to \
Friday: there is no calendar of public holidays and of the Saturdays worked for them, so a period that spans a holiday really ends later."""
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
name = "day_number"
type = "int"
unit = "days"
zh = "日序号"
en = "days since 1970-01-01"

[[columns]]
name = "weekday"
type = "int"
unit = ""
zh = "星期"
en = "1 Monday to 7 Sunday"

[[columns]]
name = "is_working_day"
type = "bool"
unit = ""
zh = "是否工作日"
en = "Monday to Friday"

[[columns]]
name = "working_days"
type = "int"
unit = "days"
zh = "工作日序号"
en = "working days from the start of the calendar to the day, the day included"
*/
WITH
numbered AS (
    -- Local midnight is 16:00 UTC of the day before; 1970-01-01 was a Thursday.
    SELECT d.day, CAST((d.start_us + 28800000000) / 86400000000 AS BIGINT) AS day_number
    FROM days AS d
),
placed AS (
    SELECT day, day_number, (day_number + 3) % 7 + 1 AS weekday FROM numbered
)
SELECT
    p.day,
    p.day_number,
    p.weekday,
    p.weekday <= 5 AS is_working_day,
    SUM(CASE WHEN p.weekday <= 5 THEN 1 ELSE 0 END) OVER (ORDER BY p.day) AS working_days
FROM placed AS p
