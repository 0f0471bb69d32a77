"""The worker's electronic archive: one row a training, what stands behind it and what came of it."""

from __future__ import annotations

from views_in import Row, Views, grouped

CLASS_COLUMNS = ("org_id", "platform_id", "occupation_code", "skill_level", "category", "mode", "start_on", "end_on")


def learner_archive(views: Views) -> list[Row]:
    """One row an enrolment: class, hours, logs, attendance, assessments, certificates, subsidies, completeness."""
    attendance = grouped(views.attendance, "class_id", "person_key")
    assessments = grouped(views.assessments, "enrolment_id")
    certificates = grouped(views.certificates, "enrolment_id")
    table: list[Row] = []
    for enrolment_id, enrolment in views.enrolments.items():
        training = views.classes.get(enrolment["class_id"], {})
        logs = views.logs_of.get(enrolment_id, [])
        present = attendance.get((enrolment["class_id"], enrolment["person_key"]), [])
        exams = assessments.get(enrolment_id, [])
        papers = certificates.get(enrolment_id, [])
        claims = views.claims_of.get(enrolment_id, [])
        paid = [claim for claim in claims if claim["status"] == "paid" and claim["paid_on"] and claim["paid_on"] <= views.as_of]
        has_process = bool(logs or present)
        table.append({
            "person_key": enrolment["person_key"], "enrolment_id": enrolment_id, "class_id": enrolment["class_id"],
            "city_code": enrolment["city_code"], "city_name": views.city_names.get(enrolment["city_code"]),
            **{name: training.get(name) for name in CLASS_COLUMNS},
            "learner_group": enrolment["learner_group"], "enrolled_on": enrolment["enrolled_on"], "completed_on": enrolment["completed_on"],
            "online_hours": enrolment["online_hours"], "offline_hours": enrolment["offline_hours"],
            "online_seconds": enrolment["online_seconds"], "offline_seconds": enrolment["offline_seconds"],
            "log_sessions": len(logs), "watched_seconds": sum(row["watched_seconds"] for row in logs),
            "attendance_sessions": len(present), "assessments": len(exams), "assessments_passed": sum(row["passed"] for row in exams),
            "certificates": len({row["certificate_no"] for row in papers}), "claims": len(claims), "claims_paid": len(paid),
            "paid_fen": sum(claim["amount_fen"] for claim in paid), "id_valid": enrolment["id_valid"],
            "complete_archive": bool(enrolment["id_valid"] and has_process and exams and papers),
        })
    return table
