/*
title_zh = "退出事由判定"
title_en = "Grounds of exit with their figures"
description_en = """
Every ground on which a platform may have to leave, as it stands on the as-of date. Platforms removed by that day have left and are not \
tested. zombie: in the last span of 90 days no new enrolment in the platform's classes, or fewer than 10 active learners (persons with a \
log of the platform started in the span) and fewer than 50 logged hours; a span counts only where the platform was filed 90 days before it, \
so 180 days before the as-of date for the last span and 270 for the one before. stale: nothing published or changed (courseware_changes) \
for 180 days, or less than 20 % of the items changed within 365 days; a platform without courseware on record is not tested. \
weak_supervision: process score below 60 on the as-of date and one month earlier, or valid-hour rate below 0.90. below_standard: graded \
unqualified. veto: a confirmed finding of the window that vetoes."""
audience = "intermediate"
grain = ["platform_id", "ground", "reason"]
sources = ["notice 三（三）"]
policy = []

[[columns]]
name = "platform_id"
type = "text"
unit = ""
zh = "平台代码"
en = "unified social credit code of the platform (GB 32100)"

[[columns]]
name = "ground"
type = "text"
unit = ""
zh = "退出事由"
en = "zombie, stale, weak_supervision, below_standard or veto"

[[columns]]
name = "reason"
type = "text"
unit = ""
zh = "具体情形"
en = "zombie: no_new_enrolment or little_activity; stale: nothing_changed or few_items_changed; weak_supervision: process_score or valid_hour_rate; below_standard: unqualified; veto: the kind of the finding"

[[columns]]
name = "from_on"
type = "date"
unit = ""
zh = "起始日期"
en = "first day of what was looked at; of nothing_changed the day of the last change"

[[columns]]
name = "until_on"
type = "date"
unit = ""
zh = "截止日期"
en = "last day of what was looked at"

[[columns]]
name = "value"
type = "float"
unit = ""
zh = "数值"
en = "figure of the platform: new enrolments or active learners of the span, days since the last change, share of items, process score, rate, total, findings"

[[columns]]
name = "threshold"
type = "float"
unit = ""
zh = "阈值"
en = "the limit: fewer or less is a ground, of days since the last change as many or more; empty for unqualified and findings"

[[columns]]
name = "other_value"
type = "float"
unit = ""
zh = "另一数值"
en = "second figure: logged hours of the span, process score one month earlier; else empty"

[[columns]]
name = "other_threshold"
type = "float"
unit = ""
zh = "另一阈值"
en = "limit of the second figure, below which it is a ground"

[[columns]]
name = "consecutive"
type = "bool"
unit = ""
zh = "是否连续两期"
en = "zombie in the span before as well, which asks for a proposal without time to rectify"
*/
WITH
standing AS (
    SELECT o.org_id AS platform_id, o.filed_on
    FROM organizations AS o
    CROSS JOIN run_context AS r
    WHERE o.org_kind = 'platform' AND (o.removed_on IS NULL OR o.removed_on > r.as_of)
),
span AS (
    SELECT 1 AS span, u.span_from AS from_on, u.span_filed_by AS filed_by FROM evaluation_rules AS u
    UNION ALL
    SELECT 2 AS span, u.span_before_from AS from_on, u.span_before_filed_by AS filed_by FROM evaluation_rules AS u
),
enrolled AS (
    SELECT k.platform_id, d.span, COUNT(*) AS enrolments
    FROM enrolments AS e
    INNER JOIN evaluation_days AS d ON d.day = e.enrolled_on
    INNER JOIN classes AS k ON k.class_id = e.class_id
    WHERE d.span > 0 AND k.platform_id IS NOT NULL
    GROUP BY k.platform_id, d.span
),
active AS (
    SELECT l.platform_id, d.span, COUNT(DISTINCT l.person_key) AS learners, SUM(l.watched_seconds) AS watched_seconds
    FROM log_platform_person_day AS l
    INNER JOIN evaluation_days AS d ON d.day = l.local_day
    WHERE d.span > 0
    GROUP BY l.platform_id, d.span
),
activity AS (
    SELECT
        p.platform_id,
        s.span,
        s.from_on,
        COALESCE(e.enrolments, 0) AS enrolments,
        COALESCE(a.learners, 0) AS learners,
        COALESCE(a.watched_seconds, 0) AS watched_seconds
    FROM standing AS p
    CROSS JOIN span AS s
    LEFT JOIN enrolled AS e ON e.platform_id = p.platform_id AND e.span = s.span
    LEFT JOIN active AS a ON a.platform_id = p.platform_id AND a.span = s.span
    WHERE p.filed_on <= s.filed_by
),
judged AS (
    SELECT
        a.platform_id,
        a.span,
        a.from_on,
        a.enrolments,
        a.learners,
        a.watched_seconds,
        a.enrolments = 0 AS no_enrolment,
        a.learners * 1000000 < u.exit_learners_e6 AND a.watched_seconds * 1000000 < u.exit_hours_e6 * 2700 AS little_activity
    FROM activity AS a
    CROSS JOIN evaluation_rules AS u
),
idle AS (
    SELECT platform_id, span, from_on, enrolments, learners, watched_seconds, no_enrolment, little_activity
    FROM judged
    WHERE no_enrolment OR little_activity
),
zombie AS (
    SELECT
        n.platform_id,
        COALESCE(b.from_on, n.from_on) AS from_on,
        n.enrolments,
        n.learners,
        n.watched_seconds,
        n.no_enrolment,
        n.little_activity,
        b.platform_id IS NOT NULL AS consecutive
    FROM idle AS n
    LEFT JOIN idle AS b ON b.platform_id = n.platform_id AND b.span = n.span + 1
    WHERE n.span = 1
),
courses AS (
    SELECT
        c.platform_id,
        MAX(c.changed_on) AS changed_on,
        COUNT(*) AS items,
        SUM(CASE WHEN c.changed_on >= u.changed_from THEN 1 ELSE 0 END) AS changed_items
    FROM courseware_changes AS c
    CROSS JOIN evaluation_rules AS u
    GROUP BY c.platform_id
),
valid AS (
    SELECT i.platform_id, i.value
    FROM items_process AS i
    INNER JOIN run_context AS r ON r.as_of = i.evaluated_on
    WHERE i.item = 'valid_hour_rate'
),
veto AS (
    SELECT f.org_id AS platform_id, f.kind, MIN(f.decided_on) AS from_on, MAX(f.decided_on) AS until_on, COUNT(*) AS findings
    FROM findings AS f
    INNER JOIN evaluation_days AS d ON d.day = f.decided_on
    WHERE d.in_year AND f.confirmed AND f.kind IN ('fraud', 'no_face_evidence', 'filing_lost', 'refused_data')
    GROUP BY f.org_id, f.kind
),
first_day AS (
    SELECT MIN(CASE WHEN d.in_year THEN d.day END) AS year_from, MIN(CASE WHEN d.in_year_before THEN d.day END) AS before_from
    FROM evaluation_days AS d
)
SELECT
    z.platform_id,
    'zombie' AS ground,
    'no_new_enrolment' AS reason,
    z.from_on,
    u.as_of AS until_on,
    CAST(z.enrolments AS DOUBLE) AS value,
    1.0 AS threshold,
    CAST(NULL AS DOUBLE) AS other_value,
    CAST(NULL AS DOUBLE) AS other_threshold,
    z.consecutive
