/*
title_zh = "综合离群机构"
title_en = "Unusual organisation"
description_zh = """
提示：各项特征（x02_org_feature）综合起来，按ECOD比unusual_org_share的机构更离群，\
且按孤立森林比unusual_forest_share的机构更离群的培训机构和平台。少于unusual_population家机构时不检验。\
贡献最大的三项特征列于依据，最大的在前。指标值为按ECOD离群程度较低的机构占比。市取登记所在地，没有的取其班级所在市；\
证据记录为其班级，最近的在前；涉及金额按其班级的全部报名计算。同类为其他全部机构；预期误报数为按算法必然高于ECOD界限的个数，\
即全部机构的1减unusual_org_share，不论孤立森林是否也判为离群。"""
description_en = """
Context: training organisations and platforms whose features (x02_org_feature) taken together are more unusual than those of \
unusual_org_share of all by ECOD, and than those of unusual_forest_share by the isolation forest. Nothing is tested below \
unusual_population organisations. The three features that contribute most stand in the reference, the first first. Value is the share of \
organisations that are less unusual by ECOD. City is that of the register, else of its classes; evidence are its classes, the latest \
first; at risk are all enrolments of its classes. Peers are all the other organisations; expected by chance are as \
many as lie above the limit of ECOD by construction, one less unusual_org_share of all, found by the isolation forest or not."""
audience = "intermediate"
grain = ["entity_kind", "entity_id", "period"]
sources = ["notice 三（三）"]
policy = ["unusual_org_share", "unusual_forest_share", "unusual_population"]

[indicator]
id = "X02"
key = "unusual_org"
names_enrolments = true
statistical = true
title_zh = "综合离群机构"
title_en = "Unusual organisation"
scheme_zh = "尚无规则描述的做法：虚构的培训在许多小处同时有别于真实培训"
scheme = "whatever no rule describes yet: an invented training differs from real ones in many small ways at once"
strength = "W"
grain_zh = "机构"
grain = "org"
threshold_zh = "按ECOD有至少unusual_org_share（0.97）、按孤立森林有至少unusual_forest_share（0.95）的机构比其更寻常"
threshold = "less unusual organisations at least unusual_org_share (0.97) by ECOD and unusual_forest_share (0.95) by the isolation forest"
policy_reference = "default; Li et al. 2022 (ECOD), Liu, Ting and Zhou 2008 (isolation forest)"
false_positives_zh = "任何总体都有最特殊的成员：最大的培训机构、冷门职业的唯一机构；不得单独作为理由"
false_positives = "every population has its most unusual members: the largest school, the only body for a rare occupation; never a ground alone"
ask_for_zh = "三项特征的具体数字，并首先查看同一机构的其他指标"
ask_for = "what the three features say in plain figures, and other indicators on the same organisation before anything else"
*/
WITH
tested AS (
    SELECT CAST(COUNT(*) AS BIGINT) AS population FROM x02_org_score
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
    FROM x02_org_score AS s
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
    WHERE e.parameter = 'unusual_org_share'
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
body AS (
    SELECT
        org_id,
        MIN(city_code) AS city_code,
        MAX(CASE WHEN org_kind = 'platform' THEN org_id END) AS platform_id
    FROM organizations
    GROUP BY org_id
),
taught AS (
    SELECT k.org_id, k.class_id, k.city_code, k.start_on FROM classes AS k
    UNION
    SELECT k.platform_id AS org_id, k.class_id, k.city_code, k.start_on FROM classes AS k WHERE k.platform_id IS NOT NULL
),
hit_class AS (
    SELECT
        h.entity_id,
        t.class_id,
        t.city_code,
        ROW_NUMBER() OVER (PARTITION BY h.entity_id ORDER BY t.start_on DESC, t.class_id DESC) AS place
    FROM hit AS h
    INNER JOIN taught AS t ON t.org_id = h.entity_id
),
evidence AS (
    SELECT
        entity_id,
        MAX(CASE WHEN place = 1 THEN city_code END) AS class_city_code,
        ARRAY_AGG('classes:' || class_id ORDER BY place LIMIT 100) AS evidence,
        CAST(COUNT(*) AS BIGINT) AS evidence_count
    FROM hit_class
    GROUP BY entity_id
),
risk AS (
    SELECT
        c.entity_id,
        SUM(x.at_risk_fen) AS amount_at_risk_fen,
        ARRAY_AGG(e.enrolment_id ORDER BY e.enrolment_id) AS enrolments
    FROM hit_class AS c
    INNER JOIN enrolments AS e ON e.class_id = c.class_id
    LEFT JOIN enrolment_risk AS x ON x.enrolment_id = e.enrolment_id
    GROUP BY c.entity_id
)
SELECT
    h.entity_kind,
    h.entity_id,
    '' AS period,
    COALESCE(b.city_code, e.class_city_code) AS city_code,
    h.entity_id AS org_id,
    b.platform_id,
    h.value,
    h.threshold,
    h.population,
    COALESCE(x.amount_at_risk_fen, 0) AS amount_at_risk_fen,
    x.enrolments,
    'W' AS strength,
    e.evidence,
    e.evidence_count,
    '综合离群（默认值）：' || h.features AS rule_ref,
    h.peers,
    h.expected_false_alarms
FROM hit AS h
INNER JOIN evidence AS e ON e.entity_id = h.entity_id
LEFT JOIN body AS b ON b.org_id = h.entity_id
LEFT JOIN risk AS x ON x.entity_id = h.entity_id
