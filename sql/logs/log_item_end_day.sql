/*
title_zh = "课件每日完成次数"
title_en = "How often an item was ended, by local day"
description_en = """
Sessions of an item that ended on one local day (Asia/Shanghai), and in how many clock hours and minutes of it: what the item's hourly rate is worked \
out from. A session that ends before it starts is left out."""
audience = "intermediate"
grain = ["local_day", "item_id"]
partition = "local_day"
incremental = true
sources = ["notice 三（三）"]
policy = []

[[columns]]
name = "local_day"
type = "date"
unit = ""
zh = "结束日期"
en = "local day on which the sessions ended"

[[columns]]
name = "item_id"
type = "text"
unit = ""
zh = "课件编号"
en = "identifier of the learning item"

[[columns]]
name = "ends"
type = "int"
unit = "sessions"
zh = "完成次数"
en = "sessions that ended on the day"

[[columns]]
name = "hours"
type = "int"
unit = "clock hours"
zh = "有完成的小时数"
en = "clock hours of the day in which at least one session ended"

[[columns]]
name = "minutes"
type = "int"
unit = "minutes"
zh = "有完成的分钟数"
en = "minutes of the day in which at least one session ended"

[[columns]]
name = "most_ends"
type = "int"
unit = "sessions"
zh = "一分钟内最多完成次数"
en = "most sessions that ended in one minute of the day"
*/
WITH
-- Shanghai is a whole number of hours from UTC, so hours and minutes are the same on both clocks.
by_minute AS (
    SELECT ended_day AS local_day, item_id, ended_us - ended_us % 60000000 AS minute_us, COUNT(*) AS ends
    FROM study_logs
    WHERE ended_us >= started_us
    GROUP BY ended_day, item_id, ended_us - ended_us % 60000000
),
by_hour AS (
    SELECT
        local_day,
        item_id,
        minute_us - minute_us % 3600000000 AS hour_us,
        SUM(ends) AS ends,
        COUNT(*) AS minutes,
        MAX(ends) AS most_ends
    FROM by_minute
    GROUP BY local_day, item_id, minute_us - minute_us % 3600000000
)
SELECT
    local_day,
    item_id,
    SUM(ends) AS ends,
    COUNT(*) AS hours,
    SUM(minutes) AS minutes,
    MAX(most_ends) AS most_ends
FROM by_hour
GROUP BY local_day, item_id
