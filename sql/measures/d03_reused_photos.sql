/*
title_zh = "用于多个班级或日期的佐证照片"
title_en = "Photographs on attendance records of several classes or dates"
description_en = """
Photographs (by digest) on attendance records up to the as-of date of more than one class or more than one date, with their numbers. Most \
photographs have one class and one date; the others are few."""
audience = "intermediate"
grain = ["photo_hash"]
sources = ["notice 三（三）"]
policy = []

[[columns]]
name = "photo_hash"
type = "text"
unit = ""
zh = "照片摘要"
en = "digest of the photograph"

[[columns]]
name = "classes"
type = "int"
unit = "class"
zh = "班级数"
en = "classes on whose records it stands"

[[columns]]
name = "dates"
type = "int"
unit = "day"
zh = "日期数"
en = "dates of these records"

[[columns]]
name = "last_on"
type = "date"
unit = ""
zh = "最后日期"
en = "last of the dates"
*/
WITH
pictured AS (
    SELECT a.photo_hash, a.class_id, a.session_on
    FROM attendance AS a
    INNER JOIN elapsed_days AS d ON d.day = a.session_on
    WHERE a.photo_hash IS NOT NULL
),
-- Least and greatest tell, without counting.
reused AS (
    SELECT photo_hash
    FROM pictured
    GROUP BY photo_hash
    HAVING MIN(class_id) <> MAX(class_id) OR MIN(session_on) <> MAX(session_on)
)
SELECT
    p.photo_hash,
    COUNT(DISTINCT p.class_id) AS classes,
    COUNT(DISTINCT p.session_on) AS dates,
    MAX(p.session_on) AS last_on
FROM reused AS r
INNER JOIN pictured AS p ON p.photo_hash = r.photo_hash
GROUP BY p.photo_hash
