/*
title_zh = "电子档案覆盖月报"
title_en = "Coverage of the electronic training archive by city and month"
description_zh = """
全省（370000）和16个市当月结业的培训，其电子档案的完整程度。结业所依据的各项材料以统计基准日已掌握的为准，不论记录于何月，\
因此近月数字还会上升。过程记录为该报名的学习记录，或本人在该班级的考勤；考核不论是否合格均计；证书不分类型。\
四项齐全的计入档案完整人次（complete_archives）。各列即learner_archive相应各列的计数，各市、各月均可相加。"""
description_en = """
How completely the trainings completed in each month are documented, for the province (370000) and its 16 cities. What stands behind a \
completion is counted as known on the as-of date, in whichever month it was recorded, so recent months still rise. The process record is a study \
log of the enrolment or an attendance of the person in the class; an assessment counts passed or not; a certificate is of any kind. \
complete_archives have all four. The columns are those of learner_archive, counted; all add up over cities and months."""
audience = "public"
grain = ["month", "city_code"]
sources = ["notice 四", "notice 三（三）"]
policy = []

[trace]
table = "enrolments"
where = "completed_month = {month} AND completed_on <= {as_of} AND (city_code = {city_code} OR ({city_code} = '370000' AND city_code LIKE '37%'))"

[trace.columns.with_valid_identity]
table = "enrolments"
where = "completed_month = {month} AND completed_on <= {as_of} AND (city_code = {city_code} OR ({city_code} = '370000' AND city_code LIKE '37%')) AND id_valid"

[trace.columns.with_assessment]
table = "enrolments"
where = "completed_month = {month} AND completed_on <= {as_of} AND (city_code = {city_code} OR ({city_code} = '370000' AND city_code LIKE '37%')) AND enrolment_id IN (SELECT enrolment_id FROM assessments WHERE COALESCE(started_day, ended_day) IS NULL OR COALESCE(started_day, ended_day) <= {as_of})"

[trace.columns.with_certificate]
table = "enrolments"
where = "completed_month = {month} AND completed_on <= {as_of} AND (city_code = {city_code} OR ({city_code} = '370000' AND city_code LIKE '37%')) AND enrolment_id IN (SELECT enrolment_id FROM certificates WHERE issued_on <= {as_of})"

[trace.columns.with_process_record]
table = "enrolments"
where = "completed_month = {month} AND completed_on <= {as_of} AND (city_code = {city_code} OR ({city_code} = '370000' AND city_code LIKE '37%')) AND (enrolment_id IN (SELECT enrolment_id FROM study_logs WHERE started_day <= {as_of}) OR class_id || '|' || CAST(person_key AS VARCHAR) IN (SELECT class_id || '|' || CAST(person_key AS VARCHAR) FROM attendance WHERE session_on <= {as_of}))"

[trace.columns.complete_archives]
table = "enrolments"
where = "completed_month = {month} AND completed_on <= {as_of} AND (city_code = {city_code} OR ({city_code} = '370000' AND city_code LIKE '37%')) AND id_valid AND enrolment_id IN (SELECT enrolment_id FROM assessments WHERE COALESCE(started_day, ended_day) IS NULL OR COALESCE(started_day, ended_day) <= {as_of}) AND enrolment_id IN (SELECT enrolment_id FROM certificates WHERE issued_on <= {as_of}) AND (enrolment_id IN (SELECT enrolment_id FROM study_logs WHERE started_day <= {as_of}) OR class_id || '|' || CAST(person_key AS VARCHAR) IN (SELECT class_id || '|' || CAST(person_key AS VARCHAR) FROM attendance WHERE session_on <= {as_of}))"

[[columns]]
name = "month"
type = "text"
unit = ""
zh = "月份"
en = "month of completion, YYYY-MM"

[[columns]]
name = "city_code"
type = "text"
unit = ""
zh = "行政区划代码"
en = "division code of the city (GB/T 2260); 370000 is the whole province"

[[columns]]
name = "city_name"
type = "text"
unit = ""
zh = "地区"
en = "name of the city; 全省 is the whole province"

[[columns]]
name = "completions"
type = "int"
unit = "completions"
zh = "培训人次"
en = "enrolments completed in the month, the base of the other columns"

[[columns]]
name = "with_valid_identity"
type = "int"
unit = "completions"
zh = "身份号码有效人次"
en = "completions whose citizen number passes the checks of GB 11643"

[[columns]]
name = "with_process_record"
type = "int"
unit = "completions"
zh = "有过程记录人次"
en = "completions with a study log of the enrolment or an attendance of the person in the class"

[[columns]]
name = "with_assessment"
type = "int"
unit = "completions"
zh = "有考核记录人次"
en = "completions with an assessment of the enrolment, passed or not"

[[columns]]
name = "with_certificate"
type = "int"
unit = "completions"
zh = "有证书人次"
en = "completions with a certificate of the enrolment, of any kind"

[[columns]]
name = "complete_archives"
type = "int"
unit = "completions"
zh = "档案完整人次"
en = "completions with valid identity, process record, assessment and certificate"

[[tests]]
kind = "not_null"
columns = ["month", "city_code", "city_name", "completions", "with_valid_identity", "with_process_record", "with_assessment", "with_certificate", "complete_archives"]
severity = "error"

[[tests]]
kind = "range"
columns = ["completions", "complete_archives"]
least = 0
severity = "error"

[[tests]]
kind = "relation"
column = "month"
table = "months"
severity = "error"

[[tests]]
kind = "relation"
column = "city_code"
table = "cities"
severity = "error"

[[tests]]
kind = "change"
measure = "sum"
column = "complete_archives"
by = ["month", "city_code"]
least = -0.2
ignore_below = 100
severity = "warn"
*/
WITH
completion AS (
    SELECT e.enrolment_id, e.class_id, e.person_key, e.id_valid, e.city_code, d.month_index
    FROM enrolments AS e
    INNER JOIN cities AS c ON c.city_code = e.city_code
    INNER JOIN elapsed_days AS d ON d.day = e.completed_on
),
attended AS (
    SELECT DISTINCT a.class_id, a.person_key
    FROM attendance AS a
    INNER JOIN elapsed_days AS d ON d.day = a.session_on
),
-- An assessment without a time is kept: nothing says that it lies after the as-of date.
assessed AS (
    SELECT DISTINCT a.enrolment_id
    FROM assessments AS a
    LEFT JOIN elapsed_days AS d ON d.day = COALESCE(a.started_day, a.ended_day)
    WHERE d.day IS NOT NULL OR (a.started_day IS NULL AND a.ended_day IS NULL)
),
certified AS (
    SELECT DISTINCT t.enrolment_id
    FROM certificates AS t
    INNER JOIN elapsed_days AS d ON d.day = t.issued_on
),
documented AS (
    SELECT
        e.city_code,
        e.month_index,
        CASE WHEN e.id_valid THEN 1 ELSE 0 END AS has_identity,
        CASE WHEN l.enrolment_id IS NOT NULL OR a.class_id IS NOT NULL THEN 1 ELSE 0 END AS has_process,
        CASE WHEN x.enrolment_id IS NOT NULL THEN 1 ELSE 0 END AS has_assessment,
        CASE WHEN t.enrolment_id IS NOT NULL THEN 1 ELSE 0 END AS has_certificate
    FROM completion AS e
    LEFT JOIN enrolment_log_support AS l ON l.enrolment_id = e.enrolment_id
    LEFT JOIN attended AS a ON a.class_id = e.class_id AND a.person_key = e.person_key
    LEFT JOIN assessed AS x ON x.enrolment_id = e.enrolment_id
    LEFT JOIN certified AS t ON t.enrolment_id = e.enrolment_id
),
city_cell AS (
    SELECT
        city_code,
        month_index,
        CAST(COUNT(*) AS BIGINT) AS completions,
        SUM(has_identity) AS with_valid_identity,
        SUM(has_process) AS with_process_record,
        SUM(has_assessment) AS with_assessment,
        SUM(has_certificate) AS with_certificate,
        SUM(has_identity * has_process * has_assessment * has_certificate) AS complete_archives
    FROM documented
    GROUP BY city_code, month_index
),
area_cell AS (
    SELECT
        city_code,
        month_index,
        completions,
        with_valid_identity,
        with_process_record,
        with_assessment,
        with_certificate,
        complete_archives
    FROM city_cell
    WHERE city_code <> '370000'
    UNION ALL
    SELECT
        '370000' AS city_code,
        month_index,
        SUM(completions) AS completions,
        SUM(with_valid_identity) AS with_valid_identity,
        SUM(with_process_record) AS with_process_record,
        SUM(with_assessment) AS with_assessment,
        SUM(with_certificate) AS with_certificate,
        SUM(complete_archives) AS complete_archives
    FROM city_cell
    GROUP BY month_index
),
first_cell AS (
    SELECT MIN(month_index) AS first_index FROM city_cell
),
elapsed_month AS (
    SELECT DISTINCT month, month_index FROM elapsed_days
),
-- A difference, not a comparison of two columns: a filter after the small cross join, not a range join.
grid AS (
    SELECT m.month, m.month_index, c.city_code, c.city_name
    FROM elapsed_month AS m
    CROSS JOIN first_cell AS f
    CROSS JOIN cities AS c
    WHERE m.month_index - f.first_index >= 0
)
SELECT
    g.month,
    g.city_code,
    g.city_name,
    COALESCE(k.completions, 0) AS completions,
    COALESCE(k.with_valid_identity, 0) AS with_valid_identity,
    COALESCE(k.with_process_record, 0) AS with_process_record,
    COALESCE(k.with_assessment, 0) AS with_assessment,
    COALESCE(k.with_certificate, 0) AS with_certificate,
    COALESCE(k.complete_archives, 0) AS complete_archives
FROM grid AS g
LEFT JOIN area_cell AS k ON k.city_code = g.city_code AND k.month_index = g.month_index
