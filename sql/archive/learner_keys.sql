/*
title_zh = "学员标识对照"
title_en = "Keys of learners as numbers and as text"
description_en = """
Every person with an enrolment, with the key as the integer by which tables are joined and as the 16 hex digits that people, pages and the \
entity ids of leads show. Holds no identity."""
audience = "intermediate"
grain = ["person_key"]
sources = []
policy = []

[[columns]]
name = "person_key"
type = "int"
unit = ""
zh = "人员标识"
en = "keyed pseudonym of the person"

[[columns]]
name = "person_hex"
type = "text"
unit = ""
zh = "人员标识（十六进制）"
en = "person_key in 16 lower-case hex digits"
*/
WITH
learner AS (
    SELECT DISTINCT person_key FROM enrolments
)
SELECT person_key, key_hex(person_key) AS person_hex
FROM learner