FROM zombie AS z
CROSS JOIN evaluation_rules AS u
WHERE z.no_enrolment
UNION ALL
SELECT
    z.platform_id,
    'zombie' AS ground,
    'little_activity' AS reason,
    z.from_on,
    u.as_of AS until_on,
    CAST(z.learners AS DOUBLE) AS value,
    u.exit_learners AS threshold,
    z.watched_seconds / 2700.0 AS other_value,
    u.exit_hours AS other_threshold,
    z.consecutive
FROM zombie AS z
CROSS JOIN evaluation_rules AS u
WHERE z.little_activity
UNION ALL
SELECT
    p.platform_id,
    'stale' AS ground,
    'nothing_changed' AS reason,
    c.changed_on AS from_on,
    u.as_of AS until_on,
    CAST(d.days_ago AS DOUBLE) AS value,
    CAST(n.days_ago AS DOUBLE) AS threshold,
    CAST(NULL AS DOUBLE) AS other_value,
    CAST(NULL AS DOUBLE) AS other_threshold,
    FALSE AS consecutive
FROM standing AS p
INNER JOIN courses AS c ON c.platform_id = p.platform_id
CROSS JOIN evaluation_rules AS u
LEFT JOIN evaluation_days AS d ON d.day = c.changed_on
INNER JOIN evaluation_days AS n ON n.day = u.unchanged_by
WHERE c.changed_on <= u.unchanged_by
UNION ALL
SELECT
    p.platform_id,
    'stale' AS ground,
    'few_items_changed' AS reason,
    u.changed_from AS from_on,
    u.as_of AS until_on,
    c.changed_items / c.items AS value,
    u.exit_changed AS threshold,
    CAST(NULL AS DOUBLE) AS other_value,
    CAST(NULL AS DOUBLE) AS other_threshold,
    FALSE AS consecutive
