/*
title_zh = "数据质量日报"
title_en = "Data quality by load day, feed and city"
description_zh = """
各装载日按数据源和市列出的数据接收情况：文件数、读取行数及其去向、最多的隔离原因，以及该市该数据源已多久没有新记录。\
每一行均有：读取行数＝接收行数＋隔离行数＋同文件被替代行数＋重复行数。数据源不载明市的行，以及本身的市读不出的隔离行，\
归入报送该文件的市：按文件路径中的city=文件夹确定，没有的按该文件多数接收行所属的市确定。\
全省（370000）包括除省外区划以外的全部行，因此全省的行数等于各市与000000之和；文件数则不然，\
一个文件在报送的市和其中有数据行的每个市各计一次。统计基准日当天，凡曾装载过的数据源，全省和16个市各有一行，没有来数的为零；\
该数据源曾出现过的省外区划（省外）和不明的市（000000，未标明）也各有一行；以前各日只列有来数的行。\
约定修正后从隔离中重新装载的行，在首次装载日计为隔离，在重新装载日再计一次读取及其去向。"""
description_en = """
What came in on each load day by feed and city: files, rows read and what became of them, the most frequent reason of refusal, and how \
long the city has been silent in the feed. For every row rows_read = rows_accepted + rows_quarantined + rows_superseded + \
rows_duplicate. A row of a feed that names no city, and a refused row whose own city does not read, belong to the city that sent the file: by the city= \
folder of its path, else the city of most of the file's accepted rows. The province (370000) holds every row but those of divisions outside Shandong, \
so its rows are the sum of the cities' and of 000000; files are not, since a file counts once in its sender's city and in each city whose \
rows it holds. The as-of day has the province and the 16 cities for every feed ever loaded, with zeros where nothing came, and each \
division outside Shandong (省外) or unknown city (000000 未标明) that the feed ever held; earlier days have rows where something came. \
Rows that a replay let out of quarantine count as quarantined on the day of their file and once more, as read, on the day of the replay."""
audience = "public"
grain = ["load_on", "feed", "city_code"]
order = ["load_on", "feed", "city_order", "city_code"]
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
en = "division code of the rows' city (GB/T 2260); 370000 the province, 000000 where no city is known"

[[columns]]
name = "city_name"
type = "text"
unit = ""
zh = "地区"
en = "name of the city; 全省 the whole province, 省外 outside the province, 未标明 not stated"

[[columns]]
name = "city_order"
type = "int"
unit = ""
zh = "地区排序"
en = "order of the rows of a feed: 0 the province, 1 to 16 the cities, 17 outside the province, 18 not stated"

[[columns]]
name = "files"
type = "int"
unit = "files"
zh = "文件数"
en = "files loaded that day that the city sent or that hold its rows"

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
en = "days from the newest record to the load day, at least 0; empty when no dated record was ever loaded (or only before 2000)"

[[tests]]
kind = "not_null"
columns = ["load_on", "feed", "city_code", "city_name", "city_order", "files", "rows_read", "rows_accepted", "rows_quarantined", "rows_superseded", "rows_duplicate"]
severity = "error"

[[tests]]
kind = "range"
columns = ["files", "rows_read", "rows_accepted", "rows_quarantined", "rows_superseded", "rows_duplicate", "days_silent"]
least = 0
severity = "error"

[[tests]]
kind = "range"
columns = ["city_order"]
least = 0
most = 18
severity = "error"

[[tests]]
kind = "change"
measure = "sum"
column = "rows_accepted"
by = ["load_on", "feed"]
least = -0.01
ignore_below = 100
severity = "warn"
*/
WITH
load AS (
    SELECT
        l.load_on,
        l.feed,
        COALESCE(l.city_code, '000000') AS city_code,
        l.city_code IS NULL OR c.city_code IS NOT NULL AS in_province,
        l.load_id,
        l.rows_read,
        l.rows_accepted,
        l.rows_quarantined,
        l.rows_superseded,
        l.rows_duplicate,
        l.newest_record_on
    FROM loads AS l
    INNER JOIN elapsed_days AS d ON d.day = l.load_on
    LEFT JOIN cities AS c ON c.city_code = l.city_code
),
-- Every row once in its own area and, unless that lies outside, once in the province.
counted AS (
    SELECT
        load_on,
        feed,
        city_code,
        load_id,
        rows_read,
        rows_accepted,
        rows_quarantined,
        rows_superseded,
        rows_duplicate,
        newest_record_on
    FROM load
    WHERE city_code <> '370000'
    UNION ALL
    SELECT
        load_on,
        feed,
        '370000' AS city_code,
        load_id,
        rows_read,
        rows_accepted,
        rows_quarantined,
        rows_superseded,
        rows_duplicate,
        newest_record_on
    FROM load
    WHERE in_province
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
    FROM counted
    GROUP BY load_on, feed, city_code
),
refused AS (
    SELECT
        q.load_on,
        q.feed,
        COALESCE(q.city_code, '000000') AS city_code,
        q.city_code IS NULL OR c.city_code IS NOT NULL AS in_province,
        q.reason
    FROM quarantine AS q
    LEFT JOIN cities AS c ON c.city_code = q.city_code
),
refused_counted AS (
    SELECT load_on, feed, city_code, reason FROM refused WHERE city_code <> '370000'
    UNION ALL
    SELECT load_on, feed, '370000' AS city_code, reason FROM refused WHERE in_province
),
reason_count AS (
    SELECT load_on, feed, city_code, reason, 0 - CAST(COUNT(*) AS BIGINT) AS falling
    FROM refused_counted
    GROUP BY load_on, feed, city_code, reason
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
seen_area AS (
    SELECT DISTINCT feed, city_code FROM cell
),
-- The as-of day has every feed in every city, and whatever other area the feed has ever held.
wanted AS (
    SELECT load_on, feed, city_code FROM cell
    UNION ALL
    SELECT r.as_of AS load_on, f.feed, c.city_code
    FROM seen_feed AS f
    CROSS JOIN run_context AS r
    CROSS JOIN cities AS c
    UNION ALL
    SELECT r.as_of AS load_on, s.feed, s.city_code
    FROM seen_area AS s
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
        WHEN c.city_name IS NOT NULL THEN c.city_name
        WHEN d.city_code = '000000' THEN '未标明'
        ELSE '省外'
    END AS city_name,
    CASE
        WHEN c.city_order IS NOT NULL THEN c.city_order
        WHEN d.city_code = '000000' THEN 18
        ELSE 17
    END AS city_order,
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
