/*
title_zh = "线索涉及的机构"
title_en = "Organisations and quarters that each hit belongs to"
description_zh = """
一条线索归属于其所涉班级、补贴申领或学习记录的每一家机构：\
线索所依据的各次报名（见hit_enrolment）所在班级的培训机构和线上平台，线索所列班级和考勤记录所属班级的培训机构和线上平台，\
以及线索所列学习记录的线上平台；季度按开班日期确定。机构本身为线索对象且没有上述班级的，\
按线索自身所属期的季度列入（线索无所属期的，按统计基准日所在季度）；线索所列记录不能对应到班级的，其机构也按此列入。"""
description_en = """
A hit belongs to every organisation whose class, claim or log it concerns: the training organisation and the platform of the class of each \
enrolment behind it (see hit_enrolments), of the classes and attendance that it names, and the platform of its logs, in the quarter of the \
class start. An organisation that is itself the subject of the hit and has no such class has it in the quarter of the hit's own period (of \
the as-of day where it has none); so have the organisations of a hit whose records lead to no class."""
audience = "restricted"
grain = ["indicator_id", "entity_kind", "entity_id", "period", "org_id", "quarter"]
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
name = "org_id"
type = "text"
unit = ""
zh = "机构代码"
en = "organisation whose class, claim or log the hit concerns"

[[columns]]
name = "quarter"
type = "text"
unit = ""
zh = "季度"
en = "quarter of the class start, or of the hit's own period, YYYY-Qn"

[[columns]]
name = "by_class"
type = "bool"
unit = ""
zh = "是否因班级涉及"
en = "whether a class, claim or log of the organisation is concerned; else it is itself the subject of the hit"
*/
WITH
hit AS (
    SELECT
        h.indicator_id,
        h.entity_kind,
        h.entity_id,
        h.period,
        h.org_id,
        h.platform_id,
        h.strength,
        CASE
            WHEN SUBSTR(h.period, 5, 2) = '-Q' THEN LEFT(h.period, 7)
            WHEN LENGTH(h.period) >= 7 AND SUBSTR(h.period, 6, 2) <= '03' THEN LEFT(h.period, 4) || '-Q1'
            WHEN LENGTH(h.period) >= 7 AND SUBSTR(h.period, 6, 2) <= '06' THEN LEFT(h.period, 4) || '-Q2'
            WHEN LENGTH(h.period) >= 7 AND SUBSTR(h.period, 6, 2) <= '09' THEN LEFT(h.period, 4) || '-Q3'
            WHEN LENGTH(h.period) >= 7 THEN LEFT(h.period, 4) || '-Q4'
            ELSE CAST(EXTRACT(YEAR FROM r.as_of) AS VARCHAR) || '-Q' || CAST(EXTRACT(QUARTER FROM r.as_of) AS VARCHAR)
        END AS own_quarter
    FROM open_hits AS h
    CROSS JOIN run_context AS r
),
unpacked AS (
    SELECT h.indicator_id, h.entity_kind, h.entity_id, h.period, h.strength, UNNEST(h.evidence) AS record
    FROM open_hits AS h
    WHERE h.entity_kind NOT IN ('enrolment', 'claim', 'class', 'class_pair', 'account')
),
record AS (
    SELECT DISTINCT
        u.indicator_id,
        u.entity_kind,
        u.entity_id,
        u.period,
        u.strength,
        SPLIT_PART(u.record, ':', 1) AS feed,
        SUBSTR(u.record, LENGTH(SPLIT_PART(u.record, ':', 1)) + 2) AS record_key
    FROM unpacked AS u
    WHERE LEFT(u.record, 8) = 'classes:' OR LEFT(u.record, 11) = 'attendance:'
),
-- Classes named without an enrolment: a class may have none.
named_class AS (
    SELECT indicator_id, entity_kind, entity_id, period, strength, entity_id AS class_id FROM hit WHERE entity_kind = 'class'
    UNION ALL
    SELECT indicator_id, entity_kind, entity_id, period, strength, SPLIT_PART(entity_id, '|', 1) AS class_id
    FROM hit
    WHERE entity_kind = 'class_pair'
    UNION ALL
    SELECT indicator_id, entity_kind, entity_id, period, strength, SPLIT_PART(entity_id, '|', 2) AS class_id
    FROM hit
    WHERE entity_kind = 'class_pair'
    UNION ALL
    SELECT r.indicator_id, r.entity_kind, r.entity_id, r.period, r.strength, r.record_key AS class_id
    FROM record AS r
    WHERE r.feed = 'classes'
    UNION ALL
    SELECT r.indicator_id, r.entity_kind, r.entity_id, r.period, r.strength, a.class_id
    FROM record AS r
    INNER JOIN attendance AS a ON a.attendance_id = r.record_key
    WHERE r.feed = 'attendance'
),
concerned AS (
    SELECT c.indicator_id, c.entity_kind, c.entity_id, c.period, c.strength, p.org_id, p.quarter
    FROM hit_enrolments AS c
    INNER JOIN enrolment_organisation AS p ON p.enrolment_id = c.enrolment_id
    UNION
    SELECT c.indicator_id, c.entity_kind, c.entity_id, c.period, c.strength, k.org_id, k.start_quarter AS quarter
    FROM named_class AS c
    INNER JOIN classes AS k ON k.class_id = c.class_id
    UNION
    SELECT c.indicator_id, c.entity_kind, c.entity_id, c.period, c.strength, k.platform_id AS org_id, k.start_quarter AS quarter
    FROM named_class AS c
    INNER JOIN classes AS k ON k.class_id = c.class_id
    WHERE k.platform_id IS NOT NULL
),
-- Quarters in which the trainings behind a hit without a period began.
started AS (
    SELECT DISTINCT c.indicator_id, c.entity_kind, c.entity_id, k.start_quarter
    FROM hit_enrolments AS c
    INNER JOIN enrolments AS e ON e.enrolment_id = c.enrolment_id
    INNER JOIN classes AS k ON k.class_id = e.class_id
    WHERE c.period = ''
),
-- Organisations that are the subject themselves.
subject AS (
    SELECT
        h.indicator_id,
        h.entity_kind,
        h.entity_id,
        h.period,
        h.strength,
        SPLIT_PART(h.entity_id, '|', 1) AS org_id,
        COALESCE(s.start_quarter, h.own_quarter) AS quarter
    FROM hit AS h
    LEFT JOIN started AS s
        ON s.indicator_id = h.indicator_id
        AND s.entity_kind = h.entity_kind
        AND s.entity_id = h.entity_id
        AND h.period = ''
    WHERE h.entity_kind IN ('org', 'org_city', 'platform', 'employer', 'assessor')
),
subject_alone AS (
    SELECT s.indicator_id, s.entity_kind, s.entity_id, s.period, s.strength, s.org_id, s.quarter
    FROM subject AS s
    LEFT ANTI JOIN concerned AS c
        ON c.indicator_id = s.indicator_id
        AND c.entity_kind = s.entity_kind
        AND c.entity_id = s.entity_id
        AND c.period = s.period
        AND c.org_id = s.org_id
),
without_class AS (
    SELECT h.indicator_id, h.entity_kind, h.entity_id, h.period, h.strength, h.org_id, h.platform_id, h.own_quarter AS quarter
    FROM hit AS h
    LEFT ANTI JOIN concerned AS c
        ON c.indicator_id = h.indicator_id
        AND c.entity_kind = h.entity_kind
        AND c.entity_id = h.entity_id
        AND c.period = h.period
)
SELECT indicator_id, entity_kind, entity_id, period, strength, org_id, quarter, TRUE AS by_class FROM concerned
UNION
SELECT indicator_id, entity_kind, entity_id, period, strength, org_id, quarter, FALSE AS by_class FROM subject_alone
UNION
SELECT indicator_id, entity_kind, entity_id, period, strength, org_id, quarter, FALSE AS by_class FROM without_class WHERE org_id IS NOT NULL
UNION
SELECT indicator_id, entity_kind, entity_id, period, strength, platform_id AS org_id, quarter, FALSE AS by_class
FROM without_class
WHERE platform_id IS NOT NULL
