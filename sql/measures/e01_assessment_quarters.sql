/*
title_zh = "考核季度汇总与同类"
title_en = "Assessments by quarter, with what the peers' were"
description_en = """
Assessments of an assessment body (assessor) or of a training organisation (org, by the class of the enrolment) in a quarter, up to the \
as-of date; the quarter is that of the local start, else of the end. Expected passes come from the pooled pass rate of the other bodies of \
the same kind among the same occupation class (first digit of the occupation code) × mode × quarter, in proportion to the own mix. Where \
fewer than pass_rate_peers (8) others assessed there, those of all quarters serve, and where they are too few as well, all others of the \
quarter; without so many the expectation is empty. Standard deviations are compared likewise: the peers' median is that of the occupation class \
× mode in which the body assessed most, each peer with at least pass_rate_peer_scores (10) scores. For a body with a mix of classes the peers of \
the pass rate are counted in the part of the mix that has fewest."""
audience = "intermediate"
grain = ["entity_kind", "entity_id", "quarter"]
sources = ["notice 三（三）"]
policy = ["pass_rate_peers", "pass_rate_peer_scores", "score_band_low", "score_band_high"]

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
name = "last_on"
type = "date"
unit = ""
zh = "末次考核日期"
en = "last local day with an assessment"

[[columns]]
name = "assessments"
type = "int"
unit = "assessments"
zh = "考核数"
en = "assessments"

[[columns]]
name = "passes"
type = "int"
unit = "assessments"
zh = "合格数"
en = "assessments passed"

[[columns]]
name = "expected_passes_e6"
type = "int"
unit = "millionths"
zh = "同类期望合格数"
en = "passes at the pass rates of the peers, in millionths; empty without enough peers"

[[columns]]
name = "scores"
type = "int"
unit = "scores"
zh = "成绩数"
en = "assessments with a score"

[[columns]]
name = "band_scores"
type = "int"
unit = "scores"
zh = "及格线附近成绩数"
en = "scores from score_band_low to score_band_high, both included"

[[columns]]
name = "spread_e6"
type = "int"
unit = "millionths of a point"
zh = "成绩标准差"
en = "sample standard deviation of the scores"

[[columns]]
name = "peer_spread_e6"
type = "float"
unit = "millionths of a point"
zh = "同类成绩标准差中位数"
en = "median of the peers' standard deviations; empty without enough peers"

[[columns]]
name = "pass_peers"
type = "int"
unit = "bodies"
zh = "合格率同类个数"
en = "other bodies whose pass rate is expected; empty without enough peers"

[[columns]]
name = "spread_peers"
type = "int"
unit = "bodies"
zh = "成绩离散同类个数"
en = "other bodies with which the standard deviation is compared; empty without enough peers"
*/
WITH
assessed AS (
    SELECT
        s.assessment_id,
        s.assessor_id,
        k.org_id,
        COALESCE(LEFT(k.occupation_code, 1), '') AS occupation_class,
        COALESCE(k.mode, '') AS mode,
        COALESCE(s.started_day, s.ended_day) AS assessed_on,
        COALESCE(s.started_month, s.ended_month) AS month,
        CASE WHEN s.passed THEN 1 ELSE 0 END AS passed,
        -- Hundredths of a point: whole numbers.
        CAST(ROUND(s.score * 100, 0) AS BIGINT) AS score
    FROM assessments AS s
    LEFT JOIN enrolments AS e ON e.enrolment_id = s.enrolment_id
    LEFT JOIN classes AS k ON k.class_id = e.class_id
),
dated AS (
    SELECT
        a.assessor_id,
        a.org_id,
        a.occupation_class,
        a.mode,
        a.assessed_on,
        LEFT(a.month, 4) || CASE
            WHEN SUBSTR(a.month, 6, 2) <= '03' THEN '-Q1'
            WHEN SUBSTR(a.month, 6, 2) <= '06' THEN '-Q2'
            WHEN SUBSTR(a.month, 6, 2) <= '09' THEN '-Q3'
            ELSE '-Q4'
        END AS quarter,
        a.passed,
        a.score
    FROM assessed AS a
    INNER JOIN elapsed_days AS d ON d.day = a.assessed_on
),
quarter_end AS (
    SELECT quarter, MAX(assessed_on) AS last_on FROM dated GROUP BY quarter
),
-- The parameters in force on the last day of the quarter with an assessment.
rule AS (
    SELECT
        q.quarter,
        MAX(CASE WHEN p.parameter = 'pass_rate_peers' THEN p.value_e6 END) AS peers_e6,
        MAX(CASE WHEN p.parameter = 'pass_rate_peer_scores' THEN p.value_e6 END) AS scores_e6,
        MAX(CASE WHEN p.parameter = 'score_band_low' THEN p.value_e6 END) AS low_e6,
        MAX(CASE WHEN p.parameter = 'score_band_high' THEN p.value_e6 END) AS high_e6
    FROM quarter_end AS q
    CROSS JOIN policy AS p
    WHERE p.city_code = '370000' AND q.last_on >= p.valid_from AND q.last_on <= p.valid_until
    GROUP BY q.quarter
),
result AS (
    SELECT
        'assessor' AS entity_kind,
        d.assessor_id AS entity_id,
        d.quarter,
        d.occupation_class,
        d.mode,
        d.assessed_on,
        d.passed,
        d.score,
        CASE WHEN d.score * 10000 >= r.low_e6 AND d.score * 10000 <= r.high_e6 THEN 1 ELSE 0 END AS in_band
    FROM dated AS d
    INNER JOIN rule AS r ON r.quarter = d.quarter
    UNION ALL
    SELECT
        'org' AS entity_kind,
        d.org_id AS entity_id,
        d.quarter,
        d.occupation_class,
        d.mode,
        d.assessed_on,
        d.passed,
        d.score,
        CASE WHEN d.score * 10000 >= r.low_e6 AND d.score * 10000 <= r.high_e6 THEN 1 ELSE 0 END AS in_band
    FROM dated AS d
    INNER JOIN rule AS r ON r.quarter = d.quarter
    WHERE d.org_id IS NOT NULL
),
-- What a body did in one occupation class and mode, and in all.
cell AS (
    SELECT
        entity_kind,
        entity_id,
        quarter,
        occupation_class,
        mode,
        COUNT(*) AS assessments,
        SUM(passed) AS passes,
        COUNT(score) AS scores,
        CAST(ROUND(STDDEV(CAST(score AS DOUBLE)) * 10000, 0) AS BIGINT) AS spread_e6
    FROM result
    GROUP BY entity_kind, entity_id, quarter, occupation_class, mode
),
unit AS (
    SELECT
        entity_kind,
        entity_id,
        quarter,
        MAX(assessed_on) AS last_on,
        COUNT(*) AS assessments,
        SUM(passed) AS passes,
        COUNT(score) AS scores,
        SUM(in_band) AS band_scores,
        CAST(ROUND(STDDEV(CAST(score AS DOUBLE)) * 10000, 0) AS BIGINT) AS spread_e6
    FROM result
    GROUP BY entity_kind, entity_id, quarter
),
-- Three circles of peers, the body itself still among them: occupation class × mode × quarter, occupation class × mode, quarter.
near AS (
    SELECT
        entity_kind,
        quarter,
        occupation_class,
        mode,
        COUNT(*) AS bodies,
        SUM(assessments) AS assessments,
        SUM(passes) AS passes
    FROM cell
    GROUP BY entity_kind, quarter, occupation_class, mode
),
own_all_quarters AS (
    SELECT entity_kind, entity_id, occupation_class, mode, SUM(assessments) AS assessments, SUM(passes) AS passes
    FROM cell
    GROUP BY entity_kind, entity_id, occupation_class, mode
),
all_quarters AS (
    SELECT
        entity_kind,
        occupation_class,
        mode,
        COUNT(*) AS bodies,
        SUM(assessments) AS assessments,
        SUM(passes) AS passes
    FROM own_all_quarters
    GROUP BY entity_kind, occupation_class, mode
),
far AS (
    SELECT entity_kind, quarter, COUNT(*) AS bodies, SUM(assessments) AS assessments, SUM(passes) AS passes
    FROM unit
    GROUP BY entity_kind, quarter
),
-- The rate is that of the others: own numbers are taken off.
cell_expected AS (
    SELECT
        c.entity_kind,
        c.entity_id,
        c.quarter,
        CAST(ROUND(CASE
            WHEN (n.bodies - 1) * 1000000 >= r.peers_e6
                THEN c.assessments * (n.passes - c.passes) / (n.assessments - c.assessments)
            WHEN (a.bodies - 1) * 1000000 >= r.peers_e6
                THEN c.assessments * (a.passes - o.passes) / (a.assessments - o.assessments)
            WHEN (f.bodies - 1) * 1000000 >= r.peers_e6
                THEN c.assessments * (f.passes - u.passes) / (f.assessments - u.assessments)
        END * 1000000, 0) AS BIGINT) AS expected_passes_e6,
        CASE
            WHEN (n.bodies - 1) * 1000000 >= r.peers_e6 THEN n.bodies - 1
            WHEN (a.bodies - 1) * 1000000 >= r.peers_e6 THEN a.bodies - 1
            WHEN (f.bodies - 1) * 1000000 >= r.peers_e6 THEN f.bodies - 1
        END AS peers
    FROM cell AS c
    INNER JOIN rule AS r ON r.quarter = c.quarter
    INNER JOIN near AS n
        ON n.entity_kind = c.entity_kind
        AND n.quarter = c.quarter
        AND n.occupation_class = c.occupation_class
        AND n.mode = c.mode
    INNER JOIN own_all_quarters AS o
        ON o.entity_kind = c.entity_kind
        AND o.entity_id = c.entity_id
        AND o.occupation_class = c.occupation_class
        AND o.mode = c.mode
    INNER JOIN all_quarters AS a
        ON a.entity_kind = c.entity_kind AND a.occupation_class = c.occupation_class AND a.mode = c.mode
    INNER JOIN unit AS u ON u.entity_kind = c.entity_kind AND u.entity_id = c.entity_id AND u.quarter = c.quarter
    INNER JOIN far AS f ON f.entity_kind = c.entity_kind AND f.quarter = c.quarter
),
expected AS (
    SELECT
        entity_kind,
        entity_id,
        quarter,
        CASE WHEN COUNT(expected_passes_e6) = COUNT(*) THEN SUM(expected_passes_e6) END AS expected_passes_e6,
        CASE WHEN COUNT(expected_passes_e6) = COUNT(*) THEN MIN(peers) END AS pass_peers
    FROM cell_expected
    GROUP BY entity_kind, entity_id, quarter
),
cell_spread AS (
    SELECT c.entity_kind, c.entity_id, c.quarter, c.occupation_class, c.mode, c.spread_e6
    FROM cell AS c
    INNER JOIN rule AS r ON r.quarter = c.quarter
    WHERE c.scores * 1000000 >= r.scores_e6 AND c.spread_e6 IS NOT NULL
),
near_spread AS (
    SELECT
        entity_kind,
        quarter,
        occupation_class,
        mode,
        COUNT(*) AS bodies,
        MEDIAN(CAST(spread_e6 AS DOUBLE)) AS spread_e6
    FROM cell_spread
    GROUP BY entity_kind, quarter, occupation_class, mode
),
all_quarters_spread AS (
    SELECT
        entity_kind,
        occupation_class,
        mode,
        COUNT(DISTINCT entity_id) AS bodies,
        MEDIAN(CAST(spread_e6 AS DOUBLE)) AS spread_e6
    FROM cell_spread
    GROUP BY entity_kind, occupation_class, mode
),
far_spread AS (
    SELECT u.entity_kind, u.quarter, COUNT(*) AS bodies, MEDIAN(CAST(u.spread_e6 AS DOUBLE)) AS spread_e6
    FROM unit AS u
    INNER JOIN rule AS r ON r.quarter = u.quarter
    WHERE u.scores * 1000000 >= r.scores_e6 AND u.spread_e6 IS NOT NULL
    GROUP BY u.entity_kind, u.quarter
),
cell_place AS (
    SELECT
        entity_kind,
        entity_id,
        quarter,
        occupation_class,
        mode,
        ROW_NUMBER() OVER (
            PARTITION BY entity_kind, entity_id, quarter ORDER BY -assessments, occupation_class, mode
        ) AS place
    FROM cell
),
main_cell AS (
    SELECT entity_kind, entity_id, quarter, occupation_class, mode FROM cell_place WHERE place = 1
)
SELECT
    u.entity_kind,
    u.entity_id,
    u.quarter,
    u.last_on,
    u.assessments,
    u.passes,
    x.expected_passes_e6,
    u.scores,
    u.band_scores,
    u.spread_e6,
    CASE
        WHEN (n.bodies - 1) * 1000000 >= r.peers_e6 THEN n.spread_e6
        WHEN (a.bodies - 1) * 1000000 >= r.peers_e6 THEN a.spread_e6
        WHEN (f.bodies - 1) * 1000000 >= r.peers_e6 THEN f.spread_e6
    END AS peer_spread_e6,
    x.pass_peers,
    CASE
        WHEN (n.bodies - 1) * 1000000 >= r.peers_e6 THEN n.bodies - 1
        WHEN (a.bodies - 1) * 1000000 >= r.peers_e6 THEN a.bodies - 1
        WHEN (f.bodies - 1) * 1000000 >= r.peers_e6 THEN f.bodies - 1
    END AS spread_peers
FROM unit AS u
INNER JOIN rule AS r ON r.quarter = u.quarter
INNER JOIN expected AS x ON x.entity_kind = u.entity_kind AND x.entity_id = u.entity_id AND x.quarter = u.quarter
INNER JOIN main_cell AS m ON m.entity_kind = u.entity_kind AND m.entity_id = u.entity_id AND m.quarter = u.quarter
LEFT JOIN near_spread AS n
    ON n.entity_kind = m.entity_kind
    AND n.quarter = m.quarter
    AND n.occupation_class = m.occupation_class
    AND n.mode = m.mode
LEFT JOIN all_quarters_spread AS a
    ON a.entity_kind = m.entity_kind AND a.occupation_class = m.occupation_class AND a.mode = m.mode
LEFT JOIN far_spread AS f ON f.entity_kind = u.entity_kind AND f.quarter = u.quarter
