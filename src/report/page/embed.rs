//! The data island: everything that the page's scripts show, as one JSON text.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::assets;
use super::encode::{self, Cells};
use super::error::PageError;
use super::escape;
use super::input::{
    Cell, Column, Disclosure, Download, Kind, OnlineCap, Page, Release, Table, Text,
};

#[derive(Serialize)]
struct Island<'a> {
    release: &'a Release,
    suppressed_cells: usize,
    online_caps: &'a [OnlineCap],
    disclosure: Option<Disclosure>,
    tables: Vec<TableData<'a>>,
    map: &'a serde_json::value::RawValue,
}

#[derive(Serialize)]
struct TableData<'a> {
    name: &'a str,
    title: &'a Text,
    description: &'a Text,
    sources: &'a [String],
    grain: &'a [String],
    rows: usize,
    all_rows: usize,
    columns: Vec<ColumnData<'a>>,
    downloads: &'a [Download],
}

#[derive(Serialize)]
struct ColumnData<'a> {
    name: &'a str,
    heading: &'a Text,
    definition: &'a Text,
    unit: &'a str,
    kind: Kind,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    meanings: Vec<(&'a str, &'a Text)>,
    cells: Cells<'a>,
}

/// The page's data, safe inside a `<script>` element.
pub fn island(page: &Page) -> Result<String, PageError> {
    let links = page
        .tables
        .iter()
        .flat_map(|table| &table.downloads)
        .chain(&page.release.downloads);
    for Download { href, .. } in links {
        if !escape::is_relative(href) {
            return Err(PageError::Link { href: href.clone() });
        }
    }
    let tables = fitting_tables(&page.tables, page.data_bytes)?;
    let is_suppressed = |cell: &&Cell| **cell == Cell::Suppressed;
    let all_cells = page
        .tables
        .iter()
        .flat_map(|table| table.rows.iter().flatten());
    let island = Island {
        release: &page.release,
        suppressed_cells: all_cells.filter(is_suppressed).count(),
        online_caps: &page.online_caps,
        disclosure: page.disclosure,
        tables,
        map: assets::map()?,
    };
    Ok(escape::script_json(&serde_json::to_string(&island)?))
}

/// The tables' data. Where they do not fit together, the largest ones give way first: each is held to one bound, the
/// highest at which all fit.
fn fitting_tables(tables: &[Table], bound: usize) -> Result<Vec<TableData<'_>>, PageError> {
    let mut sizes = Vec::with_capacity(tables.len());
    for table in tables {
        check(table)?;
        let rows: Vec<usize> = (0..table.rows.len()).collect();
        sizes.push(serde_json::to_string(&table_data(table, &rows)?.columns)?.len());
    }
    let table_bound = level(sizes, bound);
    tables
        .iter()
        .map(|table| fitting(table, table_bound))
        .collect()
}

/// The highest level to which sizes can be cut so that their sum keeps within the bound.
fn level(mut sizes: Vec<usize>, bound: usize) -> usize {
    sizes.sort_unstable();
    let mut left = bound;
    let mut waiting = sizes.len();
    for size in sizes {
        if size.saturating_mul(waiting) > left {
            return left / waiting;
        }
        left -= size;
        waiting -= 1;
    }
    usize::MAX
}

/// The table's data, of as many of its newest periods as keep within the bound.
fn fitting(table: &Table, bound: usize) -> Result<TableData<'_>, PageError> {
    let mut rows: Vec<usize> = (0..table.rows.len()).collect();
    loop {
        let data = table_data(table, &rows)?;
        let bytes = serde_json::to_string(&data.columns)?.len();
        if bytes <= bound || rows.is_empty() {
            return Ok(data);
        }
        // Headings and texts weigh too, so the first guess may be too large still; each round takes at least one row off.
        let wanted = (rows.len().saturating_mul(bound) / bytes).min(rows.len() - 1);
        rows = newest(table, &rows, wanted);
    }
}

fn check(table: &Table) -> Result<(), PageError> {
    let expected = table.columns.len();
    for (row, cells) in table.rows.iter().enumerate() {
        if cells.len() != expected {
            return Err(PageError::Width {
                table: table.name.clone(),
                row: row + 1,
                found: cells.len(),
                expected,
            });
        }
    }
    let missing = table
        .grain
        .iter()
        .find(|name| !table.columns.iter().any(|column| &column.name == *name));
    missing.map_or(Ok(()), |column| {
        Err(PageError::Grain {
            table: table.name.clone(),
            column: column.clone(),
        })
    })
}

/// The rows of the newest whole periods, at most as many as wanted; without a period, or where not even one fits, the first rows.
fn newest(table: &Table, rows: &[usize], wanted: usize) -> Vec<usize> {
    let first_rows = || rows[..wanted].to_vec();
    let Some(at) = period_column(table) else {
        return first_rows();
    };
    let mut count_of: BTreeMap<&str, usize> = BTreeMap::new();
    for &row in rows {
        *count_of.entry(period(&table.rows[row][at])).or_default() += 1;
    }
    let mut kept = BTreeSet::new();
    let mut total = 0;
    for (&name, &count) in count_of.iter().rev() {
        total += count;
        if total > wanted {
            break;
        }
        kept.insert(name);
    }
    if kept.is_empty() {
        return first_rows();
    }
    rows.iter()
        .copied()
        .filter(|&row| kept.contains(period(&table.rows[row][at])))
        .collect()
}

fn period_column(table: &Table) -> Option<usize> {
    table
        .columns
        .iter()
        .position(|column| column.kind.is_period() && table.grain.contains(&column.name))
}

fn period(cell: &Cell) -> &str {
    if let Cell::Text(text) = cell {
        text
    } else {
        ""
    }
}

fn table_data<'a>(table: &'a Table, rows: &[usize]) -> Result<TableData<'a>, PageError> {
    let columns = table
        .columns
        .iter()
        .enumerate()
        .map(|(at, column)| column_data(table, at, column, rows));
    Ok(TableData {
        name: &table.name,
        title: &table.title,
        description: &table.description,
        sources: &table.sources,
        grain: &table.grain,
        rows: rows.len(),
        all_rows: table.rows.len(),
        columns: columns.collect::<Result<_, _>>()?,
        downloads: &table.downloads,
    })
}

fn column_data<'a>(
    table: &'a Table,
    at: usize,
    column: &'a Column,
    rows: &[usize],
) -> Result<ColumnData<'a>, PageError> {
    Ok(ColumnData {
        name: &column.name,
        heading: &column.heading,
        definition: &column.definition,
        unit: &column.unit,
        kind: column.kind,
        meanings: column
            .meanings
            .iter()
            .map(|meaning| (meaning.code.as_str(), &meaning.text))
            .collect(),
        cells: encode::column(table, at, column, rows)?,
    })
}

#[cfg(test)]
mod tests {
    use super::level;

    #[test]
    fn the_largest_give_way_first() {
        assert_eq!(level(vec![10, 20, 30], 60), usize::MAX);
        assert_eq!(level(vec![30, 10, 20], 50), 20);
        assert_eq!(level(vec![10, 100, 100], 110), 50);
        assert_eq!(level(vec![10, 10], 3), 1);
        assert_eq!(level(Vec::new(), 0), usize::MAX);
    }
}
