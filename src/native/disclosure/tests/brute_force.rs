//! Random small tables, attacked by trying every table in whole numbers.

use proptest::prelude::*;

use super::super::limits::proved_limit;
use super::super::network::Network;
use super::super::*;
use super::support::*;

/// How far above the true value the exhaustive attack tries; intervals that reach it are wide enough for every need.
const MARGIN: i64 = 4;

/// Smallest and largest value of each unseen cell over all tables that agree with what is published: plain backtracking
/// over unseen cells, relations checked when their last cell is set.
fn intervals(problem: &Problem, suppressed: &[bool], margin: i64) -> Vec<Option<(i64, i64)>> {
    let cells = problem.cells();
    let is_unseen = |cell: usize| match cells[cell].visibility {
        Visibility::Publishable => suppressed[cell],
        Visibility::Known => false,
        Visibility::Hidden => true,
    };
    let unseen: Vec<usize> = (0..cells.len()).filter(|cell| is_unseen(*cell)).collect();
    let rank = |cell: usize| unseen.iter().position(|other| *other == cell);
    let mut due: Vec<Vec<&Relation>> = vec![Vec::new(); unseen.len()];
    for relation in problem.relations() {
        if let Some(last) = relation
            .terms
            .iter()
            .filter_map(|term| rank(term.cell))
            .max()
        {
            due[last].push(relation);
        }
    }
    let mut values: Vec<i64> = cells.iter().map(|cell| cell.value).collect();
    let mut found: Vec<Option<(i64, i64)>> = vec![None; cells.len()];
    fill((cells, &unseen, &due, margin), 0, &mut values, &mut found);
    found
}

fn fill(
    setting: (&[Cell], &[usize], &[Vec<&Relation>], i64),
    depth: usize,
    values: &mut Vec<i64>,
    found: &mut [Option<(i64, i64)>],
) {
    let (cells, unseen, due, margin) = setting;
    let Some(cell) = unseen.get(depth).copied() else {
        for cell in unseen {
            let value = values[*cell];
            let (low, high) = found[*cell].unwrap_or((value, value));
            found[*cell] = Some((low.min(value), high.max(value)));
        }
        return;
    };
    let highest = cells[cell].value + margin;
    for value in cells[cell].floor..=highest {
        values[cell] = value;
        if due[depth]
            .iter()
            .all(|relation| relation.holds(|at| values[at]))
        {
            fill(setting, depth + 1, values, found);
        }
    }
}

/// No sensitive cell's interval may be narrower than it needs, nor any suppressed one be derivable. What even hiding
/// everything would not give is not asked for.
fn assert_withstands(problem: &Problem, protection: &Protection) {
    let found = intervals(problem, &protection.suppressed, MARGIN);
    let best = attack(
        problem,
        &vec![true; problem.cells().len()],
        &[],
        Depth::Exact,
    );
    for (index, cell) in problem.cells().iter().enumerate() {
        if cell.need.is_some() && cell.visibility == Visibility::Publishable {
            assert!(protection.suppressed[index], "{} is shown", cell.id);
        }
        let Some((low, high)) = found[index] else {
            continue;
        };
        if cell.visibility == Visibility::Hidden && cell.need.is_none() {
            continue;
        }
        let need = cell.need.unwrap_or_else(|| Need::not_derivable(cell.value));
        let limit = best
            .findings
            .iter()
            .find(|finding| finding.cell == index)
            .unwrap()
            .proved;
        let low_enough = low <= need.low.max(limit.low);
        // An interval cut off at the margin is wider in truth.
        let high_enough = high >= need.high.min(cell.value + MARGIN);
        assert!(
            low_enough && high_enough && low < high,
            "{} = {} in {low}..={high}, needs {need:?}",
            cell.id,
            cell.value
        );
    }
}

fn counts(rows: usize, columns: usize) -> impl Strategy<Value = Vec<Vec<i64>>> {
    // Few large figures, so that the exhaustive attack ends.
    let value = prop_oneof![3 => 0..=4i64, 2 => 5..=8i64];
    proptest::collection::vec(proptest::collection::vec(value, columns), rows)
}

fn two_way(inner: &[Vec<i64>]) -> TwoWay {
    let lines: Vec<&[i64]> = inner.iter().map(Vec::as_slice).collect();
    TwoWay::new(&lines).into_counts(&Rules::default())
}

