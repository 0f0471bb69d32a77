//! Releases: a night's tables as one unit.
//!
//! Files of a release are immutable and named by content. A release becomes current by one conditional write: pointer
//! `n + 1` is created only if nobody has created it, and the highest pointer is the current one. Rolling back creates a
//! further pointer to an earlier release; nothing is ever deleted or overwritten.

mod compare;
mod reasons;
mod revisions;
mod standing;
mod triangle;
mod verify;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use compare::{Moved, RowChange, TableDifference, compare, read_file, read_table};
pub use reasons::{DEFINITION, POLICY, Reason, Reasons, SOURCE};
pub use revisions::{
    REVISION_HISTORY, Revision, Revisions, cell_key, extend, history_rows, history_table,
    read_history,
};
pub use standing::standing;
pub use triangle::{Headline, REVISION_SUMMARY, REVISION_TRIANGLE, summary, triangle, vintages};
pub use verify::{FileFault, Verified};

use standing::ROLLBACK;

use crate::clock;
use crate::engine::EngineError;
use crate::lake::{Store, StoreError, content_name};
use crate::model::Audience;

const POINTERS: &str = "pointers";
const MANIFESTS: &str = "releases";

/// What can go wrong with releases.
#[derive(Debug, thiserror::Error)]
pub enum ReleaseError {
    /// Storage failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A table of a release cannot be read.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Another run released at the same moment.
    #[error("another run released at the same time; run again")]
    Raced,
    /// There is no such release.
    #[error("there is no release `{id}`; `skillwatch releases` lists them")]
    Unknown {
        /// The id as given.
        id: String,
    },
    /// Nothing was released yet.
    #[error("nothing has been released yet; run `skillwatch run` first")]
    None,
    /// A release does not have the table.
    #[error("release {id} has no table `{table}`")]
    NoTable {
        /// Release id.
        id: String,
        /// The table as given.
        table: String,
    },
    /// The public is not given a table.
    #[error("table `{table}` of this release was not given to the public")]
    NotPublic {
        /// The table.
        table: String,
    },
    /// A manifest or pointer cannot be read.
    #[error("`{path}` is not readable as a release: {reason}")]
    Unreadable {
        /// Path below the published root.
        path: String,
        /// Why.
        reason: String,
    },
}

/// One table of a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedTable {
    /// Name.
    pub name: String,
    /// Who may see it.
    pub audience: Audience,
    /// Chinese title.
    pub title_zh: String,
    /// English title.
    pub title_en: String,
    /// File below the published root.
    pub file: String,
    /// BLAKE3 hash of the file, 64 hex digits.
    pub hash: String,
    /// Rows.
    pub rows: u64,
    /// What it was computed from, each with a hash: definitions of models, policy parameters, feeds.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub basis: BTreeMap<String, String>,
    /// What the public gets of it; `None` when nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public: Option<PublicFiles>,
}

/// What the public gets of a table, after disclosure control.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicFiles {
    /// Parquet file below the published root, hidden figures empty.
    pub file: String,
    /// BLAKE3 hash of the file, 64 hex digits.
    pub hash: String,
    /// The same as CSV, hidden figures `*`.
    pub csv: String,
    /// Figures as the public last saw them, for later releases; not public itself.
    pub known: String,
    /// Hidden figures.
    pub suppressed: u64,
}

/// What an audit found before the release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditResult {
    /// Audit.
    pub name: String,
    /// `error` or `warn`.
    pub severity: String,
    /// Rows that break it; 0 when it holds.
    pub findings: u64,
    /// What it looks for.
    pub title: String,
}

/// A release's contents. The same inputs and code give the same manifest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// As-of day and the first digits of the contents' hash.
    pub id: String,
    /// As-of day.
    pub as_of: NaiveDate,
    /// Tables by name.
    pub tables: Vec<PublishedTable>,
    /// Audits that let it pass.
    pub audits: Vec<AuditResult>,
    /// Order of the last load that it knows; `None` in releases of an earlier version.
    #[serde(default)]
    pub last_load: Option<i64>,
    /// What disclosure control hid; `None` when nothing was given to the public.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disclosure: Option<DisclosureAccount>,
    /// Workbooks by audience, below the published root.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub workbooks: BTreeMap<String, String>,
    /// The release page, below the published root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// BLAKE3 hash of the page, 64 hex digits: its name is that of the release, not of its content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page_hash: Option<String>,
}

