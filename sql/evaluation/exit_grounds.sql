/*
title_zh = "线上平台退出事由"
title_en = "Grounds of exit of online platforms"
description_zh = """
统计基准日哪些线上平台有哪项退出事由，附日期、数字、阈值和所依据的记录，供对照exit_proposals使用。事由是数据所反映的情况；\
平台是否退出，由市决定。阈值为本程序的默认值，不是通知的规定。"""
description_en = """
Which platforms show which ground of exit on the as-of date, with the dates, the figures, the limits and the records behind them: the page \
to exit_proposals. A ground is what the data show; whether a platform leaves, the city decides. The limits are defaults of this program \
and not of the notice."""
audience = "internal"
grain = ["as_of", "platform_id", "ground", "reason"]
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
name = "platform_name"
type = "text"
unit = ""
zh = "平台名称"
en = "name of the platform"

[[columns]]
name = "ground"
type = "text"
unit = ""
zh = "退出事由"
en = "zombie, stale, weak_supervision, below_standard or veto"

[[columns]]
name = "reason"
type = "text"
unit = ""
zh = "具体情形"
en = "zombie: no_new_enrolment or little_activity; stale: nothing_changed or few_items_changed; weak_supervision: process_score or valid_hour_rate; below_standard: unqualified; veto: the kind of the finding"

[[columns]]
name = "from_on"
type = "date"
unit = ""
zh = "起始日期"
en = "first day of what was looked at; of nothing_changed the day of the last change"

[[columns]]
name = "until_on"
type = "date"
unit = ""
zh = "截止日期"
en = "last day of what was looked at"

[[columns]]
name = "value"
type = "float"
unit = ""
zh = "数值"
en = "figure of the platform: new enrolments or active learners of the span, days since the last change, share of items, process score, rate, total, findings"

[[columns]]
name = "threshold"
type = "float"
unit = ""
zh = "阈值"
en = "the limit: fewer or less is a ground, of days since the last change as many or more; empty for unqualified and findings"

[[columns]]
name = "other_value"
type = "float"
unit = ""
zh = "另一数值"
en = "second figure: logged hours of the span, process score one month earlier; else empty"

[[columns]]
name = "other_threshold"
type = "float"
unit = ""
zh = "另一阈值"
en = "limit of the second figure, below which it is a ground"

[[columns]]
name = "consecutive"
type = "bool"
unit = ""
zh = "是否连续两期"
en = "zombie in the span before as well, which asks for a proposal without time to rectify"

[[columns]]
name = "sample_ok"
type = "bool"
unit = ""
zh = "样本是否充足"
en = "whether the platform is old and large enough to be graded; figures of few learners say little"

[[columns]]
name = "evidence"
type = "text_list"
unit = ""
zh = "证据记录"
en = "feed:record key, most telling first, at most 100"

[[columns]]
name = "evidence_count"
type = "int"
unit = "records"
zh = "证据记录数"
en = "evidence records in all"

[[tests]]
kind = "not_null"
columns = ["as_of", "platform_id", "ground", "reason", "from_on", "until_on", "consecutive", "sample_ok"]
severity = "error"

[[tests]]
kind = "accepted_values"
column = "ground"
values = ["zombie", "stale", "weak_supervision", "below_standard", "veto"]
severity = "error"

[[tests]]
kind = "relation"
column = "platform_id"
table = "organizations"
to = "org_id"
severity = "error"

[[tests]]
kind = "range"
columns = ["evidence_count"]
least = 1
title = "every ground names a record"
severity = "warn"
*/
WITH
evidence AS (
    SELECT
        platform_id,
        ground,
        reason,
        ARRAY_AGG(record ORDER BY place LIMIT 100) AS evidence,
        COUNT(*) AS evidence_count
    FROM exit_evidence
    GROUP BY platform_id, ground, reason
)
SELECT
    u.as_of,
    t.platform_id,
    u.platform_name,
    t.ground,
    t.reason,
    t.from_on,
    t.until_on,
    t.value,
    t.threshold,
    t.other_value,
    t.other_threshold,
    t.consecutive,
    u.sample_ok,
    e.evidence,
    COALESCE(e.evidence_count, 0) AS evidence_count
FROM exit_tests AS t
INNER JOIN platform_units AS u ON u.platform_id = t.platform_id
LEFT JOIN evidence AS e ON e.platform_id = t.platform_id AND e.ground = t.ground AND e.reason = t.reason
