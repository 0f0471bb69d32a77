//! How the values of a column are shown.

use super::data::{Column, Kind};

/// A format of the layout files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Text as it stands, or by its labels.
    Text,
    /// A whole number: persons, completions, claims, rows.
    Count,
    /// Hours of 45 minutes (课时), one decimal, from hours or from whole seconds.
    Hours,
    /// Yuan with two decimals, from fen.
    Yuan,
    /// Ten thousand yuan with two decimals, from fen.
    TenThousandYuan,
    /// Percent with one decimal, from a fraction.
    Percent,
    /// A number with as many decimals.
    Decimal(u32),
    /// A number of a unit that differs by row: up to four decimals, none for whole numbers.
    Number,
    /// A day.
    Date,
    /// A moment, in Beijing time.
    Time,
    /// 是 or 否.
    YesNo,
    /// Several texts in one cell.
    List,
}

impl Format {
    /// The words of the layout files.
    pub(super) const CHOICES: [(&'static str, Format); 13] = [
        ("text", Format::Text),
        ("count", Format::Count),
        ("hours", Format::Hours),
        ("yuan", Format::Yuan),
        ("wan_yuan", Format::TenThousandYuan),
        ("percent", Format::Percent),
        ("decimal_1", Format::Decimal(1)),
        ("decimal_2", Format::Decimal(2)),
        ("number", Format::Number),
        ("date", Format::Date),
        ("time", Format::Time),
        ("yes_no", Format::YesNo),
        ("list", Format::List),
    ];

    /// The word of the layout files.
    pub(super) fn word(self) -> &'static str {
        Format::CHOICES
            .iter()
            .find(|(_, format)| *format == self)
            .map_or("decimal", |(word, _)| word)
    }

    /// The format of a column for which nobody has chosen one.
    pub(super) fn by_default(column: &Column) -> Format {
        match column.kind {
            Kind::Text => Format::Text,
            Kind::Int if is_fen(column) => Format::Yuan,
            Kind::Int => Format::Count,
            Kind::Float => match column.unit.as_str() {
                "share" => Format::Percent,
                "hours" => Format::Hours,
                "points" => Format::Decimal(1),
                _ => Format::Number,
            },
            Kind::Bool => Format::YesNo,
            Kind::Date => Format::Date,
            Kind::Time => Format::Time,
            Kind::List => Format::List,
        }
    }

    /// The formats that a column can be shown in.
    pub(super) fn fitting(column: &Column) -> &'static [Format] {
        match column.kind {
            Kind::Text => &[Format::Text],
            Kind::Int if is_fen(column) => &[Format::Yuan, Format::TenThousandYuan],
            Kind::Int if column.unit == "seconds" => &[Format::Count, Format::Hours],
            Kind::Int => &[Format::Count, Format::Text],
            Kind::Float => &[
                Format::Hours,
                Format::Percent,
                Format::Decimal(1),
                Format::Decimal(2),
                Format::Number,
                Format::Count,
            ],
            Kind::Bool => &[Format::YesNo],
            Kind::Date => &[Format::Date],
            Kind::Time => &[Format::Time],
            Kind::List => &[Format::List],
        }
    }

    /// The Chinese unit that the format brings with it.
    pub(super) fn unit(self) -> Option<&'static str> {
        match self {
            Format::Hours => Some("课时"),
            Format::Yuan => Some("元"),
            Format::TenThousandYuan => Some("万元"),
            Format::Percent => Some("%"),
            _ => None,
        }
    }

    /// Whether cells hold numbers.
    pub(super) fn is_number(self) -> bool {
        matches!(
            self,
            Format::Count
                | Format::Hours
                | Format::Yuan
                | Format::TenThousandYuan
                | Format::Percent
                | Format::Decimal(_)
                | Format::Number
        )
    }

    /// The spreadsheet's number format; `None` for its general one.
    pub(super) fn number_format(self) -> Option<&'static str> {
        match self {
            Format::Count => Some("#,##0"),
            Format::Hours | Format::Decimal(0 | 1) => Some("#,##0.0"),
            Format::Yuan | Format::TenThousandYuan | Format::Decimal(_) => Some("#,##0.00"),
            Format::Percent => Some("0.0%"),
            Format::Date => Some("yyyy-mm-dd"),
            Format::Time => Some("yyyy-mm-dd hh:mm"),
            Format::Number | Format::Text | Format::YesNo | Format::List => None,
        }
    }

    /// The number format of a cell: numbers, and the marks in their place, keep a space from the line on their right.
    /// (A right indent would say the same, but not every program heeds it.)
    pub(super) fn cell_format(self) -> Option<String> {
        match self.number_format() {
            Some(shown) if self.is_number() => Some(format!("{shown}_ ;-{shown}_ ;{shown}_ ;@_ ")),
            None if self.is_number() => Some("General_ ;-General_ ;General_ ;@_ ".to_owned()),
            shown => shown.map(str::to_owned),
        }
    }
}

/// Money is stored in fen; its columns are named so.
pub(super) fn is_fen(column: &Column) -> bool {
    column.unit == "fen" || column.name.ends_with("_fen")
}

/// The Chinese word for a unit of the stored tables; nothing for one that is not shown.
pub(super) fn unit_zh(unit: &str) -> Option<&'static str> {
    let word = match unit {
        "persons" | "learners" => "人",
        "completions" | "enrolments" => "人次",
        "claims" => "笔",
        "hits" => "条",
        "certificates" => "本",
        "hours" => "课时",
        "seconds" => "秒",
        "days" => "天",
        "rows" | "records" | "sessions" => "条",
        "files" | "entities" | "orgs" => "个",
        "points" => "分",
        "cities" => "市",
        "assessments" | "slots" => "次",
        "share" => "%",
        _ => return None,
    };
    Some(word)
}
