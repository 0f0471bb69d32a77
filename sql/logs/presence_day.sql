/*
title_zh = "人员每日到场时段"
title_en = "Attendance and assessments as times of presence by local day"
description_en = """
When a person was signed in to a class (attendance with both signatures) or sat an assessment (with start and end): one row per record \
and local day that it touches. The times are not cut at midnight: an overlap that begins before midnight keeps its full length."""
audience = "intermediate"
grain = ["local_day", "person_key", "source"]
partition = "local_day"
incremental = false
sources = ["notice 三（三）"]
policy = []

[[columns]]
name = "local_day"
type = "date"
unit = ""
zh = "日期"
en = "local day that the time of presence touches"

[[columns]]
name = "person_key"
type = "int"
unit = ""
zh = "人员键"
en = "keyed pseudonym of the person"

[[columns]]
name = "source"
type = "text"
unit = ""
zh = "来源记录"
en = "attendance:attendance_id or assessments:assessment_id"

[[columns]]
name = "start_us"
type = "int"
unit = "microseconds"
zh = "开始时刻"
en = "signing in, or start of the assessment, microseconds since 1970 UTC"

[[columns]]
name = "end_us"
type = "int"
unit = "microseconds"
zh = "结束时刻"
en = "signing out, or end of the assessment, microseconds since 1970 UTC"

[[columns]]
name = "class_id"
type = "text"
unit = ""
zh = "班级编号"
en = "class of the attendance; empty for an assessment"

[[columns]]
name = "enrolment_id"
type = "text"
unit = ""
zh = "报名编号"
en = "enrolment of the assessment; empty for attendance"
*/
WITH
presence AS (
    SELECT
        person_key,
        'attendance:' || attendance_id AS source,
        signed_in_us AS start_us,
        signed_out_us AS end_us,
        signed_in_day AS first_day,
        signed_out_day AS last_day,
        class_id,
        CAST(NULL AS VARCHAR) AS enrolment_id
    FROM attendance
    WHERE signed_out_us > signed_in_us
    UNION ALL
    SELECT
        person_key,
        'assessments:' || assessment_id AS source,
        started_us AS start_us,
        ended_us AS end_us,
        started_day AS first_day,
        ended_day AS last_day,
        CAST(NULL AS VARCHAR) AS class_id,
        enrolment_id
    FROM assessments
    WHERE ended_us > started_us
)
SELECT first_day AS local_day, person_key, source, start_us, end_us, class_id, enrolment_id
FROM presence
UNION ALL
SELECT d.day AS local_day, p.person_key, p.source, p.start_us, p.end_us, p.class_id, p.enrolment_id
FROM presence AS p
INNER JOIN days AS d ON d.day > p.first_day AND d.day <= p.last_day
WHERE p.last_day > p.first_day AND p.end_us > d.start_us
