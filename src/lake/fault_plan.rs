//! The plan of a [`FaultyStore`](super::FaultyStore): which operations are spoiled, and how.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use object_store::path::Path;
use object_store::{Error, Result};

use crate::splitmix::{INCREMENT, mix};

/// What goes wrong, and how often. The default plan spoils nothing.
#[derive(Debug, Clone, Default)]
pub struct FaultPlan {
    /// Decides which operations are spoiled.
    pub seed: u64,
    /// Of 1000 operations, how many fail without having done anything.
    pub fail_before: u64,
    /// Of 1000 writing operations, how many are done and then answered by a failure.
    pub fail_after: u64,
    /// Of 1000 operations, how many are late.
    pub delay: u64,
    /// How late, in milliseconds.
    pub delay_milliseconds: u64,
    /// Of 1000 reads with a body, how many end too early.
    pub truncate: u64,
    /// Of 1000 listings, how many do not know of the newest objects.
    pub forget: u64,
    /// How many operations a forgetful listing is behind.
    pub forget_operations: u64,
    /// From this operation on (counted from 1) everything fails, as if the process had died.
    pub kill_after: Option<u64>,
    /// Whether the operation at which the process dies is still done.
    pub kill_acts: bool,
}

/// Operations that reached a [`FaultyStore`], by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OperationCounts {
    /// All of them: the number of the last one.
    pub all: u64,
    /// Reads of objects and of their metadata.
    pub reads: u64,
    /// Writes that replace.
    pub writes: u64,
    /// Writes that must not replace.
    pub creates: u64,
    /// Steps of uploads in parts: starts, parts, ends.
    pub uploads: u64,
    /// Listings.
    pub lists: u64,
    /// Deletions and copies.
    pub others: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Read,
    Write,
    Create,
    Upload,
    List,
    Other,
}

#[derive(Debug, Default)]
struct Counters {
    all: AtomicU64,
    kinds: [AtomicU64; 6],
}

/// What an injected failure says.
#[derive(Debug, thiserror::Error)]
#[error("injected at operation {operation}: {what}")]
struct Injected {
    operation: u64,
    what: &'static str,
}

/// What happens to one operation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fate {
    /// Its number, from 1.
    pub operation: u64,
    acts: bool,
    /// Why it fails, if it does.
    pub failure: Option<&'static str>,
}

impl Fate {
    pub(super) fn error(self, what: &'static str) -> Error {
        Error::Generic {
            store: "faulty",
            source: Box::new(Injected {
                operation: self.operation,
                what,
            }),
        }
    }

    /// Fails here when the operation is not to be done.
    pub(super) fn before(self) -> Result<()> {
        match self.failure {
            Some(what) if !self.acts => Err(self.error(what)),
            _ => Ok(()),
        }
    }

    /// Fails here when the operation was done but its answer is lost.
    pub(super) fn after<T>(self, result: Result<T>) -> Result<T> {
        match self.failure {
            Some(what) => result.and_then(|_| Err(self.error(what))),
            None => result,
        }
    }
}

#[derive(Debug)]
pub(super) struct State {
    pub plan: FaultPlan,
    counters: Counters,
    recent: Mutex<VecDeque<(u64, Path)>>,
}

/// Well mixed bits of a number.
fn mixed(number: u64) -> u64 {
    mix(number.wrapping_add(INCREMENT))
}

impl State {
    pub(super) fn new(plan: FaultPlan) -> State {
        State {
            plan,
            counters: Counters::default(),
            recent: Mutex::default(),
        }
    }

    pub(super) fn counts(&self) -> OperationCounts {
        let counters = &self.counters;
        let [reads, writes, creates, uploads, lists, others] = &counters.kinds;
        let value = |counter: &AtomicU64| counter.load(Ordering::SeqCst);
        OperationCounts {
            all: value(&counters.all),
            reads: value(reads),
            writes: value(writes),
            creates: value(creates),
            uploads: value(uploads),
            lists: value(lists),
            others: value(others),
        }
    }

    /// Whether a thing that happens `per_mille` times in 1000 happens to `operation`.
    pub(super) fn happens(&self, operation: u64, question: u64, per_mille: u64) -> bool {
        mixed(mixed(self.plan.seed ^ mixed(question)) ^ operation) % 1000 < per_mille
    }

    pub(super) async fn arrive(&self, kind: Kind) -> Fate {
        let operation = self.counters.all.fetch_add(1, Ordering::SeqCst) + 1;
        if let Some(counter) = self.counters.kinds.get(kind as usize) {
            counter.fetch_add(1, Ordering::SeqCst);
        }
        let plan = &self.plan;
        let fate = |acts, failure| Fate {
            operation,
            acts,
            failure,
        };
        if let Some(last) = plan.kill_after.filter(|last| operation >= *last) {
            let acts = operation == last && plan.kill_acts;
            return fate(acts, Some("the process is dead"));
        }
        if self.happens(operation, 1, plan.delay) {
            tokio::time::sleep(Duration::from_millis(plan.delay_milliseconds)).await;
        }
        let changes = matches!(
            kind,
            Kind::Write | Kind::Create | Kind::Upload | Kind::Other
        );
        if self.happens(operation, 2, plan.fail_before) {
            fate(false, Some("nothing was done"))
        } else if changes && self.happens(operation, 3, plan.fail_after) {
            fate(true, Some("done, but the answer is lost"))
        } else {
            fate(true, None)
        }
    }

    pub(super) fn remember(&self, operation: u64, path: &Path) {
        if self.plan.forget == 0 {
            return;
        }
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        recent.push_back((operation, path.clone()));
        while recent
            .front()
            .is_some_and(|(written, _)| written + self.plan.forget_operations < operation)
        {
            recent.pop_front();
        }
    }

    /// Objects that the listing `operation` does not know of.
    pub(super) fn forgotten(&self, operation: u64) -> Vec<Path> {
        if !self.happens(operation, 4, self.plan.forget) {
            return Vec::new();
        }
        let recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        recent
            .iter()
            .filter(|(written, _)| written + self.plan.forget_operations >= operation)
            .map(|(_, path)| path.clone())
            .collect()
    }
}
