//! The workbook of a release for an audience.

use super::ReportError;
use super::adjustment::{add_adjustment, adjustment_column};
use super::ready::{ReadyTable, read_ready};
use super::workbook::{
    BookLayout, Cell as BookCell, Column, Kind, Layouts, Release, Rounding, Rows, Table,
    TableShape, Written, write,
};
use crate::engine::Cell;
use crate::model::{Audience, Catalogue, ColumnKind, ModelColumn};
use crate::release::{Manifest, PublishedTable, Releases, Revision, read_history};

/// The name by which layouts know an audience.
pub fn audience_name(audience: Audience) -> &'static str {
    match audience {
        Audience::Public => "public",
        Audience::Internal => "internal",
        Audience::Restricted | Audience::Intermediate => "restricted",
    }
}

/// Whether somebody of `reader` may see a table, and what the public may see only after disclosure control.
pub fn may_read(reader: Audience, table: &PublishedTable) -> bool {
    match reader {
        Audience::Public => table.public.is_some(),
        Audience::Internal => table.audience <= Audience::Internal,
        Audience::Restricted | Audience::Intermediate => table.audience <= Audience::Restricted,
    }
}

/// Writes the workbook of a release, of all tables that the reader may see or of the wanted ones. An audience without a
/// layout gets every table as it is.
///
/// # Errors
/// When a table cannot be read or the writer refuses.
pub fn workbook(
    layouts: &Layouts,
    releases: &Releases,
    models: &Catalogue,
    manifest: &Manifest,
    reader: Audience,
    wanted: &[String],
    rounding: Rounding,
) -> Result<Written, ReportError> {
    let name = audience_name(reader);
    let plain = BookLayout::plain(name);
    let layout = layouts.of(name).unwrap_or(&plain);
    let is_public = reader == Audience::Public;
    let is_wanted = |table: &&PublishedTable| {
        may_read(reader, table) && (wanted.is_empty() || wanted.contains(&table.name))
    };
    let changes = changes(releases, manifest)?;
    let mut tables = Vec::new();
    for table in manifest.tables.iter().filter(is_wanted) {
        let mut ready = read_ready(releases, models, table, is_public)?;
        // The public could take it from the year to date to see a hidden figure.
        if !is_public {
            add_adjustment(&mut ready, &changes);
        }
        tables.push(book_table(ready));
    }
    let release = Release {
        id: manifest.id.clone(),
        as_of: manifest.as_of,
        rounding,
        tables,
    };
    Ok(write(layout, &release)?)
}

/// The changes that a release makes to figures of months that were over.
fn changes(releases: &Releases, manifest: &Manifest) -> Result<Vec<Revision>, ReportError> {
    let mut changes = read_history(releases, manifest)?;
    changes.retain(|change| change.published_on == manifest.as_of && !change.is_running);
    Ok(changes)
}

/// What the layouts are checked against: the columns of every published model.
pub fn shapes(models: &Catalogue) -> Vec<TableShape> {
    models
        .published()
        .map(|model| TableShape {
            name: model.name.clone(),
            columns: model
                .header
                .columns
                .iter()
                .chain(adjustment_column(&model.name).as_ref())
                .map(column)
                .collect(),
            grain: model.header.grain.clone(),
        })
        .collect()
}

fn book_table(ready: ReadyTable) -> Table<'static> {
    Table {
        shape: TableShape {
            name: ready.name.clone(),
            columns: ready.columns.iter().map(column).collect(),
            grain: ready.grain.clone(),
        },
        title_zh: ready.title_zh.clone(),
        title_en: ready.title_en.clone(),
        description_zh: ready.description_zh.clone(),
        description_en: ready.description_en.clone(),
        sources: ready.sources.clone(),
        rows: Box::new(ready),
    }
}

fn column(column: &ModelColumn) -> Column {
    Column {
        name: column.name.clone(),
        kind: match column.kind {
            ColumnKind::Text => Kind::Text,
            ColumnKind::Int => Kind::Int,
            ColumnKind::Float => Kind::Float,
            ColumnKind::Bool => Kind::Bool,
            ColumnKind::Date => Kind::Date,
            ColumnKind::Time => Kind::Time,
            ColumnKind::TextList => Kind::List,
        },
        unit: column.unit.clone(),
        zh: column.zh.clone(),
        en: column.en.clone(),
    }
}

impl Rows for ReadyTable {
    fn height(&self) -> usize {
        self.rows.len()
    }

    fn cell(&self, row: usize, place: usize) -> BookCell {
        let Some(column) = self.columns.get(place) else {
            return BookCell::Null;
        };
        if self.is_hidden(&column.name, row) {
            return BookCell::Suppressed;
        }
        let cell = self.rows.get(row).and_then(|cells| cells.get(place));
        match cell {
            None | Some(Cell::Null) => BookCell::Null,
            Some(Cell::Text(text)) => BookCell::Text(text.clone()),
            Some(Cell::Int(value)) => BookCell::Int(*value),
            Some(Cell::Float(value)) => BookCell::Float(*value),
            Some(Cell::Bool(value)) => BookCell::Bool(*value),
            Some(Cell::Date(day)) => BookCell::Date(*day),
            Some(Cell::Time(moment)) => BookCell::Time(*moment),
            Some(Cell::List(items)) => BookCell::List(items.clone()),
        }
    }
}
