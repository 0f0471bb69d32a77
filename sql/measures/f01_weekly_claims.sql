/*
title_zh = "机构每周申领数"
title_en = "Weekly claims of an organisation in a city, among its peers"
description_en = """
Claims that are not rejected, by paying city, training organisation and ISO week of the claim, each occupation class (first figure of the \
code) and mode apart; a week that spans two quarters is cut. Peers are the weeks of all organisations in the same occupation class, mode \
and quarter; weeks without a claim are not counted. Indicator F01 looks for weeks far above them."""
audience = "intermediate"
grain = ["city_code", "org_id", "quarter", "week", "occupation_class", "mode"]
sources = ["notice 三（三）"]
policy = []
native = "robust_z"

[[columns]]
name = "city_code"
type = "text"
unit = ""
zh = "行政区划代码"
en = "city that pays"

[[columns]]
name = "org_id"
type = "text"
unit = ""
zh = "机构代码"
en = "training organisation of the classes"

[[columns]]
name = "quarter"
type = "text"
unit = ""
zh = "季度"
en = "quarter of the claims, YYYY-Qn"

[[columns]]
name = "week"
type = "int"
unit = ""
zh = "周"
en = "ISO year × 100 + ISO week of the claims"

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
name = "peer_group"
type = "text"
unit = ""
zh = "同类组"
en = "occupation class, mode and quarter"

[[columns]]
name = "measure"
type = "float"
unit = "claims"
zh = "周申领数"
en = "claims of the week that are not rejected"

[[columns]]
name = "peers"
type = "int"
unit = "weeks"
zh = "同类个数"
en = "weeks of organisations in the peer group, this one included"

[[columns]]
name = "peer_median"
type = "float"
unit = "claims"
zh = "同类中位数"
en = "median weekly claims of the peer group"

[[columns]]
name = "peer_spread"
type = "float"
unit = "claims"
zh = "同类离散度"
en = "median absolute deviation / 0.6745, or 1.2533 × mean absolute deviation where that is zero"

[[columns]]
name = "robust_z"
type = "float"
unit = ""
zh = "稳健Z值"
en = "distance from the median over the spread; empty without spread"
*/
WITH
weekly AS (
    SELECT city_code, org_id, claimed_quarter AS quarter, week, occupation_class, mode, CAST(COUNT(*) AS BIGINT) AS claims
    FROM f01_claim
    WHERE org_id IS NOT NULL
    GROUP BY city_code, org_id, claimed_quarter, week, occupation_class, mode
)
SELECT
    city_code,
    org_id,
    quarter,
    week,
    occupation_class,
    mode,
    occupation_class || '|' || mode || '|' || quarter AS peer_group,
    CAST(claims AS DOUBLE) AS measure
FROM weekly
