//! One record out of an object, for those who follow a figure to its source.

use super::{RawError, RecordReader, Row};

/// Names and texts of the record that starts at `line`; `None` when none starts there or it is no whole record.
///
/// # Errors
/// What reading the object up to there finds.
pub fn record_at(
    reader: &mut dyn RecordReader,
    line: u64,
) -> Result<Option<Vec<(String, String)>>, RawError> {
    find(reader, |row| row.position.line == line)
}

/// Names and texts of the first record.
///
/// # Errors
/// What reading the first block finds.
pub fn first_record(
    reader: &mut dyn RecordReader,
) -> Result<Option<Vec<(String, String)>>, RawError> {
    find(reader, |_| true)
}

fn find(
    reader: &mut dyn RecordReader,
    wanted: impl Fn(&Row<'_>) -> bool,
) -> Result<Option<Vec<(String, String)>>, RawError> {
    let file_header = reader.header().unwrap_or_default().to_vec();
    while let Some(block) = reader.next_block()? {
        let block = block.parse();
        let Some(row) = block.rows().find(|row| wanted(row)) else {
            continue;
        };
        let header = block.header.as_ref().unwrap_or(&file_header);
        let texts = row.fields.iter().map(str::to_owned);
        let fields = header.iter().cloned().zip(texts).collect();
        return Ok(row.fault.is_none().then_some(fields));
    }
    Ok(None)
}
