/*
title_zh = "设备网络聚集"
title_en = "Many persons on one device, address or set of answers"
description_zh = """
较强：在device_span_days×24小时之内，或在device_hour_minutes之内，有足够多的人在同一设备上开始学习的，\
时间窗按精确开始时间滑动；以及由足够多的人提交的同一答卷摘要。提示：一个当地日内有足够多人使用的IP地址，\
当日列入公共场所清单（venue_addresses，不论哪个市）的除外。设备和地址只取自学习记录；占位的设备号不算设备，占位的答卷摘要不算答卷。\
一个设备两项均超限的，指标值和阈值取按日的一项。涉及金额按在该设备上有学习记录的报名，或在人数超限之日从该地址学习的报名，\
或提交该答卷的报名计算。市、培训机构和平台取证据记录的首条。"""
description_en = """
Strong: a device on which enough persons started study sessions within device_span_days × 24 hours, or within device_hour_minutes, in windows that slide over \
the exact starts; and a digest of answers handed in by enough persons. Context: an IP address with enough persons on a local day, unless it is listed as a \
venue on that day (list venue_addresses, of whichever city). Devices and addresses are those of study logs only; placeholders in place of a device are \
no device, in place of answers no answers. Where a device exceeds both limits, value and threshold are those of the days. At risk are the enrolments logged on the device, or from the \
address on its crowded days, or with the answers. City, organisation and platform are those of the first record of the evidence."""
audience = "intermediate"
grain = ["entity_kind", "entity_id", "period"]
sources = ["notice 三（三）"]
policy = ["device_persons_span", "device_persons_hour", "address_persons_day", "answers_persons", "venue_addresses"]

[indicator]
id = "C07"
key = "shared_device"
names_enrolments = true
title_zh = "设备网络聚集"
title_en = "Many persons on one device, address or set of answers"
scheme_zh = "一人或一处机房替许多人刷课、答题"
scheme = "one person or room runs the courses, and sits the tests, of many"
strength = "S/W"
grain_zh = "设备、IP地址或答卷摘要"
grain = "device, ip or answers_hash"
threshold_zh = "设备：device_span_days（30）天内device_persons_span（5）人及以上，或device_hour_minutes（60）分钟内device_persons_hour（3）人及以上：较强；同一answers_hash有answers_persons（3）人及以上：较强；IP地址：一天address_persons_day（20）人及以上且不在公共场所清单：提示"
threshold = "device: device_persons_span (5) or more persons in device_span_days (30), or device_persons_hour (3) or more in device_hour_minutes (60), S; one answers_hash for answers_persons (3) or more S; ip: address_persons_day (20) or more persons a day, unless listed as a venue, W"
policy_reference = "default; 鲁人社字〔2020〕72号 三（三）全程实名"
false_positives_zh = "企业和村里的机房；共用一部手机的家庭；运营商的共享地址（IP仅为提示）；正确答案相同的短测验"
false_positives = "computer rooms of enterprises and villages; families with one phone; carriers' shared addresses (ip only W); short tests whose right answers are all the same"
ask_for_zh = "设备和机房清单、实地查看、带时间的答卷，以及对本人的回访"
ask_for = "the list of devices and rooms, a visit to the place, the papers with times, and call-backs to the persons"
*/
WITH
rule AS (
    SELECT
        MAX(CASE WHEN p.parameter = 'device_persons_span' THEN p.value END) AS span_threshold,
        MAX(CASE WHEN p.parameter = 'device_persons_span' THEN p.citation END) AS span_citation,
        MAX(CASE WHEN p.parameter = 'device_persons_hour' THEN p.value END) AS hour_threshold,
        MAX(CASE WHEN p.parameter = 'device_persons_hour' THEN p.citation END) AS hour_citation,
        MAX(CASE WHEN p.parameter = 'address_persons_day' THEN p.value END) AS address_threshold,
        MAX(CASE WHEN p.parameter = 'address_persons_day' THEN p.citation END) AS address_citation,
        MAX(CASE WHEN p.parameter = 'answers_persons' THEN p.value END) AS answers_threshold,
        MAX(CASE WHEN p.parameter = 'answers_persons' THEN p.value_e6 END) AS answers_e6,
        MAX(CASE WHEN p.parameter = 'answers_persons' THEN p.citation END) AS answers_citation
    FROM policy AS p
    CROSS JOIN run_context AS r
    WHERE p.city_code = '370000' AND r.as_of >= p.valid_from AND r.as_of <= p.valid_until
),
-- Devices.
device AS (
    SELECT
        d.device_id AS entity_id,
        CASE WHEN d.in_span THEN d.span_persons ELSE d.hour_persons END AS value,
        CASE WHEN d.in_span THEN u.span_threshold ELSE u.hour_threshold END AS threshold,
        CASE WHEN d.in_span THEN u.span_citation ELSE u.hour_citation END AS rule_ref,
        d.tested
    FROM c07_shared_devices AS d
    CROSS JOIN rule AS u
),
-- What lies in the fullest window of days comes first; of an hour, the fullest day.
device_record AS (
    SELECT
        'device' AS entity_kind,
        d.device_id AS entity_id,
        'study_logs:' || l.log_id AS record,
        l.enrolment_id,
        CASE
            WHEN d.in_span THEN CASE WHEN l.first_us <= d.span_end_us AND l.last_us > d.span_end_us - d.span_us THEN 0 ELSE 1 END
            ELSE -COALESCE(l.hour_persons, 0)
        END AS rank,
        l.first_us AS at_us
    FROM c07_shared_devices AS d
    INNER JOIN c07_device_days AS l ON l.device_id = d.device_id
),
-- Addresses.
venue AS (
    SELECT DISTINCT v.value AS ip, v.valid_from, v.valid_until
    FROM policy_list AS v
    WHERE v.list = 'venue_addresses'
),
crowded_day AS (
    SELECT DISTINCT a.local_day, a.ip, a.persons
    FROM log_address_day AS a
),
venue_day AS (
    SELECT DISTINCT c.local_day, c.ip
    FROM crowded_day AS c
    INNER JOIN venue AS v ON v.ip = c.ip
    WHERE c.local_day >= v.valid_from AND c.local_day <= v.valid_until
),
open_day AS (
    SELECT c.local_day, c.ip, c.persons
    FROM crowded_day AS c
    LEFT ANTI JOIN venue_day AS v ON v.local_day = c.local_day AND v.ip = c.ip
),
address AS (
    SELECT ip AS entity_id, MAX(persons) AS value FROM open_day GROUP BY ip
),
crowded_tested AS (
    SELECT COUNT(DISTINCT ip) AS tested FROM crowded_day
),
address_record AS (
    SELECT
        'ip' AS entity_kind,
        o.ip AS entity_id,
        'study_logs:' || a.log_id AS record,
        a.enrolment_id,
        -o.persons AS rank,
        d.start_us AS at_us
    FROM open_day AS o
    INNER JOIN log_address_day AS a ON a.local_day = o.local_day AND a.ip = o.ip
    INNER JOIN days AS d ON d.day = o.local_day
),
-- Answers.
paper AS (
    SELECT a.answers_hash, a.assessment_id, a.person_key, a.enrolment_id, COALESCE(a.started_us, a.ended_us, 0) AS at_us
    FROM assessments AS a
    CROSS JOIN run_context AS r
    WHERE a.answers_hash IS NOT NULL
      AND NOT is_placeholder(a.answers_hash)
      AND COALESCE(a.started_us, a.ended_us, 0) < r.as_of_end_us
),
answers AS (
    SELECT answers_hash, COUNT(DISTINCT person_key) AS persons FROM paper GROUP BY answers_hash
),
answers_tested AS (
    SELECT COUNT(*) AS tested FROM answers
),
shared_answers AS (
    SELECT a.answers_hash AS entity_id, a.persons AS value
    FROM answers AS a
    CROSS JOIN rule AS u
    WHERE a.persons * 1000000 >= u.answers_e6
),
answers_record AS (
    SELECT
        'answers_hash' AS entity_kind,
        s.entity_id,
        'assessments:' || p.assessment_id AS record,
        p.enrolment_id,
        0 AS rank,
        p.at_us
    FROM shared_answers AS s
    INNER JOIN paper AS p ON p.answers_hash = s.entity_id
),
hit AS (
    SELECT 'device' AS entity_kind, entity_id, value, threshold, 'S' AS strength, rule_ref, tested FROM device
    UNION ALL
    SELECT 'ip' AS entity_kind, a.entity_id, a.value, u.address_threshold AS threshold, 'W' AS strength, u.address_citation AS rule_ref, t.tested
    FROM address AS a
    CROSS JOIN rule AS u
    CROSS JOIN crowded_tested AS t
    UNION ALL
    SELECT
        'answers_hash' AS entity_kind,
        s.entity_id,
        s.value,
        u.answers_threshold AS threshold,
        'S' AS strength,
        u.answers_citation AS rule_ref,
        t.tested
    FROM shared_answers AS s
    CROSS JOIN rule AS u
    CROSS JOIN answers_tested AS t
),
record AS (
    SELECT entity_kind, entity_id, record, enrolment_id, CAST(rank AS BIGINT) AS rank, CAST(at_us AS BIGINT) AS at_us FROM device_record
    UNION ALL
    SELECT entity_kind, entity_id, record, enrolment_id, CAST(rank AS BIGINT) AS rank, CAST(at_us AS BIGINT) AS at_us FROM address_record
    UNION ALL
    SELECT entity_kind, entity_id, record, enrolment_id, CAST(rank AS BIGINT) AS rank, CAST(at_us AS BIGINT) AS at_us FROM answers_record
),
placed AS (
    SELECT
        c.entity_kind,
        c.entity_id,
        c.record,
        c.enrolment_id,
        ROW_NUMBER() OVER (PARTITION BY c.entity_kind, c.entity_id ORDER BY c.rank, c.at_us, c.record) AS place
    FROM record AS c
),
evidence AS (
    SELECT
        p.entity_kind,
        p.entity_id,
        MAX(CASE WHEN p.place = 1 THEN n.city_code END) AS city_code,
        MAX(CASE WHEN p.place = 1 THEN k.org_id END) AS org_id,
        MAX(CASE WHEN p.place = 1 THEN k.platform_id END) AS platform_id,
        ARRAY_AGG(p.record ORDER BY p.place LIMIT 100) AS evidence,
        COUNT(*) AS evidence_count
    FROM placed AS p
    LEFT JOIN enrolments AS n ON n.enrolment_id = p.enrolment_id
    LEFT JOIN classes AS k ON k.class_id = n.class_id
    GROUP BY p.entity_kind, p.entity_id
),
concerned AS (
    SELECT DISTINCT entity_kind, entity_id, enrolment_id FROM record
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
)
SELECT
    h.entity_kind,
    h.entity_id,
    '' AS period,
    e.city_code,
    e.org_id,
    e.platform_id,
    h.value,
    h.threshold,
    h.tested AS population,
    COALESCE(x.amount_at_risk_fen, 0) AS amount_at_risk_fen,
    x.enrolments,
    h.strength,
    e.evidence,
    e.evidence_count,
    h.rule_ref
FROM hit AS h
INNER JOIN evidence AS e ON e.entity_kind = h.entity_kind AND e.entity_id = h.entity_id
LEFT JOIN risk AS x ON x.entity_kind = h.entity_kind AND x.entity_id = h.entity_id
