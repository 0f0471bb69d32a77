//! What an indicator found of everybody that it compared with each other, hit or not, among whom the leads of a case stand.

use std::collections::{BTreeMap, BTreeSet};

use super::gather::Gatherer;
use super::hits::Hit;
use super::peers::Peers;
use crate::run::RunError;

/// The table of values; releases of earlier versions lack it.
const VALUES: &str = "peer_values";

/// By how much of itself a lead's value may differ from that of the table: two programs' last digits.
const SAME: f64 = 1e-9;

/// Values of one measure in the peer groups of a case's leads.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Distribution {
    /// What was measured, as `peer_values` names it.
    pub measure: String,
    /// Peer groups in which the leads stand.
    pub groups: usize,
    /// All values of these groups, those of the leads and their thresholds.
    pub peers: Peers,
}

/// A subject at a time: its kind, identifier and period.
type Subject = (String, String, String);

/// A value of the table.
struct Measured {
    measure: String,
    group: (String, String),
    subject: Subject,
    value: f64,
}

impl Gatherer<'_> {
    /// The distributions behind the leads, by indicator and measure. A measure counts where it is what a lead tells as its
    /// value: an indicator with several reasons tells that of one.
    pub(super) fn distributions(
        &self,
        grouped: &[(String, Vec<Hit>)],
    ) -> Result<BTreeMap<String, Vec<Distribution>>, RunError> {
        let columns = "indicator_id, measure, entity_kind, entity_id, period, peer_group, value";
        let ids = grouped.iter().map(|(id, _)| id.as_str());
        let rows = self.rows_among(VALUES, columns, "indicator_id", ids)?;
        let mut measured: BTreeMap<String, Vec<Measured>> = BTreeMap::new();
        for row in rows.iter() {
            let Some(value) = row.float("value").filter(|value| value.is_finite()) else {
                continue;
            };
            let kind = row.word("entity_kind");
            let of_indicator = measured.entry(row.word("indicator_id")).or_default();
            of_indicator.push(Measured {
                measure: row.word("measure"),
                group: (kind.clone(), row.word("peer_group")),
                subject: (kind, row.word("entity_id"), row.word("period")),
                value,
            });
        }
        let distributions = grouped.iter().filter_map(|(id, hits)| {
            let found = among(hits, measured.get(id)?);
            Some((id.clone(), found))
        });
        Ok(distributions.collect())
    }
}

fn among(hits: &[Hit], measured: &[Measured]) -> Vec<Distribution> {
    let mut leads: BTreeMap<Subject, (f64, Option<f64>)> = BTreeMap::new();
    for hit in hits {
        let lead = &hit.lead;
        let subject = (
            lead.entity_kind.clone(),
            lead.entity_id.clone(),
            lead.period.clone(),
        );
        if let Some(value) = lead.value {
            leads.insert(subject, (value, lead.threshold));
        }
    }
    let mut found: BTreeMap<&str, Distribution> = BTreeMap::new();
    let mut groups: BTreeSet<(&str, &(String, String))> = BTreeSet::new();
    for one in measured {
        let Some((value, threshold)) = leads.get(&one.subject) else {
            continue;
        };
        if (value - one.value).abs() > SAME * value.abs().max(1.0) {
            continue;
        }
        groups.insert((&one.measure, &one.group));
        let peers = &mut found.entry(&one.measure).or_default().peers;
        peers.own.push(one.value);
        peers.thresholds.extend(threshold);
    }
    for one in measured {
        if groups.contains(&(one.measure.as_str(), &one.group))
            && let Some(distribution) = found.get_mut(one.measure.as_str())
        {
            distribution.peers.values.push(one.value);
        }
    }
    let distributions = found.into_iter().map(|(measure, mut distribution)| {
        distribution.measure = measure.to_owned();
        let own = groups.iter().filter(|(named, _)| *named == measure);
        distribution.groups = own.count();
        distribution.peers.sort();
        distribution
    });
    distributions.collect()
}

#[cfg(test)]
mod tests {
    use super::super::hits::made_up;
    use super::*;

    fn measured(measure: &str, group: &str, entity: &str, value: f64) -> Measured {
        Measured {
            measure: measure.to_owned(),
            group: ("org".to_owned(), group.to_owned()),
            subject: ("org".to_owned(), entity.to_owned(), String::new()),
            value,
        }
    }

    #[test]
    fn a_lead_stands_among_its_own_peer_group() {
        let mut hit = made_up("E01", "S", ("org", "A"));
        hit.lead.period = String::new();
        hit.lead.value = Some(0.99);
        hit.lead.threshold = Some(0.98);
        let rows = [
            measured("pass_rate", "near", "A", 0.99),
            measured("pass_rate", "near", "B", 0.7),
            measured("pass_rate", "far", "C", 0.5),
            measured("band_share", "near", "A", 0.1),
            measured("band_share", "near", "B", 0.2),
        ];
        let found = among(&[hit], &rows);
        let expected = Distribution {
            measure: "pass_rate".to_owned(),
            groups: 1,
            peers: Peers {
                values: vec![0.7, 0.99],
                own: vec![0.99],
                thresholds: vec![0.98],
            },
        };
        assert_eq!(
            found,
            [expected],
            "the other measure is not what the lead tells"
        );
    }
}
