//! One object store root (`raw`, `lake` or `published`), with a blocking interface.
//!
//! The program computes on plain threads; only storage is asynchronous. A [`Store`] owns the bridge:
//! it runs each request on the shared tokio runtime and waits, so that no other room knows of futures and
//! polars is never called from inside the runtime (it panics there).

use std::path::{Path as FilePath, PathBuf};
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use futures::TryStreamExt;
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt, PutMode, PutOptions};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use url::Url;

use super::error::StoreError;
use super::location::{self, WhenMissing};
use super::odd_names::{self, OddFile};
use super::reader::Pin;
use super::steady::SteadyStore;

/// One listed object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectEntry {
    /// Path below the store's root, with `/`.
    pub path: String,
    /// Size in bytes.
    pub size: u64,
    /// The store's change mark for the object (ETag; size and times of a local file).
    pub mark: String,
    /// The store's tag of this content (ETag), for reading just this one.
    pub tag: Option<String>,
}

/// A storage root: a local folder or an object storage prefix.
#[derive(Clone)]
pub struct Store {
    runtime: Arc<Runtime>,
    inner: Arc<dyn ObjectStore>,
    url: Url,
    folder: Option<PathBuf>,
    copies: Arc<OnceLock<TempDir>>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Store({})", self.url)
    }
}

/// When a local file was last changed in any way: unlike its time of modification nobody can set it back.
fn change_time(path: &FilePath) -> String {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(path).map_or_else(
        |_| String::new(),
        |about| format!("/{}.{:09}", about.ctime(), about.ctime_nsec()),
    )
}

/// Starts the runtime that all stores of a process share.
///
/// # Errors
/// When the operating system gives no threads.
pub fn start_runtime() -> Result<Arc<Runtime>, StoreError> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("skillwatch-storage")
        .enable_all()
        .build()
        .map(Arc::new)
        .map_err(|source| StoreError::Local {
            context: "starting the storage runtime".to_owned(),
            source,
        })
}

impl Store {
    /// Opens `location`: a folder (relative ones stand below `base`) or a URL: `file://`, `s3://bucket/prefix`,
    /// `gs://bucket/prefix`, `az://container/prefix`. Credentials and endpoints come from each store's usual environment
    /// variables.
    ///
    /// `missing` says what becomes of a local folder that is not there, and of a prefix without objects.
    ///
    /// Requests to a remote store are repeated when the server or the connection fails, at most five times within a
    /// minute; a refusal (no access, no such object, a condition that does not hold) is never repeated.
    ///
    /// # Errors
    /// [`StoreError::Location`] when the location cannot be used as it is configured: no such folder, bucket or scheme,
    /// no credentials, no access; [`StoreError::Unreachable`] when the store does not answer.
    pub fn open(
        runtime: &Arc<Runtime>,
        location: &str,
        base: &FilePath,
        missing: WhenMissing,
    ) -> Result<Store, StoreError> {
        let opened = location::open(runtime, location, base, missing)?;
        let mut store = Store::open_with(runtime, opened.inner, opened.url);
        store.folder = opened.folder;
        Ok(store)
    }

    /// A store on any object store: one in memory, or one that fails on purpose. `url` only names it.
    pub fn open_with(runtime: &Arc<Runtime>, inner: Arc<dyn ObjectStore>, url: Url) -> Store {
        Store {
            runtime: Arc::clone(runtime),
            inner: Arc::new(SteadyStore::new(inner)),
            url,
            folder: None,
            copies: Arc::default(),
        }
    }

    /// The root as a URL that ends in `/`.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The runtime on which this store works.
    pub(super) fn runtime(&self) -> &Runtime {
        &self.runtime
    }

    /// The objects below the root.
    pub(super) fn inner(&self) -> &Arc<dyn ObjectStore> {
        &self.inner
    }

    /// The local file behind `path`, when the store is a local folder.
    pub(super) fn local_path(&self, path: &str) -> Option<PathBuf> {
        self.folder.as_ref().map(|folder| folder.join(path))
    }

