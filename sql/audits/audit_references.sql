/*
title_zh = "引用完整"
title_en = "records name enrolments and classes that were delivered"
description_en = "Counted by feed and reference, not by record: a class row that was quarantined leaves its enrolments without a class, and the figures without them. One finding a reference that does not hold."
audience = "intermediate"
grain = ["reference"]
sources = ["notice 三（三）: the process must be traceable"]

[audit]
severity = "warn"

[[columns]]
name = "reference"
type = "text"
en = "feed and column"

[[columns]]
name = "orphans"
type = "int"
en = "records whose reference is not there"
*/
WITH enrolment_class AS (
    SELECT e.enrolment_id AS record
    FROM enrolments AS e LEFT JOIN classes AS c ON e.class_id = c.class_id
    WHERE c.start_on IS NULL
),
claim_enrolment AS (
    SELECT b.claim_id AS record
    FROM claims AS b LEFT JOIN enrolments AS e ON b.enrolment_id = e.enrolment_id
    WHERE e.enrolled_on IS NULL
),
certificate_enrolment AS (
    SELECT t.certificate_no AS record
    FROM certificates AS t LEFT JOIN enrolments AS e ON t.enrolment_id = e.enrolment_id
    WHERE e.enrolled_on IS NULL
),
assessment_enrolment AS (
    SELECT a.assessment_id AS record
    FROM assessments AS a LEFT JOIN enrolments AS e ON a.enrolment_id = e.enrolment_id
    WHERE e.enrolled_on IS NULL
),
counted AS (
    SELECT 'enrolments.class_id' AS reference, CAST(COUNT(record) AS BIGINT) AS orphans FROM enrolment_class
    UNION ALL
    SELECT 'claims.enrolment_id' AS reference, CAST(COUNT(record) AS BIGINT) AS orphans FROM claim_enrolment
    UNION ALL
    SELECT 'certificates.enrolment_id' AS reference, CAST(COUNT(record) AS BIGINT) AS orphans FROM certificate_enrolment
    UNION ALL
    SELECT 'assessments.enrolment_id' AS reference, CAST(COUNT(record) AS BIGINT) AS orphans FROM assessment_enrolment
)
SELECT reference, orphans FROM counted WHERE orphans > 0
