/*
title_zh = "学习记录中多人共用的标识"
title_en = "Keys of study logs that several persons share"
description_en = """
Devices and face images (digests) of study logs up to the as-of date that more than one person used, with each of these persons. Nearly all keys belong to \
one person."""
audience = "intermediate"
grain = ["key_kind", "key_value", "person_key"]
sources = ["notice 三（三）"]
policy = []
split_by = "key_value"

[[columns]]
name = "key_kind"
type = "text"
unit = ""
zh = "标识类别"
en = "device or face"

[[columns]]
name = "key_value"
type = "text"
unit = ""
zh = "标识"
en = "identifier of the device, or digest of the face image"

[[columns]]
name = "person_key"
type = "int"
unit = ""
zh = "人员键"
en = "keyed pseudonym of a person who used it"
*/
WITH
used AS (
    SELECT l.key_kind, l.key_value, l.person_key
    FROM log_shared_key_day AS l
    INNER JOIN elapsed_days AS d ON d.day = l.local_day
),
shared AS (
    SELECT key_kind, key_value
    FROM used
    GROUP BY key_kind, key_value
    HAVING MIN(person_key) < MAX(person_key)
)
SELECT DISTINCT u.key_kind, u.key_value, u.person_key
FROM used AS u
INNER JOIN shared AS s ON s.key_kind = u.key_kind AND s.key_value = u.key_value
