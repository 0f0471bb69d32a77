/*
title_zh = "人员每日学习记录汇总"
title_en = "Study logs by person and local day"
description_en = """
What one person studied on one local day over all enrolments and platforms. Times are cut at local midnight; sessions are counted on the \
day they started. The session records are listed, longest first, only for days above the lowest daily limit in force (daily_hours_weak \
for the union, daily_hours_hard for the sum): the days on which indicator C03 may build."""
audience = "intermediate"
grain = ["local_day", "person_key"]
partition = "local_day"
incremental = true
sources = ["notice 三（三）"]
policy = ["daily_hours_weak", "daily_hours_hard"]

[[columns]]
name = "local_day"
type = "date"
unit = ""
zh = "学习日期"
en = "local day of the study time"

[[columns]]
name = "person_key"
type = "int"
unit = ""
zh = "人员键"
en = "keyed pseudonym of the person in the logs"

[[columns]]
name = "sessions"
type = "int"
unit = "sessions"
zh = "学习次数"
en = "sessions started on the day"

[[columns]]
name = "sum_us"
type = "int"
unit = "microseconds"
zh = "时长合计"
en = "sum of the session lengths on the day, overlaps counted each time"

[[columns]]
name = "union_us"
type = "int"
unit = "microseconds"
zh = "去重时长"
en = "length of the union of the sessions on the day, overlaps counted once"

[[columns]]
name = "evidence"
type = "text_list"
unit = ""
zh = "学习记录"
en = "study_logs:log_id of the sessions that touch the day, longest first, at most 100; empty on days below the limits"

[[columns]]
name = "evidence_count"
type = "int"
unit = "sessions"
zh = "学习记录数"
en = "sessions that touch the day, on days above the limits; empty on other days"
*/
WITH
piece AS (
    SELECT
        started_day AS local_day,
        person_key,
        log_id,
        started_us AS start_us,
        GREATEST(ended_us, started_us) AS end_us,
        1 AS sessions
    FROM study_logs
    WHERE ended_day <= started_day
    UNION ALL
    SELECT
        d.day AS local_day,
        l.person_key,
        l.log_id,
        GREATEST(l.started_us, d.start_us) AS start_us,
        LEAST(l.ended_us, d.end_us) AS end_us,
        CASE WHEN d.day = l.started_day THEN 1 ELSE 0 END AS sessions
    FROM study_logs AS l
    INNER JOIN days AS d ON d.day >= l.started_day AND d.day <= l.ended_day
    WHERE l.ended_day > l.started_day AND l.ended_us > d.start_us
),
total AS (
    SELECT
        local_day,
        person_key,
        SUM(sessions) AS sessions,
        SUM(end_us - start_us) AS sum_us,
        union_length(ARRAY_AGG(start_us), ARRAY_AGG(end_us)) AS union_us
    FROM piece
    GROUP BY local_day, person_key
),
-- An hour (课时) is 2700 s, so a millionth of it is 2700 µs.
day_limit AS (
    SELECT
        d.day,
        MAX(CASE WHEN p.parameter = 'daily_hours_weak' THEN p.value_e6 END) * 2700 AS weak_us,
        MAX(CASE WHEN p.parameter = 'daily_hours_hard' THEN p.value_e6 END) * 2700 AS hard_us
    FROM days AS d
    CROSS JOIN policy AS p
    WHERE p.city_code = '370000' AND d.day >= p.valid_from AND d.day <= p.valid_until
    GROUP BY d.day
),
heavy_day AS (
    SELECT t.local_day, t.person_key
    FROM total AS t
    INNER JOIN day_limit AS m ON m.day = t.local_day
    WHERE t.union_us > m.weak_us OR t.sum_us > m.hard_us
),
record AS (
    SELECT
        p.local_day,
        p.person_key,
        ARRAY_AGG('study_logs:' || p.log_id ORDER BY p.end_us - p.start_us DESC, p.log_id LIMIT 100) AS evidence,
        COUNT(*) AS evidence_count
    FROM piece AS p
    INNER JOIN heavy_day AS h ON h.local_day = p.local_day AND h.person_key = p.person_key
    GROUP BY p.local_day, p.person_key
)
SELECT
    t.local_day,
    t.person_key,
    t.sessions,
    t.sum_us,
    t.union_us,
    e.evidence,
    e.evidence_count
FROM total AS t
LEFT JOIN record AS e ON e.local_day = t.local_day AND e.person_key = t.person_key
