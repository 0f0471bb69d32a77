/*
title_zh = "补贴申领与培训"
title_en = "Claims with their training and the standard in force"
description_en = """
Every claim up to the as-of day, whatever its status, with the class of its enrolment and the subsidy standard of the paying city for the \
class's occupation and level, in force at class start (of several standards in force the latest begun). A claim whose enrolment or \
class is not on record has no class and no standard."""
audience = "intermediate"
grain = ["claim_id"]
sources = ["notice 三（一）"]
policy = []

[[columns]]
name = "claim_id"
type = "text"
unit = ""
zh = "申领编号"
en = "identifier of the claim"

[[columns]]
name = "enrolment_id"
type = "text"
unit = ""
zh = "报名编号"
en = "identifier of the enrolment"

[[columns]]
name = "person_key"
type = "int"
unit = ""
zh = "人员键"
en = "keyed pseudonym of the person of the claim"

[[columns]]
name = "kind"
type = "text"
unit = ""
zh = "补贴类型"
en = "platform_share, offline_share, full or living_allowance"

[[columns]]
name = "status"
type = "text"
unit = ""
zh = "状态"
en = "submitted, approved, paid, refunded or rejected"

[[columns]]
name = "city_code"
type = "text"
unit = ""
zh = "发放地"
en = "division code of the paying city"

[[columns]]
name = "amount_fen"
type = "int"
unit = "fen"
zh = "金额"
en = "amount of the claim"

[[columns]]
name = "claimed_on"
type = "date"
unit = ""
zh = "申领日期"
en = "day of the claim"

[[columns]]
name = "payee_kind"
type = "text"
unit = ""
zh = "收款方"
en = "person or organization"

[[columns]]
name = "account_key"
type = "int"
unit = ""
zh = "账号键"
en = "keyed pseudonym of the bank account; empty when none is given"

[[columns]]
name = "class_id"
type = "text"
unit = ""
zh = "班级编号"
en = "class of the enrolment"

[[columns]]
name = "org_id"
type = "text"
unit = ""
zh = "机构代码"
en = "training organisation of the class"

[[columns]]
name = "platform_id"
type = "text"
unit = ""
zh = "平台代码"
en = "online platform of the class; empty when it has none"

[[columns]]
name = "occupation_code"
type = "text"
unit = ""
zh = "职业编码"
en = "occupation of the class"

[[columns]]
name = "skill_level"
type = "int"
unit = ""
zh = "技能等级"
en = "level of the class, 5 lowest to 1 highest, 0 none"

[[columns]]
name = "start_on"
type = "date"
unit = ""
zh = "开班日期"
en = "first day of the class"

[[columns]]
name = "standard_fen"
type = "int"
unit = "fen"
zh = "补贴标准"
en = "subsidy standard of the paying city in force at class start; empty when there is none"

[[columns]]
name = "standard_from"
type = "date"
unit = ""
zh = "标准起始日期"
en = "first day of that standard"
*/
WITH
claim AS (
    SELECT
        c.claim_id,
        c.enrolment_id,
        c.person_key,
        c.kind,
        c.status,
        c.city_code,
        c.amount_fen,
        c.claimed_on,
        c.payee_kind,
        c.account_key,
        e.class_id,
        k.org_id,
        k.platform_id,
        k.occupation_code,
        k.skill_level,
        k.start_on
    FROM claims AS c
    CROSS JOIN run_context AS r
    LEFT JOIN enrolments AS e ON e.enrolment_id = c.enrolment_id
    LEFT JOIN classes AS k ON k.class_id = e.class_id
    WHERE c.claimed_on <= r.as_of
),
training AS (
    SELECT DISTINCT city_code, occupation_code, skill_level, start_on FROM claim WHERE start_on IS NOT NULL
),
in_force AS (
    SELECT
        t.city_code,
        t.occupation_code,
        t.skill_level,
        t.start_on,
        MAX(s.valid_from) AS standard_from
    FROM training AS t
    INNER JOIN subsidy_standards AS s
        ON s.city_code = t.city_code AND s.occupation_code = t.occupation_code AND s.skill_level = t.skill_level
    WHERE s.valid_from <= t.start_on AND (s.valid_until IS NULL OR s.valid_until >= t.start_on)
    GROUP BY t.city_code, t.occupation_code, t.skill_level, t.start_on
),
standard AS (
    SELECT f.city_code, f.occupation_code, f.skill_level, f.start_on, f.standard_from, s.standard_fen
    FROM in_force AS f
    INNER JOIN subsidy_standards AS s
        ON s.city_code = f.city_code
        AND s.occupation_code = f.occupation_code
        AND s.skill_level = f.skill_level
        AND s.valid_from = f.standard_from
)
SELECT
    c.claim_id,
    c.enrolment_id,
    c.person_key,
    c.kind,
    c.status,
    c.city_code,
    c.amount_fen,
    c.claimed_on,
    c.payee_kind,
    c.account_key,
    c.class_id,
    c.org_id,
    c.platform_id,
    c.occupation_code,
    c.skill_level,
    c.start_on,
    s.standard_fen,
    s.standard_from
FROM claim AS c
LEFT JOIN standard AS s
    ON s.city_code = c.city_code
    AND s.occupation_code = c.occupation_code
    AND s.skill_level = c.skill_level
    AND s.start_on = c.start_on