FROM standing AS p
INNER JOIN courses AS c ON c.platform_id = p.platform_id
CROSS JOIN evaluation_rules AS u
WHERE c.changed_items * 1000000 < c.items * u.exit_changed_e6
UNION ALL
SELECT
    p.platform_id,
    'weak_supervision' AS ground,
    'process_score' AS reason,
    f.before_from AS from_on,
    u.as_of AS until_on,
    s.process AS value,
    u.exit_process AS threshold,
    b.process AS other_value,
    u.exit_process AS other_threshold,
    FALSE AS consecutive
FROM standing AS p
INNER JOIN platform_scores AS s ON s.platform_id = p.platform_id
INNER JOIN platform_scores_before AS b ON b.platform_id = p.platform_id
CROSS JOIN evaluation_rules AS u
CROSS JOIN first_day AS f
WHERE ROUND(s.process * 1000000, 0) < u.exit_process_e6 AND ROUND(b.process * 1000000, 0) < u.exit_process_e6
UNION ALL
SELECT
    p.platform_id,
    'weak_supervision' AS ground,
    'valid_hour_rate' AS reason,
    f.year_from AS from_on,
    u.as_of AS until_on,
    v.value,
    u.exit_valid AS threshold,
    CAST(NULL AS DOUBLE) AS other_value,
    CAST(NULL AS DOUBLE) AS other_threshold,
    FALSE AS consecutive
FROM standing AS p
INNER JOIN valid AS v ON v.platform_id = p.platform_id
CROSS JOIN evaluation_rules AS u
CROSS JOIN first_day AS f
WHERE v.value < u.exit_valid
UNION ALL
SELECT
    p.platform_id,
    'below_standard' AS ground,
    'unqualified' AS reason,
    f.year_from AS from_on,
    u.as_of AS until_on,
    s.total AS value,
    CAST(NULL AS DOUBLE) AS threshold,
    CAST(NULL AS DOUBLE) AS other_value,
    CAST(NULL AS DOUBLE) AS other_threshold,
    FALSE AS consecutive
FROM standing AS p
INNER JOIN platform_scores AS s ON s.platform_id = p.platform_id
CROSS JOIN evaluation_rules AS u
CROSS JOIN first_day AS f
WHERE s.grade = 'unqualified'
UNION ALL
SELECT
    p.platform_id,
    'veto' AS ground,
    v.kind AS reason,
    v.from_on,
    v.until_on,
    CAST(v.findings AS DOUBLE) AS value,
    CAST(NULL AS DOUBLE) AS threshold,
    CAST(NULL AS DOUBLE) AS other_value,
    CAST(NULL AS DOUBLE) AS other_threshold,
    FALSE AS consecutive
FROM standing AS p
INNER JOIN veto AS v ON v.platform_id = p.platform_id
