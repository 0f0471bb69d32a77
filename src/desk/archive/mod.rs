//! One worker's electronic archive: every training with what stands behind it, each record with its place in the raw files.
//!
//! The figures of a training are those of `learner_archive` in the release; the records behind them are read from the
//! lake as it is now, up to the release's as-of day. Where the lake has moved on since, [`Archive::differences`] says so.
//! These structs are the JSON form, described in `docs/ARCHIVE.md`: a change of a name or a meaning raises [`FORMAT`].

mod details;
mod gather;
mod logs;
mod parts;
mod records;

pub use gather::Gatherer;
pub(in crate::desk) use parts::read_texts;
pub use records::{
    Assessment, Certificate, Claim, Eligibility, Lead, RawField, Session, Slot, Source, Status,
    StudyDay,
};

use chrono::NaiveDate;
use serde::Serialize;

/// Version of the JSON form.
pub const FORMAT: u32 = 1;

/// What every form of an archive says of its leads.
pub const NOTICE_ZH: &str = "疑点线索，需核查，非认定结论";
/// The same in English.
pub const NOTICE_EN: &str = "Leads to be checked, not findings";

/// The archive of one person.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Archive {
    /// [`FORMAT`].
    pub format: u32,
    /// Release whose figures these are.
    pub release: String,
    /// As-of day of the release; nothing later is in the archive.
    pub as_of: NaiveDate,
    /// [`NOTICE_ZH`].
    pub notice_zh: String,
    /// [`NOTICE_EN`].
    pub notice_en: String,
    /// Who.
    pub person: Person,
    /// Sums over the trainings.
    pub totals: Totals,
    /// Leads of the person as a whole; each training counts them among its `hits`.
    pub person_leads: Vec<Lead>,
    /// The trainings by day of enrolment.
    pub trainings: Vec<Training>,
    /// Figures of the release with which the records in the lake no longer agree.
    pub differences: Vec<Difference>,
}

/// What is known of the person without the vault, and with it what it was opened for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Person {
    /// Pseudonym, 16 hex digits.
    pub key: String,
    /// Raw number and names; absent unless they were asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub identities: Vec<Identity>,
    /// Whether the citizen number passed the checks of GB 11643.
    pub id_valid: bool,
    /// What is wrong with it, as `enrolments.id_fault` says it.
    pub id_fault: Option<String>,
    /// `male` or `female`, by the number.
    pub sex: Option<String>,
    /// Year of birth, by the number.
    pub birth_year: Option<i32>,
    /// Completed years on the as-of day.
    pub age: Option<u32>,
    /// Division of the first registration (GB/T 2260), by the number.
    pub division: Option<String>,
    /// Its latest name.
    pub division_name: Option<String>,
    /// Registers: deceased, pension, student, payroll, custody, insured.
    pub statuses: Vec<Status>,
    /// Certificates of belonging to a group that is subsidised.
    pub eligibilities: Vec<Eligibility>,
}

/// One raw identity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Identity {
    /// `person` (the citizen number) or `name`.
    pub kind: String,
    /// Its pseudonym.
    pub key: String,
    /// The value.
    pub value: String,
}

/// Sums over the trainings, by the same names as in `learner_archive`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Totals {
    /// Trainings.
    pub trainings: usize,
    /// Of these, with a day of completion.
    pub completed: usize,
    /// Figures summed.
    #[serde(flatten)]
    pub figures: Figures,
}

/// Figures of a training, or sums of them; names and meanings as in `learner_archive`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Figures {
    /// Claimed online hours in seconds (hours × 2700).
    pub online_seconds: i64,
    /// Claimed offline hours in seconds.
    pub offline_seconds: i64,
    /// Seconds of study that the logs support.
    pub supported_seconds: i64,
    /// Seconds of study as the platform reported them.
    pub watched_seconds: i64,
    /// Study sessions.
    pub log_sessions: i64,
    /// Attendance records.
    pub attendance_slots: i64,
    /// Seconds between sign-in and sign-out.
    pub attended_seconds: i64,
    /// Assessments.
    pub assessments: i64,
    /// Of these, passed.
    pub assessments_passed: i64,
    /// Distinct certificate numbers.
    pub certificates: i64,
    /// Claims of every status.
    pub claims: i64,
    /// Sum of all claims, fen.
    pub claimed_fen: i64,
    /// Sum of those paid, fen.
    pub paid_fen: i64,
    /// Sum of those refunded, fen; not taken off `paid_fen`.
    pub refunded_fen: i64,
    /// Leads that are not cleared, those of the person included.
    pub hits: i64,
}

