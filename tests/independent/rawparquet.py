"""Parquet files as records; the position is the row number from 1."""

from __future__ import annotations

import io

import polars as pl

from contract import Feed
from records import RawFile, Record, Unreadable, clean_header


def open_parquet(data: bytes, feed: Feed) -> RawFile:
    """Opens a Parquet file; dates, timestamps, decimals and doubles stay what they are until a column reads them."""
    try:
        frame = pl.read_parquet(io.BytesIO(data), hive_partitioning=False)
    except Exception as error:  # whatever the reader says, the file is no table
        raise Unreadable(f"cannot be read as Parquet ({type(error).__name__})") from None
    headers = [clean_header(name) for name in frame.columns]
    return RawFile(headers, [Record(number, None, list(row)) for number, row in enumerate(frame.iter_rows(), 1)])
