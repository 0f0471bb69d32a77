//! A TOML document read with positions, so that every mistake in it can be told with file and line.
//!
//! Getters never stop at a mistake: they note it, hand back a harmless stand-in and let reading go on. Whatever is
//! built from a document with mistakes is thrown away, so a stand-in never reaches an evaluation.

mod aliases;
mod report;
mod values;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::problem::Problem;
pub(super) use report::Report;

/// A value and the line it stands on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Found<T> {
    pub value: T,
    pub line: usize,
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
    /// `None` for a method that is given by its name alone.
    table: Option<&'t DeTable<'i>>,
    line: usize,
    known: Vec<&'static str>,
}

impl<'t, 'i> Section<'t, 'i> {
    pub fn root(document: &'t Spanned<DeTable<'i>>) -> Self {
        Self {
            name: "the file".to_owned(),
            table: Some(document.get_ref()),
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
                table: Some(table),
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
                    table: Some(table),
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

    /// A method by name, or a table with the key `method` and what it needs besides; the name and that table.
    pub fn method<T: Copy>(
        &mut self,
        key: &'static str,
        choices: &[(&str, T)],
        fallback: Option<T>,
        report: &mut Report,
    ) -> Option<(T, Section<'t, 'i>)> {
        if let Some((DeValue::Table(_), _)) = self.find(key, report) {
            let mut section = self.optional_section(key, report)?;
            let method = section.choice("method", choices, None, report)?;
            return Some((method, section));
        }
        let method = self.choice(key, choices, fallback, report)?;
        let line = self.find(key, report).map_or(self.line, |(_, line)| line);
        let section = Section {
            name: format!("{}, `{key}`", self.name),
            table: None,
            line,
            known: Vec::new(),
        };
        Some((method, section))
    }

    /// Whether the table has the key.
    pub fn has(&self, key: &str) -> bool {
        let table = self.table;
        table.is_some_and(|table| table.iter().any(|(name, _)| name.get_ref() == key))
    }

    /// Says that a required key is absent, unless a mistake about it has been noted already.
    pub fn require(&self, key: &str, report: &mut Report) {
        if !self.has(key) {
            self.mistake(report, &format!("`{key}` is missing"));
        }
    }

    /// Refuses every key that nobody asked for.
    pub fn finish(self, report: &mut Report) {
        for (name, _) in self.table.into_iter().flat_map(DeTable::iter) {
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
        let table = self.table?;
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
