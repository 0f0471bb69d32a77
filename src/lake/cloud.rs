//! Places in cloud stores: what a URL names, and whether the store lets us in.

use std::sync::Arc;
use std::time::Duration;

use object_store::list::{PaginatedListOptions, PaginatedListStore};
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{Error, ObjectStore};
use tokio::runtime::Runtime;
use url::Url;

use super::error::StoreError;
use super::location::{WhenMissing, refuse};

/// How long opening waits for a store that has credentials.
const OPEN_TIMEOUT: Duration = Duration::from_secs(30);
/// How long opening waits when no credentials are configured and those of the machine are tried.
const OPEN_TIMEOUT_WITHOUT_CREDENTIALS: Duration = Duration::from_secs(8);

/// A cloud store: its variables, and what a person must do when it does not open.
pub(super) struct Cloud {
    name: &'static str,
    timeout_variable: &'static str,
    credentials: &'static [&'static str],
    hint: &'static str,
}

pub(super) const S3: Cloud = Cloud {
    name: "S3",
    timeout_variable: "AWS_TIMEOUT",
    credentials: &[
        "AWS_ACCESS_KEY_ID",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "AWS_SKIP_SIGNATURE",
    ],
    hint: "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (or give the machine a role) and AWS_REGION; \
           for a store that is not Amazon's also AWS_ENDPOINT_URL, and AWS_ALLOW_HTTP=true when it speaks plain http",
};

pub(super) const GOOGLE: Cloud = Cloud {
    name: "Google Cloud Storage",
    timeout_variable: "GOOGLE_TIMEOUT",
    credentials: &[
        "SERVICE_ACCOUNT",
        "GOOGLE_SERVICE_ACCOUNT",
        "GOOGLE_SERVICE_ACCOUNT_PATH",
        "GOOGLE_SERVICE_ACCOUNT_KEY",
        "GOOGLE_APPLICATION_CREDENTIALS",
        "GOOGLE_SKIP_SIGNATURE",
    ],
    hint: "set GOOGLE_APPLICATION_CREDENTIALS or GOOGLE_SERVICE_ACCOUNT to a key file, or give the machine a service account",
};

pub(super) const AZURE: Cloud = Cloud {
    name: "Azure Blob Storage",
    timeout_variable: "AZURE_TIMEOUT",
    credentials: &[
        "AZURE_STORAGE_ACCOUNT_KEY",
        "AZURE_STORAGE_ACCESS_KEY",
        "AZURE_STORAGE_SAS_KEY",
        "AZURE_STORAGE_SAS_TOKEN",
        "AZURE_STORAGE_TOKEN",
        "AZURE_CLIENT_SECRET",
        "AZURE_STORAGE_CLIENT_SECRET",
        "AZURE_FEDERATED_TOKEN_FILE",
        "AZURE_SKIP_SIGNATURE",
        "AZURE_STORAGE_USE_EMULATOR",
    ],
    hint: "set AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY (or a SAS token, or a client id and secret)",
};

impl Cloud {
    fn has_credentials(&self) -> bool {
        self.credentials
            .iter()
            .any(|name| std::env::var_os(name).is_some())
    }

    pub(super) fn sets_no_timeout(&self) -> bool {
        std::env::var_os(self.timeout_variable).is_none()
    }
}

/// Where in a cloud store the objects lie.
pub(super) struct CloudPlace {
    /// The location as it may stand in a message.
    pub shown: String,
    /// Bucket or container.
    pub bucket: String,
    prefix: Path,
    /// The normal form, ending in `/`.
    pub url: Url,
}

impl CloudPlace {
    pub(super) fn parse(url: &Url, shown: String) -> Result<CloudPlace, StoreError> {
        let user_given = !url.username().is_empty() || url.password().is_some();
        if user_given || url.port().is_some() {
            let reason = "credentials and endpoints are not given in the URL but in the store's environment variables";
            return Err(refuse(&shown, reason));
        }
        if url.query().is_some() || url.fragment().is_some() {
            let reason = "`?` and `#` end a URL's path; write them as %3F and %23";
            return Err(refuse(&shown, reason));
        }
        let bucket = url
            .host_str()
            .filter(|host| !host.is_empty())
            .ok_or_else(|| refuse(&shown, "no bucket is named; write scheme://bucket/prefix"))?
            .to_owned();
        let prefix = Path::from_url_path(url.path())
            .map_err(|error| refuse(&shown, &format!("the prefix cannot be used: {error}")))?;
        let mut normal = url.clone();
        if let Ok(mut segments) = normal.path_segments_mut() {
            segments.clear();
            segments.extend(prefix.parts().map(|part| part.as_ref().to_owned()));
            segments.push("");
        }
        Ok(CloudPlace {
            shown,
            bucket,
            prefix,
            url: normal,
        })
    }

    pub(super) fn below_prefix<T: ObjectStore>(&self, store: T) -> Arc<dyn ObjectStore> {
        if self.prefix.is_root() {
            return Arc::new(store);
        }
        Arc::new(PrefixStore::new(store, self.prefix.clone()))
    }

