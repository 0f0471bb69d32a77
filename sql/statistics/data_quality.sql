/*
title_zh = "数据质量日报"
title_en = "Data quality by load day, feed and city"
description_en = """
What came in on each load day by feed and city: files, rows read and what became of them, the most frequent reason of refusal, and how \
long the city has been silent in the feed. For every row rows_read = rows_accepted + rows_quarantined + rows_superseded + \
rows_duplicate. A file that holds rows of several cities counts once in each, so files do not add up over cities. The as-of day \
has a row for every feed seen so far and each of the 16 cities, with zeros where nothing came; earlier days have rows where \
something came. City 000000 (未标明) holds the rows of feeds that name no city and rows whose city could not be read, 省外 the divisions \
outside the province, 省本级 (370000) rows filed under the province's own code; there is no row for the province as a whole."""
audience = "public"
grain = ["load_on", "feed", "city_code"]
sources = ["notice 三（三）", "notice 四"]
policy = []

[[columns]]
name = "load_on"
type = "date"
unit = ""
zh = "入库日期"
en = "day of the load"

[[columns]]
name = "feed"
type = "text"
unit = ""
zh = "数据类别"
en = "feed the rows belong to"

[[columns]]
name = "city_code"
type = "text"
unit = ""
zh = "行政区划代码"
en = "division code of the rows' city (GB/T 2260); 000000 where it is not known"

[[columns]]
name = "city_name"
type = "text"
unit = ""
zh = "地区"
en = "name of the city; 未标明 not stated, 省本级 the province's own rows, 省外 outside the province"

[[columns]]
name = "files"
type = "int"
unit = "files"
zh = "文件数"
en = "files loaded that day that hold rows of the feed and city"

[[columns]]
name = "rows_read"
type = "int"
unit = "rows"
zh = "读取行数"
en = "rows read from these files"

[[columns]]
name = "rows_accepted"
type = "int"
unit = "rows"
zh = "接收行数"
en = "rows taken into the lake"

[[columns]]
name = "rows_quarantined"
type = "int"
unit = "rows"
zh = "隔离行数"
en = "rows refused, each kept in quarantine with its reason"

[[columns]]
name = "rows_superseded"
type = "int"
unit = "rows"
zh = "同文件被替代行数"
en = "rows replaced by a later row with the same key in the same file"

[[columns]]
name = "rows_duplicate"
type = "int"
unit = "rows"
zh = "重复行数"
en = "rows already held with the same key and content"

[[columns]]
name = "top_reason"
type = "text"
unit = ""
zh = "首要隔离原因"
en = "most frequent reason code of the quarantined rows, ties by name; empty when none was quarantined"

[[columns]]
name = "newest_record_on"
type = "date"
unit = ""
zh = "最新记录日期"
en = "newest date of a record of the feed and city in all loads up to this day"

[[columns]]
name = "days_silent"
type = "int"
unit = "days"
zh = "距最新记录天数"
en = "days from the newest record to the load day, at least 0; empty when no record was ever loaded"
*/
WITH
load AS (
    SELECT
        l.load_on,
        l.feed,
        COALESCE(l.city_code, '000000') AS city_code,
        l.load_id,
        l.rows_read,
        l.rows_accepted,
        l.rows_quarantined,
        l.rows_superseded,
        l.rows_duplicate,
        l.newest_record_on
    FROM loads AS l
    INNER JOIN elapsed_days AS d ON d.day = l.load_on
),
cell AS (
    SELECT
        load_on,
        feed,
        city_code,
        CAST(COUNT(DISTINCT load_id) AS BIGINT) AS files,
        SUM(rows_read) AS rows_read,
        SUM(rows_accepted) AS rows_accepted,
        SUM(rows_quarantined) AS rows_quarantined,
        SUM(rows_superseded) AS rows_superseded,
        SUM(rows_duplicate) AS rows_duplicate,
        MAX(newest_record_on) AS newest_record_on
    FROM load
    GROUP BY load_on, feed, city_code
),
reason_count AS (
    SELECT load_on, feed, COALESCE(city_code, '000000') AS city_code, reason, 0 - CAST(COUNT(*) AS BIGINT) AS falling
    FROM quarantine
    GROUP BY load_on, feed, COALESCE(city_code, '000000'), reason
),
reason_rank AS (
    SELECT
        load_on,
        feed,
        city_code,
        reason,
        ROW_NUMBER() OVER (PARTITION BY load_on, feed, city_code ORDER BY falling, reason) AS place
    FROM reason_count
),
top_reason AS (
    SELECT load_on, feed, city_code, reason FROM reason_rank WHERE place = 1
),
seen_feed AS (
    SELECT DISTINCT feed FROM cell
),
seen_city AS (
    SELECT DISTINCT feed, city_code FROM cell
),
-- The as-of day has every feed in every city, and whatever other code the feed has ever held.
wanted AS (
    SELECT load_on, feed, city_code FROM cell
    UNION ALL
    SELECT r.as_of AS load_on, f.feed, c.city_code
    FROM seen_feed AS f
    CROSS JOIN run_context AS r
    CROSS JOIN cities AS c
    WHERE c.city_code <> '370000'
    UNION ALL
    SELECT r.as_of AS load_on, s.feed, s.city_code
    FROM seen_city AS s
    CROSS JOIN run_context AS r
),
row_key AS (
    SELECT DISTINCT load_on, feed, city_code FROM wanted
),
dense AS (
    SELECT
        w.load_on,
        w.feed,
        w.city_code,
        COALESCE(k.files, 0) AS files,
        COALESCE(k.rows_read, 0) AS rows_read,
        COALESCE(k.rows_accepted, 0) AS rows_accepted,
        COALESCE(k.rows_quarantined, 0) AS rows_quarantined,
        COALESCE(k.rows_superseded, 0) AS rows_superseded,
        COALESCE(k.rows_duplicate, 0) AS rows_duplicate,
        MAX(k.newest_record_on) OVER (PARTITION BY w.feed, w.city_code ORDER BY w.load_on) AS newest_record_on
    FROM row_key AS w
    LEFT JOIN cell AS k
        ON k.load_on = w.load_on AND k.feed = w.feed AND k.city_code = w.city_code
)
SELECT
    d.load_on,
    d.feed,
    d.city_code,
    CASE
        WHEN d.city_code = '370000' THEN '省本级'
        WHEN c.city_name IS NOT NULL THEN c.city_name
        WHEN d.city_code = '000000' THEN '未标明'
        ELSE '省外'
    END AS city_name,
    d.files,
    d.rows_read,
    d.rows_accepted,
    d.rows_quarantined,
    d.rows_superseded,
    d.rows_duplicate,
    q.reason AS top_reason,
    d.newest_record_on,
    CASE WHEN d.newest_record_on > d.load_on THEN 0 ELSE n.days_ago - l.days_ago END AS days_silent
FROM dense AS d
LEFT JOIN cities AS c ON c.city_code = d.city_code
LEFT JOIN top_reason AS q
    ON q.load_on = d.load_on AND q.feed = d.feed AND q.city_code = d.city_code
LEFT JOIN elapsed_days AS l ON l.day = d.load_on
LEFT JOIN elapsed_days AS n ON n.day = d.newest_record_on
