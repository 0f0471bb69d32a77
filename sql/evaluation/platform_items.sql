/*
title_zh = "综合评价指标原值"
title_en = "Raw values of the platform evaluation items"
description_en = """
The raw value of every item of the usage and process dimensions for each platform, with the integers it is made of. The window is the \
12 months to the as-of date: enrolments by enrolment date, logs by local day of the start. A platform's enrolments are those of its \
classes; a log is the platform's that sent it. A value that cannot be formed is empty, never zero. Items: \
active_learner_share (persons enrolled in the window with a log of the platform in it / persons enrolled), \
logged_hours_per_planned (watched seconds of the platform's logs / planned online seconds of the enrolments, at most 1), \
months_with_enrolments (calendar months with new enrolments, at most 12 / 12), \
supported_hours_share (microseconds supported by all logs of the enrolments / their claimed online microseconds), \
face_check_pass_share (passed / prompted; 0 for a platform with logs that never prompted), \
valid_hour_rate (microseconds supported by the platform's logs / microseconds of its sessions, both inside the window), \
timely_upload_share (sessions uploaded in time / sessions with an upload time)."""
audience = "intermediate"
grain = ["platform_id", "item"]
sources = ["notice 三（三）"]
policy = []

[[columns]]
name = "as_of"
type = "date"
unit = ""
zh = "评价基准日"
en = "last day of the window"

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
unit = "share"
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
    SELECT
        k.platform_id,
        e.enrolment_id,
        e.person_key,
        e.enrolled_month,
        e.online_seconds,
        k.planned_online_seconds
    FROM enrolments AS e
    INNER JOIN elapsed_days AS d ON d.day = e.enrolled_on
    INNER JOIN classes AS k ON k.class_id = e.class_id
    WHERE d.in_last_year AND k.platform_id IS NOT NULL
),
-- Nearly all days of an enrolment have one platform; the others are divided in log_platform_day.
platform_day AS (
    SELECT
        local_day,
        enrolment_id,
        platform_id,
        sessions,
        watched_seconds,
        face_prompts,
        face_passed,
        uploaded_known,
        uploaded_late
    FROM log_enrolment_day
    WHERE platform_id = last_platform_id
    UNION ALL
    SELECT
        local_day,
        enrolment_id,
        platform_id,
        sessions,
        watched_seconds,
        face_prompts,
        face_passed,
        uploaded_known,
        uploaded_late
    FROM log_platform_day
),
log_day AS (
    SELECT l.platform_id, l.enrolment_id, l.sessions, l.watched_seconds, l.face_prompts, l.face_passed, l.uploaded_known, l.uploaded_late
    FROM platform_day AS l
    INNER JOIN elapsed_days AS d ON d.day = l.local_day
    WHERE d.in_last_year
),
logged AS (
    SELECT
        platform_id,
        SUM(sessions) AS sessions,
        SUM(watched_seconds) AS watched_seconds,
        SUM(face_prompts) AS face_prompts,
        SUM(face_passed) AS face_passed,
        SUM(uploaded_known) AS uploaded_known,
        SUM(uploaded_known - uploaded_late) AS uploaded_in_time
    FROM log_day
    GROUP BY platform_id
),
logged_enrolment AS (
    SELECT DISTINCT platform_id, enrolment_id FROM log_day WHERE sessions > 0
),
enrolled AS (
    SELECT
        e.platform_id,
        CAST(COUNT(DISTINCT e.person_key) AS BIGINT) AS learners,
        CAST(COUNT(DISTINCT CASE WHEN l.enrolment_id IS NOT NULL THEN e.person_key END) AS BIGINT) AS active_learners,
        CAST(COUNT(DISTINCT e.enrolled_month) AS BIGINT) AS enrolment_months,
        SUM(e.planned_online_seconds) AS planned_seconds
    FROM enrolment AS e
    LEFT JOIN logged_enrolment AS l ON l.platform_id = e.platform_id AND l.enrolment_id = e.enrolment_id
    GROUP BY e.platform_id
),
claimed AS (
    SELECT
        e.platform_id,
        SUM(e.online_seconds) * 1000000 AS claimed_us,
        SUM(COALESCE(s.supported_us, 0)) AS claimed_supported_us
    FROM enrolment AS e
    LEFT JOIN enrolment_log_support AS s ON s.enrolment_id = e.enrolment_id
    WHERE e.online_seconds > 0
    GROUP BY e.platform_id
),
valid AS (
    SELECT platform_id, SUM(supported_us) AS supported_us, SUM(sum_us) AS session_us
    FROM platform_log_support
    GROUP BY platform_id
),
platform AS (
    SELECT
        r.as_of,
        o.org_id AS platform_id,
        COALESCE(e.learners, 0) AS learners,
        COALESCE(e.active_learners, 0) AS active_learners,
        COALESCE(e.enrolment_months, 0) AS enrolment_months,
        COALESCE(e.planned_seconds, 0) AS planned_seconds,
        COALESCE(l.sessions, 0) AS sessions,
        COALESCE(l.watched_seconds, 0) AS watched_seconds,
        COALESCE(l.face_prompts, 0) AS face_prompts,
        COALESCE(l.face_passed, 0) AS face_passed,
        COALESCE(l.uploaded_known, 0) AS uploaded_known,
        COALESCE(l.uploaded_in_time, 0) AS uploaded_in_time,
        COALESCE(c.claimed_us, 0) AS claimed_us,
        COALESCE(c.claimed_supported_us, 0) AS claimed_supported_us,
        COALESCE(v.supported_us, 0) AS supported_us,
        COALESCE(v.session_us, 0) AS session_us
    FROM organizations AS o
    CROSS JOIN run_context AS r
    LEFT JOIN enrolled AS e ON e.platform_id = o.org_id
    LEFT JOIN logged AS l ON l.platform_id = o.org_id
    LEFT JOIN claimed AS c ON c.platform_id = o.org_id
    LEFT JOIN valid AS v ON v.platform_id = o.org_id
    WHERE o.org_kind = 'platform'
),
ratio AS (
    SELECT as_of, platform_id, 'active_learner_share' AS item, active_learners AS numerator, learners AS denominator, sessions FROM platform
    UNION ALL
    SELECT as_of, platform_id, 'logged_hours_per_planned' AS item, watched_seconds AS numerator, planned_seconds AS denominator, sessions FROM platform
    UNION ALL
    -- A window that starts within a month touches 13 calendar months.
    SELECT as_of, platform_id, 'months_with_enrolments' AS item, LEAST(enrolment_months, 12) AS numerator, 12 AS denominator, sessions FROM platform
    UNION ALL
    SELECT as_of, platform_id, 'supported_hours_share' AS item, claimed_supported_us AS numerator, claimed_us AS denominator, sessions FROM platform
    UNION ALL
    SELECT as_of, platform_id, 'face_check_pass_share' AS item, face_passed AS numerator, face_prompts AS denominator, sessions FROM platform
    UNION ALL
    SELECT as_of, platform_id, 'valid_hour_rate' AS item, supported_us AS numerator, session_us AS denominator, sessions FROM platform
    UNION ALL
    SELECT as_of, platform_id, 'timely_upload_share' AS item, uploaded_in_time AS numerator, uploaded_known AS denominator, sessions FROM platform
)
SELECT
    as_of,
    platform_id,
    item,
    CASE
        WHEN denominator > 0 AND item = 'logged_hours_per_planned' THEN LEAST(numerator / denominator, 1.0)
        WHEN denominator > 0 THEN numerator / denominator
        WHEN item = 'face_check_pass_share' AND sessions > 0 THEN 0.0
    END AS value,
    numerator,
    denominator
FROM ratio
