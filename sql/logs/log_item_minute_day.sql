/*
title_zh = "多人同分钟完成的学习记录"
title_en = "Sessions that ended in a minute together with many others"
description_en = """
The sessions of an item that ended in one minute of a local day, only for minutes in which at least as many persons ended it as indicator C08 asks for in a \
second or in a minute, whichever is less: few of all."""
audience = "intermediate"
grain = ["local_day", "log_id"]
partition = "local_day"
incremental = true
sources = ["notice 三（三）"]
policy = ["same_second_persons", "same_minute_persons"]

[[columns]]
name = "local_day"
type = "date"
unit = ""
zh = "结束日期"
en = "local day on which the session ended"

[[columns]]
name = "log_id"
type = "text"
unit = ""
zh = "记录编号"
en = "identifier of the session"

[[columns]]
name = "item_id"
type = "text"
unit = ""
zh = "课件编号"
en = "identifier of the learning item"

[[columns]]
name = "end_us"
type = "int"
unit = "microseconds"
zh = "结束时刻"
en = "end of the session, microseconds since 1970 UTC"

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
en = "unified social credit code of the platform that sent the log (GB 32100)"
*/
WITH
day_limit AS (
    SELECT d.day, MIN(p.value_e6) AS persons_e6
    FROM days AS d
    CROSS JOIN policy AS p
    WHERE p.parameter IN ('same_second_persons', 'same_minute_persons')
      AND p.city_code = '370000'
      AND d.day >= p.valid_from
      AND d.day <= p.valid_until
    GROUP BY d.day
),
dense_day AS (
    SELECT e.local_day, e.item_id, m.persons_e6
    FROM log_item_end_day AS e
    INNER JOIN day_limit AS m ON m.day = e.local_day
    WHERE e.most_ends * 1000000 >= m.persons_e6
),
session AS (
    SELECT
        d.local_day,
        d.item_id,
        d.persons_e6,
        l.log_id,
        l.ended_us AS end_us,
        l.ended_us - l.ended_us % 60000000 AS minute_us,
        l.person_key,
        l.enrolment_id,
        l.platform_id
    FROM study_logs AS l
    INNER JOIN dense_day AS d ON d.local_day = l.ended_day AND d.item_id = l.item_id
    WHERE l.ended_us >= l.started_us
),
crowd AS (
    SELECT item_id, minute_us, persons_e6, COUNT(DISTINCT person_key) AS persons
    FROM session
    GROUP BY item_id, minute_us, persons_e6
)
SELECT s.local_day, s.log_id, s.item_id, s.end_us, s.person_key, s.enrolment_id, s.platform_id
FROM session AS s
INNER JOIN crowd AS c ON c.item_id = s.item_id AND c.minute_us = s.minute_us
WHERE c.persons * 1000000 >= c.persons_e6
