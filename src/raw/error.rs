use std::io;

use thiserror::Error;

/// Why an object cannot be read as a whole. A broken row is not an error but a
/// [`RowFault`](super::RowFault): it never costs its file.
///
/// Messages hold places and sizes, never text of the file: a file without header has a person's data
/// in its first line.
#[derive(Debug, Error)]
pub enum RawError {
    /// Storage or decompression failed; trying again may help.
    #[error("reading failed at byte {byte}")]
    Read {
        /// Bytes read before the failure.
        byte: u64,
        #[source]
        source: io::Error,
    },
    /// Empty, or nothing but blank lines.
    #[error("the file has no header line")]
    NoHeader,
    /// A quote of the header never closes, or text follows its closing quote.
    #[error("the header at line {line} has an unclosed quote")]
    HeaderQuote { line: u64 },
    /// The header is valid neither as UTF-8 nor as GB18030.
    #[error("the header at line {line} is neither UTF-8 nor GB18030")]
    HeaderEncoding { line: u64 },
    /// Probably not a table of text at all.
    #[error("the header at line {line} is longer than {limit} bytes")]
    HeaderTooLong { line: u64, limit: usize },
    /// Lines end with a carriage return alone, so the file would be one line.
    #[error("lines end with a lone carriage return: save the file with LF or CRLF line ends")]
    CarriageReturns,
    /// An encoding that is recognised but not read.
    #[error("the file is {name}: save it as UTF-8 or GB18030")]
    UnsupportedEncoding { name: &'static str },
    /// The bytes are not what the name promises, or are damaged; reading again gives the same.
    #[error("the file is no {format} file or is damaged: {detail}")]
    Damaged {
        /// What the name promises.
        format: &'static str,
        /// What is wrong, without any text of the file.
        detail: String,
    },
    /// Unpacked it would be far larger than any honest file of its size.
    #[error("the file unpacks to more than {limit} bytes, which no honest file of its size does")]
    Bomb {
        /// The limit that it exceeds.
        limit: u64,
    },
}
