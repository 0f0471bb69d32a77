"""Policy parameters as rows of the `policy` table: one set of rows for each of the 17 areas.

The values are data, shared with the program (`pipelines/policy/*.toml`); how they spread over areas and days is read here
once more: a city's own row goes before the province's on its days. Without such a folder the defaults below hold.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path

from identity import Divisions

FOREVER = date(9999, 12, 31)
PROVINCE = "370000"
DEFAULTS = {
    "online_share_cap": "0.40", "platform_share_cap": "0.20", "yearly_entitlement_limit": "3", "repeat_tolerance": "0.001",
    "shared_account_strong": "2", "shared_account_hard": "5", "daily_hours_hard": "32", "daily_hours_strong": "16",
    "daily_hours_weak": "8", "overlap_tolerance_seconds": "120", "supported_share_minimum": "0.9",
    "watched_ratio_strong": "1.1", "watched_ratio_hard": "1.5", "evaluation_min_filed_days": "90", "evaluation_min_learners": "30",
}
Span = tuple[date, date]


@dataclass(frozen=True)
class Value:
    """One dated value of a parameter in one area; both ends of its days are included."""

    parameter: str
    area: str
    first: date
    last: date
    text: str
    basis: str
    citation: str


def read_values(folder: Path | None) -> list[Value]:
    """The values of a folder of TOML files, or the defaults."""
    if folder is None or not folder.is_dir():
        return [Value(name, PROVINCE, date(2000, 1, 1), FOREVER, text, "default", "") for name, text in DEFAULTS.items()]
    return [
        Value(parameter["name"], row["city_code"], date.fromisoformat(str(row["valid_from"])),
              date.fromisoformat(str(row.get("valid_until", FOREVER))), str(row["value"]), row["basis"], row.get("citation", ""))
        for path in sorted(folder.glob("*.toml"))
        for parameter in tomllib.loads(path.read_text(encoding="utf-8")).get("parameter", [])
        for row in parameter["value"]
    ]


def without(span: Span, taken: list[Span]) -> list[Span]:
    """What is left of some days when others are taken out."""
    left = [span]
    for first, last in taken:
        cut: list[Span] = []
        for start, end in left:
            if last < start or end < first:
                cut.append((start, end))
                continue
            if start < first:
                cut.append((start, first - timedelta(days=1)))
            if last < end:
                cut.append((last + timedelta(days=1), end))
        left = cut
    return left


def policy_rows(divisions: Divisions, folder: Path | None) -> list[dict[str, object]]:
    """Every parameter for the province and its sixteen cities."""
    values = read_values(folder)
    table: list[dict[str, object]] = []
    for area in [PROVINCE, *sorted(divisions.current)]:
        for value in values:
            own = [(other.first, other.last) for other in values if other.parameter == value.parameter and other.area == area]
            if value.area == area:
                table.append(_row(value, area, (value.first, value.last)))
            elif value.area == PROVINCE:
                table += [_row(value, area, span) for span in without((value.first, value.last), own)]
    return table


def _row(value: Value, area: str, span: Span) -> dict[str, object]:
    try:
        number: Decimal | None = Decimal(value.text)
    except InvalidOperation:
        number = None
    return {
        "parameter": value.parameter, "city_code": area, "valid_from": span[0], "valid_until": span[1],
        "value": None if number is None else float(number), "value_e6": None if number is None else int(number * 1_000_000),
        "value_text": value.text if number is None else None, "basis": value.basis, "citation": value.citation,
    }
