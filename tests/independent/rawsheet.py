"""Workbooks (XLSX and XLS) as records: the first sheet whose header matches, below cover sheets and title lines."""

from __future__ import annotations

import io
from datetime import date, datetime, time
from typing import Any

import python_calamine

from contract import Feed, column_of_header
from records import RawFile, Record, Unreadable, clean_header, text_of

#: A header stands at most so far down its sheet.
HEADER_ROWS = 50


def open_sheet(data: bytes, feed: Feed) -> RawFile:
    """Opens a workbook; where no header has every required column, the row with the most columns stands for it."""
    best: tuple[int, RawFile] = (0, RawFile([], []))
    for name, rows in _sheets(data):
        for at, row in enumerate(rows[:HEADER_ROWS]):
            headers = [clean_header(text_of(cell, "text")) for cell in row]
            found = {column.name for column in (column_of_header(feed, header) for header in headers) if column}
            if all(column.optional or column.name in found for column in feed.columns):
                return _table(headers, rows, at, name)
            if len(found) > best[0]:
                best = len(found), RawFile(headers, [], name)
    return best[1]


def _sheets(data: bytes) -> list[tuple[str, list[list[Any]]]]:
    """Every sheet with its rows, from the first row and column on."""
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        # charts and macro sheets have no cells
        names = [sheet.name for sheet in book.sheets_metadata if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet]
        return [(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in names]
    except (python_calamine.CalamineError, OSError) as error:
        raise Unreadable(f"cannot be read as a workbook ({type(error).__name__})") from None


def _table(headers: list[str], rows: list[list[Any]], at: int, sheet: str) -> RawFile:
    """The records below a header row, without blank rows and without what stands beside the table."""
    width = max(number for number, header in enumerate(headers, 1) if header)
    records = [Record(number, None, [_cell(cell) for cell in row[:width]])
               for number, row in enumerate(rows[at + 1:], at + 2) if any(text_of(cell, "text").strip() for cell in row[:width])]
    return RawFile(headers[:width], records, sheet)


def _cell(cell: Any) -> Any:
    """A cell as the other formats have it: every number as the floating one that a sheet stores, every day as a midnight."""
    if isinstance(cell, date) and not isinstance(cell, datetime):
        return datetime.combine(cell, time())
    if isinstance(cell, int) and not isinstance(cell, bool):
        return float(cell)
    return cell
