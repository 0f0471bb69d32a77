//! The calendar's TOML read with positions, so that every mistake in it can be told with its line at once.

use chrono::NaiveDate;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::problem::Problem;

/// The mistakes found in one file.
pub(super) struct Mistakes<'t> {
    file: &'t str,
    text: &'t str,
    problems: Vec<Problem>,
}

impl<'t> Mistakes<'t> {
    pub(super) fn new(file: &'t str, text: &'t str) -> Mistakes<'t> {
        Mistakes {
            file,
            text,
            problems: Vec::new(),
        }
    }

    /// The line, from 1, of a byte of the file.
    pub(super) fn line(&self, offset: usize) -> usize {
        let head = self.text.as_bytes().get(..offset).unwrap_or_default();
        1 + head.iter().filter(|byte| **byte == b'\n').count()
    }

    /// Notes a mistake at a byte of the file.
    pub(super) fn add(&mut self, offset: usize, message: impl Into<String>) {
        let line = self.line(offset);
        self.problems
            .push(Problem::new(self.file, Some(line), message));
    }

    /// The value, or the mistakes in the order of the file's lines.
    pub(super) fn finish<T>(mut self, value: T) -> Result<T, Vec<Problem>> {
        if self.problems.is_empty() {
            return Ok(value);
        }
        self.problems.sort_by_key(|problem| problem.line);
        Err(self.problems)
    }
}

/// A value with the byte at which it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Located<T> {
    pub(super) value: T,
    pub(super) offset: usize,
}

/// One table of the file; it remembers which keys were asked for, so that [`Section::finish`] finds the others.
pub(super) struct Section<'t> {
    table: &'t DeTable<'t>,
    /// Byte at which the table starts.
    pub(super) offset: usize,
    name: String,
    known: Vec<&'static str>,
}

