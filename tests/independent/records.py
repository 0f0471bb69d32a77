"""What every raw format is read into: headers, and records of cells with their positions."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

SHANGHAI = timezone(timedelta(hours=8))
#: From sixteen digits on a floating number may have lost some.
LOSSY = 1e15


@dataclass(frozen=True)
class Record:
    """One record: its line (physical line, sheet row or row number, from 1), the byte of the unpacked file where it starts
    (none in sheets and Parquet), its cells, or why it has none."""

    line: int
    byte: int | None
    cells: list[Any]
    fault: str | None = None


@dataclass(frozen=True)
class RawFile:
    """A raw file opened: cleaned headers, records after the header, the sheet they stand on.

    JSON lines name their own columns: a column that no line has is then null, not missing.
    """

    headers: list[str]
    records: list[Record]
    sheet: str | None = None
    self_describing: bool = False


class Unreadable(Exception):
    """A file that cannot be opened as what its name says."""


def clean_header(text: str) -> str:
    """A header without width, spaces, quotes and case."""
    return re.sub(r"[\s\"']", "", unicodedata.normalize("NFKC", text)).lower()


def text_of(cell: Any, kind: str) -> str:
    """A cell as the text that a CSV would hold; only times keep a midnight."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, bytes):
        return cell.decode("utf-8")
    if isinstance(cell, float):
        return _float_text(cell)
    if isinstance(cell, Decimal):
        return format(cell, "f")
    if isinstance(cell, datetime):
        return _moment_text(cell, kind)
    if isinstance(cell, date):
        return cell.isoformat()
    return json.dumps(cell, ensure_ascii=False, default=str) if isinstance(cell, (list, dict)) else str(cell)


def _float_text(number: float) -> str:
    """Whole numbers without a point; those that may have lost digits with an exponent, by which persons are refused."""
    if abs(number) >= LOSSY:
        return format(Decimal(repr(number)), "E")
    return str(int(number)) if number.is_integer() else repr(number)


def _moment_text(moment: datetime, kind: str) -> str:
    """A time with its offset; in any other column its local day where it is a midnight."""
    if kind == "time":
        return moment.isoformat(sep=" ")
    local = moment.astimezone(SHANGHAI).replace(tzinfo=None) if moment.tzinfo else moment
    midnight = local == datetime(local.year, local.month, local.day)
    return local.date().isoformat() if midnight else local.isoformat(sep=" ")
