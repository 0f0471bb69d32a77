//! How far a figure can move at most, proved from the relations near it.
//!
//! Relations, each times a multiplier, add up to one that bounds the figure alone (the duality of linear programming).
//! The solver proposes the multipliers and is not believed: rounded to fractions, their sum is checked in whole numbers.
//! To leave relations out only loosens the bound, so those near the figure do where everything that is connected with
//! it is too much for the solver.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use super::network::Network;
use super::solver;

/// Sizes of the neighbourhoods, in figures.
const NEIGHBOURHOODS: [usize; 3] = [250, 1_000, 3_000];

/// Multipliers are rounded to whole numbers of one of these parts.
const PARTS: [i64; 6] = [1, 2, 3, 4, 6, 12];

/// The least distance found that the variable does not go beyond, up (`direction` 1) or down (-1), when everything may
/// move; `None` where none below `limit` is proved.
pub(super) fn proved_limit(
    network: &Network,
    variable: u32,
    direction: i64,
    limit: i64,
) -> Option<i64> {
    let mut least = limit;
    let mut before = 0;
    for size in NEIGHBOURHOODS {
        let rows = rows_near(network, variable, size);
        if rows.len() == before {
            break;
        }
        before = rows.len();
        let proved = limit_of_rows(network, &rows, variable, direction);
        least = least.min(proved.unwrap_or(limit));
    }
    (least < limit).then_some(least)
}

/// The limit that these rows prove.
fn limit_of_rows(
    network: &Network,
    rows: &BTreeSet<u32>,
    variable: u32,
    direction: i64,
) -> Option<i64> {
    let multipliers = solver::multipliers(network, rows, variable, direction)?;
    let proved = PARTS.iter().filter_map(|parts| {
        let whole = multipliers
            .iter()
            .map(|multiplier| (multiplier * *parts as f64).round() as i64);
        let whole: Vec<i64> = whole.collect();
        let sum = sum_of_rows(network, rows, &whole, variable, direction * parts)?;
        i64::try_from(sum.div_euclid(i128::from(*parts))).ok()
    });
    proved.min()
}

/// What the rows, each times its multiplier, prove `factor` times the change of the variable not to exceed. `None` where
/// they prove nothing: an inequality turned round, or another figure that could grow without end.
fn sum_of_rows(
    network: &Network,
    rows: &BTreeSet<u32>,
    multipliers: &[i64],
    variable: u32,
    factor: i64,
) -> Option<i128> {
    let mut sum = 0;
    let mut factors = BTreeMap::from([(variable, -i128::from(factor))]);
    for (row, multiplier) in rows.iter().zip(multipliers) {
        let relation = &network.rows[*row as usize];
        if *multiplier < 0 && !relation.equal {
            return None;
        }
        sum += i128::from(*multiplier) * i128::from(relation.slack);
        for entry in network.row(*row) {
            *factors.entry(entry.at).or_default() +=
                i128::from(*multiplier) * i128::from(entry.factor);
        }
    }
    for (at, factor) in factors {
        if factor < 0 {
            return None;
        }
        let figure = network.variable(at);
        sum += factor * i128::from(figure.value - figure.floor);
    }
    Some(sum)
}

