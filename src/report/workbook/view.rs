//! A sheet's rows and columns, before anything is written.

use std::sync::Arc;

use super::data::{Cell, Column, Kind, Release, Table};
use super::format::{Format, unit_zh};
use super::grid::{Grid, sum};
use super::layout::{ColumnLayout, Labels, SheetLayout};
use super::pick::{Condition, Picked, pick};

/// One column of a sheet.
#[derive(Debug, Clone)]
pub(super) struct ViewColumn {
    pub(super) group: Option<String>,
    pub(super) heading: String,
    pub(super) unit: Option<String>,
    pub(super) format: Format,
    pub(super) width: Option<f64>,
    pub(super) indent: bool,
    pub(super) merge: bool,
    pub(super) labels: Option<Arc<Labels>>,
    pub(super) most: Option<usize>,
}

impl ViewColumn {
    /// A column of text under a heading.
    pub(super) fn plain(heading: &str) -> ViewColumn {
        ViewColumn {
            group: None,
            heading: heading.to_owned(),
            unit: None,
            format: Format::Text,
            width: None,
            indent: false,
            merge: false,
            labels: None,
            most: None,
        }
    }
}

/// Where the cells come from.
enum Body {
    /// Rows and columns of the table itself.
    Listed {
        rows: Vec<usize>,
        columns: Vec<usize>,
    },
    Made(Grid),
}

/// A sheet's rows and columns.
pub(super) struct View<'v> {
    pub(super) columns: Vec<ViewColumn>,
    pub(super) period: Option<String>,
    /// Rows whose month or day cannot be read.
    pub(super) undated: usize,
    /// Rows beyond the layout's `most`.
    pub(super) left_out: usize,
    /// A first row of sums; `None` is an empty cell.
    pub(super) sums: Option<Vec<Option<Cell>>>,
    table: &'v Table<'v>,
    total_rows: Option<Condition<'v>>,
    body: Body,
}

