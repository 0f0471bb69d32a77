//! Whether every file of the releases is still what was released.

use std::collections::{BTreeMap, BTreeSet};

use super::{Manifest, ReleaseError, Releases};
use crate::lake::StoreError;

/// What is wrong with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileFault {
    /// It is not there.
    Missing,
    /// Its content is another one.
    Altered,
}

/// What a look at the releases came to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Releases looked at.
    pub releases: usize,
    /// Files looked at, each once.
    pub files: usize,
    /// Bytes read.
    pub bytes: u64,
    /// Files that are not what was released, in order.
    pub faults: BTreeMap<String, FileFault>,
}

impl Releases {
    /// Reads every file of a release, or of all in the history, and compares it with what the manifest says; a manifest is
    /// compared with its own id.
    ///
    /// # Errors
    /// [`ReleaseError::Unknown`] or [`ReleaseError::None`]; when storage fails or a manifest is not readable.
    pub fn verify(&self, wanted: Option<&str>) -> Result<Verified, ReleaseError> {
        let ids: BTreeSet<String> = match wanted {
            Some(id) => BTreeSet::from([id.to_owned()]),
            None => {
                let pointers = self.history()?.into_iter();
                pointers.map(|pointer| pointer.release).collect()
            }
        };
        if ids.is_empty() {
            return Err(ReleaseError::None);
        }
        let mut verified = Verified {
            releases: ids.len(),
            ..Verified::default()
        };
        let mut files: BTreeMap<String, Option<String>> = BTreeMap::new();
        for id in ids {
            let path = format!("{}/{id}.json", super::MANIFESTS);
            let is_in_history = wanted.is_none();
            match self.find(Some(&id)) {
                Ok(manifest) => {
                    if !is_own(&manifest, &id) {
                        verified.faults.insert(path, FileFault::Altered);
                    }
                    files.extend(expected(&manifest));
                }
                Err(ReleaseError::Unknown { .. }) if is_in_history => {
                    verified.faults.insert(path, FileFault::Missing);
                }
                Err(ReleaseError::Unreadable { .. }) => {
                    verified.faults.insert(path, FileFault::Altered);
                }
                Err(error) => return Err(error),
            }
        }
        for (file, expected) in files {
            verified.files += 1;
            match self.store.read(&file) {
                Ok(content) => {
                    verified.bytes += content.len() as u64;
                    let hash = blake3::hash(&content).to_hex();
                    if expected.is_some_and(|expected| !hash.starts_with(&expected)) {
                        verified.faults.insert(file, FileFault::Altered);
                    }
                }
                Err(StoreError::NotFound { .. }) => {
                    verified.faults.insert(file, FileFault::Missing);
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(verified)
    }
}

/// Whether a manifest is the one that its id names.
fn is_own(manifest: &Manifest, id: &str) -> bool {
    let again = Manifest::new(
        manifest.as_of,
        manifest.tables.clone(),
        Vec::new(),
        manifest.last_load,
    );
    again.id == id && manifest.id == id
}

/// The files of a release with the first digits of their hashes; earlier versions wrote down none of the page.
fn expected(manifest: &Manifest) -> BTreeMap<String, Option<String>> {
    let mut files = BTreeMap::new();
    let mut by_name = |file: &String| {
        let name = file.rsplit('/').next().unwrap_or(file);
        let stem = name.split('.').next().unwrap_or(name).to_owned();
        files.insert(file.clone(), Some(stem));
    };
    manifest.workbooks.values().for_each(&mut by_name);
    for public in manifest
        .tables
        .iter()
        .filter_map(|table| table.public.as_ref())
    {
        by_name(&public.csv);
        by_name(&public.known);
    }
    for table in &manifest.tables {
        files.insert(table.file.clone(), Some(table.hash.clone()));
        if let Some(public) = &table.public {
            files.insert(public.file.clone(), Some(public.hash.clone()));
        }
    }
    let page = manifest.page.iter();
    files.extend(page.map(|page| (page.clone(), manifest.page_hash.clone())));
    files
}
