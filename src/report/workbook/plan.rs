//! Which sheets a workbook has: those of the layout, then one for each table that the layout does not know.

use super::check::check_sheet;
use super::contents::Entry;
use super::data::{Release, Table};
use super::default_sheet::default_sheet;
use super::layout::{BookLayout, SheetLayout};
use super::sheet::{Source, Written};
use super::view::View;
use crate::problem::Problem;

const ABSENT: &str = "本期未发布";
const MISFIT: &str = "与版式不符，按默认版式列示";
const UNKNOWN: &str = "无专用版式，按默认版式列示";

/// A sheet to be written.
pub(super) struct Plan<'p> {
    pub(super) layout: SheetLayout,
    /// Nothing when the release lacks the table.
    pub(super) table: Option<&'p Table<'p>>,
    remark: &'static str,
}

/// Plans the sheets; where a table does not fit its layout, the default stands in and `problems` say why.
pub(super) fn plans<'p>(
    layout: &BookLayout,
    release: &'p Release<'p>,
    problems: &mut Vec<Problem>,
) -> Vec<Plan<'p>> {
    let mut taken: Vec<String> = layout
        .sheets
        .iter()
        .map(|sheet| sheet.name.clone())
        .collect();
    let mut plans = Vec::new();
    for sheet in &layout.sheets {
        let mut tables = release.tables.iter();
        let table = tables.find(|table| table.shape.name == sheet.table);
        let misfits = table.map_or_else(Vec::new, |table| misfits(sheet, table, release));
        plans.push(match table.filter(|_| !misfits.is_empty()) {
            Some(table) => {
                let mut layout = default_sheet(table, &taken);
                layout.name.clone_from(&sheet.name);
                Plan {
                    layout,
                    table: Some(table),
                    remark: MISFIT,
                }
            }
            None => Plan {
                layout: sheet.clone(),
                table,
                remark: if table.is_none() { ABSENT } else { "" },
            },
        });
        problems.extend(misfits);
    }
    let known = layout.tables();
    // A book that has no layout at all lacks none.
    let remark = if layout.sheets.is_empty() {
        ""
    } else {
        UNKNOWN
    };
    for table in &release.tables {
        if known.contains(&table.shape.name.as_str()) {
            continue;
        }
        let layout = default_sheet(table, &taken);
        taken.push(layout.name.clone());
        plans.push(Plan {
            layout,
            table: Some(table),
            remark,
        });
    }
    plans
}

fn misfits(sheet: &SheetLayout, table: &Table<'_>, release: &Release<'_>) -> Vec<Problem> {
    let problems = check_sheet(sheet, &table.shape);
    let makes_rows = !sheet.by.is_empty() || sheet.total_row.is_some();
    if !problems.is_empty() || !makes_rows {
        return problems;
    }
    // Rows that are added up can only be judged by making them.
    match View::new(sheet, table, release) {
        Ok(_) => Vec::new(),
        Err(reason) => vec![Problem::new(&sheet.file, Some(sheet.line), reason)],
    }
}

impl Plan<'_> {
    /// The contents' line for a sheet that is there.
    pub(super) fn entry(&self, source: &Source<'_>, written: &Written) -> Entry {
        let mut remarks: Vec<String> = Vec::new();
        if !self.remark.is_empty() {
            remarks.push(self.remark.to_owned());
        }
        if source.view.left_out > 0 {
            remarks.push(format!("另有{}行未列出", source.view.left_out));
        }
        if written.cut > 0 {
            remarks.push(format!("超出行数上限，{}行未列出", written.cut));
        }
        Entry {
            number: source.number,
            tab: self.layout.name.clone(),
            title: source.title(),
            title_en: source.table.title_en.clone(),
            period: source.view.period.clone().unwrap_or_default(),
            unit: source.unit(),
            rows: Some(source.view.height() - written.cut),
            remark: remarks.join("；"),
        }
    }

    /// The contents' line for a table that the release lacks.
    pub(super) fn absent(&self, number: usize, title: String) -> Entry {
        Entry {
            number,
            tab: self.layout.name.clone(),
            title,
            title_en: String::new(),
            period: String::new(),
            unit: String::new(),
            rows: None,
            remark: ABSENT.to_owned(),
        }
    }
}
