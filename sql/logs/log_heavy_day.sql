/*
title_zh = "超量学习日的报名明细"
title_en = "Study logs by person, enrolment and local day on heavy days"
description_en = """
The enrolments of which a person's study time consists, only on the days for which log_person_day lists its records: those above the lowest \
daily limit in force. The person is that of the logs. Times are cut at local midnight."""
audience = "intermediate"
grain = ["local_day", "person_key", "enrolment_id"]
partition = "local_day"
incremental = true
sources = ["notice 三（三）"]
policy = []

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
name = "enrolment_id"
type = "text"
unit = ""
zh = "报名编号"
en = "identifier of the enrolment"

[[columns]]
name = "platform_id"
type = "text"
unit = ""
zh = "平台代码"
en = "platform that sent the logs; the first by code where there are several"

[[columns]]
name = "sum_us"
type = "int"
unit = "microseconds"
zh = "时长合计"
en = "sum of the session lengths on the day, overlaps counted each time"
*/
WITH
heavy_day AS (
    SELECT local_day, person_key FROM log_person_day WHERE evidence_count > 0
),
piece AS (
    SELECT
        started_day AS local_day,
        person_key,
        enrolment_id,
        platform_id,
        started_us AS start_us,
        GREATEST(ended_us, started_us) AS end_us
    FROM study_logs
    WHERE ended_day <= started_day
    UNION ALL
    SELECT
        d.day AS local_day,
        l.person_key,
        l.enrolment_id,
        l.platform_id,
        GREATEST(l.started_us, d.start_us) AS start_us,
        LEAST(l.ended_us, d.end_us) AS end_us
    FROM study_logs AS l
    INNER JOIN days AS d ON d.day >= l.started_day AND d.day <= l.ended_day
    WHERE l.ended_day > l.started_day AND l.ended_us > d.start_us
)
SELECT
    p.local_day,
    p.person_key,
    p.enrolment_id,
    MIN(p.platform_id) AS platform_id,
    SUM(p.end_us - p.start_us) AS sum_us
FROM piece AS p
INNER JOIN heavy_day AS h ON h.local_day = p.local_day AND h.person_key = p.person_key
GROUP BY p.local_day, p.person_key, p.enrolment_id
