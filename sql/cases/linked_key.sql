/*
title_zh = "共用标识"
title_en = "Persons and organisations on each shared key"
description_en = """
Who uses what together: persons by device and face image of their study logs, phone of their enrolments and account of their claims as \
personal payees; organisations by contact phone, address (see f03_org_key) and account of claims paid to them. A representative's name links \
nobody here: two people may have one name, and F03 looks at it among organisations. Only \
keys with two persons or organisations or more. Placeholders and rejected claims are left out. A key is public when more than \
public_key_persons persons, or more than public_key_organisations organisations, share it. An account to which an organisation is paid \
links the organisation, not the persons for whom it is paid."""
audience = "intermediate"
grain = ["node", "key_node"]
sources = ["notice 三（三）"]
policy = ["public_key_persons", "public_key_organisations"]

[[columns]]
name = "node"
type = "text"
unit = ""
zh = "节点"
en = "person:… or org:…"

[[columns]]
name = "key_kind"
type = "text"
unit = ""
zh = "标识类型"
en = "device, face, phone, account or address"

[[columns]]
name = "key_node"
type = "text"
unit = ""
zh = "标识"
en = "the shared value as a node of the network"

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
name = "is_public"
type = "bool"
unit = ""
zh = "是否公共标识"
en = "shared by too many to mean a link"

[[columns]]
name = "record"
type = "text"
unit = ""
zh = "原始记录"
en = "one of the records that show the key, as feed:record key: the first by identifier"
*/
WITH
-- Keys of more than one person, or that an organisation has too, are found first: nearly all keys belong to one person.
own_phone AS (
    SELECT e.phone_key, e.person_key, e.enrolment_id
    FROM enrolments AS e
    INNER JOIN elapsed_days AS d ON d.day = e.enrolled_on
    WHERE e.phone_key IS NOT NULL AND COALESCE(e.phone_fault, '') <> 'placeholder'
),
shared_phone AS (
    SELECT phone_key FROM own_phone GROUP BY phone_key HAVING MIN(person_key) < MAX(person_key)
    UNION
    SELECT contact_phone_key AS phone_key FROM organizations WHERE contact_phone_key IS NOT NULL
),
own_account AS (
    SELECT c.account_key, c.person_key, c.payee_kind, c.payee_id, c.claim_id
    FROM claims AS c
    INNER JOIN elapsed_days AS d ON d.day = c.claimed_on
    WHERE c.status <> 'rejected' AND c.account_key IS NOT NULL AND COALESCE(c.account_fault, '') <> 'placeholder'
),
shared_account AS (
    SELECT account_key FROM own_account WHERE payee_kind = 'person' GROUP BY account_key HAVING MIN(person_key) < MAX(person_key)
    UNION
    SELECT account_key FROM own_account WHERE payee_kind = 'organization' AND payee_id IS NOT NULL
),
person_key_of AS (
    SELECT 'device' AS key_kind, device_id AS key_value, person_key, 'study_logs:' || MIN(log_id) AS record
    FROM c07_device_days
    GROUP BY device_id, person_key
    UNION ALL
    SELECT 'face' AS key_kind, face_image_hash AS key_value, person_key, 'study_logs:' || MIN(log_id) AS record
    FROM c09_face_logs
    GROUP BY face_image_hash, person_key
    UNION ALL
    SELECT 'phone' AS key_kind, CAST(p.phone_key AS VARCHAR) AS key_value, p.person_key, 'enrolments:' || MIN(p.enrolment_id) AS record
    FROM own_phone AS p
    INNER JOIN shared_phone AS s ON s.phone_key = p.phone_key
    GROUP BY p.phone_key, p.person_key
    UNION ALL
    SELECT 'account' AS key_kind, CAST(c.account_key AS VARCHAR) AS key_value, c.person_key, 'claims:' || MIN(c.claim_id) AS record
    FROM own_account AS c
    INNER JOIN shared_account AS s ON s.account_key = c.account_key
    WHERE c.payee_kind = 'person'
    GROUP BY c.account_key, c.person_key
),
person_of AS (
    SELECT DISTINCT person_key FROM person_key_of
),
-- Of everybody who has a key, enrolled or not.
person_hex AS (
    SELECT person_key, key_hex(person_key) AS person_hex FROM person_of
),
use_of AS (
    SELECT
        'person:' || h.person_hex AS node,
        1 AS person,
        0 AS org,
        k.key_kind,
        'shared:' || k.key_kind || ':' || k.key_value AS key_node,
        k.record
    FROM person_key_of AS k
    INNER JOIN person_hex AS h ON h.person_key = k.person_key
    UNION ALL
    SELECT 'org:' || k.org_id AS node, 0 AS person, 1 AS org, k.key_kind, k.key_node, k.record
    FROM f03_org_key AS k
    WHERE k.key_kind <> 'representative'
    UNION ALL
    SELECT
        'org:' || c.payee_id AS node,
        0 AS person,
        1 AS org,
        'account' AS key_kind,
        'shared:account:' || CAST(c.account_key AS VARCHAR) AS key_node,
        'claims:' || MIN(c.claim_id) AS record
    FROM own_account AS c
    WHERE c.payee_kind = 'organization' AND c.payee_id IS NOT NULL
    GROUP BY c.payee_id, c.account_key
),
shared AS (
    SELECT key_node, CAST(SUM(person) AS BIGINT) AS persons, CAST(SUM(org) AS BIGINT) AS orgs
    FROM use_of
    GROUP BY key_node
    HAVING COUNT(*) > 1
)
SELECT
    u.node,
    u.key_kind,
    u.key_node,
    CAST(s.persons AS BIGINT) AS persons,
    CAST(s.orgs AS BIGINT) AS orgs,
    s.persons * 1000000 > p.value_e6 OR s.orgs * 1000000 > o.value_e6 AS is_public,
    u.record
FROM use_of AS u
INNER JOIN shared AS s ON s.key_node = u.key_node
CROSS JOIN run_context AS r
CROSS JOIN policy AS p
CROSS JOIN policy AS o
WHERE o.parameter = 'public_key_organisations'
  AND o.city_code = '370000'
  AND r.as_of >= o.valid_from
  AND r.as_of <= o.valid_until
  AND p.parameter = 'public_key_persons'
  AND p.city_code = '370000'
  AND r.as_of >= p.valid_from
  AND r.as_of <= p.valid_until
