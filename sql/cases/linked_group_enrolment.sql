/*
title_zh = "关联团伙的报名"
title_en = "Enrolments of each linked group"
description_en = """
Enrolments of the persons of a linked group, and of the classes that its organisations teach or whose platform they are, up to the as-of \
day."""
audience = "intermediate"
grain = ["group_id", "member", "enrolment_id"]
sources = ["notice 三（三）"]
policy = []

[[columns]]
name = "group_id"
type = "text"
unit = ""
zh = "群组编号"
en = "linked group"

[[columns]]
name = "member"
type = "text"
unit = ""
zh = "成员"
en = "node of the person or organisation"

[[columns]]
name = "enrolment_id"
type = "text"
unit = ""
zh = "报名编号"
en = "enrolment of the member"

[[columns]]
name = "class_id"
type = "text"
unit = ""
zh = "班级编号"
en = "class of the enrolment"
*/
WITH
training AS (
    SELECT e.enrolment_id, e.class_id, e.person_key, k.org_id, k.platform_id
    FROM enrolments AS e
    INNER JOIN elapsed_days AS d ON d.day = e.enrolled_on
    LEFT JOIN classes AS k ON k.class_id = e.class_id
)
SELECT n.group_id, n.node AS member, t.enrolment_id, t.class_id
FROM linked_component AS n
INNER JOIN learner_keys AS h ON 'person:' || h.person_hex = n.node
INNER JOIN training AS t ON t.person_key = h.person_key
UNION
SELECT n.group_id, n.node AS member, t.enrolment_id, t.class_id
FROM linked_component AS n
INNER JOIN training AS t ON 'org:' || t.org_id = n.node
UNION
SELECT n.group_id, n.node AS member, t.enrolment_id, t.class_id
FROM linked_component AS n
INNER JOIN training AS t ON 'org:' || t.platform_id = n.node
