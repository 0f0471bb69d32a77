/*
title_zh = "待核查线索"
title_en = "Open leads"
description_en = "The hits of this night that count for cases and summaries: those that a reviewer cleared on the same evidence are left out."
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
en = "identifier of what the hit is about"

[[columns]]
name = "period"
type = "text"
unit = ""
zh = "所属期"
en = "period of the hit; empty where it has none"

[[columns]]
name = "city_code"
type = "text"
unit = ""
zh = "行政区划代码"
en = "city of the most telling record (GB/T 2260)"

[[columns]]
name = "org_id"
type = "text"
unit = ""
zh = "培训机构代码"
en = "training organisation of the most telling record"

[[columns]]
name = "platform_id"
type = "text"
unit = ""
zh = "平台代码"
en = "online platform of the most telling record"

[[columns]]
name = "strength"
type = "text"
unit = ""
zh = "强度"
en = "H, S or W"

[[columns]]
name = "evidence"
type = "text_list"
unit = ""
zh = "证据记录"
en = "feed:record key, most telling first, at most 100"
*/
SELECT
    h.indicator_id,
    h.entity_kind,
    h.entity_id,
    h.period,
    h.city_code,
    h.org_id,
    h.platform_id,
    h.strength,
    h.evidence
FROM indicator_hits AS h
WHERE h.status <> 'cleared' AND NOT h.suppressed
