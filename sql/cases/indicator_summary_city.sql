/*
title_zh = "疑点线索汇总（分市分指标）"
title_en = "Leads by city and indicator"
description_zh = """
统计基准日各项指标在各市的疑点线索数；凡有命中的指标，不论命中在何地，全省和16个市各列一行。疑点线索，需核查，非认定结论。\
线索数和对象数计入其最有说服力的证据记录所在的市；该记录在省外的，不计入任何一行。\
涉及金额和涉及申领占比计入支付线索所涉补贴的市，每笔申领在一格内只计一次，因此各指标的金额不可相加。对象数为不同对象的个数，\
同一对象不论所属期只计一次。"""
description_en = """
How many leads each indicator gives in each city on the as-of day; a row for the province and all 16 cities for every indicator that has a \
hit anywhere. 疑点线索，需核查，非认定结论: leads to be checked, not findings. Hits and entities stand in the city of their most telling record; those \
of places outside the province in no row. Money and the share of claims stand in the city that pays the claims behind the hits, each claim \
once within a cell: over indicators the amounts do not add up. Entities are distinct subjects, whatever the period."""
audience = "internal"
grain = ["as_of", "city_code", "indicator_id"]
order = ["as_of", "city_order", "indicator_id"]
sources = ["notice 三（三）"]
policy = []

[trace]
table = "indicator_hits"
where = "indicator_id = {indicator_id} AND (city_code = {city_code} OR {city_code} = '370000') AND status <> 'cleared' AND NOT suppressed"

[[columns]]
name = "as_of"
type = "date"
unit = ""
zh = "运行日期"
en = "as-of day of the run"

[[columns]]
name = "city_code"
type = "text"
unit = ""
zh = "行政区划代码"
en = "city, 370000 the province (GB/T 2260)"

[[columns]]
name = "city_name"
type = "text"
unit = ""
zh = "市"
en = "name of the city"

[[columns]]
name = "city_order"
type = "int"
unit = ""
zh = "排序"
en = "order of the cities, the province first"

[[columns]]
name = "indicator_id"
type = "text"
unit = ""
zh = "指标编号"
en = "identifier of the indicator, see indicator_catalogue"

[[columns]]
name = "hits"
type = "int"
unit = "hits"
zh = "线索数"
en = "hits whose most telling record lies in the city"

[[columns]]
name = "entities"
type = "int"
unit = "entities"
zh = "对象数"
en = "distinct subjects of these hits"

[[columns]]
name = "amount_at_risk_fen"
type = "int"
unit = "fen"
zh = "涉及金额"
en = "paid and approved claims of the city behind hits of the indicator, each once"

[[columns]]
name = "claims_touched"
type = "int"
unit = "claims"
zh = "涉及申领笔数"
en = "claims of the city behind hits of the indicator, rejected ones left out"

[[columns]]
name = "claims"
type = "int"
unit = "claims"
zh = "申领笔数"
en = "all claims of the city up to the as-of day, rejected ones left out"

[[columns]]
name = "claims_share"
type = "float"
unit = "share"
zh = "涉及申领占比"
en = "claims touched over all claims of the city; empty without a claim"

[[tests]]
kind = "not_null"
columns = ["as_of", "city_code", "indicator_id", "hits", "entities", "amount_at_risk_fen"]
severity = "error"

[[tests]]
kind = "relation"
column = "city_code"
table = "cities"
severity = "error"

[[tests]]
kind = "range"
columns = ["claims_share"]
least = 0
most = 1
severity = "error"

[[tests]]
kind = "range"
columns = ["hits", "entities", "amount_at_risk_fen", "claims_touched"]
least = 0
severity = "error"

[[tests]]
kind = "change"
measure = "sum"
column = "hits"
by = ["city_code"]
least = -0.5
most = 1.0
ignore_below = 50
severity = "warn"
title = "a city's leads do not double or halve from one release to the next"
*/
WITH
hit AS (
    SELECT h.indicator_id, h.entity_kind, h.entity_id, h.city_code FROM open_hits AS h
),
own_area AS (
    SELECT h.indicator_id, h.entity_kind, h.entity_id, c.city_code AS area_code
    FROM hit AS h
    INNER JOIN cities AS c ON c.city_code = h.city_code
    WHERE c.city_code <> '370000'
    UNION ALL
    SELECT h.indicator_id, h.entity_kind, h.entity_id, '370000' AS area_code
    FROM hit AS h
    INNER JOIN cities AS c ON c.city_code = h.city_code
),
hits_of AS (
    SELECT indicator_id, area_code, CAST(COUNT(*) AS BIGINT) AS hits FROM own_area GROUP BY indicator_id, area_code
),
entity AS (
    SELECT DISTINCT indicator_id, area_code, entity_kind, entity_id FROM own_area
),
entities_of AS (
    SELECT indicator_id, area_code, CAST(COUNT(*) AS BIGINT) AS entities FROM entity GROUP BY indicator_id, area_code
),
claim AS (
    SELECT c.claim_id, c.enrolment_id, c.city_code, CASE WHEN c.status IN ('paid', 'approved') THEN c.amount_fen ELSE 0 END AS at_risk_fen
    FROM claims AS c
    INNER JOIN elapsed_days AS d ON d.day = c.claimed_on
    INNER JOIN cities AS a ON a.city_code = c.city_code
    WHERE c.status <> 'rejected'
),
touched AS (
    SELECT DISTINCT h.indicator_id, c.claim_id, c.city_code, c.at_risk_fen
    FROM hit_enrolments AS h
    INNER JOIN claim AS c ON c.enrolment_id = h.enrolment_id
    WHERE h.claim_id = '' OR h.claim_id = c.claim_id
),
touched_area AS (
    SELECT indicator_id, city_code AS area_code, at_risk_fen FROM touched WHERE city_code <> '370000'
    UNION ALL
    SELECT indicator_id, '370000' AS area_code, at_risk_fen FROM touched
),
touched_of AS (
    SELECT indicator_id, area_code, CAST(COUNT(*) AS BIGINT) AS claims, SUM(at_risk_fen) AS at_risk_fen FROM touched_area GROUP BY indicator_id, area_code
),
claim_area AS (
    SELECT city_code AS area_code FROM claim WHERE city_code <> '370000'
    UNION ALL
    SELECT '370000' AS area_code FROM claim
),
claims_of AS (
    SELECT area_code, CAST(COUNT(*) AS BIGINT) AS claims FROM claim_area GROUP BY area_code
),
cell AS (
    SELECT i.indicator_id, c.city_code, c.city_name, c.city_order
    FROM (SELECT DISTINCT indicator_id FROM hit) AS i
    CROSS JOIN cities AS c
)
SELECT
    r.as_of,
    c.city_code,
    c.city_name,
    c.city_order,
    c.indicator_id,
    CAST(COALESCE(h.hits, 0) AS BIGINT) AS hits,
    CAST(COALESCE(e.entities, 0) AS BIGINT) AS entities,
    CAST(COALESCE(t.at_risk_fen, 0) AS BIGINT) AS amount_at_risk_fen,
    CAST(COALESCE(t.claims, 0) AS BIGINT) AS claims_touched,
    CAST(COALESCE(n.claims, 0) AS BIGINT) AS claims,
    CASE WHEN n.claims > 0 THEN COALESCE(t.claims, 0) / CAST(n.claims AS DOUBLE) END AS claims_share
FROM cell AS c
CROSS JOIN run_context AS r
LEFT JOIN hits_of AS h ON h.indicator_id = c.indicator_id AND h.area_code = c.city_code
LEFT JOIN entities_of AS e ON e.indicator_id = c.indicator_id AND e.area_code = c.city_code
LEFT JOIN touched_of AS t ON t.indicator_id = c.indicator_id AND t.area_code = c.city_code
LEFT JOIN claims_of AS n ON n.area_code = c.city_code
