//! Reading `[[tests]]` of a header: every mistake with its line.

use std::collections::BTreeMap;

use super::{Bounds, Measure, TableTest, TestRule};
use crate::form::{Located, Mistakes, Section};
use crate::model::header::{ColumnKind, ModelColumn, Severity};
use crate::problem::Problem;

/// Names of kinds, as headers write them.
const KINDS: [(&str, Kind); 6] = [
    ("not_null", Kind::NotNull),
    ("unique", Kind::Unique),
    ("accepted_values", Kind::AcceptedValues),
    ("relation", Kind::Relation),
    ("range", Kind::Range),
    ("change", Kind::Change),
];
const SEVERITIES: [(&str, Severity); 2] = [("error", Severity::Error), ("warn", Severity::Warn)];
const MEASURES: [(&str, WhatChanges); 2] = [("sum", WhatChanges::Sum), ("rows", WhatChanges::Rows)];

#[derive(Clone, Copy)]
enum Kind {
    NotNull,
    Unique,
    AcceptedValues,
    Relation,
    Range,
    Change,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum WhatChanges {
    Sum,
    Rows,
}

/// The tests of a header whose columns are known; an entry for several columns is a test for each, unless it is about
/// them together.
///
/// # Errors
/// Every mistake, with file and line.
pub(in crate::model) fn parse_tests(
    file: &str,
    header: &str,
    columns: &[ModelColumn],
) -> Result<Vec<TableTest>, Vec<Problem>> {
    let mut mistakes = Mistakes::new(file, header);
    let Some(document) = mistakes.parse(header) else {
        return Err(mistakes.into_problems());
    };
    // The other keys of the header are read elsewhere, so what nobody asked for here is no mistake.
    let mut root = Section::new(document.get_ref(), &(0..0), "the header");
    let sections = root.sections("tests", "a test", &mut mistakes);
    let mut reader = Reader {
        columns,
        mistakes,
        lines: BTreeMap::new(),
        tests: Vec::new(),
    };
    for (number, mut section) in (1..).zip(sections) {
        section.rename(format!("test {number}"));
        reader.read(section);
    }
    let problems = reader.mistakes.into_problems();
    if problems.is_empty() {
        Ok(reader.tests)
    } else {
        Err(problems)
    }
}

struct Reader<'t> {
    columns: &'t [ModelColumn],
    mistakes: Mistakes<'t>,
    /// By name of a test, the line on which it stands.
    lines: BTreeMap<String, usize>,
    tests: Vec<TableTest>,
}

impl<'t> Reader<'t> {
    fn read(&mut self, mut section: Section<'t>) {
        let offset = section.offset;
        let kind = section.choice("kind", &KINDS, &mut self.mistakes);
        section.require("kind", &mut self.mistakes);
        let severity = section.choice("severity", &SEVERITIES, &mut self.mistakes);
        section.require("severity", &mut self.mistakes);
        let title = section.text("title", &mut self.mistakes);
        let Some(kind) = kind else {
            // Which other keys belong to it cannot be said.
            return;
        };
        let rules = match kind.value {
            Kind::NotNull => self.each(&mut section, |column| TestRule::NotNull { column }),
            Kind::Unique => self.unique(&mut section),
            Kind::AcceptedValues => self.accepted_values(&mut section).into_iter().collect(),
            Kind::Relation => self.relation(&mut section).into_iter().collect(),
            Kind::Range => self.range(&mut section),
            Kind::Change => self.change(&mut section).into_iter().collect(),
        };
        section.finish(&mut self.mistakes);
        let Some(severity) = severity else {
            return;
        };
        let line = self.mistakes.line(offset);
        for rule in rules {
            let name = name_of(&rule);
            if let Some(earlier) = self.lines.insert(name.clone(), line) {
                let message = format!("test `{name}` stands on line {earlier} too");
                self.mistakes.add(offset, message);
            }
            self.tests.push(TableTest {
                name,
                severity: severity.value,
                title: title.map(|title| title.value.to_owned()),
                rule,
                line,
            });
        }
    }

