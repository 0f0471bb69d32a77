/*
title_zh = "线索证据记录"
title_en = "Evidence records of the hits, one a row"
description_en = """
The evidence of this night's indicator hits taken apart: one row per hit and record, at most the 100 records that a hit names. Hits on an \
enrolment, a claim, a class, two classes or an account have no row: what they are about says by itself what they concern."""
audience = "intermediate"
grain = ["indicator_id", "entity_kind", "entity_id", "period", "feed", "record_key"]
sources = ["notice 三（三）"]
policy = []

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
name = "feed"
type = "text"
unit = ""
zh = "来源"
en = "feed of the record"

[[columns]]
name = "record_key"
type = "text"
unit = ""
zh = "记录键"
en = "key of the record in its feed"
*/
WITH
hit AS (
    SELECT indicator_id, entity_kind, entity_id, period, strength, evidence
    FROM open_hits
    WHERE entity_kind NOT IN ('enrolment', 'claim', 'class', 'class_pair', 'account')
),
-- UNNEST repeats the other columns for each element (Spark: EXPLODE).
unpacked AS (
    SELECT h.indicator_id, h.entity_kind, h.entity_id, h.period, h.strength, UNNEST(h.evidence) AS record
    FROM hit AS h
)
SELECT DISTINCT
    u.indicator_id,
    u.entity_kind,
    u.entity_id,
    u.period,
    u.strength,
    SPLIT_PART(u.record, ':', 1) AS feed,
    SUBSTR(u.record, LENGTH(SPLIT_PART(u.record, ':', 1)) + 2) AS record_key
FROM unpacked AS u
WHERE u.record IS NOT NULL
