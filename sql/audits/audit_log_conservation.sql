/*
title_zh = "学时守恒"
title_en = "seconds logged by platforms equal those of the enrolments' logs"
description_en = "The conservation law for study time: every watched second of a session up to the as-of day stands in platform_monthly once, in the month and on the platform of its log. The two sides are summed from different partial results of the logs."
audience = "intermediate"
grain = ["measure"]
sources = ["notice 三（三）"]

[audit]
severity = "error"

[[columns]]
name = "measure"
type = "text"
en = "watched seconds"

[[columns]]
name = "logged"
type = "int"
unit = "seconds"
en = "sum over log_enrolment_day"

[[columns]]
name = "published"
type = "int"
unit = "seconds"
en = "sum over platform_monthly"
*/
WITH logged AS (
    SELECT COALESCE(SUM(l.watched_seconds), 0) AS seconds
    FROM log_enrolment_day AS l
    INNER JOIN elapsed_days AS d ON d.day = l.local_day
),
published AS (
    SELECT COALESCE(SUM(watched_seconds), 0) AS seconds FROM platform_monthly
),
compared AS (
    SELECT 'watched seconds' AS measure, l.seconds AS logged, p.seconds AS published
    FROM logged AS l
    CROSS JOIN published AS p
)
SELECT measure, logged, published FROM compared WHERE logged <> published
