/*
title_zh = "平台补贴超20%"
title_en = "Platform share above 20 % of the standard"
description_zh = """
平台补贴（platform_share）申领中，金额超过支付的市该职业该等级补贴标准的规定比例的，比例和标准均取开班时执行的规定，\
按整分计算。没有补贴标准的不检验。不予通过的申领不计；已退回的照列，涉及金额为零。"""
description_en = """
Claims of kind platform_share above the allowed share of the paying city's standard for the occupation and level, both in force at class \
start, in whole fen. Without a standard there is no test. Rejected claims are out; refunded ones are shown with nothing at risk."""
audience = "intermediate"
grain = ["entity_kind", "entity_id", "period"]
sources = ["notice 三（一）"]
policy = ["platform_share_cap"]

[indicator]
id = "B01"
key = "platform_share_over_cap"
title_zh = "平台补贴超20%"
title_en = "Platform share above 20 % of the standard"
scheme_zh = "线上平台就线上部分所得多于通知规定"
scheme = "an online platform is paid more than the notice allows for the online part"
strength = "H"
grain_zh = "申领"
grain = "claim"
threshold_zh = "金额超过platform_share_cap（0.20，可分市）×开班时标准"
threshold = "amount above platform_share_cap (0.20; by city) × standard at class start"
policy_reference = "鲁人社字〔2020〕72号 三（一）: 原则上按照不高于当地该培训项目职业培训补贴标准的20%"
false_positives_zh = "有专门比例的市（以政策行录入）；缺失或年内调整的标准（以开班时为准）；按错误类别申报的全额补贴"
false_positives = "a city with a special rate (enter it as a policy row); a standard that is missing or was changed in the year (the one at class start counts); a full subsidy filed under the wrong kind"
ask_for_zh = "开班时该市的补贴标准表和实施细则、申领表，以及支付凭证"
ask_for = "the city's standard sheet and its implementing rule at class start, the claim form and the payment slip"
*/
WITH
tested_claim AS (
    SELECT
        c.claim_id,
        c.enrolment_id,
        c.class_id,
        c.city_code,
        c.org_id,
        c.platform_id,
        c.occupation_code,
        c.skill_level,
        c.start_on,
        c.amount_fen,
        c.standard_fen,
        c.standard_from,
        c.status,
        COALESCE(a.city_code, '370000') AS policy_city_code
    FROM claim_facts AS c
    LEFT JOIN cities AS a ON a.city_code = c.city_code
    WHERE c.kind = 'platform_share' AND c.status <> 'rejected' AND c.standard_fen IS NOT NULL
),
tested AS (
    SELECT COUNT(*) AS population FROM tested_claim
),
hit AS (
    SELECT
        c.claim_id,
        c.enrolment_id,
        c.class_id,
        c.city_code,
        c.org_id,
        c.platform_id,
        c.amount_fen,
        c.standard_fen,
        c.status,
        c.city_code || '|' || c.occupation_code || '|' || CAST(c.skill_level AS VARCHAR) || '|' || CAST(c.standard_from AS VARCHAR)
            AS standard_record,
        p.value AS threshold,
        p.citation
    FROM tested_claim AS c
    INNER JOIN policy AS p ON p.city_code = c.policy_city_code
    WHERE p.parameter = 'platform_share_cap'
      AND c.start_on >= p.valid_from
      AND c.start_on <= p.valid_until
      AND c.amount_fen * 1000000 > c.standard_fen * p.value_e6
),
record AS (
    SELECT claim_id, 1 AS place, 'claims:' || claim_id AS record FROM hit
    UNION ALL
    SELECT claim_id, 2 AS place, 'subsidy_standards:' || standard_record AS record FROM hit
    UNION ALL
    SELECT claim_id, 3 AS place, 'classes:' || class_id AS record FROM hit
    UNION ALL
    SELECT claim_id, 4 AS place, 'enrolments:' || enrolment_id AS record FROM hit
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
    CASE WHEN h.standard_fen > 0 THEN h.amount_fen / h.standard_fen END AS value,
    h.threshold,
    t.population,
    CASE WHEN h.status IN ('paid', 'approved') THEN h.amount_fen ELSE 0 END AS amount_at_risk_fen,
    'H' AS strength,
    e.evidence,
    e.evidence_count,
    h.citation AS rule_ref
FROM hit AS h
INNER JOIN evidence AS e ON e.claim_id = h.claim_id
CROSS JOIN tested AS t
