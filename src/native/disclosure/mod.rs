//! Statistical disclosure control of published tables: what must be suppressed so that nobody can work out a small
//! count or who was paid how much, at the least information lost, with proof.

mod attack;
mod bounds;
mod merging;
mod network;
mod optimum;
mod pattern;
mod problem;
mod programmed;
mod proofs;
mod protection;
mod reach;
mod retract;
mod rules;
mod search;
mod secondary;
mod shift;
mod solver;
pub mod tables;
#[cfg(test)]
mod tests;

pub use attack::{Attack, Depth, Finding, Interval, Verdict, attack};
pub use problem::{Cell, LARGEST_VALUE, Problem, ProblemError, Relation, Sense, Term, Visibility};
pub use protection::{Options, Protection, Work};
pub use rules::{Contributors, Need, Rules};
pub use secondary::protect;
pub use shift::Witness;
