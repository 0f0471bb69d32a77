//! What a Parquet file promises and what its pages hold, looked at before anything is unpacked.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use flate2::read::MultiGzDecoder;
use parquet::basic::{Compression, Type};
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};

use super::compact::{PageHead, is_sound_footer};
use super::damaged;
use crate::raw::{Limits, RawError};

/// Honest footers are some hundred bytes for each column of each row group.
const MOST_FOOTER: u64 = 64 << 20;
const MOST_SCHEMA_LEVELS: usize = 64;
/// A page is unpacked in one piece. Writers make pages of 1 MiB; the largest known stop at 100 MB.
const MOST_PAGE: u64 = Limits::LARGEST as u64;
/// Page headers with the longest smallest and largest values.
const MOST_PAGE_HEADER: usize = 16 << 20;
const WINDOW: usize = 64 << 10;
/// What the rows of a batch may take where values take their full length for each row: those of fixed length, and
/// those that repeat the start of the value before, so that a page of 1 MiB can hold a thousand values of 1 MiB.
const MOST_COPIED: u64 = 64 << 20;
const MAGIC: &[u8] = b"PAR1";
const ENCRYPTED_MAGIC: &[u8] = b"PARE";

/// Bytes that a file may unpack to, and values (of columns that are nested, more than rows) it may have: those of the
/// same table as text with a separator after each field. A column of two billion nulls takes 2 KB packed, so rows
/// alone are no measure.
pub(super) fn unpacked_limit(size: u64, limits: Limits) -> u64 {
    limits.unpacked.max(size.saturating_mul(limits.expansion))
}

/// Checks the frame of the file and follows its footer.
pub(super) fn check_footer(file: &mut File, size: u64) -> Result<(), RawError> {
    const FRAME: u64 = 12;
    if size < FRAME {
        return Err(damaged("it is too short"));
    }
    let mut tail = [0; 8];
    read_at(file, size - 8, &mut tail)?;
    let (length, magic) = tail.split_at(4);
    if magic == ENCRYPTED_MAGIC {
        return Err(damaged("it is encrypted"));
    }
    let mut start = [0; 4];
    read_at(file, 0, &mut start)?;
    if start != MAGIC || magic != MAGIC {
        return Err(damaged("it does not start and end as such"));
    }
    let length = length
        .iter()
        .rev()
        .fold(0, |length, byte| length << 8 | u64::from(*byte));
    if length > size - FRAME || length > MOST_FOOTER {
        return Err(damaged("the length of its footer is wrong"));
    }
    let mut footer = vec![0; length as usize];
    read_at(file, size - 8 - length, &mut footer)?;
    if !is_sound_footer(&footer, MOST_SCHEMA_LEVELS) {
        return Err(damaged("its footer is broken"));
    }
    Ok(())
}

/// Checks what the footer promises and what every page header says, and gives the rows to read at a time: about a
/// block, at least 64, fewer only where values could take much memory each.
pub(super) fn check_contents(
    metadata: &ParquetMetaData,
    file: &mut File,
    size: u64,
    limits: Limits,
) -> Result<usize, RawError> {
    let limit = unpacked_limit(size, limits);
    let rows = check_promises(metadata, size, limit)?;
    let mut pages = Pages {
        window: Vec::new(),
        window_start: 0,
        file,
        limit,
        values: 0,
        unpacked: 0,
        largest_repeating: 0,
    };
    for group in metadata.row_groups() {
        for (index, column) in group.columns().iter().enumerate() {
            pages.check(column, index)?;
        }
    }
    let mean = (pages.unpacked / rows.max(1)).max(1);
    let rows = (limits.block as u64 / mean).clamp(64, 64 << 10);
    let fixed: u64 = metadata
        .file_metadata()
        .schema_descr()
        .columns()
        .iter()
        .filter(|column| column.physical_type() == Type::FIXED_LEN_BYTE_ARRAY)
        .map(|column| u64::try_from(column.type_length()).unwrap_or(0))
        .sum();
    let copied = fixed.saturating_add(pages.largest_repeating).max(1);
    Ok(rows.min((MOST_COPIED / copied).max(1)) as usize)
}

/// The number of rows, when all that the footer promises can be.
fn check_promises(metadata: &ParquetMetaData, size: u64, limit: u64) -> Result<u64, RawError> {
    let absurd = || damaged("its footer holds impossible sizes");
    let count = |number: i64| u64::try_from(number).map_err(|_| absurd());
    let columns = metadata.file_metadata().schema_descr().num_columns() as u64;
    let (mut rows, mut unpacked) = (0_u64, 0_u64);
    for group in metadata.row_groups() {
        rows = rows.saturating_add(count(group.num_rows())?);
        for column in group.columns() {
            unpacked = unpacked.saturating_add(count(column.uncompressed_size())?);
            let packed = count(column.compressed_size())?;
            let start = chunk_start(column).ok_or_else(absurd)?;
            if start.checked_add(packed).is_none_or(|end| end > size) {
                return Err(absurd());
            }
            count(column.num_values())?;
        }
    }
    if rows != count(metadata.file_metadata().num_rows())? {
        return Err(damaged("its row groups have not as many rows as the file"));
    }
    if unpacked > limit || rows.saturating_mul(columns.max(1)) > limit {
        return Err(RawError::Bomb { limit });
    }
    Ok(rows)
}

