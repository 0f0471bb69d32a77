/*
title_zh = "综合评价指标：服务评价"
title_en = "Evaluation items: service"
description_en = """
Items of the service dimension, of the feedback on the platform (org_id) in the 12 months to the as-of date. rating: (n·x + 20·m) / (n + \
20) with x the mean of the platform's n ratings and m the mean of all ratings of all platforms, on 1 to 5; the denominator is n. \
upheld_complaints: upheld complaints per 1,000 persons enrolled in the 12 months in the platform's classes. callback_attended_share: \
call-backs that confirm attendance / call-backs that reached the learner. Missing without ratings, without learners, without anyone \
reached."""
audience = "intermediate"
grain = ["platform_id", "item"]
sources = ["notice 三（三）"]
policy = []

[[columns]]
name = "platform_id"
type = "text"
unit = ""
zh = "平台代码"
en = "unified social credit code of the platform (GB 32100)"

[[columns]]
name = "item"
type = "text"
unit = ""
zh = "评价指标"
en = "name of the item in the evaluation framework"

[[columns]]
name = "value"
type = "float"
unit = ""
zh = "指标原值"
en = "raw value before comparison with its target; empty when it is missing"

[[columns]]
name = "numerator"
type = "int"
unit = ""
zh = "分子"
en = "number above the line, in the unit of the item"

[[columns]]
name = "denominator"
type = "int"
unit = ""
zh = "分母"
en = "number below the line, in the unit of the item"
*/
WITH
told AS (
    SELECT f.org_id AS platform_id, f.kind, f.value, CAST(ROUND(f.value * 1000000, 0) AS BIGINT) AS value_e6
    FROM feedback AS f
    INNER JOIN evaluation_days AS d ON d.day = f.occurred_on
    LEFT SEMI JOIN platform_units AS u ON u.platform_id = f.org_id
    WHERE d.in_year
),
own AS (
    SELECT
        platform_id,
        SUM(CASE WHEN kind = 'rating' AND value >= 1 THEN 1 ELSE 0 END) AS ratings,
        SUM(CASE WHEN kind = 'rating' AND value >= 1 THEN value_e6 ELSE 0 END) AS rated_e6,
        SUM(CASE WHEN kind = 'complaint' AND value = 1 THEN 1 ELSE 0 END) AS upheld,
        SUM(CASE WHEN kind = 'callback' AND value >= 0 THEN 1 ELSE 0 END) AS reached,
        SUM(CASE WHEN kind = 'callback' AND value = 1 THEN 1 ELSE 0 END) AS attended
    FROM told
    GROUP BY platform_id
),
whole AS (
    SELECT SUM(ratings) AS ratings, SUM(rated_e6) AS rated_e6 FROM own
),
platform AS (
    SELECT
        u.platform_id,
        u.learners,
        COALESCE(o.ratings, 0) AS ratings,
        COALESCE(o.rated_e6, 0) AS rated_e6,
        COALESCE(o.upheld, 0) AS upheld,
        COALESCE(o.reached, 0) AS reached,
        COALESCE(o.attended, 0) AS attended
    FROM platform_units AS u
    LEFT JOIN own AS o ON o.platform_id = u.platform_id
)
SELECT
    p.platform_id,
    'rating' AS item,
    CASE
        WHEN p.ratings > 0
            THEN (p.rated_e6 + q.rating_prior_e6 * w.rated_e6 / w.ratings / 1000000.0) / (p.ratings * 1000000 + q.rating_prior_e6)
    END AS value,
    CAST(NULL AS BIGINT) AS numerator,
    p.ratings AS denominator
FROM platform AS p
CROSS JOIN whole AS w
CROSS JOIN evaluation_rules AS q
UNION ALL
SELECT
    platform_id,
    'upheld_complaints' AS item,
    CASE WHEN learners > 0 THEN upheld * 1000 / learners END AS value,
    upheld AS numerator,
    learners AS denominator
FROM platform
UNION ALL
SELECT
    platform_id,
    'callback_attended_share' AS item,
    CASE WHEN reached > 0 THEN attended / reached END AS value,
    attended AS numerator,
    reached AS denominator
FROM platform
