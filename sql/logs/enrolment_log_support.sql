/*
title_zh = "报名学习记录支撑"
title_en = "Study time that the logs of an enrolment support"
description_en = """
All logs of an enrolment up to the as-of day. supported_us is the smaller of the union of all its sessions and the sum over its items of \
the union of the item's sessions, each item at most as long as its courseware; an item that is not in the courseware has no such limit. \
Days are cut at local midnight and add up. Enrolments without a log have no row."""
audience = "intermediate"
grain = ["enrolment_id"]
sources = ["notice 二（三）", "notice 三（三）"]
policy = []
split_by = "enrolment_id"
split_joins = { courseware_length = "item_id" }

[[columns]]
name = "enrolment_id"
type = "text"
unit = ""
zh = "报名编号"
en = "identifier of the enrolment"

[[columns]]
name = "platform_id"
type = "text"
unit = ""
zh = "平台代码"
en = "platform that sent the logs (GB 32100); the first by code where there are several"

[[columns]]
name = "last_platform_id"
type = "text"
unit = ""
zh = "末位平台代码"
en = "the last by code of the platforms that sent the logs; mostly equal to platform_id"

[[columns]]
name = "sessions"
type = "int"
unit = "sessions"
zh = "学习次数"
en = "sessions up to the as-of day"

[[columns]]
name = "sum_us"
type = "int"
unit = "microseconds"
zh = "时长合计"
en = "sum of the session lengths, overlaps counted each time"

[[columns]]
name = "union_us"
type = "int"
unit = "microseconds"
zh = "去重时长"
en = "length of the union of the sessions: the wall clock"

[[columns]]
name = "supported_us"
type = "int"
unit = "microseconds"
zh = "有记录支撑时长"
en = "study time supported by the logs and the length of the courseware"

[[columns]]
name = "watched_seconds"
type = "int"
unit = "seconds"
zh = "平台计学秒数"
en = "watched seconds as the platform reports them"

[[columns]]
name = "first_day"
type = "date"
unit = ""
zh = "首次学习日期"
en = "first local day with study time or a session"

[[columns]]
name = "last_day"
type = "date"
unit = ""
zh = "末次学习日期"
en = "last local day with study time or a session"
*/
WITH
total AS (
    SELECT
        d.enrolment_id,
        MIN(d.platform_id) AS platform_id,
        MAX(d.last_platform_id) AS last_platform_id,
        SUM(d.sessions) AS sessions,
        SUM(d.sum_us) AS sum_us,
        SUM(d.union_us) AS union_us,
        SUM(d.watched_seconds) AS watched_seconds,
        MIN(d.local_day) AS first_day,
        MAX(d.local_day) AS last_day
    FROM log_enrolment_day AS d
    GROUP BY d.enrolment_id
),
item AS (
    SELECT d.enrolment_id, d.item_id, SUM(d.union_us) AS union_us
    FROM log_item_day AS d
    GROUP BY d.enrolment_id, d.item_id
),
capped AS (
    SELECT
        i.enrolment_id,
        SUM(CASE WHEN c.video_seconds < i.union_us / 1000000 THEN c.video_seconds * 1000000 ELSE i.union_us END) AS supported_us
    FROM item AS i
    LEFT JOIN courseware_length AS c ON c.item_id = i.item_id
    GROUP BY i.enrolment_id
)
SELECT
    t.enrolment_id,
    t.platform_id,
    t.last_platform_id,
    t.sessions,
    t.sum_us,
    t.union_us,
    LEAST(t.union_us, c.supported_us) AS supported_us,
    t.watched_seconds,
    t.first_day,
    t.last_day
FROM total AS t
INNER JOIN capped AS c ON c.enrolment_id = t.enrolment_id
