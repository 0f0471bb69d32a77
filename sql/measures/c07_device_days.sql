/*
title_zh = "多人使用过的设备的使用日"
title_en = "Days of the devices that several persons used"
description_en = """
The rows of log_device_day of the devices that more than one person ever used: few of all."""
audience = "intermediate"
grain = ["device_id", "local_day", "person_key", "enrolment_id"]
sources = ["notice 三（三）"]
policy = []

[[columns]]
name = "device_id"
type = "text"
unit = ""
zh = "设备号"
en = "identifier of the device"

[[columns]]
name = "local_day"
type = "date"
unit = ""
zh = "学习日期"
en = "local day on which the sessions started"

[[columns]]
name = "person_key"
type = "int"
unit = ""
zh = "人员键"
en = "keyed pseudonym of the person in the logs"

[[columns]]
name = "enrolment_id"
type = "text"
unit = ""
zh = "报名编号"
en = "identifier of the enrolment"

[[columns]]
name = "first_us"
type = "int"
unit = "microseconds"
zh = "首次开始时刻"
en = "first start on the day, microseconds since 1970 UTC"

[[columns]]
name = "last_us"
type = "int"
unit = "microseconds"
zh = "末次开始时刻"
en = "last start on the day, microseconds since 1970 UTC"

[[columns]]
name = "log_id"
type = "text"
unit = ""
zh = "记录编号"
en = "one of the sessions, as evidence: the first by identifier"

[[columns]]
name = "hour_persons"
type = "int"
unit = "persons"
zh = "一小时内最多人数"
en = "most persons who started within one hour of the day on the device; empty where too few persons used it that day"

[[columns]]
name = "tested"
type = "int"
unit = "devices"
zh = "检验设备数"
en = "devices with a session, the same in every row"
*/
WITH
device AS (
    SELECT d.device_id, MIN(d.person_key) AS first_person, MAX(d.person_key) AS last_person
    FROM log_device_day AS d
    GROUP BY d.device_id
),
tested AS (
    SELECT COUNT(*) AS tested FROM device
),
shared AS (
    SELECT device_id FROM device WHERE first_person < last_person
)
SELECT
    d.device_id,
    d.local_day,
    d.person_key,
    d.enrolment_id,
    d.first_us,
    d.last_us,
    d.log_id,
    d.hour_persons,
    t.tested
FROM log_device_day AS d
INNER JOIN shared AS s ON s.device_id = d.device_id
CROSS JOIN tested AS t
