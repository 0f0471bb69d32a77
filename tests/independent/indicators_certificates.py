"""Indicators of assessment and certificates: E01, E02, E03."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date, timedelta
from math import ceil, exp, lgamma, log
from statistics import median, stdev

from indicators_claims import lead
from intervals import local_day
from views_in import Row, Views, grouped, month_of, months_later, quarter_of

EXAMS, PASS_RATE, Q, SD_SHARE, PEERS = 100, 0.98, 0.05, 0.25, 8
BARELY, PERCENT_BARELY = (60, 62), 30
ENTRY_DAYS, ENTRY_CERTIFICATES, PERCENTILE_PEERS = 90, 1000, 100
GROWTH, GROWTH_FROM = 3, 200


def binomial_tail(successes: int, trials: int, rate: float) -> float:
    """The chance of at least so many successes."""
    if successes <= 0 or rate >= 1:
        return 1.0
    if rate <= 0:
        return 0.0
    return min(1.0, sum(
        exp(lgamma(trials + 1) - lgamma(k + 1) - lgamma(trials - k + 1) + k * log(rate) + (trials - k) * log(1 - rate))
        for k in range(successes, trials + 1)
    ))


def false_discovery(chances: list[float]) -> list[float]:
    """The q values of Benjamini and Hochberg."""
    order, least = sorted(range(len(chances)), key=lambda place: chances[place]), 1.0
    found = [1.0] * len(chances)
    for rank in range(len(order), 0, -1):
        least = min(least, chances[order[rank - 1]] * len(chances) / rank)
        found[order[rank - 1]] = least
    return found


def _exams(views: Views) -> dict[tuple[str, str], dict[str, list[Row]]]:
    """Dated assessments by kind of entity and quarter, then by entity: the assessor, and the training organisation."""
    cells: dict[tuple[str, str], dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in views.assessments:
        at = row["started_us"] if row["started_us"] is not None else row["ended_us"]
        if at is None:
            continue
        quarter = quarter_of(local_day(at))
        cells["assessor", quarter][row["assessor_id"]].append(row)
        training = views.classes.get(views.enrolments.get(row["enrolment_id"], {}).get("class_id"))
        if training:
            cells["org", quarter][training["org_id"]].append(row)
    return cells


def e01(views: Views) -> list[Row]:
    """Pass rates too high for the peers, scores too much alike, or too many just passed, with at least 100 assessments.

    Peers are the other entities of the kind and quarter, at least 8; for the rate those with as many assessments, pooled; the
    median of the scatter is that of all entities.
    """
    tests: list[tuple[tuple[str, str, str], list[Row], float | None]] = []
    alike: dict[tuple[str, str, str], bool] = {}
    for (kind, quarter), entities in _exams(views).items():
        large = {entity: rows for entity, rows in entities.items() if len(rows) >= EXAMS}
        spread = {entity: stdev(scores) for entity, rows in entities.items() if len(scores := _scores(rows)) > 1}
        for entity, rows in large.items():
            others = [row for other, found in large.items() if other != entity for row in found]
            passed = sum(row["passed"] for row in rows)
            enough = len(large) > PEERS
            chance = binomial_tail(passed, len(rows), sum(row["passed"] for row in others) / len(others)) if enough else None
            tests.append(((kind, entity, quarter), rows, chance))
            alike[kind, entity, quarter] = entity in spread and len(spread) > PEERS and spread[entity] < SD_SHARE * median(spread.values())
    tested = [(name, chance) for name, _, chance in tests if chance is not None]
    q_of = dict(zip((name for name, _ in tested), false_discovery([chance for _, chance in tested])))
    hits: list[Row] = []
    for name, rows, _ in tests:
        scores = _scores(rows)
        barely = sum(BARELY[0] <= score <= BARELY[1] for score in scores)
        high = sum(row["passed"] for row in rows) > PASS_RATE * len(rows) and q_of.get(name, 1.0) < Q
        if high or alike[name] or scores and 100 * barely >= PERCENT_BARELY * len(scores):
            at_risk = views.at_risk_fen(row["enrolment_id"] for row in rows)
            hits.append(lead("E01", *name, "S", at_risk))
    return hits


def _scores(rows: list[Row]) -> list[float]:
    return [row["score"] for row in rows if row["score"] is not None]


def _number_faults(row: Row) -> bool:
    """Whether a certificate's number breaks its kind's form, or says another level or year than the record."""
    number = row["certificate_no"].upper()
    if row["kind"] == "special_operation":
        return not row["own_number"]
    if row["kind"] == "skill_level":
        form, year, level = r"[YS]\d{4}\d{2}\d{6}\d{2}[1-5]\d{6}", slice(13, 15), 15
    elif row["kind"] == "vocational":
        form, year, level = r"\d{16}", slice(0, 2), 10
    else:
        return False
    if not re.fullmatch(form, number, re.ASCII):
        return True
    return number[year] != f"{row['issued_on'].year % 100:02d}" or _levels_differ(int(number[level]), row["skill_level"])


def _levels_differ(one: int, other: int) -> bool:
    """Levels are compared only where both are 1 to 5."""
    return one != other and 1 <= one <= 5 and 1 <= other <= 5


def e02(views: Views) -> list[Row]:
    """Certificates of two persons, with a faulty number, of another training than their enrolment's, or paid for twice."""
    hits: list[Row] = []
    for number, rows in grouped(views.certificates, "certificate_no").items():
        fault = len({row["person_key"] for row in rows}) > 1 or any(_number_faults(row) for row in rows)
        for row in rows:
            training = views.classes.get(views.enrolments.get(row["enrolment_id"], {}).get("class_id"))
            fault |= training is not None and (
                row["occupation_code"] != training["occupation_code"] or _levels_differ(row["skill_level"], training["skill_level"])
            )
        enrolments = {row["enrolment_id"] for row in rows}
        paid = [claim for enrolment in enrolments for claim in views.claims_of.get(enrolment, [])
                if claim["status"] == "paid" and claim["kind"] in ("full", "offline_share")]
        if fault or len(paid) > 1:
            hits.append(lead("E02", "certificate", number, "", "H", views.at_risk_fen(enrolments)))
    return hits


