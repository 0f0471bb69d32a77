"""The platform evaluation: items, dimensions, score, integrity, total, grade and rank by the default framework."""

from __future__ import annotations

from typing import Any

from platform_items import Items, platforms, process, usage, windows
from platform_results import Results, hard_hits
from views_in import Row, Views

DIMENSIONS = ("usage", "resources", "process", "outcome", "service", "compliance")
VETOES = ("filing_lost", "fraud", "no_face_evidence", "refused_data")
#: item -> (dimension, weight, what 100 points are). Goalposts stand as (value of 0 points, value of 100 points).
FRAMEWORK: dict[str, tuple[str, int, float | tuple[float, float]]] = {
    "active_learner_share": ("usage", 6, 1.0),
    "logged_hours_per_planned": ("usage", 5, 1.0),
    "months_with_enrolments": ("usage", 4, 1.0),
    "changed_item_share": ("resources", 6, 1.0),
    "occupation_breadth": ("resources", 5, 1.0),
    "hours_match_share": ("resources", 4, 1.0),
    "supported_hours_share": ("process", 8, 0.95),
    "face_check_pass_share": ("process", 8, 0.95),
    "valid_hour_rate": ("process", 8, 0.98),
    "timely_upload_share": ("process", 6, 0.95),
    "completion_rate": ("outcome", 6, 1.0),
    "pass_rate_lower_bound": ("outcome", 6, 1.0),
    "certificate_rate": ("outcome", 4, 1.0),
    "offline_continuation_rate": ("outcome", 4, 1.0),
    "rating": ("service", 4, (1.0, 5.0)),
    "upheld_complaints": ("service", 3, (5.0, 0.0)),
    "callback_attended_share": ("service", 3, 1.0),
    "hard_hit_rate": ("compliance", 5, (10.0, 0.0)),
    "refunds_completed_share": ("compliance", 3, 1.0),
    "filing_valid": ("compliance", 2, 1.0),
}
GRADES = ((90, "excellent"), (75, "good"), (60, "qualified"))
NEAR = 1e-9


def weighted(items: Items, dimension: str | None = None) -> float | None:
    """The mean of the available item scores, of one dimension or of all, by weight."""
    total = weights = 0.0
    for item, (of, weight, full) in FRAMEWORK.items():
        value = items.get(item)
        if value is not None and dimension in (None, of):
            total += weight * points(value, full)
            weights += weight
    return total / weights if weights else None


def points(value: float, full: float | tuple[float, float]) -> float:
    """An item's score."""
    share = (value - full[0]) / (full[1] - full[0]) if isinstance(full, tuple) else value / full
    return min(100.0, max(0.0, share * 100))


def third_quartile(values: list[float]) -> float:
    """By linear interpolation between the ranks."""
    ordered = sorted(values)
    place = 0.75 * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def factor(integrity: float) -> float:
    """By what integrity multiplies the score."""
    if integrity >= 75:
        return 1 + (integrity - 74) / 200
    return 1.0 if integrity >= 74 else integrity / 74


def evaluated(views: Views) -> list[Row]:
    """One row a platform with its raw items, those of the process one month earlier, and what was confirmed about it."""
    window, before = windows(views)
    results = Results(views, window, None if views.hits is None else hard_hits(views, views.hits))
    table: list[Row] = []
    for platform in platforms(views):
        learners = len({row["person_key"] for row in platform.enrolled(window)})
        filed = platform.row["filed_on"]
        findings = results.findings(platform)
        items: Items = {
            **usage(views, platform, window), **results.resources(platform), **process(views, platform, window),
            **results.outcome(platform), **results.service(platform), **results.compliance(platform),
        }
        table.append({
            "platform": platform, "items": items, "before": process(views, platform, before), "learners": learners,
            "sample_ok": filed is not None and (views.as_of - filed).days >= 90 and learners >= 30,
            "deduction": sum(row["deduction"] or 0 for row in findings),
            "vetoes": sorted({row["kind"] for row in findings} & set(VETOES)),
        })
    return table


def platform_scores(views: Views) -> list[Row]:
    """One row a platform."""
    units = evaluated(views)
    passes = [unit["items"]["pass_rate_lower_bound"] for unit in units if unit["sample_ok"]]
    passes = [value for value in passes if value is not None]
    ceiling = third_quartile(passes) if passes else None
    rows = [_scored(views, unit, ceiling) for unit in units]
    totals = [row["total"] for row in rows if row["sample_ok"] and row["total"] is not None and row["coverage"] >= 0.8 - NEAR]
    for row in rows:
        ranked = row["sample_ok"] and row["total"] is not None and row["coverage"] >= 0.8 - NEAR
        row["rank"] = 1 + sum(1 for total in totals if total > row["total"] + NEAR) if ranked else None
    return rows


def _scored(views: Views, unit: Row, ceiling: float | None) -> Row:
    items: Items = dict(unit["items"])
    passing = items["pass_rate_lower_bound"]
    if passing is not None and ceiling is not None:
        items["pass_rate_lower_bound"] = min(passing, ceiling)
    coverage = sum(weight for item, (_, weight, _) in FRAMEWORK.items() if items.get(item) is not None) / 100
    score, integrity = weighted(items), max(0.0, 100 - unit["deduction"])
    total = None if score is None else min(100.0, score * factor(integrity))
    row: Row = {
        "as_of": views.as_of, "platform_id": unit["platform"].name, "platform_name": unit["platform"].row["org_name"],
        **{name: weighted(items, name) for name in DIMENSIONS}, "coverage": coverage, "score": score, "integrity": integrity,
        "total": total, "grade": _grade(unit, coverage, total), "veto": ",".join(unit["vetoes"]) or None,
        "sample_ok": unit["sample_ok"], "learners": unit["learners"],
    }
    if "hard_hit_rate" not in items:  # without leads neither these nor what rests on them can be compared
        for name in ("compliance", "coverage", "score", "total", "grade"):
            del row[name]
    return row


def _grade(unit: Row, coverage: float, total: float | None) -> str:
    if not unit["sample_ok"]:
        return "insufficient_sample"
    if unit["vetoes"]:
        return "unqualified"
    if total is None or coverage < 0.8 - NEAR:
        return "not_graded"
    return next((name for least, name in GRADES if total >= least - NEAR), "unqualified")


def platform_score_details(views: Views) -> list[Row]:
    """The raw items, one row an item."""
    return [
        {"as_of": views.as_of, "platform_id": unit["platform"].name, "item": item, "raw_value": _value(unit["items"], item)}
        for unit in evaluated(views) for item in FRAMEWORK if item in unit["items"]
    ]


def _value(items: dict[str, Any], item: str) -> float | None:
    value = items[item]
    return None if value is None else float(value)
