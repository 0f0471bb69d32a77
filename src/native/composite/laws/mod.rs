//! What every method promises whatever the figures: laws tested on random tables.
//!
//! * [`monotonicity`]: a better value never lowers its unit's score, and where nothing but shares of a common scale moves,
//!   never its rank;
//! * [`units_of_measure`]: other units of measure change nothing;
//! * [`order_and_ties`]: the order of rows changes nothing, equals stay equal;
//! * [`missing`]: what is missing is left out and never counted as zero;
//! * [`extremes`]: one unit, all equal, nobody;
//! * [`variation`]: the same of rank intervals.

mod extremes;
mod missing;
mod monotonicity;
mod order_and_ties;
mod units_of_measure;
mod variation;

use proptest::prelude::*;

use super::{Evaluation, EvaluationError, Framework, ItemValue, Unit, evaluate};

/// Three items a unit.
type Row = [Option<f64>; 3];

/// In the items' own units; all values of a table lie between 1 and 100.
const NORMALISATIONS: [&str; 15] = [
    "{ method = 'goalposts', minimum = 5, maximum = 90 }",
    "{ method = 'goalposts', minimum = 5, maximum = 90, scale = 'logarithm' }",
    "{ method = 'ratio_to_target', target = 70 }",
    "'min_max'",
    "'rank'",
    "'percentile_rank'",
    "'categories'",
    "'vector'",
    "{ method = 'distance', reference = 'mean', measure = 'ratio' }",
    "{ method = 'distance', reference = 'best', measure = 'ratio' }",
    "{ method = 'distance', reference = 'worst', measure = 'ratio' }",
    "{ method = 'distance', reference = 'value', value = 50, measure = 'ratio' }",
    "{ method = 'distance', reference = 'best', measure = 'difference' }",
    "'z_score'",
    "{ method = 'above_mean', threshold = 0.2 }",
];

const MEANS: [&str; 4] = [
    "'arithmetic'",
    "{ method = 'owa', weights = [0.5, 0.3, 0.2] }",
    "'geometric'",
    "'harmonic'",
];
const COMPARISONS: [&str; 3] = ["'borda'", "'copeland'", "'topsis'"];

/// Whether all three items are better when higher, or the last one when lower.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Last {
    Higher,
    Lower,
}

/// An index of three items with weights 3, 1 and 2.
fn framework(normalisation: &str, aggregation: &str, more: &str, last: Last) -> Framework {
    let direction = match last {
        Last::Higher => "higher",
        Last::Lower => "lower",
    };
    let text = format!(
        "normalisation = {normalisation}\naggregation = {aggregation}\n{more}\n\
         [[items]]\nid = 'a'\nweight = 3\n[[items]]\nid = 'b'\n\
         [[items]]\nid = 'c'\nweight = 2\ndirection = '{direction}'\n"
    );
    Framework::parse_with_defaults("law.toml", &text).unwrap()
}

/// Whether scores may be below 0, which geometric and harmonic means do not take.
fn is_signed(normalisation: &str, last: Last) -> bool {
    let signed = ["z_score", "above_mean", "difference"];
    let turned = normalisation.contains("vector") && last == Last::Lower;
    turned || signed.iter().any(|name| normalisation.contains(name))
}

/// Every normalisation with every aggregation that takes its scores.
fn methods(last: Last) -> Vec<(&'static str, &'static str)> {
    let all = NORMALISATIONS.into_iter().flat_map(|normalisation| {
        let aggregations = MEANS.into_iter().chain(COMPARISONS);
        aggregations.map(move |aggregation| (normalisation, aggregation))
    });
    let takes = |(normalisation, aggregation): &(&str, &str)| {
        let needs_non_negative = ["'geometric'", "'harmonic'"].contains(aggregation);
        !(needs_non_negative && is_signed(normalisation, last))
    };
    all.filter(takes).collect()
}

fn id(place: usize) -> String {
    format!("u{place}")
}

fn units(count: usize) -> Vec<Unit> {
    let unit = |place| Unit {
        id: id(place),
        sample_ok: true,
        deduction: 0.0,
        vetoes: Vec::new(),
    };
    (0..count).map(unit).collect()
}

fn values(framework: &Framework, table: &[Row]) -> Vec<ItemValue> {
    let cells = table.iter().enumerate().flat_map(|(place, row)| {
        let items = framework.items().zip(row);
        items.map(move |((_, item), value)| ItemValue {
            unit: id(place),
            item: item.id.clone(),
            value: *value,
        })
    });
    cells.collect()
}

fn evaluated(framework: &Framework, table: &[Row]) -> Result<Evaluation, EvaluationError> {
    evaluate(framework, &units(table.len()), &values(framework, table))
}

fn scores(framework: &Framework, table: &[Row]) -> Vec<Option<f64>> {
    let evaluation = evaluated(framework, table).unwrap();
    evaluation.units.iter().map(|unit| unit.score).collect()
}

/// Equal but for the noise of sums.
fn is_close(left: Option<f64>, right: Option<f64>) -> bool {
    match (left, right) {
        (Some(left), Some(right)) => (left - right).abs() <= 1e-9 * left.abs().max(1.0),
        (None, None) => true,
        _ => false,
    }
}

/// Values from 1 to 100, few of them, so that ties are frequent; about one of eight is missing.
fn tables(rows: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Row>> {
    let cell = prop_oneof![
        1 => Just(None),
        4 => (1u8..=100).prop_map(|value| Some(f64::from(value))),
        3 => prop::sample::select(vec![Some(1.0), Some(20.0), Some(50.0), Some(100.0)]),
    ];
    prop::collection::vec(prop::array::uniform3(cell), rows)
}

/// The same without gaps.
fn full_tables(rows: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Row>> {
    let cell = (1u8..=100).prop_map(|value| Some(f64::from(value)));
    prop::collection::vec(prop::array::uniform3(cell), rows)
}
