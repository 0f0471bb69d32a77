//! What would lift a platform's grade: the evaluation of the release made once more from its published values.

use std::collections::BTreeMap;

use super::score::Score;
use crate::desk::rows::Rows;
use crate::native::composite::{
    Direction, Evaluation, Framework, ItemValue, Title, Unit, evaluate, outlook,
};

/// Totals that differ by less are the same.
const SAME: f64 = 1e-9;
/// Integrity of a platform that nothing is held against.
const FULL_INTEGRITY: f64 = 100.0;

/// The way to the next grade.
#[derive(Debug, Clone, PartialEq)]
pub struct Outlook {
    /// What stands between the platform and a better grade.
    pub next: Next,
    /// By item; items that can give nothing more are left out.
    pub lifts: BTreeMap<String, Lift>,
}

/// What stands between a platform and a better grade.
#[derive(Debug, Clone, PartialEq)]
pub enum Next {
    /// Nothing: its total earns the best one.
    Best,
    /// Points of the total.
    Grade {
        /// The next better grade.
        title: Title,
        /// Points that are wanting.
        distance: f64,
    },
    /// Something that no value of an item mends: a veto, a small sample, low coverage.
    NotItems,
}

/// What one item could do, everything else as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Lift {
    /// Points of the total at the item's best score; `None` where it would tell other platforms' values.
    pub gain: Option<f64>,
    /// Score that is enough for the next grade; `None` where even the best is not.
    pub score_needed: Option<f64>,
    /// The value with this score.
    pub value_needed: Option<f64>,
    /// Whether more is better.
    pub is_higher_better: bool,
}

/// The outlook of a platform. `None` where the evaluation cannot be made again: the release was computed by another
/// framework, or it does not come to the published total.
pub(super) fn outlook_of(
    own: &Score,
    scores: &Rows,
    details: &Rows,
    framework: &Framework,
    has_peers: bool,
) -> Option<Outlook> {
    if framework.config_hash != own.config_hash {
        return None;
    }
    let units: Vec<Unit> = scores
        .iter()
        .map(Score::of)
        .map(|score| Unit {
            sample_ok: score.sample_ok,
            deduction: score.integrity.map_or(0.0, |own| FULL_INTEGRITY - own),
            vetoes: score.vetoes,
            id: score.platform_id,
        })
        .collect();
    let values: Vec<ItemValue> = details
        .iter()
        .map(|row| ItemValue {
            unit: row.word("platform_id"),
            item: row.word("item"),
            value: row.float("raw_value"),
        })
        .collect();
    let evaluation: Evaluation = evaluate(framework, &units, &values).ok()?;
    let place = units.iter().position(|unit| unit.id == own.platform_id)?;
    let total = evaluation.units.get(place)?.total;
    let differs = total
        .zip(own.total)
        .is_none_or(|(again, told)| (again - told).abs() > SAME);
    if differs {
        return None;
    }
    let found = outlook(framework, &evaluation, place)?;
    let next = if own.rank.is_none() || !own.vetoes.is_empty() {
        Next::NotItems
    } else {
        let id = found.next_grade.as_deref();
        let mut grades = framework.grades.iter();
        let grade = grades.find(|grade| Some(grade.id.as_str()) == id);
        match grade.zip(found.distance) {
            Some((grade, distance)) => Next::Grade {
                title: grade.title.clone(),
                distance,
            },
            None => Next::Best,
        }
    };
    let lifts = found.lifts.into_iter().filter_map(|lift| {
        let (_, item) = framework.items().find(|(_, item)| item.id == lift.item)?;
        // The best score of such an item is made of the others' values.
        let tells_others =
            !has_peers && (item.peer_cap.is_some() || !item.normalisation.has_fixed_values());
        let shown = |value: Option<f64>| value.filter(|_| !tells_others);
        let told = Lift {
            gain: shown(Some(lift.gain)),
            score_needed: shown(lift.score_needed),
            value_needed: shown(lift.value_needed),
            is_higher_better: item.direction == Direction::Higher,
        };
        Some((lift.item, told))
    });
    Some(Outlook {
        next,
        lifts: lifts.collect(),
    })
}
