/*
title_zh = "脚本刷课特征"
title_en = "Signs of a scripted player by person and platform"
description_en = """
Six of the seven signs of indicator C06 for each person and platform that shows so many of them that the seventh, a user agent shared in the class, could \
make a hit. c06_players has left out the many that cannot; only of the others are the days put in order. Gaps are those between consecutive \
sessions of all the person's sessions on the platform, nights included: from the end of one to the start of the next in order of start, negative where they \
overlap. Gaps are judged from player_sessions_minimum sessions on. Alike: sample standard deviation below player_gap_variation × the absolute mean, or no \
difference at all. Even: all within player_jitter_seconds of one another but not all the same, and by Kolmogorov and Smirnov not unlike an even spread \
between the least and the greatest; where all gaps are whole seconds (or milliseconds) the spread is one of whole seconds. Catalogue order is that of the \
item identifiers."""
audience = "intermediate"
grain = ["person_key", "platform_id"]
sources = ["notice 三（三）"]
policy = ["player_signs_minimum", "player_sessions_minimum", "player_gap_variation", "player_jitter_p", "player_small_gap_seconds", "player_small_gap_share", "player_idle_items", "player_ordered_items"]

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
name = "alike"
type = "int"
unit = ""
zh = "间隔几乎相同"
en = "1 where the gaps are nearly all the same"

[[columns]]
name = "even"
type = "int"
unit = ""
zh = "间隔均匀分布"
en = "1 where the gaps are spread evenly over a narrow range"

[[columns]]
name = "idle"
type = "int"
unit = ""
zh = "无交互"
en = "1 where no session shows an interaction, over enough items"

[[columns]]
name = "rapid"
type = "int"
unit = ""
zh = "间隔极短"
en = "1 where most gaps are very short"

[[columns]]
name = "night"
type = "int"
unit = ""
zh = "夜间学习"
en = "1 where most of the time lies at night"

[[columns]]
name = "ordered"
type = "int"
unit = ""
zh = "按目录顺序无回看"
en = "1 where enough items are studied in catalogue order, none twice"

[[columns]]
name = "signs"
type = "int"
unit = "signs"
zh = "特征数"
en = "sum of the six"

[[columns]]
name = "tested"
type = "int"
unit = "persons × platforms"
zh = "检验对象数"
en = "persons and platforms with a session, the same in every row"
*/
WITH
-- The rules in force on the as-of day, since a person's sessions reach over many days.
rule AS (
    SELECT
        MAX(CASE WHEN p.parameter = 'player_signs_minimum' THEN p.value_e6 END) AS signs_e6,
        MAX(CASE WHEN p.parameter = 'player_sessions_minimum' THEN p.value_e6 END) AS sessions_e6,
        MAX(CASE WHEN p.parameter = 'player_gap_variation' THEN p.value END) AS variation,
        MAX(CASE WHEN p.parameter = 'player_jitter_p' THEN p.value END) AS jitter_p,
        MAX(CASE WHEN p.parameter = 'player_small_gap_seconds' THEN p.value_e6 END) AS small_gap_us,
        MAX(CASE WHEN p.parameter = 'player_small_gap_share' THEN p.value_e6 END) AS small_share_e6,
        MAX(CASE WHEN p.parameter = 'player_idle_items' THEN p.value_e6 END) AS idle_e6,
        MAX(CASE WHEN p.parameter = 'player_ordered_items' THEN p.value_e6 END) AS ordered_e6
    FROM policy AS p
    CROSS JOIN run_context AS r
    WHERE p.city_code = '370000' AND r.as_of >= p.valid_from AND r.as_of <= p.valid_until
),
-- In milliseconds as floats: squares of gaps of months do not fit 64 bits.
moment AS (
    SELECT
        d.person_key,
        d.platform_id,
        SUM(COALESCE(d.gap_ms, 0) + COALESCE(d.night_gap_us, 0) / 1000) AS sum_ms,
        SUM(COALESCE(d.gap_square_ms2, 0) + (COALESCE(d.night_gap_us, 0) / 1000) * (COALESCE(d.night_gap_us, 0) / 1000)) AS square_ms2,
        MIN(LEAST(COALESCE(d.gap_least_us, d.night_gap_us), COALESCE(d.night_gap_us, d.gap_least_us))) AS least_us,
        MAX(GREATEST(COALESCE(d.gap_most_us, d.night_gap_us), COALESCE(d.night_gap_us, d.gap_most_us))) AS most_us,
        SUM(d.small_gaps + CASE WHEN d.night_gap_us < u.small_gap_us THEN 1 ELSE 0 END) AS small_gaps,
        SUM(d.order_breaks) AS order_breaks
    FROM c06_player_days AS d
    CROSS JOIN rule AS u
    GROUP BY d.person_key, d.platform_id
),
idle_item AS (
    SELECT DISTINCT i.person_key, i.platform_id, i.item_id
    FROM log_idle_item_day AS i
    INNER JOIN c06_players AS p ON p.person_key = i.person_key AND p.platform_id = i.platform_id
    WHERE p.active_sessions = 0
),
idle_count AS (
    SELECT person_key, platform_id, COUNT(*) AS idle_items FROM idle_item GROUP BY person_key, platform_id
),
judged AS (
    SELECT
        p.person_key,
        p.platform_id,
        u.signs_e6,
        CASE
            WHEN p.sessions * 1000000 < u.sessions_e6 OR p.sessions < 3 THEN 0
            WHEN m.most_us = m.least_us THEN 1
            WHEN GREATEST(m.square_ms2 - m.sum_ms * m.sum_ms / (p.sessions - 1), 0.0) / (p.sessions - 2)
                < u.variation * u.variation * (m.sum_ms / (p.sessions - 1)) * (m.sum_ms / (p.sessions - 1)) THEN 1
            ELSE 0
        END AS alike,
        CASE WHEN f.p_value > u.jitter_p THEN 1 ELSE 0 END AS even,
        CASE WHEN p.active_sessions = 0 AND c.idle_items * 1000000 >= u.idle_e6 THEN 1 ELSE 0 END AS idle,
        CASE
            WHEN p.sessions * 1000000 >= u.sessions_e6 AND p.sessions > 1
                AND m.small_gaps * 1000000 >= (p.sessions - 1) * u.small_share_e6 THEN 1
            ELSE 0
        END AS rapid,
        p.night,
        p.tested,
        CASE WHEN m.order_breaks = 0 AND p.sessions * 1000000 >= u.ordered_e6 THEN 1 ELSE 0 END AS ordered
    FROM c06_players AS p
    CROSS JOIN rule AS u
    INNER JOIN moment AS m ON m.person_key = p.person_key AND m.platform_id = p.platform_id
    LEFT JOIN idle_count AS c ON c.person_key = p.person_key AND c.platform_id = p.platform_id
    LEFT JOIN c06_gap_fit AS f ON f.person_key = p.person_key AND f.platform_id = p.platform_id
)
SELECT
    j.person_key,
    j.platform_id,
    j.alike,
    j.even,
    j.idle,
    j.rapid,
    j.night,
    j.ordered,
    j.alike + j.even + j.idle + j.rapid + j.night + j.ordered AS signs,
    j.tested
FROM judged AS j
WHERE (j.alike + j.even + j.idle + j.rapid + j.night + j.ordered + 1) * 1000000 >= j.signs_e6
