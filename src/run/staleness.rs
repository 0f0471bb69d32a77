//! What is stale, and why.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::build::Builder;
use super::fingerprint::fingerprint_of;
use crate::lake::DataFile;
use crate::model::{ALL_INDICATOR_HITS, Model};

/// Why a model is computed, or that it is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Staleness {
    /// Nothing it depends on has changed.
    Fresh,
    /// It was never computed.
    New,
    /// Its SQL, header, policy rows or inputs changed: the named ones, as far as they can be told.
    Changed(String),
    /// These days changed, of so many.
    Days {
        /// Stale days.
        stale: usize,
        /// All days.
        all: usize,
        /// First and last stale day.
        span: Option<(NaiveDate, NaiveDate)>,
        /// Days that no input reaches any more, or that lie after the as-of day.
        gone: usize,
    },
    /// A full refresh was asked for.
    Asked,
}

impl Staleness {
    /// Whether anything is to be computed.
    pub fn is_stale(&self) -> bool {
        !matches!(self, Staleness::Fresh)
    }

    /// The same, told that only the rows of so many values of a column were computed again.
    pub(super) fn narrowed_to(self, values: usize, column: &str) -> Staleness {
        match self {
            Staleness::Changed(what) => {
                Staleness::Changed(format!("{what} (rows of {values} values of {column})"))
            }
            other => other,
        }
    }

    /// In words.
    pub fn words(&self) -> String {
        match self {
            Staleness::Fresh => "up to date".to_owned(),
            Staleness::New => "never computed".to_owned(),
            Staleness::Changed(what) => format!("changed: {what}"),
            Staleness::Days {
                stale,
                all,
                span,
                gone,
            } => {
                let span = span.map_or(String::new(), |(first, last)| {
                    format!(" ({first} … {last})")
                });
                let gone = match gone {
                    0 => String::new(),
                    gone => format!(", {gone} fall away"),
                };
                format!("{stale} of {all} days are new or changed{span}{gone}")
            }
            Staleness::Asked => "full refresh asked for".to_owned(),
        }
    }
}

impl Builder<'_> {
    /// What would be computed and why, when the feeds in `loading` are about to get new rows. Of a model that reads a
    /// stale one it can only be said that it may change.
    pub fn plan(&self, loading: &BTreeSet<String>) -> Vec<(String, Staleness)> {
        let mut stale: BTreeSet<String> = BTreeSet::new();
        let mut plan = Vec::new();
        for model in self.models.in_order() {
            let reads = self.reads(model);
            let named = |names: &BTreeSet<String>| -> Vec<&str> {
                let reads = reads.iter().filter(|name| names.contains(*name));
                reads.map(String::as_str).collect()
            };
            let mut staleness = self.staleness(model);
            let (new_rows, upstream) = (named(loading), named(&stale));
            if !staleness.is_stale() && !new_rows.is_empty() {
                staleness = Staleness::Changed(format!("new rows of {}", new_rows.join(", ")));
            } else if !staleness.is_stale() && !upstream.is_empty() {
                staleness = Staleness::Changed(format!("may follow from {}", upstream.join(", ")));
            }
            if staleness.is_stale() {
                stale.insert(model.name.clone());
            }
            plan.push((model.name.clone(), staleness));
        }
        plan
    }

    fn reads(&self, model: &Model) -> Vec<String> {
        let mut names = Vec::new();
        for name in &model.reads {
            if name == ALL_INDICATOR_HITS {
                names.extend(
                    self.models
                        .indicators()
                        .into_iter()
                        .map(|model| model.name.clone()),
                );
            } else {
                names.push(name.clone());
            }
        }
        names
    }

    /// What of a model is stale now.
    pub fn staleness(&self, model: &Model) -> Staleness {
        if self.full_refresh {
            return Staleness::Asked;
        }
        let Some(table) = self.tables.get(&model.name) else {
            return Staleness::New;
        };
        if model.header.incremental {
            let days = self.day_fingerprints(model);
            let stale = stale_days(&days, &table.files);
            let surplus = surplus_files(&days, &table.files);
            if stale.is_empty() && surplus.is_empty() {
                return Staleness::Fresh;
            }
            let span = stale.first().copied().zip(stale.last().copied());
            return Staleness::Days {
                stale: stale.len(),
                all: days.len(),
                span,
                gone: surplus.len(),
            };
        }
        let now = self.computed_from(model);
        if now.is_of(&table.files) {
            return Staleness::Fresh;
        }
        Staleness::Changed(
            now.differences(&self.computed_from_before(model))
                .join(", "),
        )
    }
}

/// Days whose table is not of this fingerprint.
pub(super) fn stale_days(days: &BTreeMap<NaiveDate, String>, live: &[DataFile]) -> Vec<NaiveDate> {
    let current: BTreeMap<NaiveDate, &str> = live
        .iter()
        .filter_map(|file| Some((file.reach()?.day?, fingerprint_of(&file.path)?)))
        .collect();
    days.iter()
        .filter(|(day, fingerprint)| current.get(day) != Some(&fingerprint.as_str()))
        .map(|(day, _)| *day)
        .collect()
}

/// Files of days that no input reaches any more, and the place holder of a table that had no day.
pub(super) fn surplus_files(days: &BTreeMap<NaiveDate, String>, live: &[DataFile]) -> Vec<String> {
    live.iter()
        .filter(|file| match file.reach().and_then(|reach| reach.day) {
            Some(day) => !days.contains_key(&day),
            None => !days.is_empty(),
        })
        .map(|file| file.path.clone())
        .collect()
}
