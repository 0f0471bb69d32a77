//! Which sheet is read, and where its header is.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use super::super::{HeaderJudge, Limits};
use super::book::Book;
use super::fault::Fault;
use super::rows;

/// Rows with any cell, from the top, among which the header is looked for.
const ROWS_LOOKED_AT: usize = 30;

/// Further sheets that are looked at, to tell that they are not read.
const MOST_OTHERS: usize = 50;

/// Text of a row that may be a header; a longer row is data or no table at all.
const LONGEST_HEADER: usize = 1 << 20;

/// The header that was settled on.
pub(super) struct Header {
    /// Name of its sheet.
    pub sheet: String,
    /// Columns without trailing empty ones; unnamed ones between are empty.
    pub columns: Vec<String>,
    /// Sheet column, from 0, of the first of them.
    pub first_column: u32,
    /// Its sheet row, from 1; of two rows the lower one.
    pub last_row: u32,
    /// Sheets after this one that have a usable header too; they are not read.
    pub unread: Vec<String>,
}

/// A row near the top of a sheet: the cells that have text, by column.
struct HeadRow {
    number: u32,
    cells: Vec<(u32, String)>,
}

/// Settles sheet and header by the caller's judgement; `None` if the workbook has no cell with text.
///
/// # Errors
/// Whatever is wrong with the head of a sheet that is looked at.
pub(super) fn choose(
    book: &mut Book,
    limits: Limits,
    judge: HeaderJudge<'_>,
) -> Result<Option<Header>, Fault> {
    let mut best: Option<(usize, Header)> = None;
    let sheets = book.sheets().to_vec();
    for (place, sheet) in sheets.iter().enumerate() {
        let head = read_head(book, sheet, limits)?;
        for mut header in headers_of(sheet, &head) {
            let judgement = judge(&header.columns);
            if judgement.usable {
                for other in sheets.iter().skip(place + 1).take(MOST_OTHERS) {
                    // A fault of a sheet that is not read is nobody's.
                    let head = read_head(book, other, limits).unwrap_or_default();
                    if headers_of(other, &head).any(|header| judge(&header.columns).usable) {
                        header.unread.push(other.clone());
                    }
                }
                return Ok(Some(header));
            }
            let is_better = best
                .as_ref()
                .is_none_or(|(recognised, _)| judgement.recognised > *recognised);
            if is_better {
                best = Some((judgement.recognised, header));
            }
        }
    }
    Ok(best.map(|(_, header)| header))
}

/// Rows, and pairs of rows, that may be a header.
fn headers_of<'h>(sheet: &'h str, head: &'h [HeadRow]) -> impl Iterator<Item = Header> + 'h {
    let singles = head.iter().map(|row| header_of(sheet, row));
    let pairs = head.windows(2).filter_map(|pair| match pair {
        [upper, lower] => header_of_two(sheet, upper, lower),
        _ => None,
    });
    singles.chain(pairs)
}

fn read_head(book: &mut Book, sheet: &str, limits: Limits) -> Result<Vec<HeadRow>, Fault> {
    let mut head = Vec::new();
    let mut seen = 0;
    let limit = limits.record.min(LONGEST_HEADER);
    rows::visit(book, sheet, limit, &mut |row| {
        seen += 1;
        if !row.is_cut {
            head.push(HeadRow {
                number: row.number,
                cells: row
                    .filled()
                    .map(|(column, text)| (column, text.to_owned()))
                    .collect(),
            });
        }
        if seen < ROWS_LOOKED_AT {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    })?;
    Ok(head)
}

fn header_of(sheet: &str, row: &HeadRow) -> Header {
    let first_column = row.cells.first().map_or(0, |(column, _)| *column);
    let mut columns = Vec::new();
    for (column, text) in &row.cells {
        columns.resize((column - first_column) as usize, String::new());
        columns.push(text.clone());
    }
    Header {
        sheet: sheet.to_owned(),
        columns,
        first_column,
        last_row: row.number,
        unread: Vec::new(),
    }
}

/// A header of groups above columns, with cells merged sideways in the upper row and downwards over both: a column's
/// name is the lower cell, or the upper one where the lower is empty. `None` unless the rows touch.
fn header_of_two(sheet: &str, upper: &HeadRow, lower: &HeadRow) -> Option<Header> {
    if lower.number != upper.number + 1 {
        return None;
    }
    let both = upper.cells.iter().chain(&lower.cells).cloned();
    let by_column: BTreeMap<u32, String> = both.collect();
    let merged = HeadRow {
        number: lower.number,
        cells: by_column.into_iter().collect(),
    };
    Some(header_of(sheet, &merged))
}
