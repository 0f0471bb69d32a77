//! Single records out of an object, for those who follow a figure to its source.

use super::{Position, RawError, RecordReader};

/// A record's column names and texts.
pub type RecordTexts = Vec<(String, String)>;

/// Names and texts of the records whose position is `wanted`, in file order, at most `most` of them. A record that is
/// no whole one has none.
///
/// # Errors
/// What reading the object up to the last of them finds.
pub fn records_where(
    reader: &mut dyn RecordReader,
    mut wanted: impl FnMut(Position) -> bool,
    most: usize,
) -> Result<Vec<(Position, Option<RecordTexts>)>, RawError> {
    let file_header = reader.header().unwrap_or_default().to_vec();
    let mut found = Vec::new();
    while let Some(block) = reader.next_block()? {
        let block = block.parse();
        let header = block.header.as_ref().unwrap_or(&file_header);
        for row in block.rows().filter(|row| wanted(row.position)) {
            let texts = row.fields.iter().map(str::to_owned);
            let fields = header.iter().cloned().zip(texts).collect();
            found.push((row.position, row.fault.is_none().then_some(fields)));
            if found.len() == most {
                return Ok(found);
            }
        }
    }
    Ok(found)
}
