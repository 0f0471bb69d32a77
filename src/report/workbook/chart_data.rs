//! The figures behind the charts, on a sheet of their own: what is not a number there is an empty cell, which a chart leaves
//! open, while a mark in a table would be drawn as nought.

use std::collections::HashMap;

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::body::{MISSING, column_number};
use super::data::{Cell, Column, Release, Table};
use super::figure::figure;
use super::format::Format;
use super::grid::sum;
use super::head::span;
use super::layout::{ChartKind, ChartLayout, SheetLayout};
use super::names::CHART_DATA;
use super::page::{Page, set_page};
use super::pick::pick;
use super::shown::{Shown, shown};
use super::style::Styles;
use super::view::{ViewColumn, view_column};

/// One series of a chart.
pub(super) struct Series {
    pub(super) name: String,
    pub(super) format: Format,
    pub(super) values: Vec<Option<f64>>,
}

/// The figures of one chart and the row of the sheet where they stand.
pub(super) struct Block {
    pub(super) number: usize,
    pub(super) title: String,
    pub(super) tab: String,
    pub(super) category: String,
    pub(super) categories: Vec<String>,
    pub(super) series: Vec<Series>,
    /// Row of the headings.
    pub(super) row: u32,
}

impl Block {
    /// Whether the chart has gaps.
    pub(super) fn has_gaps(&self) -> bool {
        self.series
            .iter()
            .any(|series| series.values.contains(&None))
    }

    /// The row below the block, with air between.
    pub(super) fn end(&self) -> u32 {
        let rows = u32::try_from(self.categories.len()).unwrap_or(u32::MAX);
        self.row.saturating_add(rows).saturating_add(2)
    }
}

/// Picks the figures of a chart; the first row of its block is `row`.
///
/// # Errors
/// When there is nothing to draw, or several rows fall on one category.
pub(super) fn block(
    chart: &ChartLayout,
    sheet: &SheetLayout,
    table: &Table<'_>,
    release: &Release<'_>,
    (number, row): (usize, u32),
) -> Result<Block, String> {
    let picked = pick(table, &chart.pick, None, release.as_of);
    let find = |name: &str| {
        let found = table.shape.column(name);
        found.ok_or_else(|| format!("table `{}` has no column `{name}`", table.shape.name))
    };
    let (category_place, category) = find(&chart.category.name)?;
    let category = column_of(sheet, category);
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut categories: Vec<String> = Vec::new();
    let mut cells: Vec<Vec<Option<Cell>>> = Vec::new();
    let mut values = Vec::new();
    for name in &chart.values {
        values.push(find(&name.name)?);
    }
    for row in &picked.rows {
        let text = category_text(&table.rows.cell(*row, category_place), &category, release);
        let place = *places.entry(text.clone()).or_insert_with(|| {
            categories.push(text.clone());
            cells.push(vec![None; values.len()]);
            categories.len() - 1
        });
        for (number, (column, _)) in values.iter().enumerate() {
            let own = table.rows.cell(*row, *column);
            let cell = cells.get_mut(place).and_then(|cells| cells.get_mut(number));
            let Some(cell) = cell else { continue };
            *cell = Some(match cell.take() {
                None => own,
                Some(earlier) if chart.add => sum(Some(earlier), own)?,
                Some(_) => {
                    return Err(format!(
                        "several rows fall on `{text}`; settle them with `only`, or write add = true"
                    ));
                }
            });
        }
    }
    if categories.is_empty() {
        return Err("no rows to draw".to_owned());
    }
    let series = values.iter().enumerate().map(|(number, (_, column))| {
        let shown = column_of(sheet, column);
        let value = |cells: &Vec<Option<Cell>>| {
            let cell = cells.get(number).and_then(Option::as_ref)?;
            figure(cell, shown.format, release.rounding).map(|number| number.as_f64())
        };
        Series {
            name: series_name(chart, number, &shown),
            format: shown.format,
            values: cells.iter().map(value).collect(),
        }
    });
    let mut series: Vec<Series> = series.collect();
    if chart.kind == ChartKind::Bar {
        // Bars are drawn from the bottom up; the first row shall lie on top.
        categories.reverse();
        for one in &mut series {
            one.values.reverse();
        }
    }
    Ok(Block {
        number,
        title: chart.title.clone(),
        tab: sheet.name.clone(),
        category: category.heading.replace('\n', ""),
        series,
        categories,
        row: row + 1,
    })
}

/// The column as the sheet shows it, else as it is shown without a layout.
fn column_of(sheet: &SheetLayout, column: &Column) -> ViewColumn {
    let own = sheet
        .columns
        .iter()
        .find(|layout| layout.column.name == column.name);
    match own {
        Some(layout) => view_column(layout, column),
        None => view_column(&super::default_sheet::column_layout(&column.name), column),
    }
}

fn series_name(chart: &ChartLayout, number: usize, column: &ViewColumn) -> String {
    if let Some(name) = chart.names.get(number) {
        return name.clone();
    }
    let group = column.group.as_deref().unwrap_or_default();
    format!("{group}{}", column.heading.replace('\n', ""))
}

fn category_text(cell: &Cell, column: &ViewColumn, release: &Release<'_>) -> String {
    if let Cell::Date(day) = cell {
        return day.to_string();
    }
    match shown(cell, column, release) {
        Shown::Text(text) => text,
        Shown::Number(number, _) => number.to_string(),
        Shown::Missing | Shown::Suppressed | Shown::Moment(_) => MISSING.to_owned(),
    }
}

/// Writes the sheet of figures.
pub(super) fn write_chart_data(
    sheet: &mut Worksheet,
    blocks: &[Block],
    styles: &Styles,
    page: &Page<'_>,
) -> Result<(), XlsxError> {
    sheet.set_name(CHART_DATA)?;
    sheet.set_default_row_height(18);
    sheet.set_column_width(0, 28)?;
    let mut last_column = 1;
    for block in blocks {
        let title = format!("图{}　{}（见“{}”）", block.number, block.title, block.tab);
        sheet.write_string_with_format(block.row - 1, 0, title, &styles.line_left)?;
        sheet.write_string_with_format(block.row, 0, &block.category, &styles.head)?;
        for (row, category) in (block.row + 1..).zip(&block.categories) {
            sheet.write_string_with_format(row, 0, category, &styles.text)?;
        }
        for (place, series) in (1..).zip(&block.series) {
            let column = column_number(place);
            last_column = last_column.max(column);
            sheet.write_string_with_format(block.row, column, &series.name, &styles.head)?;
            let shown = series.format.cell_format().unwrap_or_default();
            let style = styles.count.clone().set_num_format(shown);
            for (row, value) in (block.row + 1..).zip(&series.values) {
                match value {
                    Some(value) => sheet.write_number_with_format(row, column, *value, &style)?,
                    None => sheet.write_blank(row, column, &style)?,
                };
            }
        }
    }
    for column in 1..=last_column {
        sheet.set_column_width(column, 18)?;
    }
    sheet.set_row_height(0, 30)?;
    span(sheet, (0, 0), (0, last_column), "图表数据", &styles.title)?;
    let hint = "各图所用数值，空格为无数据或不予公布";
    span(sheet, (1, 0), (1, last_column), hint, &styles.subtitle)?;
    if !page.header_center.is_empty() {
        let warning = page.header_center;
        span(sheet, (2, 0), (2, last_column), warning, &styles.warning)?;
    }
    let end = blocks.last().map_or(0, Block::end);
    set_page(sheet, page, None, (end, last_column))
}
