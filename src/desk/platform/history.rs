//! How a platform stood in earlier releases.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::exit::Exit;
use super::score::Score;
use crate::release::{Pointer, standing};

/// Months before the release that the history goes back at most.
const MONTHS: usize = 24;

/// One release in the history of a platform.
#[derive(Debug, Clone, PartialEq)]
pub struct Earlier {
    /// Release id.
    pub release: String,
    /// Its as-of day.
    pub as_of: NaiveDate,
    /// The platform's row of `platform_scores`; `None` where it had none.
    pub score: Option<Score>,
    /// Ranked platforms of that release.
    pub ranked: usize,
    /// Its case of exit.
    pub exit: Option<Exit>,
}

/// The releases that the history shows before `release`: of each earlier month the last that stood, oldest first. What was
/// rolled back before `release` came does not stand.
pub(super) fn earlier_releases(
    pointers: &[Pointer],
    release: &str,
    as_of: NaiveDate,
) -> Vec<String> {
    let last = pointers.iter().rposition(|one| one.release == release);
    let known = last.map_or(pointers, |last| pointers.get(..last).unwrap_or(pointers));
    let month = |day: NaiveDate| day.format("%Y-%m").to_string();
    let mut by_month: BTreeMap<String, &Pointer> = BTreeMap::new();
    for pointer in standing(known) {
        if month(pointer.as_of) >= month(as_of) {
            continue;
        }
        let newest = by_month.entry(month(pointer.as_of)).or_insert(pointer);
        if pointer.as_of >= newest.as_of {
            *newest = pointer;
        }
    }
    let left_out = by_month.len().saturating_sub(MONTHS);
    by_month
        .into_values()
        .skip(left_out)
        .map(|pointer| pointer.release.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pointers(told: &[(&str, &str, &str)]) -> Vec<Pointer> {
        (1..)
            .zip(told)
            .map(|(number, (release, as_of, kind))| Pointer {
                number,
                release: (*release).to_owned(),
                as_of: as_of.parse().unwrap(),
                kind: (*kind).to_owned(),
                at: String::new(),
                reason: String::new(),
            })
            .collect()
    }

    #[test]
    fn of_each_month_the_last_release_that_stood_is_shown() {
        let told = pointers(&[
            ("a", "2020-10-30", "release"),
            ("b", "2020-10-31", "release"),
            ("c", "2020-11-30", "release"),
            ("b", "2020-10-31", "rollback"),
            ("d", "2020-11-29", "release"),
            ("e", "2020-12-30", "release"),
            ("f", "2020-12-31", "release"),
            ("g", "2021-01-31", "release"),
        ]);
        let day = "2020-12-31".parse().unwrap();
        assert_eq!(earlier_releases(&told, "f", day), ["b", "d"]);
        // Before the rollback, the release that was taken back stood.
        let day = "2020-11-30".parse().unwrap();
        assert_eq!(earlier_releases(&told, "c", day), ["b"]);
        let day = "2021-01-31".parse().unwrap();
        assert_eq!(earlier_releases(&told, "g", day), ["b", "d", "f"]);
    }
}
