/*
title_zh = "跨市跨资金重复"
title_en = "Paid by two cities or two funds"
description_zh = """
有两笔培训补贴（platform_share、offline_share、full）由不同的市或不同的资金支付同一培训的人员：\
同一职业的班级起止日期重叠（含首尾两日），或两次报名持有同一证书编号。同一职业同一等级的平台补贴和线下补贴，\
是同一培训20%与80%的分段补贴，不论由哪个市、哪项资金支付，均不构成此类重复。不予通过和已退回的申领不计，\
统计基准日之后签发的证书不计，占位的证书编号（同一数字重复、123456之类，没有数字的文字）也不计。指标值为构成此类重复的申领笔数，两笔即命中。市、培训机构和平台取其中最近一笔。"""
description_en = """
Persons with two training subsidies (platform_share, offline_share, full) of different paying cities or different funds that pay for one \
training: the classes' dates overlap (both ends included) in one occupation, or the enrolments hold one certificate number. A platform share \
and an offline share of one occupation and level are the 20/80 split of one training and no such pair, whatever the cities and funds. \
Rejected and refunded claims are left out, as are certificates issued after the as-of day and placeholders \
for a number (one digit repeated, runs like 123456, words without a digit). Value is the number of claims that are in such a \
pair; two are enough. City, organisation and platform are those of the latest of them."""
audience = "intermediate"
grain = ["entity_kind", "entity_id", "period"]
sources = ["notice 三（一）", "notice 三（三）"]
policy = []

[indicator]
id = "A07"
key = "cross_city_duplicate"
names_enrolments = true
title_zh = "跨市跨资金重复"
title_en = "Paid by two cities or two funds"
scheme_zh = "同一次培训在两市或两项资金申领，各市互不知情"
scheme = "one training is claimed in two cities, or from two funds, where no city sees the other's claims"
strength = "H"
grain_zh = "人员"
grain = "person"
threshold_zh = "两笔培训补贴申领分属两市或两项资金，且班级同一职业、时间重叠，或证书编号相同；20%与80%的分段补贴除外"
threshold = "two training claims of two cities or two funds with overlapping classes of one occupation, or with one certificate number; the 20/80 split excepted"
policy_reference = "鲁人社字〔2020〕72号 三（一）, 三（三）; 山东省职业技能提升行动有关规定: 同一职业同一等级不可重复享受"
false_positives_zh = "误录在其他市、尚未撤回即已在正确的市重新录入的申领；莱芜并入济南（代码已对应）；户籍市与培训市以全额类别按二八分担；同一职业两个等级的两个真实业余班"
false_positives = "a correction entered in the wrong city before the first entry is withdrawn; the merger of Laiwu into Jinan (codes are mapped); the home city and the training city splitting 20/80 under the kind full; two real part-time classes of one occupation at two levels"
ask_for_zh = "两份申领表及支付凭证、两份带签到的名册，以及证书和作为其依据的考核记录"
ask_for = "both claim forms and payment slips, both rosters with signed attendance, and the certificate with the assessment that it rests on"
*/
WITH
claim AS (
    SELECT
        c.claim_id,
        c.enrolment_id,
        c.person_key,
        c.kind,
        m.fund,
        c.city_code,
        c.claimed_on,
        c.class_id,
        c.org_id,
        c.platform_id,
        c.occupation_code,
        c.skill_level,
        k.start_on,
        k.end_on
    FROM claim_facts AS c
    INNER JOIN claims AS m ON m.claim_id = c.claim_id
    LEFT JOIN classes AS k ON k.class_id = c.class_id
    WHERE c.kind IN ('platform_share', 'offline_share', 'full') AND c.status NOT IN ('rejected', 'refunded')
),
tested AS (
    SELECT COUNT(DISTINCT person_key) AS population FROM claim
),
suspect AS (
    SELECT person_key
    FROM claim
    GROUP BY person_key
    HAVING COUNT(DISTINCT city_code) > 1 OR COUNT(DISTINCT fund) > 1
),
narrowed AS (
    SELECT
        c.claim_id,
        c.enrolment_id,
        c.person_key,
        c.kind,
        c.fund,
        c.city_code,
        c.class_id,
        c.occupation_code,
        c.skill_level,
        c.start_on,
        c.end_on
    FROM claim AS c
    LEFT SEMI JOIN suspect AS s ON s.person_key = c.person_key
),
-- What a pair is judged by, once; several claims of a class, city, fund and kind are one unit.
unit AS (
    SELECT DISTINCT person_key, class_id, occupation_code, skill_level, start_on, end_on, kind, fund, city_code
    FROM narrowed
    WHERE class_id IS NOT NULL AND occupation_code IS NOT NULL AND start_on IS NOT NULL
),
overlapping AS (
    SELECT DISTINCT a.person_key, a.class_id, a.kind, a.fund, a.city_code
    FROM unit AS a
    INNER JOIN unit AS b ON b.person_key = a.person_key AND b.occupation_code = a.occupation_code
    WHERE (a.city_code <> b.city_code OR a.fund <> b.fund)
      AND a.start_on <= b.end_on
      AND b.start_on <= a.end_on
      AND NOT (
          a.skill_level = b.skill_level
          AND ((a.kind = 'platform_share' AND b.kind = 'offline_share') OR (a.kind = 'offline_share' AND b.kind = 'platform_share'))
      )
),
-- A claim of an unknown class is of no known occupation: with its other share it passes for a split.
held AS (
    SELECT DISTINCT
        n.person_key,
        n.enrolment_id,
        t.certificate_no,
        UPPER(REPLACE(t.certificate_no, ' ', '')) AS number,
        COALESCE(n.occupation_code, '') AS occupation_code,
        COALESCE(n.skill_level, -1) AS skill_level,
        n.kind,
        n.fund,
        n.city_code
    FROM narrowed AS n
    INNER JOIN certificates AS t ON t.enrolment_id = n.enrolment_id
    CROSS JOIN run_context AS r
    WHERE t.issued_on <= r.as_of
),
-- Zeros, 123456 or 待补 are the number of no certificate.
resting AS (
    SELECT h.person_key, h.enrolment_id, h.certificate_no, h.number, h.occupation_code, h.skill_level, h.kind, h.fund, h.city_code
    FROM held AS h
    WHERE NOT is_placeholder(REPLACE(h.number, '-', '')) AND REGEXP_LIKE(h.number, '[0-9]')
),
certified AS (
    SELECT DISTINCT a.person_key, a.enrolment_id, a.certificate_no, a.kind, a.fund, a.city_code
    FROM resting AS a
    INNER JOIN resting AS b ON b.person_key = a.person_key AND b.number = a.number
    WHERE (a.city_code <> b.city_code OR a.fund <> b.fund)
      AND NOT (
          (a.occupation_code = b.occupation_code OR a.occupation_code = '' OR b.occupation_code = '')
          AND (a.skill_level = b.skill_level OR a.skill_level = -1 OR b.skill_level = -1)
          AND ((a.kind = 'platform_share' AND b.kind = 'offline_share') OR (a.kind = 'offline_share' AND b.kind = 'platform_share'))
      )
),
paired AS (
    SELECT n.claim_id
    FROM narrowed AS n
    INNER JOIN overlapping AS o
        ON o.person_key = n.person_key
        AND o.class_id = n.class_id
        AND o.kind = n.kind
        AND o.fund = n.fund
        AND o.city_code = n.city_code
    UNION ALL
    SELECT n.claim_id
    FROM narrowed AS n
    INNER JOIN certified AS o
        ON o.person_key = n.person_key
        AND o.enrolment_id = n.enrolment_id
        AND o.kind = n.kind
        AND o.fund = n.fund
        AND o.city_code = n.city_code
),
hit_claim AS (
    SELECT
        c.person_key,
        c.claim_id,
        c.enrolment_id,
        c.class_id,
        c.city_code,
        c.org_id,
        c.platform_id,
        ROW_NUMBER() OVER (PARTITION BY c.person_key ORDER BY c.claimed_on DESC, c.claim_id DESC) AS place
    FROM claim AS c
    LEFT SEMI JOIN paired AS p ON p.claim_id = c.claim_id
),
hit AS (
    SELECT
        person_key,
        COUNT(*) AS claims,
        MAX(CASE WHEN place = 1 THEN city_code END) AS city_code,
        MAX(CASE WHEN place = 1 THEN org_id END) AS org_id,
        MAX(CASE WHEN place = 1 THEN platform_id END) AS platform_id
    FROM hit_claim
    GROUP BY person_key
),
hit_enrolment AS (
    SELECT DISTINCT person_key, enrolment_id FROM hit_claim
),
risk AS (
    SELECT
        e.person_key,
        COALESCE(SUM(x.at_risk_fen), 0) AS amount_at_risk_fen,
        ARRAY_AGG(e.enrolment_id ORDER BY e.enrolment_id) AS enrolments
    FROM hit_enrolment AS e
    LEFT JOIN enrolment_risk AS x ON x.enrolment_id = e.enrolment_id
    GROUP BY e.person_key
),
record AS (
    SELECT person_key, place, 'claims:' || claim_id AS record FROM hit_claim
    UNION ALL
    SELECT DISTINCT o.person_key, 1000000 AS place, 'certificates:' || o.certificate_no || '|' || o.enrolment_id AS record
    FROM certified AS o
    UNION ALL
    SELECT DISTINCT h.person_key, 1000001 AS place, 'classes:' || h.class_id AS record
    FROM hit_claim AS h
    WHERE h.class_id IS NOT NULL
),
evidence AS (
    SELECT person_key, ARRAY_AGG(record ORDER BY place, record LIMIT 100) AS evidence, COUNT(*) AS evidence_count
    FROM record
    GROUP BY person_key
)
SELECT
    'person' AS entity_kind,
    key_hex(h.person_key) AS entity_id,
    '' AS period,
    h.city_code,
    h.org_id,
    h.platform_id,
    CAST(h.claims AS DOUBLE) AS value,
    2.0 AS threshold,
    t.population,
    x.amount_at_risk_fen,
    x.enrolments,
    'H' AS strength,
    e.evidence,
    e.evidence_count,
    CASE
        WHEN o.person_key IS NULL THEN '鲁人社字〔2020〕72号 三（三）：两笔申领依据同一证书编号'
        ELSE '山东省职业技能提升行动有关规定：同一职业同一等级不可重复享受'
    END AS rule_ref
FROM hit AS h
LEFT JOIN (SELECT DISTINCT person_key FROM overlapping) AS o ON o.person_key = h.person_key
INNER JOIN evidence AS e ON e.person_key = h.person_key
INNER JOIN risk AS x ON x.person_key = h.person_key
CROSS JOIN tested AS t
