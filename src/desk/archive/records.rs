//! The records of an archive, and how rows become them.

use chrono::NaiveDate;
use serde::Serialize;

use super::Party;
use crate::desk::rows::Row;
use crate::desk::trace::RawPlace;
use crate::identity::hex;

/// Where a record was read, and its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Source {
    /// Feed.
    pub feed: String,
    /// Object below the raw root.
    pub object: String,
    /// Physical line, or row of the sheet.
    pub line: i64,
    /// Byte offset, where the format has one.
    pub byte: Option<i64>,
    /// Order of the load that read it.
    #[serde(skip)]
    pub load: i64,
    /// Hash of the row's content.
    #[serde(skip)]
    pub row_hash: i64,
    /// Field by field, in the file's order; absent when it was not asked for or cannot be had.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raw: Option<Vec<RawField>>,
    /// Why the text cannot be had.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raw_missing: Option<String>,
}

/// One field of a raw record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RawField {
    /// Heading as the file has it.
    pub heading: String,
    /// Text; identities as pseudonyms unless the vault was opened for them.
    pub text: String,
}

impl Source {
    pub(in crate::desk) fn of(row: Row<'_>, feed: &str) -> Source {
        Source::at(row.place(feed))
    }

    /// A record at a place, still without its text.
    pub(in crate::desk) fn at(place: RawPlace) -> Source {
        Source {
            feed: place.feed,
            object: place.object,
            line: place.line,
            byte: place.byte,
            load: place.load,
            row_hash: place.row_hash,
            raw: None,
            raw_missing: None,
        }
    }

    /// The place as a trace names it.
    pub fn place(&self) -> RawPlace {
        RawPlace {
            feed: self.feed.clone(),
            object: self.object.clone(),
            line: self.line,
            byte: self.byte,
            load: self.load,
            row_hash: self.row_hash,
        }
    }
}

/// One entry of a register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Status {
    /// `deceased`, `pension`, `student`, `public_payroll`, `in_custody` or `insured`.
    pub status: String,
    /// First day.
    pub valid_from: Option<NaiveDate>,
    /// Last day.
    pub valid_until: Option<NaiveDate>,
    /// Employer.
    pub employer: Option<Party>,
    /// Raw record.
    pub source: Source,
}

/// A certificate of belonging to a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Eligibility {
    /// Group.
    pub learner_group: String,
    /// Number.
    pub certificate_no: String,
    /// Day of issue.
    pub issued_on: Option<NaiveDate>,
    /// Last day.
    pub valid_until: Option<NaiveDate>,
    /// Raw record.
    pub source: Source,
}

/// What was studied on one local day, as `log_enrolment_day` computes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StudyDay {
    /// Local day.
    pub day: NaiveDate,
    /// Sessions started.
    pub sessions: i64,
    /// Microseconds of study time of the day, overlaps counted once.
    pub union_us: i64,
    /// Sum of the sessions' lengths of the day, microseconds.
    pub sum_us: i64,
    /// Seconds as the platform reported them.
    pub watched_seconds: i64,
    /// Face checks prompted.
    pub face_prompts: i64,
    /// Face checks passed.
    pub face_passed: i64,
}

/// A study session.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Session {
    /// Record.
    pub log_id: String,
    /// Start, local time.
    pub started_at: Option<String>,
    /// End, local time.
    pub ended_at: Option<String>,
    /// Courseware.
    pub item_id: String,
    /// Platform that sent it.
    pub platform_id: String,
    /// Seconds as the platform reported them.
    pub watched_seconds: i64,
    /// Playback rate.
    pub playback_rate: Option<f64>,
    /// Device.
    pub device_id: Option<String>,
    /// Address.
    pub ip: Option<String>,
    /// Face checks prompted.
    pub face_prompts: Option<i64>,
    /// Face checks passed.
    pub face_passed: Option<i64>,
    /// Upload, local time.
    pub uploaded_at: Option<String>,
    /// Pseudonym of the person whom the log names, where it is another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_person: Option<String>,
    /// Raw record.
    pub source: Source,
}

/// An attendance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Slot {
    /// Record.
    pub attendance_id: String,
    /// Day.
    pub session_on: Option<NaiveDate>,
    /// `am`, `pm` or `evening`.
    pub slot: String,
    /// Sign-in, local time.
    pub signed_in_at: Option<String>,
    /// Sign-out, local time.
    pub signed_out_at: Option<String>,
    /// Whole seconds between them; 0 where one is missing or they are the wrong way round.
    pub attended_seconds: i64,
    /// Teacher.
    pub teacher_id: Option<String>,
    /// Room.
    pub room_id: Option<String>,
    /// Raw record.
    pub source: Source,
}

/// An assessment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Assessment {
    /// Record.
    pub assessment_id: String,
    /// `theory`, `practice` or `comprehensive`.
    pub kind: String,
    /// Assessing organisation.
    pub assessor: Option<Party>,
    /// Start, local time.
    pub started_at: Option<String>,
    /// End, local time.
    pub ended_at: Option<String>,
    /// Score, 0 to 100.
    pub score: Option<f64>,
    /// Whether passed.
    pub passed: Option<bool>,
    /// Raw record.
    pub source: Source,
}

