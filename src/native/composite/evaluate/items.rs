//! From an item's values to its scores: treatment, medians for what is missing, cap, normalisation.

use std::collections::BTreeMap;

use super::super::aggregate::Aggregation;
use super::super::framework::{Framework, Item, MissingRule};
use super::super::peers::Peers;
use super::super::treat::{Treated, treat};
use super::{EvaluationError, ItemReport, Unit};

/// One item of all units.
#[derive(Debug, Clone)]
pub(in crate::native::composite) struct Prepared {
    pub scores: Vec<Option<f64>>,
    /// Whether a median stands in for the unit's value.
    pub imputed: Vec<bool>,
    peers: Peers,
    treated: Treated,
}

impl Prepared {
    pub fn report(self) -> ItemReport {
        ItemReport {
            treated: self.treated,
            peers: self.peers,
            imputed: self.imputed.iter().filter(|is_so| **is_so).count(),
            missing: self.scores.iter().filter(|score| score.is_none()).count(),
        }
    }
}

/// Treats, fills and normalises the values of one item, one for each unit.
pub(in crate::native::composite) fn prepare(
    framework: &Framework,
    item: &Item,
    values: &[Option<f64>],
    units: &[Unit],
    groups: &BTreeMap<String, String>,
) -> Prepared {
    let treated = treat(item.treatment, &peers_of(values, units));
    let mut column: Vec<Option<f64>> = values
        .iter()
        .map(|value| value.and_then(|value| treated.apply(value)))
        .collect();
    let mut imputed = vec![false; column.len()];
    if framework.missing == MissingRule::GroupMedian {
        let medians = Medians::new(&column, units, groups);
        for ((cell, imputed), unit) in column.iter_mut().zip(&mut imputed).zip(units) {
            if cell.is_none() {
                *cell = medians.of(groups.get(&unit.id));
                *imputed = cell.is_some();
            }
        }
    }
    let mut peers = peers_of(&column, units);
    if let Some(ceiling) = item.peer_cap.and_then(|share| peers.quantile(share)) {
        column = column
            .into_iter()
            .map(|cell| cell.map(|value| value.min(ceiling)))
            .collect();
        peers = peers.capped(ceiling);
    }
    let mut scores = item.normalisation.scores(&column, item.direction, &peers);
    if item.normalisation.gives_points() && framework.scale != 100.0 {
        for score in scores.iter_mut().flatten() {
            *score = *score * framework.scale / 100.0;
        }
    }
    Prepared {
        scores,
        imputed,
        peers,
        treated,
    }
}

/// A mean that takes no part below 0 takes no item below 0 either, in whatever dimension it stands.
pub(super) fn refuse_negative(
    framework: &Framework,
    units: &[Unit],
    items: &[Prepared],
) -> Result<(), EvaluationError> {
    for ((dimension, item), prepared) in framework.items().zip(items) {
        let means = [dimension.aggregation, framework.aggregation];
        if dimension.aggregation.compares_units()
            || !means.into_iter().any(Aggregation::needs_non_negative)
        {
            continue;
        }
        let mut scores = units.iter().zip(&prepared.scores);
        let below = scores.find(|(_, score)| score.is_some_and(|score| score < 0.0));
        if let Some((unit, _)) = below {
            return Err(EvaluationError::NegativeScore {
                unit: unit.id.clone(),
                item: item.id.clone(),
            });
        }
    }
    Ok(())
}

fn peers_of(column: &[Option<f64>], units: &[Unit]) -> Peers {
    let peers = units.iter().zip(column).filter(|(unit, _)| unit.sample_ok);
    Peers::new(peers.filter_map(|(_, value)| *value))
}

/// Medians of the peers, of all and by group.
struct Medians {
    all: Option<f64>,
    groups: BTreeMap<String, f64>,
}

impl Medians {
    fn new(column: &[Option<f64>], units: &[Unit], groups: &BTreeMap<String, String>) -> Self {
        let mut by_group: BTreeMap<&String, Vec<f64>> = BTreeMap::new();
        for (unit, value) in units.iter().zip(column).filter(|(unit, _)| unit.sample_ok) {
            if let (Some(group), Some(value)) = (groups.get(&unit.id), value) {
                by_group.entry(group).or_default().push(*value);
            }
        }
        let median = |values: Vec<f64>| Peers::new(values.into_iter()).quantile(0.5);
        let entries = by_group.into_iter();
        Self {
            all: peers_of(column, units).quantile(0.5),
            groups: entries
                .filter_map(|(group, values)| Some((group.clone(), median(values)?)))
                .collect(),
        }
    }

    fn of(&self, group: Option<&String>) -> Option<f64> {
        let own = group.and_then(|group| self.groups.get(group)).copied();
        own.or(self.all)
    }
}
