/*
title_zh = "上月综合评价（仅过程监管）"
title_en = "Process scores one month earlier"
description_en = """
The process dimension as it stood one month before the as-of date, from the data known now, by the same framework: one of the two months \
of weak supervision. Only the column process means anything: the other items are left out, so coverage, score, total, grade and rank do \
not describe the platform. The rows bear the as-of date, under which the platforms are known."""
audience = "intermediate"
grain = ["as_of", "platform_id"]
sources = ["notice 三（三）"]
policy = []
native = "composite_index_scores"
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
en = "share of the draws of the uncertainty analysis that agree on the grade; always empty here"

[[columns]]
name = "borderline"
type = "bool"
unit = ""
zh = "是否临界"
en = "always empty here"

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
en = "5th percentile of the place over the draws; always empty here"

[[columns]]
name = "rank_p50"
type = "float"
unit = ""
zh = "名次中位数"
en = "median of the place over the draws; always empty here"

[[columns]]
name = "rank_p95"
type = "float"
unit = ""
zh = "名次第95百分位"
en = "95th percentile of the place over the draws; always empty here"

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
*/
-- The operator takes these rows as the item values, and platform_units as the platforms.
SELECT r.as_of, i.platform_id, i.item, i.value, i.numerator, i.denominator
FROM items_process AS i
INNER JOIN evaluation_rules AS r ON r.month_before = i.evaluated_on
