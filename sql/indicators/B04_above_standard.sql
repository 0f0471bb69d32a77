/*
title_zh = "超标准或低课时"
title_en = "Above the standard, or too few hours"
description_zh = """
培训补贴（platform_share、offline_share、full）申领中，金额超过支付的市该职业该等级开班时补贴标准的；\
或超过该标准的课时单价上限乘以课时的；或所依据的课时少于其最低课时的。课时为该学员在该职业该等级全部报名的线上、\
线下课时之和，按整秒比较（每课时2700秒）。没有补贴标准的市不检验；标准未规定课时单价上限或最低课时的，该项不检验。\
指标值和阈值依次取首个成立的原因：金额（分）与标准；每课时金额（分）与单价上限（没有课时的为空）；课时与最低课时。\
不予通过的申领不计；已退回的照列，涉及金额为零。"""
description_en = """
Training subsidies (platform_share, offline_share, full) that are larger than the paying city's standard for the occupation and level in \
force at class start; or larger than that standard's hourly cap times the hours; or that rest on fewer hours than its minimum. Hours are \
online and offline hours of all the enrolments of the learner in that occupation and level, compared in whole seconds (an hour is 2700 s). \
A city without a standard is not tested, nor is a cap or a minimum that the standard does not give. Value and threshold are those of the \
first reason in this order: amount in fen against the standard; fen per hour against the cap (empty without any hours); hours against the \
minimum. Rejected claims are out; refunded ones are shown with nothing at risk."""
audience = "intermediate"
grain = ["entity_kind", "entity_id", "period"]
sources = ["notice 二（三）", "notice 三（一）"]
policy = []

[indicator]
id = "B04"
key = "above_standard"
title_zh = "超标准或低课时"
title_en = "Above the standard, or too few hours"
scheme_zh = "发放金额超过该市补贴标准，或压缩课时而全额领取"
scheme = "more is paid than the city's sheet allows, or the hours are cut short while the standard is paid in full"
strength = "H"
grain_zh = "申领"
grain = "claim"
threshold_zh = "金额超过标准；金额超过hourly_cap_yuan×课时；课时少于min_hours（均取自subsidy_standards，按市、职业、等级和日期）"
threshold = "amount above the standard; amount above hourly_cap_yuan × hours; hours below min_hours (all of subsidy_standards, by city, occupation, level and date)"
policy_reference = "培训补贴标准（各市）; 鲁人社字〔2020〕72号 二（三）每课时45分钟"
false_positives_zh = "年内调整的标准（以开班时为准）；申领平台补贴时线下报名尚未录入；同一职业同一等级此前培训的课时（计入，可能掩盖线索）；市里的课时取整"
false_positives = "a standard changed in the year (the one at class start counts); an offline part whose enrolment is not entered yet when the platform share is claimed; hours of an earlier training of the same occupation and level (they count, and may hide a hit); rounding of hours by a city"
ask_for_zh = "开班时该市的补贴标准表、载明课时的教学计划、签到表和学习记录，以及支付凭证"
ask_for = "the city's standard sheet at class start, the course plan with its hours, sign-in sheets and logs, and the payment slip"
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
        f.occupation_code,
        f.skill_level,
        f.amount_fen,
        f.status,
        f.standard_fen,
        f.standard_from,
        s.hourly_cap_fen,
        s.min_seconds,
        e.person_key AS learner_key
    FROM claim_facts AS f
    INNER JOIN enrolments AS e ON e.enrolment_id = f.enrolment_id
    INNER JOIN subsidy_standards AS s
        ON s.city_code = f.city_code
        AND s.occupation_code = f.occupation_code
        AND s.skill_level = f.skill_level
        AND s.valid_from = f.standard_from
    WHERE f.kind IN ('platform_share', 'offline_share', 'full') AND f.status <> 'rejected' AND f.standard_fen IS NOT NULL
),
tested AS (
    SELECT COUNT(*) AS population FROM claim
),
learnt AS (
    SELECT e.person_key, k.occupation_code, k.skill_level, SUM(e.online_seconds + e.offline_seconds) AS total_seconds
    FROM enrolments AS e
    CROSS JOIN run_context AS r
    INNER JOIN classes AS k ON k.class_id = e.class_id
    WHERE e.enrolled_on <= r.as_of
    GROUP BY e.person_key, k.occupation_code, k.skill_level
),
judged AS (
    SELECT
        c.claim_id,
        c.enrolment_id,
        c.class_id,
        c.city_code,
        c.org_id,
        c.platform_id,
        c.occupation_code,
        c.skill_level,
        c.amount_fen,
        c.status,
        c.standard_fen,
        c.standard_from,
        c.hourly_cap_fen,
        c.min_seconds,
        c.learner_key,
        l.total_seconds,
        c.amount_fen > c.standard_fen AS over_standard,
        COALESCE(c.amount_fen * 2700 > c.hourly_cap_fen * l.total_seconds, FALSE) AS over_hourly_cap,
        COALESCE(l.total_seconds < c.min_seconds, FALSE) AS too_few_hours
    FROM claim AS c
    LEFT JOIN learnt AS l
        ON l.person_key = c.learner_key AND l.occupation_code = c.occupation_code AND l.skill_level = c.skill_level
),
hit AS (
    SELECT
        claim_id,
        enrolment_id,
        class_id,
        city_code,
        org_id,
        platform_id,
        occupation_code,
        skill_level,
        amount_fen,
        status,
        learner_key,
        city_code || '|' || occupation_code || '|' || CAST(skill_level AS VARCHAR) || '|' || CAST(standard_from AS VARCHAR)
            AS standard_record,
        CASE
            WHEN over_standard THEN CAST(amount_fen AS DOUBLE)
            WHEN over_hourly_cap THEN CASE WHEN total_seconds > 0 THEN amount_fen * 2700 / total_seconds END
            ELSE total_seconds / 2700
        END AS value,
        CASE
            WHEN over_standard THEN CAST(standard_fen AS DOUBLE)
            WHEN over_hourly_cap THEN CAST(hourly_cap_fen AS DOUBLE)
            ELSE min_seconds / 2700
        END AS threshold,
        '培训补贴标准（自' || CAST(standard_from AS VARCHAR) || '）'
            || CASE WHEN over_standard THEN '；金额超过标准' ELSE '' END
            || CASE WHEN over_hourly_cap THEN '；超过课时单价上限' ELSE '' END
            || CASE WHEN too_few_hours THEN '；低于最低课时' ELSE '' END AS rule_ref
    FROM judged
    WHERE over_standard OR over_hourly_cap OR too_few_hours
),
-- The own enrolment, then the others whose hours count.
trained AS (
    SELECT h.claim_id, h.enrolment_id AS own_enrolment_id, e.enrolment_id
    FROM hit AS h
    CROSS JOIN run_context AS r
    INNER JOIN enrolments AS e ON e.person_key = h.learner_key
    INNER JOIN classes AS k
        ON k.class_id = e.class_id AND k.occupation_code = h.occupation_code AND k.skill_level = h.skill_level
    WHERE e.enrolled_on <= r.as_of
),
record AS (
    SELECT claim_id, 1 AS place, 'claims:' || claim_id AS record FROM hit
    UNION ALL
    SELECT claim_id, 2 AS place, 'subsidy_standards:' || standard_record AS record FROM hit
    UNION ALL
    SELECT claim_id, 3 AS place, 'enrolments:' || enrolment_id AS record FROM trained WHERE enrolment_id = own_enrolment_id
    UNION ALL
    SELECT claim_id, 4 AS place, 'enrolments:' || enrolment_id AS record FROM trained WHERE enrolment_id <> own_enrolment_id
    UNION ALL
    SELECT claim_id, 5 AS place, 'classes:' || class_id AS record FROM hit
),
evidence AS (
    SELECT claim_id, ARRAY_AGG(record ORDER BY place, record LIMIT 100) AS evidence, COUNT(*) AS evidence_count
    FROM record
    GROUP BY claim_id
)
SELECT
    'claim' AS entity_kind,
    h.claim_id AS entity_id,
    '' AS period,
    h.city_code,
    h.org_id,
    h.platform_id,
    h.value,
    h.threshold,
    t.population,
    CASE WHEN h.status IN ('paid', 'approved') THEN h.amount_fen ELSE 0 END AS amount_at_risk_fen,
    'H' AS strength,
    e.evidence,
    e.evidence_count,
    h.rule_ref
FROM hit AS h
INNER JOIN evidence AS e ON e.claim_id = h.claim_id
CROSS JOIN tested AS t
