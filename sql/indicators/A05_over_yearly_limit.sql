/*
title_zh = "年内超三次"
title_en = "More than three subsidised trainings in a calendar year"
description_zh = """
一个自然年内享受补贴次数超过上限的人员，各市、各项资金合并计算。一次享受指同一人、同一职业、同一等级，只计一次，\
计入首笔申领所在年份，因此同一培训的平台补贴和线下补贴计为一次。只计培训补贴（platform_share、offline_share、full）；\
不予通过和已退回的申领不计。市、培训机构和平台取最近一笔申领。"""
description_en = """
Persons with more entitlements in a calendar year than the limit, over all cities and funds. An entitlement is one person, occupation and \
level; it counts once, in the year of its first claim, so a platform share and an offline share of one training count as one. Training \
subsidies only (platform_share, offline_share, full); rejected and refunded claims are left out. City, organisation and platform are \
those of the latest claim."""
audience = "intermediate"
grain = ["entity_kind", "entity_id", "period"]
sources = ["notice 三（一）", "notice 三（三）"]
policy = ["yearly_entitlement_limit"]

[indicator]
id = "A05"
key = "over_yearly_limit"
names_enrolments = true
title_zh = "年内超三次"
title_en = "More than three subsidised trainings in a calendar year"
scheme_zh = "职业学员：同一批人一再报名，分散在多市多项资金，使各市都看不到全貌"
scheme = "professional trainees: the same persons are enrolled again and again, spread over cities and funds so that no city sees it"
strength = "H"
grain_zh = "人员×自然年"
grain = "person × calendar year"
threshold_zh = "首次申领所在自然年内享受次数多于yearly_entitlement_limit（3）次"
threshold = "more than yearly_entitlement_limit (3) entitlements in the calendar year of their first claims"
policy_reference = "山东省职业技能提升行动有关规定: 每人每年享受补贴不超过3次, as reported 2020-08-27; 国办发〔2019〕24号 (original to be checked)"
false_positives_zh = "生活费补贴与培训补贴分别计数（本指标不计生活费）；个别市将企业与个人项目分别计数；市规定按十二个月而非自然年计；一次培训录入两个职业编码"
false_positives = "living allowance and training subsidy counted apart (not here); company and individual kinds counted apart by a city; years counted by twelve months in a city's rule; two occupation codes for one training"
ask_for_zh = "注明市和资金的申领清单、各次培训的证书，以及证明本人到课的考勤或学习记录"
ask_for = "the list of claims with cities and funds, the certificates of each training, and attendance or logs that show the person was there"
*/
WITH
claim AS (
    SELECT person_key, occupation_code, skill_level, claim_id, enrolment_id, city_code, org_id, platform_id, claimed_on
    FROM claim_facts
    WHERE kind IN ('platform_share', 'offline_share', 'full')
      AND status NOT IN ('rejected', 'refunded')
      AND occupation_code IS NOT NULL
      AND skill_level IS NOT NULL
),
entitlement AS (
    SELECT person_key, occupation_code, skill_level, MIN(claimed_on) AS first_claimed_on
    FROM claim
    GROUP BY person_key, occupation_code, skill_level
),
dated AS (
    SELECT person_key, occupation_code, skill_level, first_claimed_on, EXTRACT(YEAR FROM first_claimed_on) AS year
    FROM entitlement
),
yearly AS (
    SELECT person_key, year, COUNT(*) AS entitlements, MAX(first_claimed_on) AS last_entitled_on
    FROM dated
    GROUP BY person_key, year
),
tested AS (
    SELECT COUNT(*) AS population FROM yearly
),
-- The limit is the one in force when the last entitlement of the year was first claimed.
hit AS (
    SELECT y.person_key, y.year, y.entitlements, p.value AS threshold, p.citation
    FROM yearly AS y
    CROSS JOIN policy AS p
    WHERE p.parameter = 'yearly_entitlement_limit'
      AND p.city_code = '370000'
      AND y.last_entitled_on >= p.valid_from
      AND y.last_entitled_on <= p.valid_until
      AND y.entitlements * 1000000 > p.value_e6
),
hit_claim AS (
    SELECT
        h.person_key,
        h.year,
        c.claim_id,
        c.enrolment_id,
        c.city_code,
        c.org_id,
        c.platform_id,
        ROW_NUMBER() OVER (PARTITION BY h.person_key, h.year ORDER BY c.claimed_on DESC, c.claim_id DESC) AS place
    FROM hit AS h
    INNER JOIN dated AS d ON d.person_key = h.person_key AND d.year = h.year
    INNER JOIN claim AS c
        ON c.person_key = d.person_key AND c.occupation_code = d.occupation_code AND c.skill_level = d.skill_level
),
evidence AS (
    SELECT
        person_key,
        year,
        MAX(CASE WHEN place = 1 THEN city_code END) AS city_code,
        MAX(CASE WHEN place = 1 THEN org_id END) AS org_id,
        MAX(CASE WHEN place = 1 THEN platform_id END) AS platform_id,
        ARRAY_AGG('claims:' || claim_id ORDER BY place LIMIT 100) AS evidence,
        COUNT(*) AS evidence_count
    FROM hit_claim
    GROUP BY person_key, year
),
hit_enrolment AS (
    SELECT DISTINCT person_key, year, enrolment_id FROM hit_claim
),
risk AS (
    SELECT
        e.person_key,
        e.year,
        COALESCE(SUM(x.at_risk_fen), 0) AS amount_at_risk_fen,
        ARRAY_AGG(e.enrolment_id ORDER BY e.enrolment_id) AS enrolments
    FROM hit_enrolment AS e
    LEFT JOIN enrolment_risk AS x ON x.enrolment_id = e.enrolment_id
    GROUP BY e.person_key, e.year
)
SELECT
    'person' AS entity_kind,
    key_hex(h.person_key) AS entity_id,
    CAST(h.year AS VARCHAR) AS period,
    e.city_code,
    e.org_id,
    e.platform_id,
    h.entitlements AS value,
    h.threshold,
    t.population,
    x.amount_at_risk_fen,
    x.enrolments,
    'H' AS strength,
    e.evidence,
    e.evidence_count,
    h.citation AS rule_ref
FROM hit AS h
INNER JOIN evidence AS e ON e.person_key = h.person_key AND e.year = h.year
INNER JOIN risk AS x ON x.person_key = h.person_key AND x.year = h.year
CROSS JOIN tested AS t
