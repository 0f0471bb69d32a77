"""CSV and TSV files as records with positions: bytes in, texts or one fault out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterator

from contract import Feed
from records import RawFile, Record, clean_header
from textcode import Text, open_text


@dataclass(frozen=True)
class Cut:
    """A record cut from bytes: its physical line, where it starts and how, its fields."""

    line: int
    start: int
    fields: list[bytes]
    fault: str | None = None


def detect_separator(header: bytes) -> bytes:
    """The most frequent of comma, semicolon and tab in the header line."""
    return max((b",", b";", b"\t"), key=header.count)


def open_csv(data: bytes, feed: Feed) -> RawFile:
    """Opens a CSV file; the first record that is not blank is its header."""
    text = open_text(data)
    cuts = list(cut_records(text, detect_separator(_first_line(text))))
    if not cuts:
        return RawFile([], [])
    headers = [clean_header(field.decode(text.encoding, "replace")) for field in cuts[0].fields]
    return RawFile(headers, list(_decoded(text, cuts[1:])))


def _first_line(text: Text) -> bytes:
    """The first line that is not blank."""
    return text.data[text.start:].lstrip(b"\r\n").split(b"\n", 1)[0]


def _decoded(text: Text, cuts: list[Cut]) -> Iterator[Record]:
    """Records with their fields as texts, and with the byte of the file where they start."""
    position = byte = 0
    for cut in cuts:
        byte += text.file_bytes(position, cut.start)
        position = cut.start
        try:
            fields, fault = [field.decode(text.encoding) for field in cut.fields], cut.fault
        except UnicodeDecodeError:
            fields, fault = [field.decode(text.encoding, "replace") for field in cut.fields], cut.fault or "bad_encoding"
        yield Record(cut.line, byte, fields, fault)


def cut_records(text: Text, separator: bytes) -> Iterator[Cut]:
    """Cuts records by RFC 4180; after a broken quote, reading resumes at the next physical line."""
    data, position, line = text.data, text.start, 1
    blanks = b" \t\r".replace(separator, b"")  # tabs alone are the empty fields of a TSV record
    while position < len(data):
        end = data.find(b"\n", position)
        end = len(data) if end < 0 else end
        plain = data[position:end].removesuffix(b"\r")
        if not plain.strip(blanks):
            position, line = end + 1, line + 1
            continue
        if b'"' not in plain:
            yield Cut(line, position, plain.split(separator))
            position, line = end + 1, line + 1
            continue
        fields, after, closed = _quoted_record(data, position, separator)
        if not closed:
            yield Cut(line, position, fields, "bad_quote")
            position, line = end + 1, line + 1
            continue
        yield Cut(line, position, fields)
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
