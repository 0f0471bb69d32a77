/*
title_zh = "每日无设备或网络地址的学习记录"
title_en = "Study logs without device or address, by enrolment and local day"
description_en = """
Sessions started on the local day whose device or internet address is empty or a placeholder (one repeated digit, a run like 123456; of an \
address without its dots), by enrolment. Only enrolments with such a session have a row; all sessions are counted in log_enrolment_day. \
Read by F05."""
audience = "intermediate"
grain = ["local_day", "enrolment_id"]
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
name = "enrolment_id"
type = "text"
unit = ""
zh = "报名编号"
en = "identifier of the enrolment"

[[columns]]
name = "without_device"
type = "int"
unit = "sessions"
zh = "无设备次数"
en = "sessions without a device, or with a placeholder"

[[columns]]
name = "device_log_id"
type = "text"
unit = ""
zh = "无设备记录"
en = "the first of them by identifier"

[[columns]]
name = "without_ip"
type = "int"
unit = "sessions"
zh = "无地址次数"
en = "sessions without an internet address, or with a placeholder"

[[columns]]
name = "ip_log_id"
type = "text"
unit = ""
zh = "无地址记录"
en = "the first of them by identifier"
*/
SELECT
    l.started_day AS local_day,
    l.enrolment_id,
    CAST(SUM(CASE WHEN l.device_id IS NULL OR is_placeholder(l.device_id) THEN 1 ELSE 0 END) AS BIGINT) AS without_device,
    MIN(CASE WHEN l.device_id IS NULL OR is_placeholder(l.device_id) THEN l.log_id END) AS device_log_id,
    CAST(SUM(CASE WHEN l.ip IS NULL OR is_placeholder(REPLACE(l.ip, '.', '')) THEN 1 ELSE 0 END) AS BIGINT) AS without_ip,
    MIN(CASE WHEN l.ip IS NULL OR is_placeholder(REPLACE(l.ip, '.', '')) THEN l.log_id END) AS ip_log_id
FROM study_logs AS l
WHERE l.device_id IS NULL OR is_placeholder(l.device_id) OR l.ip IS NULL OR is_placeholder(REPLACE(l.ip, '.', ''))
GROUP BY l.started_day, l.enrolment_id
