//! Bytes to rows with a position: the first room a record enters.
//!
//! A reader turns the bytes of one object into rows of text fields, each with the place where it
//! starts and, if it is broken, with its fault and raw text. It knows nothing of what columns mean:
//! names, types and checks are the contract's business.
//!
//! Reading has two stages, so that one file can use several threads:
//!
//! 1. [`RecordReader::next_block`] is serial and cheap: it reads bytes and cuts them between records.
//! 2. [`RawBlock::parse`] is pure: it decodes the text and splits the fields, on any thread.
//!
//! Decompression is a [`std::io::Read`] in front of [`open`]; a further format is one more
//! [`RecordReader`] whose blocks parse to the same [`RowBlock`].

mod csv_block;
mod csv_reader;
mod cutter;
mod encoding;
mod error;
mod input;
mod rows;
mod separator;

#[cfg(test)]
mod property_tests;
#[cfg(test)]
mod sample_tests;

use std::io::Read;

pub use csv_reader::CsvReader;
pub use encoding::Encoding;
pub use error::RawError;
pub use rows::{Fields, Position, Row, RowBlock, RowFault};

/// File formats that can be read, by the suffix of the object's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `.csv`: comma when the header line leaves the separator open.
    Csv,
    /// `.tsv`: tab when the header line leaves the separator open.
    Tsv,
}

impl Format {
    /// The format of an object by the suffix of its name, in any case; `None` if no reader knows it.
    pub fn from_name(name: &str) -> Option<Format> {
        let (_, suffix) = name.rsplit_once('.')?;
        if suffix.eq_ignore_ascii_case("csv") {
            return Some(Format::Csv);
        }
        if suffix.eq_ignore_ascii_case("tsv") {
            return Some(Format::Tsv);
        }
        None
    }
}

/// How much a reader may hold at once, in bytes. A reader's memory is about one block and one record.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// A block is cut at the first record end at or after this many bytes.
    pub block: usize,
    /// A longer record (with its line end) becomes a fault row; reading resumes at the next physical line.
    pub record: usize,
}

impl Limits {
    /// Offsets inside a block are kept in 32 bits, and text may triple when it is decoded.
    const LARGEST: usize = 256 << 20;

    fn clamped(self) -> Limits {
        Limits {
            block: self.block.clamp(1, Self::LARGEST),
            record: self.record.clamp(1, Self::LARGEST),
        }
    }
}

impl Default for Limits {
    /// Blocks of 1 MiB, records of at most 16 MiB.
    fn default() -> Limits {
        Limits {
            block: 1 << 20,
            record: 16 << 20,
        }
    }
}

/// The serial stage of a format: gives the header, then block after block in file order.
pub trait RecordReader: Send {
    /// Column names as the file spells them, decoded but not normalised.
    fn header(&self) -> &[String];

    /// Encoding of the text, as far as read: it is settled by the first bytes beyond ASCII that can be
    /// judged, and counts as UTF-8 until then.
    fn encoding(&self) -> Encoding;

    /// The next block of whole records, or `None` at the end.
    fn next_block(&mut self) -> Result<Option<Box<dyn RawBlock>>, RawError>;
}

/// Records that have been cut but not yet decoded.
pub trait RawBlock: Send + Sync {
    /// Bytes of the object that the block holds, for progress and for balancing memory.
    fn byte_len(&self) -> usize;

    /// Decodes and splits the records. Pure: the same block always gives the same rows.
    fn parse(&self) -> RowBlock;
}

/// Opens one object's (decompressed) bytes: reads the header and settles separator and encoding.
///
/// # Errors
/// [`RawError`] when there is no usable header, the encoding cannot be read at all, or reading fails.
pub fn open(
    source: Box<dyn Read + Send>,
    format: Format,
    limits: Limits,
) -> Result<Box<dyn RecordReader>, RawError> {
    match format {
        Format::Csv | Format::Tsv => Ok(Box::new(CsvReader::open(source, format, limits)?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_by_suffix() {
        assert_eq!(
            Format::from_name("claims/a.b/claims-3701.CSV"),
            Some(Format::Csv)
        );
        assert_eq!(Format::from_name("x.tsv"), Some(Format::Tsv));
        assert_eq!(Format::from_name("x.csv.bak"), None);
        assert_eq!(Format::from_name("csv"), None);
    }

    #[test]
    fn open_gives_rows_behind_the_trait() {
        let source = Box::new(&b"a,b\n1,2\n"[..]);
        let mut reader = open(source, Format::Csv, Limits::default()).unwrap();
        assert_eq!(reader.header(), ["a", "b"]);
        let block = reader.next_block().unwrap().unwrap();
        assert_eq!(block.byte_len(), 4);
        let rows = block.parse();
        let row = rows.rows().next().unwrap();
        assert_eq!(row.fields.iter().collect::<Vec<_>>(), ["1", "2"]);
        assert!(reader.next_block().unwrap().is_none());
        assert!(reader.next_block().unwrap().is_none());
    }
}
