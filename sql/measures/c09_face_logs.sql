/*
title_zh = "多人共用的人脸照的学习记录"
title_en = "Study logs whose face image belongs to several persons"
description_en = """
The rows of log_face_day whose digest occurs with more than one person: few of all."""
audience = "intermediate"
grain = ["log_id"]
sources = ["notice 三（三）"]
policy = []
split_by = "face_image_hash"

[[columns]]
name = "log_id"
type = "text"
unit = ""
zh = "记录编号"
en = "identifier of the session"

[[columns]]
name = "face_image_hash"
type = "text"
unit = ""
zh = "人脸照摘要"
en = "digest of the face image"

[[columns]]
name = "person_key"
type = "int"
unit = ""
zh = "人员键"
en = "keyed pseudonym of the person in the logs"

[[columns]]
name = "enrolment_id"
type = "text"
unit = ""
zh = "报名编号"
en = "identifier of the enrolment"
*/
WITH
-- Nearly every image belongs to one person: least and greatest key tell, without counting.
image AS (
    SELECT f.face_image_hash
    FROM log_face_day AS f
    GROUP BY f.face_image_hash
    HAVING MIN(f.person_key) < MAX(f.person_key)
)
SELECT f.log_id, f.face_image_hash, f.person_key, f.enrolment_id
FROM log_face_day AS f
INNER JOIN image AS i ON i.face_image_hash = f.face_image_hash
