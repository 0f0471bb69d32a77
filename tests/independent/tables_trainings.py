"""Public statistics of completed trainings by what was learnt and by whom: category, learner group, archive coverage."""

from __future__ import annotations

from datetime import date

from tables import by_area, in_province, months_since
from views_in import Row, Views, grouped, month_of

CATEGORIES = ("employment", "upskilling", "apprenticeship", "entrepreneurship", "specific", "project")
LEARNER_GROUPS = ("employee", "migrant", "unemployed", "graduate", "rural_school_leaver", "urban_allowance_leaver", "hard_to_employ",
                  "zero_employment_family", "registered_poor", "veteran", "disabled", "other")
#: Where the class of a completion is not on record.
UNKNOWN = "unknown"
#: Age bands by their column: first and last completed year of age.
AGE_BANDS = {"age_under_25": (-200, 24), "age_25_44": (25, 44), "age_45_up": (45, 200)}


def completed(views: Views) -> list[Row]:
    """The province's completions with their month."""
    return [row | {"month": month_of(row["completed_on"])} for row in in_province(views, views.completions)]


def persons_of(rows: list[Row]) -> int:
    """Distinct persons."""
    return len({row["person_key"] for row in rows})


def age_on(birth: date, day: date) -> int:
    """Completed years of age; who is born on 29 February completes a year on 1 March where there is no such day."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def city_category_monthly(views: Views) -> list[Row]:
    """Completions and persons by the category of the class."""
    trainings = [row | {"category": views.classes.get(row["class_id"], {}).get("category", UNKNOWN)} for row in completed(views)]
    categories = [*CATEGORIES, *([UNKNOWN] if any(row["category"] == UNKNOWN for row in trainings) else [])]
    table: list[Row] = []
    for city, rows in by_area(views, trainings).items():
        cells = grouped(rows, "category", "month")
        for month in months_since(views, (row["completed_on"] for row in trainings)):
            for category in categories:
                cell = cells.get((category, month), [])
                table.append({"month": month, "city_code": city, "city_name": views.city_names[city], "category": category,
                              "completions": len(cell), "persons": persons_of(cell)})
    return table


def city_group_monthly(views: Views) -> list[Row]:
    """Completions, persons, women and age bands by learner group."""
    trainings = completed(views)
    table: list[Row] = []
    for city, rows in by_area(views, trainings).items():
        cells = grouped(rows, "learner_group", "month")
        for month in months_since(views, (row["completed_on"] for row in trainings)):
            for group in LEARNER_GROUPS:
                cell = cells.get((group, month), [])
                aged = [(age_on(row["birth_on"], row["completed_on"]), row) for row in cell if row["birth_on"]]
                table.append({
                    "month": month, "city_code": city, "city_name": views.city_names[city], "learner_group": group,
                    "completions": len(cell), "persons": persons_of(cell),
                    "female_persons": persons_of([row for row in cell if row["sex"] == "female"]),
                    **{band: persons_of([row for age, row in aged if first <= age <= last])
                       for band, (first, last) in AGE_BANDS.items()},
                })
    return table


def archive_coverage_monthly(views: Views) -> list[Row]:
    """How many completions have a valid identity, a process record, an assessment, a certificate, and all of these."""
    present = {(row["class_id"], row["person_key"]) for row in views.attendance}
    examined = {row["enrolment_id"] for row in views.assessments}
    certified = {row["enrolment_id"] for row in views.certificates}
    trainings = [
        row | {
            "with_valid_identity": bool(row["id_valid"]),
            "with_process_record": row["enrolment_id"] in views.logs_of or (row["class_id"], row["person_key"]) in present,
            "with_assessment": row["enrolment_id"] in examined,
            "with_certificate": row["enrolment_id"] in certified,
        }
        for row in completed(views)
    ]
    parts = ("with_valid_identity", "with_process_record", "with_assessment", "with_certificate")
    table: list[Row] = []
    for city, rows in by_area(views, trainings).items():
        cells = grouped(rows, "month")
        for month in months_since(views, (row["completed_on"] for row in trainings)):
            cell = cells.get(month, [])
            table.append({
                "month": month, "city_code": city, "city_name": views.city_names[city], "completions": len(cell),
                **{part: sum(row[part] for row in cell) for part in parts},
                "complete_archives": sum(all(row[part] for part in parts) for row in cell),
            })
    return table
