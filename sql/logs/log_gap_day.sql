/*
title_zh = "间隔接近的学习日的间隔明细"
title_en = "Gaps between sessions on days on which they are nearly alike"
description_en = """
The single gaps between the sessions of a person on a platform that started on one local day, only for days with at least three gaps that differ by no \
more than player_jitter_seconds: few of all. Of a day with fewer gaps the least and the greatest in log_player_day are all there are."""
audience = "intermediate"
grain = ["local_day", "person_key", "platform_id", "gap_us"]
partition = "local_day"
incremental = true
sources = ["notice 三（三）"]
policy = ["player_jitter_seconds"]

[[columns]]
name = "local_day"
type = "date"
unit = ""
zh = "学习日期"
en = "local day on which the sessions started"

[[columns]]
name = "person_key"
type = "int"
unit = ""
zh = "人员键"
en = "keyed pseudonym of the person in the logs"

[[columns]]
name = "platform_id"
type = "text"
unit = ""
zh = "平台代码"
en = "unified social credit code of the platform that sent the logs (GB 32100)"

[[columns]]
name = "gap_us"
type = "int"
unit = "microseconds"
zh = "间隔"
en = "from the end of a session to the start of the next, negative for an overlap"

[[columns]]
name = "gaps"
type = "int"
unit = "gaps"
zh = "间隔数"
en = "gaps of this length on the day"
*/
WITH
day_limit AS (
    SELECT d.day, p.value_e6 AS jitter_us
    FROM days AS d
    CROSS JOIN policy AS p
    WHERE p.parameter = 'player_jitter_seconds' AND p.city_code = '370000' AND d.day >= p.valid_from AND d.day <= p.valid_until
),
even_day AS (
    SELECT d.local_day, d.person_key, d.platform_id
    FROM log_player_day AS d
    INNER JOIN day_limit AS m ON m.day = d.local_day
    WHERE d.sessions > 3 AND d.gap_most_us - d.gap_least_us <= m.jitter_us
),
-- In the order of log_player_day.
followed AS (
    SELECT
        e.local_day,
        e.person_key,
        e.platform_id,
        LEAD(l.started_us) OVER (
            PARTITION BY e.local_day, e.person_key, e.platform_id
            ORDER BY l.started_us, GREATEST(l.ended_us, l.started_us), l.item_id
        ) AS next_start_us,
        GREATEST(l.ended_us, l.started_us) AS end_us
    FROM study_logs AS l
    INNER JOIN even_day AS e
        ON e.local_day = l.started_day AND e.person_key = l.person_key AND e.platform_id = l.platform_id
)
SELECT local_day, person_key, platform_id, next_start_us - end_us AS gap_us, COUNT(*) AS gaps
FROM followed
WHERE next_start_us IS NOT NULL
GROUP BY local_day, person_key, platform_id, next_start_us - end_us
