/*
title_zh = "报名涉及金额"
title_en = "Money at risk of an enrolment"
description_en = """
Paid and approved claims of an enrolment up to the as-of day, of every kind: what is at risk when the enrolment is in doubt. Refunded, \
rejected and merely submitted claims are not at risk. Enrolments without such a claim have no row. A claim belongs to one enrolment, so a \
sum over distinct enrolments counts each claim once."""
audience = "intermediate"
grain = ["enrolment_id"]
sources = ["notice 三（一）", "notice 三（三）"]
policy = []

[[columns]]
name = "enrolment_id"
type = "text"
unit = ""
zh = "报名编号"
en = "identifier of the enrolment"

[[columns]]
name = "claims"
type = "int"
unit = "claims"
zh = "申领笔数"
en = "paid and approved claims"

[[columns]]
name = "at_risk_fen"
type = "int"
unit = "fen"
zh = "涉及金额"
en = "sum of the paid and approved claims"
*/
SELECT c.enrolment_id, COUNT(*) AS claims, SUM(c.amount_fen) AS at_risk_fen
FROM claims AS c
CROSS JOIN run_context AS r
WHERE c.status IN ('paid', 'approved') AND c.claimed_on <= r.as_of
GROUP BY c.enrolment_id
