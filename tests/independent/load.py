"""Reads raw CSV feeds into the current-view tables, one Parquet file each: an independent reading of the feed specification.

    python load.py RAW_DIR [RAW_DIR2 …] --secret TEXT --as-of DATE --out DIR [--load-on DATE] [--project DIR]

Files load in path order, folder after folder. Beside the seventeen feeds it writes `loads` and `quarantine`
(the row accounts) and the reference tables. Gzip is read; other packings are named on stderr and left out.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import rawcsv
import reference
from contract import FEEDS, Column, Feed, column_of_header
from identity import Divisions, Pseudonyms
from values import Fault, clean, read_city, read_value
from views import record_date, write_tables

DIVISIONS_FILE = "pipelines/reference/shandong-divisions.csv"
POLICY_FOLDER = "pipelines/policy"


@dataclass
class Row:
    """An accepted row: its values by column, and where it stands."""

    values: dict[str, Any]
    object: str
    line: int
    byte: int
    load_id: str

    @property
    def content(self) -> tuple[Any, ...]:
        """What makes two rows of one key the same."""
        return tuple(self.values.values())


@dataclass
class Account:
    """The row account of one file and city."""

    counts: Counter[str] = field(default_factory=Counter)
    newest: date | None = None


@dataclass
class Store:
    """Everything loaded so far."""

    current: dict[str, dict[tuple[Any, ...], Row]] = field(default_factory=lambda: {name: {} for name in FEEDS})
    loads: list[dict[str, Any]] = field(default_factory=list)
    quarantine: list[dict[str, Any]] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    sequence: int = 0


def parse_record(record: rawcsv.Record, columns: list[Column | None], headers: list[str], feed: Feed, encoding: str,
                 divisions: Divisions) -> dict[str, Any]:
    """The typed values of a record; raises `Fault(reason, column)` at the first thing that is wrong."""
    names = [column.name if column else header for column, header in zip(columns, headers)]
    if record.fault:
        raise Fault(record.fault, names[min(len(record.fields), len(names) - 1)])
    texts: list[str] = []
    for place, raw in enumerate(record.fields):
        try:
            texts.append(raw.decode(encoding))
        except UnicodeDecodeError:
            raise Fault("bad_encoding", names[min(place, len(names) - 1)]) from None
    if len(texts) != len(columns):
        raise Fault("wrong_field_count", names[0])
    by_name = {column.name: text for column, text in zip(columns, texts) if column}
    values: dict[str, Any] = {}
    for column in feed.columns:
        try:
            values[column.name] = read_value(by_name.get(column.name, ""), column, divisions)
        except Fault as fault:
            raise Fault(str(fault), column.name) from None
    return values


def city_of(record: rawcsv.Record, columns: list[Column | None], encoding: str, divisions: Divisions) -> str | None:
    """The city of a refused row where it can still be read."""
    for place, column in enumerate(columns):
        if column and column.name == "city_code" and len(record.fields) == len(columns):
            try:
                return read_city(clean(record.fields[place].decode(encoding)), divisions)
            except (Fault, UnicodeDecodeError):
                return None
    return None


def load_file(path: Path, name: str, feed: Feed, store: Store, divisions: Divisions, load_on: date) -> None:
    """Loads one file: accepts, refuses, supersedes, and books every row once."""
    raw = rawcsv.open_raw(path)
    columns = [column_of_header(feed, header) for header in raw.headers]
    present = {column.name for column in columns if column}
    missing = [column.name for column in feed.columns if not column.optional and column.name not in present]
    if missing:
        store.unread.append(f"{name}: no column {', '.join(missing)}")
        return
    store.sequence += 1
    load_id = f"{store.sequence:06d}"
    accounts: dict[str | None, Account] = {} if raw.records else {None: Account()}
    mine: dict[tuple[Any, ...], Row] = {}
    for record in raw.records:
        try:
            values = parse_record(record, columns, raw.headers, feed, raw.encoding, divisions)
        except Fault as fault:
            city = city_of(record, columns, raw.encoding, divisions)
            accounts.setdefault(city, Account()).counts.update(read=1, quarantined=1)
            store.quarantine.append({
                "load_on": load_on, "load_id": load_id, "load_seq": store.sequence, "feed": feed.name, "city_code": city,
                "object": name, "line": record.line, "byte": record.byte, "sheet": None, "column": fault.args[1],
                "reason": fault.args[0], "message": f"{fault.args[1]}: {fault.args[0]}",
            })
            continue
        row = Row(values, name, record.line, record.byte, load_id)
        account = accounts.setdefault(values.get("city_code"), Account())
        account.counts.update(read=1)
        key = tuple(values[column] for column in feed.key)
        earlier = mine.get(key)
        if earlier and earlier.content == row.content:
            account.counts.update(duplicate=1)
            continue
        if earlier:
            accounts[earlier.values.get("city_code")].counts.update(superseded=1)
        mine[key] = row
    _keep(feed, mine, accounts, store)
    for city, account in sorted(accounts.items(), key=lambda item: item[0] or ""):
        store.loads.append({
            "load_on": load_on, "load_id": load_id, "feed": feed.name, "object": name, "city_code": city,
            **{f"rows_{what}": account.counts[what] for what in ("read", "accepted", "quarantined", "superseded", "duplicate")},
            "newest_record_on": account.newest, "load_seq": store.sequence,
        })


def _keep(feed: Feed, mine: dict[tuple[Any, ...], Row], accounts: dict[str | None, Account], store: Store) -> None:
    """Puts a file's rows into the current view: a snapshot replaces its cities, an append adds or revises."""
    table = store.current[feed.name]
    if feed.snapshot:
        cities = {row.values["city_code"] for row in mine.values()}
        for key in [key for key, row in table.items() if row.values["city_code"] in cities]:
            del table[key]
    for key, row in mine.items():
        account = accounts[row.values.get("city_code")]
        known = table.get(key)
        if known and known.content == row.content:
            account.counts.update(duplicate=1)
            continue
        account.counts.update(accepted=1)
        dated = record_date(feed, row.values)
        if dated and (account.newest is None or dated > account.newest):
            account.newest = dated
        table[key] = row


