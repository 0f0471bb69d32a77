//! Which rows a sheet or a chart shows.

use crate::form::{Located, Mistakes, Section};
use crate::report::workbook::layout::{ColumnLayout, Match, Named, Pick, SortKey, Take};

/// Months or days that `last` may ask for.
const LAST_BOUNDS: (u32, u32) = (1, 400);
/// Rows that `most` may ask for.
const MOST_BOUNDS: (u32, u32) = (1, 1_048_576);

const TAKES: [(&str, Take); 3] = [
    ("all", Take::All),
    ("latest", Take::Latest),
    ("year", Take::Year),
];

pub(super) fn named(located: Located<&str>, mistakes: &Mistakes<'_>) -> Named {
    Named {
        name: located.value.to_owned(),
        line: mistakes.line(located.offset),
    }
}

pub(super) fn names(list: Vec<Located<&str>>, mistakes: &Mistakes<'_>) -> Vec<Named> {
    list.into_iter()
        .map(|located| named(located, mistakes))
        .collect()
}

/// Reads the keys `period`, `take`, `last`, `only`, `leave_out`, `sort` and `most`. `inherited` is what holds where the
/// section has no period of its own.
pub(super) fn read_pick(
    section: &mut Section<'_>,
    inherited: Option<&Pick>,
    mistakes: &mut Mistakes<'_>,
) -> Pick {
    let own_period = section.text("period", mistakes);
    let take = section.choice("take", &TAKES, mistakes);
    let last = section.whole("last", LAST_BOUNDS, mistakes);
    if let (Some(_), Some(last)) = (take, last) {
        mistakes.add(
            last.offset,
            "`take` and `last` exclude each other; keep one",
        );
    }
    let inherited_period = inherited.and_then(|pick| pick.period.clone());
    let period = own_period
        .map(|own| named(own, mistakes))
        .or(inherited_period);
    let offset = take
        .map(|take| take.offset)
        .or(last.map(|last| last.offset));
    if let Some(offset) = offset.filter(|_| period.is_none()) {
        mistakes.add(
            offset,
            "say which column holds the months or days: period = \"month\"",
        );
    }
    let take = match (take, last) {
        (_, Some(last)) => Take::Last(whole(last.value)),
        (Some(take), None) => take.value,
        (None, None) => inherited.map_or(Take::All, |pick| pick.take),
    };
    let only = read_matches(section, "only", mistakes);
    let leave_out = read_matches(section, "leave_out", mistakes);
    let sort = section.texts("sort", mistakes);
    let sort = sort
        .into_iter()
        .map(|key| sort_key(key, mistakes))
        .collect();
    let most = section.whole("most", MOST_BOUNDS, mistakes);
    Pick {
        period,
        take,
        only,
        leave_out,
        sort,
        most: most.map(|most| whole(most.value)),
    }
}

pub(super) fn whole(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// `-column` sorts from the largest down.
fn sort_key(key: Located<&str>, mistakes: &Mistakes<'_>) -> SortKey {
    let (name, descending) = match key.value.strip_prefix('-') {
        Some(name) => (name, true),
        None => (key.value, false),
    };
    SortKey {
        column: named(
            Located {
                value: name,
                offset: key.offset,
            },
            mistakes,
        ),
        descending,
        labels: None,
    }
}

/// Columns with labels are sorted in the order of these.
pub(super) fn sort_by_labels(pick: &mut Pick, columns: &[ColumnLayout]) {
    for key in &mut pick.sort {
        let mut columns = columns.iter();
        let column = columns.find(|layout| layout.column.name == key.column.name);
        key.labels = column.and_then(|layout| layout.labels.clone());
    }
}

fn read_matches(
    section: &mut Section<'_>,
    key: &'static str,
    mistakes: &mut Mistakes<'_>,
) -> Vec<Match> {
    let entries = section.sections(key, &format!("an entry of `{key}`"), mistakes);
    entries
        .into_iter()
        .filter_map(|entry| read_match(entry, mistakes))
        .collect()
}

/// `{ column = "city_code", values = ["370000"] }`.
pub(super) fn read_match(mut entry: Section<'_>, mistakes: &mut Mistakes<'_>) -> Option<Match> {
    let column = entry.required_text("column", mistakes);
    entry.require("values", mistakes);
    let values = entry.some_texts("values", mistakes);
    entry.finish(mistakes);
    Some(Match {
        column: named(column?, mistakes),
        values: values
            .into_iter()
            .map(|value| value.value.to_owned())
            .collect(),
    })
}
