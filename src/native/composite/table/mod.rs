//! Any table of units through the engine: one row a unit, one column an item.

mod analysis;
mod listing;
mod read;
mod reports;

pub use analysis::{correlation_listing, factor_listing, outranking_listing};
pub use listing::{Listing, ListingColumn, score_listing};
pub use read::{Sheet, SheetRow, SheetUnits, units_of};
pub use reports::{contribution_listing, outlook_listing, treatment_listing, weight_listing};

use super::evaluate::{Evaluation, evaluate_in_groups};
use super::framework::Framework;
use crate::problem::Problem;

/// Evaluates the units of a table.
///
/// # Errors
/// Everything that is wrong with the table, with its lines; or why its values cannot be put together.
pub fn evaluate_sheet(
    framework: &Framework,
    sheet: &Sheet,
    unit_columns: &[String],
) -> Result<Evaluation, Vec<Problem>> {
    let SheetUnits {
        units,
        groups,
        values,
    } = units_of(framework, sheet, unit_columns)?;
    evaluate_in_groups(framework, &units, &groups, &values)
        .map_err(|error| vec![Problem::new(&sheet.file, None, error.to_string())])
}

#[cfg(test)]
mod tests;
