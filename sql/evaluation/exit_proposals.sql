/*
title_zh = "线上平台退出机制办理建议"
title_en = "Proposals for the exit of online platforms"
description_zh = """
有退出事由的线上平台及其办理进度。首次出现事由的发布版为预警；平台有30日整改期；该日当天或之后的首个发布版重新评价，\
自预警以来未间断的事由，提出退出建议；连续两个考察期均为僵尸平台的，即时提出退出建议。此后为5个工作日异议期（周一至周五，\
未扣除法定节假日），再由市决定。某一发布版中不再出现的事由视为已整改，再次出现时重新预警；没有事由的平台不列。\
决定取自认定数据（findings）：退出建议提出之后对该平台作出的首条类型为“其他”（other）或“备案失效”（filing_lost）的认定，\
不论是否予以认定。该决定所涵盖的事由，在其存续期间均为已作决定；此后新出现的事由另行办理。本程序只提出建议，不作决定。"""
description_en = """
Platforms with a ground of exit, and where their case stands. The first release with a ground is the warning; the platform has 30 days to \
rectify; the first release on or after that day scores it again, and a ground that has stood without a break since its warning is \
proposed; a zombie in two consecutive spans is proposed at once. Then 5 working days for objections (Monday to Friday, public holidays not \
known), and the city decides. A ground that is gone in a release is rectified, and warned anew when it returns; a platform without grounds \
has no row. The decision is read from findings: the first of kind other or filing_lost on the platform decided after the proposal, \
confirmed or not. Grounds it covers stay decided for as long as they stand; later ones open a new case. The program proposes and never \
decides."""
audience = "internal"
grain = ["as_of", "platform_id"]
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
name = "grounds"
type = "text_list"
unit = ""
zh = "退出事由"
en = "grounds that stand on the as-of date: zombie, stale, weak_supervision, below_standard, veto"

[[columns]]
name = "stage"
type = "text"
unit = ""
zh = "办理阶段"
en = "warning, rectify, proposal (until the city decides) or decided"

[[columns]]
name = "step"
type = "text"
unit = ""
zh = "办理环节"
en = "finer than the stage: warning, rectify, proposal, objection (days for objections run), decision (they are over, the city decides), decided"

[[columns]]
name = "stage_since"
type = "date"
unit = ""
zh = "阶段起始日"
en = "as-of day of the first release in this stage; of decided the day of the decision"

[[columns]]
name = "next_date"
type = "date"
unit = ""
zh = "下一步日期"
en = "of a warning the day of the new score, of a proposal the last day for objections; empty when only the city's decision is to come"

[[columns]]
name = "first_seen_on"
type = "date"
unit = ""
zh = "首次发现日期"
en = "as-of day of the release in which the platform first had a ground, without a break since"

[[columns]]
name = "zombie_since"
type = "date"
unit = ""
zh = "僵尸平台自"
en = "as-of day of the release since which the ground zombie stands without a break; empty when it does not stand"

[[columns]]
name = "stale_since"
type = "date"
unit = ""
zh = "课程长期不更新自"
en = "as-of day of the release since which the ground stale stands without a break; empty when it does not stand"

[[columns]]
name = "weak_supervision_since"
type = "date"
unit = ""
zh = "过程监管不力自"
en = "as-of day of the release since which the ground weak_supervision stands without a break; empty when it does not stand"

[[columns]]
name = "below_standard_since"
type = "date"
unit = ""
zh = "综合评价不达标自"
en = "as-of day of the release since which the ground below_standard stands without a break; empty when it does not stand"

[[columns]]
name = "veto_since"
type = "date"
unit = ""
zh = "一票否决自"
en = "as-of day of the release since which the ground veto stands without a break; empty when it does not stand"

[[columns]]
name = "proposed_on"
type = "date"
unit = ""
zh = "建议退出日期"
en = "as-of day of the proposal that stands; empty without one"

[[columns]]
name = "decided_on"
type = "date"
unit = ""
zh = "决定日期"
en = "day of the city's last decision on a proposal; empty without one"

[[columns]]
name = "decision"
type = "text"
unit = ""
zh = "决定结果"
en = "confirmed or not_confirmed by that finding"

[[columns]]
name = "decision_finding_id"
type = "text"
unit = ""
zh = "认定编号"
en = "the finding that holds the decision"

[[columns]]
name = "evidence"
type = "text_list"
unit = ""
zh = "证据记录"
en = "feed:record key of the grounds in turn, most telling first, at most 100"

[[columns]]
name = "evidence_count"
type = "int"
unit = "records"
zh = "证据记录数"
en = "evidence records in all"

[[tests]]
kind = "not_null"
columns = ["as_of", "platform_id", "grounds", "stage", "step", "stage_since", "first_seen_on"]
severity = "error"

[[tests]]
kind = "accepted_values"
column = "stage"
values = ["warning", "rectify", "proposal", "decided"]
severity = "error"

[[tests]]
kind = "accepted_values"
column = "step"
values = ["warning", "rectify", "proposal", "objection", "decision", "decided"]
severity = "error"

[[tests]]
kind = "relation"
column = "platform_id"
table = "organizations"
to = "org_id"
severity = "error"
*/
WITH
ground AS (
    SELECT
        platform_id,
        MAX(CASE WHEN ground = 'zombie' THEN 1 ELSE 0 END) AS is_zombie,
        MAX(CASE WHEN ground = 'stale' THEN 1 ELSE 0 END) AS is_stale,
        MAX(CASE WHEN ground = 'weak_supervision' THEN 1 ELSE 0 END) AS is_weak_supervision,
        MAX(CASE WHEN ground = 'below_standard' THEN 1 ELSE 0 END) AS is_below_standard,
        MAX(CASE WHEN ground = 'veto' THEN 1 ELSE 0 END) AS is_veto,
        MAX(CASE WHEN ground = 'zombie' AND consecutive THEN 1 ELSE 0 END) AS is_consecutive
    FROM exit_tests
    GROUP BY platform_id
),
-- The last earlier release, carried on for as long as grounds stand.
since AS (
    SELECT
        n.platform_id,
        r.as_of,
        n.is_consecutive,
        COALESCE(p.first_seen_on, r.as_of) AS first_seen_on,
        CASE WHEN n.is_zombie = 1 THEN COALESCE(p.zombie_since, r.as_of) END AS zombie_since,
        CASE WHEN n.is_stale = 1 THEN COALESCE(p.stale_since, r.as_of) END AS stale_since,
        CASE WHEN n.is_weak_supervision = 1 THEN COALESCE(p.weak_supervision_since, r.as_of) END AS weak_supervision_since,
        CASE WHEN n.is_below_standard = 1 THEN COALESCE(p.below_standard_since, r.as_of) END AS below_standard_since,
        CASE WHEN n.is_veto = 1 THEN COALESCE(p.veto_since, r.as_of) END AS veto_since,
        p.stage AS previous_stage,
        p.stage_since AS previous_stage_since,
        p.proposed_on AS previous_proposed_on,
        p.decided_on AS previous_decided_on,
        p.decision AS previous_decision,
        p.decision_finding_id AS previous_finding_id
    FROM ground AS n
    CROSS JOIN run_context AS r
    LEFT JOIN previous_exit_proposals AS p ON p.platform_id = n.platform_id
),
-- Grounds that no decision covers yet.
open_ground AS (
    SELECT
        s.platform_id,
        s.as_of,
        s.is_consecutive,
        s.first_seen_on,
        s.zombie_since,
        s.stale_since,
        s.weak_supervision_since,
        s.below_standard_since,
        s.veto_since,
        s.previous_stage,
        s.previous_stage_since,
        s.previous_decided_on,
        s.previous_decision,
        s.previous_finding_id,
        CASE
            WHEN s.previous_decided_on IS NULL OR s.previous_proposed_on > s.previous_decided_on THEN s.previous_proposed_on
        END AS carried_on,
        CASE
            WHEN s.previous_decided_on IS NULL OR s.zombie_since > s.previous_decided_on THEN s.zombie_since
        END AS open_zombie_since,
        LEAST(
            CASE WHEN s.previous_decided_on IS NULL OR s.zombie_since > s.previous_decided_on THEN s.zombie_since END,
            CASE WHEN s.previous_decided_on IS NULL OR s.stale_since > s.previous_decided_on THEN s.stale_since END,
            CASE WHEN s.previous_decided_on IS NULL OR s.weak_supervision_since > s.previous_decided_on THEN s.weak_supervision_since END,
            CASE WHEN s.previous_decided_on IS NULL OR s.below_standard_since > s.previous_decided_on THEN s.below_standard_since END,
            CASE WHEN s.previous_decided_on IS NULL OR s.veto_since > s.previous_decided_on THEN s.veto_since END
        ) AS warned_on
    FROM since AS s
),
proposed AS (
    SELECT
        g.platform_id,
        CASE
            WHEN g.warned_on <= u.warned_by OR (g.is_consecutive = 1 AND g.open_zombie_since IS NOT NULL)
                THEN COALESCE(g.carried_on, g.as_of)
        END AS proposed_on
    FROM open_ground AS g
    CROSS JOIN evaluation_rules AS u
),
decision AS (
    SELECT
        p.platform_id,
        f.finding_id,
        f.decided_on,
        f.confirmed,
        ROW_NUMBER() OVER (PARTITION BY p.platform_id ORDER BY f.decided_on, f.finding_id) AS place
    FROM proposed AS p
    INNER JOIN findings AS f ON f.org_id = p.platform_id
    CROSS JOIN run_context AS r
    WHERE f.kind IN ('other', 'filing_lost') AND f.decided_on > p.proposed_on AND f.decided_on <= r.as_of
),
first_decision AS (
    SELECT platform_id, finding_id, decided_on, confirmed FROM decision WHERE place = 1
),
staged AS (
    SELECT
        g.platform_id,
        g.as_of,
        g.first_seen_on,
        g.zombie_since,
        g.stale_since,
        g.weak_supervision_since,
        g.below_standard_since,
        g.veto_since,
        g.previous_stage,
        g.previous_stage_since,
        g.warned_on,
        p.proposed_on,
        CASE
            WHEN g.warned_on IS NULL OR d.finding_id IS NOT NULL THEN 'decided'
            WHEN p.proposed_on IS NOT NULL THEN 'proposal'
            WHEN g.warned_on = g.as_of THEN 'warning'
            ELSE 'rectify'
        END AS stage,
        COALESCE(d.decided_on, g.previous_decided_on) AS decided_on,
        CASE
            WHEN d.finding_id IS NULL THEN g.previous_decision
            WHEN d.confirmed THEN 'confirmed'
            ELSE 'not_confirmed'
        END AS decision,
        COALESCE(d.finding_id, g.previous_finding_id) AS decision_finding_id
    FROM open_ground AS g
    INNER JOIN proposed AS p ON p.platform_id = g.platform_id
    LEFT JOIN first_decision AS d ON d.platform_id = g.platform_id
),
working_day AS (
    SELECT day, working_days * 1000000 AS number_e6 FROM numbered_days WHERE is_working_day
),
numbered AS (
    SELECT
        s.platform_id,
        a.day_number * 1000000 + u.rectify_days_e6 AS rescored_e6,
        b.working_days * 1000000 + u.objection_days_e6 AS objections_e6
    FROM staged AS s
    CROSS JOIN evaluation_rules AS u
    LEFT JOIN numbered_days AS a ON a.day = s.warned_on
    LEFT JOIN numbered_days AS b ON b.day = s.proposed_on
),
calendar_day AS (
    SELECT day, day_number * 1000000 AS number_e6 FROM numbered_days
),
dated AS (
    SELECT
        s.platform_id,
        s.as_of,
        s.first_seen_on,
        s.zombie_since,
        s.stale_since,
        s.weak_supervision_since,
        s.below_standard_since,
        s.veto_since,
        s.previous_stage,
        s.previous_stage_since,
        s.proposed_on,
        s.stage,
        s.decided_on,
        s.decision,
        s.decision_finding_id,
        w.day AS rescored_on,
        o.day AS objections_until
    FROM staged AS s
    INNER JOIN numbered AS n ON n.platform_id = s.platform_id
    LEFT JOIN calendar_day AS w ON w.number_e6 = n.rescored_e6
    LEFT JOIN working_day AS o ON o.number_e6 = n.objections_e6
),
first_record AS (
    SELECT
        platform_id,
        record,
        MIN(
            CASE ground
                WHEN 'zombie' THEN 1
                WHEN 'stale' THEN 2
                WHEN 'weak_supervision' THEN 3
                WHEN 'below_standard' THEN 4
                ELSE 5
            END * 1000000000 + place
        ) AS place
    FROM exit_evidence
    GROUP BY platform_id, record
),
evidence AS (
    SELECT platform_id, ARRAY_AGG(record ORDER BY place, record LIMIT 100) AS evidence, COUNT(*) AS evidence_count
    FROM first_record
    GROUP BY platform_id
),
ground_name AS (
    SELECT DISTINCT
        platform_id,
        ground,
        CASE ground
            WHEN 'zombie' THEN 1
            WHEN 'stale' THEN 2
            WHEN 'weak_supervision' THEN 3
            WHEN 'below_standard' THEN 4
            ELSE 5
        END AS place
    FROM exit_tests
),
named AS (
    SELECT platform_id, ARRAY_AGG(ground ORDER BY place) AS grounds FROM ground_name GROUP BY platform_id
)
SELECT
    d.as_of,
    d.platform_id,
    u.platform_name,
    n.grounds,
    d.stage,
    CASE
        WHEN d.stage <> 'proposal' OR d.proposed_on = d.as_of THEN d.stage
        WHEN d.as_of <= d.objections_until THEN 'objection'
        ELSE 'decision'
    END AS step,
    CASE
        WHEN d.stage = 'decided' THEN d.decided_on
        WHEN d.stage = 'proposal' THEN d.proposed_on
        WHEN d.stage = d.previous_stage THEN d.previous_stage_since
        ELSE d.as_of
    END AS stage_since,
    CASE
        WHEN d.stage = 'proposal' AND d.as_of <= d.objections_until THEN d.objections_until
        WHEN d.stage IN ('warning', 'rectify') THEN d.rescored_on
    END AS next_date,
    d.first_seen_on,
    d.zombie_since,
    d.stale_since,
    d.weak_supervision_since,
    d.below_standard_since,
    d.veto_since,
    d.proposed_on,
    d.decided_on,
    d.decision,
    d.decision_finding_id,
    e.evidence,
    COALESCE(e.evidence_count, 0) AS evidence_count
FROM dated AS d
INNER JOIN platform_units AS u ON u.platform_id = d.platform_id
INNER JOIN named AS n ON n.platform_id = d.platform_id
LEFT JOIN evidence AS e ON e.platform_id = d.platform_id
