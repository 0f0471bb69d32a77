//! Collects an archive from a release and the lake.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};

use super::details::{self, Details};
use super::records::{Eligibility, Source, Status};
use super::{
    Archive, Completeness, FORMAT, Figures, NOTICE_EN, NOTICE_ZH, Party, Person, Totals, Training,
    logs,
};
use crate::desk::query::Desk;
use crate::desk::rows::{Row, Rows, literals};
use crate::identity::hex;
use crate::project::Project;
use crate::release::Manifest;
use crate::run::{RunError, is_elapsed};

/// Collects archives.
pub struct Gatherer<'a> {
    /// Release and lake.
    pub desk: &'a Desk<'a>,
    /// The release, which the desk has too.
    pub manifest: &'a Manifest,
    /// Contracts, models and divisions.
    pub project: &'a Project,
}

impl Gatherer<'_> {
    /// The archive of a person, without raw texts and identities; `None` when the release knows no training of the key.
    ///
    /// # Errors
    /// When the release or the lake cannot be read.
    pub fn gather(&self, person: i64) -> Result<Option<Archive>, RunError> {
        let published = self.rows(
            "learner_archive",
            &format!("person_key = {person} ORDER BY enrolled_on, enrolment_id"),
        )?;
        let mut trainings: Vec<Training> = published.iter().map(training).collect();
        if trainings.is_empty() {
            return Ok(None);
        }
        let own = format!("person_key = {person}");
        let enrolments = self.rows("enrolments", &format!("{own} ORDER BY enrolled_on"))?;
        let facts = self.facts(person, &enrolments)?;
        for row in enrolments.iter() {
            let birth = row.day("birth_on");
            for training in of_enrolment(&mut trainings, &row.word("enrolment_id")) {
                training.enrolment_source = Some(Source::of(row, "enrolments"));
                let start = training.start_on;
                training.age_at_start =
                    birth.and_then(|birth| start.and_then(|start| start.years_since(birth)));
            }
        }
        let details = Details {
            gatherer: self,
            person,
        };
        details.fill(&mut trainings)?;
        logs::fill(self, person, &mut trainings)?;
        let person_leads = details.leads(&mut trainings)?;
        let differences = published
            .iter()
            .zip(&mut trainings)
            .flat_map(|(row, training)| details::differences(row, training, person_leads.len()))
            .collect();
        let mut archive = Archive {
            format: FORMAT,
            release: self.manifest.id.clone(),
            as_of: self.manifest.as_of,
            notice_zh: NOTICE_ZH.to_owned(),
            notice_en: NOTICE_EN.to_owned(),
            person: facts,
            totals: totals(&trainings),
            person_leads,
            trainings,
            differences,
        };
        self.name_parties(&mut archive)?;
        Ok(Some(archive))
    }

    /// Rows of a table under a condition, which may end with an order; none of a table that is not there.
    pub(super) fn rows(&self, table: &str, condition: &str) -> Result<Rows, RunError> {
        let is_known =
            self.desk.feeds.iter().any(|feed| feed == table) || self.manifest.table(table).is_ok();
        if !is_known {
            return Ok(Rows::default());
        }
        let sql = format!("SELECT * FROM {table} WHERE {condition}");
        Ok(Rows::of(&self.desk.run(&sql)?))
    }

    pub(super) fn as_of(&self) -> NaiveDate {
        self.manifest.as_of
    }

    /// Whether a day counts in this release.
    pub(super) fn is_elapsed(&self, day: Option<NaiveDate>) -> bool {
        day.is_some_and(|day| is_elapsed(day, self.as_of()))
    }

    fn facts(&self, person: i64, enrolments: &Rows) -> Result<Person, RunError> {
        let own = format!("person_key = {person}");
        let mut facts = Person {
            key: hex(person),
            ..Person::default()
        };
        let known = |row: &Row<'_>| self.is_elapsed(row.day("enrolled_on"));
        if let Some(row) = enrolments.iter().filter(known).last() {
            let birth = row.day("birth_on");
            let division = row.text("id_division");
            facts.id_valid = row.flag("id_valid").unwrap_or_default();
            facts.id_fault = row.text("id_fault");
            facts.sex = row.text("sex");
            facts.birth_year = birth.map(|birth| birth.year());
            facts.age = birth.and_then(|birth| self.as_of().years_since(birth));
            facts.division_name = division.as_ref().and_then(|code| {
                let mut known = self.project.divisions.iter();
                known
                    .find(|known| known.code.as_str() == code)
                    .map(|known| known.name.clone())
            });
            facts.division = division;
        }
        let order = "ORDER BY valid_from, status, employer_id";
        let rows = self.rows("person_status", &format!("{own} {order}"))?;
        facts.statuses = rows
            .iter()
            .filter(|row| self.is_elapsed(row.day("valid_from")))
            .map(|row| Status {
                status: row.word("status"),
                valid_from: row.day("valid_from"),
                valid_until: row.day("valid_until"),
                employer: party(row, "employer_id"),
                source: Source::of(row, "person_status"),
            })
            .collect();
        let order = "ORDER BY issued_on, learner_group, certificate_no";
        let rows = self.rows("eligibility_certificates", &format!("{own} {order}"))?;
        facts.eligibilities = rows
            .iter()
            .filter(|row| row.day("issued_on").is_none() || self.is_elapsed(row.day("issued_on")))
            .map(|row| Eligibility {
                learner_group: row.word("learner_group"),
                certificate_no: row.word("certificate_no"),
                issued_on: row.day("issued_on"),
                valid_until: row.day("valid_until"),
                source: Source::of(row, "eligibility_certificates"),
            })
            .collect();
        Ok(facts)
    }

    /// Keys of the names under which the person was enrolled.
    ///
    /// # Errors
    /// When the lake cannot be read.
    pub fn name_keys(&self, person: i64) -> Result<BTreeSet<i64>, RunError> {
        let enrolments = self.rows("enrolments", &format!("person_key = {person}"))?;
        Ok(enrolments
            .iter()
            .filter(|row| self.is_elapsed(row.day("enrolled_on")))
            .filter_map(|row| row.int("name_key"))
            .collect())
    }

    /// Gives every organisation its name; of several the first by alphabet, as in `learner_archive`.
    fn name_parties(&self, archive: &mut Archive) -> Result<(), RunError> {
        let mut parties = archive.parties_mut();
        let ids: BTreeSet<&str> = parties.iter().map(|party| party.id.as_str()).collect();
        if ids.is_empty() {
            return Ok(());
        }
        let condition = format!("org_id IN ({})", literals(ids));
        let mut names: BTreeMap<String, String> = BTreeMap::new();
        for row in self.rows("organizations", &condition)?.iter() {
            if let (Some(id), Some(name)) = (row.text("org_id"), row.text("org_name")) {
                let known = names.entry(id).or_insert_with(|| name.clone());
                if name < *known {
                    *known = name;
                }
            }
        }
        for party in &mut parties {
            party.name = party.name.take().or_else(|| names.get(&party.id).cloned());
        }
        Ok(())
    }
}

