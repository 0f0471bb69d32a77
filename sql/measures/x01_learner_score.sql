/*
title_zh = "学员综合离群得分"
title_en = "How unusual each learner is"
description_en = """
ECOD and isolation forest over the features of x01_learner_feature: how far each person lies in the tails of all features together, and \
the three features that contribute most. A statistical oddity, no proof of anything. Read by X01."""
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
en = "person"

[[columns]]
name = "entity_id"
type = "text"
unit = ""
zh = "对象编号"
en = "key of the person in 16 hex digits"

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
    'person' AS entity_kind,
    h.person_hex AS entity_id,
    f.trainings,
    f.organisations,
    f.cities,
    f.busiest_year,
    f.claimed_yuan,
    f.online_hours,
    f.heaviest_day_hours,
    f.days_per_ten_hours,
    f.watched_over_wall,
    f.unsupported_share,
    f.face_failed_share,
    f.late_upload_share,
    f.account_persons,
    f.phone_persons,
    f.wait_days
FROM x01_learner_feature AS f
INNER JOIN learner_keys AS h ON h.person_key = f.person_key
