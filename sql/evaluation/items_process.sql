/*
title_zh = "综合评价指标：过程监管"
title_en = "Evaluation items: process supervision"
description_en = """
Items of the process dimension, over the 12 months to the as-of date and over those to the day one month earlier, with which weak \
supervision is told. supported_hours_share: microseconds supported by all logs of the enrolments of the window up to its last day / their \
claimed online microseconds, of enrolments with online hours. face_check_pass_share: face checks passed / prompted in the platform's logs; \
0 where there are logs and no prompt at all. valid_hour_rate: 1 − rejected / logged time = microseconds supported by the platform's logs / \
microseconds of its sessions, both inside the window. timely_upload_share: sessions uploaded within 24 hours / sessions with an upload \
time. Missing without claimed hours, without logs, without session time, without upload times."""
audience = "intermediate"
grain = ["evaluated_on", "platform_id", "item"]
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
claimed AS (
    SELECT
        u.as_of AS evaluated_on,
        k.platform_id,
        SUM(e.online_seconds) * 1000000 AS claimed_us,
        SUM(COALESCE(s.supported_us, 0)) AS supported_us
    FROM enrolments AS e
    INNER JOIN evaluation_days AS d ON d.day = e.enrolled_on
    INNER JOIN classes AS k ON k.class_id = e.class_id
    LEFT JOIN enrolment_log_support AS s ON s.enrolment_id = e.enrolment_id
    CROSS JOIN evaluation_rules AS u
    WHERE d.in_year AND e.online_seconds > 0 AND k.platform_id IS NOT NULL
    GROUP BY u.as_of, k.platform_id
    UNION ALL
    SELECT
        u.month_before AS evaluated_on,
        k.platform_id,
        SUM(e.online_seconds) * 1000000 AS claimed_us,
        SUM(COALESCE(s.supported_us, 0)) AS supported_us
    FROM enrolments AS e
    INNER JOIN evaluation_days AS d ON d.day = e.enrolled_on
    INNER JOIN classes AS k ON k.class_id = e.class_id
    LEFT JOIN enrolment_support_before AS s ON s.enrolment_id = e.enrolment_id
    CROSS JOIN evaluation_rules AS u
    WHERE d.in_year_before AND e.online_seconds > 0 AND k.platform_id IS NOT NULL
    GROUP BY u.month_before, k.platform_id
),
valid AS (
    SELECT evaluated_on, platform_id, SUM(supported_us) AS supported_us, SUM(sum_us) AS session_us
    FROM platform_log_support
    GROUP BY evaluated_on, platform_id
),
sent AS (
    SELECT
        platform_id,
        SUM(sessions) AS sessions,
        SUM(face_prompts) AS face_prompts,
        SUM(face_passed) AS face_passed,
        SUM(uploaded_known) AS uploaded_known,
        SUM(uploaded_in_time) AS uploaded_in_time,
        SUM(before_sessions) AS before_sessions,
        SUM(before_face_prompts) AS before_face_prompts,
        SUM(before_face_passed) AS before_face_passed,
        SUM(before_uploaded_known) AS before_uploaded_known,
        SUM(before_uploaded_in_time) AS before_uploaded_in_time
    FROM platform_enrolment_logs
    GROUP BY platform_id
),
logged AS (
    SELECT u.as_of AS evaluated_on, s.platform_id, s.sessions, s.face_prompts, s.face_passed, s.uploaded_known, s.uploaded_in_time
    FROM sent AS s
    CROSS JOIN evaluation_rules AS u
    UNION ALL
    SELECT
        u.month_before AS evaluated_on,
        s.platform_id,
        s.before_sessions AS sessions,
        s.before_face_prompts AS face_prompts,
        s.before_face_passed AS face_passed,
        s.before_uploaded_known AS uploaded_known,
        s.before_uploaded_in_time AS uploaded_in_time
    FROM sent AS s
    CROSS JOIN evaluation_rules AS u
),
evaluated AS (
    SELECT as_of AS evaluated_on FROM evaluation_rules
    UNION ALL
    SELECT month_before AS evaluated_on FROM evaluation_rules
),
platform AS (
    SELECT
        w.evaluated_on,
        u.platform_id,
        COALESCE(l.sessions, 0) AS sessions,
        COALESCE(l.face_prompts, 0) AS face_prompts,
        COALESCE(l.face_passed, 0) AS face_passed,
        COALESCE(l.uploaded_known, 0) AS uploaded_known,
        COALESCE(l.uploaded_in_time, 0) AS uploaded_in_time,
        COALESCE(c.claimed_us, 0) AS claimed_us,
        COALESCE(c.supported_us, 0) AS claimed_supported_us,
        COALESCE(v.supported_us, 0) AS supported_us,
        COALESCE(v.session_us, 0) AS session_us
    FROM platform_units AS u
    CROSS JOIN evaluated AS w
    LEFT JOIN logged AS l ON l.evaluated_on = w.evaluated_on AND l.platform_id = u.platform_id
    LEFT JOIN claimed AS c ON c.evaluated_on = w.evaluated_on AND c.platform_id = u.platform_id
    LEFT JOIN valid AS v ON v.evaluated_on = w.evaluated_on AND v.platform_id = u.platform_id
),
ratio AS (
    SELECT evaluated_on, platform_id, 'supported_hours_share' AS item, claimed_supported_us AS numerator, claimed_us AS denominator, sessions
    FROM platform
    UNION ALL
    SELECT evaluated_on, platform_id, 'face_check_pass_share' AS item, face_passed AS numerator, face_prompts AS denominator, sessions
    FROM platform
    UNION ALL
    SELECT evaluated_on, platform_id, 'valid_hour_rate' AS item, supported_us AS numerator, session_us AS denominator, sessions
    FROM platform
    UNION ALL
    SELECT evaluated_on, platform_id, 'timely_upload_share' AS item, uploaded_in_time AS numerator, uploaded_known AS denominator, sessions
    FROM platform
)
SELECT
    evaluated_on,
    platform_id,
    item,
    CASE
        WHEN denominator > 0 THEN numerator / denominator
        WHEN item = 'face_check_pass_share' AND sessions > 0 THEN 0.0
    END AS value,
    numerator,
    denominator
FROM ratio
