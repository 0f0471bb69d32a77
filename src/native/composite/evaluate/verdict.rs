//! Grades and who is ranked.

use super::super::framework::Framework;
use super::{INSUFFICIENT_SAMPLE, NOT_GRADED, Unit, UnitResult};

/// Floating-point sums may miss a limit by less than this without missing it in truth.
const TOLERANCE: f64 = 1e-9;

fn is_covered(framework: &Framework, result: &UnitResult) -> bool {
    result.total.is_some() && result.coverage + TOLERANCE >= framework.minimum_coverage
}

pub(super) fn is_ranked(framework: &Framework, unit: &Unit, result: &UnitResult) -> bool {
    unit.sample_ok && is_covered(framework, result)
}

/// A sample too small is never graded. A veto comes before coverage: data refused, one of the vetoes, is what makes
/// items missing, and must not shield a unit from its grade.
pub(super) fn grade(framework: &Framework, unit: &Unit, result: &UnitResult) -> Option<String> {
    let lowest = framework.grades.last()?;
    if !unit.sample_ok {
        return Some(INSUFFICIENT_SAMPLE.to_owned());
    }
    if !unit.vetoes.is_empty() {
        return Some(lowest.id.clone());
    }
    let Some(total) = result.total.filter(|_| is_covered(framework, result)) else {
        return Some(NOT_GRADED.to_owned());
    };
    let earned = earned_place(framework, total).and_then(|place| framework.grades.get(place));
    Some(earned.unwrap_or(lowest).id.clone())
}

/// Place in the framework's grades of the one that a total earns; `None` for a framework without grades.
pub(in crate::native::composite) fn earned_place(
    framework: &Framework,
    total: f64,
) -> Option<usize> {
    framework.grades.iter().position(|grade| {
        grade
            .minimum
            .is_none_or(|minimum| total + TOLERANCE >= minimum)
    })
}
