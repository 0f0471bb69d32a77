/*
title_zh = "脚本刷课"
title_en = "Courses played by a script"
description_zh = """
一人在一个平台上的学习记录出现七种特征中player_signs_minimum种及以上的：间隔几乎全部相同；间隔在狭窄范围内均匀分布；\
足够多的课件上没有任何交互；多数间隔极短；与本班许多人使用同一终端标识；多数学习时间在夜间；按目录顺序学习课件，从不回看。\
各特征的判断方法见c06_player_signs；跨日的间隔与其他间隔同样计算。终端标识为该人在该班级报名学习时用过的，\
按该班级学习记录中的人数计算。不报送交互次数的平台，不能据以认为没有交互。指标值为特征个数，依据（rule_ref）列出各特征；\
涉及金额按该人在该平台有学习记录的全部报名计算。市和培训机构取学习天数最多的报名。不给出预期误报数：其中一种特征虽有p值，\
但检验的是均匀分布未被拒绝，其余特征也不是可以推算偶然命中的检验。"""
description_en = """
A person on a platform whose sessions show player_signs_minimum or more of seven signs: gaps nearly all alike; gaps spread evenly over a narrow range; no \
interaction at all over enough items; most gaps very short; one user agent shared by many persons of the class; most of the time at night; items in \
catalogue order without a revisit. How each is told stands in c06_player_signs; gaps between days count like all others. The user agent is one that the person \
used for an enrolment in the class, counted over the persons of the class's logs. A platform that reports no interactions does not show their absence. Value \
is the number of signs, rule_ref names them; at risk are all enrolments of the person logged on the platform. City and organisation are those of the \
enrolment with the most days. No number of false alarms is given: one of the signs has a p-value, but of an even spread that is not rejected, and signs of a \
kind are no tests that chance could be reckoned for."""
audience = "intermediate"
grain = ["entity_kind", "entity_id", "period"]
sources = ["notice 三（三）"]
policy = ["player_signs_minimum", "player_shared_agent_persons"]

[indicator]
id = "C06"
key = "scripted_player"
names_enrolments = true
title_zh = "脚本刷课"
title_en = "Courses played by a script"
scheme_zh = "代刷服务用机器替不在场的学员播放视频"
scheme = "course-playing services run the videos by machine for learners who are not there"
strength = "S"
grain_zh = "人员×平台"
grain = "person × platform"
threshold_zh = "七项特征中至少player_signs_minimum（3）项：间隔变异系数低于player_gap_variation（0.03）；间隔相差不超过player_jitter_seconds（2秒），且至少player_jitter_gaps（30）个间隔的均匀分布检验p大于player_jitter_p（0.2）；至少player_idle_items（5）个课件且全程无任何交互；小于player_small_gap_seconds（3秒）的间隔占player_small_gap_share（90%）及以上；同一终端标识在班内有player_shared_agent_persons（20）人及以上使用；player_night_until_hour（5点）之前的学习时间占比超过player_night_share（一半）；至少player_ordered_items（30）个课件按目录顺序播放、从不回看"
threshold = "at least player_signs_minimum (3) of seven signs: variation of gaps below player_gap_variation (0.03); even within player_jitter_seconds (2) with p above player_jitter_p (0.2) over player_jitter_gaps (30) or more; no interaction at all over player_idle_items (5) or more; player_small_gap_share (90 %) of gaps below player_small_gap_seconds (3); user agent of player_shared_agent_persons (20) or more of the class; more than player_night_share (half) before player_night_until_hour (5); player_ordered_items (30) or more in order"
policy_reference = "default; 鲁人社字〔2020〕72号 三（三）培训过程可查询、可追溯"
false_positives_zh = "统一配置的机房（同一终端标识）；自动连播的应用（间隔短、按目录顺序）或不记录交互的应用；夜间学习的倒班职工；按课表进行的直播课"
false_positives = "rooms with prepared computers (one user agent); apps that play on by themselves (short gaps, catalogue order) or do not count interactions; shift workers at night; a course of live lessons by timetable"
ask_for_zh = "带服务器时间的播放器原始事件、设备和地址，以及回访或对所学内容的测试"
ask_for = "the raw player events with server times, the devices and addresses, a call-back or test of what was learnt"
*/
WITH
rule AS (
    SELECT
        MAX(CASE WHEN p.parameter = 'player_signs_minimum' THEN p.value_e6 END) AS signs_e6,
        MAX(CASE WHEN p.parameter = 'player_signs_minimum' THEN p.value END) AS threshold,
        MAX(CASE WHEN p.parameter = 'player_shared_agent_persons' THEN p.value_e6 END) AS agent_e6,
        MAX(CASE WHEN p.parameter = 'player_signs_minimum' THEN p.citation END) AS citation
    FROM policy AS p
    CROSS JOIN run_context AS r
    WHERE p.city_code = '370000' AND r.as_of >= p.valid_from AND r.as_of <= p.valid_until
),
-- Which enrolments: of most days that of c06_player_days is all there is.
own_part AS (
    SELECT d.person_key, d.platform_id, d.local_day, d.enrolment_id
    FROM c06_player_days AS d
    LEFT SEMI JOIN c06_player_signs AS c ON c.person_key = d.person_key AND c.platform_id = d.platform_id
    WHERE d.enrolment_id = d.last_enrolment_id
    UNION ALL
    SELECT s.person_key, s.platform_id, s.local_day, s.enrolment_id
    FROM log_player_share_day AS s
    LEFT SEMI JOIN c06_player_signs AS c ON c.person_key = s.person_key AND c.platform_id = s.platform_id
    WHERE s.several_enrolments
),
own_enrolment AS (
    SELECT o.person_key, o.platform_id, o.enrolment_id, n.class_id, n.city_code, k.org_id, COUNT(DISTINCT o.local_day) AS days
    FROM own_part AS o
    LEFT JOIN enrolments AS n ON n.enrolment_id = o.enrolment_id
    LEFT JOIN classes AS k ON k.class_id = n.class_id
    GROUP BY o.person_key, o.platform_id, o.enrolment_id, n.class_id, n.city_code, k.org_id
),
-- User agents of all persons of the classes concerned.
concerned_class AS (
    SELECT DISTINCT class_id FROM own_enrolment WHERE class_id IS NOT NULL
),
concerned_enrolment AS (
    SELECT e.enrolment_id, e.class_id
    FROM enrolments AS e
    INNER JOIN concerned_class AS c ON c.class_id = e.class_id
),
-- Of most days the first and the last user agent are all there are; of days with several, log_player_share_day has each.
agent_part AS (
    SELECT d.person_key, d.platform_id, d.enrolment_id, d.user_agent
    FROM log_player_day AS d
    WHERE d.enrolment_id = d.last_enrolment_id AND d.user_agent = d.last_user_agent
    UNION ALL
    SELECT s.person_key, s.platform_id, s.enrolment_id, s.user_agent
    FROM log_player_share_day AS s
    WHERE s.user_agent <> ''
),
class_agent_person AS (
    SELECT DISTINCT e.class_id, d.user_agent, d.person_key, d.platform_id
    FROM agent_part AS d
    INNER JOIN concerned_enrolment AS e ON e.enrolment_id = d.enrolment_id
),
class_agent AS (
    SELECT class_id, user_agent, COUNT(DISTINCT person_key) AS persons FROM class_agent_person GROUP BY class_id, user_agent
),
shared_agent AS (
    SELECT o.person_key, o.platform_id, MAX(a.persons) AS persons
    FROM class_agent_person AS o
    INNER JOIN class_agent AS a ON a.class_id = o.class_id AND a.user_agent = o.user_agent
    GROUP BY o.person_key, o.platform_id
),
judged AS (
    SELECT
        c.person_key,
        c.platform_id,
        c.alike,
        c.even,
        c.idle,
        c.rapid,
        c.night,
        c.ordered,
        c.signs,
        c.tested,
        CASE WHEN s.persons * 1000000 >= u.agent_e6 THEN 1 ELSE 0 END AS shared,
        u.signs_e6,
        u.threshold,
        u.citation
    FROM c06_player_signs AS c
    CROSS JOIN rule AS u
    LEFT JOIN shared_agent AS s ON s.person_key = c.person_key AND s.platform_id = c.platform_id
),
hit AS (
    SELECT
        person_key,
        platform_id,
        signs + shared AS signs,
        threshold,
        tested,
        citation || '：'
            || CASE WHEN alike = 1 THEN '间隔几乎相同 ' ELSE '' END
            || CASE WHEN even = 1 THEN '间隔均匀分布 ' ELSE '' END
            || CASE WHEN idle = 1 THEN '无交互 ' ELSE '' END
            || CASE WHEN rapid = 1 THEN '间隔极短 ' ELSE '' END
            || CASE WHEN shared = 1 THEN '同班同终端 ' ELSE '' END
            || CASE WHEN night = 1 THEN '夜间学习 ' ELSE '' END
            || CASE WHEN ordered = 1 THEN '按目录顺序 ' ELSE '' END AS rule_ref
    FROM judged
    WHERE (signs + shared) * 1000000 >= signs_e6
),
place AS (
    SELECT
        person_key,
        platform_id,
        city_code,
        org_id,
        enrolment_id,
        ROW_NUMBER() OVER (PARTITION BY person_key, platform_id ORDER BY -days, enrolment_id) AS place
    FROM own_enrolment
),
first_place AS (
    SELECT person_key, platform_id, city_code, org_id FROM place WHERE place = 1
),
risk AS (
    SELECT
        p.person_key,
        p.platform_id,
        SUM(x.at_risk_fen) AS amount_at_risk_fen,
        ARRAY_AGG(p.enrolment_id ORDER BY p.enrolment_id) AS enrolments
    FROM place AS p
    LEFT JOIN enrolment_risk AS x ON x.enrolment_id = p.enrolment_id
    GROUP BY p.person_key, p.platform_id
),
-- One session of each day, the fullest days first.
evidence AS (
    SELECT
        d.person_key,
        d.platform_id,
        ARRAY_AGG('study_logs:' || d.log_id ORDER BY -d.sessions, d.log_id LIMIT 100) AS evidence,
        COUNT(*) AS evidence_count
    FROM c06_player_days AS d
    INNER JOIN hit AS h ON h.person_key = d.person_key AND h.platform_id = d.platform_id
    GROUP BY d.person_key, d.platform_id
)
SELECT
    'person_platform' AS entity_kind,
    key_hex(h.person_key) || '|' || h.platform_id AS entity_id,
    '' AS period,
    f.city_code,
    f.org_id,
    h.platform_id,
    h.signs AS value,
    h.threshold,
    h.tested AS population,
    COALESCE(x.amount_at_risk_fen, 0) AS amount_at_risk_fen,
    x.enrolments,
    'S' AS strength,
    e.evidence,
    e.evidence_count,
    h.rule_ref
FROM hit AS h
INNER JOIN evidence AS e ON e.person_key = h.person_key AND e.platform_id = h.platform_id
LEFT JOIN first_place AS f ON f.person_key = h.person_key AND f.platform_id = h.platform_id
LEFT JOIN risk AS x ON x.person_key = h.person_key AND x.platform_id = h.platform_id
