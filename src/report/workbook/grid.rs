//! Rows brought together by some columns, with the values of another spread over columns.

use std::collections::HashMap;
use std::sync::Arc;

use super::data::{Cell, Column, Table};
use super::layout::{Across, ColumnLayout, Labels, SheetLayout};
use super::pick::matching;
use super::view::{ViewColumn, labelled, view_column};

/// The rows and columns made.
pub(super) struct Grid {
    pub(super) columns: Vec<ViewColumn>,
    /// By column, whether it may be added up.
    pub(super) adds: Vec<bool>,
    /// Each with the first row of the table that it is made of.
    pub(super) rows: Vec<(usize, Vec<Cell>)>,
}

type Found<'f> = (&'f ColumnLayout, usize, &'f Column);

/// Where a column of the grid comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Source {
    /// The first row of each group.
    Key(usize),
    /// The rows with the value of that place, or all rows.
    Spread(usize, Option<usize>),
}

impl Grid {
    /// # Errors
    /// When rows fall on one cell that cannot be added up.
    pub(super) fn new(
        sheet: &SheetLayout,
        table: &Table<'_>,
        found: &[Found<'_>],
        rows: &[usize],
    ) -> Result<Grid, String> {
        let spread = match &sheet.across {
            Some(across) => Spread::new(across, sheet, table, rows),
            None => Spread::default(),
        };
        let (columns, adds, sources) = lay_out(sheet, found, &spread);
        let (groups, group_of) = group(sheet, table, rows);
        let mut cells: Vec<Vec<Option<Cell>>> = vec![vec![None; columns.len()]; groups.len()];
        for (row, group) in rows.iter().zip(&group_of) {
            let value = spread.place(table, *row);
            let Some(line) = cells.get_mut(*group) else {
                continue;
            };
            for ((cell, source), may_add) in line.iter_mut().zip(&sources).zip(&adds) {
                let column = match source {
                    Source::Key(column) if cell.is_none() => *column,
                    Source::Spread(column, None) => *column,
                    Source::Spread(column, place) if *place == value => *column,
                    _ => continue,
                };
                let own = table.rows.cell(*row, column);
                *cell = Some(match cell.take() {
                    None => own,
                    Some(earlier) if *may_add => sum(Some(earlier), own)?,
                    Some(_) => return Err(several(table, column)),
                });
            }
        }
        let lines = cells.into_iter().map(|line| {
            line.into_iter()
                .map(|cell| cell.unwrap_or(Cell::Null))
                .collect()
        });
        Ok(Grid {
            columns,
            adds,
            rows: groups.into_iter().zip(lines).collect(),
        })
    }
}

fn several(table: &Table<'_>, column: usize) -> String {
    let name = table.shape.columns.get(column);
    format!(
        "several rows of `{}` fall on one cell of `{}`; name more columns in `by`, settle them with `only`, or write add = true",
        table.shape.name,
        name.map_or("", |column| &column.name)
    )
}

/// The values that become columns.
#[derive(Default)]
struct Spread {
    column: Option<usize>,
    values: Vec<String>,
    places: HashMap<String, usize>,
    labels: Option<Arc<Labels>>,
    total: Option<String>,
}

impl Spread {
    /// Values in the order of their labels, then of the alphabet. All that the table has make a column, whatever the
    /// period, so that a form looks the same from month to month; only a period spread over columns keeps to itself.
    fn new(across: &Across, sheet: &SheetLayout, table: &Table<'_>, rows: &[usize]) -> Spread {
        let column = table.shape.column(&across.column.name);
        let Some((column, _)) = column else {
            return Spread::default();
        };
        let period = sheet.pick.period.as_ref();
        let is_period = period.is_some_and(|period| period.name == across.column.name);
        let all = if is_period {
            rows.to_vec()
        } else {
            matching(table, &sheet.pick)
        };
        let mut values: Vec<(usize, String)> = Vec::new();
        let mut seen: HashMap<String, ()> = HashMap::new();
        for row in all {
            let value = text_of(&table.rows.cell(row, column));
            if seen.insert(value.clone(), ()).is_none() {
                let labels = across.labels.as_deref();
                let place = labels.and_then(|labels| labels.find(&value));
                values.push((place.map_or(usize::MAX, |(place, _)| place), value));
            }
        }
        values.sort();
        let values: Vec<String> = values.into_iter().map(|(_, value)| value).collect();
        Spread {
            column: Some(column),
            places: values.iter().cloned().zip(0..).collect(),
            values,
            labels: across.labels.clone(),
            total: across.total.clone(),
        }
    }

