/*
title_zh = "可能的脚本刷课对象"
title_en = "Persons on a platform whose sums can make three signs of a scripted player"
description_en = """
A first look at indicator C06: of all persons and platforms with a session up to the as-of date those that, by the sums of their days alone, can show \
player_signs_minimum of the seven signs, supposing that their user agent is shared. Whether all gaps can be alike shows in the shortest and longest within \
a day: no value of n lies further from their mean than (n − 1) / √n sample standard deviations (Samuelson's inequality). Rules are those in force on \
the as-of day, since the sessions of a person reach over many days."""
audience = "intermediate"
grain = ["person_key", "platform_id"]
sources = ["notice 三（三）", "P. A. Samuelson, How Deviant Can You Be?, Journal of the American Statistical Association 63 (1968)"]
policy = ["player_signs_minimum", "player_sessions_minimum", "player_gap_variation", "player_jitter_seconds", "player_jitter_gaps", "player_small_gap_share", "player_idle_items", "player_night_share", "player_ordered_items"]

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
en = "sessions up to the as-of date"

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
name = "night"
type = "int"
unit = ""
zh = "夜间学习"
en = "1 where most of the time lies at night"

[[columns]]
name = "tested"
type = "int"
unit = "persons × platforms"
zh = "检验对象数"
en = "persons and platforms with a session, the same in every row"
*/
WITH
rule AS (
    SELECT
        MAX(CASE WHEN p.parameter = 'player_signs_minimum' THEN p.value_e6 END) AS signs_e6,
        MAX(CASE WHEN p.parameter = 'player_sessions_minimum' THEN p.value_e6 END) AS sessions_e6,
        MAX(CASE WHEN p.parameter = 'player_gap_variation' THEN p.value END) AS variation,
        MAX(CASE WHEN p.parameter = 'player_jitter_seconds' THEN p.value_e6 END) AS jitter_us,
        MAX(CASE WHEN p.parameter = 'player_jitter_gaps' THEN p.value_e6 END) AS jitter_gaps_e6,
        MAX(CASE WHEN p.parameter = 'player_small_gap_share' THEN p.value_e6 END) AS small_share_e6,
        MAX(CASE WHEN p.parameter = 'player_idle_items' THEN p.value_e6 END) AS idle_e6,
        MAX(CASE WHEN p.parameter = 'player_night_share' THEN p.value_e6 END) AS night_e6,
        MAX(CASE WHEN p.parameter = 'player_ordered_items' THEN p.value_e6 END) AS ordered_e6
    FROM policy AS p
    CROSS JOIN run_context AS r
    WHERE p.city_code = '370000' AND r.as_of >= p.valid_from AND r.as_of <= p.valid_until
),
tested AS (
    SELECT COUNT(*) AS tested FROM player_log_total
),
-- Gaps within a day, cut to a day as log_player_day cuts them.
total AS (
    SELECT
        t.person_key,
        t.platform_id,
        t.sessions,
        t.idle_sessions,
        t.active_sessions,
        t.length_us,
        t.night_us,
        t.order_breaks,
        t.small_gaps + t.late_ends AS small_gaps,
        t.gap_least_us IS NULL AS one_a_day,
        COALESCE(t.gap_most_us - t.gap_least_us, 0) AS gap_range_us,
        GREATEST(LEAST(t.gap_least_us, 86400000000), -86400000000) AS least_us,
        GREATEST(LEAST(t.gap_most_us, 86400000000), -86400000000) AS most_us,
        u.variation * (t.sessions - 2) / SQRT(CAST(GREATEST(t.sessions - 1, 1) AS DOUBLE)) AS reach
    FROM player_log_total AS t
    CROSS JOIN rule AS u
),
judged AS (
    SELECT
        t.person_key,
        t.platform_id,
        t.sessions,
        t.idle_sessions,
        t.active_sessions,
        u.signs_e6,
        -- Milliseconds keep the product inside 64 bits.
        CASE WHEN t.length_us > 0 AND t.night_us / 1000 * 1000000 > t.length_us / 1000 * u.night_e6 THEN 1 ELSE 0 END AS night,
        -- All gaps lie within `reach` × the absolute mean of the mean, so below 1 none has another sign, and the furthest is at most
        -- (1 + reach) / (1 − reach) times the nearest. Two milliseconds either way are the rounding of the gaps.
        CASE
            WHEN t.sessions * 1000000 < u.sessions_e6 THEN 0
            WHEN t.one_a_day OR t.least_us = t.most_us OR t.reach >= 1 THEN 1
            WHEN t.least_us > -2000 AND (1 - t.reach) * (t.most_us - 2000) <= (1 + t.reach) * (t.least_us + 2000) THEN 1
            WHEN t.most_us < 2000 AND (1 - t.reach) * (-t.least_us - 2000) <= (1 + t.reach) * (2000 - t.most_us) THEN 1
            ELSE 0
        END AS alike,
        CASE
            WHEN (t.sessions - 1) * 1000000 >= u.jitter_gaps_e6 AND t.gap_range_us <= u.jitter_us THEN 1
            ELSE 0
        END AS even,
        CASE WHEN t.active_sessions = 0 AND t.idle_sessions * 1000000 >= u.idle_e6 THEN 1 ELSE 0 END AS idle,
        CASE
            WHEN t.sessions * 1000000 >= u.sessions_e6
                AND t.small_gaps * 1000000 >= (t.sessions - 1) * u.small_share_e6 THEN 1
            ELSE 0
        END AS rapid,
        CASE WHEN t.order_breaks = 0 AND t.sessions * 1000000 >= u.ordered_e6 THEN 1 ELSE 0 END AS ordered
    FROM total AS t
    CROSS JOIN rule AS u
)
SELECT j.person_key, j.platform_id, j.sessions, j.idle_sessions, j.active_sessions, j.night, t.tested
FROM judged AS j
CROSS JOIN tested AS t
WHERE (1 + j.alike + j.even + j.idle + j.rapid + j.night + j.ordered) * 1000000 >= j.signs_e6
