/*
title_zh = "机构综合离群得分"
title_en = "How unusual each organisation is"
description_en = """
ECOD and isolation forest over the features of x02_org_feature: how far each organisation lies in the tails of all features together, and \
the three features that contribute most. A statistical oddity, no proof of anything. Read by X02."""
audience = "intermediate"
grain = ["entity_kind", "entity_id"]
sources = ["Li et al. 2022, ECOD", "Liu, Ting and Zhou 2008, isolation forest"]
policy = []
native = "outlier_scores"

[[columns]]
name = "entity_kind"
type = "text"
unit = ""
zh = "对象类型"
en = "org"

[[columns]]
name = "entity_id"
type = "text"
unit = ""
zh = "对象编号"
en = "identifier of the organisation"

[[columns]]
name = "ecod_score"
type = "float"
unit = ""
zh = "ECOD得分"
en = "sum over the features of the logarithm of tail probabilities"

[[columns]]
name = "ecod_share"
type = "float"
unit = "share"
zh = "ECOD位次"
en = "share of the population that is less unusual"

[[columns]]
name = "forest_score"
type = "float"
unit = ""
zh = "孤立森林得分"
en = "score of the isolation forest, the cross-check"

[[columns]]
name = "feature_1"
type = "text"
unit = ""
zh = "首要特征"
en = "feature that contributes most"

[[columns]]
name = "feature_2"
type = "text"
unit = ""
zh = "次要特征"
en = "feature that contributes second most"

[[columns]]
name = "feature_3"
type = "text"
unit = ""
zh = "第三特征"
en = "feature that contributes third most"

[[columns]]
name = "contribution_1"
type = "float"
unit = ""
zh = "首要特征贡献"
en = "its part of the ECOD score"

[[columns]]
name = "contribution_2"
type = "float"
unit = ""
zh = "次要特征贡献"
en = "its part of the ECOD score"

[[columns]]
name = "contribution_3"
type = "float"
unit = ""
zh = "第三特征贡献"
en = "its part of the ECOD score"
*/
SELECT
    'org' AS entity_kind,
    f.org_id AS entity_id,
    f.classes,
    f.learners_per_class,
    f.trainings_per_person,
    f.busiest_month_share,
    f.completion_rate,
    f.pass_rate,
    f.claimed_yuan_per_learner,
    f.persons_per_account,
    f.persons_per_phone,
    f.unsupported_share,
    f.late_upload_share,
    f.face_failed_share,
    f.heads_per_teacher,
    f.outside_share
FROM x02_org_feature AS f
