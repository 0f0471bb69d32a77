/*
title_zh = "空壳换壳"
title_en = "Shell or phoenix body"
description_zh = """
法定代表人、电话或地址相同而相连的机构（见f03_org_group），其群组中有下列情形的：有机构已被移出；有两种身份并存（培训方，\
即平台或学校；企业；评价机构）；有机构自注册至首次申领不足early_claim_days天；或有企业无人参保（参保人数为0；\
不明的不检验）。群组中每家机构各命中一次。机构的首次申领，取其任教或提供平台的任一班级的申领；早于注册的申领按过早计。\
指标值和阈值取首个成立的原因：移出和身份为群组内机构数与2，其余为天数、参保人数。\
涉及金额按机构自身班级（作为培训机构或平台）的报名和其自身职工的报名计算。"""
description_en = """
Organisations joined with others by an equal legal representative, phone or address (see f03_org_group), when in their group one has been \
removed, or two roles meet (provider, that is platform or school; employer; assessor), or one claimed for the first time less than \
early_claim_days days after its registration, or an employer has no insured staff (0; unknown is not tested). One hit for each \
organisation of the group. The first claim of an organisation is that of any class that it teaches or whose platform it is; a claim before \
the registration counts as early. Value and threshold are those of the first reason: organisations in the group against 2 for removal and \
roles, days, insured staff. At risk are the enrolments of the organisation's own classes, as training organisation or platform, and of its \
own staff."""
audience = "intermediate"
grain = ["entity_kind", "entity_id", "period"]
sources = ["notice 三（三）"]
policy = ["early_claim_days"]

[indicator]
id = "F03"
key = "shell_or_phoenix"
names_enrolments = true
title_zh = "空壳换壳"
title_en = "Shell or phoenix body"
scheme_zh = "被清退的机构改名再来，或培训、用人和评价同出一手，或为申领而注册空壳"
scheme = "a body that was removed goes on under a new name, or one hand holds provider, employer and assessor, or a shell is registered to claim"
strength = "S"
grain_zh = "关联群组中的机构"
grain = "organisation of a linked group"
threshold_zh = "法定代表人、电话或地址相同，且群组内：有一家已被移出，或有两种及以上身份并存（培训方、企业、评价机构），或首次申领距注册不足early_claim_days（90）天，或有企业参保人数为0"
threshold = "equal legal representative, phone or address, and in the group: one removed, or another role (provider, employer, assessor), or first claim less than early_claim_days (90) days after registration, or an employer with no insured staff"
policy_reference = "default"
false_positives_zh = "孵化器地址和代账公司电话（多于public_key_organisations家机构共用的值不计）；同名者；自办学校的公司"
false_positives = "incubator addresses and bookkeeping agencies' phones (values shared by more than public_key_organisations bodies are left out); namesakes; a company with a school of its own"
ask_for_zh = "市场监管部门的股东和变更档案、租约、参保名单，以及申领的签字人"
ask_for = "the business registry's files on owners and changes, the lease, the insurance list, and who signed the claims"
*/
WITH
member AS (
    SELECT g.group_id, SUBSTR(g.node, 5) AS org_id FROM f03_org_group AS g WHERE LEFT(g.node, 4) = 'org:'
),
tested AS (
    SELECT CAST(COUNT(DISTINCT org_id) AS BIGINT) AS population FROM organizations
),
-- An organisation teaches classes or is their platform.
taught AS (
    SELECT k.org_id, k.class_id FROM classes AS k
    UNION
    SELECT k.platform_id AS org_id, k.class_id FROM classes AS k WHERE k.platform_id IS NOT NULL
),
first_claim AS (
    SELECT t.org_id, MIN(c.claimed_on) AS first_claimed_on
    FROM taught AS t
    INNER JOIN member AS m ON m.org_id = t.org_id
    INNER JOIN enrolments AS e ON e.class_id = t.class_id
    INNER JOIN claims AS c ON c.enrolment_id = e.enrolment_id
    INNER JOIN elapsed_days AS d ON d.day = c.claimed_on
    WHERE c.status <> 'rejected'
    GROUP BY t.org_id
),
body AS (
    SELECT
        o.org_id,
        MIN(o.city_code) AS city_code,
        MIN(o.registered_on) AS registered_on,
        MAX(CASE WHEN o.org_kind = 'platform' THEN 1 ELSE 0 END) AS is_platform,
        MAX(CASE WHEN o.org_kind IN ('platform', 'school') THEN 1 ELSE 0 END) AS is_provider,
        MAX(CASE WHEN o.org_kind = 'employer' THEN 1 ELSE 0 END) AS is_employer,
        MAX(CASE WHEN o.org_kind = 'assessor' THEN 1 ELSE 0 END) AS is_assessor,
        MAX(CASE WHEN o.removed_on <= r.as_of THEN 1 ELSE 0 END) AS is_removed,
        MAX(CASE WHEN o.org_kind = 'employer' THEN o.insured_staff END) AS insured_staff
    FROM organizations AS o
    CROSS JOIN run_context AS r
    GROUP BY o.org_id
),
member_body AS (
    SELECT
        m.group_id,
        m.org_id,
        b.city_code,
        b.registered_on,
        b.is_platform,
        b.is_provider,
        b.is_employer,
        b.is_assessor,
        b.is_removed,
        CASE WHEN b.insured_staff = 0 THEN 1 ELSE 0 END AS is_empty,
        COALESCE(a.city_code, '370000') AS policy_city_code
    FROM member AS m
    INNER JOIN body AS b ON b.org_id = m.org_id
    LEFT JOIN cities AS a ON a.city_code = b.city_code
),
early AS (
    SELECT
        m.group_id,
        m.org_id,
        CAST((c.start_us - g.start_us) / 86400000000 AS BIGINT) AS days,
        p.value AS threshold,
        p.value_e6
    FROM member_body AS m
    INNER JOIN first_claim AS f ON f.org_id = m.org_id
    INNER JOIN days AS c ON c.day = f.first_claimed_on
    INNER JOIN days AS g ON g.day = m.registered_on
    INNER JOIN policy AS p ON p.city_code = m.policy_city_code
    WHERE p.parameter = 'early_claim_days'
      AND f.first_claimed_on >= p.valid_from
      AND f.first_claimed_on <= p.valid_until
),
early_group AS (
    SELECT group_id, MIN(days) AS days, MAX(threshold) AS threshold
    FROM early
    WHERE days * 1000000 < value_e6
    GROUP BY group_id
),
grouped AS (
    SELECT
        group_id,
        CAST(COUNT(*) AS BIGINT) AS organisations,
        MAX(is_removed) AS removed,
        MAX(is_provider) + MAX(is_employer) + MAX(is_assessor) AS roles,
        MAX(is_empty) AS empty_employer
    FROM member_body
    GROUP BY group_id
),
hit_group AS (
    SELECT
        g.group_id,
        CASE
            WHEN g.removed = 1 OR g.roles > 1 THEN CAST(g.organisations AS DOUBLE)
            WHEN e.days IS NOT NULL THEN CAST(e.days AS DOUBLE)
            ELSE 0.0
        END AS value,
        CASE
            WHEN g.removed = 1 OR g.roles > 1 THEN 2.0
            WHEN e.days IS NOT NULL THEN e.threshold
            ELSE 1.0
        END AS threshold,
        CASE
            WHEN g.removed = 1 THEN '关联主体已退出'
            WHEN g.roles > 1 THEN '关联主体身兼培训、用人、评价'
            WHEN e.days IS NOT NULL THEN '注册后短期即申领'
            ELSE '关联企业无参保人员'
        END AS reason
    FROM grouped AS g
    LEFT JOIN early_group AS e ON e.group_id = g.group_id
    WHERE g.organisations > 1 AND (g.removed = 1 OR g.roles > 1 OR e.days IS NOT NULL OR g.empty_employer = 1)
),
hit AS (
    SELECT m.group_id, m.org_id, m.city_code, m.is_platform, h.value, h.threshold, h.reason
    FROM hit_group AS h
    INNER JOIN member_body AS m ON m.group_id = h.group_id
),
-- The organisation's own entries first, then those of the removed ones, then the others.
record AS (
    SELECT
        h.org_id,
        'organizations:' || o.org_id || '|' || o.org_kind AS record,
        CASE WHEN o.org_id = h.org_id THEN 1 WHEN m.is_removed = 1 THEN 2 ELSE 3 END AS place
    FROM hit AS h
    INNER JOIN member_body AS m ON m.group_id = h.group_id
    INNER JOIN organizations AS o ON o.org_id = m.org_id
),
evidence AS (
    SELECT org_id, ARRAY_AGG(record ORDER BY place, record LIMIT 100) AS evidence, CAST(COUNT(*) AS BIGINT) AS evidence_count
    FROM record
    GROUP BY org_id
),
concerned AS (
    SELECT h.org_id, e.enrolment_id
    FROM hit AS h
    INNER JOIN taught AS t ON t.org_id = h.org_id
    INNER JOIN enrolments AS e ON e.class_id = t.class_id
    INNER JOIN elapsed_days AS d ON d.day = e.enrolled_on
    UNION
    SELECT h.org_id, e.enrolment_id
    FROM hit AS h
    INNER JOIN enrolments AS e ON e.employer_id = h.org_id
    INNER JOIN elapsed_days AS d ON d.day = e.enrolled_on
),
risk AS (
    SELECT
        c.org_id,
        SUM(x.at_risk_fen) AS amount_at_risk_fen,
        ARRAY_AGG(c.enrolment_id ORDER BY c.enrolment_id) AS enrolments
    FROM concerned AS c
    LEFT JOIN enrolment_risk AS x ON x.enrolment_id = c.enrolment_id
    GROUP BY c.org_id
)
SELECT
    'org' AS entity_kind,
    h.org_id AS entity_id,
    '' AS period,
    h.city_code,
    h.org_id,
    CASE WHEN h.is_platform = 1 THEN h.org_id END AS platform_id,
    h.value,
    h.threshold,
    t.population,
    COALESCE(x.amount_at_risk_fen, 0) AS amount_at_risk_fen,
    x.enrolments,
    'S' AS strength,
    e.evidence,
    e.evidence_count,
    h.reason || '（默认值）' AS rule_ref
FROM hit AS h
INNER JOIN evidence AS e ON e.org_id = h.org_id
LEFT JOIN risk AS x ON x.org_id = h.org_id
CROSS JOIN tested AS t
