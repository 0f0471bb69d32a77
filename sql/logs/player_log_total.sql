/*
title_zh = "人员平台播放特征合计"
title_en = "Signs of a scripted player of a person on a platform on all days"
description_en = """
What log_player_day adds up to over all days up to the as-of day, as far as indicator C06 takes a first look at it."""
audience = "intermediate"
grain = ["person_key", "platform_id"]
sources = ["notice 三（三）"]
policy = ["player_small_gap_seconds"]
split_by = "person_key"

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
name = "sessions"
type = "int"
unit = "sessions"
zh = "学习次数"
en = "sessions up to the as-of day"

[[columns]]
name = "small_gaps"
type = "int"
unit = "gaps"
zh = "短间隔数"
en = "gaps within a day shorter than player_small_gap_seconds"

[[columns]]
name = "late_ends"
type = "int"
unit = "days"
zh = "临近午夜结束天数"
en = "days that end within the longest player_small_gap_seconds of any period before midnight: only after them can the gap to the next day be very short"

[[columns]]
name = "gap_least_us"
type = "int"
unit = "microseconds"
zh = "最短间隔"
en = "shortest gap within a day, negative for an overlap; empty without a gap"

[[columns]]
name = "gap_most_us"
type = "int"
unit = "microseconds"
zh = "最长间隔"
en = "longest gap within a day; empty without a gap"

[[columns]]
name = "idle_sessions"
type = "int"
unit = "sessions"
zh = "无交互次数"
en = "sessions for which the platform reports no interaction at all"

[[columns]]
name = "active_sessions"
type = "int"
unit = "sessions"
zh = "有交互次数"
en = "sessions with at least one interaction"

[[columns]]
name = "length_us"
type = "int"
unit = "microseconds"
zh = "时长合计"
en = "sum of the session lengths"

[[columns]]
name = "night_us"
type = "int"
unit = "microseconds"
zh = "夜间时长"
en = "the part of it at night"

[[columns]]
name = "order_breaks"
type = "int"
unit = "sessions"
zh = "乱序次数"
en = "sessions out of the order of the items, within days"
*/
WITH
-- The longest of all periods: a bound, so that no row depends on the as-of day.
rule AS (
    SELECT MAX(p.value_e6) AS small_gap_us FROM policy AS p WHERE p.parameter = 'player_small_gap_seconds' AND p.city_code = '370000'
),
-- Joined by day: a rule beside each of millions of rows takes their memory twice.
day AS (
    SELECT d.day, u.small_gap_us FROM days AS d CROSS JOIN rule AS u
)
SELECT
    d.person_key,
    d.platform_id,
    SUM(d.sessions) AS sessions,
    SUM(d.small_gaps) AS small_gaps,
    SUM(
        CASE
            WHEN d.last_end_us + u.small_gap_us
                >= d.first_start_us - (d.first_start_us + 28800000000) % 86400000000 + 86400000000 THEN 1
            ELSE 0
        END
    ) AS late_ends,
    MIN(d.gap_least_us) AS gap_least_us,
    MAX(d.gap_most_us) AS gap_most_us,
    SUM(d.idle_sessions) AS idle_sessions,
    SUM(d.active_sessions) AS active_sessions,
    SUM(d.length_us) AS length_us,
    SUM(d.night_us) AS night_us,
    SUM(d.order_breaks) AS order_breaks
FROM log_player_day AS d
INNER JOIN day AS u ON u.day = d.local_day
GROUP BY d.person_key, d.platform_id
