//! Why figures of two releases differ: what they rest on, compared.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::{Manifest, PublishedTable};
use crate::ingest::LoadRow;

/// Before the name of a model, in a table's basis.
pub const DEFINITION: &str = "definition ";
/// Before the name of a policy parameter.
pub const POLICY: &str = "policy ";
/// Before the name of a feed or reference table.
pub const SOURCE: &str = "source ";

/// The whole province.
const PROVINCE: &str = "370000";
/// Objects named by a reason; the rest is counted.
const MOST_OBJECTS: usize = 3;

/// Why a figure differs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Files that came after the earlier release and changed no row that it knew.
    LateFile {
        /// Feed.
        feed: String,
        /// Objects, in order.
        objects: Vec<String>,
    },
    /// Files that came after the earlier release and replaced rows that it knew.
    CorrectedFile {
        /// Feed.
        feed: String,
        /// Objects, in order.
        objects: Vec<String>,
    },
    /// Rows of a policy parameter.
    Policy(String),
    /// The definition of a table, of this one or one that it reads, or the version of the computing code.
    Definition(String),
    /// The earlier release was of another as-of day.
    AsOf,
    /// Another source, or a feed whose rows were lost or replayed.
    Source(String),
}

impl Reason {
    /// One word for it: `late_file`, `corrected_file`, `policy_change`, `definition_change`, `as_of`, `source_change`.
    pub fn code(&self) -> &'static str {
        match self {
            Reason::LateFile { .. } => "late_file",
            Reason::CorrectedFile { .. } => "corrected_file",
            Reason::Policy(_) => "policy_change",
            Reason::Definition(_) => "definition_change",
            Reason::AsOf => "as_of",
            Reason::Source(_) => "source_change",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::LateFile { feed, objects } | Reason::CorrectedFile { feed, objects } => {
                let shown: Vec<&str> = objects
                    .iter()
                    .take(MOST_OBJECTS)
                    .map(String::as_str)
                    .collect();
                write!(formatter, "{} {feed}: {}", self.code(), shown.join(", "))?;
                match objects.len().saturating_sub(MOST_OBJECTS) {
                    0 => Ok(()),
                    more => write!(formatter, " and {more} more"),
                }
            }
            Reason::Policy(name) | Reason::Definition(name) | Reason::Source(name) => {
                write!(formatter, "{} {name}", self.code())
            }
            Reason::AsOf => formatter.write_str(self.code()),
        }
    }
}

/// What happened between two releases.
pub struct Reasons<'a> {
    /// Loads that only the later release knows.
    loads: Vec<&'a LoadRow>,
}