/// What disclosure control hid, and how it withstood the attack.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct DisclosureAccount {
    /// Figures looked at.
    pub figures: u64,
    /// Hidden since they are sensitive.
    pub primary: u64,
    /// Hidden to protect others.
    pub complementary: u64,
    /// Hidden since they are computed from hidden ones.
    pub derived: u64,
    /// Sensitive, but shown by an earlier release.
    pub already_public: u64,
    /// Share of the information that is lost, 0 to 1.
    pub share_lost: f64,
    /// Figures attacked: for each the interval in which it can lie was found.
    pub attacked: u64,
    /// Hash of description, rules and code, so that equal tables need no second look.
    pub method: String,
}

impl Manifest {
    /// A manifest with its id.
    pub fn new(
        as_of: NaiveDate,
        mut tables: Vec<PublishedTable>,
        audits: Vec<AuditResult>,
        last_load: Option<i64>,
    ) -> Manifest {
        tables.sort_by(|left, right| left.name.cmp(&right.name));
        let listed: Vec<String> = tables
            .iter()
            .map(|table| {
                let public = table.public.as_ref().map_or("", |public| &public.hash);
                format!(
                    "{} {:?} {} {public}",
                    table.name, table.audience, table.hash
                )
            })
            .collect();
        let hash = content_name(listed.join("\n").as_bytes());
        Manifest {
            id: format!("{as_of}-{}", hash.get(..8).unwrap_or(&hash)),
            as_of,
            tables,
            audits,
            last_load,
            disclosure: None,
            workbooks: BTreeMap::new(),
            page: None,
            page_hash: None,
        }
    }

    /// A table by name.
    ///
    /// # Errors
    /// [`ReleaseError::NoTable`].
    pub fn table(&self, name: &str) -> Result<&PublishedTable, ReleaseError> {
        self.tables
            .iter()
            .find(|table| table.name == name)
            .ok_or_else(|| ReleaseError::NoTable {
                id: self.id.clone(),
                table: name.to_owned(),
            })
    }
}

/// One entry of the release history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pointer {
    /// Number, from 1; the highest is current.
    pub number: u64,
    /// Release it points to.
    pub release: String,
    /// As-of day of that release.
    pub as_of: NaiveDate,
    /// `release` or `rollback`.
    pub kind: String,
    /// When it was written.
    pub at: String,
    /// Why, for a rollback.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// The releases of a published root.
#[derive(Debug, Clone)]
pub struct Releases {
    store: Store,
}

impl Releases {
    /// Releases below the root of `store`.
    pub fn new(store: Store) -> Releases {
        Releases { store }
    }

    /// The storage below.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// All pointers, oldest first.
    ///
    /// # Errors
    /// When storage fails or a pointer is not readable.
    pub fn history(&self) -> Result<Vec<Pointer>, ReleaseError> {
        let mut pointers: Vec<Pointer> = Vec::new();
        for entry in self.store.list(POINTERS)? {
            pointers.push(self.read_json(&entry.path)?);
        }
        pointers.sort_by_key(|pointer| pointer.number);
        Ok(pointers)
    }

    /// The current release's manifest.
    ///
    /// # Errors
    /// [`ReleaseError::None`] when nothing was released yet.
    pub fn current(&self) -> Result<Manifest, ReleaseError> {
        let pointer = self.history()?.pop().ok_or(ReleaseError::None)?;
        self.manifest(&pointer.release)
    }

    /// Of these pointers, the manifest of the release of the latest as-of day up to `last`; of several of one day, of the newest. So none follows
    /// a release of a mistyped older day, nor one that was rolled back.
    ///
    /// # Errors
    /// When storage fails or the manifest is not readable.
    pub fn latest_until(
        &self,
        history: &[Pointer],
        last: NaiveDate,
    ) -> Result<Option<Manifest>, ReleaseError> {
        standing(history)
            .into_iter()
            .filter(|pointer| pointer.as_of <= last)
            .max_by_key(|pointer| (pointer.as_of, pointer.number))
            .map(|pointer| self.manifest(&pointer.release))
            .transpose()
    }

    /// The manifest of release `id`, or of the current one.
    ///
    /// # Errors
    /// [`ReleaseError::Unknown`] or [`ReleaseError::None`].
    pub fn find(&self, id: Option<&str>) -> Result<Manifest, ReleaseError> {
        match id {
            Some(id) => self.manifest(id),
            None => self.current(),
        }
    }

    fn manifest(&self, id: &str) -> Result<Manifest, ReleaseError> {
        let path = format!("{MANIFESTS}/{id}.json");
        match self.read_json(&path) {
            Err(ReleaseError::Store(StoreError::NotFound { .. })) => {
                Err(ReleaseError::Unknown { id: id.to_owned() })
            }
            other => other,
        }
    }