/// A certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Certificate {
    /// Number, as stored: a citizen number in it is replaced by its pseudonym.
    pub certificate_no: String,
    /// `vocational`, `skill_level`, `specific`, `special_operation` or `completion`.
    pub kind: String,
    /// Occupation.
    pub occupation_code: Option<String>,
    /// Level.
    pub skill_level: Option<i64>,
    /// Day of issue.
    pub issued_on: Option<NaiveDate>,
    /// Issuing organisation.
    pub issuer: Option<Party>,
    /// Raw record.
    pub source: Source,
}

/// A claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Claim {
    /// Record.
    pub claim_id: String,
    /// `platform_share`, `offline_share`, `full` or `living_allowance`.
    pub kind: String,
    /// `special_account`, `employment` or `unemployment_insurance`.
    pub fund: String,
    /// Paying city (GB/T 2260).
    pub city_code: String,
    /// Amount, fen.
    pub amount_fen: i64,
    /// Day of the claim.
    pub claimed_on: Option<NaiveDate>,
    /// Day of payment, unless later than the as-of day.
    pub paid_on: Option<NaiveDate>,
    /// `submitted`, `approved`, `paid`, `refunded` or `rejected`.
    pub status: String,
    /// Counted as paid by the as-of day, fen.
    pub paid_fen: i64,
    /// Counted as refunded by the as-of day, fen.
    pub refunded_fen: i64,
    /// `person` or `organization`.
    pub payee_kind: String,
    /// Organisation that is paid.
    pub payee: Option<Party>,
    /// Pseudonym of the account.
    pub account: Option<String>,
    /// Raw record.
    pub source: Source,
}

/// A lead: 疑点线索，需核查，非认定结论.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Lead {
    /// Indicator.
    pub indicator_id: String,
    /// Its Chinese title.
    pub title_zh: String,
    /// Its English title.
    pub title_en: String,
    /// `person`, `enrolment` or `claim`.
    pub entity_kind: String,
    /// Of what.
    pub entity_id: String,
    /// Period, empty where the indicator has none.
    pub period: String,
    /// `H`, `S` or `W`.
    pub strength: String,
    /// What was measured.
    pub value: Option<f64>,
    /// The limit it was compared with.
    pub threshold: Option<f64>,
    /// Amount at risk, fen.
    pub amount_at_risk_fen: i64,
    /// Rule behind the limit.
    pub rule_ref: String,
    /// As-of day on which it first appeared.
    pub first_seen_on: Option<NaiveDate>,
    /// `new` or `continuing`.
    pub status: String,
    /// Evidence as `feed:record key`, most telling first.
    pub evidence: Vec<String>,
    /// Evidence records in all.
    pub evidence_count: i64,
}

impl Session {
    pub(super) fn of(row: Row<'_>, person: i64) -> Session {
        let named = row.int("person_key");
        Session {
            log_id: row.word("log_id"),
            started_at: row.moment("started_at"),
            ended_at: row.moment("ended_at"),
            item_id: row.word("item_id"),
            platform_id: row.word("platform_id"),
            watched_seconds: row.count("watched_seconds"),
            playback_rate: row.float("playback_rate"),
            device_id: row.text("device_id"),
            ip: row.text("ip"),
            face_prompts: row.int("face_prompts"),
            face_passed: row.int("face_passed"),
            uploaded_at: row.moment("uploaded_at"),
            other_person: named.filter(|named| *named != person).map(hex),
            source: Source::of(row, "study_logs"),
        }
    }
}

impl Slot {
    pub(super) fn of(row: Row<'_>) -> Slot {
        let length = match (row.int("signed_in_us"), row.int("signed_out_us")) {
            (Some(from), Some(to)) => to.saturating_sub(from).max(0) / 1_000_000,
            _ => 0,
        };
        Slot {
            attendance_id: row.word("attendance_id"),
            session_on: row.day("session_on"),
            slot: row.word("slot"),
            signed_in_at: row.moment("signed_in_at"),
            signed_out_at: row.moment("signed_out_at"),
            attended_seconds: length,
            teacher_id: row.text("teacher_id"),
            room_id: row.text("room_id"),
            source: Source::of(row, "attendance"),
        }
    }
}

impl Lead {
    pub(in crate::desk) fn of(row: Row<'_>) -> Lead {
        Lead {
            indicator_id: row.word("indicator_id"),
            title_zh: String::new(),
            title_en: String::new(),
            entity_kind: row.word("entity_kind"),
            entity_id: row.word("entity_id"),
            period: row.word("period"),
            strength: row.word("strength"),
            value: row.float("value"),
            threshold: row.float("threshold"),
            amount_at_risk_fen: row.count("amount_at_risk_fen"),
            rule_ref: row.word("rule_ref"),
            first_seen_on: row.day("first_seen_on"),
            status: row.word("status"),
            evidence: row.list("evidence"),
            evidence_count: row.count("evidence_count"),
        }
    }
}
