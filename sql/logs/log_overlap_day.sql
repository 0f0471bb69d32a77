/*
title_zh = "人员每日时间冲突记录"
title_en = "Records of one person that overlap in time, by local day"
description_en = """
Every record of a person that takes part in an overlap longer than the tolerance: a study session with another study session, or with a \
signed attendance or an assessment. The day is that on which the overlap begins; lengths are not cut at midnight. Of several sessions at \
once, each is compared with the one that reaches furthest among those begun before it, which gives its longest overlap."""
audience = "intermediate"
grain = ["local_day", "person_key", "record"]
partition = "local_day"
incremental = true
sources = ["notice 三（三）"]
policy = ["overlap_tolerance_seconds"]

[[columns]]
name = "local_day"
type = "date"
unit = ""
zh = "冲突日期"
en = "local day on which the overlap begins"

[[columns]]
name = "person_key"
type = "int"
unit = ""
zh = "人员键"
en = "keyed pseudonym of the person"

[[columns]]
name = "record"
type = "text"
unit = ""
zh = "冲突记录"
en = "study_logs:log_id, attendance:attendance_id or assessments:assessment_id"

[[columns]]
name = "overlap_us"
type = "int"
unit = "microseconds"
zh = "最长重叠时长"
en = "longest overlap found for the record on the day"

[[columns]]
name = "enrolment_id"
type = "text"
unit = ""
zh = "报名编号"
en = "enrolment of the session or assessment; empty for attendance"

[[columns]]
name = "class_id"
type = "text"
unit = ""
zh = "班级编号"
en = "class of the attendance; empty for sessions and assessments"

[[columns]]
name = "platform_id"
type = "text"
unit = ""
zh = "平台代码"
en = "platform of the session; empty for attendance and assessments"
*/
WITH
-- A millionth of a second is a microsecond, so value_e6 of a number of seconds is microseconds.
day_limit AS (
    SELECT d.day, d.start_us, d.end_us, p.value_e6 AS tolerance_us
    FROM days AS d
    CROSS JOIN policy AS p
    WHERE p.parameter = 'overlap_tolerance_seconds' AND p.city_code = '370000' AND d.day >= p.valid_from AND d.day <= p.valid_until
),
-- Only days with overlapping sessions, or with presence besides the sessions, can conflict: few of all.
overlapping_day AS (
    SELECT local_day, person_key FROM log_person_day WHERE sum_us > union_us
),
presence_person AS (
    SELECT DISTINCT local_day, person_key FROM presence_day
),
suspect_day AS (
    SELECT local_day, person_key FROM overlapping_day
    UNION
    SELECT local_day, person_key FROM presence_person
),
-- A session belongs to every day it touches, with its full times.
touched AS (
    SELECT started_day AS local_day, person_key, log_id, enrolment_id, platform_id, started_us AS start_us, ended_us AS end_us
    FROM study_logs
    WHERE ended_us > started_us
    UNION ALL
    SELECT d.day AS local_day, l.person_key, l.log_id, l.enrolment_id, l.platform_id, l.started_us AS start_us, l.ended_us AS end_us
    FROM study_logs AS l
    INNER JOIN days AS d ON d.day > l.started_day AND d.day <= l.ended_day
    WHERE l.ended_day > l.started_day AND l.ended_us > d.start_us
),
session AS (
    SELECT
        t.local_day,
        t.person_key,
        'study_logs:' || t.log_id AS record,
        t.enrolment_id,
        t.platform_id,
        t.start_us,
        t.end_us,
        m.start_us AS day_start_us,
        m.end_us AS day_end_us,
        m.tolerance_us
    FROM touched AS t
    INNER JOIN suspect_day AS s ON s.local_day = t.local_day AND s.person_key = t.person_key
    INNER JOIN day_limit AS m ON m.day = t.local_day
    WHERE t.end_us - t.start_us > m.tolerance_us
),
reached AS (
    SELECT
        local_day,
        person_key,
        MAX(end_us) OVER in_order AS reach_us,
        LEAD(start_us) OVER in_order AS next_start_us,
        LEAD(end_us) OVER in_order AS next_end_us,
        day_start_us,
        tolerance_us
    FROM session
    WINDOW in_order AS (
        PARTITION BY local_day, person_key ORDER BY start_us, end_us ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    )
),
clash AS (
    SELECT DISTINCT
        local_day,
        person_key,
        reach_us,
        next_start_us,
        next_end_us,
        LEAST(next_end_us, reach_us) - next_start_us AS overlap_us
    FROM reached
    WHERE next_start_us >= day_start_us AND LEAST(next_end_us, reach_us) - next_start_us > tolerance_us
),
presence_clash AS (
    SELECT
        s.local_day,
        s.person_key,
        s.record,
        s.enrolment_id,
        s.platform_id,
        p.source,
        p.enrolment_id AS presence_enrolment_id,
        p.class_id,
        LEAST(s.end_us, p.end_us) - GREATEST(s.start_us, p.start_us) AS overlap_us
    FROM session AS s
    INNER JOIN presence_day AS p ON p.local_day = s.local_day AND p.person_key = s.person_key
    WHERE LEAST(s.end_us, p.end_us) - GREATEST(s.start_us, p.start_us) > s.tolerance_us
      AND GREATEST(s.start_us, p.start_us) >= s.day_start_us
      AND GREATEST(s.start_us, p.start_us) < s.day_end_us
),
involved AS (
    SELECT s.local_day, s.person_key, s.record, c.overlap_us, s.enrolment_id, CAST(NULL AS VARCHAR) AS class_id, s.platform_id
    FROM clash AS c
    INNER JOIN session AS s ON s.local_day = c.local_day AND s.person_key = c.person_key AND s.end_us = c.reach_us
    WHERE s.start_us <= c.next_start_us
    UNION ALL
    SELECT s.local_day, s.person_key, s.record, c.overlap_us, s.enrolment_id, CAST(NULL AS VARCHAR) AS class_id, s.platform_id
    FROM clash AS c
    INNER JOIN session AS s
        ON s.local_day = c.local_day AND s.person_key = c.person_key AND s.start_us = c.next_start_us AND s.end_us = c.next_end_us
    UNION ALL
    SELECT local_day, person_key, record, overlap_us, enrolment_id, CAST(NULL AS VARCHAR) AS class_id, platform_id
    FROM presence_clash
    UNION ALL
    SELECT
        local_day,
        person_key,
        source AS record,
        overlap_us,
        presence_enrolment_id AS enrolment_id,
        class_id,
        CAST(NULL AS VARCHAR) AS platform_id
    FROM presence_clash
)
SELECT
    local_day,
    person_key,
    record,
    MAX(overlap_us) AS overlap_us,
    MAX(enrolment_id) AS enrolment_id,
    MAX(class_id) AS class_id,
    MAX(platform_id) AS platform_id
FROM involved
GROUP BY local_day, person_key, record
