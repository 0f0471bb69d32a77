//! The ZIP package of an XLSX, checked before the library opens it.
//!
//! Every part is unpacked once and counted. Parts of XML are also watched by a [`Guard`], since the library holds a
//! whole tag or cell text in memory, and copies some of what it reads many times. A part that is not XML or not safe
//! is fenced off rather than refused: an honest workbook may hold large pictures, which nobody opens.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use memchr::memmem;
use zip::ZipArchive;
use zip::result::ZipError;

use super::super::Limits;
use super::fault::Fault;
use super::fence::{FencedFile, Watch};
use super::xml_guard::{Guard, Role};

const MOST_PARTS: usize = 10_000;

/// Of the table of contents, which is held in memory.
const MOST_CONTENTS: u64 = 64 << 20;

/// All texts of the workbook are in memory at once; packed they hardly show.
const MOST_SHARED_STRINGS: u64 = 256 << 20;

const CHUNK: usize = 64 * 1024;

/// Checks the package and gives it without its unsafe parts.
///
/// # Errors
/// [`Fault::Bomb`] when it unpacks too far, [`Fault::Damaged`] when it is no ZIP file or has too many parts.
pub(super) fn check(file: File, limits: Limits, watch: &Arc<Watch>) -> Result<FencedFile, Fault> {
    if claims_too_many_parts(&file).map_err(Fault::Read)? {
        return Err(Fault::Damaged(TOO_MANY_PARTS));
    }
    let size = file.metadata().map_err(Fault::Read)?.len();
    let most = limits.unpacked.max(size.saturating_mul(limits.expansion));
    let allowance = Arc::new(AtomicU64::new(MOST_CONTENTS));
    let view = |fences| {
        let file = file.try_clone()?;
        FencedFile::new(file, fences, Arc::clone(&allowance), Arc::clone(watch))
    };
    let mut archive = ZipArchive::new(view(Vec::new()).map_err(Fault::Read)?).map_err(no_zip)?;
    allowance.store(u64::MAX, Ordering::Relaxed);
    if archive.len() > MOST_PARTS {
        return Err(Fault::Damaged(TOO_MANY_PARTS));
    }
    let mut check = Check {
        left: most,
        most,
        fences: Vec::new(),
    };
    for index in 0..archive.len() {
        check.part(&mut archive, index, limits)?;
    }
    let mut fences = check.fences;
    fences.sort_unstable();
    view(fences).map_err(Fault::Read)
}

const TOO_MANY_PARTS: &str = "it has more than 10000 parts";

fn no_zip(error: ZipError) -> Fault {
    Fault::Damaged(match error {
        ZipError::UnsupportedArchive(_) => "it is a ZIP file of an unknown kind",
        _ => "its ZIP structure is damaged or cut off",
    })
}

/// The ends of the table of contents that a reader might take, the last 64 KiB of the file: memory is reserved for as
/// many entries as they claim.
fn claims_too_many_parts(mut file: &File) -> io::Result<bool> {
    let size = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(size.saturating_sub(END_AREA)))?;
    let mut tail = Vec::new();
    file.take(END_AREA).read_to_end(&mut tail)?;
    Ok(memmem::find_iter(&tail, b"PK\x05\x06").any(|place| {
        let end = tail.get(place..).unwrap_or_default();
        let entries = end.get(10..12).map_or(0, number);
        let length = end.get(12..16).map_or(0, number);
        let start = end.get(16..20).map_or(0, number);
        // The largest values refer to a second end with wider numbers, which no workbook needs.
        entries > MOST_PARTS as u64 || length == u64::from(u32::MAX) || start == u64::from(u32::MAX)
    }))
}

/// The end record, the magic behind which it is looked for, and its longest comment.
const END_AREA: u64 = 22 + 4 + (1 << 16);

fn number(little_endian: &[u8]) -> u64 {
    little_endian
        .iter()
        .rev()
        .fold(0, |value, byte| value << 8 | u64::from(*byte))
}

struct Check {
    /// Bytes that may still be unpacked, of all that may.
    left: u64,
    most: u64,
    fences: Vec<u64>,
}

impl Check {
    /// Unpacks one part. What cannot be unpacked is fenced: the library stumbles over it if it needs it.
    fn part(
        &mut self,
        archive: &mut ZipArchive<FencedFile>,
        index: usize,
        limits: Limits,
    ) -> Result<(), Fault> {
        let (start, role) = match archive.by_index_raw(index) {
            Ok(part) => (part.data_start(), role_of(part.name_raw())),
            Err(_) => return Ok(()),
        };
        let is_safe = match archive.by_index(index) {
            Ok(part) => self.unpack(part, role, limits)?,
            Err(_) => false,
        };
        if !is_safe {
            self.fences.extend(start);
        }
        Ok(())
    }

    fn unpack(
        &mut self,
        mut part: impl Read,
        role: Option<Role>,
        limits: Limits,
    ) -> Result<bool, Fault> {
        let mut guard = role.map(|role| Guard::new(role, limits.record));
        let mut buffer = vec![0_u8; CHUNK];
        let mut unpacked = 0;
        loop {
            let count = match part.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => count as u64,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(_) => return Ok(false),
            };
            unpacked += count;
            self.left = self.left.checked_sub(count).ok_or(Fault::Bomb(self.most))?;
            if role == Some(Role::SharedStrings) && unpacked > MOST_SHARED_STRINGS {
                return Err(Fault::Bomb(MOST_SHARED_STRINGS));
            }
            if let Some(guard) = &mut guard {
                guard.feed(buffer.get(..count as usize).unwrap_or_default());
            }
        }
        Ok(guard.is_some_and(|guard| guard.is_safe()))
    }
}

/// What a part can be opened as: the library finds some by their name, in any case, and only others by reference.
fn role_of(name: &[u8]) -> Option<Role> {
    let name = String::from_utf8_lossy(name).to_ascii_lowercase();
    let role = match () {
        () if name.ends_with("sharedstrings.xml") => Role::SharedStrings,
        () if name.ends_with("styles.xml") => Role::Styles,
        () if name.ends_with(".rels") => Role::Relationships,
        () if name.ends_with(".xml") => Role::Other,
        () => return None,
    };
    Some(role)
}
