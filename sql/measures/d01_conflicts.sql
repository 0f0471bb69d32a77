/*
title_zh = "教师场地冲突明细"
title_en = "Conflicts of teachers, rooms and classes"
description_en = """
What indicator D01 finds, before money and evidence are added: see there."""
audience = "intermediate"
grain = ["entity_kind", "entity_id", "period"]
sources = ["notice 三（三）"]
policy = ["slot_rooms_per_teacher", "slot_classes_per_room", "teacher_daily_hours", "missing_teacher_share"]

[[columns]]
name = "entity_kind"
type = "text"
unit = ""
zh = "对象类型"
en = "teacher, room, class or org"

[[columns]]
name = "entity_id"
type = "text"
unit = ""
zh = "对象编号"
en = "identifier of the teacher, room, class or organisation"

[[columns]]
name = "period"
type = "text"
unit = ""
zh = "所属期"
en = "day and slot joined by |, day, or empty"

[[columns]]
name = "session_on"
type = "date"
unit = ""
zh = "上课日期"
en = "day of the conflict; empty for an organisation"

[[columns]]
name = "slot"
type = "text"
unit = ""
zh = "时段"
en = "slot of the conflict; empty where the whole day or all days are meant"

[[columns]]
name = "in_slot"
type = "bool"
unit = ""
zh = "是否时段内"
en = "whether the conflict is one of a single slot"

[[columns]]
name = "strength"
type = "text"
unit = ""
zh = "强度"
en = "H or S"

[[columns]]
name = "value"
type = "float"
unit = ""
zh = "指标值"
en = "rooms, classes, hours, heads or share of sessions"

[[columns]]
name = "threshold"
type = "float"
unit = ""
zh = "阈值"
en = "the limit it was compared with"

[[columns]]
name = "population"
type = "int"
unit = "entities"
zh = "检验对象数"
en = "what was tested in this way"

[[columns]]
name = "rule_ref"
type = "text"
unit = ""
zh = "依据"
en = "rule or default behind the threshold"
*/
WITH
teacher_slot AS (
    SELECT teacher_id, session_on, slot, COUNT(DISTINCT room_id) AS rooms
    FROM d01_sessions
    WHERE teacher_id <> '' AND room_id <> ''
    GROUP BY teacher_id, session_on, slot
),
room_slot AS (
    SELECT room_id, session_on, slot, COUNT(DISTINCT class_id) AS classes
    FROM d01_sessions
    WHERE room_id <> ''
    GROUP BY room_id, session_on, slot
),
teaching AS (
    SELECT teacher_id, session_on, class_id, slot, MIN(start_us) AS start_us, MAX(end_us) AS end_us
    FROM d01_sessions
    WHERE teacher_id <> ''
    GROUP BY teacher_id, session_on, class_id, slot
),
teacher_day AS (
    SELECT teacher_id, session_on, union_length(ARRAY_AGG(start_us), ARRAY_AGG(end_us)) AS union_us
    FROM teaching
    WHERE end_us > start_us
    GROUP BY teacher_id, session_on
),
class_slot AS (
    SELECT class_id, session_on, slot, MAX(teacher_id) AS teacher_id, SUM(signed) AS signed
    FROM d01_sessions
    GROUP BY class_id, session_on, slot
),
capacity_slot AS (
    SELECT s.class_id, s.session_on, s.slot, s.signed, k.capacity
    FROM class_slot AS s
    INNER JOIN classes AS k ON k.class_id = s.class_id
    WHERE k.capacity IS NOT NULL
),
-- Heads are counted only where there are enough records.
full_slot AS (
    SELECT class_id, session_on, slot, capacity FROM capacity_slot WHERE signed > capacity
),
class_heads AS (
    SELECT
        f.class_id,
        f.session_on,
        f.slot,
        f.capacity,
        COUNT(DISTINCT CASE WHEN a.signed_in_us IS NOT NULL OR a.signed_out_us IS NOT NULL THEN a.person_key END) AS heads
    FROM full_slot AS f
    INNER JOIN attendance AS a ON a.class_id = f.class_id AND a.session_on = f.session_on AND a.slot = f.slot
    GROUP BY f.class_id, f.session_on, f.slot, f.capacity
),
org_session AS (
    SELECT
        k.org_id,
        COUNT(*) AS sessions,
        SUM(CASE WHEN s.teacher_id = '' THEN 1 ELSE 0 END) AS missing,
        MAX(s.session_on) AS last_on
    FROM class_slot AS s
    INNER JOIN classes AS k ON k.class_id = s.class_id
    GROUP BY k.org_id
),
hit AS (
    SELECT
        'teacher' AS entity_kind,
        s.teacher_id AS entity_id,
        CAST(s.session_on AS VARCHAR) || '|' || s.slot AS period,
        s.session_on,
        s.slot,
        TRUE AS in_slot,
        'H' AS strength,
        CAST(s.rooms AS DOUBLE) AS value,
        p.value AS threshold,
        '一名教师同时段在多间教室：' || p.citation AS rule_ref
    FROM teacher_slot AS s
    CROSS JOIN policy AS p
    WHERE p.parameter = 'slot_rooms_per_teacher'
      AND p.city_code = '370000'
      AND s.session_on >= p.valid_from
      AND s.session_on <= p.valid_until
      AND s.rooms * 1000000 > p.value_e6
    UNION ALL
    SELECT
        'room' AS entity_kind,
        s.room_id AS entity_id,
        CAST(s.session_on AS VARCHAR) || '|' || s.slot AS period,
        s.session_on,
        s.slot,
        TRUE AS in_slot,
        'H' AS strength,
        CAST(s.classes AS DOUBLE) AS value,
        p.value AS threshold,
        '一间教室同时段有多个班级：' || p.citation AS rule_ref
    FROM room_slot AS s
    CROSS JOIN policy AS p
    WHERE p.parameter = 'slot_classes_per_room'
      AND p.city_code = '370000'
      AND s.session_on >= p.valid_from
      AND s.session_on <= p.valid_until
      AND s.classes * 1000000 > p.value_e6
    UNION ALL
    -- An hour (课时) is 2700 s, so a millionth of it is 2700 µs.
    SELECT
        'teacher' AS entity_kind,
        s.teacher_id AS entity_id,
        CAST(s.session_on AS VARCHAR) AS period,
        s.session_on,
        CAST(NULL AS VARCHAR) AS slot,
        FALSE AS in_slot,
        'S' AS strength,
        s.union_us / 2700000000 AS value,
        p.value AS threshold,
        '教师单日授课过长：' || p.citation AS rule_ref
    FROM teacher_day AS s
    CROSS JOIN policy AS p
    WHERE p.parameter = 'teacher_daily_hours'
      AND p.city_code = '370000'
      AND s.session_on >= p.valid_from
      AND s.session_on <= p.valid_until
      AND s.union_us > p.value_e6 * 2700
    UNION ALL
    SELECT
        'class' AS entity_kind,
        s.class_id AS entity_id,
        CAST(s.session_on AS VARCHAR) || '|' || s.slot AS period,
        s.session_on,
        s.slot,
        TRUE AS in_slot,
        'S' AS strength,
        CAST(s.heads AS DOUBLE) AS value,
        CAST(s.capacity AS DOUBLE) AS threshold,
        '签到人数超过班额' AS rule_ref
    FROM class_heads AS s
    WHERE s.heads > s.capacity
    UNION ALL
    SELECT
        'org' AS entity_kind,
        s.org_id AS entity_id,
        '' AS period,
        CAST(NULL AS DATE) AS session_on,
        CAST(NULL AS VARCHAR) AS slot,
        FALSE AS in_slot,
        'S' AS strength,
        s.missing / s.sessions AS value,
        p.value AS threshold,
        '场次缺教师：' || p.citation AS rule_ref
    FROM org_session AS s
    CROSS JOIN policy AS p
    WHERE p.parameter = 'missing_teacher_share'
      AND p.city_code = '370000'
      AND s.last_on >= p.valid_from
      AND s.last_on <= p.valid_until
      AND s.missing * 1000000 > s.sessions * p.value_e6
),
-- What was tested in each way, by the part of the day that the period names.
tested AS (
    SELECT 'teacher' AS entity_kind, TRUE AS in_slot, COUNT(*) AS population FROM teacher_slot
    UNION ALL
    SELECT 'teacher' AS entity_kind, FALSE AS in_slot, COUNT(*) AS population FROM teacher_day
    UNION ALL
    SELECT 'room' AS entity_kind, TRUE AS in_slot, COUNT(*) AS population FROM room_slot
    UNION ALL
    SELECT 'class' AS entity_kind, TRUE AS in_slot, COUNT(*) AS population FROM capacity_slot
    UNION ALL
    SELECT 'org' AS entity_kind, FALSE AS in_slot, COUNT(*) AS population FROM org_session
)
SELECT
    h.entity_kind,
    h.entity_id,
    h.period,
    h.session_on,
    h.slot,
    h.in_slot,
    h.strength,
    h.value,
    h.threshold,
    t.population,
    h.rule_ref
FROM hit AS h
INNER JOIN tested AS t ON t.entity_kind = h.entity_kind AND t.in_slot = h.in_slot
