/*
title_zh = "特种作业证持有人"
title_en = "Holders of special operation certificates"
description_en = """
What the number of a special operation certificate has to be: T and the holder's citizen number, which the lake holds as the person's key in \
16 hex digits."""
audience = "intermediate"
grain = ["certificate_no", "enrolment_id"]
sources = ["notice 三（一）"]
policy = []

[[columns]]
name = "certificate_no"
type = "text"
unit = ""
zh = "证书编号"
en = "number of the certificate"

[[columns]]
name = "enrolment_id"
type = "text"
unit = ""
zh = "报名编号"
en = "enrolment of the certificate"

[[columns]]
name = "holder"
type = "text"
unit = ""
zh = "持有人键"
en = "keyed pseudonym of the holder, 16 hex digits"
*/
SELECT t.certificate_no, t.enrolment_id, key_hex(t.person_key) AS holder
FROM certificates AS t
WHERE t.kind = 'special_operation'
