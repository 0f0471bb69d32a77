/*
title_zh = "收款账户共用"
title_en = "One personal account for several persons"
description_zh = """
作为个人收款方收取多人补贴的银行账户，各时期、各市合并计算。机构账户不检验；占位账号（同一数字重复、123456之类）不是任何人的账户，也不检验（见F05）。不予通过的申领不计；已退回的照列，涉及金额为零。\
市、培训机构和平台取该账户最近一笔申领；涉及金额按申领到该账户的全部报名的已发放和已审核申领计算。"""
description_en = """
Bank accounts that receive the claims of several persons as personal payees, over all time and cities. Accounts of organisations are not \
tested, nor are placeholders (one digit repeated, runs like 123456), which are nobody's account (see F05). Rejected claims are out; refunded ones are shown with nothing at risk. City, organisation and platform are those of the \
account's latest claim; at risk are the paid and approved claims of all enrolments claimed to the account."""
audience = "intermediate"
grain = ["entity_kind", "entity_id", "period"]
sources = ["notice 三（三）"]
policy = ["shared_account_strong", "shared_account_hard"]

[indicator]
id = "B05"
key = "shared_account"
names_enrolments = true
title_zh = "收款账户共用"
title_en = "One personal account for several persons"
scheme_zh = "组织者用一个账户收取虚构或租用学员的补贴"
scheme = "an organiser collects the subsidies of invented or rented trainees on one account"
strength = "S/H"
grain_zh = "账户"
grain = "account"
threshold_zh = "一个个人账户的人数：shared_account_strong（2）人及以上：较强；shared_account_hard（5）人及以上：硬性"
threshold = "persons on one personal account: shared_account_strong (2) or more S, shared_account_hard (5) or more H"
policy_reference = "default; 鲁人社字〔2020〕72号 三（三）补贴实名制管理"
false_positives_zh = "夫妻、父母子女共用一卡（两人）；机构账户误报为个人账户；合法代领（收款方应填机构）"
false_positives = "couples, parents and children with one card (two persons); an organisation's account filed as personal; legal proxy claims, which belong under payee organization"
ask_for_zh = "银行关于账户持有人的答复、代领协议，以及对本人的回访"
ask_for = "the bank's reply on the holder of the account, the agreements for proxy claims, and call-backs to the persons"
*/
WITH
claim AS (
    SELECT c.account_key, c.person_key, c.claim_id, c.enrolment_id, c.city_code, c.org_id, c.platform_id, c.claimed_on
    FROM claim_facts AS c
    INNER JOIN claims AS m ON m.claim_id = c.claim_id
    WHERE c.payee_kind = 'person'
      AND c.status <> 'rejected'
      AND c.account_key IS NOT NULL
      AND COALESCE(m.account_fault, '') <> 'placeholder'
),
account AS (
    SELECT account_key, COUNT(DISTINCT person_key) AS persons, MAX(claimed_on) AS last_claimed_on
    FROM claim
    GROUP BY account_key
),
tested AS (
    SELECT COUNT(*) AS population FROM account
),
shared AS (
    SELECT account_key, persons, last_claimed_on FROM account WHERE persons > 1
),
judged AS (
    SELECT
        a.account_key,
        a.persons,
        CASE WHEN a.persons * 1000000 >= h.value_e6 THEN 'H' ELSE 'S' END AS strength,
        CASE WHEN a.persons * 1000000 >= h.value_e6 THEN h.value ELSE s.value END AS threshold,
        CASE WHEN a.persons * 1000000 >= h.value_e6 THEN h.citation ELSE s.citation END AS rule_ref
    FROM shared AS a
    CROSS JOIN policy AS s
    CROSS JOIN policy AS h
    WHERE s.parameter = 'shared_account_strong'
      AND s.city_code = '370000'
      AND a.last_claimed_on >= s.valid_from
      AND a.last_claimed_on <= s.valid_until
      AND h.parameter = 'shared_account_hard'
      AND h.city_code = '370000'
      AND a.last_claimed_on >= h.valid_from
      AND a.last_claimed_on <= h.valid_until
      AND (a.persons * 1000000 >= s.value_e6 OR a.persons * 1000000 >= h.value_e6)
),
hit_claim AS (
    SELECT
        h.account_key,
        c.claim_id,
        c.enrolment_id,
        c.city_code,
        c.org_id,
        c.platform_id,
        ROW_NUMBER() OVER (PARTITION BY h.account_key ORDER BY c.claimed_on DESC, c.claim_id DESC) AS place
    FROM judged AS h
    INNER JOIN claim AS c ON c.account_key = h.account_key
),
evidence AS (
    SELECT
        account_key,
        MAX(CASE WHEN place = 1 THEN city_code END) AS city_code,
        MAX(CASE WHEN place = 1 THEN org_id END) AS org_id,
        MAX(CASE WHEN place = 1 THEN platform_id END) AS platform_id,
        ARRAY_AGG('claims:' || claim_id ORDER BY place LIMIT 100) AS evidence,
        COUNT(*) AS evidence_count
    FROM hit_claim
    GROUP BY account_key
),
hit_enrolment AS (
    SELECT DISTINCT account_key, enrolment_id FROM hit_claim
),
risk AS (
    SELECT
        e.account_key,
        COALESCE(SUM(x.at_risk_fen), 0) AS amount_at_risk_fen,
        ARRAY_AGG(e.enrolment_id ORDER BY e.enrolment_id) AS enrolments
    FROM hit_enrolment AS e
    LEFT JOIN enrolment_risk AS x ON x.enrolment_id = e.enrolment_id
    GROUP BY e.account_key
)
SELECT
    'account' AS entity_kind,
    key_hex(h.account_key) AS entity_id,
    '' AS period,
    e.city_code,
    e.org_id,
    e.platform_id,
    h.persons AS value,
    h.threshold,
    t.population,
    x.amount_at_risk_fen,
    x.enrolments,
    h.strength,
    e.evidence,
    e.evidence_count,
    h.rule_ref
FROM judged AS h
INNER JOIN evidence AS e ON e.account_key = h.account_key
INNER JOIN risk AS x ON x.account_key = h.account_key
CROSS JOIN tested AS t
