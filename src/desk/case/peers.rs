//! The values of all leads of an indicator, among which those of the organisation stand.

use std::collections::BTreeMap;

use super::gather::{CLEARED, Gatherer, HITS};
use super::hits::Hit;
use crate::run::RunError;

/// Values among which those of a case stand, in ascending order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Peers {
    /// Of all, those of the case included.
    pub values: Vec<f64>,
    /// Of the leads of this case.
    pub own: Vec<f64>,
    /// The limits they were compared with.
    pub thresholds: Vec<f64>,
}

impl Peers {
    /// Marks the leads of the case.
    pub(super) fn mark(&mut self, hits: &[Hit]) {
        let values = hits.iter().filter_map(|hit| finite(hit.lead.value));
        self.own = values.collect();
        self.sort();
    }

    pub(super) fn sort(&mut self) {
        self.own.sort_by(f64::total_cmp);
        self.values.sort_by(f64::total_cmp);
        self.thresholds.sort_by(f64::total_cmp);
        self.thresholds.dedup();
    }

    /// The value below or at which a share of all lies, by nearest rank; none without values.
    pub fn quantile(&self, share: f64) -> Option<f64> {
        let last = self.values.len().checked_sub(1)?;
        let rank = (share.clamp(0.0, 1.0) * self.values.len() as f64).ceil() as usize;
        self.values.get(rank.saturating_sub(1).min(last)).copied()
    }
}

impl Gatherer<'_> {
    /// Values of the release's leads that are not cleared, by indicator, still without order.
    pub(super) fn peers(&self, ids: &[&str]) -> Result<BTreeMap<String, Peers>, RunError> {
        let columns = "indicator_id, value, threshold, status";
        let rows = self.rows_among(HITS, columns, "indicator_id", ids.iter().copied())?;
        let mut peers: BTreeMap<String, Peers> = BTreeMap::new();
        for row in rows.iter().filter(|row| row.word("status") != CLEARED) {
            let own = peers.entry(row.word("indicator_id")).or_default();
            own.values.extend(finite(row.float("value")));
            let limit = finite(row.float("threshold"));
            own.thresholds
                .extend(limit.filter(|limit| !own.thresholds.contains(limit)));
        }
        Ok(peers)
    }
}

fn finite(value: Option<f64>) -> Option<f64> {
    value.filter(|value| value.is_finite())
}

#[cfg(test)]
mod tests {
    use super::super::hits::made_up;
    use super::*;

    #[test]
    fn quantiles_are_values_that_occur() {
        let peers = Peers {
            values: vec![1.0, 2.0, 3.0, 10.0],
            ..Peers::default()
        };
        assert_eq!(peers.quantile(0.0), Some(1.0));
        assert_eq!(peers.quantile(0.5), Some(2.0));
        assert_eq!(peers.quantile(0.75), Some(3.0));
        assert_eq!(peers.quantile(1.0), Some(10.0));
        assert_eq!(Peers::default().quantile(0.5), None);
    }

    #[test]
    fn leads_without_a_number_are_not_marked() {
        let mut peers = Peers::default();
        let mut without = made_up("C05", "H", ("enrolment", "E1"));
        without.lead.value = None;
        peers.mark(&[without, made_up("C05", "H", ("enrolment", "E2"))]);
        assert_eq!(peers.own, [1.0]);
    }
}
