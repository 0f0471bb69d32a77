//! Bytes to rows with a position: the first room a record enters.
//!
//! A reader turns the bytes of one object into rows of text fields, each with the place where it
//! starts and, if it is broken, with its fault and raw text. It knows nothing of what columns mean:
//! names, types and checks are the contract's business. Where a format leaves the header open (a workbook
//! has titles above it) the caller judges rows by a [`HeaderJudge`].
//!
//! Reading has two stages, so that one file can use several threads:
//!
//! 1. [`RecordReader::next_block`] is serial and cheap: it reads bytes and cuts them between records.
//! 2. [`RawBlock::parse`] is pure: it decodes the text and splits the fields, on any thread.
//!
//! Decompression and the transcoding of UTF-16 are [`std::io::Read`] in front of a reader; a further format is
//! one more [`RecordReader`] whose blocks parse to the same [`RowBlock`].

mod csv_block;
mod csv_reader;
mod cutter;
mod decompress;
mod encoding;
mod error;
mod find;
mod input;
mod json_lines;
mod kind;
mod parquet_rows;
mod rows;
mod separator;
mod spool;
mod utf16;
mod workbook;

#[cfg(test)]
mod property_tests;
#[cfg(test)]
mod sample_tests;

use std::io::Read;

pub use csv_reader::CsvReader;
pub use encoding::Encoding;
pub use error::RawError;
pub use find::{RecordTexts, records_where};
pub use kind::{Compression, FileKind, Format};
pub use rows::{Fields, Position, Row, RowBlock, RowFault};

/// How much a reader may hold at once, in bytes. A reader's memory is about one block and one record.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// A block is cut at the first record end at or after this many bytes.
    pub block: usize,
    /// A longer record (with its line end) becomes a fault row; reading resumes at the next physical line.
    pub record: usize,
    /// A compressed object may unpack to this many bytes whatever its size …
    pub unpacked: u64,
    /// … and beyond that to this many bytes for each byte of it. More is taken for a bomb.
    pub expansion: u64,
}

impl Limits {
    /// Offsets inside a block are kept in 32 bits, and text may triple when it is decoded.
    const LARGEST: usize = 256 << 20;

    fn clamped(self) -> Limits {
        Limits {
            block: self.block.clamp(1, Self::LARGEST),
            record: self.record.clamp(1, Self::LARGEST),
            ..self
        }
    }
}

impl Default for Limits {
    /// Blocks of 1 MiB, records of at most 16 MiB, unpacked sizes up to 64 MiB or 200 times the packed one (logs of
    /// the plainest kind come to some 40 times).
    fn default() -> Limits {
        Limits {
            block: 1 << 20,
            record: 16 << 20,
            unpacked: 64 << 20,
            expansion: 200,
        }
    }
}

/// What the caller thinks of a row as the header of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct HeaderJudgement {
    /// Nothing required is missing and nothing is named twice.
    pub usable: bool,
    /// How many of its fields name a known column.
    pub recognised: usize,
}

/// Judges the fields of a row that may be the header.
pub type HeaderJudge<'a> = &'a dyn Fn(&[String]) -> HeaderJudgement;

/// The serial stage of a format: gives the header, then block after block in file order.
pub trait RecordReader: Send {
    /// Column names as the file spells them, decoded but not normalised; `None` when a file of records that name
    /// their own fields (JSON lines) has no record at all.
    fn header(&self) -> Option<&[String]>;

    /// Whether each record names its own fields, so that each may name a column in another way.
    fn records_name_fields(&self) -> bool {
        false
    }

    /// Encoding of the text, as far as read: it is settled by the first bytes beyond ASCII that can be
    /// judged, and counts as UTF-8 until then.
    fn encoding(&self) -> Encoding {
        Encoding::Utf8
    }

    /// Name of the sheet that is read, in a workbook.
    fn sheet(&self) -> Option<&str> {
        None
    }

    /// Names of further sheets with a usable header, in a workbook: only the first is read.
    fn unread_sheets(&self) -> &[String] {
        &[]
    }

    /// The next block of whole records, or `None` at the end.
    fn next_block(&mut self) -> Result<Option<Box<dyn RawBlock>>, RawError>;
}

/// Records that have been cut but not yet decoded.
pub trait RawBlock: Send + Sync {
    /// Bytes of the object that the block holds, for progress and for balancing memory.
    fn byte_len(&self) -> usize;

    /// Decodes and splits the records. Pure: the same block always gives the same rows.
    fn parse(self: Box<Self>) -> RowBlock;
}

/// Opens one object: unpacks it, finds the header, settles separator and encoding.
///
/// `size` is the object's size in bytes, against which unpacking is measured.
///
/// # Errors
/// [`RawError`] when there is no usable header, the bytes are not of the kind that the name promises, or reading
/// fails.
pub fn open(
    source: Box<dyn Read + Send>,
    size: u64,
    kind: FileKind,
    limits: Limits,
    judge: HeaderJudge<'_>,
) -> Result<Box<dyn RecordReader>, RawError> {
    let limits = limits.clamped();
    let source = decompress::unpack(source, size, kind.compression, limits)?;
    Ok(match kind.format {
        Format::Csv | Format::Tsv => Box::new(CsvReader::open(source, kind.format, limits)?),
        Format::JsonLines => Box::new(json_lines::JsonLinesReader::open(source, limits)?),
        Format::Parquet => Box::new(parquet_rows::ParquetReader::open(source, limits)?),
        Format::Xlsx | Format::Xls => Box::new(workbook::WorkbookReader::open(
            source,
            kind.format,
            limits,
            judge,
        )?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_gives_rows_behind_the_trait() {
        let source = Box::new(&b"a,b\n1,2\n"[..]);
        let kind = FileKind::from_name("x.csv").unwrap();
        let judge = |_: &[String]| HeaderJudgement::default();
        let mut reader = open(source, 8, kind, Limits::default(), &judge).unwrap();
        assert_eq!(reader.header().unwrap(), ["a", "b"]);
        let block = reader.next_block().unwrap().unwrap();
        assert_eq!(block.byte_len(), 4);
        let rows = block.parse();
        let row = rows.rows().next().unwrap();
        assert_eq!(row.fields.iter().collect::<Vec<_>>(), ["1", "2"]);
        assert!(reader.next_block().unwrap().is_none());
        assert!(reader.next_block().unwrap().is_none());
    }
}
