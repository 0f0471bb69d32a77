/*
title_zh = "占位教师编号"
title_en = "Placeholder teachers"
description_en = "Teacher identifiers of the attendance that are placeholders: one repeated digit, or a run like 123456. Read by F05."
audience = "intermediate"
grain = ["teacher_id"]
sources = ["notice 三（三）"]
policy = []

[[columns]]
name = "teacher_id"
type = "text"
unit = ""
zh = "教师编号"
en = "identifier as it stands in the attendance"

[[columns]]
name = "is_placeholder"
type = "bool"
unit = ""
zh = "是否占位"
en = "whether it stands for no value"
*/
SELECT t.teacher_id, is_placeholder(t.teacher_id) AS is_placeholder
FROM (SELECT DISTINCT a.teacher_id FROM attendance AS a WHERE a.teacher_id IS NOT NULL) AS t
