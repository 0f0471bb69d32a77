//! From rows to codes, each with its city of today.

use std::collections::BTreeMap;

use super::table::{Level, Row};
use super::{Division, DivisionCode, DivisionError};

/// All rows of one code taken together.
struct Merged<'a> {
    /// The row that holds now, or held last.
    latest: &'a Row,
    /// Whole successors of any of the rows, without the code itself (a change of name keeps the code).
    successors: Vec<DivisionCode>,
}

/// Longer than any chain of successors can be; only a circle gets there.
const LONGEST_CHAIN: usize = 32;

/// Every code once, ascending, with its city of today.
pub(super) fn divisions(rows: &[Row]) -> Result<Vec<Division>, DivisionError> {
    let merged = merge(rows);
    check_successors(rows, &merged)?;
    let with_city = |(code, division): (&DivisionCode, &Merged<'_>)| {
        let city = city_of(*code, &merged, 0);
        let city = city.ok_or(DivisionError::NoCity {
            line: division.latest.line,
            code: *code,
        })?;
        let Row { name, in_force, .. } = division.latest;
        Ok(Division {
            code: *code,
            name: name.clone(),
            city,
            in_force: *in_force,
        })
    };
    merged.iter().map(with_city).collect()
}

fn merge(rows: &[Row]) -> BTreeMap<DivisionCode, Merged<'_>> {
    let mut merged: BTreeMap<DivisionCode, Merged<'_>> = BTreeMap::new();
    for row in rows {
        let entry = merged.entry(row.code).or_insert_with(|| Merged {
            latest: row,
            successors: Vec::new(),
        });
        // Earlier rows of a code point at the code itself; the row that holds or ended it does not.
        if row.in_force || !row.successors.contains(&row.code) {
            entry.latest = row;
        }
        entry.successors.extend(
            row.successors
                .iter()
                .filter(|successor| **successor != row.code),
        );
    }
    merged
}

fn check_successors(
    rows: &[Row],
    merged: &BTreeMap<DivisionCode, Merged<'_>>,
) -> Result<(), DivisionError> {
    for row in rows {
        let unknown = row
            .successors
            .iter()
            .find(|successor| !merged.contains_key(successor));
        if let Some(successor) = unknown {
            return Err(DivisionError::UnknownSuccessor {
                line: row.line,
                code: row.code,
                successor: *successor,
            });
        }
    }
    Ok(())
}

fn city_of(
    code: DivisionCode,
    merged: &BTreeMap<DivisionCode, Merged<'_>>,
    depth: usize,
) -> Option<DivisionCode> {
    let division = merged.get(&code).filter(|_| depth < LONGEST_CHAIN)?;
    let row = division.latest;
    match row.level {
        Level::Province => return Some(code),
        Level::Prefecture if row.in_force => return Some(code),
        Level::County if row.in_force => {
            let prefecture = code.prefecture();
            return merged
                .get(&prefecture)
                .filter(|entry| entry.latest.in_force)
                .map(|_| prefecture);
        }
        Level::Prefecture | Level::County => {}
    }
    if !division.successors.is_empty() {
        return most_frequent_city(division.successors.iter().copied(), merged, depth);
    }
    if row.level == Level::County {
        return None;
    }
    // An abolished prefecture without successors of its own went where most of its counties went.
    let counties = merged
        .keys()
        .copied()
        .filter(|other| *other != code && other.prefecture() == code);
    most_frequent_city(counties, merged, depth)
}

/// The city that most of `codes` belong to; of equals the lowest code.
fn most_frequent_city(
    codes: impl Iterator<Item = DivisionCode>,
    merged: &BTreeMap<DivisionCode, Merged<'_>>,
    depth: usize,
) -> Option<DivisionCode> {
    let mut votes: BTreeMap<DivisionCode, usize> = BTreeMap::new();
    for city in codes.filter_map(|code| city_of(code, merged, depth + 1)) {
        *votes.entry(city).or_default() += 1;
    }
    // The last of equal maxima wins, so the order is turned round.
    votes
        .into_iter()
        .rev()
        .max_by_key(|(_, count)| *count)
        .map(|(city, _)| city)
}

#[cfg(test)]
mod tests {
    use super::super::Divisions;

    fn error(rows: &str) -> String {
        let header = "code,name,level,status,new_codes";
        Divisions::parse(&format!("{header}\n370000,山东省,省级,在用,\n{rows}\n"))
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn a_successor_outside_the_table_is_an_error() {
        assert_eq!(
            error("370111,郊区,县级,弃用,370112"),
            "line 3: the successor 370112 of 370111 is not in the table"
        );
    }

    #[test]
    fn a_circle_is_an_error() {
        assert_eq!(
            error("370111,甲,县级,弃用,370112\n370112,乙,县级,弃用,370111"),
            "line 3: 370111 leads to no city in force"
        );
    }

    #[test]
    fn a_county_without_a_prefecture_is_an_error() {
        assert_eq!(
            error("370102,历下区,县级,在用,"),
            "line 3: 370102 leads to no city in force"
        );
        assert_eq!(
            error("370199,某区,县级,弃用,"),
            "line 3: 370199 leads to no city in force"
        );
    }
}
