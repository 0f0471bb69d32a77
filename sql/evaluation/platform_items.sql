/*
title_zh = "综合评价指标原值"
title_en = "Raw values of the platform evaluation items"
description_en = """
The raw value of each of the 20 items of the framework pipelines/evaluation.toml for each platform, with the integers it is made of, from \
the tables items_usage to items_compliance, which say what each item is. A value that cannot be formed is empty, never zero."""
audience = "intermediate"
grain = ["platform_id", "item"]
sources = ["notice 三（三）"]
policy = []

[[columns]]
name = "as_of"
type = "date"
unit = ""
zh = "评价基准日"
en = "last day of the window"

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
en = "name of the item in the evaluation framework"

[[columns]]
name = "value"
type = "float"
unit = ""
zh = "指标原值"
en = "raw value before comparison with its target; empty when it is missing"

[[columns]]
name = "numerator"
type = "int"
unit = ""
zh = "分子"
en = "number above the line, in the unit of the item"

[[columns]]
name = "denominator"
type = "int"
unit = ""
zh = "分母"
en = "number below the line, in the unit of the item"
*/
SELECT r.as_of, i.platform_id, i.item, i.value, i.numerator, i.denominator
FROM items_usage AS i
CROSS JOIN run_context AS r
UNION ALL
SELECT r.as_of, i.platform_id, i.item, i.value, i.numerator, i.denominator
FROM items_resources AS i
CROSS JOIN run_context AS r
UNION ALL
SELECT i.evaluated_on AS as_of, i.platform_id, i.item, i.value, i.numerator, i.denominator
FROM items_process AS i
INNER JOIN run_context AS r ON r.as_of = i.evaluated_on
UNION ALL
SELECT r.as_of, i.platform_id, i.item, i.value, i.numerator, i.denominator
FROM items_outcome AS i
CROSS JOIN run_context AS r
UNION ALL
SELECT r.as_of, i.platform_id, i.item, i.value, i.numerator, i.denominator
FROM items_service AS i
CROSS JOIN run_context AS r
UNION ALL
SELECT r.as_of, i.platform_id, i.item, i.value, i.numerator, i.denominator
FROM items_compliance AS i
CROSS JOIN run_context AS r
