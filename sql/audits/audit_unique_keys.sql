/*
title_zh = "主键唯一"
title_en = "each record's key stands once in its feed's current view"
description_en = "Revisions are resolved and snapshots replaced at load; a key that stands twice would be counted twice. Study logs and attendance are left to the loader, which settles their keys itself."
audience = "intermediate"
grain = ["feed", "record"]
sources = ["spec: what loading promises, 4"]

[audit]
severity = "error"

[[columns]]
name = "feed"
type = "text"
en = "feed"

[[columns]]
name = "record"
type = "text"
en = "key values joined by |"

[[columns]]
name = "copies"
type = "int"
en = "rows with this key"
*/
SELECT feed, record, copies FROM (
    SELECT 'organizations' AS feed, org_id || '|' || org_kind AS record, CAST(COUNT(*) AS BIGINT) AS copies FROM organizations GROUP BY org_id, org_kind HAVING COUNT(*) > 1
    UNION ALL
    SELECT 'courseware' AS feed, item_id AS record, CAST(COUNT(*) AS BIGINT) AS copies FROM courseware GROUP BY item_id HAVING COUNT(*) > 1
    UNION ALL
    SELECT 'classes' AS feed, class_id AS record, CAST(COUNT(*) AS BIGINT) AS copies FROM classes GROUP BY class_id HAVING COUNT(*) > 1
    UNION ALL
    SELECT 'enrolments' AS feed, enrolment_id AS record, CAST(COUNT(*) AS BIGINT) AS copies FROM enrolments GROUP BY enrolment_id HAVING COUNT(*) > 1
    UNION ALL
    SELECT 'assessments' AS feed, assessment_id AS record, CAST(COUNT(*) AS BIGINT) AS copies FROM assessments GROUP BY assessment_id HAVING COUNT(*) > 1
    UNION ALL
    SELECT 'certificates' AS feed, certificate_no || '|' || enrolment_id AS record, CAST(COUNT(*) AS BIGINT) AS copies FROM certificates GROUP BY certificate_no, enrolment_id HAVING COUNT(*) > 1
    UNION ALL
    SELECT 'claims' AS feed, claim_id AS record, CAST(COUNT(*) AS BIGINT) AS copies FROM claims GROUP BY claim_id HAVING COUNT(*) > 1
    UNION ALL
    SELECT 'feedback' AS feed, feedback_id AS record, CAST(COUNT(*) AS BIGINT) AS copies FROM feedback GROUP BY feedback_id HAVING COUNT(*) > 1
    UNION ALL
    SELECT 'findings' AS feed, finding_id AS record, CAST(COUNT(*) AS BIGINT) AS copies FROM findings GROUP BY finding_id HAVING COUNT(*) > 1
    UNION ALL
    SELECT 'platform_directory' AS feed, platform_id || '|' || city_code || '|' || CAST(listed_on AS VARCHAR) AS record, CAST(COUNT(*) AS BIGINT) AS copies FROM platform_directory GROUP BY platform_id, city_code, listed_on HAVING COUNT(*) > 1
    UNION ALL
    SELECT 'training_directory' AS feed, org_id || '|' || city_code || '|' || occupation_code || '|' || CAST(skill_level AS VARCHAR) || '|' || CAST(valid_from AS VARCHAR) AS record, CAST(COUNT(*) AS BIGINT) AS copies FROM training_directory GROUP BY org_id, city_code, occupation_code, skill_level, valid_from HAVING COUNT(*) > 1
    UNION ALL
    SELECT 'subsidy_standards' AS feed, city_code || '|' || occupation_code || '|' || CAST(skill_level AS VARCHAR) || '|' || CAST(valid_from AS VARCHAR) AS record, CAST(COUNT(*) AS BIGINT) AS copies FROM subsidy_standards GROUP BY city_code, occupation_code, skill_level, valid_from HAVING COUNT(*) > 1
    UNION ALL
    SELECT 'targets' AS feed, CAST(year AS VARCHAR) || '|' || city_code AS record, CAST(COUNT(*) AS BIGINT) AS copies FROM targets GROUP BY year, city_code HAVING COUNT(*) > 1
) AS doubled
