/*
title_zh = "资金守恒"
title_en = "fen paid and refunded by the fund table equal the claims' fen"
description_en = "The conservation law for money: every paid or refunded fen of a claim with a month up to the as-of day and an area of the province stands in the province rows of city_fund_monthly, once."
audience = "intermediate"
grain = ["measure"]
sources = ["notice 三（一）"]

[audit]
severity = "error"

[[columns]]
name = "measure"
type = "text"
en = "paid or refunded"

[[columns]]
name = "claims_fen"
type = "int"
unit = "fen"
en = "sum over claims"

[[columns]]
name = "table_fen"
type = "int"
unit = "fen"
en = "sum over the province rows"
*/
WITH in_province AS (
    SELECT b.status, b.amount_fen, COALESCE(b.paid_on, b.claimed_on) AS refunded_on, b.paid_on
    FROM claims AS b JOIN cities AS c ON b.city_code = c.city_code
),
from_claims AS (
    SELECT
        COALESCE(SUM(CASE WHEN p.status = 'paid' AND p.paid_on <= r.as_of THEN p.amount_fen END), 0) AS paid_fen,
        COALESCE(SUM(CASE WHEN p.status = 'refunded' AND p.refunded_on <= r.as_of THEN p.amount_fen END), 0) AS refunded_fen
    FROM in_province AS p CROSS JOIN run_context AS r
),
from_table AS (
    SELECT COALESCE(SUM(paid_fen), 0) AS paid_fen, COALESCE(SUM(refunded_fen), 0) AS refunded_fen
    FROM city_fund_monthly WHERE city_code = '370000'
),
compared AS (
    SELECT 'paid' AS measure, c.paid_fen AS claims_fen, t.paid_fen AS table_fen
    FROM from_claims AS c CROSS JOIN from_table AS t
    UNION ALL
    SELECT 'refunded' AS measure, c.refunded_fen AS claims_fen, t.refunded_fen AS table_fen
    FROM from_claims AS c CROSS JOIN from_table AS t
)
SELECT measure, claims_fen, table_fen FROM compared WHERE claims_fen <> table_fen
