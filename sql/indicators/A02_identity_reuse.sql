/*
title_zh = "一证多人一人多证"
title_en = "One number for several persons, or several numbers for one"
description_zh = """
报名人员中身份不能对应的：同一身份号码有多个姓名；同一姓名、出生日期和电话有多个号码（各号码的人员均命中）；\
15位号码与其对应的18位号码同时报名（两者均命中）。有误的号码没有出生日期，不参加第二项检验；电话为空或为占位的，同样不参加。\
每人一行；指标值为姓名个数，没有多个姓名的为号码个数。市、培训机构和平台取该人最早的报名；涉及金额只计本人的报名，\
证据记录则续列其他人员的报名。"""
description_en = """
Persons of the enrolments whose identity does not hold together: one citizen number with several names; one name, birth date and phone \
under several numbers (each of these persons is a hit); a number of 15 digits whose 18-digit form is enrolled too (both are hits). Numbers \
with a fault have no birth date and are left out of the second test, as are empty phones and phones that are placeholders. One row per \
person; value is the number of names, else of numbers. City, organisation and platform are those of the person's earliest enrolment; at \
risk are the person's own enrolments, while evidence goes on with those of the others."""
audience = "intermediate"
grain = ["entity_kind", "entity_id", "period"]
sources = ["notice 二（一）", "notice 三（三）"]
policy = ["identity_reuse_names", "identity_reuse_numbers"]

[indicator]
id = "A02"
key = "identity_reuse"
names_enrolments = true
title_zh = "一证多人一人多证"
title_en = "One number for several persons, or several numbers for one"
scheme_zh = "借用或购买的一个号码挂着多名学员，或一名学员用多个号码报名以绕过限制"
scheme = "a borrowed or bought number carries several trainees, or one trainee is enrolled under several numbers to pass the limits"
strength = "S"
grain_zh = "人员"
grain = "person"
threshold_zh = "同一号码有identity_reuse_names（2）个及以上姓名；同一姓名、出生日期和电话有identity_reuse_numbers（2）个及以上号码；15位号码与其对应的18位号码并存"
threshold = "identity_reuse_names (2) or more names on one number; identity_reuse_numbers (2) or more numbers with one name, birth date and phone; a 15-digit number beside its 18-digit form"
policy_reference = "鲁人社字〔2020〕72号 二（一）线上培训人员全实名, 三（三）补贴实名制管理"
false_positives_zh = "更名；生僻字和少数民族姓名间隔号的不同写法；错一位数字或一个字的录入差错；双胞胎共用电话且姓名录错；同一人早年的15位记录"
false_positives = "change of name; variants of rare characters and of the middle dot in minority names; typing errors of one digit or character; twins who share a phone and, by error, a name; an old 15-digit record of the same person"
ask_for_zh = "两张身份证的复印件、更名人员的户口簿，以及电话核实"
ask_for = "copies of both identity cards, the household register where a name was changed, and a call to the phone"
*/
WITH
enrolled AS (
    SELECT
        e.enrolment_id,
        e.person_key,
        e.person_upgraded_key,
        e.name_key,
        e.birth_on,
        CASE WHEN e.phone_fault = 'placeholder' THEN NULL ELSE e.phone_key END AS phone_key,
        e.city_code,
        e.class_id,
        e.enrolled_on
    FROM enrolments AS e
    CROSS JOIN run_context AS r
    WHERE e.enrolled_on <= r.as_of
),
person AS (
    SELECT person_key, COUNT(DISTINCT name_key) AS names, MAX(enrolled_on) AS last_enrolled_on
    FROM enrolled
    WHERE name_key IS NOT NULL
    GROUP BY person_key
),
tested AS (
    SELECT COUNT(DISTINCT person_key) AS population FROM enrolled
),
-- One number with several names.
renamed AS (
    SELECT n.person_key, n.names AS value, p.value AS threshold, p.citation AS rule_ref
    FROM person AS n
    CROSS JOIN policy AS p
    WHERE p.parameter = 'identity_reuse_names'
      AND p.city_code = '370000'
      AND n.last_enrolled_on >= p.valid_from
      AND n.last_enrolled_on <= p.valid_until
      AND n.names * 1000000 >= p.value_e6
),
-- One name, birth date and phone under several numbers.
holder AS (
    SELECT name_key, birth_on, phone_key, person_key, MAX(enrolled_on) AS last_enrolled_on
    FROM enrolled
    WHERE name_key IS NOT NULL AND birth_on IS NOT NULL AND phone_key IS NOT NULL
    GROUP BY name_key, birth_on, phone_key, person_key
),
held AS (
    SELECT name_key, birth_on, phone_key, COUNT(*) AS numbers, MAX(last_enrolled_on) AS last_enrolled_on
    FROM holder
    GROUP BY name_key, birth_on, phone_key
    HAVING COUNT(*) > 1
),
shared AS (
    SELECT h.name_key, h.birth_on, h.phone_key, h.numbers, p.value AS threshold, p.citation
    FROM held AS h
    CROSS JOIN policy AS p
    WHERE p.parameter = 'identity_reuse_numbers'
      AND p.city_code = '370000'
      AND h.last_enrolled_on >= p.valid_from
      AND h.last_enrolled_on <= p.valid_until
      AND h.numbers * 1000000 >= p.value_e6
),
renumbered AS (
    SELECT
        h.person_key,
        MAX(s.numbers) AS value,
        MAX(s.threshold) AS threshold,
        MAX(s.citation) AS rule_ref
    FROM holder AS h
    INNER JOIN shared AS s ON s.name_key = h.name_key AND s.birth_on = h.birth_on AND s.phone_key = h.phone_key
    GROUP BY h.person_key
),
-- An old number and its new form.
old_and_new AS (
    SELECT DISTINCT o.person_key AS old_key, n.person_key AS new_key
    FROM enrolled AS o
    INNER JOIN enrolled AS n ON n.person_key = o.person_upgraded_key
),
upgraded AS (
    SELECT old_key AS person_key, new_key AS other_key FROM old_and_new
    UNION ALL
    SELECT new_key AS person_key, old_key AS other_key FROM old_and_new
),
reason AS (
    SELECT person_key, 1 AS place, value, threshold, '一证多人：' || rule_ref AS rule_ref FROM renamed
    UNION ALL
    SELECT person_key, 2 AS place, value, threshold, '一人多证：' || rule_ref AS rule_ref FROM renumbered
    UNION ALL
    SELECT DISTINCT person_key, 3 AS place, 2 AS value, 2.0 AS threshold, '一人多证：15位与18位号码并存' AS rule_ref FROM upgraded
),
hit AS (
    SELECT r.person_key, r.value, r.threshold, r.rule_ref
    FROM reason AS r
    INNER JOIN (SELECT person_key, MIN(place) AS place FROM reason GROUP BY person_key) AS f
        ON f.person_key = r.person_key AND f.place = r.place
),
own AS (
    SELECT
        h.person_key,
        e.enrolment_id,
        e.city_code,
        k.org_id,
        k.platform_id,
        x.at_risk_fen,
        ROW_NUMBER() OVER (PARTITION BY h.person_key ORDER BY e.enrolled_on, e.enrolment_id) AS place
    FROM hit AS h
    INNER JOIN enrolled AS e ON e.person_key = h.person_key
    LEFT JOIN classes AS k ON k.class_id = e.class_id
    LEFT JOIN enrolment_risk AS x ON x.enrolment_id = e.enrolment_id
),
summed AS (
    SELECT
        person_key,
        MAX(CASE WHEN place = 1 THEN city_code END) AS city_code,
        MAX(CASE WHEN place = 1 THEN org_id END) AS org_id,
        MAX(CASE WHEN place = 1 THEN platform_id END) AS platform_id,
        COALESCE(SUM(at_risk_fen), 0) AS amount_at_risk_fen,
        ARRAY_AGG(enrolment_id ORDER BY enrolment_id) AS enrolments
    FROM own
    GROUP BY person_key
),
-- The others of the same name, birth date and phone, and the other form of the number.
other AS (
    SELECT h.person_key, e.enrolment_id
    FROM holder AS h
    INNER JOIN shared AS s ON s.name_key = h.name_key AND s.birth_on = h.birth_on AND s.phone_key = h.phone_key
    INNER JOIN enrolled AS e ON e.name_key = h.name_key AND e.birth_on = h.birth_on AND e.phone_key = h.phone_key
    WHERE e.person_key <> h.person_key
    UNION ALL
    SELECT u.person_key, e.enrolment_id
    FROM upgraded AS u
    INNER JOIN enrolled AS e ON e.person_key = u.other_key
),
record AS (
    SELECT person_key, enrolment_id, place FROM own
    UNION ALL
    SELECT DISTINCT person_key, enrolment_id, 1000000000 AS place FROM other
),
evidence AS (
    SELECT
        person_key,
        ARRAY_AGG('enrolments:' || enrolment_id ORDER BY place, enrolment_id LIMIT 100) AS evidence,
        COUNT(*) AS evidence_count
    FROM record
    GROUP BY person_key
)
SELECT
    'person' AS entity_kind,
    key_hex(h.person_key) AS entity_id,
    '' AS period,
    s.city_code,
    s.org_id,
    s.platform_id,
    CAST(h.value AS DOUBLE) AS value,
    h.threshold,
    t.population,
    s.amount_at_risk_fen,
    s.enrolments,
    'S' AS strength,
    e.evidence,
    e.evidence_count,
    h.rule_ref
FROM hit AS h
INNER JOIN summed AS s ON s.person_key = h.person_key
INNER JOIN evidence AS e ON e.person_key = h.person_key
CROSS JOIN tested AS t
