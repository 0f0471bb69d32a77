//! One organisation's case file: every lead that concerns it, with the rule, the comparison and the raw records behind it.
//!
//! Leads, ranks and the texts of rules are those of the release; classes, enrolments, claims and evidence records are read
//! from the lake as it is now, up to the release's as-of day. Every lead is 疑点线索，需核查，非认定结论.

mod amounts;
mod concern;
mod distribution;
mod evidence;
mod gather;
mod hits;
mod organisation;
mod peers;
mod period;
mod rules;
mod timeline;

pub use amounts::{CaseClaim, CasePerson};
pub use distribution::Distribution;
pub use evidence::EvidenceRecord;
pub use gather::Gatherer;
pub use hits::{Hit, Review};
pub use organisation::{Organisation, Rank, Role};
pub use peers::Peers;
pub use period::is_quarter;
pub use rules::{Bilingual, PolicyLine, Rule};
pub use timeline::Month;

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::archive::read_texts;
use super::raw_text::RawTexts;

/// The case file of one organisation.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseFile {
    /// Release whose leads these are.
    pub release: String,
    /// As-of day of the release.
    pub as_of: NaiveDate,
    /// The quarter asked for; `None` for all.
    pub quarter: Option<String>,
    /// Hash over the definitions and policy rows from which the release's leads were computed.
    pub rules_hash: String,
    /// Who.
    pub organisation: Organisation,
    /// Its rows of `risk_cases` by quarter.
    pub ranks: Vec<Rank>,
    /// Cases of the release in all; `None` when the release has no such table.
    pub cases: Option<i64>,
    /// Leads that are not cleared, by indicator, the strongest first.
    pub indicators: Vec<IndicatorPart>,
    /// Leads that the release no longer finds, and those that a reviewer cleared.
    pub cleared: Vec<Hit>,
    /// Claims behind the leads, each once.
    pub claims: Vec<CaseClaim>,
    /// Persons of the enrolments behind the leads.
    pub persons: Vec<CasePerson>,
    /// What happened when.
    pub months: Vec<Month>,
}

/// The leads of one indicator.
#[derive(Debug, Clone, PartialEq)]
pub struct IndicatorPart {
    /// What it tests, and by which policy rows.
    pub rule: Rule,
    /// Its leads, the strongest first.
    pub hits: Vec<Hit>,
    /// Values of all leads of the indicator in the release that are not cleared.
    pub peers: Peers,
    /// Values of all that the indicator compared with each other, where it compares with peers.
    pub distributions: Vec<Distribution>,
    /// The first evidence records of the first leads.
    pub evidence: Vec<EvidenceRecord>,
    /// Evidence records of these leads that are not listed.
    pub evidence_left_off: i64,
}

impl CaseFile {
    /// Leads that are not cleared.
    pub fn hits(&self) -> impl Iterator<Item = &Hit> {
        self.indicators.iter().flat_map(|part| &part.hits)
    }

    /// Paid and approved claims behind the leads, each once, fen.
    pub fn at_risk_fen(&self) -> i64 {
        let amounts = self.claims.iter().map(|claim| claim.at_risk_fen);
        amounts.fold(0, i64::saturating_add)
    }

    /// Keys of the persons, and of the names under which they were enrolled.
    pub fn keys(&self) -> BTreeSet<i64> {
        let persons = self.persons.iter();
        persons
            .flat_map(|person| person.name_keys.iter().chain([&person.key]))
            .copied()
            .collect()
    }

    /// Adds the text of the evidence records, or why it cannot be had.
    pub fn add_raw_texts(&mut self, texts: &RawTexts<'_>) {
        let records = self
            .indicators
            .iter_mut()
            .flat_map(|part| &mut part.evidence);
        let sources = records.flat_map(|record| &mut record.sources);
        read_texts(sources.collect(), texts);
    }
}
