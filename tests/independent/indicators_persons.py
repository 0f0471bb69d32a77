"""Indicators of who was enrolled: A02, A03, A04, A07, A08, A09."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter, defaultdict
from datetime import date
from itertools import combinations
from statistics import mean, stdev
from typing import Iterable

from identity import key_hex
from indicators_claims import lead
from tables_trainings import age_on
from views_in import TRAINING_KINDS, Row, Views, grouped, months_later, stands

#: The notice's groups that may have a living allowance.
ALLOWANCE_GROUPS = frozenset(
    {"registered_poor", "hard_to_employ", "zero_employment_family", "rural_school_leaver", "urban_allowance_leaver"}
)
YOUNGEST, OLDEST = 16, {"male": 60, "female": 55}
COHORT_PERSONS, COHORT_SD, COHORT_MEAN, COHORT_MONTHS, COHORT_RUN = 15, 1.5, 20, 24, 5
DAYS_OF_YEAR = 365.2425
SHARES = frozenset({"platform_share", "offline_share"})


def a02(views: Views) -> list[Row]:
    """One number with several names, several numbers of one name, birth date and phone, or an old number beside its new form.

    Every number of such a person is shown.
    """
    persons = grouped(views.enrolments.values(), "person_key")
    twins: dict[tuple[int, date, int], set[int]] = defaultdict(set)
    for row in views.enrolments.values():
        if row["name_key"] is not None and row["birth_on"] and row["phone_key"] is not None:
            twins[row["name_key"], row["birth_on"], row["phone_key"]].add(row["person_key"])
    doubled = {person for keys in twins.values() if len(keys) > 1 for person in keys}
    for row in views.enrolments.values():
        if row["modern_key"] in persons:
            doubled |= {row["person_key"], row["modern_key"]}
    hits: list[Row] = []
    for person, rows in persons.items():
        names = {row["name_key"] for row in rows} - {None}
        if len(names) > 1 or person in doubled:
            at_risk = views.at_risk_fen(row["enrolment_id"] for row in rows)
            hits.append(lead("A02", "person", key_hex(person), "", "S", at_risk))
    return hits


def a03(views: Views) -> list[Row]:
    """Under 16 at class start, or a living allowance outside the five groups (H); men over 60, women over 55 (W)."""
    hits: list[Row] = []
    for enrolment_id, row in views.enrolments.items():
        training = views.classes.get(row["class_id"])
        begun = training and training["start_on"] <= views.as_of
        age = age_on(row["birth_on"], training["start_on"]) if training and begun and row["birth_on"] else None
        allowed = row["learner_group"] in ALLOWANCE_GROUPS or not any(
            claim["kind"] == "living_allowance" and claim["status"] != "rejected" for claim in views.claims_of.get(enrolment_id, [])
        )
        hard = not allowed or age is not None and age < YOUNGEST
        if hard or age is not None and age > OLDEST[row["sex"]]:
            hits.append(lead("A03", "enrolment", enrolment_id, "", "H" if hard else "W", views.at_risk_fen([enrolment_id])))
    return hits


def _excluded(status: Row, group: str, start: date) -> bool:
    """Whether an entry of a register excludes a person of a group from a class of that start."""
    if status["status"] == "deceased":
        return bool(status["valid_from"] <= start)
    if status["status"] == "insured":
        last = start.replace(day=monthrange(start.year, start.month)[1])
        overlaps = status["valid_from"] <= last and (status["valid_until"] is None or status["valid_until"] >= start.replace(day=1))
        return bool(group == "unemployed" and overlaps)
    graduates = status["status"] == "student" and group == "graduate" and status["valid_until"] is not None \
        and status["valid_until"].year == start.year
    return stands(status, start) and not graduates


def a04(views: Views) -> list[Row]:
    """Dead, on a pension, at school, on the public payroll or in custody at class start, or insured while unemployed."""
    entries = grouped((row for row in views.rows("person_status") if row["valid_from"] <= views.as_of), "person_key")
    hits: list[Row] = []
    for enrolment_id, row in views.enrolments.items():
        training = views.classes.get(row["class_id"])
        start = training["start_on"] if training else None
        own = entries.get(row["person_key"], [])
        if start and start <= views.as_of and any(_excluded(entry, row["learner_group"], start) for entry in own):
            hits.append(lead("A04", "enrolment", enrolment_id, "", "H", views.at_risk_fen([enrolment_id])))
    return hits


def _split(views: Views, one: Row, other: Row) -> bool:
    """Whether two claims are the platform's and the offline share of one occupation and level."""
    first, second = views.class_of_claim(one), views.class_of_claim(other)
    return bool(first and second and {one["kind"], other["kind"]} == SHARES
                and (first["occupation_code"], first["skill_level"]) == (second["occupation_code"], second["skill_level"]))


