/*
title_zh = "备案初期发证数"
title_en = "Certificates of each organisation in its first days"
description_en = """
Distinct certificates that an organisation issued within entry_days (90) of its filing, the day of filing being day 0; of an organisation \
filed in several roles those after the filing that more followed. Organisations without a certificate in these days are left out: others \
were filed before the data begin or never issued."""
audience = "intermediate"
grain = ["org_id"]
sources = ["notice 二（二）", "notice 三（三）"]
policy = ["entry_days"]

[[columns]]
name = "org_id"
type = "text"
unit = ""
zh = "机构代码"
en = "organisation that issued"

[[columns]]
name = "days_ago"
type = "int"
unit = "days"
zh = "备案距今天数"
en = "days from the filing to the as-of date"

[[columns]]
name = "certificates"
type = "int"
unit = "certificates"
zh = "初期发证数"
en = "distinct certificates of the first days, by their first day of issue"
*/
WITH
certificate AS (
    SELECT t.issuer_id, t.certificate_no, MAX(d.days_ago) AS days_ago
    FROM certificates AS t
    INNER JOIN elapsed_days AS d ON d.day = t.issued_on
    GROUP BY t.issuer_id, t.certificate_no
),
rule AS (
    SELECT MAX(p.value_e6) AS days_e6
    FROM policy AS p
    CROSS JOIN run_context AS r
    WHERE p.city_code = '370000' AND p.parameter = 'entry_days' AND r.as_of >= p.valid_from AND r.as_of <= p.valid_until
),
filing AS (
    SELECT DISTINCT o.org_id, d.days_ago
    FROM organizations AS o
    INNER JOIN elapsed_days AS d ON d.day = o.filed_on
),
filing_total AS (
    SELECT f.org_id, f.days_ago, CAST(COUNT(*) AS BIGINT) AS certificates
    FROM filing AS f
    INNER JOIN certificate AS c ON c.issuer_id = f.org_id
    CROSS JOIN rule AS r
    WHERE f.days_ago - c.days_ago >= 0 AND (f.days_ago - c.days_ago) * 1000000 <= r.days_e6
    GROUP BY f.org_id, f.days_ago
),
filing_place AS (
    SELECT
        org_id,
        days_ago,
        certificates,
        ROW_NUMBER() OVER (PARTITION BY org_id ORDER BY -certificates, days_ago) AS place
    FROM filing_total
)
SELECT org_id, days_ago, certificates
FROM filing_place
WHERE place = 1
