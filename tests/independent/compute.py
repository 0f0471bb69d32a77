"""Computes the cross-checked tables from current views, plainly, from the specification alone.

    python compute.py VIEWS_DIR --out DIR

Writes one `<table>.parquet` for each entry of `TABLES`, named as the program publishes it.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Callable

import polars as pl

from archive import learner_archive
from exit_grounds import exit_grounds, exit_proposals
from indicators_certificates import e01, e02, e03
from indicators_claims import a01, a05, a06, b01, b05
from indicators_money import b02, b03, b04, b06, b07
from indicators_offline import d01, d02, d03, d04, d05
from indicators_persons import a02, a03, a04, a07, a08, a09
from indicators_process import c01, c03, c04, c05
from platform_scores import platform_score_details, platform_scores
from tables import city_fund_monthly, city_hours_monthly, city_progress_monthly, data_quality
from tables_results import city_assessment_monthly, city_certificate_monthly, city_occupation_monthly, platform_monthly
from tables_trainings import archive_coverage_monthly, city_category_monthly, city_group_monthly
from views_in import Row, Views

INDICATORS: dict[str, Callable[[Views], list[Row]]] = {
    "A01": a01, "A02": a02, "A03": a03, "A04": a04, "A05": a05, "A06": a06, "A07": a07, "A08": a08, "A09": a09,
    "B01": b01, "B02": b02, "B03": b03, "B04": b04, "B05": b05, "B06": b06, "B07": b07,
    "C01": c01, "C03": c03, "C04": c04, "C05": c05,
    "D01": d01, "D02": d02, "D03": d03, "D04": d04, "D05": d05,
    "E01": e01, "E02": e02, "E03": e03,
}


def indicator_hits(views: Views) -> list[Row]:
    """Every hit of the indicators above, or of those of them that `views.only` names."""
    return [row for name, test in INDICATORS.items() if views.only is None or name in views.only for row in test(views)]


def archive_with_hits(views: Views) -> list[Row]:
    """The learners' archive with the leads of these indicators."""
    return learner_archive(views, indicator_hits(views))


#: table -> (what computes it, its key).
TABLES: dict[str, tuple[Callable[[Views], list[Row]], tuple[str, ...]]] = {
    "city_progress_monthly": (city_progress_monthly, ("month", "city_code")),
    "city_category_monthly": (city_category_monthly, ("month", "city_code", "category")),
    "city_group_monthly": (city_group_monthly, ("month", "city_code", "learner_group")),
    "city_hours_monthly": (city_hours_monthly, ("month", "city_code")),
    "city_certificate_monthly": (city_certificate_monthly, ("month", "city_code", "kind", "skill_level")),
    "city_assessment_monthly": (city_assessment_monthly, ("month", "city_code")),
    "city_fund_monthly": (city_fund_monthly, ("month", "city_code", "fund", "kind")),
    "city_occupation_monthly": (city_occupation_monthly, ("month", "city_code", "occupation_code", "skill_level")),
    "platform_monthly": (platform_monthly, ("month", "platform_id")),
    "archive_coverage_monthly": (archive_coverage_monthly, ("month", "city_code")),
    "data_quality": (data_quality, ("load_on", "feed", "city_code")),
    "learner_archive": (archive_with_hits, ("person_key", "enrolment_id")),
    "indicator_hits": (indicator_hits, ("indicator_id", "entity_kind", "entity_id", "period")),
    "platform_scores": (platform_scores, ("as_of", "platform_id")),
    "platform_score_details": (platform_score_details, ("as_of", "platform_id", "item")),
    "exit_grounds": (exit_grounds, ("as_of", "platform_id", "ground", "reason")),
    "exit_proposals": (exit_proposals, ("as_of", "platform_id")),
}


def compute(views: Views, table: str) -> pl.DataFrame:
    """One table, sorted by its key."""
    rows, key = TABLES[table][0](views), TABLES[table][1]
    return pl.DataFrame(rows, infer_schema_length=None).sort(*key) if rows else pl.DataFrame()


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("views", type=Path)
    parser.add_argument("--out", required=True, type=Path)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    views = Views(arguments.views)
    for table in TABLES:
        frame = compute(views, table)
        frame.write_parquet(arguments.out / f"{table}.parquet")
        print(f"{table}: {frame.height}")


if __name__ == "__main__":
    main()
