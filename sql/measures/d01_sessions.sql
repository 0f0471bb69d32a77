/*
title_zh = "课堂场次"
title_en = "Sessions of classes by slot, teacher and room"
description_en = """
Attendance up to the as-of date, one row for what a class did in a slot of a day with one teacher in one room: a small part of the rows of \
attendance. A placeholder such as 123456 is no teacher; noughts are no room."""
audience = "intermediate"
grain = ["class_id", "session_on", "slot", "teacher_id", "room_id"]
sources = ["notice 三（三）"]
policy = []

[[columns]]
name = "class_id"
type = "text"
unit = ""
zh = "班级编号"
en = "identifier of the class"

[[columns]]
name = "session_on"
type = "date"
unit = ""
zh = "上课日期"
en = "day of the session"

[[columns]]
name = "slot"
type = "text"
unit = ""
zh = "时段"
en = "am, pm or evening"

[[columns]]
name = "teacher_id"
type = "text"
unit = ""
zh = "教师编号"
en = "teacher, an empty text where none is named"

[[columns]]
name = "room_id"
type = "text"
unit = ""
zh = "教室编号"
en = "room, an empty text where none is named"

[[columns]]
name = "signed"
type = "int"
unit = "records"
zh = "有签名记录数"
en = "records with a sign-in or a sign-out"

[[columns]]
name = "start_us"
type = "int"
unit = "microseconds"
zh = "最早签到"
en = "first sign-in, microseconds since 1970 UTC"

[[columns]]
name = "end_us"
type = "int"
unit = "microseconds"
zh = "最晚签退"
en = "last sign-out, microseconds since 1970 UTC"
*/
WITH
written AS (
    SELECT
        a.class_id,
        a.session_on,
        a.slot,
        COALESCE(a.teacher_id, '') AS teacher_id,
        COALESCE(a.room_id, '') AS room_id,
        SUM(CASE WHEN a.signed_in_us IS NOT NULL OR a.signed_out_us IS NOT NULL THEN 1 ELSE 0 END) AS signed,
        MIN(a.signed_in_us) AS start_us,
        MAX(a.signed_out_us) AS end_us
    FROM attendance AS a
    GROUP BY a.class_id, a.session_on, a.slot, COALESCE(a.teacher_id, ''), COALESCE(a.room_id, '')
),
named AS (
    SELECT
        w.class_id,
        w.session_on,
        w.slot,
        CASE WHEN t.teacher_id IS NULL THEN w.teacher_id ELSE '' END AS teacher_id,
        -- Room 111 is a room, room 0 is none.
        CASE WHEN REGEXP_LIKE(w.room_id, '^0+$') THEN '' ELSE w.room_id END AS room_id,
        w.signed,
        w.start_us,
        w.end_us
    FROM written AS w
    INNER JOIN elapsed_days AS d ON d.day = w.session_on
    LEFT JOIN placeholder_teachers AS t ON t.teacher_id = w.teacher_id
)
SELECT
    class_id,
    session_on,
    slot,
    teacher_id,
    room_id,
    SUM(signed) AS signed,
    MIN(start_us) AS start_us,
    MAX(end_us) AS end_us
FROM named
GROUP BY class_id, session_on, slot, teacher_id, room_id
