/*
title_zh = "佐证材料重复"
title_en = "One photograph for two classes or two dates"
description_zh = """
用于考勤记录的同一照片（按照片摘要），所涉班级数或日期数超过photo_occasions（1）的。\
同一班级同一日期的不同人员或时段可以共用一张照片。占位的不算摘要。指标值为班级数，日期数更多的为日期数。\
涉及金额按这些考勤记录的人员在该班级的报名计算；市、培训机构和平台取按日期和班级排序的首条记录。上限取最后日期执行的规定。"""
description_en = """
Photographs (by digest) on attendance records of more classes, or of more dates, than photo_occasions (1). Several persons or slots of one \
class on one date may share a photograph. Placeholders are no digest. Value is the number of classes, or of dates if there are more. At \
risk are the enrolments, in the class, of the persons on these records; city, organisation and platform are those of the first record by \
date and class. The limit is the one in force on the last date."""
audience = "intermediate"
grain = ["entity_kind", "entity_id", "period"]
sources = ["notice 三（三）"]
policy = ["photo_occasions"]

[indicator]
id = "D03"
key = "reused_evidence"
names_enrolments = true
title_zh = "佐证材料重复"
title_en = "One photograph for two classes or two dates"
scheme_zh = "未举办或没有举办那么多次的班级，以其他班级或其他日期的照片为佐证"
scheme = "classes that were not held, or not so often, are evidenced by photographs of another class or day"
strength = "H"
grain_zh = "照片"
grain = "photo"
threshold_zh = "同一photo_hash出现在多于photo_occasions（1）个班级或日期的记录中"
threshold = "one photo_hash on records of more than photo_occasions (1) classes or dates"
policy_reference = "鲁人社字〔2020〕72号 三（三）培训过程可查询、可追溯"
false_positives_zh = "标志、测试图，或相机故障时系统发送的空白图；迟传时挂错日期的照片"
false_positives = "a logo, a test image or an empty picture that a system sends when the camera fails; photographs attached to the wrong day by a late upload"
ask_for_zh = "带元数据的原始照片，以及相关班级和日期的签到表"
ask_for = "the original photographs with their metadata, and the sign-in sheets of the classes and days"
*/
WITH
tested AS (
    SELECT COALESCE(SUM(photos), 0) AS population FROM d03_tested_photos
),
hit AS (
    SELECT f.photo_hash, GREATEST(f.classes, f.dates) AS occasions, p.value AS threshold, p.citation
    FROM d03_reused_photos AS f
    CROSS JOIN policy AS p
    WHERE p.parameter = 'photo_occasions'
      AND p.city_code = '370000'
      AND f.last_on >= p.valid_from
      AND f.last_on <= p.valid_until
      AND (f.classes * 1000000 > p.value_e6 OR f.dates * 1000000 > p.value_e6)
),
pictured AS (
    SELECT a.photo_hash, a.attendance_id, a.class_id, a.person_key, a.session_on, a.slot
    FROM attendance AS a
    INNER JOIN elapsed_days AS d ON d.day = a.session_on
    LEFT SEMI JOIN hit AS h ON h.photo_hash = a.photo_hash
),
shown AS (
    SELECT
        h.photo_hash,
        p.attendance_id,
        p.class_id,
        p.person_key,
        p.session_on,
        ROW_NUMBER() OVER (PARTITION BY h.photo_hash, p.class_id, p.session_on ORDER BY p.slot, p.attendance_id) AS turn
    FROM hit AS h
    INNER JOIN pictured AS p ON p.photo_hash = h.photo_hash
),
-- One record of each class and date first: they contradict each other.
placed AS (
    SELECT
        s.photo_hash,
        s.attendance_id,
        k.city_code,
        k.org_id,
        k.platform_id,
        ROW_NUMBER() OVER (PARTITION BY s.photo_hash ORDER BY s.turn, s.session_on, s.class_id, s.attendance_id) AS place
    FROM shown AS s
    LEFT JOIN classes AS k ON k.class_id = s.class_id
),
evidence AS (
    SELECT
        photo_hash,
        MAX(CASE WHEN place = 1 THEN city_code END) AS city_code,
        MAX(CASE WHEN place = 1 THEN org_id END) AS org_id,
        MAX(CASE WHEN place = 1 THEN platform_id END) AS platform_id,
        ARRAY_AGG('attendance:' || attendance_id ORDER BY place LIMIT 100) AS evidence,
        COUNT(*) AS evidence_count
    FROM placed
    GROUP BY photo_hash
),
concerned AS (
    SELECT DISTINCT s.photo_hash, e.enrolment_id
    FROM shown AS s
    INNER JOIN enrolments AS e ON e.class_id = s.class_id AND e.person_key = s.person_key
),
risk AS (
    SELECT
        c.photo_hash,
        SUM(x.at_risk_fen) AS amount_at_risk_fen,
        ARRAY_AGG(c.enrolment_id ORDER BY c.enrolment_id) AS enrolments
    FROM concerned AS c
    LEFT JOIN enrolment_risk AS x ON x.enrolment_id = c.enrolment_id
    GROUP BY c.photo_hash
)
SELECT
    'photo' AS entity_kind,
    h.photo_hash AS entity_id,
    '' AS period,
    e.city_code,
    e.org_id,
    e.platform_id,
    CAST(h.occasions AS DOUBLE) AS value,
    h.threshold,
    t.population,
    COALESCE(x.amount_at_risk_fen, 0) AS amount_at_risk_fen,
    x.enrolments,
    'H' AS strength,
    e.evidence,
    e.evidence_count,
    h.citation AS rule_ref
FROM hit AS h
INNER JOIN evidence AS e ON e.photo_hash = h.photo_hash
LEFT JOIN risk AS x ON x.photo_hash = h.photo_hash
CROSS JOIN tested AS t
WHERE NOT is_placeholder(h.photo_hash)
