"""Searches files for raw citizen numbers, phones and accounts that must not leave the vault.

    python scan_raw.py RAW_DIR ROOT… [--except PATTERN …]

Takes every raw number from the feeds under RAW_DIR (as written and as normalised) and looks for them in all files under
the roots: in the bytes, in gzip, zstd and zip members, and in every column of Parquet files. Prints file names, never a number;
exit code 1 when any is found or a Parquet file cannot be opened. `--except` passes over paths that match a pattern
(`fnmatch` on the path below the root), for the vault itself.
"""

from __future__ import annotations

import argparse
import gzip
import io
import re
import sys
import unicodedata
import zipfile
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Iterable, Iterator

import polars as pl
import zstandard

from contract import FEEDS, Feed, column_of_header
from identity import check_character, is_placeholder, normalise_account, normalise_person, normalise_phone
from rawfile import TEXT_FORMATS, format_of, open_raw, read_bytes
from records import RawFile, Unreadable, text_of
from textcode import open_text

NORMALISE = {"person": normalise_person, "phone": normalise_phone, "account": normalise_account}
#: Citizen numbers and accounts are looked for inside longer digits too; phones only alone (times look like them).
LONG = 15
_NUMBER = re.compile(r"[0-9]{9,}[0-9Xx]?")
_RUN = re.compile(rb"[0-9]{9,}[Xx]?")


def raw_numbers(raw: Path) -> set[str]:
    """Every raw number of the feeds, normalised; and every number with a right check digit anywhere in the raw text."""
    found: set[str] = set()
    for path in sorted(path for path in raw.rglob("*") if path.is_file() and format_of(path.name)):
        feed = FEEDS.get(path.relative_to(raw).parts[0])
        if feed is None:
            continue
        try:
            file = open_raw(path, feed)
        except Unreadable:
            continue
        found |= _numbers_of_columns(file, feed)
        text = _whole_text(path, file)
        found |= {number for number in re.findall(r"(?<!\d)\d{17}[\dX](?!\d)", text) if check_character(number[:17]) == number[17]}
    return {number for number in found if _NUMBER.fullmatch(number) and not is_placeholder(number)}


def _numbers_of_columns(file: RawFile, feed: Feed) -> set[str]:
    """The cells of the columns that identify a person, as written and as normalised."""
    found: set[str] = set()
    columns = [column_of_header(feed, header) for header in file.headers]
    for record in file.records:
        for column, cell in zip(columns, record.cells):
            if column and column.kind in NORMALISE and not isinstance(cell, bytes):
                text = text_of(cell, column.kind)
                found |= {NORMALISE[column.kind](text), unicodedata.normalize("NFKC", text).strip().upper()}
    return found


def _whole_text(path: Path, file: RawFile) -> str:
    """Everything that a file says: records with broken quotes have no cells, but their text counts."""
    if format_of(path.name) in TEXT_FORMATS:
        text = open_text(read_bytes(path))
        return text.data.decode(text.encoding, "replace").upper()
    cells = (cell for record in file.records for cell in record.cells if not isinstance(cell, bytes))
    return "\n".join(text_of(cell, "text") for cell in cells).upper()


class Search:
    """Looks for numbers in bytes, digit run by digit run."""

    def __init__(self, numbers: Iterable[str]) -> None:
        self._numbers = {number.encode() for number in numbers}
        self._lengths = sorted({len(number) for number in self._numbers if len(number) >= LONG})

    def in_bytes(self, data: bytes) -> bool:
        """Whether some number stands in the bytes, or in them with full-width digits made plain."""
        if self._in_runs(data):
            return True
        if data.isascii() or "０" > max(data.decode("utf-8", "ignore"), default=""):
            return False
        return self._in_runs(unicodedata.normalize("NFKC", data.decode("utf-8", "ignore")).encode())

    def _in_runs(self, data: bytes) -> bool:
        for match in _RUN.finditer(data):
            run = match.group().upper()
            if run in self._numbers or run.rstrip(b"X") in self._numbers:
                return True
            for length in self._lengths:
                if any(run[at:at + length] in self._numbers for at in range(len(run) - length + 1)):
                    return True
        return False

    def in_frame(self, frame: pl.DataFrame) -> bool:
        """Whether some number stands in any column: text, bytes, integers, and whatever is nested."""
        return any(self.in_bytes(b"\n".join(_cells(column))) for column in frame.get_columns())


def _cells(column: pl.Series) -> Iterator[bytes]:
    if column.dtype.is_float() or column.dtype.is_temporal() or column.dtype == pl.Boolean:
        return
    values: Iterable[Any] = column.to_list() if column.dtype.is_nested() else column.unique().to_list()
    for value in values:
        yield value if isinstance(value, bytes) else str(value).encode()


def members(path: Path) -> Iterator[bytes]:
    """The file's bytes, then what is inside a gzip, zstd or zip file."""
    data = path.read_bytes()
    yield data
    if data.startswith(b"\x1f\x8b"):
        yield gzip.decompress(data)
    elif data.startswith(b"\x28\xb5\x2f\xfd"):
        yield zstandard.ZstdDecompressor().stream_reader(io.BytesIO(data), read_across_frames=True).read()
    elif data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield from (archive.read(name) for name in archive.namelist())


def look_into(path: Path, search: Search) -> str | None:
    """What is wrong with one file, or nothing."""
    for data in members(path):
        if search.in_bytes(data):
            return "holds a raw number"
        if data.startswith(b"PAR1") or path.suffix == ".parquet":
            try:
                frame = pl.read_parquet(io.BytesIO(data), hive_partitioning=False)
            except Exception as error:  # whatever the reader says, the file stays unchecked
                return f"cannot be opened ({type(error).__name__})"
            if search.in_frame(frame):
                return "holds a raw number in a column"
    return None


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("raw", type=Path)
    parser.add_argument("roots", nargs="+", type=Path)
    parser.add_argument("--except", dest="passed_over", action="append", default=[], metavar="PATTERN")
    arguments = parser.parse_args()
    numbers = raw_numbers(arguments.raw)
    if not numbers:
        print(f"no raw numbers under {arguments.raw}")
        return 1
    search, looked, found = Search(numbers), 0, 0
    for root in arguments.roots:
        for path in sorted(path for path in ([root] if root.is_file() else root.rglob("*")) if path.is_file()):
            name = path.relative_to(root).as_posix() if root.is_dir() else path.name
            if any(fnmatch(name, pattern) for pattern in arguments.passed_over):
                continue
            looked += 1
            fault = look_into(path, search)
            if fault:
                found += 1
                print(f"{path}: {fault}")
    print(f"{len(numbers)} raw numbers, {looked} files looked into, {found} with findings")
    return 1 if found or not looked else 0


if __name__ == "__main__":
    sys.exit(main())