def _overlap(first: Row | None, second: Row | None) -> bool:
    """Whether two trainings of one occupation overlap; both ends of their days count."""
    return bool(first and second and first["occupation_code"] == second["occupation_code"]
                and first["start_on"] <= second["end_on"] and second["start_on"] <= first["end_on"])


def a07(views: Views) -> list[Row]:
    """Claims of two cities or funds for overlapping trainings of one occupation, or resting on one certificate number.

    The two shares of one occupation and level are no pair.
    """
    numbers = {enrolment: {row["certificate_no"] for row in rows} for enrolment, rows in views.certificates_of.items()}
    counted = (claim for claim in views.claims if claim["kind"] in TRAINING_KINDS and claim["status"] not in ("rejected", "refunded"))
    persons = grouped(counted, "person_key")
    hits: list[Row] = []
    for person, claims in persons.items():
        concerned: set[str] = set()
        for one, other in combinations(claims, 2):
            if one["city_code"] == other["city_code"] and one["fund"] == other["fund"] or _split(views, one, other):
                continue
            same_paper = numbers.get(one["enrolment_id"], set()) & numbers.get(other["enrolment_id"], set())
            if same_paper or _overlap(views.class_of_claim(one), views.class_of_claim(other)):
                concerned |= {one["enrolment_id"], other["enrolment_id"]}
        if concerned:
            hits.append(lead("A07", "person", key_hex(person), "", "H", views.at_risk_fen(concerned)))
    return hits


def a08(views: Views) -> list[Row]:
    """The claimed group's first certificate was issued after completion."""
    papers = grouped((row for row in views.rows("eligibility_certificates") if row["issued_on"] <= views.as_of), "person_key", "learner_group")
    hits: list[Row] = []
    for enrolment_id, row in views.enrolments.items():
        own = papers.get((row["person_key"], row["learner_group"]), [])
        if row["completed_on"] and own and min(paper["issued_on"] for paper in own) > row["completed_on"]:
            hits.append(lead("A08", "enrolment", enrolment_id, "", "H", views.at_risk_fen([enrolment_id])))
    return hits


def _young_and_alike(births: list[date], start: date) -> bool:
    """Whether ages at class start scatter too little around too young a mean."""
    ages = [(start - birth).days / DAYS_OF_YEAR for birth in births]
    return len(ages) > 1 and stdev(ages) < COHORT_SD and mean(ages) < COHORT_MEAN


def _born_together(births: list[date]) -> int:
    """The most persons born within 24 months."""
    return max((sum(first <= birth <= months_later(first, COHORT_MONTHS) for birth in births) for first in births), default=0)


def _from_one_county(views: Views, divisions: Iterable[str], city: str) -> int:
    """The most persons whose numbers come from one county outside the class's city; a code that never was is outside, too."""
    outside = Counter(code for code in divisions if views.division_cities.get(code) != city)
    return max(outside.values(), default=0)


def _longest_run(persons: list[Row]) -> int:
    """The longest run of numbers with the same first 14 digits and steps of one or two."""
    stems: dict[tuple[str, date], set[int]] = defaultdict(set)
    for row in persons:
        if row["id_sequence"] is not None:
            stems[row["id_division"], row["birth_on"]].add(row["id_sequence"])
    longest = 0
    for sequences in stems.values():
        ordered, run = sorted(sequences), 1
        longest = max(longest, run)
        for before, after in zip(ordered, ordered[1:]):
            run = run + 1 if after - before <= 2 else 1
            longest = max(longest, run)
    return longest


def a09(views: Views) -> list[Row]:
    """Classes of at least 15 persons that are too young and alike, born together, from one far county, or numbered in a row."""
    hits: list[Row] = []
    for class_id, enrolments in views.enrolments_of_class.items():
        persons = list({row["person_key"]: row for row in enrolments}.values())
        training = views.classes.get(class_id)
        if training is None or training["start_on"] > views.as_of or len(persons) < COHORT_PERSONS:
            continue
        births = [row["birth_on"] for row in persons if row["birth_on"]]
        divisions = [row["id_division"] for row in persons if row["id_division"]]
        crowd = max(_born_together(births), _from_one_county(views, divisions, training["city_code"]))
        if _young_and_alike(births, training["start_on"]) or 10 * crowd >= 9 * len(persons) or _longest_run(persons) >= COHORT_RUN:
            at_risk = views.at_risk_fen(row["enrolment_id"] for row in enrolments)
            hits.append(lead("A09", "class", class_id, "", "S", at_risk))
    return hits
