/*
title_zh = "上月报名学习记录支撑"
title_en = "Study time that the logs of an enrolment supported one month earlier"
description_en = """
supported_us of enrolment_log_support as it would have been on the day one month before the as-of date, of all logs up to that day. \
Enrolments without a later log have the figure of enrolment_log_support; only the others are computed again."""
audience = "intermediate"
grain = ["enrolment_id"]
sources = ["notice 三（三）"]
policy = []

[[columns]]
name = "enrolment_id"
type = "text"
unit = ""
zh = "报名编号"
en = "identifier of the enrolment"

[[columns]]
name = "supported_us"
type = "int"
unit = "microseconds"
zh = "有记录支撑时长"
en = "study time supported by the logs up to that day and the length of the courseware"
*/
WITH
dated AS (
    SELECT s.enrolment_id, s.supported_us, t.until_month_before AS is_whole
    FROM enrolment_log_support AS s
    INNER JOIN evaluation_days AS f ON f.day = s.first_day
    INNER JOIN evaluation_days AS t ON t.day = s.last_day
    WHERE f.until_month_before
),
running AS (
    SELECT enrolment_id FROM dated WHERE NOT is_whole
),
total AS (
    SELECT l.enrolment_id, SUM(l.union_us) AS union_us
    FROM log_enrolment_day AS l
    LEFT SEMI JOIN running AS v ON v.enrolment_id = l.enrolment_id
    INNER JOIN evaluation_days AS d ON d.day = l.local_day
    WHERE d.until_month_before
    GROUP BY l.enrolment_id
),
item AS (
    SELECT l.enrolment_id, l.item_id, SUM(l.union_us) AS union_us
    FROM log_item_day AS l
    LEFT SEMI JOIN running AS v ON v.enrolment_id = l.enrolment_id
    INNER JOIN evaluation_days AS d ON d.day = l.local_day
    WHERE d.until_month_before
    GROUP BY l.enrolment_id, l.item_id
),
capped AS (
    SELECT
        i.enrolment_id,
        SUM(CASE WHEN c.video_seconds < i.union_us / 1000000 THEN c.video_seconds * 1000000 ELSE i.union_us END) AS supported_us
    FROM item AS i
    LEFT JOIN courseware_length AS c ON c.item_id = i.item_id
    GROUP BY i.enrolment_id
)
SELECT enrolment_id, supported_us
FROM dated
WHERE is_whole
UNION ALL
SELECT t.enrolment_id, LEAST(t.union_us, c.supported_us) AS supported_us
FROM total AS t
INNER JOIN capped AS c ON c.enrolment_id = t.enrolment_id
