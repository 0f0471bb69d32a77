/*
title_zh = "综合评价指标：资金合规"
title_en = "Evaluation items: compliance of funds"
description_en = """
Items of the compliance dimension. hard_hit_rate: open hits of strength H per 1,000 claims: hits on a claim made in the 12 months to the \
as-of date, other hits that concern an enrolment of those months, each hit once, in the platform's classes; claims of any status made in \
the 12 months. Hits that a reviewer cleared do not count. refunds_completed_share: confirmed findings of the 12 months whose ordered \
refund is completed / those with a refund ordered. filing_valid: half for a filing valid on the as-of date, half for an entry in a city's \
directory of platforms. Missing without claims, without an ordered refund; the last is never missing."""
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
    SELECT e.enrolment_id, k.platform_id, d.in_year
    FROM enrolments AS e
    INNER JOIN evaluation_days AS d ON d.day = e.enrolled_on
    INNER JOIN classes AS k ON k.class_id = e.class_id
    WHERE k.platform_id IS NOT NULL
),
window_claim AS (
    SELECT c.claim_id, t.platform_id
    FROM claims AS c
    INNER JOIN evaluation_days AS d ON d.day = c.claimed_on
    INNER JOIN training AS t ON t.enrolment_id = c.enrolment_id
    WHERE d.in_year
),
claimed AS (
    SELECT platform_id, COUNT(*) AS claims FROM window_claim GROUP BY platform_id
),
hard AS (
    SELECT indicator_id, entity_kind, entity_id, period, enrolment_id, claim_id FROM hit_enrolments WHERE strength = 'H'
),
hit AS (
    SELECT h.indicator_id, h.entity_kind, h.entity_id, h.period, t.platform_id
    FROM hard AS h
    INNER JOIN training AS t ON t.enrolment_id = h.enrolment_id
    WHERE h.claim_id = '' AND t.in_year
    UNION ALL
    SELECT h.indicator_id, h.entity_kind, h.entity_id, h.period, c.platform_id
    FROM hard AS h
    INNER JOIN window_claim AS c ON c.claim_id = h.claim_id
),
platform_hit AS (
    SELECT DISTINCT indicator_id, entity_kind, entity_id, period, platform_id FROM hit
),
suspected AS (
    SELECT platform_id, COUNT(*) AS hits FROM platform_hit GROUP BY platform_id
),
refund AS (
    SELECT f.org_id AS platform_id, COUNT(*) AS ordered, SUM(CASE WHEN f.refunded THEN 1 ELSE 0 END) AS completed
    FROM findings AS f
    INNER JOIN evaluation_days AS d ON d.day = f.decided_on
    WHERE d.in_year AND f.confirmed AND f.refunded IS NOT NULL
    GROUP BY f.org_id
),
filed AS (
    SELECT DISTINCT o.org_id AS platform_id
    FROM organizations AS o
    CROSS JOIN run_context AS r
    WHERE o.org_kind = 'platform'
      AND o.filed_on <= r.as_of
      AND (o.filed_until IS NULL OR o.filed_until >= r.as_of)
      AND (o.removed_on IS NULL OR o.removed_on > r.as_of)
),
listed AS (
    SELECT DISTINCT p.platform_id
    FROM platform_directory AS p
    CROSS JOIN run_context AS r
    WHERE p.listed_on <= r.as_of AND (p.delisted_on IS NULL OR p.delisted_on > r.as_of)
),
platform AS (
    SELECT
        u.platform_id,
        COALESCE(c.claims, 0) AS claims,
        COALESCE(s.hits, 0) AS hits,
        COALESCE(f.ordered, 0) AS ordered,
        COALESCE(f.completed, 0) AS completed,
        CASE WHEN g.platform_id IS NOT NULL THEN 1 ELSE 0 END AS filing,
        CASE WHEN l.platform_id IS NOT NULL THEN 1 ELSE 0 END AS listing
    FROM platform_units AS u
    LEFT JOIN claimed AS c ON c.platform_id = u.platform_id
    LEFT JOIN suspected AS s ON s.platform_id = u.platform_id
    LEFT JOIN refund AS f ON f.platform_id = u.platform_id
    LEFT JOIN filed AS g ON g.platform_id = u.platform_id
    LEFT JOIN listed AS l ON l.platform_id = u.platform_id
)
SELECT
    platform_id,
    'hard_hit_rate' AS item,
    CASE WHEN claims > 0 THEN hits * 1000 / claims END AS value,
    hits AS numerator,
    claims AS denominator
FROM platform
UNION ALL
SELECT
    platform_id,
    'refunds_completed_share' AS item,
    CASE WHEN ordered > 0 THEN completed / ordered END AS value,
    completed AS numerator,
    ordered AS denominator
FROM platform
UNION ALL
SELECT
    platform_id,
    'filing_valid' AS item,
    (filing + listing) / 2 AS value,
    filing + listing AS numerator,
    CAST(2 AS BIGINT) AS denominator
FROM platform
