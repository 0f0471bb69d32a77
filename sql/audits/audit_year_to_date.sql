/*
title_zh = "累计律"
title_en = "the year to date of a month is that of the month before and the month's own"
description_en = """
上月止累计 + 本月 = 本月止累计, January begins anew. Of persons only some of a month are new in the year: the year to date neither falls nor \
grows by more than the persons of the month."""
audience = "intermediate"
grain = ["month", "city_code"]
sources = ["spec: published tables, terms"]

[audit]
severity = "error"

[[columns]]
name = "month"
type = "text"
en = "month, YYYY-MM"

[[columns]]
name = "city_code"
type = "text"
en = "area"

[[columns]]
name = "completions"
type = "int"
unit = "completions"
en = "of the month"

[[columns]]
name = "completions_before"
type = "int"
unit = "completions"
en = "year to date of the month before, 0 in January"

[[columns]]
name = "completions_ytd"
type = "int"
unit = "completions"
en = "year to date"

[[columns]]
name = "persons"
type = "int"
unit = "persons"
en = "of the month"

[[columns]]
name = "persons_before"
type = "int"
unit = "persons"
en = "year to date of the month before, 0 in January"

[[columns]]
name = "persons_ytd"
type = "int"
unit = "persons"
en = "year to date"
*/
WITH compared AS (
    SELECT
        t.month,
        t.city_code,
        t.completions,
        COALESCE(LAG(t.completions_ytd, 1) OVER (PARTITION BY t.city_code, m.year ORDER BY m.month_index), 0) AS completions_before,
        t.completions_ytd,
        t.persons,
        COALESCE(LAG(t.persons_ytd, 1) OVER (PARTITION BY t.city_code, m.year ORDER BY m.month_index), 0) AS persons_before,
        t.persons_ytd
    FROM city_progress_monthly AS t
    INNER JOIN months AS m ON m.month = t.month
)
SELECT month, city_code, completions, completions_before, completions_ytd, persons, persons_before, persons_ytd
FROM compared
WHERE completions_before + completions <> completions_ytd
   OR persons_ytd < persons_before
   OR persons_ytd > persons_before + persons
