/*
title_zh = "指标核查准确率"
title_en = "Precision of indicators by reviews"
description_zh = """
各项指标的线索经核查的结果，每条线索以截至统计基准日最近一次核查为准：属实几条、排除几条，以及属实占已有结论线索的比重。\
未经核查的线索不能说明任何情况，不计入；核查条数少的，比重不稳定，因此同时列出属实和排除两项条数。"""
description_en = """
What reviewers found of the leads of each indicator, by the latest review of each lead up to the as-of day: how many were confirmed, how \
many cleared, and the share confirmed of those decided. Leads that nobody has reviewed say nothing and are not counted; a share of few \
reviews is uncertain, so both counts stand beside it."""
audience = "internal"
grain = ["indicator_id"]
sources = ["notice 三（三）"]
policy = []

[[columns]]
name = "indicator_id"
type = "text"
unit = ""
zh = "指标编号"
en = "identifier of the indicator"

[[columns]]
name = "reviewed"
type = "int"
unit = "leads"
zh = "已核查线索"
en = "leads with a review"

[[columns]]
name = "confirmed"
type = "int"
unit = "leads"
zh = "属实"
en = "leads whose latest review confirms them"

[[columns]]
name = "cleared"
type = "int"
unit = "leads"
zh = "排除"
en = "leads whose latest review clears them"

[[columns]]
name = "open"
type = "int"
unit = "leads"
zh = "待查"
en = "leads under review without a verdict"

[[columns]]
name = "precision"
type = "float"
unit = "share"
zh = "属实率"
en = "confirmed / (confirmed + cleared); empty when none is decided"

[[columns]]
name = "last_reviewed_on"
type = "date"
unit = ""
zh = "末次核查日期"
en = "day of the latest review"

[[tests]]
kind = "not_null"
columns = ["indicator_id", "reviewed", "confirmed", "cleared", "open"]
severity = "error"

[[tests]]
kind = "range"
columns = ["precision"]
least = 0
most = 1
severity = "error"
*/
WITH
review AS (
    SELECT
        v.indicator_id,
        v.verdict,
        v.reviewed_on,
        ROW_NUMBER() OVER (
            PARTITION BY v.indicator_id, v.entity_id, COALESCE(v.period, '') ORDER BY v.reviewed_on DESC, v.review_id DESC
        ) AS place
    FROM reviews AS v
    CROSS JOIN run_context AS r
    WHERE v.reviewed_on <= r.as_of
),
counted AS (
    SELECT
        indicator_id,
        COUNT(*) AS reviewed,
        SUM(CASE WHEN verdict = 'confirmed' THEN 1 ELSE 0 END) AS confirmed,
        SUM(CASE WHEN verdict = 'cleared' THEN 1 ELSE 0 END) AS cleared,
        SUM(CASE WHEN verdict = 'open' THEN 1 ELSE 0 END) AS open,
        MAX(reviewed_on) AS last_reviewed_on
    FROM review
    WHERE place = 1
    GROUP BY indicator_id
)
SELECT
    indicator_id,
    reviewed,
    confirmed,
    cleared,
    open,
    CASE WHEN confirmed + cleared > 0 THEN confirmed / (confirmed + cleared) END AS precision,
    last_reviewed_on
FROM counted
