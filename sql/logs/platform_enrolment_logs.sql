/*
title_zh = "平台报名学习记录汇总"
title_en = "Study logs of the evaluation's windows by platform and enrolment"
description_en = """
Counts of the sessions that a platform sent for an enrolment, started in the 12 months to the as-of date and, in the columns that begin \
with before_, in the 12 months to the day one month earlier. An enrolment without logs in either has no row."""
audience = "intermediate"
grain = ["platform_id", "enrolment_id"]
sources = ["notice 三（三）"]
policy = []

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
name = "sessions"
type = "int"
unit = "sessions"
zh = "学习次数"
en = "sessions started in the 12 months to the as-of date"

[[columns]]
name = "watched_seconds"
type = "int"
unit = "seconds"
zh = "平台计学秒数"
en = "watched seconds of these sessions, as the platform reports them"

[[columns]]
name = "face_prompts"
type = "int"
unit = "prompts"
zh = "人脸抽验次数"
en = "face checks prompted in these sessions"

[[columns]]
name = "face_passed"
type = "int"
unit = "prompts"
zh = "人脸通过次数"
en = "face checks passed in these sessions"

[[columns]]
name = "uploaded_known"
type = "int"
unit = "sessions"
zh = "有上传时间次数"
en = "of these sessions, those with an upload time"

[[columns]]
name = "uploaded_in_time"
type = "int"
unit = "sessions"
zh = "按时上传次数"
en = "of these, sessions uploaded at most 24 hours after their end"

[[columns]]
name = "before_sessions"
type = "int"
unit = "sessions"
zh = "上月学习次数"
en = "sessions started in the 12 months to the day one month before the as-of date"

[[columns]]
name = "before_face_prompts"
type = "int"
unit = "prompts"
zh = "上月人脸抽验次数"
en = "face checks prompted in these sessions"

[[columns]]
name = "before_face_passed"
type = "int"
unit = "prompts"
zh = "上月人脸通过次数"
en = "face checks passed in these sessions"

[[columns]]
name = "before_uploaded_known"
type = "int"
unit = "sessions"
zh = "上月有上传时间次数"
en = "of these sessions, those with an upload time"

[[columns]]
name = "before_uploaded_in_time"
type = "int"
unit = "sessions"
zh = "上月按时上传次数"
en = "of these, sessions uploaded at most 24 hours after their end"
*/
WITH
-- Nearly all days of an enrolment have one platform; the others are divided in log_platform_day.
platform_day AS (
    SELECT local_day, enrolment_id, platform_id, sessions, watched_seconds, face_prompts, face_passed, uploaded_known, uploaded_known - uploaded_late AS uploaded_in_time
    FROM log_enrolment_day
    WHERE platform_id = last_platform_id AND sessions > 0
    UNION ALL
    SELECT local_day, enrolment_id, platform_id, sessions, watched_seconds, face_prompts, face_passed, uploaded_known, uploaded_known - uploaded_late AS uploaded_in_time
    FROM log_platform_day
    WHERE sessions > 0
)
SELECT
    l.platform_id,
    l.enrolment_id,
    SUM(CASE WHEN d.in_year THEN l.sessions ELSE 0 END) AS sessions,
    SUM(CASE WHEN d.in_year THEN l.watched_seconds ELSE 0 END) AS watched_seconds,
    SUM(CASE WHEN d.in_year THEN l.face_prompts ELSE 0 END) AS face_prompts,
    SUM(CASE WHEN d.in_year THEN l.face_passed ELSE 0 END) AS face_passed,
    SUM(CASE WHEN d.in_year THEN l.uploaded_known ELSE 0 END) AS uploaded_known,
    SUM(CASE WHEN d.in_year THEN l.uploaded_in_time ELSE 0 END) AS uploaded_in_time,
    SUM(CASE WHEN d.in_year_before THEN l.sessions ELSE 0 END) AS before_sessions,
    SUM(CASE WHEN d.in_year_before THEN l.face_prompts ELSE 0 END) AS before_face_prompts,
    SUM(CASE WHEN d.in_year_before THEN l.face_passed ELSE 0 END) AS before_face_passed,
    SUM(CASE WHEN d.in_year_before THEN l.uploaded_known ELSE 0 END) AS before_uploaded_known,
    SUM(CASE WHEN d.in_year_before THEN l.uploaded_in_time ELSE 0 END) AS before_uploaded_in_time
FROM platform_day AS l
INNER JOIN evaluation_days AS d ON d.day = l.local_day
WHERE d.in_year OR d.in_year_before
GROUP BY l.platform_id, l.enrolment_id