/// The relations nearest to a figure, with at most so many figures. A relation is as far to cross as it has figures:
/// what short ones say bounds a figure soonest.
fn rows_near(network: &Network, variable: u32, size: usize) -> BTreeSet<u32> {
    let mut near = BTreeMap::from([(variable, 0)]);
    let mut rows = BTreeSet::new();
    let mut queue = BinaryHeap::from([Reverse((0, variable))]);
    while let Some(Reverse((distance, at))) = queue.pop() {
        if near.get(&at).is_some_and(|nearest| *nearest < distance) {
            continue;
        }
        for entry in network.rows_of(at) {
            if rows.contains(&entry.at) {
                continue;
            }
            let row = network.row(entry.at);
            let reached = distance + row.len();
            let unknown = row.iter().filter(|other| !near.contains_key(&other.at));
            if near.len() + unknown.count() > size {
                return rows;
            }
            rows.insert(entry.at);
            for other in row {
                let nearest = near.entry(other.at).or_insert(usize::MAX);
                if reached < *nearest {
                    *nearest = reached;
                    queue.push(Reverse((reached, other.at)));
                }
            }
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::super::problem::{Problem, Relation, Visibility};
    use super::super::rules::Need;
    use super::super::tests::support::{cell, protect_and_attack};
    use super::super::{Depth, Verdict, attack, bounds};
    use super::*;

    /// Persons of a province and of two of its cities by sex and by age, as they stood in a province made by `sample`:
    /// who is not female is never shown. Whatever is hidden, every age has one person at least, those above 45 are at
    /// least as many as the first city's, all of whom are above 45, and these at least as many as its female persons,
    /// the province's only ones. So two of the province at least are not female.
    fn persons() -> Problem {
        let figures = [
            ("persons", 5),
            ("female", 1),
            ("not female", 4),
            ("under 25", 1),
            ("25 to 44", 1),
            ("45 and over", 3),
            ("first persons", 2),
            ("first female", 1),
            ("first not female", 1),
            ("first 45 and over", 2),
            ("second persons", 1),
            ("second under 25", 1),
        ];
        let mut cells: Vec<_> = figures.map(|(id, value)| cell(id, value)).into();
        for figure in &mut cells {
            figure.floor = 1;
            if figure.id.ends_with("not female") {
                figure.visibility = Visibility::Hidden;
                figure.floor = 0;
            }
        }
        cells[2].need = Some(Need {
            low: 1,
            high: 4,
            width: 1,
        });
        let relations = vec![
            Relation::total(0, &[1, 2]),
            Relation::total(0, &[3, 4, 5]),
            Relation::total(6, &[7, 8]),
            Relation::total(6, &[9]),
            Relation::total(10, &[11]),
            Relation::at_most(1, &[7]),
            Relation::at_most(9, &[5]),
            Relation::at_most(11, &[3]),
        ];
        Problem::new(cells, relations).unwrap()
    }

    /// The same, in a part with so many further figures that no linear program is solved over all of it.
    fn persons_of_a_large_part() -> Problem {
        let small = persons();
        let mut cells = small.cells().to_vec();
        let mut relations = small.relations().to_vec();
        let mut above = small.find("persons").unwrap();
        for index in 0..7_000 {
            cells.push(cell(&format!("further {index:04}"), 90));
            relations.push(Relation::at_most(above, &[cells.len() - 1]));
            above = cells.len() - 1;
        }
        Problem::new(cells, relations).unwrap()
    }

    fn network(problem: &Problem) -> Network {
        Network::new(problem, |at| {
            problem.cells()[at].visibility != Visibility::Known
        })
    }

    #[test]
    fn relations_together_bound_what_no_single_one_does() {
        let problem = persons();
        let network = network(&problem);
        let not_female = network.of_cell[problem.find("not female").unwrap()].unwrap();
        assert_eq!(bounds::propagate(&network)[not_female as usize].0, 0);
        assert_eq!(proved_limit(&network, not_female, -1, 3), Some(2), "4 to 2");
        assert_eq!(proved_limit(&network, not_female, -1, 2), None);
        assert_eq!(proved_limit(&network, not_female, 1, 1_000), None);
    }

    #[test]
    fn a_need_ends_where_no_table_goes_in_a_large_part_too() {
        let problem = persons_of_a_large_part();
        let protection = protect_and_attack(&problem);
        let result = attack(
            &problem,
            &protection.suppressed,
            &protection.witnesses,
            Depth::Proofs,
        );
        let place = problem.find("not female").unwrap();
        let mut findings = result.findings.iter();
        let finding = findings.find(|finding| finding.cell == place).unwrap();
        assert_eq!(finding.verdict, Verdict::Safe);
        assert!(finding.is_limited);
        assert_eq!((finding.need.low, finding.need.high), (2, 4));
    }

    #[test]
    fn multipliers_that_prove_nothing_are_seen() {
        let problem = persons();
        let network = network(&problem);
        let not_female = network.of_cell[problem.find("not female").unwrap()].unwrap();
        let rows = rows_near(&network, not_female, 250);
        let none = vec![0; rows.len()];
        assert_eq!(sum_of_rows(&network, &rows, &none, not_female, -1), Some(4));
        assert_eq!(sum_of_rows(&network, &rows, &none, not_female, 1), None);
        let inequality = rows
            .iter()
            .position(|row| !network.rows[*row as usize].equal);
        let mut turned = none;
        turned[inequality.unwrap()] = -1;
        assert_eq!(sum_of_rows(&network, &rows, &turned, not_female, -1), None);
    }
}
