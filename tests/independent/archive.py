"""The worker's electronic archive: one row a training, what stands behind it and what came of it."""

from __future__ import annotations

from collections import Counter
from datetime import date

from identity import key_hex
from indicators_process import SECOND_US, supported_us
from intervals import local_day
from views_in import Row, Views, grouped

CLASS_COLUMNS = ("org_id", "platform_id", "occupation_code", "skill_level", "category", "mode", "start_on", "end_on")
OWN_COLUMNS = ("person_key", "enrolment_id", "class_id", "city_code", "course_id", "learner_group", "employer_id", "enrolled_on", "completed_on",
               "online_hours", "offline_hours", "online_seconds", "offline_seconds")


def _study(views: Views, logs: list[Row]) -> Row:
    """What the logs of an enrolment come to, up to the end of the as-of day."""
    times = [views.study_time(log) for log in logs]
    supported = supported_us([(log["item_id"], time) for log, time in zip(logs, times)], views.video_seconds)
    # A session that ends at midnight does not reach the next day; one without length stands on its start.
    days: list[date] = [day for start, end in times for day in (local_day(start), local_day(max(start, end - 1)))]
    return {
        "log_sessions": len(logs), "watched_seconds": sum(log["watched_seconds"] for log in logs),
        "supported_seconds": supported // SECOND_US,
        "first_log_on": min(days, default=None), "last_log_on": max(days, default=None),
    }


def _subsidy(views: Views, claims: list[Row]) -> Row:
    """Claims of an enrolment: how many, what was paid and what was given back by as-of."""
    paid = [claim for claim in claims if claim["status"] == "paid" and claim["paid_on"] and claim["paid_on"] <= views.as_of]
    refunded = [claim for claim in claims if claim["status"] == "refunded" and (claim["paid_on"] or views.as_of) <= views.as_of]
    return {"claims": len(claims), "claimed_fen": sum(claim["amount_fen"] for claim in claims),
            "last_paid_on": max((claim["paid_on"] for claim in paid), default=None),
            "paid_fen": sum(claim["amount_fen"] for claim in paid),
            "refunded_fen": sum(claim["amount_fen"] for claim in refunded)}


def _presence(slots: list[Row]) -> Row:
    """Attendance of a person in a class; a record without both times, or with the wrong order, has no length."""
    lengths = [(row["signed_out_us"] or 0) - (row["signed_in_us"] or 0) for row in slots
               if row["signed_in_us"] is not None and row["signed_out_us"] is not None]
    return {"attendance_slots": len(slots), "attendance_days": len({row["session_on"] for row in slots}),
            "attended_seconds": sum(max(length, 0) // SECOND_US for length in lengths)}


def _exams(exams: list[Row]) -> Row:
    """Assessments of an enrolment: how many, how well, when last."""
    moments = [row["started_us"] if row["started_us"] is not None else row["ended_us"] for row in exams]
    return {"assessments": len(exams), "assessments_passed": sum(row["passed"] for row in exams),
            "best_score": max((row["score"] for row in exams if row["score"] is not None), default=None),
            "last_assessed_on": max((local_day(at) for at in moments if at is not None), default=None)}


def _names(views: Views) -> dict[str, str]:
    """A name of every organisation, the first by code point where it has several."""
    return {org: min(row["org_name"] for row in rows) for org, rows in grouped(views.rows("organizations"), "org_id").items()}


def learner_archive(views: Views, hits: list[Row]) -> list[Row]:
    """One row an enrolment: class, hours, logs, attendance, assessments, certificates, subsidies, leads, completeness.

    Leads are those of the enrolment, of its claims and of its person.
    """
    attendance = grouped(views.attendance, "class_id", "person_key")
    assessments = grouped(views.assessments, "enrolment_id")
    certificates = grouped(views.certificates, "enrolment_id")
    leads = grouped(hits, "entity_kind", "entity_id")
    names = _names(views)
    table: list[Row] = []
    for enrolment_id, enrolment in views.enrolments.items():
        training = views.classes.get(enrolment["class_id"], {})
        person = key_hex(enrolment["person_key"])
        logs = views.logs_of.get(enrolment_id, [])
        present = attendance.get((enrolment["class_id"], enrolment["person_key"]), [])
        exams = assessments.get(enrolment_id, [])
        papers = sorted({row["certificate_no"] for row in certificates.get(enrolment_id, [])})
        claims = views.claims_of.get(enrolment_id, [])
        entities = [("enrolment", enrolment_id), ("person", person), *(("claim", claim["claim_id"]) for claim in claims)]
        found = Counter(lead["indicator_id"] for entity in entities for lead in leads.get(entity, []))
        table.append({
            **{name: enrolment[name] for name in OWN_COLUMNS}, "person_hex": person,
            "city_name": views.city_names.get(enrolment["city_code"]),
            **{name: training.get(name) for name in CLASS_COLUMNS},
            "org_name": names.get(str(training.get("org_id"))), "platform_name": names.get(str(training.get("platform_id"))),
            **_study(views, logs), **_presence(present), **_exams(exams),
            "certificates": len(papers),
            "first_certified_on": min((row["issued_on"] for row in certificates.get(enrolment_id, [])), default=None),
            "certificate_numbers": papers or None, **_subsidy(views, claims),
            "hits": found.total(), "hit_indicators": sorted(found) or None,
            "with_valid_identity": enrolment["id_valid"], "with_process_record": bool(logs or present),
            "with_assessment": bool(exams), "with_certificate": bool(papers),
            "complete_archive": bool(enrolment["id_valid"] and (logs or present) and exams and papers),
        })
    return table
