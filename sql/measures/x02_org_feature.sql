/*
title_zh = "机构特征"
title_en = "Features of training organisations and platforms"
description_en = """
One row per organisation that teaches classes or is their platform, with at least 10 enrolments up to the as-of day: how its classes, \
learners, records and claims look. A class of a school on a platform counts for both. A feature that cannot be measured has an ordinary \
value, said in its column. Rejected claims are left out. Read by X02."""
audience = "intermediate"
grain = ["org_id"]
sources = ["notice 三（三）"]
policy = []

[[columns]]
name = "org_id"
type = "text"
unit = ""
zh = "机构代码"
en = "training organisation or platform"

[[columns]]
name = "classes"
type = "float"
unit = "classes"
zh = "班级数"
en = "classes with an enrolment"

[[columns]]
name = "learners_per_class"
type = "float"
unit = "persons"
zh = "班均人数"
en = "enrolments per class"

[[columns]]
name = "trainings_per_person"
type = "float"
unit = "trainings"
zh = "人均报名次数"
en = "enrolments per distinct person"

[[columns]]
name = "busiest_month_share"
type = "float"
unit = "share"
zh = "最忙月份占比"
en = "share of the enrolments in the busiest month"

[[columns]]
name = "completion_rate"
type = "float"
unit = "share"
zh = "结业率"
en = "completed enrolments over all"

[[columns]]
name = "pass_rate"
type = "float"
unit = "share"
zh = "合格率"
en = "passed assessments over all; 0.9 without an assessment"

[[columns]]
name = "claimed_yuan_per_learner"
type = "float"
unit = "yuan"
zh = "人均申领金额"
en = "amount of claims that are not rejected per enrolment"

[[columns]]
name = "persons_per_account"
type = "float"
unit = "persons"
zh = "户均人数"
en = "persons per personal account; 1 without one"

[[columns]]
name = "persons_per_phone"
type = "float"
unit = "persons"
zh = "号均人数"
en = "persons per phone; 1 without one"

[[columns]]
name = "unsupported_share"
type = "float"
unit = "share"
zh = "无日志支撑占比"
en = "share of the online hours that the logs do not support; 0 without online hours"

[[columns]]
name = "late_upload_share"
type = "float"
unit = "share"
zh = "迟传占比"
en = "share of the sessions uploaded more than 24 hours after their end; 0 without upload times"

[[columns]]
name = "face_failed_share"
type = "float"
unit = "share"
zh = "人脸核验失败占比"
en = "share of the face prompts failed or missed; 0 without prompts"

[[columns]]
name = "heads_per_teacher"
type = "float"
unit = "persons"
zh = "师均人次"
en = "attendance records per teacher and day; 0 without attendance"

[[columns]]
name = "outside_share"
type = "float"
unit = "share"
zh = "外地学员占比"
en = "share of the learners with a valid number whose division lies outside the class's city"
*/
WITH
taught AS (
    SELECT k.org_id, k.class_id, k.city_code FROM classes AS k
    UNION
    SELECT k.platform_id AS org_id, k.class_id, k.city_code FROM classes AS k WHERE k.platform_id IS NOT NULL
),
training AS (
    SELECT
        t.org_id,
        t.class_id,
        t.city_code,
        e.enrolment_id,
        e.person_key,
        e.enrolled_month,
        e.online_seconds,
        CASE WHEN COALESCE(e.phone_fault, '') <> 'placeholder' THEN e.phone_key END AS phone_key,
        e.id_valid,
        v.city_code AS home_city_code,
        CASE WHEN c.day IS NULL THEN 0 ELSE 1 END AS completed
    FROM taught AS t
    INNER JOIN enrolments AS e ON e.class_id = t.class_id
    INNER JOIN elapsed_days AS d ON d.day = e.enrolled_on
    LEFT JOIN elapsed_days AS c ON c.day = e.completed_on
    LEFT JOIN divisions AS v ON v.code = e.id_division
),
monthly AS (
    SELECT org_id, enrolled_month, CAST(COUNT(*) AS BIGINT) AS enrolments FROM training GROUP BY org_id, enrolled_month
),
busiest AS (
    SELECT org_id, MAX(enrolments) AS enrolments FROM monthly GROUP BY org_id
),
assessed AS (
    SELECT t.org_id, CAST(COUNT(*) AS BIGINT) AS assessments, CAST(SUM(CASE WHEN a.passed THEN 1 ELSE 0 END) AS BIGINT) AS passed
    FROM training AS t
    INNER JOIN assessments AS a ON a.enrolment_id = t.enrolment_id
    LEFT JOIN elapsed_days AS d ON d.day = COALESCE(a.started_day, a.ended_day)
    -- One without a time is kept: nothing says that it lies after the as-of date.
    WHERE d.day IS NOT NULL OR (a.started_day IS NULL AND a.ended_day IS NULL)
    GROUP BY t.org_id
),
claim AS (
    SELECT
        t.org_id,
        t.person_key,
        c.amount_fen,
        CASE WHEN c.payee_kind = 'person' AND COALESCE(c.account_fault, '') <> 'placeholder' THEN c.account_key END AS account_key
    FROM training AS t
    INNER JOIN claims AS c ON c.enrolment_id = t.enrolment_id
    INNER JOIN elapsed_days AS d ON d.day = c.claimed_on
    WHERE c.status <> 'rejected'
),
claimed AS (
    SELECT org_id, SUM(amount_fen) AS amount_fen FROM claim GROUP BY org_id
),
account AS (
    SELECT org_id, CAST(COUNT(DISTINCT person_key) AS BIGINT) AS persons, CAST(COUNT(DISTINCT account_key) AS BIGINT) AS accounts
    FROM claim
    WHERE account_key IS NOT NULL
    GROUP BY org_id
),
phone AS (
    SELECT org_id, CAST(COUNT(DISTINCT person_key) AS BIGINT) AS persons, CAST(COUNT(DISTINCT phone_key) AS BIGINT) AS phones
    FROM training
    WHERE phone_key IS NOT NULL
    GROUP BY org_id
),
supported AS (
    SELECT
        t.org_id,
        SUM(CASE WHEN l.supported_us < t.online_seconds * 1000000 THEN l.supported_us ELSE t.online_seconds * 1000000 END) AS supported_us
    FROM training AS t
    INNER JOIN enrolment_log_support AS l ON l.enrolment_id = t.enrolment_id
    GROUP BY t.org_id
),
checked AS (
    SELECT
        t.org_id,
        SUM(l.face_prompts) AS face_prompts,
        SUM(l.face_passed) AS face_passed,
        SUM(l.uploaded_known) AS uploaded_known,
        SUM(l.uploaded_late) AS uploaded_late
    FROM training AS t
    INNER JOIN enrolment_log_checks AS l ON l.enrolment_id = t.enrolment_id
    GROUP BY t.org_id
),
teacher_day AS (
    SELECT t.org_id, a.teacher_id, a.session_on, CAST(COUNT(*) AS BIGINT) AS heads
    FROM taught AS t
    INNER JOIN attendance AS a ON a.class_id = t.class_id
    INNER JOIN elapsed_days AS d ON d.day = a.session_on
    WHERE a.teacher_id IS NOT NULL
    GROUP BY t.org_id, a.teacher_id, a.session_on
),
teaching AS (
    SELECT org_id, CAST(COUNT(*) AS BIGINT) AS teacher_days, SUM(heads) AS heads FROM teacher_day GROUP BY org_id
),
body AS (
    SELECT
        org_id,
        CAST(COUNT(DISTINCT class_id) AS BIGINT) AS classes,
        CAST(COUNT(*) AS BIGINT) AS enrolments,
        CAST(COUNT(DISTINCT person_key) AS BIGINT) AS persons,
        SUM(online_seconds) AS online_seconds,
        SUM(completed) AS completed,
        CAST(SUM(CASE WHEN id_valid THEN 1 ELSE 0 END) AS BIGINT) AS valid_numbers,
        CAST(SUM(CASE WHEN id_valid AND COALESCE(home_city_code, '') <> city_code THEN 1 ELSE 0 END) AS BIGINT) AS outside
    FROM training
    GROUP BY org_id
)
SELECT
    b.org_id,
    CAST(b.classes AS DOUBLE) AS classes,
    b.enrolments / CAST(b.classes AS DOUBLE) AS learners_per_class,
    b.enrolments / CAST(b.persons AS DOUBLE) AS trainings_per_person,
    m.enrolments / CAST(b.enrolments AS DOUBLE) AS busiest_month_share,
    b.completed / CAST(b.enrolments AS DOUBLE) AS completion_rate,
    CASE WHEN a.assessments > 0 THEN a.passed / CAST(a.assessments AS DOUBLE) ELSE 0.9 END AS pass_rate,
    COALESCE(c.amount_fen, 0) / (b.enrolments * 100.0) AS claimed_yuan_per_learner,
    CASE WHEN n.accounts > 0 THEN n.persons / CAST(n.accounts AS DOUBLE) ELSE 1.0 END AS persons_per_account,
    CASE WHEN f.phones > 0 THEN f.persons / CAST(f.phones AS DOUBLE) ELSE 1.0 END AS persons_per_phone,
    CASE
        WHEN b.online_seconds > 0 THEN 1.0 - COALESCE(s.supported_us, 0) / (b.online_seconds * 1000000.0)
        ELSE 0.0
    END AS unsupported_share,
    CASE WHEN k.uploaded_known > 0 THEN k.uploaded_late / CAST(k.uploaded_known AS DOUBLE) ELSE 0.0 END AS late_upload_share,
    CASE
        WHEN k.face_prompts > 0 THEN (k.face_prompts - k.face_passed) / CAST(k.face_prompts AS DOUBLE)
        ELSE 0.0
    END AS face_failed_share,
    CASE WHEN t.teacher_days > 0 THEN t.heads / CAST(t.teacher_days AS DOUBLE) ELSE 0.0 END AS heads_per_teacher,
    CASE WHEN b.valid_numbers > 0 THEN b.outside / CAST(b.valid_numbers AS DOUBLE) ELSE 0.0 END AS outside_share
FROM body AS b
INNER JOIN busiest AS m ON m.org_id = b.org_id
LEFT JOIN assessed AS a ON a.org_id = b.org_id
LEFT JOIN claimed AS c ON c.org_id = b.org_id
LEFT JOIN account AS n ON n.org_id = b.org_id
LEFT JOIN phone AS f ON f.org_id = b.org_id
LEFT JOIN supported AS s ON s.org_id = b.org_id
LEFT JOIN checked AS k ON k.org_id = b.org_id
LEFT JOIN teaching AS t ON t.org_id = b.org_id
WHERE b.enrolments >= 10
