//! Raw text of one field -> typed value, or the reason to refuse the row.

use std::borrow::Cow;

use super::date::{parse_date, parse_time};
use super::level::parse_level;
use super::model::{Bounds, Column, ColumnType, EnumerationValue};
use super::number::{parse_fen, parse_hours, parse_integer, parse_number, within_reason};
use super::reason::Reason;
use super::text::{clean, fold, is_null_word};
use crate::identity::DivisionCode;
use crate::identity::precision::{EXACT_DIGITS, is_rounded_code, precision_lost};

/// A typed value.
#[derive(Clone, PartialEq)]
pub enum Value<'a> {
    /// Nothing: the field was empty or held a word for nothing, which indicator F05 counts as a placeholder.
    Null,
    /// Integer; of money the fen, of a level 0 to 5.
    Int(i64),
    /// Finite float.
    Float(f64),
    /// Training hours (课时) as written and as seconds (× 2700, half-even).
    Hours {
        /// Hours.
        hours: f64,
        /// Seconds.
        seconds: i64,
    },
    /// Boolean.
    Bool(bool),
    /// Days since 1970-01-01.
    Date(i32),
    /// Microseconds since 1970-01-01 in UTC.
    Time(i64),
    /// Cleaned text; of an enumeration the English word. Identities and divisions are text still to be judged.
    Text(Cow<'a, str>),
}

impl std::fmt::Debug for Value<'_> {
    /// Texts may be identities, so they are shown by their length only.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Null => formatter.write_str("Null"),
            Value::Int(value) => write!(formatter, "Int({value})"),
            Value::Float(value) => write!(formatter, "Float({value})"),
            Value::Hours { hours, seconds } => write!(formatter, "Hours({hours}, {seconds} s)"),
            Value::Bool(value) => write!(formatter, "Bool({value})"),
            Value::Date(days) => write!(formatter, "Date({days})"),
            Value::Time(microseconds) => write!(formatter, "Time({microseconds})"),
            Value::Text(text) => write!(formatter, "Text({} bytes)", text.len()),
        }
    }
}

/// Reads the raw text of a field as the column's type.
///
/// # Errors
/// The reason to quarantine the row; [`Reason::MissingRequired`] when a required column is null.
pub fn parse<'a>(column: &'a Column, raw: &'a str) -> Result<Value<'a>, Reason> {
    let text = without_point_zero(clean(raw), &column.kind);
    if is_null_word(&text) {
        return if column.required {
            Err(Reason::MissingRequired)
        } else {
            Ok(Value::Null)
        };
    }
    match &column.kind {
        ColumnType::Person { .. } | ColumnType::Phone | ColumnType::Account
            if precision_lost(&text) =>
        {
            Err(Reason::PrecisionLost)
        }
        ColumnType::Text(_) if is_rounded_code(&text) => Err(Reason::PrecisionLost),
        // Anything else in its place may be a name or a number of somebody.
        ColumnType::Division if DivisionCode::parse(&text).is_none() => Err(Reason::BadEnum),
        ColumnType::Text(_)
        | ColumnType::City
        | ColumnType::Division
        | ColumnType::Person { .. }
        | ColumnType::Name
        | ColumnType::Phone
        | ColumnType::Account => Ok(Value::Text(text)),
        ColumnType::Enumeration(values) => {
            let word = word_of(values, &text).ok_or(Reason::BadEnum)?;
            Ok(Value::Text(Cow::Borrowed(word)))
        }
        ColumnType::Integer(bounds) => {
            let value = parse_integer(&text)?;
            within(bounds, value as f64)?;
            within_reason(value).map(Value::Int)
        }
        ColumnType::Number(bounds) => {
            let value = parse_number(&text)?;
            within(bounds, value)?;
            Ok(Value::Float(value))
        }
        ColumnType::Hours(bounds) => {
            let (hours, seconds) = parse_hours(&text)?;
            within(bounds, hours)?;
            let seconds = within_reason(seconds)?;
            Ok(Value::Hours { hours, seconds })
        }
        ColumnType::Money => match parse_fen(&text)? {
            // What is paid back has a status of its own.
            negative if negative < 0 => Err(Reason::OutOfRange),
            fen => within_reason(fen).map(Value::Int),
        },
        ColumnType::Level => parse_level(&text).map(Value::Int),
        ColumnType::Boolean => parse_boolean(&text).map(Value::Bool).ok_or(Reason::BadEnum),
        ColumnType::Date(_) => parse_date(&text).map(Value::Date).ok_or(Reason::BadDate),
        ColumnType::Time(_) => parse_time(&text).map(Value::Time).ok_or(Reason::BadTime),
    }
}

/// Digits of the shortest code that is taken for one where `.0` follows: `1.0` may be a version.
const SHORTEST_CODE: usize = 6;

