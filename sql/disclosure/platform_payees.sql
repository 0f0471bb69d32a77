/*
title_zh = "平台资金收款方集中度（披露控制用）"
title_en = "Payees behind the money of each platform and month"
description_en = """
Who stands behind each paid amount of platform_monthly: how many payees, and what the largest and the second largest were paid. A \
payee is the person paid, else the organisation's code, else the account; a payment that names neither counts as a payee of its own."""
audience = "intermediate"
grain = ["month", "platform_id"]
sources = ["spec: published tables, disclosure control"]

[[columns]]
name = "month"
type = "text"
unit = ""
en = "month of payment, YYYY-MM"

[[columns]]
name = "platform_id"
type = "text"
unit = ""
en = "unified social credit code of the platform"

[[columns]]
name = "paid_payees"
type = "int"
unit = "payees"
en = "payees of paid claims"

[[columns]]
name = "paid_largest_fen"
type = "int"
unit = "fen"
en = "largest sum of one payee"

[[columns]]
name = "paid_second_fen"
type = "int"
unit = "fen"
en = "second largest sum of one payee"
*/
WITH
payment AS (
    SELECT
        d.month,
        k.platform_id,
        b.amount_fen,
        CASE
            WHEN b.payee_kind = 'person' THEN CONCAT('person ', CAST(b.person_key AS VARCHAR))
            WHEN b.payee_id IS NOT NULL THEN CONCAT('organisation ', b.payee_id)
            WHEN b.account_key IS NOT NULL THEN CONCAT('account ', CAST(b.account_key AS VARCHAR))
            ELSE CONCAT('claim ', b.claim_id)
        END AS payee
    FROM claims AS b
    INNER JOIN elapsed_days AS d ON d.day = b.paid_on
    INNER JOIN enrolments AS e ON e.enrolment_id = b.enrolment_id
    INNER JOIN classes AS k ON k.class_id = e.class_id
    WHERE b.status = 'paid' AND k.platform_id IS NOT NULL
),
payee_sum AS (
    SELECT month, platform_id, payee, SUM(amount_fen) AS payee_fen
    FROM payment
    GROUP BY month, platform_id, payee
),
ranked AS (
    SELECT
        month,
        platform_id,
        payee_fen,
        ROW_NUMBER() OVER (PARTITION BY month, platform_id ORDER BY payee_fen DESC) AS place
    FROM payee_sum
)
SELECT
    month,
    platform_id,
    CAST(COUNT(*) AS BIGINT) AS paid_payees,
    SUM(CASE WHEN place = 1 THEN payee_fen ELSE 0 END) AS paid_largest_fen,
    SUM(CASE WHEN place = 2 THEN payee_fen ELSE 0 END) AS paid_second_fen
FROM ranked
GROUP BY month, platform_id