impl Figures {
    fn add(&mut self, other: &Figures) {
        let add = |sum: &mut i64, value: i64| *sum = sum.saturating_add(value);
        add(&mut self.online_seconds, other.online_seconds);
        add(&mut self.offline_seconds, other.offline_seconds);
        add(&mut self.supported_seconds, other.supported_seconds);
        add(&mut self.watched_seconds, other.watched_seconds);
        add(&mut self.log_sessions, other.log_sessions);
        add(&mut self.attendance_slots, other.attendance_slots);
        add(&mut self.attended_seconds, other.attended_seconds);
        add(&mut self.assessments, other.assessments);
        add(&mut self.assessments_passed, other.assessments_passed);
        add(&mut self.certificates, other.certificates);
        add(&mut self.claims, other.claims);
        add(&mut self.claimed_fen, other.claimed_fen);
        add(&mut self.paid_fen, other.paid_fen);
        add(&mut self.refunded_fen, other.refunded_fen);
        add(&mut self.hits, other.hits);
    }

    /// Names and values in the order of the fields.
    pub fn named(&self) -> [(&'static str, i64); 15] {
        [
            ("online_seconds", self.online_seconds),
            ("offline_seconds", self.offline_seconds),
            ("supported_seconds", self.supported_seconds),
            ("watched_seconds", self.watched_seconds),
            ("log_sessions", self.log_sessions),
            ("attendance_slots", self.attendance_slots),
            ("attended_seconds", self.attended_seconds),
            ("assessments", self.assessments),
            ("assessments_passed", self.assessments_passed),
            ("certificates", self.certificates),
            ("claims", self.claims),
            ("claimed_fen", self.claimed_fen),
            ("paid_fen", self.paid_fen),
            ("refunded_fen", self.refunded_fen),
            ("hits", self.hits),
        ]
    }
}

/// An organisation by code and name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Party {
    /// Unified social credit code.
    pub id: String,
    /// Name, where the organisation is on record.
    pub name: Option<String>,
}

/// Which parts of an archive are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Completeness {
    /// The citizen number is right.
    pub identity: bool,
    /// There is a study log or an attendance.
    pub process: bool,
    /// There is an assessment.
    pub assessment: bool,
    /// There is a certificate.
    pub certificate: bool,
    /// All four.
    pub complete: bool,
}

/// One training.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Training {
    /// Enrolment.
    pub enrolment_id: String,
    /// Class.
    pub class_id: String,
    /// Training organisation of the class.
    pub org: Option<Party>,
    /// Online platform of the class.
    pub platform: Option<Party>,
    /// Employer named by the enrolment.
    pub employer: Option<Party>,
    /// Organising city (GB/T 2260).
    pub city_code: String,
    /// Its name; empty outside the province.
    pub city_name: Option<String>,
    /// Occupation of the class.
    pub occupation_code: Option<String>,
    /// Skill level of the class, 1 highest to 5, 0 none.
    pub skill_level: Option<i64>,
    /// Category of the class.
    pub category: Option<String>,
    /// `online`, `offline` or `blended`.
    pub mode: Option<String>,
    /// Group of the learner at enrolment.
    pub learner_group: Option<String>,
    /// Online course.
    pub course_id: Option<String>,
    /// Its name.
    pub course_name: Option<String>,
    /// Day of the enrolment.
    pub enrolled_on: Option<NaiveDate>,
    /// First day of the class.
    pub start_on: Option<NaiveDate>,
    /// Last day of the class.
    pub end_on: Option<NaiveDate>,
    /// Day of completion, unless later than the as-of day.
    pub completed_on: Option<NaiveDate>,
    /// Completed years of the person on the first day of the class.
    pub age_at_start: Option<u32>,
    /// Local day of the first session.
    pub first_log_on: Option<NaiveDate>,
    /// Local day of the last session.
    pub last_log_on: Option<NaiveDate>,
    /// The release's figures.
    pub figures: Figures,
    /// What of the archive is there.
    pub completeness: Completeness,
    /// The enrolment's record.
    pub enrolment_source: Option<Source>,
    /// The class's record.
    pub class_source: Option<Source>,
    /// Study by local day.
    pub study_days: Vec<StudyDay>,
    /// Study sessions by start.
    pub sessions: Vec<Session>,
    /// Attendance by day and slot.
    pub attendance: Vec<Slot>,
    /// Assessments by start.
    pub assessments: Vec<Assessment>,
    /// Certificates by day of issue.
    pub certificates: Vec<Certificate>,
    /// Claims by day.
    pub claims: Vec<Claim>,
    /// Leads of the enrolment and of its claims.
    pub leads: Vec<Lead>,
}

/// A figure with which the records no longer agree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Enrolment.
    pub enrolment_id: String,
    /// Column of `learner_archive`.
    pub column: String,
    /// In the release.
    pub release: i64,
    /// By the records in the lake now.
    pub records: i64,
}