    /// One of the table's columns; a mistake is noted when it is not.
    fn known(&mut self, column: Located<&'t str>) -> Option<&'t ModelColumn> {
        let found = self.columns.iter().find(|own| own.name == column.value);
        if found.is_none() {
            let message = format!("test of `{}`, which is not among the columns", column.value);
            self.mistakes.add(column.offset, message);
        }
        found
    }

    fn column(&mut self, section: &mut Section<'t>) -> Option<(&'t ModelColumn, usize)> {
        let column = section.required_text("column", &mut self.mistakes)?;
        Some((self.known(column)?, column.offset))
    }

    /// The table's columns among those named, each once.
    fn known_of(
        &mut self,
        key: &'static str,
        columns: Vec<Located<&'t str>>,
    ) -> Vec<(&'t ModelColumn, usize)> {
        let mut found: Vec<(&ModelColumn, usize)> = Vec::new();
        for column in columns {
            if found.iter().any(|(own, _)| own.name == column.value) {
                let message = format!("`{}` stands twice in `{key}`", column.value);
                self.mistakes.add(column.offset, message);
            } else if let Some(own) = self.known(column) {
                found.push((own, column.offset));
            }
        }
        found
    }

    fn several(&mut self, section: &mut Section<'t>) -> Vec<(&'t ModelColumn, usize)> {
        let columns = section.required_texts("columns", &mut self.mistakes);
        self.known_of("columns", columns)
    }

    fn each(
        &mut self,
        section: &mut Section<'t>,
        rule: impl Fn(String) -> TestRule,
    ) -> Vec<TestRule> {
        let columns = self.several(section).into_iter();
        columns
            .map(|(column, _)| rule(column.name.clone()))
            .collect()
    }

    fn unique(&mut self, section: &mut Section<'t>) -> Vec<TestRule> {
        let mut columns = Vec::new();
        for (column, offset) in self.several(section) {
            if column.kind == ColumnKind::TextList {
                let message = format!("`{}` is a list, which no row can share", column.name);
                self.mistakes.add(offset, message);
            }
            columns.push(column.name.clone());
        }
        if columns.is_empty() {
            return Vec::new();
        }
        vec![TestRule::Unique { columns }]
    }

    fn accepted_values(&mut self, section: &mut Section<'t>) -> Option<TestRule> {
        let column = self.column(section);
        let values = section.required_texts("values", &mut self.mistakes);
        let (column, offset) = column?;
        if column.kind != ColumnKind::Text {
            let message = format!(
                "`accepted_values` are texts, and `{}` is no text; `range` tests numbers",
                column.name
            );
            self.mistakes.add(offset, message);
        }
        let mut texts: Vec<String> = Vec::new();
        for value in values {
            if texts.iter().any(|text| text == value.value) {
                let message = format!("`{}` stands twice in `values`", value.value);
                self.mistakes.add(value.offset, message);
            }
            texts.push(value.value.to_owned());
        }
        Some(TestRule::AcceptedValues {
            column: column.name.clone(),
            values: texts,
        })
    }

    fn relation(&mut self, section: &mut Section<'t>) -> Option<TestRule> {
        let column = self.column(section);
        let table = section.required_text("table", &mut self.mistakes);
        let to = section.text("to", &mut self.mistakes);
        let (column, offset) = column?;
        if column.kind == ColumnKind::TextList {
            let message = format!(
                "`{}` is a list, and a relation is of one value",
                column.name
            );
            self.mistakes.add(offset, message);
        }
        Some(TestRule::Relation {
            column: column.name.clone(),
            table: table?.value.to_owned(),
            to: to.map_or_else(|| column.name.clone(), |to| to.value.to_owned()),
        })
    }

    fn range(&mut self, section: &mut Section<'t>) -> Vec<TestRule> {
        let columns = self.several(section);
        let bounds = self.bounds(section);
        for (column, offset) in &columns {
            self.require_number(column, *offset);
        }
        let Some(bounds) = bounds else {
            return Vec::new();
        };
        let columns = columns.into_iter();
        columns
            .map(|(column, _)| TestRule::Range {
                column: column.name.clone(),
                bounds,
            })
            .collect()
    }

    fn change(&mut self, section: &mut Section<'t>) -> Option<TestRule> {
        let measure = section.choice("measure", &MEASURES, &mut self.mistakes);
        section.require("measure", &mut self.mistakes);
        let by = section.texts("by", &mut self.mistakes);
        let by = self.known_of("by", by);
        let bounds = self.bounds(section);
        let ignore_below = section.whole("ignore_below", (1, u32::MAX), &mut self.mistakes);
        let measure = match measure?.value {
            // A `column` is left for `finish` to complain of: rows are rows, whatever their columns hold.
            WhatChanges::Rows => Measure::Rows,
            WhatChanges::Sum => {
                let (column, offset) = self.column(section)?;
                if column.kind != ColumnKind::Int {
                    // Sums of floats differ from run to run, and a test must not.
                    let message =
                        format!("`{}` is no integer; only integers are summed", column.name);
                    self.mistakes.add(offset, message);
                }
                Measure::Sum(column.name.clone())
            }
        };
        Some(TestRule::Change {
            measure,
            by: by
                .into_iter()
                .map(|(column, _)| column.name.clone())
                .collect(),
            bounds: bounds?,
            ignore_below: ignore_below.map_or(1, |least| least.value),
        })
    }

    fn bounds(&mut self, section: &mut Section<'t>) -> Option<Bounds> {
        let least = section.number("least", &mut self.mistakes);
        let most = section.number("most", &mut self.mistakes);
        if let (Some(low), Some(high)) = (least, most)
            && low.value > high.value
        {
            self.mistakes.add(high.offset, "`most` is below `least`");
        }
        if least.is_none() && most.is_none() {
            let message = "a test of bounds needs `least` or `most`";
            self.mistakes.add(section.offset, message);
            return None;
        }
        Some(Bounds {
            least: least.map(|bound| bound.value),
            most: most.map(|bound| bound.value),
        })
    }

    fn require_number(&mut self, column: &ModelColumn, offset: usize) {
        if !matches!(column.kind, ColumnKind::Int | ColumnKind::Float) {
            let message = format!("`{}` is no number, so it has no range", column.name);
            self.mistakes.add(offset, message);
        }
    }
}

/// Columns and kind; groups too where a table may be compared by several.
fn name_of(rule: &TestRule) -> String {
    let kind = match rule {
        TestRule::NotNull { .. } => "not_null",
        TestRule::Unique { columns } => return format!("{}.unique", columns.join("+")),
        TestRule::AcceptedValues { .. } => "accepted_values",
        TestRule::Relation { .. } => "relation",
        TestRule::Range { .. } => "range",
        TestRule::Change { by, .. } if by.is_empty() => "change",
        TestRule::Change { by, .. } => {
            return format!("{}.change_by_{}", rule.columns(), by.join("+"));
        }
    };
    format!("{}.{kind}", rule.columns())
}

#[cfg(test)]
mod tests;
