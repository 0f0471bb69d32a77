//! A TOML file read with positions, so that every mistake in it can be told with its line at once.

use std::ops::Range;

use chrono::NaiveDate;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::problem::Problem;

/// The mistakes found in one file.
pub(crate) struct Mistakes<'t> {
    file: &'t str,
    text: &'t str,
    problems: Vec<Problem>,
}

impl<'t> Mistakes<'t> {
    pub(crate) fn new(file: &'t str, text: &'t str) -> Mistakes<'t> {
        Mistakes {
            file,
            text,
            problems: Vec::new(),
        }
    }

    /// Parses the file; `None`, with its mistakes, when it is no TOML: what a broken file seems to say is not worth judging.
    pub(crate) fn parse(&mut self, text: &'t str) -> Option<Spanned<DeTable<'t>>> {
        let (document, errors) = DeTable::parse_recoverable(text);
        for error in &errors {
            let offset = error.span().map_or(0, |span| span.start);
            self.add(offset, format!("is no TOML: {}", error.message()));
        }
        errors.is_empty().then_some(document)
    }

    /// The line, from 1, of a byte of the file.
    pub(crate) fn line(&self, offset: usize) -> usize {
        let head = self.text.as_bytes().get(..offset).unwrap_or_default();
        1 + head.iter().filter(|byte| **byte == b'\n').count()
    }

    /// Notes a mistake at a byte of the file.
    pub(crate) fn add(&mut self, offset: usize, message: impl Into<String>) {
        let line = self.line(offset);
        self.problems
            .push(Problem::new(self.file, Some(line), message));
    }

    /// The mistakes in the order of the file's lines.
    pub(crate) fn into_problems(mut self) -> Vec<Problem> {
        self.problems.sort_by_key(|problem| problem.line);
        self.problems
    }
}

/// A value with the byte at which it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Located<T> {
    pub(crate) value: T,
    pub(crate) offset: usize,
}

/// One table of the file; it remembers which keys were asked for, so that [`Section::finish`] finds the others.
pub(crate) struct Section<'t> {
    table: &'t DeTable<'t>,
    /// Byte at which the table starts.
    pub(crate) offset: usize,
    what: String,
    known: Vec<&'static str>,
}

