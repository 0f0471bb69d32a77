/*
title_zh = "设备每日使用人员"
title_en = "Who used a device, by local day"
description_en = """
One row for each person and enrolment that started sessions on a device on a local day (Asia/Shanghai): the first and the last start, with which windows \
of many days are told exactly, and the most persons that started within one hour (device_hour_minutes) of that day, worked out only for \
device-days with at least device_persons_hour persons. An hour over midnight is told from the first and last starts of both days. Sessions without a \
device, or with a placeholder in its place, are left out (see F05)."""
audience = "intermediate"
grain = ["local_day", "device_id", "person_key", "enrolment_id"]
partition = "local_day"
incremental = true
sources = ["notice 三（三）"]
policy = ["device_persons_hour", "device_hour_minutes"]

[[columns]]
name = "local_day"
type = "date"
unit = ""
zh = "学习日期"
en = "local day on which the sessions started"

[[columns]]
name = "device_id"
type = "text"
unit = ""
zh = "设备号"
en = "identifier of the device"

[[columns]]
name = "person_key"
type = "int"
unit = ""
zh = "人员键"
en = "keyed pseudonym of the person in the logs"

[[columns]]
name = "enrolment_id"
type = "text"
unit = ""
zh = "报名编号"
en = "identifier of the enrolment"

[[columns]]
name = "first_us"
type = "int"
unit = "microseconds"
zh = "首次开始时刻"
en = "first start on the day, microseconds since 1970 UTC"

[[columns]]
name = "last_us"
type = "int"
unit = "microseconds"
zh = "末次开始时刻"
en = "last start on the day, microseconds since 1970 UTC"

[[columns]]
name = "log_id"
type = "text"
unit = ""
zh = "记录编号"
en = "one of the sessions, as evidence: the first by identifier"

[[columns]]
name = "hour_persons"
type = "int"
unit = "persons"
zh = "一小时内最多人数"
en = "most persons who started within one hour of the day on the device; empty where too few persons used it that day"
*/
WITH
-- A minute is 60,000,000 µs, so a millionth of it is 60 µs.
day_limit AS (
    SELECT
        d.day,
        MAX(CASE WHEN p.parameter = 'device_persons_hour' THEN p.value_e6 END) AS persons_e6,
        MAX(CASE WHEN p.parameter = 'device_hour_minutes' THEN p.value_e6 END) * 60 AS span_us
    FROM days AS d
    CROSS JOIN policy AS p
    WHERE p.city_code = '370000' AND d.day >= p.valid_from AND d.day <= p.valid_until
    GROUP BY d.day
),
used AS (
    SELECT
        started_day AS local_day,
        device_id,
        person_key,
        enrolment_id,
        MIN(started_us) AS first_us,
        MAX(started_us) AS last_us,
        MIN(log_id) AS log_id
    FROM study_logs
    WHERE device_id IS NOT NULL
    GROUP BY started_day, device_id, person_key, enrolment_id
),
shared_day AS (
    SELECT local_day, device_id
    FROM used
    GROUP BY local_day, device_id
    HAVING MIN(person_key) < MAX(person_key)
),
shared_person AS (
    SELECT DISTINCT o.local_day, o.device_id, o.person_key
    FROM used AS o
    INNER JOIN shared_day AS s ON s.local_day = o.local_day AND s.device_id = o.device_id
),
crowd AS (
    SELECT local_day, device_id, COUNT(*) AS persons FROM shared_person GROUP BY local_day, device_id
),
crowded_day AS (
    SELECT c.local_day, c.device_id, m.span_us
    FROM crowd AS c
    INNER JOIN day_limit AS m ON m.day = c.local_day
    WHERE c.persons * 1000000 >= m.persons_e6
),
-- A person is counted from each start until the hour after it has passed, or the next start of the same person.
paced AS (
    SELECT
        c.local_day,
        c.device_id,
        c.span_us,
        l.started_us AS start_us,
        LAG(l.started_us) OVER by_person AS previous_us,
        LEAD(l.started_us) OVER by_person AS next_us
    FROM study_logs AS l
    INNER JOIN crowded_day AS c ON c.local_day = l.started_day AND c.device_id = l.device_id
    WINDOW by_person AS (PARTITION BY c.local_day, c.device_id, l.person_key ORDER BY l.started_us)
),
step AS (
    SELECT local_day, device_id, start_us AS at_us, 1 AS change
    FROM paced
    WHERE previous_us IS NULL OR start_us - previous_us >= span_us
    UNION ALL
    SELECT local_day, device_id, start_us + span_us AS at_us, -1 AS change
    FROM paced
    WHERE next_us IS NULL OR next_us - start_us >= span_us
),
counted AS (
    SELECT
        local_day,
        device_id,
        SUM(change) OVER (
            PARTITION BY local_day, device_id ORDER BY at_us, change ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS persons
    FROM step
),
peak AS (
    SELECT local_day, device_id, MAX(persons) AS hour_persons FROM counted GROUP BY local_day, device_id
)
SELECT o.local_day, o.device_id, o.person_key, o.enrolment_id, o.first_us, o.last_us, o.log_id, k.hour_persons
FROM used AS o
LEFT JOIN peak AS k ON k.local_day = o.local_day AND k.device_id = o.device_id
WHERE NOT is_placeholder(o.device_id)
