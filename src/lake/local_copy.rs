//! Local files for what only reads local files.

use std::io::Write;
use std::path::PathBuf;

use futures::{StreamExt, TryStreamExt};

use super::error::StoreError;
use super::store::Store;

/// Objects fetched at the same time.
const AT_ONCE: usize = 8;

fn local(context: &str) -> impl FnOnce(std::io::Error) -> StoreError {
    let context = context.to_owned();
    move |source| StoreError::Local { context, source }
}

impl Store {
    /// A local file with the content of an immutable object: the file itself in a local folder, else a copy in a
    /// scratch folder that lives as long as this store and its clones, fetched once per process.
    ///
    /// Only for objects whose path stands for one content: a replaced object is not fetched again.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Failed`], or [`StoreError::Local`] when the scratch disk is full.
    pub fn local_copy(&self, path: &str) -> Result<PathBuf, StoreError> {
        match self.local_path(path) {
            Some(file) => Ok(file),
            None => self.runtime().block_on(self.copy_of(path)),
        }
    }

    /// Like [`Store::local_copy`] for many objects, several at a time; files in the order of `paths`.
    ///
    /// # Errors
    /// As [`Store::local_copy`]; the first failure ends it.
    pub fn local_copies(&self, paths: &[String]) -> Result<Vec<PathBuf>, StoreError> {
        let local: Option<Vec<PathBuf>> = paths.iter().map(|path| self.local_path(path)).collect();
        if let Some(files) = local {
            return Ok(files);
        }
        let copies = futures::stream::iter(paths.iter().map(|path| self.copy_of(path)));
        self.runtime()
            .block_on(copies.buffered(AT_ONCE).try_collect())
    }

    async fn copy_of(&self, path: &str) -> Result<PathBuf, StoreError> {
        let target = self.copies_folder()?.join(path);
        if target.is_file() {
            return Ok(target);
        }
        let folder = target.parent().unwrap_or(&target);
        std::fs::create_dir_all(folder).map_err(local("making a scratch folder"))?;
        // Under a name of its own until it is whole: another thread may fetch the same object, and a killed process
        // must not leave half a file under the right name.
        let mut file =
            tempfile::NamedTempFile::new_in(folder).map_err(local("making a scratch file"))?;
        let mut written = 0;
        let size = self
            .fetch_all(path, |bytes| {
                written += bytes.len() as u64;
                file.write_all(&bytes)
                    .map_err(local("writing a scratch file"))
            })
            .await?;
        if written != size {
            return Err(self.cut_short(path, size, written));
        }
        file.persist(&target)
            .map_err(|error| local("naming a scratch file")(error.error))?;
        Ok(target)
    }
}
