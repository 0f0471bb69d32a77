//! Tests of a table, declared as `[[tests]]` in its header: what must hold of its rows before they are released.
//!
//! A test is one query whose rows are the failing ones. An empty value never fails a test other than `not_null`: whether
//! a column may be empty is a question of its own.

mod parse;
mod query;

use serde::Serialize;

use super::header::Severity;

pub(super) use parse::parse_tests;
pub use query::{PREVIOUS, TestQuery};

/// One test of a table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TableTest {
    /// Columns and kind, such as `completions.not_null`; one of a kind in its table.
    pub name: String,
    /// What follows when it fails.
    pub severity: Severity,
    /// The author's words for it, where the generated ones do not say enough.
    pub title: Option<String>,
    /// What must hold.
    pub rule: TestRule,
    /// Line of the header on which it stands.
    pub line: usize,
}

/// What must hold of a table's rows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum TestRule {
    /// The column is never empty.
    NotNull {
        /// Column.
        column: String,
    },
    /// No two rows share these values.
    Unique {
        /// Columns.
        columns: Vec<String>,
    },
    /// The column holds only these texts.
    AcceptedValues {
        /// Column.
        column: String,
        /// The texts.
        values: Vec<String>,
    },
    /// Every value of the column is a value of another table's column.
    Relation {
        /// Column.
        column: String,
        /// The other table.
        table: String,
        /// Its column.
        to: String,
    },
    /// The column's values lie within bounds, both included.
    Range {
        /// Column.
        column: String,
        /// The bounds.
        bounds: Bounds,
    },
    /// A figure moves within bounds, relative to the last release of an earlier as-of day. Groups that are in one of the
    /// two only are not compared.
    Change {
        /// What is compared.
        measure: Measure,
        /// Columns of the groups compared; none: the whole table.
        by: Vec<String>,
        /// Bounds of the change as a fraction of the earlier figure, both included.
        bounds: Bounds,
        /// Groups with an earlier figure below this are not compared: small figures jump.
        ignore_below: u32,
    },
}

/// What a change is a change of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Measure {
    /// The number of rows.
    Rows,
    /// The sum of an integer column.
    Sum(String),
}

/// Bounds, one of which is there at least.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Bounds {
    /// Least value.
    pub least: Option<f64>,
    /// Greatest value.
    pub most: Option<f64>,
}

impl Bounds {
    fn words(self, unit: impl Fn(f64) -> String) -> String {
        let end = |bound: Option<f64>| bound.map_or("…".to_owned(), &unit);
        format!("[{}, {}]", end(self.least), end(self.most))
    }
}

impl TableTest {
    /// The name under which results stand among the audits.
    pub fn audit_name(&self, table: &str) -> String {
        format!("test:{table}.{}", self.name)
    }

    /// The author's title, else what must hold in English.
    pub fn title(&self) -> String {
        self.title.clone().unwrap_or_else(|| self.rule.words_en())
    }
}

impl TestRule {
    /// The columns that a failure is told of.
    pub fn columns(&self) -> String {
        match self {
            TestRule::NotNull { column }
            | TestRule::AcceptedValues { column, .. }
            | TestRule::Relation { column, .. }
            | TestRule::Range { column, .. } => column.clone(),
            TestRule::Unique { columns } => columns.join(", "),
            TestRule::Change { measure, .. } => match measure {
                Measure::Rows => "rows".to_owned(),
                Measure::Sum(column) => column.clone(),
            },
        }
    }

    /// What must hold, in English.
    pub fn words_en(&self) -> String {
        match self {
            TestRule::NotNull { column } => format!("{column} is never empty"),
            TestRule::Unique { columns } => {
                format!("no two rows share {}", columns.join(", "))
            }
            TestRule::AcceptedValues { column, values } => {
                format!("{column} is one of {}", values.join(", "))
            }
            TestRule::Relation { column, table, to } => {
                format!("{column} is a {to} of {table}")
            }
            TestRule::Range { column, bounds } => {
                format!(
                    "{column} lies in {}",
                    bounds.words(|bound| bound.to_string())
                )
            }
            TestRule::Change {
                measure,
                by,
                bounds,
                ignore_below,
            } => {
                let figure = match measure {
                    Measure::Rows => "the number of rows".to_owned(),
                    Measure::Sum(column) => format!("the sum of {column}"),
                };
                let by = match by.as_slice() {
                    [] => String::new(),
                    by => format!(" by {}", by.join(", ")),
                };
                format!(
                    "{figure}{by} changes by {} against the previous release, where it was {ignore_below} or more",
                    bounds.words(percent)
                )
            }
        }
    }

    /// What must hold, in Chinese.
    pub fn words_zh(&self) -> String {
        match self {
            TestRule::NotNull { column } => format!("{column} 不为空"),
            TestRule::Unique { columns } => format!("{} 不重复", columns.join("、")),
            TestRule::AcceptedValues { column, values } => {
                format!("{column} 取值限于 {}", values.join("、"))
            }
            TestRule::Relation { column, table, to } => {
                format!("{column} 须见于 {table} 的 {to}")
            }
            TestRule::Range { column, bounds } => {
                format!("{column} 介于 {}", bounds.words(|bound| bound.to_string()))
            }
            TestRule::Change {
                measure,
                by,
                bounds,
                ignore_below,
            } => {
                let figure = match measure {
                    Measure::Rows => "行数".to_owned(),
                    Measure::Sum(column) => format!("{column} 合计"),
                };
                let by = match by.as_slice() {
                    [] => String::new(),
                    by => format!("按 {} 分组的", by.join("、")),
                };
                format!(
                    "{by}{figure}较上一次发布的变动在 {} 之内（原值不小于 {ignore_below} 者）",
                    bounds.words(percent)
                )
            }
        }
    }
}

/// A fraction as people read it: `-20%`.
fn percent(fraction: f64) -> String {
    format!("{:+}%", (fraction * 1_000_000.0).round() / 10_000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_say_what_must_hold() {
        let rule = TestRule::Change {
            measure: Measure::Sum("completions".to_owned()),
            by: vec!["month".to_owned()],
            bounds: Bounds {
                least: Some(-0.2),
                most: None,
            },
            ignore_below: 100,
        };
        assert_eq!(
            rule.words_en(),
            "the sum of completions by month changes by [-20%, …] against the previous release, where it was 100 or more"
        );
        assert_eq!(
            rule.words_zh(),
            "按 month 分组的completions 合计较上一次发布的变动在 [-20%, …] 之内（原值不小于 100 者）"
        );
        let rule = TestRule::Range {
            column: "share".to_owned(),
            bounds: Bounds {
                least: Some(0.0),
                most: Some(1.0),
            },
        };
        assert_eq!(rule.words_en(), "share lies in [0, 1]");
    }

    #[test]
    fn an_author_s_title_comes_first() {
        let mut test = TableTest {
            name: "a.not_null".to_owned(),
            severity: Severity::Error,
            title: None,
            rule: TestRule::NotNull {
                column: "a".to_owned(),
            },
            line: 1,
        };
        assert_eq!(test.title(), "a is never empty");
        assert_eq!(test.audit_name("one"), "test:one.a.not_null");
        test.title = Some("every row says which a".to_owned());
        assert_eq!(test.title(), "every row says which a");
    }
}
