/*
title_zh = "多人共用的人脸照"
title_en = "Face images shared by several persons"
description_en = """
Digests of face images that occur in study logs of at least shared_face_persons distinct persons up to the as-of date, by enrolment: one row for each image and \
enrolment that has it."""
audience = "intermediate"
grain = ["enrolment_id", "face_image_hash"]
sources = ["notice 三（三）"]
policy = ["shared_face_persons"]

[[columns]]
name = "enrolment_id"
type = "text"
unit = ""
zh = "报名编号"
en = "identifier of the enrolment"

[[columns]]
name = "face_image_hash"
type = "text"
unit = ""
zh = "人脸照摘要"
en = "digest of the face image"

[[columns]]
name = "persons"
type = "int"
unit = "persons"
zh = "人数"
en = "distinct persons with the image"

[[columns]]
name = "log_id"
type = "text"
unit = ""
zh = "记录编号"
en = "a session of the enrolment with the image: the first by identifier"

[[columns]]
name = "other_log_id"
type = "text"
unit = ""
zh = "他人记录编号"
en = "a session of another person with the image: the first by identifier"

[[columns]]
name = "sessions"
type = "int"
unit = "sessions"
zh = "记录数"
en = "sessions with the image, of all persons"
*/
WITH
person_log AS (
    SELECT face_image_hash, person_key, MIN(log_id) AS log_id, COUNT(*) AS sessions
    FROM c09_face_logs
    GROUP BY face_image_hash, person_key
),
-- The first two persons by their first session: whoever is not the first has the first as the other.
first_log AS (
    SELECT
        face_image_hash,
        COUNT(*) AS persons,
        SUM(sessions) AS sessions,
        MIN(log_id) AS log_id
    FROM person_log
    GROUP BY face_image_hash
),
second_log AS (
    SELECT p.face_image_hash, MIN(p.log_id) AS log_id
    FROM person_log AS p
    INNER JOIN first_log AS f ON f.face_image_hash = p.face_image_hash
    WHERE p.log_id > f.log_id
    GROUP BY p.face_image_hash
),
shared AS (
    SELECT f.face_image_hash, f.persons, f.sessions, f.log_id AS first_log_id, s.log_id AS second_log_id
    FROM first_log AS f
    INNER JOIN second_log AS s ON s.face_image_hash = f.face_image_hash
    CROSS JOIN policy AS p
    CROSS JOIN run_context AS r
    WHERE p.parameter = 'shared_face_persons'
      AND p.city_code = '370000'
      AND r.as_of >= p.valid_from
      AND r.as_of <= p.valid_until
      AND f.persons * 1000000 >= p.value_e6
),
own AS (
    SELECT face_image_hash, person_key, enrolment_id, MIN(log_id) AS log_id
    FROM c09_face_logs
    GROUP BY face_image_hash, person_key, enrolment_id
)
SELECT
    o.enrolment_id,
    o.face_image_hash,
    s.persons,
    MIN(o.log_id) AS log_id,
    MIN(CASE WHEN p.log_id = s.first_log_id THEN s.second_log_id ELSE s.first_log_id END) AS other_log_id,
    s.sessions
FROM own AS o
INNER JOIN shared AS s ON s.face_image_hash = o.face_image_hash
INNER JOIN person_log AS p ON p.face_image_hash = o.face_image_hash AND p.person_key = o.person_key
GROUP BY o.enrolment_id, o.face_image_hash, s.persons, s.sessions
