/*
title_zh = "证书编号或内容不符"
title_en = "Certificate number or content at fault"
description_zh = """
截至统计基准日签发的证书编号，有下列任一问题的。同一编号的持有人数超过certificate_holders（1）。编号不符合该类型的格式：\
skill_level为Y或S加21位数字，第16位为1至5的等级；vocational为16位数字；\
special_operation为T加持证人居民身份号码（此处以该人标识的16位十六进制数代替）；其他类型不限。编号中的年份不是发证年份，\
或编号中的等级不是记录的等级。职业或等级不是报名班级的职业或等级。依据同一编号已发放的全额或线下补贴（full、\
offline_share）申领超过certificate_paid_claims（1）笔，载有该编号的报名合并计算。等级仅在两者均为1至5时比较。\
字母不分大小写，空格不计；一人的15位旧号码和18位号码视为一人。占位编号（同一数字重复、123456之类，连字符不计；没有数字的文字）\
不检验是否多人持有或重复申领。一个编号为一个对象，不论何种类型、有多少行。指标值为问题的种类数，一种即命中。\
涉及金额按载有该编号的全部报名计算；市、培训机构和平台取其中最近的一次。"""
description_en = """
Certificate numbers issued up to the as-of date with any of these faults. The number stands for more persons than certificate_holders (1). \
The number breaks the form of its kind: skill_level Y or S and 21 digits with a level of 1 to 5 in the sixteenth place; vocational 16 digits; \
special_operation T and the citizen number of the holder (held here as the person's key in 16 hex digits); other kinds are free. The year \
in the number is not that of issue, or the level in it not that of the record. Occupation or level are not those of the enrolment's class. \
More than certificate_paid_claims (1) paid claims of kind full or offline_share rest on the number, over all enrolments that show it. Levels are \
compared only where both are 1 to 5. Letters may be small, and blanks do not count; a person under an old number of 15 digits and \
the new one is one person. Of a placeholder (one digit repeated or runs like 123456, hyphens apart; words without a digit) neither holders \
nor claims are counted. A number is one entity, whatever its kind and however many \
rows it has. Value is the number of kinds of fault, of which one is enough. At risk are all enrolments that show the number; city, \
organisation and platform are those of the latest one."""
audience = "intermediate"
grain = ["entity_kind", "entity_id", "period"]
sources = ["notice 三（一）"]
policy = ["certificate_holders", "certificate_paid_claims"]

[indicator]
id = "E02"
key = "certificate_faults"
names_enrolments = true
title_zh = "证书编号或内容不符"
title_en = "Certificate number or content at fault"
scheme_zh = "虚构、借用或涂改的证书，或一张证书两次领取补贴"
scheme = "invented, borrowed or altered certificates, and one certificate that opens the subsidy twice"
strength = "H"
grain_zh = "证书"
grain = "certificate"
threshold_zh = "有下列任何一项：一个编号对应两人及以上；不符合该类编号格式；编号中的年份或等级与记录不符；职业或等级与班级不符；两笔及以上已发放的全额或线下补贴申领"
threshold = "any of: one number for two or more persons; form of its kind broken; year or level in the number not the record's; occupation or level not the class's; two or more paid full or offline claims"
policy_reference = "numbering rules of 职业技能等级证书 (22 characters), 职业资格证书 (16 digits) and 特种作业操作证 (T and citizen number); 鲁人社字〔2020〕72号 三（一）取得相应课程培训合格证书"
false_positives_zh = "手工录入的编号；换号补发的证书（不构成线索）；把工种名称误录为职业；由另一机构考核后晋升的等级；持15位旧号码者"
false_positives = "numbers typed by hand, certificates issued again under another number (not a hit), a trade name entered for the occupation, a level upgraded by an examination of another body, holders of old 15-digit numbers"
ask_for_zh = "国家证书查询系统的记录（截图）、证书复印件，以及两份申领卷宗"
ask_for = "the entry in the national certificate register (screenshot), a copy of the certificate, and both claim files"
*/
WITH
-- A person whose old number of 15 digits is on record is the person of the new one.
renumbered AS (
    SELECT DISTINCT person_key, person_upgraded_key FROM enrolments WHERE person_upgraded_key IS NOT NULL
),
issued AS (
    SELECT
        t.certificate_no,
        t.enrolment_id,
        COALESCE(u.person_upgraded_key, t.person_key) AS person_key,
        h.holder,
        t.kind,
        t.occupation_code,
        t.skill_level,
        t.issued_on,
        UPPER(REPLACE(t.certificate_no, ' ', '')) AS number,
        RIGHT(CAST(EXTRACT(YEAR FROM t.issued_on) AS VARCHAR), 2) AS issued_year
    FROM certificates AS t
    INNER JOIN elapsed_days AS d ON d.day = t.issued_on
    LEFT JOIN renumbered AS u ON u.person_key = t.person_key
    LEFT JOIN e02_holders AS h ON h.certificate_no = t.certificate_no AND h.enrolment_id = t.enrolment_id
),
formed AS (
    SELECT
        certificate_no,
        number,
        enrolment_id,
        person_key,
        kind,
        occupation_code,
        skill_level,
        issued_on,
        issued_year,
        CASE kind
            WHEN 'skill_level' THEN REGEXP_LIKE(number, '^[YS][0-9]{14}[1-5][0-9]{6}$')
            WHEN 'vocational' THEN REGEXP_LIKE(number, '^[0-9]{16}$')
            WHEN 'special_operation' THEN number = 'T' || UPPER(holder)
            ELSE TRUE
        END AS is_formed,
        CASE kind WHEN 'skill_level' THEN SUBSTR(number, 14, 2) WHEN 'vocational' THEN SUBSTR(number, 1, 2) END AS number_year,
        CASE kind WHEN 'skill_level' THEN SUBSTR(number, 16, 1) WHEN 'vocational' THEN SUBSTR(number, 11, 1) END AS number_level
    FROM issued
),
compared AS (
    SELECT
        f.certificate_no,
        f.number,
        f.enrolment_id,
        f.person_key,
        f.issued_on,
        e.city_code,
        k.org_id,
        k.platform_id,
        k.class_id,
        CASE WHEN f.is_formed THEN 0 ELSE 1 END AS wrong_form,
        CASE WHEN f.is_formed AND f.number_year <> f.issued_year THEN 1 ELSE 0 END AS wrong_year,
        CASE
            WHEN f.is_formed
                AND f.skill_level BETWEEN 1 AND 5
                AND f.number_level BETWEEN '1' AND '5'
                AND f.number_level <> CAST(f.skill_level AS VARCHAR) THEN 1
            ELSE 0
        END AS wrong_level,
        CASE WHEN f.occupation_code <> k.occupation_code THEN 1 ELSE 0 END AS other_occupation,
        CASE
            WHEN f.skill_level BETWEEN 1 AND 5 AND k.skill_level BETWEEN 1 AND 5 AND f.skill_level <> k.skill_level THEN 1
            ELSE 0
        END AS other_level
    FROM formed AS f
    LEFT JOIN enrolments AS e ON e.enrolment_id = f.enrolment_id
    LEFT JOIN classes AS k ON k.class_id = e.class_id
),
paid_claim AS (
    SELECT DISTINCT f.number, c.claim_id, c.enrolment_id
    FROM issued AS f
    INNER JOIN claim_facts AS c ON c.enrolment_id = f.enrolment_id
    WHERE c.status = 'paid' AND c.kind IN ('full', 'offline_share')
),
paid AS (
    SELECT number, COUNT(*) AS claims FROM paid_claim GROUP BY number
),
-- A number is one however it is written; the hit bears its first spelling.
summed AS (
    SELECT
        number,
        MIN(certificate_no) AS certificate_no,
        COUNT(DISTINCT person_key) AS persons,
        MAX(issued_on) AS last_issued_on,
        MAX(wrong_form) AS wrong_form,
        MAX(wrong_year) AS wrong_year,
        MAX(wrong_level) AS wrong_level,
        MAX(other_occupation) AS other_occupation,
        MAX(other_level) AS other_level
    FROM compared
    GROUP BY number
),
-- Zeros, 123456 or 待补 stand for no certificate that several could share.
number AS (
    SELECT
        s.certificate_no,
        s.number,
        s.persons,
        s.last_issued_on,
        s.wrong_form,
        s.wrong_year,
        s.wrong_level,
        s.other_occupation,
        s.other_level,
        is_placeholder(REPLACE(s.number, '-', '')) AS is_blank,
        REGEXP_LIKE(s.number, '[0-9]') AS has_digit
    FROM summed AS s
),
tested AS (
    SELECT COUNT(*) AS population FROM number
),
holders AS (
    SELECT value_e6, valid_from, valid_until FROM policy WHERE parameter = 'certificate_holders' AND city_code = '370000'
),
paid_claims AS (
    SELECT value_e6, valid_from, valid_until FROM policy WHERE parameter = 'certificate_paid_claims' AND city_code = '370000'
),
judged AS (
    SELECT
        n.certificate_no,
        n.number,
        n.wrong_form,
        n.wrong_year,
        n.wrong_level,
        n.other_occupation,
        n.other_level,
        CASE WHEN NOT n.is_blank AND n.has_digit AND n.persons * 1000000 > h.value_e6 THEN 1 ELSE 0 END AS several_persons,
        CASE WHEN NOT n.is_blank AND n.has_digit AND COALESCE(c.claims, 0) * 1000000 > p.value_e6 THEN 1 ELSE 0 END AS paid_twice
    FROM number AS n
    LEFT JOIN paid AS c ON c.number = n.number
    CROSS JOIN holders AS h
    CROSS JOIN paid_claims AS p
    WHERE n.last_issued_on >= h.valid_from
      AND n.last_issued_on <= h.valid_until
      AND n.last_issued_on >= p.valid_from
      AND n.last_issued_on <= p.valid_until
),
counted AS (
    SELECT
        certificate_no,
        number,
        paid_twice,
        several_persons + wrong_form + wrong_year + wrong_level + other_occupation + other_level + paid_twice AS faults,
        '证书编号与内容'
            || CASE WHEN several_persons = 1 THEN '；一号多人' ELSE '' END
            || CASE WHEN wrong_form = 1 THEN '；编号格式不符' ELSE '' END
            || CASE WHEN wrong_year = 1 THEN '；编号年份与发证日期不符' ELSE '' END
            || CASE WHEN wrong_level = 1 THEN '；编号等级与记录不符' ELSE '' END
            || CASE WHEN other_occupation = 1 THEN '；职业与报名不符' ELSE '' END
            || CASE WHEN other_level = 1 THEN '；等级与报名不符' ELSE '' END
            || CASE WHEN paid_twice = 1 THEN '；一证多领' ELSE '' END AS rule_ref
    FROM judged
),
hit AS (
    SELECT certificate_no, number, paid_twice, faults, rule_ref FROM counted WHERE faults > 0
),
hit_row AS (
    SELECT
        h.certificate_no,
        h.number,
        c.certificate_no AS written_no,
        h.paid_twice,
        c.enrolment_id,
        c.class_id,
        c.city_code,
        c.org_id,
        c.platform_id,
        ROW_NUMBER() OVER (
            PARTITION BY h.certificate_no
            ORDER BY
                -(c.wrong_form + c.wrong_year + c.wrong_level + c.other_occupation + c.other_level),
                c.issued_on,
                c.enrolment_id
        ) AS place,
        ROW_NUMBER() OVER (PARTITION BY h.certificate_no ORDER BY c.issued_on DESC, c.enrolment_id DESC) AS latest
    FROM hit AS h
    INNER JOIN compared AS c ON c.number = h.number
),
placed AS (
    SELECT
        certificate_no,
        MAX(CASE WHEN latest = 1 THEN city_code END) AS city_code,
        MAX(CASE WHEN latest = 1 THEN org_id END) AS org_id,
        MAX(CASE WHEN latest = 1 THEN platform_id END) AS platform_id
    FROM hit_row
    GROUP BY certificate_no
),
record AS (
    SELECT certificate_no, 1 AS turn, place, 'certificates:' || written_no || '|' || enrolment_id AS record FROM hit_row
    UNION ALL
    SELECT h.certificate_no, 2 AS turn, h.place, 'claims:' || p.claim_id AS record
    FROM hit_row AS h
    INNER JOIN paid_claim AS p ON p.number = h.number AND p.enrolment_id = h.enrolment_id
    WHERE h.paid_twice = 1
    UNION ALL
    SELECT certificate_no, 3 AS turn, place, 'enrolments:' || enrolment_id AS record FROM hit_row
),
evidence AS (
    SELECT certificate_no, ARRAY_AGG(record ORDER BY turn, place, record LIMIT 100) AS evidence, COUNT(*) AS evidence_count
    FROM record
    GROUP BY certificate_no
),
risk AS (
    SELECT
        h.certificate_no,
        SUM(x.at_risk_fen) AS amount_at_risk_fen,
        ARRAY_AGG(h.enrolment_id ORDER BY h.enrolment_id) AS enrolments
    FROM hit_row AS h
    LEFT JOIN enrolment_risk AS x ON x.enrolment_id = h.enrolment_id
    GROUP BY h.certificate_no
)
SELECT
    'certificate' AS entity_kind,
    h.certificate_no AS entity_id,
    '' AS period,
    e.city_code,
    e.org_id,
    e.platform_id,
    CAST(h.faults AS DOUBLE) AS value,
    1.0 AS threshold,
    t.population,
    COALESCE(x.amount_at_risk_fen, 0) AS amount_at_risk_fen,
    x.enrolments,
    'H' AS strength,
    v.evidence,
    v.evidence_count,
    h.rule_ref
FROM hit AS h
INNER JOIN placed AS e ON e.certificate_no = h.certificate_no
INNER JOIN evidence AS v ON v.certificate_no = h.certificate_no
LEFT JOIN risk AS x ON x.certificate_no = h.certificate_no
CROSS JOIN tested AS t
