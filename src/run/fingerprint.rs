//! What a table's content depends on, as a hash.

use crate::lake::DataFile;

/// Raised when the engine or a native operator computes something differently from the same inputs.
const CODE_VERSION: &str = "skillwatch 0.1 polars 0.55 computation 3";

/// A 16-digit hash over named parts.
#[derive(Default)]
pub struct Fingerprint {
    hasher: blake3::Hasher,
}

impl Fingerprint {
    /// Starts with the version of the computing code.
    pub fn of_code() -> Fingerprint {
        let mut fingerprint = Fingerprint::default();
        fingerprint.add("code", CODE_VERSION);
        fingerprint
    }

    /// Adds a named part.
    pub fn add(&mut self, name: &str, value: &str) {
        for part in [name, value] {
            self.hasher.update(&(part.len() as u64).to_le_bytes());
            self.hasher.update(part.as_bytes());
        }
    }

    /// Adds what distinguishes files by content: their names.
    pub fn add_files<'a>(&mut self, name: &str, files: impl Iterator<Item = &'a DataFile>) {
        self.add("files of", name);
        for file in files {
            self.add_file(file);
        }
    }

    /// Adds what distinguishes one file by content.
    pub fn add_file(&mut self, file: &DataFile) {
        self.add("file", content_of(&file.path));
    }

    /// The hash.
    pub fn finish(&self) -> String {
        let mut text = self.hasher.finalize().to_hex().to_string();
        text.truncate(16);
        text
    }
}

/// The file name of a computed table: fingerprint of what it was computed from, then hash of what it holds.
pub fn computed_name(fingerprint: &str, content: &str) -> String {
    format!("{fingerprint}-{content}.parquet")
}

/// The part of a file's path that stands for its content: day folders and the content hash, without the fingerprint of
/// what it was computed from, so that a table computed again with the same result makes nothing else stale.
pub fn content_of(path: &str) -> &str {
    // Day folders are part of the content hash already: the day is a column of the file.
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split_once('-').map_or(name, |(_, content)| content)
}

/// The fingerprint in the name of a computed file.
pub fn fingerprint_of(path: &str) -> Option<&str> {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split_once('-').map(|(fingerprint, _)| fingerprint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_carry_fingerprint_and_content() {
        let name = format!(
            "day=2020-09-03/to=2020-09-04/{}",
            computed_name("aaaa", "bbbb")
        );
        assert_eq!(fingerprint_of(&name), Some("aaaa"));
        assert_eq!(content_of(&name), "bbbb.parquet");
        assert_eq!(content_of("day=2020-09-03/cccc.parquet"), "cccc.parquet");
    }

    #[test]
    fn parts_do_not_run_together() {
        let mut left = Fingerprint::of_code();
        left.add("a", "bc");
        let mut right = Fingerprint::of_code();
        right.add("ab", "c");
        assert_ne!(left.finish(), right.finish());
    }
}
