/*
title_zh = "多人共用设备"
title_en = "Devices used by several persons within an hour or a span of days"
description_en = """
Devices on which at least device_persons_hour persons started sessions within device_hour_minutes, or device_persons_span within device_span_days × 24 hours, \
in windows that slide over the exact starts and are open at their end. Days tell which devices can be meant at all; the first and the last start of each \
person and day are enough for windows of several days and for an hour over midnight, and log_device_day has the hours within a day. Thresholds are those in \
force on the as-of day."""
audience = "intermediate"
grain = ["device_id"]
sources = ["notice 三（三）"]
policy = ["device_persons_span", "device_span_days", "device_persons_hour", "device_hour_minutes"]

[[columns]]
name = "device_id"
type = "text"
unit = ""
zh = "设备号"
en = "identifier of the device"

[[columns]]
name = "span_persons"
type = "int"
unit = "persons"
zh = "多日窗口最多人数"
en = "most persons in one window of device_span_days"

[[columns]]
name = "span_end_us"
type = "int"
unit = "microseconds"
zh = "多日窗口时刻"
en = "the start with which that number is first reached, microseconds since 1970 UTC"

[[columns]]
name = "span_us"
type = "int"
unit = "microseconds"
zh = "多日窗口长度"
en = "length of the window of days"

[[columns]]
name = "hour_persons"
type = "int"
unit = "persons"
zh = "一小时最多人数"
en = "most persons in one window of device_hour_minutes"

[[columns]]
name = "in_span"
type = "bool"
unit = ""
zh = "多日人数达到阈值"
en = "whether the window of days holds enough persons"

[[columns]]
name = "in_hour"
type = "bool"
unit = ""
zh = "一小时人数达到阈值"
en = "whether the hour holds enough persons"

[[columns]]
name = "tested"
type = "int"
unit = "devices"
zh = "检验设备数"
en = "devices with a session, the same in every row"
*/
WITH
-- A day is 86,400,000,000 µs and a minute 60,000,000, so a millionth of them is 86,400 and 60.
rule AS (
    SELECT
        MAX(CASE WHEN p.parameter = 'device_persons_span' THEN p.value_e6 END) AS span_e6,
        MAX(CASE WHEN p.parameter = 'device_span_days' THEN p.value_e6 END) * 86400 AS span_us,
        MAX(CASE WHEN p.parameter = 'device_persons_hour' THEN p.value_e6 END) AS hour_e6,
        MAX(CASE WHEN p.parameter = 'device_hour_minutes' THEN p.value_e6 END) * 60 AS hour_us
    FROM policy AS p
    CROSS JOIN run_context AS r
    WHERE p.city_code = '370000' AND r.as_of >= p.valid_from AND r.as_of <= p.valid_until
),
crowd AS (
    SELECT device_id, COUNT(DISTINCT person_key) AS persons, MAX(hour_persons) AS hour_persons, MAX(tested) AS tested
    FROM c07_device_days
    GROUP BY device_id
),
suspect AS (
    SELECT c.device_id, c.hour_persons, c.tested
    FROM crowd AS c
    CROSS JOIN rule AS u
    WHERE c.persons * 1000000 >= LEAST(u.span_e6, u.hour_e6)
),
used_at AS (
    SELECT u.device_id, u.person_key, u.first_us AS start_us
    FROM c07_device_days AS u
    INNER JOIN suspect AS s ON s.device_id = u.device_id
    UNION
    SELECT u.device_id, u.person_key, u.last_us AS start_us
    FROM c07_device_days AS u
    INNER JOIN suspect AS s ON s.device_id = u.device_id
),
span AS (
    SELECT 'span' AS kind, span_us AS length_us FROM rule
    UNION ALL
    SELECT 'hour' AS kind, hour_us AS length_us FROM rule
),
-- A person is counted from each start until the window after it has passed, or the next start of the same person.
paced AS (
    SELECT
        n.kind,
        s.device_id,
        n.length_us,
        s.start_us,
        LAG(s.start_us) OVER by_person AS previous_us,
        LEAD(s.start_us) OVER by_person AS next_us
    FROM used_at AS s
    CROSS JOIN span AS n
    WINDOW by_person AS (PARTITION BY n.kind, s.device_id, s.person_key ORDER BY s.start_us)
),
step AS (
    SELECT kind, device_id, start_us AS at_us, 1 AS change
    FROM paced
    WHERE previous_us IS NULL OR start_us - previous_us >= length_us
    UNION ALL
    SELECT kind, device_id, start_us + length_us AS at_us, -1 AS change
    FROM paced
    WHERE next_us IS NULL OR next_us - start_us >= length_us
),
counted AS (
    SELECT
        kind,
        device_id,
        at_us,
        SUM(change) OVER (
            PARTITION BY kind, device_id ORDER BY at_us, change ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS persons
    FROM step
),
ranked AS (
    SELECT
        kind,
        device_id,
        at_us,
        persons,
        ROW_NUMBER() OVER (PARTITION BY kind, device_id ORDER BY -persons, at_us) AS place
    FROM counted
),
peak AS (
    SELECT
        device_id,
        MAX(CASE WHEN kind = 'span' THEN persons END) AS span_persons,
        MAX(CASE WHEN kind = 'span' THEN at_us END) AS span_end_us,
        MAX(CASE WHEN kind = 'hour' THEN persons END) AS hour_persons
    FROM ranked
    WHERE place = 1
    GROUP BY device_id
),
widest AS (
    SELECT
        s.device_id,
        s.tested,
        k.span_persons,
        k.span_end_us,
        u.span_us,
        GREATEST(k.hour_persons, COALESCE(s.hour_persons, 0)) AS hour_persons,
        k.span_persons * 1000000 >= u.span_e6 AS in_span,
        GREATEST(k.hour_persons, COALESCE(s.hour_persons, 0)) * 1000000 >= u.hour_e6 AS in_hour
    FROM suspect AS s
    INNER JOIN peak AS k ON k.device_id = s.device_id
    CROSS JOIN rule AS u
)
SELECT b.device_id, b.span_persons, b.span_end_us, b.span_us, b.hour_persons, b.in_span, b.in_hour, b.tested
FROM widest AS b
WHERE b.in_span OR b.in_hour
