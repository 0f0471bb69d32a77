//! The uncertainty analysis of the platform evaluation, timed on invented platforms.

use std::collections::BTreeMap;
use std::time::Instant;

use serde::Serialize;

use crate::native::composite::{
    EvaluationError, Framework, ItemValue, Unit, evaluate, rank_influences, rank_uncertainty,
};

/// What was computed and how long it took.
#[derive(Debug, Serialize)]
pub(super) struct IndexFigures {
    pub draws: u32,
    pub units: usize,
    pub items: usize,
    /// Values that are missing, of units × items.
    pub missing_values: usize,
    pub threads: usize,
    /// Scores, grades and ranks of all units.
    pub evaluation_seconds: f64,
    /// Rank intervals and agreement on grades, all draws.
    pub uncertainty_seconds: f64,
    /// Sobol indices: seven evaluations a draw.
    pub influence_seconds: f64,
    /// Units with a rank interval.
    pub ranked_units: usize,
}

/// Times the framework's own number of draws on so many units.
///
/// # Errors
/// A framework that cannot take values from 0 to 1.
pub(super) fn measure(
    framework: &Framework,
    unit_count: usize,
) -> Result<IndexFigures, EvaluationError> {
    let rule = framework.uncertainty.unwrap_or_default();
    let (units, values) = invented(framework, unit_count);
    let groups = BTreeMap::new();
    let started = Instant::now();
    let evaluation = evaluate(framework, &units, &values)?;
    let evaluation_seconds = started.elapsed().as_secs_f64();
    let started = Instant::now();
    let found = rank_uncertainty(framework, rule, &units, &groups, &evaluation);
    let uncertainty_seconds = started.elapsed().as_secs_f64();
    let started = Instant::now();
    rank_influences(framework, rule, &units, &groups, &evaluation);
    Ok(IndexFigures {
        draws: rule.draws,
        units: unit_count,
        items: framework.items().count(),
        missing_values: values.iter().filter(|value| value.value.is_none()).count(),
        threads: rayon::current_num_threads(),
        evaluation_seconds,
        uncertainty_seconds,
        influence_seconds: started.elapsed().as_secs_f64(),
        ranked_units: found.iter().flatten().count(),
    })
}

/// Shares around a level of each unit's own, one in forty missing. The fractional parts of multiples of irrational
/// numbers spread evenly and need no generator.
fn invented(framework: &Framework, unit_count: usize) -> (Vec<Unit>, Vec<ItemValue>) {
    let share = |place: usize, step: f64| (place as f64 * step).fract();
    let (mut units, mut values) = (Vec::new(), Vec::new());
    let mut cell = 0;
    for place in 0..unit_count {
        let id = format!("u{place:06}");
        let level = 0.4 + 0.5 * share(place, 0.618_033_988_749_895);
        for (_, item) in framework.items() {
            cell += 1;
            let value = level + 0.2 * (share(cell, std::f64::consts::SQRT_2) - 0.5);
            values.push(ItemValue {
                unit: id.clone(),
                item: item.id.clone(),
                value: (cell % 40 > 0).then_some(value),
            });
        }
        units.push(Unit {
            id,
            sample_ok: true,
            deduction: (place % 4) as f64 * 5.0,
            vetoes: Vec::new(),
        });
    }
    (units, values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_is_ranked_and_values_are_missing() {
        let text = include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/pipelines/evaluation.toml"
        ));
        let framework = Framework::parse("evaluation.toml", text).unwrap();
        let found = measure(&framework, 30).unwrap();
        assert_eq!((found.units, found.items, found.draws), (30, 20, 1000));
        assert_eq!((found.ranked_units, found.missing_values), (30, 15));
    }
}
