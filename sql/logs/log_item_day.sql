/*
title_zh = "报名课件每日学习时长"
title_en = "Study time by enrolment, item and local day"
description_en = """
How long one enrolment studied one item on one local day, overlapping time counted once, cut at local midnight. On days on which the \
sessions of an enrolment do not overlap at all, the union of an item is the sum of its sessions; only the other days are put in order."""
audience = "intermediate"
grain = ["local_day", "enrolment_id", "item_id"]
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
en = "length of the union of the item's sessions on the day, overlaps counted once"
*/
WITH
piece AS (
    SELECT
        started_day AS local_day,
        enrolment_id,
        item_id,
        started_us AS start_us,
        GREATEST(ended_us, started_us) AS end_us
    FROM study_logs
    WHERE ended_day <= started_day
    UNION ALL
    SELECT
        d.day AS local_day,
        l.enrolment_id,
        l.item_id,
        GREATEST(l.started_us, d.start_us) AS start_us,
        LEAST(l.ended_us, d.end_us) AS end_us
    FROM study_logs AS l
    INNER JOIN days AS d ON d.day >= l.started_day AND d.day <= l.ended_day
    WHERE l.ended_day > l.started_day AND l.ended_us > d.start_us
),
overlapping_day AS (
    SELECT local_day, enrolment_id FROM log_enrolment_day WHERE sum_us > union_us
),
overlapping_item AS (
    SELECT
        p.local_day,
        p.enrolment_id,
        p.item_id,
        union_length(ARRAY_AGG(p.start_us), ARRAY_AGG(p.end_us)) AS union_us
    FROM piece AS p
    INNER JOIN overlapping_day AS o ON o.local_day = p.local_day AND o.enrolment_id = p.enrolment_id
    GROUP BY p.local_day, p.enrolment_id, p.item_id
)
SELECT p.local_day, p.enrolment_id, p.item_id, SUM(p.end_us - p.start_us) AS union_us
FROM piece AS p
LEFT ANTI JOIN overlapping_day AS o ON o.local_day = p.local_day AND o.enrolment_id = p.enrolment_id
GROUP BY p.local_day, p.enrolment_id, p.item_id
UNION ALL
SELECT local_day, enrolment_id, item_id, union_us
FROM overlapping_item
