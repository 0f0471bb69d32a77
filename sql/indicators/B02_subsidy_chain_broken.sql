/*
title_zh = "分段补贴超额"
title_en = "Chain of platform and offline shares broken"
description_zh = """
同一人同一职业同一等级的各笔培训补贴（platform_share、offline_share、full），各年度、各市、各项资金合并，\
作为一条分段补贴链。命中情形：两笔及以上申领合计超过补贴标准（单笔超标准的归B04）；已有平台补贴，而线下补贴达到全额标准；\
有线下补贴而无任何平台补贴；线下补贴的班级开班日期晚于80%条款的最后日期。后两种情形不需要补贴标准，单笔申领也作判断。\
补贴标准取链上各笔申领标准（支付的市、开班时）中最大的；没有标准的申领，其金额计入合计。不予通过和已退回的申领不计：\
已退回的平台补贴视为没有。指标值和阈值依次取首个成立的原因：合计金额（分）与标准；线下补贴金额（分）与标准；\
平台补贴笔数与所需的1笔；开班日期（yyyymmdd）与允许的最后日期。市、培训机构和平台取证据记录中的首笔申领：即最近一笔，\
仅线下补贴存疑的为最近一笔线下补贴。"""
description_en = """
Training subsidies (platform_share, offline_share, full) of one person for one occupation and level, over all years, cities and funds, \
taken together as one chain. Hits: two or more claims that add up to more than the standard (a single one is B04's); an offline share as \
large as the full standard though there is a platform share; an offline share without any platform share; an offline share of a class \
that starts after the last day of the 80 % clause. The last two need no standard and are judged for a single claim too. The standard is the largest of \
those of the chain's claims (paying city, class start); amounts of claims without a standard count in the sum. Rejected and refunded \
claims are left out: a refunded platform share is none. Value and threshold are those of the first reason in this order: sum in fen \
against the standard; offline share in fen against the standard; number of platform shares against the one needed; class start as \
yyyymmdd against the last day allowed. City, organisation and platform are those of the first claim in the evidence: the latest, or the \
latest offline share where only that is in doubt."""
audience = "intermediate"
grain = ["entity_kind", "entity_id", "period"]
sources = ["notice 三（一）"]
policy = ["offline_share_last_start"]

[indicator]
id = "B02"
key = "subsidy_chain_broken"
names_enrolments = true
title_zh = "分段补贴超额"
title_en = "Chain of platform and offline shares broken"
scheme_zh = "平台已领20%之后线下部分仍领全额，或没有线上部分的培训领取80%"
scheme = "the full standard is taken for the offline part after the platform had its 20 %, or the 80 % is taken for a training that had no online part"
strength = "H"
grain_zh = "人员×职业×等级"
grain = "person × occupation × level"
threshold_zh = "两笔及以上申领合计超过标准；已有平台补贴而线下补贴达到全额标准；有线下补贴而无平台补贴；线下补贴的班级开班晚于offline_share_last_start（2020-12-31）"
threshold = "sum of two or more claims above the standard; offline share of the full standard beside a platform share; offline share without a platform share; class start after offline_share_last_start (2020-12-31)"
policy_reference = "鲁人社字〔2020〕72号 三（一）: 线上平台不高于标准的20%, 2020年12月31日之前再参加线下实训按标准的80%"
false_positives_zh = "由数据之外的市支付的平台补贴；晚于线下补贴申领的平台补贴；市里延长该条款（日期以政策行录入）；数据中尚未反映的退款"
false_positives = "a platform share paid by a city outside the data; a platform share that is claimed later than the offline share; an extension of the clause by the city (enter its date as a policy row); a refund that the feed does not show yet"
ask_for_zh = "两笔申领及其支付凭证、开班时支付市的补贴标准表、签到表上的开班日期，以及平台关于线上部分的记录"
ask_for = "both claims with their payment slips, the standard sheets of the paying cities at class start, the class's start on the sign-in sheets, and the platform's record of the online part"
*/
WITH
claim AS (
    SELECT
        f.person_key,
        f.occupation_code,
        f.skill_level,
        f.claim_id,
        f.enrolment_id,
        f.kind,
        f.city_code,
        f.org_id,
        f.platform_id,
        f.amount_fen,
        f.standard_fen,
        f.standard_from,
        f.start_on,
        CAST(EXTRACT(YEAR FROM f.claimed_on) AS BIGINT) * 10000
            + CAST(EXTRACT(MONTH FROM f.claimed_on) AS BIGINT) * 100
            + CAST(EXTRACT(DAY FROM f.claimed_on) AS BIGINT) AS claimed_number,
        CAST(EXTRACT(YEAR FROM f.start_on) AS BIGINT) * 10000
            + CAST(EXTRACT(MONTH FROM f.start_on) AS BIGINT) * 100
            + CAST(EXTRACT(DAY FROM f.start_on) AS BIGINT) AS start_number,
        COALESCE(a.city_code, '370000') AS policy_city_code
    FROM claim_facts AS f
    LEFT JOIN cities AS a ON a.city_code = f.city_code
    WHERE f.kind IN ('platform_share', 'offline_share', 'full')
      AND f.status NOT IN ('rejected', 'refunded')
      AND f.occupation_code IS NOT NULL
      AND f.skill_level IS NOT NULL
),
chain AS (
    SELECT
        person_key,
        occupation_code,
        skill_level,
        COUNT(*) AS claims,
        SUM(amount_fen) AS amount_fen,
        MAX(standard_fen) AS standard_fen,
        SUM(CASE WHEN kind = 'platform_share' THEN 1 ELSE 0 END) AS platform_shares,
        SUM(CASE WHEN kind = 'offline_share' THEN 1 ELSE 0 END) AS offline_shares,
        MAX(CASE WHEN kind = 'offline_share' THEN amount_fen END) AS offline_fen
    FROM claim
    GROUP BY person_key, occupation_code, skill_level
),
tested AS (
    SELECT COUNT(*) AS population FROM chain WHERE claims > 1 OR offline_shares > 0
),
late AS (
    SELECT
        c.person_key,
        c.occupation_code,
        c.skill_level,
        MAX(c.start_number) AS start_number,
        MAX(p.value) AS last_start
    FROM claim AS c
    INNER JOIN policy AS p ON p.city_code = c.policy_city_code
    WHERE p.parameter = 'offline_share_last_start'
      AND c.start_on >= p.valid_from
      AND c.start_on <= p.valid_until
      AND c.kind = 'offline_share'
      AND c.start_number * 1000000 > p.value_e6
    GROUP BY c.person_key, c.occupation_code, c.skill_level
),
judged AS (
    SELECT
        c.person_key,
        c.occupation_code,
        c.skill_level,
        c.amount_fen,
        c.standard_fen,
        c.offline_fen,
        c.platform_shares,
        l.start_number,
        l.last_start,
        COALESCE(c.claims > 1 AND c.amount_fen > c.standard_fen, FALSE) AS over_sum,
        COALESCE(c.platform_shares > 0 AND c.offline_fen >= c.standard_fen, FALSE) AS full_offline,
        c.offline_shares > 0 AND c.platform_shares = 0 AS no_platform,
        l.start_number IS NOT NULL AS late_start
    FROM chain AS c
    LEFT JOIN late AS l
        ON l.person_key = c.person_key AND l.occupation_code = c.occupation_code AND l.skill_level = c.skill_level
),
hit AS (
    SELECT
        person_key,
        occupation_code,
        skill_level,
        standard_fen,
        CASE
            WHEN over_sum THEN CAST(amount_fen AS DOUBLE)
            WHEN full_offline THEN CAST(offline_fen AS DOUBLE)
            WHEN no_platform THEN 0.0
            ELSE CAST(start_number AS DOUBLE)
        END AS value,
        CASE
            WHEN over_sum OR full_offline THEN CAST(standard_fen AS DOUBLE)
            WHEN no_platform THEN 1.0
            ELSE last_start
        END AS threshold,
        CASE WHEN over_sum OR full_offline THEN 0 ELSE 1 END AS offline_first,
        '鲁人社字〔2020〕72号 三（一）'
            || CASE WHEN over_sum THEN '；各段合计超过标准' ELSE '' END
            || CASE WHEN full_offline THEN '；已有平台补贴，线下补贴仍按全额' ELSE '' END
            || CASE WHEN no_platform THEN '；只有线下补贴，没有平台补贴' ELSE '' END
            || CASE WHEN late_start THEN '；线下开班晚于政策截止日期' ELSE '' END AS rule_ref
    FROM judged
    WHERE over_sum OR full_offline OR no_platform OR late_start
),
hit_claim AS (
    SELECT
        h.person_key,
        h.occupation_code,
        h.skill_level,
        c.claim_id,
        c.enrolment_id,
        c.city_code,
        c.org_id,
        c.platform_id,
        CASE WHEN h.offline_first = 1 AND c.kind <> 'offline_share' THEN 1 ELSE 0 END AS aside,
        -c.claimed_number AS latest_first
    FROM hit AS h
    INNER JOIN claim AS c
        ON c.person_key = h.person_key AND c.occupation_code = h.occupation_code AND c.skill_level = h.skill_level
),
own_claim AS (
    SELECT
        person_key,
        occupation_code,
        skill_level,
        claim_id,
        enrolment_id,
        city_code,
        org_id,
        platform_id,
        ROW_NUMBER() OVER (
            PARTITION BY person_key, occupation_code, skill_level ORDER BY aside, latest_first, claim_id
        ) AS place
    FROM hit_claim
),
-- After the claims, the standard that they are measured by.
standard AS (
    SELECT DISTINCT
        h.person_key,
        h.occupation_code,
        h.skill_level,
        c.city_code || '|' || c.occupation_code || '|' || CAST(c.skill_level AS VARCHAR) || '|' || CAST(c.standard_from AS VARCHAR) AS record
    FROM hit AS h
    INNER JOIN claim AS c
        ON c.person_key = h.person_key AND c.occupation_code = h.occupation_code AND c.skill_level = h.skill_level
    WHERE c.standard_fen = h.standard_fen
),
telling AS (
    SELECT person_key, occupation_code, skill_level, 'claims:' || claim_id AS record, place, city_code, org_id, platform_id
    FROM own_claim
    UNION ALL
    SELECT
        person_key,
        occupation_code,
        skill_level,
        'subsidy_standards:' || record AS record,
        1000000 AS place,
        CAST(NULL AS VARCHAR) AS city_code,
        CAST(NULL AS VARCHAR) AS org_id,
        CAST(NULL AS VARCHAR) AS platform_id
    FROM standard
),
evidence AS (
    SELECT
        person_key,
        occupation_code,
        skill_level,
        MAX(CASE WHEN place = 1 THEN city_code END) AS city_code,
        MAX(CASE WHEN place = 1 THEN org_id END) AS org_id,
        MAX(CASE WHEN place = 1 THEN platform_id END) AS platform_id,
        ARRAY_AGG(record ORDER BY place, record LIMIT 100) AS evidence,
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
    'H' AS strength,
    e.evidence,
    e.evidence_count,
    h.rule_ref
FROM hit AS h
INNER JOIN evidence AS e
    ON e.person_key = h.person_key AND e.occupation_code = h.occupation_code AND e.skill_level = h.skill_level
INNER JOIN risk AS x
    ON x.person_key = h.person_key AND x.occupation_code = h.occupation_code AND x.skill_level = h.skill_level
CROSS JOIN tested AS t