impl<'t> Section<'t> {
    /// `what` names the table in messages, such as ``column `phone` ``.
    pub(crate) fn new(
        table: &'t DeTable<'t>,
        span: &Range<usize>,
        what: impl Into<String>,
    ) -> Section<'t> {
        Section {
            table,
            offset: span.start,
            what: what.into(),
            known: Vec::new(),
        }
    }

    /// Renames the table in messages, once its name is known.
    pub(crate) fn rename(&mut self, what: impl Into<String>) {
        self.what = what.into();
    }

    fn get(&mut self, key: &'static str) -> Option<&'t Spanned<DeValue<'t>>> {
        if !self.known.contains(&key) {
            self.known.push(key);
        }
        let table: &'t DeTable<'t> = self.table;
        table
            .iter()
            .find(|(name, _)| name.get_ref() == key)
            .map(|(_, value)| value)
    }

    fn expect<T>(
        &mut self,
        key: &'static str,
        expected: &str,
        mistakes: &mut Mistakes<'_>,
        read: impl FnOnce(&'t DeValue<'t>) -> Option<T>,
    ) -> Option<Located<T>> {
        let spanned = self.get(key)?;
        let offset = spanned.span().start;
        let value = read(spanned.get_ref());
        if value.is_none() {
            mistakes.add(
                offset,
                format!("`{key}` of {} must be {expected}", self.what),
            );
        }
        value.map(|value| Located { value, offset })
    }

    /// An optional text.
    pub(crate) fn text(
        &mut self,
        key: &'static str,
        mistakes: &mut Mistakes<'_>,
    ) -> Option<Located<&'t str>> {
        self.expect(key, "a text that is not empty", mistakes, |value| {
            value.as_str().filter(|text| !text.trim().is_empty())
        })
    }

    /// A text that must be there.
    pub(crate) fn required_text(
        &mut self,
        key: &'static str,
        mistakes: &mut Mistakes<'_>,
    ) -> Option<Located<&'t str>> {
        self.require(key, mistakes);
        self.text(key, mistakes)
    }

    /// Notes that a key is lacking, when it is; a key with a mistake of its own is told already.
    pub(crate) fn require(&mut self, key: &'static str, mistakes: &mut Mistakes<'_>) {
        if self.get(key).is_none() {
            mistakes.add(self.offset, format!("{} lacks `{key}`", self.what));
        }
    }

    /// An optional choice among named values.
    pub(crate) fn choice<T: Copy>(
        &mut self,
        key: &'static str,
        choices: &[(&str, T)],
        mistakes: &mut Mistakes<'_>,
    ) -> Option<Located<T>> {
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        let expected = format!("one of \"{}\"", names.join("\", \""));
        self.expect(key, &expected, mistakes, |value| {
            let text = value.as_str()?;
            let (_, choice) = choices.iter().find(|(name, _)| *name == text)?;
            Some(*choice)
        })
    }

    /// An optional whole number within bounds, both included.
    pub(crate) fn whole(
        &mut self,
        key: &'static str,
        (least, most): (u32, u32),
        mistakes: &mut Mistakes<'_>,
    ) -> Option<Located<u32>> {
        let expected = format!("a whole number from {least} to {most}");
        self.expect(key, &expected, mistakes, |value| {
            let DeValue::Integer(integer) = value else {
                return None;
            };
            let digits = integer.as_str().replace('_', "");
            let number = u32::from_str_radix(&digits, integer.radix()).ok()?;
            (least..=most).contains(&number).then_some(number)
        })
    }

    /// An optional day, bare or as text.
    pub(crate) fn day(
        &mut self,
        key: &'static str,
        mistakes: &mut Mistakes<'_>,
    ) -> Option<Located<NaiveDate>> {
        self.expect(key, "a day such as 2021-01-31", mistakes, |value| {
            let text = match value {
                DeValue::Datetime(moment) => moment.to_string(),
                other => other.as_str()?.to_owned(),
            };
            NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok()
        })
    }

    /// A yes or no, `false` when it is not there.
    pub(crate) fn flag(&mut self, key: &'static str, mistakes: &mut Mistakes<'_>) -> bool {
        self.expect(key, "true or false", mistakes, DeValue::as_bool)
            .is_some_and(|flag| flag.value)
    }

    /// An optional number.
    pub(crate) fn number(
        &mut self,
        key: &'static str,
        mistakes: &mut Mistakes<'_>,
    ) -> Option<Located<f64>> {
        self.expect(key, "a number", mistakes, |value| match value {
            DeValue::Integer(integer) => integer.as_str().parse().ok(),
            DeValue::Float(float) => float
                .as_str()
                .parse()
                .ok()
                .filter(|float: &f64| float.is_finite()),
            _ => None,
        })
    }

    /// A list of texts, empty when it is not there.
    pub(crate) fn texts(
        &mut self,
        key: &'static str,
        mistakes: &mut Mistakes<'_>,
    ) -> Vec<Located<&'t str>> {
        self.list(key, "a list of texts that are not empty", 0, mistakes)
    }

    /// A list of texts, one at least; empty when it is not there.
    pub(crate) fn some_texts(
        &mut self,
        key: &'static str,
        mistakes: &mut Mistakes<'_>,
    ) -> Vec<Located<&'t str>> {
        self.list(key, "a list of texts, with one at least", 1, mistakes)
    }

    fn list(
        &mut self,
        key: &'static str,
        expected: &str,
        least: usize,
        mistakes: &mut Mistakes<'_>,
    ) -> Vec<Located<&'t str>> {
        let list = self.expect(key, expected, mistakes, |value| {
            value.as_array().filter(|list| list.len() >= least)
        });
        let mut texts = Vec::new();
        for item in list.iter().flat_map(|list| list.value.iter()) {
            let offset = item.span().start;
            match item
                .get_ref()
                .as_str()
                .filter(|text| !text.trim().is_empty())
            {
                Some(value) => texts.push(Located { value, offset }),
                None => mistakes.add(
                    offset,
                    format!("`{key}` of {} must be {expected}", self.what),
                ),
            }
        }
        texts
    }

    /// A list of texts that must be there and hold something.
    pub(crate) fn required_texts(
        &mut self,
        key: &'static str,
        mistakes: &mut Mistakes<'_>,
    ) -> Vec<Located<&'t str>> {
        let Some(value) = self.get(key) else {
            mistakes.add(self.offset, format!("{} lacks `{key}`", self.what));
            return Vec::new();
        };
        if value
            .get_ref()
            .as_array()
            .is_some_and(|list| list.is_empty())
        {
            mistakes.add(
                value.span().start,
                format!("`{key}` of {} is empty", self.what),
            );
        }
        self.texts(key, mistakes)
    }

    /// An optional table inside.
    pub(crate) fn section(
        &mut self,
        key: &'static str,
        mistakes: &mut Mistakes<'_>,
    ) -> Option<Section<'t>> {
        let table = self.expect(key, "a table", mistakes, DeValue::as_table)?;
        Some(Section::new(
            table.value,
            &(table.offset..table.offset),
            format!("`{key}`"),
        ))
    }

    /// A list of tables, empty when it is not there; each is named `what` until it is renamed.
    pub(crate) fn sections(
        &mut self,
        key: &'static str,
        what: &str,
        mistakes: &mut Mistakes<'_>,
    ) -> Vec<Section<'t>> {
        const EXPECTED: &str = "a list of tables";
        let list = self.expect(key, EXPECTED, mistakes, DeValue::as_array);
        let mut sections = Vec::new();
        for item in list.iter().flat_map(|list| list.value.iter()) {
            match item.get_ref().as_table() {
                Some(table) => sections.push(Section::new(table, &item.span(), what)),
                None => mistakes.add(
                    item.span().start,
                    format!("`{key}` of {} must be {EXPECTED}", self.what),
                ),
            }
        }
        sections
    }

    /// Notes every key that nothing asked for.
    pub(crate) fn finish(self, mistakes: &mut Mistakes<'_>) {
        for (key, _) in self.table {
            if !self.known.contains(&key.get_ref().as_ref()) {
                let known = self.known.join("`, `");
                let message = format!(
                    "unknown key `{}` in {}; known here: `{known}`",
                    key.get_ref(),
                    self.what
                );
                mistakes.add(key.span().start, message);
            }
        }
    }
}