    /// The scratch folder for copies of remote objects, made when it is first needed.
    pub(super) fn copies_folder(&self) -> Result<&FilePath, StoreError> {
        if let Some(folder) = self.copies.get() {
            return Ok(folder.path());
        }
        let made = tempfile::Builder::new()
            .prefix("skillwatch-copies-")
            .tempdir()
            .map_err(|source| StoreError::Local {
                context: "making a scratch folder".to_owned(),
                source,
            })?;
        // Of two threads that made one, the first one's is kept and the other's removed again.
        Ok(self.copies.get_or_init(|| made).path())
    }

    pub(super) fn failed(&self, path: &str, source: object_store::Error) -> StoreError {
        let root = self.url.to_string();
        let path = path.to_owned();
        match source {
            object_store::Error::NotFound { .. } => StoreError::NotFound { root, path },
            object_store::Error::Precondition { .. } => StoreError::Changed { root, path },
            source => StoreError::Failed {
                root,
                path,
                source: Box::new(source),
            },
        }
    }

    pub(super) fn changed(&self, path: &str) -> StoreError {
        StoreError::Changed {
            root: self.url.to_string(),
            path: path.to_owned(),
        }
    }

    pub(super) fn cut_short(&self, path: &str, expected: u64, got: u64) -> StoreError {
        let reason = format!("the body ended after {got} of {expected} bytes");
        self.failed(
            path,
            object_store::Error::Generic {
                store: "reader",
                source: reason.into(),
            },
        )
    }

    fn entry(&self, path: String, meta: ObjectMeta) -> ObjectEntry {
        let mark = format!(
            "{}/{}{}",
            meta.e_tag.as_deref().unwrap_or_default(),
            meta.last_modified.timestamp_micros(),
            self.local_path(&path)
                .map_or_else(String::new, |path| change_time(&path)),
        );
        let is_remote = matches!(self.url.scheme(), "s3" | "gs" | "az");
        // Azure lists tags without the quotes that it asks for in a condition.
        let tag = meta.e_tag.map(|tag| match tag.ends_with('"') {
            false if is_remote => format!("\"{tag}\""),
            _ => tag,
        });
        ObjectEntry {
            path,
            size: meta.size,
            mark,
            tag,
        }
    }

    /// Every object below `prefix` (a folder, or empty for all), by path in byte order.
    ///
    /// # Errors
    /// [`StoreError::Failed`] when listing fails.
    pub fn list(&self, prefix: &str) -> Result<Vec<ObjectEntry>, StoreError> {
        let folder = (!prefix.is_empty()).then(|| location(prefix));
        let metas: Vec<ObjectMeta> = self
            .runtime
            .block_on(self.inner.list(folder.as_ref()).try_collect())
            .map_err(|source| self.failed(prefix, source))?;
        Ok(metas
            .into_iter()
            .map(|meta| self.entry(meta.location.to_string(), meta))
            .collect())
    }

    /// Every object of the root, and the files of a local one that no object path can name.
    ///
    /// # Errors
    /// [`StoreError::Failed`] when listing fails.
    pub fn list_all(&self) -> Result<(Vec<ObjectEntry>, Vec<OddFile>), StoreError> {
        let failure = match self.list("") {
            Ok(entries) => return Ok((entries, Vec::new())),
            Err(failure) => failure,
        };
        // The listing ends at the first such file, so that it does not tell the others.
        let Some((paths, odd)) = self.folder.as_deref().and_then(odd_names::walk) else {
            return Err(failure);
        };
        if odd.is_empty() {
            return Err(failure);
        }
        let mut entries = Vec::new();
        for path in paths {
            entries.extend(self.find(&path)?);
        }
        entries.sort_by(|one, other| one.path.cmp(&other.path));
        Ok((entries, odd))
    }

