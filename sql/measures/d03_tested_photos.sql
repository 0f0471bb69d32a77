/*
title_zh = "受检的佐证照片数"
title_en = "Number of photographs tested"
description_en = """
Distinct photographs (by digest) on attendance records up to the as-of date: one row for each part in which they are counted, named by the \
least digest of the part. The sum over the rows is the number of photographs."""
audience = "intermediate"
grain = ["least_photo_hash"]
sources = ["notice 三（三）"]
policy = []

[[columns]]
name = "least_photo_hash"
type = "text"
unit = ""
zh = "最小照片摘要"
en = "least digest of the part"

[[columns]]
name = "photos"
type = "int"
unit = "photo"
zh = "照片数"
en = "distinct photographs of the part"
*/
WITH
photo AS (
    SELECT DISTINCT a.photo_hash
    FROM attendance AS a
    INNER JOIN elapsed_days AS d ON d.day = a.session_on
    WHERE a.photo_hash IS NOT NULL
),
counted AS (
    SELECT MIN(photo_hash) AS least_photo_hash, COUNT(*) AS photos FROM photo
)
SELECT least_photo_hash, photos FROM counted WHERE photos > 0
