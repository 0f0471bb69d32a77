//! The one place that asks what time it is.
//!
//! Results depend on `--as-of`, never on the clock; only leases, logs, commit times and run records read it.

use chrono::{DateTime, Utc};

/// The present moment.
#[allow(clippy::disallowed_methods)]
pub fn now() -> DateTime<Utc> {
    Utc::now()
}
