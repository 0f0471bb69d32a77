//! Numbers that hold for the whole framework.

use super::super::document::Section;
use super::Reader;

/// Scores as close as this differ by no more than the noise of floating-point sums; ranks, where a framework does not
/// say otherwise, are taken at this many decimals.
const DEFAULT_RANK_DECIMALS: u32 = 9;
const MOST_RANK_DECIMALS: f64 = 12.0;
/// Points of a whole share, where a framework does not say otherwise.
const DEFAULT_SCALE: f64 = 100.0;

impl Reader {
    pub(super) fn minimum_coverage(&mut self, root: &mut Section<'_, '_>) -> f64 {
        let found = if self.has_defaults {
            root.optional_number("minimum_coverage", &mut self.report)
        } else {
            root.number("minimum_coverage", &mut self.report)
        };
        let Some(found) = found else {
            return 0.0;
        };
        if !(0.0..=1.0).contains(&found.value) {
            let message = "`minimum_coverage` must be between 0 and 1";
            self.report.add(found.line, message);
        }
        found.value
    }

    pub(super) fn rank_decimals(&mut self, root: &mut Section<'_, '_>) -> u32 {
        let Some(found) = root.optional_number("rank_decimals", &mut self.report) else {
            return DEFAULT_RANK_DECIMALS;
        };
        let whole = found.value.fract() == 0.0;
        if !whole || !(0.0..=MOST_RANK_DECIMALS).contains(&found.value) {
            let message =
                format!("`rank_decimals` must be a whole number from 0 to {MOST_RANK_DECIMALS}");
            self.report.add(found.line, message);
            return DEFAULT_RANK_DECIMALS;
        }
        found.value as u32
    }

    pub(super) fn scale(&mut self, root: &mut Section<'_, '_>) -> f64 {
        if root.has("scale") {
            return root.positive("scale", &mut self.report);
        }
        let _ = root.optional_number("scale", &mut self.report);
        DEFAULT_SCALE
    }
}
