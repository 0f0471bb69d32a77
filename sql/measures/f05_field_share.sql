/*
title_zh = "关键字段缺失占比"
title_en = "Share of empty or placeholder key fields among peers"
description_en = """
By training organisation, month and field (phone, account, teacher, device, ip), the share of records whose field is empty or a \
placeholder, see f05_field_record. Peers are the months of all organisations with the same field in the same occupation class (first \
figure of the code), mode and quarter; a month with classes of several kinds stands with the kind that has most of its records."""
audience = "intermediate"
grain = ["org_id", "month", "field"]
sources = ["notice 三（三）"]
policy = []
native = "robust_z"

[[columns]]
name = "org_id"
type = "text"
unit = ""
zh = "机构代码"
en = "training organisation of the classes"

[[columns]]
name = "month"
type = "text"
unit = ""
zh = "月份"
en = "month of the records by their feed's main date, YYYY-MM"

[[columns]]
name = "field"
type = "text"
unit = ""
zh = "字段"
en = "phone, account, teacher, device or ip"

[[columns]]
name = "records"
type = "int"
unit = "records"
zh = "记录数"
en = "records of the month that have the field"

[[columns]]
name = "faults"
type = "int"
unit = "records"
zh = "缺失数"
en = "of these, records with an empty or placeholder field"

[[columns]]
name = "peer_group"
type = "text"
unit = ""
zh = "同类组"
en = "field, occupation class, mode and quarter"

[[columns]]
name = "measure"
type = "float"
unit = "share"
zh = "缺失占比"
en = "faults over records"

[[columns]]
name = "peers"
type = "int"
unit = "months"
zh = "同类个数"
en = "months of organisations in the peer group, this one included"

[[columns]]
name = "peer_median"
type = "float"
unit = "share"
zh = "同类中位数"
en = "median share of the peer group"

[[columns]]
name = "peer_spread"
type = "float"
unit = "share"
zh = "同类离散度"
en = "median absolute deviation / 0.6745, or 1.2533 × mean absolute deviation where that is zero"

[[columns]]
name = "robust_z"
type = "float"
unit = ""
zh = "稳健Z值"
en = "distance from the median over the spread; empty without spread"
*/
WITH
class_kind AS (
    SELECT class_id, org_id, city_code, SUBSTR(occupation_code, 1, 1) || '|' || mode AS kind FROM classes
),
counted AS (
    SELECT k.org_id, e.enrolled_month AS month, 'phone' AS field, k.kind, CAST(COUNT(*) AS BIGINT) AS records
    FROM enrolments AS e
    INNER JOIN elapsed_days AS d ON d.day = e.enrolled_on
    INNER JOIN class_kind AS k ON k.class_id = e.class_id
    GROUP BY k.org_id, e.enrolled_month, k.kind
    UNION ALL
    SELECT k.org_id, c.claimed_month AS month, 'account' AS field, k.kind, CAST(COUNT(*) AS BIGINT) AS records
    FROM claims AS c
    INNER JOIN elapsed_days AS d ON d.day = c.claimed_on
    INNER JOIN enrolments AS e ON e.enrolment_id = c.enrolment_id
    INNER JOIN class_kind AS k ON k.class_id = e.class_id
    WHERE c.status <> 'rejected'
    GROUP BY k.org_id, c.claimed_month, k.kind
    UNION ALL
    SELECT k.org_id, a.session_month AS month, 'teacher' AS field, k.kind, CAST(COUNT(*) AS BIGINT) AS records
    FROM attendance AS a
    INNER JOIN elapsed_days AS d ON d.day = a.session_on
    INNER JOIN class_kind AS k ON k.class_id = a.class_id
    GROUP BY k.org_id, a.session_month, k.kind
    UNION ALL
    SELECT k.org_id, d.month, 'device' AS field, k.kind, CAST(SUM(l.sessions) AS BIGINT) AS records
    FROM log_enrolment_day AS l
    INNER JOIN elapsed_days AS d ON d.day = l.local_day
    INNER JOIN enrolments AS e ON e.enrolment_id = l.enrolment_id
    INNER JOIN class_kind AS k ON k.class_id = e.class_id
    GROUP BY k.org_id, d.month, k.kind
),
every_field AS (
    SELECT org_id, month, field, kind, records FROM counted
    UNION ALL
    SELECT org_id, month, 'ip' AS field, kind, records FROM counted WHERE field = 'device'
),
placed AS (
    SELECT
        org_id,
        month,
        field,
        kind,
        records,
        ROW_NUMBER() OVER (PARTITION BY org_id, month, field ORDER BY -records, kind) AS place
    FROM every_field
),
total AS (
    SELECT org_id, month, field, CAST(SUM(records) AS BIGINT) AS records, MAX(CASE WHEN place = 1 THEN kind END) AS kind
    FROM placed
    GROUP BY org_id, month, field
),
missing AS (
    SELECT org_id, month, field, CAST(SUM(faults) AS BIGINT) AS faults FROM f05_field_record WHERE field <> 'card' GROUP BY org_id, month, field
)
SELECT
    t.org_id,
    t.month,
    t.field,
    CAST(t.records AS BIGINT) AS records,
    CAST(COALESCE(m.faults, 0) AS BIGINT) AS faults,
    t.field || '|' || t.kind || '|' || LEFT(t.month, 4) || '-Q'
        || CASE
            WHEN SUBSTR(t.month, 6, 2) <= '03' THEN '1'
            WHEN SUBSTR(t.month, 6, 2) <= '06' THEN '2'
            WHEN SUBSTR(t.month, 6, 2) <= '09' THEN '3'
            ELSE '4'
        END AS peer_group,
    COALESCE(m.faults, 0) / CAST(t.records AS DOUBLE) AS measure
FROM total AS t
LEFT JOIN missing AS m ON m.org_id = t.org_id AND m.month = t.month AND m.field = t.field
WHERE t.records > 0
