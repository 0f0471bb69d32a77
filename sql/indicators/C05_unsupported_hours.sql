/*
title_zh = "学时无日志支撑"
title_en = "Online hours that the logs do not support"
description_zh = """
有线上课时而学习记录不能支撑的报名，不论是否结业。硬性：没有任何学习记录，\
或平台报送的学习秒数超过实际时长的watched_ratio_hard倍。较强：可支撑的学习时间（各次学习时间的并集，\
每个课件最多计其时长）低于线上课时的supported_share_minimum，或学习秒数超过实际时长的watched_ratio_strong倍。\
实际时长为各次学习时间的并集。学习跨过统计基准日午夜的报名，其时长尚未全部计入，次日再检验。每个报名一行，取最强的原因，指标值和阈值即该原因：可支撑的比例（没有学习记录的为0），\
或学习秒数与实际时长之比（各次学习不覆盖任何时间的为空）。"""
description_en = """
Enrolments with online hours, completed or not, whose study logs do not carry them. Hard: no log at all, or watched seconds more than \
watched_ratio_hard times the wall clock. Strong: the supported study time (union of the sessions, each item at most as long as its \
courseware) is less than supported_share_minimum of the online hours, or watched seconds more than watched_ratio_strong times the wall \
clock. The wall clock is the union of the sessions. Who studies over the midnight of the as-of day is tested a day later, since the time of that \
session is not told in full yet. One row per enrolment with its strongest reason, which value and threshold show: the \
share supported (0 without a log) or the watched time over the wall clock (empty where the sessions cover no time)."""
audience = "intermediate"
grain = ["entity_kind", "entity_id", "period"]
sources = ["notice 二（三）", "notice 三（三）"]
policy = ["supported_share_minimum", "watched_ratio_strong", "watched_ratio_hard"]

[indicator]
id = "C05"
key = "unsupported_hours"
title_zh = "学时无日志支撑"
title_en = "Online hours that the logs do not support"
scheme_zh = "申报无人学习的课时：没有记录、记录不足，或播放快于实际时间"
scheme = "hours are claimed that nobody studied: no logs, too few, or videos played faster than time passes"
strength = "H/S"
grain_zh = "报名"
grain = "enrolment"
threshold_zh = "可支撑秒数与申报秒数之比低于supported_share_minimum（0.9）：较强；没有记录：硬性；学习秒数与实际时长之比超过watched_ratio_strong（1.1）：较强，超过watched_ratio_hard（1.5）：硬性"
threshold = "supported / claimed seconds below supported_share_minimum (0.9) S; no log H; watched / wall clock above watched_ratio_strong (1.1) S, above watched_ratio_hard (1.5) H"
policy_reference = "鲁人社字〔2020〕72号 二（三）每课时45分钟, 三（三）培训过程可查询、可追溯"
false_positives_zh = "某平台某日的记录丢失或尚未上传；在有缓存的应用中学习，记录稍后到达；市里允许的1.25倍速；课件表之外的直播课；刚刚开始的报名"
false_positives = "logs of a platform-day lost or not yet uploaded; study in a cached app whose records come later; a playback rate of 1.25 that the city allows; live classes outside the courseware list; an enrolment that has only begun"
ask_for_zh = "该报名的平台完整日志及说明，以及带时长的课件清单"
ask_for = "the platform's full log dump for the enrolment and its explanation, and the list of courseware with lengths"
*/
WITH
-- Who studied over the midnight of the as-of day: what was watched is told, but not yet all of the time it took.
studying AS (
    SELECT l.enrolment_id
    FROM log_enrolment_day AS l
    CROSS JOIN run_context AS r
    WHERE l.local_day = r.as_of AND l.going_on > 0
),
claimed AS (
    SELECT
        e.enrolment_id,
        e.class_id,
        e.city_code,
        k.org_id,
        k.platform_id,
        e.online_seconds,
        COALESCE(k.start_on, e.enrolled_on) AS rule_on,
        COALESCE(a.city_code, '370000') AS policy_city_code,
        s.enrolment_id AS logged_enrolment_id,
        COALESCE(s.supported_us, 0) AS supported_us,
        COALESCE(s.watched_seconds, 0) AS watched_seconds,
        COALESCE(s.union_us, 0) AS union_us,
        -- Milliseconds, and at most 285 years watched, keep the comparison of the two inside 64 bits whatever a damaged record holds.
        LEAST(COALESCE(s.watched_seconds, 0), 9000000000) AS compared_seconds,
        CAST(CEIL(COALESCE(s.union_us, 0) / 1000) AS BIGINT) AS union_ms
    FROM enrolments AS e
    CROSS JOIN run_context AS r
    LEFT JOIN classes AS k ON k.class_id = e.class_id
    LEFT JOIN cities AS a ON a.city_code = e.city_code
    LEFT JOIN enrolment_log_support AS s ON s.enrolment_id = e.enrolment_id
    LEFT ANTI JOIN studying AS o ON o.enrolment_id = e.enrolment_id
    WHERE e.enrolled_on <= r.as_of AND e.online_seconds > 0
),
tested AS (
    SELECT COUNT(*) AS population FROM claimed
),
ruled AS (
    SELECT
        c.enrolment_id,
        c.class_id,
        c.city_code,
        c.org_id,
        c.platform_id,
        c.online_seconds,
        c.supported_us,
        c.watched_seconds,
        c.union_us,
        u.value AS supported_minimum,
        w.value AS watched_strong,
        h.value AS watched_hard,
        u.citation AS supported_citation,
        h.citation AS watched_citation,
        c.logged_enrolment_id IS NULL AS without_log,
        c.supported_us < c.online_seconds * u.value_e6 AS unsupported,
        c.compared_seconds * 1000000000 > c.union_ms * w.value_e6 AS faster_strong,
        c.compared_seconds * 1000000000 > c.union_ms * h.value_e6 AS faster_hard
    FROM claimed AS c
    INNER JOIN policy AS u ON u.city_code = c.policy_city_code
    INNER JOIN policy AS w ON w.city_code = c.policy_city_code
    INNER JOIN policy AS h ON h.city_code = c.policy_city_code
    WHERE u.parameter = 'supported_share_minimum'
      AND c.rule_on >= u.valid_from
      AND c.rule_on <= u.valid_until
      AND w.parameter = 'watched_ratio_strong'
      AND c.rule_on >= w.valid_from
      AND c.rule_on <= w.valid_until
      AND h.parameter = 'watched_ratio_hard'
      AND c.rule_on >= h.valid_from
      AND c.rule_on <= h.valid_until
),
hit AS (
    SELECT
        enrolment_id,
        class_id,
        city_code,
        org_id,
        platform_id,
        CASE WHEN without_log OR faster_hard THEN 'H' ELSE 'S' END AS strength,
        CASE
            WHEN without_log THEN 0.0
            WHEN faster_hard OR NOT unsupported THEN CASE WHEN union_us > 0 THEN watched_seconds * 1000000 / union_us END
            ELSE supported_us / (online_seconds * 1000000)
        END AS value,
        CASE
            WHEN without_log THEN supported_minimum
            WHEN faster_hard THEN watched_hard
            WHEN unsupported THEN supported_minimum
            ELSE watched_strong
        END AS threshold,
        CASE
            WHEN without_log THEN '没有任何学习记录'
            WHEN faster_hard THEN '计学时长超过实际时长：' || watched_citation
            WHEN unsupported THEN '学习记录不足：' || supported_citation
            ELSE '计学时长超过实际时长：' || watched_citation
        END AS rule_ref
    FROM ruled
    WHERE without_log OR unsupported OR faster_strong OR faster_hard
),
record AS (
    SELECT enrolment_id, 1 AS place, 'enrolments:' || enrolment_id AS record FROM hit
    UNION ALL
    SELECT enrolment_id, 2 AS place, 'classes:' || class_id AS record FROM hit WHERE class_id IS NOT NULL
),
evidence AS (
    SELECT enrolment_id, ARRAY_AGG(record ORDER BY place LIMIT 100) AS evidence, COUNT(*) AS evidence_count
    FROM record
    GROUP BY enrolment_id
)
SELECT
    'enrolment' AS entity_kind,
    h.enrolment_id AS entity_id,
    '' AS period,
    h.city_code,
    h.org_id,
    h.platform_id,
    h.value,
    h.threshold,
    t.population,
    COALESCE(x.at_risk_fen, 0) AS amount_at_risk_fen,
    h.strength,
    e.evidence,
    e.evidence_count,
    h.rule_ref
FROM hit AS h
INNER JOIN evidence AS e ON e.enrolment_id = h.enrolment_id
LEFT JOIN enrolment_risk AS x ON x.enrolment_id = h.enrolment_id
CROSS JOIN tested AS t
