//! The whole object as a file on the scratch disk, for formats that are read from their end.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};

use super::RawError;
use super::decompress::fault_of;

const CHUNK: usize = 256 * 1024;

/// Copies the source to a nameless scratch file and rewinds it. Memory is one chunk.
///
/// # Errors
/// [`RawError::Read`] when reading or the scratch disk fails, and what unpacking finds.
pub(super) fn spool(mut source: Box<dyn Read + Send>) -> Result<File, RawError> {
    let mut file = tempfile::tempfile().map_err(|source| RawError::Read { byte: 0, source })?;
    let mut buffer = vec![0_u8; CHUNK];
    let mut byte = 0;
    loop {
        let count = source
            .read(&mut buffer)
            .map_err(|error| fault_of(byte, error))?;
        if count == 0 {
            break;
        }
        byte += count as u64;
        file.write_all(buffer.get(..count).unwrap_or_default())
            .map_err(|source| RawError::Read { byte, source })?;
    }
    file.seek(SeekFrom::Start(0))
        .map_err(|source| RawError::Read { byte, source })?;
    Ok(file)
}
