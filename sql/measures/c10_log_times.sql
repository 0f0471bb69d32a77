/*
title_zh = "报名学习记录整分时刻"
title_en = "Whole minutes of the study logs by enrolment"
description_en = """
How many of the starts and ends of all sessions of an enrolment up to the as-of date lie on second 00."""
audience = "intermediate"
grain = ["enrolment_id"]
sources = ["notice 三（三）"]
policy = []
split_by = "enrolment_id"

[[columns]]
name = "enrolment_id"
type = "text"
unit = ""
zh = "报名编号"
en = "identifier of the enrolment"

[[columns]]
name = "times"
type = "int"
unit = "times"
zh = "时刻数"
en = "starts and ends of the sessions"

[[columns]]
name = "whole_minute_times"
type = "int"
unit = "times"
zh = "整分时刻数"
en = "of these, times on second 00"
*/
WITH
time_part AS (
    SELECT d.enrolment_id, d.sessions, d.whole_minute_times
    FROM log_player_day AS d
    WHERE d.enrolment_id = d.last_enrolment_id
    UNION ALL
    SELECT s.enrolment_id, s.sessions, s.whole_minute_times
    FROM log_player_share_day AS s
    WHERE s.several_enrolments
)
SELECT enrolment_id, 2 * SUM(sessions) AS times, SUM(whole_minute_times) AS whole_minute_times
FROM time_part
GROUP BY enrolment_id
