"""Indicators of money: B02, B03, B04, B06, B07."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from identity import key_hex
from indicators_claims import MILLION, counted_training_claims, lead
from indicators_persons import ALLOWANCE_GROUPS
from intervals import local_day
from values import SECONDS_OF_CLASS_HOUR
from views_in import AT_RISK, TRAINING_KINDS, Row, Views, grouped, month_of, months_later


def _claim_hit(indicator: str, claim: Row, strength: str) -> Row:
    """A hit at claim grain: it risks that claim only."""
    return lead(indicator, "claim", claim["claim_id"], "", strength, claim["amount_fen"] if claim["status"] in AT_RISK else 0)


def b02(views: Views) -> list[Row]:
    """Chains of platform and offline shares that come to more than the standard, start too late or lack the platform's part.

    The standard is the largest of the chain's claims; a single claim above it is B04's.
    """
    chains: dict[tuple[int, str, int], list[tuple[Row, Row]]] = defaultdict(list)
    for claim, training in counted_training_claims(views):
        chains[claim["person_key"], training["occupation_code"], training["skill_level"]].append((claim, training))
    hits: list[Row] = []
    for (person, occupation, level), chain in chains.items():
        claims = [claim for claim, _ in chain]
        standard = max((found for claim in claims if (found := views.standard_fen(claim)) is not None), default=None)
        platform = any(claim["kind"] == "platform_share" for claim in claims)
        offline = [(claim, training) for claim, training in chain if claim["kind"] == "offline_share"]
        too_much = standard is not None and len(claims) > 1 and sum(claim["amount_fen"] for claim in claims) > standard
        in_full = platform and any(claim["amount_fen"] == standard for claim, _ in offline)
        late = any(_after_clause(views, claim, training["start_on"]) for claim, training in offline)
        if too_much or in_full or late or offline and not platform:
            at_risk = views.at_risk_fen(claim["enrolment_id"] for claim in claims)
            hits.append(lead("B02", "person_occupation_level", f"{key_hex(person)}|{occupation}|{level}", "", "H", at_risk))
    return hits


def _after_clause(views: Views, claim: Row, start: date) -> bool:
    """Whether an offline class starts after the last day of the 80 % clause."""
    last = views.policy_e6("offline_share_last_start", claim["city_code"], start) // MILLION
    return start.year * 10_000 + start.month * 100 + start.day > last


def b03(views: Views) -> list[Row]:
    """Living allowances of a wrong amount, group or fund."""
    hits: list[Row] = []
    for claim in views.claims:
        if claim["kind"] != "living_allowance" or claim["status"] == "rejected":
            continue
        enrolment, training = views.every_enrolment.get(claim["enrolment_id"]), views.class_of_claim(claim)
        on = training["start_on"] if training else claim["claimed_on"]
        wrong = claim["fund"] != "employment"
        if enrolment:
            rate = views.policy_e6("living_allowance_rate", claim["city_code"], on)
            tolerance = views.policy_e6("living_allowance_tolerance", claim["city_code"], on)
            gap = abs(claim["amount_fen"] * SECONDS_OF_CLASS_HOUR * MILLION - rate * enrolment["online_seconds"])
            wrong |= gap > tolerance * SECONDS_OF_CLASS_HOUR or enrolment["learner_group"] not in ALLOWANCE_GROUPS
        if wrong:
            hits.append(_claim_hit("B03", claim, "H"))
    return hits


def b04(views: Views) -> list[Row]:
    """Training subsidies above the standard or the hourly cap, or for less than the minimum of hours.

    Hours are those of all enrolments of the enrolment's person in the occupation and level.
    """
    seconds: dict[tuple[int, str, int], int] = defaultdict(int)
    for row in views.enrolments.values():
        own_class = views.classes.get(row["class_id"])
        if own_class:
            cell = (row["person_key"], own_class["occupation_code"], own_class["skill_level"])
            seconds[cell] += row["online_seconds"] + row["offline_seconds"]
    hits: list[Row] = []
    for claim in views.claims:
        standard, training = views.standard_row(claim), views.class_of_claim(claim)
        if claim["kind"] not in TRAINING_KINDS or claim["status"] == "rejected" or standard is None or training is None:
            continue
        hours = seconds[views.every_enrolment[claim["enrolment_id"]]["person_key"], training["occupation_code"], training["skill_level"]]
        cap, minimum = standard["hourly_cap_fen"], standard["min_seconds"]
        if (
            claim["amount_fen"] > standard["standard_fen"]
            or cap is not None and claim["amount_fen"] * SECONDS_OF_CLASS_HOUR > cap * hours
            or minimum is not None and hours < minimum
        ):
            hits.append(_claim_hit("B04", claim, "H"))
    return hits


def b06(views: Views) -> list[Row]:
    """Organisations that are paid without agreement, for others' trainings, or on one agreement for several classes.

    Counted by month of claim; at risk are the enrolments whose claims show it.
    """
    cells: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for claim in views.claims:
        org = claim["payee_id"] or (views.class_of_claim(claim) or {}).get("org_id")
        if org and claim["payee_kind"] == "organization" and claim["status"] != "rejected":
            cells[org, month_of(claim["claimed_on"])].append(claim)
    limit = views.policy_e6("proxy_agreement_classes")
    hits: list[Row] = []
    for (org, month), claims in cells.items():
        classes: dict[str, set[str]] = defaultdict(set)
        for claim in claims:
            if claim["agreement_id"] is not None and claim["enrolment_id"] in views.every_enrolment:
                classes[claim["agreement_id"]].add(views.every_enrolment[claim["enrolment_id"]]["class_id"])
        concerned = [
            claim for claim in claims
            if claim["agreement_id"] is None or len(classes[claim["agreement_id"]]) * MILLION >= limit or _other_payee(views, claim, org)
        ]
        if concerned:
            at_risk = views.at_risk_fen(claim["enrolment_id"] for claim in concerned)
            hits.append(lead("B06", "org", org, month, "S", at_risk))
    return hits


def _other_payee(views: Views, claim: Row, org: str) -> bool:
    """Whether a payee is neither the training organisation nor the platform nor the learner's employer."""
    training = views.class_of_claim(claim)
    own = training and (training["org_id"], training["platform_id"], views.every_enrolment[claim["enrolment_id"]]["employer_id"])
    return bool(own and org not in own)


