/*
title_zh = "退出事由依据"
title_en = "Records behind the grounds of exit, one a row"
description_en = """
The records that show a ground, most telling first. zombie: the platform's registration and its last enrolments (at most 20). stale: \
nothing_changed the items of courseware from the last changed, few_items_changed those without a change in the year from the oldest. \
weak_supervision: enrolments whose logged time of the 12 months is not supported in full, from the largest difference, or, without any, \
the platform's registration. below_standard: the platform's row of platform_scores. veto: the findings."""
audience = "intermediate"
grain = ["platform_id", "ground", "reason", "record"]
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
name = "place"
type = "int"
unit = ""
zh = "次序"
en = "order within the ground and reason, from 1"

[[columns]]
name = "record"
type = "text"
unit = ""
zh = "证据记录"
en = "feed:record key"
*/
WITH
registered AS (
    SELECT platform_id, ground, reason, 'organizations:' || platform_id || '|platform' AS record
    FROM exit_tests
    WHERE ground IN ('zombie', 'weak_supervision')
),
last_enrolment AS (
    SELECT
        k.platform_id,
        e.enrolment_id,
        ROW_NUMBER() OVER (PARTITION BY k.platform_id ORDER BY d.days_ago, e.enrolment_id) AS place
    FROM enrolments AS e
    INNER JOIN evaluation_days AS d ON d.day = e.enrolled_on
    INNER JOIN classes AS k ON k.class_id = e.class_id
    LEFT SEMI JOIN registered AS t ON t.platform_id = k.platform_id
),
unsupported AS (
    SELECT s.platform_id, s.enrolment_id, s.sum_us - s.supported_us AS rejected_us
    FROM platform_log_support AS s
    INNER JOIN run_context AS r ON r.as_of = s.evaluated_on
    LEFT SEMI JOIN registered AS t ON t.platform_id = s.platform_id
    WHERE s.sum_us > s.supported_us
),
item AS (
    SELECT c.platform_id, c.item_id, d.days_ago, c.changed_on >= u.changed_from AS is_changed
    FROM courseware_changes AS c
    CROSS JOIN evaluation_rules AS u
    INNER JOIN evaluation_days AS d ON d.day = c.changed_on
),
decided AS (
    SELECT f.org_id AS platform_id, f.kind, f.finding_id, d.days_ago
    FROM findings AS f
    INNER JOIN evaluation_days AS d ON d.day = f.decided_on
    WHERE d.in_year AND f.confirmed
),
-- Places are found within a ground's reason: the smaller rank stands before the others.
ranked AS (
    SELECT platform_id, ground, reason, 0 AS rank, record
    FROM registered
    WHERE ground = 'zombie'
    UNION ALL
    SELECT t.platform_id, t.ground, t.reason, e.place AS rank, 'enrolments:' || e.enrolment_id AS record
    FROM exit_tests AS t
    INNER JOIN last_enrolment AS e ON e.platform_id = t.platform_id
    WHERE t.ground = 'zombie' AND e.place <= 20
    UNION ALL
    SELECT t.platform_id, t.ground, t.reason, i.days_ago AS rank, 'courseware:' || i.item_id AS record
    FROM exit_tests AS t
    INNER JOIN item AS i ON i.platform_id = t.platform_id
    WHERE t.reason = 'nothing_changed'
    UNION ALL
    SELECT t.platform_id, t.ground, t.reason, 0 - i.days_ago AS rank, 'courseware:' || i.item_id AS record
    FROM exit_tests AS t
    INNER JOIN item AS i ON i.platform_id = t.platform_id
    WHERE t.reason = 'few_items_changed' AND NOT i.is_changed
    UNION ALL
    SELECT t.platform_id, t.ground, t.reason, 0 - s.rejected_us AS rank, 'enrolments:' || s.enrolment_id AS record
    FROM exit_tests AS t
    INNER JOIN unsupported AS s ON s.platform_id = t.platform_id
    WHERE t.ground = 'weak_supervision'
    UNION ALL
    SELECT g.platform_id, g.ground, g.reason, 0 AS rank, g.record
    FROM registered AS g
    LEFT ANTI JOIN unsupported AS s ON s.platform_id = g.platform_id
    WHERE g.ground = 'weak_supervision'
    UNION ALL
    SELECT
        t.platform_id,
        t.ground,
        t.reason,
        0 AS rank,
        'platform_scores:' || CAST(t.until_on AS VARCHAR) || '|' || t.platform_id AS record
    FROM exit_tests AS t
    WHERE t.ground = 'below_standard'
    UNION ALL
    SELECT t.platform_id, t.ground, t.reason, f.days_ago AS rank, 'findings:' || f.finding_id AS record
    FROM exit_tests AS t
    INNER JOIN decided AS f ON f.platform_id = t.platform_id AND f.kind = t.reason
    WHERE t.ground = 'veto'
)
SELECT
    platform_id,
    ground,
    reason,
    ROW_NUMBER() OVER (PARTITION BY platform_id, ground, reason ORDER BY rank, record) AS place,
    record
FROM ranked
