//! Checks of a contract against itself and against the other contracts.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use super::load::Draft;
use super::model::{Column, ColumnType, Contract, EnumerationValue};
use super::text::{fold, is_null_word};
use crate::form::{Located, Mistakes};
use crate::problem::Problem;

/// The feed is named like its file, in lower case with underscores.
pub(super) fn feed_name(file: &str, feed: &Located<&str>, mistakes: &mut Mistakes<'_>) {
    if !is_snake_case(feed.value) {
        let message = format!(
            "feed `{}` must be lower-case letters, digits and underscores",
            feed.value
        );
        mistakes.add(feed.offset, message);
    }
    let stem = Path::new(file).file_stem().and_then(|stem| stem.to_str());
    if stem != Some(feed.value) {
        let message = format!("feed `{0}` must stand in the file `{0}.toml`", feed.value);
        mistakes.add(feed.offset, message);
    }
}

/// A column's name is well formed and not taken.
pub(super) fn column_name(
    name: &Located<&str>,
    taken: &[Located<&str>],
    mistakes: &mut Mistakes<'_>,
) {
    if !is_snake_case(name.value) {
        let message = format!(
            "column `{}` must be lower-case letters, digits and underscores",
            name.value
        );
        mistakes.add(name.offset, message);
    }
    if taken.iter().any(|other| other.value == name.value) {
        mistakes.add(name.offset, format!("column `{}` stands twice", name.value));
    }
}

fn is_snake_case(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// The column has a type the key allows.
pub(super) fn column_type(
    columns: &[Column],
    index: usize,
    name: &Located<&str>,
    key: &str,
    allowed: fn(&ColumnType) -> bool,
    expected: &str,
    mistakes: &mut Mistakes<'_>,
) -> Option<usize> {
    if columns
        .get(index)
        .is_some_and(|column| allowed(&column.kind))
    {
        return Some(index);
    }
    mistakes.add(
        name.offset,
        format!("`{key}` names `{}`, which is not {expected}", name.value),
    );
    None
}

/// No spelling of a word is another word of the enumeration or a word for nothing.
pub(super) fn enumeration_word(
    word: &EnumerationValue,
    earlier: &[EnumerationValue],
    offset: usize,
    mistakes: &mut Mistakes<'_>,
) {
    for spelling in &word.folded {
        if is_null_word(spelling) {
            mistakes.add(
                offset,
                format!("`{spelling}` of value `{}` is read as nothing", word.value),
            );
        }
        if let Some(other) = earlier.iter().find(|other| other.folded.contains(spelling)) {
            let message = format!(
                "`{spelling}` stands for both `{}` and `{}`",
                other.value, word.value
            );
            mistakes.add(offset, message);
        }
    }
}

/// No two columns of the lake table share a name, those of time in microseconds (`_us`) and of lineage included.
pub(super) fn lake_names(contract: &Contract, offsets: &[usize], mistakes: &mut Mistakes<'_>) {
    let mut owners: HashMap<String, usize> = HashMap::new();
    let mut take = |name: String, source: usize, mistakes: &mut Mistakes<'_>| {
        let earlier = owners.insert(name.clone(), source);
        // Columns that stand twice are already told.
        let differ = |other: usize| {
            contract.columns.get(other).map(|column| &column.name)
                != contract.columns.get(source).map(|column| &column.name)
        };
        if earlier.is_some_and(differ) {
            let message =
                format!("two columns make the lake column `{name}`; give one another `stem`");
            mistakes.add(offsets.get(source).copied().unwrap_or(0), message);
        }
    };
    for column in contract.lake_columns() {
        take(column.name, column.source, mistakes);
    }
    for (source, column) in contract.columns.iter().enumerate() {
        if matches!(column.kind, ColumnType::Time(_)) {
            take(format!("{}_us", column.stem), source, mistakes);
        }
    }
}

/// Fills the contract's headers by its own names and aliases; none may name two columns.
pub(super) fn own_headers(contract: &mut Contract, offsets: &[usize], mistakes: &mut Mistakes<'_>) {
    for (index, column) in contract.columns.iter().enumerate() {
        for header in std::iter::once(&column.name).chain(&column.zh) {
            let earlier = contract.headers.insert(fold(header), index);
            let other = earlier.and_then(|earlier| contract.columns.get(earlier));
            if let Some(other) = other.filter(|other| other.name != column.name) {
                let message = format!(
                    "header `{header}` stands for both `{}` and `{}`",
                    other.name, column.name
                );
                mistakes.add(offsets.get(index).copied().unwrap_or(0), message);
            }
        }
    }
}

/// An alias given for a column in one feed holds in every feed that has the column, unless that feed itself
/// gives the header to another column.
pub(super) fn share_headers(drafts: &mut [Draft<'_>], problems: &mut Vec<Problem>) {
    let mut aliases: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for draft in drafts.iter() {
        for column in &draft.contract.columns {
            let known = aliases.entry(column.name.clone()).or_default();
            known.extend(column.zh.iter().cloned());
        }
    }
    for draft in drafts {
        let own = draft.contract.headers.clone();
        let names: Vec<String> = draft
            .contract
            .columns
            .iter()
            .map(|column| column.name.clone())
            .collect();
        let mut mistakes = Mistakes::new(draft.file, draft.text);
        for (index, column) in draft.contract.columns.iter_mut().enumerate() {
            for alias in aliases.get(&column.name).into_iter().flatten() {
                let folded = fold(alias);
                if own.contains_key(&folded) {
                    continue;
                }
                match draft.contract.headers.insert(folded, index) {
                    Some(other) if other != index => {
                        let other = names.get(other).map_or("", String::as_str);
                        let message = format!(
                            "other feeds give the header `{alias}` to both `{other}` and `{}`; name it here for one",
                            column.name
                        );
                        mistakes.add(draft.offsets.get(index).copied().unwrap_or(0), message);
                    }
                    Some(_) => {}
                    None => column.zh.push(alias.clone()),
                }
            }
        }
        problems.extend(mistakes.into_problems());
    }
}
