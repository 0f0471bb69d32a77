//! How ranks and grades depend on choices (Handbook, step 7).

use super::super::evaluate::Evaluation;
use super::super::framework::Framework;
use super::super::uncertainty::{UnitUncertainty, rank_influences, rank_uncertainty};
use super::listing::Listing;
use super::read::SheetUnits;

/// A row a unit: its rank, the percentiles of its rank over the draws, the share of draws that agree on its grade and
/// whether that makes it a borderline one. Empty for units without a rank.
pub fn uncertainty_listing(
    framework: &Framework,
    sheet: &SheetUnits,
    evaluation: &Evaluation,
) -> Listing {
    let rule = framework.uncertainty.unwrap_or_default();
    let found = rank_uncertainty(framework, rule, &sheet.units, &sheet.groups, evaluation);
    let ranks = |get: fn(&UnitUncertainty) -> u32| {
        let ranks = found
            .iter()
            .map(|unit| unit.as_ref().map(|unit| i64::from(get(unit))));
        ranks.collect()
    };
    let units = &evaluation.units;
    let ids = units.iter().map(|unit| Some(unit.id.clone()));
    let own = units.iter().map(|unit| unit.rank.map(i64::from));
    let mut listing = Listing::default();
    listing.text("unit", ids.collect());
    listing.count("rank", own.collect());
    listing.count("rank_p05", ranks(|unit| unit.rank_p05));
    listing.count("rank_p50", ranks(|unit| unit.rank_p50));
    listing.count("rank_p95", ranks(|unit| unit.rank_p95));
    if !framework.grades.is_empty() {
        let grades = units.iter().map(|unit| unit.grade.clone());
        listing.text("grade", grades.collect());
        let agreement = found.iter().map(|unit| unit.as_ref()?.grade_agreement);
        let agreement: Vec<Option<f64>> = agreement.collect();
        let words = agreement.iter().map(|share| {
            let is_borderline = (*share)? < rule.agreement;
            Some(if is_borderline { "yes" } else { "no" }.to_owned())
        });
        let borderline = words.collect();
        listing.number("grade_agreement", agreement);
        listing.text("borderline", borderline);
    }
    listing
}

/// A row a factor: Sobol indices of the mean absolute rank shift. `None` where no choice moves any rank.
pub fn influence_listing(
    framework: &Framework,
    sheet: &SheetUnits,
    evaluation: &Evaluation,
) -> Option<Listing> {
    let rule = framework.uncertainty.unwrap_or_default();
    let found = rank_influences(framework, rule, &sheet.units, &sheet.groups, evaluation)?;
    let mut listing = Listing::default();
    let names = found.iter().map(|one| Some(one.factor.name().to_owned()));
    listing.text("factor", names.collect());
    let first_order = found.iter().map(|one| Some(one.index.first_order));
    listing.number("first_order", first_order.collect());
    let total = found.iter().map(|one| Some(one.index.total));
    listing.number("total", total.collect());
    Some(listing)
}