    fn read_json<T: serde::de::DeserializeOwned>(&self, path: &str) -> Result<T, ReleaseError> {
        let bytes = self.store.read(path)?;
        serde_json::from_slice(&bytes).map_err(|error| ReleaseError::Unreadable {
            path: path.to_owned(),
            reason: error.to_string(),
        })
    }

    /// Writes a table's file if no equal one is there, and describes it.
    ///
    /// # Errors
    /// When storage fails.
    pub fn write_table(
        &self,
        name: &str,
        audience: Audience,
        titles: (&str, &str),
        content: bytes::Bytes,
        rows: u64,
    ) -> Result<PublishedTable, ReleaseError> {
        // Every figure stands here: what the public gets is written apart, by disclosure control.
        let folder = match audience {
            Audience::Public | Audience::Internal => "internal",
            Audience::Restricted | Audience::Intermediate => "restricted",
        };
        let hash = blake3::hash(&content).to_hex().to_string();
        let file = self.write_file(&format!("{folder}/{name}"), "parquet", content)?;
        Ok(PublishedTable {
            name: name.to_owned(),
            audience,
            title_zh: titles.0.to_owned(),
            title_en: titles.1.to_owned(),
            file,
            hash,
            rows,
            basis: BTreeMap::new(),
            public: None,
        })
    }

    /// Writes a file of a release below `folder` if no equal one is there, and gives its path.
    ///
    /// # Errors
    /// When storage fails.
    pub fn write_file(
        &self,
        folder: &str,
        extension: &str,
        content: bytes::Bytes,
    ) -> Result<String, ReleaseError> {
        let file = format!("{folder}/{}.{extension}", content_name(&content));
        // Named by content, so what is there is the same; a store far away need not be sent it again.
        if self.store.find(&file)?.is_none() {
            self.store.create(&file, content)?;
        }
        Ok(file)
    }

    /// Makes a release current by one conditional write. Returns `None` when it is current already.
    ///
    /// # Errors
    /// [`ReleaseError::Raced`] when another run released at the same moment.
    pub fn publish(&self, manifest: &Manifest) -> Result<Option<Pointer>, ReleaseError> {
        let last = self.history()?.pop();
        if last
            .as_ref()
            .is_some_and(|pointer| pointer.release == manifest.id)
        {
            return Ok(None);
        }
        let path = format!("{MANIFESTS}/{}.json", manifest.id);
        self.store.write(&path, to_json(manifest))?;
        self.point(
            last.map_or(0, |pointer| pointer.number),
            manifest,
            "release",
            "",
        )
        .map(Some)
    }

    /// Makes an earlier release current again.
    ///
    /// # Errors
    /// [`ReleaseError::Unknown`] or [`ReleaseError::Raced`].
    pub fn rollback(&self, id: &str, reason: &str) -> Result<Pointer, ReleaseError> {
        let manifest = self.manifest(id)?;
        let last = self.history()?.pop().map_or(0, |pointer| pointer.number);
        self.point(last, &manifest, ROLLBACK, reason)
    }

    fn point(
        &self,
        last: u64,
        manifest: &Manifest,
        kind: &str,
        reason: &str,
    ) -> Result<Pointer, ReleaseError> {
        let pointer = Pointer {
            number: last + 1,
            release: manifest.id.clone(),
            as_of: manifest.as_of,
            kind: kind.to_owned(),
            at: clock::now().to_rfc3339(),
            reason: reason.to_owned(),
        };
        let path = format!("{POINTERS}/{:08}.json", pointer.number);
        if self.store.create(&path, to_json(&pointer))? {
            Ok(pointer)
        } else {
            Err(ReleaseError::Raced)
        }
    }
}

