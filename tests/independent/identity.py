"""Identities: citizen numbers, phones, accounts, keyed pseudonyms (GB 11643-1999, Luhn, HMAC-SHA-256)."""

from __future__ import annotations

import csv
import hmac
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
#: First two digits of every province-level division of GB/T 2260, and 83 of the residence permits for people from Taiwan.
PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83".split()
)


def squeeze(text: str) -> str:
    """NFKC, without any white space or quotes."""
    plain = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\s\"'‘’“”`]", "", plain)


def is_placeholder(text: str) -> bool:
    """One repeated digit, or a run like 123456 (up or down, 9 followed by 0 and the reverse)."""
    if len(text) < 2 or not text.isdigit():
        return False
    steps = {(int(b) - int(a)) % 10 for a, b in zip(text, text[1:])}
    return steps in ({0}, {1}, {9})


class Pseudonyms:
    """Keyed pseudonyms: the first eight bytes, big-endian, of HMAC-SHA-256(secret, kind + ":" + value)."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self._seen: dict[str, int] = {}

    def key(self, kind: str, value: str) -> int:
        """The Int64 key of a normalised value."""
        text = f"{kind}:{value}"
        if text not in self._seen:
            digest = hmac.new(self._secret, text.encode(), sha256).digest()
            self._seen[text] = int.from_bytes(digest[:8], "big", signed=True)
        return self._seen[text]


def key_hex(key: int) -> str:
    """What people see of a key: sixteen lower-case hexadecimal digits."""
    return f"{key & 0xFFFFFFFFFFFFFFFF:016x}"


class Divisions:
    """Every Shandong division code ever valid, and the present city that each belongs to."""

    def __init__(self, path: Path) -> None:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        self.names: dict[str, str] = {row["code"]: row["name"] for row in rows}
        self.current: dict[str, str] = {
            row["code"]: row["name"] for row in rows if row["level"] == "地级" and row["status"] == "在用"
        }
        self._successors: dict[str, list[str]] = {row["code"]: row["new_codes"].split(";") for row in rows}
        self._old_area: dict[str, str] = {row["code"]: row["city"] for row in rows}
        self._prefectures = {name[:-1]: code for code, name in self.current.items()} | {"惠民": "371600", "莱芜": "370100"}

    def known(self, code: str) -> bool:
        """Whether the first six digits of a citizen number can be a division."""
        return code in self.names if code.startswith("37") else code[:2] in PROVINCES

    def city(self, code: str) -> str | None:
        """The city of a division; a code outside Shandong as it is; None for a code that never was one."""
        if not re.fullmatch(r"\d{6}", code) or not self.known(code):
            return None
        if not code.startswith("37") or code == "370000":
            return code
        return self._city_in_shandong(code, 0)

    def _city_in_shandong(self, code: str, depth: int) -> str | None:
        if code.startswith("3712"):
            return "370100"
        if code[:4] + "00" in self.current:
            return code[:4] + "00"
        # a bracketed successor took over a part only, in that year; the plain ones took the rest
        for successor in [s for s in self._successors.get(code, []) if s and "[" not in s]:
            if depth < 9 and successor != code:
                return self._city_in_shandong(successor, depth + 1)
        area = self._old_area.get(code, "")
        return self._prefectures.get(area.removesuffix("地区").removesuffix("市"))


@dataclass(frozen=True)
class CitizenNumber:
    """What a citizen number says, or why it says nothing."""

    valid: bool
    fault: str | None
    birth_on: date | None = None
    sex: str | None = None
    division: str | None = None


def _real_date(text: str) -> date | None:
    try:
        found = date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return None
    return found if found.year >= 1800 else None


def check_character(first_seventeen: str) -> str:
    """The ISO 7064 MOD 11-2 check character of GB 11643."""
    return CHECK_CHARACTERS[sum(w * int(c) for w, c in zip(WEIGHTS, first_seventeen)) % 11]


def read_citizen_number(number: str, divisions: Divisions) -> CitizenNumber:
    """Tests a normalised number: placeholder, length, form, check digit, date, division, in this order."""
    if is_placeholder(number):
        return CitizenNumber(False, "placeholder")
    if len(number) not in (15, 18):
        return CitizenNumber(False, "length")
    if not re.fullmatch(r"[0-9]{15}|[0-9]{17}[0-9X]", number):
        return CitizenNumber(False, "form")
    if len(number) == 15:
        return _read_old_number(number)
    if check_character(number[:17]) != number[17]:
        return CitizenNumber(False, "check_digit")
    birth_on = _real_date(number[6:14])
    if birth_on is None:
        return CitizenNumber(False, "no_such_date")
    sex = "male" if int(number[16]) % 2 else "female"
    known = divisions.known(number[:6])
    return CitizenNumber(True, None if known else "unknown_division", birth_on, sex, number[:6])


def _read_old_number(number: str) -> CitizenNumber:
    """A fifteen-digit number of 1989: year without century, centenarians by their sequence 996 to 999."""
    century = "18" if number[12:15] in ("996", "997", "998", "999") else "19"
    birth_on = _real_date(century + number[6:12])
    if birth_on is None:
        return CitizenNumber(False, "no_such_date")
    sex = "male" if int(number[14]) % 2 else "female"
    return CitizenNumber(False, "legacy_15", birth_on, sex, number[:6])


def modern_number(number: str) -> str:
    """The eighteen-digit form of a fifteen-digit number."""
    century = "18" if number[12:15] in ("996", "997", "998", "999") else "19"
    first_seventeen = number[:6] + century + number[6:]
    return first_seventeen + check_character(first_seventeen)


def normalise_person(text: str) -> str:
    """A citizen number as it is hashed: NFKC, no spaces or quotes, a capital X."""
    return squeeze(text).upper()


def normalise_phone(text: str) -> str:
    """A phone as it is hashed: without +86, 0086, 86, one leading 0, spaces and hyphens."""
    plain = squeeze(text).replace("-", "")
    for prefix in ("+86", "0086", "86"):
        if plain.startswith(prefix):
            plain = plain[len(prefix):]
            break
    return plain[1:] if plain.startswith("0") else plain


def phone_fault(phone: str) -> str | None:
    """`placeholder`, `form`, or nothing for a mobile number."""
    if is_placeholder(phone):
        return "placeholder"
    return None if re.fullmatch(r"1[3-9]\d{9}", phone) else "form"


def normalise_account(text: str) -> str:
    """An account as it is hashed: without spaces and hyphens."""
    return squeeze(text).replace("-", "")


def luhn(number: str) -> bool:
    """The mod-10 check of bank cards."""
    total = 0
    for place, character in enumerate(reversed(number)):
        digit = int(character) * (2 if place % 2 else 1)
        total += digit - 9 if digit > 9 else digit
    return total % 10 == 0


def account_fault(account: str) -> str | None:
    """`placeholder`, `form`, `luhn`, or nothing for a card number."""
    if is_placeholder(account) or re.fullmatch(r"6(\d)\1+", account):
        return "placeholder"
    if not re.fullmatch(r"\d{9,32}", account):
        return "form"
    return None if luhn(account) else "luhn"


@lru_cache(maxsize=None)
def _embedded() -> re.Pattern[str]:
    return re.compile(r"(?<!\d)(\d{17}[\dXx])(?![\dXx])")


def hide_citizen_numbers(text: str, pseudonyms: Pseudonyms, divisions: Divisions) -> str:
    """The text with every valid citizen number in it replaced by the key's sixteen digits."""

    def replace(match: re.Match[str]) -> str:
        number = match.group(1).upper()
        if not read_citizen_number(number, divisions).valid:
            return match.group(0)
        return key_hex(pseudonyms.key("person", number))

    return _embedded().sub(replace, text) if len(text) >= 18 else text
