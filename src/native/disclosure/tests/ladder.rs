//! Year-to-date ladders, linked tables, earlier releases and other special situations.

use super::super::*;
use super::support::*;

/// Months and year to date of one area; `first` is the number of the first cell.
fn ladder(area: &str, months: &[i64], first: usize) -> (Vec<Cell>, Vec<Relation>) {
    let mut cells = Vec::new();
    let mut relations = Vec::new();
    let mut sum = 0;
    for (index, value) in months.iter().enumerate() {
        sum += value;
        let mut month = cell(&format!("{area} m{index:02}"), *value);
        let mut to_date = cell(&format!("{area} ytd{index:02}"), sum);
        for figure in [&mut month, &mut to_date] {
            figure.floor = 1;
            figure.need = Rules::default().count(figure.value);
            figure.weight = 10;
        }
        cells.extend([month, to_date]);
        let (month, to_date) = (first + 2 * index, first + 2 * index + 1);
        let parts = if index == 0 {
            vec![month]
        } else {
            vec![month, to_date - 2]
        };
        relations.push(Relation::total(to_date, &parts));
    }
    (cells, relations)
}

#[test]
fn a_month_cannot_be_derived_from_the_year_to_date() {
    let (cells, relations) = ladder("a", &[40, 30, 3, 50, 60], 0);
    let problem = Problem::new(cells, relations).unwrap();
    let protection = protect_and_attack(&problem);
    let hidden = suppressed(&problem, &protection);
    assert!(hidden.contains(&"a m02".to_owned()));
    // The cheapest: the month, the year to date at its end or before, and one month beside it.
    assert_eq!(hidden.len(), 3, "{hidden:?}");
    assert!(protection.is_optimal);
}

#[test]
fn the_newest_month_is_hidden_with_its_year_to_date() {
    let (cells, relations) = ladder("a", &[40, 30, 50, 3], 0);
    let problem = Problem::new(cells, relations).unwrap();
    let protection = protect_and_attack(&problem);
    assert_eq!(suppressed(&problem, &protection), ["a m03", "a ytd03"]);
}

#[test]
fn skipping_the_ladder_discloses() {
    let (cells, relations) = ladder("a", &[40, 30, 3, 50, 60], 0);
    let problem = Problem::new(cells, relations).unwrap();
    let primary: Vec<bool> = problem
        .cells()
        .iter()
        .map(|cell| cell.need.is_some())
        .collect();
    let result = attack(&problem, &primary, &[], Depth::Proofs);
    assert_eq!(
        result
            .failures()
            .filter(|finding| finding.verdict == Verdict::Exposed)
            .count(),
        1
    );
}

/// Two tables share their totals: by category and by group. The share hidden in one must not follow from the other.
#[test]
fn linked_tables() {
    let first =
        TwoWay::new(&[&[3, 40, 57], &[30, 50, 20], &[41, 33, 26]]).into_counts(&Rules::default());
    let second =
        TwoWay::new(&[&[60, 38, 2], &[44, 26, 30], &[35, 25, 40]]).into_counts(&Rules::default());
    let shift = first.cells.len();
    let (rows, columns) = (first.rows, first.columns);
    let mut relations = first.relations.clone();
    for relation in &second.relations {
        let mut moved = relation.clone();
        for term in &mut moved.terms {
            term.cell += shift;
        }
        relations.push(moved);
    }
    // Row totals and the grand total are the same figures.
    for row in 0..=rows {
        let at = row * (columns + 1) + columns;
        relations.push(Relation::total(at, &[shift + at]));
    }
    let renamed = second.cells.into_iter().map(|cell| Cell {
        id: format!("second {}", cell.id),
        ..cell
    });
    let cells: Vec<Cell> = first.cells.into_iter().chain(renamed).collect();
    let problem = Problem::new(cells, relations).unwrap();
    let protection = protect_and_attack(&problem);
    for (cell, is_suppressed) in problem.cells().iter().zip(&protection.suppressed) {
        assert!(cell.need.is_none() || *is_suppressed);
    }
    // A total hidden in one table is hidden in the other.
    for row in 0..=rows {
        let name = if row == rows {
            "t".to_owned()
        } else {
            row.to_string()
        };
        let one = problem.find(&format!("{name},t")).unwrap();
        let other = problem.find(&format!("second {name},t")).unwrap();
        assert_eq!(protection.suppressed[one], protection.suppressed[other]);
    }
}

/// Figures of an earlier release cannot be hidden any more; other ones must do.
#[test]
fn earlier_release_leaves_other_cells_to_hide() {
    let mut table = TwoWay::new(&[&[20, 50, 10], &[8, 19, 22], &[17, 32, 12]]);
    table.need(
        1,
        2,
        Need {
            low: 17,
            high: 27,
            width: 1,
        },
    );
    let at = table.at(1, 0);
    table.cells[at].visibility = Visibility::Known;
    let problem = table.problem();
    let protection = protect_and_attack(&problem);
    let hidden = suppressed(&problem, &protection);
    assert!(!hidden.contains(&"1,0".to_owned()));
    assert!(hidden.contains(&"1,1".to_owned()), "{hidden:?}");
}

/// Everything around was published earlier: the figure follows from it, which is said and not hidden.
#[test]
fn what_follows_from_an_earlier_release_is_reported() {
    let mut cells = vec![cell("a", 3), cell("b", 10), cell("t", 13)];
    cells[0].need = Rules::default().count(3);
    cells[1].visibility = Visibility::Known;
    cells[2].visibility = Visibility::Known;
    let problem = Problem::new(cells, vec![Relation::total(2, &[0, 1])]).unwrap();
    let protection = protect(&problem, &Options::default());
    assert_eq!(suppressed(&problem, &protection), ["a"]);
    let result = attack(
        &problem,
        &protection.suppressed,
        &protection.witnesses,
        Depth::Proofs,
    );
    assert_eq!(result.failures().count(), 0);
    assert_eq!(result.findings[0].verdict, Verdict::AlreadyPublic);
}

