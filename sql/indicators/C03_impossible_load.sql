/*
title_zh = "学时负荷不可能"
title_en = "Impossible study load on one day"
description_zh = """
一人在一个当地日（以亚洲/上海零时为界）的学习量超出可能或合理范围的日期，各次报名、各平台合并计算。硬性：\
各次学习时长合计超过daily_hours_hard（每课时45分钟，32课时即一天24小时），说明有学习记录同时进行，指标值为该合计。\
否则按各次学习所覆盖的时间判断，重叠部分只计一次，指标值即为该时间。市和培训机构取当日学习时间最长的报名，\
平台取其学习记录的平台。"""
description_en = """
Local days (cut at Asia/Shanghai midnight) on which a person studied more than is possible or plausible, over all enrolments and \
platforms. Hard: the session lengths add up to more than daily_hours_hard (32 hours of 45 minutes are the 24 hours of a day), so sessions \
ran side by side, and value is that sum. Otherwise by the time that the sessions cover, overlaps counted once, which then is the value. \
City and organisation are those of the enrolment with the most study time on the day, the platform that of its logs."""
audience = "intermediate"
grain = ["entity_kind", "entity_id", "period"]
sources = ["notice 二（三）", "notice 三（三）"]
policy = ["daily_hours_hard", "daily_hours_strong", "daily_hours_weak"]

[indicator]
id = "C03"
key = "impossible_load"
names_enrolments = true
title_zh = "学时负荷不可能"
title_en = "Impossible study load on one day"
scheme_zh = "代刷服务和插件替不在场的学员同时播放多段视频，或整日播放"
scheme = "course-playing services and plug-ins run many videos at once, or all day, for learners who are not there"
strength = "H/S/W"
grain_zh = "人员×日"
grain = "person × local day"
threshold_zh = "各次学习时长之和超过daily_hours_hard（32课时）：硬性；各次学习覆盖的时间（重叠只计一次）超过daily_hours_strong（16课时）：较强；超过daily_hours_weak（8课时）：提示"
threshold = "sum of sessions over daily_hours_hard (32 hours) H; union over daily_hours_strong (16) S, over daily_hours_weak (8) W"
policy_reference = "鲁人社字〔2020〕72号 二（三）每课时45分钟; plans of 7 to 8 hours a day elsewhere"
false_positives_zh = "没有时区或时区错误的时间；整夜未关闭的学习页面；离线学习作为一次上传；每天9至10课时的强化班（仅为提示）"
false_positives = "times without or with a wrong time zone; sessions left open overnight; offline study uploaded as one session; intensive courses of 9 or 10 hours (W only)"
ask_for_zh = "带服务器时间、设备和地址的各次学习原始记录，以及平台关于计时方法的说明"
ask_for = "the raw log with server times, device and address of each session, and the platform's account of how it counts time"
*/
WITH
-- An hour (课时) is 2700 s, so a millionth of it is 2700 µs.
day_limit AS (
    SELECT
        d.day,
        MAX(CASE WHEN p.parameter = 'daily_hours_hard' THEN p.value_e6 END) * 2700 AS hard_us,
        MAX(CASE WHEN p.parameter = 'daily_hours_strong' THEN p.value_e6 END) * 2700 AS strong_us,
        MAX(CASE WHEN p.parameter = 'daily_hours_weak' THEN p.value_e6 END) * 2700 AS weak_us
    FROM days AS d
    CROSS JOIN run_context AS r
    CROSS JOIN policy AS p
    WHERE d.day <= r.as_of AND p.city_code = '370000' AND d.day >= p.valid_from AND d.day <= p.valid_until
    GROUP BY d.day
),
tested AS (
    SELECT COUNT(*) AS population
    FROM log_person_day AS d
),
hit AS (
    SELECT
        d.local_day,
        d.person_key,
        d.sum_us,
        d.union_us,
        d.evidence,
        d.evidence_count,
        m.hard_us,
        m.strong_us,
        m.weak_us,
        CASE WHEN d.sum_us > m.hard_us THEN 'H' WHEN d.union_us > m.strong_us THEN 'S' ELSE 'W' END AS strength
    FROM log_person_day AS d
    INNER JOIN day_limit AS m ON m.day = d.local_day
    WHERE d.sum_us > m.hard_us OR d.union_us > m.weak_us
),
training AS (
    SELECT
        h.local_day,
        h.person_key,
        l.enrolment_id,
        n.city_code,
        k.org_id,
        l.platform_id,
        x.at_risk_fen,
        ROW_NUMBER() OVER (PARTITION BY h.local_day, h.person_key ORDER BY -l.sum_us, l.enrolment_id) AS place
    FROM hit AS h
    INNER JOIN log_heavy_day AS l ON l.local_day = h.local_day AND l.person_key = h.person_key
    LEFT JOIN enrolments AS n ON n.enrolment_id = l.enrolment_id
    LEFT JOIN classes AS k ON k.class_id = n.class_id
    LEFT JOIN enrolment_risk AS x ON x.enrolment_id = l.enrolment_id
    -- An enrolment with sessions of no length adds nothing to the load.
    WHERE l.sum_us > 0
),
place_and_risk AS (
    SELECT
        local_day,
        person_key,
        MAX(CASE WHEN place = 1 THEN city_code END) AS city_code,
        MAX(CASE WHEN place = 1 THEN org_id END) AS org_id,
        MAX(CASE WHEN place = 1 THEN platform_id END) AS platform_id,
        COALESCE(SUM(at_risk_fen), 0) AS amount_at_risk_fen,
        ARRAY_AGG(enrolment_id ORDER BY enrolment_id) AS enrolments
    FROM training
    GROUP BY local_day, person_key
)
SELECT
    'person' AS entity_kind,
    key_hex(h.person_key) AS entity_id,
    CAST(h.local_day AS VARCHAR) AS period,
    p.city_code,
    p.org_id,
    p.platform_id,
    CASE WHEN h.strength = 'H' THEN h.sum_us ELSE h.union_us END / 2700000000 AS value,
    CASE WHEN h.strength = 'H' THEN h.hard_us WHEN h.strength = 'S' THEN h.strong_us ELSE h.weak_us END / 2700000000 AS threshold,
    t.population,
    COALESCE(p.amount_at_risk_fen, 0) AS amount_at_risk_fen,
    p.enrolments,
    h.strength,
    h.evidence,
    h.evidence_count,
    '鲁人社字〔2020〕72号 二（三）, 三（三）' AS rule_ref
FROM hit AS h
LEFT JOIN place_and_risk AS p ON p.local_day = h.local_day AND p.person_key = h.person_key
CROSS JOIN tested AS t
