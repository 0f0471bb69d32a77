//! Matching a file's header row to a contract.

use std::collections::BTreeSet;

use super::model::Contract;
use super::text::fold;
use crate::identity::has_long_number;

/// How a header row stands to a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderMatch {
    /// By contract column, the position of its field in the file's rows.
    pub positions: Vec<Option<usize>>,
    /// The file's headers that the contract does not know, with their position; blank ones are left out.
    pub unknown: Vec<(usize, String)>,
    /// Required contract columns that the file lacks.
    pub missing_required: Vec<String>,
    /// Contract columns that a further header of the file names, with its position; the first is taken in `positions`.
    pub others: Vec<(usize, usize)>,
}

impl HeaderMatch {
    /// Whether the file's rows can be read by it: nothing required is missing and nothing is named twice.
    pub fn is_usable(&self) -> bool {
        self.missing_required.is_empty() && self.others.is_empty()
    }

    /// How many contract columns the row names; tells a wanting header row from a title line.
    pub fn recognised(&self) -> usize {
        self.positions.iter().flatten().count()
    }
}

impl Contract {
    /// Matches the fields of a header row, in English or Chinese, in any order, whatever their case, width and
    /// spaces.
    pub fn match_header<T: AsRef<str>>(&self, fields: &[T]) -> HeaderMatch {
        let mut found = HeaderMatch {
            positions: vec![None; self.columns.len()],
            unknown: Vec::new(),
            missing_required: Vec::new(),
            others: Vec::new(),
        };
        for (position, field) in fields.iter().enumerate() {
            let folded = fold(field.as_ref());
            let slot = self.headers.get(&folded).copied();
            let Some((index, slot)) =
                slot.and_then(|index| Some((index, found.positions.get_mut(index)?)))
            else {
                if !folded.is_empty() {
                    let name = told_heading(field.as_ref().trim());
                    found.unknown.push((position, name));
                }
                continue;
            };
            if slot.is_none() {
                *slot = Some(position);
                continue;
            }
            found.others.push((index, position));
        }
        for (column, position) in self.columns.iter().zip(&found.positions) {
            if column.required && position.is_none() {
                found.missing_required.push(column.name.clone());
            }
        }
        found
    }

    /// Contract columns that two headers of the file name, each once.
    pub fn named_twice(&self, header: &HeaderMatch) -> Vec<&str> {
        let twice: BTreeSet<usize> = header.others.iter().map(|(index, _)| *index).collect();
        let columns = twice.iter().filter_map(|index| self.columns.get(*index));
        columns.map(|column| column.name.as_str()).collect()
    }

    /// The contract column that a single header names.
    pub fn column_of_header(&self, header: &str) -> Option<usize> {
        self.headers.get(&fold(header)).copied()
    }
}

/// A heading, or the name of a sheet, of bounded length and without long numbers, in groups either: in a file that lacks its
/// header the first record stands there, and headings are told where no phone or citizen number may be.
pub fn told_heading(heading: &str) -> String {
    const MOST_DIGITS: usize = 7;
    const MOST_BYTES: usize = 200;
    let heading = heading
        .char_indices()
        .find(|(index, _)| *index >= MOST_BYTES)
        .and_then(|(index, _)| heading.get(..index))
        .unwrap_or(heading);
    if has_long_number(heading) {
        let hidden = |character: char| match character {
            '0'..='9' => '#',
            other => other,
        };
        return heading.chars().map(hidden).collect();
    }
    let mut masked = String::with_capacity(heading.len());
    for part in heading.split_inclusive(|character: char| !character.is_ascii_digit()) {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        if digits > MOST_DIGITS {
            masked.extend(std::iter::repeat_n('#', digits));
            masked.push_str(part.get(digits..).unwrap_or_default());
        } else {
            masked.push_str(part);
        }
    }
    masked
}

#[cfg(test)]
mod tests {
    use crate::contract::Contracts;

    fn contracts() -> Contracts {
        let text = r#"
feed = "visits"
title_zh = "访问"
title_en = "Visits"
description_en = "Who came when."
mode = "append"
key = ["visit_id"]
[[columns]]
name = "visit_id"
zh = ["访问编号（新）"]
en = "identifier"
type = "text"
required = true
[[columns]]
name = "visited_on"
zh = ["访问日期"]
en = "day"
type = "date"
required = true
[[columns]]
name = "note"
zh = ["说明"]
en = "note"
type = "text"
"#;
        Contracts::parse(&[("visits.toml".to_owned(), text.to_owned())]).unwrap()
    }

    #[test]
    fn any_order_case_width_and_spaces() {
        let contracts = contracts();
        let visits = contracts.get("visits").unwrap();
        for fields in [
            ["note", "visited_on", "visit_id"],
            [" Note ", "ｖｉｓｉｔｅｄ＿ｏｎ", "\u{feff}VISIT_ID"],
            ["说 明", "\"访问日期\"", "访问编号(新)"],
        ] {
            let found = visits.match_header(&fields);
            assert_eq!(found.positions, [Some(2), Some(1), Some(0)]);
            assert!(found.is_usable());
            assert!(found.unknown.is_empty());
        }
        assert_eq!(visits.column_of_header("访问日期"), Some(1));
    }

    #[test]
    fn unknown_missing_and_duplicated_headers_are_told() {
        let contracts = contracts();
        let visits = contracts.get("visits").unwrap();
        let found = visits.match_header(&["访问编号（新）", " 备注 ", "visit_id", ""]);
        assert_eq!(found.positions, [Some(0), None, None]);
        assert_eq!(found.unknown, [(1, "备注".to_owned())]);
        assert_eq!(found.missing_required, ["visited_on"]);
        assert_eq!(visits.named_twice(&found), ["visit_id"]);
        assert_eq!(found.recognised(), 1);
        assert!(!found.is_usable());
    }

    #[test]
    fn a_missing_optional_column_is_no_fault() {
        let contracts = contracts();
        let found = contracts
            .get("visits")
            .unwrap()
            .match_header(&["visit_id", "visited_on"]);
        assert_eq!(found.positions, [Some(0), Some(1), None]);
        assert!(found.is_usable());
    }
}
