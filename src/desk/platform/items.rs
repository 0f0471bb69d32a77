//! The items of a platform's score beside the quartiles of the others.

use std::collections::BTreeSet;

use super::peers::Quartiles;
use crate::desk::rows::{Row, Rows};
use crate::model::Catalogue;
use crate::native::composite::{Framework, Reading, Title};

/// The table whose inputs compute the items.
const ITEMS: &str = "platform_items";

/// One dimension.
#[derive(Debug, Clone, PartialEq)]
pub struct Dimension {
    /// Identifier, also its column in `platform_scores`.
    pub id: String,
    /// Title.
    pub title: Title,
    /// Weight, of 100.
    pub weight: f64,
    /// The platform's score, 0 to 100.
    pub score: Option<f64>,
    /// Scores of the others; `None` when too few have one.
    pub peers: Option<Quartiles>,
    /// Its items.
    pub items: Vec<Item>,
}

/// One item.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Identifier.
    pub id: String,
    /// Title.
    pub title: Title,
    /// What the value is, and in which units.
    pub reading: Reading,
    /// Value before comparison with its target.
    pub value: Option<f64>,
    /// Number above the line.
    pub numerator: Option<i64>,
    /// Number below the line.
    pub denominator: Option<i64>,
    /// Score, 0 to 100.
    pub score: Option<f64>,
    /// Weight, of 100.
    pub weight: f64,
    /// Points of the platform's score.
    pub contribution: Option<f64>,
    /// Values of the others; `None` when too few have one.
    pub value_peers: Option<Quartiles>,
    /// Scores of the others.
    pub score_peers: Option<Quartiles>,
    /// Feeds and tables that it is computed from.
    pub tables: Vec<String>,
    /// The model that computes it, with its file and the articles it rests on.
    pub model: Option<ItemModel>,
}

/// A model that computes items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemModel {
    /// Name.
    pub name: String,
    /// SQL file below the project.
    pub file: String,
    /// Articles of the notice and other sources.
    pub sources: Vec<String>,
}

/// What items are told by.
pub(super) struct Tables<'a> {
    /// Rows of `platform_scores`.
    pub scores: &'a Rows,
    /// Rows of `platform_score_details`.
    pub details: &'a Rows,
    /// Ranked platforms but the one of the sheet.
    pub others: &'a BTreeSet<String>,
    pub framework: &'a Framework,
    pub models: &'a Catalogue,
}

impl Tables<'_> {
    /// The dimensions of a platform with their items, in the framework's order; what it does not know comes last.
    pub fn dimensions(&self, platform: &str) -> Vec<Dimension> {
        let mut dimensions: Vec<Dimension> = Vec::new();
        for row in self.rows_of(platform) {
            let item = self.item(row);
            let id = row.word("dimension");
            match dimensions.iter_mut().find(|one| one.id == id) {
                Some(dimension) => dimension.items.push(item),
                None => dimensions.push(self.dimension(platform, id, item)),
            }
        }
        for dimension in &mut dimensions {
            dimension.weight = dimension.items.iter().map(|item| item.weight).sum();
            dimension.items.sort_by_key(|item| self.place(&item.id));
        }
        dimensions.sort_by_key(|dimension| {
            dimension
                .items
                .first()
                .map_or(usize::MAX, |item| self.place(&item.id))
        });
        dimensions
    }

    fn place(&self, item: &str) -> usize {
        let mut items = self.framework.items();
        items
            .position(|(_, known)| known.id == item)
            .unwrap_or(usize::MAX)
    }

    fn rows_of<'r>(&'r self, platform: &'r str) -> impl Iterator<Item = Row<'r>> {
        self.details
            .iter()
            .filter(move |row| row.word("platform_id") == platform)
    }

    fn dimension(&self, platform: &str, id: String, first: Item) -> Dimension {
        let known = self.framework.dimensions.iter().find(|one| one.id == id);
        let own = self
            .scores
            .iter()
            .find(|row| row.word("platform_id") == platform);
        let others = self.scores.iter().filter(|row| self.is_other(*row));
        Dimension {
            title: known.map_or_else(|| untitled(&id), |one| one.title.clone()),
            weight: 0.0,
            score: own.and_then(|row| row.float(&id)),
            peers: Quartiles::of(others.filter_map(|row| row.float(&id))),
            items: vec![first],
            id,
        }
    }

    fn is_other(&self, row: Row<'_>) -> bool {
        self.others.contains(&row.word("platform_id"))
    }

    fn item(&self, row: Row<'_>) -> Item {
        let id = row.word("item");
        let known = self.framework.items().find(|(_, item)| item.id == id);
        let others = || {
            let rows = self.details.iter();
            rows.filter(|other| other.word("item") == id && self.is_other(*other))
        };
        let tables = row.word("source_table");
        Item {
            title: known.map_or_else(|| untitled(&id), |(_, item)| item.title.clone()),
            reading: known
                .map(|(_, item)| item.reading.clone())
                .unwrap_or_default(),
            value: row.float("raw_value"),
            numerator: row.int("numerator"),
            denominator: row.int("denominator"),
            score: row.float("normalised"),
            weight: row.float("weight").unwrap_or_default(),
            contribution: row.float("contribution"),
            value_peers: Quartiles::of(others().filter_map(|row| row.float("raw_value"))),
            score_peers: Quartiles::of(others().filter_map(|row| row.float("normalised"))),
            tables: tables
                .split(',')
                .map(str::trim)
                .filter(|table| !table.is_empty())
                .map(str::to_owned)
                .collect(),
            model: self.model(&id),
            id,
        }
    }

    /// The model among those behind the items whose query writes the item's name.
    fn model(&self, item: &str) -> Option<ItemModel> {
        let named = format!("'{item}'");
        let reads = &self.models.get(ITEMS)?.reads;
        let mut models = reads.iter().filter_map(|name| self.models.get(name));
        let model = models.find(|model| model.sql.contains(&named))?;
        Some(ItemModel {
            name: model.name.clone(),
            file: model.file.clone(),
            sources: model.header.sources.clone(),
        })
    }
}

fn untitled(id: &str) -> Title {
    Title {
        zh: id.to_owned(),
        en: id.to_owned(),
    }
}
