/*
title_zh = "关键字段逐条"
title_en = "Records with an empty or placeholder key field"
description_en = """
By training organisation, month and field, the records whose field is empty or a placeholder: the phone of enrolments (month of \
enrolment), the account of claims that are not rejected (month of claim), the teacher of attendance (month of the session), device and \
address of study logs (local month of start; one record for an enrolment and day). Field card: card numbers of personal payees that fail \
the Luhn check, where the number is neither empty, a placeholder nor of another form. Faults is the number of such records behind the row. \
Read by F05."""
audience = "intermediate"
grain = ["field", "record"]
sources = ["notice 三（三）"]
policy = []

[[columns]]
name = "org_id"
type = "text"
unit = ""
zh = "机构代码"
en = "training organisation of the class"

[[columns]]
name = "month"
type = "text"
unit = ""
zh = "月份"
en = "month of the record by its feed's main date, YYYY-MM"

[[columns]]
name = "field"
type = "text"
unit = ""
zh = "字段"
en = "phone, account, card, teacher, device or ip"

[[columns]]
name = "record"
type = "text"
unit = ""
zh = "记录"
en = "feed:key of the record"

[[columns]]
name = "enrolment_id"
type = "text"
unit = ""
zh = "报名编号"
en = "enrolment concerned; empty where the attendance has none"

[[columns]]
name = "faults"
type = "int"
unit = "records"
zh = "条数"
en = "records that the row stands for"
*/
SELECT
    k.org_id,
    e.enrolled_month AS month,
    'phone' AS field,
    'enrolments:' || e.enrolment_id AS record,
    e.enrolment_id,
    CAST(1 AS BIGINT) AS faults
FROM enrolments AS e
INNER JOIN elapsed_days AS d ON d.day = e.enrolled_on
INNER JOIN classes AS k ON k.class_id = e.class_id
WHERE e.phone_key IS NULL OR e.phone_fault = 'placeholder'
UNION ALL
SELECT
    k.org_id,
    c.claimed_month AS month,
    'account' AS field,
    'claims:' || c.claim_id AS record,
    c.enrolment_id,
    CAST(1 AS BIGINT) AS faults
FROM claims AS c
INNER JOIN elapsed_days AS d ON d.day = c.claimed_on
INNER JOIN enrolments AS e ON e.enrolment_id = c.enrolment_id
INNER JOIN classes AS k ON k.class_id = e.class_id
WHERE c.status <> 'rejected' AND (c.account_key IS NULL OR c.account_fault = 'placeholder')
UNION ALL
SELECT
    k.org_id,
    c.claimed_month AS month,
    'card' AS field,
    'claims:' || c.claim_id AS record,
    c.enrolment_id,
    CAST(1 AS BIGINT) AS faults
FROM claims AS c
INNER JOIN elapsed_days AS d ON d.day = c.claimed_on
INNER JOIN enrolments AS e ON e.enrolment_id = c.enrolment_id
INNER JOIN classes AS k ON k.class_id = e.class_id
WHERE c.status <> 'rejected' AND c.payee_kind = 'person' AND c.account_fault = 'luhn'
UNION ALL
SELECT
    k.org_id,
    a.session_month AS month,
    'teacher' AS field,
    'attendance:' || a.attendance_id AS record,
    MIN(e.enrolment_id) AS enrolment_id,
    CAST(1 AS BIGINT) AS faults
FROM attendance AS a
INNER JOIN elapsed_days AS d ON d.day = a.session_on
INNER JOIN classes AS k ON k.class_id = a.class_id
LEFT JOIN placeholder_teachers AS t ON t.teacher_id = a.teacher_id
LEFT JOIN enrolments AS e ON e.class_id = a.class_id AND e.person_key = a.person_key
WHERE a.teacher_id IS NULL OR t.teacher_id IS NOT NULL
GROUP BY k.org_id, a.session_month, a.attendance_id
UNION ALL
SELECT
    k.org_id,
    d.month,
    'device' AS field,
    'study_logs:' || l.device_log_id AS record,
    l.enrolment_id,
    l.without_device AS faults
FROM log_missing_key_day AS l
INNER JOIN elapsed_days AS d ON d.day = l.local_day
INNER JOIN enrolments AS e ON e.enrolment_id = l.enrolment_id
INNER JOIN classes AS k ON k.class_id = e.class_id
WHERE l.without_device > 0
UNION ALL
SELECT
    k.org_id,
    d.month,
    'ip' AS field,
    'study_logs:' || l.ip_log_id AS record,
    l.enrolment_id,
    l.without_ip AS faults
FROM log_missing_key_day AS l
INNER JOIN elapsed_days AS d ON d.day = l.local_day
INNER JOIN enrolments AS e ON e.enrolment_id = l.enrolment_id
INNER JOIN classes AS k ON k.class_id = e.class_id
WHERE l.without_ip > 0
