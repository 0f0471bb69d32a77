"""The current-view tables as plain Python rows, cut at the as-of day, with the look-ups that every computation needs."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Iterable

import polars as pl

Row = dict[str, Any]
PROVINCE = "370000"
#: Claims of these statuses are money at risk; `rejected` is out of every test, `refunded` risks nothing.
AT_RISK = frozenset({"paid", "approved"})
TRAINING_KINDS = frozenset({"platform_share", "offline_share", "full"})


class Views:
    """A folder of `<table>.parquet` files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        #: The indicators to compute; none for all.
        self.only: frozenset[str] | None = None
        #: The leads that the evaluation counts; none where they are not known.
        self.hits: list[Row] | None = None
        #: The exit proposals of the last earlier release.
        self.previous_proposals: list[Row] = []
        context = self.rows("run_context")[0]
        self.as_of: date = context["as_of"]
        self.as_of_month: str = context["as_of_month"]
        self.as_of_end_us: int = context["as_of_end_us"]

    def rows(self, table: str) -> list[Row]:
        """Every row of a table."""
        return pl.read_parquet(self._folder / f"{table}.parquet").to_dicts()

    @cached_property
    def city_names(self) -> dict[str, str]:
        """The seventeen areas in publishing order: code -> name."""
        return {row["city_code"]: row["city_name"] for row in sorted(self.rows("cities"), key=lambda row: row["city_order"])}

    @cached_property
    def months(self) -> list[str]:
        """The calendar's months in order."""
        return sorted(row["month"] for row in self.rows("months"))

    @cached_property
    def classes(self) -> dict[str, Row]:
        """Classes by id."""
        return {row["class_id"]: row for row in self.rows("classes")}

    @cached_property
    def enrolments(self) -> dict[str, Row]:
        """Enrolments made by as-of, by id; a completion after as-of has not happened."""
        found = {row["enrolment_id"]: row for row in self.rows("enrolments") if row["enrolled_on"] <= self.as_of}
        for row in found.values():
            if row["completed_on"] and row["completed_on"] > self.as_of:
                row["completed_on"] = None
        return found

    @cached_property
    def every_enrolment(self) -> dict[str, Row]:
        """Enrolments by id, whenever they were made: what a claim refers to."""
        return {row["enrolment_id"]: row for row in self.rows("enrolments")} | self.enrolments

    @cached_property
    def completions(self) -> list[Row]:
        """Enrolments completed by as-of, whatever their day of enrolment."""
        return [row for row in self.rows("enrolments") if row["completed_on"] and row["completed_on"] <= self.as_of]

    @cached_property
    def claims(self) -> list[Row]:
        """Claims made by as-of, all statuses."""
        return [row for row in self.rows("claims") if row["claimed_on"] <= self.as_of]

    @cached_property
    def claims_of(self) -> dict[str, list[Row]]:
        """Claims by enrolment."""
        return grouped(self.claims, "enrolment_id")

    @cached_property
    def logs(self) -> list[Row]:
        """Study logs started by the end of the as-of day."""
        return [row for row in self.rows("study_logs") if row["started_us"] < self.as_of_end_us]

    @cached_property
    def logs_of(self) -> dict[str, list[Row]]:
        """Study logs by enrolment."""
        return grouped(self.logs, "enrolment_id")

    def study_time(self, log: Row, from_us: int | None = None) -> tuple[int, int]:
        """The time of a session up to the end of the as-of day, from a moment on if one is given."""
        start = log["started_us"] if from_us is None else max(log["started_us"], from_us)
        return start, min(log["ended_us"], self.as_of_end_us)

    @cached_property
    def attendance(self) -> list[Row]:
        """Attendance of sessions held by as-of."""
        return [row for row in self.rows("attendance") if row["session_on"] <= self.as_of]

    @cached_property
    def assessments(self) -> list[Row]:
        """Assessments begun (or, without a start, ended) by the end of the as-of day."""

        def moment(row: Row) -> int | None:
            found: int | None = row["started_us"] if row["started_us"] is not None else row["ended_us"]
            return found

        moments = ((row, moment(row)) for row in self.rows("assessments"))
        return [row for row, at in moments if at is None or at < self.as_of_end_us]

    @cached_property
    def certificates(self) -> list[Row]:
        """Certificates issued by as-of."""
        return [row for row in self.rows("certificates") if row["issued_on"] <= self.as_of]

    @cached_property
    def _standards(self) -> dict[tuple[str, str, int], list[Row]]:
        found: dict[tuple[str, str, int], list[Row]] = defaultdict(list)
        for row in self.rows("subsidy_standards"):
            found[row["city_code"], row["occupation_code"], row["skill_level"]].append(row)
        return found

    def class_of_claim(self, claim: Row) -> Row | None:
        """The class of a claim's enrolment, even of one that is dated after as-of."""
        enrolment = self.every_enrolment.get(claim["enrolment_id"])
        return self.classes.get(enrolment["class_id"]) if enrolment else None

    def standard_row(self, claim: Row) -> Row | None:
        """The paying city's standard of the claim's training, in force at class start; the newest where several are."""
        training = self.class_of_claim(claim)
        if training is None:
            return None
        on = training["start_on"]
        in_force = [
            row
            for row in self._standards[claim["city_code"], training["occupation_code"], training["skill_level"]]
            if stands(row, on)
        ]
        return max(in_force, key=lambda row: row["valid_from"], default=None)

    def standard_fen(self, claim: Row) -> int | None:
        """The amount of that standard."""
        row = self.standard_row(claim)
        return row["standard_fen"] if row else None

    @cached_property
    def video_seconds(self) -> dict[str, int]:
        """Video seconds of the courseware by item."""
        return {row["item_id"]: row["video_seconds"] for row in self.rows("courseware")}

    @cached_property
    def enrolments_of_class(self) -> dict[str, list[Row]]:
        """Enrolments by class."""
        return grouped(self.enrolments.values(), "class_id")

    @cached_property
    def _enrolments_of_person(self) -> dict[tuple[str, int], list[str]]:
        found = grouped(self.enrolments.values(), "class_id", "person_key")
        return {cell: [row["enrolment_id"] for row in rows] for cell, rows in found.items()}

    def enrolments_present(self, attendance: Iterable[Row]) -> set[str]:
        """The enrolments that rows of attendance belong to: those of the person in the class."""
        return {found for row in attendance for found in self._enrolments_of_person.get((row["class_id"], row["person_key"]), [])}

    @cached_property
    def certificates_of(self) -> dict[str, list[Row]]:
        """Certificates by enrolment."""
        return grouped(self.certificates, "enrolment_id")

    @cached_property
    def division_cities(self) -> dict[str, str | None]:
        """The city of every division that Shandong ever had."""
        return {row["code"]: row["city_code"] for row in self.rows("divisions")}

    @cached_property
    def _policy(self) -> dict[tuple[str, str], list[Row]]:
        found: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in self.rows("policy"):
            found[row["parameter"], row["city_code"]].append(row)
        return found

    def policy_e6(self, parameter: str, city_code: str = PROVINCE, on: date | None = None) -> int:
        """A policy parameter in millionths, in force on a day (as-of unless said), in a city or in the province.

        Raises `LookupError` where none is in force: then there is no test.
        """
        area = city_code if city_code in self.city_names else PROVINCE
        day = on or self.as_of
        rows = [row for row in self._policy[parameter, area] if row["valid_from"] <= day <= row["valid_until"]]
        if not rows:
            raise LookupError(f"{parameter} is not in force in {area} on {day}")
        return int(max(rows, key=lambda row: row["valid_from"])["value_e6"])

    def policy(self, parameter: str, city_code: str = PROVINCE, on: date | None = None) -> float:
        """The same as a number, as a threshold is shown."""
        return self.policy_e6(parameter, city_code, on) / 1_000_000

    def at_risk_fen(self, enrolment_ids: Iterable[str]) -> int:
        """Paid and approved claims of some enrolments, each claim once."""
        claims = {claim["claim_id"]: claim for enrolment in set(enrolment_ids) for claim in self.claims_of.get(enrolment, [])}
        return sum(claim["amount_fen"] for claim in claims.values() if claim["status"] in AT_RISK)


def grouped(rows: Iterable[Row], *columns: str) -> dict[Any, list[Row]]:
    """Rows by the value of one column, or by the tuple of several."""
    found: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[columns[0]] if len(columns) == 1 else tuple(row[column] for column in columns)].append(row)
    return dict(found)


def stands(row: Row, on: date) -> bool:
    """Whether a row is valid on a day; both ends of its days count."""
    return bool(row["valid_from"] <= on and (row["valid_until"] is None or on <= row["valid_until"]))


def month_of(day: date) -> str:
    """`YYYY-MM`."""
    return f"{day.year:04d}-{day.month:02d}"


def quarter_of(day: date) -> str:
    """`YYYY-Qn`."""
    return f"{day.year:04d}-Q{(day.month + 2) // 3}"


def months_later(day: date, months: int) -> date:
    """The same day some months later, the month's last where it has no such day."""
    number = day.year * 12 + day.month - 1 + months
    year, month = number // 12, number % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
