/*
title_zh = "身份号码无效或占位"
title_en = "Invalid or placeholder citizen number"
description_zh = """
报名人员中，身份号码违反GB 11643（长度、格式、校验码、不存在的日期、重复或连续的数字）的，\
或出生日期晚于其任一班级开班日期的：硬性。仅有从未使用过的区划代码，或仅为15位旧号码的：提示。每人一行；\
指标值为使用该号码的报名数，一次即命中。市、培训机构和平台取该人最早的报名。"""
description_en = """
Persons of the enrolments whose citizen number contradicts GB 11643 (length, form, check digit, impossible date, repeated or sequential \
digits), or who were born after the start of one of their classes: hard. A division that was never assigned, or an old number of 15 \
digits, alone: context. One row per person; value is the number of enrolments that rest on the number, and one is enough. City, \
organisation and platform are those of the person's earliest enrolment."""
audience = "intermediate"
grain = ["entity_kind", "entity_id", "period"]
sources = ["notice 二（一）", "notice 三（三）"]
policy = []

[indicator]
id = "A01"
key = "invalid_identity"
names_enrolments = true
title_zh = "身份号码无效或占位"
title_en = "Invalid or placeholder citizen number"
scheme_zh = "虚构学员：用没有真实身份号码的姓名或占位号码充填名册"
scheme = "invented trainees: names without a real citizen number, or placeholders, fill a roster"
strength = "H/W"
grain_zh = "人员"
grain = "person"
threshold_zh = "违反GB 11643的任何一项，或出生日期晚于最早开班日期：硬性；仅有未知区划代码或仅为15位号码：提示"
threshold = "any fault of GB 11643, or birth after the earliest class start: H; unknown division or 15-digit number alone: W"
policy_reference = "GB 11643-1999; 鲁人社字〔2020〕72号 二（一）线上培训人员全实名"
false_positives_zh = "被电子表格损坏的号码（末尾变为零、截为15位）；外国人及港澳台居民证件；真实人员的录入差错；参考表中缺少的区划代码"
false_positives = "numbers damaged by spreadsheets (ending in zeros, cut to 15 digits); foreign, Hong Kong, Macao and Taiwan permits; typing errors of real persons; divisions missing from the reference list"
ask_for_zh = "原始记录、居民身份证复印件，以及公安比对结果"
ask_for = "the original row, a copy of the identity card, and a check with the police register (公安比对)"
*/
WITH
person AS (
    SELECT
        e.person_key,
        MAX(e.id_fault) AS id_fault,
        MAX(e.birth_on) AS birth_on,
        MIN(k.start_on) AS first_start_on
    FROM enrolments AS e
    CROSS JOIN run_context AS r
    LEFT JOIN classes AS k ON k.class_id = e.class_id
    WHERE e.enrolled_on <= r.as_of
    GROUP BY e.person_key
),
tested AS (
    SELECT COUNT(*) AS population FROM person
),
hit AS (
    SELECT
        person_key,
        CASE
            WHEN birth_on > first_start_on THEN 'H'
            WHEN id_fault IN ('unknown_division', 'legacy_15') THEN 'W'
            ELSE 'H'
        END AS strength,
        CASE WHEN birth_on > first_start_on THEN 'born_after_class_start' ELSE id_fault END AS fault
    FROM person
    WHERE id_fault IS NOT NULL OR birth_on > first_start_on
),
training AS (
    SELECT
        h.person_key,
        h.strength,
        h.fault,
        e.enrolment_id,
        e.city_code,
        k.org_id,
        k.platform_id,
        x.at_risk_fen,
        ROW_NUMBER() OVER (PARTITION BY h.person_key ORDER BY e.enrolled_on, e.enrolment_id) AS place
    FROM hit AS h
    INNER JOIN enrolments AS e ON e.person_key = h.person_key
    CROSS JOIN run_context AS r
    LEFT JOIN classes AS k ON k.class_id = e.class_id
    LEFT JOIN enrolment_risk AS x ON x.enrolment_id = e.enrolment_id
    WHERE e.enrolled_on <= r.as_of
),
summed AS (
    SELECT
        person_key,
        strength,
        fault,
        MAX(CASE WHEN place = 1 THEN city_code END) AS city_code,
        MAX(CASE WHEN place = 1 THEN org_id END) AS org_id,
        MAX(CASE WHEN place = 1 THEN platform_id END) AS platform_id,
        COUNT(*) AS trainings,
        COALESCE(SUM(at_risk_fen), 0) AS amount_at_risk_fen,
        ARRAY_AGG(enrolment_id ORDER BY enrolment_id) AS enrolments,
        ARRAY_AGG('enrolments:' || enrolment_id ORDER BY place LIMIT 100) AS evidence
    FROM training
    GROUP BY person_key, strength, fault
)
SELECT
    'person' AS entity_kind,
    key_hex(s.person_key) AS entity_id,
    '' AS period,
    s.city_code,
    s.org_id,
    s.platform_id,
    -- The enrolments that rest on the number; one is enough.
    s.trainings AS value,
    1.0 AS threshold,
    t.population,
    s.amount_at_risk_fen,
    s.enrolments,
    s.strength,
    s.evidence,
    s.trainings AS evidence_count,
    'GB 11643-1999 (' || s.fault || ')' AS rule_ref
FROM summed AS s
CROSS JOIN tested AS t
