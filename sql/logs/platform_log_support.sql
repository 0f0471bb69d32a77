/*
title_zh = "平台学习记录支撑"
title_en = "Study time that a platform's logs support, in the evaluation's windows"
description_en = """
For each platform and enrolment the study time inside a window: the length of all sessions that the platform sent, and how much of it is \
supported as in enrolment_log_support (the union, each item at most as long as its courseware), taking only these sessions. Windows are \
the 12 months to the as-of date and the 12 months to the day one month earlier. What lies outside the window is cut off. An enrolment \
whose logs all come from one platform and lie inside the window has the figures of enrolment_log_support; only the others are computed \
again."""
audience = "intermediate"
grain = ["evaluated_on", "platform_id", "enrolment_id"]
sources = ["notice 三（三）"]
policy = []

[[columns]]
name = "evaluated_on"
type = "date"
unit = ""
zh = "评价日"
en = "last day of the window: the as-of date, or the day one month before"

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
        u.as_of AS evaluated_on,
        s.enrolment_id,
        s.platform_id,
        s.sum_us,
        s.supported_us,
        f.in_year AND s.platform_id = s.last_platform_id AS is_whole
    FROM enrolment_log_support AS s
    INNER JOIN evaluation_days AS f ON f.day = s.first_day
    INNER JOIN evaluation_days AS t ON t.day = s.last_day
    CROSS JOIN evaluation_rules AS u
    WHERE t.in_year
    UNION ALL
    SELECT
        u.month_before AS evaluated_on,
        s.enrolment_id,
        s.platform_id,
        s.sum_us,
        s.supported_us,
        f.in_year_before AND t.in_year_before AND s.platform_id = s.last_platform_id AS is_whole
    FROM enrolment_log_support AS s
    INNER JOIN evaluation_days AS f ON f.day = s.first_day
    INNER JOIN evaluation_days AS t ON t.day = s.last_day
    CROSS JOIN evaluation_rules AS u
    WHERE f.until_month_before AND (t.in_year_before OR NOT t.until_month_before)
),
divided AS (
    SELECT evaluated_on, enrolment_id FROM dated WHERE NOT is_whole
),
window_day AS (
    SELECT u.as_of AS evaluated_on, d.day FROM evaluation_days AS d CROSS JOIN evaluation_rules AS u WHERE d.in_year
    UNION ALL
    SELECT u.month_before AS evaluated_on, d.day FROM evaluation_days AS d CROSS JOIN evaluation_rules AS u WHERE d.in_year_before
),
-- Nearly all days of an enrolment have one platform; the others are divided in log_platform_day.
single_day AS (
    SELECT v.evaluated_on, l.local_day, l.enrolment_id, l.platform_id, l.sum_us, l.union_us
    FROM log_enrolment_day AS l
    INNER JOIN divided AS v ON v.enrolment_id = l.enrolment_id
    INNER JOIN window_day AS w ON w.evaluated_on = v.evaluated_on AND w.day = l.local_day
    WHERE l.platform_id = l.last_platform_id
),
platform_day AS (
    SELECT evaluated_on, enrolment_id, platform_id, sum_us, union_us FROM single_day
    UNION ALL
    SELECT w.evaluated_on, l.enrolment_id, l.platform_id, l.sum_us, l.union_us
    FROM log_platform_day AS l
    INNER JOIN window_day AS w ON w.day = l.local_day
),
total AS (
    SELECT evaluated_on, enrolment_id, platform_id, SUM(sum_us) AS sum_us, SUM(union_us) AS union_us
    FROM platform_day
    GROUP BY evaluated_on, enrolment_id, platform_id
),
item_day AS (
    SELECT s.evaluated_on, s.enrolment_id, s.platform_id, i.item_id, i.union_us
    FROM log_item_day AS i
    INNER JOIN single_day AS s ON s.local_day = i.local_day AND s.enrolment_id = i.enrolment_id
    UNION ALL
    SELECT w.evaluated_on, i.enrolment_id, i.platform_id, i.item_id, i.union_us
    FROM log_platform_item_day AS i
    INNER JOIN window_day AS w ON w.day = i.local_day
),
item AS (
    SELECT evaluated_on, enrolment_id, platform_id, item_id, SUM(union_us) AS union_us
    FROM item_day
    GROUP BY evaluated_on, enrolment_id, platform_id, item_id
),
capped AS (
    SELECT
        i.evaluated_on,
        i.enrolment_id,
        i.platform_id,
        SUM(CASE WHEN c.video_seconds < i.union_us / 1000000 THEN c.video_seconds * 1000000 ELSE i.union_us END) AS supported_us
    FROM item AS i
    LEFT JOIN courseware_length AS c ON c.item_id = i.item_id
    GROUP BY i.evaluated_on, i.enrolment_id, i.platform_id
)
SELECT evaluated_on, platform_id, enrolment_id, sum_us, supported_us
FROM dated
WHERE is_whole
UNION ALL
SELECT t.evaluated_on, t.platform_id, t.enrolment_id, t.sum_us, LEAST(t.union_us, c.supported_us) AS supported_us
FROM total AS t
INNER JOIN capped AS c
    ON c.evaluated_on = t.evaluated_on AND c.enrolment_id = t.enrolment_id AND c.platform_id = t.platform_id
