/*
title_zh = "报名每日学习记录汇总"
title_en = "Study logs by enrolment and local day"
description_en = """
What one enrolment studied on one local day (Asia/Shanghai). Session times are cut at local midnight, so the days of an enrolment never \
overlap and add up; the counts and the watched seconds of a session belong to the day on which it started, so a day that only continues \
a session has zero sessions. union_us counts overlapping time once. A session that ends before it starts is empty: counted, without time. \
Where several platforms sent logs for one enrolment on one day, platform_id and last_platform_id differ and log_platform_day has their shares."""
audience = "intermediate"
grain = ["local_day", "enrolment_id"]
partition = "local_day"
incremental = true
sources = ["notice 三（三）"]
policy = []

[[columns]]
name = "local_day"
type = "date"
unit = ""
zh = "学习日期"
en = "local day of the study time"

[[columns]]
name = "enrolment_id"
type = "text"
unit = ""
zh = "报名编号"
en = "identifier of the enrolment"

[[columns]]
name = "platform_id"
type = "text"
unit = ""
zh = "平台代码"
en = "unified social credit code of the platform that sent the logs (GB 32100); the first by code where there are several"

[[columns]]
name = "last_platform_id"
type = "text"
unit = ""
zh = "末位平台代码"
en = "the last by code of the platforms that sent the logs; equal to platform_id on nearly all days"

[[columns]]
name = "sessions"
type = "int"
unit = "sessions"
zh = "学习次数"
en = "sessions started on the day"

[[columns]]
name = "sum_us"
type = "int"
unit = "microseconds"
zh = "时长合计"
en = "sum of the session lengths on the day, overlaps counted each time"

[[columns]]
name = "union_us"
type = "int"
unit = "microseconds"
zh = "去重时长"
en = "length of the union of the sessions on the day, overlaps counted once"

[[columns]]
name = "watched_seconds"
type = "int"
unit = "seconds"
zh = "平台计学秒数"
en = "watched seconds of the sessions started on the day, as the platform reports them"

[[columns]]
name = "face_prompts"
type = "int"
unit = "prompts"
zh = "人脸抽验次数"
en = "face checks prompted in the sessions started on the day"

[[columns]]
name = "face_passed"
type = "int"
unit = "prompts"
zh = "人脸通过次数"
en = "face checks passed in the sessions started on the day"

[[columns]]
name = "uploaded_known"
type = "int"
unit = "sessions"
zh = "有上传时间次数"
en = "sessions started on the day that have an upload time"

[[columns]]
name = "uploaded_late"
type = "int"
unit = "sessions"
zh = "迟传次数"
en = "of these, sessions uploaded more than 24 hours after their end"

[[columns]]
name = "going_on"
type = "int"
unit = "sessions"
zh = "跨日未完次数"
en = "sessions that go on after the day"
*/
WITH
piece AS (
    SELECT
        started_day AS local_day,
        enrolment_id,
        platform_id,
        started_us AS start_us,
        GREATEST(ended_us, started_us) AS end_us,
        1 AS sessions,
        watched_seconds,
        face_prompts,
        face_passed,
        CASE WHEN uploaded_us IS NOT NULL THEN 1 ELSE 0 END AS uploaded_known,
        CASE WHEN uploaded_us - ended_us > 86400000000 THEN 1 ELSE 0 END AS uploaded_late,
        0 AS going_on
    FROM study_logs
    WHERE ended_day <= started_day
    UNION ALL
    SELECT
        d.day AS local_day,
        l.enrolment_id,
        l.platform_id,
        GREATEST(l.started_us, d.start_us) AS start_us,
        LEAST(l.ended_us, d.end_us) AS end_us,
        CASE WHEN d.day = l.started_day THEN 1 ELSE 0 END AS sessions,
        CASE WHEN d.day = l.started_day THEN l.watched_seconds ELSE 0 END AS watched_seconds,
        CASE WHEN d.day = l.started_day THEN l.face_prompts ELSE 0 END AS face_prompts,
        CASE WHEN d.day = l.started_day THEN l.face_passed ELSE 0 END AS face_passed,
        CASE WHEN d.day = l.started_day AND l.uploaded_us IS NOT NULL THEN 1 ELSE 0 END AS uploaded_known,
        CASE WHEN d.day = l.started_day AND l.uploaded_us - l.ended_us > 86400000000 THEN 1 ELSE 0 END AS uploaded_late,
        CASE WHEN l.ended_us > d.end_us THEN 1 ELSE 0 END AS going_on
    FROM study_logs AS l
    INNER JOIN days AS d ON d.day >= l.started_day AND d.day <= l.ended_day
    WHERE l.ended_day > l.started_day AND l.ended_us > d.start_us
)
SELECT
    local_day,
    enrolment_id,
    MIN(platform_id) AS platform_id,
    MAX(platform_id) AS last_platform_id,
    SUM(sessions) AS sessions,
    SUM(end_us - start_us) AS sum_us,
    union_length(ARRAY_AGG(start_us), ARRAY_AGG(end_us)) AS union_us,
    SUM(watched_seconds) AS watched_seconds,
    COALESCE(SUM(face_prompts), 0) AS face_prompts,
    COALESCE(SUM(face_passed), 0) AS face_passed,
    SUM(uploaded_known) AS uploaded_known,
    SUM(uploaded_late) AS uploaded_late,
    SUM(going_on) AS going_on
FROM piece
GROUP BY local_day, enrolment_id
