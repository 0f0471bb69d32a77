/*
title_zh = "新机构突击发证"
title_en = "Burst of certificates after entry"
description_zh = """
有下列任一情形的发证机构。在entry_days（90天，备案之日为第0天）之内发证达到entry_certificates（1,000）本。\
同期发证多于同类在各自同期的发证：其他机构达到entry_percentile_peers（100）家的，多于entry_percentile（第99百分位，\
最近秩法）；达到entry_peers（8）家的，多于第三四分位数（最近秩法）的entry_quartile_factor（3）倍。\
月发证数达到上月的certificate_growth_factor（3）倍及以上，且上月不少于certificate_growth_base（200）本，\
如此连续certificate_growth_months（2）个月。分布为在各自初期有发证的全部机构，含被检验机构：其他机构的备案早于数据起始，\
或从未发证，四分位数为零则说明不了问题。发证数为不同证书编号的个数，按最早发证日期计；以多种身份备案的机构，\
取其后发证较多的一次备案。指标值和阈值：初期发证数与规定数或同类界限，否则为连续增长各月中最小的月增长倍数。\
涉及金额按这些天、这些月所发证书的报名计算。参数取统计基准日的规定。市取机构登记所在地。以分布为原因的，\
同类对象数为分布中的其他机构数；仅凭偶然，百分位法会命中全部机构的1减entry_percentile（由其算法必然如此），\
其余情形不是概率检验。"""
description_en = """
Issuing organisations with any of these. Within entry_days (90, counted from the day of filing, which is day 0) they issued entry_certificates \
(1,000) or more. In these days they issued more than the peers did in theirs: more than the entry_percentile (99th, by nearest rank) from \
entry_percentile_peers (100) other organisations on, more than entry_quartile_factor (3) times the third quartile (nearest rank) from \
entry_peers (8) others on. Their certificates of a month were at least certificate_growth_factor (3) times those of the month before, which \
were at least certificate_growth_base (200), and so certificate_growth_months (2) months running. The distribution is that of all \
organisations with a certificate in their first days, the tested one included: others were filed before the data begin or never issued, and a \
quartile of zeros would say nothing. Certificates are distinct numbers, at their first day of issue; an organisation filed in several roles is \
taken at the filing that more followed. Value and threshold: the certificates of the first days against the number or the limit of the peers, \
else the smallest monthly growth of the run. At risk are the enrolments of the certificates of these days and months. Parameters are those \
of the as-of date. City is that of the register. Peers are the other organisations of the distribution, where it is the reason; by chance alone \
the percentile would show one less entry_percentile of them all (as many by construction), the other reasons are no tests of a probability."""
audience = "intermediate"
grain = ["entity_kind", "entity_id", "period"]
sources = ["notice 二（二）", "notice 三（三）"]
policy = ["entry_days", "entry_certificates", "entry_peers", "entry_percentile_peers", "entry_percentile", "entry_quartile", "entry_quartile_factor", "certificate_growth_factor", "certificate_growth_base", "certificate_growth_months"]

[indicator]
id = "E03"
key = "burst_after_entry"
names_enrolments = true
statistical = true
title_zh = "新机构突击发证"
title_en = "Burst of certificates after entry"
scheme_zh = "借用或购买资质，在被发现之前发出成千上万张证书"
scheme = "a licence is borrowed or bought, and thousands of certificates are issued before anybody looks"
strength = "S"
grain_zh = "机构"
grain = "org"
threshold_zh = "备案后entry_days（90）天内：至少entry_certificates（1,000）本，或高于同类第99百分位（同类100家及以上），或高于第三四分位数的3倍（同类8至99家）；或月发证数连续2个月达到上月的3倍及以上，且上月不少于200本"
threshold = "in the first entry_days (90): at least entry_certificates (1,000), or above the peers' 99th percentile (100 peers on) or 3 × third quartile (8 to 99 peers); or × 3 or more from at least 200 a month, twice running"
policy_reference = "鲁人社字〔2020〕72号 三（三）; audit of Xianning: a body licensed in mid October issued over 2,600 certificates by December"
false_positives_zh = "一家大型用人单位的项目；疫情之后的积压；以新代码重新备案的老机构"
false_positives = "a project of one large employer, a backlog after the pandemic, an old body filed anew under another code"
ask_for_zh = "能力证明（考评员、考场、考核计划）、资质使用合同，以及抽样档案"
ask_for = "proof of capacity (examiners, rooms, examination plan), contracts on the use of the licence, and the papers of a sample"
*/
WITH
certificate AS (
    SELECT t.issuer_id, t.certificate_no, MIN(d.month_index) AS month_index, MAX(d.days_ago) AS days_ago
    FROM certificates AS t
    INNER JOIN elapsed_days AS d ON d.day = t.issued_on
    GROUP BY t.issuer_id, t.certificate_no
),
issuer AS (
    SELECT DISTINCT issuer_id FROM certificate
),
tested AS (
    SELECT COUNT(*) AS population FROM issuer
),
rule AS (
    SELECT
        MAX(CASE WHEN p.parameter = 'entry_days' THEN p.value_e6 END) AS days_e6,
        MAX(CASE WHEN p.parameter = 'entry_certificates' THEN p.value_e6 END) AS certificates_e6,
        MAX(CASE WHEN p.parameter = 'entry_certificates' THEN p.citation END) AS certificates_citation,
        MAX(CASE WHEN p.parameter = 'entry_peers' THEN p.value_e6 END) AS peers_e6,
        MAX(CASE WHEN p.parameter = 'entry_percentile_peers' THEN p.value_e6 END) AS percentile_peers_e6,
        MAX(CASE WHEN p.parameter = 'entry_percentile' THEN p.value_e6 END) AS percentile_e6,
        MAX(CASE WHEN p.parameter = 'entry_percentile' THEN p.citation END) AS percentile_citation,
        MAX(CASE WHEN p.parameter = 'entry_quartile' THEN p.value_e6 END) AS quartile_e6,
        MAX(CASE WHEN p.parameter = 'entry_quartile_factor' THEN p.value_e6 END) AS quartile_factor_e6,
        MAX(CASE WHEN p.parameter = 'entry_quartile_factor' THEN p.citation END) AS quartile_citation,
        MAX(CASE WHEN p.parameter = 'certificate_growth_factor' THEN p.value_e6 END) AS growth_e6,
        MAX(CASE WHEN p.parameter = 'certificate_growth_factor' THEN p.citation END) AS growth_citation,
        MAX(CASE WHEN p.parameter = 'certificate_growth_base' THEN p.value_e6 END) AS base_e6,
        MAX(CASE WHEN p.parameter = 'certificate_growth_months' THEN p.value_e6 END) AS months_e6
    FROM policy AS p
    CROSS JOIN run_context AS r
    WHERE p.city_code = '370000' AND r.as_of >= p.valid_from AND r.as_of <= p.valid_until
),
entry AS (
    SELECT org_id, days_ago, certificates, ROW_NUMBER() OVER (ORDER BY certificates, org_id) AS place
    FROM e03_first_certificates
),
entries AS (
    SELECT COUNT(*) AS orgs FROM entry
),
-- Nearest rank: the smallest value that at least this share of the organisations do not exceed.
percentile AS (
    SELECT MIN(e.certificates) AS certificates
    FROM entry AS e
    CROSS JOIN entries AS n
    CROSS JOIN rule AS r
    WHERE e.place * 1000000 >= n.orgs * r.percentile_e6
),
quartile AS (
    SELECT MIN(e.certificates) AS certificates
    FROM entry AS e
    CROSS JOIN entries AS n
    CROSS JOIN rule AS r
    WHERE e.place * 1000000 >= n.orgs * r.quartile_e6
),
judged_entry AS (
    SELECT
        e.org_id,
        e.days_ago,
        e.certificates,
        e.certificates * 1000000 >= r.certificates_e6 AS many,
        CASE
            WHEN (n.orgs - 1) * 1000000 >= r.percentile_peers_e6 THEN e.certificates > p.certificates
            WHEN (n.orgs - 1) * 1000000 >= r.peers_e6 THEN e.certificates * 1000000 > q.certificates * r.quartile_factor_e6
            ELSE FALSE
        END AS unusual,
        n.orgs - 1 AS peers,
        CASE
            WHEN (n.orgs - 1) * 1000000 >= r.percentile_peers_e6 THEN n.orgs * (1000000 - r.percentile_e6) / 1000000
        END AS expected_false_alarms,
        r.certificates_e6 / 1000000 AS least_many,
        CASE
            WHEN (n.orgs - 1) * 1000000 >= r.percentile_peers_e6 THEN CAST(p.certificates AS DOUBLE)
            ELSE q.certificates * r.quartile_factor_e6 / 1000000
        END AS most_usual,
        CASE
            WHEN e.certificates * 1000000 >= r.certificates_e6 THEN '备案后短期大量发证：' || r.certificates_citation
            WHEN (n.orgs - 1) * 1000000 >= r.percentile_peers_e6 THEN '备案后发证数高于同类百分位：' || r.percentile_citation
            ELSE '备案后发证数高于同类四分位倍数：' || r.quartile_citation
        END AS rule_ref
    FROM entry AS e
    CROSS JOIN entries AS n
    CROSS JOIN percentile AS p
    CROSS JOIN quartile AS q
    CROSS JOIN rule AS r
),
month_total AS (
    SELECT issuer_id, month_index, month_index + 1 AS next_index, COUNT(*) AS certificates
    FROM certificate
    GROUP BY issuer_id, month_index
),
grown AS (
    SELECT m.issuer_id, m.month_index, m.certificates, b.certificates AS base
    FROM month_total AS m
    INNER JOIN month_total AS b ON b.issuer_id = m.issuer_id AND b.next_index = m.month_index
    CROSS JOIN rule AS r
    WHERE b.certificates * 1000000 >= r.base_e6 AND m.certificates * 1000000 >= b.certificates * r.growth_e6
),
grown_place AS (
    SELECT
        issuer_id,
        month_index,
        certificates,
        base,
        month_index - ROW_NUMBER() OVER (PARTITION BY issuer_id ORDER BY month_index) AS run
    FROM grown
),
growth_run AS (
    SELECT
        g.issuer_id,
        g.run,
        COUNT(*) AS months,
        MIN(g.month_index) AS first_index,
        MAX(g.month_index) AS last_index,
        MIN(g.certificates / g.base) AS growth
    FROM grown_place AS g
    GROUP BY g.issuer_id, g.run
),
-- The latest run, if there are several.
growth_place AS (
    SELECT
        g.issuer_id,
        g.first_index,
        g.last_index,
        g.growth,
        r.growth_e6,
        r.growth_citation,
        ROW_NUMBER() OVER (PARTITION BY g.issuer_id ORDER BY -g.last_index) AS place
    FROM growth_run AS g
    CROSS JOIN rule AS r
    WHERE g.months * 1000000 >= r.months_e6
),
growth AS (
    SELECT issuer_id, first_index, last_index, growth, growth_e6, growth_citation FROM growth_place WHERE place = 1
),
hit AS (
    SELECT
        i.issuer_id,
        e.many OR e.unusual AS at_entry,
        e.days_ago AS filed_days_ago,
        g.first_index,
        g.last_index,
        CASE WHEN e.many OR e.unusual THEN CAST(e.certificates AS DOUBLE) ELSE g.growth END AS value,
        CASE WHEN e.many THEN e.least_many WHEN e.unusual THEN e.most_usual ELSE g.growth_e6 / 1000000 END AS threshold,
        CASE WHEN e.many OR e.unusual THEN e.rule_ref ELSE '月发证数连续数倍增长：' || g.growth_citation END AS rule_ref,
        CASE WHEN e.unusual AND NOT e.many THEN e.peers END AS peers,
        CASE WHEN e.unusual AND NOT e.many THEN e.expected_false_alarms END AS expected_false_alarms
    FROM issuer AS i
    LEFT JOIN judged_entry AS e ON e.org_id = i.issuer_id
    LEFT JOIN growth AS g ON g.issuer_id = i.issuer_id
    WHERE e.many OR e.unusual OR g.issuer_id IS NOT NULL
),
hit_number AS (
    SELECT h.issuer_id, c.certificate_no, c.days_ago
    FROM hit AS h
    INNER JOIN certificate AS c ON c.issuer_id = h.issuer_id
    CROSS JOIN rule AS r
    WHERE (h.at_entry
            AND h.filed_days_ago - c.days_ago >= 0
            AND (h.filed_days_ago - c.days_ago) * 1000000 <= r.days_e6)
       OR (c.month_index >= h.first_index AND c.month_index <= h.last_index)
),
hit_row AS (
    SELECT
        n.issuer_id,
        n.certificate_no,
        t.enrolment_id,
        e.city_code,
        ROW_NUMBER() OVER (PARTITION BY n.issuer_id ORDER BY -n.days_ago, n.certificate_no, t.enrolment_id) AS place
    FROM hit_number AS n
    INNER JOIN certificates AS t ON t.issuer_id = n.issuer_id AND t.certificate_no = n.certificate_no
    INNER JOIN elapsed_days AS d ON d.day = t.issued_on
    LEFT JOIN enrolments AS e ON e.enrolment_id = t.enrolment_id
),
evidence AS (
    SELECT
        issuer_id,
        MAX(CASE WHEN place = 1 THEN city_code END) AS city_code,
        ARRAY_AGG('certificates:' || certificate_no || '|' || enrolment_id ORDER BY place LIMIT 100) AS evidence,
        COUNT(*) AS evidence_count
    FROM hit_row
    GROUP BY issuer_id
),
concerned AS (
    SELECT DISTINCT issuer_id, enrolment_id FROM hit_row
),
risk AS (
    SELECT
        c.issuer_id,
        SUM(x.at_risk_fen) AS amount_at_risk_fen,
        ARRAY_AGG(c.enrolment_id ORDER BY c.enrolment_id) AS enrolments
    FROM concerned AS c
    LEFT JOIN enrolment_risk AS x ON x.enrolment_id = c.enrolment_id
    GROUP BY c.issuer_id
),
register AS (
    SELECT org_id, MIN(city_code) AS city_code FROM organizations GROUP BY org_id
)
SELECT
    'org' AS entity_kind,
    h.issuer_id AS entity_id,
    '' AS period,
    COALESCE(o.city_code, e.city_code) AS city_code,
    h.issuer_id AS org_id,
    CAST(NULL AS VARCHAR) AS platform_id,
    h.value,
    h.threshold,
    t.population,
    COALESCE(x.amount_at_risk_fen, 0) AS amount_at_risk_fen,
    x.enrolments,
    'S' AS strength,
    e.evidence,
    e.evidence_count,
    h.rule_ref,
    h.peers,
    h.expected_false_alarms
FROM hit AS h
INNER JOIN evidence AS e ON e.issuer_id = h.issuer_id
LEFT JOIN register AS o ON o.org_id = h.issuer_id
LEFT JOIN risk AS x ON x.issuer_id = h.issuer_id
CROSS JOIN tested AS t
