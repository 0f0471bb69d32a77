/*
title_zh = "生活费补贴有误"
title_en = "Living allowance wrong"
description_zh = """
生活费补贴（living_allowance）申领中，金额不等于补贴标准乘以认定课时（报名的线上课时）的，在容差之内的除外，\
按百万分之一分比较；或人员类别不在清单之内的；或资金来源不是就业补助资金的。标准、\
容差和清单取支付的市开班时的规定（班级不在册的取报名日期，再没有的取申领日期）。指标值为申领金额（分），阈值为应发金额：\
人员类别或资金来源有误的，应发为零。报名不在册的，只检验资金来源。不予通过的申领不计；已退回的照列，涉及金额为零。"""
description_en = """
Claims of kind living_allowance whose amount is not the rate times the recognised hours (the enrolment's online hours), give or take the \
tolerance, compared in millionths of a fen; or whose learner group is outside the list; or whose fund is not the employment fund. Rate, \
tolerance and list are those of the paying city at class start (day of enrolment where the class is not on record, else day of claim). \
Value is the amount in fen and threshold what was due: nothing where the group or the fund is wrong. Without an enrolment on record only the fund is tested. \
Rejected claims are out; refunded ones are shown with nothing at risk."""
audience = "intermediate"
grain = ["entity_kind", "entity_id", "period"]
sources = ["notice 三（二）"]
policy = ["living_allowance_rate", "living_allowance_tolerance", "living_allowance_groups"]

[indicator]
id = "B03"
key = "living_allowance_wrong"
title_zh = "生活费补贴有误"
title_en = "Living allowance wrong"
scheme_zh = "为多于实学的课时、无权享受的人员，或从不得支付的资金申领生活费补贴"
scheme = "the allowance is claimed for more hours than were learnt, for persons who have no right to it, or from a fund that may not pay it"
strength = "H"
grain_zh = "申领"
grain = "claim"
threshold_zh = "金额 ≠ living_allowance_rate（500分，可分市分期）×线上课时 ± living_allowance_tolerance（1分）；人员类别不在living_allowance_groups之内；资金不是就业补助资金"
threshold = "amount ≠ living_allowance_rate (500 fen; by city and date) × online hours ± living_allowance_tolerance (1 fen); group outside living_allowance_groups; fund other than employment"
policy_reference = "鲁人社字〔2020〕72号 三（二）: 五类人员, 所需资金从就业补助资金中列支; 鲁人社字〔2020〕11号: 每学时5元"
false_positives_zh = "有自定标准或封顶的市（以政策行录入）；支付之后更正的课时；数次培训一次支付"
false_positives = "a city with its own rate or a cap on the allowance (enter it as a policy row); hours corrected after the payment; one payment for several trainings"
ask_for_zh = "平台的课时证明、人员类别证明、该市关于生活费补贴的规定，以及注明资金的支付凭证"
ask_for = "the platform's proof of hours, the certificate of the group, the city's rule on the allowance, and the payment slip with its fund"
*/
WITH
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
        c.fund,
        e.learner_group,
        e.online_seconds,
        COALESCE(f.start_on, e.enrolled_on, f.claimed_on) AS rule_on,
        COALESCE(a.city_code, '370000') AS policy_city_code
    FROM claim_facts AS f
    INNER JOIN claims AS c ON c.claim_id = f.claim_id
    LEFT JOIN enrolments AS e ON e.enrolment_id = f.enrolment_id
    LEFT JOIN cities AS a ON a.city_code = f.city_code
    WHERE f.kind = 'living_allowance' AND f.status <> 'rejected'
),
tested AS (
    SELECT COUNT(*) AS population FROM claim
),
listed AS (
    SELECT DISTINCT c.claim_id
    FROM claim AS c
    INNER JOIN policy_list AS g ON g.city_code = c.policy_city_code AND g.value = c.learner_group
    WHERE g.list = 'living_allowance_groups' AND c.rule_on >= g.valid_from AND c.rule_on <= g.valid_until
),
judged AS (
    SELECT
        c.claim_id,
        c.enrolment_id,
        c.class_id,
        c.city_code,
        c.org_id,
        c.platform_id,
        c.amount_fen,
        c.status,
        c.online_seconds,
        r.value AS rate_fen,
        r.citation,
        c.learner_group IS NOT NULL AND l.claim_id IS NULL AS wrong_group,
        c.fund <> 'employment' AS wrong_fund,
        -- An hour has 2700 s. At most 30 million yuan and 95 years keep the comparison inside 64 bits whatever a damaged record holds.
        c.online_seconds IS NOT NULL
            AND ABS(LEAST(c.amount_fen, 3000000000) * 2700000000 - LEAST(c.online_seconds, 3000000000) * r.value_e6)
                > t.value_e6 * 2700 AS wrong_amount
    FROM claim AS c
    INNER JOIN policy AS r ON r.city_code = c.policy_city_code
    INNER JOIN policy AS t ON t.city_code = c.policy_city_code
    LEFT JOIN listed AS l ON l.claim_id = c.claim_id
    WHERE r.parameter = 'living_allowance_rate'
      AND c.rule_on >= r.valid_from
      AND c.rule_on <= r.valid_until
      AND t.parameter = 'living_allowance_tolerance'
      AND c.rule_on >= t.valid_from
      AND c.rule_on <= t.valid_until
),
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
        online_seconds IS NOT NULL AS on_record,
        CASE WHEN wrong_group OR wrong_fund THEN 0.0 ELSE online_seconds * rate_fen / 2700 END AS due_fen,
        citation
            || CASE WHEN wrong_amount THEN '；金额与课时不符' ELSE '' END
            || CASE WHEN wrong_group THEN '；人员类别不在鲁人社字〔2020〕72号 三（二）五类之内' ELSE '' END
            || CASE WHEN wrong_fund THEN '；未从就业补助资金列支' ELSE '' END AS rule_ref
    FROM judged
    WHERE wrong_amount OR wrong_group OR wrong_fund
),
record AS (
    SELECT claim_id, 1 AS place, 'claims:' || claim_id AS record FROM hit
    UNION ALL
    SELECT claim_id, 2 AS place, 'enrolments:' || enrolment_id AS record FROM hit WHERE on_record
    UNION ALL
    SELECT claim_id, 3 AS place, 'classes:' || class_id AS record FROM hit WHERE class_id IS NOT NULL
),
evidence AS (
    SELECT claim_id, ARRAY_AGG(record ORDER BY place LIMIT 100) AS evidence, COUNT(*) AS evidence_count
    FROM record
    GROUP BY claim_id
)
SELECT
    'claim' AS entity_kind,
    h.claim_id AS entity_id,
    '' AS period,
    h.city_code,
    h.org_id,
    h.platform_id,
    CAST(h.amount_fen AS DOUBLE) AS value,
    h.due_fen AS threshold,
    t.population,
    CASE WHEN h.status IN ('paid', 'approved') THEN h.amount_fen ELSE 0 END AS amount_at_risk_fen,
    'H' AS strength,
    e.evidence,
    e.evidence_count,
    h.rule_ref
FROM hit AS h
INNER JOIN evidence AS e ON e.claim_id = h.claim_id
CROSS JOIN tested AS t
