//! What can go wrong at a storage root.

/// What went wrong at a storage root; variants tell the caller what can be done.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The location is neither a folder nor a URL that can be opened as it is configured; another try does not help.
    #[error("cannot open storage `{location}`: {reason}")]
    Location {
        /// The location as configured, without any password.
        location: String,
        /// Why it cannot be used, and what to do.
        reason: String,
    },
    /// The store behind the location does not answer, or answers that it is in trouble; worth another try.
    #[error("storage `{location}` cannot be reached: {reason}")]
    Unreachable {
        /// The location as configured, without any password.
        location: String,
        /// What happened, and what to look at if it stays so.
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
    /// The object was replaced while it was read; the next run finds the new one.
    #[error("object `{path}` under {root} changed while it was read")]
    Changed {
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
