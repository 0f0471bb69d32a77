/*
title_zh = "申领及其周和季末"
title_en = "Claims with their week and place in the quarter"
description_en = """
Every claim up to the as-of day that is not rejected: paying city, training organisation where its class is known, ISO week and quarter of \
the claim (a week that spans two quarters is cut by the quarter), days left to the end of that quarter, and the quarter of payment if it \
is paid up to the as-of day. Read by F01."""
audience = "intermediate"
grain = ["claim_id"]
sources = ["notice 三（三）"]
policy = []

[[columns]]
name = "claim_id"
type = "text"
unit = ""
zh = "申领编号"
en = "identifier of the claim"

[[columns]]
name = "enrolment_id"
type = "text"
unit = ""
zh = "报名编号"
en = "identifier of the enrolment"

[[columns]]
name = "city_code"
type = "text"
unit = ""
zh = "行政区划代码"
en = "city that pays"

[[columns]]
name = "policy_city_code"
type = "text"
unit = ""
zh = "适用规则的地区"
en = "the same, or the province for a city outside it"

[[columns]]
name = "org_id"
type = "text"
unit = ""
zh = "机构代码"
en = "training organisation of the class"

[[columns]]
name = "platform_id"
type = "text"
unit = ""
zh = "平台代码"
en = "online platform of the class; empty when it has none"

[[columns]]
name = "amount_fen"
type = "int"
unit = "fen"
zh = "金额"
en = "amount of the claim"

[[columns]]
name = "claimed_quarter"
type = "text"
unit = ""
zh = "申领季度"
en = "quarter of the claim, YYYY-Qn"

[[columns]]
name = "week"
type = "int"
unit = ""
zh = "周"
en = "ISO year × 100 + ISO week of the claim"

[[columns]]
name = "occupation_class"
type = "text"
unit = ""
zh = "职业大类"
en = "first figure of the occupation code"

[[columns]]
name = "mode"
type = "text"
unit = ""
zh = "培训方式"
en = "online, offline or blended"

[[columns]]
name = "days_left"
type = "int"
unit = "days"
zh = "距季末天数"
en = "days from the claim to the last day of its quarter, 0 on that day"

[[columns]]
name = "paid_quarter"
type = "text"
unit = ""
zh = "发放季度"
en = "quarter of the payment; empty unless paid up to the as-of day"
*/
WITH
quarter_end AS (
    SELECT
        CAST(EXTRACT(YEAR FROM d.day) AS VARCHAR) || '-Q' || CAST(EXTRACT(QUARTER FROM d.day) AS VARCHAR) AS quarter,
        MAX(d.start_us) AS last_us
    FROM days AS d
    GROUP BY quarter
)
SELECT
    c.claim_id,
    c.enrolment_id,
    c.city_code,
    COALESCE(a.city_code, '370000') AS policy_city_code,
    k.org_id,
    k.platform_id,
    c.amount_fen,
    c.claimed_quarter,
    CAST(EXTRACT(ISOYEAR FROM c.claimed_on) * 100 + EXTRACT(WEEK FROM c.claimed_on) AS BIGINT) AS week,
    SUBSTR(k.occupation_code, 1, 1) AS occupation_class,
    k.mode,
    CAST((q.last_us - d.start_us) / 86400000000 AS BIGINT) AS days_left,
    CASE WHEN c.status = 'paid' AND p.day IS NOT NULL THEN c.paid_quarter END AS paid_quarter
FROM claims AS c
INNER JOIN elapsed_days AS e ON e.day = c.claimed_on
INNER JOIN days AS d ON d.day = c.claimed_on
INNER JOIN quarter_end AS q ON q.quarter = c.claimed_quarter
LEFT JOIN enrolments AS n ON n.enrolment_id = c.enrolment_id
LEFT JOIN classes AS k ON k.class_id = n.class_id
LEFT JOIN elapsed_days AS p ON p.day = c.paid_on
LEFT JOIN cities AS a ON a.city_code = c.city_code
WHERE c.status <> 'rejected'
