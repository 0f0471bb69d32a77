/*
title_zh = "班级内连续身份号码"
title_en = "Runs of consecutive citizen numbers in a class"
description_en = """
Learners of a class whose citizen numbers follow one another: the same first 14 digits (division and birth date) and a sequence one or two \
higher. The lake holds no numbers but the keys of the two that would follow, so a link is a learner of the class whose key is one of them; \
the runs are the connected components of these links. Only right numbers of 18 digits have followers. Used by A09."""
audience = "intermediate"
grain = ["node"]
native = "connected_components"
sources = ["notice 二（一）"]
policy = []

[[columns]]
name = "node"
type = "text"
unit = ""
zh = "班级与人员"
en = "class and person key (16 hex digits), joined by |"

[[columns]]
name = "group_id"
type = "text"
unit = ""
zh = "连续号段"
en = "smallest node of the run"
*/
WITH
member AS (
    SELECT DISTINCT
        e.class_id,
        e.person_key,
        e.person_next_key,
        e.person_next2_key
    FROM enrolments AS e
    CROSS JOIN run_context AS r
    WHERE e.enrolled_on <= r.as_of
),
link AS (
    SELECT m.class_id, m.person_key, f.person_key AS next_key
    FROM member AS m
    INNER JOIN member AS f ON f.class_id = m.class_id AND f.person_key = m.person_next_key
    UNION ALL
    SELECT m.class_id, m.person_key, f.person_key AS next_key
    FROM member AS m
    INNER JOIN member AS f ON f.class_id = m.class_id AND f.person_key = m.person_next2_key
)
SELECT class_id || '|' || key_hex(person_key) AS left_node, class_id || '|' || key_hex(next_key) AS right_node
FROM link
