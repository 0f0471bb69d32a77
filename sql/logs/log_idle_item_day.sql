/*
title_zh = "无交互学习日的课件"
title_en = "Items studied without any interaction, by local day"
description_en = """
The items that a person studied on a platform without any interaction, only on days on which no session had one. A session without a report of \
interactions does not count either way. The day is that on which the session started."""
audience = "intermediate"
grain = ["local_day", "person_key", "platform_id", "item_id"]
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
name = "person_key"
type = "int"
unit = ""
zh = "人员键"
en = "keyed pseudonym of the person in the logs"

[[columns]]
name = "platform_id"
type = "text"
unit = ""
zh = "平台代码"
en = "unified social credit code of the platform that sent the logs (GB 32100)"

[[columns]]
name = "item_id"
type = "text"
unit = ""
zh = "课件编号"
en = "identifier of the learning item"
*/
WITH
idle_day AS (
    SELECT local_day, person_key, platform_id FROM log_player_day WHERE active_sessions = 0 AND idle_sessions > 0
)
SELECT DISTINCT d.local_day, d.person_key, d.platform_id, l.item_id
FROM study_logs AS l
INNER JOIN idle_day AS d
    ON d.local_day = l.started_day AND d.person_key = l.person_key AND d.platform_id = l.platform_id
WHERE l.ui_events = 0
