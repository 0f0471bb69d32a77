/*
title_zh = "满勤班级签到分析"
title_en = "Sign-ins of classes with full attendance"
description_en = """
Classes all of whose persons signed in in every slot up to the as-of date: persons are the larger of those who ever signed in and of the \
roster (persons enrolled in the class). The spread is the mean over the slots of the sample standard deviation of the sign-in times, in whole \
microseconds. The order of a day is that of the persons' first sign-ins of the day (equal times by key); days with the most frequent \
order are counted. Only classes with at least two persons."""
audience = "intermediate"
grain = ["class_id"]
sources = ["notice 三（三）"]
policy = []

[[columns]]
name = "class_id"
type = "text"
unit = ""
zh = "班级编号"
en = "identifier of the class"

[[columns]]
name = "persons"
type = "int"
unit = "persons"
zh = "人数"
en = "persons who ever signed in, or the roster if it is larger"

[[columns]]
name = "days"
type = "int"
unit = "days"
zh = "天数"
en = "distinct days with attendance"

[[columns]]
name = "slots"
type = "int"
unit = "slots"
zh = "时段数"
en = "distinct slots with attendance"

[[columns]]
name = "spread_us"
type = "int"
unit = "microseconds"
zh = "签到时间标准差"
en = "mean over the slots of the sample standard deviation of the sign-in times"

[[columns]]
name = "days_in_order"
type = "int"
unit = "days"
zh = "顺序相同天数"
en = "days with the most frequent sign-in order"
*/
WITH
record AS (
    SELECT a.class_id, a.session_on, a.slot, a.person_key, a.signed_in_us
    FROM attendance AS a
    INNER JOIN elapsed_days AS d ON d.day = a.session_on
),
slot_total AS (
    SELECT
        class_id,
        session_on,
        slot,
        COUNT(DISTINCT CASE WHEN signed_in_us IS NOT NULL THEN person_key END) AS heads
    FROM record
    GROUP BY class_id, session_on, slot
),
class_slots AS (
    SELECT class_id, COUNT(*) AS slots, COUNT(DISTINCT session_on) AS days, MIN(heads) AS least_heads
    FROM slot_total
    GROUP BY class_id
),
signer AS (
    SELECT class_id, COUNT(DISTINCT person_key) AS persons FROM record WHERE signed_in_us IS NOT NULL GROUP BY class_id
),
roster AS (
    SELECT e.class_id, COUNT(DISTINCT e.person_key) AS persons
    FROM enrolments AS e
    INNER JOIN elapsed_days AS d ON d.day = e.enrolled_on
    GROUP BY e.class_id
),
full_class AS (
    SELECT s.class_id, g.persons, s.days, s.slots
    FROM class_slots AS s
    INNER JOIN signer AS g ON g.class_id = s.class_id
    LEFT JOIN roster AS r ON r.class_id = s.class_id
    WHERE g.persons > 1 AND s.least_heads = g.persons AND COALESCE(r.persons, 0) <= g.persons
),
full_sign_in AS (
    SELECT r.class_id, r.session_on, r.slot, r.person_key, MIN(r.signed_in_us) AS signed_in_us
    FROM record AS r
    INNER JOIN full_class AS f ON f.class_id = r.class_id
    WHERE r.signed_in_us IS NOT NULL
    GROUP BY r.class_id, r.session_on, r.slot, r.person_key
),
slot_first AS (
    SELECT class_id, session_on, slot, MIN(signed_in_us) AS first_us
    FROM full_sign_in
    GROUP BY class_id, session_on, slot
),
-- Times from the first sign-in of the slot: small numbers, of which the standard deviation is exact enough.
slot_spread AS (
    SELECT
        s.class_id,
        s.session_on,
        s.slot,
        CAST(ROUND(STDDEV(CAST(s.signed_in_us - f.first_us AS DOUBLE)), 0) AS BIGINT) AS spread_us
    FROM full_sign_in AS s
    INNER JOIN slot_first AS f ON f.class_id = s.class_id AND f.session_on = s.session_on AND f.slot = s.slot
    GROUP BY s.class_id, s.session_on, s.slot
),
spread AS (
    SELECT class_id, CAST(ROUND(SUM(spread_us) / COUNT(*), 0) AS BIGINT) AS spread_us FROM slot_spread GROUP BY class_id
),
day_sign_in AS (
    SELECT class_id, session_on, CAST(person_key AS VARCHAR) AS person, MIN(signed_in_us) AS signed_in_us
    FROM full_sign_in
    GROUP BY class_id, session_on, person_key
),
-- Persons who sign in at the same moment share their place, so that no order of pseudonyms decides.
day_place AS (
    SELECT
        class_id,
        session_on,
        person,
        RANK() OVER (PARTITION BY class_id, session_on ORDER BY signed_in_us) AS place
    FROM day_sign_in
),
day_order AS (
    SELECT
        class_id,
        session_on,
        ARRAY_TO_STRING(ARRAY_AGG(person || ':' || CAST(place AS VARCHAR) ORDER BY person), ',') AS sign_in_order
    FROM day_place
    GROUP BY class_id, session_on
),
order_days AS (
    SELECT class_id, sign_in_order, COUNT(*) AS days FROM day_order GROUP BY class_id, sign_in_order
),
most_frequent AS (
    SELECT class_id, MAX(days) AS days_in_order FROM order_days GROUP BY class_id
)
SELECT f.class_id, f.persons, f.days, f.slots, s.spread_us, m.days_in_order
FROM full_class AS f
INNER JOIN spread AS s ON s.class_id = f.class_id
INNER JOIN most_frequent AS m ON m.class_id = f.class_id
