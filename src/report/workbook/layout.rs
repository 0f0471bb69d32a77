//! What a layout file says.

use std::sync::Arc;

use super::data::Table;
use super::default_sheet::default_sheet;
use super::format::Format;

/// A name with the line on which it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) line: usize,
}

/// Fonts that every office has.
pub(super) const TITLE_FONT: &str = "黑体";
pub(super) const BODY_FONT: &str = "宋体";

/// The layout of one audience's workbook.
#[derive(Debug, Clone)]
pub struct BookLayout {
    pub(super) title: String,
    /// The office that issues it.
    pub(super) office: String,
    /// General notes, on the contents sheet.
    pub(super) notes: Vec<String>,
    pub(super) fonts: Fonts,
    pub(super) sheets: Vec<SheetLayout>,
}

impl BookLayout {
    /// The book of an audience that has no layout: every table with all its columns.
    pub fn plain(audience: &str) -> BookLayout {
        BookLayout {
            title: format!("skillwatch {audience}"),
            office: String::new(),
            notes: Vec::new(),
            fonts: Fonts {
                title: TITLE_FONT.to_owned(),
                body: BODY_FONT.to_owned(),
            },
            sheets: Vec::new(),
        }
    }

    /// A book of tables with all their columns in the order given, under a title, with notes on its contents sheet and
    /// charts below the tables that they name.
    pub fn of_tables(
        title: &str,
        notes: Vec<String>,
        tables: &[Table<'_>],
        charts: &[PlainChart],
    ) -> BookLayout {
        let mut sheets: Vec<SheetLayout> = Vec::new();
        let mut taken: Vec<String> = Vec::new();
        for table in tables {
            let mut sheet = default_sheet(table, &taken);
            taken.push(sheet.name.clone());
            let own = charts
                .iter()
                .filter(|chart| chart.table == table.shape.name);
            sheet.charts = own.map(PlainChart::layout).collect();
            sheets.push(sheet);
        }
        BookLayout {
            title: title.to_owned(),
            notes,
            sheets,
            ..BookLayout::plain("")
        }
    }

    /// The words of a column's codes, in the order in which they are shown; none where the layout has none.
    pub fn words(&self, table: &str, column: &str) -> &[(String, String)] {
        let sheets = self.sheets.iter().filter(|sheet| sheet.table == table);
        let labels = sheets.flat_map(|sheet| {
            let across = sheet.across.iter();
            let columns = sheet.columns.iter();
            let spread = across.map(|across| (&across.column, &across.labels));
            spread.chain(columns.map(|column| (&column.column, &column.labels)))
        });
        labels
            .filter(|(named, _)| named.name == column)
            .find_map(|(_, labels)| labels.as_deref())
            .map_or(&[], |labels| &labels.words)
    }

    /// The tables that have a sheet, in order, each once.
    pub fn tables(&self) -> Vec<&str> {
        let mut tables: Vec<&str> = Vec::new();
        for sheet in &self.sheets {
            if !tables.contains(&sheet.table.as_str()) {
                tables.push(&sheet.table);
            }
        }
        tables
    }
}

/// Fonts of titles and headings, and of everything else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fonts {
    pub(super) title: String,
    pub(super) body: String,
}

/// Codes and their Chinese words, in the order in which they are shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Labels {
    pub(super) words: Vec<(String, String)>,
}

impl Labels {
    /// The place and the word of a code.
    pub(super) fn find(&self, code: &str) -> Option<(usize, &str)> {
        self.words
            .iter()
            .enumerate()
            .find(|(_, (own, _))| own == code)
            .map(|(place, (_, word))| (place, word.as_str()))
    }
}

/// One sheet.
#[derive(Debug, Clone)]
pub(super) struct SheetLayout {
    /// The file, for messages.
    pub(super) file: Arc<str>,
    pub(super) line: usize,
    pub(super) table: String,
    /// The tab.
    pub(super) name: String,
    pub(super) title: String,
    pub(super) subtitle: Option<String>,
    /// The unit line; made of the columns' units where it is not given.
    pub(super) unit: Option<String>,
    pub(super) pick: Pick,
    /// Columns whose values make a row; empty for a sheet that lists the table's rows.
    pub(super) by: Vec<Named>,
    pub(super) across: Option<Across>,
    pub(super) columns: Vec<ColumnLayout>,
    /// Rows that are totals: bold, not indented, and first when the sheet is sorted.
    pub(super) total_rows: Option<Match>,
    /// Heading of a first row that adds up the columns with `add`.
    pub(super) total_row: Option<String>,
    /// Columns that stay in sight.
    pub(super) freeze: Option<usize>,
    /// Whether headings filter.
    pub(super) filter: bool,
    pub(super) portrait: bool,
    /// Whether all of it is printed on one page.
    pub(super) one_page: bool,
    pub(super) notes: Vec<String>,
    pub(super) sources: Vec<String>,
    pub(super) charts: Vec<ChartLayout>,
}

