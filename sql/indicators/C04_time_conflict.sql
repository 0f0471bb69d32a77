/*
title_zh = "同一人时间冲突"
title_en = "One person at two places at one time"
description_zh = """
一人的两次学习记录，或一次学习记录与一次有签到的考勤或一次考核，重叠超过容差的当地日。日期为重叠开始之日。两次考勤之间、\
考勤与考核之间不作比较。市和培训机构取重叠时间最长的培训。"""
description_en = """
Local days on which two study sessions of a person, or a study session and a signed attendance or an assessment, overlap by more than the \
tolerance. The day is that on which the overlap begins. Two attendances, or attendance and assessment, are not compared. City and \
organisation are those of the training of the longest overlap."""
audience = "intermediate"
grain = ["entity_kind", "entity_id", "period"]
sources = ["notice 三（三）"]
policy = ["overlap_tolerance_seconds"]

[indicator]
id = "C04"
key = "time_conflict"
names_enrolments = true
title_zh = "同一人时间冲突"
title_en = "One person at two places at one time"
scheme_zh = "同时播放几门课程，或学员在别处签到、应考时仍在播放"
scheme = "several courses are played at once, or while the learner signs in to a class or sits an exam elsewhere"
strength = "S"
grain_zh = "人员×日"
grain = "person × local day"
threshold_zh = "重叠超过overlap_tolerance_seconds（120秒）"
threshold = "overlap of more than overlap_tolerance_seconds (120)"
policy_reference = "鲁人社字〔2020〕72号 三（三）培训过程可查询、可追溯"
false_positives_zh = "平台按设计重复计时的两个浏览器标签页；相差两分钟以内的时钟；去上课时未关闭的学习页面；按全天签字的考勤"
false_positives = "two browser tabs that the platform counts twice by design; clocks that differ by up to two minutes; a session left open while the learner goes to class; attendance signed for the whole day"
ask_for_zh = "两条带服务器时间、设备和地址的原始记录，以及签到表或考场视频"
ask_for = "both raw records with server times, device and address of the sessions, and the sign-in sheet or the exam room's video"
*/
WITH
tested AS (
    SELECT COUNT(*) AS population
    FROM log_person_day AS d
),
-- Attendance names a class, not an enrolment: the person's enrolment in that class is concerned.
attended AS (
    SELECT o.local_day, o.person_key, o.record, MIN(e.enrolment_id) AS enrolment_id
    FROM log_overlap_day AS o
    INNER JOIN enrolments AS e ON e.class_id = o.class_id AND e.person_key = o.person_key
    GROUP BY o.local_day, o.person_key, o.record
),
overlap AS (
    SELECT
        o.local_day,
        o.person_key,
        o.record,
        o.overlap_us,
        o.platform_id,
        COALESCE(o.enrolment_id, a.enrolment_id) AS enrolment_id,
        CASE WHEN o.enrolment_id IS NULL AND a.enrolment_id IS NULL THEN 1 ELSE 0 END AS of_unknown
    FROM log_overlap_day AS o
    LEFT JOIN attended AS a ON a.local_day = o.local_day AND a.person_key = o.person_key AND a.record = o.record
),
-- Both records of an overlap are as long: that of a known training first, since it tells the city.
record AS (
    SELECT
        local_day,
        person_key,
        record,
        overlap_us,
        platform_id,
        enrolment_id,
        ROW_NUMBER() OVER (PARTITION BY local_day, person_key ORDER BY -overlap_us, of_unknown, record) AS place
    FROM overlap
),
placed AS (
    SELECT
        d.local_day,
        d.person_key,
        d.record,
        d.overlap_us,
        d.place,
        n.city_code,
        k.org_id,
        COALESCE(d.platform_id, k.platform_id) AS platform_id
    FROM record AS d
    LEFT JOIN enrolments AS n ON n.enrolment_id = d.enrolment_id
    LEFT JOIN classes AS k ON k.class_id = n.class_id
),
hit AS (
    SELECT
        local_day,
        person_key,
        MAX(overlap_us) AS overlap_us,
        MAX(CASE WHEN place = 1 THEN city_code END) AS city_code,
        MAX(CASE WHEN place = 1 THEN org_id END) AS org_id,
        MAX(CASE WHEN place = 1 THEN platform_id END) AS platform_id,
        ARRAY_AGG(record ORDER BY place LIMIT 100) AS evidence,
        COUNT(*) AS evidence_count
    FROM placed
    GROUP BY local_day, person_key
),
concerned AS (
    SELECT DISTINCT local_day, person_key, enrolment_id FROM record WHERE enrolment_id IS NOT NULL
),
risk AS (
    SELECT
        c.local_day,
        c.person_key,
        SUM(x.at_risk_fen) AS amount_at_risk_fen,
        ARRAY_AGG(c.enrolment_id ORDER BY c.enrolment_id) AS enrolments
    FROM concerned AS c
    LEFT JOIN enrolment_risk AS x ON x.enrolment_id = c.enrolment_id
    GROUP BY c.local_day, c.person_key
)
SELECT
    'person' AS entity_kind,
    key_hex(h.person_key) AS entity_id,
    CAST(h.local_day AS VARCHAR) AS period,
    h.city_code,
    h.org_id,
    h.platform_id,
    h.overlap_us / 1000000 AS value,
    p.value AS threshold,
    t.population,
    COALESCE(x.amount_at_risk_fen, 0) AS amount_at_risk_fen,
    x.enrolments,
    'S' AS strength,
    h.evidence,
    h.evidence_count,
    '鲁人社字〔2020〕72号 三（三）' AS rule_ref
FROM hit AS h
CROSS JOIN policy AS p
LEFT JOIN risk AS x ON x.local_day = h.local_day AND x.person_key = h.person_key
CROSS JOIN tested AS t
WHERE p.parameter = 'overlap_tolerance_seconds'
  AND p.city_code = '370000'
  AND h.local_day >= p.valid_from
  AND h.local_day <= p.valid_until
