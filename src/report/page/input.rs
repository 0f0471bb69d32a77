use serde::Serialize;

/// A text in the page's two languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Text {
    /// Chinese; where it is empty the page shows the English text, marked as English.
    pub zh: String,
    /// English; where it is empty the page shows the Chinese text, marked as Chinese.
    pub en: String,
}

impl Text {
    /// A text of both languages.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            zh: zh.into(),
            en: en.into(),
        }
    }
}

/// Everything that a page shows.
#[derive(Debug, Clone)]
pub struct Page {
    /// The release.
    pub release: Release,
    /// Its tables, in the order of the page. The charts know the published tables by their names.
    pub tables: Vec<Table>,
    /// Caps on the online share of hours, drawn beside the shares.
    pub online_caps: Vec<OnlineCap>,
    /// Thresholds of disclosure control; `None` for a page whose tables were not put through it.
    pub disclosure: Option<Disclosure>,
    /// What the data of all tables may take in the page; see [`Page::DATA_BYTES`].
    pub data_bytes: usize,
}

impl Page {
    /// The usual bound on the data: with the charts' library the page stays below 2 MB.
    pub const DATA_BYTES: usize = 1_200_000;
}

/// What the page says of the release.
#[derive(Debug, Clone, Serialize)]
pub struct Release {
    /// Release id.
    pub id: String,
    /// As-of day, `YYYY-MM-DD`.
    pub as_of: String,
    /// Who the page is for.
    pub audience: Audience,
    /// Name and version of the program, for the foot of the page.
    pub program: String,
    /// Rows read by all loads of the release, if known.
    pub rows_read: Option<u64>,
    /// Rows in quarantine, if known.
    pub rows_quarantined: Option<u64>,
    /// Files with all tables, such as the workbook.
    pub downloads: Vec<Download>,
}

/// Who a page is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Everybody: disclosure control was applied.
    Public,
    /// Staff: nothing is suppressed.
    Internal,
}

/// A file to download.
#[derive(Debug, Clone, Serialize)]
pub struct Download {
    /// What it is, in a word that needs no translation: `CSV`, `Parquet`, `XLSX`.
    pub label: String,
    /// Where it lies, as a URL reference relative to the page (percent-encoded where need be).
    pub href: String,
    /// Its size, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
}

/// A cap on the online share from a month on.
#[derive(Debug, Clone, Serialize)]
pub struct OnlineCap {
    /// The city, or 370000 for cities without a cap of their own.
    pub city_code: String,
    /// First month in force, `YYYY-MM`.
    pub from_month: String,
    /// The cap in thousandths: 400 is 40 %.
    pub per_mille: u32,
}

/// Thresholds of disclosure control, told in the notes.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Disclosure {
    /// Fewest persons (or payees) of a cell that is shown.
    pub fewest_persons: u32,
    /// Share of one payee, in thousandths, from which a sum of money is hidden.
    pub largest_payee_per_mille: u32,
}

/// A published table.
#[derive(Debug, Clone)]
pub struct Table {
    /// Name, as in the release.
    pub name: String,
    /// Title.
    pub title: Text,
    /// What the table holds.
    pub description: Text,
    /// Articles of the notice and other sources, such as `notice 三（一）`.
    pub sources: Vec<String>,
    /// Columns that together name a row.
    pub grain: Vec<String>,
    /// Columns.
    pub columns: Vec<Column>,
    /// Rows in their published order, each with one cell a column.
    pub rows: Vec<Vec<Cell>>,
    /// The table as files.
    pub downloads: Vec<Download>,
}

/// A column.
#[derive(Debug, Clone)]
pub struct Column {
    /// Name, as in the release.
    pub name: String,
    /// Heading.
    pub heading: Text,
    /// What the column holds, in a sentence.
    pub definition: Text,
    /// Unit, as the header of the SQL file has it: `persons`, `fen`, `share`, or nothing.
    pub unit: String,
    /// How its cells are read and shown.
    pub kind: Kind,
    /// What codes in the column mean, for a column of codes.
    pub meanings: Vec<Meaning>,
}

impl Column {
    /// An English heading for a column that has none but its name: `completions_ytd` becomes `Completions ytd`.
    ///
    /// The ending that names how money or ratios are stored is left off, since the page shows them in other units.
    #[must_use]
    pub fn heading_from_name(name: &str) -> String {
        let stem = name
            .strip_suffix("_fen")
            .or_else(|| name.strip_suffix("_pct"));
        let words = stem.unwrap_or(name).replace('_', " ");
        let mut characters = words.chars();
        let first = characters.next().map(|first| first.to_uppercase());
        first.into_iter().flatten().chain(characters).collect()
    }
}

/// What a code means.
#[derive(Debug, Clone)]
pub struct Meaning {
    /// The code, as in the cells.
    pub code: String,
    /// What it means.
    pub text: Text,
}

/// How a column's cells are read and shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Text and codes.
    Text,
    /// A month, `YYYY-MM`.
    Month,
    /// A day, `YYYY-MM-DD`.
    Date,
    /// Whole numbers.
    Count,
    /// Money in fen, shown in yuan with two decimals.
    Fen,
    /// Fractions, shown as percent with one decimal.
    Share,
    /// Other numbers, shown with one decimal.
    Decimal,
    /// Yes or no.
    Flag,
}

impl Kind {
    /// The kind of a column of an SQL file's header, by its name, type and unit.
    #[must_use]
    pub fn of(name: &str, kind: &str, unit: &str) -> Self {
        match (kind, unit) {
            ("date", _) => Self::Date,
            ("bool", _) => Self::Flag,
            ("int", "fen") => Self::Fen,
            ("int", _) => Self::Count,
            ("float", "share") => Self::Share,
            ("float", _) => Self::Decimal,
            _ if name == "month" => Self::Month,
            _ => Self::Text,
        }
    }

    /// Whether rows can be put in order of time by the column.
    #[must_use]
    pub fn is_period(self) -> bool {
        matches!(self, Self::Month | Self::Date)
    }
}

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// No value: a ratio with a zero base, or nothing known. Shown as `—`.
    Missing,
    /// Hidden by disclosure control. Shown as `*`.
    Suppressed,
    /// Text, a month or a day.
    Text(String),
    /// A whole number, or fen.
    Integer(i64),
    /// A fraction or another number.
    Float(f64),
    /// Yes or no.
    Flag(bool),
}
