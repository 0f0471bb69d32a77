//! The shared strings of an XLS: how long they are, without reading them.

use super::biff::{BROKEN, CONTINUE, Record, TOO_LARGE, half, word};
use super::fault::Fault;

const MOST_STRINGS: usize = 4 << 20;

/// Bytes of each shared string as UTF-8, at most.
///
/// The strings run over their record and those that continue it; a string that is parted so has a new mark of
/// its width at the start of the next record.
///
/// # Errors
/// [`Fault::Damaged`] when they are broken or too many.
pub(super) fn string_lengths(stream: &[u8], first: Record) -> Result<Vec<u32>, Fault> {
    let mut parts = vec![first.data(stream).get(8..).ok_or(BROKEN)?];
    let mut place = first.end();
    while let Some(record) = Record::at(stream, place)? {
        if record.kind != CONTINUE {
            break;
        }
        parts.push(record.data(stream));
        place = record.end();
    }
    let mut cursor = Parts {
        rest: parts.into_iter(),
        part: &[],
    };
    let mut lengths = Vec::new();
    while !cursor.part.is_empty() || cursor.next_part() {
        if lengths.len() >= MOST_STRINGS {
            return Err(TOO_LARGE);
        }
        lengths.push(cursor.skip_string()?);
    }
    Ok(lengths)
}

struct Parts<'a> {
    rest: std::vec::IntoIter<&'a [u8]>,
    part: &'a [u8],
}

impl<'a> Parts<'a> {
    fn next_part(&mut self) -> bool {
        let next = self.rest.next();
        self.part = next.unwrap_or_default();
        next.is_some()
    }

    /// Bytes that lie in one part.
    fn take(&mut self, count: usize) -> Result<&'a [u8], Fault> {
        let (taken, rest) = self.part.split_at_checked(count).ok_or(BROKEN)?;
        self.part = rest;
        Ok(taken)
    }

    fn skip(&mut self, mut count: usize) -> Result<(), Fault> {
        while count > 0 {
            if self.part.is_empty() && !self.next_part() {
                return Err(BROKEN);
            }
            let taken = count.min(self.part.len());
            self.take(taken)?;
            count -= taken;
        }
        Ok(())
    }

    /// Skips a string and tells its bytes as UTF-8, at most.
    fn skip_string(&mut self) -> Result<u32, Fault> {
        if self.part.is_empty() {
            return Ok(0);
        }
        let head = self.take(3)?;
        let characters = usize::from(half(head, 0)?);
        let flags = head.get(2).copied().unwrap_or_default();
        let runs = match flags & 8 {
            0 => 0,
            _ => usize::from(half(self.take(2)?, 0)?),
        };
        let extra = match flags & 4 {
            0 => 0,
            _ => word(self.take(4)?, 0)? as usize,
        };
        self.skip_characters(characters, flags & 1 != 0)?;
        self.skip(runs * 4)?;
        self.skip(extra)?;
        Ok(characters as u32 * 3)
    }

    fn skip_characters(&mut self, mut left: usize, mut is_wide: bool) -> Result<(), Fault> {
        loop {
            let width = 1 + usize::from(is_wide);
            let taken = left.min(self.part.len() / width);
            self.take(taken * width)?;
            left -= taken;
            if left == 0 {
                return Ok(());
            }
            if !self.next_part() {
                return Err(BROKEN);
            }
            is_wide = self.take(1)?.first().is_some_and(|mark| mark & 1 != 0);
        }
    }
}