#[test]
fn zeros_stay_and_all_zero_rows_give_nothing_away() {
    let table =
        TwoWay::new(&[&[0, 0, 0], &[9, 3, 20], &[0, 12, 31]]).into_counts(&Rules::default());
    let problem = table.problem();
    let protection = protect_and_attack(&problem);
    for (cell, is_suppressed) in problem.cells().iter().zip(&protection.suppressed) {
        assert!(cell.value != 0 || !is_suppressed, "{}", cell.id);
    }
}

#[test]
fn everything_must_go_where_everything_is_small() {
    let table = TwoWay::new(&[&[1, 2], &[1, 0]]).into_counts(&Rules::default());
    let problem = table.problem();
    let protection = protect_and_attack(&problem);
    let shown = problem
        .cells()
        .iter()
        .zip(&protection.suppressed)
        .filter(|(_, hidden)| !**hidden);
    assert_eq!(shown.map(|(cell, _)| cell.value).collect::<Vec<_>>(), [0]);
}

/// Two small parts of a total of 5: 1 + 2 + 2. Each is at most 3, so the total must go, too.
#[test]
fn parts_that_exhaust_their_total_take_it_along() {
    let mut cells: Vec<Cell> = [("a", 1), ("b", 2), ("c", 2), ("t", 5)]
        .iter()
        .map(|(id, value)| cell(id, *value))
        .collect();
    for figure in &mut cells {
        figure.floor = 1;
        figure.need = Rules::default().count(figure.value);
    }
    let problem = Problem::new(cells, vec![Relation::total(3, &[0, 1, 2])]).unwrap();
    let protection = protect_and_attack(&problem);
    assert_eq!(suppressed(&problem, &protection), ["a", "b", "c", "t"]);
}

/// Distinct persons do not add up, but bound each other: the province's are at most the cities' sum.
#[test]
fn persons_are_protected_through_inequalities() {
    let mut cells = vec![cell("all", 102), cell("a", 60), cell("b", 40), cell("c", 3)];
    cells[3].need = Rules::default().count(3);
    for figure in &mut cells {
        figure.floor = 1;
    }
    let relations = vec![
        Relation::at_most(0, &[1, 2, 3]),
        Relation::at_most(1, &[0]),
        Relation::at_most(2, &[0]),
        Relation::at_most(3, &[0]),
    ];
    let problem = Problem::new(cells, relations).unwrap();
    // 102 ≤ 60 + 40 + c gives c ≥ 2: one more must go.
    let alone = pattern(&problem, &["c"]);
    assert_eq!(exact_interval(&problem, &alone, "c"), (2, Some(102)));
    let protection = protect_and_attack(&problem);
    assert_eq!(suppressed(&problem, &protection), ["b", "c"]);
}

/// Assessed less passed is never shown, yet a figure of few persons.
#[test]
fn a_hidden_difference_is_protected() {
    let mut cells = vec![cell("assessed", 40), cell("passed", 38), cell("failed", 2)];
    cells[2].visibility = Visibility::Hidden;
    cells[2].need = Rules::default().count(2);
    let problem = Problem::new(cells, vec![Relation::total(0, &[1, 2])]).unwrap();
    let protection = protect_and_attack(&problem);
    assert_eq!(suppressed(&problem, &protection), ["passed"]);
}

#[test]
fn the_order_of_input_does_not_matter() {
    let table = TwoWay::new(&[
        &[3, 14, 9, 2],
        &[11, 4, 25, 8],
        &[6, 1, 13, 21],
        &[2, 30, 17, 5],
    ])
    .into_counts(&Rules::default());
    let forwards = Problem::new(table.cells.clone(), table.relations.clone()).unwrap();
    let count = table.cells.len();
    let cells: Vec<Cell> = table.cells.iter().rev().cloned().collect();
    let relations = table.relations.iter().rev().cloned().map(|mut relation| {
        for term in &mut relation.terms {
            term.cell = count - 1 - term.cell;
        }
        relation.terms.reverse();
        relation
    });
    let backwards = Problem::new(cells, relations.collect()).unwrap();
    let one = protect_and_attack(&forwards);
    let other = protect_and_attack(&backwards);
    assert_eq!(suppressed(&forwards, &one), suppressed(&backwards, &other));
    assert_eq!(one.witnesses, other.witnesses);
}

/// Three sums of two were published before: together they give the parts, though none does alone. Only linear
/// programming sees it.
#[test]
fn what_only_several_earlier_figures_together_give_away_is_reported() {
    let mut cells = vec![
        cell("a", 2),
        cell("b", 3),
        cell("c", 4),
        cell("ab", 5),
        cell("bc", 7),
        cell("ac", 6),
    ];
    for figure in &mut cells[..3] {
        figure.floor = 1;
        figure.need = Rules::default().count(figure.value);
    }
    for figure in &mut cells[3..] {
        figure.visibility = Visibility::Known;
    }
    let relations = vec![
        Relation::total(3, &[0, 1]),
        Relation::total(4, &[1, 2]),
        Relation::total(5, &[0, 2]),
    ];
    let problem = Problem::new(cells, relations).unwrap();
    let protection = protect_and_attack(&problem);
    assert!(!protection.is_optimal);
    let result = attack(
        &problem,
        &protection.suppressed,
        &protection.witnesses,
        Depth::Proofs,
    );
    let public = result
        .findings
        .iter()
        .filter(|finding| finding.verdict == Verdict::AlreadyPublic);
    assert_eq!(public.count(), 3);
}
