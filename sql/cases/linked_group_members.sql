/*
title_zh = "关联团伙成员"
title_en = "Members of the linked groups"
description_zh = """
各关联团伙的人员和机构，见linked_groups。疑点线索，需核查，非认定结论：共用设备、账户、电话或地址，有许多正当原因。\
班级数和涉及金额为该成员自身的数字；人员在成员机构参加培训的，各成员的金额不可相加。"""
description_en = """
Persons and organisations of each linked group, see linked_groups. 疑点线索，需核查，非认定结论: a shared device, account, phone or address has many \
honest reasons. Classes and amount are the member's own; amounts of members do not add up where a person trains in a member organisation."""
audience = "restricted"
grain = ["group_id", "member_kind", "member_id"]
sources = ["notice 三（三）"]
policy = []

[[columns]]
name = "group_id"
type = "text"
unit = ""
zh = "群组编号"
en = "linked group, see linked_groups"

[[columns]]
name = "member_kind"
type = "text"
unit = ""
zh = "成员类型"
en = "person or org"

[[columns]]
name = "member_id"
type = "text"
unit = ""
zh = "成员编号"
en = "person as 16 hex digits of the key, organisation by its identifier"

[[columns]]
name = "shared_keys"
type = "int"
unit = "keys"
zh = "共用标识数"
en = "keys that the member shares with others, public ones left out"

[[columns]]
name = "classes"
type = "int"
unit = "classes"
zh = "班级数"
en = "distinct classes of the member's enrolments, or that the organisation teaches or serves as platform"

[[columns]]
name = "amount_fen"
type = "int"
unit = "fen"
zh = "涉及金额"
en = "paid and approved claims of these enrolments"

[[columns]]
name = "evidence"
type = "text_list"
unit = ""
zh = "证据记录"
en = "one record of the member for each key that it shares, at most 100, as feed:record key"

[[tests]]
kind = "not_null"
columns = ["group_id", "member_kind", "member_id", "shared_keys", "classes", "amount_fen", "evidence"]
severity = "error"

[[tests]]
kind = "accepted_values"
column = "member_kind"
values = ["person", "org"]
severity = "error"

[[tests]]
kind = "relation"
column = "group_id"
table = "linked_groups"
severity = "error"

[[tests]]
kind = "range"
columns = ["shared_keys"]
least = 1
severity = "error"
title = "every member shares a key"
*/
WITH
member AS (
    SELECT
        group_id,
        node,
        CASE WHEN LEFT(node, 4) = 'org:' THEN 'org' ELSE 'person' END AS member_kind,
        CASE WHEN LEFT(node, 4) = 'org:' THEN SUBSTR(node, 5) ELSE SUBSTR(node, 8) END AS member_id
    FROM linked_component
    WHERE LEFT(node, 7) <> 'shared:'
),
key_count AS (
    SELECT node, CAST(COUNT(*) AS BIGINT) AS shared_keys, ARRAY_AGG(record ORDER BY record LIMIT 100) AS evidence
    FROM linked_key
    WHERE NOT is_public
    GROUP BY node
),
-- Classes that a member teaches or carries, and those of the enrolments: a class may have none.
class_of AS (
    SELECT member, class_id FROM linked_group_enrolment
    UNION
    SELECT n.node AS member, k.class_id
    FROM linked_component AS n
    INNER JOIN classes AS k ON 'org:' || k.org_id = n.node
    UNION
    SELECT n.node AS member, k.class_id
    FROM linked_component AS n
    INNER JOIN classes AS k ON 'org:' || k.platform_id = n.node
),
classes_of AS (
    SELECT member, CAST(COUNT(*) AS BIGINT) AS classes FROM class_of GROUP BY member
),
risk AS (
    SELECT n.member, SUM(x.at_risk_fen) AS amount_fen
    FROM linked_group_enrolment AS n
    INNER JOIN enrolment_risk AS x ON x.enrolment_id = n.enrolment_id
    GROUP BY n.member
)
SELECT
    m.group_id,
    m.member_kind,
    m.member_id,
    CAST(COALESCE(k.shared_keys, 0) AS BIGINT) AS shared_keys,
    CAST(COALESCE(c.classes, 0) AS BIGINT) AS classes,
    CAST(COALESCE(x.amount_fen, 0) AS BIGINT) AS amount_fen,
    k.evidence
FROM member AS m
LEFT JOIN key_count AS k ON k.node = m.node
LEFT JOIN classes_of AS c ON c.member = m.node
LEFT JOIN risk AS x ON x.member = m.node
