"""Public statistics, computed plainly from the table definitions: progress, hours, funds, data quality."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from typing import Iterable

from views_in import PROVINCE, Row, Views, grouped, month_of


def areas_of(views: Views, city_code: str) -> list[str]:
    """The rows of the table that an event of a city counts in: its own and the province's; none outside Shandong."""
    if city_code not in views.city_names:
        return []
    return [city_code] if city_code == PROVINCE else [city_code, PROVINCE]


def months_since(views: Views, dates: Iterable[date]) -> list[str]:
    """The months from the first event to as-of; what lies before the calendar of the year 2000 is left out."""
    found = [day for day in dates if day.year >= 2000]
    return [month for month in views.months if found and month_of(min(found)) <= month <= views.as_of_month]


def in_province(views: Views, rows: Iterable[Row]) -> list[Row]:
    """Rows of the seventeen areas: what lies outside Shandong makes no row, nor does it begin a table's months."""
    return [row for row in rows if row["city_code"] in views.city_names]


def by_area(views: Views, rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Rows by the areas in which they count, for each of the seventeen areas in publishing order."""
    cells: dict[str, list[Row]] = {code: [] for code in views.city_names}
    for row in rows:
        for area in areas_of(views, row["city_code"]):
            cells[area].append(row)
    return cells


def _change(current: int, base: int | None) -> float | None:
    """Growth on a base, null on a base that is absent or zero."""
    return (current - base) / base if base else None


def _targets(views: Views) -> dict[tuple[int, str], int]:
    """Targets by year and area; the province's is its own row or the sum of the cities'."""
    rows = [row for row in views.rows("targets") if row["city_code"] in views.city_names]
    found = {(row["year"], row["city_code"]): row["target_completions"] for row in rows}
    for year in {year for year, _ in found}:
        total = sum(value for (of, code), value in found.items() if of == year and code != PROVINCE)
        found.setdefault((year, PROVINCE), total)
    return found


def city_progress_monthly(views: Views) -> list[Row]:
    """Completions and persons by month and city, year to date, against target, a year and a month before."""
    span = months_since(views, (row["completed_on"] for row in in_province(views, views.completions)))
    targets = _targets(views)
    table: list[Row] = []
    for city, rows in by_area(views, views.completions).items():
        by_month = grouped([row | {"month": month_of(row["completed_on"])} for row in rows], "month")
        counts = {month: len(by_month.get(month, [])) for month in span}
        for place, month in enumerate(span):
            year = month[:4]
            to_date = [row for of in span if of[:4] == year and of <= month for row in by_month.get(of, [])]
            target = targets.get((int(year), city))
            a_year_before = counts.get(f"{int(year) - 1:04d}{month[4:]}")
            a_month_before = counts[span[place - 1]] if place else None
            table.append({
                "month": month, "city_code": city, "city_name": views.city_names[city], "completions": counts[month],
                "persons": len({row["person_key"] for row in by_month.get(month, [])}),
                "completions_ytd": len(to_date), "persons_ytd": len({row["person_key"] for row in to_date}),
                "target_completions": target, "target_pct": len(to_date) / target if target else None,
                "completions_yoy": _change(counts[month], a_year_before), "completions_mom": _change(counts[month], a_month_before),
            })
    return table


def city_hours_monthly(views: Views) -> list[Row]:
    """Online and offline hours of the completions, and how many of them are over the cap on the online share."""
    span = months_since(views, (row["completed_on"] for row in in_province(views, views.completions)))
    table: list[Row] = []
    for city, rows in by_area(views, views.completions).items():
        by_month = grouped([row | {"month": month_of(row["completed_on"])} for row in rows], "month")
        for month in span:
            cell = by_month.get(month, [])
            online, offline = sum(row["online_seconds"] for row in cell), sum(row["offline_seconds"] for row in cell)
            table.append({
                "month": month, "city_code": city, "city_name": views.city_names[city],
                "online_hours": online / 2700, "offline_hours": offline / 2700,
                "online_share": online / (online + offline) if online + offline else None,
                "blended_completions": sum(views.classes.get(row["class_id"], {}).get("mode") == "blended" for row in cell),
                "over_cap_completions": sum(over_online_cap(views, row) for row in cell),
            })
    return table


def over_online_cap(views: Views, enrolment: Row) -> bool:
    """Whether an enrolment's online seconds are more than the cap allows of all its seconds, in integers."""
    training = views.classes.get(enrolment["class_id"])
    try:
        cap = views.policy_e6("online_share_cap", enrolment["city_code"], training["start_on"] if training else enrolment["enrolled_on"])
    except LookupError:
        return False
    total = enrolment["online_seconds"] + enrolment["offline_seconds"]
    return bool(enrolment["online_seconds"] * 1_000_000 > cap * total)


def half_even_quotient(total: int, count: int) -> int:
    """The quotient of non-negative integers, rounded to the nearest integer, ties to the even one."""
    whole, rest = divmod(total, count)
    return whole + (2 * rest > count or (2 * rest == count and whole % 2 == 1))


def _fund_events(views: Views) -> dict[str, list[Row]]:
    """Claims as submitted, paid and refunded, each with the day that counts, where that day has come by as-of."""
    claims = in_province(views, views.rows("claims"))
    dated = {
        "submitted": [row | {"on": row["claimed_on"]} for row in claims],
        "paid": [row | {"on": row["paid_on"]} for row in claims if row["status"] == "paid" and row["paid_on"]],
        "refunded": [row | {"on": row["paid_on"] or row["claimed_on"]} for row in claims if row["status"] == "refunded"],
    }
    return {what: [row | {"month": month_of(row["on"])} for row in rows if row["on"] <= views.as_of] for what, rows in dated.items()}


def city_fund_monthly(views: Views) -> list[Row]:
    """Claims submitted, paid and refunded by month, city, fund and kind."""
    events = _fund_events(views)
    span = months_since(views, (row["on"] for rows in events.values() for row in rows))
    combinations = sorted({(row["fund"], row["kind"]) for rows in events.values() for row in rows})
    cells = {what: {city: grouped(rows, "fund", "kind", "month") for city, rows in by_area(views, found).items()}
             for what, found in events.items()}
    table: list[Row] = []
    for city, name in views.city_names.items():
        for fund, kind in combinations:
            for month in span:
                at = (fund, kind, month)
                payments = cells["paid"][city].get(at, [])
                paid_fen = sum(row["amount_fen"] for row in payments)
                table.append({
                    "month": month, "city_code": city, "city_name": name, "fund": fund, "kind": kind,
                    "claims_submitted": len(cells["submitted"][city].get(at, [])), "claims_paid": len(payments), "paid_fen": paid_fen,
                    "persons_paid": len({row["person_key"] for row in payments}),
                    "refunded_fen": sum(row["amount_fen"] for row in cells["refunded"][city].get(at, [])),
                    "mean_paid_fen": half_even_quotient(paid_fen, len(payments)) if payments else None,
                })
    return table


COUNTS = ("rows_read", "rows_accepted", "rows_quarantined", "rows_superseded", "rows_duplicate")
UNSTATED = "000000"


def _quality_area(views: Views, row: Row) -> list[str]:
    """The areas a load or refused row counts in: its own, and the province unless that lies outside Shandong."""
    city = row["city_code"] or UNSTATED
    if city in views.city_names or city == UNSTATED:
        return [city] if city == PROVINCE else [city, PROVINCE]
    return [city]


def data_quality(views: Views) -> list[Row]:
    """The row accounts by load day, feed and area.

    The province's row holds all of a feed's rows but those of cities outside Shandong. The as-of day has every feed
    ever loaded in all seventeen areas and wherever else it ever held rows; earlier days only what had files.
    """
    cells: dict[tuple[date, str, str], list[Row]] = defaultdict(list)
    reasons: dict[tuple[date, str, str], Counter[str]] = defaultdict(Counter)
    for row in views.rows("loads"):
        if row["load_on"] <= views.as_of:
            for area in _quality_area(views, row):
                cells[row["load_on"], row["feed"], area].append(row)
    for row in views.rows("quarantine"):
        for area in _quality_area(views, row):
            reasons[row["load_on"], row["feed"], area][row["reason"]] += 1
    held = {(feed, area) for _, feed, area in cells} | {(feed, area) for _, feed, _ in cells for area in views.city_names}
    names = views.city_names | {UNSTATED: "未标明"}
    order = {area: place for place, area in enumerate(views.city_names)} | {UNSTATED: 18}
    table: list[Row] = []
    for load_on, feed, area in sorted(set(cells) | {(views.as_of, feed, area) for feed, area in held}):
        cell, refused = cells.get((load_on, feed, area), []), reasons[load_on, feed, area]
        so_far = [row["newest_record_on"] for (on, of, where), rows in cells.items()
                  if on <= load_on and (of, where) == (feed, area) for row in rows if row["newest_record_on"]]
        newest = max(so_far, default=None)
        table.append({
            "load_on": load_on, "feed": feed, "city_code": area, "city_name": names.get(area, "省外"),
            "city_order": order.get(area, 17),
            "files": len({row["load_id"] for row in cell}),
            **{name: sum(row[name] for row in cell) for name in COUNTS},
            "top_reason": min(refused, key=lambda reason: (-refused[reason], reason), default=None),
            "newest_record_on": newest, "days_silent": max(0, (load_on - newest).days) if newest else None,
        })
    return table
