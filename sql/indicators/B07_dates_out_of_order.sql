/*
title_zh = "时间顺序颠倒或逾期"
title_en = "Dates out of order or too late"
description_zh = """
日期违背培训、考核、取证、申领、发放先后顺序的申领。硬性情形依次如下，指标值和阈值取首个成立的（以天计，末项以月计，\
不满一月计一月）：报名的首本证书早于结业超过certificate_early_days规定的天数签发；申领早于发证；发放早于申领；\
报名的首次考核早于开班；申领晚于发证超过claim_deadline_months规定的月数。仅作提示的情形：\
发证与结业相隔不超过certificate_near_days规定的天数。有关证书的规则适用于培训补贴（platform_share、offline_share、full），\
有关发放和考核的规则适用于各类补贴。日期缺失的不检验。不予通过的申领不计；已退回的照列，涉及金额为零。\
参数取支付的市开班时的规定（班级不在册的取申领日期）。"""
description_en = """
Claims whose dates contradict the order of training, examination, certificate, claim and payment. Hard, in this order, the first of which \
value and threshold show (in days, the last in months begun): the first certificate of the enrolment was issued more than \
certificate_early_days before completion; claimed before it was issued; paid before claimed; the first assessment of the enrolment lies before class start; claimed \
more than claim_deadline_months after the certificate. Context alone: certificate and completion within certificate_near_days of each other. \
The rules on certificates apply to training subsidies (platform_share, offline_share, full), those on payment and on the assessment to all \
kinds. A date that is missing is not tested. Rejected claims are out; refunded ones are shown with nothing at risk. Parameters are those \
of the paying city at class start (day of the claim where the class is not on record)."""
audience = "intermediate"
grain = ["entity_kind", "entity_id", "period"]
sources = ["notice 三（一）", "notice 三（三）"]
policy = ["certificate_early_days", "certificate_near_days", "claim_deadline_months"]

[indicator]
id = "B07"
key = "dates_out_of_order"
title_zh = "时间顺序颠倒或逾期"
title_en = "Dates out of order or too late"
scheme_zh = "材料事后或事前补造：先证书后培训，先支付后申领"
scheme = "papers are made up afterwards or beforehand: certificates before the training, payments before the claim"
strength = "H/W"
grain_zh = "申领"
grain = "claim"
threshold_zh = "发证早于结业超过certificate_early_days（1）天；申领早于发证；发放早于申领；考核早于开班；申领晚于发证超过claim_deadline_months（12）个月：硬性；证书距结业不超过certificate_near_days（1）天：提示"
threshold = "certificate more than certificate_early_days (1) before completion; claim before certificate; payment before claim; assessment before class start; claim more than claim_deadline_months (12) after certificate: H; certificate within certificate_near_days (1) of completion: W"
policy_reference = "鲁人社字〔2020〕72号 三（一）: 取得相应课程培训合格证书的学员给予培训补贴; 三（三）培训过程可查询、可追溯"
false_positives_zh = "统一填周末日期的批次；提前印制的证书；事后集中录入且以录入日为准的积压；此前一次考核所得的首本证书；另有期限的市（以政策行录入）"
false_positives = "batches dated at a weekend; certificates printed in advance; backlog entered later with the day of entry; a first certificate of an earlier attempt; a city with another deadline (enter it as a policy row)"
ask_for_zh = "载有录入时间的系统流程日志、证书及其发放清单、考核记录，以及银行付款日期"
ask_for = "the system's workflow log with times of entry, the certificate with its issue list, the examination record, and the bank's date of payment"
*/
WITH
-- One parameter each before the join: joined by city alone, three parameters would make 27 rows of a claim first.
early_rule AS (
    SELECT city_code, valid_from, valid_until, value, value_e6 FROM policy WHERE parameter = 'certificate_early_days'
),
near_rule AS (
    SELECT city_code, valid_from, valid_until, value, value_e6 FROM policy WHERE parameter = 'certificate_near_days'
),
deadline_rule AS (
    SELECT city_code, valid_from, valid_until, value, value_e6 FROM policy WHERE parameter = 'claim_deadline_months'
),
certificate AS (
    SELECT c.enrolment_id, MIN(c.issued_on) AS issued_on
    FROM certificates AS c
    CROSS JOIN run_context AS r
    WHERE c.issued_on <= r.as_of
    GROUP BY c.enrolment_id
),
held AS (
    SELECT assessment_id, enrolment_id, COALESCE(started_day, ended_day) AS held_on FROM assessments
),
assessment AS (
    SELECT h.enrolment_id, MIN(h.held_on) AS held_on
    FROM held AS h
    CROSS JOIN run_context AS r
    WHERE h.held_on <= r.as_of
    GROUP BY h.enrolment_id
),
claim AS (
    SELECT
        f.claim_id,
        f.enrolment_id,
        f.class_id,
        f.city_code,
        f.org_id,
        f.platform_id,
        f.amount_fen,
        f.status,
        f.claimed_on,
        f.start_on,
        c.paid_on,
        CASE WHEN e.completed_on <= r.as_of THEN e.completed_on END AS completed_on,
        CASE WHEN f.kind <> 'living_allowance' THEN t.issued_on END AS issued_on,
        s.held_on,
        COALESCE(f.start_on, f.claimed_on) AS rule_on,
        COALESCE(a.city_code, '370000') AS policy_city_code
    FROM claim_facts AS f
    CROSS JOIN run_context AS r
    INNER JOIN claims AS c ON c.claim_id = f.claim_id
    LEFT JOIN enrolments AS e ON e.enrolment_id = f.enrolment_id
    LEFT JOIN certificate AS t ON t.enrolment_id = f.enrolment_id
    LEFT JOIN assessment AS s ON s.enrolment_id = f.enrolment_id
    LEFT JOIN cities AS a ON a.city_code = f.city_code
    WHERE f.status <> 'rejected'
),
tested AS (
    SELECT COUNT(*) AS population FROM claim
),
-- Days from certificate to completion, and months begun from certificate to claim. A certificate from before 2000 is early in any case.
measured AS (
    SELECT
        c.claim_id,
        c.enrolment_id,
        c.class_id,
        c.city_code,
        c.org_id,
        c.platform_id,
        c.amount_fen,
        c.status,
        c.claimed_on,
        c.start_on,
        c.paid_on,
        c.completed_on,
        c.issued_on,
        c.held_on,
        c.rule_on,
        c.policy_city_code,
        CASE
            WHEN c.issued_on IS NOT NULL THEN CAST((d.start_us - COALESCE(i.start_us, 0)) / 86400000000 AS BIGINT)
        END AS early_days,
        (CAST(EXTRACT(YEAR FROM c.claimed_on) AS BIGINT) - CAST(EXTRACT(YEAR FROM c.issued_on) AS BIGINT)) * 12
            + CAST(EXTRACT(MONTH FROM c.claimed_on) AS BIGINT) - CAST(EXTRACT(MONTH FROM c.issued_on) AS BIGINT)
            + CASE
                WHEN CAST(EXTRACT(DAY FROM c.claimed_on) AS BIGINT) > CAST(EXTRACT(DAY FROM c.issued_on) AS BIGINT) THEN 1
                ELSE 0
            END AS months_begun
    FROM claim AS c
    LEFT JOIN days AS d ON d.day = c.completed_on
    LEFT JOIN days AS i ON i.day = c.issued_on
),
judged AS (
    SELECT
        m.claim_id,
        m.enrolment_id,
        m.class_id,
        m.city_code,
        m.org_id,
        m.platform_id,
        m.amount_fen,
        m.status,
        m.claimed_on,
        m.start_on,
        m.paid_on,
        m.issued_on,
        m.held_on,
        m.early_days,
        m.months_begun,
        y.value AS early_limit,
        n.value AS near_limit,
        l.value AS month_limit,
        COALESCE(m.early_days * 1000000 > y.value_e6, FALSE) AS early,
        COALESCE(m.claimed_on < m.issued_on, FALSE) AS claimed_first,
        COALESCE(m.paid_on < m.claimed_on, FALSE) AS paid_first,
        COALESCE(m.held_on < m.start_on, FALSE) AS assessed_first,
        COALESCE(m.months_begun * 1000000 > l.value_e6, FALSE) AS late,
        COALESCE(ABS(m.early_days) * 1000000 <= n.value_e6, FALSE) AS near
    FROM measured AS m
    INNER JOIN early_rule AS y ON y.city_code = m.policy_city_code
    INNER JOIN near_rule AS n ON n.city_code = m.policy_city_code
    INNER JOIN deadline_rule AS l ON l.city_code = m.policy_city_code
    WHERE m.rule_on >= y.valid_from
      AND m.rule_on <= y.valid_until
      AND m.rule_on >= n.valid_from
      AND m.rule_on <= n.valid_until
      AND m.rule_on >= l.valid_from
      AND m.rule_on <= l.valid_until
),
-- The two days of the reason that is shown, where it is counted in days from one to the other.
hit AS (
    SELECT
        claim_id,
        enrolment_id,
        class_id,
        city_code,
        org_id,
        platform_id,
        amount_fen,
        status,
        issued_on,
        held_on,
        early_days,
        months_begun,
        early_limit,
        near_limit,
        month_limit,
        early,
        claimed_first,
        paid_first,
        assessed_first,
        late,
        near,
        early OR claimed_first OR paid_first OR assessed_first OR late AS hard,
        CASE WHEN claimed_first THEN claimed_on WHEN paid_first THEN paid_on ELSE held_on END AS from_on,
        CASE WHEN claimed_first THEN issued_on WHEN paid_first THEN claimed_on ELSE start_on END AS until_on
    FROM judged
    WHERE early OR claimed_first OR paid_first OR assessed_first OR late OR near
),
shown AS (
    SELECT
        h.claim_id,
        h.enrolment_id,
        h.class_id,
        h.city_code,
        h.org_id,
        h.platform_id,
        h.amount_fen,
        h.status,
        h.issued_on,
        h.held_on,
        CASE WHEN h.hard THEN 'H' ELSE 'W' END AS strength,
        h.early OR h.claimed_first OR h.late OR h.near AS of_certificate,
        h.assessed_first AS of_assessment,
        h.early OR h.near AS of_completion,
        CASE
            WHEN h.early THEN CAST(h.early_days AS DOUBLE)
            WHEN h.claimed_first OR h.paid_first OR h.assessed_first THEN (u.start_us - f.start_us) / 86400000000
            WHEN h.late THEN CAST(h.months_begun AS DOUBLE)
            ELSE CAST(ABS(h.early_days) AS DOUBLE)
        END AS value,
        CASE
            WHEN h.early THEN h.early_limit
            WHEN h.claimed_first OR h.paid_first OR h.assessed_first THEN 0.0
            WHEN h.late THEN h.month_limit
            ELSE h.near_limit
        END AS threshold,
        '鲁人社字〔2020〕72号 三（一）、三（三）'
            || CASE WHEN h.early THEN '；发证早于结业' ELSE '' END
            || CASE WHEN h.claimed_first THEN '；申领早于发证' ELSE '' END
            || CASE WHEN h.paid_first THEN '；发放早于申领' ELSE '' END
            || CASE WHEN h.assessed_first THEN '；考核早于开班' ELSE '' END
            || CASE WHEN h.late THEN '；取得证书后逾期申领' ELSE '' END
            || CASE WHEN h.near THEN '；发证与结业相隔过近' ELSE '' END AS rule_ref
    FROM hit AS h
    LEFT JOIN days AS f ON f.day = h.from_on
    LEFT JOIN days AS u ON u.day = h.until_on
),
record AS (
    SELECT claim_id, 1 AS place, 'claims:' || claim_id AS record FROM shown
    UNION ALL
    SELECT s.claim_id, 2 AS place, 'certificates:' || c.certificate_no || '|' || c.enrolment_id AS record
    FROM shown AS s
    INNER JOIN certificates AS c ON c.enrolment_id = s.enrolment_id AND c.issued_on = s.issued_on
    WHERE s.of_certificate
    UNION ALL
    SELECT s.claim_id, 3 AS place, 'assessments:' || h.assessment_id AS record
    FROM shown AS s
    INNER JOIN held AS h ON h.enrolment_id = s.enrolment_id AND h.held_on = s.held_on
    WHERE s.of_assessment
    UNION ALL
    SELECT claim_id, 4 AS place, 'enrolments:' || enrolment_id AS record FROM shown WHERE of_completion
    UNION ALL
    SELECT claim_id, 5 AS place, 'classes:' || class_id AS record FROM shown WHERE of_assessment
),
evidence AS (
    SELECT claim_id, ARRAY_AGG(record ORDER BY place, record LIMIT 100) AS evidence, COUNT(*) AS evidence_count
    FROM record
    GROUP BY claim_id
)
SELECT
    'claim' AS entity_kind,
    s.claim_id AS entity_id,
    '' AS period,
    s.city_code,
    s.org_id,
    s.platform_id,
    s.value,
    s.threshold,
    t.population,
    CASE WHEN s.status IN ('paid', 'approved') THEN s.amount_fen ELSE 0 END AS amount_at_risk_fen,
    s.strength,
    e.evidence,
    e.evidence_count,
    s.rule_ref
FROM shown AS s
INNER JOIN evidence AS e ON e.claim_id = s.claim_id
CROSS JOIN tested AS t
