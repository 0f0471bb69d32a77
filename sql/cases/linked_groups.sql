/*
title_zh = "关联团伙"
title_en = "Linked groups of persons and organisations"
description_zh = """
人员和机构因共用设备、人脸照（学习记录），电话（报名、机构），账户（个人收款方、收款机构）\
和地址（机构）而相互连通的群组，每个连通群组一行。疑点线索，需核查，非认定结论：夫妻、家庭、\
宿舍和集团企业看起来也是如此。超过200人（public_key_persons）共用的标识，或超过20家机构共用的标识，作为公共标识（培训场所、\
代办机构等）不据以关联，列入linked_keys_public；各群组的共用标识列入linked_group_keys。群组以编号最小的成员命名。\
班级数和涉及金额为群组内人员的全部报名及群组内机构的班级的数字，各只计一次。"""
description_en = """
Connected components of persons and organisations over shared devices, face images (study logs), phones (enrolments, organisations), \
accounts (personal payees; organisations paid) and addresses (organisations). 疑点线索，需核查，非认定结论: couples, families, \
dormitories and company groups look the same. Keys shared by more than 200 persons (public_key_persons), or by more than 20 organisations, \
are left out as public (venues, agents) and listed in linked_keys_public; the keys of a group in linked_group_keys. The group is named by \
its smallest member. Classes and amount are those of all enrolments of its persons and of the classes of its organisations, each once."""
audience = "restricted"
grain = ["group_id"]
sources = ["notice 三（三）"]
policy = []

[trace]
table = "linked_group_keys"
where = "group_id = {group_id}"

[[columns]]
name = "group_id"
type = "text"
unit = ""
zh = "群组编号"
en = "smallest member: org:… where the group has an organisation, else person:…"

[[columns]]
name = "persons"
type = "int"
unit = "人"
zh = "人数"
en = "distinct persons of the group"

[[columns]]
name = "orgs"
type = "int"
unit = "organisations"
zh = "机构数"
en = "organisations of the group"

[[columns]]
name = "shared_keys"
type = "int"
unit = "keys"
zh = "共用标识数"
en = "keys that hold the group together, of all kinds"

[[columns]]
name = "devices"
type = "int"
unit = "devices"
zh = "共用设备数"
en = "devices used by two members or more"

[[columns]]
name = "accounts"
type = "int"
unit = "accounts"
zh = "共用账户数"
en = "bank accounts of two members or more"

[[columns]]
name = "phones"
type = "int"
unit = "phones"
zh = "共用电话数"
en = "phones of two members or more"

[[columns]]
name = "faces"
type = "int"
unit = "images"
zh = "共用人脸数"
en = "face images that stand for two persons or more"

[[columns]]
name = "addresses"
type = "int"
unit = "addresses"
zh = "共用地址数"
en = "addresses of two organisations or more"

[[columns]]
name = "classes"
type = "int"
unit = "classes"
zh = "班级数"
en = "distinct classes of the persons' enrolments and of the organisations"

[[columns]]
name = "amount_fen"
type = "int"
unit = "fen"
zh = "涉及金额"
en = "paid and approved claims of these enrolments, each once"

[[tests]]
kind = "not_null"
columns = ["group_id", "persons", "orgs", "shared_keys", "classes", "amount_fen"]
severity = "error"

[[tests]]
kind = "range"
columns = ["persons", "orgs", "classes", "amount_fen"]
least = 0
severity = "error"

[[tests]]
kind = "range"
columns = ["shared_keys"]
least = 1
severity = "error"
*/
WITH
member AS (
    SELECT group_id, CASE WHEN LEFT(node, 4) = 'org:' THEN 1 ELSE 0 END AS org
    FROM linked_component
    WHERE LEFT(node, 7) <> 'shared:'
),
members AS (
    SELECT group_id, CAST(COUNT(*) AS BIGINT) AS all_members, CAST(SUM(org) AS BIGINT) AS orgs FROM member GROUP BY group_id
),
key_of AS (
    SELECT DISTINCT n.group_id, k.key_kind, k.key_node
    FROM linked_component AS n
    INNER JOIN linked_key AS k ON k.node = n.node
    WHERE NOT k.is_public
),
keys AS (
    SELECT
        group_id,
        CAST(COUNT(*) AS BIGINT) AS shared_keys,
        CAST(SUM(CASE WHEN key_kind = 'device' THEN 1 ELSE 0 END) AS BIGINT) AS devices,
        CAST(SUM(CASE WHEN key_kind = 'account' THEN 1 ELSE 0 END) AS BIGINT) AS accounts,
        CAST(SUM(CASE WHEN key_kind = 'phone' THEN 1 ELSE 0 END) AS BIGINT) AS phones,
        CAST(SUM(CASE WHEN key_kind = 'face' THEN 1 ELSE 0 END) AS BIGINT) AS faces,
        CAST(SUM(CASE WHEN key_kind = 'address' THEN 1 ELSE 0 END) AS BIGINT) AS addresses
    FROM key_of
    GROUP BY group_id
),
-- Classes that a member teaches or carries, and those of the enrolments: a class may have none.
class_of AS (
    SELECT group_id, class_id FROM linked_group_enrolment
    UNION
    SELECT n.group_id, k.class_id
    FROM linked_component AS n
    INNER JOIN classes AS k ON 'org:' || k.org_id = n.node
    UNION
    SELECT n.group_id, k.class_id
    FROM linked_component AS n
    INNER JOIN classes AS k ON 'org:' || k.platform_id = n.node
),
classes_of AS (
    SELECT group_id, CAST(COUNT(*) AS BIGINT) AS classes FROM class_of GROUP BY group_id
),
enrolment_of AS (
    SELECT DISTINCT group_id, enrolment_id FROM linked_group_enrolment
),
risk AS (
    SELECT n.group_id, SUM(x.at_risk_fen) AS amount_fen
    FROM enrolment_of AS n
    INNER JOIN enrolment_risk AS x ON x.enrolment_id = n.enrolment_id
    GROUP BY n.group_id
)
SELECT
    m.group_id,
    CAST(m.all_members - m.orgs AS BIGINT) AS persons,
    CAST(m.orgs AS BIGINT) AS orgs,
    CAST(k.shared_keys AS BIGINT) AS shared_keys,
    CAST(k.devices AS BIGINT) AS devices,
    CAST(k.accounts AS BIGINT) AS accounts,
    CAST(k.phones AS BIGINT) AS phones,
    CAST(k.faces AS BIGINT) AS faces,
    CAST(k.addresses AS BIGINT) AS addresses,
    CAST(COALESCE(c.classes, 0) AS BIGINT) AS classes,
    CAST(COALESCE(x.amount_fen, 0) AS BIGINT) AS amount_fen
FROM members AS m
INNER JOIN keys AS k ON k.group_id = m.group_id
LEFT JOIN classes_of AS c ON c.group_id = m.group_id
LEFT JOIN risk AS x ON x.group_id = m.group_id
