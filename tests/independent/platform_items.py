"""Raw items of the usage and process dimensions of the platform evaluation, and what all items share."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from indicators_process import SECOND_US, supported_us
from intervals import DAY_US, EPOCH_DAY, SHANGHAI_US, Interval
from views_in import Row, Views, grouped, month_of, months_later

Items = dict[str, float | None]


def a_year_before(day: date) -> date:
    """The same day a year earlier (29 February becomes the 28th)."""
    return day.replace(year=day.year - 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)


def ratio(part: float, whole: float) -> float | None:
    """A share; none where there is nothing below the line."""
    return part / whole if whole else None


def day_start_us(day: date) -> int:
    """Local midnight with which a day begins."""
    return (day - EPOCH_DAY).days * DAY_US - SHANGHAI_US


@dataclass(frozen=True)
class Window:
    """The 12 months to a day."""

    last: date

    @property
    def first(self) -> date:
        """The first of its days."""
        return a_year_before(self.last) + timedelta(days=1)

    @property
    def from_us(self) -> int:
        """The moment at which it begins."""
        return day_start_us(self.first)

    @property
    def end_us(self) -> int:
        """The moment before which it ends."""
        return day_start_us(self.last) + DAY_US

    def has(self, day: date | None) -> bool:
        """Whether a day lies in it."""
        return day is not None and self.first <= day <= self.last


def windows(views: Views) -> tuple[Window, Window]:
    """The window of the evaluation, and that of one month earlier."""
    return Window(views.as_of), Window(months_later(views.as_of, -1))


@dataclass(frozen=True)
class Platform:
    """A platform with its enrolments (through its classes) and the logs it sent, whenever they were."""

    row: Row
    enrolments: list[Row]
    logs: list[Row]

    @property
    def name(self) -> str:
        """Its code."""
        return str(self.row["org_id"])

    def enrolled(self, window: Window) -> list[Row]:
        """Enrolments of a window."""
        return [row for row in self.enrolments if window.has(row["enrolled_on"])]

    def started(self, window: Window) -> list[Row]:
        """Logs started in a window."""
        return [log for log in self.logs if window.from_us <= log["started_us"] < window.end_us]


def platforms(views: Views) -> list[Platform]:
    """Every platform on record."""
    enrolments: dict[str, list[Row]] = defaultdict(list)
    for row in views.enrolments.values():
        platform = views.classes.get(row["class_id"], {}).get("platform_id")
        if platform:
            enrolments[platform].append(row)
    logs = grouped(views.logs, "platform_id")
    orgs = sorted((row for row in views.rows("organizations") if row["org_kind"] == "platform"), key=lambda row: row["org_id"])
    return [Platform(row, enrolments[row["org_id"]], logs.get(row["org_id"], [])) for row in orgs]


def usage(views: Views, platform: Platform, window: Window) -> Items:
    """Learners with a log, watched hours against those planned, months with enrolments."""
    enrolled, logs = platform.enrolled(window), platform.started(window)
    persons = {row["person_key"] for row in enrolled}
    with_log = {log["enrolment_id"] for log in logs}
    active = {row["person_key"] for row in enrolled if row["enrolment_id"] in with_log}
    watched = sum(log["watched_seconds"] for log in logs)
    hours = ratio(watched, sum(views.classes[row["class_id"]]["planned_online_seconds"] for row in enrolled))
    return {
        "active_learner_share": ratio(len(active), len(persons)),
        "logged_hours_per_planned": None if hours is None else min(1.0, hours),
        "months_with_enrolments": min(1.0, len({month_of(row["enrolled_on"]) for row in enrolled}) / 12),
    }


def _times(logs: list[Row], from_us: int, end_us: int) -> list[tuple[str, Interval]]:
    return [(log["item_id"], (max(log["started_us"], from_us), min(log["ended_us"], end_us))) for log in logs]


def process(views: Views, platform: Platform, window: Window) -> Items:
    """Supported hours, face checks, valid hours and uploads, as they stood on the window's last day."""
    logs = platform.started(window)
    claimed = [row for row in platform.enrolled(window) if row["online_seconds"] > 0]
    backed = 0
    for row in claimed:
        own = [log for log in views.logs_of.get(row["enrolment_id"], []) if log["started_us"] < window.end_us]
        backed += supported_us(_times(own, -(2**62), window.end_us), views.video_seconds)
    prompts = sum(log["face_prompts"] or 0 for log in logs)
    passed = sum(log["face_passed"] or 0 for log in logs)
    uploaded = [log for log in logs if log["uploaded_us"] is not None]
    timely = [log for log in uploaded if log["uploaded_us"] - log["ended_us"] <= DAY_US]
    return {
        "supported_hours_share": ratio(backed, sum(row["online_seconds"] for row in claimed) * SECOND_US),
        "face_check_pass_share": (passed / prompts if prompts else 0.0) if logs else None,
        "valid_hour_rate": _valid_hour_rate(views, platform.logs, window),
        "timely_upload_share": ratio(len(timely), len(uploaded)),
    }


def rejected_us(views: Views, logs: list[Row], window: Window) -> dict[str, tuple[int, int]]:
    """By enrolment, the session time of some logs inside a window, and how much of it is supported."""
    found: dict[str, tuple[int, int]] = {}
    reaching = [log for log in logs if log["started_us"] < window.end_us and max(log["started_us"], log["ended_us"]) >= window.from_us]
    for enrolment, rows in grouped(reaching, "enrolment_id").items():
        sessions = _times(rows, window.from_us, window.end_us)
        found[enrolment] = (sum(max(0, end - start) for _, (start, end) in sessions), supported_us(sessions, views.video_seconds))
    return found


def _valid_hour_rate(views: Views, logs: list[Row], window: Window) -> float | None:
    """Supported over all session time of a platform's own logs, taking the time inside the window."""
    parts = rejected_us(views, logs, window).values()
    return ratio(sum(valid for _, valid in parts), sum(length for length, _ in parts))
