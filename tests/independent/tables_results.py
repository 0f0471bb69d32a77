"""Public statistics of what came of trainings and of who gave them: certificates, assessments, occupations, platforms."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from intervals import local_day
from tables import by_area, in_province, months_since
from tables_trainings import UNKNOWN, completed, persons_of
from views_in import PROVINCE, Row, Views, grouped, month_of

SECONDS_OF_CLASS_HOUR = 2700


def _placed(views: Views, rows: list[Row]) -> list[Row]:
    """Records of enrolments with the city of the enrolment; those without an enrolment or outside the province are left out."""
    cities = {row["enrolment_id"]: row["city_code"] for row in views.rows("enrolments")}
    return in_province(views, [row | {"city_code": cities[row["enrolment_id"]]} for row in rows if row["enrolment_id"] in cities])


def _issued(views: Views) -> list[Row]:
    """Certificates by as-of, with city and month."""
    return [row | {"month": month_of(row["issued_on"])} for row in _placed(views, views.certificates)]


def _numbers(rows: list[Row]) -> int:
    """Distinct certificate numbers."""
    return len({row["certificate_no"] for row in rows})


def city_certificate_monthly(views: Views) -> list[Row]:
    """Certificates and their holders by month of issue, city of the enrolment, kind and level."""
    issued = _issued(views)
    table: list[Row] = []
    for city, rows in by_area(views, issued).items():
        cells = grouped(rows, "month", "kind", "skill_level")
        for month in months_since(views, (row["issued_on"] for row in issued)):
            for kind, level in sorted({(row["kind"], row["skill_level"]) for row in issued}):
                cell = cells.get((month, kind, level), [])
                table.append({"month": month, "city_code": city, "city_name": views.city_names[city], "kind": kind, "skill_level": level,
                              "certificates": _numbers(cell), "persons": persons_of(cell)})
    return table


def _assessed_on(row: Row) -> date | None:
    """The local day of an assessment: of its start, else of its end."""
    moment = row["started_us"] if row["started_us"] is not None else row["ended_us"]
    return None if moment is None else local_day(moment)


def city_assessment_monthly(views: Views) -> list[Row]:
    """Assessments and passes of the month; completions of the month that hold a certificate by as-of."""
    dated = [row | {"on": _assessed_on(row)} for row in _placed(views, views.assessments)]
    exams = [row | {"month": month_of(row["on"])} for row in dated if row["on"]]
    trainings = completed(views)
    holders = {row["enrolment_id"] for row in views.certificates}
    span = months_since(views, [*(row["on"] for row in exams), *(row["completed_on"] for row in trainings)])
    exams_of, trainings_of = by_area(views, exams), by_area(views, trainings)
    table: list[Row] = []
    for city, name in views.city_names.items():
        by_exam, by_completion = grouped(exams_of[city], "month"), grouped(trainings_of[city], "month")
        for month in span:
            sat, done = by_exam.get(month, []), by_completion.get(month, [])
            passed = sum(row["passed"] for row in sat)
            certified = sum(row["enrolment_id"] in holders for row in done)
            table.append({
                "month": month, "city_code": city, "city_name": name, "assessed": len(sat), "passed": passed,
                "pass_rate": passed / len(sat) if sat else None, "completions": len(done), "certified_completions": certified,
                "certified_rate": certified / len(done) if done else None,
            })
    return table


def city_occupation_monthly(views: Views) -> list[Row]:
    """Completions by the occupation and level of the class, certificates by their own."""
    no_class = {"occupation_code": UNKNOWN, "skill_level": 0}
    trainings = []
    for row in completed(views):
        training = views.classes.get(row["class_id"], no_class)
        trainings.append(row | {"occupation": (training["occupation_code"], training["skill_level"])})
    issued = [row | {"occupation": (row["occupation_code"], row["skill_level"])} for row in _issued(views)]
    span = months_since(views, [*(row["completed_on"] for row in trainings), *(row["issued_on"] for row in issued)])
    occupations = sorted({row["occupation"] for row in (*trainings, *issued)})
    trainings_of, issued_of = by_area(views, trainings), by_area(views, issued)
    table: list[Row] = []
    for city, name in views.city_names.items():
        done, papers = grouped(trainings_of[city], "occupation", "month"), grouped(issued_of[city], "occupation", "month")
        for month in span:
            for occupation in occupations:
                cell = done.get((occupation, month), [])
                table.append({
                    "month": month, "city_code": city, "city_name": name, "occupation_code": occupation[0], "skill_level": occupation[1],
                    "completions": len(cell), "persons": persons_of(cell), "certificates": _numbers(papers.get((occupation, month), [])),
                })
    return table


def _platform_events(views: Views) -> dict[str, list[Row]]:
    """What happened on platforms by as-of: `enrolled`, `completed`, `paid` by the class's platform, `studied` by the log's."""
    platform_of = {row["enrolment_id"]: views.classes.get(row["class_id"], {}).get("platform_id") for row in views.rows("enrolments")}
    enrolments = [row | {"platform_id": platform_of[row["enrolment_id"]]} for row in views.rows("enrolments")]
    claims = [row | {"platform_id": platform_of.get(row["enrolment_id"])} for row in views.rows("claims")]
    dated = {
        "enrolled": [row | {"on": row["enrolled_on"]} for row in enrolments],
        "completed": [row | {"on": row["completed_on"]} for row in enrolments if row["completed_on"]],
        "paid": [row | {"on": row["paid_on"]} for row in claims if row["status"] == "paid" and row["paid_on"]],
        "studied": [row | {"on": local_day(row["started_us"])} for row in views.rows("study_logs")],
    }
    return {what: [row | {"month": month_of(row["on"])} for row in rows if row["platform_id"] and row["on"] <= views.as_of]
            for what, rows in dated.items()}


def platform_monthly(views: Views) -> list[Row]:
    """Enrolments, active persons, logged hours, completions, payments and cities by platform and month."""
    events = _platform_events(views)
    names = {row["org_id"]: row["org_name"] for row in views.rows("organizations") if row["org_kind"] == "platform"}
    cells = {what: grouped(rows, "platform_id", "month") for what, rows in events.items()}
    platforms = sorted(set(names) | {row["platform_id"] for rows in events.values() for row in rows})
    table: list[Row] = []
    for month in months_since(views, (row["on"] for rows in events.values() for row in rows)):
        for platform in platforms:
            cell: dict[str, list[Row]] = defaultdict(list)
            cell |= {what: found[platform, month] for what, found in cells.items() if (platform, month) in found}
            seconds = sum(row["watched_seconds"] for row in cell["studied"])
            cities = {row["city_code"] for row in cell["enrolled"]} & set(views.city_names) - {PROVINCE}
            table.append({
                "month": month, "platform_id": platform, "platform_name": names.get(platform), "enrolments": len(cell["enrolled"]),
                "active_persons": persons_of(cell["studied"]), "logged_hours": seconds / SECONDS_OF_CLASS_HOUR,
                "completions": len(cell["completed"]), "paid_fen": sum(row["amount_fen"] for row in cell["paid"]),
                "cities_served": len(cities), "watched_seconds": seconds,
            })
    return table