/// Which rows, in which order.
#[derive(Debug, Clone, Default)]
pub(super) struct Pick {
    pub(super) period: Option<Named>,
    pub(super) take: Take,
    pub(super) only: Vec<Match>,
    pub(super) leave_out: Vec<Match>,
    pub(super) sort: Vec<SortKey>,
    pub(super) most: Option<usize>,
}

/// Which part of the time a table covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Take {
    #[default]
    All,
    /// The last month or day that the table has.
    Latest,
    /// January to the last month.
    Year,
    /// So many months or days that the table has, the last ones.
    Last(usize),
}

/// Rows whose column has one of the values.
#[derive(Debug, Clone)]
pub(super) struct Match {
    pub(super) column: Named,
    pub(super) values: Vec<String>,
}

#[derive(Debug, Clone)]
pub(super) struct SortKey {
    pub(super) column: Named,
    pub(super) descending: bool,
    /// Where the column has labels, their order holds.
    pub(super) labels: Option<Arc<Labels>>,
}

/// A column whose values become columns.
#[derive(Debug, Clone)]
pub(super) struct Across {
    pub(super) column: Named,
    pub(super) labels: Option<Arc<Labels>>,
    /// Heading of the first columns, which add up those with `add`.
    pub(super) total: Option<String>,
}

/// One column of a sheet.
#[derive(Debug, Clone)]
pub(super) struct ColumnLayout {
    pub(super) column: Named,
    pub(super) heading: Option<String>,
    /// Heading above, shared by neighbours.
    pub(super) group: Option<String>,
    pub(super) unit: Option<String>,
    pub(super) format: Option<Format>,
    pub(super) format_line: usize,
    pub(super) width: Option<f64>,
    /// Whether rows that are no totals are indented.
    pub(super) indent: bool,
    /// Whether equal neighbours below each other are merged.
    pub(super) merge: bool,
    /// Whether texts are spread across as numbers are.
    pub(super) spread: bool,
    /// Whether values may be added up.
    pub(super) add: bool,
    pub(super) labels: Option<Arc<Labels>>,
    /// Items of a list that are shown.
    pub(super) most: Option<usize>,
}

/// One chart.
#[derive(Debug, Clone)]
pub(super) struct ChartLayout {
    pub(super) line: usize,
    pub(super) kind: ChartKind,
    pub(super) title: String,
    pub(super) unit: Option<String>,
    pub(super) category: Named,
    pub(super) values: Vec<Named>,
    /// Names of the values; their headings where it is empty.
    pub(super) names: Vec<String>,
    pub(super) pick: Pick,
    /// Whether rows of the same category are added up.
    pub(super) add: bool,
    /// Whether the figures stand beside the bars or points.
    pub(super) figures: bool,
}

/// A chart of columns in a book without layout files.
#[derive(Debug, Clone)]
pub struct PlainChart {
    /// The table below which it stands.
    pub table: &'static str,
    /// Its title.
    pub title: String,
    /// The column whose values stand along the axis.
    pub category: &'static str,
    /// The columns that are drawn.
    pub values: &'static [&'static str],
    /// Whether the columns stand on each other.
    pub is_stacked: bool,
    /// The rows that are drawn, by a column and its value; all where it is not given.
    pub only: Option<(&'static str, String)>,
}

impl PlainChart {
    fn layout(&self) -> ChartLayout {
        let named = |name: &str| Named {
            name: name.to_owned(),
            line: 0,
        };
        let only = self.only.iter().map(|(column, value)| Match {
            column: named(column),
            values: vec![value.clone()],
        });
        ChartLayout {
            line: 0,
            kind: if self.is_stacked {
                ChartKind::Stacked
            } else {
                ChartKind::Column
            },
            title: self.title.clone(),
            unit: None,
            category: named(self.category),
            values: self.values.iter().map(|name| named(name)).collect(),
            names: Vec::new(),
            pick: Pick {
                only: only.collect(),
                ..Pick::default()
            },
            add: true,
            figures: false,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ChartKind {
    Line,
    Column,
    Bar,
    Stacked,
}
