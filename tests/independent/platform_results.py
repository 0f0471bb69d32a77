"""Raw items of the resources, outcome, service and compliance dimensions of the platform evaluation."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from math import sqrt
from typing import Any

from identity import key_hex
from intervals import local_day
from platform_items import Items, Platform, Window, ratio
from views_in import Row, Views, grouped, stands

CHANGED_DAYS, HOURS_TOLERANCE, RATING_PRIOR, Z = 365, 50, 20, 1.959963984540054


def is_listed(row: Row, on: date) -> bool:
    """Whether an entry of the directory of platforms stands on a day."""
    return bool(row["listed_on"] <= on and (row["delisted_on"] is None or on < row["delisted_on"]))


def is_filed(row: Row, on: date) -> bool:
    """Whether an organisation's filing stands on a day."""
    if row["filed_on"] is None or row["filed_on"] > on or (row["removed_on"] is not None and row["removed_on"] <= on):
        return False
    return row["filed_until"] is None or bool(on <= row["filed_until"])


def changes(views: Views) -> dict[str, list[tuple[date, Row]]]:
    """By platform, its items published by as-of, each with the day it last changed.

    Between versions with a digest only another digest is a change, on the day of its load; else the item's own dates.
    """
    versions = grouped([row for row in views.rows("courseware_versions") if row["load_on"] <= views.as_of], "item_id")
    found: dict[str, list[tuple[date, Row]]] = defaultdict(list)
    for item in views.rows("courseware"):
        if item["published_on"] > views.as_of:
            continue
        loads = sorted(versions.get(item["item_id"], []), key=lambda row: row["load_seq"])
        pairs = [(old, new) for old, new in zip(loads, loads[1:]) if old["content_hash"] and new["content_hash"]]
        if pairs:
            days = [row["published_on"] for row in loads]
            changed = [new["load_on"] for old, new in pairs if old["content_hash"] != new["content_hash"]]
            last = max([min(days), *changed])
        else:
            dates = [item["published_on"], item["updated_on"]]
            last = max(day for day in dates if day and day <= views.as_of)
        found[item["platform_id"]].append((last, item))
    return found


