//! One sheet of a layout file.

use std::sync::Arc;

use super::chart::read_chart;
use super::pick::{named, names, read_match, read_pick, sort_by_labels, whole};
use super::{LabelSets, check_place, texts};
use crate::form::{Located, Mistakes, Section};
use crate::report::workbook::format::Format;
use crate::report::workbook::layout::{Across, ChartLayout, ColumnLayout, Labels, SheetLayout};
use crate::report::workbook::names::sheet_name_fault;

/// Narrowest and widest column, in characters.
const WIDTH_BOUNDS: (f64, f64) = (3.0, 120.0);
const FREEZE_BOUNDS: (u32, u32) = (0, 10);
const LIST_BOUNDS: (u32, u32) = (1, 100);

/// Reads the sheets of a file.
pub(super) struct SheetReader<'r, 'm> {
    pub(super) file: Arc<str>,
    pub(super) labels: &'r LabelSets,
    pub(super) mistakes: &'r mut Mistakes<'m>,
}

impl SheetReader<'_, '_> {
    pub(super) fn sheet(&mut self, mut section: Section<'_>) -> Option<SheetLayout> {
        let name = section.required_text("name", self.mistakes);
        if let Some(name) = name {
            section.rename(format!("sheet `{}`", name.value));
            if let Some(fault) = sheet_name_fault(name.value) {
                let message = format!("the sheet name `{}` {fault}", name.value);
                self.mistakes.add(name.offset, message);
            }
        }
        let line = self.mistakes.line(section.offset);
        let table = section.required_text("table", self.mistakes);
        let title = section.required_text("title", self.mistakes);
        let subtitle = section.text("subtitle", self.mistakes);
        check_place("title", title, self.mistakes);
        check_place("subtitle", subtitle, self.mistakes);
        let unit = section.text("unit", self.mistakes);
        let mut pick = read_pick(&mut section, None, self.mistakes);
        let by = names(section.texts("by", self.mistakes), self.mistakes);
        let across = self.across(&mut section, !by.is_empty());
        section.require("columns", self.mistakes);
        let columns = self.columns(&mut section);
        sort_by_labels(&mut pick, &columns);
        let total_rows = section
            .section("total_rows", self.mistakes)
            .and_then(|entry| read_match(entry, self.mistakes));
        let total_row = section.text("total_row", self.mistakes);
        let adds = columns.iter().any(|column| column.add);
        if let Some(total) = total_row.filter(|_| !adds) {
            let message = "`total_row` adds up the columns with add = true, and there is none";
            self.mistakes.add(total.offset, message);
        }
        let freeze = section.whole("freeze", FREEZE_BOUNDS, self.mistakes);
        let filter = section.flag("filter", self.mistakes);
        let portrait = section.flag("portrait", self.mistakes);
        let one_page = section.flag("one_page", self.mistakes);
        let notes = section.texts("notes", self.mistakes);
        let notes = texts(notes, "notes", self.mistakes);
        let sources = section.texts("sources", self.mistakes);
        let sources = texts(sources, "sources", self.mistakes);
        let entries = section.sections("chart", "a chart", self.mistakes);
        let mut charts: Vec<ChartLayout> = entries
            .into_iter()
            .filter_map(|entry| read_chart(entry, &pick, self.mistakes))
            .collect();
        for chart in &mut charts {
            sort_by_labels(&mut chart.pick, &columns);
        }
        section.finish(self.mistakes);
        Some(SheetLayout {
            file: self.file.clone(),
            line,
            table: table?.value.to_owned(),
            name: name?.value.to_owned(),
            title: title?.value.to_owned(),
            subtitle: subtitle.map(|text| text.value.to_owned()),
            unit: unit.map(|text| text.value.to_owned()),
            pick,
            by,
            across,
            columns,
            total_rows,
            total_row: total_row.map(|text| text.value.to_owned()),
            freeze: freeze.map(|freeze| whole(freeze.value)),
            filter,
            portrait,
            one_page,
            notes,
            sources,
            charts,
        })
    }

    fn across(&mut self, section: &mut Section<'_>, has_rows: bool) -> Option<Across> {
        let mut entry = section.section("across", self.mistakes)?;
        if !has_rows {
            let message = "`across` needs `by`: the columns whose values make a row";
            self.mistakes.add(entry.offset, message);
        }
        let column = entry.required_text("column", self.mistakes);
        let labels = self.label_set(&mut entry);
        let total = entry.text("total", self.mistakes);
        entry.finish(self.mistakes);
        Some(Across {
            column: named(column?, self.mistakes),
            labels,
            total: total.map(|total| total.value.to_owned()),
        })
    }

    fn label_set(&mut self, section: &mut Section<'_>) -> Option<Arc<Labels>> {
        let Located { value, offset } = section.text("labels", self.mistakes)?;
        let set = self.labels.get(value);
        if set.is_none() {
            let known: Vec<&str> = self.labels.keys().map(String::as_str).collect();
            let message = format!(
                "there is no set of labels `{value}`; known are `{}`",
                known.join("`, `")
            );
            self.mistakes.add(offset, message);
        }
        set.cloned()
    }

    fn columns(&mut self, section: &mut Section<'_>) -> Vec<ColumnLayout> {
        let entries = section.sections("columns", "a column", self.mistakes);
        if entries.is_empty() {
            let message =
                "`columns` names no column; write columns = [{ name = \"city_name\" }, …]";
            self.mistakes.add(section.offset, message);
        }
        entries
            .into_iter()
            .filter_map(|entry| self.column(entry))
            .collect()
    }

    fn column(&mut self, mut section: Section<'_>) -> Option<ColumnLayout> {
        let name = section.required_text("name", self.mistakes);
        if let Some(name) = name {
            section.rename(format!("column `{}`", name.value));
        }
        let heading = section.text("heading", self.mistakes);
        let group = section.text("group", self.mistakes);
        let unit = section.text("unit", self.mistakes);
        check_place("heading", heading, self.mistakes);
        check_place("group", group, self.mistakes);
        let format = section.choice("format", &Format::CHOICES, self.mistakes);
        let width = section.number("width", self.mistakes);
        let (least, most) = WIDTH_BOUNDS;
        if let Some(width) = width.filter(|width| !(least..=most).contains(&width.value)) {
            let message = format!("`width` is in characters, from {least} to {most}");
            self.mistakes.add(width.offset, message);
        }
        let indent = section.flag("indent", self.mistakes);
        let merge = section.flag("merge", self.mistakes);
        let spread = section.flag("spread", self.mistakes);
        let add = section.flag("add", self.mistakes);
        let labels = self.label_set(&mut section);
        let most = section.whole("most", LIST_BOUNDS, self.mistakes);
        section.finish(self.mistakes);
        let column = named(name?, self.mistakes);
        let format_line = format.map_or(column.line, |format| self.mistakes.line(format.offset));
        Some(ColumnLayout {
            column,
            heading: heading.map(|text| text.value.to_owned()),
            group: group.map(|text| text.value.to_owned()),
            unit: unit.map(|text| text.value.to_owned()),
            format: format.map(|format| format.value),
            format_line,
            width: width.map(|width| width.value),
            indent,
            merge,
            spread,
            add,
            labels,
            most: most.map(|most| whole(most.value)),
        })
    }
}
