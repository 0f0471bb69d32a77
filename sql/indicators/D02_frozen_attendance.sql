/*
title_zh = "考勤过于完美"
title_en = "Attendance too perfect to be true"
description_zh = """
人数达到frozen_attendance_persons（20）、天数达到frozen_attendance_days（5）的班级，每个时段全员签到，\
并且同一时段的签到时间相差小于frozen_sign_in_seconds（60秒；各时段样本标准差的平均值），\
或签到先后顺序相同的天数占比达到frozen_order_share（80%）。人数为曾经签到的人数，不少于名册人数；\
一日的顺序按当日首次签到确定。指标值和阈值：签到时间过于集中的为离散程度（秒），否则为天数占比。\
涉及金额按该班级全部报名计算。检验对象数为人数和天数均达到下限的班级数，不论出勤如何。"""
description_en = """
Classes of at least frozen_attendance_persons (20) persons and frozen_attendance_days (5) days in which everybody signed in in every slot, \
and either the sign-in times of a slot lie closer together than frozen_sign_in_seconds (60 s; mean over the slots of the sample standard \
deviation) or the persons signed in in one and the same order on at least frozen_order_share (80 %) of the days. Persons are those who ever \
signed in, at least the roster; the order of a day is that of the first sign-ins of the day. Value and threshold are the spread in seconds \
where that is too small, else the share of days. At risk are all enrolments of the class. Population counts the classes with so many \
persons and days, whatever their attendance."""
audience = "intermediate"
grain = ["entity_kind", "entity_id", "period"]
sources = ["notice 三（三）"]
policy = ["frozen_attendance_persons", "frozen_attendance_days", "frozen_sign_in_seconds", "frozen_order_share"]

[indicator]
id = "D02"
key = "frozen_attendance"
names_enrolments = true
title_zh = "考勤过于完美"
title_en = "Attendance too perfect to be true"
scheme_zh = "由一人或脚本填写的考勤：从无人生病，且全体在同一分钟或以同一顺序到课"
scheme = "attendance lists that one hand, or a script, filled in: nobody is ever ill, and everybody comes in one minute or in one order"
strength = "S"
grain_zh = "班级"
grain = "class"
threshold_zh = "至少20人、5天，每个时段到课率100%，且签到时间平均标准差低于frozen_sign_in_seconds（60秒），或至少frozen_order_share（80%）的天数签到顺序相同"
threshold = "at least 20 persons and 5 days, 100 % in every slot, and a mean standard deviation of sign-ins below frozen_sign_in_seconds (60 s) or one order on at least frozen_order_share (80 %) of the days"
policy_reference = "鲁人社字〔2020〕72号 三（三）培训过程可查询、可追溯"
false_positives_zh = "列队进场的工厂班次、整组读卡的闸机、教师按名单顺序录入的点名"
false_positives = "factory shifts that march in together, a gate that reads a whole group, a roll call that a teacher enters in the order of the list"
ask_for_zh = "带序列号的签到设备原始导出、入口视频，以及培训机构的缺勤名单"
ask_for = "the raw export of the sign-in device with its serial number, video of the entrance, and the list of absences of the school"
*/
WITH
presence AS (
    SELECT a.class_id, a.session_on, a.person_key, a.signed_in_us
    FROM attendance AS a
    INNER JOIN elapsed_days AS d ON d.day = a.session_on
),
attended AS (
    SELECT
        class_id,
        COUNT(DISTINCT CASE WHEN signed_in_us IS NOT NULL THEN person_key END) AS persons,
        COUNT(DISTINCT session_on) AS days
    FROM presence
    GROUP BY class_id
),
roster AS (
    SELECT e.class_id, COUNT(DISTINCT e.person_key) AS persons
    FROM enrolments AS e
    INNER JOIN elapsed_days AS d ON d.day = e.enrolled_on
    GROUP BY e.class_id
),
class AS (
    SELECT
        t.class_id,
        k.city_code,
        k.org_id,
        k.platform_id,
        k.start_on,
        t.days,
        GREATEST(t.persons, COALESCE(r.persons, 0)) AS persons,
        COALESCE(a.city_code, '370000') AS policy_city_code
    FROM attended AS t
    INNER JOIN classes AS k ON k.class_id = t.class_id
    LEFT JOIN roster AS r ON r.class_id = t.class_id
    LEFT JOIN cities AS a ON a.city_code = k.city_code
),
class_day AS (
    SELECT DISTINCT policy_city_code, start_on FROM class
),
rule AS (
    SELECT
        d.policy_city_code,
        d.start_on,
        MAX(CASE WHEN p.parameter = 'frozen_attendance_persons' THEN p.value_e6 END) AS persons_e6,
        MAX(CASE WHEN p.parameter = 'frozen_attendance_days' THEN p.value_e6 END) AS days_e6,
        MAX(CASE WHEN p.parameter = 'frozen_sign_in_seconds' THEN p.value_e6 END) AS spread_e6,
        MAX(CASE WHEN p.parameter = 'frozen_sign_in_seconds' THEN p.citation END) AS spread_citation,
        MAX(CASE WHEN p.parameter = 'frozen_order_share' THEN p.value_e6 END) AS order_e6,
        MAX(CASE WHEN p.parameter = 'frozen_order_share' THEN p.citation END) AS order_citation
    FROM class_day AS d
    INNER JOIN policy AS p ON p.city_code = d.policy_city_code
    WHERE d.start_on >= p.valid_from AND d.start_on <= p.valid_until
    GROUP BY d.policy_city_code, d.start_on
),
ruled AS (
    SELECT
        k.class_id,
        k.city_code,
        k.org_id,
        k.platform_id,
        -- Millionths of a second are microseconds.
        r.spread_e6,
        r.spread_citation,
        r.order_e6,
        r.order_citation
    FROM class AS k
    INNER JOIN rule AS r ON r.policy_city_code = k.policy_city_code AND r.start_on = k.start_on
    WHERE k.persons * 1000000 >= r.persons_e6 AND k.days * 1000000 >= r.days_e6
),
tested AS (
    SELECT COUNT(*) AS population FROM ruled
),
hit AS (
    SELECT
        r.class_id,
        r.city_code,
        r.org_id,
        r.platform_id,
        CASE WHEN m.spread_us < r.spread_e6 THEN m.spread_us / 1000000 ELSE m.days_in_order / m.days END AS value,
        CASE WHEN m.spread_us < r.spread_e6 THEN r.spread_e6 ELSE r.order_e6 END / 1000000 AS threshold,
        CASE
            WHEN m.spread_us < r.spread_e6 THEN '签到时间过于集中：' || r.spread_citation
            ELSE '签到顺序相同：' || r.order_citation
        END AS rule_ref
    FROM ruled AS r
    INNER JOIN d02_sign_in_order AS m ON m.class_id = r.class_id
    WHERE m.spread_us < r.spread_e6 OR m.days_in_order * 1000000 >= m.days * r.order_e6
),
record AS (
    SELECT
        h.class_id,
        0 AS turn,
        CAST(NULL AS DATE) AS session_on,
        '' AS slot,
        CAST(0 AS BIGINT) AS signed_in_us,
        'classes:' || h.class_id AS record
    FROM hit AS h
    UNION ALL
    SELECT h.class_id, 1 AS turn, a.session_on, a.slot, a.signed_in_us, 'attendance:' || a.attendance_id AS record
    FROM hit AS h
    INNER JOIN attendance AS a ON a.class_id = h.class_id
    INNER JOIN elapsed_days AS d ON d.day = a.session_on
),
-- The sign-in list of each slot as it stands.
evidence AS (
    SELECT
        class_id,
        ARRAY_AGG(record ORDER BY turn, session_on, slot, signed_in_us, record LIMIT 100) AS evidence,
        COUNT(*) AS evidence_count
    FROM record
    GROUP BY class_id
),
risk AS (
    SELECT
        e.class_id,
        SUM(x.at_risk_fen) AS amount_at_risk_fen,
        ARRAY_AGG(e.enrolment_id ORDER BY e.enrolment_id) AS enrolments
    FROM enrolments AS e
    LEFT JOIN enrolment_risk AS x ON x.enrolment_id = e.enrolment_id
    GROUP BY e.class_id
)
SELECT
    'class' AS entity_kind,
    h.class_id AS entity_id,
    '' AS period,
    h.city_code,
    h.org_id,
    h.platform_id,
    h.value,
    h.threshold,
    t.population,
    COALESCE(x.amount_at_risk_fen, 0) AS amount_at_risk_fen,
    x.enrolments,
    'S' AS strength,
    e.evidence,
    e.evidence_count,
    h.rule_ref
FROM hit AS h
INNER JOIN evidence AS e ON e.class_id = h.class_id
LEFT JOIN risk AS x ON x.class_id = h.class_id
CROSS JOIN tested AS t
