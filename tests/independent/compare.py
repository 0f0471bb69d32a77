"""Compares the program's exported tables with the independent computation, cell by cell.

    python compare.py VIEWS_DIR EXPORT_DIR [--tables A,B] [--limit N] [--previous EXPORT_DIR]

Integers, texts, dates and truth values must be equal, floats within 1e-9 (relative above 1). Every difference is
printed with its key; persons and accounts appear only as sixteen hexadecimal digits. Exit code 1 on any difference.
Indicators that the export's catalogue does not name are left out; the figure and the threshold of a hit are compared where the
pages settle them. Columns that only one side has are named once; those in `REQUIRED` count as differences when the export lacks them.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import polars as pl

from compute import INDICATORS, TABLES, compute
from identity import key_hex
from views_in import Row, Views

TOLERANCE = 1e-9
#: The columns that the table page of the specification names.
REQUIRED: dict[str, tuple[str, ...]] = {
    "city_progress_monthly": ("city_name", "completions", "persons", "completions_ytd", "persons_ytd", "target_completions",
                              "target_pct", "completions_yoy", "completions_mom"),
    "city_category_monthly": ("city_name", "completions", "persons"),
    "city_group_monthly": ("city_name", "completions", "persons", "female_persons", "age_under_25", "age_25_44", "age_45_up"),
    "city_hours_monthly": ("city_name", "online_hours", "offline_hours", "online_share", "blended_completions", "over_cap_completions"),
    "city_certificate_monthly": ("city_name", "certificates", "persons"),
    "city_assessment_monthly": ("city_name", "assessed", "passed", "pass_rate", "certified_rate"),
    "city_fund_monthly": ("city_name", "claims_submitted", "claims_paid", "paid_fen", "persons_paid", "refunded_fen", "mean_paid_fen"),
    "city_occupation_monthly": ("city_name", "completions", "persons", "certificates"),
    "platform_monthly": ("enrolments", "active_persons", "logged_hours", "completions", "paid_fen", "cities_served"),
    "archive_coverage_monthly": ("city_name", "completions", "with_valid_identity", "with_process_record", "with_assessment",
                                 "with_certificate", "complete_archives"),
    "data_quality": ("files", "rows_read", "rows_accepted", "rows_quarantined", "rows_superseded", "top_reason",
                     "newest_record_on", "days_silent"),
    "learner_archive": ("class_id", "city_code", "online_hours", "offline_hours", "hits", "hit_indicators", "complete_archive"),
    "indicator_hits": ("value", "threshold", "strength", "amount_at_risk_fen"),
    "platform_scores": ("usage", "resources", "process", "outcome", "service", "compliance", "coverage", "score", "integrity", "total",
                        "grade", "rank", "veto", "learners", "sample_ok"),
    "platform_score_details": ("raw_value",),
    "exit_proposals": ("grounds", "evidence", "stage", "next_date"),
}
#: Columns of the archive that count leads: comparable while the export has no hits of other indicators than ours.
LEADS = ("hits", "hit_indicators")
#: What a hit shows, where ours leaves it open.
FIGURES = ("value", "threshold")


def plain(table: str, column: str, value: Any) -> Any:
    """A cell as it is compared: person keys as hexadecimal digits, texts of a list in order."""
    if column == "person_key" and isinstance(value, int):
        return key_hex(value)
    return value


def equal(ours: Any, theirs: Any) -> bool:
    """Whether two cells agree."""
    if ours is None or theirs is None:
        return ours is None and theirs is None
    if isinstance(ours, bool) or isinstance(theirs, bool):
        return bool(ours) == bool(theirs)
    if isinstance(ours, float) or isinstance(theirs, float):
        return isinstance(theirs, (int, float)) and abs(ours - theirs) <= TOLERANCE * max(1.0, abs(ours))
    return bool(ours == theirs)


def by_key(table: str, rows: list[Row], key: tuple[str, ...]) -> tuple[dict[tuple[Any, ...], Row], int]:
    """Rows by key, and how many rows share a key with another."""
    found = {tuple(plain(table, column, row[column]) for column in key): row for row in rows}
    return found, len(rows) - len(found)


class Report:
    """Counts differences and prints the first of them."""

    def __init__(self, limit: int) -> None:
        self.differences = 0
        self._limit = limit
        self._printed: dict[str, int] = {}

    def add(self, table: str, what: str) -> None:
        """One difference in a table."""
        self.differences += 1
        self._printed[table] = self._printed.get(table, 0) + 1
        if self._printed[table] <= self._limit:
            print(f"{table}: {what}")
        elif self._printed[table] == self._limit + 1:
            print(f"{table}: … more differences, not shown")


def compare_table(table: str, ours: pl.DataFrame, theirs: pl.DataFrame, report: Report) -> None:
    """Compares one table."""
    key = TABLES[table][1]
    lost = [column for column in (*key, *REQUIRED.get(table, ())) if column not in theirs.columns]
    for column in lost:
        report.add(table, f"the export has no column {column}")
    if any(column in lost for column in key):
        return
    if ours.is_empty():
        if theirs.height:
            report.add(table, f"{theirs.height} rows only in the export, ours is empty")
        return
    shared = [column for column in ours.columns if column in theirs.columns and column not in key]
    unchecked = [column for column in (*ours.columns, *theirs.columns) if column not in shared and column not in key]
    mine, my_twins = by_key(table, ours.to_dicts(), key)
    export, export_twins = by_key(table, theirs.to_dicts(), key)
    if my_twins or export_twins:
        report.add(table, f"keys are not unique: {my_twins} doubled rows of ours, {export_twins} of the export")
    for at in sorted(set(mine) | set(export), key=repr):
        name = ", ".join(f"{column}={value}" for column, value in zip(key, at))
        if at not in export:
            report.add(table, f"[{name}] only in our computation")
        elif at not in mine:
            if _covered(table, at, key):
                report.add(table, f"[{name}] only in the export")
        else:
            open_figures = FIGURES if table == "indicator_hits" and mine[at]["threshold"] is None else ()
            for column in (column for column in shared if column not in open_figures):
                left, right = plain(table, column, mine[at][column]), plain(table, column, export[at][column])
                if not equal(left, right):
                    report.add(table, f"[{name}] {column}: ours {left}, export {right}")
    print(f"{table}: {len(mine)} rows of ours, {len(export)} of the export, compared {', '.join(shared)}", file=sys.stderr)
    if unchecked:
        print(f"{table}: on one side only: {', '.join(dict.fromkeys(unchecked))}", file=sys.stderr)


def _covered(table: str, at: tuple[Any, ...], key: tuple[str, ...]) -> bool:
    """Whether a row of the export is one that the cross-check computes (it does not know every indicator and item)."""
    if table == "indicator_hits":
        return at[key.index("indicator_id")] in INDICATORS
    return True


def catalogued(export: Path) -> frozenset[str] | None:
    """The indicators that the export's catalogue names; none where it has no catalogue."""
    path = export / "indicator_catalogue.parquet"
    return frozenset(pl.read_parquet(path, columns=["indicator_id"])["indicator_id"]) if path.is_file() else None