impl<'a> Reasons<'a> {
    /// Of the loads those that came after `before`, and by `last_load`, the last that the later release knows. A release of
    /// an earlier version does not say what it knew; then all count.
    pub fn between(before: &Manifest, last_load: Option<i64>, loads: &'a [LoadRow]) -> Reasons<'a> {
        let known = before.last_load.unwrap_or(i64::MIN);
        let last = last_load.unwrap_or(i64::MAX);
        Reasons {
            loads: loads
                .iter()
                .filter(|load| load.sequence > known && load.sequence <= last)
                .collect(),
        }
    }

    /// Why figures of a table differ, for a city or, without one, wherever they are.
    pub fn of(
        &self,
        before: Option<&PublishedTable>,
        after: &PublishedTable,
        city: Option<&str>,
    ) -> BTreeSet<Reason> {
        let nothing = BTreeMap::new();
        let before = before.map_or(&nothing, |table| &table.basis);
        let names: BTreeSet<&String> = before.keys().chain(after.basis.keys()).collect();
        let differs = |name: &&&String| before.get(**name) != after.basis.get(**name);
        let mut reasons = BTreeSet::new();
        for name in names.iter().filter(differs) {
            if let Some(model) = name.strip_prefix(DEFINITION) {
                reasons.insert(Reason::Definition(model.to_owned()));
            } else if let Some(parameter) = name.strip_prefix(POLICY) {
                reasons.insert(Reason::Policy(parameter.to_owned()));
            } else if let Some(source) = name.strip_prefix(SOURCE) {
                reasons.extend(self.of_source(source, city));
            }
        }
        reasons
    }

    fn of_source(&self, source: &str, city: Option<&str>) -> Vec<Reason> {
        if source == "run_context" {
            return vec![Reason::AsOf];
        }
        let concerns = |load: &&&LoadRow| {
            load.feed == source
                && (city.is_none_or(|city| city == PROVINCE)
                    || load.city_code.is_none()
                    || load.city_code.as_deref() == city)
        };
        let (corrected, late): (Vec<&LoadRow>, Vec<&LoadRow>) = self
            .loads
            .iter()
            .filter(concerns)
            .partition(|load| load.account.revisions > 0);
        let objects = |loads: &[&LoadRow]| -> Vec<String> {
            let objects: BTreeSet<&String> = loads.iter().map(|load| &load.object).collect();
            objects.into_iter().cloned().collect()
        };
        let feed = source.to_owned();
        let mut reasons = Vec::new();
        if !corrected.is_empty() {
            reasons.push(Reason::CorrectedFile {
                feed: feed.clone(),
                objects: objects(&corrected),
            });
        }
        if !late.is_empty() {
            reasons.push(Reason::LateFile {
                feed: feed.clone(),
                objects: objects(&late),
            });
        }
        if self.loads.iter().all(|load| load.feed != source) {
            reasons.push(Reason::Source(feed));
        }
        reasons
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::ingest::Account;
    use crate::model::Audience;

    fn table(basis: &[(&str, &str)]) -> PublishedTable {
        PublishedTable {
            name: "t".to_owned(),
            audience: Audience::Public,
            title_zh: String::new(),
            title_en: String::new(),
            file: String::new(),
            hash: String::new(),
            rows: 0,
            public: None,
            basis: basis
                .iter()
                .map(|(name, hash)| ((*name).to_owned(), (*hash).to_owned()))
                .collect(),
        }
    }

    fn load(sequence: i64, feed: &str, city: &str, revisions: i64) -> LoadRow {
        LoadRow {
            load_on: NaiveDate::default(),
            sequence,
            load_id: String::new(),
            feed: feed.to_owned(),
            object: format!("{feed}/{sequence}.csv"),
            content_hash: String::new(),
            size: 0,
            encoding: String::new(),
            unknown_columns: String::new(),
            city_code: Some(city.to_owned()),
            account: Account {
                revisions,
                ..Account::default()
            },
        }
    }

    #[test]
    fn what_differs_is_the_reason() {
        let before = Manifest::new(NaiveDate::default(), Vec::new(), Vec::new(), Some(2));
        let loads = [
            load(2, "claims", "370100", 0),
            load(3, "claims", "370100", 0),
            load(4, "claims", "370200", 7),
            load(5, "classes", "370100", 0),
            load(6, "claims", "370100", 0),
        ];
        let reasons = Reasons::between(&before, Some(5), &loads);
        let old = table(&[
            ("source claims", "1"),
            ("definition t", "1"),
            ("policy p", "1"),
        ]);
        let words = |new: &PublishedTable, city| -> Vec<String> {
            let found = reasons.of(Some(&old), new, city);
            found.iter().map(ToString::to_string).collect()
        };
        assert!(words(&old, None).is_empty());
        let late = table(&[
            ("source claims", "2"),
            ("definition t", "1"),
            ("policy p", "1"),
        ]);
        assert_eq!(
            words(&late, Some("370100")),
            ["late_file claims: claims/3.csv"]
        );
        assert_eq!(
            words(&late, Some("370200")),
            ["corrected_file claims: claims/4.csv"]
        );
        assert_eq!(
            words(&late, Some("370000")),
            [
                "late_file claims: claims/3.csv",
                "corrected_file claims: claims/4.csv"
            ]
        );
        let changed = table(&[
            ("source claims", "1"),
            ("definition t", "2"),
            ("policy p", "2"),
        ]);
        assert_eq!(
            words(&changed, None),
            ["policy_change p", "definition_change t"]
        );
        let other = table(&[
            ("source claims", "1"),
            ("definition t", "1"),
            ("policy p", "1"),
            ("source run_context", "2"),
            ("source divisions", "2"),
        ]);
        assert_eq!(words(&other, None), ["as_of", "source_change divisions"]);
    }
}
