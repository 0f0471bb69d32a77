"""Indicators of persons and money: A01, A05, A06, B01, B05."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

from identity import key_hex
from views_in import AT_RISK, PROVINCE, TRAINING_KINDS, Row, Views, grouped

MILLION = 1_000_000


def hit(indicator: str, kind: str, entity: str, period: str, strength: str, value: float | None, threshold: float | None, at_risk: int) -> Row:
    """One hit, in the columns that the cross-check compares: the figure of its strongest reason and what that is compared with."""
    return {"indicator_id": indicator, "entity_kind": kind, "entity_id": entity, "period": period, "strength": strength,
            "value": value, "threshold": threshold, "amount_at_risk_fen": at_risk}


def lead(indicator: str, kind: str, entity: str, period: str, strength: str, at_risk: int) -> Row:
    """One hit whose figure and threshold the pages leave open: they are not compared."""
    return hit(indicator, kind, entity, period, strength, None, None, at_risk)


def a01(views: Views) -> list[Row]:
    """Persons of enrolments whose number is invalid (H), of 15 digits or of no known division (W); shown: their enrolments."""
    hits: list[Row] = []
    for person, rows in grouped(views.enrolments.values(), "person_key").items():
        faults = {row["id_fault"] for row in rows} - {None}
        starts = [views.classes[row["class_id"]]["start_on"] for row in rows if row["class_id"] in views.classes]
        born_after = any(row["birth_on"] and row["birth_on"] > start for row in rows for start in starts)
        hard = born_after or bool(faults - {"legacy_15", "unknown_division"})
        if hard or faults:
            at_risk = views.at_risk_fen(row["enrolment_id"] for row in rows)
            hits.append(hit("A01", "person", key_hex(person), "", "H" if hard else "W", float(len(rows)), 1.0, at_risk))
    return hits


def counted_training_claims(views: Views) -> list[tuple[Row, Row]]:
    """Training subsidies that count (neither rejected nor refunded), each with its class."""
    found = []
    for claim in views.claims:
        training = views.class_of_claim(claim)
        if training and claim["kind"] in TRAINING_KINDS and claim["status"] not in ("rejected", "refunded"):
            found.append((claim, training))
    return found


def a05(views: Views) -> list[Row]:
    """Persons with more entitlements in a calendar year than the limit; one counts in the year of its first claim."""
    entitlements: dict[tuple[int, str, int], list[Row]] = defaultdict(list)
    for claim, training in counted_training_claims(views):
        entitlements[claim["person_key"], training["occupation_code"], training["skill_level"]].append(claim)
    by_year: dict[tuple[int, int], list[list[Row]]] = defaultdict(list)
    for (person, _, _), claims in entitlements.items():
        by_year[person, min(claim["claimed_on"] for claim in claims).year].append(claims)
    limit = views.policy_e6("yearly_entitlement_limit", PROVINCE)
    return [
        hit("A05", "person", key_hex(person), str(year), "H", float(len(group)), limit / MILLION,
            views.at_risk_fen(claim["enrolment_id"] for claims in group for claim in claims))
        for (person, year), group in by_year.items()
        if len(group) * MILLION > limit
    ]


def a06(views: Views) -> list[Row]:
    """The same occupation and level paid more than once over (H), or a lower level claimed after a higher one (W).

    Shown: the sum of shares against what is allowed, or the highest level claimed before against the own level.
    """
    cells: dict[tuple[int, str, int], list[Row]] = defaultdict(list)
    for claim, training in counted_training_claims(views):
        cells[claim["person_key"], training["occupation_code"], training["skill_level"]].append(claim)
    first_claimed = {cell: min(claim["claimed_on"] for claim in claims) for cell, claims in cells.items()}
    bound = 1 + Fraction(views.policy_e6("repeat_tolerance"), MILLION)
    hits: list[Row] = []
    for (person, occupation, level), claims in cells.items():
        standards = [(claim["amount_fen"], views.standard_fen(claim)) for claim in claims]
        share = sum((Fraction(amount, standard) for amount, standard in standards if standard), Fraction(0))
        own_first = first_claimed[person, occupation, level]
        higher = [other for other in range(1, level) if first_claimed.get((person, occupation, other), own_first) < own_first]
        if share > bound or higher:
            entity = f"{key_hex(person)}|{occupation}|{level}"
            at_risk = views.at_risk_fen(claim["enrolment_id"] for claim in claims)
            shown = ("H", float(share), float(bound)) if share > bound else ("W", float(min(higher)), float(level))
            hits.append(hit("A06", "person_occupation_level", entity, "", *shown, at_risk))
    return hits


def b01(views: Views) -> list[Row]:
    """Platform shares above the cap on the standard in force at class start."""
    hits: list[Row] = []
    for claim in views.claims:
        standard, training = views.standard_fen(claim), views.class_of_claim(claim)
        if claim["kind"] != "platform_share" or claim["status"] == "rejected" or standard is None or training is None:
            continue
        try:
            cap = views.policy_e6("platform_share_cap", claim["city_code"], training["start_on"])
        except LookupError:
            continue
        if claim["amount_fen"] * MILLION > cap * standard:
            at_risk = claim["amount_fen"] if claim["status"] in AT_RISK else 0
            hits.append(hit("B01", "claim", claim["claim_id"], "", "H", claim["amount_fen"] / standard if standard else None, cap / MILLION, at_risk))
    return hits


def b05(views: Views) -> list[Row]:
    """Accounts on which several persons' own claims are paid."""
    soft, hard = views.policy_e6("shared_account_strong"), views.policy_e6("shared_account_hard")
    own = [row for row in views.claims if row["payee_kind"] == "person" and row["account_key"] is not None and row["status"] != "rejected"]
    hits: list[Row] = []
    for account, claims in grouped(own, "account_key").items():
        persons = len({claim["person_key"] for claim in claims})
        if persons * MILLION >= soft:
            at_risk = views.at_risk_fen(claim["enrolment_id"] for claim in claims)
            strength, reached = ("H", hard) if persons * MILLION >= hard else ("S", soft)
            hits.append(hit("B05", "account", key_hex(account), "", strength, float(persons), reached / MILLION, at_risk))
    return hits
