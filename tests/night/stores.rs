//! One set of checks that every storage must pass.

use std::io::{Read, Write};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;

use object_store::memory::InMemory;
use skillwatch::lake::{FaultPlan, Store, StoreError, WhenMissing, start_runtime};

use crate::faults::{faulty, in_memory};
use crate::s3_server::S3Server;

const RACERS: usize = 8;

fn conforms(store: &Store) {
    writes_and_reads(store);
    lists_in_order(store);
    creates_once_under_a_race(store);
    replaces_as_a_whole(store);
    uploads_in_parts(store);
    copies_to_local_files(store);
    notices_a_changed_object(store);
    keeps_odd_names(store);
    lists_more_than_a_page(store);
}

fn writes_and_reads(store: &Store) {
    store.write("basic/one.json", "0123456789").unwrap();
    assert_eq!(store.read("basic/one.json").unwrap(), "0123456789");
    assert_eq!(store.read_range("basic/one.json", 2, 5).unwrap(), "234");
    assert_eq!(store.read_range("basic/one.json", 7, 99).unwrap(), "789");
    store.write("basic/one.json", "shorter").unwrap();
    assert_eq!(store.read("basic/one.json").unwrap(), "shorter");
    store.write("basic/empty", "").unwrap();
    assert!(store.read("basic/empty").unwrap().is_empty());
    let found = store.find("basic/one.json").unwrap().unwrap();
    let listed = store.list("basic").unwrap();
    assert_eq!((found.path.as_str(), found.size), ("basic/one.json", 7));
    assert_eq!(listed[1].tag, found.tag);

    assert!(store.find("basic/none").unwrap().is_none());
    assert!(store.read_if_there("basic/none").unwrap().is_none());
    assert!(matches!(
        store.read("basic/none"),
        Err(StoreError::NotFound { .. })
    ));
    store.delete("basic/one.json").unwrap();
    store.delete("basic/one.json").unwrap();
    assert!(store.read_if_there("basic/one.json").unwrap().is_none());
}

fn lists_in_order(store: &Store) {
    for path in [
        "order/b/2",
        "order/a/10",
        "order/a/1",
        "order/a-b",
        "order/ab/1",
    ] {
        store.write(path, "x").unwrap();
    }
    let paths = |prefix: &str| -> Vec<String> {
        let entries = store.list(prefix).unwrap();
        entries.into_iter().map(|entry| entry.path).collect()
    };
    assert_eq!(
        paths("order"),
        [
            "order/a-b",
            "order/a/1",
            "order/a/10",
            "order/ab/1",
            "order/b/2"
        ]
    );
    // A prefix is a folder, not the beginning of a name.
    assert_eq!(paths("order/a"), ["order/a/1", "order/a/10"]);
    assert!(paths("order/none").is_empty());
}

fn creates_once_under_a_race(store: &Store) {
    for round in 0..5 {
        let path = format!("race/{round}.json");
        let (barrier, winners) = (Barrier::new(RACERS), AtomicUsize::new(0));
        thread::scope(|scope| {
            for racer in 0..RACERS {
                let (path, barrier, winners) = (&path, &barrier, &winners);
                scope.spawn(move || {
                    barrier.wait();
                    if store.create(path, format!("racer {racer}")).unwrap() {
                        winners.fetch_add(1, Ordering::SeqCst);
                    }
                });
            }
        });
        assert_eq!(winners.into_inner(), 1, "round {round}");
        let text = store.read(&path).unwrap();
        assert!(text.starts_with(b"racer "), "{text:?}");
        assert!(!store.create(&path, "late").unwrap());
        assert_eq!(store.read(&path).unwrap(), text);
    }
}

fn replaces_as_a_whole(store: &Store) {
    let content = |letter: u8| vec![letter; 300_000];
    store.write("whole", content(b'a')).unwrap();
    thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for turn in 0..20_u8 {
                store.write("whole", content(b'a' + turn % 3)).unwrap();
            }
        });
        while !writer.is_finished() {
            let bytes = store.read("whole").unwrap();
            assert_eq!(bytes.len(), 300_000);
            assert!(bytes.iter().all(|byte| *byte == bytes[0]));
        }
    });
}

fn pattern(length: u32) -> Vec<u8> {
    (0..length).map(|number| (number % 251) as u8).collect()
}

fn uploads_in_parts(store: &Store) {
    let mut scratch = tempfile::NamedTempFile::new().unwrap();
    let content = pattern(20_000_000);
    scratch.write_all(&content).unwrap();
    store.write_file("parts/large.bin", scratch.path()).unwrap();
    assert!(store.read("parts/large.bin").unwrap() == content);
    let entry = store.find("parts/large.bin").unwrap().unwrap();
    let mut read = Vec::new();
    store.reader_of(&entry).read_to_end(&mut read).unwrap();
    assert!(read == content);
    read.clear();
    let mut reader = store.reader("parts/large.bin", entry.size);
    reader.read_to_end(&mut read).unwrap();
    assert!(read == content);
    let small = tempfile::NamedTempFile::new().unwrap();
    store.write_file("parts/empty.bin", small.path()).unwrap();
    assert!(store.read("parts/empty.bin").unwrap().is_empty());
}

