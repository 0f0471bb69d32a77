/*
title_zh = "申领金额首位数字异常"
title_en = "First digits of claim amounts far from Benford's law"
description_zh = """
申领金额首位数字与本福特定律不符的机构：九个占比的平均绝对偏差超过勉强符合的上限，即Nigrini所称的不符合。\
首位数字取以分计的金额的精确十进制数字；与定律的各比例（取九位小数）按整数比较。机构为班级的机构，平台补贴的为平台。\
只检验申领笔数足够的机构。各类申领均计，不予通过的除外；已退回的照列，涉及金额为零。证据记录从偏多最甚的数字开始。\
市和平台取其中首笔申领。不给出预期误报数：Nigrini的界限是约定值，没有对应的概率，诚实的机构也未必遵循该定律。"""
description_en = """
Organisations whose claim amounts begin with other digits than Benford's law has it: the mean absolute deviation of the nine shares is \
above marginal conformity, which Nigrini calls nonconformity. Digits are the exact decimal digits of the amount in fen; the comparison \
is in integers with the law's proportions to nine decimals. The organisation is that of the class, for platform shares the platform. Only \
organisations with enough claims are tested. Claims of every kind count, rejected ones apart; refunded ones are shown with nothing at risk. \
The evidence begins with the digit that is most too frequent. City and platform are those of the first claim in it. No number of false alarms \
is given: Nigrini's limits are conventions without a probability, and the law is not what honest organisations follow."""
audience = "intermediate"
grain = ["entity_kind", "entity_id", "period"]
sources = ["notice 三（三）"]
policy = ["benford_marginal_conformity"]

[indicator]
id = "X03"
key = "benford_first_digit"
names_enrolments = true
title_zh = "申领金额首位数字异常"
title_en = "First digits of claim amounts far from Benford's law"
scheme_zh = "编造的金额：编数字的人使用首位数字过于均匀，或偏好某几个"
scheme = "invented amounts: people who make up figures use the leading digits too evenly or favour some"
strength = "W"
grain_zh = "机构"
grain = "organisation"
threshold_zh = "benford_minimum_claims（300）笔及以上，平均绝对偏差大于benford_marginal_conformity（0.015）；0.006以内为高度符合，0.012以内为可接受，0.015以内为勉强符合"
threshold = "mean absolute deviation above benford_marginal_conformity (0.015) with benford_minimum_claims (300) or more; close up to 0.006, acceptable up to 0.012, marginal up to 0.015"
policy_reference = "default; Nigrini, Benford's Law (2012), first digits"
false_positives_zh = "误报是常态而非例外：补贴金额由标准及其比例确定，诚实的机构也很少服从该定律；一个职业一个标准只产生一个首位数字。仅可与其他指标并看，并用于不固定的金额（生活费补贴、课时×单价）"
false_positives = "the rule, not the exception: subsidy amounts are set by standards and shares of them, so honest organisations seldom follow the law; one occupation with one standard gives one digit. Read it only beside other indicators, and for amounts that are not fixed (living allowances, hours times a rate)"
ask_for_zh = "金额清单及其所依据的标准；标准不能解释的部分"
ask_for = "the list of amounts with the standards they rest on; what the standards do not explain"
*/
WITH
tested AS (
    SELECT COUNT(*) AS population FROM x03_conformity WHERE conformity <> 'too_few'
),
hit AS (
    SELECT o.org_id, o.mean_deviation AS value, p.value AS threshold, p.citation
    FROM x03_conformity AS o
    CROSS JOIN run_context AS r
    CROSS JOIN policy AS p
    WHERE p.parameter = 'benford_marginal_conformity'
      AND p.city_code = '370000'
      AND r.as_of >= p.valid_from
      AND r.as_of <= p.valid_until
      AND o.conformity = 'nonconformity'
),
claim AS (
    SELECT
        CASE WHEN kind = 'platform_share' THEN COALESCE(platform_id, org_id) ELSE org_id END AS org_id,
        claim_id,
        enrolment_id,
        city_code,
        platform_id,
        amount_fen,
        CAST(SUBSTR(CAST(amount_fen AS VARCHAR), 1, 1) AS BIGINT) AS digit
    FROM claim_facts
    WHERE status <> 'rejected' AND amount_fen > 0
),
hit_claim AS (
    SELECT
        h.org_id,
        c.claim_id,
        c.enrolment_id,
        c.city_code,
        c.platform_id,
        -d.excess_e9 AS frequent_first,
        -c.amount_fen AS large_first
    FROM hit AS h
    INNER JOIN claim AS c ON c.org_id = h.org_id
    INNER JOIN x03_first_digits AS d ON d.org_id = c.org_id AND d.digit = c.digit
),
placed AS (
    SELECT
        org_id,
        claim_id,
        enrolment_id,
        city_code,
        platform_id,
        ROW_NUMBER() OVER (PARTITION BY org_id ORDER BY frequent_first, large_first, claim_id) AS place
    FROM hit_claim
),
evidence AS (
    SELECT
        org_id,
        MAX(CASE WHEN place = 1 THEN city_code END) AS city_code,
        MAX(CASE WHEN place = 1 THEN platform_id END) AS platform_id,
        ARRAY_AGG('claims:' || claim_id ORDER BY place LIMIT 100) AS evidence,
        COUNT(*) AS evidence_count
    FROM placed
    GROUP BY org_id
),
hit_enrolment AS (
    SELECT DISTINCT org_id, enrolment_id FROM hit_claim
),
risk AS (
    SELECT
        e.org_id,
        COALESCE(SUM(x.at_risk_fen), 0) AS amount_at_risk_fen,
        ARRAY_AGG(e.enrolment_id ORDER BY e.enrolment_id) AS enrolments
    FROM hit_enrolment AS e
    LEFT JOIN enrolment_risk AS x ON x.enrolment_id = e.enrolment_id
    GROUP BY e.org_id
)
SELECT
    'org' AS entity_kind,
    h.org_id AS entity_id,
    '' AS period,
    e.city_code,
    h.org_id,
    e.platform_id,
    h.value,
    h.threshold,
    t.population,
    x.amount_at_risk_fen,
    x.enrolments,
    'W' AS strength,
    e.evidence,
    e.evidence_count,
    h.citation AS rule_ref
FROM hit AS h
INNER JOIN evidence AS e ON e.org_id = h.org_id
INNER JOIN risk AS x ON x.org_id = h.org_id
CROSS JOIN tested AS t
