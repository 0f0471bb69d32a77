//! One chart of a layout file.

use super::check_place;
use super::pick::{named, names, read_pick};
use crate::form::{Mistakes, Section};
use crate::report::workbook::layout::{ChartKind, ChartLayout, Pick};

const KINDS: [(&str, ChartKind); 4] = [
    ("line", ChartKind::Line),
    ("column", ChartKind::Column),
    ("bar", ChartKind::Bar),
    ("stacked", ChartKind::Stacked),
];

/// `sheet` is what the sheet shows: the chart keeps to its period unless it has one of its own.
pub(super) fn read_chart(
    mut section: Section<'_>,
    sheet: &Pick,
    mistakes: &mut Mistakes<'_>,
) -> Option<ChartLayout> {
    let title = section.required_text("title", mistakes);
    check_place("title", title, mistakes);
    if let Some(title) = title {
        section.rename(format!("chart `{}`", title.value));
    }
    let line = mistakes.line(section.offset);
    section.require("type", mistakes);
    let kind = section.choice("type", &KINDS, mistakes);
    let unit = section.text("unit", mistakes);
    let category = section.required_text("category", mistakes);
    section.require("values", mistakes);
    let values = section.some_texts("values", mistakes);
    let series = section.texts("names", mistakes);
    if let Some(first) = series.first().filter(|_| series.len() != values.len()) {
        let message = format!(
            "there are {} `names` for {} `values`; give each value its name, in the same order",
            series.len(),
            values.len()
        );
        mistakes.add(first.offset, message);
    }
    let pick = read_pick(&mut section, Some(sheet), mistakes);
    let add = section.flag("add", mistakes);
    let figures = section.flag("figures", mistakes);
    section.finish(mistakes);
    Some(ChartLayout {
        line,
        kind: kind?.value,
        title: title?.value.to_owned(),
        unit: unit.map(|unit| unit.value.to_owned()),
        category: named(category?, mistakes),
        values: names(values, mistakes),
        names: series
            .into_iter()
            .map(|name| name.value.to_owned())
            .collect(),
        pick,
        add,
        figures,
    })
}
