//! The rows of a query as a plain workbook: one sheet, headings in the first row.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::workbook::WorkbookError;
use crate::engine::{Cell, Table};

/// Integers that a spreadsheet's number keeps; larger ones, such as keys, are written as text.
const MOST_EXACT: u64 = 1_000_000_000_000_000;

/// Writes a table as the content of an `.xlsx` file; `note`, if any, stands on a second sheet. The same rows give the same
/// bytes.
///
/// # Errors
/// When the rows are more than a sheet holds, or the writer refuses.
pub fn rows_book(table: &Table, note: Option<&str>) -> Result<Vec<u8>, WorkbookError> {
    let mut book = Workbook::new();
    // The moment of writing would make other bytes each time.
    let created = ExcelDateTime::from_ymd(2020, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let sheet = book.add_worksheet().set_name("query")?;
    let heading = Format::new().set_bold();
    for (column, name) in (0..).zip(table.names()) {
        sheet.write_string_with_format(0, column, name, &heading)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    for (row, cells) in (1..).zip(table.cells()) {
        for (column, cell) in (0..).zip(&cells) {
            write_cell(sheet, row, column, cell)?;
        }
    }
    if let Some(note) = note {
        let sheet = book.add_worksheet().set_name("说明 note")?;
        sheet.write_string(0, 0, note)?;
    }
    Ok(book.save_to_buffer()?)
}

fn write_cell(sheet: &mut Worksheet, row: u32, column: u16, cell: &Cell) -> Result<(), XlsxError> {
    match cell {
        Cell::Null => return Ok(()),
        Cell::Int(value) if value.unsigned_abs() < MOST_EXACT => {
            sheet.write_number(row, column, *value as f64)?
        }
        Cell::Float(value) if value.is_finite() => sheet.write_number(row, column, *value)?,
        Cell::Bool(value) => sheet.write_boolean(row, column, *value)?,
        other => sheet.write_string(row, column, other.text())?,
    };
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader, Xlsx};

    use super::*;
    use crate::engine::ColumnData;

    #[test]
    fn rows_come_back() {
        let columns = vec![
            ("n", ColumnData::Int(vec![Some(7), None])),
            ("key", ColumnData::Int(vec![Some(i64::MAX), Some(-1)])),
            ("x", ColumnData::Float(vec![Some(0.5), None])),
            ("t", ColumnData::Text(vec![Some("济南".to_owned()), None])),
        ];
        let table = Table::from_columns("t", columns).unwrap();
        let bytes = rows_book(&table, Some("note")).unwrap();
        assert_eq!(bytes, rows_book(&table, Some("note")).unwrap());
        let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
        let range = book.worksheet_range("query").unwrap();
        let rows: Vec<Vec<Data>> = range.rows().map(<[Data]>::to_vec).collect();
        let text = |text: &str| Data::String(text.to_owned());
        assert_eq!(rows[0], [text("n"), text("key"), text("x"), text("t")]);
        assert_eq!(
            rows[1],
            [
                Data::Float(7.0),
                text("9223372036854775807"),
                Data::Float(0.5),
                text("济南")
            ]
        );
        assert_eq!(
            rows[2],
            [Data::Empty, Data::Float(-1.0), Data::Empty, Data::Empty]
        );
        let note = book.worksheet_range("说明 note").unwrap();
        assert_eq!(note.get_value((0, 0)), Some(&text("note")));
    }
}
