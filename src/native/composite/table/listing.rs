//! Results as plain tables: names and columns.

use super::super::evaluate::{Evaluation, UnitResult};
use super::super::framework::Framework;

/// A table of results.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Listing {
    pub columns: Vec<(String, ListingColumn)>,
}

/// One column.
#[derive(Debug, Clone, PartialEq)]
pub enum ListingColumn {
    Text(Vec<Option<String>>),
    Number(Vec<Option<f64>>),
    Count(Vec<Option<i64>>),
}

impl Listing {
    pub(super) fn text(&mut self, name: &str, values: Vec<Option<String>>) {
        self.columns
            .push((name.to_owned(), ListingColumn::Text(values)));
    }

    pub(super) fn number(&mut self, name: &str, values: Vec<Option<f64>>) {
        self.columns
            .push((name.to_owned(), ListingColumn::Number(values)));
    }

    pub(super) fn count(&mut self, name: &str, values: Vec<Option<i64>>) {
        self.columns
            .push((name.to_owned(), ListingColumn::Count(values)));
    }

    /// Number of rows.
    pub fn height(&self) -> usize {
        self.columns.first().map_or(0, |(_, column)| match column {
            ListingColumn::Text(values) => values.len(),
            ListingColumn::Number(values) => values.len(),
            ListingColumn::Count(values) => values.len(),
        })
    }

    /// The same rows with a column of one text in front.
    #[must_use]
    pub fn with_text(mut self, name: &str, value: &str) -> Self {
        let values = vec![Some(value.to_owned()); self.height()];
        self.columns
            .insert(0, (name.to_owned(), ListingColumn::Text(values)));
        self
    }

    /// Puts the rows of a table with the same columns below.
    pub fn append(&mut self, other: Listing) {
        if self.columns.is_empty() {
            *self = other;
            return;
        }
        for ((_, own), (_, more)) in self.columns.iter_mut().zip(other.columns) {
            match (own, more) {
                (ListingColumn::Text(own), ListingColumn::Text(more)) => own.extend(more),
                (ListingColumn::Number(own), ListingColumn::Number(more)) => own.extend(more),
                (ListingColumn::Count(own), ListingColumn::Count(more)) => own.extend(more),
                _ => {}
            }
        }
    }
}

/// One row a unit: unit, score, rank, a column a dimension and branch, coverage; with grades also the total and grade.
pub fn score_listing(framework: &Framework, evaluation: &Evaluation) -> Listing {
    let units = &evaluation.units;
    let numbers = |get: &dyn Fn(&UnitResult) -> Option<f64>| units.iter().map(get).collect();
    let mut listing = Listing::default();
    listing.text(
        "unit",
        units.iter().map(|unit| Some(unit.id.clone())).collect(),
    );
    listing.number("score", numbers(&|unit| unit.score));
    let ranks = units.iter().map(|unit| unit.rank.map(i64::from));
    listing.count("rank", ranks.collect());
    for (place, id) in framework.node_ids().into_iter().enumerate() {
        let score = |unit: &UnitResult| {
            let mut nodes = unit.dimensions.iter().chain(&unit.branches);
            nodes.nth(place).and_then(|node| node.score)
        };
        listing.number(id, numbers(&score));
    }
    listing.number("coverage", numbers(&|unit| Some(unit.coverage)));
    if framework.integrity.is_some() {
        listing.number("integrity", numbers(&|unit| unit.integrity));
        listing.number("total", numbers(&|unit| unit.total));
    }
    if !framework.grades.is_empty() {
        let grades = units.iter().map(|unit| unit.grade.clone());
        listing.text("grade", grades.collect());
    }
    listing
}