/// Persons beside completions: as many or fewer in each cell, and bounded by the sums of rows.
fn with_persons(table: TwoWay, missing: &[i64]) -> Problem {
    let rules = Rules::default();
    let (rows, columns) = (table.rows, table.columns);
    let mut cells = table.cells;
    let mut relations = table.relations;
    let first = cells.len();
    let completions: Vec<i64> = cells.iter().map(|cell| cell.value).collect();
    let mut persons = vec![0; completions.len()];
    let at = |row: usize, column: usize| row * (columns + 1) + column;
    for row in 0..rows {
        for column in 0..columns {
            let all = completions[at(row, column)];
            persons[at(row, column)] =
                (all - missing[at(row, column) % missing.len()]).max(all.min(1));
        }
        let parts: Vec<i64> = (0..columns)
            .map(|column| persons[at(row, column)])
            .collect();
        let most: i64 = parts.iter().sum();
        let least = parts.iter().copied().max().unwrap_or(0);
        persons[at(row, columns)] = (most - missing[row % missing.len()]).max(least);
    }
    for row in 0..rows {
        for column in 0..=columns {
            let value = persons[at(row, column)];
            let mut figure = cell(&format!("p {row} {column}"), value);
            figure.need = rules.count(value);
            figure.floor = i64::from(value > 0);
            if value == 0 {
                figure.visibility = Visibility::Known;
            }
            cells.push(figure);
        }
    }
    let person = |row: usize, column: usize| first + row * (columns + 1) + column;
    for row in 0..rows {
        for column in 0..=columns {
            relations.push(Relation::at_most(person(row, column), &[at(row, column)]));
        }
        let parts: Vec<usize> = (0..columns).map(|column| person(row, column)).collect();
        for part in &parts {
            relations.push(Relation::at_most(*part, &[person(row, columns)]));
        }
        relations.push(Relation::at_most(person(row, columns), &parts));
    }
    Problem::new(cells, relations).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn two_way_tables_withstand_an_exhaustive_attack(inner in counts(2, 3)) {
        let problem = two_way(&inner).problem();
        let protection = protect_and_attack(&problem);
        assert_withstands(&problem, &protection);
    }

    #[test]
    fn the_heuristic_withstands_it_too(inner in counts(3, 2)) {
        let problem = two_way(&inner).problem();
        let heuristic = Options { exact_figures: 0, exact_groups: 0, retractions: 100 };
        let protection = protect(&problem, &heuristic);
        assert_withstands(&problem, &protection);
        let optimal = protect(&problem, &Options::default());
        assert_withstands(&problem, &optimal);
        prop_assert!(extra_weight(&problem, &optimal) <= extra_weight(&problem, &protection));
    }

    #[test]
    fn persons_and_completions_withstand_it_together(inner in counts(2, 2), missing in proptest::collection::vec(0..3i64, 5)) {
        let problem = with_persons(two_way(&inner), &missing);
        let protection = protect_and_attack(&problem);
        assert_withstands(&problem, &protection);
    }

    /// No table goes beyond what relations prove to be the limit.
    #[test]
    fn proved_limits_hold_in_every_table(inner in counts(2, 2), missing in proptest::collection::vec(0..3i64, 5)) {
        let mut table = two_way(&inner);
        // Totals are known, so that trying everything ends.
        for total in table.cells.iter_mut().filter(|cell| cell.id.contains('t')) {
            total.visibility = Visibility::Known;
        }
        let problem = with_persons(table, &missing);
        let everything = vec![true; problem.cells().len()];
        let found = intervals(&problem, &everything, MARGIN);
        let network = Network::new(&problem, |at| problem.cells()[at].visibility != Visibility::Known);
        for (index, interval) in found.iter().enumerate() {
            let (Some(variable), Some((low, high))) = (network.of_cell[index], *interval) else {
                continue;
            };
            let value = problem.cells()[index].value;
            for (direction, distance) in [(1, high - value), (-1, value - low)] {
                let limit = proved_limit(&network, variable, direction, MARGIN);
                prop_assert!(limit.is_none_or(|limit| limit >= distance), "{} {}", index, direction);
            }
        }
    }

    /// The exact attack agrees with trying everything.
    #[test]
    fn exact_intervals_are_those_of_all_tables(inner in counts(2, 3), mask in proptest::collection::vec(any::<bool>(), 12)) {
        let problem = two_way(&inner).problem();
        // Totals stay, so that every interval is bounded.
        let hidden: Vec<bool> = problem.cells().iter().zip(&mask).map(|(cell, pick)| {
            *pick && cell.visibility == Visibility::Publishable && !cell.id.contains('t')
        }).collect();
        let result = attack(&problem, &hidden, &[], Depth::Exact);
        let found = intervals(&problem, &hidden, 30);
        for finding in result.findings {
            let (low, high) = found[finding.cell].unwrap();
            prop_assert_eq!(finding.proved.low, low);
            prop_assert_eq!(finding.proved.high, Some(high));
            prop_assert_eq!(finding.possible, finding.proved);
        }
    }

    /// Whenever trying everything finds a cell that needs more, the attack does not call it safe, and the other way round.
    #[test]
    fn the_attack_finds_every_disclosure(inner in counts(2, 3)) {
        let problem = two_way(&inner).problem();
        let primary: Vec<bool> = problem.cells().iter().map(|cell| cell.need.is_some()).collect();
        let result = attack(&problem, &primary, &[], Depth::Proofs);
        let found = intervals(&problem, &primary, MARGIN);
        for finding in &result.findings {
            let (low, high) = found[finding.cell].unwrap();
            let is_safe = low <= finding.need.low && high >= finding.need.high && low < high;
            prop_assert_eq!(finding.verdict == Verdict::Safe, is_safe, "{:?} {} {}", finding, low, high);
        }
    }
}
