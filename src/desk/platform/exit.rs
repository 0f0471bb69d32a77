//! Grounds of exit of one platform and where its case stands.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::desk::rows::Row;

/// Feeds and tables whose records are of no person; the keys of others are only counted.
const SHOWN: [&str; 4] = ["courseware", "organizations", "findings", "platform_scores"];

/// The platform's row of `exit_proposals`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Exit {
    /// `warning`, `rectify`, `proposal` or `decided`.
    pub stage: String,
    /// Finer than the stage.
    pub step: String,
    /// First day of the stage.
    pub stage_since: Option<NaiveDate>,
    /// What comes next; empty when only the city's decision is to come.
    pub next_date: Option<NaiveDate>,
    /// First release with a ground, without a break since.
    pub first_seen_on: Option<NaiveDate>,
    /// Grounds that stand.
    pub grounds: Vec<String>,
    /// Since when each ground stands.
    pub since: BTreeMap<String, NaiveDate>,
    /// Day of the proposal that stands.
    pub proposed_on: Option<NaiveDate>,
    /// Day of the city's last decision.
    pub decided_on: Option<NaiveDate>,
    /// `confirmed` or `not_confirmed`.
    pub decision: Option<String>,
    /// The finding that holds the decision.
    pub decision_finding_id: Option<String>,
}

impl Exit {
    pub(super) fn of(row: Row<'_>) -> Exit {
        let grounds = row.list("grounds");
        let since = grounds.iter().filter_map(|ground| {
            let day = row.day(&format!("{ground}_since"))?;
            Some((ground.clone(), day))
        });
        Exit {
            stage: row.word("stage"),
            step: row.word("step"),
            stage_since: row.day("stage_since"),
            next_date: row.day("next_date"),
            first_seen_on: row.day("first_seen_on"),
            since: since.collect(),
            proposed_on: row.day("proposed_on"),
            decided_on: row.day("decided_on"),
            decision: row.text("decision"),
            decision_finding_id: row.text("decision_finding_id"),
            grounds,
        }
    }
}

/// One row of `exit_grounds`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ground {
    /// `zombie`, `stale`, `weak_supervision`, `below_standard` or `veto`.
    pub ground: String,
    /// What of it.
    pub reason: String,
    /// First day of what was looked at.
    pub from_on: Option<NaiveDate>,
    /// Last day.
    pub until_on: Option<NaiveDate>,
    /// Figure of the platform.
    pub value: Option<f64>,
    /// Its limit.
    pub threshold: Option<f64>,
    /// Second figure.
    pub other_value: Option<f64>,
    /// Its limit.
    pub other_threshold: Option<f64>,
    /// Whether it holds in two spans one after the other.
    pub consecutive: bool,
    /// Listed records that are of no person.
    pub records: Vec<String>,
    /// All records behind it.
    pub evidence_count: i64,
}

impl Ground {
    pub(super) fn of(row: Row<'_>) -> Ground {
        let mut records = row.list("evidence");
        records.retain(|record| {
            let feed = record.split_once(':').map(|(feed, _)| feed);
            feed.is_some_and(|feed| SHOWN.contains(&feed))
        });
        Ground {
            ground: row.word("ground"),
            reason: row.word("reason"),
            from_on: row.day("from_on"),
            until_on: row.day("until_on"),
            value: row.float("value"),
            threshold: row.float("threshold"),
            other_value: row.float("other_value"),
            other_threshold: row.float("other_threshold"),
            consecutive: row.flag("consecutive").unwrap_or_default(),
            records,
            evidence_count: row.count("evidence_count"),
        }
    }
}
