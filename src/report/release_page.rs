//! The release page of the public tables.

use super::ReportError;
use super::page::{
    Audience as Reader, Cell as PageCell, Column, Disclosure, Download, Kind, Meaning, OnlineCap,
    Page, Release, Table, Text, render,
};
use super::ready::{ReadyTable, read_ready};
use super::workbook::{BookLayout, Layouts};
use crate::engine::Cell;
use crate::model::{Catalogue, ColumnKind, ModelColumn, Policy};
use crate::release::{Manifest, PublishedTable, Releases};

/// The order of tables on the page; others follow by name.
const ORDER: [&str; 11] = [
    "city_progress_monthly",
    "city_category_monthly",
    "city_group_monthly",
    "city_hours_monthly",
    "city_certificate_monthly",
    "city_assessment_monthly",
    "city_fund_monthly",
    "city_occupation_monthly",
    "platform_monthly",
    "archive_coverage_monthly",
    "data_quality",
];

/// The cap on the share of online hours.
const ONLINE_CAP: &str = "online_share_cap";

/// What the page says beside its tables.
pub struct PageFacts {
    /// Rows read by all loads.
    pub rows_read: u64,
    /// Of these, rows in quarantine.
    pub rows_quarantined: u64,
    /// Fewest persons of a cell that is shown.
    pub fewest_persons: u32,
    /// Share of one payee, in thousandths, from which a sum is hidden.
    pub largest_payee_per_mille: u32,
}

/// The page, which lies two folders below the published root, as HTML.
///
/// # Errors
/// When a table cannot be read, or holds what its column's kind cannot.
pub fn release_page(
    releases: &Releases,
    models: &Catalogue,
    policy: &Policy,
    layouts: &Layouts,
    manifest: &Manifest,
    facts: &PageFacts,
) -> Result<String, ReportError> {
    let mut published: Vec<&PublishedTable> = manifest
        .tables
        .iter()
        .filter(|table| table.public.is_some())
        .collect();
    let place = |name: &str| {
        ORDER
            .iter()
            .position(|known| *known == name)
            .unwrap_or(ORDER.len())
    };
    published.sort_by(|left, right| {
        (place(&left.name), &left.name).cmp(&(place(&right.name), &right.name))
    });
    let mut tables = Vec::new();
    for table in published {
        let ready = read_ready(releases, models, table, true)?;
        tables.push(page_table(&ready, table, layouts.of("public")));
    }
    let workbook = manifest.workbooks.get("public");
    let page = Page {
        release: Release {
            id: manifest.id.clone(),
            as_of: manifest.as_of.to_string(),
            audience: Reader::Public,
            program: concat!("skillwatch ", env!("CARGO_PKG_VERSION")).to_owned(),
            rows_read: Some(facts.rows_read),
            rows_quarantined: Some(facts.rows_quarantined),
            downloads: workbook
                .into_iter()
                .map(|file| download("XLSX", file))
                .collect(),
        },
        tables,
        online_caps: caps(policy),
        disclosure: Some(Disclosure {
            fewest_persons: facts.fewest_persons,
            largest_payee_per_mille: facts.largest_payee_per_mille,
        }),
        data_bytes: Page::DATA_BYTES,
    };
    Ok(render(&page)?)
}

fn caps(policy: &Policy) -> Vec<OnlineCap> {
    let rows = policy.rows.iter().filter(|row| row.parameter == ONLINE_CAP);
    rows.map(|row| OnlineCap {
        city_code: row.city_code.clone(),
        from_month: row.valid_from.format("%Y-%m").to_string(),
        per_mille: u32::try_from(row.value_e6 / 1000).unwrap_or_default(),
    })
    .collect()
}

fn download(label: &str, file: &str) -> Download {
    Download {
        label: label.to_owned(),
        href: format!("../../{file}"),
        bytes: None,
    }
}

fn page_table(ready: &ReadyTable, table: &PublishedTable, layout: Option<&BookLayout>) -> Table {
    let meanings = |column: &str| -> Vec<Meaning> {
        let words = layout.map_or(&[][..], |layout| layout.words(&ready.name, column));
        words
            .iter()
            .map(|(code, word)| Meaning {
                code: code.clone(),
                text: Text::new(word.clone(), code.replace('_', " ")),
            })
            .collect()
    };
    let columns: Vec<Column> = ready
        .columns
        .iter()
        .map(|column| Column {
            name: column.name.clone(),
            heading: Text::new(column.zh.clone(), Column::heading_from_name(&column.name)),
            definition: Text::new("", column.en.clone()),
            unit: column.unit.clone(),
            kind: if is_code(ready, column) {
                Kind::Text
            } else {
                Kind::of(&column.name, word(column.kind), &column.unit)
            },
            meanings: meanings(&column.name),
        })
        .collect();
    let rows = ready.rows.iter().enumerate().map(|(row, cells)| {
        let cells = cells.iter().zip(&ready.columns);
        cells
            .map(|(cell, column)| {
                if ready.is_hidden(&column.name, row) {
                    PageCell::Suppressed
                } else if is_code(ready, column) {
                    PageCell::Text(cell.text())
                } else {
                    page_cell(cell)
                }
            })
            .collect()
    });
    let files = table.public.iter().flat_map(|public| {
        [
            download("CSV", &public.csv),
            download("Parquet", &public.file),
        ]
    });
    Table {
        name: ready.name.clone(),
        title: Text::new(ready.title_zh.clone(), ready.title_en.clone()),
        description: Text::new(ready.description_zh.clone(), ready.description_en.clone()),
        sources: ready.sources.clone(),
        grain: ready.grain.clone(),
        rows: rows.collect(),
        columns,
        downloads: files.collect(),
    }
}

/// Whether a whole number only tells rows apart, as a skill level does.
fn is_code(ready: &ReadyTable, column: &ModelColumn) -> bool {
    column.kind == ColumnKind::Int && ready.grain.contains(&column.name)
}

fn word(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Int => "int",
        ColumnKind::Float => "float",
        ColumnKind::Bool => "bool",
        ColumnKind::Date => "date",
        ColumnKind::Text | ColumnKind::Time | ColumnKind::TextList => "text",
    }
}

fn page_cell(cell: &Cell) -> PageCell {
    match cell {
        Cell::Null => PageCell::Missing,
        Cell::Int(value) => PageCell::Integer(*value),
        Cell::Float(value) => PageCell::Float(*value),
        Cell::Bool(value) => PageCell::Flag(*value),
        other => PageCell::Text(other.text()),
    }
}
