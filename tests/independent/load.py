"""Reads raw feeds into the current-view tables, one Parquet file each: an independent reading of the feed specification.

    python load.py RAW_DIR [RAW_DIR2 …] --secret TEXT --as-of DATE --out DIR [--load-on DATE …] [--project DIR]

Files load in path order, folder after folder. Beside the seventeen feeds it writes `loads` and `quarantine`
(the row accounts) and the reference tables. Files that cannot be read are named on stderr and left out.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from itertools import zip_longest
from pathlib import Path
from typing import Any, Iterator

import reference
from contract import FEEDS, Column, Feed, column_of_header
from identity import Divisions, Pseudonyms
from rawfile import format_of, open_raw
from records import RawFile, Record, Unreadable, text_of
from values import Fault, read_value
from views import record_date, write_tables, write_versions

DIVISIONS_FILE = "pipelines/reference/shandong-divisions.csv"
POLICY_FOLDER = "pipelines/policy"


@dataclass
class Row:
    """An accepted row: its values by column, and where it stands."""

    values: dict[str, Any]
    object: str
    line: int
    byte: int | None
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


class Books:
    """The row accounts of one file, by city; what has no city of its own goes to the sender's, which always has an account."""

    def __init__(self, sender: str | None) -> None:
        self.sender = sender
        self.accounts: dict[str | None, Account] = {sender: Account()}

    def of(self, row: Row | None) -> Account:
        """The account of a row's city; of a refused row (none) the sender's."""
        city = row.values.get("city_code") if row else None
        return self.accounts.setdefault(city or self.sender, Account())


@dataclass
class Store:
    """Everything loaded so far."""

    current: dict[str, dict[tuple[Any, ...], Row]] = field(default_factory=lambda: {name: {} for name in FEEDS})
    loads: list[dict[str, Any]] = field(default_factory=list)
    quarantine: list[dict[str, Any]] = field(default_factory=list)
    #: Every version of an item of courseware that was ever loaded, by load.
    versions: list[dict[str, Any]] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    objects: set[tuple[str, bytes]] = field(default_factory=set)
    sequence: int = 0


def parse_record(record: Record, columns: list[Column | None], headers: list[str], feed: Feed, divisions: Divisions) -> dict[str, Any]:
    """The typed values of a record; raises `Fault(reason, column)` at the first thing that is wrong.

    What is wrong with the record as a whole (quotes, encoding, number of fields) is booked on the first column.
    """
    first = columns[0].name if columns[0] else headers[0]
    if record.fault:
        raise Fault(record.fault, first)
    if len(record.cells) != len(columns):
        raise Fault("wrong_field_count", first)
    by_name = {column.name: cell for column, cell in zip(columns, record.cells) if column}
    values: dict[str, Any] = {}
    for column in feed.columns:
        try:
            values[column.name] = read_value(text_of(by_name.get(column.name), column.kind), column, divisions)
        except UnicodeDecodeError:  # binary in a Parquet column
            raise Fault("bad_encoding", column.name) from None
        except Fault as fault:
            raise Fault(str(fault), column.name) from None
    return values


def sender_of(name: str, cities: Counter[str], divisions: Divisions) -> str | None:
    """The city that sent a file: by a `city=37xx` folder of its path, else the city of most of its readable rows.

    Of equally many rows the higher code; nothing where neither says.
    """
    for folder in name.split("/")[:-1]:
        if folder.startswith("city="):
            city = divisions.city(folder.removeprefix("city=").ljust(6, "0"))
            if city:
                return city
            break
    return max(cities, key=lambda city: (cities[city], city), default=None)


def read_records(raw: RawFile, columns: list[Column | None], feed: Feed, divisions: Divisions) -> Iterator[
        tuple[Record, dict[str, Any] | Fault]]:
    """Each record with its values, or with what is wrong with it."""
    for record in raw.records:
        try:
            yield record, parse_record(record, columns, raw.headers, feed, divisions)
        except Fault as fault:
            yield record, fault