/// A number, code or flag without the `.0` that it got where a program kept it as a floating-point number; digits that such a
/// number cannot hold are left as they are, for some may be lost.
fn without_point_zero<'a>(text: Cow<'a, str>, kind: &ColumnType) -> Cow<'a, str> {
    let shortest = match kind {
        ColumnType::Text(_) => SHORTEST_CODE,
        ColumnType::Phone
        | ColumnType::Account
        | ColumnType::City
        | ColumnType::Division
        | ColumnType::Boolean => 1,
        _ => return text,
    };
    let digits = match text.strip_suffix(".0") {
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.len(),
        _ => return text,
    };
    if !(shortest..=EXACT_DIGITS).contains(&digits) {
        return text;
    }
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.get(..digits).unwrap_or(text)),
        Cow::Owned(mut text) => {
            text.truncate(digits);
            Cow::Owned(text)
        }
    }
}

fn within(bounds: &Bounds, value: f64) -> Result<(), Reason> {
    if bounds.contain(value) {
        Ok(())
    } else {
        Err(Reason::OutOfRange)
    }
}

/// The English word for any spelling of it; exact spellings first, for they cost no folding.
fn word_of<'a>(values: &'a [EnumerationValue], text: &str) -> Option<&'a str> {
    let exact =
        |value: &&EnumerationValue| value.value == text || value.zh.iter().any(|word| word == text);
    let found = values.iter().find(exact).or_else(|| {
        let folded = fold(text);
        values.iter().find(|value| value.folded.contains(&folded))
    });
    found.map(|value| value.value.as_str())
}

