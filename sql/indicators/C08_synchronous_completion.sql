/*
title_zh = "同步完成"
title_en = "Many persons end one item at the same moment"
description_zh = """
一个课件的某一分钟，其中有same_second_persons及以上不同的人在同一秒学完，或有same_minute_persons及以上的人在该分钟学完，\
而按概率预期达到该人数的可能性低于same_minute_p：泊松分布，均值为该课件每个有学完记录的钟点平均学完次数的六十分之一，\
钟点截至统计基准日。两者均为较强；两者同时成立的，指标值和阈值取后者，该分钟内全部学习记录均涉及；仅同秒成立的，\
只涉及该秒的学习记录。所属期为当地时间的分钟。结束早于开始的学习记录不计。市、培训机构和平台取证据记录的首条。没有同类：\
课件与其自身频率对照；仅按分钟命中的预期误报数，最多为全部有学完记录的钟点的每一分钟乘以same_minute_p。"""
description_en = """
Minutes of an item in which same_second_persons or more distinct persons ended it in one second, or same_minute_persons or more in the minute although so many \
would be expected there with a probability below same_minute_p: Poisson with a mean of one sixtieth of the item's ends per clock hour, over all clock hours \
up to the as-of date that have any. Both are strong; where both hold, value and threshold are those of the second, and all sessions of the minute are \
concerned; where only the second holds, those of such seconds. Period is the local minute. Sessions that end before they start are left out. City, organisation \
and platform are those of the first record of the evidence. There are no peers: an item is held against its own rate; the false alarms expected by chance, of \
hits by the minute alone, are at most same_minute_p for every minute of all clock hours in which an item ended."""
audience = "intermediate"
grain = ["entity_kind", "entity_id", "period"]
sources = ["notice 三（三）"]
policy = ["same_second_persons", "same_minute_persons", "same_minute_p"]

[indicator]
id = "C08"
key = "synchronous_completion"
names_enrolments = true
statistical = true
title_zh = "同步完成"
title_en = "Many persons end one item at the same moment"
scheme_zh = "一台机器替多名学员播放同一课件，或一次性批量生成记录"
scheme = "one machine plays the same item for many learners, or records are made in one go"
strength = "S"
grain_zh = "课件×分钟"
grain = "item × minute"
threshold_zh = "same_second_persons（5）人及以上在同一秒结束同一课件，或same_minute_persons（20）人及以上在同一分钟结束且泊松p小于same_minute_p（0.000001）"
threshold = "same_second_persons (5) or more end one item in one second, or same_minute_persons (20) or more in one minute with Poisson p below same_minute_p (0.000001)"
policy_reference = "default; 鲁人社字〔2020〕72号 三（三）培训过程可查询、可追溯"
false_positives_zh = "直播课结束；全班在一间教室一起观看；平台在整点统一关闭全部学习页面"
false_positives = "the end of a live lesson; a class that watches together in one room; a platform that closes all sessions at an hour"
ask_for_zh = "带服务器时间的播放器原始事件、直播课课表，以及各次学习的设备和地址"
ask_for = "the raw player events with server times, the timetable of live lessons, devices and addresses of the sessions"
*/
WITH
day_limit AS (
    SELECT
        d.day,
        MAX(CASE WHEN p.parameter = 'same_second_persons' THEN p.value_e6 END) AS second_e6,
        MAX(CASE WHEN p.parameter = 'same_second_persons' THEN p.value END) AS second_threshold,
        MAX(CASE WHEN p.parameter = 'same_minute_persons' THEN p.value_e6 END) AS minute_e6,
        MAX(CASE WHEN p.parameter = 'same_minute_persons' THEN p.value END) AS minute_threshold,
        MAX(CASE WHEN p.parameter = 'same_minute_p' THEN p.value END) AS minute_p,
        MAX(CASE WHEN p.parameter = 'same_second_persons' THEN p.citation END) AS second_citation,
        MAX(CASE WHEN p.parameter = 'same_minute_persons' THEN p.citation END) AS minute_citation
    FROM days AS d
    CROSS JOIN run_context AS r
    CROSS JOIN policy AS p
    WHERE d.day <= r.as_of AND p.city_code = '370000' AND d.day >= p.valid_from AND d.day <= p.valid_until
    GROUP BY d.day
),
session AS (
    SELECT
        s.local_day,
        s.item_id,
        s.end_us - s.end_us % 60000000 AS minute_us,
        s.end_us - s.end_us % 1000000 AS second_us,
        s.log_id,
        s.person_key,
        s.enrolment_id,
        s.platform_id
    FROM log_item_minute_day AS s
),
by_second AS (
    SELECT item_id, minute_us, second_us, COUNT(DISTINCT person_key) AS persons
    FROM session
    GROUP BY item_id, minute_us, second_us
),
judged AS (
    SELECT
        m.local_day,
        m.item_id,
        m.minute_us,
        m.minute_persons,
        m.second_persons,
        m.tested,
        m.tests,
        l.minute_p,
        l.second_threshold,
        l.minute_threshold,
        l.second_e6,
        l.second_citation,
        l.minute_citation,
        m.second_persons * 1000000 >= l.second_e6 AS in_second,
        m.minute_persons * 1000000 >= l.minute_e6 AND m.p_value < l.minute_p AS in_minute
    FROM c08_dense_minutes AS m
    INNER JOIN day_limit AS l ON l.day = m.local_day
),
hit AS (
    SELECT
        local_day,
        item_id,
        minute_us,
        in_minute,
        second_e6,
        tested,
        CAST(((minute_us + 28800000000) % 86400000000 - minute_us % 3600000000) / 3600000000 AS BIGINT) AS clock_hour,
        CAST(minute_us % 3600000000 / 60000000 AS BIGINT) AS clock_minute,
        CASE WHEN in_second THEN second_persons ELSE minute_persons END AS value,
        CASE WHEN in_second THEN second_threshold ELSE minute_threshold END AS threshold,
        CASE WHEN in_second THEN second_citation ELSE minute_citation END AS rule_ref,
        CASE WHEN NOT in_second THEN tests * minute_p END AS expected_false_alarms
    FROM judged
    WHERE in_second OR in_minute
),
record AS (
    SELECT
        h.item_id,
        h.minute_us,
        s.log_id,
        s.enrolment_id,
        s.platform_id,
        c.persons,
        ROW_NUMBER() OVER (PARTITION BY h.item_id, h.minute_us ORDER BY -c.persons, s.second_us, s.log_id) AS place
    FROM hit AS h
    INNER JOIN session AS s ON s.item_id = h.item_id AND s.minute_us = h.minute_us
    INNER JOIN by_second AS c ON c.item_id = s.item_id AND c.second_us = s.second_us
    WHERE h.in_minute OR c.persons * 1000000 >= h.second_e6
),
evidence AS (
    SELECT
        d.item_id,
        d.minute_us,
        MAX(CASE WHEN d.place = 1 THEN n.city_code END) AS city_code,
        MAX(CASE WHEN d.place = 1 THEN k.org_id END) AS org_id,
        MAX(CASE WHEN d.place = 1 THEN d.platform_id END) AS platform_id,
        ARRAY_AGG('study_logs:' || d.log_id ORDER BY d.place LIMIT 100) AS evidence,
        COUNT(*) AS evidence_count
    FROM record AS d
    LEFT JOIN enrolments AS n ON n.enrolment_id = d.enrolment_id
    LEFT JOIN classes AS k ON k.class_id = n.class_id
    GROUP BY d.item_id, d.minute_us
),
concerned AS (
    SELECT DISTINCT item_id, minute_us, enrolment_id FROM record
),
risk AS (
    SELECT
        c.item_id,
        c.minute_us,
        SUM(x.at_risk_fen) AS amount_at_risk_fen,
        ARRAY_AGG(c.enrolment_id ORDER BY c.enrolment_id) AS enrolments
    FROM concerned AS c
    LEFT JOIN enrolment_risk AS x ON x.enrolment_id = c.enrolment_id
    GROUP BY c.item_id, c.minute_us
)
SELECT
    'item' AS entity_kind,
    h.item_id AS entity_id,
    CAST(h.local_day AS VARCHAR)
        || CASE WHEN h.clock_hour < 10 THEN ' 0' ELSE ' ' END || CAST(h.clock_hour AS VARCHAR)
        || CASE WHEN h.clock_minute < 10 THEN ':0' ELSE ':' END || CAST(h.clock_minute AS VARCHAR) AS period,
    e.city_code,
    e.org_id,
    e.platform_id,
    h.value,
    h.threshold,
    h.tested AS population,
    COALESCE(x.amount_at_risk_fen, 0) AS amount_at_risk_fen,
    x.enrolments,
    'S' AS strength,
    e.evidence,
    e.evidence_count,
    h.rule_ref,
    CAST(NULL AS BIGINT) AS peers,
    h.expected_false_alarms
FROM hit AS h
INNER JOIN evidence AS e ON e.item_id = h.item_id AND e.minute_us = h.minute_us
LEFT JOIN risk AS x ON x.item_id = h.item_id AND x.minute_us = h.minute_us
