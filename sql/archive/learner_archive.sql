/*
title_zh = "劳动者职业培训电子档案"
title_en = "Electronic training archive of learners"
description_zh = """
每条培训一行，一次报名为一条培训：列明学什么、在何地、何时，申报的课时及其所依据的学习记录和考勤，以及考核、证书、\
补贴和监督线索。统计基准日之后发生的事项不列；结业日期晚于统计基准日的，显示为空。线索指该报名、\
其补贴申领或本人整体的指标命中，针对本人整体的线索在其每条培训中都列出；凡线索均为疑点线索，需核查，非认定结论。\
本表不含姓名和身份证号，须凭人员标识（person_hex）到身份库查询。"""
description_en = """
One row a training: what was learnt, where and when, the hours claimed, the study logs and attendance behind them, assessments, \
certificates, subsidies and supervision leads. Events dated after the as-of date are left out; a later completion date is shown as \
empty. Leads are hits of the enrolment, of one of its claims or of the person as a whole (these appear in every training of the \
person); every lead is 疑点线索，需核查，非认定结论. Names and numbers of persons are not here: person_hex opens the vault."""
audience = "restricted"
grain = ["person_key", "enrolment_id"]
sources = ["notice 四", "notice 三（三）"]
policy = []

[trace]
table = "enrolments"
where = "enrolment_id = {enrolment_id}"

[trace.columns.log_sessions]
table = "study_logs"
where = "enrolment_id = {enrolment_id} AND started_day <= {as_of}"

[trace.columns.supported_seconds]
table = "study_logs"
where = "enrolment_id = {enrolment_id} AND started_day <= {as_of}"

[trace.columns.watched_seconds]
table = "study_logs"
where = "enrolment_id = {enrolment_id} AND started_day <= {as_of}"

[trace.columns.first_log_on]
table = "study_logs"
where = "enrolment_id = {enrolment_id} AND started_day <= {as_of}"

[trace.columns.last_log_on]
table = "study_logs"
where = "enrolment_id = {enrolment_id} AND started_day <= {as_of}"

[trace.columns.attendance_slots]
table = "attendance"
where = "CAST(person_key AS VARCHAR) = {person_key} AND class_id IN (SELECT class_id FROM enrolments WHERE enrolment_id = {enrolment_id}) AND session_on <= {as_of}"

[trace.columns.attendance_days]
table = "attendance"
where = "CAST(person_key AS VARCHAR) = {person_key} AND class_id IN (SELECT class_id FROM enrolments WHERE enrolment_id = {enrolment_id}) AND session_on <= {as_of}"

[trace.columns.attended_seconds]
table = "attendance"
where = "CAST(person_key AS VARCHAR) = {person_key} AND class_id IN (SELECT class_id FROM enrolments WHERE enrolment_id = {enrolment_id}) AND session_on <= {as_of}"

[trace.columns.assessments]
table = "assessments"
where = "enrolment_id = {enrolment_id} AND (COALESCE(started_day, ended_day) IS NULL OR COALESCE(started_day, ended_day) <= {as_of})"

[trace.columns.assessments_passed]
table = "assessments"
where = "enrolment_id = {enrolment_id} AND (COALESCE(started_day, ended_day) IS NULL OR COALESCE(started_day, ended_day) <= {as_of})"

[trace.columns.best_score]
table = "assessments"
where = "enrolment_id = {enrolment_id} AND (COALESCE(started_day, ended_day) IS NULL OR COALESCE(started_day, ended_day) <= {as_of})"

[trace.columns.last_assessed_on]
table = "assessments"
where = "enrolment_id = {enrolment_id} AND (COALESCE(started_day, ended_day) IS NULL OR COALESCE(started_day, ended_day) <= {as_of})"

[trace.columns.certificates]
table = "certificates"
where = "enrolment_id = {enrolment_id} AND issued_on <= {as_of}"

[trace.columns.certificate_numbers]
table = "certificates"
where = "enrolment_id = {enrolment_id} AND issued_on <= {as_of}"

[trace.columns.first_certified_on]
table = "certificates"
where = "enrolment_id = {enrolment_id} AND issued_on <= {as_of}"

[trace.columns.claims]
table = "claims"
where = "enrolment_id = {enrolment_id} AND claimed_on <= {as_of}"

[trace.columns.claimed_fen]
table = "claims"
where = "enrolment_id = {enrolment_id} AND claimed_on <= {as_of}"

[trace.columns.paid_fen]
table = "claims"
where = "enrolment_id = {enrolment_id} AND claimed_on <= {as_of}"

[trace.columns.refunded_fen]
table = "claims"
where = "enrolment_id = {enrolment_id} AND claimed_on <= {as_of}"

[trace.columns.last_paid_on]
table = "claims"
where = "enrolment_id = {enrolment_id} AND claimed_on <= {as_of}"

[[columns]]
name = "person_key"
type = "int"
unit = ""
zh = "人员标识"
en = "keyed pseudonym of the person"

[[columns]]
name = "person_hex"
type = "text"
unit = ""
zh = "人员标识（十六进制）"
en = "person_key in 16 lower-case hex digits, as people see it"

[[columns]]
name = "enrolment_id"
type = "text"
unit = ""
zh = "报名编号"
en = "the training: one enrolment"

[[columns]]
name = "class_id"
type = "text"
unit = ""
zh = "班级编号"
en = "class of the enrolment"

[[columns]]
name = "org_id"
type = "text"
unit = ""
zh = "培训机构代码"
en = "training organisation of the class; empty when the class is not on record"

[[columns]]
name = "org_name"
type = "text"
unit = ""
zh = "培训机构名称"
en = "name of the training organisation"

[[columns]]
name = "platform_id"
type = "text"
unit = ""
zh = "线上平台代码"
en = "online platform of the class; empty for offline classes"

[[columns]]
name = "platform_name"
type = "text"
unit = ""
zh = "线上平台名称"
en = "name of the online platform"

[[columns]]
name = "occupation_code"
type = "text"
unit = ""
zh = "职业编码"
en = "occupation of the class"

[[columns]]
name = "skill_level"
type = "int"
unit = ""
zh = "技能等级"
en = "skill level of the class, 1 highest to 5, 0 none"

[[columns]]
name = "category"
type = "text"
unit = ""
zh = "培训类别"
en = "training category of the class"

[[columns]]
name = "mode"
type = "text"
unit = ""
zh = "培训方式"
en = "online, offline or blended"

[[columns]]
name = "course_id"
type = "text"
unit = ""
zh = "课程编号"
en = "online course of the enrolment"

[[columns]]
name = "learner_group"
type = "text"
unit = ""
zh = "人员类别"
en = "group of the learner at enrolment"

[[columns]]
name = "employer_id"
type = "text"
unit = ""
zh = "企业代码"
en = "employer that the enrolment names (unified social credit code)"

[[columns]]
name = "city_code"
type = "text"
unit = ""
zh = "行政区划代码"
en = "organising city of the enrolment (GB/T 2260)"

[[columns]]
name = "city_name"
type = "text"
unit = ""
zh = "地区"
en = "name of the city; empty outside the province"

[[columns]]
name = "enrolled_on"
type = "date"
unit = ""
zh = "报名日期"
en = "day of the enrolment"

[[columns]]
name = "start_on"
type = "date"
unit = ""
zh = "开班日期"
en = "first day of the class"

[[columns]]
name = "end_on"
type = "date"
unit = ""
zh = "结班日期"
en = "last day of the class"

[[columns]]
name = "completed_on"
type = "date"
unit = ""
zh = "结业日期"
en = "day of completion; empty while the training is not completed"

[[columns]]
name = "online_hours"
type = "float"
unit = "hours"
zh = "线上课时"
en = "online hours of the enrolment, 45 minutes each"

[[columns]]
name = "offline_hours"
type = "float"
unit = "hours"
zh = "线下课时"
en = "offline hours of the enrolment, 45 minutes each"

[[columns]]
name = "online_seconds"
type = "int"
unit = "seconds"
zh = "线上课时折合秒数"
en = "online hours in seconds (hours × 2700)"

[[columns]]
name = "offline_seconds"
type = "int"
unit = "seconds"
zh = "线下课时折合秒数"
en = "offline hours in seconds (hours × 2700)"

[[columns]]
name = "log_sessions"
type = "int"
unit = "sessions"
zh = "学习记录条数"
en = "study sessions logged for the enrolment"

[[columns]]
name = "supported_seconds"
type = "int"
unit = "seconds"
zh = "日志支撑秒数"
en = "whole seconds of study that the logs support: overlaps counted once, each courseware item at most its length (indicator C05)"

[[columns]]
name = "watched_seconds"
type = "int"
unit = "seconds"
zh = "学习秒数"
en = "watched seconds as the platform reported them"

[[columns]]
name = "first_log_on"
type = "date"
unit = ""
zh = "首次学习日期"
en = "local day of the first session"

[[columns]]
name = "last_log_on"
type = "date"
unit = ""
zh = "末次学习日期"
en = "local day on which the last session ended"

[[columns]]
name = "attendance_slots"
type = "int"
unit = "slots"
zh = "考勤次数"
en = "attendance records of the person in the class"

[[columns]]
name = "attendance_days"
type = "int"
unit = "days"
zh = "考勤天数"
en = "distinct days of these records"

[[columns]]
name = "attended_seconds"
type = "int"
unit = "seconds"
zh = "在场秒数"
en = "whole seconds between sign-in and sign-out, summed over these records; one that lacks a time, or signs out first, counts 0"

[[columns]]
name = "assessments"
type = "int"
unit = "assessments"
zh = "考核次数"
en = "assessments of the enrolment"

[[columns]]
name = "assessments_passed"
type = "int"
unit = "assessments"
zh = "考核合格次数"
en = "assessments of the enrolment that were passed"

[[columns]]
name = "best_score"
type = "float"
unit = "points"
zh = "最高成绩"
en = "greatest score of these assessments, 0 to 100; empty without a score"

[[columns]]
name = "last_assessed_on"
type = "date"
unit = ""
zh = "末次考核日期"
en = "last local day of an assessment, of its start or else its end"

[[columns]]
name = "certificates"
type = "int"
unit = "certificates"
zh = "证书数"
en = "distinct certificate numbers of the enrolment"

[[columns]]
name = "certificate_numbers"
type = "text_list"
unit = ""
zh = "证书编号"
en = "numbers of these certificates in ascending order, as stored (a citizen number in one is replaced by its pseudonym); empty without certificates"

[[columns]]
name = "first_certified_on"
type = "date"
unit = ""
zh = "首次发证日期"
en = "first day of issue of these certificates"

[[columns]]
name = "claims"
type = "int"
unit = "claims"
zh = "补贴申领笔数"
en = "subsidy claims of the enrolment, of every status"

[[columns]]
name = "claimed_fen"
type = "int"
unit = "fen"
zh = "申领金额"
en = "sum of these claims, of every status, fen"

[[columns]]
name = "paid_fen"
type = "int"
unit = "fen"
zh = "发放金额"
en = "sum of its claims with status paid, fen"

[[columns]]
name = "refunded_fen"
type = "int"
unit = "fen"
zh = "退回金额"
en = "sum of its claims with status refunded, fen; not taken off paid_fen"

[[columns]]
name = "last_paid_on"
type = "date"
unit = ""
zh = "末次发放日期"
en = "last day on which a claim with status paid was paid"

[[columns]]
name = "hits"
type = "int"
unit = "hits"
zh = "疑点线索数"
en = "leads of the enrolment, its claims and its person that are not cleared; leads, not verdicts"

[[columns]]
name = "hit_indicators"
type = "text_list"
unit = ""
zh = "疑点指标"
en = "distinct indicator ids of these leads in ascending order; empty without leads"

[[columns]]
name = "with_valid_identity"
type = "bool"
unit = ""
zh = "身份号码有效"
en = "the citizen number passed the checks of GB 11643"

[[columns]]
name = "with_process_record"
type = "bool"
unit = ""
zh = "有过程记录"
en = "a study log of the enrolment or an attendance of the person in the class exists"

[[columns]]
name = "with_assessment"
type = "bool"
unit = ""
zh = "有考核记录"
en = "an assessment of the enrolment exists"

[[columns]]
name = "with_certificate"
type = "bool"
unit = ""
zh = "有证书"
en = "a certificate of the enrolment exists"

[[columns]]
name = "complete_archive"
type = "bool"
unit = ""
zh = "档案完整"
en = "valid identity, process record, assessment and certificate are all there"

[[tests]]
kind = "not_null"
columns = ["person_key", "person_hex", "enrolment_id", "class_id", "city_code", "enrolled_on", "online_seconds", "offline_seconds"]
severity = "error"

[[tests]]
kind = "not_null"
columns = ["with_valid_identity", "with_process_record", "with_assessment", "with_certificate", "complete_archive"]
severity = "error"

[[tests]]
kind = "unique"
columns = ["enrolment_id"]
severity = "error"

[[tests]]
kind = "accepted_values"
column = "category"
values = ["employment", "upskilling", "apprenticeship", "entrepreneurship", "specific", "project"]
severity = "error"

[[tests]]
kind = "accepted_values"
column = "mode"
values = ["online", "offline", "blended"]
severity = "error"

[[tests]]
kind = "accepted_values"
column = "learner_group"
values = ["employee", "migrant", "unemployed", "graduate", "rural_school_leaver", "urban_allowance_leaver", "hard_to_employ", "zero_employment_family", "registered_poor", "veteran", "disabled", "other"]
severity = "error"

[[tests]]
kind = "range"
columns = ["skill_level"]
least = 0
most = 5
severity = "error"

[[tests]]
kind = "range"
columns = ["online_seconds", "offline_seconds", "log_sessions", "supported_seconds", "watched_seconds", "attendance_slots", "attendance_days", "attended_seconds", "assessments", "assessments_passed", "certificates", "claims", "hits"]
least = 0
severity = "error"

[[tests]]
kind = "range"
columns = ["claimed_fen", "paid_fen", "refunded_fen"]
least = 0
severity = "warn"

[[tests]]
kind = "change"
measure = "rows"
least = -0.01
ignore_below = 100
severity = "warn"
*/
WITH
training AS (
    SELECT
        e.person_key,
        h.person_hex,
        e.enrolment_id,
        e.class_id,
        k.org_id,
        k.platform_id,
        k.occupation_code,
        k.skill_level,
        k.category,
        k.mode,
        e.course_id,
        e.learner_group,
        e.employer_id,
        e.city_code,
        e.enrolled_on,
        k.start_on,
        k.end_on,
        f.day AS completed_on,
        e.online_seconds,
        e.offline_seconds,
        e.id_valid
    FROM enrolments AS e
    INNER JOIN elapsed_days AS d ON d.day = e.enrolled_on
    INNER JOIN learner_keys AS h ON h.person_key = e.person_key
    LEFT JOIN elapsed_days AS f ON f.day = e.completed_on
    LEFT JOIN classes AS k ON k.class_id = e.class_id
),
-- An organisation may be on record in several roles; any of its names will do, the first by alphabet always.
organisation AS (
    SELECT org_id, MIN(org_name) AS org_name FROM organizations GROUP BY org_id
),
attended AS (
    SELECT
        a.class_id,
        a.person_key,
        CAST(COUNT(*) AS BIGINT) AS attendance_slots,
        CAST(COUNT(DISTINCT a.session_on) AS BIGINT) AS attendance_days,
        SUM(
            CASE
                WHEN a.signed_out_us > a.signed_in_us
                    THEN (a.signed_out_us - a.signed_in_us - (a.signed_out_us - a.signed_in_us) % 1000000) / 1000000
                ELSE 0
            END
        ) AS attended_seconds
    FROM attendance AS a
    INNER JOIN elapsed_days AS d ON d.day = a.session_on
    GROUP BY a.class_id, a.person_key
),
-- An assessment without a time is kept: nothing says that it lies after the as-of date.
assessed AS (
    SELECT
        a.enrolment_id,
        CAST(COUNT(*) AS BIGINT) AS assessments,
        SUM(CASE WHEN a.passed THEN 1 ELSE 0 END) AS assessments_passed,
        MAX(a.score) AS best_score,
        MAX(COALESCE(a.started_day, a.ended_day)) AS last_assessed_on
    FROM assessments AS a
    LEFT JOIN elapsed_days AS d ON d.day = COALESCE(a.started_day, a.ended_day)
    WHERE d.day IS NOT NULL OR (a.started_day IS NULL AND a.ended_day IS NULL)
    GROUP BY a.enrolment_id
),
certificate AS (
    SELECT c.enrolment_id, c.certificate_no, MIN(c.issued_on) AS issued_on
    FROM certificates AS c
    INNER JOIN elapsed_days AS d ON d.day = c.issued_on
    GROUP BY c.enrolment_id, c.certificate_no
),
certified AS (
    SELECT
        enrolment_id,
        CAST(COUNT(*) AS BIGINT) AS certificates,
        MIN(issued_on) AS first_certified_on,
        ARRAY_AGG(certificate_no ORDER BY certificate_no) AS certificate_numbers
    FROM certificate
    GROUP BY enrolment_id
),
claim AS (
    SELECT
        c.claim_id,
        c.enrolment_id,
        c.amount_fen,
        CASE WHEN c.status = 'paid' THEN p.day END AS paid_on,
        CASE WHEN c.status = 'paid' AND p.day IS NOT NULL THEN c.amount_fen ELSE 0 END AS paid_fen,
        CASE
            WHEN c.status = 'refunded' AND (p.day IS NOT NULL OR c.paid_on IS NULL) THEN c.amount_fen
            ELSE 0
        END AS refunded_fen
    FROM claims AS c
    INNER JOIN elapsed_days AS d ON d.day = c.claimed_on
    LEFT JOIN elapsed_days AS p ON p.day = c.paid_on
),
subsidised AS (
    SELECT
        enrolment_id,
        CAST(COUNT(*) AS BIGINT) AS claims,
        SUM(amount_fen) AS claimed_fen,
        MAX(paid_on) AS last_paid_on,
        SUM(paid_fen) AS paid_fen,
        SUM(refunded_fen) AS refunded_fen
    FROM claim
    GROUP BY enrolment_id
),
person_hit AS (
    SELECT indicator_id, entity_id FROM open_hits WHERE entity_kind = 'person'
),
training_hit AS (
    SELECT enrolment_id, indicator_id
    FROM hit_enrolments
    WHERE entity_kind IN ('enrolment', 'claim', 'person_occupation_level', 'person_platform')
    UNION ALL
    SELECT t.enrolment_id, h.indicator_id
    FROM training AS t
    INNER JOIN person_hit AS h ON h.entity_id = t.person_hex
),
hit_indicator AS (
    SELECT enrolment_id, indicator_id, CAST(COUNT(*) AS BIGINT) AS hits
    FROM training_hit
    GROUP BY enrolment_id, indicator_id
),
suspected AS (
    SELECT
        enrolment_id,
        SUM(hits) AS hits,
        ARRAY_AGG(indicator_id ORDER BY indicator_id) AS hit_indicators
    FROM hit_indicator
    GROUP BY enrolment_id
)
SELECT
    t.person_key,
    t.person_hex,
    t.enrolment_id,
    t.class_id,
    t.org_id,
    o.org_name,
    t.platform_id,
    p.org_name AS platform_name,
    t.occupation_code,
    t.skill_level,
    t.category,
    t.mode,
    t.course_id,
    t.learner_group,
    t.employer_id,
    t.city_code,
    c.city_name,
    t.enrolled_on,
    t.start_on,
    t.end_on,
    t.completed_on,
    t.online_seconds / 2700 AS online_hours,
    t.offline_seconds / 2700 AS offline_hours,
    t.online_seconds,
    t.offline_seconds,
    COALESCE(l.sessions, 0) AS log_sessions,
    COALESCE(CAST((l.supported_us - l.supported_us % 1000000) / 1000000 AS BIGINT), 0) AS supported_seconds,
    COALESCE(l.watched_seconds, 0) AS watched_seconds,
    l.first_day AS first_log_on,
    l.last_day AS last_log_on,
    COALESCE(a.attendance_slots, 0) AS attendance_slots,
    COALESCE(a.attendance_days, 0) AS attendance_days,
    COALESCE(CAST(a.attended_seconds AS BIGINT), 0) AS attended_seconds,
    COALESCE(x.assessments, 0) AS assessments,
    COALESCE(x.assessments_passed, 0) AS assessments_passed,
    x.best_score,
    x.last_assessed_on,
    COALESCE(z.certificates, 0) AS certificates,
    z.first_certified_on,
    z.certificate_numbers,
    COALESCE(s.claims, 0) AS claims,
    COALESCE(s.claimed_fen, 0) AS claimed_fen,
    s.last_paid_on,
    COALESCE(s.paid_fen, 0) AS paid_fen,
    COALESCE(s.refunded_fen, 0) AS refunded_fen,
    COALESCE(h.hits, 0) AS hits,
    h.hit_indicators,
    t.id_valid AS with_valid_identity,
    l.enrolment_id IS NOT NULL OR a.class_id IS NOT NULL AS with_process_record,
    x.enrolment_id IS NOT NULL AS with_assessment,
    z.enrolment_id IS NOT NULL AS with_certificate,
    t.id_valid
        AND (l.enrolment_id IS NOT NULL OR a.class_id IS NOT NULL)
        AND x.enrolment_id IS NOT NULL
        AND z.enrolment_id IS NOT NULL AS complete_archive
FROM training AS t
LEFT JOIN cities AS c ON c.city_code = t.city_code
LEFT JOIN organisation AS o ON o.org_id = t.org_id
LEFT JOIN organisation AS p ON p.org_id = t.platform_id
LEFT JOIN enrolment_log_support AS l ON l.enrolment_id = t.enrolment_id
LEFT JOIN attended AS a ON a.class_id = t.class_id AND a.person_key = t.person_key
LEFT JOIN assessed AS x ON x.enrolment_id = t.enrolment_id
LEFT JOIN certified AS z ON z.enrolment_id = t.enrolment_id
LEFT JOIN subsidised AS s ON s.enrolment_id = t.enrolment_id
LEFT JOIN suspected AS h ON h.enrolment_id = t.enrolment_id