    pub(super) fn unusable(&self, cloud: &Cloud, error: &Error) -> StoreError {
        refuse(&self.shown, &format!("{error}; {}", cloud.hint))
    }

    /// Asks for one object, so that a wrong name or missing access is told at once and not in the middle of a night.
    pub(super) fn probe<T: PaginatedListStore>(
        &self,
        runtime: &Runtime,
        cloud: &Cloud,
        store: &T,
        missing: WhenMissing,
    ) -> Result<(), StoreError> {
        let prefix = (!self.prefix.is_root()).then(|| format!("{}/", self.prefix));
        let options = PaginatedListOptions {
            max_keys: Some(1),
            ..PaginatedListOptions::default()
        };
        let has_credentials = cloud.has_credentials();
        let patience = if has_credentials {
            OPEN_TIMEOUT
        } else {
            OPEN_TIMEOUT_WITHOUT_CREDENTIALS
        };
        let answer = runtime.block_on(async {
            tokio::time::timeout(patience, store.list_paginated(prefix.as_deref(), options)).await
        });
        let said = match answer {
            Ok(Ok(page)) if page.result.objects.is_empty() && missing == WhenMissing::Refuse => {
                let reason = "there is no object below it; correct the prefix, or put the first object there";
                return Err(refuse(&self.shown, reason));
            }
            Ok(Ok(_)) => return Ok(()),
            Ok(Err(error)) => error.to_string(),
            Err(_) => format!("no answer in {} seconds", patience.as_secs()),
        };
        let (hint, detail) = (cloud.hint, in_short(&said));
        let reason = match Refusal::of(&said) {
            // The listing itself was not tried: there was nothing to sign it with.
            _ if !has_credentials && !said.contains("list request") => {
                format!("no credentials; {hint}: {detail}")
            }
            Some(Refusal::Missing) => format!("{} has no `{}`: {detail}", cloud.name, self.bucket),
            Some(Refusal::Access) => format!(
                "access is refused; the credentials must be right, and allow to list, read and write: {detail}"
            ),
            Some(Refusal::Other) => format!("{detail}; {hint}"),
            None => {
                return Err(StoreError::Unreachable {
                    location: self.shown.clone(),
                    reason: format!("{detail}; if it stays so, {hint}"),
                });
            }
        };
        Err(refuse(&self.shown, &reason))
    }
}

/// An answer that another try does not change.
#[derive(Debug, PartialEq, Eq)]
enum Refusal {
    Missing,
    Access,
    Other,
}

impl Refusal {
    /// Of a failed listing the library keeps the status only in its words.
    fn of(said: &str) -> Option<Refusal> {
        if let Some((_, status)) = said.split_once("status code: ") {
            return match status.get(..3)? {
                "404" => Some(Refusal::Missing),
                "401" | "403" => Some(Refusal::Access),
                "408" | "429" => None,
                status if status.starts_with(['3', '4']) => Some(Refusal::Other),
                _ => None,
            };
        }
        // A redirect without an address means the wrong region; a request that cannot be built, http without leave.
        ["Received redirect", "builder error"]
            .iter()
            .any(|words| said.contains(words))
            .then_some(Refusal::Other)
    }
}

/// One line of an error: of an XML body, its message.
fn in_short(said: &str) -> String {
    let head = said
        .split("<?xml")
        .next()
        .unwrap_or(said)
        .lines()
        .next()
        .unwrap_or_default()
        .trim_end_matches([':', ' ']);
    let message = said
        .split_once("<Message>")
        .and_then(|(_, rest)| rest.split_once("</Message>"));
    match message {
        Some((message, _)) => format!("{head}: {message}"),
        None => head.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_read_as_a_url() {
        let parse = |text: &str| CloudPlace::parse(&Url::parse(text).unwrap(), String::new());
        let place = parse("s3://bucket//").err();
        assert!(place.is_some());
        let place = parse("s3://Bucket_1/%E5%8E%9F%E5%A7%8B/a b").unwrap();
        assert_eq!(place.bucket, "Bucket_1");
        assert_eq!(place.prefix.as_ref(), "原始/a b");
        assert_eq!(
            place.url.as_str(),
            "s3://Bucket_1/%E5%8E%9F%E5%A7%8B/a%20b/"
        );
        let root = parse("gs://bucket").unwrap();
        assert!(root.prefix.is_root());
        assert_eq!(root.url.as_str(), "gs://bucket/");
    }

    #[test]
    fn refusals_are_told_from_failures() {
        let status = |status: &str| Refusal::of(&format!("returned non-2xx status code: {status}"));
        assert_eq!(status("404 Not Found: <?xml"), Some(Refusal::Missing));
        assert_eq!(status("403 Forbidden"), Some(Refusal::Access));
        assert_eq!(status("400 Bad Request"), Some(Refusal::Other));
        assert_eq!(status("503 Slow Down"), None);
        assert_eq!(status("429 Too Many Requests"), None);
        assert_eq!(Refusal::of("HTTP error: error sending request"), None);
        let body = "status code: 404 Not Found: <?xml version=\"1.0\"?>\n<Error><Message>No such bucket</Message></Error>";
        assert_eq!(in_short(body), "status code: 404 Not Found: No such bucket");
    }
}
