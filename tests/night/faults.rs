//! What happens when storage fails, forgets, answers late or not at all.

use std::io::Read;
use std::sync::Arc;

use object_store::ObjectStore;
use object_store::memory::InMemory;
use skillwatch::lake::{FaultPlan, FaultyStore, Store, StoreError, start_runtime};
use url::Url;

/// A store on an object store without a folder.
pub fn in_memory(inner: Arc<dyn ObjectStore>) -> Store {
    let url = Url::parse("memory:///").unwrap();
    Store::open_with(&start_runtime().unwrap(), inner, url)
}

/// A store in memory that fails by plan.
pub fn faulty(plan: FaultPlan) -> (FaultyStore, Store) {
    let faults = FaultyStore::new(Arc::new(InMemory::new()), plan);
    let store = in_memory(Arc::new(faults.clone()));
    (faults, store)
}

#[test]
fn a_create_whose_answer_is_lost_is_still_won_once() {
    for seed in 0..20 {
        let plan = FaultPlan {
            seed,
            fail_after: 500,
            ..FaultPlan::default()
        };
        let (_, store) = faulty(plan);
        for number in 0..20 {
            let path = format!("pointers/{number}");
            assert!(store.create(&path, "ours").unwrap());
            assert!(!store.create(&path, "theirs").unwrap());
            assert_eq!(store.read(&path).unwrap(), "ours");
        }
    }
}

#[test]
fn a_create_that_fails_is_told_apart_from_one_that_is_lost() {
    let plan = FaultPlan {
        fail_before: 1000,
        ..FaultPlan::default()
    };
    let (_, store) = faulty(plan);
    assert!(matches!(
        store.create("pointers/1", "ours"),
        Err(StoreError::Failed { .. })
    ));
}

#[test]
fn a_body_that_ends_too_early_is_an_error() {
    let plan = FaultPlan {
        truncate: 1000,
        ..FaultPlan::default()
    };
    let (_, store) = faulty(plan);
    store.write("file", "0123456789").unwrap();
    assert!(matches!(store.read("file"), Err(StoreError::Failed { .. })));
    assert!(store.read_range("file", 0, 4).is_err());
    assert!(
        store
            .reader("file", 10)
            .read_to_end(&mut Vec::new())
            .is_err()
    );
    assert!(store.local_copy("file").is_err());
}

#[test]
fn a_dead_process_does_nothing_more() {
    for acts in [false, true] {
        let inner: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
        let plan = FaultPlan {
            kill_after: Some(3),
            kill_acts: acts,
            ..FaultPlan::default()
        };
        let dying = in_memory(Arc::new(FaultyStore::new(Arc::clone(&inner), plan)));
        let written: Vec<bool> = (1..=5)
            .map(|number| dying.write(&format!("{number}"), "x").is_ok())
            .collect();
        assert_eq!(written, [true, true, false, false, false]);
        let left = in_memory(inner).list("").unwrap();
        assert_eq!(left.len(), if acts { 3 } else { 2 });
    }
}

#[test]
fn the_same_seed_spoils_the_same_operations() {
    let outcomes = |seed| -> Vec<bool> {
        let plan = FaultPlan {
            seed,
            fail_before: 300,
            ..FaultPlan::default()
        };
        let (_, store) = faulty(plan);
        (0..100)
            .map(|number| store.write(&format!("{number}"), "x").is_ok())
            .collect()
    };
    assert_eq!(outcomes(1), outcomes(1));
    assert_ne!(outcomes(1), outcomes(2));
    let failures = outcomes(1).iter().filter(|done| !**done).count();
    assert!((15..45).contains(&failures), "{failures}");
}

#[test]
fn a_forgetful_listing_misses_only_new_objects() {
    let plan = FaultPlan {
        forget: 1000,
        forget_operations: 3,
        ..FaultPlan::default()
    };
    let (_, store) = faulty(plan);
    for number in 0..6 {
        store.write(&format!("{number}"), "x").unwrap();
    }
    assert_eq!(store.list("").unwrap().len(), 3);
    assert_eq!(store.list("").unwrap().len(), 4);
    assert!(store.read("5").is_ok());
}
