//! One `[[columns]]` of a contract file -> a column, with every mistake in it.

use super::check;
use super::model::{Bounds, Calendar, Column, ColumnType, EnumerationValue};
use crate::form::{Located, Mistakes, Section};
use crate::identity::Wanted;

/// Reads the rest of a column whose name is known.
pub(super) fn read_column(
    mut section: Section<'_>,
    name: &str,
    mistakes: &mut Mistakes<'_>,
) -> Option<Column> {
    let zh = section.required_texts("zh", mistakes);
    let en = section.required_text("en", mistakes);
    let required = section.flag("required", mistakes);
    let stem = section.text("stem", mistakes);
    let type_name = section.required_text("type", mistakes)?;
    let kind = read_type(&mut section, &type_name, name, mistakes)?;
    section.finish(mistakes);
    let stem = stem.map_or_else(|| default_stem(name, &kind), |stem| stem.value);
    Some(Column {
        name: name.to_owned(),
        stem: stem.to_owned(),
        zh: zh.iter().map(|word| word.value.to_owned()).collect(),
        en: en.map_or("", |en| en.value).to_owned(),
        required,
        kind,
    })
}

/// The column's name without the ending of its type.
fn default_stem<'n>(name: &'n str, kind: &ColumnType) -> &'n str {
    let ending = match kind {
        ColumnType::Hours(_) => "_hours",
        ColumnType::Money => "_yuan",
        ColumnType::Date(_) => "_on",
        ColumnType::Time(_) => "_at",
        ColumnType::Person { .. } => "_id",
        ColumnType::Account => "_no",
        _ => return name,
    };
    name.strip_suffix(ending).unwrap_or(name)
}

fn read_type(
    section: &mut Section<'_>,
    type_name: &Located<&str>,
    column: &str,
    mistakes: &mut Mistakes<'_>,
) -> Option<ColumnType> {
    Some(match type_name.value {
        "text" => ColumnType::Text(read_wanted(section, mistakes)),
        "enumeration" => ColumnType::Enumeration(read_values(section, column, mistakes)),
        "integer" => ColumnType::Integer(read_bounds(section, mistakes)),
        "number" => ColumnType::Number(read_bounds(section, mistakes)),
        "hours" => ColumnType::Hours(read_bounds(section, mistakes)),
        "money" => ColumnType::Money,
        "boolean" => ColumnType::Boolean,
        "date" => ColumnType::Date(read_calendar(
            section,
            &[Calendar::Month, Calendar::Quarter],
            mistakes,
        )),
        "time" => {
            let allowed = [Calendar::Day, Calendar::Month, Calendar::Quarter];
            ColumnType::Time(read_calendar(section, &allowed, mistakes))
        }
        "city" => ColumnType::City,
        "division" => ColumnType::Division,
        "level" => ColumnType::Level,
        "person" => ColumnType::Person {
            facts: section.flag("facts", mistakes),
        },
        "name" => ColumnType::Name,
        "phone" => ColumnType::Phone,
        "account" => ColumnType::Account,
        other => {
            let message = format!(
                "unknown type `{other}`; known: text, enumeration, integer, number, hours, money, boolean, date, \
                 time, city, division, level, person, name, phone, account"
            );
            mistakes.add(type_name.offset, message);
            return None;
        }
    })
}

/// What of persons a text is searched for.
fn read_wanted(section: &mut Section<'_>, mistakes: &mut Mistakes<'_>) -> Wanted {
    let names_people = section.flag("names_people", mistakes);
    if section.flag("name_for_code", mistakes) {
        return Wanted::PeopleOrName;
    }
    if names_people {
        Wanted::People
    } else {
        Wanted::CitizenNumbers
    }
}

pub(super) fn read_bounds(section: &mut Section<'_>, mistakes: &mut Mistakes<'_>) -> Bounds {
    let minimum = section.number("min", mistakes);
    let maximum = section.number("max", mistakes);
    if let (Some(minimum), Some(maximum)) = (minimum, maximum)
        && minimum.value > maximum.value
    {
        mistakes.add(maximum.offset, "`max` is less than `min`");
    }
    Bounds {
        minimum: minimum.map(|bound| bound.value),
        maximum: maximum.map(|bound| bound.value),
    }
}

fn read_calendar(
    section: &mut Section<'_>,
    allowed: &[Calendar],
    mistakes: &mut Mistakes<'_>,
) -> Vec<Calendar> {
    let mut calendar = Vec::new();
    for word in section.texts("calendar", mistakes) {
        match allowed.iter().find(|unit| unit.word() == word.value) {
            Some(unit) if calendar.contains(unit) => {
                mistakes.add(
                    word.offset,
                    format!("`calendar` names `{}` twice", word.value),
                );
            }
            Some(unit) => calendar.push(*unit),
            None => {
                let known: Vec<&str> = allowed.iter().map(|unit| unit.word()).collect();
                let message = format!(
                    "unknown calendar `{}`; this type allows {}",
                    word.value,
                    known.join(", ")
                );
                mistakes.add(word.offset, message);
            }
        }
    }
    calendar
}

fn read_values(
    section: &mut Section<'_>,
    column: &str,
    mistakes: &mut Mistakes<'_>,
) -> Vec<EnumerationValue> {
    let mut values = Vec::new();
    for mut item in section.sections("values", "a value", mistakes) {
        let Some(value) = item.required_text("value", mistakes) else {
            continue;
        };
        item.rename(format!("value `{}` of column `{column}`", value.value));
        let zh: Vec<String> = item
            .required_texts("zh", mistakes)
            .iter()
            .map(|word| word.value.to_owned())
            .collect();
        let word = EnumerationValue::new(value.value.to_owned(), zh);
        check::enumeration_word(&word, &values, item.offset, mistakes);
        item.finish(mistakes);
        values.push(word);
    }
    if values.is_empty() {
        mistakes.add(
            section.offset,
            format!("enumeration `{column}` lacks `values`"),
        );
    }
    values
}
