//! Contract files -> contracts, with every mistake in them.

use std::collections::BTreeMap;
use std::path::Path;

use super::check;
use super::column::read_column;
use super::drift::DriftRules;
use super::model::{Column, ColumnType, Contract, Mode, Partition};
use super::ranges::read_ranges;
use crate::form::{Located, Mistakes, Section};
use crate::problem::Problem;

/// The contracts of a project, by feed name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Contracts {
    contracts: BTreeMap<String, Contract>,
}

impl Contracts {
    /// Reads every `*.toml` of a folder; each is the contract of the feed it is named after.
    ///
    /// # Errors
    /// Every mistake in every file, with its line.
    pub fn load_dir(folder: &Path) -> Result<Contracts, Vec<Problem>> {
        let unreadable = |path: &Path, error: std::io::Error| {
            vec![Problem::new(
                &path.display().to_string(),
                None,
                format!("cannot be read: {error}"),
            )]
        };
        let entries = std::fs::read_dir(folder).map_err(|error| unreadable(folder, error))?;
        let mut files = Vec::new();
        for entry in entries {
            let path = entry.map_err(|error| unreadable(folder, error))?.path();
            if path
                .extension()
                .is_some_and(|extension| extension == "toml")
            {
                let text =
                    std::fs::read_to_string(&path).map_err(|error| unreadable(&path, error))?;
                files.push((path.display().to_string(), text));
            }
        }
        if files.is_empty() {
            let message = "holds no contract; every feed has one, `<feed>.toml`";
            return Err(vec![Problem::new(
                &folder.display().to_string(),
                None,
                message,
            )]);
        }
        files.sort();
        Contracts::parse(&files)
    }

    /// Parses contract files (name, text).
    ///
    /// # Errors
    /// Every mistake in every file, with its line.
    pub fn parse(files: &[(String, String)]) -> Result<Contracts, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut drafts = Vec::new();
        for (file, text) in files {
            let mut mistakes = Mistakes::new(file, text);
            let draft = read_file(file, text, &mut mistakes);
            let found = mistakes.into_problems();
            if found.is_empty() {
                drafts.extend(draft);
            }
            problems.extend(found);
        }
        check::share_headers(&mut drafts, &mut problems);
        if !problems.is_empty() {
            return Err(problems);
        }
        let by_feed = drafts
            .into_iter()
            .map(|draft| (draft.contract.feed.clone(), draft.contract));
        Ok(Contracts {
            contracts: by_feed.collect(),
        })
    }

    /// The contract of the feed behind a source `<feed>_versions`: every accepted row, those that later rows replaced
    /// included.
    pub fn of_versions(&self, name: &str) -> Option<&Contract> {
        self.get(name.strip_suffix("_versions")?)
    }

    /// The contract of a feed.
    pub fn get(&self, feed: &str) -> Option<&Contract> {
        self.contracts.get(feed)
    }

    /// All contracts in the order of their feeds' names.
    pub fn iter(&self) -> impl Iterator<Item = &Contract> {
        self.contracts.values()
    }
}

/// A contract on its way, with what is needed to say where a mistake lies.
pub(super) struct Draft<'t> {
    pub(super) contract: Contract,
    pub(super) file: &'t str,
    pub(super) text: &'t str,
    /// By column, the byte at which it stands.
    pub(super) offsets: Vec<usize>,
}

fn read_file<'t>(file: &'t str, text: &'t str, mistakes: &mut Mistakes<'t>) -> Option<Draft<'t>> {
    let document = mistakes.parse(text)?;
    let mut root = Section::new(document.get_ref(), &(0..0), "the contract");
    let feed = root.required_text("feed", mistakes);
    if let Some(feed) = &feed {
        check::feed_name(file, feed, mistakes);
    }
    let title_zh = root.required_text("title_zh", mistakes);
    let title_en = root.required_text("title_en", mistakes);
    let description_en = root.required_text("description_en", mistakes);

    let mut names: Vec<Located<&str>> = Vec::new();
    let mut columns = Vec::new();
    let mut offsets = Vec::new();
    for mut section in root.sections("columns", "a column", mistakes) {
        let name = section.required_text("name", mistakes);
        if let Some(name) = name {
            section.rename(format!("column `{}`", name.value));
            check::column_name(&name, &names, mistakes);
            names.push(name);
        }
        let offset = section.offset;
        if let Some(column) = read_column(section, name.map_or("", |name| name.value), mistakes) {
            columns.push(column);
            offsets.push(offset);
        }
    }
    if names.is_empty() {
        mistakes.add(0, "the contract lacks `[[columns]]`");
    }
    // A column with a mistake of its own is named all the same; only its type cannot be judged.
    let find = |name: &Located<&str>, key: &str, mistakes: &mut Mistakes<'_>| {
        if !names.iter().any(|known| known.value == name.value) {
            mistakes.add(
                name.offset,
                format!("`{key}` names `{}`, which is no column", name.value),
            );
            return None;
        }
        columns
            .iter()
            .position(|column: &Column| column.name == name.value)
    };

    let mode = read_mode(&mut root, &find, mistakes);
    let key = read_key(&mut root, &columns, &find, mistakes);
    let mut reference = |key: &'static str, allowed: fn(&ColumnType) -> bool, expected: &str| {
        let name = root.text(key, mistakes)?;
        let index = find(&name, key, mistakes)?;
        check::column_type(&columns, index, &name, key, allowed, expected, mistakes)
    };
    let is_dated = |kind: &ColumnType| matches!(kind, ColumnType::Date(_) | ColumnType::Time(_));
    let main_date = reference("main_date", is_dated, "a date or a time");
    let city = reference("city", |kind| matches!(kind, ColumnType::City), "a city");
    let partition = read_partition(&mut root, &columns, &find, mistakes);
    let ranges = read_ranges(&mut root, &columns, &find, mistakes);
    let drift = DriftRules::read(&mut root, mistakes);
    root.finish(mistakes);

    // What is missing is told already; the checks below still see the rest.
    let text_of = |text: Option<Located<&str>>| text.map_or("", |text| text.value).to_owned();
    let mut contract = Contract {
        feed: text_of(feed),
        title_zh: text_of(title_zh),
        title_en: text_of(title_en),
        description_en: text_of(description_en),
        mode: mode.unwrap_or(Mode::Append),
        key,
        main_date,
        city,
        partition,
        drift,
        ranges,
        columns,
        headers: Default::default(),
    };
    check::lake_names(&contract, &offsets, mistakes);
    check::own_headers(&mut contract, &offsets, mistakes);
    Some(Draft {
        contract,
        file,
        text,
        offsets,
    })
}