def load_folder(folder: Path, store: Store, divisions: Divisions, load_on: date) -> None:
    """Loads every file below a raw folder, in path order."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        feed = FEEDS.get(name.split("/")[0])
        if feed is None or not name.endswith(rawcsv.READ_SUFFIXES):
            store.unread.append(name)
            continue
        load_file(path, name, feed, store, divisions, load_on)


def load(folders: list[Path], secret: str, as_of: date, out: Path, load_on: date, project: Path) -> Store:
    """Loads the folders as if on the day `load_on`, and writes every table into `out`.

    The division codes and the policy parameters are the project's data files.
    """
    divisions = Divisions(project / DIVISIONS_FILE)
    store = Store()
    for folder in folders:
        load_folder(folder, store, divisions, load_on)
    out.mkdir(parents=True, exist_ok=True)
    write_tables(store.current, Pseudonyms(secret), divisions, out)
    reference.write_reference(store.loads, store.quarantine, divisions, as_of, out, project / POLICY_FOLDER)
    return store


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--secret", required=True)
    parser.add_argument("--as-of", required=True, type=date.fromisoformat)
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("--load-on", type=date.fromisoformat, help="the day the loads are booked on; as-of unless said")
    parser.add_argument("--project", type=Path, default=Path(__file__).resolve().parents[2])
    arguments = parser.parse_args()
    load_on = arguments.load_on or arguments.as_of
    store = load(arguments.folders, arguments.secret, arguments.as_of, arguments.out, load_on, arguments.project)
    for name in store.unread:
        print(f"left unread: {name}", file=sys.stderr)
    for feed, table in store.current.items():
        print(f"{feed}: {len(table)}")


if __name__ == "__main__":
    main()
