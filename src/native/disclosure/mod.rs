//! Statistical disclosure control of published tables: what must be suppressed so that nobody can work out a small
//! count or who was paid how much, at the least information lost, with proof.
//!
//! Two layers. The engine knows cells and relations only: a [`Problem`] has figures with their sensitivity
//! ([`Rules`] say which are sensitive, and what an attacker's interval must cover), totals, bounds, figures never shown
//! and figures public already. [`protect`] decides what to suppress, [`attack`] proves it. [`tables`] makes a problem
//! of whole published tables from a description of them, and brings the decision back to rows and columns.
//!
//! Method: cell suppression as in Hundepool et al., *Handbook on Statistical Disclosure Control* (chapter 4), and
//! Fischetti and Salazar, *Solving the Cell Suppression Problem on Tabular Data with Linear Constraints* (Management
//! Science 47, 2001). What is proved is proved by other tables that agree with everything published: they are checked
//! in whole numbers, so no solver and no search has to be trusted.
//!
//! The result depends on the figures, the relations and the options alone: not on the order of input, the number of
//! threads or the speed of the machine.
//!
//! What it does not see: an attacker who is behind a figure himself and subtracts his own part from the sum of two
//! hidden amounts (singletons), knowledge from outside the described tables, and what the pattern of stars tells of the
//! algorithm that made it.

mod attack;
mod bounds;
mod continued;
mod limits;
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
