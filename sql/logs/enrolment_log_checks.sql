/*
title_zh = "报名学习记录核验汇总"
title_en = "Sessions, face checks and uploads by enrolment and platform"
description_en = """
All sessions of an enrolment on a platform that started up to the as-of date, with their face checks and uploads."""
audience = "intermediate"
grain = ["enrolment_id", "platform_id"]
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
name = "platform_id"
type = "text"
unit = ""
zh = "平台代码"
en = "unified social credit code of the platform that sent the logs (GB 32100)"

[[columns]]
name = "first_day"
type = "date"
unit = ""
zh = "首次学习日期"
en = "first local day on which a session started"

[[columns]]
name = "sessions"
type = "int"
unit = "sessions"
zh = "学习次数"
en = "sessions"

[[columns]]
name = "face_prompts"
type = "int"
unit = "prompts"
zh = "人脸抽验次数"
en = "face checks prompted"

[[columns]]
name = "face_passed"
type = "int"
unit = "prompts"
zh = "人脸通过次数"
en = "face checks passed"

[[columns]]
name = "uploaded_known"
type = "int"
unit = "sessions"
zh = "有上传时间次数"
en = "sessions with an upload time"

[[columns]]
name = "uploaded_late"
type = "int"
unit = "sessions"
zh = "迟传次数"
en = "of these, sessions uploaded more than 24 hours after their end"
*/
WITH
-- Of nearly all days the sessions are in log_enrolment_day, of the others in log_platform_day.
platform_day AS (
    SELECT d.local_day, d.enrolment_id, d.platform_id, d.sessions, d.face_prompts, d.face_passed, d.uploaded_known, d.uploaded_late
    FROM log_enrolment_day AS d
    WHERE d.sessions > 0 AND d.platform_id = d.last_platform_id
    UNION ALL
    SELECT d.local_day, d.enrolment_id, d.platform_id, d.sessions, d.face_prompts, d.face_passed, d.uploaded_known, d.uploaded_late
    FROM log_platform_day AS d
    WHERE d.sessions > 0
)
SELECT
    enrolment_id,
    platform_id,
    MIN(local_day) AS first_day,
    SUM(sessions) AS sessions,
    SUM(face_prompts) AS face_prompts,
    SUM(face_passed) AS face_passed,
    SUM(uploaded_known) AS uploaded_known,
    SUM(uploaded_late) AS uploaded_late
FROM platform_day
GROUP BY enrolment_id, platform_id
