/*
title_zh = "多平台学习日的平台汇总"
title_en = "Study logs by enrolment, platform and local day where platforms share a day"
description_en = """
The figures of log_enrolment_day for each platform, only for the days on which several platforms sent logs for one enrolment. On all other \
days the platform of log_enrolment_day sent everything. Times are cut at local midnight; union_us counts time once within a platform, so \
the platforms of a day may add up to more than the enrolment's union."""
audience = "intermediate"
grain = ["local_day", "enrolment_id", "platform_id"]
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
en = "unified social credit code of the platform that sent the logs (GB 32100)"

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
*/
WITH
-- Few of all: where one platform sent everything, log_enrolment_day has its figures.
shared_day AS (
    SELECT local_day, enrolment_id FROM log_enrolment_day WHERE platform_id < last_platform_id
),
shared_enrolment AS (
    SELECT DISTINCT enrolment_id FROM shared_day
),
session AS (
    SELECT
        l.enrolment_id,
        l.platform_id,
        l.started_us,
        l.ended_us,
        l.started_day,
        l.ended_day,
        l.watched_seconds,
        l.face_prompts,
        l.face_passed,
        l.uploaded_us
    FROM study_logs AS l
    LEFT SEMI JOIN shared_enrolment AS s ON s.enrolment_id = l.enrolment_id
),
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
        CASE WHEN uploaded_us - ended_us > 86400000000 THEN 1 ELSE 0 END AS uploaded_late
    FROM session
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
        CASE WHEN d.day = l.started_day AND l.uploaded_us - l.ended_us > 86400000000 THEN 1 ELSE 0 END AS uploaded_late
    FROM session AS l
    INNER JOIN days AS d ON d.day >= l.started_day AND d.day <= l.ended_day
    WHERE l.ended_day > l.started_day AND l.ended_us > d.start_us
)
SELECT
    p.local_day,
    p.enrolment_id,
    p.platform_id,
    SUM(p.sessions) AS sessions,
    SUM(p.end_us - p.start_us) AS sum_us,
    union_length(ARRAY_AGG(p.start_us), ARRAY_AGG(p.end_us)) AS union_us,
    SUM(p.watched_seconds) AS watched_seconds,
    COALESCE(SUM(p.face_prompts), 0) AS face_prompts,
    COALESCE(SUM(p.face_passed), 0) AS face_passed,
    SUM(p.uploaded_known) AS uploaded_known,
    SUM(p.uploaded_late) AS uploaded_late
FROM piece AS p
INNER JOIN shared_day AS s ON s.local_day = p.local_day AND s.enrolment_id = p.enrolment_id
GROUP BY p.local_day, p.enrolment_id, p.platform_id
