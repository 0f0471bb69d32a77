/*
title_zh = "线上平台综合评价明细"
title_en = "Items of the composite evaluation of online platforms"
description_zh = """
platform_scores各项得分的构成：每个线上平台按评价方案pipelines/evaluation.toml的每项评价指标各列一行，列明指标原值、\
指标得分和贡献分。缺数据的指标照列，数值为空；其权重由有数据的指标分担，因此有指标缺失时，\
其他指标的贡献分大于权重×指标得分÷100。一个平台各项贡献分之和为其计入诚信分之前的综合得分。"""
description_en = """
What each score of platform_scores is made of: for every platform every item of the framework pipelines/evaluation.toml, with its raw \
value, its score and the points it gives. Items without data are listed with empty values; the available items carry their weight, so \
a contribution is larger than weight × score / 100 where others are missing. The contributions of a platform add up to its score \
before integrity."""
audience = "restricted"
grain = ["as_of", "platform_id", "item"]
sources = ["notice 三（三）"]
policy = []
native = "composite_index_details"
inputs = ["platform_units"]

[[columns]]
name = "as_of"
type = "date"
unit = ""
zh = "评价基准日"
en = "last day of the 12 months evaluated"

[[columns]]
name = "platform_id"
type = "text"
unit = ""
zh = "平台代码"
en = "unified social credit code of the platform (GB 32100)"

[[columns]]
name = "item"
type = "text"
unit = ""
zh = "评价指标"
en = "item of the framework"

[[columns]]
name = "dimension"
type = "text"
unit = ""
zh = "评价维度"
en = "dimension of the framework the item belongs to"

[[columns]]
name = "raw_value"
type = "float"
unit = ""
zh = "指标原值"
en = "value in the unit of the item, before comparison with its target; empty when missing"

[[columns]]
name = "numerator"
type = "int"
unit = ""
zh = "分子"
en = "number above the line, in the unit of the item; empty where the value is no ratio"

[[columns]]
name = "denominator"
type = "int"
unit = ""
zh = "分母"
en = "number below the line, in the unit of the item; empty where the value is no ratio"

[[columns]]
name = "normalised"
type = "float"
unit = "points"
zh = "指标得分"
en = "value after normalisation, 0 to 100; empty when missing, never a silent zero"

[[columns]]
name = "weight"
type = "float"
unit = "points"
zh = "权重"
en = "weight of the item, of 100"

[[columns]]
name = "contribution"
type = "float"
unit = "points"
zh = "贡献分"
en = "points of the platform's score that stand on this item; they add up to the score"

[[columns]]
name = "source_table"
type = "text"
unit = ""
zh = "数据来源"
en = "tables the value is computed from"
*/
-- The operator takes these rows as the item values, and platform_units as the platforms.
SELECT as_of, platform_id, item, value, numerator, denominator FROM platform_items
