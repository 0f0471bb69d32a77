//! A workbook's file as the library sees it: without the parts that were found unsafe.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// What happened behind the library's back; shared with the one who explains its error.
#[derive(Debug, Default)]
pub(super) struct Watch {
    /// It wanted a part that lies behind the fence.
    pub tripped: AtomicBool,
    /// The scratch disk failed.
    pub failed: AtomicBool,
}

/// A file of which the data of some parts cannot be read, and of which no more than an allowance is read.
#[derive(Debug)]
pub(super) struct FencedFile {
    file: File,
    position: u64,
    /// Where the data of unsafe parts starts. A part's data is always read from its start, so that is enough.
    fences: Vec<u64>,
    /// Bytes that may still be read.
    allowance: Arc<AtomicU64>,
    watch: Arc<Watch>,
}

impl FencedFile {
    /// A rewound file behind sorted `fences`.
    pub fn new(
        mut file: File,
        fences: Vec<u64>,
        allowance: Arc<AtomicU64>,
        watch: Arc<Watch>,
    ) -> io::Result<FencedFile> {
        file.rewind()?;
        Ok(FencedFile {
            file,
            position: 0,
            fences,
            allowance,
            watch,
        })
    }
}

impl Read for FencedFile {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        if self.fences.binary_search(&self.position).is_ok() {
            self.watch.tripped.store(true, Ordering::Relaxed);
            return Err(io::Error::other("an unsafe part"));
        }
        let count = self.file.read(target).inspect_err(|error| {
            if error.kind() != io::ErrorKind::Interrupted {
                self.watch.failed.store(true, Ordering::Relaxed);
            }
        })?;
        let left = self.allowance.load(Ordering::Relaxed);
        let Some(left) = left.checked_sub(count as u64) else {
            return Err(io::Error::other("too much is read"));
        };
        self.allowance.store(left, Ordering::Relaxed);
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for FencedFile {
    fn seek(&mut self, target: SeekFrom) -> io::Result<u64> {
        // A damaged file may name a place before its start; only real failures of the disk count as such.
        self.position = self.file.seek(target)?;
        Ok(self.position)
    }
}
