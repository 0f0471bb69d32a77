/*
title_zh = "代领异常"
title_en = "Claims paid to an organisation without right"
description_zh = """
支付给机构的申领，按收款机构（未填的为培训机构）和申领月份归集。命中情形：申领没有代领协议；\
收款机构既不是培训机构（班级的机构或平台），也不是报名所载企业；或一份协议在该机构当月涉及的班级数达到规定个数。\
班级不在册的申领没有可比对的培训机构，不就收款方作判断。指标值和阈值依次取首个成立的原因：没有协议的申领笔数、\
收款方不符的申领笔数（一笔即命中）、一份协议涉及的班级数。不予通过的申领不计；已退回的照列，涉及金额为零。\
涉及金额按存疑申领的报名计算。市、培训机构和平台取最近一笔存疑申领的班级。"""
description_en = """
Claims paid to organisations, by the organisation paid (the training organisation where none is named) and the month of the claims. A hit \
when a claim has no agreement; when the organisation paid is neither the training organisation (the class's organisation or platform) nor the \
enrolment's employer; or when one agreement covers the claims of so many classes within the organisation's month. A claim whose class is not on record \
has no training organisation to compare with and is not judged by its payee. Value and threshold are those of the first reason in this order: \
claims without agreement, claims with another payee (one is enough), classes under one agreement. Rejected claims are out; refunded ones \
are shown with nothing at risk. At risk are the enrolments of the claims in doubt. City, organisation and platform are those of the class of the latest such claim."""
audience = "intermediate"
grain = ["entity_kind", "entity_id", "period"]
sources = ["notice 三（一）", "notice 三（三）"]
policy = ["proxy_agreement_classes"]

[indicator]
id = "B06"
key = "proxy_claims"
names_enrolments = true
title_zh = "代领异常"
title_en = "Claims paid to an organisation without right"
scheme_zh = "机构收取从未签字者的补贴，或为未举办的班级批量签订协议"
scheme = "an organisation collects the subsidies of persons who never signed for it, or agreements are signed in bulk for classes that were not held"
strength = "S"
grain_zh = "机构×月"
grain = "organisation × month"
threshold_zh = "任何一笔申领没有agreement_id；收款方不是培训机构、平台或用人单位；同一协议涉及proxy_agreement_classes（3）个及以上班级"
threshold = "any claim without agreement_id; any payee other than class organisation, platform or employer; proxy_agreement_classes (3) or more classes under one agreement"
policy_reference = "鲁人社字〔2020〕55号: 培训机构代领须签订代领协议 (as reported by 齐河县审计局); 鲁人社字〔2020〕72号 三（三）补贴实名制管理"
false_positives_zh = "一个项目所有班级共用的框架协议；电子批量签名；以另一代码收款的承继单位或分支机构；未录入的纸质协议"
false_positives = "one framework agreement for all classes of a project; digital batch signature; a legal successor or branch that is paid under another code; agreements on paper that were not entered"
ask_for_zh = "带签名和日期的协议、本人收据、未收学费的证明，以及账户持有人"
ask_for = "the agreements with signatures and dates, the receipt of the persons, proof that no tuition was charged, and the account's holder"
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
        f.claimed_on,
        c.claimed_month,
        c.agreement_id,
        COALESCE(c.payee_id, f.org_id, f.platform_id) AS payee_org_id,
        CASE WHEN c.agreement_id IS NULL THEN 1 ELSE 0 END AS no_agreement,
        CASE
            WHEN c.payee_id IS NULL OR f.org_id IS NULL THEN 0
            WHEN c.payee_id = f.org_id THEN 0
            WHEN COALESCE(c.payee_id = f.platform_id, FALSE) THEN 0
            WHEN COALESCE(c.payee_id = e.employer_id, FALSE) THEN 0
            ELSE 1
        END AS other_payee
    FROM claim_facts AS f
    INNER JOIN claims AS c ON c.claim_id = f.claim_id
    LEFT JOIN enrolments AS e ON e.enrolment_id = f.enrolment_id
    WHERE f.payee_kind = 'organization' AND f.status <> 'rejected'
),
proxy AS (
    SELECT
        claim_id,
        enrolment_id,
        class_id,
        city_code,
        org_id,
        platform_id,
        claimed_on,
        claimed_month,
        agreement_id,
        payee_org_id,
        no_agreement,
        other_payee
    FROM claim
    WHERE payee_org_id IS NOT NULL
),
paid_org AS (
    SELECT
        payee_org_id,
        claimed_month,
        SUM(no_agreement) AS no_agreement,
        SUM(other_payee) AS other_payee,
        MAX(claimed_on) AS last_claimed_on
    FROM proxy
    GROUP BY payee_org_id, claimed_month
),
tested AS (
    SELECT COUNT(*) AS population FROM paid_org
),
limits AS (
    SELECT o.payee_org_id, o.claimed_month, p.value AS class_limit, p.value_e6 AS class_limit_e6
    FROM paid_org AS o
    CROSS JOIN policy AS p
    WHERE p.parameter = 'proxy_agreement_classes'
      AND p.city_code = '370000'
      AND o.last_claimed_on >= p.valid_from
      AND o.last_claimed_on <= p.valid_until
),
agreement AS (
    SELECT payee_org_id, claimed_month, agreement_id, COUNT(DISTINCT class_id) AS classes
    FROM proxy
    WHERE agreement_id IS NOT NULL
    GROUP BY payee_org_id, claimed_month, agreement_id
),
bulk AS (
    SELECT a.payee_org_id, a.claimed_month, a.agreement_id, a.classes, l.class_limit
    FROM agreement AS a
    INNER JOIN limits AS l ON l.payee_org_id = a.payee_org_id AND l.claimed_month = a.claimed_month
    WHERE a.classes * 1000000 >= l.class_limit_e6
),
bulk_org AS (
    SELECT payee_org_id, claimed_month, MAX(classes) AS classes, MAX(class_limit) AS class_limit
    FROM bulk
    GROUP BY payee_org_id, claimed_month
),
hit AS (
    SELECT
        o.payee_org_id,
        o.claimed_month,
        CASE
            WHEN o.no_agreement > 0 THEN CAST(o.no_agreement AS DOUBLE)
            WHEN o.other_payee > 0 THEN CAST(o.other_payee AS DOUBLE)
            ELSE CAST(b.classes AS DOUBLE)
        END AS value,
        CASE WHEN o.no_agreement > 0 OR o.other_payee > 0 THEN 1.0 ELSE b.class_limit END AS threshold,
        '鲁人社字〔2020〕55号 代领协议'
            || CASE WHEN o.no_agreement > 0 THEN '；无代领协议号' ELSE '' END
            || CASE WHEN o.other_payee > 0 THEN '；收款方不是培训机构、平台或用人单位' ELSE '' END
            || CASE WHEN b.classes IS NOT NULL THEN '；多个班级共用一份协议' ELSE '' END AS rule_ref
    FROM paid_org AS o
    LEFT JOIN bulk_org AS b ON b.payee_org_id = o.payee_org_id AND b.claimed_month = o.claimed_month
    WHERE o.no_agreement > 0 OR o.other_payee > 0 OR b.classes IS NOT NULL
),
doubted AS (
    SELECT
        c.payee_org_id,
        c.claimed_month,
        c.claim_id,
        c.enrolment_id,
        c.city_code,
        c.org_id,
        c.platform_id,
        ROW_NUMBER() OVER (PARTITION BY c.payee_org_id, c.claimed_month ORDER BY c.claimed_on DESC, c.claim_id DESC) AS place
    FROM proxy AS c
    LEFT JOIN bulk AS b
        ON b.payee_org_id = c.payee_org_id AND b.claimed_month = c.claimed_month AND b.agreement_id = c.agreement_id
    WHERE c.no_agreement > 0 OR c.other_payee > 0 OR b.classes IS NOT NULL
),
evidence AS (
    SELECT
        payee_org_id,
        claimed_month,
        MAX(CASE WHEN place = 1 THEN city_code END) AS city_code,
        MAX(CASE WHEN place = 1 THEN org_id END) AS org_id,
        MAX(CASE WHEN place = 1 THEN platform_id END) AS platform_id,
        ARRAY_AGG('claims:' || claim_id ORDER BY place LIMIT 100) AS evidence,
        COUNT(*) AS evidence_count
    FROM doubted
    GROUP BY payee_org_id, claimed_month
),
hit_enrolment AS (
    SELECT DISTINCT payee_org_id, claimed_month, enrolment_id FROM doubted
),
risk AS (
    SELECT
        e.payee_org_id,
        e.claimed_month,
        COALESCE(SUM(x.at_risk_fen), 0) AS amount_at_risk_fen,
        ARRAY_AGG(e.enrolment_id ORDER BY e.enrolment_id) AS enrolments
    FROM hit_enrolment AS e
    LEFT JOIN enrolment_risk AS x ON x.enrolment_id = e.enrolment_id
    GROUP BY e.payee_org_id, e.claimed_month
)
SELECT
    'org' AS entity_kind,
    h.payee_org_id AS entity_id,
    h.claimed_month AS period,
    e.city_code,
    COALESCE(e.org_id, h.payee_org_id) AS org_id,
    e.platform_id,
    h.value,
    h.threshold,
    t.population,
    x.amount_at_risk_fen,
    x.enrolments,
    'S' AS strength,
    e.evidence,
    e.evidence_count,
    h.rule_ref
FROM hit AS h
INNER JOIN evidence AS e ON e.payee_org_id = h.payee_org_id AND e.claimed_month = h.claimed_month
INNER JOIN risk AS x ON x.payee_org_id = h.payee_org_id AND x.claimed_month = h.claimed_month
CROSS JOIN tested AS t
