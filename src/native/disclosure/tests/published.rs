//! Published examples with known answers.

use super::super::*;
use super::support::*;

/// Fischetti and Salazar (2001), table 1: investment of enterprises by activity and region; activity II in region C is
/// confidential.
fn investment() -> TwoWay {
    TwoWay::new(&[&[20, 50, 10], &[8, 19, 22], &[17, 32, 12]])
}

/// The published solution suppresses II/A, III/A and III/C beside II/C: nothing cheaper hides it.
#[test]
fn fischetti_salazar_optimum() {
    let mut table = investment();
    let need = Need {
        low: 17,
        high: 27,
        width: 1,
    };
    table.need(1, 2, need);
    let problem = table.problem();
    let protection = protect_and_attack(&problem);
    assert_eq!(
        suppressed(&problem, &protection),
        ["1,0", "1,2", "2,0", "2,2"]
    );
    assert_eq!(extra_weight(&problem, &protection), 8 + 17 + 12);
    assert!(protection.is_optimal);
}

/// With that pattern the attacker's interval of II/C is 5 to 30, found by linear programming.
#[test]
fn fischetti_salazar_interval() {
    let problem = investment().problem();
    let hidden = pattern(&problem, &["1,0", "1,2", "2,0", "2,2"]);
    assert_eq!(exact_interval(&problem, &hidden, "1,2"), (5, Some(30)));
}

/// Suppressing the confidential cell alone discloses it.
#[test]
fn fischetti_salazar_primary_alone_is_disclosed() {
    let mut table = investment();
    table.need(1, 2, Need::not_derivable(22));
    let problem = table.problem();
    let hidden = pattern(&problem, &["1,2"]);
    let result = attack(&problem, &hidden, &[], Depth::Proofs);
    let failures: Vec<Verdict> = result.failures().map(|finding| finding.verdict).collect();
    assert_eq!(failures, [Verdict::Exposed]);
}

/// Handbook on Statistical Disclosure Control 4.2, example 3 (Geurts 1992, table 10): with the four cells of rows 1 and
/// 2 suppressed, cell (1,1) lies between 3 and 6.
#[test]
fn handbook_example_3_feasibility_interval() {
    let problem = TwoWay::new(&[&[4, 3], &[2, 1], &[3, 3]]).problem();
    let hidden = pattern(&problem, &["0,0", "0,1", "1,0", "1,1"]);
    assert_eq!(exact_interval(&problem, &hidden, "0,0"), (3, Some(6)));
    assert_eq!(exact_interval(&problem, &hidden, "0,1"), (1, Some(4)));
    assert_eq!(exact_interval(&problem, &hidden, "1,0"), (0, Some(3)));
    assert_eq!(exact_interval(&problem, &hidden, "1,1"), (0, Some(3)));
}

/// Handbook 4.1, example 1a: sector 56,600 with subsectors 998 (sensitive), 47,600 and 8,002. One more subsector, the
/// smaller, must go; the total stays.
#[test]
fn handbook_example_1a_one_row() {
    let mut cells = vec![
        cell("total", 56_600),
        cell("one", 998),
        cell("two", 47_600),
        cell("three", 8_002),
    ];
    cells[1].need = Some(Need {
        low: 900,
        high: 1_100,
        width: 1,
    });
    let problem = Problem::new(cells, vec![Relation::total(0, &[1, 2, 3])]).unwrap();
    let protection = protect_and_attack(&problem);
    assert_eq!(suppressed(&problem, &protection), ["one", "three"]);
}

/// A cell that only a protection level keeps from being enough: hiding the smallest neighbours would leave the interval
/// too narrow, so larger ones must go (Handbook 4.2, upper protection level).
#[test]
fn protection_levels_are_reached() {
    let mut table = TwoWay::new(&[&[100, 3, 200], &[4, 300, 5], &[250, 6, 260]]);
    let need = Need {
        low: 60,
        high: 140,
        width: 1,
    };
    table.need(0, 0, need);
    let problem = table.problem();
    let protection = protect_and_attack(&problem);
    let (low, high) = exact_interval(&problem, &protection.suppressed, "0,0");
    assert!(
        low <= 60 && high.is_none_or(|high| high >= 140),
        "{low} {high:?}"
    );
}
