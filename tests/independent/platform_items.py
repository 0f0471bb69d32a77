"""Raw items of the usage and process dimensions of the platform evaluation, and the two dimension scores."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from indicators_process import SECOND_US, supported_us
from intervals import DAY_US, EPOCH_DAY, SHANGHAI_US, Interval
from views_in import Row, Views, grouped, month_of

#: item -> (dimension, weight, target).
ITEMS: dict[str, tuple[str, int, float]] = {
    "active_learner_share": ("usage", 6, 1.0),
    "logged_hours_per_planned": ("usage", 5, 1.0),
    "months_with_enrolments": ("usage", 4, 1.0),
    "supported_hours_share": ("process", 8, 0.95),
    "face_check_pass_share": ("process", 8, 0.95),
    "valid_hour_rate": ("process", 8, 0.98),
    "timely_upload_share": ("process", 6, 0.95),
}


def a_year_before(day: date) -> date:
    """The same day a year earlier (29 February becomes the 28th)."""
    return day.replace(year=day.year - 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _usage(views: Views, enrolled: list[Row], logs: list[Row]) -> dict[str, float | None]:
    persons = {row["person_key"] for row in enrolled}
    with_log = {log["enrolment_id"] for log in logs}
    active = {row["person_key"] for row in enrolled if row["enrolment_id"] in with_log}
    watched = sum(log["watched_seconds"] for log in logs)
    hours = _ratio(watched, sum(views.classes[row["class_id"]]["planned_online_seconds"] for row in enrolled))
    return {
        "active_learner_share": _ratio(len(active), len(persons)),
        "logged_hours_per_planned": None if hours is None else min(1.0, hours),
        "months_with_enrolments": min(1.0, len({month_of(row["enrolled_on"]) for row in enrolled}) / 12),
    }


def _sessions(views: Views, logs: list[Row], from_us: int | None = None) -> list[tuple[str, Interval]]:
    return [(log["item_id"], views.study_time(log, from_us)) for log in logs]


def _process(views: Views, enrolled: list[Row], logs: list[Row]) -> dict[str, float | None]:
    claimed = [row for row in enrolled if row["online_seconds"] > 0]
    backed = sum(supported_us(_sessions(views, views.logs_of.get(row["enrolment_id"], [])), views.video_seconds) for row in claimed)
    prompts = sum(log["face_prompts"] or 0 for log in logs)
    passed = sum(log["face_passed"] or 0 for log in logs)
    uploaded = [log for log in logs if log["uploaded_us"] is not None]
    timely = [log for log in uploaded if log["uploaded_us"] - log["ended_us"] <= DAY_US]
    return {
        "supported_hours_share": _ratio(backed, sum(row["online_seconds"] for row in claimed) * SECOND_US),
        "face_check_pass_share": (passed / prompts if prompts else 0.0) if logs else None,
        "timely_upload_share": _ratio(len(timely), len(uploaded)),
    }


def valid_hour_rate(views: Views, logs: list[Row], from_us: int) -> float | None:
    """Supported over all session time of a platform's own logs, taking the time inside the window."""
    lengths = valid = 0
    for rows in grouped(logs, "enrolment_id").values():
        sessions = _sessions(views, rows, from_us)
        lengths += sum(max(0, end - start) for _, (start, end) in sessions)
        valid += supported_us(sessions, views.video_seconds)
    return _ratio(valid, lengths)


def platform_scores(views: Views) -> list[Row]:
    """One row a platform: the two dimensions (0 to 100), learners, whether the sample suffices, and the raw items."""
    first = a_year_before(views.as_of)
    from_us = ((first - EPOCH_DAY).days + 1) * DAY_US - SHANGHAI_US
    enrolled: dict[str, list[Row]] = defaultdict(list)
    for row in views.enrolments.values():
        platform = views.classes.get(row["class_id"], {}).get("platform_id")
        if platform and row["enrolled_on"] > first:
            enrolled[platform].append(row)
    logs = grouped([log for log in views.logs if max(log["started_us"], log["ended_us"]) >= from_us], "platform_id")
    table: list[Row] = []
    for org in sorted(views.rows("organizations"), key=lambda row: row["org_id"]):
        if org["org_kind"] != "platform":
            continue
        platform = org["org_id"]
        reaching = logs.get(platform, [])
        started = [log for log in reaching if log["started_us"] >= from_us]
        items = _usage(views, enrolled[platform], started) | _process(views, enrolled[platform], started)
        items["valid_hour_rate"] = valid_hour_rate(views, reaching, from_us)
        learners = len({row["person_key"] for row in enrolled[platform]})
        filed_days = (views.as_of - org["filed_on"]).days if org["filed_on"] else -1
        table.append({"as_of": views.as_of, "platform_id": platform, **dimension_scores(items), "learners": learners,
                      "sample_ok": filed_days >= 90 and learners >= 30, **items})
    return table


def platform_score_details(views: Views) -> list[Row]:
    """The raw items of `platform_scores`, one row an item."""
    return [{"as_of": row["as_of"], "platform_id": row["platform_id"], "item": item, "raw_value": row[item]}
            for row in platform_scores(views) for item in ITEMS]


def dimension_scores(items: dict[str, float | None]) -> dict[str, float | None]:
    """Weighted means of the item scores min(100, ratio / target × 100) over the items that there are."""
    scores: dict[str, float | None] = {}
    for dimension in ("usage", "process"):
        total, weights = 0.0, 0
        for item, (of, weight, target) in ITEMS.items():
            ratio = items[item]
            if of == dimension and ratio is not None:
                total += weight * min(100.0, ratio / target * 100)
                weights += weight
        scores[dimension] = _ratio(total, weights)
    return scores
