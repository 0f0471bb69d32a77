/*
title_zh = "集中与突增"
title_en = "Concentration or growth spike"
description_zh = """
有关一家培训机构在一个支付的市一个季度的提示。集中：该市当季发放金额（按发放日期）中，\
该机构班级所占比重达到concentration_share，并且该机构的申领笔数（按申领日期）和发证数（不同编号，按发证日期，\
报名所在市）也居首位，含并列。突增：某一周的申领远高于同类（见f01_weekly_claims）。季末：申领达到quarter_end_claims笔，\
其中在季度最后quarter_end_days天的占比达到quarter_end_share。不予通过的申领不计，已退回的计入申领笔数，不计入发放金额。\
指标值和阈值依次取首个成立的原因。涉及金额按构成该原因的申领的报名：当季发放的、当周的、季末各日的计算。仅突增有同类：\
其同类组的各周，含本周，与claims_spike_peers的口径一致；预期误报数为所检验的每一周在claims_spike_z之外的单侧正态尾部概率。"""
description_en = """
Context about one training organisation in one paying city and one quarter. Concentration: at least concentration_share of the money that \
the city paid in the quarter (by day of payment) goes to classes of the organisation, which is also first, alone or with others, in claims \
(by day of claim) and in certificates (distinct numbers, by day of issue, city of the enrolment). Spike: the claims of a week are far \
above those of its peers (see f01_weekly_claims). End of quarter: of at least quarter_end_claims claims, at least quarter_end_share lie in \
the last quarter_end_days days of the quarter. Rejected claims are left out, refunded ones count as claims but not as money paid. Value \
and threshold are those of the first reason in this order. At risk are the enrolments whose claims make the reason: those paid in the \
quarter, of the week, of the last days. Only a spike has peers: the weeks of its peer group, itself included as for claims_spike_peers; the false alarms \
expected by chance are the one-sided normal tail beyond claims_spike_z for every week tested."""
audience = "intermediate"
grain = ["entity_kind", "entity_id", "period"]
sources = ["notice 三（三）"]
policy = ["concentration_share", "claims_spike_z", "claims_spike_peers", "quarter_end_days", "quarter_end_share", "quarter_end_claims"]

[indicator]
id = "F01"
key = "concentration_or_spike"
names_enrolments = true
statistical = true
title_zh = "集中与突增"
title_en = "Concentration or growth spike"
scheme_zh = "一家受照顾或受控制的机构拿走一市的大部分资金，或在核查之前突击申领"
scheme = "one favoured or captured body draws most of a city's money, or claims are pushed through before anybody can check"
strength = "W"
grain_zh = "机构×市×季度"
grain = "org × city × quarter"
threshold_zh = "占该市当季已发放资金至少concentration_share（0.5），且证书、申领和金额均列第一；或claims_spike_peers（8）家及以上同类中，周申领量稳健z至少claims_spike_z（3.5）；或quarter_end_claims（200）笔及以上申领中，至少quarter_end_share（0.6）在季末quarter_end_days（10）天"
threshold = "share of the city's paid money at least concentration_share (0.5) with rank 1 in certificates, claims and money; weekly claims robust z at least claims_spike_z (3.5) among claims_spike_peers (8) or more; quarter_end_share (0.6) of quarter_end_claims (200) claims or more in the last quarter_end_days (10) days"
policy_reference = "default"
false_positives_zh = "只有一家培训机构的小城市；十二月集中结清的培训任务；一次支付的积压；确实最好的机构"
false_positives = "small cities with one school; quotas settled in December; a backlog paid at once; a body that is simply the best"
ask_for_zh = "遴选会议记录、计划文件、当周申领及其班级，以及对该市其他机构的访谈"
ask_for = "minutes of the selection, plan documents, the claims of the week with their classes, and interviews with other bodies of the city"
*/
WITH
quarter_end AS (
    SELECT
        CAST(EXTRACT(YEAR FROM d.day) AS VARCHAR) || '-Q' || CAST(EXTRACT(QUARTER FROM d.day) AS VARCHAR) AS quarter,
        MAX(d.day) AS rule_on
    FROM days AS d
    GROUP BY quarter
),
claim AS (
    SELECT
        claim_id,
        enrolment_id,
        city_code,
        policy_city_code,
        org_id,
        platform_id,
        amount_fen,
        claimed_quarter,
        week,
        occupation_class,
        mode,
        days_left,
        paid_quarter
    FROM f01_claim
    WHERE org_id IS NOT NULL
),
-- All that the city paid, also for claims of which the training is not on record.
city_paid AS (
    SELECT city_code, paid_quarter AS quarter, SUM(amount_fen) AS paid_fen
    FROM f01_claim
    WHERE paid_quarter IS NOT NULL
    GROUP BY city_code, paid_quarter
),
-- What an organisation has in a city and a quarter: claims, money, certificates.
part AS (
    SELECT
        city_code,
        org_id,
        claimed_quarter AS quarter,
        CAST(COUNT(*) AS BIGINT) AS claims,
        0 AS paid_fen,
        0 AS certificates
    FROM claim
    GROUP BY city_code, org_id, claimed_quarter
    UNION ALL
    SELECT city_code, org_id, paid_quarter AS quarter, 0 AS claims, SUM(amount_fen) AS paid_fen, 0 AS certificates
    FROM claim
    WHERE paid_quarter IS NOT NULL
    GROUP BY city_code, org_id, paid_quarter
    UNION ALL
    SELECT
        n.city_code,
        k.org_id,
        z.issued_quarter AS quarter,
        0 AS claims,
        0 AS paid_fen,
        CAST(COUNT(DISTINCT z.certificate_no) AS BIGINT) AS certificates
    FROM certificates AS z
    INNER JOIN elapsed_days AS e ON e.day = z.issued_on
    INNER JOIN enrolments AS n ON n.enrolment_id = z.enrolment_id
    INNER JOIN classes AS k ON k.class_id = n.class_id
    GROUP BY n.city_code, k.org_id, z.issued_quarter
),
unit AS (
    SELECT
        city_code,
        org_id,
        quarter,
        CAST(SUM(claims) AS BIGINT) AS claims,
        CAST(SUM(paid_fen) AS BIGINT) AS paid_fen,
        CAST(SUM(certificates) AS BIGINT) AS certificates
    FROM part
    GROUP BY city_code, org_id, quarter
),
tested AS (
    SELECT CAST(COUNT(*) AS BIGINT) AS population FROM unit WHERE claims > 0 OR paid_fen > 0
),
city_quarter AS (
    SELECT
        city_code,
        quarter,
        MAX(claims) AS most_claims,
        MAX(paid_fen) AS most_paid_fen,
        MAX(certificates) AS most_certificates
    FROM unit
    GROUP BY city_code, quarter
),
-- Each city's limits in the quarters for which they hold, by the last day of the quarter.
limit_row AS (
    SELECT p.city_code, q.quarter, p.parameter, p.value, p.value_e6, p.citation
    FROM policy AS p
    INNER JOIN quarter_end AS q ON q.rule_on >= p.valid_from AND q.rule_on <= p.valid_until
),
city_limit AS (
    SELECT
        city_code,
        quarter,
        MAX(CASE WHEN parameter = 'concentration_share' THEN value_e6 END) AS share_e6,
        MAX(CASE WHEN parameter = 'claims_spike_z' THEN value END) AS spike_z,
        MAX(CASE WHEN parameter = 'claims_spike_peers' THEN value_e6 END) AS peers_e6,
        MAX(CASE WHEN parameter = 'quarter_end_days' THEN value_e6 END) AS end_days_e6,
        MAX(CASE WHEN parameter = 'quarter_end_share' THEN value_e6 END) AS end_share_e6,
        MAX(CASE WHEN parameter = 'quarter_end_claims' THEN value_e6 END) AS end_claims_e6
    FROM limit_row
    GROUP BY city_code, quarter
),
-- What chance puts beyond the limit if the measure is normal: its one-sided tail by Laplace's continued fraction, in 10⁻¹², good to
-- seven digits for limits from 3 on.
spike_tail AS (
    SELECT
        city_code,
        quarter,
        CAST(
            ROUND(
                EXP(-spike_z * spike_z / 2) / 2.5066282746310002
                    / (spike_z + 1 / (spike_z + 2 / (spike_z + 3 / (spike_z + 4 / (spike_z
                        + 5 / (spike_z + 6 / (spike_z + 7 / (spike_z + 8 / (spike_z + 9 / (spike_z + 10 / spike_z)))))))))) * 1000000000000,
                0
            ) AS BIGINT
        ) AS tail_e12
    FROM city_limit
),
area AS (
    SELECT DISTINCT city_code, policy_city_code FROM claim
),
concentrated AS (
    SELECT
        u.city_code,
        u.org_id,
        u.quarter,
        u.paid_fen / c.paid_fen AS value,
        m.share_e6 / 1000000 AS threshold
    FROM unit AS u
    INNER JOIN city_quarter AS q ON q.city_code = u.city_code AND q.quarter = u.quarter
    INNER JOIN city_paid AS c ON c.city_code = u.city_code AND c.quarter = u.quarter
    INNER JOIN area AS a ON a.city_code = u.city_code
    INNER JOIN city_limit AS m ON m.city_code = a.policy_city_code AND m.quarter = u.quarter
    WHERE u.paid_fen > 0
      AND u.paid_fen * 1000000 >= m.share_e6 * c.paid_fen
      AND u.paid_fen = q.most_paid_fen
      AND u.claims > 0
      AND u.claims = q.most_claims
      AND u.certificates > 0
      AND u.certificates = q.most_certificates
),
tested_week AS (
    SELECT
        w.city_code,
        w.org_id,
        w.quarter,
        w.week,
        w.occupation_class,
        w.mode,
        w.robust_z AS value,
        w.peers,
        m.spike_z AS threshold,
        t.tail_e12
    FROM f01_weekly_claims AS w
    INNER JOIN area AS a ON a.city_code = w.city_code
    INNER JOIN city_limit AS m ON m.city_code = a.policy_city_code AND m.quarter = w.quarter
    INNER JOIN spike_tail AS t ON t.city_code = m.city_code AND t.quarter = m.quarter
    WHERE w.robust_z IS NOT NULL AND w.peers * 1000000 >= m.peers_e6
),
chance AS (
    SELECT SUM(tail_e12) / 1000000000000 AS expected_false_alarms FROM tested_week
),
spike_week AS (
    SELECT city_code, org_id, quarter, week, occupation_class, mode, value, peers, threshold
    FROM tested_week
    WHERE value >= threshold
),
spike_place AS (
    SELECT
        city_code,
        org_id,
        quarter,
        value,
        peers,
        threshold,
        ROW_NUMBER() OVER (PARTITION BY city_code, org_id, quarter ORDER BY -value, week, occupation_class, mode) AS place
    FROM spike_week
),
spiked AS (
    SELECT city_code, org_id, quarter, value, peers, threshold FROM spike_place WHERE place = 1
),
claim_end AS (
    SELECT
        c.claim_id,
        c.city_code,
        c.org_id,
        c.claimed_quarter AS quarter,
        CASE WHEN c.days_left * 1000000 < m.end_days_e6 THEN 1 ELSE 0 END AS at_end,
        m.end_share_e6,
        m.end_claims_e6
    FROM claim AS c
    INNER JOIN city_limit AS m ON m.city_code = c.policy_city_code AND m.quarter = c.claimed_quarter
),
ended AS (
    SELECT
        city_code,
        org_id,
        quarter,
        CAST(COUNT(*) AS BIGINT) AS claims,
        CAST(SUM(at_end) AS BIGINT) AS at_end,
        MAX(end_share_e6) AS end_share_e6,
        MAX(end_claims_e6) AS end_claims_e6
    FROM claim_end
    GROUP BY city_code, org_id, quarter
),
pushed AS (
    SELECT city_code, org_id, quarter, at_end / claims AS value, end_share_e6 / 1000000 AS threshold
    FROM ended
    WHERE claims * 1000000 >= end_claims_e6 AND at_end * 1000000 >= end_share_e6 * claims
),
reason AS (
    SELECT city_code, org_id, quarter, 1 AS place, value, threshold, '补贴集中于一家机构' AS reason, CAST(NULL AS BIGINT) AS peers FROM concentrated
    UNION ALL
    SELECT city_code, org_id, quarter, 2 AS place, value, threshold, '周申领突增' AS reason, peers FROM spiked
    UNION ALL
    SELECT city_code, org_id, quarter, 3 AS place, value, threshold, '季末集中申领' AS reason, CAST(NULL AS BIGINT) AS peers FROM pushed
),
first_reason AS (
    SELECT city_code, org_id, quarter, MIN(place) AS place FROM reason GROUP BY city_code, org_id, quarter
),
-- The claims that make each reason.
reason_claim AS (
    SELECT h.city_code, h.org_id, h.quarter, 1 AS place, c.claim_id
    FROM concentrated AS h
    INNER JOIN claim AS c ON c.city_code = h.city_code AND c.org_id = h.org_id AND c.paid_quarter = h.quarter
    UNION ALL
    SELECT h.city_code, h.org_id, h.quarter, 2 AS place, c.claim_id
    FROM spike_week AS h
    INNER JOIN claim AS c
        ON c.city_code = h.city_code
        AND c.org_id = h.org_id
        AND c.claimed_quarter = h.quarter
        AND c.week = h.week
        AND c.occupation_class = h.occupation_class
        AND c.mode = h.mode
    UNION ALL
    SELECT h.city_code, h.org_id, h.quarter, 3 AS place, c.claim_id
    FROM pushed AS h
    INNER JOIN claim_end AS c ON c.city_code = h.city_code AND c.org_id = h.org_id AND c.quarter = h.quarter
    WHERE c.at_end = 1
),
hit_claim AS (
    SELECT city_code, org_id, quarter, claim_id, MIN(place) AS place
    FROM reason_claim
    GROUP BY city_code, org_id, quarter, claim_id
),
record AS (
    SELECT
        h.city_code,
        h.org_id,
        h.quarter,
        h.place,
        c.claim_id,
        c.enrolment_id,
        c.platform_id,
        -c.amount_fen AS minus_fen
    FROM hit_claim AS h
    INNER JOIN claim AS c ON c.claim_id = h.claim_id
),
evidence AS (
    SELECT
        city_code,
        org_id,
        quarter,
        MIN(platform_id) AS platform_id,
        ARRAY_AGG('claims:' || claim_id ORDER BY place, minus_fen, claim_id LIMIT 100) AS evidence,
        CAST(COUNT(*) AS BIGINT) AS evidence_count
    FROM record
    GROUP BY city_code, org_id, quarter
),
hit_enrolment AS (
    SELECT DISTINCT city_code, org_id, quarter, enrolment_id FROM record
),
risk AS (
    SELECT
        h.city_code,
        h.org_id,
        h.quarter,
        SUM(x.at_risk_fen) AS amount_at_risk_fen,
        ARRAY_AGG(h.enrolment_id ORDER BY h.enrolment_id) AS enrolments
    FROM hit_enrolment AS h
    LEFT JOIN enrolment_risk AS x ON x.enrolment_id = h.enrolment_id
    GROUP BY h.city_code, h.org_id, h.quarter
)
SELECT
    'org_city' AS entity_kind,
    h.org_id || '|' || h.city_code AS entity_id,
    h.quarter AS period,
    h.city_code,
    h.org_id,
    e.platform_id,
    h.value,
    h.threshold,
    t.population,
    COALESCE(x.amount_at_risk_fen, 0) AS amount_at_risk_fen,
    x.enrolments,
    'W' AS strength,
    e.evidence,
    e.evidence_count,
    h.reason || '（默认值）' AS rule_ref,
    h.peers,
    CASE WHEN h.place = 2 THEN z.expected_false_alarms END AS expected_false_alarms
FROM reason AS h
INNER JOIN first_reason AS f
    ON f.city_code = h.city_code AND f.org_id = h.org_id AND f.quarter = h.quarter AND f.place = h.place
INNER JOIN evidence AS e ON e.city_code = h.city_code AND e.org_id = h.org_id AND e.quarter = h.quarter
LEFT JOIN risk AS x ON x.city_code = h.city_code AND x.org_id = h.org_id AND x.quarter = h.quarter
CROSS JOIN tested AS t
CROSS JOIN chance AS z
