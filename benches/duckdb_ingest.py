"""What DuckDB needs to turn a study_logs CSV into the same typed Parquet: the yardstick of the loader's speed.

    python benches/duckdb_ingest.py LOGS.csv [--runs N] [--encoding gb18030] [--sort] [--keep OUT.parquet]

Needs the `duckdb` package (tried with 2.0.1). Prints JSON: seconds (best), bytes, mb_per_s, rows, rejects, peak_rss_mb,
duckdb_version, and cpu_seconds (least; what a busy machine changes little), median_seconds, runs, parquet_bytes,
recode_seconds. Each run is a process of its own, so that neither a warm pool nor the memory of an earlier run counts; starting
Python and opening the database are not timed. Rows refused for a missing required value are in neither rows nor rejects.

What is the same: columns by header (English or Chinese), two threads, zstd, times as UTC, local day, integers, numbers, text,
null words, required columns, a keyed 64-bit number for the person. What DuckDB does less: it keeps no line, byte and row hash
of a row, reads no full-width digits, notices no citizen number that lost digits, knows no revisions and writes no vault. Times
are read without offset, as Asia/Shanghai.

DuckDB itself reads UTF-8, UTF-16 and Latin-1. GB18030 needs its extension `encodings`, which is not part of the package and has
to be fetched; where it is not installed, `--encoding gb18030` turns the file into UTF-8 first (`iconv`) and counts that time.
"""

from __future__ import annotations

import argparse
import csv
import json
import multiprocessing
import resource
import statistics
import subprocess
import tempfile
import time
import tomllib
from pathlib import Path
from typing import Any

import duckdb

CONTRACT = Path(__file__).resolve().parents[1] / "pipelines/feeds/study_logs.toml"
THREADS = 2
SECRET = "bench-secret"
NULL_WORDS = ("", "NULL", "null", "无", "N/A", "-")
#: Type of the contract -> type that DuckDB reads.
READ_TYPES = {"time": "TIMESTAMP", "integer": "BIGINT", "number": "DOUBLE"}
SHANGHAI_US = 8 * 3600 * 1_000_000


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def read_header(path: Path, encoding: str) -> tuple[list[str], str]:
    """The file's headers and its separator."""
    with path.open(encoding="utf-8-sig" if encoding == "utf-8" else encoding, newline="", errors="replace") as file:
        line = file.readline()
    separator = max(",;\t", key=line.count)
    return [name.strip() for name in next(csv.reader([line], delimiter=separator))], separator


def columns_of(headers: list[str]) -> dict[str, dict[str, Any]]:
    """The contract's column of each header that has one."""
    contract = tomllib.loads(CONTRACT.read_text(encoding="utf-8"))["columns"]
    by_header = {name: column for column in contract for name in (column["name"], *column.get("zh", []))}
    return {header: by_header[header] for header in headers if header in by_header}


def expression(column: dict[str, Any], header: str) -> str:
    """What a column of the file becomes in the lake."""
    cell, name, kind = '"' + header.replace('"', '""') + '"', column["name"], column["type"]
    if kind == "person":
        # DuckDB has no HMAC. The first eight bytes of sha256(secret || number) are the nearest: one block of SHA-256 where
        # the loader's HMAC takes two to four, so DuckDB has the lighter work here. As bits they become a signed integer.
        digest = f"sha256({quoted(SECRET)} || upper(trim({cell})))"
        return f"unhex(substr({digest}, 1, 16))::BIT::BIGINT AS person_key"
    if kind == "time":
        # Asia/Shanghai has been UTC+8 since 1991: the difference is many times faster than the time zone tables, same result.
        moment = f"make_timestamptz(epoch_us({cell}) - {SHANGHAI_US}) AS {name}"
        return f"{moment}, {cell}::DATE AS started_day" if name == "started_at" else moment
    return f"trim({cell}) AS {name}" if kind == "text" else f"{cell} AS {name}"


