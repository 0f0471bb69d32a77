/*
title_zh = "部分不大于整体"
title_en = "no part of a published cell is more than the whole it is part of"
description_en = """
Persons are at most their completions, those of a group at most those of the month, those of the province at most those of all cities (and \
completions booked on the province itself); passed are at most assessed, documented or certified at most completed, platforms serve at \
most the cities that there are."""
audience = "intermediate"
grain = ["law", "record"]
sources = ["spec: published tables, statistics"]

[audit]
severity = "error"

[[columns]]
name = "law"
type = "text"
en = "table, and what is at most what"

[[columns]]
name = "record"
type = "text"
en = "key of the row, values joined by |"

[[columns]]
name = "part"
type = "int"
en = "what should be at most the whole"

[[columns]]
name = "whole"
type = "int"
en = "the whole"
*/
WITH
-- A completion booked on the province itself is in no city.
city_sum AS (
    SELECT month, SUM(completions) AS completions, SUM(persons) AS persons
    FROM city_progress_monthly
    WHERE city_code <> '370000'
    GROUP BY month
),
compared AS (
    SELECT 'progress: persons, completions' AS law, month || '|' || city_code AS record, persons AS part, completions AS whole
    FROM city_progress_monthly
    UNION ALL
    SELECT
        'progress: persons to date, completions to date' AS law,
        month || '|' || city_code AS record,
        persons_ytd AS part,
        completions_ytd AS whole
    FROM city_progress_monthly
    UNION ALL
    SELECT
        'progress: persons of the province, of the cities' AS law,
        t.month || '|' || t.city_code AS record,
        t.persons AS part,
        c.persons + t.completions - c.completions AS whole
    FROM city_progress_monthly AS t
    INNER JOIN city_sum AS c ON c.month = t.month
    WHERE t.city_code = '370000'
    UNION ALL
    SELECT
        'category: persons, persons of the month' AS law,
        k.month || '|' || k.city_code || '|' || k.category AS record,
        k.persons AS part,
        LEAST(k.completions, t.persons) AS whole
    FROM city_category_monthly AS k
    INNER JOIN city_progress_monthly AS t ON t.month = k.month AND t.city_code = k.city_code
    UNION ALL
    SELECT
        'group: persons, persons of the month' AS law,
        k.month || '|' || k.city_code || '|' || k.learner_group AS record,
        k.persons AS part,
        LEAST(k.completions, t.persons) AS whole
    FROM city_group_monthly AS k
    INNER JOIN city_progress_monthly AS t ON t.month = k.month AND t.city_code = k.city_code
    UNION ALL
    SELECT
        'group: women or an age band, persons' AS law,
        month || '|' || city_code || '|' || learner_group AS record,
        GREATEST(female_persons, age_under_25, age_25_44, age_45_up) AS part,
        persons AS whole
    FROM city_group_monthly
    UNION ALL
    SELECT
        'group: all age bands, completions' AS law,
        month || '|' || city_code || '|' || learner_group AS record,
        age_under_25 + age_25_44 + age_45_up AS part,
        completions AS whole
    FROM city_group_monthly
    UNION ALL
    SELECT
        'occupation: persons, persons of the month' AS law,
        k.month || '|' || k.city_code || '|' || k.occupation_code || '|' || CAST(k.skill_level AS VARCHAR) AS record,
        k.persons AS part,
        LEAST(k.completions, COALESCE(t.persons, 0)) AS whole
    FROM city_occupation_monthly AS k
    LEFT JOIN city_progress_monthly AS t ON t.month = k.month AND t.city_code = k.city_code
    UNION ALL
    SELECT
        'hours: blended or over the cap, completions' AS law,
        month || '|' || city_code AS record,
        GREATEST(blended_completions, over_cap_completions) AS part,
        completions AS whole
    FROM city_hours_monthly
    UNION ALL
    SELECT 'assessment: passed, assessed' AS law, month || '|' || city_code AS record, passed AS part, assessed AS whole
    FROM city_assessment_monthly
    UNION ALL
    SELECT
        'assessment: certified completions, completions' AS law,
        month || '|' || city_code AS record,
        certified_completions AS part,
        completions AS whole
    FROM city_assessment_monthly
    UNION ALL
    SELECT
        'archive: documented completions, completions' AS law,
        month || '|' || city_code AS record,
        GREATEST(with_valid_identity, with_process_record, with_assessment, with_certificate) AS part,
        completions AS whole
    FROM archive_coverage_monthly
    UNION ALL
    SELECT
        'archive: complete archives, documented completions' AS law,
        month || '|' || city_code AS record,
        complete_archives AS part,
        LEAST(with_valid_identity, with_process_record, with_assessment, with_certificate) AS whole
    FROM archive_coverage_monthly
    UNION ALL
    SELECT
        'fund: persons paid, claims paid' AS law,
        month || '|' || city_code || '|' || fund || '|' || kind AS record,
        persons_paid AS part,
        claims_paid AS whole
    FROM city_fund_monthly
    UNION ALL
    SELECT
        'platform: cities served, enrolments and cities' AS law,
        month || '|' || platform_id AS record,
        cities_served AS part,
        LEAST(enrolments, 16) AS whole
    FROM platform_monthly
)
SELECT law, record, part, whole FROM compared WHERE part > whole
