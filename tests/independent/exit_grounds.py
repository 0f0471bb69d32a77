"""Grounds on which platforms may have to leave, and the stages of their cases from release to release."""

from __future__ import annotations

from datetime import date, timedelta

from intervals import local_day
from platform_items import Platform
from platform_results import changes
from platform_scores import evaluated, platform_scores, weighted
from views_in import Row, Views

SPAN, FILED, UNCHANGED, CHANGED, RECTIFY, OBJECTION = 90, 90, 180, 365, 30, 5
NEAR = 1e-9
DECISIONS = frozenset({"other", "filing_lost"})
ORDER = ("zombie", "stale", "weak_supervision", "below_standard", "veto")


def idle(platform: Platform, last: date) -> set[str]:
    """Why a platform counts as a zombie in the 90 days to a day; nothing where it was not filed long enough before them."""
    start = last - timedelta(days=SPAN)
    filed = platform.row["filed_on"]
    if filed is None or (start - filed).days < FILED:
        return set()
    reasons = set()
    if not any(start < row["enrolled_on"] <= last for row in platform.enrolments):
        reasons.add("no_new_enrolment")
    logs = [log for log in platform.logs if start < local_day(log["started_us"]) <= last]
    if len({log["person_key"] for log in logs}) < 10 and sum(log["watched_seconds"] for log in logs) < 50 * 2700:
        reasons.add("little_activity")
    return reasons


def _grounds(views: Views, unit: Row, process: float | None, items: list[tuple[date, Row]]) -> dict[tuple[str, str], bool]:
    """Ground and reason -> whether it held in the span before too."""
    platform: Platform = unit["platform"]
    now, before = idle(platform, views.as_of), idle(platform, views.as_of - timedelta(days=SPAN))
    found = {("zombie", reason): bool(before) for reason in now}
    if items:
        ages = [(views.as_of - day).days for day, _ in items]
        if min(ages) >= UNCHANGED:
            found["stale", "nothing_changed"] = False
        if sum(1 for age in ages if age <= CHANGED) * 5 < len(ages):
            found["stale", "few_items_changed"] = False
    earlier = weighted(unit["before"], "process")
    if process is not None and earlier is not None and process < 60 - NEAR and earlier < 60 - NEAR:
        found["weak_supervision", "process_score"] = False
    valid = unit["items"]["valid_hour_rate"]
    if valid is not None and valid < 0.9:
        found["weak_supervision", "valid_hour_rate"] = False
    found |= {("veto", kind): False for kind in unit["vetoes"]}
    return found


def exit_grounds(views: Views) -> list[Row]:
    """One row a platform, ground and reason; platforms that were removed have left."""
    scores = {row["platform_id"]: row for row in platform_scores(views)}
    courses = changes(views)
    table: list[Row] = []
    for unit in evaluated(views):
        platform: Platform = unit["platform"]
        removed = platform.row["removed_on"]
        if removed is not None and removed <= views.as_of:
            continue
        score = scores[platform.name]
        found = _grounds(views, unit, score["process"], courses.get(platform.name, []))
        if score.get("grade") == "unqualified":
            found["below_standard", "unqualified"] = False
        table += [{"as_of": views.as_of, "platform_id": platform.name, "ground": ground, "reason": reason, "consecutive": twice}
                  for (ground, reason), twice in found.items()]
    return table


def working_days_later(day: date, number: int) -> date:
    """Monday to Friday."""
    while number:
        day += timedelta(days=1)
        number -= day.isoweekday() <= 5
    return day


def exit_proposals(views: Views) -> list[Row]:
    """Where the case of every platform with a ground stands, going on from the last earlier release."""
    grounds: dict[str, dict[str, bool]] = {}
    for row in exit_grounds(views):
        known = grounds.setdefault(row["platform_id"], {})
        known[row["ground"]] = known.get(row["ground"], False) or row["consecutive"]
    earlier = {row["platform_id"]: row for row in views.previous_proposals}
    findings = views.rows("findings")
    return [
        {"as_of": views.as_of, "platform_id": platform}
        | next_stage(views.as_of, found, earlier.get(platform), [row for row in findings if row["org_id"] == platform])
        for platform, found in grounds.items()
    ]


def next_stage(as_of: date, grounds: dict[str, bool], before: Row | None, findings: list[Row]) -> Row:
    """The next row of a platform with these grounds (true: a zombie in two spans).

    Warning, then 30 days to rectify; a ground that has stood since its warning is then proposed, a zombie of two spans at once;
    5 working days for objections; then the city decides. A decision covers the grounds warned about by then.
    """
    known = before or {}
    since = {ground: known.get(f"{ground}_since") or as_of for ground in ORDER if ground in grounds}
    settled = known.get("decided_on")
    open_since = {ground: day for ground, day in since.items() if settled is None or day > settled}
    due = any(day + timedelta(days=RECTIFY) <= as_of or grounds[ground] for ground, day in open_since.items())
    standing = known.get("proposed_on")
    proposed = (standing if standing and (settled is None or standing > settled) else as_of) if due else None
    decisions = [row for row in findings if row["kind"] in DECISIONS and proposed and proposed < row["decided_on"] <= as_of]
    row: Row = {"grounds": list(since), "first_seen_on": known.get("first_seen_on") or as_of, "proposed_on": proposed,
                **{f"{ground}_since": since.get(ground) for ground in ORDER}, "next_date": None, "decided_on": settled}
    if decisions:
        settled = row["decided_on"] = min(found["decided_on"] for found in decisions)
    if decisions or not open_since:
        return row | {"stage": "decided", "step": "decided", "stage_since": settled}
    if proposed:
        last = working_days_later(proposed, OBJECTION)
        step = "proposal" if proposed == as_of else "objection" if as_of <= last else "decision"
        return row | {"stage": "proposal", "step": step, "stage_since": proposed, "next_date": last if as_of <= last else None}
    first = min(open_since.values())
    stage = "warning" if first == as_of else "rectify"
    started = known["stage_since"] if known.get("stage") == stage else as_of
    return row | {"stage": stage, "step": stage, "stage_since": started, "next_date": first + timedelta(days=RECTIFY)}
