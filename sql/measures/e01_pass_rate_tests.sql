/*
title_zh = "通过率检验"
title_en = "Tests of the pass rate against the peers"
description_en = """
One-sided exact binomial tests: the chance of so many passes or more at the expected pass rate of the peers. Every assessor × quarter and org × \
quarter with at least pass_rate_assessments (100) assessments and an expected rate is a test, and all of them are one family of the \
Benjamini–Hochberg procedure."""
audience = "intermediate"
grain = ["entity_kind", "entity_id", "quarter"]
sources = ["notice 三（三）"]
policy = ["pass_rate_assessments"]
native = "benjamini_hochberg"

[[columns]]
name = "entity_kind"
type = "text"
unit = ""
zh = "对象类型"
en = "assessor or org"

[[columns]]
name = "entity_id"
type = "text"
unit = ""
zh = "机构代码"
en = "assessment body or training organisation"

[[columns]]
name = "quarter"
type = "text"
unit = ""
zh = "季度"
en = "quarter of the assessments, YYYY-Qn"

[[columns]]
name = "p_value"
type = "float"
unit = ""
zh = "p值"
en = "chance of so many passes or more at the rate of the peers"

[[columns]]
name = "tests"
type = "int"
unit = "tests"
zh = "检验数"
en = "tests of the family"

[[columns]]
name = "q_value"
type = "float"
unit = ""
zh = "q值"
en = "false discovery rate at which this test is significant"
*/
SELECT
    u.entity_kind,
    u.entity_id,
    u.quarter,
    binomial_upper_tail(u.passes, u.assessments, u.expected_passes_e6 / (u.assessments * 1000000)) AS p_value
FROM e01_assessment_quarters AS u
CROSS JOIN policy AS p
WHERE p.parameter = 'pass_rate_assessments'
  AND p.city_code = '370000'
  AND u.last_on >= p.valid_from
  AND u.last_on <= p.valid_until
  AND u.assessments * 1000000 >= p.value_e6
  AND u.expected_passes_e6 IS NOT NULL
