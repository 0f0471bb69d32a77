//! A table's cells as columns of JSON: small, and rounded once for reading.
//!
//! Numbers are whole: fen as they are, shares in tenths of a percent, other numbers in tenths, each rounded half to even.
//! Missing cells are `null`, suppressed ones `"*"`. A text column is the list of its texts and either the place of each
//! cell's text in it, or, where rows form a full grid as in most published tables, the cycle in which the texts
//! come: the text of row `i` is then `texts[cycle[floor(i / run) mod cycle.length]]`.

use std::collections::HashMap;

use serde::Serialize;

use super::error::PageError;
use super::input::{Cell, Column, Kind, Table};

/// Numbers beyond this lose digits in a browser.
const LARGEST_EXACT: i64 = 9_007_199_254_740_991;

/// The cells of a column.
#[derive(Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cells<'a> {
    Numbers(Vec<Number>),
    Cycle {
        texts: Vec<Option<&'a str>>,
        run: usize,
        cycle: Vec<usize>,
    },
    Places {
        texts: Vec<Option<&'a str>>,
        at: Vec<usize>,
    },
}

/// A number's cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Number {
    Whole(i64),
    Suppressed(&'static str),
    Missing(()),
}

/// The cells of one column for the rows chosen.
pub fn column<'a>(
    table: &'a Table,
    at: usize,
    column: &Column,
    rows: &[usize],
) -> Result<Cells<'a>, PageError> {
    let wrong = |row: usize, problem| PageError::Cell {
        table: table.name.clone(),
        row: row + 1,
        column: column.name.clone(),
        problem,
    };
    let cells = rows.iter().map(|&row| (row, &table.rows[row][at]));
    if matches!(
        column.kind,
        Kind::Text | Kind::Month | Kind::Date | Kind::Flag
    ) {
        let texts =
            cells.map(|(row, cell)| text(column.kind, cell).map_err(|problem| wrong(row, problem)));
        Ok(text_cells(&texts.collect::<Result<Vec<_>, _>>()?))
    } else {
        let numbers = cells
            .map(|(row, cell)| number(column.kind, cell).map_err(|problem| wrong(row, problem)));
        Ok(Cells::Numbers(numbers.collect::<Result<_, _>>()?))
    }
}

fn text(kind: Kind, cell: &Cell) -> Result<Option<&str>, &'static str> {
    match (kind, cell) {
        (_, Cell::Missing) => Ok(None),
        (Kind::Flag, Cell::Flag(flag)) => Ok(Some(if *flag { "true" } else { "false" })),
        (Kind::Flag, _) => Err("not yes or no"),
        (_, Cell::Text(text)) => Ok(Some(text)),
        (_, Cell::Suppressed) => Err("text cannot be suppressed"),
        _ => Err("not a text"),
    }
}

fn number(kind: Kind, cell: &Cell) -> Result<Number, &'static str> {
    let whole = match (kind, cell) {
        (_, Cell::Missing) => return Ok(Number::Missing(())),
        (_, Cell::Suppressed) => return Ok(Number::Suppressed("*")),
        (Kind::Count | Kind::Fen, Cell::Integer(value)) => *value,
        (Kind::Count | Kind::Fen, _) => return Err("not a whole number"),
        (Kind::Share, Cell::Float(value)) => scaled(*value, 1000.0)?,
        (Kind::Decimal, Cell::Float(value)) => scaled(*value, 10.0)?,
        (Kind::Decimal, Cell::Integer(value)) => value
            .checked_mul(10)
            .ok_or("beyond the numbers that browsers keep")?,
        _ => return Err("not a number"),
    };
    if whole.unsigned_abs() > LARGEST_EXACT.unsigned_abs() {
        return Err("beyond the numbers that browsers keep");
    }
    Ok(Number::Whole(whole))
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the bound is checked first"
)]
fn scaled(value: f64, factor: f64) -> Result<i64, &'static str> {
    let rounded = (value * factor).round_ties_even();
    if rounded.abs() < 9e15 {
        Ok(rounded as i64)
    } else {
        Err("beyond the numbers that browsers keep, or not a number")
    }
}

fn text_cells<'a>(cells: &[Option<&'a str>]) -> Cells<'a> {
    let mut texts = Vec::new();
    let mut place_of = HashMap::new();
    let places: Vec<usize> = cells
        .iter()
        .map(|&cell| {
            *place_of.entry(cell).or_insert_with(|| {
                texts.push(cell);
                texts.len() - 1
            })
        })
        .collect();
    match grid(&places) {
        Some((run, cycle)) => Cells::Cycle { texts, run, cycle },
        None => Cells::Places { texts, at: places },
    }
}

/// The run and the cycle of places that repeat as in a full grid.
///
/// The cycle is taken to end where the first place comes again after another one, which is so in a grid ordered by its
/// columns: each value of an inner column comes once a cycle.
fn grid(places: &[usize]) -> Option<(usize, Vec<usize>)> {
    let first = *places.first()?;
    let run = places.iter().take_while(|&&place| place == first).count();
    let heads: Vec<usize> = places.iter().step_by(run).copied().collect();
    let length = heads
        .iter()
        .skip(1)
        .position(|&head| head == first)
        .map_or(heads.len(), |at| at + 1);
    let cycle = heads[..length].to_vec();
    let repeats = places
        .iter()
        .enumerate()
        .all(|(at, &place)| place == cycle[(at / run) % length]);
    repeats.then_some((run, cycle))
}

#[cfg(test)]
#[path = "encode_tests.rs"]
mod tests;
