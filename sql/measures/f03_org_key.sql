/*
title_zh = "主体标识"
title_en = "Legal representative, phone and address of each organisation"
description_en = """
What organisations can be joined by: the key of the legal representative's name, the key of the contact phone, the address without spaces. \
Placeholder phones are left out. Shared is the number of organisations with the same value; a body that is listed in several roles is one. \
Used by F03 and by linked_groups."""
audience = "intermediate"
grain = ["org_id", "key_node"]
sources = ["notice 三（三）"]
policy = ["public_key_organisations"]

[[columns]]
name = "org_id"
type = "text"
unit = ""
zh = "机构代码"
en = "organisation"

[[columns]]
name = "key_kind"
type = "text"
unit = ""
zh = "标识类型"
en = "representative, phone or address"

[[columns]]
name = "key_node"
type = "text"
unit = ""
zh = "标识"
en = "the value as a node of the network"

[[columns]]
name = "shared"
type = "int"
unit = "organisations"
zh = "机构数"
en = "organisations with the same value"

[[columns]]
name = "is_public"
type = "bool"
unit = ""
zh = "是否公共标识"
en = "shared by more organisations than public_key_organisations, so no link"

[[columns]]
name = "record"
type = "text"
unit = ""
zh = "原始记录"
en = "one of the records that show the key, as feed:record key: the first by identifier"
*/
WITH
addressed AS (
    SELECT org_id, org_kind, REPLACE(address, ' ', '') AS address FROM organizations WHERE address IS NOT NULL
),
judged_address AS (
    SELECT org_id, org_kind, address, is_placeholder(address) AS is_blank FROM addressed
),
written AS (
    SELECT org_id, org_kind, 'representative' AS key_kind, CAST(legal_representative_key AS VARCHAR) AS key_value
    FROM organizations
    WHERE legal_representative_key IS NOT NULL
    UNION ALL
    SELECT org_id, org_kind, 'phone' AS key_kind, CAST(contact_phone_key AS VARCHAR) AS key_value
    FROM organizations
    WHERE contact_phone_key IS NOT NULL AND COALESCE(contact_phone_fault, '') <> 'placeholder'
    UNION ALL
    SELECT org_id, org_kind, 'address' AS key_kind, address AS key_value
    FROM judged_address
    WHERE address <> '' AND NOT is_blank
),
key_of AS (
    SELECT org_id, key_kind, key_value, MIN(org_kind) AS org_kind FROM written GROUP BY org_id, key_kind, key_value
),
counted AS (
    SELECT key_kind, key_value, CAST(COUNT(DISTINCT org_id) AS BIGINT) AS shared FROM key_of GROUP BY key_kind, key_value
)
SELECT
    k.org_id,
    k.key_kind,
    'shared:' || k.key_kind || ':' || k.key_value AS key_node,
    c.shared,
    c.shared * 1000000 > p.value_e6 AS is_public,
    'organizations:' || k.org_id || '|' || k.org_kind AS record
FROM key_of AS k
INNER JOIN counted AS c ON c.key_kind = k.key_kind AND c.key_value = k.key_value
CROSS JOIN run_context AS r
CROSS JOIN policy AS p
WHERE p.parameter = 'public_key_organisations'
  AND p.city_code = '370000'
  AND r.as_of >= p.valid_from
  AND r.as_of <= p.valid_until