def rows_of(export: Path, table: str) -> list[Row] | None:
    """A table of an export: its leads, which one item of the evaluation counts, or an earlier night's proposals."""
    path = export / f"{table}.parquet"
    return pl.read_parquet(path).to_dicts() if path.is_file() else None


def other_indicators(export: Path) -> list[str]:
    """Indicators with hits in the export that the cross-check does not compute."""
    path = export / "indicator_hits.parquet"
    if not path.is_file():
        return []
    return sorted(set(pl.read_parquet(path, columns=["indicator_id"])["indicator_id"]) - set(INDICATORS))


def main() -> int:
    """Command line; 1 on any difference."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("views", type=Path)
    parser.add_argument("export", type=Path)
    parser.add_argument("--tables", default=",".join(TABLES))
    parser.add_argument("--limit", type=int, default=40, help="differences printed per table")
    parser.add_argument("--previous", type=Path, help="the export of the last earlier release")
    arguments = parser.parse_args()
    views, report = Views(arguments.views), Report(arguments.limit)
    views.only = catalogued(arguments.export)
    views.hits = rows_of(arguments.export, "indicator_hits")
    views.previous_proposals = (rows_of(arguments.previous, "exit_proposals") if arguments.previous else None) or []
    for table in arguments.tables.split(","):
        path = arguments.export / f"{table}.parquet"
        if not path.is_file():
            report.add(table, f"not in {arguments.export}")
            continue
        theirs = pl.read_parquet(path)
        if "status" in theirs.columns and table == "indicator_hits":
            theirs = theirs.filter(pl.col("status").is_null() | (pl.col("status") != "cleared"))
        ours = compute(views, table)
        if table == "learner_archive" and (others := other_indicators(arguments.export)):
            print(f"{table}: leads not compared, the export also has {', '.join(others)}", file=sys.stderr)
            ours = ours.drop(LEADS, strict=False)
        compare_table(table, ours, theirs, report)
    print(f"{report.differences} differences")
    return 1 if report.differences else 0


if __name__ == "__main__":
    sys.exit(main())
