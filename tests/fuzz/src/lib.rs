//! What the fuzz targets share: the rooms that read a city's bytes, taken by path, and the laws of what they give.

#[path = "../../../src/contract/mod.rs"]
pub mod contract;
#[path = "../../../src/form.rs"]
mod form;
#[path = "../../../src/identity/mod.rs"]
pub mod identity;
pub mod laws;
#[path = "../../../src/problem.rs"]
pub mod problem;
#[path = "../../../src/raw/mod.rs"]
pub mod raw;

use std::collections::BTreeSet;
use std::panic::Location;
use std::sync::Mutex;

/// Makes only those panics count that would end the loader.
///
/// The fuzzing library ends the process at every panic, before anything unwinds. But the readers of Parquet and of
/// workbooks foresee panics of the libraries they use, and catch them. So a panic in another crate is told once and
/// may go on: if nobody catches it, the library ends the process still. A panic in the project's own code counts
/// always, caught or not.
pub fn let_foreseen_panics_pass() {
    static TOLD: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(Location::to_string).unwrap_or_default();
        if !place.contains("/registry/") && !place.contains("/rustc/") {
            eprintln!("{panic}\n{}", std::backtrace::Backtrace::force_capture());
            std::process::abort();
        }
        let is_new = TOLD.lock().is_ok_and(|mut told| told.insert(place));
        if is_new {
            eprintln!("a library panicked: {panic}");
        }
    }));
}
