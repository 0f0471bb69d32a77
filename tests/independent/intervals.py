"""Half-open time intervals in microseconds: union, days, overlaps."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Iterable, Iterator

SHANGHAI_US = 8 * 3600 * 1_000_000
DAY_US = 86_400 * 1_000_000
EPOCH_DAY = date(1970, 1, 1)
Interval = tuple[int, int]


def union_length(intervals: Iterable[Interval]) -> int:
    """The length of the union; intervals that end before they begin have none."""
    total, reach = 0, None
    for start, end in sorted(interval for interval in intervals if interval[0] < interval[1]):
        begin = start if reach is None or start > reach else reach
        total += max(0, end - begin)
        reach = end if reach is None else max(reach, end)
    return total


def local_day(moment_us: int) -> date:
    """The Asia/Shanghai day of a moment."""
    return EPOCH_DAY + timedelta(days=(moment_us + SHANGHAI_US) // DAY_US)


def cut_by_day(start: int, end: int) -> Iterator[tuple[date, Interval]]:
    """The parts of an interval, cut at local midnights."""
    while start < end:
        midnight = ((start + SHANGHAI_US) // DAY_US + 1) * DAY_US - SHANGHAI_US
        yield local_day(start), (start, min(end, midnight))
        start = midnight
