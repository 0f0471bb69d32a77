/*
title_zh = "平台学习记录支撑"
title_en = "Study time of the last 12 months that a platform's logs support"
description_en = """
For each platform and enrolment the study time inside the 12 months to the as-of date: the length of all sessions that the platform sent, \
and how much of it is supported as in enrolment_log_support (the union, each item at most as long as its courseware), taking only these \
sessions. What lies outside the window is cut off. An enrolment whose logs all come from one platform and lie inside the window has the \
figures of enrolment_log_support; only the others are computed again."""
audience = "intermediate"
grain = ["platform_id", "enrolment_id"]
sources = ["notice 三（三）"]
policy = []

[[columns]]
name = "platform_id"
type = "text"
unit = ""
zh = "平台代码"
en = "unified social credit code of the platform that sent the logs (GB 32100)"

[[columns]]
name = "enrolment_id"
type = "text"
unit = ""
zh = "报名编号"
en = "identifier of the enrolment"

[[columns]]
name = "sum_us"
type = "int"
unit = "microseconds"
zh = "时长合计"
en = "sum of the session lengths, overlaps counted each time"

[[columns]]
name = "supported_us"
type = "int"
unit = "microseconds"
zh = "有记录支撑时长"
en = "study time supported by these sessions and the length of the courseware"
*/
WITH
dated AS (
    SELECT
        s.enrolment_id,
        s.platform_id,
        s.sum_us,
        s.supported_us,
        f.in_last_year AND s.platform_id = s.last_platform_id AS is_whole
    FROM enrolment_log_support AS s
    INNER JOIN elapsed_days AS f ON f.day = s.first_day
    INNER JOIN elapsed_days AS t ON t.day = s.last_day
    WHERE t.in_last_year
),
divided AS (
    SELECT enrolment_id FROM dated WHERE NOT is_whole
),
window_day AS (
    SELECT day FROM elapsed_days WHERE in_last_year
),
single_day AS (
    SELECT l.local_day, l.enrolment_id, l.platform_id, l.sum_us, l.union_us
    FROM log_enrolment_day AS l
    INNER JOIN divided AS v ON v.enrolment_id = l.enrolment_id
    INNER JOIN window_day AS w ON w.day = l.local_day
    WHERE l.platform_id = l.last_platform_id
),
platform_day AS (
    SELECT enrolment_id, platform_id, sum_us, union_us FROM single_day
    UNION ALL
    SELECT l.enrolment_id, l.platform_id, l.sum_us, l.union_us
    FROM log_platform_day AS l
    INNER JOIN window_day AS w ON w.day = l.local_day
),
total AS (
    SELECT enrolment_id, platform_id, SUM(sum_us) AS sum_us, SUM(union_us) AS union_us
    FROM platform_day
    GROUP BY enrolment_id, platform_id
),
item_day AS (
    SELECT s.enrolment_id, s.platform_id, i.item_id, i.union_us
    FROM log_item_day AS i
    INNER JOIN single_day AS s ON s.local_day = i.local_day AND s.enrolment_id = i.enrolment_id
    UNION ALL
    SELECT i.enrolment_id, i.platform_id, i.item_id, i.union_us
    FROM log_platform_item_day AS i
    INNER JOIN window_day AS w ON w.day = i.local_day
),
item AS (
    SELECT enrolment_id, platform_id, item_id, SUM(union_us) AS union_us
    FROM item_day
    GROUP BY enrolment_id, platform_id, item_id
),
capped AS (
    SELECT
        i.enrolment_id,
        i.platform_id,
        SUM(CASE WHEN c.video_seconds < i.union_us / 1000000 THEN c.video_seconds * 1000000 ELSE i.union_us END) AS supported_us
    FROM item AS i
    LEFT JOIN courseware AS c ON c.item_id = i.item_id
    GROUP BY i.enrolment_id, i.platform_id
)
SELECT platform_id, enrolment_id, sum_us, supported_us
FROM dated
WHERE is_whole
UNION ALL
SELECT t.platform_id, t.enrolment_id, t.sum_us, LEAST(t.union_us, c.supported_us) AS supported_us
FROM total AS t
INNER JOIN capped AS c ON c.enrolment_id = t.enrolment_id AND c.platform_id = t.platform_id
