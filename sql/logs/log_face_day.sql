/*
title_zh = "人脸照摘要"
title_en = "Face images in the study logs"
description_en = """
The digest of the face image of each session that has one, with the person and enrolment of the session. Whether two persons share an image can only be \
told from all digests; this keeps the four columns that it takes. A placeholder in place of a digest, such as zeros alone, is no image."""
audience = "intermediate"
grain = ["local_day", "log_id"]
partition = "local_day"
incremental = true
sources = ["notice 三（三）"]
policy = []

[[columns]]
name = "local_day"
type = "date"
unit = ""
zh = "学习日期"
en = "local day on which the session started"

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
SELECT started_day AS local_day, log_id, face_image_hash, person_key, enrolment_id
FROM study_logs
WHERE face_image_hash IS NOT NULL AND NOT is_placeholder(face_image_hash)
