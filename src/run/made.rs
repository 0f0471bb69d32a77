//! Published tables that no model makes: what they are and what their columns mean.

mod books;
mod results;

use crate::model::Audience;

pub use books::{ARRIVALS_TABLE, DRIFT_TABLE, QUARANTINE_TABLE};
pub use results::{
    CATALOGUE_TABLE, HISTORY_TABLE, SUMMARY_TABLE, TEST_FAILURES_TABLE, TRIANGLE_TABLE,
};

/// A published table made in Rust.
#[derive(Debug)]
pub struct MadeTable {
    /// Name.
    pub name: &'static str,
    /// Who may see it.
    pub audience: Audience,
    /// Chinese title.
    pub title_zh: &'static str,
    /// English title.
    pub title_en: &'static str,
    /// What it says and how it must not be read, in Chinese.
    pub description_zh: &'static str,
    /// The same in English.
    pub description_en: &'static str,
    /// Where its rows come from, in the words of the overall lineage.
    pub source: MadeFrom,
    /// The file that makes it.
    pub file: &'static str,
    /// Columns in order.
    pub columns: &'static [MadeColumn],
}

/// What a made table is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MadeFrom {
    /// The books of the loader.
    Books,
    /// The headers of indicators.
    Indicators,
    /// The tests of all tables.
    Tests,
    /// This release and earlier ones.
    Releases,
}

/// A column of a made table.
#[derive(Debug)]
pub struct MadeColumn {
    /// Name.
    pub name: &'static str,
    /// Unit.
    pub unit: &'static str,
    /// Chinese heading.
    pub zh: &'static str,
    /// One English sentence.
    pub en: &'static str,
}

const fn column(
    name: &'static str,
    zh: &'static str,
    unit: &'static str,
    en: &'static str,
) -> MadeColumn {
    MadeColumn { name, unit, zh, en }
}

/// All of them, by name.
pub const MADE_TABLES: [&MadeTable; 8] = [
    &ARRIVALS_TABLE,
    &CATALOGUE_TABLE,
    &QUARANTINE_TABLE,
    &HISTORY_TABLE,
    &SUMMARY_TABLE,
    &TRIANGLE_TABLE,
    &DRIFT_TABLE,
    &TEST_FAILURES_TABLE,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Model;

    #[test]
    fn every_column_of_the_catalogue_is_a_text_of_an_indicator() {
        let sql = include_str!("../../sql/indicators/A01_invalid_identity.sql");
        let model = Model::parse("sql/indicators/A01_invalid_identity.sql", sql).unwrap();
        let entry = model.header.indicator.unwrap();
        let texts = entry.texts();
        let known = |name: &str| {
            texts
                .iter()
                .any(|(key, text)| *key == name && !text.is_empty())
        };
        let columns = CATALOGUE_TABLE.columns.iter().map(|column| column.name);
        let unknown: Vec<&str> = columns.filter(|name| !known(name)).collect();
        assert_eq!(unknown, ["indicator_id", "sql_file"]);
    }

    #[test]
    fn every_made_table_and_column_has_both_languages() {
        let mut names: Vec<&str> = MADE_TABLES.iter().map(|made| made.name).collect();
        assert!(names.is_sorted());
        names.dedup();
        assert_eq!(names.len(), MADE_TABLES.len());
        for made in MADE_TABLES {
            assert!(!made.title_zh.is_empty() && !made.title_en.is_empty());
            assert!(!made.description_zh.is_empty() && !made.description_en.is_empty());
            for column in made.columns {
                let place = format!("{}.{}", made.name, column.name);
                assert!(!column.zh.is_empty() && !column.en.is_empty(), "{place}");
            }
        }
    }
}
