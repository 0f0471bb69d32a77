//! The records behind the trainings of an archive, other than study logs, and whether they add up.

use std::collections::{BTreeMap, BTreeSet};

use super::gather::{Gatherer, of_enrolment, party};
use super::records::{Assessment, Certificate, Claim, Lead, Slot, Source};
use super::{Difference, Figures, Training};
use crate::desk::rows::{Row, literals};
use crate::identity::hex;
use crate::run::RunError;

/// Reads the records.
pub(super) struct Details<'a> {
    pub gatherer: &'a Gatherer<'a>,
    pub person: i64,
}

impl Details<'_> {
    /// Adds classes, attendance, assessments, certificates and claims.
    pub fn fill(&self, trainings: &mut [Training]) -> Result<(), RunError> {
        let enrolments = literals(trainings.iter().map(|row| row.enrolment_id.as_str()));
        let of_enrolments = |feed: &str, order: &str| {
            let condition = format!("enrolment_id IN ({enrolments}) ORDER BY {order}");
            self.gatherer.rows(feed, &condition)
        };
        self.classes(trainings)?;
        self.courses(trainings)?;
        let order = "started_us, ended_us, assessment_id";
        for row in of_enrolments("assessments", order)?.iter() {
            let day = row.day("started_day").or(row.day("ended_day"));
            // One without a time is kept: nothing says that it lies after the as-of day.
            if day.is_none() || self.gatherer.is_elapsed(day) {
                for training in of_enrolment(trainings, &row.word("enrolment_id")) {
                    training.assessments.push(assessment(row));
                }
            }
        }
        let order = "issued_on, certificate_no";
        for row in of_enrolments("certificates", order)?.iter() {
            if self.gatherer.is_elapsed(row.day("issued_on")) {
                for training in of_enrolment(trainings, &row.word("enrolment_id")) {
                    training.certificates.push(certificate(row));
                }
            }
        }
        for row in of_enrolments("claims", "claimed_on, claim_id")?.iter() {
            if self.gatherer.is_elapsed(row.day("claimed_on")) {
                for training in of_enrolment(trainings, &row.word("enrolment_id")) {
                    training.claims.push(self.claim(row));
                }
            }
        }
        Ok(())
    }

    fn classes(&self, trainings: &mut [Training]) -> Result<(), RunError> {
        let classes: BTreeSet<String> = trainings.iter().map(|row| row.class_id.clone()).collect();
        let classes = literals(classes.iter().map(String::as_str));
        let found = self
            .gatherer
            .rows("classes", &format!("class_id IN ({classes})"))?;
        for row in found.iter() {
            for training in of_class(trainings, &row.word("class_id")) {
                training.class_source = Some(Source::of(row, "classes"));
            }
        }
        let condition = format!(
            "person_key = {} AND class_id IN ({classes}) ORDER BY session_on, signed_in_us, attendance_id",
            self.person
        );
        for row in self.gatherer.rows("attendance", &condition)?.iter() {
            if self.gatherer.is_elapsed(row.day("session_on")) {
                for training in of_class(trainings, &row.word("class_id")) {
                    training.attendance.push(Slot::of(row));
                }
            }
        }
        Ok(())
    }

    /// Names of the online courses, from their courseware.
    fn courses(&self, trainings: &mut [Training]) -> Result<(), RunError> {
        let courses: BTreeSet<String> = trainings
            .iter()
            .filter_map(|row| row.course_id.clone())
            .collect();
        if courses.is_empty() {
            return Ok(());
        }
        let courses = literals(courses.iter().map(String::as_str));
        let condition = format!("course_id IN ({courses}) ORDER BY course_name, item_id");
        for row in self.gatherer.rows("courseware", &condition)?.iter() {
            let course = row.text("course_id");
            for training in trainings.iter_mut().filter(|one| one.course_id == course) {
                training.course_name = training
                    .course_name
                    .take()
                    .or_else(|| row.text("course_name"));
            }
        }
        Ok(())
    }

    fn claim(&self, row: Row<'_>) -> Claim {
        let status = row.word("status");
        let amount = row.count("amount_fen");
        let paid_on = row
            .day("paid_on")
            .filter(|day| self.gatherer.is_elapsed(Some(*day)));
        let is_undated = row.day("paid_on").is_none();
        let counted = |yes: bool| if yes { amount } else { 0 };
        Claim {
            claim_id: row.word("claim_id"),
            kind: row.word("kind"),
            fund: row.word("fund"),
            city_code: row.word("city_code"),
            amount_fen: amount,
            claimed_on: row.day("claimed_on"),
            paid_on,
            paid_fen: counted(status == "paid" && paid_on.is_some()),
            refunded_fen: counted(status == "refunded" && (paid_on.is_some() || is_undated)),
            status,
            payee_kind: row.word("payee_kind"),
            payee: party(row, "payee_id"),
            account: row.int("account_key").map(hex),
            source: Source::of(row, "claims"),
        }
    }

    /// Adds the leads of enrolments and claims; gives those of the person.
    pub fn leads(&self, trainings: &mut [Training]) -> Result<Vec<Lead>, RunError> {
        let mut entities: Vec<(&str, Vec<String>)> = vec![("person", vec![hex(self.person)])];
        entities.push((
            "enrolment",
            trainings
                .iter()
                .map(|row| row.enrolment_id.clone())
                .collect(),
        ));
        let claims = trainings.iter().flat_map(|row| &row.claims);
        entities.push((
            "claim",
            claims.map(|claim| claim.claim_id.clone()).collect(),
        ));
        let mut conditions: Vec<String> = entities
            .iter()
            .filter(|(_, ids)| !ids.is_empty())
            .map(|(kind, ids)| {
                let ids = literals(ids.iter().map(String::as_str));
                format!("(entity_kind = '{kind}' AND entity_id IN ({ids}))")
            })
            .collect();
        // Leads of the person in one occupation or on one platform begin with the person.
        conditions.extend(
            entities
                .iter()
                .filter(|(kind, _)| *kind == "person")
                .flat_map(|(_, ids)| {
                    ids.iter().map(|id| {
                        let id = literals([id.as_str()]);
                        format!("(entity_kind LIKE 'person_%' AND LEFT(entity_id, 16) = {id})")
                    })
                }),
        );
        let condition = format!(
            "status <> 'cleared' AND ({}) ORDER BY indicator_id, entity_kind, entity_id, period",
            conditions.join(" OR ")
        );
        let titles = self.titles()?;
        let mut of_person = Vec::new();
        for row in self.gatherer.rows("indicator_hits", &condition)?.iter() {
            // Cleared by a reviewer, and nothing has changed since.
            if row.flag("suppressed") == Some(true) {
                continue;
            }
            let mut lead = Lead::of(row);
            if let Some((zh, en)) = titles.get(&lead.indicator_id) {
                lead.title_zh.clone_from(zh);
                lead.title_en.clone_from(en);
            }
            if lead.entity_kind.starts_with("person") {
                of_person.push(lead);
                continue;
            }
            let concerned = trainings.iter_mut().find(|training| {
                training.enrolment_id == lead.entity_id && lead.entity_kind == "enrolment"
                    || lead.entity_kind == "claim"
                        && training
                            .claims
                            .iter()
                            .any(|claim| claim.claim_id == lead.entity_id)
            });
            if let Some(training) = concerned {
                training.leads.push(lead);
            }
        }
        Ok(of_person)
    }

    fn titles(&self) -> Result<BTreeMap<String, (String, String)>, RunError> {
        let catalogue = self
            .gatherer
            .rows("indicator_catalogue", "indicator_id IS NOT NULL")?;
        Ok(catalogue
            .iter()
            .map(|row| {
                let titles = (row.word("title_zh"), row.word("title_en"));
                (row.word("indicator_id"), titles)
            })
            .collect())
    }
}

