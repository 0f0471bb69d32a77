/*
title_zh = "平台人员每日学习记录汇总"
title_en = "Study logs by platform, person and local day"
description_en = """
Who studied on which platform on one local day, by the platform and the person of the logs. A session belongs wholly to the day on which it \
started (Asia/Shanghai), however long it lasts, so the days add up to the sessions of a month; a day that only continues a session has no row."""
audience = "intermediate"
grain = ["local_day", "platform_id", "person_key"]
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
name = "platform_id"
type = "text"
unit = ""
zh = "平台代码"
en = "unified social credit code of the platform that sent the logs (GB 32100)"

[[columns]]
name = "person_key"
type = "int"
unit = ""
zh = "人员键"
en = "keyed pseudonym of the person in the logs"

[[columns]]
name = "sessions"
type = "int"
unit = "sessions"
zh = "学习次数"
en = "sessions started on the day"

[[columns]]
name = "watched_seconds"
type = "int"
unit = "seconds"
zh = "平台计学秒数"
en = "watched seconds of these sessions, as the platform reports them"
*/
SELECT
    started_day AS local_day,
    platform_id,
    person_key,
    COUNT(*) AS sessions,
    SUM(watched_seconds) AS watched_seconds
FROM study_logs
GROUP BY started_day, platform_id, person_key
