//! What is proved so far: shifts found, and how far each figure is known to be able to move.

use super::network::Network;
use super::rules::Need;
use super::shift::Shift;

/// A growing stock of shifts over one network. All of them use only figures that are not shown.
pub(super) struct Proofs {
    shifts: Vec<Shift>,
    is_valid: Vec<bool>,
    /// Shifts by variable they move.
    users: Vec<Vec<u32>>,
    low: Vec<i64>,
    high: Vec<i64>,
}

impl Proofs {
    pub fn new(network: &Network) -> Proofs {
        let values: Vec<i64> = network
            .variables
            .iter()
            .map(|figure| figure.value)
            .collect();
        Proofs {
            shifts: Vec::new(),
            is_valid: Vec::new(),
            users: vec![Vec::new(); network.variables.len()],
            low: values.clone(),
            high: values,
        }
    }

    /// The interval proved for a variable.
    pub fn interval(&self, variable: u32) -> (i64, i64) {
        (self.low[variable as usize], self.high[variable as usize])
    }

    /// Adds a shift, and its reverse where that is possible too and proves anything new.
    pub fn note(&mut self, network: &Network, shift: Shift) {
        let reversed = shift.reversed();
        self.add(network, shift);
        let is_news = reversed.moves.iter().any(|(variable, change)| {
            let value = network.variable(*variable).value + change;
            let (low, high) = self.interval(*variable);
            let wants = network.variable(*variable).need;
            let need =
                wants.unwrap_or_else(|| Need::not_derivable(network.variable(*variable).value));
            (value < low || value > high) && !need.is_met_by(low, high)
        });
        if is_news && network.admits(&reversed) {
            self.add(network, reversed);
        }
    }

    fn add(&mut self, network: &Network, shift: Shift) {
        let index = self.shifts.len() as u32;
        for (variable, change) in &shift.moves {
            let value = network.variable(*variable).value + change;
            let at = *variable as usize;
            self.users[at].push(index);
            self.low[at] = self.low[at].min(value);
            self.high[at] = self.high[at].max(value);
        }
        self.shifts.push(shift);
        self.is_valid.push(true);
    }

    /// Takes back every shift that moves a variable, since it is to be shown; gives them back for [`Proofs::restore`].
    pub fn retract(&mut self, network: &Network, variable: u32) -> Vec<u32> {
        let users = self.users[variable as usize].iter().copied();
        let retracted: Vec<u32> = users
            .filter(|shift| self.is_valid[*shift as usize])
            .collect();
        self.set_valid(network, &retracted, false);
        retracted
    }

    /// Makes shifts valid again.
    pub fn restore(&mut self, network: &Network, shifts: &[u32]) {
        self.set_valid(network, shifts, true);
    }

    /// Variables that the shifts move, each once.
    pub fn moved_by(&self, shifts: &[u32]) -> Vec<u32> {
        let moves = shifts
            .iter()
            .flat_map(|shift| &self.shifts[*shift as usize].moves);
        let mut variables: Vec<u32> = moves.map(|(variable, _)| *variable).collect();
        variables.sort_unstable();
        variables.dedup();
        variables
    }

    /// Valid shifts that move a variable up (`direction` 1) or down (-1), the latest first.
    pub fn moving(&self, variable: u32, direction: i64) -> impl Iterator<Item = &Shift> {
        let users = self.users[variable as usize].iter().rev();
        let valid = users.filter(|shift| self.is_valid[**shift as usize]);
        valid
            .map(|shift| &self.shifts[*shift as usize])
            .filter(move |shift| shift.change_of(variable).signum() == direction)
    }

    /// All valid shifts.
    pub fn valid(&self) -> impl Iterator<Item = &Shift> {
        let both = self.shifts.iter().zip(&self.is_valid);
        both.filter(|(_, is_valid)| **is_valid)
            .map(|(shift, _)| shift)
    }

    fn set_valid(&mut self, network: &Network, shifts: &[u32], is_valid: bool) {
        for shift in shifts {
            self.is_valid[*shift as usize] = is_valid;
        }
        for variable in self.moved_by(shifts) {
            let value = network.variable(variable).value;
            let (mut low, mut high) = (value, value);
            for shift in &self.users[variable as usize] {
                let moves = &self.shifts[*shift as usize].moves;
                let found = moves.binary_search_by_key(&variable, |(moved, _)| *moved);
                if let Ok(place) = found
                    && self.is_valid[*shift as usize]
                {
                    low = low.min(value + moves[place].1);
                    high = high.max(value + moves[place].1);
                }
            }
            self.low[variable as usize] = low;
            self.high[variable as usize] = high;
        }
    }
}
