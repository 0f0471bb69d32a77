/*
title_zh = "线索涉及的报名"
title_en = "Enrolments and claims that each hit concerns"
description_zh = """
每条现行线索所涉及的全部报名，不限于indicator_hits所列的前100条证据。以报名为对象的线索只涉及该报名；以补贴申领为对象的只涉及该笔申领\
（claim_id）；其他指标列出线索涉及的报名，涉及金额即按这些报名计算，claim_id为空表示该报名的全部申领。统计基准日之后的报名不列入。\
疑点线索，需核查，非认定结论。"""
description_en = """
Whom and what a hit is about, as enrolments. A hit on an enrolment concerns it alone; on a claim, that claim alone (claim_id). Every other \
indicator lists the enrolments that its hit concerns, the same that its amount at risk is of; claim_id is empty then: all claims of the \
enrolment are concerned. Enrolments after the as-of day are left out."""
audience = "restricted"
grain = ["indicator_id", "entity_kind", "entity_id", "period", "enrolment_id", "claim_id"]
sources = ["notice 三（三）"]
policy = []

[trace]
table = "enrolments"
where = "enrolment_id = {enrolment_id}"

[trace.columns.claim_id]
table = "claims"
where = "claim_id = {claim_id}"

[[columns]]
name = "indicator_id"
type = "text"
unit = ""
zh = "指标编号"
en = "identifier of the indicator"

[[columns]]
name = "entity_kind"
type = "text"
unit = ""
zh = "对象类型"
en = "what the hit is about"

[[columns]]
name = "entity_id"
type = "text"
unit = ""
zh = "对象编号"
en = "identifier of what the hit is about"

[[columns]]
name = "period"
type = "text"
unit = ""
zh = "所属期"
en = "period of the hit; empty where it has none"

[[columns]]
name = "strength"
type = "text"
unit = ""
zh = "强度"
en = "strength of the hit: H, S or W"

[[columns]]
name = "enrolment_id"
type = "text"
unit = ""
zh = "报名编号"
en = "enrolment concerned"

[[columns]]
name = "claim_id"
type = "text"
unit = ""
zh = "申领编号"
en = "the only claim concerned; empty where all of the enrolment are"
*/
WITH
hit AS (
    SELECT indicator_id, entity_kind, entity_id, period, strength FROM open_hits
),
training AS (
    SELECT e.enrolment_id FROM enrolments AS e INNER JOIN elapsed_days AS d ON d.day = e.enrolled_on
),
listed AS (
    SELECT h.indicator_id, h.entity_kind, h.entity_id, h.period, h.strength, a.enrolments
    FROM hit AS h
    INNER JOIN all_indicator_hits AS a
        ON a.indicator_id = h.indicator_id
        AND a.entity_kind = h.entity_kind
        AND a.entity_id = h.entity_id
        AND a.period = h.period
    WHERE a.enrolments IS NOT NULL
),
-- UNNEST repeats the other columns for each element (Spark: EXPLODE).
named AS (
    SELECT l.indicator_id, l.entity_kind, l.entity_id, l.period, l.strength, UNNEST(l.enrolments) AS enrolment_id
    FROM listed AS l
),
concerned AS (
    SELECT indicator_id, entity_kind, entity_id, period, strength, entity_id AS enrolment_id, '' AS claim_id
    FROM hit
    WHERE entity_kind = 'enrolment'
    UNION ALL
    SELECT h.indicator_id, h.entity_kind, h.entity_id, h.period, h.strength, c.enrolment_id, c.claim_id
    FROM hit AS h
    INNER JOIN claims AS c ON c.claim_id = h.entity_id
    WHERE h.entity_kind = 'claim'
    UNION ALL
    SELECT indicator_id, entity_kind, entity_id, period, strength, enrolment_id, '' AS claim_id FROM named
)
SELECT DISTINCT c.indicator_id, c.entity_kind, c.entity_id, c.period, c.strength, c.enrolment_id, c.claim_id
FROM concerned AS c
INNER JOIN training AS t ON t.enrolment_id = c.enrolment_id
