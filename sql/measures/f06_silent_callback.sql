/*
title_zh = "回访失联"
title_en = "Call-backs that found nobody, by organisation and quarter"
description_en = """
Call-backs (value -1 not reached, 0 did not attend, 1 attended) by training organisation and quarter of the call, from \
silent_group_minimum calls on, with the exact chance of as many silent ones or more at the city's rate. Training organisation and city are \
those of the enrolment's class, else of the organisation named. The rate is the city's in the quarter if its other organisations have \
silent_group_minimum calls in it, else the city's of all time if they have as many over all time, else the province's of all time. All \
p-values of the run are one family of tests."""
audience = "intermediate"
grain = ["org_id", "quarter"]
sources = ["notice 三（三）"]
policy = ["silent_group_minimum"]
native = "benjamini_hochberg"

[[columns]]
name = "org_id"
type = "text"
unit = ""
zh = "机构代码"
en = "training organisation"

[[columns]]
name = "quarter"
type = "text"
unit = ""
zh = "季度"
en = "quarter of the calls, YYYY-Qn"

[[columns]]
name = "city_code"
type = "text"
unit = ""
zh = "行政区划代码"
en = "city of most of its calls"

[[columns]]
name = "calls"
type = "int"
unit = "calls"
zh = "回访次数"
en = "call-backs of the quarter"

[[columns]]
name = "silent"
type = "int"
unit = "calls"
zh = "失联次数"
en = "not reached or did not attend"

[[columns]]
name = "basis"
type = "text"
unit = ""
zh = "比较基准"
en = "city_quarter, city or province: whose rate is compared"

[[columns]]
name = "rate"
type = "float"
unit = "share"
zh = "基准失联率"
en = "silent share of the basis, this organisation included"

[[columns]]
name = "peers"
type = "int"
unit = "organisations"
zh = "同类个数"
en = "other organisations whose calls are in that rate"

[[columns]]
name = "p_value"
type = "float"
unit = ""
zh = "P值"
en = "exact chance of as many silent calls or more at that rate"

[[columns]]
name = "tests"
type = "int"
unit = "tests"
zh = "检验个数"
en = "organisations and quarters tested in the run"

[[columns]]
name = "q_value"
type = "float"
unit = ""
zh = "Q值"
en = "p-value adjusted for all tests (Benjamini and Hochberg)"
*/
WITH
body AS (
    SELECT org_id, MIN(city_code) AS city_code FROM organizations GROUP BY org_id
),
called AS (
    SELECT
        f.occurred_quarter AS quarter,
        COALESCE(k.org_id, f.org_id) AS org_id,
        COALESCE(k.city_code, b.city_code, '000000') AS city_code,
        CASE WHEN f.value < 1 THEN 1 ELSE 0 END AS silent
    FROM feedback AS f
    INNER JOIN elapsed_days AS d ON d.day = f.occurred_on
    LEFT JOIN enrolments AS e ON e.enrolment_id = f.enrolment_id
    LEFT JOIN classes AS k ON k.class_id = e.class_id
    LEFT JOIN body AS b ON b.org_id = f.org_id
    WHERE f.kind = 'callback'
),
-- An organisation stands in the city of most of its calls of the quarter.
org_city AS (
    SELECT quarter, org_id, city_code, CAST(COUNT(*) AS BIGINT) AS calls FROM called GROUP BY quarter, org_id, city_code
),
ranked AS (
    SELECT
        quarter,
        org_id,
        city_code,
        ROW_NUMBER() OVER (PARTITION BY quarter, org_id ORDER BY -calls, city_code) AS place
    FROM org_city
),
unit AS (
    SELECT c.quarter, c.org_id, p.city_code, CAST(COUNT(*) AS BIGINT) AS calls, CAST(SUM(c.silent) AS BIGINT) AS silent
    FROM called AS c
    INNER JOIN ranked AS p ON p.quarter = c.quarter AND p.org_id = c.org_id
    WHERE p.place = 1
    GROUP BY c.quarter, c.org_id, p.city_code
),
own AS (
    SELECT org_id, city_code, CAST(SUM(calls) AS BIGINT) AS calls FROM unit GROUP BY org_id, city_code
),
city_quarter AS (
    SELECT
        city_code,
        quarter,
        CAST(SUM(calls) AS BIGINT) AS calls,
        CAST(SUM(silent) AS BIGINT) AS silent,
        CAST(COUNT(DISTINCT org_id) AS BIGINT) AS orgs
    FROM unit
    GROUP BY city_code, quarter
),
city_all AS (
    SELECT
        city_code,
        CAST(SUM(calls) AS BIGINT) AS calls,
        CAST(SUM(silent) AS BIGINT) AS silent,
        CAST(COUNT(DISTINCT org_id) AS BIGINT) AS orgs
    FROM unit
    GROUP BY city_code
),
province AS (
    SELECT
        CAST(SUM(calls) AS BIGINT) AS calls,
        CAST(SUM(silent) AS BIGINT) AS silent,
        CAST(COUNT(DISTINCT org_id) AS BIGINT) AS orgs
    FROM unit
),
placed AS (
    SELECT u.quarter, u.org_id, u.city_code, u.calls, u.silent, m.last_day AS rule_on, COALESCE(a.city_code, '370000') AS policy_city_code
    FROM unit AS u
    INNER JOIN months AS m
        ON m.month = LEFT(u.quarter, 4) || CASE SUBSTR(u.quarter, 7, 1) WHEN '1' THEN '-03' WHEN '2' THEN '-06' WHEN '3' THEN '-09' ELSE '-12' END
    LEFT JOIN cities AS a ON a.city_code = u.city_code
),
compared AS (
    SELECT
        u.quarter,
        u.org_id,
        u.city_code,
        u.calls,
        u.silent,
        CASE
            WHEN (q.calls - u.calls) * 1000000 >= p.value_e6 THEN 'city_quarter'
            WHEN (c.calls - o.calls) * 1000000 >= p.value_e6 THEN 'city'
            ELSE 'province'
        END AS basis,
        q.calls AS quarter_calls,
        q.silent AS quarter_silent,
        q.orgs AS quarter_orgs,
        c.calls AS city_calls,
        c.silent AS city_silent,
        c.orgs AS city_orgs,
        v.calls AS province_calls,
        v.silent AS province_silent,
        v.orgs AS province_orgs
    FROM placed AS u
    INNER JOIN policy AS p ON p.city_code = u.policy_city_code
    INNER JOIN city_quarter AS q ON q.city_code = u.city_code AND q.quarter = u.quarter
    INNER JOIN city_all AS c ON c.city_code = u.city_code
    INNER JOIN own AS o ON o.city_code = u.city_code AND o.org_id = u.org_id
    CROSS JOIN province AS v
    WHERE p.parameter = 'silent_group_minimum'
      AND u.rule_on >= p.valid_from
      AND u.rule_on <= p.valid_until
      AND u.calls * 1000000 >= p.value_e6
),
rated AS (
    SELECT
        quarter,
        org_id,
        city_code,
        calls,
        silent,
        basis,
        CASE
            WHEN basis = 'city_quarter' THEN quarter_silent / CAST(quarter_calls AS DOUBLE)
            WHEN basis = 'city' THEN city_silent / CAST(city_calls AS DOUBLE)
            ELSE province_silent / CAST(province_calls AS DOUBLE)
        END AS rate,
        CASE
            WHEN basis = 'city_quarter' THEN quarter_orgs
            WHEN basis = 'city' THEN city_orgs
            ELSE province_orgs
        END - 1 AS peers
    FROM compared
)
SELECT
    r.org_id,
    r.quarter,
    r.city_code,
    CAST(r.calls AS BIGINT) AS calls,
    CAST(r.silent AS BIGINT) AS silent,
    r.basis,
    r.rate,
    r.peers,
    binomial_upper_tail(r.silent, r.calls, r.rate) AS p_value
FROM rated AS r
