/*
title_zh = "首次上传后被修改的学习记录"
title_en = "Study logs that were changed after their first load"
description_en = """
Sessions up to the as-of date whose record was loaded once and came again in a later file with other content. A record given twice in one file is not among \
them."""
audience = "intermediate"
grain = ["log_id"]
sources = ["notice 三（三）"]
policy = []

[[columns]]
name = "log_id"
type = "text"
unit = ""
zh = "记录编号"
en = "identifier of the session"

[[columns]]
name = "enrolment_id"
type = "text"
unit = ""
zh = "报名编号"
en = "identifier of the enrolment, as the newest load has it"
*/
WITH
newer AS (
    SELECT DISTINCT v.by_load_seq, v.by_line
    FROM revisions AS v
    WHERE v.feed = 'study_logs' AND v.by_load_seq > v.load_seq
)
SELECT l.log_id, l.enrolment_id
FROM study_logs AS l
INNER JOIN newer AS n ON n.by_load_seq = l._load_seq AND n.by_line = l._line
CROSS JOIN run_context AS r
WHERE l.started_day <= r.as_of
