/*
title_zh = "线索证据摘要"
title_en = "Hash of the evidence of each hit"
description_en = """
Tells whether the evidence of a lead has changed since a reviewer looked at it."""
audience = "intermediate"
grain = ["indicator_id", "entity_kind", "entity_id", "period"]
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
en = "identifier of the entity"

[[columns]]
name = "period"
type = "text"
unit = ""
zh = "所属期"
en = "period of the hit"

[[columns]]
name = "evidence_hash"
type = "text"
unit = ""
zh = "证据摘要"
en = "hash of the list of evidence records"
*/
SELECT h.indicator_id, h.entity_kind, h.entity_id, h.period, list_hash(h.evidence) AS evidence_hash
FROM all_indicator_hits AS h
