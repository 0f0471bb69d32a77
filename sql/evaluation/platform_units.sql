/*
title_zh = "综合评价平台名单"
title_en = "Platforms to be evaluated"
description_en = """
Every organisation on record as an online platform, with its learners of the 12 months to the as-of date, whether the sample suffices for \
an evaluation (filed long enough and enough learners), and what people decided about it. A learner is a person enrolled in the window in a \
class of the platform. Deductions and vetoes are those of confirmed findings decided in the window, and of nothing else: the program finds \
no veto by itself."""
audience = "intermediate"
grain = ["platform_id"]
sources = ["notice 三（三）"]
policy = []

[[columns]]
name = "as_of"
type = "date"
unit = ""
zh = "评价基准日"
en = "last day of the window"

[[columns]]
name = "platform_id"
type = "text"
unit = ""
zh = "平台代码"
en = "unified social credit code of the platform (GB 32100)"

[[columns]]
name = "platform_name"
type = "text"
unit = ""
zh = "平台名称"
en = "name of the platform"

[[columns]]
name = "learners"
type = "int"
unit = "persons"
zh = "学员人数（去重）"
en = "distinct persons enrolled in the window in classes of the platform"

[[columns]]
name = "filed_on"
type = "date"
unit = ""
zh = "备案日期"
en = "day the platform was filed; empty when it is not filed"

[[columns]]
name = "sample_ok"
type = "bool"
unit = ""
zh = "样本是否充足"
en = "filed for at least the required days at the as-of date, with at least the required learners"

[[columns]]
name = "integrity_deduction"
type = "float"
unit = "points"
zh = "诚信扣分"
en = "points deducted by confirmed findings of the window; 0 without any"

[[columns]]
name = "vetoes"
type = "text"
unit = ""
zh = "一票否决事项"
en = "kinds of the confirmed findings of the window that veto (fraud, no_face_evidence, filing_lost, refused_data), in the order of the alphabet, joined by commas; empty without any"
*/
WITH
learner AS (
    SELECT k.platform_id, COUNT(DISTINCT e.person_key) AS learners
    FROM enrolments AS e
    INNER JOIN evaluation_days AS d ON d.day = e.enrolled_on
    INNER JOIN classes AS k ON k.class_id = e.class_id
    WHERE d.in_year AND k.platform_id IS NOT NULL
    GROUP BY k.platform_id
),
finding AS (
    SELECT f.org_id, f.kind, CAST(ROUND(COALESCE(f.deduction, 0) * 1000000, 0) AS BIGINT) AS deduction_e6
    FROM findings AS f
    INNER JOIN evaluation_days AS d ON d.day = f.decided_on
    WHERE d.in_year AND f.confirmed
),
deducted AS (
    SELECT org_id, SUM(deduction_e6) AS deduction_e6 FROM finding GROUP BY org_id
),
veto_kind AS (
    SELECT DISTINCT org_id, kind FROM finding WHERE kind IN ('fraud', 'no_face_evidence', 'filing_lost', 'refused_data')
),
vetoed AS (
    SELECT org_id, ARRAY_TO_STRING(ARRAY_AGG(kind ORDER BY kind), ',') AS vetoes FROM veto_kind GROUP BY org_id
)
SELECT
    u.as_of,
    o.org_id AS platform_id,
    o.org_name AS platform_name,
    COALESCE(l.learners, 0) AS learners,
    o.filed_on,
    COALESCE(o.filed_on <= u.filed_by AND l.learners * 1000000 >= u.min_learners_e6, FALSE) AS sample_ok,
    COALESCE(GREATEST(d.deduction_e6, 0), 0) / 1000000.0 AS integrity_deduction,
    v.vetoes
FROM organizations AS o
CROSS JOIN evaluation_rules AS u
LEFT JOIN learner AS l ON l.platform_id = o.org_id
LEFT JOIN deducted AS d ON d.org_id = o.org_id
LEFT JOIN vetoed AS v ON v.org_id = o.org_id
WHERE o.org_kind = 'platform'
