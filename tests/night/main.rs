//! Black-box tests: the built program on the shipped samples, as a newcomer, an operator and a crash would run it.

// A test that cannot go on says so by panicking.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout
)]

mod archive;
mod bad_input;
mod case;
mod commits;
mod crash;
mod drift;
mod evaluation;
mod faults;
mod formats;
mod hostile;
mod incremental;
mod independent;
mod index;
mod leads;
mod main_job;
mod page;
mod platform;
mod privacy;
mod province;
mod published;
mod punctuality;
mod python;
mod reasons;
mod receipts;
mod recovery;
mod releases;
mod remote;
mod replay;
mod s3_server;
mod senders;
mod snapshots;
mod stores;
mod table_tests;
mod traces;
mod workspace;
