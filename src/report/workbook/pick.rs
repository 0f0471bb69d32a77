//! The rows of a table that a sheet or a chart shows, in order.

use std::cmp::Ordering;

use chrono::NaiveDate;

use super::data::{Cell, Table};
use super::layout::{Match, Pick, SortKey, Take};
use super::period::{Moment, Period};

/// The rows picked.
pub(super) struct Picked {
    pub(super) rows: Vec<usize>,
    pub(super) period: Option<Period>,
    /// Rows whose month or day cannot be read, which therefore stand nowhere.
    pub(super) undated: usize,
    /// Rows beyond `most`.
    pub(super) left_out: usize,
}

/// One condition on a column that is there.
pub(super) struct Condition<'m> {
    column: usize,
    values: &'m [String],
}

impl<'m> Condition<'m> {
    /// The condition on a table's own column; nothing when the table lacks it.
    pub(super) fn of(entry: &'m Match, table: &Table<'_>) -> Option<Condition<'m>> {
        let (column, _) = table.shape.column(&entry.column.name)?;
        Some(Condition {
            column,
            values: &entry.values,
        })
    }

    pub(super) fn holds(&self, table: &Table<'_>, row: usize) -> bool {
        let is = |text: &str| self.values.iter().any(|value| value == text);
        match table.rows.cell(row, self.column) {
            Cell::Text(text) => is(&text),
            Cell::Int(number) => is(&number.to_string()),
            Cell::Bool(yes) => is(if yes { "true" } else { "false" }),
            Cell::Date(day) => is(&day.to_string()),
            Cell::List(items) => items.iter().any(|item| is(item)),
            Cell::Null | Cell::Suppressed | Cell::Float(_) | Cell::Time(_) => false,
        }
    }
}

/// Picks rows. Rows for which `first` holds come first when the rows are sorted.
pub(super) fn pick(
    table: &Table<'_>,
    pick: &Pick,
    first: Option<&Condition<'_>>,
    as_of: NaiveDate,
) -> Picked {
    let mut rows = matching(table, pick);
    let dated = pick
        .period
        .as_ref()
        .and_then(|named| table.shape.column(&named.name));
    let mut period = None;
    let mut undated = 0;
    if let Some((column, _)) = dated {
        let moment = |row: usize| Moment::of(&table.rows.cell(row, column));
        let moments = rows.iter().filter_map(|row| moment(*row));
        period = Period::taken(moments, pick.take, as_of);
        // A sheet of all rows keeps those without a month.
        rows.retain(|row| match moment(*row) {
            Some(own) => period.is_some_and(|period| period.holds(own)),
            None if pick.take == Take::All => true,
            None => {
                undated += 1;
                false
            }
        });
    }
    sort(table, pick, first, &mut rows);
    let left_out = pick.most.map_or(0, |most| rows.len().saturating_sub(most));
    rows.truncate(rows.len() - left_out);
    Picked {
        rows,
        period,
        undated,
        left_out,
    }
}

/// Rows that `only` and `leave_out` let pass, of any period.
pub(super) fn matching(table: &Table<'_>, pick: &Pick) -> Vec<usize> {
    let conditions = |entries| -> Vec<Condition<'_>> {
        let entries: &[Match] = entries;
        entries
            .iter()
            .filter_map(|entry| Condition::of(entry, table))
            .collect()
    };
    let only = conditions(&pick.only);
    let leave_out = conditions(&pick.leave_out);
    (0..table.rows.height())
        .filter(|row| {
            only.iter().all(|condition| condition.holds(table, *row))
                && !leave_out
                    .iter()
                    .any(|condition| condition.holds(table, *row))
        })
        .collect()
}

fn sort(table: &Table<'_>, pick: &Pick, first: Option<&Condition<'_>>, rows: &mut Vec<usize>) {
    if pick.sort.is_empty() {
        return;
    }
    let keys: Vec<(usize, &SortKey)> = pick
        .sort
        .iter()
        .filter_map(|key| {
            let (column, _) = table.shape.column(&key.column.name)?;
            Some((column, key))
        })
        .collect();
    let mut keyed: Vec<(bool, Vec<Cell>, usize)> = rows
        .iter()
        .map(|row| {
            let is_first = first.is_some_and(|condition| condition.holds(table, *row));
            let cells = keys
                .iter()
                .map(|(column, key)| sort_value(table.rows.cell(*row, *column), key));
            (!is_first, cells.collect(), *row)
        })
        .collect();
    // A stable sort: equal rows keep the order of the table.
    keyed.sort_by(|(one_late, one, _), (other_late, other, _)| {
        let by_cells = one.iter().zip(other).zip(&keys).map(|((one, other), key)| {
            let (_, key) = key;
            compare(one, other, key.descending)
        });
        by_cells.fold(one_late.cmp(other_late), Ordering::then)
    });
    *rows = keyed.into_iter().map(|(_, _, row)| row).collect();
}

/// The place of a code among its labels, behind them all where it has none; else the value itself.
fn sort_value(cell: Cell, key: &SortKey) -> Cell {
    let Some(labels) = &key.labels else {
        return cell;
    };
    let code = match &cell {
        Cell::Text(code) => code.clone(),
        Cell::Int(code) => code.to_string(),
        _ => return cell,
    };
    let place = labels.find(&code).map(|(place, _)| place);
    Cell::Int(
        place
            .and_then(|place| i64::try_from(place).ok())
            .unwrap_or(i64::MAX),
    )
}

/// Values in order; missing and suppressed ones last, whichever the direction.
fn compare(one: &Cell, other: &Cell, descending: bool) -> Ordering {
    let is_blank = |cell: &Cell| matches!(cell, Cell::Null | Cell::Suppressed);
    match (is_blank(one), is_blank(other)) {
        (true, true) => return Ordering::Equal,
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => {}
    }
    let order = match (one, other) {
        (Cell::Int(one), Cell::Int(other)) | (Cell::Time(one), Cell::Time(other)) => one.cmp(other),
        (Cell::Float(one), Cell::Float(other)) => one.total_cmp(other),
        (Cell::Text(one), Cell::Text(other)) => one.cmp(other),
        (Cell::Bool(one), Cell::Bool(other)) => one.cmp(other),
        (Cell::Date(one), Cell::Date(other)) => one.cmp(other),
        (Cell::List(one), Cell::List(other)) => one.cmp(other),
        _ => Ordering::Equal,
    };
    if descending { order.reverse() } else { order }
}