/// Finds a column by name for the key given, or notes that there is none.
pub(super) type Find<'f> = &'f dyn Fn(&Located<&str>, &str, &mut Mistakes<'_>) -> Option<usize>;

fn read_mode(root: &mut Section<'_>, find: Find<'_>, mistakes: &mut Mistakes<'_>) -> Option<Mode> {
    let mode = root.required_text("mode", mistakes)?;
    let snapshot_by = root.text("snapshot_by", mistakes);
    match (mode.value, snapshot_by) {
        ("append", None) => Some(Mode::Append),
        ("append", Some(by)) => {
            mistakes.add(by.offset, "`snapshot_by` belongs to `mode = \"snapshot\"`");
            None
        }
        ("snapshot", Some(by)) => {
            find(&by, "snapshot_by", mistakes).map(|by| Mode::Snapshot { by })
        }
        ("snapshot", None) => {
            mistakes.add(
                mode.offset,
                "a snapshot feed needs `snapshot_by`, the column a newer file replaces by",
            );
            None
        }
        (other, _) => {
            mistakes.add(
                mode.offset,
                format!("unknown mode `{other}`; it is `append` or `snapshot`"),
            );
            None
        }
    }
}

fn read_key(
    root: &mut Section<'_>,
    columns: &[Column],
    find: Find<'_>,
    mistakes: &mut Mistakes<'_>,
) -> Vec<usize> {
    let names = root.required_texts("key", mistakes);
    let mut key = Vec::new();
    for name in names {
        let optional = name.value.strip_suffix('?');
        let plain = Located {
            value: optional.unwrap_or(name.value),
            offset: name.offset,
        };
        let Some(index) = find(&plain, "key", mistakes) else {
            continue;
        };
        let required = columns.get(index).is_some_and(|column| column.required);
        if key.contains(&index) {
            mistakes.add(name.offset, format!("`key` names `{}` twice", plain.value));
        } else if !required && optional.is_none() {
            let message = format!(
                "key column `{0}` is optional; make it required, or write `{0}?` if a missing value is part of the key",
                plain.value
            );
            mistakes.add(name.offset, message);
        } else if required && optional.is_some() {
            mistakes.add(
                name.offset,
                format!(
                    "key column `{}` is required, so it takes no `?`",
                    plain.value
                ),
            );
        }
        key.push(index);
    }
    key
}

fn read_partition(
    root: &mut Section<'_>,
    columns: &[Column],
    find: Find<'_>,
    mistakes: &mut Mistakes<'_>,
) -> Option<Partition> {
    let mut section = root.section("partition", mistakes)?;
    let is_time = |kind: &ColumnType| matches!(kind, ColumnType::Time(_));
    let reference = |name: Option<Located<&str>>, key: &str, mistakes: &mut Mistakes<'_>| {
        let name = name?;
        let index = find(&name, key, mistakes)?;
        check::column_type(columns, index, &name, key, is_time, "a time", mistakes)
    };
    let day_name = section.required_text("day", mistakes);
    let day = reference(day_name, "day", mistakes);
    let reach_name = section.text("reach", mistakes);
    let reach = reference(reach_name, "reach", mistakes);
    section.finish(mistakes);
    let day = day?;
    if let Some(column) = columns.get(day).filter(|column| !column.required) {
        let offset = day_name.map_or(0, |name| name.offset);
        let message = format!("partition column `{}` must be required", column.name);
        mistakes.add(offset, message);
    }
    Some(Partition { day, reach })
}
