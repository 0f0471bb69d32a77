//! A store that fails on purpose.
//!
//! [`FaultyStore`] wraps any object store and spoils operations by a seeded plan, so that a test can ask of every
//! moment of a night: what if storage fails here, answers late, loses its answer, or the process dies? The same seed
//! spoils the same operations (by their order of arrival).

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::{self, BoxStream};
use futures::{FutureExt, StreamExt, TryStreamExt};
use object_store::path::Path;
use object_store::{
    CopyOptions, GetOptions, GetResult, GetResultPayload, ListResult, MultipartUpload, ObjectMeta,
    ObjectStore, PutMode, PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
    UploadPart,
};

use super::fault_plan::{FaultPlan, Kind, OperationCounts, State};

/// An object store that spoils operations of another by a [`FaultPlan`].
#[derive(Debug, Clone)]
pub struct FaultyStore {
    inner: Arc<dyn ObjectStore>,
    state: Arc<State>,
}

impl FaultyStore {
    /// Wraps `inner`.
    pub fn new(inner: Arc<dyn ObjectStore>, plan: FaultPlan) -> FaultyStore {
        FaultyStore {
            inner,
            state: Arc::new(State::new(plan)),
        }
    }

    /// Operations so far; clones of this store count together.
    pub fn counts(&self) -> OperationCounts {
        self.state.counts()
    }

    fn listing(
        &self,
        metas: impl FnOnce(&dyn ObjectStore) -> BoxStream<'static, Result<ObjectMeta>> + Send + 'static,
    ) -> BoxStream<'static, Result<ObjectMeta>> {
        let (inner, state) = (Arc::clone(&self.inner), Arc::clone(&self.state));
        async move {
            let fate = state.arrive(Kind::List).await;
            if let Some(what) = fate.failure {
                return stream::iter([Err(fate.error(what))]).boxed();
            }
            let forgotten = state.forgotten(fate.operation);
            metas(inner.as_ref())
                .try_filter(move |meta| futures::future::ready(!forgotten.contains(&meta.location)))
                .boxed()
        }
        .into_stream()
        .flatten()
        .boxed()
    }
}

impl fmt::Display for FaultyStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "FaultyStore({})", self.inner)
    }
}

#[async_trait]
impl ObjectStore for FaultyStore {
    async fn put_opts(
        &self,
        path: &Path,
        payload: PutPayload,
        options: PutOptions,
    ) -> Result<PutResult> {
        let kind = match options.mode {
            PutMode::Overwrite => Kind::Write,
            PutMode::Create | PutMode::Update(_) => Kind::Create,
        };
        let fate = self.state.arrive(kind).await;
        fate.before()?;
        let result = self.inner.put_opts(path, payload, options).await;
        if result.is_ok() {
            self.state.remember(fate.operation, path);
        }
        fate.after(result)
    }

    async fn put_multipart_opts(
        &self,
        path: &Path,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        let fate = self.state.arrive(Kind::Upload).await;
        fate.before()?;
        let upload = self.inner.put_multipart_opts(path, options).await;
        let upload = fate.after(upload)?;
        Ok(Box::new(FaultyUpload {
            upload,
            path: path.clone(),
            state: Arc::clone(&self.state),
        }))
    }

    async fn get_opts(&self, path: &Path, options: GetOptions) -> Result<GetResult> {
        let has_body = !options.head;
        let fate = self.state.arrive(Kind::Read).await;
        if let Some(what) = fate.failure {
            return Err(fate.error(what));
        }
        let mut answer = self.inner.get_opts(path, options).await?;
        if has_body
            && self
                .state
                .happens(fate.operation, 5, self.state.plan.truncate)
        {
            let (meta, range, attributes) = (
                answer.meta.clone(),
                answer.range.clone(),
                answer.attributes.clone(),
            );
            let whole = answer.bytes().await?;
            let cut = whole.slice(..whole.len() / 2);
            answer = GetResult {
                payload: GetResultPayload::Stream(stream::iter([Ok(cut)]).boxed()),
                meta,
                range,
                attributes,
            };
        }
        Ok(answer)
    }

    async fn get_ranges(&self, path: &Path, ranges: &[Range<u64>]) -> Result<Vec<Bytes>> {
        let fate = self.state.arrive(Kind::Read).await;
        match fate.failure {
            Some(what) => Err(fate.error(what)),
            None => self.inner.get_ranges(path, ranges).await,
        }
    }

    fn delete_stream(
        &self,
        paths: BoxStream<'static, Result<Path>>,
    ) -> BoxStream<'static, Result<Path>> {
        let (inner, state) = (Arc::clone(&self.inner), Arc::clone(&self.state));
        paths
            .then(move |path| {
                let (inner, state) = (Arc::clone(&inner), Arc::clone(&state));
                async move {
                    let path = path?;
                    let fate = state.arrive(Kind::Other).await;
                    fate.before()?;
                    let one = stream::iter([Ok(path.clone())]).boxed();
                    let deleted: Result<Vec<Path>> = inner.delete_stream(one).try_collect().await;
                    fate.after(deleted.map(|_| path))
                }
            })
            .boxed()
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        let prefix = prefix.cloned();
        self.listing(move |inner| inner.list(prefix.as_ref()))
    }

    fn list_with_offset(
        &self,
        prefix: Option<&Path>,
        offset: &Path,
    ) -> BoxStream<'static, Result<ObjectMeta>> {
        let (prefix, offset) = (prefix.cloned(), offset.clone());
        self.listing(move |inner| inner.list_with_offset(prefix.as_ref(), &offset))
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        let fate = self.state.arrive(Kind::List).await;
        if let Some(what) = fate.failure {
            return Err(fate.error(what));
        }
        let forgotten = self.state.forgotten(fate.operation);
        let mut found = self.inner.list_with_delimiter(prefix).await?;
        found
            .objects
            .retain(|meta| !forgotten.contains(&meta.location));
        Ok(found)
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        let fate = self.state.arrive(Kind::Other).await;
        fate.before()?;
        fate.after(self.inner.copy_opts(from, to, options).await)
    }
}

/// An upload in parts whose steps are spoiled too.
#[derive(Debug)]
struct FaultyUpload {
    upload: Box<dyn MultipartUpload>,
    path: Path,
    state: Arc<State>,
}

#[async_trait]
impl MultipartUpload for FaultyUpload {
    fn put_part(&mut self, data: PutPayload) -> UploadPart {
        let state = Arc::clone(&self.state);
        let part = self.upload.put_part(data);
        async move {
            let fate = state.arrive(Kind::Upload).await;
            fate.before()?;
            fate.after(part.await)
        }
        .boxed()
    }

    async fn complete(&mut self) -> Result<PutResult> {
        let fate = self.state.arrive(Kind::Upload).await;
        fate.before()?;
        let result = self.upload.complete().await;
        if result.is_ok() {
            self.state.remember(fate.operation, &self.path);
        }
        fate.after(result)
    }

    async fn abort(&mut self) -> Result<()> {
        let fate = self.state.arrive(Kind::Upload).await;
        fate.before()?;
        fate.after(self.upload.abort().await)
    }
}
