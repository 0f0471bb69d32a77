"""JSON lines as records: one object a line, its keys are its headers."""

from __future__ import annotations

import json
from typing import Any

from contract import Feed
from records import RawFile, Record, clean_header
from textcode import Text, open_text


def _no_constant(word: str) -> None:
    """NaN and Infinity are no JSON."""
    raise ValueError(word)


def _parse(line: str) -> dict[str, Any]:
    """The object of a line by cleaned keys, numbers as they are written; raises `ValueError`."""
    # as text, no digit of a number is lost
    found = json.loads(line, parse_int=str, parse_float=str, parse_constant=_no_constant)
    if not isinstance(found, dict):
        raise ValueError("no object")
    return {clean_header(key): value for key, value in found.items()}


def _read_line(line: bytes, encoding: str) -> tuple[dict[str, Any], str | None]:
    """The values of a line, or why it has none."""
    try:
        return _parse(line.decode(encoding)), None
    except UnicodeDecodeError:  # before its parent
        return {}, "bad_encoding"
    except (ValueError, RecursionError):
        return {}, "wrong_field_count"


def open_json(data: bytes, feed: Feed) -> RawFile:
    """Opens JSON lines; the headers are all keys in the order in which they first appear."""
    text = open_text(data)
    lines = list(_lines(text))
    read = [_read_line(line, text.encoding) for _, _, line in lines]
    headers = list(dict.fromkeys(key for values, _ in read for key in values)) or [feed.columns[0].name]
    records = [Record(number, byte, [values.get(key) for key in headers], fault)
               for (number, byte, _), (values, fault) in zip(lines, read)]
    return RawFile(headers, records, self_describing=True)


def _lines(text: Text) -> list[tuple[int, int, bytes]]:
    """Number, byte and content of every line that is not blank."""
    found, position, byte = [], text.start, text.file_bytes(0, text.start)
    for number, line in enumerate(text.data[text.start:].split(b"\n"), 1):
        if line.strip():
            found.append((number, byte, line))
        end = position + len(line) + 1
        byte += text.file_bytes(position, end)
        position = end
    return found