fn parse_boolean(text: &str) -> Option<bool> {
    const YES: [&str; 6] = ["true", "1", "是", "y", "yes", "合格"];
    const NO: [&str; 6] = ["false", "0", "否", "n", "no", "不合格"];
    let is = |words: [&str; 6]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is(YES) {
        return Some(true);
    }
    is(NO).then_some(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::Wanted;

    fn column(kind: ColumnType, required: bool) -> Column {
        Column {
            name: "x".to_owned(),
            stem: "x".to_owned(),
            zh: Vec::new(),
            en: String::new(),
            required,
            kind,
        }
    }

    const TEXT: ColumnType = ColumnType::Text(Wanted::CitizenNumbers);

    fn text(value: &str) -> Result<Value<'_>, Reason> {
        Ok(Value::Text(Cow::Borrowed(value)))
    }

    #[test]
    fn nulls() {
        for raw in ["", " ", "NULL", "无", "N/A", "-", "－"] {
            assert_eq!(parse(&column(TEXT, false), raw), Ok(Value::Null));
            assert_eq!(
                parse(&column(ColumnType::Money, true), raw),
                Err(Reason::MissingRequired)
            );
        }
        // A word for nothing is null in a level too; no level is 0.
        assert_eq!(
            parse(&column(ColumnType::Level, true), "无"),
            Err(Reason::MissingRequired)
        );
        assert_eq!(
            parse(&column(ColumnType::Level, true), "0"),
            Ok(Value::Int(0))
        );
    }

    #[test]
    fn full_width_is_read_in_every_type() {
        for (kind, raw, expected) in [
            (TEXT, "Ｅ１００", text("E100")),
            (
                ColumnType::Integer(Bounds::default()),
                "１２",
                Ok(Value::Int(12)),
            ),
            (
                ColumnType::Money,
                "￥１，２３４．５０",
                Ok(Value::Int(123_450)),
            ),
            (
                ColumnType::Date(Vec::new()),
                "２０２０－０９－０３",
                Ok(Value::Date(18_508)),
            ),
            (
                ColumnType::Time(Vec::new()),
                "２０２０／９／３　８：３０",
                Ok(Value::Time(1_599_093_000_000_000)),
            ),
            (ColumnType::Boolean, "Ｙ", Ok(Value::Bool(true))),
            (ColumnType::Level, "５", Ok(Value::Int(5))),
            (
                ColumnType::Phone,
                "１３８００００００００",
                text("13800000000"),
            ),
        ] {
            assert_eq!(parse(&column(kind, true), raw), expected);
        }
    }

    #[test]
    fn enumerations_give_the_english_word() {
        let values = vec![
            EnumerationValue::new("employee".to_owned(), vec!["企业职工".to_owned()]),
            EnumerationValue::new(
                "other".to_owned(),
                vec!["其他".to_owned(), "其它".to_owned()],
            ),
        ];
        let group = column(ColumnType::Enumeration(values), true);
        for raw in [
            "employee",
            "Employee",
            " 企业职工 ",
            "企业 职工",
            "\"企业职工\"",
        ] {
            assert_eq!(parse(&group, raw), text("employee"), "{raw}");
        }
        assert_eq!(parse(&group, "其它"), text("other"));
        assert_eq!(parse(&group, "zzz"), Err(Reason::BadEnum));
    }

    #[test]
    fn booleans() {
        let passed = column(ColumnType::Boolean, false);
        for raw in ["true", "TRUE", "1", "是", "Y", "y", "1.0", "合格"] {
            assert_eq!(parse(&passed, raw), Ok(Value::Bool(true)), "{raw}");
        }
        for raw in ["false", "False", "0", "否", "N", "n", "0.0", "不合格"] {
            assert_eq!(parse(&passed, raw), Ok(Value::Bool(false)), "{raw}");
        }
        assert_eq!(parse(&passed, "2"), Err(Reason::BadEnum));
    }

    #[test]
    fn bounds_are_closed() {
        let bounds = Bounds {
            minimum: Some(0.0),
            maximum: Some(100.0),
        };
        let score = column(ColumnType::Number(bounds), false);
        assert_eq!(parse(&score, "0"), Ok(Value::Float(0.0)));
        assert_eq!(parse(&score, "100.00"), Ok(Value::Float(100.0)));
        assert_eq!(parse(&score, "100.01"), Err(Reason::OutOfRange));
        assert_eq!(parse(&score, "-0.01"), Err(Reason::OutOfRange));
        assert_eq!(parse(&score, "12abc"), Err(Reason::BadNumber));
        let hours = column(ColumnType::Hours(bounds), true);
        assert_eq!(parse(&hours, "-5"), Err(Reason::OutOfRange));
        let expected = Value::Hours {
            hours: 14.97,
            seconds: 40_419,
        };
        assert_eq!(parse(&hours, "14.97"), Ok(expected));
        let staff = column(ColumnType::Integer(bounds), true);
        assert_eq!(parse(&staff, "-5"), Err(Reason::OutOfRange));
        // A phone or an account in the wrong column.
        assert_eq!(parse(&staff, "6210000000000003"), Err(Reason::OutOfRange));
        let money = column(ColumnType::Money, true);
        assert_eq!(parse(&money, "13800000000.00"), Err(Reason::OutOfRange));
        assert_eq!(
            parse(&money, "10000000000"),
            Ok(Value::Int(1_000_000_000_000))
        );
        let hours = column(ColumnType::Hours(Bounds::default()), true);
        assert_eq!(parse(&hours, "13800000000"), Err(Reason::OutOfRange));
    }

    #[test]
    fn a_rounded_citizen_number_is_refused_and_a_wrong_one_is_not() {
        let person = column(ColumnType::Person { facts: true }, true);
        assert_eq!(
            parse(&person, "3.70102198506160E+17"),
            Err(Reason::PrecisionLost)
        );
        assert_eq!(
            parse(&person, "'370102198506159971"),
            text("370102198506159971")
        );
    }

    #[test]
    fn what_a_spreadsheet_rounded_is_refused() {
        for (kind, raw) in [
            (ColumnType::Account, "6.21700012345679E+18"),
            (ColumnType::Phone, "1.38E+10"),
            (TEXT, "2.02009E+16"),
            (TEXT, "2.0200903e16"),
            (TEXT, "3.702E+9"),
            (ColumnType::Account, "6210000000000003.0"),
        ] {
            assert_eq!(parse(&column(kind, false), raw), Err(Reason::PrecisionLost));
        }
        assert_eq!(parse(&column(TEXT, false), "3E21"), text("3E21"));
    }

    #[test]
    fn codes_that_were_floating_point_numbers_are_read_right() {
        for (kind, raw, expected) in [
            (ColumnType::Phone, "13800000000.0", "13800000000"),
            (ColumnType::Account, "621000000000003.0", "621000000000003"),
            (ColumnType::City, "370100.0", "370100"),
            (TEXT, "202009010001.0", "202009010001"),
            (TEXT, "1.0", "1.0"),
            (TEXT, "20200901.5", "20200901.5"),
        ] {
            assert_eq!(parse(&column(kind, true), raw), text(expected), "{raw}");
        }
    }

    #[test]
    fn a_division_is_a_code() {
        let division = column(ColumnType::Division, false);
        assert_eq!(parse(&division, "３７０１０２"), text("370102"));
        assert_eq!(parse(&division, "-"), Ok(Value::Null));
        for raw in ["370102198506159974", "13800000000", "张三", "37010"] {
            assert_eq!(parse(&division, raw), Err(Reason::BadEnum), "{raw}");
        }
    }

    #[test]
    fn debug_output_holds_no_text() {
        let shown = format!("{:?}", Value::Text(Cow::Borrowed("370102198506159974")));
        assert_eq!(shown, "Text(18 bytes)");
    }
}
