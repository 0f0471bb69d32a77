//! Where the first evidence records of the leads lie in the raw files.

use std::collections::{BTreeMap, BTreeSet};

use super::gather::Gatherer;
use super::hits::Hit;
use crate::contract::{ColumnType, Contract};
use crate::desk::archive::Source;
use crate::desk::trace;
use crate::run::RunError;

/// Leads of an indicator whose evidence is listed.
const LEADS: usize = 10;
/// Records of a lead that are listed.
const RECORDS: usize = 6;

/// A record that a lead rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceRecord {
    /// The lead's entity and period.
    pub of: String,
    /// `feed:record key`.
    pub record: String,
    /// Where it was read; several where a key is not unique, none where it is not in the lake any more.
    pub sources: Vec<Source>,
    /// Why there is no source.
    pub missing: Option<String>,
}

/// What was found of a record.
type Found = Result<Vec<Source>, String>;

impl Gatherer<'_> {
    /// The first records of the first leads of each indicator, and how many there are beside them.
    pub(super) fn evidence(
        &self,
        grouped: &[(String, Vec<Hit>)],
    ) -> Result<Vec<(Vec<EvidenceRecord>, i64)>, RunError> {
        let listed = |hits: &[Hit]| -> Vec<(String, String)> {
            let first = hits.iter().take(LEADS);
            first.flat_map(records_of).collect()
        };
        let wanted: BTreeSet<String> = grouped
            .iter()
            .flat_map(|(_, hits)| listed(hits))
            .map(|(_, record)| record)
            .collect();
        let found = self.locate(&wanted)?;
        let mut evidence = Vec::new();
        for (_, hits) in grouped {
            let records: Vec<EvidenceRecord> = listed(hits)
                .into_iter()
                .map(|(of, record)| evidence_record(of, record, &found))
                .collect();
            let all = hits.iter().map(|hit| hit.lead.evidence_count);
            let all = all.fold(0, i64::saturating_add);
            let shown = i64::try_from(records.len()).unwrap_or(i64::MAX);
            evidence.push((records, all.saturating_sub(shown).max(0)));
        }
        Ok(evidence)
    }

    fn locate(&self, wanted: &BTreeSet<String>) -> Result<BTreeMap<String, Found>, RunError> {
        let mut by_feed: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (feed, record) in wanted.iter().filter_map(|text| text.split_once(':')) {
            by_feed.entry(feed).or_default().push(record);
        }
        let mut found = BTreeMap::new();
        for (feed, records) in by_feed {
            let Some(contract) = self.project.contracts.get(feed) else {
                continue;
            };
            match single_key(contract) {
                // One look at the feed for all of its records.
                Some(key) => self.locate_all(contract, key, &records, &mut found)?,
                None => {
                    for record in records {
                        let own = self.locate_one(contract, record)?;
                        found.insert(format!("{feed}:{record}"), own);
                    }
                }
            }
        }
        Ok(found)
    }

    fn locate_all(
        &self,
        contract: &Contract,
        key: &str,
        records: &[&str],
        found: &mut BTreeMap<String, Found>,
    ) -> Result<(), RunError> {
        let feed = &contract.feed;
        let columns = trace::place_columns(key);
        let rows = self.rows_among(feed, &columns, key, records.iter().copied())?;
        for row in rows.iter() {
            let name = format!("{feed}:{}", row.word(key));
            let own = found.entry(name).or_insert_with(|| Ok(Vec::new()));
            if let Ok(sources) = own {
                sources.push(Source::of(row, feed));
            }
        }
        for own in found.values_mut().flatten() {
            own.sort_by_key(Source::place);
        }
        Ok(())
    }

    fn locate_one(&self, contract: &Contract, record: &str) -> Result<Found, RunError> {
        let sql = match trace::record_query(contract, record) {
            Ok(sql) => sql,
            Err(reason) => return Ok(Err(reason)),
        };
        let places = trace::places(&contract.feed, &sql, self.desk)?;
        Ok(Ok(places.into_iter().map(Source::at).collect()))
    }
}

/// The key column of a feed whose records are named by one text.
fn single_key(contract: &Contract) -> Option<&str> {
    let [index] = contract.key.as_slice() else {
        return None;
    };
    let column = contract.columns.get(*index)?;
    matches!(column.kind, ColumnType::Text(_)).then_some(column.name.as_str())
}

/// The records of a lead that are listed, each with the lead's entity and period.
fn records_of(hit: &Hit) -> Vec<(String, String)> {
    let lead = &hit.lead;
    let of = format!("{} {}", lead.entity_id, lead.period);
    let records = lead.evidence.iter().take(RECORDS);
    records
        .map(|record| (of.trim_end().to_owned(), record.clone()))
        .collect()
}

fn evidence_record(of: String, record: String, found: &BTreeMap<String, Found>) -> EvidenceRecord {
    let gone = "the record is no longer in the current view of its feed";
    let (sources, missing) = match found.get(&record) {
        Some(Ok(sources)) if !sources.is_empty() => (sources.clone(), None),
        Some(Err(reason)) => (Vec::new(), Some(reason.clone())),
        _ => (Vec::new(), Some(gone.to_owned())),
    };
    EvidenceRecord {
        of,
        record,
        sources,
        missing,
    }
}

#[cfg(test)]
mod tests {
    use super::super::hits::made_up;
    use super::*;

    #[test]
    fn the_first_records_of_a_lead_are_listed_and_a_lost_one_is_told() {
        let mut hit = made_up("B05", "H", ("account", "00000000000000aa"));
        hit.lead.evidence = (0..20).map(|number| format!("claims:B{number}")).collect();
        let listed = records_of(&hit);
        assert_eq!(listed.len(), RECORDS);
        assert_eq!(listed[0].1, "claims:B0");
        let (of, record) = listed[0].clone();
        let lost = evidence_record(of, record, &BTreeMap::new());
        assert!(lost.sources.is_empty() && lost.missing.is_some());
    }
}
