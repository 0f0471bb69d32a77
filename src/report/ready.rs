//! A table of a release as readers are shown it: with what is known of its columns, and with its hidden figures.

use std::collections::{BTreeMap, BTreeSet};

use super::public_table::{SUPPRESSED, SUPPRESSED_COLUMNS};
use crate::engine::{Cell, Table};
use crate::model::{Audience, Catalogue, Model, ModelColumn};
use crate::release::{PublishedTable, ReleaseError, Releases, read_file, read_table};

/// A table with its columns' meaning and the figures that disclosure control hides.
#[derive(Debug, Clone)]
pub struct ReadyTable {
    /// Name.
    pub name: String,
    /// Who may see it.
    pub audience: Audience,
    /// Chinese title.
    pub title_zh: String,
    /// English title.
    pub title_en: String,
    /// What it says and how it must not be read, in Chinese.
    pub description_zh: String,
    /// The same in English.
    pub description_en: String,
    /// Articles of the notice and other sources.
    pub sources: Vec<String>,
    /// Unique key; empty where none is declared.
    pub grain: Vec<String>,
    /// Columns in order.
    pub columns: Vec<ModelColumn>,
    /// Rows in order; a hidden figure is null here.
    pub rows: Vec<Vec<Cell>>,
    /// Hidden figures: rows by column.
    pub hidden: BTreeMap<String, BTreeSet<usize>>,
}

impl ReadyTable {
    /// Whether a figure is hidden.
    pub fn is_hidden(&self, column: &str, row: usize) -> bool {
        self.hidden
            .get(column)
            .is_some_and(|rows| rows.contains(&row))
    }

    /// Place of a column.
    pub fn place(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }
}

/// A table of a release with its rows: as the public sees it, or with every figure.
///
/// # Errors
/// When its file cannot be read, or the public is not given the table.
pub fn read_ready(
    releases: &Releases,
    models: &Catalogue,
    table: &PublishedTable,
    for_public: bool,
) -> Result<ReadyTable, ReleaseError> {
    let rows = match &table.public {
        Some(public) if for_public => read_file(releases, &table.name, &public.file)?,
        None if for_public => {
            return Err(ReleaseError::NotPublic {
                table: table.name.clone(),
            });
        }
        _ => read_table(releases, table)?,
    };
    Ok(ready_table(models.get(&table.name), table, &rows))
}

/// Rows of a table, of a file for the public or of one with every figure, with what its model says of them.
pub fn ready_table(model: Option<&Model>, table: &PublishedTable, rows: &Table) -> ReadyTable {
    let names = rows.names();
    let mut cells = rows.cells();
    let hidden = hidden_of(&names, &cells);
    let is_kept = |name: &str| name != SUPPRESSED && name != SUPPRESSED_COLUMNS;
    for row in &mut cells {
        let mut keep = names.iter().map(|name| is_kept(name));
        row.retain(|_| keep.next().unwrap_or(false));
    }
    let declared = |name: &str| {
        let columns = model.map(|model| model.header.columns.as_slice());
        columns
            .unwrap_or_default()
            .iter()
            .find(|column| column.name == name)
            .cloned()
    };
    let columns = rows
        .kinds()
        .into_iter()
        .filter(|(name, _)| is_kept(name))
        .map(|(name, kind)| {
            declared(&name).unwrap_or(ModelColumn {
                name,
                kind,
                unit: String::new(),
                zh: String::new(),
                en: String::new(),
            })
        })
        .collect();
    let header = model.map(|model| &model.header);
    ReadyTable {
        name: table.name.clone(),
        audience: table.audience,
        title_zh: table.title_zh.clone(),
        title_en: table.title_en.clone(),
        description_zh: header
            .map(|header| header.description_zh.clone())
            .unwrap_or_default(),
        description_en: header
            .map(|header| header.description_en.clone())
            .unwrap_or_default(),
        sources: header
            .map(|header| header.sources.clone())
            .unwrap_or_default(),
        grain: header
            .map(|header| header.grain.clone())
            .unwrap_or_default(),
        columns,
        rows: cells,
        hidden,
    }
}

/// Reads the hidden figures back from the column that names them.
fn hidden_of(names: &[String], rows: &[Vec<Cell>]) -> BTreeMap<String, BTreeSet<usize>> {
    let mut hidden: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    let Some(place) = names.iter().position(|name| name == SUPPRESSED_COLUMNS) else {
        return hidden;
    };
    for (row, cells) in rows.iter().enumerate() {
        if let Some(Cell::Text(columns)) = cells.get(place) {
            for column in columns.split('|').filter(|column| !column.is_empty()) {
                hidden.entry(column.to_owned()).or_default().insert(row);
            }
        }
    }
    hidden
}
