/*
title_zh = "平台人员每日多报名多终端明细"
title_en = "Parts of a person's day on a platform with several enrolments or user agents"
description_en = """
Only for the days of log_player_day on which a person has several enrolments or user agents on the platform: the sessions that started on the \
day, by enrolment and user agent."""
audience = "intermediate"
grain = ["local_day", "person_key", "platform_id", "enrolment_id", "user_agent"]
partition = "local_day"
incremental = true
sources = ["notice 三（三）"]
policy = []

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
en = "identifier of the enrolment"

[[columns]]
name = "user_agent"
type = "text"
unit = ""
zh = "终端标识"
en = "user agent; an empty text when none is given"

[[columns]]
name = "several_enrolments"
type = "bool"
unit = ""
zh = "是否多报名"
en = "whether the day has several enrolments, so that log_player_day has no figures of one"

[[columns]]
name = "sessions"
type = "int"
unit = "sessions"
zh = "学习次数"
en = "sessions of this part"

[[columns]]
name = "whole_minute_times"
type = "int"
unit = "times"
zh = "整分时刻数"
en = "starts and ends of these sessions on second 00"
*/
WITH
mixed_day AS (
    SELECT local_day, person_key, platform_id, enrolment_id < last_enrolment_id AS several_enrolments
    FROM log_player_day
    WHERE enrolment_id < last_enrolment_id OR user_agent < last_user_agent
)
SELECT
    m.local_day,
    m.person_key,
    m.platform_id,
    l.enrolment_id,
    COALESCE(l.user_agent, '') AS user_agent,
    m.several_enrolments,
    COUNT(*) AS sessions,
    SUM(
        CASE WHEN l.started_us % 60000000 < 1000000 THEN 1 ELSE 0 END
            + CASE WHEN l.ended_us % 60000000 < 1000000 THEN 1 ELSE 0 END
    ) AS whole_minute_times
FROM study_logs AS l
INNER JOIN mixed_day AS m
    ON m.local_day = l.started_day AND m.person_key = l.person_key AND m.platform_id = l.platform_id
GROUP BY m.local_day, m.person_key, m.platform_id, l.enrolment_id, COALESCE(l.user_agent, ''), m.several_enrolments
