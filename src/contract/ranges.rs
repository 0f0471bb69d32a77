//! Ranges of a column that depend on the word in another: a rating is 1 to 5, the outcome of a call-back -1 to 1.

use super::check;
use super::column::read_bounds;
use super::load::Find;
use super::model::{Bounds, Column, ColumnType, Contract};
use super::value::Value;
use crate::form::{Mistakes, Section};

/// What a column may hold where another has a certain word.
#[derive(Debug, Clone, PartialEq)]
pub struct ConditionalRange {
    /// The number column.
    column: usize,
    /// The enumeration.
    of: usize,
    /// Its word.
    word: String,
    /// What the number lies in then.
    bounds: Bounds,
}

/// Reads `[[ranges]]` of a contract.
pub(super) fn read_ranges(
    root: &mut Section<'_>,
    columns: &[Column],
    find: Find<'_>,
    mistakes: &mut Mistakes<'_>,
) -> Vec<ConditionalRange> {
    let mut ranges = Vec::new();
    for mut section in root.sections("ranges", "a range", mistakes) {
        let column = section.required_text("column", mistakes);
        let of = section.required_text("of", mistakes);
        let word = section.required_text("is", mistakes);
        let bounds = read_bounds(&mut section, mistakes);
        section.finish(mistakes);
        let (Some(column), Some(of), Some(word)) = (column, of, word) else {
            continue;
        };
        let is_number =
            |kind: &ColumnType| matches!(kind, ColumnType::Number(_) | ColumnType::Integer(_));
        let is_words = |kind: &ColumnType| matches!(kind, ColumnType::Enumeration(_));
        let number = find(&column, "column", mistakes).and_then(|index| {
            let expected = "a number or an integer";
            check::column_type(
                columns, index, &column, "column", is_number, expected, mistakes,
            )
        });
        let words = find(&of, "of", mistakes).and_then(|index| {
            let expected = "an enumeration";
            check::column_type(columns, index, &of, "of", is_words, expected, mistakes)
        });
        let (Some(number), Some(words)) = (number, words) else {
            continue;
        };
        let is_known = columns.get(words).is_some_and(|column| match &column.kind {
            ColumnType::Enumeration(values) => values.iter().any(|value| value.value == word.value),
            _ => false,
        });
        if !is_known {
            let message = format!(
                "`is` names `{}`, which is no word of `{}`",
                word.value, of.value
            );
            mistakes.add(word.offset, message);
        }
        ranges.push(ConditionalRange {
            column: number,
            of: words,
            word: word.value.to_owned(),
            bounds,
        });
    }
    ranges
}

impl Contract {
    /// The first column whose value lies outside the range that another column's word gives it.
    pub fn outside_range(&self, values: &[Value<'_>]) -> Option<usize> {
        let is_outside = |range: &&ConditionalRange| {
            let is_word =
                matches!(values.get(range.of), Some(Value::Text(word)) if *word == range.word);
            let value = match values.get(range.column) {
                Some(Value::Float(value)) => *value,
                Some(Value::Int(value)) => *value as f64,
                _ => return false,
            };
            is_word && !range.bounds.contain(value)
        };
        self.ranges
            .iter()
            .find(is_outside)
            .map(|range| range.column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Contracts;

    fn contract(range: &str) -> Result<Contracts, String> {
        let text = format!(
            r#"
feed = "visits"
title_zh = "访问"
title_en = "Visits"
description_en = "Who came when."
mode = "append"
key = ["kind"]
[[columns]]
name = "kind"
zh = ["类型"]
en = "kind"
type = "enumeration"
required = true
values = [{{ value = "rating", zh = ["评分"] }}, {{ value = "call", zh = ["回访"] }}]
[[columns]]
name = "value"
zh = ["结果"]
en = "value"
type = "number"
{range}
"#
        );
        let files = [("visits.toml".to_owned(), text)];
        Contracts::parse(&files).map_err(|problems| problems[0].message.clone())
    }

    #[test]
    fn a_value_is_judged_by_the_word_beside_it() {
        let contracts = contract(
            "[[ranges]]\ncolumn = \"value\"\nof = \"kind\"\nis = \"rating\"\nmin = 1\nmax = 5",
        )
        .unwrap();
        let visits = contracts.get("visits").unwrap();
        let row = |kind: &'static str, value: Value<'static>| [Value::Text(kind.into()), value];
        for (kind, value, outside) in [
            ("rating", Value::Float(1.0), None),
            ("rating", Value::Float(0.0), Some(1)),
            ("rating", Value::Float(5.5), Some(1)),
            ("rating", Value::Null, None),
            ("call", Value::Float(0.0), None),
        ] {
            assert_eq!(visits.outside_range(&row(kind, value)), outside);
        }
    }

    #[test]
    fn mistakes_are_told() {
        for (range, told) in [
            (
                "column = \"value\"\nof = \"kind\"\nis = \"visit\"",
                "which is no word of `kind`",
            ),
            (
                "column = \"kind\"\nof = \"kind\"\nis = \"call\"",
                "which is not a number",
            ),
            (
                "column = \"value\"\nof = \"value\"\nis = \"call\"",
                "which is not an enumeration",
            ),
        ] {
            let message = contract(&format!("[[ranges]]\n{range}")).unwrap_err();
            assert!(message.contains(told), "{message}");
        }
    }
}
