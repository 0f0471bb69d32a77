/*
title_zh = "培训补贴资金月报"
title_en = "Training subsidies by city, month, fund and kind"
description_zh = """
全省（370000）和16个市各月按资金来源和补贴类型分列的补贴申领，计入申领所在的市。一行内并用三种日期口径：\
申领笔数（claims_submitted）为全部申领，不论结果如何，计入申领当月；发放各列为状态为已发放的申领，计入发放当月；\
退回金额（refunded_fen）为状态为已退回的申领，计入发放当月，未填发放日期的计入申领当月。退回不冲减发放。\
享受补贴人数在一格内去重，各市、各月、各资金来源、各补贴类型不可相加。凡出现过的资金来源和补贴类型组合，每个月份、\
每个地区各有一行。"""
description_en = """
Subsidy claims of each month by fund and kind, for the province (370000) and its 16 cities, in the city of the claim. Three dates \
are at work and a row mixes them: claims_submitted counts every claim, whatever became of it, in the month it was claimed; paid columns \
count claims with status paid in the month of payment; refunded_fen counts claims with status refunded in the month of payment, \
or of the claim where none is given. Refunds are never netted against payments. Persons are counted once within a cell and do \
not add up over cities, months, funds or kinds. Every combination of fund and kind that occurs has a row for each month and area."""
audience = "public"
grain = ["month", "city_code", "fund", "kind"]
sources = ["notice 三（一）", "notice 三（二）", "notice 四"]
policy = ["rounding_half_up"]

[trace]
table = "claims"
where = "fund = {fund} AND kind = {kind} AND ((claimed_month = {month} AND claimed_on <= {as_of}) OR (paid_month = {month} AND paid_on <= {as_of})) AND (city_code = {city_code} OR ({city_code} = '370000' AND city_code LIKE '37%'))"

[trace.columns.claims_submitted]
table = "claims"
where = "fund = {fund} AND kind = {kind} AND claimed_month = {month} AND claimed_on <= {as_of} AND (city_code = {city_code} OR ({city_code} = '370000' AND city_code LIKE '37%'))"

[trace.columns.claims_paid]
table = "claims"
where = "fund = {fund} AND kind = {kind} AND status = 'paid' AND paid_month = {month} AND paid_on <= {as_of} AND (city_code = {city_code} OR ({city_code} = '370000' AND city_code LIKE '37%'))"

[trace.columns.paid_fen]
table = "claims"
where = "fund = {fund} AND kind = {kind} AND status = 'paid' AND paid_month = {month} AND paid_on <= {as_of} AND (city_code = {city_code} OR ({city_code} = '370000' AND city_code LIKE '37%'))"

[trace.columns.persons_paid]
table = "claims"
where = "fund = {fund} AND kind = {kind} AND status = 'paid' AND paid_month = {month} AND paid_on <= {as_of} AND (city_code = {city_code} OR ({city_code} = '370000' AND city_code LIKE '37%'))"

[trace.columns.mean_paid_fen]
table = "claims"
where = "fund = {fund} AND kind = {kind} AND status = 'paid' AND paid_month = {month} AND paid_on <= {as_of} AND (city_code = {city_code} OR ({city_code} = '370000' AND city_code LIKE '37%'))"

[trace.columns.refunded_fen]
table = "claims"
where = "fund = {fund} AND kind = {kind} AND status = 'refunded' AND COALESCE(paid_month, claimed_month) = {month} AND COALESCE(paid_on, claimed_on) <= {as_of} AND (city_code = {city_code} OR ({city_code} = '370000' AND city_code LIKE '37%'))"

[[columns]]
name = "month"
type = "text"
unit = ""
zh = "月份"
en = "month, YYYY-MM: of the claim for claims_submitted, of the payment for the others"

[[columns]]
name = "city_code"
type = "text"
unit = ""
zh = "行政区划代码"
en = "division code of the paying city (GB/T 2260); 370000 is the whole province"

[[columns]]
name = "city_name"
type = "text"
unit = ""
zh = "地区"
en = "name of the city; 全省 is the whole province"

[[columns]]
name = "fund"
type = "text"
unit = ""
zh = "资金来源"
en = "special_account 专账资金, employment 就业补助资金 or unemployment_insurance 失业保险基金"

[[columns]]
name = "kind"
type = "text"
unit = ""
zh = "补贴类型"
en = "platform_share 平台补贴, offline_share 线下补贴, full 培训补贴 or living_allowance 生活费补贴"

[[columns]]
name = "claims_submitted"
type = "int"
unit = "claims"
zh = "申领笔数"
en = "claims made in the month, of every status"

[[columns]]
name = "claims_paid"
type = "int"
unit = "claims"
zh = "发放笔数"
en = "claims with status paid, paid in the month"

[[columns]]
name = "paid_fen"
type = "int"
unit = "fen"
zh = "发放金额"
en = "sum of the claims paid in the month, fen"

[[columns]]
name = "persons_paid"
type = "int"
unit = "persons"
zh = "享受补贴人数（去重）"
en = "distinct persons of the claims paid in the month; does not add up over cities, months, funds or kinds"

[[columns]]
name = "refunded_fen"
type = "int"
unit = "fen"
zh = "退回金额"
en = "sum of the claims with status refunded, in the month of payment, else of the claim, fen; not taken off paid_fen"

[[columns]]
name = "mean_paid_fen"
type = "int"
unit = "fen"
zh = "笔均发放金额"
en = "paid_fen / claims_paid, rounded half to even to whole fen; empty when no claim was paid"

[[tests]]
kind = "not_null"
columns = ["month", "city_code", "city_name", "fund", "kind", "claims_submitted", "claims_paid", "paid_fen", "persons_paid", "refunded_fen"]
severity = "error"

[[tests]]
kind = "range"
columns = ["claims_submitted", "claims_paid", "persons_paid"]
least = 0
severity = "error"

[[tests]]
kind = "range"
columns = ["paid_fen", "refunded_fen"]
least = 0
severity = "warn"

[[tests]]
kind = "accepted_values"
column = "fund"
values = ["special_account", "employment", "unemployment_insurance"]
severity = "error"

[[tests]]
kind = "accepted_values"
column = "kind"
values = ["platform_share", "offline_share", "full", "living_allowance"]
severity = "error"

[[tests]]
kind = "relation"
column = "month"
table = "months"
severity = "error"

[[tests]]
kind = "relation"
column = "city_code"
table = "cities"
severity = "error"

[[tests]]
kind = "change"
measure = "sum"
column = "paid_fen"
by = ["month", "city_code"]
least = -0.2
ignore_below = 10000000
severity = "warn"

[[tests]]
kind = "change"
measure = "sum"
column = "paid_fen"
by = ["city_code"]
most = 1.0
ignore_below = 100000000
severity = "warn"
*/
WITH
claim AS (
    SELECT c.city_code, c.fund, c.kind, c.person_key, c.status, c.amount_fen, c.claimed_on, c.paid_on
    FROM claims AS c
    INNER JOIN cities AS a ON a.city_code = c.city_code
),
paid AS (
    SELECT c.city_code, d.month_index, c.fund, c.kind, c.person_key, c.amount_fen
    FROM claim AS c
    INNER JOIN elapsed_days AS d ON d.day = c.paid_on
    WHERE c.status = 'paid'
),
event AS (
    SELECT
        c.city_code,
        d.month_index,
        c.fund,
        c.kind,
        1 AS submitted,
        0 AS paid,
        CAST(0 AS BIGINT) AS paid_fen,
        CAST(0 AS BIGINT) AS refunded_fen
    FROM claim AS c
    INNER JOIN elapsed_days AS d ON d.day = c.claimed_on
    UNION ALL
    SELECT
        city_code,
        month_index,
        fund,
        kind,
        0 AS submitted,
        1 AS paid,
        amount_fen AS paid_fen,
        CAST(0 AS BIGINT) AS refunded_fen
    FROM paid
    UNION ALL
    SELECT
        c.city_code,
        d.month_index,
        c.fund,
        c.kind,
        0 AS submitted,
        0 AS paid,
        CAST(0 AS BIGINT) AS paid_fen,
        c.amount_fen AS refunded_fen
    FROM claim AS c
    INNER JOIN elapsed_days AS d ON d.day = COALESCE(c.paid_on, c.claimed_on)
    WHERE c.status = 'refunded'
),
city_sum AS (
    SELECT
        city_code,
        month_index,
        fund,
        kind,
        SUM(submitted) AS claims_submitted,
        SUM(paid) AS claims_paid,
        SUM(paid_fen) AS paid_fen,
        SUM(refunded_fen) AS refunded_fen
    FROM event
    GROUP BY city_code, month_index, fund, kind
),
area_sum AS (
    SELECT city_code, month_index, fund, kind, claims_submitted, claims_paid, paid_fen, refunded_fen
    FROM city_sum
    WHERE city_code <> '370000'
    UNION ALL
    SELECT
        '370000' AS city_code,
        month_index,
        fund,
        kind,
        SUM(claims_submitted) AS claims_submitted,
        SUM(claims_paid) AS claims_paid,
        SUM(paid_fen) AS paid_fen,
        SUM(refunded_fen) AS refunded_fen
    FROM city_sum
    GROUP BY month_index, fund, kind
),
-- Persons are de-duplicated within the cell, so the province is counted anew, not summed.
area_paid AS (
    SELECT city_code, month_index, fund, kind, person_key FROM paid WHERE city_code <> '370000'
    UNION ALL
    SELECT '370000' AS city_code, month_index, fund, kind, person_key FROM paid
),
area_persons AS (
    SELECT city_code, month_index, fund, kind, CAST(COUNT(DISTINCT person_key) AS BIGINT) AS persons_paid
    FROM area_paid
    GROUP BY city_code, month_index, fund, kind
),
fund_kind AS (
    SELECT DISTINCT fund, kind FROM city_sum
),
first_cell AS (
    SELECT MIN(month_index) AS first_index FROM city_sum
),
elapsed_month AS (
    SELECT DISTINCT month, month_index FROM elapsed_days
),
-- A difference, not a comparison of two columns: a filter after the small cross join, not a range join.
grid AS (
    SELECT m.month, m.month_index, c.city_code, c.city_name, k.fund, k.kind
    FROM elapsed_month AS m
    CROSS JOIN first_cell AS f
    CROSS JOIN cities AS c
    CROSS JOIN fund_kind AS k
    WHERE m.month_index - f.first_index >= 0
),
dense AS (
    SELECT
        g.month,
        g.city_code,
        g.city_name,
        g.fund,
        g.kind,
        COALESCE(s.claims_submitted, 0) AS claims_submitted,
        COALESCE(s.claims_paid, 0) AS claims_paid,
        COALESCE(s.paid_fen, 0) AS paid_fen,
        COALESCE(p.persons_paid, 0) AS persons_paid,
        COALESCE(s.refunded_fen, 0) AS refunded_fen
    FROM grid AS g
    LEFT JOIN area_sum AS s
        ON s.city_code = g.city_code AND s.month_index = g.month_index AND s.fund = g.fund AND s.kind = g.kind
    LEFT JOIN area_persons AS p
        ON p.city_code = g.city_code AND p.month_index = g.month_index AND p.fund = g.fund AND p.kind = g.kind
),
rounding AS (
    SELECT MAX(p.value) AS value
    FROM policy AS p
    CROSS JOIN run_context AS r
    WHERE p.parameter = 'rounding_half_up' AND p.city_code = '370000'
        AND p.valid_from <= r.as_of AND p.valid_until >= r.as_of
),
-- Whole fen and the rest of the division, so that the mean is rounded without floating point.
divided AS (
    SELECT
        month,
        city_code,
        city_name,
        fund,
        kind,
        claims_submitted,
        claims_paid,
        paid_fen,
        persons_paid,
        refunded_fen,
        paid_fen % NULLIF(claims_paid, 0) AS rest_fen,
        CAST((paid_fen - paid_fen % NULLIF(claims_paid, 0)) / NULLIF(claims_paid, 0) AS BIGINT) AS whole_fen
    FROM dense
)
SELECT
    d.month,
    d.city_code,
    d.city_name,
    d.fund,
    d.kind,
    d.claims_submitted,
    d.claims_paid,
    d.paid_fen,
    d.persons_paid,
    d.refunded_fen,
    CASE
        WHEN d.claims_paid = 0 THEN NULL
        WHEN 2 * d.rest_fen < d.claims_paid THEN d.whole_fen
        WHEN 2 * d.rest_fen > d.claims_paid THEN d.whole_fen + 1
        WHEN r.value > 0 THEN d.whole_fen + 1
        ELSE d.whole_fen + d.whole_fen % 2
    END AS mean_paid_fen
FROM divided AS d
CROSS JOIN rounding AS r
