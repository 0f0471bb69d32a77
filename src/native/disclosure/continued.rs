//! Shifts that go on from one that is at hand.
//!
//! A figure often hangs on another that only a long chain of moves can free: the certified completions of a city on its
//! completions, and these on every table by category, group and occupation. The search finds such a chain once, for the
//! completions; for what hangs on them it would have to find it again beside everything else, and may fail. Starting
//! from the table that proves the completions, only the rest is left to be found.

use super::search::Effort;
use super::secondary::Protector;
use super::shift::Shift;

/// Shifts tried as a start for one change of a figure.
const STARTS: usize = 16;

/// Of these at most so many that move the same figure.
const STARTS_OF_A_FIGURE: usize = 4;

impl Protector<'_> {
    /// The cheapest shift by one of the changes that is found from a shift at hand: one that moves the figure already,
    /// or a figure of a relation that the change would break.
    pub fn continued(
        &mut self,
        variable: u32,
        changes: &[i64],
        efforts: &[Effort],
    ) -> Option<Shift> {
        let mut found: Vec<Shift> = Vec::new();
        for change in changes {
            for start in self.starts(variable, *change) {
                found.extend(
                    efforts.iter().find_map(|effort| {
                        self.paid_shift_from(&start, variable, *change, *effort)
                    }),
                );
            }
        }
        found.into_iter().min_by_key(|shift| self.price_of(shift))
    }

    /// Shifts that go some of the way, the likeliest first.
    fn starts(&self, variable: u32, change: i64) -> Vec<Shift> {
        let mut starts: Vec<&Shift> = Vec::new();
        let mut take = |at: u32, direction: i64| {
            let moving = self.proofs.moving(at, direction);
            starts.extend(moving.take(STARTS_OF_A_FIGURE));
        };
        take(variable, change.signum());
        for entry in self.network.rows_of(variable) {
            let excess = self.network.violation(entry.at, entry.factor * change);
            if excess == 0 {
                continue;
            }
            for other in self.network.row(entry.at) {
                if other.at != variable {
                    take(other.at, -excess.signum() * other.factor.signum());
                }
            }
        }
        let mut distinct: Vec<Shift> = Vec::new();
        for start in starts {
            if distinct.len() < STARTS && !distinct.contains(start) {
                distinct.push(start.clone());
            }
        }
        distinct
    }
}

#[cfg(test)]
mod tests {
    use super::super::network::Network;
    use super::super::problem::{Problem, Relation, Visibility};
    use super::super::tests::support::cell;
    use super::*;

    /// Completions and certified ones of three cities; the totals are known.
    fn certified_completions() -> Problem {
        let values = [("whole", [2, 2, 10]), ("part", [2, 2, 5])];
        let mut cells = Vec::new();
        let mut relations = Vec::new();
        for (name, figures) in values {
            let start = cells.len();
            for (city, value) in ["a", "b", "c"].iter().zip(figures) {
                cells.push(cell(&format!("{name} {city}"), value));
            }
            let mut total = cell(&format!("{name} of all"), figures.iter().sum());
            total.visibility = Visibility::Known;
            cells.push(total);
            relations.push(Relation::total(start + 3, &[start, start + 1, start + 2]));
        }
        relations.extend((0..3).map(|city| Relation::at_most(4 + city, &[city])));
        Problem::new(cells, relations).unwrap()
    }

    /// The effort does not matter here.
    const EFFORT: Effort = super::super::secondary::FREE;

    fn variable(problem: &Problem, network: &Network, id: &str) -> u32 {
        network.of_cell[problem.find(id).unwrap()].unwrap()
    }

    #[test]
    fn what_hangs_on_a_proved_figure_goes_on_from_its_proof() {
        let problem = certified_completions();
        let network = Network::new(&problem, |at| {
            problem.cells()[at].visibility != Visibility::Known
        });
        let of = |id: &str| variable(&problem, &network, id);
        let mut protector = Protector::new(&network);
        assert_eq!(protector.continued(of("part a"), &[2], &[EFFORT]), None);

        protector.take(Shift::new(vec![(of("whole a"), 2), (of("whole c"), -2)]));
        let shift = protector.continued(of("part a"), &[2], &[EFFORT]).unwrap();
        assert!(network.admits(&shift));
        assert_eq!(shift.change_of(of("part a")), 2);
        assert_eq!(shift.change_of(of("whole a")), 2, "kept from the proof");
        assert_eq!(
            shift.moves.iter().filter(|(_, change)| *change < 0).count(),
            2
        );

        // Nothing is left behind: the next search sets out from the true table.
        let next = protector.search.find(of("whole a"), 1, |_| Some(0), EFFORT);
        assert_eq!(next.unwrap().change_of(of("whole a")), 1);
    }

    #[test]
    fn a_figure_that_moved_on_the_way_may_move_on() {
        let problem = certified_completions();
        let network = Network::new(&problem, |at| {
            problem.cells()[at].visibility != Visibility::Known
        });
        let of = |id: &str| variable(&problem, &network, id);
        let mut protector = Protector::new(&network);
        protector.take(Shift::new(vec![(of("whole a"), 1), (of("whole c"), -1)]));
        let shift = protector.continued(of("part a"), &[2], &[EFFORT]).unwrap();
        assert!(network.admits(&shift));
        assert_eq!(shift.change_of(of("whole a")), 2);
    }

    #[test]
    fn shifts_add_up_and_cancel() {
        let one = Shift::new(vec![(3, 2), (1, -1)]);
        let other = Shift::new(vec![(1, 1), (3, 1), (7, 4)]);
        assert_eq!(one.and(&other).moves, [(3, 3), (7, 4)]);
    }
}
