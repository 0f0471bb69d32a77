//! A layout against the columns of the tables: what a file alone does not show.

use super::data::{Column, Kind, TableShape};
use super::format::Format;
use super::layout::{BookLayout, ChartLayout, ColumnLayout, Named, Pick, SheetLayout, Take};
use super::read::Layouts;
use crate::problem::Problem;

impl Layouts {
    /// Checks every layout against the columns of the tables; sheets of tables that are not given are left alone.
    pub fn check(&self, shapes: &[TableShape]) -> Vec<Problem> {
        let mut problems: Vec<Problem> = self
            .iter()
            .flat_map(|(_, book)| book.check(shapes))
            .collect();
        // Sheets that several books share are told of once.
        problems.sort_by(|one, other| {
            (&one.file, one.line, &one.message).cmp(&(&other.file, other.line, &other.message))
        });
        problems.dedup();
        problems
    }
}

impl BookLayout {
    /// Checks the layout against the columns of the tables; sheets of tables that are not given are left alone.
    pub fn check(&self, shapes: &[TableShape]) -> Vec<Problem> {
        let mut problems = Vec::new();
        for sheet in &self.sheets {
            let shape = shapes.iter().find(|shape| shape.name == sheet.table);
            if let Some(shape) = shape {
                problems.extend(check_sheet(sheet, shape));
            }
        }
        problems
    }
}

/// Everything that keeps a sheet from being made of a table.
pub(super) fn check_sheet(sheet: &SheetLayout, shape: &TableShape) -> Vec<Problem> {
    let mut checker = Checker {
        sheet,
        shape,
        problems: Vec::new(),
    };
    for column in &sheet.columns {
        checker.column(column);
    }
    for name in &sheet.by {
        checker.find(name);
    }
    if let Some(across) = &sheet.across {
        checker.find(&across.column);
    }
    if let Some(total) = &sheet.total_rows {
        checker.find(&total.column);
    }
    checker.pick(&sheet.pick);
    for chart in &sheet.charts {
        checker.chart(chart);
    }
    checker.one_row_a_cell();
    checker.problems
}

struct Checker<'c> {
    sheet: &'c SheetLayout,
    shape: &'c TableShape,
    problems: Vec<Problem>,
}

impl<'c> Checker<'c> {
    fn add(&mut self, line: usize, message: String) {
        self.problems
            .push(Problem::new(&self.sheet.file, Some(line), message));
    }

    fn find(&mut self, named: &Named) -> Option<&'c Column> {
        let found = self.shape.column(&named.name).map(|(_, column)| column);
        if found.is_none() {
            let known: Vec<&str> = self
                .shape
                .columns
                .iter()
                .map(|column| column.name.as_str())
                .collect();
            let message = format!(
                "table `{}` has no column `{}`; write one of `{}`",
                self.shape.name,
                named.name,
                known.join("`, `")
            );
            self.add(named.line, message);
        }
        found
    }

    fn column(&mut self, layout: &ColumnLayout) {
        let Some(column) = self.find(&layout.column) else {
            return;
        };
        let name = &column.name;
        if let Some(format) = layout.format {
            let fitting = Format::fitting(column);
            if !fitting.contains(&format) {
                let words: Vec<&str> = fitting.iter().map(|format| format.word()).collect();
                let message = format!(
                    "column `{name}` ({}{}) cannot be shown as \"{}\"; write one of \"{}\"",
                    column.kind.name(),
                    in_unit(column),
                    format.word(),
                    words.join("\", \"")
                );
                self.add(layout.format_line, message);
            }
        }
        if layout.add && column.kind != Kind::Int {
            let message = format!(
                "column `{name}` is {} and sums are made of integers only; drop `add`, or use a column in fen or seconds",
                column.kind.name()
            );
            self.add(layout.column.line, message);
        }
        let takes_labels = matches!(column.kind, Kind::Text | Kind::Int | Kind::List);
        if layout.labels.is_some() && !takes_labels {
            let message = format!(
                "column `{name}` is {} and takes no labels; drop `labels`",
                column.kind.name()
            );
            self.add(layout.column.line, message);
        }
    }

    fn pick(&mut self, pick: &Pick) {
        if let Some(period) = &pick.period
            && let Some(column) = self.find(period)
            && !matches!(column.kind, Kind::Text | Kind::Date)
        {
            let message = format!(
                "`period` names `{}`, which is {}; write the column of months (YYYY-MM) or days",
                column.name,
                column.kind.name()
            );
            self.add(period.line, message);
        }
        let matches = pick.only.iter().chain(&pick.leave_out);
        for named in matches.map(|entry| &entry.column) {
            self.find(named);
        }
        for key in &pick.sort {
            self.find(&key.column);
        }
    }

    fn chart(&mut self, chart: &ChartLayout) {
        self.find(&chart.category);
        self.pick(&chart.pick);
        for value in &chart.values {
            let Some(column) = self.find(value) else {
                continue;
            };
            let fitting = match chart.add {
                true => column.kind == Kind::Int,
                false => matches!(column.kind, Kind::Int | Kind::Float),
            };
            if !fitting {
                let wanted = if chart.add {
                    "an int column, since `add` sums integers only"
                } else {
                    "a column of numbers"
                };
                let message = format!(
                    "chart `{}` draws `{}`, which is {}; write {wanted}",
                    chart.title,
                    column.name,
                    column.kind.name()
                );
                self.add(value.line, message);
            }
        }
    }

    /// In a sheet with `by`, every cell must stand for one row of the table or be a sum.
    fn one_row_a_cell(&mut self) {
        let sheet = self.sheet;
        if sheet.by.is_empty() || self.shape.grain.is_empty() {
            return;
        }
        let period = match (&sheet.pick.period, sheet.pick.take) {
            (Some(period), Take::Latest) => Some(&period.name),
            _ => None,
        };
        let single = sheet.pick.only.iter().filter(|only| only.values.len() == 1);
        let settled: Vec<&String> = sheet
            .by
            .iter()
            .chain(sheet.across.iter().map(|across| &across.column))
            .map(|named| &named.name)
            .chain(period)
            .chain(single.map(|only| &only.column.name))
            .collect();
        let open: Vec<&str> = self
            .shape
            .grain
            .iter()
            .filter(|part| !settled.contains(part))
            .map(String::as_str)
            .collect();
        if open.is_empty() {
            return;
        }
        for layout in &sheet.columns {
            let column = self.shape.column(&layout.column.name);
            let is_number = column
                .is_some_and(|(_, column)| matches!(column.kind, Kind::Int | Kind::Float))
                && layout.labels.is_none();
            let is_spread = is_number || layout.spread;
            let is_key = sheet.by.iter().any(|by| by.name == layout.column.name);
            if is_spread && !is_key && !layout.add {
                let message = format!(
                    "several rows of `{}` fall on one cell of `{}`, since `{}` is open; name it in `by` or `across`, settle it with `only`, or write add = true where sums make sense",
                    self.shape.name,
                    layout.column.name,
                    open.join("`, `")
                );
                self.add(layout.column.line, message);
            }
        }
    }
}

fn in_unit(column: &Column) -> String {
    match column.unit.as_str() {
        "" => String::new(),
        unit => format!(", {unit}"),
    }
}