fn of_class<'t>(
    trainings: &'t mut [Training],
    class: &str,
) -> impl Iterator<Item = &'t mut Training> {
    trainings
        .iter_mut()
        .filter(move |training| training.class_id == class)
}

fn assessment(row: Row<'_>) -> Assessment {
    Assessment {
        assessment_id: row.word("assessment_id"),
        kind: row.word("kind"),
        assessor: party(row, "assessor_id"),
        started_at: row.moment("started_at"),
        ended_at: row.moment("ended_at"),
        score: row.float("score"),
        passed: row.flag("passed"),
        source: Source::of(row, "assessments"),
    }
}

fn certificate(row: Row<'_>) -> Certificate {
    Certificate {
        certificate_no: row.word("certificate_no"),
        kind: row.word("kind"),
        occupation_code: row.text("occupation_code"),
        skill_level: row.int("skill_level"),
        issued_on: row.day("issued_on"),
        issuer: party(row, "issuer_id"),
        source: Source::of(row, "certificates"),
    }
}

/// Figures of the release that its records no longer give. A figure that an older release does not have is filled
/// in from the records.
pub(super) fn differences(
    published: Row<'_>,
    training: &mut Training,
    person_leads: usize,
) -> Vec<Difference> {
    let records = of_records(training, person_leads);
    let figures = &mut training.figures;
    if published.cell("attended_seconds").is_none() {
        figures.attended_seconds = records.attended_seconds;
    }
    if published.cell("claimed_fen").is_none() {
        figures.claimed_fen = records.claimed_fen;
    }
    let enrolment = &training.enrolment_id;
    let both = figures.named().into_iter().zip(records.named());
    both.filter(|((_, release), (_, records))| release != records)
        .map(|((column, release), (_, records))| Difference {
            enrolment_id: enrolment.clone(),
            column: column.to_owned(),
            release,
            records,
        })
        .collect()
}

/// What the records of a training come to; claimed hours and supported time are the release's own.
fn of_records(training: &Training, person_leads: usize) -> Figures {
    let count = |records: usize| i64::try_from(records).unwrap_or(i64::MAX);
    let sum = |values: &mut dyn Iterator<Item = i64>| values.fold(0, i64::saturating_add);
    let numbers: BTreeSet<&str> = training
        .certificates
        .iter()
        .map(|row| row.certificate_no.as_str())
        .collect();
    let passed = training
        .assessments
        .iter()
        .filter(|row| row.passed == Some(true));
    Figures {
        watched_seconds: sum(&mut training.sessions.iter().map(|row| row.watched_seconds)),
        log_sessions: count(training.sessions.len()),
        attendance_slots: count(training.attendance.len()),
        attended_seconds: sum(&mut training.attendance.iter().map(|row| row.attended_seconds)),
        assessments: count(training.assessments.len()),
        assessments_passed: count(passed.count()),
        certificates: count(numbers.len()),
        claims: count(training.claims.len()),
        claimed_fen: sum(&mut training.claims.iter().map(|row| row.amount_fen)),
        paid_fen: sum(&mut training.claims.iter().map(|row| row.paid_fen)),
        refunded_fen: sum(&mut training.claims.iter().map(|row| row.refunded_fen)),
        hits: count(training.leads.len() + person_leads),
        ..training.figures
    }
}
