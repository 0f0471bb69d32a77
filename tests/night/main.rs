//! Black-box tests: the built program on the shipped samples, as a newcomer, an operator and a crash would run it.

mod bad_input;
mod crash;
mod incremental;
mod independent;
mod main_job;
mod privacy;
mod releases;
mod workspace;
