//! Reading an object front to back, piece by piece, and noticing when it is replaced meanwhile.

use std::io::Read;
use std::ops::Range;

use bytes::Bytes;
use object_store::{GetOptions, GetRange, ObjectMeta};
use tokio::task::JoinHandle;

use super::error::StoreError;
use super::store::{ObjectEntry, Store, location};

/// Bytes fetched by one request.
pub(super) const READ_CHUNK: u64 = 8 * 1024 * 1024;

/// Which content of an object a reading keeps to: what the first answer, or the listing, said of it.
#[derive(Debug, Default, Clone)]
pub(super) struct Pin {
    /// Size in bytes.
    size: Option<u64>,
    /// The store's tag of the content.
    tag: Option<String>,
}

impl Pin {
    fn of(size: u64, tag: Option<&str>) -> Pin {
        Pin {
            size: Some(size),
            // A weak tag promises equal meaning, not equal bytes, and never matches a condition.
            tag: tag.filter(|tag| !tag.starts_with("W/")).map(str::to_owned),
        }
    }
}

impl Store {
    /// A sequential reader over a listed object, in bounded memory. It keeps to the content that was listed: when the
    /// object is replaced meanwhile, reading fails with [`StoreError::Changed`] (inside the [`std::io::Error`]).
    pub fn reader_of(&self, entry: &ObjectEntry) -> Box<dyn Read + Send> {
        let pin = Pin::of(entry.size, entry.tag.as_deref());
        Box::new(self.range_reader(&entry.path, entry.size, pin))
    }

    /// A sequential reader over an object of `size` bytes, in bounded memory; it keeps to the content that its first
    /// request finds, like [`Store::reader_of`].
    pub fn reader(&self, path: &str, size: u64) -> Box<dyn Read + Send> {
        Box::new(self.range_reader(path, size, Pin::of(size, None)))
    }

    fn range_reader(&self, path: &str, size: u64, pin: Pin) -> RangeReader {
        RangeReader {
            store: self.clone(),
            path: path.to_owned(),
            size,
            pin,
            next: 0,
            chunk: Bytes::new(),
            ahead: None,
        }
    }

    /// One ranged request: exactly the bytes asked for, cut at the object's end, of the content that `pin` means.
    pub(super) async fn fetch(
        &self,
        path: &str,
        range: Range<u64>,
        pin: &mut Pin,
    ) -> Result<Bytes, StoreError> {
        let options = GetOptions {
            range: Some(GetRange::Bounded(range.clone())),
            if_match: pin.tag.clone(),
            ..GetOptions::default()
        };
        let failed = |source| self.failed(path, source);
        let answer = self
            .inner()
            .get_opts(&location(path), options)
            .await
            .map_err(failed)?;
        let (size, tag) = (answer.meta.size, answer.meta.e_tag.clone());
        if pin.size.is_some_and(|expected| expected != size) {
            return Err(self.changed(path));
        }
        if pin.size.is_none() || pin.tag.is_none() {
            *pin = Pin::of(size, tag.as_deref());
        }
        let bytes = answer.bytes().await.map_err(failed)?;
        let expected = range.end.min(size).saturating_sub(range.start);
        if bytes.len() as u64 != expected {
            // A connection that ends early must not look like the end of the object.
            return Err(self.cut_short(path, expected, bytes.len() as u64));
        }
        Ok(bytes)
    }

    /// The whole object, request by request, handed to `sink` in order. Returns its size.
    pub(super) async fn fetch_all(
        &self,
        path: &str,
        mut sink: impl FnMut(Bytes) -> Result<(), StoreError>,
    ) -> Result<u64, StoreError> {
        let mut pin = Pin::default();
        let first = match self.fetch(path, 0..READ_CHUNK, &mut pin).await {
            // No store has a range in an empty object.
            Err(error @ StoreError::Failed { .. }) => match self.head(path).await {
                Ok(meta) if meta.size == 0 => return Ok(0),
                _ => return Err(error),
            },
            other => other?,
        };
        let size = pin.size.unwrap_or_default();
        let mut next = first.len() as u64;
        sink(first)?;
        while next < size {
            let end = size.min(next + READ_CHUNK);
            sink(self.fetch(path, next..end, &mut pin).await?)?;
            next = end;
        }
        Ok(size)
    }

    pub(super) async fn head(&self, path: &str) -> Result<ObjectMeta, StoreError> {
        let options = GetOptions {
            head: true,
            ..GetOptions::default()
        };
        self.inner()
            .get_opts(&location(path), options)
            .await
            .map(|answer| answer.meta)
            .map_err(|source| self.failed(path, source))
    }
}

/// Reads an object front to back by ranged requests. The next piece is fetched while the last is used.
struct RangeReader {
    store: Store,
    path: String,
    size: u64,
    pin: Pin,
    /// Offset of the first byte that is not in `chunk` or before it.
    next: u64,
    chunk: Bytes,
    /// The piece that begins at `next`.
    ahead: Option<JoinHandle<Result<(Bytes, Pin), StoreError>>>,
}

impl RangeReader {
    /// Starts to fetch the next piece, if there is one.
    fn fetch_ahead(&mut self) {
        if self.next >= self.size {
            return;
        }
        let range = self.next..self.size.min(self.next + READ_CHUNK);
        let (store, path, mut pin) = (self.store.clone(), self.path.clone(), self.pin.clone());
        let fetched = async move {
            let bytes = store.fetch(&path, range, &mut pin).await?;
            Ok((bytes, pin))
        };
        self.ahead = Some(self.store.runtime().spawn(fetched));
    }
}

impl Read for RangeReader {
    fn read(&mut self, target: &mut [u8]) -> std::io::Result<usize> {
        if self.chunk.is_empty() {
            if self.ahead.is_none() {
                self.fetch_ahead();
            }
            if let Some(ahead) = self.ahead.take() {
                let fetched = self.store.runtime().block_on(ahead);
                (self.chunk, self.pin) = fetched?.map_err(std::io::Error::other)?;
                self.next += self.chunk.len() as u64;
                self.fetch_ahead();
            }
        }
        let count = self.chunk.len().min(target.len());
        let head = self.chunk.split_to(count);
        if let Some(slot) = target.get_mut(..count) {
            slot.copy_from_slice(&head);
        }
        Ok(count)
    }
}

impl Drop for RangeReader {
    fn drop(&mut self) {
        if let Some(ahead) = &self.ahead {
            ahead.abort();
        }
    }
}
