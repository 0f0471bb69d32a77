/*
title_zh = "关键字段占位"
title_en = "Placeholder or empty key fields"
description_zh = """
培训机构按月，下列字段之一为空或为占位的记录占比达到missing_field_share，且在同类中突出（见f05_field_share）：电话（报名）、\
账户（申领）、教师（考勤）、设备或IP地址（学习记录）；或个人收款方的银行卡号未通过Luhn校验的占比达到card_fault_share，\
不与同类比较。各字段分别检验；月份取该数据源的主要日期。占位指空值词、同一数字重复，123456之类的连续数字，\
“暂无”“不详”一类的字样，以及不足7位的电话。\
不予通过的申领不计。银行卡号只计个人收款方中不为空、不为占位、格式无异的（校验位不符且不是16至19位的，不作银行卡号）。指标值和阈值取超过界限最多的字段。\
涉及金额按有问题的记录的报名计算。同类为该字段的同类，含本月，与missing_field_peers的口径一致；\
预期误报数为所检验的每一字段每一月在missing_field_z之外的单侧正态尾部概率。银行卡号两者均为空。"""
description_en = """
Training organisations by month: one of the fields phone (of enrolments), account (of claims), teacher (of attendance), device or internet \
address (of study logs) is empty or a placeholder in at least missing_field_share of the records, and that share stands out among peers \
(see f05_field_share); or at least card_fault_share of the card numbers of personal payees fail the Luhn check, without comparison. Each \
field is tested apart; the month is that of the feed's main date. Placeholders are the null words, one repeated digit, runs like \
123456, words for "not known" and phones of fewer than seven digits. Rejected claims are left out. Card numbers are those of personal payees \
that are neither empty, placeholders nor of another form (a wrong check digit makes no card number of one that has not 16 to 19 digits). \
Value and threshold are those of the field furthest above its limit. At risk are the enrolments of the faulty records. Peers are those of that field, \
the month itself included as for missing_field_peers; the false alarms expected by chance are the one-sided normal tail beyond missing_field_z for every \
field and month tested. Both are empty for card numbers."""
audience = "intermediate"
grain = ["entity_kind", "entity_id", "period"]
sources = ["notice 三（三）"]
policy = ["missing_field_share", "missing_field_z", "missing_field_peers", "card_fault_share"]

[indicator]
id = "F05"
key = "placeholder_keys"
names_enrolments = true
statistical = true
title_zh = "关键字段占位"
title_en = "Placeholder or empty key fields"
scheme_zh = "虚构的学员、教师和学习没有电话、账户或设备，于是字段留空或填占位内容"
scheme = "invented learners, teachers and sessions have no phone, account or device, so the fields are filled with nothing"
strength = "S"
grain_zh = "机构×月"
grain = "org × month"
threshold_zh = "电话、账户、教师、设备或IP为空或占位的比例至少missing_field_share（0.05），且在missing_field_peers（8）家及以上同类中稳健z至少missing_field_z（3.5）；或个人收款方的银行卡号未通过Luhn校验的占比至少card_fault_share（0.05）"
threshold = "share of empty or placeholder phone, account, teacher, device or IP at least missing_field_share (0.05) with robust z at least missing_field_z (3.5) among missing_field_peers (8) or more; card numbers that fail Luhn at least card_fault_share (0.05)"
policy_reference = "default; 鲁人社字〔2020〕72号 三（三）补贴实名制管理"
false_positives_zh = "旧系统迁移；市里不要求的字段；不适用Luhn校验的存折和外国卡"
false_positives = "a migration from an old system; fields that a city does not require; passbooks and foreign cards, which do not follow Luhn"
ask_for_zh = "原始表格、机构系统导出，以及对没有电话者的核实"
ask_for = "the original forms, the export of the organisation's system, and call-backs to the persons without a phone"
*/
WITH
place_of AS (
    SELECT org_id, MIN(city_code) AS city_code, MIN(platform_id) AS platform_id FROM classes GROUP BY org_id
),
month_end AS (
    SELECT m.month, MIN(m.last_day) AS rule_on FROM months AS m GROUP BY m.month
),
-- Card numbers of personal payees, and how many of them fail the check.
card AS (
    SELECT k.org_id, c.claimed_month AS month, CAST(COUNT(*) AS BIGINT) AS records, CAST(SUM(CASE WHEN c.account_fault = 'luhn' THEN 1 ELSE 0 END) AS BIGINT) AS faults
    FROM claims AS c
    INNER JOIN elapsed_days AS d ON d.day = c.claimed_on
    INNER JOIN enrolments AS e ON e.enrolment_id = c.enrolment_id
    INNER JOIN classes AS k ON k.class_id = e.class_id
    WHERE c.status <> 'rejected'
      AND c.payee_kind = 'person'
      AND c.account_key IS NOT NULL
      AND (c.account_fault IS NULL OR c.account_fault = 'luhn')
    GROUP BY k.org_id, c.claimed_month
),
measured AS (
    SELECT org_id, month, field, records, faults, peers, robust_z FROM f05_field_share
    UNION ALL
    SELECT org_id, month, 'card' AS field, records, faults, 0 AS peers, CAST(NULL AS DOUBLE) AS robust_z FROM card
),
placed AS (
    SELECT
        m.org_id,
        m.month,
        m.field,
        m.records,
        m.faults,
        m.peers,
        m.robust_z,
        p.city_code,
        p.platform_id,
        e.rule_on,
        COALESCE(a.city_code, '370000') AS policy_city_code
    FROM measured AS m
    INNER JOIN place_of AS p ON p.org_id = m.org_id
    INNER JOIN month_end AS e ON e.month = m.month
    LEFT JOIN cities AS a ON a.city_code = p.city_code
),
tested AS (
    SELECT CAST(COUNT(*) AS BIGINT) AS population FROM (SELECT DISTINCT org_id, month FROM measured) AS o
),
limit_row AS (
    SELECT p.city_code, e.month, p.parameter, p.value, p.value_e6, p.citation
    FROM policy AS p
    INNER JOIN month_end AS e ON e.rule_on >= p.valid_from AND e.rule_on <= p.valid_until
),
city_limit AS (
    SELECT
        city_code,
        month,
        MAX(CASE WHEN parameter = 'missing_field_share' THEN value_e6 END) AS share_e6,
        MAX(CASE WHEN parameter = 'missing_field_z' THEN value END) AS least_z,
        MAX(CASE WHEN parameter = 'missing_field_peers' THEN value_e6 END) AS peers_e6,
        MAX(CASE WHEN parameter = 'card_fault_share' THEN value_e6 END) AS card_e6
    FROM limit_row
    GROUP BY city_code, month
),
-- What chance puts beyond the limit if the measure is normal: its one-sided tail by Laplace's continued fraction, in 10⁻¹², good to
-- seven digits for limits from 3 on.
field_tail AS (
    SELECT
        city_code,
        month,
        CAST(
            ROUND(
                EXP(-least_z * least_z / 2) / 2.5066282746310002
                    / (least_z + 1 / (least_z + 2 / (least_z + 3 / (least_z + 4 / (least_z
                        + 5 / (least_z + 6 / (least_z + 7 / (least_z + 8 / (least_z + 9 / (least_z + 10 / least_z)))))))))) * 1000000000000,
                0
            ) AS BIGINT
        ) AS tail_e12
    FROM city_limit
),
judged AS (
    SELECT
        p.org_id,
        p.month,
        p.field,
        p.records,
        p.faults,
        p.peers,
        p.robust_z,
        p.city_code,
        p.platform_id,
        m.share_e6,
        m.least_z,
        m.peers_e6,
        m.card_e6,
        t.tail_e12
    FROM placed AS p
    INNER JOIN city_limit AS m ON m.city_code = p.policy_city_code AND m.month = p.month
    INNER JOIN field_tail AS t ON t.city_code = m.city_code AND t.month = m.month
),
chance AS (
    SELECT SUM(tail_e12) / 1000000000000 AS expected_false_alarms
    FROM judged
    WHERE field <> 'card' AND robust_z IS NOT NULL AND peers * 1000000 >= peers_e6
),
field_hit AS (
    SELECT
        org_id,
        month,
        field,
        city_code,
        platform_id,
        faults / CAST(records AS DOUBLE) AS value,
        CASE WHEN field = 'card' THEN card_e6 ELSE share_e6 END / 1000000 AS threshold,
        CASE WHEN field <> 'card' THEN peers END AS peers
    FROM judged
    WHERE (
            field <> 'card'
            AND faults > 0
            AND faults * 1000000 >= share_e6 * records
            AND robust_z >= least_z
            AND peers * 1000000 >= peers_e6
        )
       OR (field = 'card' AND faults > 0 AND faults * 1000000 >= card_e6 * records)
),
ordered AS (
    SELECT
        org_id,
        month,
        field,
        city_code,
        platform_id,
        value,
        threshold,
        peers,
        ROW_NUMBER() OVER (PARTITION BY org_id, month ORDER BY threshold - value, field) AS place
    FROM field_hit
),
record AS (
    SELECT h.org_id, h.month, h.place, r.record, r.enrolment_id, r.faults
    FROM ordered AS h
    INNER JOIN f05_field_record AS r ON r.org_id = h.org_id AND r.month = h.month AND r.field = h.field
),
evidence AS (
    SELECT
        org_id,
        month,
        ARRAY_AGG(record ORDER BY place, record LIMIT 100) AS evidence,
        CAST(SUM(faults) AS BIGINT) AS evidence_count
    FROM record
    GROUP BY org_id, month
),
concerned AS (
    SELECT DISTINCT org_id, month, enrolment_id FROM record WHERE enrolment_id IS NOT NULL
),
risk AS (
    SELECT
        c.org_id,
        c.month,
        SUM(x.at_risk_fen) AS amount_at_risk_fen,
        ARRAY_AGG(c.enrolment_id ORDER BY c.enrolment_id) AS enrolments
    FROM concerned AS c
    LEFT JOIN enrolment_risk AS x ON x.enrolment_id = c.enrolment_id
    GROUP BY c.org_id, c.month
),
fields AS (
    SELECT
        org_id,
        month,
        MAX(CASE WHEN field = 'phone' THEN '手机号 ' ELSE '' END)
            || MAX(CASE WHEN field = 'account' THEN '银行账号 ' ELSE '' END)
            || MAX(CASE WHEN field = 'card' THEN '卡号校验 ' ELSE '' END)
            || MAX(CASE WHEN field = 'teacher' THEN '教师编号 ' ELSE '' END)
            || MAX(CASE WHEN field = 'device' THEN '设备号 ' ELSE '' END)
            || MAX(CASE WHEN field = 'ip' THEN 'IP地址 ' ELSE '' END) AS names
    FROM field_hit
    GROUP BY org_id, month
)
SELECT
    'org' AS entity_kind,
    h.org_id AS entity_id,
    h.month AS period,
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
    '缺失或占位字段：' || f.names || '（默认值）' AS rule_ref,
    h.peers,
    CASE WHEN h.field <> 'card' THEN z.expected_false_alarms END AS expected_false_alarms
FROM ordered AS h
INNER JOIN evidence AS e ON e.org_id = h.org_id AND e.month = h.month
INNER JOIN fields AS f ON f.org_id = h.org_id AND f.month = h.month
LEFT JOIN risk AS x ON x.org_id = h.org_id AND x.month = h.month
CROSS JOIN tested AS t
CROSS JOIN chance AS z
WHERE h.place = 1
