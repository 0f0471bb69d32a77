"""Opens every Delta table of a lake with two independent readers and prints the row counts.

    python read_lake.py LAKE_DIR

The encrypted `vault*` tables are passed over: only the program opens them. Exit code 1 when a reader fails or the two
disagree, or when there is no table at all.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import polars as pl
from deltalake import DeltaTable


def delta_tables(lake: Path) -> list[Path]:
    """Folders that hold a Delta log, in path order, without the vault's."""
    found = sorted(log.parent for log in lake.rglob("_delta_log") if log.is_dir())
    return [path for path in found if not any(part.startswith("vault") for part in path.relative_to(lake).parts)]


def read_both(path: Path) -> tuple[int, int]:
    """Row counts by `deltalake` (from the files the log names) and by `polars.read_delta` (all columns read)."""
    table = DeltaTable(str(path))
    counted = sum(pl.scan_parquet(uri, hive_partitioning=False).select(pl.len()).collect().item() for uri in table.file_uris())
    return counted, pl.read_delta(str(path)).height


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lake", type=Path)
    lake: Path = parser.parse_args().lake
    tables, failed = delta_tables(lake), False
    for path in tables:
        name = path.relative_to(lake).as_posix()
        try:
            counted, read = read_both(path)
        except Exception as error:  # any reader's own error is the finding here
            print(f"{name}: cannot be read: {type(error).__name__}: {error}")
            failed = True
            continue
        print(f"{name}: {read}" + ("" if counted == read else f", but the log's files hold {counted}"))
        failed |= counted != read
    if not tables:
        print(f"no Delta table under {lake}")
    return 1 if failed or not tables else 0


if __name__ == "__main__":
    sys.exit(main())
