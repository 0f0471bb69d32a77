//! One run at a time: a lease in the lake, with expiry.
//!
//! Leases are numbered objects. A new one is created only if nobody has created that number, so of two runs that find
//! the last lease free just one gets the next. The holder renews its own object; a holder that shows no sign of life
//! for the lease time, or whose process on this machine is gone, has lost it.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::RunError;
use crate::clock;
use crate::lake::Store;

const FOLDER: &str = "system/lease";
const RENEW_EVERY: Duration = Duration::from_secs(20);

#[derive(Debug, Clone, Serialize, Deserialize)]
struct LeaseForm {
    host: String,
    process: u32,
    /// Start time of the process in clock ticks since boot: tells a later process with the same number apart.
    process_start: String,
    expires: DateTime<Utc>,
    released: bool,
    /// Tells attempts apart, also those of one moment: a create whose answer was lost is recognised by its bytes.
    #[serde(default)]
    attempt: u64,
}

/// A held lease; dropping it releases it.
pub struct Lease {
    store: Store,
    number: u64,
    form: LeaseForm,
    stop: Arc<AtomicBool>,
    renewer: Option<JoinHandle<()>>,
}

fn host() -> String {
    std::fs::read_to_string("/proc/sys/kernel/hostname")
        .map(|name| name.trim().to_owned())
        .unwrap_or_else(|_| "unknown host".to_owned())
}

fn process_start(process: u32) -> Option<String> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The second field, the name, may hold spaces and ends with the last parenthesis; start time is field 22.
    let (_, rest) = stat.rsplit_once(')')?;
    rest.split_whitespace().nth(19).map(str::to_owned)
}

impl LeaseForm {
    fn is_free(&self, now: DateTime<Utc>) -> bool {
        let holder_is_gone = self.host == host()
            && !self.process_start.is_empty()
            && process_start(self.process).as_deref() != Some(self.process_start.as_str());
        self.released || self.expires <= now || holder_is_gone
    }
}

impl Lease {
    /// Takes the lease of a lake for `minutes` from its last renewal.
    ///
    /// # Errors
    /// [`RunError::Locked`] while another run holds it.
    pub fn acquire(store: &Store, minutes: u32) -> Result<Lease, RunError> {
        let term = TimeDelta::minutes(i64::from(minutes.max(1)));
        let last = store.list(FOLDER)?.pop();
        let mut number = 1;
        if let Some(entry) = last {
            let form: Option<LeaseForm> = serde_json::from_slice(&store.read(&entry.path)?).ok();
            number = number_of(&entry.path) + 1;
            if let Some(form) = form.filter(|form| !form.is_free(clock::now())) {
                return Err(RunError::Locked {
                    holder: format!("process {} on {}", form.process, form.host),
                    until: form.expires.to_rfc3339(),
                });
            }
        }
        let process = std::process::id();
        let form = LeaseForm {
            host: host(),
            process,
            process_start: process_start(process).unwrap_or_default(),
            expires: clock::now() + term,
            released: false,
            attempt: RandomState::new().hash_one(process),
        };
        if !store.create(&path_of(number), json(&form))? {
            return Err(RunError::Locked {
                holder: "a run that started at the same moment".to_owned(),
                until: form.expires.to_rfc3339(),
            });
        }
        let stop = Arc::new(AtomicBool::new(false));
        let renewer = renew(store.clone(), number, form.clone(), term, Arc::clone(&stop));
        Ok(Lease {
            store: store.clone(),
            number,
            form,
            stop,
            renewer,
        })
    }

    /// Whether nobody has taken the lease over; asked before anything becomes visible.
    ///
    /// # Errors
    /// [`RunError::Locked`] when another run has taken it over, or when storage fails.
    pub fn check(&self) -> Result<(), RunError> {
        let last = self
            .store
            .list(FOLDER)?
            .pop()
            .map_or(0, |entry| number_of(&entry.path));
        if last == self.number {
            return Ok(());
        }
        Err(RunError::Locked {
            holder: "a later run, which took over the expired lease of this one".to_owned(),
            until: "its end".to_owned(),
        })
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(renewer) = self.renewer.take() {
            renewer.thread().unpark();
            // A renewer that panicked has nothing more to say.
            let _ = renewer.join();
        }
        let released = LeaseForm {
            released: true,
            ..self.form.clone()
        };
        if let Err(error) = self.store.write(&path_of(self.number), json(&released)) {
            tracing::warn!(%error, "the lease could not be released; it will expire");
        }
        // Old leases say nothing any more.
        if self.number > 1 {
            let _ = self.store.delete(&path_of(self.number - 1));
        }
    }
}

fn renew(
    store: Store,
    number: u64,
    form: LeaseForm,
    term: TimeDelta,
    stop: Arc<AtomicBool>,
) -> Option<JoinHandle<()>> {
    std::thread::Builder::new()
        .name("skillwatch-lease".to_owned())
        .spawn(move || {
            loop {
                std::thread::park_timeout(RENEW_EVERY);
                if stop.load(Ordering::Relaxed) {
                    return;
                }
                let renewed = LeaseForm {
                    expires: clock::now() + term,
                    ..form.clone()
                };
                if let Err(error) = store.write(&path_of(number), json(&renewed)) {
                    tracing::warn!(%error, "the lease could not be renewed");
                }
            }
        })
        .ok()
}

fn path_of(number: u64) -> String {
    format!("{FOLDER}/{number:010}.json")
}

fn number_of(path: &str) -> u64 {
    path.rsplit('/')
        .next()
        .and_then(|name| name.strip_suffix(".json"))
        .and_then(|digits| digits.parse().ok())
        .unwrap_or_default()
}

fn json(form: &LeaseForm) -> Vec<u8> {
    serde_json::to_vec(form).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store(folder: &std::path::Path) -> Store {
        let runtime = crate::lake::start_runtime().unwrap();
        Store::open(
            &runtime,
            folder.to_str().unwrap(),
            folder,
            crate::lake::WhenMissing::Make,
        )
        .unwrap()
    }

    #[test]
    fn the_second_run_is_refused_until_the_first_ends() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path());
        let first = Lease::acquire(&store, 5).unwrap();
        assert!(matches!(
            Lease::acquire(&store, 5),
            Err(RunError::Locked { .. })
        ));
        first.check().unwrap();
        drop(first);
        assert!(Lease::acquire(&store, 5).is_ok());
    }

    #[test]
    fn an_expired_lease_and_that_of_a_dead_process_are_taken_over() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path());
        let mut form = LeaseForm {
            host: "elsewhere".to_owned(),
            process: 1,
            process_start: "1".to_owned(),
            expires: clock::now() - TimeDelta::seconds(1),
            released: false,
            attempt: 0,
        };
        store.write(&path_of(1), json(&form)).unwrap();
        let expired = Lease::acquire(&store, 5).unwrap();
        drop(expired);
        form.host = host();
        form.process = u32::MAX;
        form.expires = clock::now() + TimeDelta::hours(1);
        store.write(&path_of(9), json(&form)).unwrap();
        let taken = Lease::acquire(&store, 5).unwrap();
        assert_eq!(taken.number, 10);
        form.host = "elsewhere".to_owned();
        drop(taken);
        store.write(&path_of(11), json(&form)).unwrap();
        assert!(matches!(
            Lease::acquire(&store, 5),
            Err(RunError::Locked { .. })
        ));
    }
}
