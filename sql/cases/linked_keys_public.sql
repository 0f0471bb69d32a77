/*
title_zh = "公共标识"
title_en = "Keys that too many share to link anybody"
description_zh = """
由超过public_key_persons（200）人或超过public_key_organisations（20）家机构共用的设备、人脸照、电话、账户\
和地址：如培训场所、代办机构、孵化基地。此类标识在linked_groups中不据以关联任何人员和机构，在此单列，\
以便另行查看。"""
description_en = """
Devices, face images, phones, accounts and addresses shared by more persons than public_key_persons (200), or more \
organisations than public_key_organisations (20): venues, agents, incubators. They link nobody in linked_groups and are listed here to be \
looked at by themselves."""
audience = "restricted"
grain = ["key_kind", "key_text"]
sources = ["notice 三（三）"]
policy = []

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
en = "one record of each person and organisation that shows the key, at most 100, as feed:record key"

[[tests]]
kind = "not_null"
columns = ["key_kind", "key_text", "persons", "orgs", "evidence"]
severity = "error"
*/
WITH
listed AS (
    SELECT
        k.key_kind,
        SUBSTR(k.key_node, LENGTH('shared:') + LENGTH(k.key_kind) + 2) AS key_value,
        MAX(k.persons) AS persons,
        MAX(k.orgs) AS orgs,
        ARRAY_AGG(k.record ORDER BY k.record LIMIT 100) AS evidence
    FROM linked_key AS k
    WHERE k.is_public
    GROUP BY k.key_kind, k.key_node
)
SELECT
    l.key_kind,
    CASE
        WHEN l.key_kind IN ('phone', 'account') THEN key_hex(TRY_CAST(l.key_value AS BIGINT))
        ELSE l.key_value
    END AS key_text,
    l.persons,
    l.orgs,
    l.evidence
FROM listed AS l
