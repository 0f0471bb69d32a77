/*
title_zh = "线索涉及的报名"
title_en = "Enrolments and claims that each hit concerns"
description_en = """
Whom and what a hit is about, as enrolments. A hit on an enrolment concerns it alone; on a claim, that claim alone (claim_id); on a class, \
all of its enrolments; on two classes, those of the learners of both; on an account, the enrolments paid to it; on an employer and month, \
its staff of the month. On a person and day, the person's enrolments with study on the day, on a person and platform those studied there. \
Else, and besides, the enrolments behind the records that the hit names as evidence (a hit names at most 100 records): their own, those of \
the attendance's person and class, all of a class (of a hit on a person the person's own). Elsewhere claim_id is empty: all claims of the \
enrolment are concerned. Enrolments after the as-of day are left out."""
audience = "intermediate"
grain = ["indicator_id", "entity_kind", "entity_id", "period", "enrolment_id", "claim_id"]
sources = ["notice 三（三）"]
policy = []

[[columns]]
name = "indicator_id"
type = "text"
unit = ""
zh = "指标编号"
en = "identifier of the indicator"

[[columns]]
name = "entity_kind"
type = "text"
unit = ""
zh = "对象类型"
en = "what the hit is about"

[[columns]]
name = "entity_id"
type = "text"
unit = ""
zh = "对象编号"
en = "identifier of what the hit is about"

[[columns]]
name = "period"
type = "text"
unit = ""
zh = "所属期"
en = "period of the hit; empty where it has none"

[[columns]]
name = "strength"
type = "text"
unit = ""
zh = "强度"
en = "strength of the hit: H, S or W"

[[columns]]
name = "enrolment_id"
type = "text"
unit = ""
zh = "报名编号"
en = "enrolment concerned"

[[columns]]
name = "claim_id"
type = "text"
unit = ""
zh = "申领编号"
en = "the only claim concerned; empty where all of the enrolment are"
*/
WITH
hit AS (
    SELECT indicator_id, entity_kind, entity_id, period, strength FROM open_hits
),
training AS (
    SELECT e.enrolment_id, e.person_key, h.person_hex, e.class_id, e.employer_id, e.learner_group
    FROM enrolments AS e
    INNER JOIN elapsed_days AS d ON d.day = e.enrolled_on
    INNER JOIN learner_keys AS h ON h.person_key = e.person_key
),
claim_enrolment AS (
    SELECT c.claim_id, t.enrolment_id
    FROM claims AS c
    INNER JOIN training AS t ON t.enrolment_id = c.enrolment_id
),
-- Records of evidence, where the entity does not say by itself what is concerned.
record AS (
    SELECT indicator_id, entity_kind, entity_id, period, strength, feed, record_key, SPLIT_PART(entity_id, '|', 1) AS subject
    FROM hit_record
),
log_record AS (
    SELECT indicator_id, entity_kind, entity_id, period, strength, record_key
    FROM record
    WHERE feed = 'study_logs' AND NOT (entity_kind = 'person' AND LENGTH(period) = 10) AND entity_kind <> 'person_platform'
),
wanted_log AS (
    SELECT DISTINCT record_key FROM log_record
),
logged AS (
    SELECT l.log_id, l.enrolment_id FROM study_logs AS l INNER JOIN wanted_log AS w ON w.record_key = l.log_id
),
both_classes AS (
    SELECT
        indicator_id,
        entity_kind,
        entity_id,
        period,
        strength,
        SPLIT_PART(entity_id, '|', 1) AS first_class_id,
        SPLIT_PART(entity_id, '|', 2) AS second_class_id
    FROM hit
    WHERE entity_kind = 'class_pair'
),
common_learner AS (
    SELECT DISTINCT h.indicator_id, h.entity_kind, h.entity_id, h.period, h.strength, h.first_class_id, h.second_class_id, a.person_key
    FROM both_classes AS h
    INNER JOIN training AS a ON a.class_id = h.first_class_id
    INNER JOIN training AS b ON b.class_id = h.second_class_id AND b.person_key = a.person_key
),
person_day AS (
    SELECT indicator_id, entity_kind, entity_id, period, strength FROM hit WHERE entity_kind = 'person' AND LENGTH(period) = 10
),
day_of AS (
    SELECT day, CAST(day AS VARCHAR) AS day_text FROM elapsed_days
),
studied AS (
    SELECT h.indicator_id, h.entity_kind, h.entity_id, h.period, h.strength, t.enrolment_id, d.day
    FROM person_day AS h
    INNER JOIN day_of AS d ON d.day_text = h.period
    INNER JOIN training AS t ON t.person_hex = h.entity_id
),
platform_person AS (
    SELECT
        indicator_id,
        entity_kind,
        entity_id,
        period,
        strength,
        SPLIT_PART(entity_id, '|', 1) AS person_hex,
        SPLIT_PART(entity_id, '|', 2) AS platform_id
    FROM hit
    WHERE entity_kind = 'person_platform'
),
concerned AS (
    SELECT h.indicator_id, h.entity_kind, h.entity_id, h.period, h.strength, t.enrolment_id, '' AS claim_id
    FROM hit AS h
    INNER JOIN training AS t ON t.enrolment_id = h.entity_id
    WHERE h.entity_kind = 'enrolment'
    UNION ALL
    SELECT h.indicator_id, h.entity_kind, h.entity_id, h.period, h.strength, c.enrolment_id, c.claim_id
    FROM hit AS h
    INNER JOIN claim_enrolment AS c ON c.claim_id = h.entity_id
    WHERE h.entity_kind = 'claim'
    UNION ALL
    SELECT h.indicator_id, h.entity_kind, h.entity_id, h.period, h.strength, t.enrolment_id, '' AS claim_id
    FROM hit AS h
    INNER JOIN training AS t ON t.class_id = h.entity_id
    WHERE h.entity_kind = 'class'
    UNION ALL
    SELECT h.indicator_id, h.entity_kind, h.entity_id, h.period, h.strength, t.enrolment_id, '' AS claim_id
    FROM common_learner AS h
    INNER JOIN training AS t ON t.class_id = h.first_class_id AND t.person_key = h.person_key
    UNION ALL
    SELECT h.indicator_id, h.entity_kind, h.entity_id, h.period, h.strength, t.enrolment_id, '' AS claim_id
    FROM common_learner AS h
    INNER JOIN training AS t ON t.class_id = h.second_class_id AND t.person_key = h.person_key
    UNION ALL
    SELECT h.indicator_id, h.entity_kind, h.entity_id, h.period, h.strength, t.enrolment_id, '' AS claim_id
    FROM hit AS h
    INNER JOIN account_keys AS a ON a.account_hex = h.entity_id
    INNER JOIN claims AS c ON c.account_key = a.account_key
    INNER JOIN elapsed_days AS d ON d.day = c.claimed_on
    INNER JOIN training AS t ON t.enrolment_id = c.enrolment_id
    WHERE h.entity_kind = 'account' AND c.payee_kind = 'person' AND c.status <> 'rejected'
    UNION ALL
    SELECT h.indicator_id, h.entity_kind, h.entity_id, h.period, h.strength, t.enrolment_id, '' AS claim_id
    FROM hit AS h
    INNER JOIN training AS t ON t.employer_id = h.entity_id
    INNER JOIN classes AS k ON k.class_id = t.class_id AND k.start_month = h.period
    WHERE h.entity_kind = 'employer' AND t.learner_group = 'employee'
    UNION ALL
    SELECT h.indicator_id, h.entity_kind, h.entity_id, h.period, h.strength, h.enrolment_id, '' AS claim_id
    FROM studied AS h
    INNER JOIN log_enrolment_day AS l ON l.enrolment_id = h.enrolment_id AND l.local_day = h.day
    UNION ALL
    SELECT h.indicator_id, h.entity_kind, h.entity_id, h.period, h.strength, t.enrolment_id, '' AS claim_id
    FROM platform_person AS h
    INNER JOIN training AS t ON t.person_hex = h.person_hex
    INNER JOIN enrolment_log_support AS l ON l.enrolment_id = t.enrolment_id
    WHERE l.platform_id = h.platform_id OR l.last_platform_id = h.platform_id
    UNION ALL
    SELECT r.indicator_id, r.entity_kind, r.entity_id, r.period, r.strength, t.enrolment_id, '' AS claim_id
    FROM record AS r
    INNER JOIN training AS t ON t.enrolment_id = r.record_key
    WHERE r.feed = 'enrolments'
    UNION ALL
    SELECT r.indicator_id, r.entity_kind, r.entity_id, r.period, r.strength, c.enrolment_id, '' AS claim_id
    FROM record AS r
    INNER JOIN claim_enrolment AS c ON c.claim_id = r.record_key
    WHERE r.feed = 'claims'
    UNION ALL
    SELECT r.indicator_id, r.entity_kind, r.entity_id, r.period, r.strength, t.enrolment_id, '' AS claim_id
    FROM record AS r
    INNER JOIN training AS t ON t.class_id = r.record_key
    WHERE r.feed = 'classes' AND LEFT(r.entity_kind, 6) <> 'person'
    UNION ALL
    SELECT r.indicator_id, r.entity_kind, r.entity_id, r.period, r.strength, t.enrolment_id, '' AS claim_id
    FROM record AS r
    INNER JOIN training AS t ON t.class_id = r.record_key AND t.person_hex = r.subject
    WHERE r.feed = 'classes' AND LEFT(r.entity_kind, 6) = 'person'
    UNION ALL
    SELECT r.indicator_id, r.entity_kind, r.entity_id, r.period, r.strength, t.enrolment_id, '' AS claim_id
    FROM record AS r
    INNER JOIN attendance AS a ON a.attendance_id = r.record_key
    INNER JOIN training AS t ON t.class_id = a.class_id AND t.person_key = a.person_key
    WHERE r.feed = 'attendance'
    UNION ALL
    SELECT r.indicator_id, r.entity_kind, r.entity_id, r.period, r.strength, t.enrolment_id, '' AS claim_id
    FROM record AS r
    INNER JOIN assessments AS a ON a.assessment_id = r.record_key
    INNER JOIN training AS t ON t.enrolment_id = a.enrolment_id
    WHERE r.feed = 'assessments'
    UNION ALL
    -- A certificate's key ends with its enrolment; the number before it may hold anything.
    SELECT r.indicator_id, r.entity_kind, r.entity_id, r.period, r.strength, t.enrolment_id, '' AS claim_id
    FROM record AS r
    INNER JOIN certificates AS a ON a.certificate_no || '|' || a.enrolment_id = r.record_key
    INNER JOIN training AS t ON t.enrolment_id = a.enrolment_id
    WHERE r.feed = 'certificates'
    UNION ALL
    SELECT r.indicator_id, r.entity_kind, r.entity_id, r.period, r.strength, t.enrolment_id, '' AS claim_id
    FROM record AS r
    INNER JOIN feedback AS a ON a.feedback_id = r.record_key
    INNER JOIN training AS t ON t.enrolment_id = a.enrolment_id
    WHERE r.feed = 'feedback'
    UNION ALL
    SELECT r.indicator_id, r.entity_kind, r.entity_id, r.period, r.strength, t.enrolment_id, '' AS claim_id
    FROM log_record AS r
    INNER JOIN logged AS l ON l.log_id = r.record_key
    INNER JOIN training AS t ON t.enrolment_id = l.enrolment_id
)
SELECT DISTINCT indicator_id, entity_kind, entity_id, period, strength, enrolment_id, claim_id
FROM concerned
