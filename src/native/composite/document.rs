//! A TOML document read with positions, so that every mistake in it can be told with file and line.
//!
//! Getters never stop at a mistake: they note it, hand back a harmless stand-in and let reading go on. Whatever is
//! built from a document with mistakes is thrown away, so a stand-in never reaches an evaluation.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::problem::Problem;

/// A value and the line it stands on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Found<T> {
    pub value: T,
    pub line: usize,
}

/// The mistakes found so far in one file.
pub(super) struct Report {
    file: String,
    line_starts: Vec<usize>,
    problems: Vec<Problem>,
}

impl Report {
    pub fn new(file: &str, text: &str) -> Self {
        let after_breaks = text.match_indices('\n').map(|(offset, _)| offset + 1);
        Self {
            file: file.to_owned(),
            line_starts: std::iter::once(0).chain(after_breaks).collect(),
            problems: Vec::new(),
        }
    }

    pub fn add(&mut self, line: usize, message: impl Into<String>) {
        self.problems
            .push(Problem::new(&self.file, Some(line), message));
    }

    /// The mistakes in the order of lines, or nothing.
    pub fn finish(mut self) -> Result<(), Vec<Problem>> {
        if self.problems.is_empty() {
            return Ok(());
        }
        self.problems.sort_by_key(|problem| problem.line);
        Err(self.problems)
    }

    fn line_of(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= offset)
    }
}

/// Parses a document. What a broken file seems to say is not worth judging, so syntax errors end the reading.
pub(super) fn parse_document<'i>(
    file: &str,
    text: &'i str,
) -> Result<Spanned<DeTable<'i>>, Vec<Problem>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut report = Report::new(file, text);
    for error in errors {
        let line = error.span().map_or(1, |span| report.line_of(span.start));
        report.add(line, format!("not valid TOML: {}", error.message()));
    }
    report.finish()?;
    Ok(table)
}

/// One table of the document being read: every key asked for counts as known, [`Section::finish`] refuses the rest.
pub(super) struct Section<'t, 'i> {
    name: String,
    table: &'t DeTable<'i>,
    line: usize,
    known: Vec<&'static str>,
}

impl<'t, 'i> Section<'t, 'i> {
    pub fn root(document: &'t Spanned<DeTable<'i>>) -> Self {
        Self {
            name: "the file".to_owned(),
            table: document.get_ref(),
            line: 1,
            known: Vec::new(),
        }
    }

    /// 1-based line of the table's header.
    pub fn line(&self) -> usize {
        self.line
    }

    /// From now on messages call this table by its kind and id, where it has one.
    pub fn call(&mut self, kind: &str, id: &str) {
        if !id.is_empty() {
            self.name = format!("{kind} `{id}`");
        }
    }

    pub fn mistake(&self, report: &mut Report, message: &str) {
        report.add(self.line, format!("{}: {message}", self.name));
    }

    pub fn text(&mut self, key: &'static str, report: &mut Report) -> String {
        self.optional_text(key, report).unwrap_or_else(|| {
            self.require(key, report);
            String::new()
        })
    }

    pub fn optional_text(&mut self, key: &'static str, report: &mut Report) -> Option<String> {
        let (value, line) = self.find(key, report)?;
        match value {
            DeValue::String(text) if !text.trim().is_empty() => Some(text.to_string()),
            DeValue::String(_) => self.refuse(key, line, "must not be empty", report),
            other => self.refuse_type(key, line, "text", other, report),
        }
    }

    /// Lower-case letters, digits and underscores, beginning with a letter.
    pub fn identifier(&mut self, key: &'static str, report: &mut Report) -> Found<String> {
        let line = self.find(key, report).map_or(self.line, |(_, line)| line);
        let value = self.text(key, report);
        let plain =
            |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
        let starts_well = value.starts_with(|first: char| first.is_ascii_lowercase());
        let well_formed = starts_well && value.chars().all(plain);
        if !well_formed && !value.is_empty() {
            let message =
                "must be lower-case letters, digits and underscores, beginning with a letter";
            self.refuse::<()>(key, line, message, report);
        }
        Found { value, line }
    }

    pub fn number(&mut self, key: &'static str, report: &mut Report) -> Option<Found<f64>> {
        let found = self.optional_number(key, report);
        if found.is_none() {
            self.require(key, report);
        }
        found
    }

    pub fn optional_number(
        &mut self,
        key: &'static str,
        report: &mut Report,
    ) -> Option<Found<f64>> {
        let (value, line) = self.find(key, report)?;
        let parsed = match value {
            DeValue::Float(float) => float.as_str().replace('_', "").parse::<f64>().ok(),
            DeValue::Integer(integer) if integer.radix() == 10 => {
                integer.as_str().replace('_', "").parse::<f64>().ok()
            }
            DeValue::Integer(_) => None,
            other => return self.refuse_type(key, line, "a number", other, report),
        };
        match parsed {
            Some(value) if value.is_finite() => Some(Found { value, line }),
            _ => self.refuse(key, line, "must be a finite decimal number", report),
        }
    }

