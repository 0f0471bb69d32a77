/*
title_zh = "补录与篡改"
title_en = "Logs entered late, changed, or older than the platform"
description_zh = """
班级：有上传时间的学习记录达到late_upload_sessions条，其中在结束24小时之后上传的占比超过late_upload_share；\
或首次装载之后被修改的学习记录达到revised_sessions条；或开始、结束时刻合计达到whole_minute_times个，\
其中秒数为00的占比超过whole_minute_share。班级为学习记录的报名所在班级；指标值和阈值取首个成立的原因。平台：\
早于备案日期开始的学习记录达到sessions_before_filing条；从未备案或不在册的平台归D05。涉及金额按该班级有学习记录的报名计算，\
班级占比存疑的计全部，仅有被修改记录的只计其中有被修改记录的；平台的按备案之前有学习记录的报名计算。"""
description_en = """
Classes: more than late_upload_share of the sessions that have an upload time, at least late_upload_sessions of them, were uploaded more than 24 hours after their \
end; or revised_sessions or more sessions were changed after their first load; or more than whole_minute_share of the times, starts and ends counted and at least \
whole_minute_times of them, lie on second 00. The class is that of the log's enrolment; the first of these that holds gives value and threshold. Platforms: \
sessions_before_filing or more sessions started on a day before the platform's filing; a platform that is not filed at all, or not on record, is left to D05. At \
risk are the enrolments of the class that have logs, all of them where a share of the class is in doubt, only those with changed sessions where \
nothing else is; of a platform those with sessions before the filing."""
audience = "intermediate"
grain = ["entity_kind", "entity_id", "period"]
sources = ["notice 三（三）"]
policy = ["late_upload_share", "late_upload_sessions", "revised_sessions", "whole_minute_share", "whole_minute_times", "sessions_before_filing"]

[indicator]
id = "C10"
key = "backdated_logs"
names_enrolments = true
title_zh = "补录与篡改"
title_en = "Logs entered late, changed, or older than the platform"
scheme_zh = "事后编造日志，或把日志改到与申报课时相符"
scheme = "logs are made up after the fact, or mended until they fit the hours that were claimed"
strength = "S"
grain_zh = "班级；平台"
grain = "class; platform"
threshold_zh = "班级：至少late_upload_sessions（20）条有上传时间的学习记录中，结束24小时后才上传的超过late_upload_share（20%）；revised_sessions（1）条及以上学习记录在首次装载后被修改；至少whole_minute_times（50）个时间中，秒为00的超过whole_minute_share（一半）。平台：备案之前开始的学习记录有sessions_before_filing（1）条及以上"
threshold = "class: above late_upload_share (20 %) of at least late_upload_sessions (20) with an upload time uploaded over 24 h after the end; revised_sessions (1) or more changed after the first load; above whole_minute_share (half) of at least whole_minute_times (50) times on second 00. Platform: sessions_before_filing (1) or more before its filing"
policy_reference = "default; 鲁人社字〔2020〕72号 三（三）培训过程可查询、可追溯"
false_positives_zh = "平台已申报的故障；无网络的应用内学习；只记到分钟的平台；修复差错后的重复报送"
false_positives = "a declared outage of the platform; study in an app without network; a platform that keeps minutes only; a delivery repeated after a mended fault"
ask_for_zh = "平台的上传服务器日志、被修改记录的两个版本及修改人，以及故障单"
ask_for = "the platform's server log of uploads, both versions of the changed records and who changed them, the outage ticket"
*/
WITH
-- Classes.
upload AS (
    SELECT enrolment_id, SUM(uploaded_known) AS uploaded_known, SUM(uploaded_late) AS uploaded_late
    FROM enrolment_log_checks
    GROUP BY enrolment_id
),
revised AS (
    SELECT enrolment_id, COUNT(*) AS revised FROM c10_revised_sessions GROUP BY enrolment_id
),
logged AS (
    SELECT
        n.class_id,
        c.enrolment_id,
        u.uploaded_known,
        u.uploaded_late,
        c.times,
        c.whole_minute_times,
        COALESCE(v.revised, 0) AS revised
    FROM c10_log_times AS c
    INNER JOIN enrolments AS n ON n.enrolment_id = c.enrolment_id
    INNER JOIN upload AS u ON u.enrolment_id = c.enrolment_id
    LEFT JOIN revised AS v ON v.enrolment_id = c.enrolment_id
),
class AS (
    SELECT
        class_id,
        SUM(uploaded_known) AS uploaded_known,
        SUM(uploaded_late) AS uploaded_late,
        SUM(times) AS times,
        SUM(whole_minute_times) AS whole_minute_times,
        SUM(revised) AS revised
    FROM logged
    GROUP BY class_id
),
placed AS (
    SELECT
        c.class_id,
        k.city_code,
        k.org_id,
        k.platform_id,
        k.start_on,
        c.uploaded_known,
        c.uploaded_late,
        c.times,
        c.whole_minute_times,
        c.revised,
        COALESCE(a.city_code, '370000') AS policy_city_code
    FROM class AS c
    INNER JOIN classes AS k ON k.class_id = c.class_id
    LEFT JOIN cities AS a ON a.city_code = k.city_code
),
tested AS (
    SELECT COUNT(*) AS population FROM placed
),
class_rule AS (
    SELECT
        p.class_id,
        MAX(CASE WHEN y.parameter = 'late_upload_share' THEN y.value_e6 END) AS late_e6,
        MAX(CASE WHEN y.parameter = 'late_upload_share' THEN y.value END) AS late_threshold,
        MAX(CASE WHEN y.parameter = 'late_upload_share' THEN y.citation END) AS late_citation,
        MAX(CASE WHEN y.parameter = 'late_upload_sessions' THEN y.value_e6 END) AS sessions_e6,
        MAX(CASE WHEN y.parameter = 'revised_sessions' THEN y.value_e6 END) AS revised_e6,
        MAX(CASE WHEN y.parameter = 'revised_sessions' THEN y.value END) AS revised_threshold,
        MAX(CASE WHEN y.parameter = 'revised_sessions' THEN y.citation END) AS revised_citation,
        MAX(CASE WHEN y.parameter = 'whole_minute_share' THEN y.value_e6 END) AS whole_e6,
        MAX(CASE WHEN y.parameter = 'whole_minute_share' THEN y.value END) AS whole_threshold,
        MAX(CASE WHEN y.parameter = 'whole_minute_share' THEN y.citation END) AS whole_citation,
        MAX(CASE WHEN y.parameter = 'whole_minute_times' THEN y.value_e6 END) AS times_e6
    FROM placed AS p
    INNER JOIN policy AS y ON y.city_code = p.policy_city_code
    WHERE p.start_on >= y.valid_from AND p.start_on <= y.valid_until
    GROUP BY p.class_id
),
ruled AS (
    SELECT
        p.class_id,
        p.city_code,
        p.org_id,
        p.platform_id,
        p.uploaded_known,
        p.uploaded_late,
        p.times,
        p.whole_minute_times,
        p.revised,
        u.late_threshold,
        u.late_citation,
        u.revised_threshold,
        u.revised_citation,
        u.whole_threshold,
        u.whole_citation,
        p.uploaded_known * 1000000 >= u.sessions_e6 AND p.uploaded_late * 1000000 > p.uploaded_known * u.late_e6 AS is_late,
        p.revised > 0 AND p.revised * 1000000 >= u.revised_e6 AS is_revised,
        p.times * 1000000 >= u.times_e6 AND p.whole_minute_times * 1000000 > p.times * u.whole_e6 AS is_whole
    FROM placed AS p
    INNER JOIN class_rule AS u ON u.class_id = p.class_id
),
class_hit AS (
    SELECT
        class_id,
        city_code,
        org_id,
        platform_id,
        is_late,
        is_revised,
        is_whole,
        CASE
            WHEN is_late THEN uploaded_late / uploaded_known
            WHEN is_revised THEN revised
            ELSE whole_minute_times / times
        END AS value,
        CASE WHEN is_late THEN late_threshold WHEN is_revised THEN revised_threshold ELSE whole_threshold END AS threshold,
        CASE
            WHEN is_late THEN '迟传：' || late_citation
            WHEN is_revised THEN '首次上传后被修改：' || revised_citation
            ELSE '整分时刻：' || whole_citation
        END AS rule_ref
    FROM ruled
    WHERE is_late OR is_revised OR is_whole
),
-- Platforms.
filing AS (
    SELECT org_id, MIN(filed_on) AS filed_on, MIN(city_code) AS city_code
    FROM organizations
    WHERE org_kind = 'platform' AND filed_on IS NOT NULL
    GROUP BY org_id
),
tested_platform AS (
    SELECT COUNT(DISTINCT d.platform_id) AS population
    FROM enrolment_log_checks AS d
    INNER JOIN filing AS f ON f.org_id = d.platform_id
),
-- Whose first session lies before the filing: hardly ever any.
candidate AS (
    SELECT d.platform_id, d.enrolment_id, f.filed_on
    FROM enrolment_log_checks AS d
    INNER JOIN filing AS f ON f.org_id = d.platform_id
    WHERE d.first_day < f.filed_on
),
early AS (
    SELECT c.platform_id, c.enrolment_id, SUM(d.sessions) AS sessions
    FROM candidate AS c
    INNER JOIN log_enrolment_day AS d ON d.enrolment_id = c.enrolment_id AND d.platform_id = c.platform_id
    WHERE d.local_day < c.filed_on AND d.platform_id = d.last_platform_id AND d.sessions > 0
    GROUP BY c.platform_id, c.enrolment_id
    UNION ALL
    SELECT c.platform_id, c.enrolment_id, SUM(d.sessions) AS sessions
    FROM candidate AS c
    INNER JOIN log_platform_day AS d ON d.enrolment_id = c.enrolment_id AND d.platform_id = c.platform_id
    WHERE d.local_day < c.filed_on AND d.sessions > 0
    GROUP BY c.platform_id, c.enrolment_id
),
early_total AS (
    SELECT platform_id, SUM(sessions) AS sessions FROM early GROUP BY platform_id
),
platform_hit AS (
    SELECT e.platform_id, f.city_code, e.sessions, p.value AS threshold, p.citation
    FROM early_total AS e
    INNER JOIN filing AS f ON f.org_id = e.platform_id
    CROSS JOIN policy AS p
    CROSS JOIN run_context AS r
    WHERE p.parameter = 'sessions_before_filing'
      AND p.city_code = '370000'
      AND r.as_of >= p.valid_from
      AND r.as_of <= p.valid_until
      AND e.sessions * 1000000 >= p.value_e6
),
hit AS (
    SELECT
        'class' AS entity_kind,
        h.class_id AS entity_id,
        h.city_code,
        h.org_id,
        h.platform_id,
        CAST(h.value AS DOUBLE) AS value,
        h.threshold,
        t.population,
        h.rule_ref
    FROM class_hit AS h
    CROSS JOIN tested AS t
    UNION ALL
    SELECT
        'platform' AS entity_kind,
        h.platform_id AS entity_id,
        h.city_code,
        h.platform_id AS org_id,
        h.platform_id,
        CAST(h.sessions AS DOUBLE) AS value,
        h.threshold,
        t.population,
        '备案前学习：' || h.citation AS rule_ref
    FROM platform_hit AS h
    CROSS JOIN tested_platform AS t
),
concerned AS (
    SELECT 'class' AS entity_kind, h.class_id AS entity_id, l.enrolment_id
    FROM class_hit AS h
    INNER JOIN logged AS l ON l.class_id = h.class_id
    WHERE h.is_late OR h.is_whole OR l.revised > 0
    UNION ALL
    SELECT DISTINCT 'platform' AS entity_kind, e.platform_id AS entity_id, e.enrolment_id
    FROM early AS e
    LEFT SEMI JOIN platform_hit AS h ON h.platform_id = e.platform_id
),
risk AS (
    SELECT
        c.entity_kind,
        c.entity_id,
        SUM(x.at_risk_fen) AS amount_at_risk_fen,
        ARRAY_AGG(c.enrolment_id ORDER BY c.enrolment_id) AS enrolments
    FROM concerned AS c
    LEFT JOIN enrolment_risk AS x ON x.enrolment_id = c.enrolment_id
    GROUP BY c.entity_kind, c.entity_id
),
record AS (
    SELECT 'class' AS entity_kind, h.class_id AS entity_id, 1 AS place, 'study_logs:' || v.log_id AS record
    FROM class_hit AS h
    INNER JOIN logged AS l ON l.class_id = h.class_id
    INNER JOIN c10_revised_sessions AS v ON v.enrolment_id = l.enrolment_id
    WHERE h.is_revised
    UNION ALL
    SELECT 'class' AS entity_kind, class_id AS entity_id, 2 AS place, 'classes:' || class_id AS record FROM class_hit
    UNION ALL
    SELECT 'platform' AS entity_kind, o.org_id AS entity_id, 1 AS place, 'organizations:' || o.org_id || '|' || o.org_kind AS record
    FROM organizations AS o
    INNER JOIN platform_hit AS h ON h.platform_id = o.org_id
    WHERE o.org_kind = 'platform'
    UNION ALL
    SELECT entity_kind, entity_id, 3 AS place, 'enrolments:' || enrolment_id AS record FROM concerned
),
evidence AS (
    SELECT entity_kind, entity_id, ARRAY_AGG(record ORDER BY place, record LIMIT 100) AS evidence, COUNT(*) AS evidence_count
    FROM record
    GROUP BY entity_kind, entity_id
)
SELECT
    h.entity_kind,
    h.entity_id,
    '' AS period,
    h.city_code,
    h.org_id,
    h.platform_id,
    h.value,
    h.threshold,
    h.population,
    COALESCE(x.amount_at_risk_fen, 0) AS amount_at_risk_fen,
    x.enrolments,
    'S' AS strength,
    e.evidence,
    e.evidence_count,
    h.rule_ref
FROM hit AS h
INNER JOIN evidence AS e ON e.entity_kind = h.entity_kind AND e.entity_id = h.entity_id
LEFT JOIN risk AS x ON x.entity_kind = h.entity_kind AND x.entity_id = h.entity_id
