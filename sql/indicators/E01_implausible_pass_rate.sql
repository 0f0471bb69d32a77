/*
title_zh = "通过率异常"
title_en = "Implausible pass rate or scores"
description_zh = """
一个季度内考核达到pass_rate_assessments（100）次的评价机构和（班级的）培训机构，有下列任一情形的：\
合格率超过pass_rate_high（0.98），且与同类相比显著（单侧精确二项检验，对当夜全部检验作Benjamini–Hochberg校正，\
q小于pass_rate_q）；成绩标准差低于同类标准差中位数的score_spread_ratio（0.25）倍；恰好及格的成绩，\
即score_band_low至score_band_high（60至62分）之间的，占比达到score_band_share（30%）。\
同类为相同职业大类（编码首位）×培训方式×季度中同一性质的其他机构，至少8家，不足的取各季度，再不足的取该季度全部；\
职业大类有多个的机构，按其自身构成的同类比率对照。成绩检验需要100个成绩。参数取最后一次考核之日的规定。指标值和阈值依次取：\
合格率，标准差，成绩占比。市、平台，以及评价机构的培训机构，取考核次数最多的。涉及金额按参加考核的报名计算。\
检验对象数为同一性质且考核次数达到下限的机构×季度个数。同类对象数为所对照的其他机构数（构成有多个大类的，\
取其中同类最少的部分）；按合格率命中的预期误报数，最多为当夜全部显著检验的pass_rate_q。其余两种情形不是概率检验，\
成绩占比没有同类。"""
description_en = """
Assessment bodies, and training organisations (of the class), with at least pass_rate_assessments (100) assessments in a quarter and any of: a \
pass rate above pass_rate_high (0.98) that is significant against the peers (one-sided exact binomial test, Benjamini–Hochberg over all \
tests of the run, q below pass_rate_q); a standard deviation of the scores below score_spread_ratio (0.25) times the median of the peers'; at least \
score_band_share (30 %) of the scores just passed, from score_band_low to score_band_high (60 to 62). Peers are the other bodies of the same \
kind among the same occupation class (first digit of the code) × mode × quarter, at least 8, else those of all quarters, else all \
of the quarter; a body with a mix of classes is held against the rates of its own mix. The tests of scores need 100 scores. Parameters are those \
of the last day with an assessment. Value and threshold: the pass rate, else the standard deviation, else the share of scores. City, platform and, \
for an assessment body, training organisation are those of most assessments. At risk are the enrolments assessed. Population: bodies of the \
kind × quarters with so many assessments. Peers are the other bodies of the comparison (in a mix of classes, of its part with fewest); false alarms \
expected by chance, of hits by the pass rate, are at most pass_rate_q of all tests found significant in the run. The other two reasons are no tests of a \
probability, and the share of scores has no peers."""
audience = "intermediate"
grain = ["entity_kind", "entity_id", "period"]
sources = ["notice 三（三）"]
policy = ["pass_rate_assessments", "pass_rate_high", "pass_rate_q", "score_spread_ratio", "score_band_share", "score_band_low", "score_band_high"]

[indicator]
id = "E01"
key = "implausible_pass_rate"
names_enrolments = true
statistical = true
title_zh = "通过率异常"
title_en = "Implausible pass rate or scores"
scheme_zh = "评价机构出售证书：人人通过，成绩雷同或刚好及格"
scheme = "assessment bodies sell certificates: everybody passes, with scores that are copied or just enough"
strength = "S"
grain_zh = "评价机构或培训机构×季度"
grain = "assessor or training organisation × quarter"
threshold_zh = "至少100次考核，且：通过率高于pass_rate_high（0.98）并与同类相比q小于0.05；或成绩标准差低于同类中位数的0.25倍；或至少30%的成绩在[60, 62]之内"
threshold = "at least 100 assessments and: pass rate above pass_rate_high (0.98) with q below 0.05 against peers; or score sd below 0.25 × peers' median; or at least 30 % of scores in [60, 62]"
policy_reference = "国务院2022年度审计工作报告: 334 assessment bodies, about 140,000 certificates by lenient exams or altered scores; 鲁人社字〔2020〕72号 三（三）"
false_positives_zh = "同一职业大类中其他证书较难、本身极易通过的安全类证书；事先选拔或考核过的职工；分档很少的评分办法；未通过者的补考"
false_positives = "very easy safety certificates among harder ones of the same class, employees who were selected or examined before, a marking scheme with few steps, repeat examinations of those who failed"
ask_for_zh = "考场视频、抽样试卷及评分、考评员姓名，以及公布前后的成绩单"
ask_for = "video of the examination rooms, a sample of papers with their marks, the examiners' names and the mark lists before and after release"
*/
WITH
last_day AS (
    SELECT DISTINCT last_on FROM e01_assessment_quarters
),
rule AS (
    SELECT
        d.last_on,
        MAX(CASE WHEN p.parameter = 'pass_rate_assessments' THEN p.value_e6 END) AS least_e6,
        MAX(CASE WHEN p.parameter = 'pass_rate_high' THEN p.value_e6 END) AS high_e6,
        MAX(CASE WHEN p.parameter = 'pass_rate_high' THEN p.citation END) AS high_citation,
        MAX(CASE WHEN p.parameter = 'pass_rate_q' THEN p.value END) AS q_limit,
        MAX(CASE WHEN p.parameter = 'pass_rate_q' THEN p.value_e6 END) AS q_e6,
        MAX(CASE WHEN p.parameter = 'score_spread_ratio' THEN p.value_e6 END) AS spread_ratio_e6,
        MAX(CASE WHEN p.parameter = 'score_spread_ratio' THEN p.citation END) AS spread_citation,
        MAX(CASE WHEN p.parameter = 'score_band_share' THEN p.value_e6 END) AS band_share_e6,
        MAX(CASE WHEN p.parameter = 'score_band_share' THEN p.citation END) AS band_citation,
        MAX(CASE WHEN p.parameter = 'score_band_low' THEN p.value END) AS band_low,
        MAX(CASE WHEN p.parameter = 'score_band_high' THEN p.value END) AS band_high
    FROM last_day AS d
    CROSS JOIN policy AS p
    WHERE p.city_code = '370000' AND d.last_on >= p.valid_from AND d.last_on <= p.valid_until
    GROUP BY d.last_on
),
ruled AS (
    SELECT
        u.entity_kind,
        u.entity_id,
        u.quarter,
        u.assessments,
        u.passes,
        u.scores,
        u.band_scores,
        u.spread_e6,
        u.peer_spread_e6,
        u.pass_peers,
        u.spread_peers,
        t.q_value,
        r.least_e6,
        r.high_e6,
        r.high_citation,
        r.q_limit,
        r.q_e6,
        r.spread_ratio_e6,
        r.spread_citation,
        r.band_share_e6,
        r.band_citation,
        r.band_low,
        r.band_high
    FROM e01_assessment_quarters AS u
    INNER JOIN rule AS r ON r.last_on = u.last_on
    LEFT JOIN e01_pass_rate_tests AS t
        ON t.entity_kind = u.entity_kind AND t.entity_id = u.entity_id AND t.quarter = u.quarter
    WHERE u.assessments * 1000000 >= r.least_e6
),
tested AS (
    SELECT entity_kind, COUNT(*) AS population FROM ruled GROUP BY entity_kind
),
significant AS (
    SELECT SUM(CASE WHEN q_value < q_limit THEN 1 ELSE 0 END) AS tests FROM ruled
),
judged AS (
    SELECT
        entity_kind,
        entity_id,
        quarter,
        assessments,
        passes,
        scores,
        band_scores,
        spread_e6,
        peer_spread_e6,
        pass_peers,
        spread_peers,
        q_e6,
        high_e6,
        high_citation,
        spread_ratio_e6,
        spread_citation,
        band_share_e6,
        band_citation,
        band_low,
        band_high,
        COALESCE(passes * 1000000 > assessments * high_e6 AND q_value < q_limit, FALSE) AS all_pass,
        COALESCE(
            scores * 1000000 >= least_e6 AND spread_e6 * 1000000 < peer_spread_e6 * spread_ratio_e6,
            FALSE
        ) AS narrow,
        scores * 1000000 >= least_e6 AND band_scores * 1000000 >= scores * band_share_e6 AS just_passed
    FROM ruled
),
hit AS (
    SELECT
        entity_kind,
        entity_id,
        quarter,
        -- Where scores just passed are the reason, they are shown first.
        CASE WHEN NOT all_pass AND NOT narrow THEN band_low END AS shown_low,
        CASE WHEN NOT all_pass AND NOT narrow THEN band_high END AS shown_high,
        CASE
            WHEN all_pass THEN passes / assessments
            WHEN narrow THEN spread_e6 / 1000000
            ELSE band_scores / scores
        END AS value,
        CASE
            WHEN all_pass THEN high_e6 / 1000000
            WHEN narrow THEN peer_spread_e6 * spread_ratio_e6 / 1000000000000
            ELSE band_share_e6 / 1000000
        END AS threshold,
        CASE
            WHEN all_pass THEN '通过率显著高于同类：' || high_citation
            WHEN narrow THEN '成绩离散程度过小：' || spread_citation
            ELSE '成绩集中于及格线：' || band_citation
        END AS rule_ref,
        CASE WHEN all_pass THEN pass_peers WHEN narrow THEN spread_peers END AS peers,
        CASE WHEN all_pass THEN q_e6 END AS tested_q_e6
    FROM judged
    WHERE all_pass OR narrow OR just_passed
),
dated AS (
    SELECT
        s.assessment_id,
        s.enrolment_id,
        s.assessor_id,
        k.org_id,
        e.city_code,
        k.platform_id,
        s.score,
        COALESCE(s.started_day, s.ended_day) AS assessed_on,
        COALESCE(s.started_month, s.ended_month) AS month
    FROM assessments AS s
    LEFT JOIN enrolments AS e ON e.enrolment_id = s.enrolment_id
    LEFT JOIN classes AS k ON k.class_id = e.class_id
),
assessed AS (
    SELECT
        a.assessment_id,
        a.enrolment_id,
        a.assessor_id,
        a.org_id,
        a.city_code,
        a.platform_id,
        a.score,
        a.assessed_on,
        LEFT(a.month, 4) || CASE
            WHEN SUBSTR(a.month, 6, 2) <= '03' THEN '-Q1'
            WHEN SUBSTR(a.month, 6, 2) <= '06' THEN '-Q2'
            WHEN SUBSTR(a.month, 6, 2) <= '09' THEN '-Q3'
            ELSE '-Q4'
        END AS quarter
    FROM dated AS a
    INNER JOIN elapsed_days AS d ON d.day = a.assessed_on
),
hit_row AS (
    SELECT
        h.entity_kind,
        h.entity_id,
        h.quarter,
        a.assessment_id,
        a.enrolment_id,
        a.assessed_on,
        CASE WHEN a.score >= h.shown_low AND a.score <= h.shown_high THEN 0 ELSE 1 END AS turn,
        a.city_code,
        a.org_id,
        a.platform_id
    FROM hit AS h
    INNER JOIN assessed AS a ON a.assessor_id = h.entity_id AND a.quarter = h.quarter
    WHERE h.entity_kind = 'assessor'
    UNION ALL
    SELECT
        h.entity_kind,
        h.entity_id,
        h.quarter,
        a.assessment_id,
        a.enrolment_id,
        a.assessed_on,
        CASE WHEN a.score >= h.shown_low AND a.score <= h.shown_high THEN 0 ELSE 1 END AS turn,
        a.city_code,
        a.org_id,
        a.platform_id
    FROM hit AS h
    INNER JOIN assessed AS a ON a.org_id = h.entity_id AND a.quarter = h.quarter
    WHERE h.entity_kind = 'org'
),
side AS (
    SELECT entity_kind, entity_id, quarter, city_code, org_id, platform_id, COUNT(*) AS records
    FROM hit_row
    GROUP BY entity_kind, entity_id, quarter, city_code, org_id, platform_id
),
side_place AS (
    SELECT
        entity_kind,
        entity_id,
        quarter,
        city_code,
        org_id,
        platform_id,
        ROW_NUMBER() OVER (
            PARTITION BY entity_kind, entity_id, quarter
            ORDER BY -records, COALESCE(city_code, ''), COALESCE(org_id, ''), COALESCE(platform_id, '')
        ) AS place
    FROM side
),
main_side AS (
    SELECT entity_kind, entity_id, quarter, city_code, org_id, platform_id FROM side_place WHERE place = 1
),
evidence AS (
    SELECT
        entity_kind,
        entity_id,
        quarter,
        ARRAY_AGG('assessments:' || assessment_id ORDER BY turn, assessed_on, assessment_id LIMIT 100) AS evidence,
        COUNT(*) AS evidence_count
    FROM hit_row
    GROUP BY entity_kind, entity_id, quarter
),
concerned AS (
    SELECT DISTINCT entity_kind, entity_id, quarter, enrolment_id FROM hit_row
),
risk AS (
    SELECT
        c.entity_kind,
        c.entity_id,
        c.quarter,
        SUM(x.at_risk_fen) AS amount_at_risk_fen,
        ARRAY_AGG(c.enrolment_id ORDER BY c.enrolment_id) AS enrolments
    FROM concerned AS c
    LEFT JOIN enrolment_risk AS x ON x.enrolment_id = c.enrolment_id
    GROUP BY c.entity_kind, c.entity_id, c.quarter
)
SELECT
    h.entity_kind,
    h.entity_id,
    h.quarter AS period,
    s.city_code,
    s.org_id,
    s.platform_id,
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
    h.tested_q_e6 * g.tests / 1000000 AS expected_false_alarms
FROM hit AS h
CROSS JOIN significant AS g
INNER JOIN tested AS t ON t.entity_kind = h.entity_kind
INNER JOIN main_side AS s ON s.entity_kind = h.entity_kind AND s.entity_id = h.entity_id AND s.quarter = h.quarter
INNER JOIN evidence AS e ON e.entity_kind = h.entity_kind AND e.entity_id = h.entity_id AND e.quarter = h.quarter
LEFT JOIN risk AS x ON x.entity_kind = h.entity_kind AND x.entity_id = h.entity_id AND x.quarter = h.quarter
