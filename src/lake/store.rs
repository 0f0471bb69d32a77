//! One object store root (`raw`, `lake` or `published`), with a blocking interface.
//!
//! The program computes on plain threads; only storage is asynchronous. A [`Store`] owns the bridge:
//! it runs each request on the shared tokio runtime and waits, so that no other room knows of futures and
//! polars is never called from inside the runtime (it panics there).

use std::io::Read;
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures::TryStreamExt;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, PutMode, PutOptions, WriteMultipart};
use tokio::runtime::Runtime;
use url::Url;

/// Bytes fetched by one request of a [`Store::reader`].
const READ_CHUNK: u64 = 8 * 1024 * 1024;

/// What went wrong at a storage root; variants tell the caller what can be done.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The location is neither a folder nor a URL this build can open.
    #[error("cannot open storage `{location}`: {reason}")]
    Location {
        /// The location as configured.
        location: String,
        /// Why it cannot be used.
        reason: String,
    },
    /// The object is not there.
    #[error("object `{path}` does not exist under {root}")]
    NotFound {
        /// Root URL of the store.
        root: String,
        /// Path below the root.
        path: String,
    },
    /// The store refused or failed; worth another try.
    #[error("storage failed at `{path}` under {root}")]
    Failed {
        /// Root URL of the store.
        root: String,
        /// Path below the root.
        path: String,
        /// The store's own error.
        #[source]
        source: Box<object_store::Error>,
    },
    /// The local scratch or the runtime failed.
    #[error("local file or runtime failure: {context}")]
    Local {
        /// What was being done.
        context: String,
        /// The operating system's error.
        #[source]
        source: std::io::Error,
    },
}

/// One listed object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectEntry {
    /// Path below the store's root, with `/`.
    pub path: String,
    /// Size in bytes.
    pub size: u64,
    /// The store's change mark for the object (ETag, or size and time of a local file).
    pub mark: String,
}

