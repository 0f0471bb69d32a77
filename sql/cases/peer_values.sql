/*
title_zh = "同类比较值"
title_en = "Values of all that were compared with peers"
description_zh = """
与同类比较的指标在机构层面的检验值，命中的和未命中的都在内，每个指标、量、对象和时期一行：线索在其中所处的位置由此可见。\
疑点线索，需核查，非认定结论：位于边缘只说明少见。同类组为比较所依据的范围；E01列同季度的全部同类机构，检验时另按职业大类和培训方式细分。E01为考核合格率、成绩标准差和及格线附近成绩占比（按季度，考核数不少于pass_rate_assessments）；\
E03为备案初期发证数；F01为周申领稳健z值（该机构在该市该季度各周中最大的）；F05为各字段缺失占比（按月）；F06为回访失联占比（按季度）；\
X02为离群程度较低的机构占比；X03为首位数字偏离本福特定律的平均绝对偏差。X01按人员检验，不在此列。"""
description_en = """
What indicators that compare with peers found of each organisation, hit or not, one row for each indicator, measure, subject and period: among \
these a lead stands. 疑点线索，需核查，非认定结论: to lie at the edge says that something is rare, nothing else. The peer group is what was compared \
with each other; of E01 all bodies of the kind in the quarter, while the tests compare within occupation class and mode. E01: pass rate, standard deviation of scores and share of scores just above the pass mark, by quarter, of those with at least \
pass_rate_assessments; E03: certificates of \
the first days after filing; F01: robust z of weekly claims, the largest of the organisation's weeks in a city and quarter, among the peers of that week; F05: share of missing \
values by field and month; F06: share of silent call-backs by quarter; X02: share of organisations that are less unusual; X03: mean absolute \
deviation of first digits from Benford's law. X01 is about persons and is not among them."""
audience = "restricted"
grain = ["indicator_id", "measure", "entity_kind", "entity_id", "period"]
sources = ["notice 三（三）"]
policy = ["pass_rate_assessments"]

[[columns]]
name = "indicator_id"
type = "text"
unit = ""
zh = "指标编号"
en = "identifier of the indicator"

[[columns]]
name = "measure"
type = "text"
unit = ""
zh = "量"
en = "what was measured; of F05 the field"

[[columns]]
name = "entity_kind"
type = "text"
unit = ""
zh = "对象类型"
en = "org, assessor or org_city"

[[columns]]
name = "entity_id"
type = "text"
unit = ""
zh = "对象编号"
en = "identifier, as in indicator_hits"

[[columns]]
name = "period"
type = "text"
unit = ""
zh = "时期"
en = "quarter or month, as in indicator_hits; empty where there is none"

[[columns]]
name = "peer_group"
type = "text"
unit = ""
zh = "同类组"
en = "what was compared with each other; empty where all were"

[[columns]]
name = "value"
type = "float"
unit = ""
zh = "数值"
en = "the measure, in the unit that the description names"

[[columns]]
name = "records"
type = "int"
unit = "records"
zh = "依据条数"
en = "assessments, scores, certificates, claims, records or call-backs behind it; empty where it has no such base"

[[tests]]
kind = "not_null"
columns = ["indicator_id", "measure", "entity_kind", "entity_id", "period", "peer_group", "value"]
severity = "error"
*/
WITH
week AS (
    SELECT
        org_id || '|' || city_code AS entity_id,
        quarter,
        peer_group,
        robust_z,
        CAST(measure AS BIGINT) AS claims,
        ROW_NUMBER() OVER (PARTITION BY org_id, city_code, quarter ORDER BY -robust_z, peer_group, week) AS place
    FROM f01_weekly_claims
    WHERE robust_z IS NOT NULL
),
assessed AS (
    SELECT
        u.entity_kind,
        u.entity_id,
        u.quarter,
        u.assessments,
        u.passes,
        u.scores,
        u.band_scores,
        u.spread_e6,
        u.scores * 1000000 >= p.value_e6 AS has_scores
    FROM e01_assessment_quarters AS u
    CROSS JOIN policy AS p
    WHERE p.parameter = 'pass_rate_assessments'
      AND p.city_code = '370000'
      AND u.last_on >= p.valid_from
      AND u.last_on <= p.valid_until
      AND u.assessments * 1000000 >= p.value_e6
),
measured AS (
    SELECT
        'E01' AS indicator_id,
        'pass_rate' AS measure,
        entity_kind,
        entity_id,
        quarter AS period,
        quarter AS peer_group,
        passes / CAST(assessments AS DOUBLE) AS value,
        assessments AS records
    FROM assessed
    UNION ALL
    SELECT
        'E01' AS indicator_id,
        'score_deviation' AS measure,
        entity_kind,
        entity_id,
        quarter AS period,
        quarter AS peer_group,
        spread_e6 / CAST(1000000 AS DOUBLE) AS value,
        scores AS records
    FROM assessed
    WHERE has_scores AND spread_e6 IS NOT NULL
    UNION ALL
    SELECT
        'E01' AS indicator_id,
        'band_share' AS measure,
        entity_kind,
        entity_id,
        quarter AS period,
        quarter AS peer_group,
        band_scores / CAST(scores AS DOUBLE) AS value,
        scores AS records
    FROM assessed
    WHERE has_scores
    UNION ALL
    SELECT
        'E03' AS indicator_id,
        'first_certificates' AS measure,
        'org' AS entity_kind,
        org_id AS entity_id,
        '' AS period,
        '' AS peer_group,
        CAST(certificates AS DOUBLE) AS value,
        certificates AS records
    FROM e03_first_certificates
    UNION ALL
    SELECT
        'F01' AS indicator_id,
        'weekly_claims_z' AS measure,
        'org_city' AS entity_kind,
        entity_id,
        quarter AS period,
        peer_group,
        robust_z AS value,
        claims AS records
    FROM week
    WHERE place = 1
    UNION ALL
    SELECT
        'F05' AS indicator_id,
        field AS measure,
        'org' AS entity_kind,
        org_id AS entity_id,
        month AS period,
        peer_group,
        measure AS value,
        records
    FROM f05_field_share
    UNION ALL
    SELECT
        'F06' AS indicator_id,
        'silent_share' AS measure,
        'org' AS entity_kind,
        org_id AS entity_id,
        quarter AS period,
        city_code || '|' || quarter AS peer_group,
        silent / CAST(calls AS DOUBLE) AS value,
        calls AS records
    FROM f06_silent_callback
    WHERE calls > 0
    UNION ALL
    SELECT
        'X02' AS indicator_id,
        'less_unusual' AS measure,
        entity_kind,
        entity_id,
        '' AS period,
        '' AS peer_group,
        ecod_share AS value,
        CAST(NULL AS BIGINT) AS records
    FROM x02_org_score
    UNION ALL
    SELECT
        'X03' AS indicator_id,
        'benford_deviation' AS measure,
        'org' AS entity_kind,
        org_id AS entity_id,
        '' AS period,
        '' AS peer_group,
        mean_deviation AS value,
        claims AS records
    FROM x03_conformity
    WHERE conformity <> 'too_few'
)
SELECT
    indicator_id,
    measure,
    entity_kind,
    entity_id,
    period,
    peer_group,
    value,
    records
FROM measured
