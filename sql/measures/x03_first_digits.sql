/*
title_zh = "机构申领金额首位数字分布"
title_en = "First digits of the claim amounts of an organisation"
description_en = """
How often each digit leads the amounts (in fen, exact decimal digits) that an organisation's claims ask for, beside Benford's law: one row per organisation and \
digit 1 to 9. The organisation is that of the class, for platform shares the platform of the class. Claims of every kind up to the as-of \
day, not rejected, of more than nothing."""
audience = "intermediate"
grain = ["org_id", "digit"]
sources = ["notice 三（三）"]
policy = []

[[columns]]
name = "org_id"
type = "text"
unit = ""
zh = "机构代码"
en = "organisation of the class, for platform shares its platform"

[[columns]]
name = "digit"
type = "int"
unit = ""
zh = "首位数字"
en = "leading decimal digit of the amount in fen, 1 to 9"

[[columns]]
name = "claims"
type = "int"
unit = "claims"
zh = "申领笔数"
en = "claims whose amount begins with the digit"

[[columns]]
name = "all_claims"
type = "int"
unit = "claims"
zh = "机构申领笔数"
en = "claims of the organisation with any digit"

[[columns]]
name = "excess_e9"
type = "int"
unit = "billionths of a claim"
zh = "与预期之差"
en = "claims less the number that Benford's law expects, in billionths of a claim; exact for the law's proportions in nine decimals"
*/
WITH
-- log10(1 + 1/d) in billionths.
expected AS (
    SELECT 1 AS digit, 301029996 AS share_e9
    UNION ALL
    SELECT 2 AS digit, 176091259 AS share_e9
    UNION ALL
    SELECT 3 AS digit, 124938737 AS share_e9
    UNION ALL
    SELECT 4 AS digit, 96910013 AS share_e9
    UNION ALL
    SELECT 5 AS digit, 79181246 AS share_e9
    UNION ALL
    SELECT 6 AS digit, 66946790 AS share_e9
    UNION ALL
    SELECT 7 AS digit, 57991947 AS share_e9
    UNION ALL
    SELECT 8 AS digit, 51152522 AS share_e9
    UNION ALL
    SELECT 9 AS digit, 45757491 AS share_e9
),
claim AS (
    SELECT
        CASE WHEN kind = 'platform_share' THEN COALESCE(platform_id, org_id) ELSE org_id END AS org_id,
        CAST(SUBSTR(CAST(amount_fen AS VARCHAR), 1, 1) AS BIGINT) AS digit
    FROM claim_facts
    WHERE status <> 'rejected' AND amount_fen > 0
),
counted AS (
    SELECT org_id, digit, COUNT(*) AS claims FROM claim WHERE org_id IS NOT NULL GROUP BY org_id, digit
),
org AS (
    SELECT org_id, SUM(claims) AS all_claims FROM counted GROUP BY org_id
)
SELECT
    o.org_id,
    x.digit,
    COALESCE(c.claims, 0) AS claims,
    o.all_claims,
    COALESCE(c.claims, 0) * 1000000000 - o.all_claims * x.share_e9 AS excess_e9
FROM org AS o
CROSS JOIN expected AS x
LEFT JOIN counted AS c ON c.org_id = o.org_id AND c.digit = x.digit
