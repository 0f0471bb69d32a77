"""Raw text to typed values: dates, times, numbers, money in fen, hours in seconds, enumerations, levels."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any

from contract import WORDS, Column
from identity import Divisions, squeeze

NULL_WORDS = frozenset({"", "NULL", "null", "无", "N/A", "-"})
SHANGHAI = timezone(timedelta(hours=8))
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
SECONDS_OF_CLASS_HOUR = 2700
TRUE_WORDS, FALSE_WORDS = frozenset({"true", "1", "是", "y"}), frozenset({"false", "0", "否", "n"})
LEVEL_WORDS: dict[str, int] = {
    "五级": 5, "初级工": 5, "初级": 5, "四级": 4, "中级工": 4, "中级": 4, "三级": 3, "高级工": 3, "高级": 3,
    "二级": 2, "技师": 2, "一级": 1, "高级技师": 1,
}


class Fault(Exception):
    """A value that breaks its contract; the text is the reason code, never the value."""


def clean(text: str) -> str:
    """NFKC, without surrounding spaces and quotes."""
    return unicodedata.normalize("NFKC", text).strip().strip("\"'").strip()


def read_date(text: str) -> date:
    """`2020-09-03`, `2020/9/3`, `20200903`, `2020年9月3日` or an Excel serial."""
    match = re.fullmatch(r"(\d{4})[-/年](\d{1,2})[-/月](\d{1,2})日?(?:[ T]0{1,2}:00(?::00)?)?", text)
    match = match or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text)
    if match is None and re.fullmatch(r"\d{5}(\.0+)?", text):
        return date(1899, 12, 30) + timedelta(days=int(text[:5]))
    if match is None:
        raise Fault("bad_date")
    try:
        return date(*(int(part) for part in match.groups()))
    except ValueError:
        raise Fault("bad_date") from None


_TIME = re.compile(
    r"(?P<day>\d{4}[-/年]\d{1,2}[-/月]\d{1,2}日?|\d{8})[ T]"
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?P<part>\.\d{1,9})?)?\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?"
)


def read_time(text: str) -> int:
    """Microseconds since 1970 in UTC; a time without an offset is Asia/Shanghai (UTC+8 in these years)."""
    match = _TIME.fullmatch(text)
    if match is None:
        raise Fault("bad_time")
    try:
        day = read_date(match["day"])
        zone = SHANGHAI
        if match["zone"] == "Z":
            zone = timezone.utc
        elif match["zone"]:
            sign = -1 if match["zone"][0] == "-" else 1
            zone = timezone(sign * timedelta(hours=int(match["zone"][1:3]), minutes=int(match["zone"][-2:])))
        clock = (int(match["hour"]), int(match["minute"]), int(match["second"] or 0))
        moment = datetime(day.year, day.month, day.day, *clock, tzinfo=zone)
    except (Fault, ValueError):
        raise Fault("bad_time") from None
    whole = (moment - EPOCH) // timedelta(microseconds=1)
    return whole + int((match["part"] or ".0")[1:].ljust(6, "0")[:6])


def read_decimal(text: str) -> Decimal:
    """A finite decimal number, thousands separators allowed."""
    plain = text.replace(",", "") if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", text) else text
    try:
        number = Decimal(plain)
    except InvalidOperation:
        raise Fault("bad_number") from None
    if not number.is_finite() or "_" in plain:
        raise Fault("bad_number")
    return number


def half_even(number: Decimal) -> int:
    """The nearest integer, ties to the even one."""
    return int(number.quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def read_integer(text: str) -> int:
    """A whole number."""
    number = read_decimal(text)
    if number != number.to_integral_value():
        raise Fault("bad_number")
    return int(number)


def read_level(text: str) -> int:
    """A skill level 0 to 5, as a digit or in words."""
    word = text.removeprefix("国家职业资格").split("/")[0]
    level = LEVEL_WORDS[word] if word in LEVEL_WORDS else read_integer(text)
    if not 0 <= level <= 5:
        raise Fault("out_of_range")
    return level


def read_enumeration(text: str, words: str) -> str:
    """The English word of an enumeration, from it or from its Chinese words."""
    for english, chinese in WORDS[words].items():
        if text.lower() == english or text in chinese:
            return english
    raise Fault("bad_enum")


def read_boolean(text: str) -> bool:
    """`true/false/1/0/是/否/Y/N`."""
    word = text.lower()
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    raise Fault("bad_enum")


def read_city(text: str, divisions: Divisions) -> str:
    """The city of an organising or paying division."""
    city = divisions.city(text)
    if city is None:
        raise Fault("bad_enum")
    return city


def _in_range(column: Column, number: Any) -> None:
    if column.low is not None and number < column.low or column.high is not None and number > column.high:
        raise Fault("out_of_range")


def read_value(raw: str, column: Column, divisions: Divisions) -> Any:
    """The typed value of one field, or None; raises `Fault` with the reason code.

    Money comes back as fen, hours as `Decimal` 课时, times as microseconds; persons, phones, accounts
    and names as cleaned text (they become keys later).
    """
    text = clean(raw)
    if text in NULL_WORDS:
        if not column.optional:
            raise Fault("missing_required")
        return None
    kind = column.kind
    if kind == "person":
        number = squeeze(text)
        if re.fullmatch(r"\d+(\.\d+)?[Ee]\+?\d+", number):
            raise Fault("precision_lost")
        return number.upper()
    if kind in ("text", "phone", "account", "name", "division"):
        return text
    if kind == "city":
        return read_city(text, divisions)
    if kind == "enum":
        return read_enumeration(text, column.words)
    if kind == "date":
        return read_date(text)
    if kind == "time":
        return read_time(text)
    if kind == "level":
        return read_level(text)
    if kind == "boolean":
        return read_boolean(text)
    if kind == "integer":
        whole = read_integer(text)
        _in_range(column, whole)
        return whole
    amount = read_decimal(text)
    _in_range(column, amount)
    if kind == "money":
        return half_even(amount * 100)
    return amount if kind == "hours" else float(amount)
