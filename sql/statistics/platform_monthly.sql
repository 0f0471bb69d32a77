/*
title_zh = "平台运行月报"
title_en = "Operation of online platforms by month"
description_zh = """
截至统计基准日各线上平台各月的运行情况。一行内并用四种日期口径：报名人次和服务城市数按报名当月，培训人次按结业当月，\
发放金额按发放当月，活跃学员人数和计学课时按学习开始时间（当地时间）所在月份。报名人次、\
培训人次和发放金额以由该平台承担线上培训的班级为口径；活跃学员人数和计学课时以该平台报送的学习记录为口径，不论属于哪个班级。\
计学课时为平台报送的学习秒数按每课时45分钟折算，不是学习记录所能支撑的时长。发放金额为上述报名各类补贴申领的发放金额，\
不论收款方是谁。各列包括省外区划，但服务城市数只计本省16个市。活跃学员人数在一格内去重，各月、各平台不可相加。\
每个在册线上平台每月一行；记录中出现的其他平台代码每月也有一行，名称为空。"""
description_en = """
What each online platform did in each month, up to the as-of date. Four dates are at work and a row mixes them: new enrolments and cities \
served in the month of enrolment, completions in that of completion, money in that of payment, active persons and hours in that in which \
the study session started (local time). Enrolments, completions and money are those of classes with this platform; active persons and hours \
are of the logs that the platform sent, whatever class they belong to. Hours are the seconds that the platform reports as watched, 45 \
minutes to the hour (课时), not what the logs support. Money is of claims of every kind for these enrolments, paid to whomever. All \
divisions count, also outside the province, but cities_served counts only the 16 cities. Active persons are counted once within a cell \
and do not add up over months or platforms. Every organisation on record as a platform has a row for each month, and so has every other \
platform code that occurs in these records, without a name."""
audience = "public"
grain = ["month", "platform_id"]
sources = ["notice 三（三）", "notice 二（一）", "notice 四"]
policy = []

[trace]
table = "enrolments"
where = "((enrolled_month = {month} AND enrolled_on <= {as_of}) OR (completed_month = {month} AND completed_on <= {as_of})) AND class_id IN (SELECT class_id FROM classes WHERE platform_id = {platform_id})"

[trace.columns.enrolments]
table = "enrolments"
where = "enrolled_month = {month} AND enrolled_on <= {as_of} AND class_id IN (SELECT class_id FROM classes WHERE platform_id = {platform_id})"

[trace.columns.cities_served]
table = "enrolments"
where = "enrolled_month = {month} AND enrolled_on <= {as_of} AND class_id IN (SELECT class_id FROM classes WHERE platform_id = {platform_id})"

[trace.columns.completions]
table = "enrolments"
where = "completed_month = {month} AND completed_on <= {as_of} AND class_id IN (SELECT class_id FROM classes WHERE platform_id = {platform_id})"

[trace.columns.active_persons]
table = "study_logs"
where = "platform_id = {platform_id} AND started_month = {month} AND started_day <= {as_of}"

[trace.columns.logged_hours]
table = "study_logs"
where = "platform_id = {platform_id} AND started_month = {month} AND started_day <= {as_of}"

[trace.columns.watched_seconds]
table = "study_logs"
where = "platform_id = {platform_id} AND started_month = {month} AND started_day <= {as_of}"

[trace.columns.paid_fen]
table = "claims"
where = "status = 'paid' AND paid_month = {month} AND paid_on <= {as_of} AND enrolment_id IN (SELECT enrolment_id FROM enrolments WHERE class_id IN (SELECT class_id FROM classes WHERE platform_id = {platform_id}))"

[[columns]]
name = "month"
type = "text"
unit = ""
zh = "月份"
en = "month, YYYY-MM: of enrolment, completion, payment or start of the session, by column"

[[columns]]
name = "platform_id"
type = "text"
unit = ""
zh = "平台代码"
en = "unified social credit code of the platform (GB 32100)"

[[columns]]
name = "platform_name"
type = "text"
unit = ""
zh = "平台名称"
en = "name of the platform; empty when it is not on record as a platform"

[[columns]]
name = "enrolments"
type = "int"
unit = "enrolments"
zh = "报名人次"
en = "enrolments of the month in classes of the platform"

[[columns]]
name = "active_persons"
type = "int"
unit = "persons"
zh = "活跃学员人数（去重）"
en = "distinct persons with a session on the platform that started in the month; does not add up over months or platforms"

[[columns]]
name = "logged_hours"
type = "float"
unit = "hours"
zh = "平台计学课时"
en = "watched seconds of the sessions that started in the month / 2700"

[[columns]]
name = "completions"
type = "int"
unit = "completions"
zh = "培训人次"
en = "enrolments in classes of the platform that were completed in the month"

[[columns]]
name = "paid_fen"
type = "int"
unit = "fen"
zh = "学员补贴发放金额"
en = "sum of the claims with status paid, paid in the month for enrolments in classes of the platform, of every kind, fen"

[[columns]]
name = "cities_served"
type = "int"
unit = "cities"
zh = "服务城市数"
en = "distinct cities of the month's enrolments, 0 to 16"

[[columns]]
name = "watched_seconds"
type = "int"
unit = "seconds"
zh = "平台计学秒数"
en = "watched seconds of the sessions that started in the month, as the platform reports them"

[[tests]]
kind = "not_null"
columns = ["month", "platform_id", "enrolments", "active_persons", "completions", "paid_fen", "cities_served", "watched_seconds"]
severity = "error"

[[tests]]
kind = "not_null"
columns = ["platform_name"]
severity = "warn"

[[tests]]
kind = "range"
columns = ["enrolments", "active_persons", "logged_hours", "completions", "watched_seconds"]
least = 0
severity = "error"

[[tests]]
kind = "range"
columns = ["paid_fen"]
least = 0
severity = "warn"

[[tests]]
kind = "range"
columns = ["cities_served"]
least = 0
most = 16
severity = "error"

[[tests]]
kind = "relation"
column = "month"
table = "months"
severity = "error"

[[tests]]
kind = "change"
measure = "sum"
column = "enrolments"
by = ["month", "platform_id"]
least = -0.2
ignore_below = 100
severity = "warn"

[[tests]]
kind = "change"
measure = "sum"
column = "watched_seconds"
by = ["month", "platform_id"]
least = -0.2
ignore_below = 1000000
severity = "warn"
*/
WITH
training AS (
    SELECT e.enrolment_id, k.platform_id, e.city_code, e.enrolled_on, e.completed_on
    FROM enrolments AS e
    INNER JOIN classes AS k ON k.class_id = e.class_id
    WHERE k.platform_id IS NOT NULL
),
city_enrolled AS (
    SELECT t.platform_id, d.month_index, t.city_code, CAST(COUNT(*) AS BIGINT) AS enrolments
    FROM training AS t
    INNER JOIN elapsed_days AS d ON d.day = t.enrolled_on
    GROUP BY t.platform_id, d.month_index, t.city_code
),
person_month AS (
    SELECT l.platform_id, d.month_index, l.person_key, SUM(l.watched_seconds) AS watched_seconds
    FROM log_platform_person_day AS l
    INNER JOIN elapsed_days AS d ON d.day = l.local_day
    GROUP BY l.platform_id, d.month_index, l.person_key
),
event AS (
    SELECT
        n.platform_id,
        n.month_index,
        n.enrolments,
        CASE WHEN c.city_order > 0 THEN 1 ELSE 0 END AS cities_served,
        CAST(0 AS BIGINT) AS active_persons,
        CAST(0 AS BIGINT) AS watched_seconds,
        CAST(0 AS BIGINT) AS completions,
        CAST(0 AS BIGINT) AS paid_fen
    FROM city_enrolled AS n
    LEFT JOIN cities AS c ON c.city_code = n.city_code
    UNION ALL
    SELECT
        platform_id,
        month_index,
        CAST(0 AS BIGINT) AS enrolments,
        0 AS cities_served,
        CAST(COUNT(*) AS BIGINT) AS active_persons,
        SUM(watched_seconds) AS watched_seconds,
        CAST(0 AS BIGINT) AS completions,
        CAST(0 AS BIGINT) AS paid_fen
    FROM person_month
    GROUP BY platform_id, month_index
    UNION ALL
    SELECT
        t.platform_id,
        d.month_index,
        CAST(0 AS BIGINT) AS enrolments,
        0 AS cities_served,
        CAST(0 AS BIGINT) AS active_persons,
        CAST(0 AS BIGINT) AS watched_seconds,
        CAST(COUNT(*) AS BIGINT) AS completions,
        CAST(0 AS BIGINT) AS paid_fen
    FROM training AS t
    INNER JOIN elapsed_days AS d ON d.day = t.completed_on
    GROUP BY t.platform_id, d.month_index
    UNION ALL
    SELECT
        t.platform_id,
        d.month_index,
        CAST(0 AS BIGINT) AS enrolments,
        0 AS cities_served,
        CAST(0 AS BIGINT) AS active_persons,
        CAST(0 AS BIGINT) AS watched_seconds,
        CAST(0 AS BIGINT) AS completions,
        SUM(b.amount_fen) AS paid_fen
    FROM claims AS b
    INNER JOIN elapsed_days AS d ON d.day = b.paid_on
    INNER JOIN training AS t ON t.enrolment_id = b.enrolment_id
    WHERE b.status = 'paid'
    GROUP BY t.platform_id, d.month_index
),
cell AS (
    SELECT
        platform_id,
        month_index,
        SUM(enrolments) AS enrolments,
        SUM(active_persons) AS active_persons,
        SUM(watched_seconds) AS watched_seconds,
        SUM(completions) AS completions,
        SUM(paid_fen) AS paid_fen,
        SUM(cities_served) AS cities_served
    FROM event
    GROUP BY platform_id, month_index
),
named AS (
    SELECT org_id AS platform_id, org_name AS platform_name FROM organizations WHERE org_kind = 'platform'
),
seen AS (
    SELECT platform_id FROM named
    UNION ALL
    SELECT platform_id FROM cell
),
platform AS (
    SELECT DISTINCT platform_id FROM seen
),
first_cell AS (
    SELECT MIN(month_index) AS first_index FROM cell
),
elapsed_month AS (
    SELECT DISTINCT month, month_index FROM elapsed_days
),
-- A difference, not a comparison of two columns: a filter after the small cross join, not a range join.
grid AS (
    SELECT m.month, m.month_index, p.platform_id
    FROM elapsed_month AS m
    CROSS JOIN first_cell AS f
    CROSS JOIN platform AS p
    WHERE m.month_index - f.first_index >= 0
)
SELECT
    g.month,
    g.platform_id,
    n.platform_name,
    COALESCE(k.enrolments, 0) AS enrolments,
    COALESCE(k.active_persons, 0) AS active_persons,
    COALESCE(k.watched_seconds, 0) / 2700 AS logged_hours,
    COALESCE(k.completions, 0) AS completions,
    COALESCE(k.paid_fen, 0) AS paid_fen,
    COALESCE(k.cities_served, 0) AS cities_served,
    COALESCE(k.watched_seconds, 0) AS watched_seconds
FROM grid AS g
LEFT JOIN cell AS k ON k.platform_id = g.platform_id AND k.month_index = g.month_index
LEFT JOIN named AS n ON n.platform_id = g.platform_id
