/*
title_zh = "多人同分钟完成的课件分钟"
title_en = "Minutes in which many persons ended one item"
description_en = """
The minutes of log_item_minute_day up to the as-of date: how many persons ended the item in the minute and in its fullest second, and how probable so many are by \
the rate of the item. The mean is one sixtieth of the item's ends per clock hour, over all clock hours that have any. Every minute of these hours is a test, \
empty ones too."""
audience = "intermediate"
grain = ["item_id", "minute_us"]
sources = ["notice 三（三）"]
policy = []

[[columns]]
name = "item_id"
type = "text"
unit = ""
zh = "课件编号"
en = "identifier of the learning item"

[[columns]]
name = "minute_us"
type = "int"
unit = "microseconds"
zh = "分钟起始时刻"
en = "start of the minute, microseconds since 1970 UTC"

[[columns]]
name = "local_day"
type = "date"
unit = ""
zh = "结束日期"
en = "local day of the minute"

[[columns]]
name = "minute_persons"
type = "int"
unit = "persons"
zh = "一分钟内人数"
en = "persons who ended the item in the minute"

[[columns]]
name = "second_persons"
type = "int"
unit = "persons"
zh = "一秒内最多人数"
en = "most persons who ended it in one second of the minute"

[[columns]]
name = "mean"
type = "float"
unit = "sessions"
zh = "每分钟期望次数"
en = "ends expected in a minute"

[[columns]]
name = "p_value"
type = "float"
unit = "probability"
zh = "概率"
en = "Poisson probability of at least so many persons"

[[columns]]
name = "tested"
type = "int"
unit = "minutes"
zh = "检验对象数"
en = "minutes of all items with an end, the same in every row"

[[columns]]
name = "tests"
type = "int"
unit = "items × minutes"
zh = "检验次数"
en = "minutes of the clock hours in which an item ended, over all items, the same in every row"
*/
WITH
rate AS (
    SELECT e.item_id, SUM(e.ends) AS ends, SUM(e.hours) AS hours, SUM(e.minutes) AS minutes
    FROM log_item_end_day AS e
    GROUP BY e.item_id
),
tested AS (
    SELECT SUM(minutes) AS tested, SUM(hours) * 60 AS tests FROM rate
),
session AS (
    SELECT
        s.local_day,
        s.item_id,
        s.end_us - s.end_us % 60000000 AS minute_us,
        s.end_us - s.end_us % 1000000 AS second_us,
        s.person_key
    FROM log_item_minute_day AS s
),
by_second AS (
    SELECT item_id, minute_us, second_us, COUNT(DISTINCT person_key) AS persons
    FROM session
    GROUP BY item_id, minute_us, second_us
),
by_minute AS (
    SELECT local_day, item_id, minute_us, COUNT(DISTINCT person_key) AS persons
    FROM session
    GROUP BY local_day, item_id, minute_us
),
fullest AS (
    SELECT item_id, minute_us, MAX(persons) AS persons FROM by_second GROUP BY item_id, minute_us
)
SELECT
    m.item_id,
    m.minute_us,
    m.local_day,
    m.persons AS minute_persons,
    f.persons AS second_persons,
    e.ends / e.hours / 60 AS mean,
    poisson_upper_tail(m.persons, e.ends / e.hours / 60) AS p_value,
    t.tested,
    t.tests
FROM by_minute AS m
INNER JOIN fullest AS f ON f.item_id = m.item_id AND f.minute_us = m.minute_us
INNER JOIN rate AS e ON e.item_id = m.item_id
CROSS JOIN tested AS t
