/*
title_zh = "机构申领金额首位数字符合程度"
title_en = "How far the claim amounts of an organisation follow Benford's law"
description_en = """
Mean absolute deviation of the nine shares of first digits from Benford's law, and Nigrini's class of it: close, acceptable or marginal \
conformity, or nonconformity; too_few where an organisation has fewer claims than the test needs. Classes are decided in integers, with the \
law's proportions to nine decimals."""
audience = "intermediate"
grain = ["org_id"]
sources = ["notice 三（三）"]
policy = ["benford_minimum_claims", "benford_close_conformity", "benford_acceptable_conformity", "benford_marginal_conformity"]

[[columns]]
name = "org_id"
type = "text"
unit = ""
zh = "机构代码"
en = "organisation of the class, for platform shares its platform"

[[columns]]
name = "claims"
type = "int"
unit = "claims"
zh = "申领笔数"
en = "claims of the organisation, not rejected, of more than nothing"

[[columns]]
name = "mean_deviation"
type = "float"
unit = "share"
zh = "平均绝对偏差"
en = "mean over the nine digits of the absolute difference between the share of claims and Benford's"

[[columns]]
name = "conformity"
type = "text"
unit = ""
zh = "符合程度"
en = "close, acceptable, marginal, nonconformity, or too_few"
*/
WITH
org AS (
    SELECT org_id, MAX(all_claims) AS claims, SUM(ABS(excess_e9)) AS deviation_e9
    FROM x03_first_digits
    GROUP BY org_id
)
-- The mean absolute deviation is deviation_e9 / (9 × 10⁹ × claims): a limit in millionths is compared without dividing.
SELECT
    o.org_id,
    o.claims,
    o.deviation_e9 / (o.claims * 9000000000) AS mean_deviation,
    CASE
        WHEN o.claims * 1000000 < n.value_e6 THEN 'too_few'
        WHEN o.deviation_e9 <= o.claims * 9000 * c.value_e6 THEN 'close'
        WHEN o.deviation_e9 <= o.claims * 9000 * a.value_e6 THEN 'acceptable'
        WHEN o.deviation_e9 <= o.claims * 9000 * m.value_e6 THEN 'marginal'
        ELSE 'nonconformity'
    END AS conformity
FROM org AS o
CROSS JOIN run_context AS r
CROSS JOIN policy AS n
CROSS JOIN policy AS c
CROSS JOIN policy AS a
CROSS JOIN policy AS m
WHERE n.parameter = 'benford_minimum_claims'
  AND n.city_code = '370000'
  AND r.as_of >= n.valid_from
  AND r.as_of <= n.valid_until
  AND c.parameter = 'benford_close_conformity'
  AND c.city_code = '370000'
  AND r.as_of >= c.valid_from
  AND r.as_of <= c.valid_until
  AND a.parameter = 'benford_acceptable_conformity'
  AND a.city_code = '370000'
  AND r.as_of >= a.valid_from
  AND r.as_of <= a.valid_until
  AND m.parameter = 'benford_marginal_conformity'
  AND m.city_code = '370000'
  AND r.as_of >= m.valid_from
  AND r.as_of <= m.valid_until
