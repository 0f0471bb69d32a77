/*
title_zh = "综合评价指标：使用活跃"
title_en = "Evaluation items: usage"
description_en = """
Items of the usage dimension over the 12 months to the as-of date. A platform's enrolments are those of its classes, by day of enrolment; \
a log is the platform's that sent it, by day of its start. active_learner_share: persons enrolled in the window with a log of the platform \
on their enrolment in it / persons enrolled. logged_hours_per_planned: watched seconds of the platform's logs / planned online seconds of \
the enrolments, at most 1. months_with_enrolments: calendar months with new enrolments, at most 12 / 12; a platform without any has 0. The \
first two are missing for a platform without enrolments, the second also where nothing was planned online."""
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
enrolment AS (
    SELECT k.platform_id, e.enrolment_id, e.person_key, d.month, k.planned_online_seconds
    FROM enrolments AS e
    INNER JOIN evaluation_days AS d ON d.day = e.enrolled_on
    INNER JOIN classes AS k ON k.class_id = e.class_id
    WHERE d.in_year AND k.platform_id IS NOT NULL
),
enrolled AS (
    SELECT
        e.platform_id,
        COUNT(DISTINCT e.person_key) AS learners,
        COUNT(DISTINCT CASE WHEN l.sessions > 0 THEN e.person_key END) AS active_learners,
        COUNT(DISTINCT e.month) AS enrolment_months,
        SUM(e.planned_online_seconds) AS planned_seconds
    FROM enrolment AS e
    LEFT JOIN platform_enrolment_logs AS l ON l.platform_id = e.platform_id AND l.enrolment_id = e.enrolment_id
    GROUP BY e.platform_id
),
logged AS (
    SELECT platform_id, SUM(watched_seconds) AS watched_seconds FROM platform_enrolment_logs GROUP BY platform_id
),
platform AS (
    SELECT
        u.platform_id,
        COALESCE(e.learners, 0) AS learners,
        COALESCE(e.active_learners, 0) AS active_learners,
        COALESCE(e.enrolment_months, 0) AS enrolment_months,
        COALESCE(e.planned_seconds, 0) AS planned_seconds,
        COALESCE(l.watched_seconds, 0) AS watched_seconds
    FROM platform_units AS u
    LEFT JOIN enrolled AS e ON e.platform_id = u.platform_id
    LEFT JOIN logged AS l ON l.platform_id = u.platform_id
),
ratio AS (
    SELECT platform_id, 'active_learner_share' AS item, active_learners AS numerator, learners AS denominator FROM platform
    UNION ALL
    SELECT platform_id, 'logged_hours_per_planned' AS item, watched_seconds AS numerator, planned_seconds AS denominator FROM platform
    UNION ALL
    -- A window that starts within a month touches 13 calendar months.
    SELECT platform_id, 'months_with_enrolments' AS item, LEAST(enrolment_months, 12) AS numerator, CAST(12 AS BIGINT) AS denominator
    FROM platform
)
SELECT
    platform_id,
    item,
    CASE
        WHEN denominator > 0 AND item = 'logged_hours_per_planned' THEN LEAST(numerator / denominator, 1.0)
        WHEN denominator > 0 THEN numerator / denominator
    END AS value,
    numerator,
    denominator
FROM ratio
