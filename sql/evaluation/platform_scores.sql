/*
title_zh = "线上平台综合评价"
title_en = "Composite evaluation of online platforms"
description_zh = """
每个在册线上平台一行：按评价方案pipelines/evaluation.toml对截至统计基准日的12个月进行评价的得分；方案的权重、\
目标值和阈值为本程序的默认值，不是通知的规定。缺数据的指标不计，其权重由其他指标分担，指标覆盖率表示有数据指标所占的权重：\
覆盖率低于方案规定的下限（0.8）的平台，只计分，不评等级、不排名次。备案时间过短或学员过少的平台，照常计分，\
并标为样本不足（insufficient_sample）。指标覆盖率不同的得分不可比。本程序提出建议，由人作出决定。"""
description_en = """
One row for each online platform on record: its scores over the 12 months to the as-of date by the framework pipelines/evaluation.toml, \
whose weights, targets and limits are defaults of this program and not of the notice. Items without data are left out, their weight is \
carried by the others and coverage says how much of it is there: with coverage under the framework's minimum (0.8) a platform is \
scored but neither graded nor ranked. Platforms too new or too small are scored and marked insufficient_sample. Scores of different \
coverage do not compare. The program proposes; people decide."""
audience = "internal"
grain = ["as_of", "platform_id"]
sources = ["notice 三（三）", "OECD/JRC Handbook on Constructing Composite Indicators (2008)"]
policy = []
native = "composite_index"
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
name = "platform_name"
type = "text"
unit = ""
zh = "平台名称"
en = "name of the platform"

[[columns]]
name = "usage"
type = "float"
unit = "points"
zh = "使用活跃得分"
en = "dimension score, 0 to 100: active learners, logged hours, months with enrolments; empty without any item"

[[columns]]
name = "resources"
type = "float"
unit = "points"
zh = "课程资源得分"
en = "dimension score, 0 to 100: courseware kept up to date, occupations offered, hours that match the courseware; empty without any item"

[[columns]]
name = "process"
type = "float"
unit = "points"
zh = "过程监管得分"
en = "dimension score, 0 to 100: supported hours, face checks, valid hours, timely upload of logs; empty without any item"

[[columns]]
name = "outcome"
type = "float"
unit = "points"
zh = "培训效果得分"
en = "dimension score, 0 to 100: completions, passes, certificates, learners who went on to the offline part; empty without any item"

[[columns]]
name = "service"
type = "float"
unit = "points"
zh = "服务评价得分"
en = "dimension score, 0 to 100: ratings, upheld complaints, call-backs; empty without any item"

[[columns]]
name = "compliance"
type = "float"
unit = "points"
zh = "资金合规得分"
en = "dimension score, 0 to 100: hard indicator hits, refunds, filing and directory entries; empty without any item"

[[columns]]
name = "coverage"
type = "float"
unit = "share"
zh = "指标覆盖率"
en = "weight of the available items / weight of all items of the framework"

[[columns]]
name = "score"
type = "float"
unit = "points"
zh = "综合得分"
en = "weighted mean of the available items, 0 to 100, before integrity"

[[columns]]
name = "integrity"
type = "float"
unit = "points"
zh = "诚信分"
en = "100 less the deductions confirmed by people (findings), at least 0"

[[columns]]
name = "total"
type = "float"
unit = "points"
zh = "总分"
en = "score × integrity factor, at most 100"

[[columns]]
name = "grade"
type = "text"
unit = ""
zh = "评价等级"
en = "excellent 优, good 良, qualified 合格, unqualified 不合格; not_graded where coverage is under 0.8, insufficient_sample where the platform is too new or too small"

[[columns]]
name = "grade_zh"
type = "text"
unit = ""
zh = "评价等级（公布）"
en = "the grade as it is published: the framework's word, and behind a borderline one 临界 with the places between rank_p05 and rank_p95"

[[columns]]
name = "grade_agreement"
type = "float"
unit = "share"
zh = "等级一致率"
en = "share of the draws of the uncertainty analysis that agree on the grade; empty without rank"

[[columns]]
name = "borderline"
type = "bool"
unit = ""
zh = "是否临界"
en = "whether fewer of the draws than the framework asks for (0.9) agree on the grade; empty without rank"

[[columns]]
name = "rank"
type = "int"
unit = ""
zh = "名次"
en = "place by total among the graded platforms, ties share a place (1, 2, 2, 4); empty without grade"

[[columns]]
name = "rank_p05"
type = "float"
unit = ""
zh = "名次第5百分位"
en = "5th percentile of the place over the draws; empty without rank"

[[columns]]
name = "rank_p50"
type = "float"
unit = ""
zh = "名次中位数"
en = "median of the place over the draws; empty without rank"

[[columns]]
name = "rank_p95"
type = "float"
unit = ""
zh = "名次第95百分位"
en = "95th percentile of the place over the draws; empty without rank"

[[columns]]
name = "veto"
type = "text"
unit = ""
zh = "一票否决事项"
en = "kinds of the confirmed findings that veto, joined by commas; empty without one"

[[columns]]
name = "sample_ok"
type = "bool"
unit = ""
zh = "样本是否充足"
en = "filed long enough, with enough learners, to be graded"

[[columns]]
name = "learners"
type = "int"
unit = "persons"
zh = "学员人数（去重）"
en = "distinct persons enrolled in the 12 months; a person may learn on several platforms"

[[columns]]
name = "config_hash"
type = "text"
unit = ""
zh = "评价方案标识"
en = "16 hex digits of the framework's content; rows with one value were made by one method"

[[tests]]
kind = "not_null"
columns = ["as_of", "platform_id", "coverage", "grade", "sample_ok", "learners", "config_hash"]
severity = "error"

[[tests]]
kind = "not_null"
columns = ["platform_name"]
severity = "warn"

[[tests]]
kind = "relation"
column = "platform_id"
table = "organizations"
to = "org_id"
severity = "error"

[[tests]]
kind = "accepted_values"
column = "grade"
values = ["excellent", "good", "qualified", "unqualified", "not_graded", "insufficient_sample"]
title = "a grade of the framework as shipped"
severity = "warn"

[[tests]]
kind = "range"
columns = ["usage", "resources", "process", "outcome", "service", "compliance", "score", "integrity", "total"]
least = 0
most = 100
severity = "error"

[[tests]]
kind = "range"
columns = ["coverage", "grade_agreement"]
least = 0
most = 1
severity = "error"

[[tests]]
kind = "range"
columns = ["learners"]
least = 0
severity = "error"

[[tests]]
kind = "range"
columns = ["rank"]
least = 1
severity = "error"

[[tests]]
kind = "change"
measure = "rows"
least = -0.2
ignore_below = 5
severity = "warn"
*/
-- The operator takes these rows as the item values, and platform_units as the platforms.
SELECT as_of, platform_id, item, value, numerator, denominator FROM platform_items
