"""Raw CSV and TSV files as records with positions: bytes in, fields or one fault out.

Separators, quotes and line ends are ASCII in UTF-8 and in GB18030 alike, so records are cut from bytes
and each field is decoded by itself: a broken byte costs one record, never the file.
"""

from __future__ import annotations

import gzip
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

READ_SUFFIXES = (".csv", ".tsv", ".csv.gz", ".tsv.gz")
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Record:
    """One record: physical line (from 1) and byte of the unpacked file where it starts, its fields, or why it has none."""

    line: int
    byte: int
    fields: list[bytes]
    fault: str | None = None


@dataclass(frozen=True)
class RawFile:
    """A raw file opened: its encoding, cleaned headers and records after the header."""

    encoding: str
    headers: list[str]
    records: list[Record]


def read_bytes(path: Path) -> bytes:
    """The file's bytes, gunzipped."""
    return gzip.decompress(path.read_bytes()) if path.name.endswith(".gz") else path.read_bytes()


def detect_encoding(data: bytes) -> str:
    """UTF-8, unless more of the lines with bytes above 127 are valid in GB18030 alone."""
    utf8 = gb18030 = 0
    for line in data.split(b"\n"):
        if line.isascii():
            continue
        utf8 += _decodes(line, "utf-8")
        gb18030 += _decodes(line, "gb18030")
    return "utf-8" if utf8 * 2 >= gb18030 else "gb18030"


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def detect_separator(header: bytes) -> bytes:
    """The most frequent of comma, semicolon and tab in the header line."""
    return max((b",", b";", b"\t"), key=header.count)


def clean_header(text: str) -> str:
    """A header without width, spaces, quotes and case."""
    return re.sub(r"[\s\"']", "", unicodedata.normalize("NFKC", text)).lower()


def open_raw(path: Path) -> RawFile:
    """Opens one raw file; the first record that is not blank is its header."""
    data = read_bytes(path)
    encoding = detect_encoding(data)
    separator = detect_separator(data.split(b"\n", 1)[0])
    records = list(cut_records(data, separator))
    if not records:
        return RawFile(encoding, [], [])
    headers = [clean_header(field.decode(encoding, "replace")) for field in records[0].fields]
    return RawFile(encoding, headers, records[1:])


def cut_records(data: bytes, separator: bytes) -> Iterator[Record]:
    """Cuts records by RFC 4180; after a broken quote, reading resumes at the next physical line.

    A byte order mark is passed over, but counts as bytes of the file.
    """
    position, line = len(BYTE_ORDER_MARK) if data.startswith(BYTE_ORDER_MARK) else 0, 1
    while position < len(data):
        end = data.find(b"\n", position)
        end = len(data) if end < 0 else end
        text = data[position:end].removesuffix(b"\r")
        if not text.strip():
            position, line = end + 1, line + 1
            continue
        if b'"' not in text:
            yield Record(line, position, text.split(separator))
            position, line = end + 1, line + 1
            continue
        fields, after, closed = _quoted_record(data, position, separator)
        if not closed:
            yield Record(line, position, fields, "bad_quote")
            position, line = end + 1, line + 1
            continue
        yield Record(line, position, fields)
        line += data.count(b"\n", position, after)
        position = after


def _quoted_record(data: bytes, start: int, separator: bytes) -> tuple[list[bytes], int, bool]:
    """Fields of a record with quotes, the position after its line end, and whether its quotes are right.

    With wrong quotes: the fields before the broken one.
    """
    fields: list[bytes] = []
    position = start
    while True:
        if data[position:position + 1] == b'"':
            value, position, closed = _quoted_field(data, position)
            if not closed:
                return fields, position, False
            fields.append(value)
        else:
            match = re.compile(rb"[\n" + re.escape(separator) + rb"]").search(data, position)
            stop = match.start() if match else len(data)
            fields.append(data[position:stop].removesuffix(b"\r") if data[stop:stop + 1] != separator else data[position:stop])
            position = stop
        if data[position:position + 2] == b"\r\n":
            return fields, position + 2, True
        here = data[position:position + 1]
        if here in (b"", b"\n"):
            return fields, position + 1, True
        if here != separator:
            return fields[:-1], position, False
        position += 1


def _quoted_field(data: bytes, start: int) -> tuple[bytes, int, bool]:
    """The field that opens with a quote at `start`, the position after it, and whether it closes."""
    position = start + 1
    while True:
        quote = data.find(b'"', position)
        if quote < 0:
            return b"", len(data), False
        if data[quote + 1:quote + 2] != b'"':
            return data[start + 1:quote].replace(b'""', b'"'), quote + 1, True
        position = quote + 2
