/*
title_zh = "学员特征"
title_en = "Features of learners"
description_en = """
One row per person of the enrolments up to the as-of day: how much, where and how the person trained and was paid. A feature that cannot \
be measured has an ordinary value, said in its column, so that it never makes a person unusual. Placeholder phones and accounts are not \
counted. Rejected claims are left out. Read by X01."""
audience = "intermediate"
grain = ["person_key"]
sources = ["notice 三（三）"]
policy = []

[[columns]]
name = "person_key"
type = "int"
unit = ""
zh = "人员键"
en = "keyed pseudonym of the person"

[[columns]]
name = "trainings"
type = "float"
unit = "trainings"
zh = "报名次数"
en = "enrolments"

[[columns]]
name = "organisations"
type = "float"
unit = "organisations"
zh = "培训机构数"
en = "distinct training organisations"

[[columns]]
name = "cities"
type = "float"
unit = "cities"
zh = "培训城市数"
en = "distinct cities of the enrolments"

[[columns]]
name = "busiest_year"
type = "float"
unit = "trainings"
zh = "最多一年报名次数"
en = "most enrolments in one calendar year"

[[columns]]
name = "claimed_yuan"
type = "float"
unit = "yuan"
zh = "申领金额"
en = "amount of the claims that are not rejected"

[[columns]]
name = "online_hours"
type = "float"
unit = "hours"
zh = "线上课时"
en = "online hours claimed, of 45 minutes"

[[columns]]
name = "heaviest_day_hours"
type = "float"
unit = "hours"
zh = "最重一日学时"
en = "longest study time of one local day, overlaps once, in hours of 45 minutes"

[[columns]]
name = "days_per_ten_hours"
type = "float"
unit = "days"
zh = "每十课时学习天数"
en = "local days with study per ten hours of the union; 0 without logs"

[[columns]]
name = "watched_over_wall"
type = "float"
unit = "ratio"
zh = "计学与实际时长之比"
en = "watched seconds over the union of the sessions; 1 without logs"

[[columns]]
name = "unsupported_share"
type = "float"
unit = "share"
zh = "无日志支撑占比"
en = "share of the online hours that the logs do not support; 0 without online hours"

[[columns]]
name = "face_failed_share"
type = "float"
unit = "share"
zh = "人脸核验失败占比"
en = "share of the face prompts failed or missed; 0 without prompts"

[[columns]]
name = "late_upload_share"
type = "float"
unit = "share"
zh = "迟传占比"
en = "share of the sessions uploaded more than 24 hours after their end; 0 without upload times"

[[columns]]
name = "account_persons"
type = "float"
unit = "persons"
zh = "同账户人数"
en = "most persons on one personal account of the learner"

[[columns]]
name = "phone_persons"
type = "float"
unit = "persons"
zh = "同手机人数"
en = "most persons on one phone of the learner"

[[columns]]
name = "wait_days"
type = "float"
unit = "days"
zh = "结业至申领天数"
en = "fewest days from completion to claim, at least -365 and at most 365; 365 without a claim"
*/
WITH
training AS (
    SELECT
        e.enrolment_id,
        e.person_key,
        k.org_id,
        e.city_code,
        d.year,
        e.online_seconds,
        e.phone_key,
        CASE WHEN e.phone_fault = 'placeholder' THEN 1 ELSE 0 END AS phone_placeholder,
        c.days_ago AS completed_days_ago
    FROM enrolments AS e
    INNER JOIN elapsed_days AS d ON d.day = e.enrolled_on
    LEFT JOIN elapsed_days AS c ON c.day = e.completed_on
    LEFT JOIN classes AS k ON k.class_id = e.class_id
),
yearly AS (
    SELECT person_key, year, CAST(COUNT(*) AS BIGINT) AS trainings FROM training GROUP BY person_key, year
),
busiest AS (
    SELECT person_key, MAX(trainings) AS trainings FROM yearly GROUP BY person_key
),
claim AS (
    SELECT
        t.person_key,
        c.amount_fen,
        t.completed_days_ago - d.days_ago AS wait_days,
        CASE WHEN c.payee_kind = 'person' AND COALESCE(c.account_fault, '') <> 'placeholder' THEN c.account_key END AS account_key
    FROM claims AS c
    INNER JOIN elapsed_days AS d ON d.day = c.claimed_on
    INNER JOIN training AS t ON t.enrolment_id = c.enrolment_id
    WHERE c.status <> 'rejected'
),
claimed AS (
    SELECT person_key, SUM(amount_fen) AS amount_fen, MIN(wait_days) AS wait_days FROM claim GROUP BY person_key
),
account AS (
    SELECT account_key, CAST(COUNT(DISTINCT person_key) AS BIGINT) AS persons FROM claim WHERE account_key IS NOT NULL GROUP BY account_key
),
person_account AS (
    SELECT c.person_key, MAX(a.persons) AS persons
    FROM claim AS c
    INNER JOIN account AS a ON a.account_key = c.account_key
    GROUP BY c.person_key
),
phone AS (
    SELECT phone_key, CAST(COUNT(DISTINCT person_key) AS BIGINT) AS persons
    FROM training
    WHERE phone_key IS NOT NULL AND phone_placeholder = 0
    GROUP BY phone_key
),
person_phone AS (
    SELECT t.person_key, MAX(p.persons) AS persons
    FROM training AS t
    INNER JOIN phone AS p ON p.phone_key = t.phone_key
    GROUP BY t.person_key
),
logged AS (
    SELECT
        t.person_key,
        SUM(CASE WHEN l.supported_us < t.online_seconds * 1000000 THEN l.supported_us ELSE t.online_seconds * 1000000 END) AS supported_us,
        SUM(l.watched_seconds) AS watched_seconds
    FROM training AS t
    INNER JOIN enrolment_log_support AS l ON l.enrolment_id = t.enrolment_id
    GROUP BY t.person_key
),
checked AS (
    SELECT
        t.person_key,
        SUM(l.face_prompts) AS face_prompts,
        SUM(l.face_passed) AS face_passed,
        SUM(l.uploaded_known) AS uploaded_known,
        SUM(l.uploaded_late) AS uploaded_late
    FROM enrolment_log_checks AS l
    INNER JOIN training AS t ON t.enrolment_id = l.enrolment_id
    GROUP BY t.person_key
),
person AS (
    SELECT
        person_key,
        CAST(COUNT(*) AS BIGINT) AS trainings,
        CAST(COUNT(DISTINCT org_id) AS BIGINT) AS organisations,
        CAST(COUNT(DISTINCT city_code) AS BIGINT) AS cities,
        SUM(online_seconds) AS online_seconds
    FROM training
    GROUP BY person_key
)
SELECT
    p.person_key,
    CAST(p.trainings AS DOUBLE) AS trainings,
    CAST(p.organisations AS DOUBLE) AS organisations,
    CAST(p.cities AS DOUBLE) AS cities,
    CAST(b.trainings AS DOUBLE) AS busiest_year,
    COALESCE(c.amount_fen, 0) / 100.0 AS claimed_yuan,
    p.online_seconds / 2700.0 AS online_hours,
    COALESCE(d.heaviest_us, 0) / 2700000000.0 AS heaviest_day_hours,
    CASE WHEN d.union_us > 0 THEN d.days * 27000000000.0 / d.union_us ELSE 0.0 END AS days_per_ten_hours,
    CASE WHEN d.union_us > 0 AND l.watched_seconds IS NOT NULL THEN l.watched_seconds * 1000000.0 / d.union_us ELSE 1.0 END AS watched_over_wall,
    CASE
        WHEN p.online_seconds > 0 THEN 1.0 - COALESCE(l.supported_us, 0) / (p.online_seconds * 1000000.0)
        ELSE 0.0
    END AS unsupported_share,
    CASE
        WHEN k.face_prompts > 0 THEN (k.face_prompts - k.face_passed) / CAST(k.face_prompts AS DOUBLE)
        ELSE 0.0
    END AS face_failed_share,
    CASE WHEN k.uploaded_known > 0 THEN k.uploaded_late / CAST(k.uploaded_known AS DOUBLE) ELSE 0.0 END AS late_upload_share,
    CAST(COALESCE(a.persons, 1) AS DOUBLE) AS account_persons,
    CAST(COALESCE(f.persons, 1) AS DOUBLE) AS phone_persons,
    CAST(GREATEST(LEAST(COALESCE(c.wait_days, 365), 365), -365) AS DOUBLE) AS wait_days
FROM person AS p
INNER JOIN busiest AS b ON b.person_key = p.person_key
LEFT JOIN claimed AS c ON c.person_key = p.person_key
LEFT JOIN person_log_total AS d ON d.person_key = p.person_key
LEFT JOIN checked AS k ON k.person_key = p.person_key
LEFT JOIN logged AS l ON l.person_key = p.person_key
LEFT JOIN person_account AS a ON a.person_key = p.person_key
LEFT JOIN person_phone AS f ON f.person_key = p.person_key
