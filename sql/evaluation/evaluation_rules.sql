/*
title_zh = "综合评价与退出参数"
title_en = "Parameters of the evaluation and of exit on the as-of day"
description_en = """
One row: the parameters in force on the as-of day, those in days turned into the days they mean. Numbers are in millionths, for \
comparisons between integers; those told to readers also as they are written. Numbers of days are whole."""
audience = "intermediate"
grain = ["as_of"]
sources = ["notice 三（三）"]
policy = ["evaluation_min_filed_days", "evaluation_changed_days", "exit_unchanged_days", "exit_rectify_days", "evaluation_min_learners", "evaluation_hours_tolerance", "evaluation_rating_prior", "exit_active_learners", "exit_logged_hours", "exit_changed_share", "exit_process_score", "exit_valid_hour_rate", "exit_objection_days", "exit_span_days", "exit_filed_days"]

[[columns]]
name = "as_of"
type = "date"
unit = ""
zh = "评价基准日"
en = "last day of the window"

[[columns]]
name = "month_before"
type = "date"
unit = ""
zh = "上月评价日"
en = "one month before the as-of date, the month's last day where it has no such day"

[[columns]]
name = "filed_by"
type = "date"
unit = ""
zh = "最迟备案日期"
en = "last filing day of a platform filed long enough to be evaluated"

[[columns]]
name = "changed_from"
type = "date"
unit = ""
zh = "更新认定起始日"
en = "first day of a change that counts as kept up to date"

[[columns]]
name = "unchanged_by"
type = "date"
unit = ""
zh = "不更新认定截止日"
en = "last day of a change that is too long ago"

[[columns]]
name = "warned_by"
type = "date"
unit = ""
zh = "整改期满预警日"
en = "last day of a warning whose time to rectify is over"

[[columns]]
name = "span_from"
type = "date"
unit = ""
zh = "考察期首日"
en = "first day of the last span: its days end with the as-of date"

[[columns]]
name = "span_before_from"
type = "date"
unit = ""
zh = "上一考察期首日"
en = "first day of the span before that one"

[[columns]]
name = "span_filed_by"
type = "date"
unit = ""
zh = "考察期备案截止日"
en = "last filing day with which the last span counts"

[[columns]]
name = "span_before_filed_by"
type = "date"
unit = ""
zh = "上一考察期备案截止日"
en = "last filing day with which the span before counts"

[[columns]]
name = "min_learners_e6"
type = "int"
unit = "persons"
zh = "最少学员人数"
en = "learners needed to be evaluated, in millionths"

[[columns]]
name = "hours_tolerance_e6"
type = "int"
unit = "share"
zh = "课时偏差"
en = "deviation of hours that still matches, in millionths"

[[columns]]
name = "rating_prior_e6"
type = "int"
unit = "ratings"
zh = "先验评分数"
en = "ratings of the mean added to a platform's own, in millionths"

[[columns]]
name = "exit_learners_e6"
type = "int"
unit = "persons"
zh = "活跃学员下限"
en = "active learners of a span below which a platform may be a zombie, in millionths"

[[columns]]
name = "exit_hours_e6"
type = "int"
unit = "hours"
zh = "学习课时下限"
en = "logged hours of a span below which a platform may be a zombie, in millionths"

[[columns]]
name = "exit_changed_e6"
type = "int"
unit = "share"
zh = "更新占比下限"
en = "share of changed items below which courses are stale, in millionths"

[[columns]]
name = "exit_process_e6"
type = "int"
unit = "points"
zh = "过程监管得分下限"
en = "process score below which supervision is weak, in millionths"

[[columns]]
name = "objection_days_e6"
type = "int"
unit = "days"
zh = "异议期"
en = "working days for objections, in millionths"

[[columns]]
name = "exit_span_e6"
type = "int"
unit = "days"
zh = "考察期"
en = "days of a span, in millionths"

[[columns]]
name = "exit_filed_e6"
type = "int"
unit = "days"
zh = "考察前备案天数"
en = "days a platform must have been filed before a span begins, in millionths"

[[columns]]
name = "rectify_days_e6"
type = "int"
unit = "days"
zh = "整改期"
en = "days to rectify, in millionths"

[[columns]]
name = "exit_learners"
type = "float"
unit = "persons"
zh = "活跃学员下限"
en = "active learners of a span below which a platform may be a zombie"

[[columns]]
name = "exit_hours"
type = "float"
unit = "hours"
zh = "学习课时下限"
en = "logged hours of a span below which a platform may be a zombie"

[[columns]]
name = "exit_changed"
type = "float"
unit = "share"
zh = "更新占比下限"
en = "share of changed items below which courses are stale"

[[columns]]
name = "exit_process"
type = "float"
unit = "points"
zh = "过程监管得分下限"
en = "process score below which supervision is weak"

[[columns]]
name = "exit_valid"
type = "float"
unit = "share"
zh = "有效学时率下限"
en = "valid-hour rate below which supervision is weak"
*/
WITH
rule AS (
    SELECT
        r.as_of,
        MAX(CASE WHEN p.parameter = 'evaluation_min_filed_days' THEN d.day END) AS filed_by,
        MAX(CASE WHEN p.parameter = 'evaluation_changed_days' THEN d.day END) AS changed_from,
        MAX(CASE WHEN p.parameter = 'exit_unchanged_days' THEN d.day END) AS unchanged_by,
        MAX(CASE WHEN p.parameter = 'exit_rectify_days' THEN d.day END) AS warned_by,
        MAX(CASE WHEN p.parameter = 'evaluation_min_learners' THEN p.value_e6 END) AS min_learners_e6,
        MAX(CASE WHEN p.parameter = 'evaluation_hours_tolerance' THEN p.value_e6 END) AS hours_tolerance_e6,
        MAX(CASE WHEN p.parameter = 'evaluation_rating_prior' THEN p.value_e6 END) AS rating_prior_e6,
        MAX(CASE WHEN p.parameter = 'exit_active_learners' THEN p.value_e6 END) AS exit_learners_e6,
        MAX(CASE WHEN p.parameter = 'exit_logged_hours' THEN p.value_e6 END) AS exit_hours_e6,
        MAX(CASE WHEN p.parameter = 'exit_changed_share' THEN p.value_e6 END) AS exit_changed_e6,
        MAX(CASE WHEN p.parameter = 'exit_process_score' THEN p.value_e6 END) AS exit_process_e6,
        MAX(CASE WHEN p.parameter = 'exit_objection_days' THEN p.value_e6 END) AS objection_days_e6,
        MAX(CASE WHEN p.parameter = 'exit_span_days' THEN p.value_e6 END) AS exit_span_e6,
        MAX(CASE WHEN p.parameter = 'exit_filed_days' THEN p.value_e6 END) AS exit_filed_e6,
        MAX(CASE WHEN p.parameter = 'exit_rectify_days' THEN p.value_e6 END) AS rectify_days_e6,
        MAX(CASE WHEN p.parameter = 'exit_active_learners' THEN p.value END) AS exit_learners,
        MAX(CASE WHEN p.parameter = 'exit_logged_hours' THEN p.value END) AS exit_hours,
        MAX(CASE WHEN p.parameter = 'exit_changed_share' THEN p.value END) AS exit_changed,
        MAX(CASE WHEN p.parameter = 'exit_process_score' THEN p.value END) AS exit_process,
        MAX(CASE WHEN p.parameter = 'exit_valid_hour_rate' THEN p.value END) AS exit_valid
    FROM policy AS p
    CROSS JOIN run_context AS r
    LEFT JOIN elapsed_days AS d ON d.days_ago * 1000000 = p.value_e6
    WHERE p.city_code = '370000' AND p.valid_from <= r.as_of AND p.valid_until >= r.as_of
    GROUP BY r.as_of
)
SELECT
    u.as_of,
    CAST(u.as_of - INTERVAL '1 month' AS DATE) AS month_before,
    u.filed_by,
    u.changed_from,
    u.unchanged_by,
    u.warned_by,
    a.day AS span_from,
    b.day AS span_before_from,
    c.day AS span_filed_by,
    f.day AS span_before_filed_by,
    u.min_learners_e6,
    u.hours_tolerance_e6,
    u.rating_prior_e6,
    u.exit_learners_e6,
    u.exit_hours_e6,
    u.exit_changed_e6,
    u.exit_process_e6,
    u.objection_days_e6,
    u.exit_span_e6,
    u.exit_filed_e6,
    u.rectify_days_e6,
    u.exit_learners,
    u.exit_hours,
    u.exit_changed,
    u.exit_process,
    u.exit_valid
FROM rule AS u
LEFT JOIN elapsed_days AS a ON (a.days_ago + 1) * 1000000 = u.exit_span_e6
LEFT JOIN elapsed_days AS b ON (b.days_ago + 1) * 1000000 = u.exit_span_e6 * 2
LEFT JOIN elapsed_days AS c ON c.days_ago * 1000000 = u.exit_span_e6 + u.exit_filed_e6
LEFT JOIN elapsed_days AS f ON f.days_ago * 1000000 = u.exit_span_e6 * 2 + u.exit_filed_e6