class Results:
    """What the four dimensions need of all platforms at once."""

    def __init__(self, views: Views, window: Window, hits: list[Row] | None) -> None:
        self._views, self._window, self._hits = views, window, hits
        self.changes = changes(views)
        self._listed = [row for row in views.rows("platform_directory") if is_listed(row, views.as_of)]
        self._feedback = grouped([row for row in views.rows("feedback") if window.has(row["occurred_on"])], "org_id")
        self._findings = grouped([row for row in views.rows("findings") if window.has(row["decided_on"]) and row["confirmed"]], "org_id")
        platforms = {row["org_id"] for row in views.rows("organizations") if row["org_kind"] == "platform"}
        self._ratings = [row["value"] for org in platforms for row in self._feedback.get(org, []) if row["kind"] == "rating"]
        self._attended = {(row["class_id"], row["person_key"]) for row in views.attendance}
        self._assessments = grouped(views.assessments, "enrolment_id")
        self._directory = grouped([row for row in views.rows("training_directory") if stands(row, views.as_of)], "city_code")

    def findings(self, platform: Platform) -> list[Row]:
        """Confirmed findings of the window."""
        return self._findings.get(platform.name, [])

    def resources(self, platform: Platform) -> Items:
        """Changed items, occupations offered, courses whose hours match."""
        views, items = self._views, self.changes.get(platform.name, [])
        fresh = [item for day, item in items if (views.as_of - day).days <= CHANGED_DAYS]
        cities = {row["city_code"] for row in self._listed if row["platform_id"] == platform.name}
        wanted = {row["occupation_code"] for city in cities for row in self._directory.get(city, [])}
        claimed: dict[str, int] = {}
        for row in platform.enrolled(self._window):
            if row["course_id"] is not None:
                claimed[row["course_id"]] = max(claimed.get(row["course_id"], 0), row["online_seconds"])
        lengths: dict[str, dict[str, int]] = defaultdict(dict)
        for _, item in items:
            content = f"hash {item['content_hash']}" if item["content_hash"] else f"item {item['item_id']}"
            course = lengths[item["course_id"]]
            course[content] = max(course.get(content, 0), item["video_seconds"])
        compared = [(claimed[course], sum(contents.values())) for course, contents in lengths.items() if course in claimed]
        matching = [1 for hours, length in compared if abs(hours - length) * HOURS_TOLERANCE <= length]
        return {
            "changed_item_share": ratio(len(fresh), len(items)),
            "occupation_breadth": ratio(len({item["occupation_code"] for _, item in items}), len(wanted)),
            "hours_match_share": ratio(len(matching), len(compared)),
        }

    def outcome(self, platform: Platform) -> Items:
        """Completions, passes, certificates, learners who went on to the offline part."""
        window, enrolled = self._window, platform.enrolled(self._window)
        completed = [row for row in platform.enrolments if window.has(row["completed_on"])]
        own = [row["enrolment_id"] for row in platform.enrolments]
        held = [row for enrolment in own for row in self._assessments.get(enrolment, []) if window.has(_assessed_on(row))]
        blended = [row for row in enrolled if self._views.classes[row["class_id"]]["mode"] == "blended"]
        went_on = {row["person_key"] for row in blended if (row["class_id"], row["person_key"]) in self._attended}
        certified = [row for row in completed if row["enrolment_id"] in self._views.certificates_of]
        return {
            "completion_rate": ratio(len(completed), len(enrolled)),
            "pass_rate_lower_bound": wilson_lower(sum(1 for row in held if row["passed"]), len(held)),
            "certificate_rate": ratio(len(certified), len(completed)),
            "offline_continuation_rate": ratio(len(went_on), len({row["person_key"] for row in blended})),
        }

    def service(self, platform: Platform) -> Items:
        """Ratings, upheld complaints, call-backs."""
        told = self._feedback.get(platform.name, [])

        def values(kind: str) -> list[float]:
            return [row["value"] for row in told if row["kind"] == kind]

        rated, answers = values("rating"), values("callback")
        learners = len({row["person_key"] for row in platform.enrolled(self._window)})
        rating = None
        if rated:
            mean = sum(self._ratings) / len(self._ratings)
            rating = (sum(rated) + RATING_PRIOR * mean) / (len(rated) + RATING_PRIOR)
        return {
            "rating": rating,
            "upheld_complaints": ratio(1000 * values("complaint").count(1), learners),
            "callback_attended_share": ratio(answers.count(1), answers.count(1) + answers.count(0)),
        }

    def compliance(self, platform: Platform) -> Items:
        """Hard hits, refunds, filing and directory; the first only where hits are given."""
        refunds = [row["refunded"] for row in self.findings(platform) if row["refunded"] is not None]
        listed = any(row["platform_id"] == platform.name for row in self._listed)
        return self._hard_hits(platform) | {
            "refunds_completed_share": ratio(refunds.count(True), len(refunds)),
            "filing_valid": (is_filed(platform.row, self._views.as_of) + listed) / 2,
        }

    def _hard_hits(self, platform: Platform) -> Items:
        if self._hits is None:
            return {}
        claims = {
            claim["claim_id"] for row in platform.enrolments for claim in self._views.claims_of.get(row["enrolment_id"], [])
            if self._window.has(claim["claimed_on"])
        }
        enrolled = {row["enrolment_id"] for row in platform.enrolled(self._window)}
        hits = [hit for hit in self._hits if hit["claims"] & claims or hit["enrolments"] & enrolled]
        return {"hard_hit_rate": ratio(1000 * len(hits), len(claims))}


def _assessed_on(row: Row) -> date | None:
    moment = row["started_us"] if row["started_us"] is not None else row["ended_us"]
    return None if moment is None else local_day(moment)


