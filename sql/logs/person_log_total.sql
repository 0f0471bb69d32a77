/*
title_zh = "人员学习记录合计"
title_en = "Study logs of a person on all days"
description_en = """
What log_person_day adds up to over all days up to the as-of day. Persons without a log have no row."""
audience = "intermediate"
grain = ["person_key"]
sources = ["notice 三（三）"]
policy = []
split_by = "person_key"

[[columns]]
name = "person_key"
type = "int"
unit = ""
zh = "人员键"
en = "keyed pseudonym of the person in the logs"

[[columns]]
name = "days"
type = "int"
unit = "days"
zh = "学习天数"
en = "local days with study time or a session"

[[columns]]
name = "heaviest_us"
type = "int"
unit = "microseconds"
zh = "单日最长时长"
en = "longest union of the sessions of one day"

[[columns]]
name = "union_us"
type = "int"
unit = "microseconds"
zh = "去重时长"
en = "length of the union of all sessions"
*/
SELECT person_key, COUNT(*) AS days, MAX(union_us) AS heaviest_us, SUM(union_us) AS union_us
FROM log_person_day
GROUP BY person_key
