/*
title_zh = "可能的脚本刷课对象的学习日"
title_en = "Days of the persons that c06_players names"
description_en = """
The rows of log_player_day of the persons and platforms of c06_players, up to the as-of date, as far as indicator C06 reads them again, with the \
gap from the last session of a day to the first of the next day that has one."""
audience = "intermediate"
grain = ["person_key", "platform_id", "local_day"]
sources = ["notice 三（三）"]
policy = []

[[columns]]
name = "person_key"
type = "int"
unit = ""
zh = "人员键"
en = "keyed pseudonym of the person in the logs"

[[columns]]
name = "platform_id"
type = "text"
unit = ""
zh = "平台代码"
en = "unified social credit code of the platform that sent the logs (GB 32100)"

[[columns]]
name = "local_day"
type = "date"
unit = ""
zh = "学习日期"
en = "local day on which the sessions started"

[[columns]]
name = "enrolment_id"
type = "text"
unit = ""
zh = "报名编号"
en = "identifier of the enrolment; the first by identifier where there are several"

[[columns]]
name = "last_enrolment_id"
type = "text"
unit = ""
zh = "末位报名编号"
en = "the last by identifier of the enrolments; equal to enrolment_id on nearly all days"

[[columns]]
name = "log_id"
type = "text"
unit = ""
zh = "记录编号"
en = "one session of the day, as evidence: the first by identifier"

[[columns]]
name = "sessions"
type = "int"
unit = "sessions"
zh = "学习次数"
en = "sessions started on the day"

[[columns]]
name = "gap_ms"
type = "int"
unit = "milliseconds"
zh = "间隔合计"
en = "sum of the gaps, each in whole milliseconds and cut to a day either way; empty with one session"

[[columns]]
name = "gap_square_ms2"
type = "int"
unit = "square milliseconds"
zh = "间隔平方和"
en = "sum of the squares of these; empty with one session"

[[columns]]
name = "gap_least_us"
type = "int"
unit = "microseconds"
zh = "最短间隔"
en = "shortest gap, negative for an overlap; empty with one session"

[[columns]]
name = "gap_most_us"
type = "int"
unit = "microseconds"
zh = "最长间隔"
en = "longest gap; empty with one session"

[[columns]]
name = "small_gaps"
type = "int"
unit = "gaps"
zh = "极短间隔数"
en = "gaps shorter than player_small_gap_seconds, overlaps included"

[[columns]]
name = "order_breaks"
type = "int"
unit = "sessions"
zh = "顺序中断次数"
en = "sessions followed by the same item again or by one that stands earlier in the catalogue, and one more where the day begins so after the last"

[[columns]]
name = "night_gap_us"
type = "int"
unit = "microseconds"
zh = "隔日间隔"
en = "gap from the last session of the day before to the first of this day; empty on the first day"
*/
WITH
-- One order of all days instead of one for each person, of whom there are hundreds of thousands: many times faster.
followed AS (
    SELECT
        d.person_key,
        d.platform_id,
        d.local_day,
        d.enrolment_id,
        d.last_enrolment_id,
        d.log_id,
        d.sessions,
        d.gap_ms,
        d.gap_square_ms2,
        d.gap_least_us,
        d.gap_most_us,
        d.small_gaps,
        d.order_breaks,
        d.first_start_us,
        d.first_item_id,
        LAG(d.person_key) OVER in_order AS previous_person_key,
        LAG(d.platform_id) OVER in_order AS previous_platform_id,
        LAG(d.last_end_us) OVER in_order AS previous_end_us,
        LAG(d.last_item_id) OVER in_order AS previous_item_id
    FROM log_player_day AS d
    INNER JOIN c06_players AS p ON p.person_key = d.person_key AND p.platform_id = d.platform_id
    WINDOW in_order AS (ORDER BY d.person_key, d.platform_id, d.local_day)
)
-- What went before counts where it is of the same person and platform.
SELECT
    person_key,
    platform_id,
    local_day,
    enrolment_id,
    last_enrolment_id,
    log_id,
    sessions,
    gap_ms,
    gap_square_ms2,
    gap_least_us,
    gap_most_us,
    small_gaps,
    order_breaks + CASE
        WHEN previous_person_key = person_key AND previous_platform_id = platform_id AND first_item_id <= previous_item_id THEN 1
        ELSE 0
    END AS order_breaks,
    CASE
        WHEN previous_person_key = person_key AND previous_platform_id = platform_id THEN first_start_us - previous_end_us
    END AS night_gap_us
FROM followed