fn copies_to_local_files(store: &Store) {
    let content = pattern(9_000_000);
    store
        .write("copies/day=2020-09-03/ab12.parquet", content.clone())
        .unwrap();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let file = store
                    .local_copy("copies/day=2020-09-03/ab12.parquet")
                    .unwrap();
                assert!(std::fs::read(file).unwrap() == content);
            });
        }
    });
    let paths: Vec<String> = (0..20).map(|number| format!("copies/{number}")).collect();
    for path in &paths {
        store.write(path, path.clone()).unwrap();
    }
    let files = store.clone().local_copies(&paths).unwrap();
    for (path, file) in paths.iter().zip(&files) {
        assert_eq!(&std::fs::read_to_string(file).unwrap(), path);
    }
    if store.url().scheme() != "file" {
        assert!(matches!(
            store.local_copy("copies/none"),
            Err(StoreError::NotFound { .. })
        ));
    }
}

/// Bytes of an object of which the last are still to be asked for when the first are read: more than a piece and the one
/// fetched ahead.
const SEVERAL_REQUESTS: u32 = 20_000_000;

fn notices_a_changed_object(store: &Store) {
    let is_changed = |mut reader: Box<dyn Read + Send>| {
        reader.read_exact(&mut [0]).unwrap();
        // Of the same size, so that only its tag tells.
        let again: Vec<u8> = pattern(SEVERAL_REQUESTS).into_iter().rev().collect();
        store.write("changing.csv", again).unwrap();
        let error = reader.read_to_end(&mut Vec::new()).unwrap_err();
        let cause = error.get_ref().unwrap().downcast_ref::<StoreError>();
        assert!(
            matches!(cause, Some(StoreError::Changed { .. })),
            "{error:?}"
        );
    };
    store
        .write("changing.csv", pattern(SEVERAL_REQUESTS))
        .unwrap();
    let entry = store.find("changing.csv").unwrap().unwrap();
    is_changed(store.reader_of(&entry));
    store
        .write("changing.csv", pattern(SEVERAL_REQUESTS))
        .unwrap();
    is_changed(store.reader("changing.csv", SEVERAL_REQUESTS.into()));
    // Replaced between listing and reading.
    let mut late = store.reader_of(&entry);
    assert!(late.read(&mut [0]).is_err());
    // Grown or gone.
    store.write("changing.csv", "short").unwrap();
    assert!(store.reader("changing.csv", 4).read(&mut [0]).is_err());
    store.delete("changing.csv").unwrap();
    assert!(store.reader("changing.csv", 5).read(&mut [0]).is_err());
}

fn keeps_odd_names(store: &Store) {
    let mut names = [
        "names/学习记录 2020年.csv",
        "names/a b+c=d&e,f;g@h!.csv",
        "names/100%.csv",
        "names/100%25.csv",
        "names/day=2020-09-03/（终版）.csv",
        "names/'quoted' $x.csv",
    ];
    for name in names {
        store.write(name, name).unwrap();
    }
    names.sort_unstable();
    let listed = store.list("names").unwrap();
    let paths: Vec<&str> = listed.iter().map(|entry| entry.path.as_str()).collect();
    assert_eq!(paths, names);
    for entry in &listed {
        assert_eq!(store.read(&entry.path).unwrap(), entry.path.as_str());
        let mut text = String::new();
        store.reader_of(entry).read_to_string(&mut text).unwrap();
        assert_eq!(text, entry.path);
        let file = store.local_copy(&entry.path).unwrap();
        assert_eq!(std::fs::read_to_string(file).unwrap(), entry.path);
        store.delete(&entry.path).unwrap();
    }
    assert!(store.list("names").unwrap().is_empty());
}

fn lists_more_than_a_page(store: &Store) {
    let path = |number: usize| format!("pages/{number:05}");
    thread::scope(|scope| {
        for racer in 0..RACERS {
            scope.spawn(move || {
                for number in (racer..1100).step_by(RACERS) {
                    store.write(&path(number), "x").unwrap();
                }
            });
        }
    });
    let listed = store.list("pages").unwrap();
    let expected: Vec<String> = (0..1100).map(path).collect();
    let paths: Vec<String> = listed.into_iter().map(|entry| entry.path).collect();
    assert_eq!(paths, expected);
}

#[test]
fn a_local_folder_conforms() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = start_runtime().unwrap();
    let location = folder.path().to_str().unwrap();
    let store = Store::open(&runtime, location, Path::new("."), WhenMissing::Make).unwrap();
    conforms(&store);
    let again = Store::open(
        &runtime,
        store.url().as_str(),
        Path::new("."),
        WhenMissing::Refuse,
    )
    .unwrap();
    assert_eq!(again.url(), store.url());
}

#[test]
fn memory_conforms() {
    conforms(&in_memory(Arc::new(InMemory::new())));
}

#[test]
fn a_faulty_store_without_faults_conforms() {
    let (faults, store) = faulty(FaultPlan::default());
    conforms(&store);
    let counts = faults.counts();
    assert!(counts.reads > 0 && counts.creates > 0 && counts.uploads > 0 && counts.lists > 0);
    let sum = counts.reads
        + counts.writes
        + counts.creates
        + counts.uploads
        + counts.lists
        + counts.others;
    assert_eq!(counts.all, sum);
}

#[test]
fn an_s3_server_conforms() {
    let server = S3Server::start();
    conforms(&server.store("conformance", "roots/原始 1"));
}
