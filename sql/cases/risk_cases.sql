/*
title_zh = "线索案卷"
title_en = "Cases: leads by organisation and quarter"
description_zh = """
每家机构每季度有一条及以上指标命中的，列一个案卷。疑点线索，需核查，非认定结论：案卷是一组待核查的线索，不是认定；\
得分只表示查看的先后顺序，别无他意。一条线索归属于其所涉班级、补贴申领或学习记录的每一家机构，计入开班日期所在季度，\
因此一条线索可列入多个案卷，各案卷不可相加。同一指标只计一次，取其在案卷内最强的线索：得分＝1－Π（1－w），硬性指标w＝0.6，\
较强指标w＝0.3，提示指标w＝0.1，提示指标合计不超过0.3（政策参数case_weight_*、case_weak_cap）。\
涉及金额为本案卷所列班级中线索所涉已发放和已审核的补贴申领，每笔只计一次。人数在案卷内去重。"""
description_en = """
One case per organisation and quarter with at least one indicator hit. 疑点线索，需核查，非认定结论: a case is a stack of leads to be checked, not a \
finding, and its score says in which order to look, nothing else. A hit belongs to every organisation whose class, claim or log it \
concerns, in the quarter of the class start, so one hit may stand in several cases and cases do not add up. Each distinct indicator counts \
once, with its strongest hit of the case: score = 1 − Π(1 − w), w = 0.6 for hard, 0.3 for strong, 0.1 for context indicators, the latter \
together at most 0.3 (policy parameters case_weight_*, case_weak_cap). At risk are the paid and approved claims behind the hits, of the \
classes of the case, each once. Persons are de-duplicated within the case."""
audience = "restricted"
grain = ["org_id", "quarter"]
order = ["rank", "org_id", "quarter"]
sources = ["notice 三（三）"]
policy = ["case_weight_hard", "case_weight_strong", "case_weight_weak", "case_weak_cap"]

[trace]
table = "indicator_hits"
where = "indicator_id || '|' || entity_kind || '|' || entity_id || '|' || period IN (SELECT indicator_id || '|' || entity_kind || '|' || entity_id || '|' || period FROM hit_organisations WHERE org_id = {org_id} AND quarter = {quarter}) AND status <> 'cleared'"

[[columns]]
name = "org_id"
type = "text"
unit = ""
zh = "机构代码"
en = "organisation of the case"

[[columns]]
name = "quarter"
type = "text"
unit = ""
zh = "季度"
en = "quarter of the class start, or of the hit's own period where it has no class, YYYY-Qn"

[[columns]]
name = "org_name"
type = "text"
unit = ""
zh = "机构名称"
en = "registered name, the first by alphabet where there are several; empty if not on record"

[[columns]]
name = "city_code"
type = "text"
unit = ""
zh = "行政区划代码"
en = "city of the register, else of its classes"

[[columns]]
name = "city_name"
type = "text"
unit = ""
zh = "市"
en = "name of the city; empty outside the province"

[[columns]]
name = "score"
type = "float"
unit = ""
zh = "案卷得分"
en = "1 − Π(1 − w) over the distinct indicators, 0 to 1; says in which order to look"

[[columns]]
name = "hard"
type = "int"
unit = "indicators"
zh = "硬性指标数"
en = "distinct indicators whose strongest hit in the case is H"

[[columns]]
name = "strong"
type = "int"
unit = "indicators"
zh = "较强指标数"
en = "distinct indicators whose strongest hit in the case is S"

[[columns]]
name = "weak"
type = "int"
unit = "indicators"
zh = "提示指标数"
en = "distinct indicators with W hits only"

[[columns]]
name = "indicators"
type = "text_list"
unit = ""
zh = "指标"
en = "identifiers of the indicators, hard ones first"

[[columns]]
name = "hits"
type = "int"
unit = "hits"
zh = "线索数"
en = "hits of the case"

[[columns]]
name = "persons"
type = "int"
unit = "人"
zh = "人数"
en = "distinct persons of the enrolments behind the hits in the case's classes"

[[columns]]
name = "amount_at_risk_fen"
type = "int"
unit = "fen"
zh = "涉及金额"
en = "paid and approved claims behind the hits in the case's classes, each once"

[[columns]]
name = "rank"
type = "int"
unit = ""
zh = "排名"
en = "1 for the highest score; equal scores by hard, then strong indicators, then amount; equal in all share a rank"

[[tests]]
kind = "not_null"
columns = ["org_id", "quarter", "score", "hard", "strong", "weak", "persons", "amount_at_risk_fen", "rank"]
severity = "error"

[[tests]]
kind = "range"
columns = ["score"]
least = 0
most = 1
severity = "error"

[[tests]]
kind = "range"
columns = ["hard", "strong", "weak", "persons", "amount_at_risk_fen"]
least = 0
severity = "error"

[[tests]]
kind = "range"
columns = ["hits", "rank"]
least = 1
severity = "error"

[[tests]]
kind = "relation"
column = "org_id"
table = "organizations"
severity = "warn"
title = "organisations of the cases are on record"

[[tests]]
kind = "change"
measure = "rows"
least = -0.5
most = 1.0
ignore_below = 50
severity = "warn"
title = "cases do not double or halve from one release to the next"
*/
WITH
strongest AS (
    SELECT
        org_id,
        quarter,
        indicator_id,
        MAX(CASE strength WHEN 'H' THEN 3 WHEN 'S' THEN 2 ELSE 1 END) AS weight_class,
        CAST(COUNT(*) AS BIGINT) AS hits
    FROM hit_organisations
    GROUP BY org_id, quarter, indicator_id
),
counted AS (
    SELECT
        org_id,
        quarter,
        CAST(SUM(CASE WHEN weight_class = 3 THEN 1 ELSE 0 END) AS BIGINT) AS hard,
        CAST(SUM(CASE WHEN weight_class = 2 THEN 1 ELSE 0 END) AS BIGINT) AS strong,
        CAST(SUM(CASE WHEN weight_class = 1 THEN 1 ELSE 0 END) AS BIGINT) AS weak,
        SUM(hits) AS hits,
        ARRAY_AGG(indicator_id ORDER BY -weight_class, indicator_id) AS indicators
    FROM strongest
    GROUP BY org_id, quarter
),
weight AS (
    SELECT
        MAX(CASE WHEN p.parameter = 'case_weight_hard' THEN 1.0 - p.value END) AS left_hard,
        MAX(CASE WHEN p.parameter = 'case_weight_strong' THEN 1.0 - p.value END) AS left_strong,
        MAX(CASE WHEN p.parameter = 'case_weight_weak' THEN 1.0 - p.value END) AS left_weak,
        MAX(CASE WHEN p.parameter = 'case_weak_cap' THEN 1.0 - p.value END) AS left_weak_least
    FROM policy AS p
    CROSS JOIN run_context AS r
    WHERE p.city_code = '370000' AND r.as_of >= p.valid_from AND r.as_of <= p.valid_until
),
-- What the indicators leave of certainty: the product of (1 − w) by strength.
remaining AS (
    SELECT
        c.org_id,
        c.quarter,
        POW(w.left_hard, c.hard) AS left_hard,
        POW(w.left_strong, c.strong) AS left_strong,
        POW(w.left_weak, c.weak) AS left_weak,
        w.left_weak_least
    FROM counted AS c
    CROSS JOIN weight AS w
),
scored AS (
    SELECT
        org_id,
        quarter,
        CAST(ROUND(1000000 - 1000000 * left_hard * left_strong * GREATEST(left_weak, left_weak_least), 0) AS BIGINT) AS score_e6
    FROM remaining
),
-- Enrolments behind the hits, in the cases of their own class and of the organisation that is itself the subject.
case_enrolment AS (
    SELECT p.org_id, p.quarter, c.enrolment_id, c.claim_id
    FROM hit_enrolments AS c
    INNER JOIN enrolment_organisation AS p ON p.enrolment_id = c.enrolment_id
    UNION
    SELECT s.org_id, s.quarter, c.enrolment_id, c.claim_id
    FROM hit_organisations AS s
    INNER JOIN hit_enrolments AS c
        ON c.indicator_id = s.indicator_id
        AND c.entity_kind = s.entity_kind
        AND c.entity_id = s.entity_id
        AND c.period = s.period
    INNER JOIN enrolments AS e ON e.enrolment_id = c.enrolment_id
    INNER JOIN classes AS k ON k.class_id = e.class_id
    WHERE NOT s.by_class AND (s.period <> '' OR k.start_quarter = s.quarter)
),
case_person AS (
    SELECT n.org_id, n.quarter, CAST(COUNT(DISTINCT e.person_key) AS BIGINT) AS persons, MIN(k.city_code) AS city_code
    FROM case_enrolment AS n
    INNER JOIN enrolments AS e ON e.enrolment_id = n.enrolment_id
    INNER JOIN classes AS k ON k.class_id = e.class_id
    GROUP BY n.org_id, n.quarter
),
case_claim AS (
    SELECT DISTINCT n.org_id, n.quarter, c.claim_id, c.amount_fen
    FROM case_enrolment AS n
    INNER JOIN claims AS c ON c.enrolment_id = n.enrolment_id
    INNER JOIN elapsed_days AS d ON d.day = c.claimed_on
    WHERE c.status IN ('paid', 'approved') AND (n.claim_id = '' OR n.claim_id = c.claim_id)
),
case_risk AS (
    SELECT org_id, quarter, SUM(amount_fen) AS amount_at_risk_fen FROM case_claim GROUP BY org_id, quarter
),
body AS (
    SELECT org_id, MIN(city_code) AS city_code, MIN(org_name) AS org_name FROM organizations GROUP BY org_id
),
complete AS (
    SELECT
        s.org_id,
        s.quarter,
        b.org_name,
        COALESCE(b.city_code, p.city_code) AS city_code,
        s.score_e6,
        n.hard,
        n.strong,
        n.weak,
        n.indicators,
        n.hits,
        COALESCE(p.persons, 0) AS persons,
        COALESCE(x.amount_at_risk_fen, 0) AS amount_at_risk_fen,
        -s.score_e6 AS minus_score,
        -n.hard AS minus_hard,
        -n.strong AS minus_strong,
        -COALESCE(x.amount_at_risk_fen, 0) AS minus_fen
    FROM scored AS s
    INNER JOIN counted AS n ON n.org_id = s.org_id AND n.quarter = s.quarter
    LEFT JOIN body AS b ON b.org_id = s.org_id
    LEFT JOIN case_person AS p ON p.org_id = s.org_id AND p.quarter = s.quarter
    LEFT JOIN case_risk AS x ON x.org_id = s.org_id AND x.quarter = s.quarter
)
SELECT
    c.org_id,
    c.quarter,
    c.org_name,
    c.city_code,
    a.city_name,
    ROUND(c.score_e6 / 1000000.0, 6) AS score,
    CAST(c.hard AS BIGINT) AS hard,
    CAST(c.strong AS BIGINT) AS strong,
    CAST(c.weak AS BIGINT) AS weak,
    c.indicators,
    CAST(c.hits AS BIGINT) AS hits,
    CAST(c.persons AS BIGINT) AS persons,
    CAST(c.amount_at_risk_fen AS BIGINT) AS amount_at_risk_fen,
    CAST(RANK() OVER (ORDER BY c.minus_score, c.minus_hard, c.minus_strong, c.minus_fen) AS BIGINT) AS rank
FROM complete AS c
LEFT JOIN cities AS a ON a.city_code = c.city_code
