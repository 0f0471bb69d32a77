//! Any table of units through the engine: one row a unit, one column an item.

mod analysis;
mod csv;
mod listing;
mod read;
mod reports;
mod variation;

pub use analysis::{correlation_listing, factor_listing, outranking_listing};
pub use listing::{Listing, ListingColumn, score_listing};
pub use read::{Sheet, SheetRow, SheetUnits, units_of};
pub use reports::{contribution_listing, outlook_listing, treatment_listing, weight_listing};
pub use variation::{influence_listing, uncertainty_listing};

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

/// Columns of [`score_listing`] that no dimension may be called.
const OWN_COLUMNS: [&str; 7] = [
    "unit",
    "score",
    "rank",
    "coverage",
    "integrity",
    "total",
    "grade",
];

/// Reads a framework for tables: [`Framework::parse_with_defaults`], and no dimension or branch is called as a column of
/// the results.
///
/// # Errors
/// Every mistake of the file, in the order of lines.
pub fn parse_table_framework(file: &str, text: &str) -> Result<Framework, Vec<Problem>> {
    let framework = Framework::parse_with_defaults(file, text)?;
    let dimensions = framework.dimensions.iter().map(|one| (&one.id, one.line));
    let branches = framework.branches.iter().map(|one| (&one.id, one.line));
    let problems: Vec<Problem> = dimensions
        .chain(branches)
        .filter(|(id, _)| !framework.is_flat && OWN_COLUMNS.contains(&id.as_str()))
        .map(|(id, line)| {
            let message = format!("`{id}` is a column of the results, no name for a dimension");
            Problem::new(file, Some(line), message)
        })
        .collect();
    if problems.is_empty() {
        Ok(framework)
    } else {
        Err(problems)
    }
}

#[cfg(test)]
mod tests;