impl<'t> Section<'t> {
    /// `name` stands for the table in messages.
    pub(super) fn new(table: &'t DeTable<'t>, offset: usize, name: &str) -> Section<'t> {
        Section {
            table,
            offset,
            name: name.to_owned(),
            known: Vec::new(),
        }
    }

    /// Renames the table in messages, once it is known what it speaks of.
    pub(super) fn rename(&mut self, name: String) {
        self.name = name;
    }

    fn find(&mut self, key: &'static str) -> Option<&'t Spanned<DeValue<'t>>> {
        if !self.known.contains(&key) {
            self.known.push(key);
        }
        let table: &'t DeTable<'t> = self.table;
        let (_, value) = table.iter().find(|(name, _)| name.get_ref() == key)?;
        Some(value)
    }

    fn read<T>(
        &mut self,
        key: &'static str,
        expected: &str,
        mistakes: &mut Mistakes<'_>,
        convert: impl FnOnce(&'t DeValue<'t>) -> Option<T>,
    ) -> Option<Located<T>> {
        let found = self.find(key)?;
        let offset = found.span().start;
        let Some(value) = convert(found.get_ref()) else {
            let message = format!("`{key}` of {} must be {expected}", self.name);
            mistakes.add(offset, message);
            return None;
        };
        Some(Located { value, offset })
    }

    /// Notes that a key is lacking, when it is; a key with a mistake of its own is told already.
    pub(super) fn require(&mut self, key: &'static str, mistakes: &mut Mistakes<'_>) {
        if self.find(key).is_none() {
            mistakes.add(self.offset, format!("{} lacks `{key}`", self.name));
        }
    }

    /// An optional text.
    pub(super) fn text(
        &mut self,
        key: &'static str,
        mistakes: &mut Mistakes<'_>,
    ) -> Option<Located<&'t str>> {
        self.read(key, "a text that is not empty", mistakes, |value| {
            value.as_str().filter(|text| !text.trim().is_empty())
        })
    }

    /// An optional choice among named values.
    pub(super) fn choice<T: Copy>(
        &mut self,
        key: &'static str,
        choices: &[(&str, T)],
        mistakes: &mut Mistakes<'_>,
    ) -> Option<Located<T>> {
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        let expected = format!("one of \"{}\"", names.join("\", \""));
        self.read(key, &expected, mistakes, |value| {
            let text = value.as_str()?;
            let (_, choice) = choices.iter().find(|(name, _)| *name == text)?;
            Some(*choice)
        })
    }

    /// An optional whole number within bounds, both included.
    pub(super) fn whole(
        &mut self,
        key: &'static str,
        (least, most): (u32, u32),
        mistakes: &mut Mistakes<'_>,
    ) -> Option<Located<u32>> {
        let expected = format!("a whole number from {least} to {most}");
        self.read(key, &expected, mistakes, |value| {
            let DeValue::Integer(integer) = value else {
                return None;
            };
            let digits = integer.as_str().replace('_', "");
            let number = u32::from_str_radix(&digits, integer.radix()).ok()?;
            (least..=most).contains(&number).then_some(number)
        })
    }

    /// An optional yes or no.
    pub(super) fn flag(
        &mut self,
        key: &'static str,
        mistakes: &mut Mistakes<'_>,
    ) -> Option<Located<bool>> {
        self.read(key, "true or false", mistakes, DeValue::as_bool)
    }

    /// An optional day, bare or as text.
    pub(super) fn day(
        &mut self,
        key: &'static str,
        mistakes: &mut Mistakes<'_>,
    ) -> Option<Located<NaiveDate>> {
        self.read(key, "a day such as 2021-01-31", mistakes, |value| {
            let text = match value {
                DeValue::Datetime(moment) => moment.to_string(),
                other => other.as_str()?.to_owned(),
            };
            NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok()
        })
    }

    /// An optional list of texts.
    pub(super) fn texts(
        &mut self,
        key: &'static str,
        mistakes: &mut Mistakes<'_>,
    ) -> Vec<Located<&'t str>> {
        const EXPECTED: &str = "a list of texts, with one at least";
        let list = self.read(key, EXPECTED, mistakes, |value| {
            value.as_array().filter(|list| !list.is_empty())
        });
        let mut texts = Vec::new();
        for item in list.iter().flat_map(|list| list.value.iter()) {
            let offset = item.span().start;
            match item.get_ref().as_str() {
                Some(value) => texts.push(Located { value, offset }),
                None => {
                    let message = format!("`{key}` of {} must be {EXPECTED}", self.name);
                    mistakes.add(offset, message);
                }
            }
        }
        texts
    }

    /// An optional table inside.
    pub(super) fn section(
        &mut self,
        key: &'static str,
        mistakes: &mut Mistakes<'_>,
    ) -> Option<Section<'t>> {
        let table = self.read(key, "a table", mistakes, DeValue::as_table)?;
        Some(Section::new(
            table.value,
            table.offset,
            &format!("`[{key}]`"),
        ))
    }

    /// An optional list of tables.
    pub(super) fn sections(
        &mut self,
        key: &'static str,
        mistakes: &mut Mistakes<'_>,
    ) -> Vec<Section<'t>> {
        let expected = format!("a list of tables, each headed `[[{key}]]`");
        let list = self.read(key, &expected, mistakes, DeValue::as_array);
        let mut sections = Vec::new();
        for item in list.iter().flat_map(|list| list.value.iter()) {
            let offset = item.span().start;
            let name = format!("entry {} of `{key}`", sections.len() + 1);
            match item.get_ref().as_table() {
                Some(table) => sections.push(Section::new(table, offset, &name)),
                None => mistakes.add(offset, format!("{name} must be a table")),
            }
        }
        sections
    }

    /// Notes every key that nothing asked for.
    pub(super) fn finish(self, mistakes: &mut Mistakes<'_>) {
        for (key, _) in self.table {
            if !self.known.contains(&key.get_ref().as_ref()) {
                let known = self.known.join("`, `");
                let message = format!(
                    "unknown key `{}` in {}; known here: `{known}`",
                    key.get_ref(),
                    self.name
                );
                mistakes.add(key.span().start, message);
            }
        }
    }
}
