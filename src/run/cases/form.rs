//! A case file as written: rows in, hits or other tables out.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Deserialize;
use toml::{Spanned, Table, Value};

/// Rows by feed.
pub(super) type RowsByFeed = BTreeMap<String, Vec<Table>>;

/// A case file: of one indicator, or of any tables.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CaseFile {
    /// The indicator's id; a file without one names its tables in the releases of its data sets.
    pub(super) indicator: Option<String>,
    /// Texts for rows with `_for`.
    #[serde(default)]
    pub(super) lists: BTreeMap<String, Vec<String>>,
    /// Values of columns that rows of a feed do not name.
    #[serde(default)]
    pub(super) defaults: BTreeMap<String, Table>,
    /// Rows of every data set of the file.
    #[serde(default)]
    pub(super) rows: RowsByFeed,
    /// The data sets, each computed by itself.
    pub(super) dataset: Vec<Spanned<DataSet>>,
}

/// Rows and what they must give.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DataSet {
    /// What it shows.
    pub(super) title: String,
    /// As-of day of an indicator's hits.
    pub(super) as_of: Option<NaiveDate>,
    /// As in [`CaseFile::defaults`], for this data set.
    #[serde(default)]
    pub(super) defaults: BTreeMap<String, Table>,
    /// Its own rows.
    #[serde(default)]
    pub(super) rows: RowsByFeed,
    /// Values of policy parameters in place of the project's.
    #[serde(default)]
    pub(super) policy: Vec<PolicyValue>,
    /// Policy lists in place of the project's.
    #[serde(default)]
    pub(super) list: Vec<ListValues>,
    /// All hits of the indicator; what a hit does not name is not compared.
    #[serde(default)]
    pub(super) hits: Vec<Table>,
    /// Instead of hits: releases one after the other, each with the tables of the last one of an earlier day before it.
    #[serde(default)]
    pub(super) release: Vec<Release>,
}

/// Tables of one as-of day.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Release {
    pub(super) as_of: NaiveDate,
    /// All rows of each table; what a row does not name is not compared.
    pub(super) tables: BTreeMap<String, Vec<Table>>,
}

/// A parameter's value for one area.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PolicyValue {
    pub(super) parameter: String,
    pub(super) value: String,
    #[serde(default = "province")]
    pub(super) city_code: String,
    /// First day; always when it is not given.
    pub(super) valid_from: Option<NaiveDate>,
    /// Last day; for ever when it is not given.
    pub(super) valid_until: Option<NaiveDate>,
}

/// All texts of a list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ListValues {
    pub(super) list: String,
    pub(super) values: Vec<String>,
}

fn province() -> String {
    crate::model::PROVINCE.to_owned()
}

/// A value as a raw file holds it.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Boolean(truth) => truth.to_string(),
        Value::Datetime(moment) => moment.to_string(),
        Value::Array(values) => values.iter().map(text).collect::<Vec<_>>().join(" "),
        Value::Table(_) => String::new(),
    }
}
