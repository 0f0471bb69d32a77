/*
title_zh = "资金收款方集中度（披露控制用）"
title_en = "Payees behind the money of each fund cell"
description_en = """
Who stands behind each amount of city_fund_monthly: how many payees, and what the largest and the second largest were paid. Disclosure \
control hides amounts of few or dominant payees by it. A payee is the person paid, else the organisation's code, else the account; \
a payment that names neither counts as a payee of its own."""
audience = "intermediate"
grain = ["month", "city_code", "fund", "kind"]
sources = ["spec: published tables, disclosure control"]

[[columns]]
name = "month"
type = "text"
unit = ""
en = "month of cell, YYYY-MM"

[[columns]]
name = "city_code"
type = "text"
unit = ""
en = "division code of the city; 370000 is the whole province"

[[columns]]
name = "fund"
type = "text"
unit = ""
en = "fund"

[[columns]]
name = "kind"
type = "text"
unit = ""
en = "kind of claim"

[[columns]]
name = "paid_payees"
type = "int"
unit = "payees"
en = "payees of paid claims"

[[columns]]
name = "paid_largest_fen"
type = "int"
unit = "fen"
en = "largest sum of one payee of paid claims"

[[columns]]
name = "paid_second_fen"
type = "int"
unit = "fen"
en = "second largest sum of one payee of paid claims"

[[columns]]
name = "refunded_payees"
type = "int"
unit = "payees"
en = "payees of refunded claims"

[[columns]]
name = "refunded_largest_fen"
type = "int"
unit = "fen"
en = "largest sum of one payee of refunded claims"

[[columns]]
name = "refunded_second_fen"
type = "int"
unit = "fen"
en = "second largest sum of one payee of refunded claims"
*/
WITH
claim AS (
    SELECT
        c.city_code,
        c.fund,
        c.kind,
        c.status,
        c.amount_fen,
        CASE WHEN c.status = 'paid' THEN c.paid_on ELSE COALESCE(c.paid_on, c.claimed_on) END AS event_on,
        CASE
            WHEN c.payee_kind = 'person' THEN CONCAT('person ', CAST(c.person_key AS VARCHAR))
            WHEN c.payee_id IS NOT NULL THEN CONCAT('organisation ', c.payee_id)
            WHEN c.account_key IS NOT NULL THEN CONCAT('account ', CAST(c.account_key AS VARCHAR))
            ELSE CONCAT('claim ', c.claim_id)
        END AS payee
    FROM claims AS c
    INNER JOIN cities AS a ON a.city_code = c.city_code
    WHERE c.status IN ('paid', 'refunded')
),
event AS (
    SELECT c.city_code, d.month, c.fund, c.kind, c.status, c.payee, c.amount_fen
    FROM claim AS c
    INNER JOIN elapsed_days AS d ON d.day = c.event_on
),
-- A payee of several cities is one payee of the province.
area_event AS (
    SELECT city_code, month, fund, kind, status, payee, amount_fen FROM event WHERE city_code <> '370000'
    UNION ALL
    SELECT '370000' AS city_code, month, fund, kind, status, payee, amount_fen FROM event
),
payee_sum AS (
    SELECT city_code, month, fund, kind, status, payee, SUM(amount_fen) AS payee_fen
    FROM area_event
    GROUP BY city_code, month, fund, kind, status, payee
),
ranked AS (
    SELECT
        city_code,
        month,
        fund,
        kind,
        status,
        payee_fen,
        ROW_NUMBER() OVER (
            PARTITION BY city_code, month, fund, kind, status
            ORDER BY payee_fen DESC
        ) AS place
    FROM payee_sum
)
SELECT
    month,
    city_code,
    fund,
    kind,
    SUM(CASE WHEN status = 'paid' THEN 1 ELSE 0 END) AS paid_payees,
    SUM(CASE WHEN status = 'paid' AND place = 1 THEN payee_fen ELSE 0 END) AS paid_largest_fen,
    SUM(CASE WHEN status = 'paid' AND place = 2 THEN payee_fen ELSE 0 END) AS paid_second_fen,
    SUM(CASE WHEN status = 'refunded' THEN 1 ELSE 0 END) AS refunded_payees,
    SUM(CASE WHEN status = 'refunded' AND place = 1 THEN payee_fen ELSE 0 END) AS refunded_largest_fen,
    SUM(CASE WHEN status = 'refunded' AND place = 2 THEN payee_fen ELSE 0 END) AS refunded_second_fen
FROM ranked
GROUP BY month, city_code, fund, kind
