"""Indicators of the online process: C01, C03, C04, C05."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from identity import key_hex
from indicators_claims import MILLION, hit
from intervals import Interval, cut_by_day, local_day, union_length
from tables import over_online_cap
from values import SECONDS_OF_CLASS_HOUR
from views_in import Row, Views, grouped

SECOND_US = 1_000_000


def c01(views: Views) -> list[Row]:
    """Completed enrolments with an online share over the cap: H in blended and offline classes, W in online ones."""
    hits: list[Row] = []
    for enrolment in views.completions:
        training = views.classes.get(enrolment["class_id"])
        if training is None or not over_online_cap(views, enrolment):
            continue
        share = enrolment["online_seconds"] / (enrolment["online_seconds"] + enrolment["offline_seconds"])
        strength = "W" if training["mode"] == "online" else "H"
        at_risk = views.at_risk_fen([enrolment["enrolment_id"]])
        cap = views.policy("online_share_cap", enrolment["city_code"], training["start_on"])
        hits.append(hit("C01", "enrolment", enrolment["enrolment_id"], "", strength, share, cap, at_risk))
    return hits


def c03(views: Views) -> list[Row]:
    """Impossible or heavy loads of logged time by person and local day, in 课时: hard by the sum of the sessions, else by their union."""
    cells: dict[tuple[int, date], list[tuple[Interval, str]]] = defaultdict(list)
    for log in views.logs:
        for day, part in cut_by_day(log["started_us"], log["ended_us"]):
            if day <= views.as_of:
                cells[log["person_key"], day].append((part, log["enrolment_id"]))
    hour_us = SECONDS_OF_CLASS_HOUR * SECOND_US
    hard, strong, weak = (views.policy_e6(f"daily_hours_{name}") for name in ("hard", "strong", "weak"))
    hits: list[Row] = []
    for (person, day), parts in cells.items():
        union = union_length(part for part, _ in parts)
        total = sum(max(0, end - start) for (start, end), _ in parts)
        if total * MILLION > hard * hour_us:
            shown = ("H", total / hour_us, hard / MILLION)
        elif union * MILLION > strong * hour_us:
            shown = ("S", union / hour_us, strong / MILLION)
        elif union * MILLION > weak * hour_us:
            shown = ("W", union / hour_us, weak / MILLION)
        else:
            continue
        at_risk = views.at_risk_fen(enrolment for _, enrolment in parts)
        hits.append(hit("C03", "person", key_hex(person), day.isoformat(), *shown, at_risk))
    return hits


@dataclass(frozen=True)
class Presence:
    """A time a person is said to be somewhere: a log, an attendance or an assessment."""

    start: int
    end: int
    source: str
    enrolments: tuple[str, ...]


def _presences(views: Views) -> dict[int, list[Presence]]:
    of_class = grouped(views.enrolments.values(), "class_id", "person_key")
    found: dict[int, list[Presence]] = defaultdict(list)
    for log in views.logs:
        found[log["person_key"]].append(Presence(log["started_us"], log["ended_us"], "log", (log["enrolment_id"],)))
    for row in views.attendance:
        if row["signed_in_us"] is not None and row["signed_out_us"] is not None:
            own = tuple(enrolment["enrolment_id"] for enrolment in of_class.get((row["class_id"], row["person_key"]), []))
            found[row["person_key"]].append(Presence(row["signed_in_us"], row["signed_out_us"], "attendance", own))
    for row in views.assessments:
        if row["started_us"] is not None and row["ended_us"] is not None:
            found[row["person_key"]].append(Presence(row["started_us"], row["ended_us"], "assessment", (row["enrolment_id"],)))
    return found


def c04(views: Views) -> list[Row]:
    """Persons in two places: a logged session that overlaps another, an attendance or an assessment.

    The value is the longest overlap of the day in seconds.
    """
    tolerance = views.policy_e6("overlap_tolerance_seconds")
    days: dict[tuple[int, date], list[tuple[int, tuple[str, ...]]]] = defaultdict(list)
    for person, presences in _presences(views).items():
        ordered = sorted(presences, key=lambda presence: presence.start)
        for place, first in enumerate(ordered):
            for second in ordered[place + 1:]:
                if second.start >= first.end:
                    break
                overlap = min(first.end, second.end) - second.start
                if overlap > tolerance and "log" in (first.source, second.source):
                    day = local_day(second.start)
                    if day <= views.as_of:
                        days[person, day].append((overlap, first.enrolments + second.enrolments))
    return [
        hit("C04", "person", key_hex(person), day.isoformat(), "S", max(overlap for overlap, _ in found) / SECOND_US,
            tolerance / MILLION, views.at_risk_fen(enrolment for _, enrolments in found for enrolment in enrolments))
        for (person, day), found in days.items()
    ]


def supported_us(sessions: list[tuple[str, Interval]], video_seconds: dict[str, int]) -> int:
    """What sessions (item and time) support: the union of all, at most the sum of each item's union capped by its video.

    Items that are not in the courseware have no cap.
    """
    by_item: dict[str, list[Interval]] = defaultdict(list)
    for item, time in sessions:
        by_item[item].append(time)
    capped = 0
    for item, times in by_item.items():
        own = union_length(times)
        capped += min(own, video_seconds[item] * SECOND_US) if item in video_seconds else own
    return min(union_length(time for _, time in sessions), capped)


def c05(views: Views) -> list[Row]:
    """Claimed online hours that logs don't support, or watched faster than the clock.

    Shown: of no log the share 0, of a hard speed the watched time over the clock, else the supported share where that
    is too low, else the speed.
    """
    minimum = views.policy_e6("supported_share_minimum")
    strong, hard = views.policy_e6("watched_ratio_strong"), views.policy_e6("watched_ratio_hard")
    hits: list[Row] = []
    for enrolment_id, enrolment in views.enrolments.items():
        claimed = enrolment["online_seconds"] * SECOND_US
        if claimed <= 0:
            continue
        logs = views.logs_of.get(enrolment_id, [])
        times = [views.study_time(log) for log in logs]
        supported = supported_us([(log["item_id"], time) for log, time in zip(logs, times)], views.video_seconds)
        clock = union_length(times)
        watched = sum(log["watched_seconds"] for log in logs) * SECOND_US
        speed = watched / clock if clock else None
        if not logs:
            shown: tuple[str, float | None, float] = ("H", 0.0, minimum / MILLION)
        elif watched * MILLION > hard * clock:
            shown = ("H", speed, hard / MILLION)
        elif supported * MILLION < minimum * claimed:
            shown = ("S", supported / claimed, minimum / MILLION)
        elif watched * MILLION > strong * clock:
            shown = ("S", speed, strong / MILLION)
        else:
            continue
        hits.append(hit("C05", "enrolment", enrolment_id, "", *shown, views.at_risk_fen([enrolment_id])))
    return hits
