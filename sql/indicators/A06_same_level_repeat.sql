/*
title_zh = "同职业同等级重复享受"
title_en = "Same occupation and level subsidised twice"
description_zh = """
同一职业同一等级的培训补贴合计超过一个补贴标准的人员，各年度、各市、各项资金合并计算：硬性。\
每笔申领按其占支付的市开班时补贴标准的比例计；没有补贴标准的申领不计。同一职业中，较低等级的首笔申领晚于较高等级首笔申领的：\
提示。生活费补贴另计；不予通过和已退回的申领不计。硬性命中的指标值为比例合计，阈值为1加容差；\
提示命中为此前申领过的最高等级与本等级相对照（1级最高）。市、培训机构和平台取最近一笔申领。"""
description_en = """
Persons whose training subsidies for one occupation and level add up to more than one standard, over all years, cities and funds: hard. \
Each claim counts as its share of the paying city's standard at class start; a claim without a standard is not counted. A lower level \
whose first claim is later than the first claim of a higher level in the same occupation: context. Living allowances stand apart; rejected \
and refunded claims are left out. A hard hit shows the sum of shares against 1 plus the tolerance, a weak one the highest level claimed \
before against the own level (1 is the highest). City, organisation and platform are those of the latest claim."""
audience = "intermediate"
grain = ["entity_kind", "entity_id", "period"]
sources = ["notice 三（一）", "notice 三（三）"]
policy = ["repeat_tolerance"]

[indicator]
id = "A06"
key = "same_level_repeat"
names_enrolments = true
title_zh = "同职业同等级重复享受"
title_en = "Same occupation and level subsidised twice"
scheme_zh = "同一次培训或同一项技能重复申领补贴资金：换班级、换城市，或在平台补贴之后再领全额"
scheme = "one training, or one skill, is sold to the fund twice: by a second class, a second city, or the full amount after the platform share"
strength = "H/W"
grain_zh = "人员×职业×等级"
grain = "person × occupation × level"
threshold_zh = "申领金额与标准之比合计超过1 + repeat_tolerance（0.001）：硬性；较低等级晚于较高等级首次申领：提示"
threshold = "sum of amount / standard over 1 + repeat_tolerance (0.001): H; lower level first claimed after a higher one: W"
policy_reference = "山东省职业技能提升行动有关规定: 同一职业同一等级不可重复享受, as reported 2020-08-27; 鲁人社字〔2020〕72号 三（一）20% + 80%"
false_positives_zh = "平台补贴与线下补贴相加等于一个标准（不构成线索）；数据中尚未反映的退款；职业分类大典不同版本间重复使用的职业编码；没有等级的证书"
false_positives = "a platform share and an offline share that add up to one standard (not a hit); a refund that the feed does not show yet; occupation codes reused between editions of the Dadian; certificates without a level"
ask_for_zh = "两笔申领及其支付凭证、两张证书，以及开班时支付市的补贴标准表"
ask_for = "both claims with their payment slips, both certificates, and the standard sheets of the paying cities at class start"
*/
WITH
claim AS (
    SELECT
        person_key,
        occupation_code,
        skill_level,
        claim_id,
        enrolment_id,
        city_code,
        org_id,
        platform_id,
        amount_fen,
        standard_fen,
        claimed_on
    FROM claim_facts
    WHERE kind IN ('platform_share', 'offline_share', 'full')
      AND status NOT IN ('rejected', 'refunded')
      AND occupation_code IS NOT NULL
      AND skill_level IS NOT NULL
),
entitlement AS (
    SELECT person_key, occupation_code, skill_level, MIN(claimed_on) AS first_claimed_on, MAX(claimed_on) AS last_claimed_on
    FROM claim
    GROUP BY person_key, occupation_code, skill_level
),
tested AS (
    SELECT COUNT(*) AS population FROM entitlement
),
by_standard AS (
    -- A hundred thousand standards say enough: what is worked out below stays within 64 bits.
    SELECT person_key, occupation_code, skill_level, standard_fen, LEAST(SUM(amount_fen), MAX(standard_fen) * 100000) AS amount_fen
    FROM claim
    WHERE standard_fen > 0
    GROUP BY person_key, occupation_code, skill_level, standard_fen
),
-- Whole millionths of a standard, and what is left of each division in 10⁻⁹ of a millionth: thirds of one standard and two thirds of
-- another are exactly a whole. Shown is the sum in whole units of 10⁻¹², which comes to the same in whatever order it is added up.
share AS (
    SELECT
        person_key,
        occupation_code,
        skill_level,
        SUM(CAST((amount_fen * 1000000 - amount_fen * 1000000 % standard_fen) / standard_fen AS BIGINT)) AS whole_e6,
        SUM(CAST(ROUND(amount_fen * 1000000 % standard_fen * 1000000000 / standard_fen) AS BIGINT)) AS rest_e15,
        SUM(CAST(ROUND(amount_fen * 1000000 / standard_fen * 1000000) AS BIGINT)) AS share_e12
    FROM by_standard
    GROUP BY person_key, occupation_code, skill_level
),
repeated AS (
    SELECT
        s.person_key,
        s.occupation_code,
        s.skill_level,
        s.share_e12 / 1000000000000 AS value,
        1.0 + p.value AS threshold,
        'H' AS strength,
        'sum of shares of the standard' AS test
    FROM share AS s
    INNER JOIN entitlement AS e
        ON e.person_key = s.person_key AND e.occupation_code = s.occupation_code AND e.skill_level = s.skill_level
    CROSS JOIN policy AS p
    WHERE p.parameter = 'repeat_tolerance'
      AND p.city_code = '370000'
      AND e.last_claimed_on >= p.valid_from
      AND e.last_claimed_on <= p.valid_until
      -- Each rest is rounded by half a unit at most; that of one fen is hundreds.
      AND LEAST(s.whole_e6 - 1000000 - p.value_e6, 1000000) * 1000000000 + s.rest_e15 > 5
),
-- Level 5 is the lowest, 1 the highest; 0 is none and has no rank.
lower_after_higher AS (
    SELECT l.person_key, l.occupation_code, l.skill_level, MIN(h.skill_level) AS higher_level
    FROM entitlement AS l
    INNER JOIN entitlement AS h ON h.person_key = l.person_key AND h.occupation_code = l.occupation_code
    WHERE h.skill_level > 0 AND h.skill_level < l.skill_level AND h.first_claimed_on < l.first_claimed_on
    GROUP BY l.person_key, l.occupation_code, l.skill_level
),
hit AS (
    SELECT person_key, occupation_code, skill_level, value, threshold, strength, test FROM repeated
    UNION ALL
    SELECT
        w.person_key,
        w.occupation_code,
        w.skill_level,
        CAST(w.higher_level AS DOUBLE) AS value,
        CAST(w.skill_level AS DOUBLE) AS threshold,
        'W' AS strength,
        'level ' || CAST(w.higher_level AS VARCHAR) || ' was claimed earlier' AS test
    FROM lower_after_higher AS w
    LEFT ANTI JOIN repeated AS h
        ON h.person_key = w.person_key AND h.occupation_code = w.occupation_code AND h.skill_level = w.skill_level
),
own_claim AS (
    SELECT
        h.person_key,
        h.occupation_code,
        h.skill_level,
        c.claim_id,
        c.enrolment_id,
        c.city_code,
        c.org_id,
        c.platform_id,
        ROW_NUMBER() OVER (
            PARTITION BY h.person_key, h.occupation_code, h.skill_level ORDER BY c.claimed_on DESC, c.claim_id DESC
        ) AS place
    FROM hit AS h
    INNER JOIN claim AS c
        ON c.person_key = h.person_key AND c.occupation_code = h.occupation_code AND c.skill_level = h.skill_level
    -- A claim without a standard is in no sum.
    WHERE h.strength = 'W' OR c.standard_fen > 0
),
-- After its own claims, a lower level shows the claims of the higher levels that came before.
telling AS (
    SELECT person_key, occupation_code, skill_level, claim_id, place, city_code, org_id, platform_id FROM own_claim
    UNION ALL
    SELECT
        w.person_key,
        w.occupation_code,
        w.skill_level,
        c.claim_id,
        1000000 AS place,
        CAST(NULL AS VARCHAR) AS city_code,
        CAST(NULL AS VARCHAR) AS org_id,
        CAST(NULL AS VARCHAR) AS platform_id
    FROM lower_after_higher AS w
    INNER JOIN claim AS c ON c.person_key = w.person_key AND c.occupation_code = w.occupation_code
    WHERE c.skill_level > 0 AND c.skill_level < w.skill_level
),
evidence AS (
    SELECT
        person_key,
        occupation_code,
        skill_level,
        MAX(CASE WHEN place = 1 THEN city_code END) AS city_code,
        MAX(CASE WHEN place = 1 THEN org_id END) AS org_id,
        MAX(CASE WHEN place = 1 THEN platform_id END) AS platform_id,
        ARRAY_AGG('claims:' || claim_id ORDER BY place, claim_id LIMIT 100) AS evidence,
        COUNT(*) AS evidence_count
    FROM telling
    GROUP BY person_key, occupation_code, skill_level
),
hit_enrolment AS (
    SELECT DISTINCT person_key, occupation_code, skill_level, enrolment_id FROM own_claim
),
risk AS (
    SELECT
        e.person_key,
        e.occupation_code,
        e.skill_level,
        COALESCE(SUM(x.at_risk_fen), 0) AS amount_at_risk_fen,
        ARRAY_AGG(e.enrolment_id ORDER BY e.enrolment_id) AS enrolments
    FROM hit_enrolment AS e
    LEFT JOIN enrolment_risk AS x ON x.enrolment_id = e.enrolment_id
    GROUP BY e.person_key, e.occupation_code, e.skill_level
)
SELECT
    'person_occupation_level' AS entity_kind,
    key_hex(h.person_key) || '|' || h.occupation_code || '|' || CAST(h.skill_level AS VARCHAR) AS entity_id,
    '' AS period,
    e.city_code,
    e.org_id,
    e.platform_id,
    h.value,
    h.threshold,
    t.population,
    x.amount_at_risk_fen,
    x.enrolments,
    h.strength,
    e.evidence,
    e.evidence_count,
    '山东省职业技能提升行动有关规定 (' || h.test || ')' AS rule_ref
FROM hit AS h
INNER JOIN evidence AS e
    ON e.person_key = h.person_key AND e.occupation_code = h.occupation_code AND e.skill_level = h.skill_level
INNER JOIN risk AS x
    ON x.person_key = h.person_key AND x.occupation_code = h.occupation_code AND x.skill_level = h.skill_level
CROSS JOIN tested AS t
