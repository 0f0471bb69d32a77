"""Accepted rows as the tables that models see: keys for identities, fen, seconds, calendar columns, lineage."""

from __future__ import annotations

import re
from datetime import date, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Any, Mapping

import polars as pl

from contract import FEEDS, Column, Feed
from identity import (
    Divisions, Pseudonyms, account_fault, hide_citizen_numbers, key_hex, modern_number, normalise_account, normalise_person, normalise_phone,
    phone_fault, read_citizen_number, squeeze,
)
from values import SECONDS_OF_CLASS_HOUR, half_even

SHANGHAI_US = 8 * 3600 * 1_000_000
DAY_US = 86_400 * 1_000_000
EPOCH_DAY = date(1970, 1, 1)
TEXT, INTEGER, REAL, DATE, TRUTH = pl.String, pl.Int64, pl.Float64, pl.Date, pl.Boolean
TIME = pl.Datetime("us", "UTC")
LINEAGE = {"_load_id": TEXT, "_object": TEXT, "_line": INTEGER, "_byte": INTEGER, "_row_hash": INTEGER}
FACTS = {"id_valid": TRUTH, "id_fault": TEXT, "birth_on": DATE, "sex": TEXT, "id_division": TEXT}
#: What only the cross-check derives: the key of a 15-digit number's 18-digit form, digits 15 to 17 of a valid number, and
#: whether a certificate's number is T and the person's own.
MORE_FACTS = {"modern_key": INTEGER, "id_sequence": INTEGER}
OWN_NUMBER = {"own_number": TRUTH}
PLAIN = {"text": TEXT, "enum": TEXT, "city": TEXT, "division": TEXT, "integer": INTEGER, "level": INTEGER,
         "number": REAL, "boolean": TRUTH, "date": DATE}


