/*
title_zh = "综合评价平台名单"
title_en = "Platforms to be evaluated"
description_en = """
Every organisation on record as an online platform, with its learners of the 12 months to the as-of date and whether the sample \
suffices for an evaluation: filed long enough and enough learners. A learner is a person enrolled in the window in a class of the platform."""
audience = "intermediate"
grain = ["platform_id"]
sources = ["notice 三（三）"]
policy = ["evaluation_min_filed_days", "evaluation_min_learners"]

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
*/
WITH
learner AS (
    SELECT k.platform_id, CAST(COUNT(DISTINCT e.person_key) AS BIGINT) AS learners
    FROM enrolments AS e
    INNER JOIN elapsed_days AS d ON d.day = e.enrolled_on
    INNER JOIN classes AS k ON k.class_id = e.class_id
    WHERE d.in_last_year AND k.platform_id IS NOT NULL
    GROUP BY k.platform_id
),
rule AS (
    SELECT
        r.as_of,
        MAX(CASE WHEN p.parameter = 'evaluation_min_filed_days' THEN p.value_e6 END) AS filed_days_e6,
        MAX(CASE WHEN p.parameter = 'evaluation_min_learners' THEN p.value_e6 END) AS learners_e6
    FROM policy AS p
    CROSS JOIN run_context AS r
    WHERE p.city_code = '370000' AND p.valid_from <= r.as_of AND p.valid_until >= r.as_of
    GROUP BY r.as_of
),
platform AS (
    SELECT
        o.org_id AS platform_id,
        o.org_name AS platform_name,
        o.filed_on,
        f.days_ago AS filed_days,
        COALESCE(l.learners, 0) AS learners
    FROM organizations AS o
    LEFT JOIN elapsed_days AS f ON f.day = o.filed_on
    LEFT JOIN learner AS l ON l.platform_id = o.org_id
    WHERE o.org_kind = 'platform'
)
SELECT
    u.as_of,
    p.platform_id,
    p.platform_name,
    p.learners,
    p.filed_on,
    COALESCE(p.filed_days * 1000000 >= u.filed_days_e6 AND p.learners * 1000000 >= u.learners_e6, FALSE) AS sample_ok
FROM platform AS p
CROSS JOIN rule AS u
