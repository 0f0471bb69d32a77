/*
title_zh = "超备案范围"
title_en = "Training outside what was filed"
description_zh = """
班级开班当日超出备案范围的报名：培训机构在班级所在市的培训目录中没有该职业该等级的条目，或班级的平台不在该市的平台目录中，\
或机构没有有效备案（从未备案、此后才备案、备案已终止、已移出，或不在册）。目录条目和备案自首日至末日有效，首尾均含；\
移出或退出当日即不再有效。以多种身份在册的机构，有一种身份已备案即为已备案。等级须与目录所列一致。指标值为上述问题的个数，\
一个即命中。统计基准日之后开班的班级不检验。"""
description_en = """
Enrolments whose class, on its first day, was outside what had been filed: the training organisation has no entry in the training directory \
of the class's city for the occupation and level, or the class's platform is not in the platform directory of that city, or no filing of \
the organisation stood (never filed, filed later, filing ended, removed, or not on record at all). Entries stand from their first to their \
last day, both included; on the day of delisting or removal they stand no longer. An organisation on record in several roles is filed if \
one of them is. The level must be the one of the directory. Value is the number of these faults, of which one is enough. Classes that \
began after the as-of date are not tested."""
audience = "intermediate"
grain = ["entity_kind", "entity_id", "period"]
sources = ["notice 二（二）"]
policy = []

[indicator]
id = "D05"
key = "outside_directory"
title_zh = "超备案范围"
title_en = "Training outside what was filed"
scheme_zh = "凭借用或过期的备案开展培训，或开展从未获批职业的培训"
scheme = "trainings sold under a borrowed or expired filing, or in occupations for which the organisation was never approved"
strength = "H"
grain_zh = "报名"
grain = "enrolment"
threshold_zh = "开班时有下列任何一项：该市培训机构目录清单中无该机构该职业该等级的条目、平台不在该市平台目录、机构无有效备案"
threshold = "at class start any of: no training directory entry, platform not in the city's directory, organisation not filed"
policy_reference = "鲁人社字〔2020〕72号 二（二）: 线上平台须备案，纳入目录，根据当地职业（工种）目录开设补贴性课程"
false_positives_zh = "录入较晚的备案；职业分类大典不同版本间更名的职业编码；市里目录快照删去了旧条目；培训主体数据行被隔离的机构"
false_positives = "a filing that was entered late, occupation codes renamed between editions of the Dadian, a directory snapshot of the city that dropped old entries, an organisation whose register row was refused"
ask_for_zh = "备案页面，以及开班首日该市的各项目录"
ask_for = "the filing page and the city's directories as they stood on the first day of the class"
*/
WITH
class AS (
    SELECT k.class_id, k.org_id, k.platform_id, k.city_code, k.occupation_code, k.skill_level, k.start_on
    FROM classes AS k
    INNER JOIN elapsed_days AS d ON d.day = k.start_on
),
listed AS (
    SELECT DISTINCT k.class_id
    FROM class AS k
    INNER JOIN training_directory AS t
        ON t.org_id = k.org_id
        AND t.city_code = k.city_code
        AND t.occupation_code = k.occupation_code
        AND t.skill_level = k.skill_level
    WHERE t.valid_from <= k.start_on AND (t.valid_until IS NULL OR t.valid_until >= k.start_on)
),
platform_listed AS (
    SELECT DISTINCT k.class_id
    FROM class AS k
    INNER JOIN platform_directory AS p ON p.platform_id = k.platform_id AND p.city_code = k.city_code
    WHERE p.listed_on <= k.start_on AND (p.delisted_on IS NULL OR p.delisted_on > k.start_on)
),
filed AS (
    SELECT DISTINCT k.class_id
    FROM class AS k
    INNER JOIN organizations AS o ON o.org_id = k.org_id
    WHERE o.filed_on <= k.start_on
      AND (o.filed_until IS NULL OR o.filed_until >= k.start_on)
      AND (o.removed_on IS NULL OR o.removed_on > k.start_on)
),
judged AS (
    SELECT
        k.class_id,
        k.org_id,
        k.platform_id,
        k.city_code,
        k.occupation_code,
        k.skill_level,
        CASE WHEN l.class_id IS NULL THEN 1 ELSE 0 END AS not_listed,
        CASE WHEN k.platform_id IS NOT NULL AND p.class_id IS NULL THEN 1 ELSE 0 END AS platform_not_listed,
        CASE WHEN f.class_id IS NULL THEN 1 ELSE 0 END AS not_filed
    FROM class AS k
    LEFT JOIN listed AS l ON l.class_id = k.class_id
    LEFT JOIN platform_listed AS p ON p.class_id = k.class_id
    LEFT JOIN filed AS f ON f.class_id = k.class_id
),
outside AS (
    SELECT
        class_id,
        org_id,
        platform_id,
        city_code,
        occupation_code,
        skill_level,
        not_listed,
        platform_not_listed,
        not_filed,
        not_listed + platform_not_listed + not_filed AS faults,
        '鲁人社字〔2020〕72号 二（二）'
            || CASE WHEN not_listed = 1 THEN '；不在培训机构目录' ELSE '' END
            || CASE WHEN platform_not_listed = 1 THEN '；平台不在当地目录' ELSE '' END
            || CASE WHEN not_filed = 1 THEN '；机构未备案或备案失效' ELSE '' END AS rule_ref
    FROM judged
    WHERE not_listed + platform_not_listed + not_filed > 0
),
enrolled AS (
    SELECT e.enrolment_id, e.class_id
    FROM enrolments AS e
    INNER JOIN elapsed_days AS d ON d.day = e.enrolled_on
),
tested AS (
    SELECT COUNT(*) AS population FROM enrolled AS e INNER JOIN class AS k ON k.class_id = e.class_id
),
-- What the directories and the register do hold: entries for other days.
class_record AS (
    SELECT class_id, 2 AS turn, 'classes:' || class_id AS record FROM outside
    UNION ALL
    SELECT k.class_id, 3 AS turn, 'organizations:' || o.org_id || '|' || o.org_kind AS record
    FROM outside AS k
    INNER JOIN organizations AS o ON o.org_id = k.org_id
    WHERE k.not_filed = 1
    UNION ALL
    SELECT
        k.class_id,
        4 AS turn,
        'training_directory:' || t.org_id || '|' || t.city_code || '|' || t.occupation_code || '|'
            || CAST(t.skill_level AS VARCHAR) || '|' || CAST(t.valid_from AS VARCHAR) AS record
    FROM outside AS k
    INNER JOIN training_directory AS t
        ON t.org_id = k.org_id
        AND t.city_code = k.city_code
        AND t.occupation_code = k.occupation_code
        AND t.skill_level = k.skill_level
    WHERE k.not_listed = 1
    UNION ALL
    SELECT
        k.class_id,
        5 AS turn,
        'platform_directory:' || p.platform_id || '|' || p.city_code || '|' || CAST(p.listed_on AS VARCHAR) AS record
    FROM outside AS k
    INNER JOIN platform_directory AS p ON p.platform_id = k.platform_id AND p.city_code = k.city_code
    WHERE k.platform_not_listed = 1
),
hit AS (
    SELECT e.enrolment_id, k.class_id, k.org_id, k.platform_id, k.city_code, k.faults, k.rule_ref
    FROM outside AS k
    INNER JOIN enrolled AS e ON e.class_id = k.class_id
),
record AS (
    SELECT enrolment_id, 1 AS turn, 'enrolments:' || enrolment_id AS record FROM hit
    UNION ALL
    SELECT h.enrolment_id, r.turn, r.record FROM hit AS h INNER JOIN class_record AS r ON r.class_id = h.class_id
),
evidence AS (
    SELECT enrolment_id, ARRAY_AGG(record ORDER BY turn, record LIMIT 100) AS evidence, COUNT(*) AS evidence_count
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
    CAST(h.faults AS DOUBLE) AS value,
    1.0 AS threshold,
    t.population,
    COALESCE(x.at_risk_fen, 0) AS amount_at_risk_fen,
    'H' AS strength,
    e.evidence,
    e.evidence_count,
    h.rule_ref
FROM hit AS h
INNER JOIN evidence AS e ON e.enrolment_id = h.enrolment_id
LEFT JOIN enrolment_risk AS x ON x.enrolment_id = h.enrolment_id
CROSS JOIN tested AS t