fn to_json<T: Serialize>(value: &T) -> Vec<u8> {
    // These structs hold only texts and numbers, which always serialise.
    serde_json::to_vec_pretty(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn releases(folder: &std::path::Path) -> Releases {
        let runtime = crate::lake::start_runtime().unwrap();
        Releases::new(
            Store::open(
                &runtime,
                folder.to_str().unwrap(),
                folder,
                crate::lake::WhenMissing::Make,
            )
            .unwrap(),
        )
    }

    fn manifest(releases: &Releases, content: &'static str) -> Manifest {
        let day = NaiveDate::from_ymd_opt(2021, 12, 31).unwrap();
        let table = releases
            .write_table("one", Audience::Public, ("一", "one"), content.into(), 1)
            .unwrap();
        Manifest::new(day, vec![table], Vec::new(), None)
    }

    #[test]
    fn releases_once_and_rolls_back() {
        let folder = tempfile::tempdir().unwrap();
        let releases = releases(folder.path());
        assert!(matches!(releases.current(), Err(ReleaseError::None)));
        let first = manifest(&releases, "first");
        let second = manifest(&releases, "second");
        assert_ne!(first.id, second.id);
        assert_eq!(releases.publish(&first).unwrap().unwrap().number, 1);
        assert!(releases.publish(&first).unwrap().is_none());
        assert_eq!(releases.publish(&second).unwrap().unwrap().number, 2);
        releases.rollback(&first.id, "wrong policy row").unwrap();
        assert_eq!(releases.current().unwrap(), first);
        assert!(matches!(
            releases.rollback("x", ""),
            Err(ReleaseError::Unknown { .. })
        ));
        assert_eq!(releases.history().unwrap().len(), 3);
    }

    #[test]
    fn files_that_are_not_what_was_released_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let releases = releases(folder.path());
        assert!(matches!(releases.verify(None), Err(ReleaseError::None)));
        let first = manifest(&releases, "first");
        let second = manifest(&releases, "second");
        for one in [&first, &second] {
            releases.publish(one).unwrap();
        }
        let whole = releases.verify(None).unwrap();
        assert_eq!((whole.releases, whole.files, whole.bytes), (2, 2, 11));
        assert!(whole.faults.is_empty());
        let (one, other) = (&first.tables[0].file, &second.tables[0].file);
        std::fs::write(folder.path().join(one), "fist").unwrap();
        std::fs::remove_file(folder.path().join(other)).unwrap();
        let manifest = format!("{MANIFESTS}/{}.json", second.id);
        let text = std::fs::read_to_string(folder.path().join(&manifest)).unwrap();
        let altered = text.replace(&second.tables[0].hash, &first.tables[0].hash);
        std::fs::write(folder.path().join(&manifest), altered).unwrap();
        let expected = BTreeMap::from([
            (one.clone(), FileFault::Altered),
            (other.clone(), FileFault::Missing),
            (manifest, FileFault::Altered),
        ]);
        assert_eq!(releases.verify(None).unwrap().faults, expected);
        let of_first = releases.verify(Some(&first.id)).unwrap();
        assert_eq!(of_first.faults.len(), 1);
    }

    #[test]
    fn a_page_that_is_not_the_released_one_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let releases = releases(folder.path());
        let mut one = manifest(&releases, "first");
        releases.store().write("pages/one.html", "page").unwrap();
        one.page = Some("pages/one.html".to_owned());
        one.page_hash = Some(blake3::hash(b"page").to_hex().to_string());
        releases.publish(&one).unwrap();
        assert!(releases.verify(None).unwrap().faults.is_empty());
        releases.store().write("pages/one.html", "pag").unwrap();
        let expected = BTreeMap::from([("pages/one.html".to_owned(), FileFault::Altered)]);
        assert_eq!(releases.verify(None).unwrap().faults, expected);
    }

    #[test]
    fn no_release_follows_one_of_a_mistyped_day_or_one_that_was_rolled_back() {
        let folder = tempfile::tempdir().unwrap();
        let releases = releases(folder.path());
        let day = |day: u32| NaiveDate::from_ymd_opt(2021, 12, day).unwrap();
        let publish = |on: u32, content: &'static str| {
            let tables = manifest(&releases, content).tables;
            let manifest = Manifest::new(day(on), tables, Vec::new(), None);
            releases.publish(&manifest).unwrap();
            manifest
        };
        let latest = |last: u32| {
            let history = releases.history().unwrap();
            releases.latest_until(&history, day(last)).unwrap()
        };
        assert_eq!(latest(31), None);
        let first = publish(10, "first");
        let again = publish(10, "again");
        assert_eq!(latest(10), Some(again.clone()));
        assert_eq!(latest(9), None);
        let later = publish(12, "later");
        publish(1, "mistyped");
        assert_eq!(latest(13), Some(later));
        releases.rollback(&first.id, "wrong").unwrap();
        assert_eq!(latest(13), Some(first));
    }

    #[test]
    fn only_one_of_two_racing_releases_wins() {
        let folder = tempfile::tempdir().unwrap();
        let releases = releases(folder.path());
        let manifest = manifest(&releases, "first");
        releases.publish(&manifest).unwrap();
        assert!(matches!(
            releases.point(0, &manifest, "release", ""),
            Err(ReleaseError::Raced)
        ));
    }
}
