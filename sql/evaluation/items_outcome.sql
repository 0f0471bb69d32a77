/*
title_zh = "综合评价指标：培训效果"
title_en = "Evaluation items: training outcome"
description_en = """
Items of the outcome dimension over the 12 months to the as-of date, of the enrolments in the platform's classes. completion_rate: \
completions, by day of completion / enrolments, by day of enrolment: what was finished against what was taken in, so that trainings still \
running do not count as failures; it may exceed 1. pass_rate_lower_bound: lower end of the Wilson 95 % interval (z = 1.959963984540054) of \
assessments passed / assessments, by day of start, else of end. certificate_rate: completions with any certificate issued up to the as-of \
date / completions. offline_continuation_rate: persons enrolled in blended classes with attendance in such a class up to the as-of date / \
persons enrolled in blended classes. Missing where there is nothing below the line."""
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
training AS (
    SELECT e.enrolment_id, k.platform_id, k.class_id, k.mode, e.person_key, e.enrolled_on, e.completed_on
    FROM enrolments AS e
    INNER JOIN classes AS k ON k.class_id = e.class_id
    WHERE k.platform_id IS NOT NULL
),
certified AS (
    SELECT DISTINCT c.enrolment_id
    FROM certificates AS c
    INNER JOIN elapsed_days AS d ON d.day = c.issued_on
),
enrolled AS (
    SELECT t.platform_id, COUNT(*) AS enrolments
    FROM training AS t
    INNER JOIN evaluation_days AS d ON d.day = t.enrolled_on
    WHERE d.in_year
    GROUP BY t.platform_id
),
completed AS (
    SELECT
        t.platform_id,
        COUNT(*) AS completions,
        SUM(CASE WHEN c.enrolment_id IS NOT NULL THEN 1 ELSE 0 END) AS certified
    FROM training AS t
    INNER JOIN evaluation_days AS d ON d.day = t.completed_on
    LEFT JOIN certified AS c ON c.enrolment_id = t.enrolment_id
    WHERE d.in_year
    GROUP BY t.platform_id
),
assessed AS (
    SELECT t.platform_id, COUNT(*) AS assessments, SUM(CASE WHEN a.passed THEN 1 ELSE 0 END) AS passed
    FROM assessments AS a
    INNER JOIN evaluation_days AS d ON d.day = COALESCE(a.started_day, a.ended_day)
    INNER JOIN training AS t ON t.enrolment_id = a.enrolment_id
    WHERE d.in_year
    GROUP BY t.platform_id
),
present AS (
    SELECT DISTINCT a.class_id, a.person_key
    FROM attendance AS a
    INNER JOIN elapsed_days AS d ON d.day = a.session_on
),
blended AS (
    SELECT
        t.platform_id,
        COUNT(DISTINCT t.person_key) AS learners,
        COUNT(DISTINCT CASE WHEN p.person_key IS NOT NULL THEN t.person_key END) AS continued
    FROM training AS t
    INNER JOIN evaluation_days AS d ON d.day = t.enrolled_on
    LEFT JOIN present AS p ON p.class_id = t.class_id AND p.person_key = t.person_key
    WHERE d.in_year AND t.mode = 'blended'
    GROUP BY t.platform_id
),
platform AS (
    SELECT
        u.platform_id,
        COALESCE(e.enrolments, 0) AS enrolments,
        COALESCE(c.completions, 0) AS completions,
        COALESCE(c.certified, 0) AS certified,
        COALESCE(a.assessments, 0) AS assessments,
        COALESCE(a.passed, 0) AS passed,
        COALESCE(b.learners, 0) AS blended_learners,
        COALESCE(b.continued, 0) AS continued
    FROM platform_units AS u
    LEFT JOIN enrolled AS e ON e.platform_id = u.platform_id
    LEFT JOIN completed AS c ON c.platform_id = u.platform_id
    LEFT JOIN assessed AS a ON a.platform_id = u.platform_id
    LEFT JOIN blended AS b ON b.platform_id = u.platform_id
),
ratio AS (
    SELECT platform_id, 'completion_rate' AS item, completions AS numerator, enrolments AS denominator FROM platform
    UNION ALL
    SELECT platform_id, 'pass_rate_lower_bound' AS item, passed AS numerator, assessments AS denominator FROM platform
    UNION ALL
    SELECT platform_id, 'certificate_rate' AS item, certified AS numerator, completions AS denominator FROM platform
    UNION ALL
    SELECT platform_id, 'offline_continuation_rate' AS item, continued AS numerator, blended_learners AS denominator FROM platform
),
wilson AS (
    SELECT
        platform_id,
        item,
        numerator,
        denominator,
        CAST(numerator AS DOUBLE) AS k,
        CAST(denominator AS DOUBLE) AS n,
        1.959963984540054 AS z
    FROM ratio
)
SELECT
    platform_id,
    item,
    CASE
        WHEN denominator = 0 THEN CAST(NULL AS DOUBLE)
        WHEN item = 'pass_rate_lower_bound'
            THEN GREATEST((k / n + z * z / (2 * n) - z * SQRT(k / n * (1 - k / n) / n + z * z / (4 * n * n))) / (1 + z * z / n), 0.0)
        ELSE k / n
    END AS value,
    numerator,
    denominator
FROM wilson
