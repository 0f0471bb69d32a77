/*
title_zh = "课件更新日期"
title_en = "Last change of every courseware item"
description_en = """
When an item of courseware was last published or changed, of the items published up to the as-of date. Where an item was loaded in several \
versions that have a content hash, only a changed hash is a change, on the day of the load that brought it, and the item's own dates, \
which anyone can touch, count no more than its first publication. Elsewhere the later of published_on and updated_on; an update dated \
after the as-of date has not happened."""
audience = "intermediate"
grain = ["item_id"]
sources = ["notice 三（三）"]
policy = []

[[columns]]
name = "item_id"
type = "text"
unit = ""
zh = "课件编号"
en = "identifier of the learning item"

[[columns]]
name = "platform_id"
type = "text"
unit = ""
zh = "平台代码"
en = "unified social credit code of the platform (GB 32100)"

[[columns]]
name = "course_id"
type = "text"
unit = ""
zh = "课程编号"
en = "identifier of the course"

[[columns]]
name = "occupation_code"
type = "text"
unit = ""
zh = "职业编码"
en = "occupation of the item"

[[columns]]
name = "changed_on"
type = "date"
unit = ""
zh = "更新日期"
en = "day of the last publication or change"

[[columns]]
name = "by_content"
type = "bool"
unit = ""
zh = "是否按内容比对"
en = "whether versions of the item were compared by content hash; false: by its dates"

[[columns]]
name = "versions"
type = "int"
unit = "versions"
zh = "版本数"
en = "versions loaded up to the as-of date"
*/
WITH
load AS (
    SELECT DISTINCT l.load_seq, l.load_on
    FROM loads AS l
    INNER JOIN elapsed_days AS d ON d.day = l.load_on
    WHERE l.feed = 'courseware'
),
-- Of several lines of one file the last stands.
version AS (
    SELECT
        v.item_id,
        v.published_on,
        v.content_hash,
        v._load_seq AS load_seq,
        l.load_on,
        ROW_NUMBER() OVER (PARTITION BY v.item_id, v._load_seq ORDER BY v._line DESC) AS place
    FROM courseware_versions AS v
    INNER JOIN load AS l ON l.load_seq = v._load_seq
),
step AS (
    SELECT
        item_id,
        published_on,
        content_hash,
        load_on,
        LAG(content_hash) OVER (PARTITION BY item_id ORDER BY load_seq) AS earlier_hash
    FROM version
    WHERE place = 1
),
history AS (
    SELECT
        item_id,
        COUNT(*) AS versions,
        MIN(published_on) AS first_published_on,
        MAX(CASE WHEN content_hash <> earlier_hash THEN load_on END) AS content_changed_on,
        MAX(CASE WHEN content_hash IS NOT NULL AND earlier_hash IS NOT NULL THEN 1 ELSE 0 END) AS compared
    FROM step
    GROUP BY item_id
)
SELECT
    w.item_id,
    w.platform_id,
    w.course_id,
    w.occupation_code,
    CASE
        WHEN h.compared = 1 THEN GREATEST(h.first_published_on, COALESCE(h.content_changed_on, h.first_published_on))
        WHEN w.updated_on <= r.as_of THEN GREATEST(w.published_on, w.updated_on)
        ELSE w.published_on
    END AS changed_on,
    COALESCE(h.compared = 1, FALSE) AS by_content,
    COALESCE(h.versions, 0) AS versions
FROM courseware AS w
CROSS JOIN run_context AS r
LEFT JOIN history AS h ON h.item_id = w.item_id
WHERE w.published_on <= r.as_of
