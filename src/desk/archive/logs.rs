//! The study logs of an archive.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::Training;
use super::gather::{Gatherer, of_enrolment};
use super::records::{Session, StudyDay};
use crate::desk::rows::{Rows, literals};
use crate::engine::{Table, run_sql};
use crate::run::RunError;

const LOGS: &str = "study_logs";
/// The model whose SQL sums sessions by day: the same text as at night gives the same figures.
const BY_DAY: &str = "log_enrolment_day";

/// Adds sessions and days of study to the trainings.
pub(super) fn fill(
    gatherer: &Gatherer<'_>,
    person: i64,
    trainings: &mut [Training],
) -> Result<(), RunError> {
    let Some(sessions) = read(gatherer, trainings)? else {
        return Ok(());
    };
    let counts = |day: Option<NaiveDate>| day.is_some_and(|day| day <= gatherer.as_of());
    for row in Rows::of(&sessions).iter() {
        if counts(row.day("started_day")) {
            for training in of_enrolment(trainings, &row.word("enrolment_id")) {
                training.sessions.push(Session::of(row, person));
            }
        }
    }
    for row in by_day(gatherer, sessions)?.iter() {
        let Some(day) = row.day("local_day").filter(|day| counts(Some(*day))) else {
            continue;
        };
        for training in of_enrolment(trainings, &row.word("enrolment_id")) {
            training.study_days.push(StudyDay {
                day,
                sessions: row.count("sessions"),
                union_us: row.count("union_us"),
                sum_us: row.count("sum_us"),
                watched_seconds: row.count("watched_seconds"),
                face_prompts: row.count("face_prompts"),
                face_passed: row.count("face_passed"),
            });
        }
    }
    for training in trainings {
        training.study_days.sort_by_key(|row| row.day);
    }
    Ok(())
}

/// The sessions of the enrolments. Only the days are opened from which the release has logs of them: the feed is large.
fn read(gatherer: &Gatherer<'_>, trainings: &[Training]) -> Result<Option<Table>, RunError> {
    let sources = gatherer.desk.sources;
    let days: BTreeSet<NaiveDate> = trainings
        .iter()
        .filter_map(|training| training.first_log_on.zip(training.last_log_on))
        .flat_map(|(first, last)| first.iter_days().take_while(move |day| *day <= last))
        .collect();
    let Some(files) = sources
        .day_table(LOGS)
        .map(|logs| logs.files_touching(&days))
    else {
        return Ok(None);
    };
    if days.is_empty() {
        return Ok(None);
    }
    let Some(frame) = sources.frame(LOGS, &[], Some(&files))? else {
        return Ok(None);
    };
    let enrolments = trainings
        .iter()
        .map(|training| training.enrolment_id.as_str());
    let sql = format!(
        "SELECT * FROM {LOGS} WHERE enrolment_id IN ({}) ORDER BY started_us, log_id",
        literals(enrolments)
    );
    let frames = BTreeMap::from([(LOGS.to_owned(), frame)]);
    Ok(Some(run_sql("archive", &sql, &frames)?))
}

/// The model's rows over these sessions alone.
fn by_day(gatherer: &Gatherer<'_>, sessions: Table) -> Result<Rows, RunError> {
    let Some(model) = gatherer.project.models.get(BY_DAY) else {
        return Ok(Rows::default());
    };
    let mut frames = BTreeMap::from([(LOGS.to_owned(), sessions.into())]);
    for name in model.reads.iter().filter(|name| *name != LOGS) {
        if let Some(frame) = gatherer.desk.sources.frame(name, &[], None)? {
            frames.insert(name.clone(), frame);
        }
    }
    Ok(Rows::of(&run_sql(&model.file, &model.sql, &frames)?))
}