    /// The place of a row's value.
    fn place(&self, table: &Table<'_>, row: usize) -> Option<usize> {
        let value = text_of(&table.rows.cell(row, self.column?));
        self.places.get(&value).copied()
    }

    fn heading(&self, value: &str) -> String {
        labelled(self.labels.as_deref(), value)
    }
}

type LaidOut = (Vec<ViewColumn>, Vec<bool>, Vec<Source>);

/// Keys and texts stand in front; numbers, and texts that ask for it, are spread, under one heading each if there is one of them, else under the values'.
fn lay_out(sheet: &SheetLayout, found: &[Found<'_>], spread: &Spread) -> LaidOut {
    let (mut columns, mut adds, mut sources) = (Vec::new(), Vec::new(), Vec::new());
    let mut push = |column: ViewColumn, add: bool, source: Source| {
        columns.push(column);
        adds.push(add);
        sources.push(source);
    };
    let mut numbers = Vec::new();
    for (layout, place, column) in found {
        let shown = view_column(layout, column);
        let is_key = sheet.by.iter().any(|by| by.name == column.name);
        if is_key || !(shown.format.is_number() || layout.spread) {
            push(shown, false, Source::Key(*place));
        } else {
            numbers.push((*layout, *place, shown));
        }
    }
    if spread.column.is_none() {
        for (layout, place, shown) in numbers {
            push(shown, layout.add, Source::Spread(place, None));
        }
        return (columns, adds, sources);
    }
    let single = numbers.len() == 1;
    if let Some(total) = &spread.total {
        for (layout, place, shown) in numbers.iter().filter(|(layout, ..)| layout.add) {
            let column = under(shown, total, single);
            push(column, layout.add, Source::Spread(*place, None));
        }
    }
    for (order, value) in spread.values.iter().enumerate() {
        let word = spread.heading(value);
        for (layout, place, shown) in &numbers {
            let column = under(shown, &word, single);
            push(column, layout.add, Source::Spread(*place, Some(order)));
        }
    }
    (columns, adds, sources)
}

/// The column for one of the values.
fn under(shown: &ViewColumn, word: &str, single: bool) -> ViewColumn {
    let mut column = shown.clone();
    if single {
        column.group = Some(shown.heading.replace('\n', ""));
        column.heading = word.to_owned();
    } else {
        column.group = Some(word.to_owned());
    }
    column
}

/// The first row of each group, in order, and for each row the group it belongs to.
fn group(sheet: &SheetLayout, table: &Table<'_>, rows: &[usize]) -> (Vec<usize>, Vec<usize>) {
    let keys: Vec<usize> = sheet
        .by
        .iter()
        .filter_map(|by| table.shape.column(&by.name).map(|(place, _)| place))
        .collect();
    let mut firsts = Vec::new();
    let mut known: HashMap<Vec<String>, usize> = HashMap::new();
    let mut group_of = Vec::with_capacity(rows.len());
    for row in rows {
        let key: Vec<String> = keys
            .iter()
            .map(|column| text_of(&table.rows.cell(*row, *column)))
            .collect();
        let group = *known.entry(key).or_insert_with(|| {
            firsts.push(*row);
            firsts.len() - 1
        });
        group_of.push(group);
    }
    (firsts, group_of)
}

/// A value as the text by which it is told from others.
fn text_of(cell: &Cell) -> String {
    match cell {
        Cell::Null | Cell::Suppressed => "—".to_owned(),
        Cell::Text(text) => text.clone(),
        Cell::Int(number) => number.to_string(),
        Cell::Float(number) => number.to_string(),
        Cell::Bool(yes) => if *yes { "是" } else { "否" }.to_owned(),
        Cell::Date(day) => day.to_string(),
        Cell::Time(moment) => moment.to_string(),
        Cell::List(items) => items.join("、"),
    }
}

/// A sum of integers. What is held back makes the sum held back, else the rest would give it away; what is missing makes it
/// missing.
///
/// # Errors
/// When the sum is beyond what an integer holds.
pub(super) fn sum(total: Option<Cell>, cell: Cell) -> Result<Cell, String> {
    match (total, cell) {
        (None, cell) => Ok(cell),
        (Some(Cell::Suppressed), _) | (_, Cell::Suppressed) => Ok(Cell::Suppressed),
        (Some(Cell::Int(total)), Cell::Int(own)) => total
            .checked_add(own)
            .map(Cell::Int)
            .ok_or_else(|| "a sum is larger than a whole number of 64 bits".to_owned()),
        _ => Ok(Cell::Null),
    }
}
