//! Methods put together: branches, ordered weights, medians, order of units.

use proptest::prelude::*;

use super::super::table::{Sheet, evaluate_sheet, score_listing};
use super::*;

fn parsed(text: &str) -> Framework {
    Framework::parse_with_defaults("f.toml", text).unwrap()
}

fn sheet(text: &str) -> Sheet {
    Sheet::from_csv("t.csv", text.as_bytes()).unwrap()
}

fn scores(framework: &str, table: &str) -> Vec<Option<f64>> {
    let evaluation = evaluate_sheet(&parsed(framework), &sheet(table), &[]).unwrap();
    evaluation.units.iter().map(|unit| unit.score).collect()
}

#[test]
fn branches_between_dimensions_and_index() {
    let framework = "aggregation = 'harmonic'\nnormalisation = 'none'\n\
        [[dimensions]]\nid = 'a'\nweight = 3\n[[dimensions.items]]\nid = 'x'\n\
        [[dimensions]]\nid = 'b'\n[[dimensions.items]]\nid = 'y'\n\
        [[dimensions]]\nid = 'c'\n[[dimensions.items]]\nid = 'z'\n\
        [[branches]]\nid = 'ab'\naggregation = 'arithmetic'\nmembers = ['a', 'b']";
    // ab = (3 · 2 + 1 · 6) / 4 = 3, index = 2 / (1/3 + 1/6) = 4 of c and ab with one weight each.
    let table = sheet("unit,x,y,z\nu,2,6,6");
    let evaluation = evaluate_sheet(&parsed(framework), &table, &[]).unwrap();
    let unit = &evaluation.units[0];
    assert_eq!(unit.branches[0].score, Some(3.0));
    assert!((unit.score.unwrap() - 4.0).abs() < 1e-12);
    let sum: f64 = unit.items.iter().filter_map(|item| item.contribution).sum();
    assert!((sum - 4.0).abs() < 1e-12);
    let names = score_listing(&parsed(framework), &evaluation).columns;
    let names: Vec<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        ["unit", "score", "rank", "a", "b", "c", "ab", "coverage"]
    );
}

#[test]
fn ordered_weights_by_importance_and_with_gaps() {
    let framework = "aggregation = { method = 'owa', weights = [0.5, 0.3, 0.2] }\nnormalisation = 'none'\n\
        [[items]]\nid = 'x'\n[[items]]\nid = 'y'\n[[items]]\nid = 'z'";
    let found = scores(framework, "unit,x,y,z\nu,10,30,20\nv,10,,20");
    // 0.5 · 30 + 0.3 · 20 + 0.2 · 10; with two parts the first passes half of the places: 0.5 + 0.15.
    assert!((found[0].unwrap() - 23.0).abs() < 1e-12);
    assert!((found[1].unwrap() - (0.65 * 20.0 + 0.35 * 10.0)).abs() < 1e-12);
}

#[test]
fn medians_of_the_group_stand_in() {
    let framework = "missing = 'group_median'\npeer_group = 'g'\nnormalisation = 'none'\n[[items]]\nid = 'x'\n[[items]]\nid = 'y'";
    let table = "unit,g,x,y\na,1,10,0\nb,1,20,0\nc,1,60,0\nd,1,,0\ne,2,,0\nf,,,0";
    let evaluation = evaluate_sheet(&parsed(framework), &sheet(table), &[]).unwrap();
    let normalised = |unit: usize| evaluation.units[unit].items[0].normalised;
    // Group 2 and the unit without a group take the median of all.
    assert_eq!(
        [normalised(3), normalised(4), normalised(5)],
        [Some(20.0); 3]
    );
    let stranger = &evaluation.units[4];
    assert!(stranger.items[0].imputed && stranger.coverage == 0.5);
    assert_eq!(stranger.score, Some(10.0));
    assert_eq!(
        (evaluation.items[0].imputed, evaluation.items[0].missing),
        (3, 0)
    );
}

#[test]
fn an_item_nobody_has_is_missing_and_never_zero() {
    for aggregation in ["arithmetic", "geometric", "harmonic", "copeland", "topsis"] {
        for missing in ["available_weights", "group_median"] {
            let framework = format!(
                "scale = 1\naggregation = '{aggregation}'\nmissing = '{missing}'\nnormalisation = 'min_max'\n\
                 [[items]]\nid = 'x'\n[[items]]\nid = 'y'"
            );
            let with = scores(&framework, "unit,x,y\na,1,\nb,2,\nc,4,");
            let without = framework.replace("\n[[items]]\nid = 'y'", "");
            assert_eq!(
                with,
                scores(&without, "unit,x\na,1\nb,2\nc,4"),
                "{framework}"
            );
            assert!(with.iter().all(Option::is_some));
        }
    }
    let complete =
        "missing = 'complete'\nnormalisation = 'none'\n[[items]]\nid = 'x'\n[[items]]\nid = 'y'";
    assert_eq!(scores(complete, "unit,x,y\na,1,\nb,2,4"), [None, Some(3.0)]);
}

#[test]
fn scores_that_give_no_weights_say_so() {
    let framework =
        "weights = 'critic'\nnormalisation = 'none'\n[[items]]\nid = 'x'\n[[items]]\nid = 'y'";
    let told = evaluate_sheet(&parsed(framework), &sheet("unit,x,y\na,1,1\nb,1,1"), &[]);
    let told = told.unwrap_err()[0].to_string();
    assert_eq!(
        told,
        "t.csv: index has no weights by critic: no part tells units apart in a way the others do not"
    );
}

proptest! {
    /// Whatever the method, the order of rows changes no digit of any score, rank or weight, and points add up.
    #[test]
    fn the_order_of_units_changes_nothing(
        cells in prop::collection::vec(prop::collection::vec(1u8..60, 3), 4..9),
        turn in 0usize..8,
    ) {
        let aggregations = ["arithmetic", "geometric", "harmonic", "copeland", "topsis"];
        let weightings = ["equal", "entropy", "critic", "pca"];
        let pairs = aggregations.iter().flat_map(|aggregation| weightings.map(|weights| (*aggregation, weights)));
        for (aggregation, weights) in pairs.chain([("arithmetic", "bod")]) {
            let framework = parsed(&format!(
                "aggregation = '{aggregation}'\nweights = '{weights}'\nnormalisation = 'none'\ntreatment = 'winsorise'\n\
                 [[items]]\nid = 'x'\n[[items]]\nid = 'y'\n[[items]]\nid = 'z'"
            ));
            let table = |turn: usize| {
                let rows = cells.iter().enumerate().map(|(unit, row)| format!("u{unit},{},{},{}\n", row[0], row[1], row[2]));
                let mut rows: Vec<String> = rows.collect();
                let count = rows.len();
                rows.rotate_left(turn % count);
                evaluate_sheet(&framework, &sheet(&format!("unit,x,y,z\n{}", rows.concat())), &[])
            };
            let (Ok(straight), Ok(turned)) = (table(0), table(turn)) else { continue };
            for unit in &straight.units {
                let other = turned.units.iter().find(|other| other.id == unit.id).unwrap();
                prop_assert_eq!((unit.score, unit.rank), (other.score, other.rank), "{} {}", aggregation, weights);
                let sum: f64 = unit.items.iter().filter_map(|item| item.contribution).sum();
                prop_assert!((sum - unit.score.unwrap()).abs() < 1e-7);
            }
            prop_assert_eq!(&straight.weights[0].shares, &turned.weights[0].shares);
        }
    }
}