def statement(source: Path, out: Path, encoding: str, sort: bool) -> str:
    """The COPY statement."""
    headers, separator = read_header(source, encoding)
    columns = columns_of(headers)
    types = {header: READ_TYPES.get(columns.get(header, {}).get("type", ""), "VARCHAR") for header in headers}
    struct = ", ".join(f"{quoted(header)}: {quoted(kind)}" for header, kind in types.items())
    present = " AND ".join(f'"{header}" IS NOT NULL' for header, column in columns.items() if column.get("required"))
    nulls = ", ".join(map(quoted, NULL_WORDS))
    return f"""
        COPY (
            SELECT {", ".join(expression(column, header) for header, column in columns.items())}
            FROM read_csv({quoted(str(source))}, auto_detect = false, header = true, delim = {quoted(separator)}, quote = '"',
                          escape = '"', columns = {{{struct}}}, nullstr = [{nulls}], encoding = {quoted(encoding)},
                          timestampformat = '%Y-%m-%d %H:%M:%S', store_rejects = true, rejects_limit = 0)
            WHERE {present}
            {"ORDER BY started_day, person_key, log_id" if sort else ""}
        ) TO {quoted(str(out))} (FORMAT parquet, COMPRESSION zstd)
    """


def run(source: Path, out: Path, encoding: str, sort: bool, answer: Any) -> None:
    """One timed run, in a process of its own."""
    database = duckdb.connect()
    # rows need not keep the order of the file: DuckDB's own advice for large files
    database.execute(f"SET threads = {THREADS}; SET preserve_insertion_order = false; SET enable_progress_bar = false")
    if encoding not in ("utf-8", "utf-16"):
        database.execute("LOAD encodings")
    sql = statement(source, out, encoding, sort)
    started, worked = time.perf_counter(), time.process_time()
    (rows,) = database.execute(sql).fetchone() or (0,)
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - worked
    (rejects,) = database.execute("SELECT count(DISTINCT (file_id, line)) FROM reject_errors").fetchone() or (0,)
    # Linux gives KiB.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    answer.put({"seconds": seconds, "cpu_seconds": cpu_seconds, "rows": rows, "rejects": rejects, "peak_rss_mb": peak})


def run_apart(*arguments: Any) -> dict[str, Any]:
    """A run in a new process; its answer, or its failure."""
    context = multiprocessing.get_context("spawn")
    answer = context.SimpleQueue()
    process = context.Process(target=run, args=(*arguments, answer))
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(f"the run failed with exit code {process.exitcode}")
    found: dict[str, Any] = answer.get()
    return found


def can_read(encoding: str) -> bool:
    """Whether DuckDB reads an encoding here, without fetching anything."""
    if encoding in ("utf-8", "utf-16"):
        return True
    try:
        duckdb.connect().execute("LOAD encodings")
    except duckdb.Error:
        return False
    return True


def recode(source: Path, encoding: str, folder: Path) -> tuple[Path, float]:
    """The file as UTF-8 and what that took; bytes that are not of its encoding are dropped, as DuckDB stops at them."""
    target, started = folder / "utf8.csv", time.perf_counter()
    with target.open("wb") as file:
        # iconv exits with 1 when it dropped something
        subprocess.run(["iconv", "-c", "-f", encoding, "-t", "UTF-8", str(source)], stdout=file, check=False)
    return target, time.perf_counter() - started


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--encoding", default="utf-8")
    parser.add_argument("--sort", action="store_true", help="sorted by local day, person and record, as the lake keeps logs")
    parser.add_argument("--keep", type=Path, help="where the Parquet file stays")
    arguments = parser.parse_args()
    size = arguments.source.stat().st_size
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source, encoding, recoding = arguments.source, arguments.encoding.lower(), 0.0
        if not can_read(encoding):
            source, recoding = recode(source, encoding, folder)
            encoding = "utf-8"
        out = arguments.keep or folder / "logs.parquet"
        runs = [run_apart(source, out, encoding, arguments.sort) for _ in range(arguments.runs)]
        best = min(found["seconds"] for found in runs) + recoding
        print(json.dumps({
            "seconds": round(best, 3), "bytes": size, "mb_per_s": round(size / 1e6 / best, 1), "rows": runs[0]["rows"],
            "rejects": runs[0]["rejects"], "peak_rss_mb": round(max(found["peak_rss_mb"] for found in runs), 1),
            "duckdb_version": duckdb.__version__, "cpu_seconds": round(min(found["cpu_seconds"] for found in runs), 3),
            "median_seconds": round(statistics.median(found["seconds"] for found in runs) + recoding, 3), "runs": len(runs),
            "parquet_bytes": out.stat().st_size, "recode_seconds": round(recoding, 3),
        }))


if __name__ == "__main__":
    main()
