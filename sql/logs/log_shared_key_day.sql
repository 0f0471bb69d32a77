/*
title_zh = "每日人员设备和人脸"
title_en = "Devices and face images of each person by local day"
description_en = """
Which devices and face images (digests) the logs of a local day (start of the session) give for a person. Empty values and placeholders \
(one repeated digit, a run like 123456) are left out. Read by linked_groups."""
audience = "intermediate"
grain = ["local_day", "key_kind", "key_value", "person_key"]
partition = "local_day"
incremental = true
sources = ["notice 三（三）"]
policy = []

[[columns]]
name = "local_day"
type = "date"
unit = ""
zh = "学习日期"
en = "local day on which the sessions started"

[[columns]]
name = "key_kind"
type = "text"
unit = ""
zh = "标识类型"
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
en = "keyed pseudonym of the person in the logs"
*/
SELECT DISTINCT u.local_day, u.key_kind, u.key_value, u.person_key
FROM (
    SELECT l.started_day AS local_day, 'device' AS key_kind, l.device_id AS key_value, l.person_key FROM study_logs AS l
    UNION ALL
    SELECT l.started_day AS local_day, 'face' AS key_kind, l.face_image_hash AS key_value, l.person_key FROM study_logs AS l
) AS u
WHERE u.key_value IS NOT NULL AND NOT is_placeholder(u.key_value)