def _entry_bound(counts: list[int]) -> int | None:
    """What the first 90 days of an organisation may bring, by those of all organisations that have any (nearest rank)."""
    ordered = sorted(count for count in counts if count)
    if len(ordered) >= PERCENTILE_PEERS:
        return ordered[ceil(0.99 * len(ordered)) - 1]
    return 3 * ordered[ceil(0.75 * len(ordered)) - 1] if len(ordered) >= PEERS else None


def _grows(counts: dict[str, set[str]], month: str) -> bool:
    """Whether certificates from a month on treble twice running."""
    numbers = [len(counts.get(month_of(months_later(_first_of(month), step)), ())) for step in range(3)]
    return numbers[0] >= GROWTH_FROM and all(after >= GROWTH * before for before, after in zip(numbers, numbers[1:]))


def e03(views: Views) -> list[Row]:
    """Issuers with a burst of certificates in their first 90 days, or twice three times the month before.

    At risk are the enrolments of the first 90 days, or of the months that grew: the month before is what they are measured by.
    """
    filed = {org: min(row["filed_on"] for row in rows) for org, rows in
             grouped((row for row in views.rows("organizations") if row["filed_on"]), "org_id").items()}
    issued = grouped(views.certificates, "issuer_id")
    entry = {org: [row for row in rows if filed[org] <= row["issued_on"] <= filed[org] + timedelta(days=ENTRY_DAYS)]
             for org, rows in issued.items() if org in filed}
    bound = _entry_bound([_numbers(rows) for rows in entry.values()])
    hits: list[Row] = []
    for org, rows in issued.items():
        first = entry.get(org, [])
        concerned = first if _numbers(first) >= ENTRY_CERTIFICATES or bound is not None and _numbers(first) > bound else []
        months: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            months[month_of(row["issued_on"])].add(row["certificate_no"])
        grown = {month_of(months_later(_first_of(month), step)) for month in months if _grows(months, month) for step in (1, 2)}
        concerned = concerned + [row for row in rows if month_of(row["issued_on"]) in grown]
        if concerned:
            hits.append(lead("E03", "org", org, "", "S", views.at_risk_fen(row["enrolment_id"] for row in concerned)))
    return hits


def _numbers(rows: list[Row]) -> int:
    """Distinct certificate numbers."""
    return len({row["certificate_no"] for row in rows})


def _first_of(month: str) -> date:
    """The first day of a month."""
    return date.fromisoformat(f"{month}-01")
