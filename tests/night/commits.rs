//! Racing and failing commits of Delta tables, on every storage.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Barrier};
use std::thread;

use arrow::array::{ArrayRef, Int64Array};
use arrow::record_batch::RecordBatch;
use object_store::ObjectStore;
use object_store::memory::InMemory;
use skillwatch::lake::{
    DataFile, FaultPlan, FaultyStore, Lake, Store, TableChange, TableError, WhenMissing,
    delta_schema, start_runtime,
};

use crate::faults::in_memory;
use crate::s3_server::S3Server;

const WRITERS: usize = 4;
const COMMITS: usize = 5;

fn rows(number: i64) -> RecordBatch {
    let column: ArrayRef = Arc::new(Int64Array::from(vec![number]));
    RecordBatch::try_from_iter([("number", column)]).unwrap()
}

fn change(add: Vec<DataFile>, remove: Vec<String>) -> TableChange {
    TableChange {
        table: "feeds/numbers".to_owned(),
        schema: delta_schema("feeds/numbers", &rows(0).schema()).unwrap(),
        description: "numbers".to_owned(),
        add,
        remove,
        note: BTreeMap::new(),
    }
}

fn write(lake: &Lake, number: i64) -> Result<DataFile, TableError> {
    lake.write_rows("feeds/numbers", "", "", &rows(number))
}

fn read(lake: &Lake) -> Vec<i64> {
    let snapshot = lake.snapshot("feeds/numbers").unwrap().unwrap();
    let mut numbers: Vec<i64> = Vec::new();
    for file in &snapshot.files {
        for batch in lake.read_rows("feeds/numbers", file, &[], None).unwrap() {
            let batch = batch.unwrap();
            let column = batch.column(0).as_any().downcast_ref::<Int64Array>();
            numbers.extend(column.unwrap().values());
        }
    }
    let paths = lake.local_files("feeds/numbers", &snapshot.files).unwrap();
    assert!(paths.iter().all(|path| path.is_file()));
    numbers.sort_unstable();
    numbers
}

/// Writers that append at the same moment, each with an own view of the table; none of their commits may be lost.
fn loses_no_commit(open: impl Fn() -> Store + Sync) {
    let barrier = Barrier::new(WRITERS);
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (barrier, open) = (&barrier, &open);
            scope.spawn(move || {
                let lake = Lake::new(open());
                barrier.wait();
                for commit in 0..COMMITS {
                    let number = (writer * COMMITS + commit) as i64;
                    let file = write(&lake, number).unwrap();
                    lake.commit(&change(vec![file], Vec::new())).unwrap();
                }
            });
        }
    });
    let lake = Lake::new(open());
    let expected: Vec<i64> = (0..(WRITERS * COMMITS) as i64).collect();
    assert_eq!(read(&lake), expected);
    let snapshot = lake.snapshot("feeds/numbers").unwrap().unwrap();
    assert_eq!(snapshot.version, (WRITERS * COMMITS) as u64);

    // Two writers replace the same files: one result, and both are content with it.
    let all: Vec<String> = snapshot.files.into_iter().map(|file| file.path).collect();
    let barrier = Barrier::new(2);
    thread::scope(|scope| {
        for _ in 0..2 {
            let (barrier, open, all) = (&barrier, &open, &all);
            scope.spawn(move || {
                let lake = Lake::new(open());
                let file = write(&lake, 1000).unwrap();
                barrier.wait();
                lake.commit(&change(vec![file], all.clone())).unwrap();
            });
        }
    });
    assert_eq!(read(&lake), [1000]);
}

#[test]
fn racing_commits_survive_in_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let location = folder.path().to_str().unwrap();
    let runtime = start_runtime().unwrap();
    loses_no_commit(|| Store::open(&runtime, location, Path::new("."), WhenMissing::Make).unwrap());
}

#[test]
fn racing_commits_survive_in_memory() {
    let inner: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
    loses_no_commit(|| in_memory(Arc::clone(&inner)));
}

#[test]
fn racing_commits_survive_on_an_s3_server() {
    let server = S3Server::start();
    loses_no_commit(|| server.store("commits", "lake"));
}

#[test]
fn racing_commits_survive_late_answers() {
    let inner: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
    let plan = FaultPlan {
        seed: 7,
        delay: 200,
        delay_milliseconds: 3,
        ..FaultPlan::default()
    };
    let faults = FaultyStore::new(Arc::clone(&inner), plan);
    loses_no_commit(|| in_memory(Arc::new(faults.clone())));
    assert!(faults.counts().creates > 20, "{:?}", faults.counts());
}

/// One file after another, committed by a writer that repeats what failed.
#[test]
fn a_writer_that_tries_again_after_each_failure_commits_each_file_once() {
    for seed in 0..5 {
        let inner: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
        let plan = FaultPlan {
            seed,
            fail_before: 20,
            fail_after: 100,
            truncate: 10,
            ..FaultPlan::default()
        };
        let faults = FaultyStore::new(Arc::clone(&inner), plan);
        let lake = Lake::new(in_memory(Arc::new(faults.clone())));
        let mut failures = 0;
        for number in 0..10 {
            while let Err(error) =
                write(&lake, number).and_then(|file| lake.commit(&change(vec![file], Vec::new())))
            {
                failures += 1;
                assert!(failures < 200, "seed {seed}: {error:?}");
            }
        }
        assert!(failures > 0, "seed {seed} spoils nothing");
        let calm = Lake::new(in_memory(inner));
        assert_eq!(read(&calm), (0..10).collect::<Vec<i64>>(), "seed {seed}");
        let version = calm.snapshot("feeds/numbers").unwrap().unwrap().version;
        assert_eq!(version, 10, "seed {seed}: a commit was made twice");
    }
}

/// The process dies at each operation in turn; a second one then does all of it.
#[test]
fn a_commit_cut_off_anywhere_is_finished_by_the_next_run() {
    let mut moment = 0;
    loop {
        moment += 1;
        let inner: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
        let plan = FaultPlan {
            kill_after: Some(moment),
            kill_acts: moment % 2 == 0,
            ..FaultPlan::default()
        };
        let work = |store: Arc<dyn ObjectStore>| -> Result<(), TableError> {
            let lake = Lake::new(in_memory(store));
            for number in 0..2 {
                let file = write(&lake, number)?;
                lake.commit(&change(vec![file], Vec::new()))?;
            }
            Ok(())
        };
        let died = work(Arc::new(FaultyStore::new(Arc::clone(&inner), plan))).is_err();
        work(Arc::clone(&inner)).unwrap();
        assert_eq!(
            read(&Lake::new(in_memory(inner))),
            [0, 1],
            "moment {moment}"
        );
        if !died {
            break;
        }
    }
    assert!(moment > 10, "only {moment} operations");
}
