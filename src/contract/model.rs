//! What a feed's contract says, as plain data.

use std::collections::HashMap;

use super::drift::DriftRules;
use super::ranges::ConditionalRange;
use super::text::fold;
use crate::identity::Wanted;

/// The contract of one feed, from `pipelines/feeds/<feed>.toml`.
#[derive(Debug, Clone, PartialEq)]
pub struct Contract {
    /// Feed name: the folder below `raw/` and the table in the lake.
    pub feed: String,
    /// Chinese title.
    pub title_zh: String,
    /// English title.
    pub title_en: String,
    /// What the feed holds.
    pub description_en: String,
    /// How a later file stands to an earlier one.
    pub mode: Mode,
    /// The columns (indexes into `columns`) that name a record.
    pub key: Vec<usize>,
    /// The date or time column by which the feed's freshness is told.
    pub main_date: Option<usize>,
    /// The column that says the city.
    pub city: Option<usize>,
    /// How the table is cut into days, for a large feed.
    pub partition: Option<Partition>,
    /// What becomes of files whose columns differ.
    pub drift: DriftRules,
    /// Ranges that depend on the word in another column.
    pub ranges: Vec<ConditionalRange>,
    /// The columns in the contract's order, in which a row's faults are judged.
    pub columns: Vec<Column>,
    /// Folded header spelling -> column index.
    pub(super) headers: HashMap<String, usize>,
}

/// How a later file stands to an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Records accumulate; a known key with other content is a revision.
    Append,
    /// The newest file for a value of column `by` replaces the rows with that value.
    Snapshot {
        /// Index of the column.
        by: usize,
    },
}

/// A table stored by the local day of one time column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Partition {
    /// The time column whose local day a row is stored under.
    pub day: usize,
    /// The time column whose greatest local day each day's files know.
    pub reach: Option<usize>,
}

/// One column of a feed.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// English header, lower case with underscores.
    pub name: String,
    /// What the derived lake columns are named after (`started` of `started_at`).
    pub stem: String,
    /// Chinese headers; the first is the title, those after the feed's own come from other feeds.
    pub zh: Vec<String>,
    /// What the column holds.
    pub en: String,
    /// Whether a null refuses the row.
    pub required: bool,
    /// Type with its checks.
    pub kind: ColumnType,
}

/// The type of a column with its checks.
#[derive(Debug, Clone, PartialEq)]
pub enum ColumnType {
    /// Text as given, cleaned, without the numbers of people that are looked for in it.
    Text(Wanted),
    /// One of the listed words.
    Enumeration(Vec<EnumerationValue>),
    /// Whole number.
    Integer(Bounds),
    /// Decimal number, a float in the lake.
    Number(Bounds),
    /// Training hours (课时) of 45 minutes, also kept as seconds.
    Hours(Bounds),
    /// Decimal yuan in files, integer fen in the lake.
    Money,
    /// Yes or no.
    Boolean,
    /// Calendar date.
    Date(Vec<Calendar>),
    /// Moment; local Asia/Shanghai where the text names no offset.
    Time(Vec<Calendar>),
    /// Division code (GB/T 2260) that stands for its city.
    City,
    /// Division code (GB/T 2260) kept as given.
    Division,
    /// Skill level: 5 (lowest) to 1 (highest), 0 for none.
    Level,
    /// Citizen number (GB 11643), kept as a key.
    Person {
        /// Whether validity, birth date, sex and division are kept beside the key.
        facts: bool,
    },
    /// Name of a person, kept as a key.
    Name,
    /// Telephone number, kept as a key.
    Phone,
    /// Bank account, kept as a key.
    Account,
}

impl ColumnType {
    /// Whether values tell who somebody is, so that they stay in the vault.
    pub fn is_identity(&self) -> bool {
        matches!(
            self,
            ColumnType::Person { .. } | ColumnType::Name | ColumnType::Phone | ColumnType::Account
        )
    }
}

/// A word of an enumeration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnumerationValue {
    /// The word kept in the lake.
    pub value: String,
    /// Chinese words; the first is the title.
    pub zh: Vec<String>,
    /// Every spelling, folded for comparison.
    pub(super) folded: Vec<String>,
}

impl EnumerationValue {
    /// A word with its Chinese spellings.
    pub fn new(value: String, zh: Vec<String>) -> EnumerationValue {
        let folded = std::iter::once(&value)
            .chain(&zh)
            .map(|word| fold(word))
            .collect();
        EnumerationValue { value, zh, folded }
    }
}

/// Closed bounds of a number; a side that is `None` is open.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Bounds {
    /// Least value allowed.
    pub minimum: Option<f64>,
    /// Greatest value allowed.
    pub maximum: Option<f64>,
}

impl Bounds {
    /// Whether the value lies within.
    pub fn contain(&self, value: f64) -> bool {
        self.minimum.is_none_or(|minimum| value >= minimum)
            && self.maximum.is_none_or(|maximum| value <= maximum)
    }
}

/// A calendar column made once at load beside a date or a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Calendar {
    /// Local Asia/Shanghai day of a time.
    Day,
    /// `YYYY-MM`.
    Month,
    /// `YYYY-Qn`.
    Quarter,
}

impl Calendar {
    /// The word in contracts and in lake column names.
    pub fn word(self) -> &'static str {
        match self {
            Calendar::Day => "day",
            Calendar::Month => "month",
            Calendar::Quarter => "quarter",
        }
    }
}

impl Contract {
    /// Index of a column by its English name.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// Column by its English name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}
