//! Why a workbook is refused, in words that hold nothing of its cells.

use std::io;

use calamine::{XlsError, XlsxError};

use super::super::RawError;

/// A fault of the whole workbook, before it is known what its name promised.
#[derive(Debug)]
pub(super) enum Fault {
    /// Not a workbook, or broken. The words are fixed: the library's messages quote cells.
    Damaged(&'static str),
    /// Unpacks to more than this many bytes.
    Bomb(u64),
    /// The scratch disk failed.
    Read(io::Error),
}

impl Fault {
    /// The library met something that it did not foresee.
    pub const PANICKED: Fault = Fault::Damaged("its structure is broken beyond reading");

    /// The error for the caller. `promised` is the format that the name promises.
    pub fn named(self, promised: &'static str) -> RawError {
        match self {
            Fault::Damaged(words) => RawError::Damaged {
                format: promised,
                detail: words.to_owned(),
            },
            Fault::Bomb(limit) => RawError::Bomb { limit },
            Fault::Read(source) => RawError::Read { byte: 0, source },
        }
    }
}

impl From<XlsxError> for Fault {
    fn from(error: XlsxError) -> Fault {
        Fault::Damaged(match error {
            XlsxError::Password => ENCRYPTED,
            XlsxError::Io(_) | XlsxError::Zip(_) => "its ZIP structure is damaged or cut off",
            XlsxError::Xml(_)
            | XlsxError::XmlAttr(_)
            | XlsxError::XmlEof(_)
            | XlsxError::UnexpectedNode(_)
            | XlsxError::Encoding(_) => "the XML of one of its parts is damaged",
            XlsxError::FileNotFound(_)
            | XlsxError::RelationshipNotFound
            | XlsxError::WorksheetNotFound(_) => "one of its parts is missing",
            XlsxError::CellError(_) => "a cell holds an unknown error value",
            XlsxError::CellTAttribute(_) => "a cell is of an unknown type",
            XlsxError::Parse(_) | XlsxError::ParseFloat(_) | XlsxError::ParseInt(_) => {
                "a cell that should be a number is none"
            }
            XlsxError::Alphanumeric(_)
            | XlsxError::NumericColumn(_)
            | XlsxError::RangeWithoutColumnComponent
            | XlsxError::RangeWithoutRowComponent
            | XlsxError::ColumnNumberOverflow
            | XlsxError::RowNumberOverflow
            | XlsxError::DimensionCount(_) => "a cell's address is damaged",
            XlsxError::NotAWorksheet(_) => "one of its sheets is no worksheet",
            _ => "its structure is damaged",
        })
    }
}

impl From<XlsError> for Fault {
    fn from(error: XlsError) -> Fault {
        Fault::Damaged(match error {
            XlsError::Password => ENCRYPTED,
            // The container is made anew, so what is left is the code page.
            XlsError::Cfb(_) => "its code page is unknown",
            XlsError::EoStream(_) | XlsError::ContinueRecordTooShort => "it is cut off",
            _ => "one of its records is damaged",
        })
    }
}

/// Said of both kinds.
pub(super) const ENCRYPTED: &str = "it is protected by a password: save it without one";
