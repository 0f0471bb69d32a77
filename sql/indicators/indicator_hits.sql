/*
title_zh = "疑点线索"
title_en = "Indicator hits: leads to be checked"
description_zh = """
本夜各项疑点指标的全部命中，并与此前最近一夜的发布版对照。疑点线索，需核查，非认定结论：每一行都是待核查的线索，不是认定。\
上一夜已有的线索，沿用其首次发现日期，状态为“延续”（continuing）；上一夜没有的，状态为“新增”（new）；\
上一夜有而本夜消失的，再列一次，状态为“消除”（cleared），涉及金额为零。核查结论（数据源reviews）列于线索之后；\
经核查排除的线索，在其证据改变之前不再计入。方法版本和参数版本用于区分数字变动是方法改变所致，还是实际情况改变所致。\
各行金额不可相加：一笔申领可能涉及多条线索。"""
description_en = """
Every hit of every anomaly indicator of this night, compared with the release of the last earlier night. 疑点线索，需核查，非认定结论: every \
row is a lead to be checked, not a finding. A hit that was there last night keeps its first day and is 'continuing'; one that was not is \
'new'; a hit of last night that is gone appears once more as 'cleared', with nothing at risk. A reviewer's verdict (feed reviews) stands beside the lead; a lead that was \
cleared by a reviewer is suppressed until its evidence changes. Method version and policy hash tell a change of method from a change of \
the world. Amounts of several rows do not add up: \
one claim may stand behind several hits."""
audience = "restricted"
grain = ["indicator_id", "entity_kind", "entity_id", "period"]
sources = ["notice 三（三）"]
policy = []

[[columns]]
name = "indicator_id"
type = "text"
unit = ""
zh = "指标编号"
en = "identifier of the indicator, see indicator_catalogue"

[[columns]]
name = "entity_kind"
type = "text"
unit = ""
zh = "对象类型"
en = "what the hit is about: person, claim, account, enrolment or a composite"

[[columns]]
name = "entity_id"
type = "text"
unit = ""
zh = "对象编号"
en = "identifier as in the feeds; persons and accounts as 16 hex digits of their key; parts of a composite joined by |"

[[columns]]
name = "period"
type = "text"
unit = ""
zh = "所属期"
en = "year or local day of the hit; empty where the indicator has none"

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
name = "value"
type = "float"
unit = ""
zh = "指标值"
en = "what was measured, in the unit of the indicator's threshold"

[[columns]]
name = "threshold"
type = "float"
unit = ""
zh = "阈值"
en = "the limit it was compared with"

[[columns]]
name = "population"
type = "int"
unit = "entities"
zh = "检验对象数"
en = "entities that the indicator tested"

[[columns]]
name = "amount_at_risk_fen"
type = "int"
unit = "fen"
zh = "涉及金额"
en = "paid and approved claims concerned, each once; 0 for a cleared hit"

[[columns]]
name = "strength"
type = "text"
unit = ""
zh = "强度"
en = "H contradicts a rule or physics, S statistically strong, W context only"

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

[[columns]]
name = "rule_ref"
type = "text"
unit = ""
zh = "依据"
en = "rule or default behind the threshold"

[[columns]]
name = "first_seen_on"
type = "date"
unit = ""
zh = "首次发现日期"
en = "as-of date of the night on which the hit first appeared"

[[columns]]
name = "status"
type = "text"
unit = ""
zh = "状态"
en = "new, continuing or cleared"

[[columns]]
name = "peers"
type = "int"
unit = "entities"
zh = "同类对象数"
en = "peers with which a statistical hit was compared; empty for rules"

[[columns]]
name = "expected_false_alarms"
type = "float"
unit = "hits"
zh = "预期误报数"
en = "hits of this indicator that chance alone would give in the run; empty for rules"

[[columns]]
name = "suppressed"
type = "bool"
unit = ""
zh = "已核查排除"
en = "a reviewer cleared the lead and its evidence has not changed since: it enters no case and no count"

[[columns]]
name = "review_id"
type = "text"
unit = ""
zh = "核查编号"
en = "latest review of the lead; empty when nobody has looked at it"

[[columns]]
name = "review_verdict"
type = "text"
unit = ""
zh = "核查结论"
en = "verdict of that review: confirmed, cleared or open"

[[columns]]
name = "reviewed_on"
type = "date"
unit = ""
zh = "核查日期"
en = "day of that review"

[[columns]]
name = "review_note"
type = "text"
unit = ""
zh = "核查说明"
en = "the reviewer's words"

[[columns]]
name = "evidence_hash"
type = "text"
unit = ""
zh = "证据摘要"
en = "hash of the evidence records and of what they hold (attendance, study logs and registers apart) with strength, amount at risk and, unless it moves with its peers, value: the same hash, the same evidence"

[[columns]]
name = "reviewed_evidence"
type = "text"
unit = ""
zh = "核查时证据摘要"
en = "hash of the evidence that the reviewer saw: that of the last night before the review arrived"

[[columns]]
name = "method_version"
type = "text"
unit = ""
zh = "方法版本"
en = "hash of the definitions behind the hit: SQL and native operators of the indicator and all that it reads"

[[columns]]
name = "policy_hash"
type = "text"
unit = ""
zh = "参数版本"
en = "hash of the policy rows behind the hit"

[[tests]]
kind = "not_null"
columns = ["indicator_id", "entity_kind", "entity_id", "period", "population", "amount_at_risk_fen", "strength", "evidence_count", "rule_ref", "first_seen_on", "status"]
severity = "error"

[[tests]]
kind = "accepted_values"
column = "strength"
values = ["H", "S", "W"]
severity = "error"

[[tests]]
kind = "accepted_values"
column = "status"
values = ["new", "continuing", "cleared"]
severity = "error"

[[tests]]
kind = "range"
columns = ["population", "amount_at_risk_fen"]
least = 0
severity = "error"

[[tests]]
kind = "range"
columns = ["evidence_count"]
least = 1
title = "every lead names a record"
severity = "warn"

[[tests]]
kind = "change"
measure = "rows"
by = ["indicator_id"]
least = -0.5
most = 1.0
ignore_below = 50
title = "an indicator does not find twice or half as much from one release to the next"
severity = "warn"
*/
WITH
known AS (
    SELECT indicator_id, entity_kind, entity_id, period, first_seen_on, review_id, evidence_hash, reviewed_evidence
    FROM previous_hits
    WHERE status <> 'cleared'
),
review AS (
    SELECT
        v.indicator_id,
        v.entity_id,
        COALESCE(v.period, '') AS period,
        v.review_id,
        v.verdict,
        v.reviewed_on,
        v.note,
        ROW_NUMBER() OVER (
            PARTITION BY v.indicator_id, v.entity_id, COALESCE(v.period, '') ORDER BY v.reviewed_on DESC, v.review_id DESC
        ) AS place
    FROM reviews AS v
    CROSS JOIN run_context AS r
    WHERE v.reviewed_on <= r.as_of
),
latest_review AS (
    SELECT indicator_id, entity_id, period, review_id, verdict, reviewed_on, note FROM review WHERE place = 1
),
listed AS (
    SELECT h.indicator_id, h.entity_kind, h.entity_id, h.period, UNNEST(h.evidence) AS record FROM all_indicator_hits AS h
),
-- A record that is sent again with other content is other evidence. Of logs and attendance there are too many to look; a log that
-- changes is C10's.
content AS (
    SELECT 'organizations:' || org_id || '|' || org_kind AS record, _row_hash AS row_hash FROM organizations
    UNION ALL
    SELECT 'classes:' || class_id AS record, _row_hash AS row_hash FROM classes
    UNION ALL
    SELECT 'enrolments:' || enrolment_id AS record, _row_hash AS row_hash FROM enrolments
    UNION ALL
    SELECT 'assessments:' || assessment_id AS record, _row_hash AS row_hash FROM assessments
    UNION ALL
    SELECT 'certificates:' || certificate_no || '|' || enrolment_id AS record, _row_hash AS row_hash FROM certificates
    UNION ALL
    SELECT 'claims:' || claim_id AS record, _row_hash AS row_hash FROM claims
    UNION ALL
    SELECT 'feedback:' || feedback_id AS record, _row_hash AS row_hash FROM feedback
),
described AS (
    SELECT
        l.indicator_id,
        l.entity_kind,
        l.entity_id,
        l.period,
        l.record || '=' || COALESCE(CAST(c.row_hash AS VARCHAR), '') AS record
    FROM listed AS l
    LEFT JOIN content AS c ON c.record = l.record
),
held AS (
    SELECT indicator_id, entity_kind, entity_id, period, ARRAY_AGG(record ORDER BY record) AS records
    FROM described
    GROUP BY indicator_id, entity_kind, entity_id, period
),
hit AS (
    SELECT
        h.indicator_id,
        h.entity_kind,
        h.entity_id,
        h.period,
        h.city_code,
        h.org_id,
        h.platform_id,
        h.value,
        h.threshold,
        h.population,
        h.amount_at_risk_fen,
        h.strength,
        h.evidence,
        h.evidence_count,
        h.rule_ref,
        h.peers,
        h.expected_false_alarms,
        h.method_version,
        h.policy_hash,
        -- What a test compares with its peers moves every night with them, though nothing of the hit's own has changed.
        evidence_hash(
            d.records,
            h.strength
                || '|' || CAST(h.amount_at_risk_fen AS VARCHAR)
                || '|' || CASE WHEN h.peers IS NULL THEN COALESCE(CAST(h.value AS VARCHAR), '') ELSE '' END
        ) AS evidence_hash
    FROM all_indicator_hits AS h
    LEFT JOIN held AS d
        ON d.indicator_id = h.indicator_id
        AND d.entity_kind = h.entity_kind
        AND d.entity_id = h.entity_id
        AND d.period = h.period
),
judged AS (
    SELECT
        h.indicator_id,
        h.entity_kind,
        h.entity_id,
        h.period,
        h.city_code,
        h.org_id,
        h.platform_id,
        h.value,
        h.threshold,
        h.population,
        h.amount_at_risk_fen,
        h.strength,
        h.evidence,
        h.evidence_count,
        h.rule_ref,
        h.peers,
        h.expected_false_alarms,
        h.method_version,
        h.policy_hash,
        h.evidence_hash,
        k.first_seen_on,
        v.review_id,
        v.verdict,
        v.reviewed_on,
        v.note,
        CASE
            WHEN v.review_id IS NULL THEN CAST(NULL AS VARCHAR)
            WHEN k.review_id = v.review_id THEN k.reviewed_evidence
            ELSE COALESCE(k.evidence_hash, h.evidence_hash)
        END AS reviewed_evidence
    FROM hit AS h
    LEFT JOIN known AS k
        ON k.indicator_id = h.indicator_id
        AND k.entity_kind = h.entity_kind
        AND k.entity_id = h.entity_id
        AND k.period = h.period
    LEFT JOIN latest_review AS v
        ON v.indicator_id = h.indicator_id AND v.entity_id = h.entity_id AND v.period = h.period
)
SELECT
    j.indicator_id,
    j.entity_kind,
    j.entity_id,
    j.period,
    j.city_code,
    j.org_id,
    j.platform_id,
    j.value,
    j.threshold,
    j.population,
    j.amount_at_risk_fen,
    j.strength,
    j.evidence,
    j.evidence_count,
    j.rule_ref,
    COALESCE(j.first_seen_on, r.as_of) AS first_seen_on,
    CASE WHEN j.first_seen_on IS NULL THEN 'new' ELSE 'continuing' END AS status,
    j.peers,
    j.expected_false_alarms,
    COALESCE(j.verdict = 'cleared' AND j.reviewed_evidence = j.evidence_hash, FALSE) AS suppressed,
    j.review_id,
    j.verdict AS review_verdict,
    j.reviewed_on,
    j.note AS review_note,
    j.evidence_hash,
    j.reviewed_evidence,
    j.method_version,
    j.policy_hash
FROM judged AS j
CROSS JOIN run_context AS r
UNION ALL
SELECT
    p.indicator_id,
    p.entity_kind,
    p.entity_id,
    p.period,
    p.city_code,
    p.org_id,
    p.platform_id,
    p.value,
    p.threshold,
    p.population,
    0 AS amount_at_risk_fen,
    p.strength,
    p.evidence,
    p.evidence_count,
    p.rule_ref,
    p.first_seen_on,
    'cleared' AS status,
    p.peers,
    p.expected_false_alarms,
    FALSE AS suppressed,
    p.review_id,
    p.review_verdict,
    p.reviewed_on,
    p.review_note,
    p.evidence_hash,
    p.reviewed_evidence,
    p.method_version,
    p.policy_hash
FROM previous_hits AS p
LEFT ANTI JOIN all_indicator_hits AS h
    ON h.indicator_id = p.indicator_id
    AND h.entity_kind = p.entity_kind
    AND h.entity_id = p.entity_id
    AND h.period = p.period
WHERE p.status <> 'cleared'
