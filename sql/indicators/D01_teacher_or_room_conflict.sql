/*
title_zh = "教师场地冲突"
title_en = "Teacher or room in two places, or missing"
description_zh = """
自相矛盾的考勤。硬性：同一教师在某日同一时段所在教室数超过slot_rooms_per_teacher（1）（对象为教师），\
或同一教室在同一时段的班级数超过slot_classes_per_room（1）（对象为教室）；所属期为日期和时段，以“|”相连。较强：\
一名教师一日的各场授课覆盖时间超过teacher_daily_hours（所属期为日期；一场授课从首个签到到末个签退，重叠部分只计一次）；\
一个时段内签到人数多于班级班额（对象为班级，所属期为日期和时段；有签到或签退的均计一人）；一家机构的授课场次（班级、日期、\
时段）中未载明教师的占比超过missing_teacher_share（对象为机构，无所属期）。123456等占位不算教师，全零不算教室。\
涉及金额按命中所列考勤记录的人员在该班级的报名计算；市、培训机构和平台取首条考勤记录的班级。检验对象数按各自的检验口径计：\
教师时段、教室时段、教师日、有班额的班级时段，或机构。"""
description_en = """
Attendance that contradicts itself. Hard: one teacher in more rooms than slot_rooms_per_teacher (1) in one slot of a day (entity the \
teacher), or more classes than slot_classes_per_room (1) in one room in one slot (entity the room); the period is the day and slot, joined \
by |. Strong: a teacher's sessions of a day cover more than teacher_daily_hours (period the day; a session runs from its first sign-in to \
its last sign-out, overlaps counted once); more persons signed in a slot than the capacity of the class (entity the class, period day and \
slot; a person with a sign-in or a sign-out counts); more than missing_teacher_share of an organisation's sessions (class, day, slot) name \
no teacher (entity the organisation, no period). Placeholders such as 123456 are no teacher, noughts no room. At risk are the enrolments, in the \
class, of the persons on the attendance records of the hit; city, organisation and platform are those of the class on its first record. \
Population counts what was tested in that way: teacher-slots, room-slots, teacher-days, class-slots with a capacity, or organisations."""
audience = "intermediate"
grain = ["entity_kind", "entity_id", "period"]
sources = ["notice 三（三）"]
policy = []

[indicator]
id = "D01"
key = "teacher_or_room_conflict"
names_enrolments = true
title_zh = "教师场地冲突"
title_en = "Teacher or room in two places, or missing"
scheme_zh = "未举办的班级，或一间教室对应两份名册：纸面上的教师和教室发生冲突"
scheme = "classes that were never held, or held in one room for two rosters: the paper teacher and the paper room collide"
strength = "H/S"
grain_zh = "教师或教室×日×时段；教师×日；班级×日×时段；机构"
grain = "teacher or room × day × slot; teacher × day; class × day × slot; organisation"
threshold_zh = "同一时段教师在多于slot_rooms_per_teacher（1）间教室，或教室有多于slot_classes_per_room（1）个班：硬性；教师一日授课超过teacher_daily_hours（10课时）、一个时段签到人数超过班级班额、机构未载明教师的场次占比超过missing_teacher_share（5%）：较强"
threshold = "teacher in more than slot_rooms_per_teacher (1) rooms, room with more than slot_classes_per_room (1) classes in a slot: H; teacher_daily_hours (10) exceeded, heads over capacity, missing_teacher_share (5 %) exceeded: S"
policy_reference = "鲁人社字〔2020〕72号 三（三）培训过程可查询、可追溯"
false_positives_zh = "合班授课、同时转播到两间教室的课、隔开使用或有意容纳两班的大厅、整栋楼共用一个编号；一个时段内换教室的教师；录入较晚的签退"
false_positives = "co-teaching, a lecture sent to two rooms, a hall that is divided or that holds two classes on purpose, one number for a whole building; a teacher who changes rooms within a slot; sign-outs entered late"
ask_for_zh = "两个班的课表、教师合同和工资单、教室的租约和平面图，以及该时段的签到表或视频"
ask_for = "the timetables of both classes, the teacher's contract and pay slips, the lease and plan of the rooms, and sign-in sheets or video of that slot"
*/
WITH
class_slot AS (
    SELECT class_id, session_on, slot, MAX(teacher_id) AS teacher_id FROM d01_sessions GROUP BY class_id, session_on, slot
),
-- The sessions of each hit, of which there are few, and then their records.
hit_session AS (
    SELECT h.entity_kind, h.entity_id, h.period, s.class_id, s.session_on, s.slot, s.teacher_id, s.room_id
    FROM d01_conflicts AS h
    INNER JOIN d01_sessions AS s ON s.teacher_id = h.entity_id AND s.session_on = h.session_on AND s.slot = h.slot
    WHERE h.entity_kind = 'teacher' AND h.in_slot
    UNION ALL
    SELECT h.entity_kind, h.entity_id, h.period, s.class_id, s.session_on, s.slot, s.teacher_id, s.room_id
    FROM d01_conflicts AS h
    INNER JOIN d01_sessions AS s ON s.teacher_id = h.entity_id AND s.session_on = h.session_on
    WHERE h.entity_kind = 'teacher' AND NOT h.in_slot
    UNION ALL
    SELECT h.entity_kind, h.entity_id, h.period, s.class_id, s.session_on, s.slot, s.teacher_id, s.room_id
    FROM d01_conflicts AS h
    INNER JOIN d01_sessions AS s ON s.room_id = h.entity_id AND s.session_on = h.session_on AND s.slot = h.slot
    WHERE h.entity_kind = 'room'
    UNION ALL
    SELECT h.entity_kind, h.entity_id, h.period, s.class_id, s.session_on, s.slot, s.teacher_id, s.room_id
    FROM d01_conflicts AS h
    INNER JOIN d01_sessions AS s ON s.class_id = h.entity_id AND s.session_on = h.session_on AND s.slot = h.slot
    WHERE h.entity_kind = 'class'
    UNION ALL
    SELECT h.entity_kind, h.entity_id, h.period, s.class_id, s.session_on, s.slot, s.teacher_id, s.room_id
    FROM d01_conflicts AS h
    INNER JOIN classes AS k ON k.org_id = h.entity_id
    INNER JOIN class_slot AS c ON c.class_id = k.class_id
    INNER JOIN d01_sessions AS s ON s.class_id = c.class_id AND s.session_on = c.session_on AND s.slot = c.slot
    WHERE h.entity_kind = 'org' AND c.teacher_id = ''
),
hit_slot AS (
    SELECT DISTINCT class_id, session_on, slot FROM hit_session
),
slot_presence AS (
    SELECT
        a.attendance_id,
        a.class_id,
        a.person_key,
        a.session_on,
        a.slot,
        CASE WHEN t.teacher_id IS NULL THEN COALESCE(a.teacher_id, '') ELSE '' END AS teacher_id,
        CASE WHEN REGEXP_LIKE(a.room_id, '^0+$') THEN '' ELSE COALESCE(a.room_id, '') END AS room_id
    FROM hit_slot AS s
    INNER JOIN attendance AS a ON a.class_id = s.class_id AND a.session_on = s.session_on AND a.slot = s.slot
    LEFT JOIN placeholder_teachers AS t ON t.teacher_id = a.teacher_id
),
hit_presence AS (
    SELECT h.entity_kind, h.entity_id, h.period, p.attendance_id, p.class_id, p.person_key, p.session_on, p.slot, p.room_id
    FROM hit_session AS h
    INNER JOIN slot_presence AS p
        ON p.class_id = h.class_id
        AND p.session_on = h.session_on
        AND p.slot = h.slot
        AND p.teacher_id = h.teacher_id
        AND p.room_id = h.room_id
),
-- One record of each room, class and slot of the hit first: they contradict each other.
shown AS (
    SELECT
        entity_kind,
        entity_id,
        period,
        attendance_id,
        class_id,
        session_on,
        slot,
        room_id,
        ROW_NUMBER() OVER (
            PARTITION BY entity_kind, entity_id, period, class_id, session_on, slot, room_id ORDER BY attendance_id
        ) AS turn
    FROM hit_presence
),
placed AS (
    SELECT
        s.entity_kind,
        s.entity_id,
        s.period,
        s.attendance_id,
        k.city_code,
        k.org_id,
        k.platform_id,
        ROW_NUMBER() OVER (
            PARTITION BY s.entity_kind, s.entity_id, s.period
            ORDER BY s.turn, s.session_on, s.slot, s.class_id, s.room_id, s.attendance_id
        ) AS place
    FROM shown AS s
    LEFT JOIN classes AS k ON k.class_id = s.class_id
),
evidence AS (
    SELECT
        entity_kind,
        entity_id,
        period,
        MAX(CASE WHEN place = 1 THEN city_code END) AS city_code,
        MAX(CASE WHEN place = 1 THEN org_id END) AS org_id,
        MAX(CASE WHEN place = 1 THEN platform_id END) AS platform_id,
        ARRAY_AGG('attendance:' || attendance_id ORDER BY place LIMIT 100) AS evidence,
        COUNT(*) AS evidence_count
    FROM placed
    GROUP BY entity_kind, entity_id, period
),
concerned AS (
    SELECT DISTINCT h.entity_kind, h.entity_id, h.period, e.enrolment_id
    FROM hit_presence AS h
    INNER JOIN enrolments AS e ON e.class_id = h.class_id AND e.person_key = h.person_key
),
risk AS (
    SELECT
        c.entity_kind,
        c.entity_id,
        c.period,
        SUM(x.at_risk_fen) AS amount_at_risk_fen,
        ARRAY_AGG(c.enrolment_id ORDER BY c.enrolment_id) AS enrolments
    FROM concerned AS c
    LEFT JOIN enrolment_risk AS x ON x.enrolment_id = c.enrolment_id
    GROUP BY c.entity_kind, c.entity_id, c.period
)
SELECT
    h.entity_kind,
    h.entity_id,
    h.period,
    e.city_code,
    e.org_id,
    e.platform_id,
    h.value,
    h.threshold,
    h.population,
    COALESCE(x.amount_at_risk_fen, 0) AS amount_at_risk_fen,
    x.enrolments,
    h.strength,
    e.evidence,
    e.evidence_count,
    h.rule_ref
FROM d01_conflicts AS h
INNER JOIN evidence AS e
    ON e.entity_kind = h.entity_kind AND e.entity_id = h.entity_id AND e.period = h.period
LEFT JOIN risk AS x
    ON x.entity_kind = h.entity_kind AND x.entity_id = h.entity_id AND x.period = h.period
