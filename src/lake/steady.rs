//! What the program relies on, whatever store is below.
//!
//! **A sure answer to "create only if nobody has".** A request can succeed and its answer be lost. The store's client
//! then asks again and hears "already there", or gives up with an error — though the object is ours. Leases, releases
//! and Delta commits hang on that answer, so [`SteadyStore`] looks before it says no: if the object holds exactly the
//! bytes that were to be written, this call made it. That is right only where no two callers write equal bytes to one
//! path and both must not win. Delta commits carry their moment, files named by content are equal on purpose; leases and
//! pointers carry something of their own attempt.
//!
//! **Listings in order of names.** A folder lists in any order, and the Delta library believes that stores do not.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use futures::stream::{self, BoxStream};
use futures::{StreamExt, TryFutureExt, TryStreamExt};
use object_store::path::Path;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta,
    ObjectStore, ObjectStoreExt, PutMode, PutMultipartOptions, PutOptions, PutPayload, PutResult,
    RenameOptions, Result,
};

/// Tries of a create that was refused although nothing was there (another write was in flight).
const TRIES: u32 = 3;

/// Wraps a store: [`PutMode::Create`] tells for sure whether this call made the object, and listings come in order.
#[derive(Debug, Clone)]
pub(super) struct SteadyStore {
    inner: Arc<dyn ObjectStore>,
}

/// What stands where an object was to be created.
enum Found {
    Ours(PutResult),
    Other,
    Nothing,
}

impl SteadyStore {
    pub(super) fn new(inner: Arc<dyn ObjectStore>) -> SteadyStore {
        SteadyStore { inner }
    }

    async fn look(&self, path: &Path, payload: &PutPayload) -> Result<Found> {
        let answer = match self.inner.get(path).await {
            Ok(answer) => answer,
            Err(Error::NotFound { .. }) => return Ok(Found::Nothing),
            Err(error) => return Err(error),
        };
        let meta = answer.meta.clone();
        // Another's object may be large; its size tells enough.
        if meta.size != payload.content_length() as u64 {
            return Ok(Found::Other);
        }
        let there = answer.bytes().await?;
        let mut rest: &[u8] = &there;
        for part in payload.iter() {
            match rest.strip_prefix(part.as_ref()) {
                Some(after) => rest = after,
                None => return Ok(Found::Other),
            }
        }
        if !rest.is_empty() {
            return Ok(Found::Other);
        }
        Ok(Found::Ours(PutResult {
            e_tag: meta.e_tag,
            version: meta.version,
        }))
    }

    async fn create(
        &self,
        path: &Path,
        payload: PutPayload,
        options: PutOptions,
    ) -> Result<PutResult> {
        let mut tries = 1;
        loop {
            let error = match self
                .inner
                .put_opts(path, payload.clone(), options.clone())
                .await
            {
                Ok(result) => return Ok(result),
                Err(error) => error,
            };
            match error {
                Error::AlreadyExists { .. } => match self.look(path, &payload).await? {
                    Found::Ours(result) => return Ok(result),
                    Found::Other => return Err(error),
                    // A store may refuse both of two racing writes, or the other object was deleted since.
                    Found::Nothing if tries < TRIES => tries += 1,
                    Found::Nothing => {
                        return Err(Error::Generic {
                            store: "create",
                            source: Box::new(error),
                        });
                    }
                },
                Error::Generic { .. } => match self.look(path, &payload).await {
                    Ok(Found::Ours(result)) => return Ok(result),
                    Ok(Found::Other) => {
                        return Err(Error::AlreadyExists {
                            path: path.to_string(),
                            source: Box::new(error),
                        });
                    }
                    // Nothing is known for sure: the first error stands.
                    Ok(Found::Nothing) | Err(_) => return Err(error),
                },
                refused => return Err(refused),
            }
        }
    }
}

fn ordered(
    listing: BoxStream<'static, Result<ObjectMeta>>,
) -> BoxStream<'static, Result<ObjectMeta>> {
    let all = listing.try_collect::<Vec<ObjectMeta>>();
    let sorted = all.map_ok(|mut metas| {
        metas.sort_unstable_by(|left, right| left.location.cmp(&right.location));
        stream::iter(metas.into_iter().map(Ok))
    });
    sorted.try_flatten_stream().boxed()
}

impl fmt::Display for SteadyStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.inner)
    }
}

#[async_trait]
impl ObjectStore for SteadyStore {
    async fn put_opts(
        &self,
        path: &Path,
        payload: PutPayload,
        options: PutOptions,
    ) -> Result<PutResult> {
        match options.mode {
            PutMode::Create => self.create(path, payload, options).await,
            PutMode::Overwrite | PutMode::Update(_) => {
                self.inner.put_opts(path, payload, options).await
            }
        }
    }

    async fn put_multipart_opts(
        &self,
        path: &Path,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        self.inner.put_multipart_opts(path, options).await
    }

    async fn get_opts(&self, path: &Path, options: GetOptions) -> Result<GetResult> {
        self.inner.get_opts(path, options).await
    }

    fn delete_stream(
        &self,
        paths: BoxStream<'static, Result<Path>>,
    ) -> BoxStream<'static, Result<Path>> {
        self.inner.delete_stream(paths)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        ordered(self.inner.list(prefix))
    }

    fn list_with_offset(
        &self,
        prefix: Option<&Path>,
        offset: &Path,
    ) -> BoxStream<'static, Result<ObjectMeta>> {
        ordered(self.inner.list_with_offset(prefix, offset))
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.inner.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.inner.copy_opts(from, to, options).await
    }

    async fn rename_opts(&self, from: &Path, to: &Path, options: RenameOptions) -> Result<()> {
        self.inner.rename_opts(from, to, options).await
    }
}
