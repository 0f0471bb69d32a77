//! The rule of the uncertainty analysis.

use super::super::document::{Report, Section};
use super::super::uncertainty::UncertaintyRule;
use super::super::weights::Weighting;
use super::Reader;

const MOST_DRAWS: f64 = 1e5;
/// Whole numbers up to here are exact.
const LARGEST_SEED: f64 = 9_007_199_254_740_992.0;
/// Weights stay above 0.
const LARGEST_SPREAD: f64 = 0.99;

impl Reader {
    /// Keys that are left out have the values of [`UncertaintyRule::default`].
    pub(super) fn uncertainty(&mut self, root: &mut Section<'_, '_>) -> Option<UncertaintyRule> {
        let mut section = root.optional_section("uncertainty", &mut self.report)?;
        let standard = UncertaintyRule::default();
        let report = &mut self.report;
        let draws = whole_number(&mut section, "draws", 1.0, MOST_DRAWS, report);
        let seed = whole_number(&mut section, "seed", 0.0, LARGEST_SEED, report);
        let spread = number_between(&mut section, "weight_spread", LARGEST_SPREAD, report);
        let agreement = number_between(&mut section, "agreement", 1.0, report);
        section.finish(report);
        Some(UncertaintyRule {
            draws: draws.map_or(standard.draws, |draws| draws as u32),
            seed: seed.map_or(standard.seed, |seed| seed as u64),
            weight_spread: spread.unwrap_or(standard.weight_spread),
            agreement: agreement.unwrap_or(standard.agreement),
        })
    }

    /// Weights that each unit chooses for itself cannot be moved for all.
    pub(super) fn check_uncertainty(
        &mut self,
        root: &Section<'_, '_>,
        mut weightings: impl Iterator<Item = Weighting>,
    ) {
        if weightings.any(|one| matches!(one, Weighting::BenefitOfTheDoubt(_))) {
            let message = "`uncertainty` does not go with weights by benefit_of_the_doubt";
            root.mistake(&mut self.report, message);
        }
    }
}

fn whole_number(
    section: &mut Section<'_, '_>,
    key: &'static str,
    least: f64,
    most: f64,
    report: &mut Report,
) -> Option<f64> {
    let found = section.optional_number(key, report)?;
    if found.value.fract() != 0.0 || !(least..=most).contains(&found.value) {
        let message = format!("`{key}` must be a whole number from {least} to {most}");
        report.add(found.line, message);
        return None;
    }
    Some(found.value)
}

fn number_between(
    section: &mut Section<'_, '_>,
    key: &'static str,
    most: f64,
    report: &mut Report,
) -> Option<f64> {
    let found = section.optional_number(key, report)?;
    if !(0.0..=most).contains(&found.value) {
        report.add(found.line, format!("`{key}` must be between 0 and {most}"));
        return None;
    }
    Some(found.value)
}