impl<'v> View<'v> {
    /// Makes the view of a layout that fits the table.
    ///
    /// # Errors
    /// When rows fall on one cell that cannot be added up.
    pub(super) fn new(
        sheet: &'v SheetLayout,
        table: &'v Table<'v>,
        release: &Release<'_>,
    ) -> Result<View<'v>, String> {
        let total_rows = sheet
            .total_rows
            .as_ref()
            .and_then(|entry| Condition::of(entry, table));
        let picked = pick(table, &sheet.pick, total_rows.as_ref(), release.as_of);
        let found: Vec<(&ColumnLayout, usize, &Column)> = sheet
            .columns
            .iter()
            .filter_map(|layout| {
                let (place, column) = table.shape.column(&layout.column.name)?;
                Some((layout, place, column))
            })
            .collect();
        let Picked {
            rows,
            period,
            undated,
            left_out,
        } = picked;
        let (columns, body) = if sheet.by.is_empty() {
            let columns = found
                .iter()
                .map(|(layout, _, column)| view_column(layout, column));
            let listed = Body::Listed {
                rows,
                columns: found.iter().map(|(_, place, _)| *place).collect(),
            };
            (columns.collect(), listed)
        } else {
            let grid = Grid::new(sheet, table, &found, &rows)?;
            (grid.columns.clone(), Body::Made(grid))
        };
        let mut view = View {
            columns,
            period: period.map(|period| period.zh()),
            undated,
            left_out,
            sums: None,
            table,
            total_rows,
            body,
        };
        if let Some(label) = &sheet.total_row {
            let adds: Vec<bool> = match &view.body {
                Body::Listed { .. } => found.iter().map(|(layout, ..)| layout.add).collect(),
                Body::Made(grid) => grid.adds.clone(),
            };
            view.sums = Some(view.sum_row(label, &adds)?);
        }
        Ok(view)
    }

    /// Number of rows, without the row of sums.
    pub(super) fn height(&self) -> usize {
        match &self.body {
            Body::Listed { rows, .. } => rows.len(),
            Body::Made(grid) => grid.rows.len(),
        }
    }

    pub(super) fn cell(&self, row: usize, column: usize) -> Cell {
        let found = match &self.body {
            Body::Listed { rows, columns } => rows
                .get(row)
                .zip(columns.get(column))
                .map(|(row, column)| self.table.rows.cell(*row, *column)),
            Body::Made(grid) => grid
                .rows
                .get(row)
                .and_then(|(_, cells)| cells.get(column).cloned()),
        };
        found.unwrap_or(Cell::Null)
    }

    /// Whether a row is a total.
    pub(super) fn is_total(&self, row: usize) -> bool {
        let source = match &self.body {
            Body::Listed { rows, .. } => rows.get(row),
            Body::Made(grid) => grid.rows.get(row).map(|(source, _)| source),
        };
        match (&self.total_rows, source) {
            (Some(condition), Some(source)) => condition.holds(self.table, *source),
            _ => false,
        }
    }

    /// The columns' units, each once, in order.
    pub(super) fn units(&self) -> String {
        let mut units: Vec<&str> = Vec::new();
        for unit in self
            .columns
            .iter()
            .filter_map(|column| column.unit.as_deref())
        {
            if !units.contains(&unit) {
                units.push(unit);
            }
        }
        units.join("、")
    }

    fn sum_row(&self, label: &str, adds: &[bool]) -> Result<Vec<Option<Cell>>, String> {
        let mut cells = Vec::new();
        let mut labelled = false;
        for (place, column) in self.columns.iter().enumerate() {
            let cell = if adds.get(place) == Some(&true) {
                let mut total = None;
                for row in 0..self.height() {
                    total = Some(sum(total, self.cell(row, place))?);
                }
                Some(total.unwrap_or(Cell::Int(0)))
            } else if column.format.is_number() {
                // Not additive: persons, ratios.
                Some(Cell::Null)
            } else if labelled {
                None
            } else {
                labelled = true;
                Some(Cell::Text(label.to_owned()))
            };
            cells.push(cell);
        }
        Ok(cells)
    }
}

/// A column as the layout has it, with what it leaves open taken from the table.
pub(super) fn view_column(layout: &ColumnLayout, column: &Column) -> ViewColumn {
    let format = match (layout.format, &layout.labels) {
        (Some(format), _) => format,
        (None, Some(_)) if column.kind != Kind::List => Format::Text,
        (None, _) => Format::by_default(column),
    };
    let own = layout.unit.as_deref().or(format.unit());
    let unit = own.or_else(|| unit_zh(&column.unit).filter(|_| format.is_number()));
    let heading = match (&layout.heading, column.zh.as_str()) {
        (Some(heading), _) => heading.clone(),
        (None, "") => column.name.clone(),
        (None, zh) => zh.to_owned(),
    };
    ViewColumn {
        group: layout.group.clone(),
        heading: with_unit(heading, layout.group.as_deref(), unit),
        unit: unit.map(str::to_owned),
        format,
        width: layout.width,
        indent: layout.indent,
        merge: layout.merge,
        labels: layout.labels.clone(),
        most: layout.most,
    }
}

/// Headings name their unit, unless they or the heading above do already or the cells show it.
fn with_unit(heading: String, group: Option<&str>, unit: Option<&str>) -> String {
    let named = |unit| heading.contains(unit) || group.is_some_and(|group| group.contains(unit));
    match unit {
        Some(unit) if unit != "%" && !named(unit) => format!("{heading}\n（{unit}）"),
        _ => heading,
    }
}

/// The word for a value: by its labels, else as it stands.
pub(super) fn labelled(labels: Option<&Labels>, text: &str) -> String {
    labels
        .and_then(|labels| labels.find(text))
        .map_or(text, |(_, word)| word)
        .to_owned()
}
