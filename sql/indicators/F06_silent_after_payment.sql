/*
title_zh = "领款即停"
title_en = "Silence after the money"
description_zh = """
提示：培训机构一个季度的回访中，找不到人或本人称未参训的，多于该市的比率（见f06_silent_callback；精确二项检验，\
错误发现率silent_callback_q）。较强：一个平台按发放季度，其学员的平台补贴已发放，\
而从未开始线下部分的占比超过offline_never_begun_share：截至统计基准日，在该职业该等级的任一班级均无考勤。\
所计为有线下部分的报名（线上线下班级，或有计划或记录的线下课时），发放日期早于统计基准日至少offline_grace_days天，\
达到silent_group_minimum个起检验。涉及金额按回访落空的报名，或从未开始线下的报名计算。回访的同类为构成该比率的其他机构；\
预期误报数最多为当夜全部显著检验的silent_callback_q。线下部分按规则判断，两者均无。"""
description_en = """
Context: a training organisation whose call-backs in a quarter found nobody, or persons who say that they did not attend, more often than \
the rate of the city (see f06_silent_callback; exact binomial with false discovery rate silent_callback_q). Strong: a platform, by quarter \
of payment, for whose learners a platform share was paid and of whom more than offline_never_begun_share never began the offline part: no \
attendance in any class of the occupation and level up to the as-of day. Counted are enrolments with an offline part (blended class, or \
offline hours planned or recorded), from silent_group_minimum on, paid at least offline_grace_days days before the as-of day. At risk are \
the enrolments called in vain, or never begun. Peers, of call-backs, are the other organisations whose calls make the rate; false alarms expected by \
chance are at most silent_callback_q of all tests found significant in the run. The offline part is held against a rule, without either."""
audience = "intermediate"
grain = ["entity_kind", "entity_id", "period"]
sources = ["notice 三（一）", "notice 三（三）"]
policy = ["silent_callback_q", "silent_group_minimum", "offline_never_begun_share", "offline_grace_days"]

[indicator]
id = "F06"
key = "silent_after_payment"
names_enrolments = true
statistical = true
title_zh = "领款即停"
title_en = "Silence after the money"
scheme_zh = "补贴一发放，学员即不见踪影：回访无人应答，平台补贴之后的线下部分从未开始"
scheme = "learners exist until the money is paid: nobody answers afterwards, and the offline part that follows the platform's share never begins"
strength = "W/S"
grain_zh = "机构×季度"
grain = "org × quarter"
threshold_zh = "至少silent_group_minimum（30）次回访或30个报名：回访未接通或否认参训高于该市比率，精确二项检验q小于silent_callback_q（0.05）：提示，按培训机构；平台补贴发放后线下部分从未开始的占比超过offline_never_begun_share（0.6）：较强，按平台"
threshold = "at least silent_group_minimum (30): call-backs not reached or not attended above the city's rate, exact binomial with q < silent_callback_q (0.05): W, by training organisation; offline part never begun by more than offline_never_begun_share (0.6) after the platform share was paid: S, by platform"
policy_reference = "鲁人社字〔2020〕72号 三（一）20%与80%分段补贴; default"
false_positives_zh = "更换的电话号码；骚扰拦截；尚未开始或由另一市登记的线下部分；未上传的考勤"
false_positives = "phone numbers that changed; spam filters; an offline part that has not begun yet or that another city records; attendance that is not uploaded"
ask_for_zh = "通话录音、被回访者名单及号码，以及线下部分的计划和承办机构"
ask_for = "recordings of the calls, the list of those called with their numbers, and the plan of the offline part with its school"
*/
WITH
callback_hit AS (
    SELECT
        s.org_id,
        s.quarter,
        s.city_code,
        s.silent / CAST(s.calls AS DOUBLE) AS value,
        s.rate AS threshold,
        s.peers,
        p.value_e6 AS q_e6,
        p.citation
    FROM f06_silent_callback AS s
    CROSS JOIN run_context AS r
    CROSS JOIN policy AS p
    WHERE p.parameter = 'silent_callback_q'
      AND p.city_code = '370000'
      AND r.as_of >= p.valid_from
      AND r.as_of <= p.valid_until
      AND s.q_value * 1000000 < p.value_e6
),
significant AS (
    SELECT COUNT(*) AS tests FROM callback_hit
),
callback AS (
    SELECT f.feedback_id, f.enrolment_id, f.occurred_quarter AS quarter, COALESCE(k.org_id, f.org_id) AS org_id, k.platform_id
    FROM feedback AS f
    INNER JOIN elapsed_days AS d ON d.day = f.occurred_on
    LEFT JOIN enrolments AS e ON e.enrolment_id = f.enrolment_id
    LEFT JOIN classes AS k ON k.class_id = e.class_id
    WHERE f.kind = 'callback' AND f.value < 1
),
-- Learners for whom a platform share was paid, once per quarter of payment.
paid AS (
    SELECT
        k.platform_id,
        c.paid_quarter AS quarter,
        e.enrolment_id,
        e.person_key,
        k.org_id,
        k.occupation_code,
        k.skill_level,
        MIN(c.city_code) AS city_code,
        MIN(p.days_ago) AS days_ago,
        MIN(c.paid_on) AS paid_on,
        MIN(c.claim_id) AS claim_id
    FROM claims AS c
    INNER JOIN elapsed_days AS d ON d.day = c.claimed_on
    INNER JOIN elapsed_days AS p ON p.day = c.paid_on
    INNER JOIN enrolments AS e ON e.enrolment_id = c.enrolment_id
    INNER JOIN classes AS k ON k.class_id = e.class_id
    WHERE c.kind = 'platform_share'
      AND c.status = 'paid'
      AND k.platform_id IS NOT NULL
      AND (k.mode = 'blended' OR k.planned_offline_seconds > 0 OR e.offline_seconds > 0)
    GROUP BY k.platform_id, c.paid_quarter, e.enrolment_id, e.person_key, k.org_id, k.occupation_code, k.skill_level
),
begun AS (
    SELECT DISTINCT a.person_key, k.occupation_code, k.skill_level
    FROM attendance AS a
    INNER JOIN elapsed_days AS d ON d.day = a.session_on
    INNER JOIN classes AS k ON k.class_id = a.class_id
),
area AS (
    SELECT p.enrolment_id, p.quarter, COALESCE(a.city_code, '370000') AS policy_city_code
    FROM paid AS p
    LEFT JOIN cities AS a ON a.city_code = p.city_code
),
followed AS (
    SELECT
        p.platform_id,
        p.quarter,
        p.enrolment_id,
        p.org_id,
        p.city_code,
        p.claim_id,
        CASE WHEN b.person_key IS NULL THEN 1 ELSE 0 END AS never,
        n.value_e6 AS least_e6,
        s.value_e6 AS share_e6,
        s.value AS share,
        s.citation
    FROM paid AS p
    INNER JOIN area AS a ON a.enrolment_id = p.enrolment_id AND a.quarter = p.quarter
    INNER JOIN policy AS g ON g.city_code = a.policy_city_code
    INNER JOIN policy AS n ON n.city_code = a.policy_city_code
    INNER JOIN policy AS s ON s.city_code = a.policy_city_code
    LEFT JOIN begun AS b
        ON b.person_key = p.person_key AND b.occupation_code = p.occupation_code AND b.skill_level = p.skill_level
    WHERE g.parameter = 'offline_grace_days'
      AND p.paid_on >= g.valid_from
      AND p.paid_on <= g.valid_until
      AND p.days_ago * 1000000 >= g.value_e6
      AND n.parameter = 'silent_group_minimum'
      AND p.paid_on >= n.valid_from
      AND p.paid_on <= n.valid_until
      AND s.parameter = 'offline_never_begun_share'
      AND p.paid_on >= s.valid_from
      AND p.paid_on <= s.valid_until
),
platform_quarter AS (
    SELECT
        platform_id,
        quarter,
        CAST(COUNT(*) AS BIGINT) AS learners,
        CAST(SUM(never) AS BIGINT) AS never,
        MIN(city_code) AS city_code,
        MIN(org_id) AS org_id,
        MAX(least_e6) AS least_e6,
        MAX(share_e6) AS share_e6,
        MAX(share) AS share,
        MIN(citation) AS citation
    FROM followed
    GROUP BY platform_id, quarter
),
platform_tested AS (
    SELECT platform_id, quarter, learners, never, city_code, org_id, share_e6, share, citation
    FROM platform_quarter
    WHERE learners * 1000000 >= least_e6
),
platform_hit AS (
    SELECT platform_id, quarter, city_code, org_id, never / CAST(learners AS DOUBLE) AS value, share AS threshold, citation
    FROM platform_tested
    WHERE never * 1000000 > share_e6 * learners
),
tested AS (
    SELECT CAST(COALESCE(SUM(o.unit), 0) AS BIGINT) AS population
    FROM (
        SELECT org_id AS entity_id, quarter, 1 AS unit FROM f06_silent_callback
        UNION ALL
        SELECT platform_id AS entity_id, quarter, 1 AS unit FROM platform_tested
    ) AS o
),
hit AS (
    SELECT
        'org' AS entity_kind,
        h.org_id AS entity_id,
        h.quarter,
        h.city_code,
        h.org_id,
        CAST(NULL AS VARCHAR) AS platform_id,
        h.value,
        h.threshold,
        'W' AS strength,
        '回访失联高于当地水平：' || h.citation AS rule_ref,
        h.peers,
        h.q_e6 * g.tests / 1000000 AS expected_false_alarms
    FROM callback_hit AS h
    CROSS JOIN significant AS g
    UNION ALL
    SELECT
        'platform' AS entity_kind,
        h.platform_id AS entity_id,
        h.quarter,
        h.city_code,
        h.org_id,
        h.platform_id,
        h.value,
        h.threshold,
        'S' AS strength,
        '平台补贴发放后线下从未开始：' || h.citation AS rule_ref,
        CAST(NULL AS BIGINT) AS peers,
        CAST(NULL AS DOUBLE) AS expected_false_alarms
    FROM platform_hit AS h
),
record AS (
    SELECT 'org' AS entity_kind, h.org_id AS entity_id, h.quarter, 'feedback:' || c.feedback_id AS record, c.enrolment_id
    FROM callback_hit AS h
    INNER JOIN callback AS c ON c.org_id = h.org_id AND c.quarter = h.quarter
    UNION ALL
    SELECT 'platform' AS entity_kind, h.platform_id AS entity_id, h.quarter, 'claims:' || f.claim_id AS record, f.enrolment_id
    FROM platform_hit AS h
    INNER JOIN followed AS f ON f.platform_id = h.platform_id AND f.quarter = h.quarter
    WHERE f.never = 1
),
evidence AS (
    SELECT
        entity_kind,
        entity_id,
        quarter,
        ARRAY_AGG(record ORDER BY record LIMIT 100) AS evidence,
        CAST(COUNT(*) AS BIGINT) AS evidence_count
    FROM record
    GROUP BY entity_kind, entity_id, quarter
),
concerned AS (
    SELECT DISTINCT entity_kind, entity_id, quarter, enrolment_id FROM record WHERE enrolment_id IS NOT NULL
),
risk AS (
    SELECT
        c.entity_kind,
        c.entity_id,
        c.quarter,
        SUM(x.at_risk_fen) AS amount_at_risk_fen,
        ARRAY_AGG(c.enrolment_id ORDER BY c.enrolment_id) AS enrolments
    FROM concerned AS c
    LEFT JOIN enrolment_risk AS x ON x.enrolment_id = c.enrolment_id
    GROUP BY c.entity_kind, c.entity_id, c.quarter
)
SELECT
    h.entity_kind,
    h.entity_id,
    h.quarter AS period,
    h.city_code,
    h.org_id,
    h.platform_id,
    h.value,
    h.threshold,
    t.population,
    COALESCE(x.amount_at_risk_fen, 0) AS amount_at_risk_fen,
    x.enrolments,
    h.strength,
    e.evidence,
    e.evidence_count,
    h.rule_ref,
    h.peers,
    h.expected_false_alarms
FROM hit AS h
INNER JOIN evidence AS e
    ON e.entity_kind = h.entity_kind AND e.entity_id = h.entity_id AND e.quarter = h.quarter
LEFT JOIN risk AS x ON x.entity_kind = h.entity_kind AND x.entity_id = h.entity_id AND x.quarter = h.quarter
CROSS JOIN tested AS t
