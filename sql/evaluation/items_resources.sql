/*
title_zh = "综合评价指标：课程资源"
title_en = "Evaluation items: course resources"
description_en = """
Items of the resources dimension. changed_item_share: items of courseware published or changed within 365 days to the as-of date \
(courseware_changes) / items. occupation_breadth: distinct occupations of the courseware / distinct occupations in the directories of \
training bodies, valid on the as-of date, of the cities that list the platform on that day; these are counts, and a platform may offer \
more than its cities list. hours_match_share: courses whose largest claimed online hours, of the enrolments of the 12 months in the \
platform's classes, are within 2 % of the length of their courseware / courses with courseware and such an enrolment; contents that are \
there twice count once, as in C02. Missing without courseware, without a listing or an entry in those directories, without a course to \
compare."""
audience = "intermediate"
grain = ["platform_id", "item"]
sources = ["notice 三（三）"]
policy = []

[[columns]]
name = "platform_id"
type = "text"
unit = ""
zh = "平台代码"
en = "unified social credit code of the platform (GB 32100)"

[[columns]]
name = "item"
type = "text"
unit = ""
zh = "评价指标"
en = "name of the item in the evaluation framework"

[[columns]]
name = "value"
type = "float"
unit = ""
zh = "指标原值"
en = "raw value before comparison with its target; empty when it is missing"

[[columns]]
name = "numerator"
type = "int"
unit = ""
zh = "分子"
en = "number above the line, in the unit of the item"

[[columns]]
name = "denominator"
type = "int"
unit = ""
zh = "分母"
en = "number below the line, in the unit of the item"
*/
WITH
changed AS (
    SELECT
        c.platform_id,
        COUNT(*) AS items,
        SUM(CASE WHEN c.changed_on >= u.changed_from THEN 1 ELSE 0 END) AS changed_items,
        COUNT(DISTINCT c.occupation_code) AS occupations
    FROM courseware_changes AS c
    CROSS JOIN evaluation_rules AS u
    GROUP BY c.platform_id
),
listed AS (
    SELECT DISTINCT p.platform_id, p.city_code
    FROM platform_directory AS p
    CROSS JOIN run_context AS r
    WHERE p.listed_on <= r.as_of AND (p.delisted_on IS NULL OR p.delisted_on > r.as_of)
),
city_occupation AS (
    SELECT DISTINCT t.city_code, t.occupation_code
    FROM training_directory AS t
    CROSS JOIN run_context AS r
    WHERE t.valid_from <= r.as_of AND (t.valid_until IS NULL OR t.valid_until >= r.as_of)
),
wanted AS (
    SELECT l.platform_id, COUNT(DISTINCT c.occupation_code) AS occupations
    FROM listed AS l
    INNER JOIN city_occupation AS c ON c.city_code = l.city_code
    GROUP BY l.platform_id
),
content AS (
    SELECT
        w.platform_id,
        w.course_id,
        CASE WHEN w.content_hash IS NULL THEN 'item:' || w.item_id ELSE 'hash:' || w.content_hash END AS content,
        MAX(w.video_seconds) AS video_seconds
    FROM courseware AS w
    CROSS JOIN run_context AS r
    WHERE w.published_on <= r.as_of
    GROUP BY
        w.platform_id,
        w.course_id,
        CASE WHEN w.content_hash IS NULL THEN 'item:' || w.item_id ELSE 'hash:' || w.content_hash END
),
-- At most 285 years keep the comparison inside 64 bits whatever a damaged record holds.
course AS (
    SELECT platform_id, course_id, LEAST(SUM(LEAST(video_seconds, 1000000000)), 9000000000) AS video_seconds
    FROM content
    GROUP BY platform_id, course_id
),
claimed AS (
    SELECT k.platform_id, e.course_id, LEAST(MAX(e.online_seconds), 9000000000) AS online_seconds
    FROM enrolments AS e
    INNER JOIN evaluation_days AS d ON d.day = e.enrolled_on
    INNER JOIN classes AS k ON k.class_id = e.class_id
    WHERE d.in_year AND k.platform_id IS NOT NULL AND e.course_id IS NOT NULL
    GROUP BY k.platform_id, e.course_id
),
compared AS (
    SELECT
        c.platform_id,
        COUNT(*) AS courses,
        SUM(
            CASE
                WHEN (c.online_seconds - w.video_seconds) * 1000000 > w.video_seconds * u.hours_tolerance_e6 THEN 0
                WHEN (w.video_seconds - c.online_seconds) * 1000000 > w.video_seconds * u.hours_tolerance_e6 THEN 0
                ELSE 1
            END
        ) AS matching
    FROM claimed AS c
    INNER JOIN course AS w ON w.platform_id = c.platform_id AND w.course_id = c.course_id
    CROSS JOIN evaluation_rules AS u
    GROUP BY c.platform_id
),
platform AS (
    SELECT
        u.platform_id,
        COALESCE(c.items, 0) AS items,
        COALESCE(c.changed_items, 0) AS changed_items,
        COALESCE(c.occupations, 0) AS occupations,
        COALESCE(w.occupations, 0) AS wanted_occupations,
        COALESCE(m.courses, 0) AS courses,
        COALESCE(m.matching, 0) AS matching
    FROM platform_units AS u
    LEFT JOIN changed AS c ON c.platform_id = u.platform_id
    LEFT JOIN wanted AS w ON w.platform_id = u.platform_id
    LEFT JOIN compared AS m ON m.platform_id = u.platform_id
),
ratio AS (
    SELECT platform_id, 'changed_item_share' AS item, changed_items AS numerator, items AS denominator FROM platform
    UNION ALL
    SELECT platform_id, 'occupation_breadth' AS item, occupations AS numerator, wanted_occupations AS denominator FROM platform
    UNION ALL
    SELECT platform_id, 'hours_match_share' AS item, matching AS numerator, courses AS denominator FROM platform
)
SELECT
    platform_id,
    item,
    CASE WHEN denominator > 0 THEN numerator / denominator END AS value,
    numerator,
    denominator
FROM ratio
