/*
title_zh = "平台人员每日播放特征"
title_en = "How the sessions of a person on a platform follow one another, by local day"
description_en = """
Counts and moments of one person's sessions on one platform that started on one local day (Asia/Shanghai), from which indicator C06 can tell a \
scripted player and C10 times without seconds. A session belongs wholly to the day on which it started. Sessions are ordered by start, end \
and item; the gap after a session lasts from its end to the next start, and is negative where they overlap. Gaps between days are worked \
out from the first start and the last end. Items stand in the catalogue by their identifier, so of a day without a break in the order the \
first and last item by identifier are also the first and last studied. Where a day has several enrolments or user agents, \
log_player_share_day has their parts."""
audience = "intermediate"
grain = ["local_day", "person_key", "platform_id"]
partition = "local_day"
incremental = true
sources = ["notice 三（三）"]
policy = ["player_small_gap_seconds", "player_night_until_hour"]

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
name = "enrolment_id"
type = "text"
unit = ""
zh = "报名编号"
en = "identifier of the enrolment; the first by identifier where there are several"

[[columns]]
name = "last_enrolment_id"
type = "text"
unit = ""
zh = "末位报名编号"
en = "the last by identifier of the enrolments; equal to enrolment_id on nearly all days"

[[columns]]
name = "log_id"
type = "text"
unit = ""
zh = "记录编号"
en = "one session of the day, as evidence: the first by identifier"

[[columns]]
name = "sessions"
type = "int"
unit = "sessions"
zh = "学习次数"
en = "sessions started on the day"

[[columns]]
name = "first_start_us"
type = "int"
unit = "microseconds"
zh = "首次开始时刻"
en = "start of the first session, microseconds since 1970 UTC"

[[columns]]
name = "last_end_us"
type = "int"
unit = "microseconds"
zh = "末次结束时刻"
en = "end of the session that started last, microseconds since 1970 UTC"

[[columns]]
name = "gap_ms"
type = "int"
unit = "milliseconds"
zh = "间隔合计"
en = "sum of the gaps, each in whole milliseconds and cut to a day either way; empty with one session"

[[columns]]
name = "gap_square_ms2"
type = "int"
unit = "square milliseconds"
zh = "间隔平方和"
en = "sum of the squares of these; empty with one session"

[[columns]]
name = "gap_least_us"
type = "int"
unit = "microseconds"
zh = "最短间隔"
en = "shortest gap, negative for an overlap; empty with one session"

[[columns]]
name = "gap_most_us"
type = "int"
unit = "microseconds"
zh = "最长间隔"
en = "longest gap; empty with one session"

[[columns]]
name = "small_gaps"
type = "int"
unit = "gaps"
zh = "极短间隔数"
en = "gaps shorter than player_small_gap_seconds, overlaps included"

[[columns]]
name = "idle_sessions"
type = "int"
unit = "sessions"
zh = "无交互次数"
en = "sessions for which the platform reports no interaction at all; those without a report are not counted"

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
en = "sum of the session lengths, overlaps counted each time"

[[columns]]
name = "night_us"
type = "int"
unit = "microseconds"
zh = "夜间时长"
en = "of this, time between midnight and player_night_until_hour, on whichever day"

[[columns]]
name = "order_breaks"
type = "int"
unit = "sessions"
zh = "顺序中断次数"
en = "sessions followed by the same item again or by one that stands earlier in the catalogue"

[[columns]]
name = "first_item_id"
type = "text"
unit = ""
zh = "首个课件编号"
en = "first item of the day by identifier"

[[columns]]
name = "last_item_id"
type = "text"
unit = ""
zh = "末个课件编号"
en = "last item of the day by identifier"

[[columns]]
name = "user_agent"
type = "text"
unit = ""
zh = "终端标识"
en = "user agent; the first by text where there are several, empty when none is given"

[[columns]]
name = "last_user_agent"
type = "text"
unit = ""
zh = "末位终端标识"
en = "the last by text of the user agents"

[[columns]]
name = "whole_minute_times"
type = "int"
unit = "times"
zh = "整分时刻数"
en = "starts and ends of the sessions on second 00"
*/
WITH
-- A millionth of a second is a microsecond; a millionth of a clock hour is 3600 µs.
day_limit AS (
    SELECT
        d.day,
        MAX(CASE WHEN p.parameter = 'player_small_gap_seconds' THEN p.value_e6 END) AS small_gap_us,
        MAX(CASE WHEN p.parameter = 'player_night_until_hour' THEN p.value_e6 END) * 3600 AS night_us
    FROM days AS d
    CROSS JOIN policy AS p
    WHERE p.city_code = '370000' AND d.day >= p.valid_from AND d.day <= p.valid_until
    GROUP BY d.day
),
session AS (
    SELECT
        started_day AS local_day,
        person_key,
        platform_id,
        enrolment_id,
        item_id,
        log_id,
        user_agent,
        ui_events,
        started_us AS start_us,
        GREATEST(ended_us, started_us) AS end_us,
        -- Local time of day, and the local midnight before it.
        (started_us + 28800000000) % 86400000000 AS start_clock_us,
        (GREATEST(ended_us, started_us) + 28800000000) % 86400000000 AS end_clock_us,
        CASE WHEN started_us % 60000000 < 1000000 THEN 1 ELSE 0 END
            + CASE WHEN ended_us % 60000000 < 1000000 THEN 1 ELSE 0 END AS whole_minute_times
    FROM study_logs
),
-- One order of all sessions instead of one for each person, of whom a day has a hundred thousand: many times faster.
followed AS (
    SELECT
        local_day,
        person_key,
        platform_id,
        enrolment_id,
        item_id,
        log_id,
        user_agent,
        ui_events,
        start_us,
        end_us,
        start_clock_us,
        end_clock_us,
        whole_minute_times,
        LEAD(local_day) OVER in_order AS following_day,
        LEAD(person_key) OVER in_order AS following_person_key,
        LEAD(platform_id) OVER in_order AS following_platform_id,
        LEAD(start_us) OVER in_order AS following_start_us,
        LEAD(item_id) OVER in_order AS following_item_id
    FROM session
    WINDOW in_order AS (ORDER BY local_day, person_key, platform_id, start_us, end_us, item_id)
),
-- What follows counts where it is of the same day, person and platform.
next_session AS (
    SELECT
        local_day,
        person_key,
        platform_id,
        enrolment_id,
        item_id,
        log_id,
        user_agent,
        ui_events,
        start_us,
        end_us,
        start_clock_us,
        end_clock_us,
        whole_minute_times,
        CASE
            WHEN following_day = local_day
                AND following_person_key = person_key
                AND following_platform_id IS NOT DISTINCT FROM platform_id
                THEN following_start_us
        END AS next_start_us,
        CASE
            WHEN following_day = local_day
                AND following_person_key = person_key
                AND following_platform_id IS NOT DISTINCT FROM platform_id
                THEN following_item_id
        END AS next_item_id
    FROM followed
),
measured AS (
    SELECT
        f.local_day,
        f.person_key,
        f.platform_id,
        f.enrolment_id,
        f.item_id,
        f.log_id,
        f.user_agent,
        f.ui_events,
        f.start_us,
        f.end_us,
        f.whole_minute_times,
        f.next_start_us,
        f.next_start_us - f.end_us AS gap_us,
        -- LEAST passes over what is empty, so the last session of the day must be told first.
        CASE
            WHEN f.next_start_us IS NOT NULL
                THEN CAST(GREATEST(LEAST((f.next_start_us - f.end_us) / 1000, 86400000), -86400000) AS BIGINT)
        END AS gap_ms,
        CASE WHEN f.next_start_us - f.end_us < m.small_gap_us THEN 1 ELSE 0 END AS small_gaps,
        CASE WHEN f.next_item_id <= f.item_id THEN 1 ELSE 0 END AS order_breaks,
        -- Whole days between the two midnights have a whole night each.
        CAST(((f.end_us - f.end_clock_us) - (f.start_us - f.start_clock_us)) / 86400000000 AS BIGINT) * m.night_us
            + LEAST(f.end_clock_us, m.night_us) - LEAST(f.start_clock_us, m.night_us) AS night_us
    FROM next_session AS f
    INNER JOIN day_limit AS m ON m.day = f.local_day
)
SELECT
    local_day,
    person_key,
    platform_id,
    MIN(enrolment_id) AS enrolment_id,
    MAX(enrolment_id) AS last_enrolment_id,
    MIN(log_id) AS log_id,
    COUNT(*) AS sessions,
    MIN(start_us) AS first_start_us,
    MAX(CASE WHEN next_start_us IS NULL THEN end_us END) AS last_end_us,
    CASE WHEN COUNT(*) > 1 THEN SUM(gap_ms) END AS gap_ms,
    CASE WHEN COUNT(*) > 1 THEN SUM(gap_ms * gap_ms) END AS gap_square_ms2,
    MIN(gap_us) AS gap_least_us,
    MAX(gap_us) AS gap_most_us,
    SUM(small_gaps) AS small_gaps,
    SUM(CASE WHEN ui_events = 0 THEN 1 ELSE 0 END) AS idle_sessions,
    SUM(CASE WHEN ui_events > 0 THEN 1 ELSE 0 END) AS active_sessions,
    SUM(end_us - start_us) AS length_us,
    SUM(night_us) AS night_us,
    SUM(order_breaks) AS order_breaks,
    MIN(item_id) AS first_item_id,
    MAX(item_id) AS last_item_id,
    MIN(user_agent) AS user_agent,
    MAX(user_agent) AS last_user_agent,
    SUM(whole_minute_times) AS whole_minute_times
FROM measured
GROUP BY local_day, person_key, platform_id
