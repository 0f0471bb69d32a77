/*
title_zh = "课时注水"
title_en = "Online hours above the length of the courseware"
description_zh = """
线上课时超过课程内容时长的报名，不论是否结业，按整秒比较（每课时2700秒），留有少许余量。\
课程为报名的课程在班级所属平台上的课件；内容按不同的内容摘要（content_hash）各计一次，取其中最长的课件，\
没有摘要的课件逐个计算。统计基准日之后上线的课件不计。没有课件的课程不检验，没有课程或平台的报名不检验。"""
description_en = """
Enrolments, completed or not, whose online hours are more than their course's content holds, compared in whole seconds (an hour is 2700 s) with a small \
allowance. The course is the enrolment's course on the platform of its class; content is counted once for each distinct content_hash, the longest of its \
items, and for each item without a hash. Items published after the as-of date are not there yet. A course without courseware is not tested, nor an \
enrolment without a course or a platform."""
audience = "intermediate"
grain = ["entity_kind", "entity_id", "period"]
sources = ["notice 二（三）"]
policy = ["courseware_hours_ratio"]

[indicator]
id = "C02"
key = "inflated_hours"
title_zh = "课时注水"
title_en = "Online hours above the length of the courseware"
scheme_zh = "申报课时多于视频时长，或一段视频以多个名称重复计时"
scheme = "more hours are claimed than the videos last, or one video is counted under several names"
strength = "H"
grain_zh = "报名"
grain = "enrolment"
threshold_zh = "线上课时超过courseware_hours_ratio（1.02）×不同内容的秒数 / 2700"
threshold = "online hours above courseware_hours_ratio (1.02) × seconds of distinct content / 2700"
policy_reference = "鲁人社字〔2020〕72号 二（三）: 每课时45分钟，按课件总时长折算"
false_positives_zh = "未列入课件表的直播课；培训后被裁剪的课程；尚未全部报送的课件"
false_positives = "live classes that are not in the courseware list; a course that was cut after the training; courseware not yet delivered in full"
ask_for_zh = "培训时平台的课件清单及时长，以及直播课课表"
ask_for = "the platform's courseware list with lengths at the time of the training, and the timetable of live classes"
*/
WITH
content AS (
    SELECT
        w.platform_id,
        w.course_id,
        CASE WHEN w.content_hash IS NULL THEN 'item:' || w.item_id ELSE 'hash:' || w.content_hash END AS content,
        MAX(w.video_seconds) AS video_seconds
    FROM courseware AS w
    CROSS JOIN run_context AS r
    WHERE w.published_on <= r.as_of
    GROUP BY
        w.platform_id,
        w.course_id,
        CASE WHEN w.content_hash IS NULL THEN 'item:' || w.item_id ELSE 'hash:' || w.content_hash END
),
-- At most 285 years keep the comparison inside 64 bits whatever a damaged record holds.
course AS (
    SELECT platform_id, course_id, SUM(LEAST(video_seconds, 1000000000)) AS video_seconds
    FROM content
    GROUP BY platform_id, course_id
),
claimed AS (
    SELECT
        e.enrolment_id,
        e.class_id,
        e.course_id,
        e.city_code,
        k.org_id,
        k.platform_id,
        k.start_on,
        e.online_seconds,
        LEAST(e.online_seconds, 9000000000) AS compared_seconds,
        LEAST(c.video_seconds, 9000000000) AS video_seconds,
        COALESCE(a.city_code, '370000') AS policy_city_code
    FROM enrolments AS e
    CROSS JOIN run_context AS r
    INNER JOIN classes AS k ON k.class_id = e.class_id
    INNER JOIN course AS c ON c.platform_id = k.platform_id AND c.course_id = e.course_id
    LEFT JOIN cities AS a ON a.city_code = e.city_code
    WHERE e.enrolled_on <= r.as_of
),
tested AS (
    SELECT COUNT(*) AS population FROM claimed
),
hit AS (
    SELECT
        c.enrolment_id,
        c.class_id,
        c.course_id,
        c.city_code,
        c.org_id,
        c.platform_id,
        c.online_seconds / 2700 AS value,
        c.video_seconds * p.value / 2700 AS threshold,
        p.citation
    FROM claimed AS c
    INNER JOIN policy AS p ON p.city_code = c.policy_city_code
    WHERE p.parameter = 'courseware_hours_ratio'
      AND c.start_on >= p.valid_from
      AND c.start_on <= p.valid_until
      AND c.compared_seconds * 1000000 > c.video_seconds * p.value_e6
),
record AS (
    SELECT enrolment_id, 1 AS place, 'enrolments:' || enrolment_id AS record FROM hit
    UNION ALL
    SELECT enrolment_id, 2 AS place, 'classes:' || class_id AS record FROM hit
    UNION ALL
    SELECT h.enrolment_id, 3 AS place, 'courseware:' || w.item_id AS record
    FROM hit AS h
    INNER JOIN courseware AS w ON w.platform_id = h.platform_id AND w.course_id = h.course_id
    CROSS JOIN run_context AS r
    WHERE w.published_on <= r.as_of
),
evidence AS (
    SELECT enrolment_id, ARRAY_AGG(record ORDER BY place, record LIMIT 100) AS evidence, COUNT(*) AS evidence_count
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
    'H' AS strength,
    e.evidence,
    e.evidence_count,
    h.citation AS rule_ref
FROM hit AS h
INNER JOIN evidence AS e ON e.enrolment_id = h.enrolment_id
LEFT JOIN enrolment_risk AS x ON x.enrolment_id = h.enrolment_id
CROSS JOIN tested AS t
