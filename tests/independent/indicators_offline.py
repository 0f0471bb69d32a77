"""Indicators of offline classes: D01, D02, D03, D04, D05."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from statistics import mean, stdev

from identity import is_placeholder
from indicators_claims import lead
from intervals import union_length
from values import SECONDS_OF_CLASS_HOUR
from views_in import Row, Views, grouped, stands

SECOND_US = 1_000_000
TEACHING_HOURS, PERCENT_WITHOUT_TEACHER = 10, 5
FROZEN_PERSONS, FROZEN_DAYS, FROZEN_SD, FROZEN_ORDER = 20, 5, 60, 0.8
CLASS_CAP, HOURS_OF_DAY, FULL_CLASSES = 50, 8, 10


def _d01(views: Views, kind: str, entity: str, period: str, strength: str, rows: list[Row]) -> Row:
    """A hit of D01; at risk are the enrolments of the persons in the rows."""
    return lead("D01", kind, entity, period, strength, views.at_risk_fen(views.enrolments_present(rows)))


def _named(value: str | None) -> bool:
    """Whether a field names something: neither empty nor a placeholder (one repeated digit, a run like 123456)."""
    return value is not None and not is_placeholder(value)


def _slot(day: date, slot: str) -> str:
    return f"{day.isoformat()}|{slot}"


def _in_two_places(views: Views) -> list[Row]:
    """One teacher in two rooms, two classes in one room, in one slot."""
    hits: list[Row] = []
    for kind, other in (("teacher", "room_id"), ("room", "class_id")):
        for (entity, day, slot), rows in grouped(views.attendance, f"{kind}_id", "session_on", "slot").items():
            if _named(entity) and len({row[other] for row in rows if _named(row[other])}) > 1:
                hits.append(_d01(views, kind, entity, _slot(day, slot), "H", rows))
    return hits


def _long_days(views: Views) -> list[Row]:
    """Teachers whose sessions of a day, first sign-in to last sign-out, cover more than ten hours."""
    hits: list[Row] = []
    for (teacher, day), rows in grouped(views.attendance, "teacher_id", "session_on").items():
        if not _named(teacher):
            continue
        sessions = []
        for session in grouped(rows, "class_id", "slot").values():
            ins = [row["signed_in_us"] for row in session if row["signed_in_us"] is not None]
            outs = [row["signed_out_us"] for row in session if row["signed_out_us"] is not None]
            if ins and outs:
                sessions.append((min(ins), max(outs)))
        if union_length(sessions) > TEACHING_HOURS * SECONDS_OF_CLASS_HOUR * SECOND_US:
            hits.append(_d01(views, "teacher", teacher, day.isoformat(), "S", rows))
    return hits


def d01(views: Views) -> list[Row]:
    """Teachers and rooms in two places, long days, sessions without teacher by organisation, more heads than places."""
    hits = _in_two_places(views) + _long_days(views)
    held: Counter[str] = Counter()
    without: dict[str, list[list[Row]]] = defaultdict(list)
    for (class_id, day, slot), rows in grouped(views.attendance, "class_id", "session_on", "slot").items():
        training = views.classes.get(class_id)
        if training is None:
            continue
        held[training["org_id"]] += 1
        if not any(_named(row["teacher_id"]) for row in rows):
            without[training["org_id"]].append(rows)
        if training["capacity"] is not None and len({row["person_key"] for row in rows}) > training["capacity"]:
            hits.append(_d01(views, "class", class_id, _slot(day, slot), "S", rows))
    for org, sessions in without.items():
        if 100 * len(sessions) > PERCENT_WITHOUT_TEACHER * held[org]:
            hits.append(_d01(views, "org", org, "", "S", [row for rows in sessions for row in rows]))
    return hits


def _sign_ins(rows: list[Row]) -> dict[int, int]:
    """The first sign-in of each person who signed in."""
    found: dict[int, int] = {}
    for row in rows:
        at = row["signed_in_us"]
        if at is not None:
            found[row["person_key"]] = min(at, found.get(row["person_key"], at))
    return found


def d02(views: Views) -> list[Row]:
    """Classes in which everybody signed in every slot, within seconds or in the same order nearly every day.

    The order of a day is that of its first sign-ins, of the same moment by the text of the key.
    """
    hits: list[Row] = []
    for class_id, rows in grouped(views.attendance, "class_id").items():
        enrolments = views.enrolments_of_class.get(class_id, [])
        slots = [_sign_ins(found) for found in grouped(rows, "session_on", "slot").values()]
        days = [_sign_ins(found) for found in grouped(rows, "session_on").values()]
        persons = {person for slot in slots for person in slot}
        whole = max(len(persons), len({row["person_key"] for row in enrolments}))
        if whole < FROZEN_PERSONS or len(days) < FROZEN_DAYS or any(len(slot) < whole for slot in slots):
            continue
        spread = mean(stdev(at / SECOND_US for at in slot.values()) for slot in slots)
        orders = Counter(tuple(sorted(day, key=lambda person: (day[person], str(person)))) for day in days)
        if spread < FROZEN_SD or max(orders.values()) >= FROZEN_ORDER * len(days):
            at_risk = views.at_risk_fen(row["enrolment_id"] for row in enrolments)
            hits.append(lead("D02", "class", class_id, "", "S", at_risk))
    return hits


def d03(views: Views) -> list[Row]:
    """One photo for two classes or two dates."""
    hits: list[Row] = []
    for photo, rows in grouped(views.attendance, "photo_hash").items():
        if _named(photo) and (len({row["class_id"] for row in rows}) > 1 or len({row["session_on"] for row in rows}) > 1):
            hits.append(lead("D03", "photo", photo, "", "H", views.at_risk_fen(views.enrolments_present(rows))))
    return hits


def d04(views: Views) -> list[Row]:
    """Classes too large or with more hours than their days can hold (H); full classes of an organisation whose are nearly all full (W).

    The hours are the most that an enrolment of the class has that is completed, or any once the class is over.
    """
    held = {class_id: {row["session_on"] for row in rows} for class_id, rows in grouped(views.attendance, "class_id").items()}
    classes = [row for row in views.classes.values() if row["mode"] != "online" and row["start_on"] <= views.as_of]
    learners = {row["class_id"]: len({found["person_key"] for found in views.enrolments_of_class.get(row["class_id"], [])}) for row in classes}
    full: set[str] = set()
    for own in grouped(classes, "org_id").values():
        near = {row["class_id"] for row in own if abs(learners[row["class_id"]] - CLASS_CAP) <= 1}
        if len(own) >= FULL_CLASSES and 10 * len(near) >= 8 * len(own):
            full |= near
    hits: list[Row] = []
    for row in classes:
        class_id = row["class_id"]
        enrolments = views.enrolments_of_class.get(class_id, [])
        over = row["end_on"] <= views.as_of
        hours = max((found["offline_seconds"] for found in enrolments if over or found["completed_on"]), default=0)
        day_seconds = len(held.get(class_id, ())) * HOURS_OF_DAY * SECONDS_OF_CLASS_HOUR
        hard = (
            row["capacity"] is not None and learners[class_id] > row["capacity"]
            or learners[class_id] > CLASS_CAP
            or hours > day_seconds
        )
        if hard or class_id in full:
            at_risk = views.at_risk_fen(found["enrolment_id"] for found in enrolments)
            hits.append(lead("D04", "class", class_id, "", "H" if hard else "W", at_risk))
    return hits


def _filed(row: Row, on: date) -> bool:
    """Whether an organisation is filed on a day; on the day of its removal it no longer is."""
    return bool(
        row["filed_on"] and row["filed_on"] <= on
        and (row["filed_until"] is None or on <= row["filed_until"])
        and (row["removed_on"] is None or on < row["removed_on"])
    )


def d05(views: Views) -> list[Row]:
    """Trainings outside the training directory, on a platform outside the city's directory, or by an organisation not filed."""
    directory = grouped(views.rows("training_directory"), "org_id", "city_code", "occupation_code", "skill_level")
    platforms = grouped(views.rows("platform_directory"), "platform_id", "city_code")
    orgs = grouped(views.rows("organizations"), "org_id")
    hits: list[Row] = []
    for class_id, enrolments in views.enrolments_of_class.items():
        training = views.classes.get(class_id)
        if training is None or training["start_on"] > views.as_of:
            continue
        on, city = training["start_on"], training["city_code"]
        cell = (training["org_id"], city, training["occupation_code"], training["skill_level"])
        listed = any(stands(row, on) for row in directory.get(cell, []))
        on_platform = training["platform_id"] is None or any(
            row["listed_on"] <= on and (row["delisted_on"] is None or on < row["delisted_on"])
            for row in platforms.get((training["platform_id"], city), [])
        )
        if not (listed and on_platform and any(_filed(row, on) for row in orgs.get(training["org_id"], []))):
            hits += [lead("D05", "enrolment", row["enrolment_id"], "", "H", views.at_risk_fen([row["enrolment_id"]])) for row in enrolments]
    return hits
