//! Why a row is refused.

use std::fmt;

/// Why a row was quarantined; the codes are part of the program's interface.
///
/// Messages name the fault and never the value, which may be personal information.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// The record has more or fewer fields than the header.
    WrongFieldCount,
    /// The record's bytes are not text in the file's encoding.
    BadEncoding,
    /// A required column is empty or holds a word for nothing.
    MissingRequired,
    /// Not a number of the column's type.
    BadNumber,
    /// Not a date.
    BadDate,
    /// Not a moment.
    BadTime,
    /// Not one of the column's words.
    BadEnum,
    /// A spreadsheet has rounded the digits away.
    PrecisionLost,
    /// A number outside the column's bounds.
    OutOfRange,
    /// A quote that is never closed.
    BadQuote,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Reason; 10] = [
        Reason::WrongFieldCount,
        Reason::BadEncoding,
        Reason::MissingRequired,
        Reason::BadNumber,
        Reason::BadDate,
        Reason::BadTime,
        Reason::BadEnum,
        Reason::PrecisionLost,
        Reason::OutOfRange,
        Reason::BadQuote,
    ];

    /// Whether the value does not read as its column's type.
    pub fn is_of_type(self) -> bool {
        matches!(
            self,
            Reason::BadNumber | Reason::BadDate | Reason::BadTime | Reason::BadEnum
        )
    }

    /// The code in `quarantine.reason`.
    pub fn code(self) -> &'static str {
        match self {
            Reason::WrongFieldCount => "wrong_field_count",
            Reason::BadEncoding => "bad_encoding",
            Reason::MissingRequired => "missing_required",
            Reason::BadNumber => "bad_number",
            Reason::BadDate => "bad_date",
            Reason::BadTime => "bad_time",
            Reason::BadEnum => "bad_enum",
            Reason::PrecisionLost => "precision_lost",
            Reason::OutOfRange => "out_of_range",
            Reason::BadQuote => "bad_quote",
        }
    }

    /// What it means, in English.
    pub fn message_en(self) -> &'static str {
        match self {
            Reason::WrongFieldCount => "the record has more or fewer fields than the header",
            Reason::BadEncoding => "the record is not text in the file's encoding",
            Reason::MissingRequired => "a required value is missing",
            Reason::BadNumber => "the value is not a number of the column's type",
            Reason::BadDate => "the value is not a date between 1900 and 2100",
            Reason::BadTime => "the value is not a date and time between 1900 and 2100",
            Reason::BadEnum => "the value is not one of the words the column allows",
            Reason::PrecisionLost => {
                "a spreadsheet has rounded the number and its last digits are lost"
            }
            Reason::OutOfRange => "the number lies outside the range the column allows",
            Reason::BadQuote => "a quote is opened and never closed",
        }
    }

    /// What it means, in Chinese.
    pub fn message_zh(self) -> &'static str {
        match self {
            Reason::WrongFieldCount => "字段个数与表头不符",
            Reason::BadEncoding => "字符编码有误",
            Reason::MissingRequired => "必填项为空",
            Reason::BadNumber => "数值格式有误",
            Reason::BadDate => "日期有误或不在1900年至2100年之间",
            Reason::BadTime => "时间有误或不在1900年至2100年之间",
            Reason::BadEnum => "取值不在允许范围内",
            Reason::PrecisionLost => "号码被电子表格舍入，末几位已丢失",
            Reason::OutOfRange => "数值超出允许范围",
            Reason::BadQuote => "引号未闭合",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_interface() {
        let codes = Reason::ALL.map(Reason::code);
        assert_eq!(
            codes,
            [
                "wrong_field_count",
                "bad_encoding",
                "missing_required",
                "bad_number",
                "bad_date",
                "bad_time",
                "bad_enum",
                "precision_lost",
                "out_of_range",
                "bad_quote",
            ]
        );
    }
}
