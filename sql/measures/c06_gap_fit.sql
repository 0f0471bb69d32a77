/*
title_zh = "间隔均匀分布检验"
title_en = "How evenly the gaps of a player are spread"
description_en = """
For the persons and platforms of c06_players whose gaps between sessions, at least player_jitter_gaps of them, all lie within player_jitter_seconds of one another \
but are not all the same: the distance of Kolmogorov and Smirnov from an even spread between the least and the greatest, and its p-value. Where all gaps are \
whole seconds (or milliseconds) the spread is one of whole seconds."""
audience = "intermediate"
grain = ["person_key", "platform_id"]
sources = ["notice 三（三）"]
policy = ["player_jitter_seconds", "player_jitter_gaps"]

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
name = "gaps"
type = "int"
unit = "gaps"
zh = "间隔数"
en = "gaps between the sessions"

[[columns]]
name = "distance"
type = "float"
unit = ""
zh = "最大偏差"
en = "greatest distance of the shares from an even spread"

[[columns]]
name = "p_value"
type = "float"
unit = "probability"
zh = "p值"
en = "two-sided p-value of that distance"
*/
WITH
rule AS (
    SELECT
        MAX(CASE WHEN p.parameter = 'player_jitter_seconds' THEN p.value_e6 END) AS jitter_us,
        MAX(CASE WHEN p.parameter = 'player_jitter_gaps' THEN p.value_e6 END) AS jitter_gaps_e6
    FROM policy AS p
    CROSS JOIN run_context AS r
    WHERE p.city_code = '370000' AND r.as_of >= p.valid_from AND r.as_of <= p.valid_until
),
-- Even spread: every single gap, of the few whose gaps all lie close together.
reach AS (
    SELECT
        d.person_key,
        d.platform_id,
        SUM(d.sessions) - 1 AS gaps,
        MIN(LEAST(COALESCE(d.gap_least_us, d.night_gap_us), COALESCE(d.night_gap_us, d.gap_least_us))) AS least_us,
        MAX(GREATEST(COALESCE(d.gap_most_us, d.night_gap_us), COALESCE(d.night_gap_us, d.gap_most_us))) AS most_us
    FROM c06_player_days AS d
    GROUP BY d.person_key, d.platform_id
),
narrow AS (
    SELECT m.person_key, m.platform_id, m.gaps, m.least_us, m.most_us
    FROM reach AS m
    CROSS JOIN rule AS u
    WHERE m.gaps * 1000000 >= u.jitter_gaps_e6
      AND m.most_us - m.least_us <= u.jitter_us
      AND m.most_us > m.least_us
),
single_gap AS (
    SELECT d.person_key, d.platform_id, g.gap_us, g.gaps
    FROM c06_player_days AS d
    INNER JOIN narrow AS n ON n.person_key = d.person_key AND n.platform_id = d.platform_id
    INNER JOIN log_gap_day AS g
        ON g.local_day = d.local_day AND g.person_key = d.person_key AND g.platform_id = d.platform_id
    UNION ALL
    SELECT d.person_key, d.platform_id, d.gap_least_us AS gap_us, 1 AS gaps
    FROM c06_player_days AS d
    INNER JOIN narrow AS n ON n.person_key = d.person_key AND n.platform_id = d.platform_id
    WHERE d.sessions = 2 OR d.sessions = 3
    UNION ALL
    SELECT d.person_key, d.platform_id, d.gap_most_us AS gap_us, 1 AS gaps
    FROM c06_player_days AS d
    INNER JOIN narrow AS n ON n.person_key = d.person_key AND n.platform_id = d.platform_id
    WHERE d.sessions = 3
    UNION ALL
    SELECT d.person_key, d.platform_id, d.night_gap_us AS gap_us, 1 AS gaps
    FROM c06_player_days AS d
    INNER JOIN narrow AS n ON n.person_key = d.person_key AND n.platform_id = d.platform_id
    WHERE d.night_gap_us IS NOT NULL
),
gap_value AS (
    SELECT person_key, platform_id, gap_us, SUM(gaps) AS gaps
    FROM single_gap
    GROUP BY person_key, platform_id, gap_us
),
grid AS (
    SELECT
        person_key,
        platform_id,
        CASE
            WHEN MAX(ABS(gap_us % 1000000)) = 0 THEN 1000000
            WHEN MAX(ABS(gap_us % 1000)) = 0 THEN 1000
            ELSE 1
        END AS step_us
    FROM gap_value
    GROUP BY person_key, platform_id
),
ranked AS (
    SELECT
        v.person_key,
        v.platform_id,
        v.gaps,
        n.gaps AS all_gaps,
        v.gap_us - n.least_us AS offset_us,
        n.most_us - n.least_us + g.step_us AS width_us,
        g.step_us,
        SUM(v.gaps) OVER (
            PARTITION BY v.person_key, v.platform_id ORDER BY v.gap_us ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS so_far
    FROM gap_value AS v
    INNER JOIN narrow AS n ON n.person_key = v.person_key AND n.platform_id = v.platform_id
    INNER JOIN grid AS g ON g.person_key = v.person_key AND g.platform_id = v.platform_id
),
distance AS (
    SELECT
        person_key,
        platform_id,
        all_gaps,
        MAX(
            GREATEST(
                ABS(so_far / all_gaps - (offset_us + step_us) / width_us),
                ABS((so_far - gaps) / all_gaps - offset_us / width_us)
            )
        ) AS distance
    FROM ranked
    GROUP BY person_key, platform_id, all_gaps
)
SELECT person_key, platform_id, all_gaps AS gaps, distance, kolmogorov_p(distance, all_gaps) AS p_value
FROM distance
