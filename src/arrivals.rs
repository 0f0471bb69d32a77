//! Expected arrivals: what cities were to send on which days, what they sent, and what is lacking.
//!
//! `pipelines/arrivals.toml` says what is due ([`Calendar`]); the loads say what came ([`Arrival`]). [`board`] puts the
//! two together; who is late ([`late_cities`]) and whether a release waits ([`hold`]) follow from the board alone.
//! Nothing here reads a clock or a file: the same calendar and arrivals give the same board.

mod board;
mod calendar;
mod judgement;

#[cfg(test)]
mod property_tests;
#[cfg(test)]
mod tests;

pub use board::{Arrival, ArrivalOutcome, ArrivalStatus, BoardRow, board};
pub use calendar::{Calendar, Expected, ReleaseRule, Rhythm};
pub use judgement::{FeedSummary, Hold, StatusCounts, hold, late_cities, summary};
