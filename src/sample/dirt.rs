//! What goes wrong in deliveries: broken rows of every reason code that a CSV file can show, superseded rows and
//! duplicates.

use csv::ByteRecord;

use super::feeds::{Column, Kind, Shape};

/// One way to break a row.
#[derive(Clone)]
pub struct Broken {
    /// Reason code of the contract.
    pub reason: &'static str,
    /// The column to blame; the first one if it is the whole row.
    pub column: &'static Column,
    /// What to write into the column, where that is the fault.
    value: &'static str,
    pub note: &'static str,
}

/// Good rows that were first delivered with a wrong value, in the same file.
#[derive(Default)]
pub struct Superseded {
    /// How many of the first rows.
    pub rows: u64,
    column: &'static str,
    wrong: &'static str,
}

impl Superseded {
    /// The wrong earlier version of a row.
    pub fn of(&self, shape: &Shape, record: &ByteRecord) -> Option<ByteRecord> {
        let place = shape
            .columns
            .iter()
            .position(|column| column.name == self.column)?;
        let fields = record.iter().enumerate();
        Some(
            fields
                .map(|(at, field)| {
                    if at == place {
                        self.wrong.as_bytes()
                    } else {
                        field
                    }
                })
                .collect(),
        )
    }
}

/// The mischief of one file.
#[derive(Default)]
pub struct Dirt {
    pub broken: Vec<Broken>,
    /// A quote in the last line that never closes.
    pub unclosed: Option<Broken>,
    pub superseded: Superseded,
    /// Whether the third row comes twice.
    pub duplicates: bool,
}

/// What goes wrong in a feed's file of a city: three to five broken rows. Over the sixteen cities every column is
/// broken in every way it can be.
pub fn plan(shape: &'static Shape, feed: usize, city: usize) -> Dirt {
    let ways: Vec<Broken> = shape.columns.iter().flat_map(ways_to_break).collect();
    let (precision, others): (Vec<_>, Vec<_>) = ways
        .into_iter()
        .partition(|broken| broken.reason == "precision_lost");
    let mut dirt = Dirt::default();
    let count = others.len().max(1);
    for number in [2 * city, 2 * city + 1] {
        dirt.broken.extend(others.get(number % count).cloned());
    }
    dirt.broken.extend(precision);
    if let Some(column) = shape.columns.first() {
        let whole_row = |reason, note| Broken {
            reason,
            column,
            value: "",
            note,
        };
        dirt.broken.push(whole_row("wrong_field_count", ""));
        let other = if (city + feed).is_multiple_of(2) {
            "bad_encoding"
        } else {
            "bad_quote"
        };
        dirt.broken.push(whole_row(other, ""));
        if shape.name == "targets" && city % 4 == 1 {
            dirt.unclosed = Some(whole_row("bad_quote", UNCLOSED));
        }
    }
    let (column, wrong) = match shape.name {
        "enrolments" => ("phone", "15499999999"),
        "claims" => ("amount_yuan", "9999.00"),
        "attendance" => ("room_id", "R99999999"),
        "study_logs" => ("ui_events", "99"),
        _ => ("", ""),
    };
    if city.is_multiple_of(3) && !column.is_empty() {
        dirt.superseded = Superseded {
            rows: 2,
            column,
            wrong,
        };
    }
    let repeating = ["study_logs", "attendance", "classes", "certificates"];
    dirt.duplicates = city % 3 == 1 && repeating.contains(&shape.name);
    dirt
}

const UNCLOSED: &str = "unclosed quote in the file's last line";

/// The ways to break one column; whole-row faults apart.
fn ways_to_break(column: &'static Column) -> Vec<Broken> {
    let broken = |reason, value| Broken {
        reason,
        column,
        value,
        note: "",
    };
    let mut ways = Vec::new();
    if column.required {
        ways.push(broken(
            "missing_required",
            if column.name.len().is_multiple_of(2) {
                "NULL"
            } else {
                ""
            },
        ));
    }
    match column.kind {
        Kind::Number(outside) => {
            ways.push(broken("bad_number", "12abc"));
            ways.extend(outside.map(|value| broken("out_of_range", value)));
        }
        Kind::Date => ways.push(broken("bad_date", "2020-02-30")),
        Kind::Time => ways.push(broken("bad_time", "2020-09-03 25:10:00")),
        Kind::Word(_) | Kind::City => ways.push(broken("bad_enum", "zzz")),
        Kind::Person => ways.push(broken("precision_lost", "3.70102198506160E+17")),
        Kind::Text | Kind::Truth => {}
    }
    ways
}

/// The bytes of a broken line, newline included, made from a good row without quoted fields. Where the first column
/// is an identifier it gets one that no good row has.
pub fn broken_bytes(
    shape: &Shape,
    template: &ByteRecord,
    broken: &Broken,
    number: usize,
) -> Vec<u8> {
    let mut fields: Vec<Vec<u8>> = template.iter().map(<[u8]>::to_vec).collect();
    if let (Some(first), Some(column)) = (fields.first_mut(), shape.columns.first())
        && matches!(column.kind, Kind::Text)
    {
        *first = [b"X", first.as_slice(), format!("{number}").as_bytes()].concat();
    }
    let place = shape
        .columns
        .iter()
        .position(|column| std::ptr::eq(column, broken.column));
    if broken.reason == "wrong_field_count" {
        match number % 2 {
            0 => fields.extend([b"x".to_vec(), b"y".to_vec()]),
            _ => fields.truncate(fields.len().saturating_sub(2)),
        }
    } else if let Some(field) = place.and_then(|place| fields.get_mut(place)) {
        match broken.reason {
            "bad_encoding" => field.insert(1.min(field.len()), 0xFF),
            "bad_quote" if broken.note == UNCLOSED => field.insert(0, b'"'),
            "bad_quote" => *field = [b"\"", field.as_slice(), b"\"x"].concat(),
            _ => *field = broken.value.as_bytes().to_vec(),
        }
    }
    let mut line = fields.join(&b',');
    line.push(b'\n');
    line
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::sample::feeds::{FEEDS, Feed};

    #[test]
    fn over_all_cities_everything_breaks_that_can() {
        for (place, shape) in FEEDS.iter().enumerate() {
            let naming = |broken: Broken| (broken.reason, broken.column.name);
            let possible = shape.columns.iter().flat_map(ways_to_break).map(naming);
            let planned: BTreeSet<_> = (0..16)
                .flat_map(|city| plan(shape, place, city).broken)
                .map(naming)
                .collect();
            assert!(planned.is_superset(&possible.collect()), "{}", shape.name);
            for reason in ["wrong_field_count", "bad_encoding", "bad_quote"] {
                assert!(
                    planned.iter().any(|(planned, _)| *planned == reason),
                    "{reason}"
                );
            }
        }
    }

    #[test]
    fn broken_lines_have_one_fault() {
        let shape = Feed::Targets.shape();
        let template = ByteRecord::from(vec!["2020", "370100", "96"]);
        let lines: Vec<Vec<u8>> = plan(shape, 0, 1)
            .broken
            .iter()
            .map(|broken| broken_bytes(shape, &template, broken, 0))
            .collect();
        let expected: [&[u8]; 4] = [
            b"2020,,96\n",
            b"2020,zzz,96\n",
            b"2020,370100,96,x,y\n",
            b"\"2020\"x,370100,96\n",
        ];
        for line in expected {
            assert!(
                lines.iter().any(|made| made == line),
                "{}",
                String::from_utf8_lossy(line)
            );
        }
    }
}
