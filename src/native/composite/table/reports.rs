//! What was done and why: weights, treatments, contributions, the way to the next grade.

use super::super::evaluate::Evaluation;
use super::super::framework::Framework;
use super::super::outlook::outlook;
use super::super::treat::Shape;
use super::listing::Listing;

/// The weights used: a row a part of a node, its share of the node and of the whole index; where each unit has weights of
/// its own, a row a unit and part.
pub fn weight_listing(framework: &Framework, evaluation: &Evaluation) -> Listing {
    let (mut nodes, mut parts, mut methods) = (Vec::new(), Vec::new(), Vec::new());
    let (mut units, mut weights, mut of_index) = (Vec::new(), Vec::new(), Vec::new());
    // What a node weighs in the index, from the index down.
    let mut worths = vec![(framework.id.as_str(), Some(1.0))];
    let dimensions = framework.dimensions.len().min(evaluation.weights.len());
    let (dimensions, above) = evaluation.weights.split_at(dimensions);
    for (depth, node) in above.iter().rev().chain(dimensions).enumerate() {
        // A flat framework's index only hands on its one dimension's score.
        if framework.is_flat && depth == 0 {
            continue;
        }
        let worth = worths.iter().find(|(id, _)| *id == node.node);
        let worth = worth.and_then(|(_, worth)| *worth);
        let by_unit = !node.by_unit.is_empty();
        let mut push = |unit: Option<String>, part: &String, weight: f64| {
            nodes.push(Some(node.node.clone()));
            parts.push(Some(part.clone()));
            methods.push(Some(node.method.to_owned()));
            units.push(unit);
            weights.push(Some(weight));
            of_index.push(worth.map(|worth| worth * weight));
        };
        for (part, share) in node.parts.iter().zip(&node.shares) {
            let below = worth.filter(|_| !by_unit).map(|worth| worth * share);
            worths.push((part, below));
            if !by_unit {
                push(None, part, *share);
            }
        }
        for (unit, shares) in evaluation.units.iter().zip(&node.by_unit) {
            for (part, share) in node.parts.iter().zip(shares.iter().flatten()) {
                push(Some(unit.id.clone()), part, *share);
            }
        }
    }
    let mut listing = Listing::default();
    listing.text("node", nodes);
    listing.text("part", parts);
    listing.text("method", methods);
    if units.iter().any(Option::is_some) {
        listing.text("unit", units);
    }
    listing.number("weight", weights);
    listing.number("index_weight", of_index);
    listing
}

/// A row an item: shape of its values before and after, what was done, limits, number of medians and of gaps.
pub fn treatment_listing(framework: &Framework, evaluation: &Evaluation) -> Listing {
    let items = &evaluation.items;
    let shapes = |get: &dyn Fn(&super::super::Treated) -> Option<f64>| {
        items
            .iter()
            .map(|item| get(&item.treated))
            .collect::<Vec<_>>()
    };
    let skewness = |shape: Shape| shape.skewness;
    let kurtosis = |shape: Shape| shape.kurtosis;
    let counts = |get: &dyn Fn(&super::super::ItemReport) -> usize| {
        let numbers = items.iter().map(|item| i64::try_from(get(item)).ok());
        numbers.collect::<Vec<_>>()
    };
    let ids = framework.items().map(|(_, item)| Some(item.id.clone()));
    let words = items.iter().map(|item| Some(item.treated.words()));
    let mut listing = Listing::default();
    listing.text("item", ids.collect());
    listing.text("treatment", words.collect());
    listing.number("skewness", shapes(&|treated| treated.before.map(skewness)));
    listing.number("kurtosis", shapes(&|treated| treated.before.map(kurtosis)));
    listing.number(
        "skewness_after",
        shapes(&|treated| treated.after.map(skewness)),
    );
    listing.number(
        "kurtosis_after",
        shapes(&|treated| treated.after.map(kurtosis)),
    );
    listing.number("lowest", shapes(&|treated| treated.lowest));
    listing.number("highest", shapes(&|treated| treated.highest));
    listing.count("imputed", counts(&|item| item.imputed));
    listing.count("missing", counts(&|item| item.missing));
    listing
}

/// A row a unit and item: value, score and the points of the unit's score that stand on it; the points of a unit add up.
pub fn contribution_listing(framework: &Framework, evaluation: &Evaluation) -> Listing {
    let (mut units, mut dimensions, mut items) = (Vec::new(), Vec::new(), Vec::new());
    let (mut values, mut scores, mut points) = (Vec::new(), Vec::new(), Vec::new());
    for unit in &evaluation.units {
        for ((dimension, item), result) in framework.items().zip(&unit.items) {
            units.push(Some(unit.id.clone()));
            dimensions.push(Some(dimension.id.clone()));
            items.push(Some(item.id.clone()));
            values.push(result.value);
            scores.push(result.normalised);
            points.push(result.contribution);
        }
    }
    let mut listing = Listing::default();
    listing.text("unit", units);
    listing.text("dimension", dimensions);
    listing.text("item", items);
    listing.number("value", values);
    listing.number("normalised", scores);
    listing.number("contribution", points);
    listing
}

/// A row a unit and item that could lift it: the next grade and its distance, the most the item could give, and the
/// score and value that would be enough.
pub fn outlook_listing(framework: &Framework, evaluation: &Evaluation) -> Listing {
    let (mut units, mut grades, mut distances) = (Vec::new(), Vec::new(), Vec::new());
    let (mut items, mut gains) = (Vec::new(), Vec::new());
    let (mut scores, mut values) = (Vec::new(), Vec::new());
    for (place, unit) in evaluation.units.iter().enumerate() {
        let Some(found) = outlook(framework, evaluation, place) else {
            continue;
        };
        for lift in found.lifts {
            units.push(Some(unit.id.clone()));
            grades.push(found.next_grade.clone());
            distances.push(found.distance);
            items.push(Some(lift.item));
            gains.push(Some(lift.gain));
            scores.push(lift.score_needed);
            values.push(lift.value_needed);
        }
    }
    let mut listing = Listing::default();
    listing.text("unit", units);
    listing.text("next_grade", grades);
    listing.number("distance", distances);
    listing.text("item", items);
    listing.number("gain", gains);
    listing.number("score_needed", scores);
    listing.number("value_needed", values);
    listing
}