def local_day(moment_us: int) -> date:
    """The Asia/Shanghai day of a moment (UTC+8 since 1991)."""
    return EPOCH_DAY + timedelta(days=(moment_us + SHANGHAI_US) // DAY_US)


def month_of(day: date) -> str:
    """`YYYY-MM`."""
    return f"{day.year:04d}-{day.month:02d}"


def quarter_of(day: date) -> str:
    """`YYYY-Qn`."""
    return f"{day.year:04d}-Q{(day.month + 2) // 3}"


def record_date(feed: Feed, values: Mapping[str, Any]) -> date | None:
    """The date of a record's main event (an assessment without start by its end)."""
    value = values.get(feed.main_date) if feed.main_date else None
    if value is None and feed.name == "assessments":
        value = values.get("ended_at")
    return local_day(value) if isinstance(value, int) else value


def _columns_of(column: Column, text_key: str) -> dict[str, Any]:
    """Names and types of the view columns that one contract column becomes."""
    name, kind = column.name, column.kind
    if kind in PLAIN:
        return {name: PLAIN[kind]}
    if kind == "person":
        return {"person_key": INTEGER}
    if kind == "name":
        return {("name_key" if name == "person_name" else f"{name}_key"): INTEGER}
    if kind == "phone":
        return {f"{name}_key": INTEGER, f"{name}_fault": TEXT}
    if kind == "account":
        return {"account_key": INTEGER, "account_fault": TEXT}
    if kind == "hours":
        return {name: REAL, name.replace("_hours", "_seconds"): INTEGER}
    if kind == "money":
        return {name.replace("_yuan", "_fen"): INTEGER}
    if kind == "time":
        return {name: TIME, name.replace("_at", "_us"): INTEGER}
    raise ValueError(text_key)


def schema_of(feed: Feed) -> dict[str, Any]:
    """The whole schema of a feed's current view."""
    schema: dict[str, Any] = {}
    for column in feed.columns:
        schema |= _columns_of(column, f"{feed.name}.{column.name}")
    for name, parts in feed.calendar.items():
        stem = name.removesuffix("_on").removesuffix("_at")
        schema |= {f"{stem}_{part}": DATE if part == "day" else TEXT for part in parts}
    if feed.name == "enrolments":
        schema |= FACTS | MORE_FACTS
    if feed.name == "certificates":
        schema |= OWN_NUMBER
    return schema | LINEAGE


def _view_values(column: Column, value: Any, pseudonyms: Pseudonyms, divisions: Divisions) -> list[Any]:
    """The values of the view columns of one contract value, in the order of `_columns_of`."""
    kind = column.kind
    if kind == "time":
        return [value, value]
    if kind == "hours":
        return [None, None] if value is None else [float(value), half_even(value * SECONDS_OF_CLASS_HOUR)]
    if kind == "phone":
        number = normalise_phone(value) if value else None
        return [pseudonyms.key("phone", number), phone_fault(number)] if number else [None, None]
    if kind == "account":
        number = normalise_account(value) if value else None
        return [pseudonyms.key("account", number), account_fault(number)] if number else [None, None]
    if value is None:
        return [None]
    if kind == "person":
        return [pseudonyms.key("person", normalise_person(value))]
    if kind == "name":
        return [pseudonyms.key("name", squeeze(value))]
    if kind == "text":
        return [hide_citizen_numbers(value, pseudonyms, divisions)]
    return [value]


def view_row(feed: Feed, row: Any, pseudonyms: Pseudonyms, divisions: Divisions) -> list[Any]:
    """One accepted row as a row of its current view."""
    cells: list[Any] = []
    for column in feed.columns:
        cells += _view_values(column, row.values[column.name], pseudonyms, divisions)
    for name, parts in feed.calendar.items():
        value = row.values[name]
        day = local_day(value) if isinstance(value, int) else value
        for part in parts:
            cells.append(None if day is None else {"day": day, "month": month_of(day), "quarter": quarter_of(day)}[part])
    if feed.name == "enrolments":
        number = normalise_person(row.values["person_id"])
        facts = read_citizen_number(number, divisions)
        cells += [facts.valid, facts.fault, facts.birth_on, facts.sex, facts.division]
        cells += [pseudonyms.key("person", modern_number(number)) if facts.fault == "legacy_15" else None,
                  int(number[14:17]) if facts.valid else None]
    if feed.name == "certificates":
        cells.append(squeeze(row.values["certificate_no"]).upper() == "T" + normalise_person(row.values["person_id"]))
        paper = re.fullmatch(r"T(\d{17}[\dX]|\d{15})", squeeze(row.values["certificate_no"]).upper(), re.ASCII)
        if paper:  # valid or not, no person's number stands in the clear
            cells[0] = squeeze(row.values["certificate_no"])[0] + key_hex(pseudonyms.key("person", paper[1]))
    content = int.from_bytes(blake2b(repr(row.content).encode(), digest_size=8).digest(), "big", signed=True)
    return cells + [row.load_id, row.object, row.line, row.byte, content]


def write_tables(current: Mapping[str, Mapping[Any, Any]], pseudonyms: Pseudonyms, divisions: Divisions, out: Path) -> None:
    """Writes `<feed>.parquet` for each of the seventeen feeds."""
    for feed in FEEDS.values():
        rows = [view_row(feed, row, pseudonyms, divisions) for row in current[feed.name].values()]
        frame = pl.DataFrame(rows, schema=schema_of(feed), orient="row", infer_schema_length=None)
        if feed.name == "study_logs":
            frame = frame.sort("started_day", "person_key", "log_id")
        frame.write_parquet(out / f"{feed.name}.parquet")


def write_versions(versions: list[dict[str, Any]], out: Path) -> None:
    """Writes `courseware_versions.parquet`: every version of an item, with its load."""
    schema = {"item_id": TEXT, "published_on": DATE, "content_hash": TEXT, "load_seq": INTEGER, "load_on": DATE}
    pl.DataFrame(versions, schema=schema, orient="row").write_parquet(out / "courseware_versions.parquet")