def _first_assessed(views: Views) -> dict[str, date]:
    """The local day of the first assessment of every enrolment that has a dated one."""
    found: dict[str, date] = {}
    for enrolment_id, exams in grouped(views.assessments, "enrolment_id").items():
        moments = [row["started_us"] if row["started_us"] is not None else row["ended_us"] for row in exams]
        days = [local_day(at) for at in moments if at is not None]
        if days:
            found[enrolment_id] = min(days)
    return found


def b07(views: Views) -> list[Row]:
    """Certificate, claim, payment and assessment in the wrong order (H); a certificate within a day of completion (W).

    Whatever concerns certificates holds for training subsidies, the rest for all kinds.
    """
    early = timedelta(days=views.policy_e6("certificate_early_days") // MILLION)
    near = timedelta(days=views.policy_e6("certificate_near_days") // MILLION)
    assessed = _first_assessed(views)
    hits: list[Row] = []
    for claim in views.claims:
        enrolment, training = views.every_enrolment.get(claim["enrolment_id"]), views.class_of_claim(claim)
        if claim["status"] == "rejected":
            continue
        hard, weak = bool(claim["paid_on"] and claim["paid_on"] < claim["claimed_on"]), False
        first = assessed.get(claim["enrolment_id"])
        hard |= bool(first and training and first < training["start_on"])
        if claim["kind"] in TRAINING_KINDS:
            issued = min((row["issued_on"] for row in views.certificates_of.get(claim["enrolment_id"], [])), default=None)
            if issued:
                completed = enrolment["completed_on"] if enrolment else None
                hard |= bool(completed and issued < completed - early)
                weak = bool(completed and abs(issued - completed) <= near)
                on = training["start_on"] if training else claim["claimed_on"]
                months = views.policy_e6("claim_deadline_months", claim["city_code"], on) // MILLION
                hard |= not issued <= claim["claimed_on"] <= months_later(issued, months)
        if hard or weak:
            hits.append(_claim_hit("B07", claim, "H" if hard else "W"))
    return hits
