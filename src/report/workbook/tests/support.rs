//! A small release, a layout for it, and a reader of what was written.

use std::io::Cursor;

use calamine::{Data, Range, Reader, Xlsx, open_workbook_from_rs};
use chrono::NaiveDate;

use crate::report::workbook::{
    Cell, Column, Kind, Layouts, Release, Rounding, Table, TableShape, write_within,
};

pub(super) fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

pub(super) fn column(name: &str, kind: Kind, unit: &str, zh: &str) -> Column {
    Column {
        name: name.to_owned(),
        kind,
        unit: unit.to_owned(),
        zh: zh.to_owned(),
        en: String::new(),
    }
}

/// Progress of three months in the province and two cities, with a suppressed and a missing value in the last.
pub(super) fn progress() -> Table<'static> {
    let columns = vec![
        column("month", Kind::Text, "", "月份"),
        column("city_code", Kind::Text, "", "行政区划代码"),
        column("city_name", Kind::Text, "", "地区"),
        column("completions", Kind::Int, "completions", "培训人次"),
        column("persons", Kind::Int, "persons", "培训人数"),
        column("paid_fen", Kind::Int, "fen", "发放金额"),
        column("target_pct", Kind::Float, "share", "完成率"),
    ];
    let mut rows = Vec::new();
    for month in 10..=12_i64 {
        for (code, name, own) in [
            ("370000", "全省", 40),
            ("370100", "济南市", 30),
            ("370200", "青岛市", 10),
        ] {
            let last_city = month == 12 && code == "370200";
            rows.push(vec![
                text(&format!("2020-{month}")),
                text(code),
                text(name),
                Cell::Int(own * month),
                if last_city {
                    Cell::Suppressed
                } else {
                    Cell::Int(own * month - 1)
                },
                Cell::Int(own * month * 12_345),
                if last_city {
                    Cell::Null
                } else {
                    Cell::Float(0.2865)
                },
            ]);
        }
    }
    table("progress", columns, rows, &["month", "city_code"])
}

pub(super) fn table(
    name: &str,
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
    grain: &[&str],
) -> Table<'static> {
    Table {
        shape: TableShape {
            name: name.to_owned(),
            columns,
            grain: grain.iter().map(|part| (*part).to_owned()).collect(),
        },
        title_zh: "培训进度月报".to_owned(),
        title_en: "Training progress".to_owned(),
        description_zh: "指标解释。".to_owned(),
        description_en: "How it is read.".to_owned(),
        sources: vec!["notice 四".to_owned()],
        rows: Box::new(rows),
    }
}

pub(super) fn release(tables: Vec<Table<'static>>) -> Release<'static> {
    Release {
        id: "2020-12-31-abc".to_owned(),
        as_of: NaiveDate::from_ymd_opt(2020, 12, 31).unwrap(),
        rounding: Rounding::HalfEven,
        tables,
    }
}

const HEAD: &str = "audience = \"public\"\ntitle = \"调度表\"\noffice = \"省厅\"\n";

/// A layout of one file.
pub(super) fn layouts(sheets: &str) -> Layouts {
    let files = [("public.toml".to_owned(), format!("{HEAD}{sheets}"))];
    Layouts::parse(&files).unwrap()
}

/// The mistakes of a layout of one file, as they are told.
pub(super) fn mistakes(sheets: &str) -> Vec<String> {
    let files = [("public.toml".to_owned(), format!("{HEAD}{sheets}"))];
    match Layouts::parse(&files) {
        Ok(layouts) => {
            let shapes = [progress().shape];
            let problems = layouts.check(&shapes);
            problems.iter().map(ToString::to_string).collect()
        }
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

/// A workbook that was written, to be read.
pub(super) struct Book {
    pub(super) bytes: Vec<u8>,
    pub(super) problems: Vec<String>,
    xlsx: Xlsx<Cursor<Vec<u8>>>,
}

pub(super) fn book(sheets: &str, release: &Release<'_>) -> Book {
    book_within(sheets, release, 1_048_576)
}

pub(super) fn book_within(sheets: &str, release: &Release<'_>, most_rows: u32) -> Book {
    let layouts = layouts(sheets);
    let written = write_within(layouts.of("public").unwrap(), release, most_rows).unwrap();
    Book {
        problems: written.problems.iter().map(ToString::to_string).collect(),
        xlsx: open_workbook_from_rs(Cursor::new(written.bytes.clone())).unwrap(),
        bytes: written.bytes,
    }
}

impl Book {
    pub(super) fn sheets(&self) -> Vec<String> {
        self.xlsx.sheet_names()
    }

    pub(super) fn range(&mut self, sheet: &str) -> Range<Data> {
        self.xlsx.worksheet_range(sheet).unwrap()
    }

    /// Every row as texts, from the first.
    pub(super) fn rows(&mut self, sheet: &str) -> Vec<Vec<String>> {
        let range = self.range(sheet);
        let rows = range.rows();
        rows.map(|row| row.iter().map(ToString::to_string).collect())
            .collect()
    }

    /// The row that begins with a text.
    pub(super) fn row(&mut self, sheet: &str, first: &str) -> Vec<String> {
        let rows = self.rows(sheet);
        let found = rows
            .iter()
            .find(|row| row.first().is_some_and(|cell| cell == first));
        found
            .unwrap_or_else(|| panic!("no row {first} in {rows:?}"))
            .clone()
    }

    /// All texts of a sheet in one.
    pub(super) fn text(&mut self, sheet: &str) -> String {
        let rows: Vec<String> = self.rows(sheet).iter().map(|row| row.join("|")).collect();
        rows.join("\n")
    }

    /// Merged ranges as first row, first column, last row, last column.
    pub(super) fn merged(&mut self, sheet: &str) -> Vec<(u32, u32, u32, u32)> {
        let merged = self.xlsx.merge_cells_by_sheet_name(sheet).unwrap();
        merged
            .iter()
            .map(|range| (range.start.0, range.start.1, range.end.0, range.end.1))
            .collect()
    }

    pub(super) fn has_formulas(&mut self, sheet: &str) -> bool {
        let formulas = self.xlsx.worksheet_formula(sheet).unwrap();
        formulas.used_cells().any(|(_, _, text)| !text.is_empty())
    }

    /// A part of the file.
    pub(super) fn part(&self, name: &str) -> String {
        let mut archive = zip::ZipArchive::new(Cursor::new(&self.bytes)).unwrap();
        let mut part = archive.by_name(name).unwrap();
        std::io::read_to_string(&mut part).unwrap()
    }
}
