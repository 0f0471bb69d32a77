//! Which releases stand: a rollback takes back what was released since.

use super::Pointer;

/// What the pointer of a rollback says it is.
pub(super) const ROLLBACK: &str = "rollback";

/// The pointers to releases that no rollback has taken back, oldest first.
pub fn standing(pointers: &[Pointer]) -> Vec<&Pointer> {
    let mut standing: Vec<&Pointer> = Vec::new();
    for pointer in pointers {
        let back = standing
            .iter()
            .rposition(|earlier| earlier.release == pointer.release);
        match back.filter(|_| pointer.kind == ROLLBACK) {
            Some(place) => standing.truncate(place + 1),
            None => standing.push(pointer),
        }
    }
    standing
}
