/*
title_zh = "多平台学习日的课件时长"
title_en = "Study time by enrolment, platform, item and local day where platforms share a day"
description_en = """
The figures of log_item_day for each platform, only for the days on which several platforms sent logs for one enrolment (those of \
log_platform_day). Times are cut at local midnight, overlapping time of an item counted once within a platform."""
audience = "intermediate"
grain = ["local_day", "enrolment_id", "platform_id", "item_id"]
partition = "local_day"
incremental = true
sources = ["notice 二（三）"]
policy = []

[[columns]]
name = "local_day"
type = "date"
unit = ""
zh = "学习日期"
en = "local day of the study time"

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
en = "unified social credit code of the platform that sent the logs (GB 32100)"

[[columns]]
name = "item_id"
type = "text"
unit = ""
zh = "课件编号"
en = "identifier of the learning item"

[[columns]]
name = "union_us"
type = "int"
unit = "microseconds"
zh = "去重时长"
en = "length of the union of the item's sessions on the platform and day, overlaps counted once"
*/
WITH
-- Few of all: where one platform sent everything, log_enrolment_day has its figures.
shared_day AS (
    SELECT local_day, enrolment_id FROM log_enrolment_day WHERE platform_id < last_platform_id
),
shared_enrolment AS (
    SELECT DISTINCT enrolment_id FROM shared_day
),
session AS (
    SELECT
        l.enrolment_id,
        l.platform_id,
        l.item_id,
        l.started_us,
        l.ended_us,
        l.started_day,
        l.ended_day
    FROM study_logs AS l
    LEFT SEMI JOIN shared_enrolment AS s ON s.enrolment_id = l.enrolment_id
),
piece AS (
    SELECT
        started_day AS local_day,
        enrolment_id,
        platform_id,
        item_id,
        started_us AS start_us,
        GREATEST(ended_us, started_us) AS end_us
    FROM session
    WHERE ended_day <= started_day
    UNION ALL
    SELECT
        d.day AS local_day,
        l.enrolment_id,
        l.platform_id,
        l.item_id,
        GREATEST(l.started_us, d.start_us) AS start_us,
        LEAST(l.ended_us, d.end_us) AS end_us
    FROM session AS l
    INNER JOIN days AS d ON d.day >= l.started_day AND d.day <= l.ended_day
    WHERE l.ended_day > l.started_day AND l.ended_us > d.start_us
)
SELECT
    p.local_day,
    p.enrolment_id,
    p.platform_id,
    p.item_id,
    union_length(ARRAY_AGG(p.start_us), ARRAY_AGG(p.end_us)) AS union_us
FROM piece AS p
INNER JOIN shared_day AS s ON s.local_day = p.local_day AND s.enrolment_id = p.enrolment_id
GROUP BY p.local_day, p.enrolment_id, p.platform_id, p.item_id