def wilson_lower(passed: int, number: int) -> float | None:
    """The lower end of the Wilson 95 % interval."""
    if not number:
        return None
    share, z2 = passed / number, Z * Z
    middle, half = share + z2 / (2 * number), Z * sqrt(share * (1 - share) / number + z2 / (4 * number * number))
    return max(0.0, (middle - half) / (1 + z2 / number))


def hard_hits(views: Views, hits: list[Row]) -> list[Row]:
    """Hard leads, each with the claim it is about, or else the enrolments it concerns."""
    persons = grouped(views.enrolments.values(), "person_key")
    by_hex = {key_hex(person): rows for person, rows in persons.items()}
    finder = _Finder(views, by_hex)
    return [
        hit | {"claims": {hit["entity_id"]} if hit["entity_kind"] == "claim" else set(),
               "enrolments": set() if hit["entity_kind"] == "claim" else finder.enrolments(hit)}
        for hit in hits if hit["strength"] == "H" and hit["status"] != "cleared" and not hit["suppressed"]
    ]


class _Finder:
    """The enrolments that a lead concerns: the entity's own, else those of the records of evidence."""

    def __init__(self, views: Views, by_hex: dict[str, list[Row]]) -> None:
        self._views, self._by_hex = views, by_hex
        self._of_record: dict[str, dict[str, str]] = {
            "claims": {row["claim_id"]: row["enrolment_id"] for row in views.claims},
            "assessments": {row["assessment_id"]: row["enrolment_id"] for row in views.assessments},
            "feedback": {row["feedback_id"]: row["enrolment_id"] for row in views.rows("feedback")},
            "study_logs": {row["log_id"]: row["enrolment_id"] for row in views.logs},
            "certificates": {f"{row['certificate_no']}|{row['enrolment_id']}": row["enrolment_id"] for row in views.certificates},
            "enrolments": {name: name for name in views.enrolments},
        }
        self._attendance = {row["attendance_id"]: row for row in views.attendance}
        self._accounts = grouped([row for row in views.claims if row["account_key"] is not None and row["payee_kind"] == "person"
                                  and row["status"] != "rejected"], "account_key")

    def enrolments(self, hit: Row) -> set[str]:
        """By kind of entity."""
        kind, name = hit["entity_kind"], hit["entity_id"]
        of_class = self._views.enrolments_of_class
        if kind == "enrolment":
            return {name}
        if kind == "class":
            return {row["enrolment_id"] for row in of_class.get(name, [])}
        if kind == "account":
            return {row["enrolment_id"] for key, rows in self._accounts.items() if key_hex(key) == name for row in rows}
        own = self._by_hex.get(name.split("|")[0], []) if kind.startswith("person") else []
        if kind == "person" and len(hit["period"]) == 10:
            day = date.fromisoformat(hit["period"])
            return {row["enrolment_id"] for row in own if self._studied(row["enrolment_id"], day)} | self._of_evidence(hit, own, False)
        return self._of_evidence(hit, own, True)

    def _studied(self, enrolment: str, day: date) -> bool:
        logs = self._views.logs_of.get(enrolment, [])
        return any(local_day(log["started_us"]) <= day <= local_day(max(log["started_us"], log["ended_us"] - 1)) for log in logs)

    def _of_evidence(self, hit: Row, own: list[Row], with_logs: bool) -> set[str]:
        found: set[Any] = set()
        for record in hit["evidence"] or []:
            feed, key = record.split(":", 1)
            if feed == "classes":
                found |= {row["enrolment_id"] for row in own or self._views.enrolments_of_class.get(key, []) if row["class_id"] == key}
            elif feed == "attendance" and key in self._attendance:
                found |= self._views.enrolments_present([self._attendance[key]])
            elif feed != "study_logs" or with_logs:
                found.add(self._of_record.get(feed, {}).get(key))
        return found & set(self._views.enrolments)
