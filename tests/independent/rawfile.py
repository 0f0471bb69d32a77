"""Raw files of every format and packing, opened as records."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path
from typing import Callable

import zstandard

import rawcsv
import rawjson
import rawparquet
import rawsheet
from contract import Feed
from records import RawFile, Unreadable

#: Suffix -> what opens the unpacked bytes of such a file.
FORMATS: dict[str, Callable[[bytes, Feed], RawFile]] = {
    ".csv": rawcsv.open_csv, ".tsv": rawcsv.open_csv, ".jsonl": rawjson.open_json, ".ndjson": rawjson.open_json,
    ".parquet": rawparquet.open_parquet, ".xlsx": rawsheet.open_sheet, ".xls": rawsheet.open_sheet,
}
TEXT_FORMATS = (".csv", ".tsv", ".jsonl", ".ndjson")
PACKINGS = (".gz", ".zst")
READ_SUFFIXES = tuple(form + packing for form in FORMATS for packing in ("", *PACKINGS))


def format_of(name: str) -> str | None:
    """The suffix of a name's format, its packing put aside; nothing where no loader reads it."""
    lower = name.lower()
    for packing in PACKINGS:
        lower = lower.removesuffix(packing)
    suffix = Path(lower).suffix
    return suffix if suffix in FORMATS and name.lower().endswith(READ_SUFFIXES) else None


def read_bytes(path: Path) -> bytes:
    """The file's bytes, unpacked; packed files may hold several members or frames."""
    data, name = path.read_bytes(), path.name.lower()
    try:
        if name.endswith(".gz"):
            return gzip.decompress(data)
        if name.endswith(".zst"):
            return zstandard.ZstdDecompressor().stream_reader(io.BytesIO(data), read_across_frames=True).read()
    except (OSError, EOFError, zlib.error, zstandard.ZstdError) as error:
        raise Unreadable(f"cannot be unpacked ({type(error).__name__})") from None
    return data


def open_raw(path: Path, feed: Feed) -> RawFile:
    """Opens one raw file of a feed; raises `Unreadable`."""
    suffix = format_of(path.name)
    if suffix is None:
        raise Unreadable("no format that is read")
    return FORMATS[suffix](read_bytes(path), feed)