    /// A number greater than 0; 1 stands in for a mistaken one.
    pub fn positive(&mut self, key: &'static str, report: &mut Report) -> f64 {
        let Some(found) = self.number(key, report) else {
            return 1.0;
        };
        if found.value <= 0.0 {
            self.refuse::<()>(key, found.line, "must be greater than 0", report);
        }
        found.value
    }

    /// One of the named choices; `fallback` where the key is absent, a mistake where there is no fallback.
    pub fn choice<T: Copy>(
        &mut self,
        key: &'static str,
        choices: &[(&str, T)],
        fallback: Option<T>,
        report: &mut Report,
    ) -> Option<T> {
        let Some((value, line)) = self.find(key, report) else {
            if fallback.is_none() {
                self.require(key, report);
            }
            return fallback;
        };
        let DeValue::String(text) = value else {
            return self.refuse_type(key, line, "text", value, report);
        };
        let chosen = choices.iter().find(|(name, _)| *name == text.as_ref());
        if let Some((_, value)) = chosen {
            return Some(*value);
        }
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        let message = format!("is `{text}`, must be one of {}", names.join(", "));
        self.refuse(key, line, &message, report)
    }

    /// A table below this one, in `[key]` or `{ … }` form.
    pub fn optional_section(
        &mut self,
        key: &'static str,
        report: &mut Report,
    ) -> Option<Section<'t, 'i>> {
        let (value, line) = self.find(key, report)?;
        match value {
            DeValue::Table(table) => Some(Section {
                name: format!("{}, `{key}`", self.name),
                table,
                line,
                known: Vec::new(),
            }),
            other => self.refuse_type(key, line, "a table", other, report),
        }
    }

    /// The tables of `[[key]]`; none where the key is absent.
    pub fn sections(&mut self, key: &'static str, report: &mut Report) -> Vec<Section<'t, 'i>> {
        let Some((value, line)) = self.find(key, report) else {
            return Vec::new();
        };
        let DeValue::Array(array) = value else {
            self.refuse_type::<()>(key, line, "an array of tables", value, report);
            return Vec::new();
        };
        let mut sections = Vec::new();
        for entry in array.iter() {
            let line = report.line_of(entry.span().start);
            match entry.get_ref() {
                DeValue::Table(table) => sections.push(Section {
                    name: format!("{}, {key} entry {}", self.name, sections.len() + 1),
                    table,
                    line,
                    known: Vec::new(),
                }),
                other => {
                    self.refuse_type::<()>(key, line, "an array of tables", other, report);
                }
            }
        }
        sections
    }

    /// Says that a required key is absent, unless a mistake about it has been noted already.
    pub fn require(&self, key: &str, report: &mut Report) {
        let present = self.table.iter().any(|(name, _)| name.get_ref() == key);
        if !present {
            self.mistake(report, &format!("`{key}` is missing"));
        }
    }

    /// Refuses every key that nobody asked for.
    pub fn finish(self, report: &mut Report) {
        for (name, _) in self.table.iter() {
            if !self.known.contains(&name.get_ref().as_ref()) {
                let line = report.line_of(name.span().start);
                let known = self.known.join(", ");
                let message = format!("unknown key `{}` (known: {known})", name.get_ref());
                report.add(line, format!("{}: {message}", self.name));
            }
        }
    }

    fn find(&mut self, key: &'static str, report: &Report) -> Option<(&'t DeValue<'i>, usize)> {
        if !self.known.contains(&key) {
            self.known.push(key);
        }
        let table = self.table;
        let (_, value) = table.iter().find(|(name, _)| name.get_ref() == key)?;
        Some((value.get_ref(), report.line_of(value.span().start)))
    }

    fn refuse<T>(&self, key: &str, line: usize, message: &str, report: &mut Report) -> Option<T> {
        report.add(line, format!("{}: `{key}` {message}", self.name));
        None
    }

    fn refuse_type<T>(
        &self,
        key: &str,
        line: usize,
        wanted: &str,
        found: &DeValue<'_>,
        report: &mut Report,
    ) -> Option<T> {
        let message = format!("must be {wanted}, is {}", found.type_str());
        self.refuse(key, line, &message, report)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_count_from_one() {
        let report = Report::new("f", "a\nbb\n\nc");
        let lines: Vec<usize> = [0, 1, 2, 4, 5, 6].map(|o| report.line_of(o)).to_vec();
        assert_eq!(lines, [1, 1, 2, 2, 3, 4]);
    }
}
