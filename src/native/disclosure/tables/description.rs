//! What is published, as a file says it: tables, columns, and how figures hang together.

use std::collections::BTreeMap;

use serde::Deserialize;
use thiserror::Error;

/// The published tables of one audience and everything an attacker knows of how their figures hang together.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Description {
    /// Rows whose loss counts more, by grain column and value: a factor for the information lost.
    #[serde(default)]
    pub emphasis: BTreeMap<String, BTreeMap<String, u64>>,
    /// The tables.
    #[serde(rename = "table")]
    pub tables: Vec<Table>,
    /// Sums, parts and bounds, within a table and between tables.
    #[serde(default, rename = "relation")]
    pub relations: Vec<TableRelation>,
    /// Figures from January to the month beside those of the month.
    #[serde(default, rename = "ladder")]
    pub ladders: Vec<Ladder>,
    /// Differences that are never shown but must not be small either.
    #[serde(default, rename = "complement")]
    pub complements: Vec<Complement>,
}

/// One table: published, or at its side to tell who is behind an amount.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Name.
    pub name: String,
    /// Columns that tell rows apart.
    pub grain: Vec<String>,
    /// Not published: its columns are only referred to.
    #[serde(default)]
    pub side: bool,
    /// Published columns beside the grain; columns not named here are not looked at.
    #[serde(default, rename = "column")]
    pub columns: Vec<TableColumn>,
}

/// What a column's figures are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Persons, or events that give persons away (completions, claims, certificates): the threshold applies.
    Count,
    /// A sum over contributors (fen, seconds): threshold on them, dominance and p % where the largest are known.
    Amount,
    /// A part of `of` told as a fraction of it, its numerator not shown elsewhere: the numerator is a count.
    Share,
    /// Computed from other shown columns: hidden with them, and nothing to an attacker who has them.
    Derived,
    /// No figure of persons, or public anyway: always shown.
    Public,
}

/// One published column.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableColumn {
    /// Name.
    pub name: String,
    /// What its figures are.
    pub role: Role,
    /// Factor of the information lost with one of its figures.
    #[serde(default = "one")]
    pub weight: u64,
    /// Of an amount: the column that counts its contributors.
    pub contributors: Option<String>,
    /// Of an amount: the column of the largest contributor's part.
    pub largest: Option<String>,
    /// Of an amount: the column of the second largest contributor's part.
    pub second: Option<String>,
    /// Of a share: the column it is a fraction of.
    pub of: Option<String>,
    /// Of a derived column: the columns it is computed from; `column@-12` is the row twelve months earlier.
    #[serde(default)]
    pub from: Vec<String>,
    /// Of a count: a zero is hidden, too, where this column of the row is sensitive (nobody of three passed).
    pub zero_follows: Option<String>,
    /// Why the column is public.
    pub why: Option<String>,
}

fn one() -> u64 {
    1
}

/// How two sums compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RelationKind {
    /// Left = right.
    Equal,
    /// Left ≤ right.
    AtMost,
}

/// For every value of `by`: the left sum compares with the right sum.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableRelation {
    /// What it says, for people.
    pub what: String,
    /// How the sums compare.
    pub kind: RelationKind,
    /// Columns for each of which the relation holds where a side names none.
    #[serde(default)]
    pub columns: Vec<String>,
    /// Left sum.
    pub left: Side,
    /// Right sum.
    pub right: Side,
    /// Grain columns that both sides share.
    pub by: Vec<String>,
    /// Grain columns of the left: one relation for each of their values, all with the same right sum.
    #[serde(default)]
    pub each: Vec<String>,
    /// Not certain, but what an attacker would try: used wherever it holds. Otherwise a contradiction is a mistake.
    #[serde(default)]
    pub assumed: bool,
}

/// A sum over rows and columns of a table.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Side {
    /// The table.
    pub table: String,
    /// Columns summed; none: the relation's columns, one after the other.
    #[serde(default)]
    pub columns: Vec<String>,
    /// Rows with these values only, by grain column.
    #[serde(default)]
    pub only: BTreeMap<String, Vec<String>>,
    /// Rows without these values, by grain column.
    #[serde(default)]
    pub except: BTreeMap<String, Vec<String>>,
}

/// A column of months beside the same from January to the month.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ladder {
    /// The table; its grain has `month`, `YYYY-MM`.
    pub table: String,
    /// The figure of the month.
    pub monthly: String,
    /// The figure from January to the month.
    pub to_date: String,
    /// Counted once in a year, so that months do not add up but bound the year to date.
    #[serde(default)]
    pub distinct: bool,
}

/// A count that is the difference of two shown ones.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Complement {
    /// The table.
    pub table: String,
    /// Name of the difference.
    pub name: String,
    /// The larger column.
    pub whole: String,
    /// The smaller column.
    pub part: String,
}

/// The name of the grain column of months.
pub const MONTH: &str = "month";

/// Why a description cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DescriptionError {
    /// Not TOML, or keys that nobody knows; the message has line and column.
    #[error("{0}")]
    Form(String),
    /// It says something that cannot be.
    #[error("{0}")]
    Content(String),
}

impl Description {
    /// Reads a description.
    ///
    /// # Errors
    /// [`DescriptionError`] for the first mistake.
    pub fn parse(text: &str) -> Result<Description, DescriptionError> {
        let description: Description =
            toml::from_str(text).map_err(|error| DescriptionError::Form(error.to_string()))?;
        description.check().map_err(DescriptionError::Content)?;
        Ok(description)
    }

    /// A table by name.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }
}
