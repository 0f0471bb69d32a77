/*
title_zh = "人员密集IP每日使用明细"
title_en = "Who studied from a crowded address, by local day"
description_en = """
Persons and enrolments that started sessions from one IP address on one local day (Asia/Shanghai), only for days on which the address had at least \
address_persons_day persons: few of all. Addresses of listed venues are among them."""
audience = "intermediate"
grain = ["local_day", "ip", "person_key", "enrolment_id"]
partition = "local_day"
incremental = true
sources = ["notice 三（三）"]
policy = ["address_persons_day"]

[[columns]]
name = "local_day"
type = "date"
unit = ""
zh = "学习日期"
en = "local day on which the sessions started"

[[columns]]
name = "ip"
type = "text"
unit = ""
zh = "IP地址"
en = "internet address"

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
name = "log_id"
type = "text"
unit = ""
zh = "记录编号"
en = "one of the sessions, as evidence: the first by identifier"

[[columns]]
name = "persons"
type = "int"
unit = "persons"
zh = "当日人数"
en = "persons who started sessions from the address on the day"
*/
WITH
day_limit AS (
    SELECT d.day, p.value_e6 AS persons_e6
    FROM days AS d
    CROSS JOIN policy AS p
    WHERE p.parameter = 'address_persons_day' AND p.city_code = '370000' AND d.day >= p.valid_from AND d.day <= p.valid_until
),
-- So many sessions at least: most addresses fall out here, before persons are told apart.
busy AS (
    SELECT started_day AS local_day, ip, COUNT(*) AS sessions
    FROM study_logs
    WHERE ip IS NOT NULL
    GROUP BY started_day, ip
),
busy_day AS (
    SELECT b.local_day, b.ip, m.persons_e6
    FROM busy AS b
    INNER JOIN day_limit AS m ON m.day = b.local_day
    WHERE b.sessions * 1000000 >= m.persons_e6
),
used AS (
    SELECT b.local_day, b.ip, b.persons_e6, l.person_key, l.enrolment_id, MIN(l.log_id) AS log_id
    FROM study_logs AS l
    INNER JOIN busy_day AS b ON b.local_day = l.started_day AND b.ip = l.ip
    GROUP BY b.local_day, b.ip, b.persons_e6, l.person_key, l.enrolment_id
),
crowd AS (
    SELECT local_day, ip, persons_e6, COUNT(DISTINCT person_key) AS persons
    FROM used
    GROUP BY local_day, ip, persons_e6
)
SELECT u.local_day, u.ip, u.person_key, u.enrolment_id, u.log_id, c.persons
FROM used AS u
INNER JOIN crowd AS c ON c.local_day = u.local_day AND c.ip = u.ip
WHERE c.persons * 1000000 >= c.persons_e6
