//! The data seen as a whole: correlations, factors, who outranks whom (Handbook, chapters 4 and 6).

use super::super::aggregate::outranking;
use super::super::evaluate::Evaluation;
use super::super::framework::Framework;
use super::super::linear::correlations;
use super::super::weights::{Complete, FactorKeep, FactorRule, Weighting, factor_analysis};
use super::listing::Listing;

/// The scores of all items, one list an item.
fn item_columns(framework: &Framework, evaluation: &Evaluation) -> Vec<Vec<Option<f64>>> {
    let scores = |place: usize| {
        let units = evaluation.units.iter();
        units.map(move |unit| unit.items.get(place).and_then(|item| item.normalised))
    };
    let items = 0..framework.items().count();
    items.map(|place| scores(place).collect()).collect()
}

fn complete(framework: &Framework, evaluation: &Evaluation) -> Complete {
    let columns = item_columns(framework, evaluation);
    let columns: Vec<&[Option<f64>]> = columns.iter().map(Vec::as_slice).collect();
    Complete::new(&columns, &vec![true; evaluation.units.len()])
}

fn ids(framework: &Framework) -> Vec<Option<String>> {
    framework
        .items()
        .map(|(_, item)| Some(item.id.clone()))
        .collect()
}

/// Pearson's correlations of the items' scores over the units that have all of them.
pub fn correlation_listing(framework: &Framework, evaluation: &Evaluation) -> Listing {
    let matrix = correlations(&complete(framework, evaluation).columns);
    let mut listing = Listing::default();
    listing.text("item", ids(framework));
    for (place, (_, item)) in framework.items().enumerate() {
        let column = matrix.column(place).into_iter().map(Some);
        listing.number(&item.id, column.collect());
    }
    listing
}

/// The factors of all items, by the first rule of the framework that has one, else rotated factors that explain more
/// than a tenth: loadings of components (`pc…`) and of kept factors (`factor…`), communality and weight of each item; in
/// the last row the eigenvalue of each component and what each factor explains.
pub fn factor_listing(framework: &Framework, evaluation: &Evaluation) -> Option<Listing> {
    let weightings = framework.dimensions.iter().map(|one| one.weighting);
    let mut rules =
        weightings
            .chain([framework.weighting])
            .filter_map(|weighting| match weighting {
                Weighting::Factors(rule) => Some(rule),
                _ => None,
            });
    let rule = rules.next().unwrap_or(FactorRule {
        keep: FactorKeep::Share(0.1),
        varimax: true,
    });
    let found = factor_analysis(&complete(framework, evaluation).columns, rule)?;
    let explained = |loadings: &[f64]| -> f64 { loadings.iter().map(|part| part * part).sum() };
    let mut items = ids(framework);
    items.push(Some("explained".to_owned()));
    let mut listing = Listing::default();
    listing.text("item", items);
    for (kind, factors) in [("pc", &found.components), ("factor", &found.factors)] {
        for (place, loadings) in factors.iter().enumerate() {
            let mut column: Vec<Option<f64>> = loadings.iter().copied().map(Some).collect();
            column.push(Some(explained(loadings)));
            listing.number(&format!("{kind}{}", place + 1), column);
        }
    }
    for (name, column) in [
        ("communality", &found.communalities),
        ("weight", &found.weights),
    ] {
        let mut column: Vec<Option<f64>> = column.iter().copied().map(Some).collect();
        column.push(Some(column.iter().flatten().sum()));
        listing.number(name, column);
    }
    Some(listing)
}

/// The weight of the items in which each unit is better than each other, ties half, by the items' weights in the file;
/// all items count alike in rank of the tree.
pub fn outranking_listing(framework: &Framework, evaluation: &Evaluation) -> Listing {
    let columns = item_columns(framework, evaluation);
    let columns: Vec<&[Option<f64>]> = columns.iter().map(Vec::as_slice).collect();
    let weights: Vec<f64> = framework.items().map(|(_, item)| item.weight).collect();
    let matrix = outranking(&columns, &weights);
    let mut listing = Listing::default();
    let units = evaluation.units.iter().map(|unit| Some(unit.id.clone()));
    listing.text("unit", units.collect());
    for (place, unit) in evaluation.units.iter().enumerate() {
        let column = matrix.iter().map(|row| row.get(place).copied());
        listing.number(&unit.id, column.collect());
    }
    listing
}