/// The organisation named by a column, still without its name.
pub(super) fn party(row: Row<'_>, column: &str) -> Option<Party> {
    row.text(column).map(|id| Party { id, name: None })
}

/// The trainings of an enrolment: one, as the table's grain says.
pub(super) fn of_enrolment<'t>(
    trainings: &'t mut [Training],
    enrolment: &str,
) -> impl Iterator<Item = &'t mut Training> {
    trainings
        .iter_mut()
        .filter(move |training| training.enrolment_id == enrolment)
}

fn training(row: Row<'_>) -> Training {
    let named = |id: &str, name: &str| {
        row.text(id).map(|id| Party {
            id,
            name: row.text(name),
        })
    };
    let flag = |name: &str| row.flag(name).unwrap_or_default();
    Training {
        enrolment_id: row.word("enrolment_id"),
        class_id: row.word("class_id"),
        org: named("org_id", "org_name"),
        platform: named("platform_id", "platform_name"),
        employer: party(row, "employer_id"),
        city_code: row.word("city_code"),
        city_name: row.text("city_name"),
        occupation_code: row.text("occupation_code"),
        skill_level: row.int("skill_level"),
        category: row.text("category"),
        mode: row.text("mode"),
        learner_group: row.text("learner_group"),
        course_id: row.text("course_id"),
        enrolled_on: row.day("enrolled_on"),
        start_on: row.day("start_on"),
        end_on: row.day("end_on"),
        completed_on: row.day("completed_on"),
        first_log_on: row.day("first_log_on"),
        last_log_on: row.day("last_log_on"),
        figures: figures(row),
        completeness: Completeness {
            identity: flag("with_valid_identity"),
            process: flag("with_process_record"),
            assessment: flag("with_assessment"),
            certificate: flag("with_certificate"),
            complete: flag("complete_archive"),
        },
        ..Training::default()
    }
}

fn figures(row: Row<'_>) -> Figures {
    Figures {
        online_seconds: row.count("online_seconds"),
        offline_seconds: row.count("offline_seconds"),
        supported_seconds: row.count("supported_seconds"),
        watched_seconds: row.count("watched_seconds"),
        log_sessions: row.count("log_sessions"),
        attendance_slots: row.count("attendance_slots"),
        attended_seconds: row.count("attended_seconds"),
        assessments: row.count("assessments"),
        assessments_passed: row.count("assessments_passed"),
        certificates: row.count("certificates"),
        claims: row.count("claims"),
        claimed_fen: row.count("claimed_fen"),
        paid_fen: row.count("paid_fen"),
        refunded_fen: row.count("refunded_fen"),
        hits: row.count("hits"),
    }
}

fn totals(trainings: &[Training]) -> Totals {
    let mut sums = Figures::default();
    for training in trainings {
        sums.add(&training.figures);
    }
    Totals {
        trainings: trainings.len(),
        completed: trainings
            .iter()
            .filter(|training| training.completed_on.is_some())
            .count(),
        figures: sums,
    }
}
