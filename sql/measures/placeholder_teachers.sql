/*
title_zh = "占位的教师编号"
title_en = "Teacher numbers that are placeholders"
description_en = """
Texts in the teacher column of attendance that name nobody: one digit repeated, runs like 123456."""
audience = "intermediate"
grain = ["teacher_id"]
sources = ["notice 三（三）"]
policy = []

[[columns]]
name = "teacher_id"
type = "text"
unit = ""
zh = "教师编号"
en = "text in the teacher column"
*/
WITH
teacher AS (
    SELECT DISTINCT teacher_id FROM attendance WHERE teacher_id IS NOT NULL
)
SELECT t.teacher_id
FROM teacher AS t
WHERE is_placeholder(t.teacher_id)
