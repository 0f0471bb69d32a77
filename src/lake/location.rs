//! From a configured location to an object store.
//!
//! A location is a folder or a URL: `file://`, `s3://bucket/prefix`, `gs://bucket/prefix`, `az://container/prefix`.
//! Credentials and endpoints come from each store's usual environment variables and from nowhere else.

use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::azure::{AzureConfigKey, MicrosoftAzureBuilder};
use object_store::gcp::{GoogleCloudStorageBuilder, GoogleConfigKey};
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::{BackoffConfig, ClientConfigKey, ObjectStore, RetryConfig};
use tokio::runtime::Runtime;
use url::Url;

use super::cloud::{AZURE, CloudPlace, GOOGLE, S3};
use super::error::StoreError;

/// What becomes of a root where there is nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhenMissing {
    /// A folder is made; an empty prefix is fine.
    Make,
    /// It is an error.
    Refuse,
    /// It is read as empty, and nothing is made: what is written is forgotten.
    Empty,
}

/// How long a whole request may take, its body included; `AWS_TIMEOUT` and its like override it.
const REQUEST_TIMEOUT: &str = "120 seconds";
/// An opened location.
pub(super) struct Location {
    /// The objects, with paths below the location.
    pub inner: Arc<dyn ObjectStore>,
    /// The location as a URL that ends in `/`.
    pub url: Url,
    /// The folder, when it is a local one.
    pub folder: Option<PathBuf>,
}

/// Requests are repeated when the server fails (5xx, 429, 408) or the connection does, with growing waits: at most
/// five times and not beyond a minute. A refusal — 403, 404, 412 — is an answer and is never asked for again.
fn retries() -> RetryConfig {
    RetryConfig {
        backoff: BackoffConfig {
            init_backoff: Duration::from_millis(100),
            max_backoff: Duration::from_secs(10),
            base: 2.0,
        },
        max_retries: 5,
        retry_timeout: Duration::from_secs(60),
    }
}

/// Opens `location`; relative folders stand below `base`, and with `create` a missing folder is made.
pub(super) fn open(
    runtime: &Runtime,
    location: &str,
    base: &FilePath,
    missing: WhenMissing,
) -> Result<Location, StoreError> {
    let url = match Url::parse(location) {
        Ok(url) if url.scheme() == "file" || location.contains("://") => url,
        _ if location.contains("://") => {
            // What cannot be parsed may hold a password anywhere.
            let scheme = location.split("://").next().unwrap_or_default();
            return Err(refuse(&format!("{scheme}://…"), "not a URL"));
        }
        _ => return open_folder(location, &base.join(location), missing),
    };
    let shown = without_password(&url);
    if url.scheme() == "file" {
        let folder = url
            .to_file_path()
            .map_err(|()| refuse(&shown, "not a file path of this machine"))?;
        return open_folder(&shown, &folder, missing);
    }
    let place = CloudPlace::parse(&url, shown)?;
    let retry = retries();
    let inner: Arc<dyn ObjectStore> = match url.scheme() {
        "s3" => {
            let mut builder = AmazonS3Builder::from_env()
                .with_bucket_name(&place.bucket)
                .with_retry(retry);
            if S3.sets_no_timeout() {
                let key = AmazonS3ConfigKey::Client(ClientConfigKey::Timeout);
                builder = builder.with_config(key, REQUEST_TIMEOUT);
            }
            let store = builder
                .build()
                .map_err(|error| place.unusable(&S3, &error))?;
            place.probe(runtime, &S3, &store, missing)?;
            place.below_prefix(store)
        }
        "gs" => {
            let mut builder = GoogleCloudStorageBuilder::from_env()
                .with_bucket_name(&place.bucket)
                .with_retry(retry);
            if GOOGLE.sets_no_timeout() {
                let key = GoogleConfigKey::Client(ClientConfigKey::Timeout);
                builder = builder.with_config(key, REQUEST_TIMEOUT);
            }
            let store = builder
                .build()
                .map_err(|error| place.unusable(&GOOGLE, &error))?;
            place.probe(runtime, &GOOGLE, &store, missing)?;
            place.below_prefix(store)
        }
        "az" => {
            let mut builder = MicrosoftAzureBuilder::from_env()
                .with_container_name(&place.bucket)
                .with_retry(retry);
            if AZURE.sets_no_timeout() {
                let key = AzureConfigKey::Client(ClientConfigKey::Timeout);
                builder = builder.with_config(key, REQUEST_TIMEOUT);
            }
            let store = builder
                .build()
                .map_err(|error| place.unusable(&AZURE, &error))?;
            place.probe(runtime, &AZURE, &store, missing)?;
            place.below_prefix(store)
        }
        other => {
            let reason = format!(
                "scheme `{other}` is not known; use a folder, file://, s3://bucket/prefix, gs://bucket/prefix \
                 or az://container/prefix"
            );
            return Err(refuse(&place.shown, &reason));
        }
    };
    Ok(Location {
        inner,
        url: place.url,
        folder: None,
    })
}

pub(super) fn refuse(location: &str, reason: &str) -> StoreError {
    StoreError::Location {
        location: location.to_owned(),
        reason: reason.to_owned(),
    }
}

fn open_folder(
    shown: &str,
    folder: &FilePath,
    missing: WhenMissing,
) -> Result<Location, StoreError> {
    let refused = |error: std::io::Error| refuse(shown, &error.to_string());
    let url_of = |folder: &FilePath| {
        Url::from_directory_path(folder).map_err(|()| refuse(shown, "not an absolute folder"))
    };
    if !folder.exists() {
        match missing {
            WhenMissing::Make => std::fs::create_dir_all(folder).map_err(refused)?,
            WhenMissing::Refuse => {}
            WhenMissing::Empty => {
                let folder = std::path::absolute(folder).map_err(refused)?;
                return Ok(Location {
                    inner: Arc::new(InMemory::new()),
                    url: url_of(&folder)?,
                    folder: None,
                });
            }
        }
    }
    if !folder.is_dir() {
        return Err(refuse(shown, "no such folder"));
    }
    let folder = folder.canonicalize().map_err(refused)?;
    let url = url_of(&folder)?;
    let inner = LocalFileSystem::new_with_prefix(&folder)
        .map_err(|error| refuse(shown, &error.to_string()))?;
    Ok(Location {
        inner: Arc::new(inner),
        url,
        folder: Some(folder),
    })
}

/// The URL as it may stand in a message.
fn without_password(url: &Url) -> String {
    let mut shown = url.clone();
    if !shown.username().is_empty() || shown.password().is_some() {
        // These only fail for URLs that cannot carry a user at all.
        let _ = shown.set_username("***");
        let _ = shown.set_password(None);
    }
    shown.set_query(None);
    shown.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(location: &str) -> String {
        let runtime = super::super::store::start_runtime().unwrap();
        match open(&runtime, location, FilePath::new("/"), WhenMissing::Refuse) {
            Err(StoreError::Location { location, reason }) => format!("{location}: {reason}"),
            Err(error) => panic!("another error: {error}"),
            Ok(opened) => panic!("opened {}", opened.url),
        }
    }

    #[test]
    fn what_cannot_be_opened_says_what_to_do() {
        assert!(refusal("ftp://host/folder").contains("use a folder, file://"));
        assert!(refusal("s3:///prefix").contains("no bucket"));
        assert!(refusal("no/such/folder").contains("no such folder"));
        let with_key = refusal("s3://key:hidden@bucket/prefix");
        assert!(with_key.contains("environment") && !with_key.contains("hidden"));
        assert!(refusal("s3://bucket/a?b").contains("%3F"));
    }
}
