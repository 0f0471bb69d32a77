/*
title_zh = "班额班期不合理"
title_en = "Class larger or longer than possible"
description_zh = """
截至统计基准日已开班的班级，纯线上班级除外。硬性：\
学员数（报名的不同人员）多于班级班额或所在市班额上限class_learner_cap（50）两者中较小的；\
或有报名的线下课时多于上课天数乘以class_daily_hours（8）。上课日为有考勤的日期，没有考勤的班级上课天数为零；\
课时在报名结业或班级结束之后计算。提示：班级学员数等于所在市班额上限，允许相差full_class_margin（1），\
并且其机构的班级不少于full_class_classes（10）个，其中此类班级占比达到full_class_share（80%）；没有学员的班级不计。\
指标值和阈值依次取：学员数，线下课时，满额班级占比。涉及金额按该班级全部报名计算。"""
description_en = """
Classes, pure online ones apart, that began up to the as-of date. Hard: more learners (distinct persons enrolled) than the capacity of the \
class or the city's class_learner_cap (50), whichever is smaller; or an enrolment with more offline hours than class days times \
class_daily_hours (8). A class day is a day with attendance, so a class without attendance has none; hours count once the enrolment is \
completed or the class is over. Context: the class has the city's cap of learners, give or take full_class_margin (1), as have at least \
full_class_share (80 %) of the classes of its organisation, which are full_class_classes (10) or more; classes without learners are not \
counted. Value and threshold: learners, else offline hours, else the share of full classes. At risk are all enrolments of the class."""
audience = "intermediate"
grain = ["entity_kind", "entity_id", "period"]
sources = ["notice 二（三）", "notice 三（三）"]
policy = ["class_learner_cap", "class_daily_hours", "full_class_margin", "full_class_share", "full_class_classes"]

[indicator]
id = "D04"
key = "impossible_class"
names_enrolments = true
title_zh = "班额班期不合理"
title_en = "Class larger or longer than possible"
scheme_zh = "名册用从未到课的人填满到上限，或在天数不足时申报课时"
scheme = "rosters filled to the cap with persons who never came, and hours claimed for which there were not enough days"
strength = "H/W"
grain_zh = "班级"
grain = "class"
threshold_zh = "学员数超过班级班额与class_learner_cap（50）中较小者，或线下课时超过上课天数×class_daily_hours（8）：硬性；班级学员数与班额上限相差不超过full_class_margin（1）人，且其机构至少full_class_classes（10）个班级中此类班级占full_class_share（80%）及以上：提示"
threshold = "learners over capacity or class_learner_cap (50), or offline hours over class days × class_daily_hours (8): H; at least full_class_share (80 %) of an organisation's at least full_class_classes (10) classes within full_class_margin (1) of the cap: W"
policy_reference = "class cap and daily hours of the city (default 50 and 8; no figure of the province was found); 鲁人社字〔2020〕72号 二（三）每课时45分钟"
false_positives_zh = "一个班号下的两个班次、中途转班的学员、小城市供不应求（仅为提示）、尚未报送的考勤"
false_positives = "two shifts under one class number, learners who changed class, demand above supply in a small town (W only), attendance not yet delivered"
ask_for_zh = "带变动的名册、教室面积、课表，以及缺失日期的考勤"
ask_for = "the roster with changes, the size of the room, the timetable, and the attendance of the missing days"
*/
WITH
class AS (
    SELECT
        k.class_id,
        k.city_code,
        k.org_id,
        k.platform_id,
        k.capacity,
        k.start_on,
        k.end_on,
        COALESCE(a.city_code, '370000') AS policy_city_code
    FROM classes AS k
    INNER JOIN elapsed_days AS d ON d.day = k.start_on
    LEFT JOIN cities AS a ON a.city_code = k.city_code
    WHERE k.mode <> 'online'
),
enrolled AS (
    SELECT
        k.class_id,
        e.enrolment_id,
        e.person_key,
        CASE WHEN e.completed_on <= r.as_of OR k.end_on <= r.as_of THEN e.offline_seconds ELSE 0 END AS offline_seconds
    FROM class AS k
    INNER JOIN enrolments AS e ON e.class_id = k.class_id
    CROSS JOIN run_context AS r
    WHERE e.enrolled_on <= r.as_of
),
roster AS (
    SELECT class_id, COUNT(DISTINCT person_key) AS learners, MAX(offline_seconds) AS offline_seconds
    FROM enrolled
    GROUP BY class_id
),
class_days AS (
    SELECT a.class_id, COUNT(DISTINCT a.session_on) AS days
    FROM attendance AS a
    INNER JOIN elapsed_days AS d ON d.day = a.session_on
    GROUP BY a.class_id
),
class_day AS (
    SELECT DISTINCT policy_city_code, start_on FROM class
),
rule AS (
    SELECT
        d.policy_city_code,
        d.start_on,
        MAX(CASE WHEN p.parameter = 'class_learner_cap' THEN p.value_e6 END) AS cap_e6,
        MAX(CASE WHEN p.parameter = 'class_learner_cap' THEN p.citation END) AS cap_citation,
        MAX(CASE WHEN p.parameter = 'class_daily_hours' THEN p.value_e6 END) AS daily_hours_e6,
        MAX(CASE WHEN p.parameter = 'class_daily_hours' THEN p.citation END) AS hours_citation,
        MAX(CASE WHEN p.parameter = 'full_class_margin' THEN p.value_e6 END) AS margin_e6,
        MAX(CASE WHEN p.parameter = 'full_class_share' THEN p.value_e6 END) AS full_share_e6,
        MAX(CASE WHEN p.parameter = 'full_class_share' THEN p.citation END) AS full_citation,
        MAX(CASE WHEN p.parameter = 'full_class_classes' THEN p.value_e6 END) AS full_classes_e6
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
        r.learners,
        r.offline_seconds,
        COALESCE(y.days, 0) AS days,
        -- The capacity of the class where it is the smaller one.
        CASE WHEN k.capacity * 1000000 < c.cap_e6 THEN k.capacity * 1000000 ELSE c.cap_e6 END AS most_learners_e6,
        CASE WHEN k.capacity * 1000000 < c.cap_e6 THEN '超过班级备案班额' ELSE '超过班额上限：' || c.cap_citation END AS cap_ref,
        c.daily_hours_e6,
        c.hours_citation,
        CASE
            WHEN r.learners * 1000000 >= c.cap_e6 - c.margin_e6 AND r.learners * 1000000 <= c.cap_e6 + c.margin_e6 THEN 1
            ELSE 0
        END AS is_full,
        c.full_share_e6,
        c.full_citation,
        c.full_classes_e6
    FROM class AS k
    INNER JOIN roster AS r ON r.class_id = k.class_id
    LEFT JOIN class_days AS y ON y.class_id = k.class_id
    INNER JOIN rule AS c ON c.policy_city_code = k.policy_city_code AND c.start_on = k.start_on
),
org AS (
    SELECT org_id, COUNT(*) AS classes, SUM(is_full) AS full_classes FROM ruled GROUP BY org_id
),
tested AS (
    SELECT COUNT(*) AS population FROM ruled
),
judged AS (
    SELECT
        r.class_id,
        r.city_code,
        r.org_id,
        r.platform_id,
        r.learners,
        r.offline_seconds,
        r.days,
        r.most_learners_e6,
        r.cap_ref,
        r.daily_hours_e6,
        r.hours_citation,
        r.full_share_e6,
        r.full_citation,
        o.classes,
        o.full_classes,
        r.learners * 1000000 > r.most_learners_e6 AS too_many,
        -- An hour (课时) is 2700 s.
        r.offline_seconds * 1000000 > r.days * r.daily_hours_e6 * 2700 AS too_long,
        r.is_full = 1
            AND o.classes * 1000000 >= r.full_classes_e6
            AND o.full_classes * 1000000 >= o.classes * r.full_share_e6 AS among_full
    FROM ruled AS r
    INNER JOIN org AS o ON o.org_id = r.org_id
),
hit AS (
    SELECT
        class_id,
        city_code,
        org_id,
        platform_id,
        CASE WHEN too_many OR too_long THEN 'H' ELSE 'W' END AS strength,
        CASE
            WHEN too_many THEN CAST(learners AS DOUBLE)
            WHEN too_long THEN offline_seconds / 2700
            ELSE full_classes / classes
        END AS value,
        CASE
            WHEN too_many THEN most_learners_e6 / 1000000
            WHEN too_long THEN days * daily_hours_e6 / 1000000
            ELSE full_share_e6 / 1000000
        END AS threshold,
        CASE
            WHEN too_many THEN cap_ref
            WHEN too_long THEN '线下课时超过上课天数可容：' || hours_citation
            ELSE '班额普遍接近上限：' || full_citation
        END AS rule_ref
    FROM judged
    WHERE too_many OR too_long OR among_full
),
-- The enrolments with the most offline hours first.
record AS (
    SELECT h.class_id, 0 AS turn, 0 AS hours_place, 'classes:' || h.class_id AS record FROM hit AS h
    UNION ALL
    SELECT h.class_id, 1 AS turn, -e.offline_seconds AS hours_place, 'enrolments:' || e.enrolment_id AS record
    FROM hit AS h
    INNER JOIN enrolled AS e ON e.class_id = h.class_id
),
evidence AS (
    SELECT class_id, ARRAY_AGG(record ORDER BY turn, hours_place, record LIMIT 100) AS evidence, COUNT(*) AS evidence_count
    FROM record
    GROUP BY class_id
),
risk AS (
    SELECT
        e.class_id,
        SUM(x.at_risk_fen) AS amount_at_risk_fen,
        ARRAY_AGG(e.enrolment_id ORDER BY e.enrolment_id) AS enrolments
    FROM enrolled AS e
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
    h.strength,
    e.evidence,
    e.evidence_count,
    h.rule_ref
FROM hit AS h
INNER JOIN evidence AS e ON e.class_id = h.class_id
LEFT JOIN risk AS x ON x.class_id = h.class_id
CROSS JOIN tested AS t
