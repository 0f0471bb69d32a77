//! Writing large objects in parts.

use std::fs::File;
use std::io::Read;
use std::path::Path as FilePath;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use object_store::{MultipartUpload, ObjectStoreExt, UploadPart};

use super::error::StoreError;
use super::store::{Store, location};

/// Bytes of one part; a smaller file goes in one request. Stores ask for at least 5 MiB.
const PART: u64 = 8 * 1024 * 1024;
/// Parts under way at the same time.
const AT_ONCE: usize = 4;

fn local(source: std::io::Error) -> StoreError {
    StoreError::Local {
        context: "reading a scratch file".to_owned(),
        source,
    }
}

fn next_part(source: &mut File) -> Result<Vec<u8>, StoreError> {
    let mut part = Vec::new();
    source.take(PART).read_to_end(&mut part).map_err(local)?;
    Ok(part)
}

impl Store {
    /// Writes a local file as an object, a large one in parts and bounded memory; it appears whole or not at all.
    ///
    /// # Errors
    /// [`StoreError::Local`] when the file cannot be read, [`StoreError::Failed`] when the store refuses.
    pub fn write_file(&self, path: &str, file: &FilePath) -> Result<(), StoreError> {
        let mut source = File::open(file).map_err(local)?;
        if source.metadata().map_err(local)?.len() <= PART {
            return self.write(path, next_part(&mut source)?);
        }
        self.runtime().block_on(async {
            let mut upload = self
                .inner()
                .put_multipart(&location(path))
                .await
                .map_err(|error| self.failed(path, error))?;
            let sent = self.send_parts(path, &mut source, upload.as_mut()).await;
            if sent.is_err() {
                // Parts of an upload that is never finished are kept and paid for. Should this fail too, the first
                // error is the one to tell.
                let _ = upload.abort().await;
            }
            sent
        })
    }

    async fn send_parts(
        &self,
        path: &str,
        source: &mut File,
        upload: &mut dyn MultipartUpload,
    ) -> Result<(), StoreError> {
        let failed = |error: object_store::Error| self.failed(path, error);
        let mut under_way: FuturesUnordered<UploadPart> = FuturesUnordered::new();
        loop {
            let part = next_part(source)?;
            if part.is_empty() {
                break;
            }
            if under_way.len() >= AT_ONCE
                && let Some(sent) = under_way.next().await
            {
                sent.map_err(failed)?;
            }
            under_way.push(upload.put_part(part.into()));
        }
        while let Some(sent) = under_way.next().await {
            sent.map_err(failed)?;
        }
        upload.complete().await.map(|_| ()).map_err(failed)
    }
}