    /// One object as a listing shows it; `None` when it is not there.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    pub fn find(&self, path: &str) -> Result<Option<ObjectEntry>, StoreError> {
        match self.runtime.block_on(self.head(path)) {
            // A store with a prefix answers with the path below its own root.
            Ok(meta) => Ok(Some(self.entry(location(path).to_string(), meta))),
            Err(StoreError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The whole object.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Changed`] or [`StoreError::Failed`].
    pub fn read(&self, path: &str) -> Result<Bytes, StoreError> {
        let mut parts: Vec<Bytes> = Vec::new();
        self.runtime.block_on(self.fetch_all(path, |bytes| {
            parts.push(bytes);
            Ok(())
        }))?;
        Ok(match parts.as_slice() {
            [] => Bytes::new(),
            [one] => one.clone(),
            many => many.concat().into(),
        })
    }

    /// Like [`Store::read`], with `None` for an object that is not there.
    ///
    /// # Errors
    /// [`StoreError::Changed`] or [`StoreError::Failed`].
    pub fn read_if_there(&self, path: &str) -> Result<Option<Bytes>, StoreError> {
        match self.read(path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(StoreError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Bytes `start..end` of an object, cut at its end.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] or [`StoreError::Failed`].
    pub fn read_range(&self, path: &str, start: u64, end: u64) -> Result<Bytes, StoreError> {
        self.runtime
            .block_on(self.fetch(path, start..end, &mut Pin::default()))
    }

    /// Writes the object, replacing any earlier one; it appears whole or not at all.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    pub fn write(&self, path: &str, bytes: impl Into<Bytes>) -> Result<(), StoreError> {
        let location = location(path);
        let payload = bytes.into();
        self.runtime
            .block_on(self.inner.put(&location, payload.into()))
            .map(|_| ())
            .map_err(|source| self.failed(path, source))
    }

    /// Writes the object only when none of that name exists: the one conditional write of a release or a lease.
    /// Returns whether this call made it.
    ///
    /// When the answer of the store was lost, the object is read back: equal bytes mean that this call made it. So
    /// callers of whom only one may win must write bytes that no other attempt writes; for files named by content it
    /// does not matter.
    ///
    /// # Errors
    /// [`StoreError::Failed`] for anything but "already there".
    pub fn create(&self, path: &str, bytes: impl Into<Bytes>) -> Result<bool, StoreError> {
        let location = location(path);
        let options = PutOptions {
            mode: PutMode::Create,
            ..PutOptions::default()
        };
        let payload = bytes.into();
        match self
            .runtime
            .block_on(self.inner.put_opts(&location, payload.into(), options))
        {
            Ok(_) => Ok(true),
            Err(object_store::Error::AlreadyExists { .. }) => Ok(false),
            Err(source) => Err(self.failed(path, source)),
        }
    }

    /// Removes the object; one that is not there is no error.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    pub fn delete(&self, path: &str) -> Result<(), StoreError> {
        let location = location(path);
        match self.runtime.block_on(self.inner.delete(&location)) {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(source) => Err(self.failed(path, source)),
        }
    }
}

/// The store's form of a path: listed paths are already encoded and must not be encoded twice.
pub(super) fn location(path: &str) -> Path {
    Path::parse(path).unwrap_or_else(|_| Path::from(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store(folder: &FilePath) -> Store {
        let runtime = start_runtime().unwrap();
        Store::open(
            &runtime,
            folder.to_str().unwrap(),
            FilePath::new("."),
            WhenMissing::Make,
        )
        .unwrap()
    }

    #[test]
    fn create_is_won_once() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path());
        assert!(store.create("releases/1.json", "first").unwrap());
        assert!(!store.create("releases/1.json", "second").unwrap());
        assert_eq!(store.read("releases/1.json").unwrap(), "first");
    }

    #[test]
    fn lists_in_byte_order_and_reads_by_range() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path());
        store.write("b/2", "two").unwrap();
        store.write("a/10", "ten").unwrap();
        store.write("a/1", "one").unwrap();
        let paths: Vec<_> = store
            .list("")
            .unwrap()
            .into_iter()
            .map(|e| e.path)
            .collect();
        assert_eq!(paths, ["a/1", "a/10", "b/2"]);
        let mut text = String::new();
        store.reader("b/2", 3).read_to_string(&mut text).unwrap();
        assert_eq!(text, "two");
    }

    #[test]
    fn a_missing_object_and_a_missing_folder_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path());
        assert!(matches!(
            store.read("nothing"),
            Err(StoreError::NotFound { .. })
        ));
        assert!(store.read_if_there("nothing").unwrap().is_none());
        let runtime = start_runtime().unwrap();
        let missing = Store::open(
            &runtime,
            "no-such-folder",
            folder.path(),
            WhenMissing::Refuse,
        );
        assert!(matches!(missing, Err(StoreError::Location { .. })));
    }
}
