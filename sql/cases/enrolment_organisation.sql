/*
title_zh = "报名所属机构和季度"
title_en = "Organisations and quarter of each enrolment"
description_en = """
The organisations whose class or log an enrolment concerns, with the quarter of the class start: the training organisation and the \
platform of the class, and the platforms of its study logs."""
audience = "intermediate"
grain = ["enrolment_id", "org_id"]
sources = ["notice 三（三）"]
policy = []

[[columns]]
name = "enrolment_id"
type = "text"
unit = ""
zh = "报名编号"
en = "identifier of the enrolment"

[[columns]]
name = "org_id"
type = "text"
unit = ""
zh = "机构代码"
en = "training organisation or platform"

[[columns]]
name = "quarter"
type = "text"
unit = ""
zh = "季度"
en = "quarter of the class start, YYYY-Qn"
*/
WITH
placed AS (
    SELECT
        e.enrolment_id,
        k.org_id,
        k.platform_id,
        l.platform_id AS log_platform_id,
        l.last_platform_id AS last_log_platform_id,
        k.start_quarter AS quarter
    FROM enrolments AS e
    INNER JOIN elapsed_days AS d ON d.day = e.enrolled_on
    INNER JOIN classes AS k ON k.class_id = e.class_id
    LEFT JOIN enrolment_log_support AS l ON l.enrolment_id = e.enrolment_id
),
-- Few have logs of several platforms; between the first and the last by code there may be more.
several AS (
    SELECT enrolment_id, quarter FROM placed WHERE log_platform_id < last_log_platform_id
),
log_platform AS (
    SELECT DISTINCT d.enrolment_id, d.platform_id
    FROM log_enrolment_day AS d
    LEFT SEMI JOIN several AS s ON s.enrolment_id = d.enrolment_id
    UNION
    SELECT DISTINCT d.enrolment_id, d.platform_id
    FROM log_platform_day AS d
    LEFT SEMI JOIN several AS s ON s.enrolment_id = d.enrolment_id
)
SELECT enrolment_id, org_id, quarter FROM placed
UNION
SELECT enrolment_id, platform_id AS org_id, quarter FROM placed WHERE platform_id IS NOT NULL
UNION
SELECT enrolment_id, log_platform_id AS org_id, quarter FROM placed WHERE log_platform_id IS NOT NULL
UNION
SELECT enrolment_id, last_log_platform_id AS org_id, quarter FROM placed WHERE last_log_platform_id IS NOT NULL
UNION
SELECT s.enrolment_id, p.platform_id AS org_id, s.quarter
FROM several AS s
INNER JOIN log_platform AS p ON p.enrolment_id = s.enrolment_id
WHERE p.platform_id IS NOT NULL
