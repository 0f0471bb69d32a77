//! A table as the public gets it: hidden figures empty and marked, and the same as text for spreadsheets.

use std::collections::{BTreeMap, BTreeSet};

use super::ready::ReadyTable;
use crate::engine::{Cell, ColumnData, EngineError, Table};

/// Column that tells rows with a hidden figure.
pub const SUPPRESSED: &str = "suppressed";
/// Column that names the hidden figures of a row, joined by `|`: an empty cell that is not named is missing.
pub const SUPPRESSED_COLUMNS: &str = "suppressed_columns";

/// The table without its hidden figures.
///
/// # Errors
/// Only when columns differ in length, which would be a fault of this program.
pub fn public_table(
    name: &str,
    table: &Table,
    hidden: &BTreeMap<String, BTreeSet<usize>>,
) -> Result<Table, EngineError> {
    let mut columns = Vec::new();
    let kinds = table.kinds();
    for (column, kind) in &kinds {
        let none = BTreeSet::new();
        let rows = hidden.get(column).unwrap_or(&none);
        let values = table.column(name, column)?;
        let shown = values.into_iter().enumerate().map(|(row, cell)| {
            if rows.contains(&row) {
                Cell::Null
            } else {
                cell
            }
        });
        columns.push((column.as_str(), ColumnData::of(*kind, shown)));
    }
    let of_row = |row: usize| -> Vec<&str> {
        let columns = hidden.iter().filter(|(_, rows)| rows.contains(&row));
        columns.map(|(column, _)| column.as_str()).collect()
    };
    let named: Vec<Vec<&str>> = (0..table.height()).map(of_row).collect();
    let is_any = named.iter().map(|columns| Some(!columns.is_empty()));
    columns.push((SUPPRESSED, ColumnData::Bool(is_any.collect())));
    let joined = named
        .iter()
        .map(|columns| (!columns.is_empty()).then(|| columns.join("|")));
    columns.push((SUPPRESSED_COLUMNS, ColumnData::Text(joined.collect())));
    Table::from_columns(name, columns)
}

/// Fen as yuan with two decimals, exactly.
fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let fen = fen.unsigned_abs();
    format!("{sign}{}.{:02}", fen / 100, fen % 100)
}

/// CSV text with a byte order mark, so that spreadsheets see UTF-8. Money columns (`…_fen`) are in yuan with two
/// decimals and named `…_yuan`; a hidden figure is `*`.
///
/// # Errors
/// When the writer fails.
pub fn csv(table: &ReadyTable) -> Result<Vec<u8>, csv::Error> {
    let is_fen = |name: &str| name.ends_with("_fen");
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(table.columns.iter().map(
        |column| match column.name.strip_suffix("_fen") {
            Some(stem) => format!("{stem}_yuan"),
            None => column.name.clone(),
        },
    ))?;
    for (index, row) in table.rows.iter().enumerate() {
        let cells = table.columns.iter().zip(row).map(|(column, cell)| {
            if table.is_hidden(&column.name, index) {
                return "*".to_owned();
            }
            match cell {
                Cell::Int(fen) if is_fen(&column.name) => yuan(*fen),
                other => other.text(),
            }
        });
        writer.write_record(cells)?;
    }
    writer
        .into_inner()
        .map_err(|error| csv::Error::from(error.into_error()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_figures_are_empty_and_named() {
        let table = Table::from_columns(
            "t",
            vec![
                (
                    "city",
                    ColumnData::Text(vec![Some("a".to_owned()), Some("b".to_owned())]),
                ),
                ("persons", ColumnData::Int(vec![Some(3), Some(9)])),
                ("paid_fen", ColumnData::Int(vec![Some(105), None])),
            ],
        )
        .unwrap();
        let hidden = BTreeMap::from([
            ("persons".to_owned(), BTreeSet::from([0])),
            ("paid_fen".to_owned(), BTreeSet::from([0])),
        ]);
        let public = public_table("t", &table, &hidden).unwrap();
        assert_eq!(
            public.names(),
            [
                "city",
                "persons",
                "paid_fen",
                SUPPRESSED,
                SUPPRESSED_COLUMNS
            ]
        );
        let rows = public.cells();
        assert_eq!(rows[0][1..3], [Cell::Null, Cell::Null]);
        assert_eq!(
            rows[0][3..],
            [Cell::Bool(true), Cell::Text("paid_fen|persons".to_owned())]
        );
        assert_eq!(
            rows[1][1..],
            [Cell::Int(9), Cell::Null, Cell::Bool(false), Cell::Null]
        );
    }

    #[test]
    fn money_is_in_yuan() {
        for (fen, text) in [
            (0, "0.00"),
            (5, "0.05"),
            (12_345, "123.45"),
            (-5, "-0.05"),
            (-12_300, "-123.00"),
        ] {
            assert_eq!(yuan(fen), text);
        }
    }
}
