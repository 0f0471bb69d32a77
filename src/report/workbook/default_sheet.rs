//! The sheet of a table that has no layout: all its columns, as the table documents them.

use super::data::Table;
use super::layout::{ColumnLayout, Named, Pick, SheetLayout};
use super::names::free_name;

/// Makes the layout; the name differs from those taken.
pub(super) fn default_sheet(table: &Table<'_>, taken: &[String]) -> SheetLayout {
    let title = if table.title_zh.is_empty() {
        &table.shape.name
    } else {
        &table.title_zh
    };
    let descriptions = [&table.description_zh, &table.description_en];
    SheetLayout {
        file: "".into(),
        line: 0,
        table: table.shape.name.clone(),
        name: free_name(title, taken),
        title: title.clone(),
        subtitle: None,
        unit: None,
        pick: Pick::default(),
        by: Vec::new(),
        across: None,
        columns: table
            .shape
            .columns
            .iter()
            .map(|column| column_layout(&column.name))
            .collect(),
        total_rows: None,
        total_row: None,
        freeze: None,
        filter: true,
        portrait: false,
        one_page: false,
        notes: descriptions
            .map(|description| description.trim().to_owned())
            .into_iter()
            .filter(|description| !description.is_empty())
            .collect(),
        sources: Vec::new(),
        charts: Vec::new(),
    }
}

/// A column that is shown as the table documents it.
pub(super) fn column_layout(name: &str) -> ColumnLayout {
    ColumnLayout {
        column: Named {
            name: name.to_owned(),
            line: 0,
        },
        heading: None,
        group: None,
        unit: None,
        format: None,
        format_line: 0,
        width: None,
        indent: false,
        merge: false,
        spread: false,
        add: false,
        labels: None,
        most: None,
    }
}
