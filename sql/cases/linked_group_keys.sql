/*
title_zh = "关联团伙共用标识"
title_en = "Keys that hold the linked groups together"
description_zh = """
关联团伙内两个及以上成员共用的设备、人脸照、电话、账户和地址，见linked_groups。疑点线索，需核查，非认定结论。"""
description_en = """
Devices, face images, phones, accounts and addresses that two members or more of a linked group share, see \
linked_groups. 疑点线索，需核查，非认定结论."""
audience = "restricted"
grain = ["group_id", "key_kind", "key_text"]
sources = ["notice 三（三）"]
policy = []

[[columns]]
name = "group_id"
type = "text"
unit = ""
zh = "群组编号"
en = "linked group, see linked_groups"

[[columns]]
name = "key_kind"
type = "text"
unit = ""
zh = "标识类型"
en = "device, face, phone, account or address"

[[columns]]
name = "key_text"
type = "text"
unit = ""
zh = "标识"
en = "device, digest of the face image or address as it stands; phones, accounts and names as 16 hex digits of their key"

[[columns]]
name = "persons"
type = "int"
unit = "人"
zh = "人数"
en = "persons on the key"

[[columns]]
name = "orgs"
type = "int"
unit = "organisations"
zh = "机构数"
en = "organisations on the key"

[[columns]]
name = "evidence"
type = "text_list"
unit = ""
zh = "证据记录"
en = "one record of each member that shows the key, at most 100, as feed:record key"

[[tests]]
kind = "not_null"
columns = ["group_id", "key_kind", "key_text", "persons", "orgs", "evidence"]
severity = "error"
*/
WITH
listed AS (
    SELECT
        n.group_id,
        k.key_kind,
        SUBSTR(k.key_node, LENGTH('shared:') + LENGTH(k.key_kind) + 2) AS key_value,
        MAX(k.persons) AS persons,
        MAX(k.orgs) AS orgs,
        ARRAY_AGG(k.record ORDER BY k.record LIMIT 100) AS evidence
    FROM linked_key AS k
    INNER JOIN linked_component AS n ON n.node = k.key_node
    WHERE NOT k.is_public
    GROUP BY n.group_id, k.key_kind, k.key_node
)
SELECT
    l.group_id,
    l.key_kind,
    CASE
        WHEN l.key_kind IN ('phone', 'account') THEN key_hex(TRY_CAST(l.key_value AS BIGINT))
        ELSE l.key_value
    END AS key_text,
    l.persons,
    l.orgs,
    l.evidence
FROM listed AS l