/// Where the library starts to read a column of a row group.
fn chunk_start(column: &ColumnChunkMetaData) -> Option<u64> {
    let start = column
        .dictionary_page_offset()
        .unwrap_or_else(|| column.data_page_offset());
    u64::try_from(start).ok()
}

/// Follows the pages of columns.
struct Pages<'a> {
    file: &'a mut File,
    /// Bytes of the file from `window_start` on.
    window: Vec<u8>,
    window_start: u64,
    limit: u64,
    values: u64,
    unpacked: u64,
    /// Bytes of the largest page in which values repeat the start of the value before.
    largest_repeating: u64,
}

impl Pages<'_> {
    fn check(&mut self, column: &ColumnChunkMetaData, index: usize) -> Result<(), RawError> {
        let broken = || damaged(format!("a page of column {} is broken", index + 1));
        let is_gzip = match column.compression() {
            Compression::GZIP(_) => true,
            // The library bounds these by the size in the page header.
            Compression::UNCOMPRESSED
            | Compression::SNAPPY
            | Compression::ZSTD(_)
            | Compression::LZ4_RAW => false,
            // These it unpacks without end.
            _ => {
                let detail = format!("column {} is packed in a way that is not read", index + 1);
                return Err(damaged(detail));
            }
        };
        let start = chunk_start(column).ok_or_else(broken)?;
        let packed = u64::try_from(column.compressed_size()).map_err(|_| broken())?;
        let end = start.saturating_add(packed);
        let mut at = start;
        while at < end {
            let head = self.head(at, end)?.ok_or_else(broken)?;
            at += head.length;
            let packed = u64::try_from(head.packed).map_err(|_| broken())?;
            if packed > end - at {
                return Err(broken());
            }
            self.count(&head).ok_or_else(broken)??;
            if is_gzip && head.is_packed {
                self.check_gzip(&head, at, packed)?.ok_or_else(broken)?;
            }
            at += packed;
        }
        Ok(())
    }

    /// Adds a page to the sums; `None` if its numbers cannot be.
    fn count(&mut self, head: &PageHead) -> Option<Result<(), RawError>> {
        let unpacked = u64::try_from(head.unpacked).ok()?;
        let values = u64::try_from(head.values).ok()?;
        if head.is_dictionary && values > unpacked || head.plain_start > head.unpacked {
            return None;
        }
        self.unpacked = self.unpacked.saturating_add(unpacked);
        self.values = self.values.saturating_add(values);
        if head.is_delta_byte_array {
            self.largest_repeating = self.largest_repeating.max(unpacked);
        }
        let most = unpacked > MOST_PAGE || self.unpacked > self.limit || self.values > self.limit;
        Some(if most {
            Err(RawError::Bomb { limit: self.limit })
        } else {
            Ok(())
        })
    }

    /// The page header at a place; `None` where there is none.
    fn head(&mut self, at: u64, end: u64) -> Result<Option<PageHead>, RawError> {
        let mut length = 256;
        loop {
            let length_left = usize::try_from(end - at).unwrap_or(usize::MAX);
            let bytes = self.bytes(at, length.min(length_left))?;
            if let Some(head) = PageHead::read(bytes) {
                return Ok(Some(head));
            }
            if length >= length_left || length >= MOST_PAGE_HEADER {
                return Ok(None);
            }
            length *= 16;
        }
    }

    fn bytes(&mut self, at: u64, length: usize) -> Result<&[u8], RawError> {
        let covered = at >= self.window_start
            && at + length as u64 <= self.window_start + self.window.len() as u64;
        if !covered {
            self.window.clear();
            self.window_start = at;
            self.file
                .seek(SeekFrom::Start(at))
                .and_then(|_| {
                    let most = length.max(WINDOW) as u64;
                    (&mut *self.file).take(most).read_to_end(&mut self.window)
                })
                .map_err(|source| RawError::Read { byte: at, source })?;
        }
        let start = (at - self.window_start) as usize;
        let end = (start + length).min(self.window.len());
        Ok(self.window.get(start..end).unwrap_or_default())
    }

    /// Unpacks a page to see that it is no longer than its header says: the library unpacks gzip to its end.
    fn check_gzip(
        &mut self,
        head: &PageHead,
        at: u64,
        packed: u64,
    ) -> Result<Option<()>, RawError> {
        let plain = u64::try_from(head.plain_start).unwrap_or(0);
        let unpacked = u64::try_from(head.unpacked - head.plain_start).unwrap_or(0);
        if plain > packed {
            return Ok(None);
        }
        self.file
            .seek(SeekFrom::Start(at + plain))
            .map_err(|source| RawError::Read { byte: at, source })?;
        let page = (&mut *self.file).take(packed - plain);
        let mut text = MultiGzDecoder::new(io::BufReader::new(page)).take(unpacked + 1);
        let count = io::copy(&mut text, &mut io::sink());
        Ok(count.is_ok_and(|count| count <= unpacked).then_some(()))
    }
}

fn read_at(file: &mut File, at: u64, bytes: &mut [u8]) -> Result<(), RawError> {
    file.seek(SeekFrom::Start(at))
        .and_then(|_| file.read_exact(bytes))
        .map_err(|source| RawError::Read { byte: at, source })
}
