//! A table of texts read by a framework: units, their groups, values of items.

use std::collections::BTreeMap;

use super::super::evaluate::{ItemValue, Unit};
use super::super::framework::Framework;
use crate::problem::Problem;

/// A table as text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sheet {
    /// The name mistakes are reported under.
    pub file: String,
    pub columns: Vec<String>,
    pub rows: Vec<SheetRow>,
}

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetRow {
    /// Line of the file, or number of the row where it has no lines.
    pub line: usize,
    /// One text a column; empty where there is nothing.
    pub cells: Vec<String>,
}

/// What a framework finds in a table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SheetUnits {
    pub units: Vec<Unit>,
    /// Unit to group, where the framework names a column of groups.
    pub groups: BTreeMap<String, String>,
    pub values: Vec<ItemValue>,
}

/// Mistakes of a table that are told one by one.
const MOST_MISTAKES: usize = 20;
/// Texts that say that there is no value, in any case.
const ABSENT: [&str; 8] = ["", "na", "n/a", "nan", "null", "none", "..", "-"];

impl Sheet {
    fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    /// The tables of the rows with each value of a column, in the order in which values come first.
    ///
    /// # Errors
    /// A column that is not there.
    pub fn split(&self, column: &str) -> Result<Vec<(String, Sheet)>, Vec<Problem>> {
        let place = self
            .column(column)
            .ok_or_else(|| vec![self.lacks(column)])?;
        let mut parts: Vec<(String, Sheet)> = Vec::new();
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        for row in &self.rows {
            let value = row.cells.get(place).map_or("", String::as_str);
            let at = *places.entry(value).or_insert_with(|| {
                let columns = self.columns.clone();
                let file = self.file.clone();
                let rows = Vec::new();
                parts.push((
                    value.to_owned(),
                    Sheet {
                        file,
                        columns,
                        rows,
                    },
                ));
                parts.len() - 1
            });
            if let Some((_, part)) = parts.get_mut(at) {
                part.rows.push(row.clone());
            }
        }
        Ok(parts)
    }

    fn lacks(&self, column: &str) -> Problem {
        let names = self.columns.join(", ");
        let message = format!("there is no column `{column}` (columns: {names})");
        Problem::new(&self.file, Some(1), message)
    }
}

/// Reads units and values. Without unit columns the first column that holds no item is the unit; of several the texts are
/// joined by spaces.
///
/// # Errors
/// Every mistake: columns that are not there, texts that are no numbers, units without a name or given twice.
pub fn units_of(
    framework: &Framework,
    sheet: &Sheet,
    unit_columns: &[String],
) -> Result<SheetUnits, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut place_of = |name: &str| {
        let place = sheet.column(name);
        if place.is_none() {
            problems.push(sheet.lacks(name));
        }
        place
    };
    let mut items: Vec<(&str, usize)> = Vec::new();
    for (_, item) in framework.items() {
        let name = item.column.as_deref().unwrap_or(&item.id);
        items.extend(place_of(name).map(|place| (item.id.as_str(), place)));
    }
    let group = framework.peer_group.as_deref().and_then(&mut place_of);
    let mut names: Vec<usize> = unit_columns
        .iter()
        .filter_map(|name| place_of(name))
        .collect();
    if unit_columns.is_empty() {
        let taken = |place: &usize| items.iter().any(|(_, item)| item == place);
        names.extend((0..sheet.columns.len()).find(|place| !taken(place)));
    }
    if names.is_empty() && problems.is_empty() {
        let message = "no column is left that could name the units";
        problems.push(Problem::new(&sheet.file, Some(1), message));
    }
    let mut found = SheetUnits::default();
    let mut lines: BTreeMap<String, usize> = BTreeMap::new();
    for row in &sheet.rows {
        let mut tell = |message: String| {
            problems.push(Problem::new(&sheet.file, Some(row.line), message));
        };
        let cell = |place: usize| row.cells.get(place).map_or("", |text| text.trim());
        let parts: Vec<&str> = names.iter().map(|place| cell(*place)).collect();
        let id = parts.join(" ");
        if id.trim().is_empty() {
            tell("the unit has no name".to_owned());
            continue;
        }
        if let Some(first) = lines.get(&id) {
            tell(format!(
                "unit `{id}` stands in line {first} already (several columns can name units: --unit A,B)"
            ));
            continue;
        }
        lines.insert(id.clone(), row.line);
        if let Some(name) = group.map(cell).filter(|name| !name.is_empty()) {
            found.groups.insert(id.clone(), name.to_owned());
        }
        for (item, place) in &items {
            match number(cell(*place)) {
                Ok(value) => found.values.push(ItemValue {
                    unit: id.clone(),
                    item: (*item).to_owned(),
                    value,
                }),
                Err(text) => tell(format!("column of `{item}`: `{text}` is no number")),
            }
        }
        found.units.push(Unit {
            id,
            sample_ok: true,
            deduction: 0.0,
            vetoes: Vec::new(),
        });
    }
    if problems.is_empty() {
        return Ok(found);
    }
    problems.sort_by_key(|problem| problem.line);
    let more = problems.len().saturating_sub(MOST_MISTAKES);
    if more > 0 {
        problems.truncate(MOST_MISTAKES);
        let message = format!("and {more} more mistakes");
        problems.push(Problem::new(&sheet.file, None, message));
    }
    Err(problems)
}

/// The number of a cell, or nothing; the text if it is neither.
fn number(text: &str) -> Result<Option<f64>, &str> {
    if ABSENT.contains(&text.to_lowercase().as_str()) {
        return Ok(None);
    }
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(Some(value)),
        _ => Err(text),
    }
}
