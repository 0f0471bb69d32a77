"""The reference tables beside the feeds: cities, divisions, months, days, run context, policy, loads, quarantine."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from identity import Divisions
from policy import policy_rows
from views import DATE, DAY_US, EPOCH_DAY, INTEGER, REAL, SHANGHAI_US, TEXT, TRUTH, month_of

PROVINCE = "370000"
SCHEMAS: dict[str, dict[str, Any]] = {
    "cities": {"city_code": TEXT, "city_name": TEXT, "city_order": INTEGER},
    "divisions": {"code": TEXT, "city_code": TEXT, "name": TEXT, "valid": TRUTH},
    "months": {"month": TEXT, "year": INTEGER, "month_of_year": INTEGER, "month_index": INTEGER, "first_day": DATE, "last_day": DATE},
    "days": {"day": DATE, "start_us": INTEGER, "end_us": INTEGER, "month": TEXT},
    "run_context": {"as_of": DATE, "as_of_month": TEXT, "as_of_end_us": INTEGER},
    "policy": {
        "parameter": TEXT, "city_code": TEXT, "valid_from": DATE, "valid_until": DATE, "value": REAL, "value_e6": INTEGER,
        "value_text": TEXT, "basis": TEXT, "citation": TEXT,
    },
    "loads": {
        "load_on": DATE, "load_id": TEXT, "feed": TEXT, "object": TEXT, "city_code": TEXT, "rows_read": INTEGER,
        "rows_accepted": INTEGER, "rows_quarantined": INTEGER, "rows_superseded": INTEGER, "rows_duplicate": INTEGER,
        "newest_record_on": DATE, "load_seq": INTEGER,
    },
    "quarantine": {
        "load_on": DATE, "load_id": TEXT, "load_seq": INTEGER, "feed": TEXT, "city_code": TEXT, "object": TEXT, "line": INTEGER,
        "byte": INTEGER, "sheet": TEXT, "column": TEXT, "reason": TEXT, "message": TEXT,
    },
}


def day_start_us(day: date) -> int:
    """The UTC microsecond at which a local day begins."""
    return (day - EPOCH_DAY).days * DAY_US - SHANGHAI_US


def city_rows(divisions: Divisions) -> list[dict[str, Any]]:
    """The province first, then the sixteen cities in GB/T 2260 order."""
    names = [(PROVINCE, "全省"), *sorted(divisions.current.items())]
    return [{"city_code": code, "city_name": name, "city_order": order} for order, (code, name) in enumerate(names)]


def month_rows(first_year: int = 2000, last_year: int = 2050) -> list[dict[str, Any]]:
    """Every month of the calendar."""
    return [
        {
            "month": f"{year:04d}-{month:02d}", "year": year, "month_of_year": month, "month_index": year * 12 + month,
            "first_day": date(year, month, 1), "last_day": date(year, month, monthrange(year, month)[1]),
        }
        for year in range(first_year, last_year + 1)
        for month in range(1, 13)
    ]


def day_rows(first: date = date(2000, 1, 1), last: date = date(2050, 12, 31)) -> list[dict[str, Any]]:
    """Every local day of the calendar with its bounds in UTC microseconds."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [{"day": day, "start_us": day_start_us(day), "end_us": day_start_us(day) + DAY_US, "month": month_of(day)} for day in days]


def write_reference(loads: list[dict[str, Any]], quarantine: list[dict[str, Any]], divisions: Divisions, as_of: date, out: Path,
                    policy_folder: Path | None) -> None:
    """Writes every reference table into `out`."""
    tables: dict[str, list[dict[str, Any]]] = {
        "cities": city_rows(divisions),
        "divisions": [
            {"code": code, "city_code": divisions.city(code), "name": name, "valid": True}
            for code, name in sorted(divisions.names.items())
        ],
        "months": month_rows(),
        "days": day_rows(),
        "run_context": [{"as_of": as_of, "as_of_month": month_of(as_of), "as_of_end_us": day_start_us(as_of) + DAY_US}],
        "policy": policy_rows(divisions, policy_folder),
        "loads": loads,
        "quarantine": quarantine,
    }
    for name, rows in tables.items():
        rows = [{column: row[column] for column in SCHEMAS[name]} for row in rows]  # the loader books more than it publishes
        pl.DataFrame(rows, schema=SCHEMAS[name], orient="row").write_parquet(out / f"{name}.parquet")
