//! 调整: what a release changes in earlier months of the year, beside the figures of the year to date.
//!
//! The year to date that the last release showed, with the month's own figure and the adjustment, is the year to date now:
//! 上月止累计 + 本月 + 调整 = 本月止累计.

use std::collections::BTreeMap;

use super::ready::ReadyTable;
use crate::engine::Cell;
use crate::model::{ColumnKind, ModelColumn};
use crate::release::{Revision, cell_key};

/// Table and figure that have an adjustment, and its column.
const TABLE: &str = "city_progress_monthly";
const FIGURE: &str = "completions";
/// Column of the adjustment.
const COLUMN: &str = "completions_adjustment";

/// The column that [`add_adjustment`] adds to a table, for checks of layouts.
pub fn adjustment_column(table: &str) -> Option<ModelColumn> {
    (table == TABLE).then(|| ModelColumn {
        name: COLUMN.to_owned(),
        kind: ColumnKind::Int,
        unit: "completions".to_owned(),
        zh: "往月调整".to_owned(),
        en: "change that this release makes to completions of earlier months of the year"
            .to_owned(),
    })
}

/// Adds to each row what `changes`, those that this release makes, change in earlier months of its year.
pub fn add_adjustment(table: &mut ReadyTable, changes: &[Revision]) {
    let Some(column) = adjustment_column(&table.name) else {
        return;
    };
    let (Some(month), Some(city)) = (table.place("month"), table.place("city_code")) else {
        return;
    };
    let names: Vec<String> = table
        .columns
        .iter()
        .map(|column| column.name.clone())
        .collect();
    let of_figure = changes
        .iter()
        .filter(|change| change.table == TABLE && change.figure == FIGURE);
    let by_cell: BTreeMap<&str, f64> = of_figure
        .filter_map(|change| Some((change.cell.as_str(), change.value? - change.previous_value?)))
        .collect();
    let keyed: Vec<(String, String, f64)> = table
        .rows
        .iter()
        .map(|row| {
            let text = |place: usize| row.get(place).map(Cell::text).unwrap_or_default();
            let key = cell_key(&names, row, &table.grain);
            let change = by_cell.get(key.as_str()).copied().unwrap_or_default();
            (text(month), text(city), change)
        })
        .collect();
    // Counts are whole, so their changes are.
    let adjustment = |own_month: &str, own_city: &str| -> i64 {
        let year = own_month.get(..4);
        keyed
            .iter()
            .filter(|(month, city, _)| {
                city == own_city && month.as_str() < own_month && month.get(..4) == year
            })
            .map(|(_, _, change)| *change as i64)
            .sum()
    };
    let added: Vec<i64> = keyed
        .iter()
        .map(|(month, city, _)| adjustment(month, city))
        .collect();
    for (row, value) in table.rows.iter_mut().zip(added) {
        row.push(Cell::Int(value));
    }
    table.columns.push(column);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Audience;

    fn column(name: &str, kind: ColumnKind) -> ModelColumn {
        ModelColumn {
            name: name.to_owned(),
            kind,
            unit: String::new(),
            zh: String::new(),
            en: String::new(),
        }
    }

    #[test]
    fn earlier_months_of_the_year_count() {
        let row = |month: &str, city: &str| {
            vec![
                Cell::Text(month.to_owned()),
                Cell::Text(city.to_owned()),
                Cell::Int(1),
            ]
        };
        let mut table = ReadyTable {
            name: TABLE.to_owned(),
            audience: Audience::Public,
            title_zh: String::new(),
            title_en: String::new(),
            description_zh: String::new(),
            description_en: String::new(),
            sources: Vec::new(),
            grain: vec!["month".to_owned(), "city_code".to_owned()],
            columns: vec![
                column("month", ColumnKind::Text),
                column("city_code", ColumnKind::Text),
                column(FIGURE, ColumnKind::Int),
            ],
            rows: vec![
                row("2019-12", "a"),
                row("2020-01", "a"),
                row("2020-02", "a"),
                row("2020-03", "a"),
                row("2020-03", "b"),
            ],
            hidden: BTreeMap::new(),
        };
        let change = |month: &str, before: f64, after: f64| Revision {
            table: TABLE.to_owned(),
            cell: format!("month={month}, city_code=a"),
            figure: FIGURE.to_owned(),
            reference_period: month.to_owned(),
            number: 1,
            published_on: "2020-03-31".parse().unwrap(),
            value: Some(after),
            previous_value: Some(before),
            is_running: false,
            reason: String::new(),
        };
        let changes = [
            change("2019-12", 1.0, 9.0),
            change("2020-01", 5.0, 3.0),
            change("2020-02", 1.0, 2.0),
        ];
        add_adjustment(&mut table, &changes);
        let added: Vec<Cell> = table.rows.iter().map(|row| row[3].clone()).collect();
        assert_eq!(added, [0, 0, -2, -1, 0].map(Cell::Int));
    }
}
