/*
title_zh = "综合离群学员"
title_en = "Unusual learner"
description_zh = """
提示：各项特征（x01_learner_feature）综合起来，按ECOD比unusual_learner_share的学员更离群，\
且按孤立森林比unusual_forest_share的学员更离群的学员。少于unusual_population名学员时不检验。贡献最大的三项特征列于依据，\
最大的在前。指标值为按ECOD离群程度较低的学员占比。市、培训机构和平台取最近的报名；涉及金额按该学员的全部报名计算。\
同类为其他全部学员；预期误报数为按算法必然高于ECOD界限的个数，即全部学员的1减unusual_learner_share，\
不论孤立森林是否也判为离群。"""
description_en = """
Context: learners whose features (x01_learner_feature) taken together are more unusual than those of unusual_learner_share of all learners \
by ECOD, and than those of unusual_forest_share by the isolation forest. Nothing is tested below unusual_population learners. The three \
features that contribute most stand in the reference, the first first. Value is the share of learners that are less unusual by ECOD. City, \
organisation and platform are those of the latest enrolment; at risk are all enrolments of the learner. Peers are all the other learners; expected by chance are as \
many as lie above the limit of ECOD by construction, one less unusual_learner_share of all, found by the isolation forest or not."""
audience = "intermediate"
grain = ["entity_kind", "entity_id", "period"]
sources = ["notice 三（三）"]
policy = ["unusual_learner_share", "unusual_forest_share", "unusual_population"]

[indicator]
id = "X01"
key = "unusual_learner"
names_enrolments = true
statistical = true
title_zh = "综合离群学员"
title_en = "Unusual learner"
scheme_zh = "尚无规则描述的做法：虚构或租用的学员在许多小处同时有别于真实学员"
scheme = "whatever no rule describes yet: invented or rented learners differ from real ones in many small ways at once"
strength = "W"
grain_zh = "人员"
grain = "person"
threshold_zh = "按ECOD有至少unusual_learner_share（0.99）、按孤立森林有至少unusual_forest_share（0.95）的学员比其更寻常"
threshold = "less unusual learners at least unusual_learner_share (0.99) by ECOD and unusual_forest_share (0.95) by the isolation forest"
policy_reference = "default; Li et al. 2022 (ECOD), Liu, Ting and Zhou 2008 (isolation forest)"
false_positives_zh = "任何总体都有最特殊的百分之一：合法参加多次培训的勤奋学员、选学冷门课程的学员；不得单独作为理由"
false_positives = "every population has a most unusual hundredth: diligent learners with many legal trainings, learners with a rare course; never a ground alone"
ask_for_zh = "学员档案，并首先查看同一人的其他指标"
ask_for = "the learner's archive, and other indicators on the same person before anything else"
*/
WITH
tested AS (
    SELECT CAST(COUNT(*) AS BIGINT) AS population FROM x01_learner_score
),
ranked AS (
    SELECT
        s.entity_kind,
        s.entity_id,
        s.ecod_share,
        s.feature_1,
        s.feature_2,
        s.feature_3,
        CAST(RANK() OVER (ORDER BY s.forest_score) AS BIGINT) - 1 AS less_unusual
    FROM x01_learner_score AS s
),
hit AS (
    SELECT
        s.entity_kind,
        s.entity_id,
        s.ecod_share AS value,
        e.value AS threshold,
        s.feature_1 || '、' || s.feature_2 || '、' || s.feature_3 AS features,
        t.population,
        t.population - 1 AS peers,
        t.population * (1000000 - e.value_e6) / 1000000 AS expected_false_alarms
    FROM ranked AS s
    CROSS JOIN run_context AS r
    CROSS JOIN tested AS t
    CROSS JOIN policy AS e
    CROSS JOIN policy AS f
    CROSS JOIN policy AS n
    WHERE e.parameter = 'unusual_learner_share'
      AND e.city_code = '370000'
      AND r.as_of >= e.valid_from
      AND r.as_of <= e.valid_until
      AND f.parameter = 'unusual_forest_share'
      AND f.city_code = '370000'
      AND r.as_of >= f.valid_from
      AND r.as_of <= f.valid_until
      AND n.parameter = 'unusual_population'
      AND n.city_code = '370000'
      AND r.as_of >= n.valid_from
      AND r.as_of <= n.valid_until
      AND t.population * 1000000 >= n.value_e6
      AND s.ecod_share >= e.value
      AND s.less_unusual * 1000000 >= f.value_e6 * t.population
),
training AS (
    SELECT
        h.entity_id,
        e.enrolment_id,
        e.city_code,
        k.org_id,
        k.platform_id,
        x.at_risk_fen,
        ROW_NUMBER() OVER (PARTITION BY h.entity_id ORDER BY e.enrolled_on DESC, e.enrolment_id DESC) AS place
    FROM hit AS h
    INNER JOIN learner_keys AS i ON i.person_hex = h.entity_id
    INNER JOIN enrolments AS e ON e.person_key = i.person_key
    INNER JOIN elapsed_days AS d ON d.day = e.enrolled_on
    LEFT JOIN classes AS k ON k.class_id = e.class_id
    LEFT JOIN enrolment_risk AS x ON x.enrolment_id = e.enrolment_id
),
summed AS (
    SELECT
        entity_id,
        MAX(CASE WHEN place = 1 THEN city_code END) AS city_code,
        MAX(CASE WHEN place = 1 THEN org_id END) AS org_id,
        MAX(CASE WHEN place = 1 THEN platform_id END) AS platform_id,
        COALESCE(SUM(at_risk_fen), 0) AS amount_at_risk_fen,
        ARRAY_AGG(enrolment_id ORDER BY enrolment_id) AS enrolments,
        ARRAY_AGG('enrolments:' || enrolment_id ORDER BY place LIMIT 100) AS evidence,
        CAST(COUNT(*) AS BIGINT) AS evidence_count
    FROM training
    GROUP BY entity_id
)
SELECT
    h.entity_kind,
    h.entity_id,
    '' AS period,
    s.city_code,
    s.org_id,
    s.platform_id,
    h.value,
    h.threshold,
    h.population,
    s.amount_at_risk_fen,
    s.enrolments,
    'W' AS strength,
    s.evidence,
    s.evidence_count,
    '综合离群（默认值）：' || h.features AS rule_ref,
    h.peers,
    h.expected_false_alarms
FROM hit AS h
INNER JOIN summed AS s ON s.entity_id = h.entity_id