/// A storage root: a local folder or an object storage prefix.
#[derive(Clone)]
pub struct Store {
    runtime: Arc<Runtime>,
    inner: Arc<dyn ObjectStore>,
    url: Url,
    folder: Option<PathBuf>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Store({})", self.url)
    }
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
    /// Opens `location`: a folder (relative ones stand below `base`) or a URL.
    ///
    /// With `create`, a missing local folder is made; without, it is an error.
    ///
    /// # Errors
    /// [`StoreError::Location`] for a missing folder or a scheme that is not compiled in.
    pub fn open(
        runtime: &Arc<Runtime>,
        location: &str,
        base: &FilePath,
        create: bool,
    ) -> Result<Store, StoreError> {
        let refuse = |reason: &str| StoreError::Location {
            location: location.to_owned(),
            reason: reason.to_owned(),
        };
        let folder = match Url::parse(location) {
            Ok(url) if url.scheme() == "file" => url
                .to_file_path()
                .map_err(|()| refuse("not a file path of this machine"))?,
            Ok(url) if location.contains("://") => {
                return Err(refuse(&format!(
                    "scheme `{}` is not supported by this version; use a folder",
                    url.scheme()
                )));
            }
            _ => base.join(location),
        };
        if create {
            std::fs::create_dir_all(&folder).map_err(|error| refuse(&error.to_string()))?;
        }
        if !folder.is_dir() {
            return Err(refuse("no such folder"));
        }
        let folder = folder
            .canonicalize()
            .map_err(|error| refuse(&error.to_string()))?;
        let url =
            Url::from_directory_path(&folder).map_err(|()| refuse("not an absolute folder"))?;
        let inner = LocalFileSystem::new_with_prefix(&folder)
            .map_err(|error| refuse(&error.to_string()))?;
        Ok(Store {
            runtime: Arc::clone(runtime),
            inner: Arc::new(inner),
            url,
            folder: Some(folder),
        })
    }

    /// The root as a URL that ends in `/`.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The runtime on which this store works.
    pub(super) fn runtime(&self) -> &Runtime {
        &self.runtime
    }

    /// The local file behind `path`, when the store is a local folder.
    pub fn local_path(&self, path: &str) -> Option<PathBuf> {
        self.folder.as_ref().map(|folder| folder.join(path))
    }

    fn failed(&self, path: &str, source: object_store::Error) -> StoreError {
        let root = self.url.to_string();
        let path = path.to_owned();
        match source {
            object_store::Error::NotFound { .. } => StoreError::NotFound { root, path },
            source => StoreError::Failed {
                root,
                path,
                source: Box::new(source),
            },
        }
    }

    /// Every object below `prefix` (a folder, or empty for all), by path in byte order.
    ///
    /// # Errors
    /// [`StoreError::Failed`] when listing fails.
    pub fn list(&self, prefix: &str) -> Result<Vec<ObjectEntry>, StoreError> {
        let folder = (!prefix.is_empty()).then(|| Path::from(prefix));
        let metas: Vec<_> = self
            .runtime
            .block_on(self.inner.list(folder.as_ref()).try_collect())
            .map_err(|source| self.failed(prefix, source))?;
        let mut entries: Vec<ObjectEntry> = metas
            .into_iter()
            .map(|meta| ObjectEntry {
                path: meta.location.to_string(),
                size: meta.size,
                mark: format!(
                    "{}/{}",
                    meta.e_tag.unwrap_or_default(),
                    meta.last_modified.timestamp_micros()
                ),
            })
            .collect();
        entries.sort_by(|left, right| left.path.cmp(&right.path));
        Ok(entries)
    }

    /// The whole object.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] or [`StoreError::Failed`].
    pub fn read(&self, path: &str) -> Result<Bytes, StoreError> {
        let location = location(path);
        self.runtime
            .block_on(async { self.inner.get(&location).await?.bytes().await })
            .map_err(|source| self.failed(path, source))
    }

    /// Like [`Store::read`], with `None` for an object that is not there.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    pub fn read_if_there(&self, path: &str) -> Result<Option<Bytes>, StoreError> {
        match self.read(path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(StoreError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// A sequential reader over an object of `size` bytes, in bounded memory.
    pub fn reader(&self, path: &str, size: u64) -> Box<dyn Read + Send> {
        Box::new(RangeReader {
            store: self.clone(),
            path: path.to_owned(),
            size,
            next: 0,
            chunk: Bytes::new(),
        })
    }

    /// Bytes `start..end` of an object, cut at its end.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] or [`StoreError::Failed`].
    pub fn read_range(&self, path: &str, start: u64, end: u64) -> Result<Bytes, StoreError> {
        let location = location(path);
        self.runtime
            .block_on(self.inner.get_range(&location, start..end))
            .map_err(|source| self.failed(path, source))
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

    /// Uploads a local file in parts, in bounded memory; it appears whole or not at all.
    ///
    /// # Errors
    /// [`StoreError::Local`] when the file cannot be read, [`StoreError::Failed`] when the store refuses.
    pub fn write_file(&self, path: &str, file: &FilePath) -> Result<(), StoreError> {
        let local = |source| StoreError::Local {
            context: "reading a scratch file".to_owned(),
            source,
        };
        let location = location(path);
        let mut source = std::fs::File::open(file).map_err(local)?;
        let upload = self
            .runtime
            .block_on(self.inner.put_multipart(&location))
            .map_err(|source| self.failed(path, source))?;
        let mut parts = WriteMultipart::new(upload);
        let mut buffer = vec![0_u8; 1024 * 1024];
        loop {
            let count = source.read(&mut buffer).map_err(local)?;
            if count == 0 {
                break;
            }
            self.runtime
                .block_on(parts.wait_for_capacity(4))
                .map_err(|source| self.failed(path, source))?;
            let _entered = self.runtime.enter();
            parts.write(buffer.get(..count).unwrap_or_default());
        }
        self.runtime
            .block_on(parts.finish())
            .map(|_| ())
            .map_err(|source| self.failed(path, source))
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
fn location(path: &str) -> Path {
    Path::parse(path).unwrap_or_else(|_| Path::from(path))
}

/// Reads an object front to back by ranged requests.
struct RangeReader {
    store: Store,
    path: String,
    size: u64,
    next: u64,
    chunk: Bytes,
}

impl Read for RangeReader {
    fn read(&mut self, target: &mut [u8]) -> std::io::Result<usize> {
        if self.chunk.is_empty() && self.next < self.size {
            let end = self.size.min(self.next + READ_CHUNK);
            self.chunk = self
                .store
                .read_range(&self.path, self.next, end)
                .map_err(std::io::Error::other)?;
            self.next = end;
        }
        let count = self.chunk.len().min(target.len());
        let head = self.chunk.split_to(count);
        if let Some(slot) = target.get_mut(..count) {
            slot.copy_from_slice(&head);
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store(folder: &FilePath) -> Store {
        let runtime = start_runtime().unwrap();
        Store::open(&runtime, folder.to_str().unwrap(), FilePath::new("."), true).unwrap()
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
    fn uploads_a_file_in_parts() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path());
        let scratch = folder.path().join("scratch.bin");
        let content: Vec<u8> = (0..12_000_000_u32).map(|n| (n % 251) as u8).collect();
        std::fs::write(&scratch, &content).unwrap();
        store.write_file("copy.bin", &scratch).unwrap();
        assert_eq!(store.read("copy.bin").unwrap(), content);
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
        let missing = Store::open(&runtime, "no-such-folder", folder.path(), false);
        assert!(matches!(missing, Err(StoreError::Location { .. })));
    }
}