def load_file(path: Path, name: str, feed: Feed, store: Store, divisions: Divisions, load_on: date) -> None:
    """Loads one file: accepts, refuses, supersedes, and books every row once, on its own city or on the sender's."""
    try:
        raw = open_raw(path, feed)
    except Unreadable as error:
        store.unread.append(f"{name}: {error}")
        return
    columns = [column_of_header(feed, header) for header in raw.headers]
    present = {column.name for column in columns if column}
    missing = [column.name for column in feed.columns if not column.optional and column.name not in present]
    if missing and not raw.self_describing:
        store.unread.append(f"{name}: no column {', '.join(missing)}")
        return
    store.sequence += 1
    load_id = f"{store.sequence:06d}"
    records = list(read_records(raw, columns, feed, divisions))
    of_city = Counter(values["city_code"] for _, values in records if isinstance(values, dict) and "city_code" in values)
    books = Books(sender_of(name, of_city, divisions))
    mine: dict[tuple[Any, ...], Row] = {}
    for record, values in records:
        if isinstance(values, Fault):
            books.of(None).counts.update(read=1, quarantined=1)
            reason, column = values.args
            store.quarantine.append({
                "load_on": load_on, "load_id": load_id, "load_seq": store.sequence, "feed": feed.name, "city_code": books.sender,
                "object": name, "line": record.line, "byte": record.byte, "sheet": raw.sheet, "column": column,
                "reason": reason, "message": f"{column}: {reason}",
            })
            continue
        row = Row(values, name, record.line, record.byte, load_id)
        books.of(row).counts.update(read=1)
        key = tuple(values[column] for column in feed.key)
        earlier = mine.get(key)
        if earlier and earlier.content == row.content:
            books.of(row).counts.update(duplicate=1)
            continue
        if earlier:
            books.of(earlier).counts.update(superseded=1)
        mine[key] = row
    accepted = _keep(feed, mine, books, store)
    if feed.name == "courseware":
        kept = ("item_id", "published_on", "content_hash")
        store.versions += [{name: row.values[name] for name in kept} | {"load_seq": store.sequence, "load_on": load_on} for row in accepted]
    for city, account in sorted(books.accounts.items(), key=lambda item: item[0] or ""):
        store.loads.append({
            "load_on": load_on, "load_id": load_id, "feed": feed.name, "object": name, "city_code": city,
            **{f"rows_{what}": account.counts[what] for what in ("read", "accepted", "quarantined", "superseded", "duplicate", "revised")},
            "newest_record_on": account.newest, "load_seq": store.sequence,
        })


def _keep(feed: Feed, mine: dict[tuple[Any, ...], Row], books: Books, store: Store) -> list[Row]:
    """Puts a file's rows into the current view: a snapshot replaces its cities, an append adds or revises. Returns what it took."""
    table = store.current[feed.name]
    if feed.snapshot:
        cities = {row.values["city_code"] for row in mine.values()}
        for key in [key for key, row in table.items() if row.values["city_code"] in cities]:
            del table[key]
    accepted: list[Row] = []
    for key, row in mine.items():
        account = books.of(row)
        known = table.get(key)
        if known and known.content == row.content:
            account.counts.update(duplicate=1)
            continue
        account.counts.update(accepted=1, revised=bool(known))
        dated = record_date(feed, row.values)
        if dated and (account.newest is None or dated > account.newest):
            account.newest = dated
        table[key] = row
        accepted.append(row)
    return accepted


def load_folder(folder: Path, store: Store, divisions: Divisions, load_on: date) -> None:
    """Loads every file below a raw folder, in path order; the same path with the same content changes nothing."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        feed = FEEDS.get(name.split("/")[0])
        if feed is None or format_of(name) is None:
            store.unread.append(name)
            continue
        known = (name, sha256(path.read_bytes()).digest())
        if known in store.objects:
            continue
        store.objects.add(known)
        load_file(path, name, feed, store, divisions, load_on)


def load(folders: list[tuple[Path, date]], secret: str, as_of: date, out: Path, project: Path) -> Store:
    """Loads folders, each as if on its day, and writes every table into `out`.

    The division codes and the policy parameters are the project's data files.
    """
    divisions = Divisions(project / DIVISIONS_FILE)
    store = Store()
    for folder, load_on in folders:
        load_folder(folder, store, divisions, load_on)
    out.mkdir(parents=True, exist_ok=True)
    write_tables(store.current, Pseudonyms(secret), divisions, out)
    write_versions(store.versions, out)
    reference.write_reference(store.loads, store.quarantine, divisions, as_of, out, project / POLICY_FOLDER)
    return store


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--secret", required=True)
    parser.add_argument("--as-of", required=True, type=date.fromisoformat)
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("--load-on", type=date.fromisoformat, nargs="+", default=[],
                        help="the days the folders are booked on, in their order; as-of where none is given")
    parser.add_argument("--project", type=Path, default=Path(__file__).resolve().parents[2])
    arguments = parser.parse_args()
    folders = list(zip_longest(arguments.folders, arguments.load_on[:len(arguments.folders)], fillvalue=arguments.as_of))
    store = load(folders, arguments.secret, arguments.as_of, arguments.out, arguments.project)
    for name in store.unread:
        print(f"left unread: {name}", file=sys.stderr)
    for feed, table in store.current.items():
        print(f"{feed}: {len(table)}")


if __name__ == "__main__":
    main()
