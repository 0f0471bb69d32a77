//! Whatever storage does at any moment of a night, and wherever the process dies, the nights that follow come to what an
//! undisturbed one comes to: the same live files in the lake, the same release, no row twice, none lost.
//!
//! The whole night runs in this process on object stores in memory below a store that fails by a seeded plan.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::{StreamExt, TryStreamExt};
use object_store::memory::InMemory;
use object_store::path::Path as ObjectPath;
use object_store::prefix::PrefixStore;
use object_store::{ObjectStore, ObjectStoreExt};
use skillwatch::ingest::IngestSummary;
use skillwatch::lake::{FaultPlan, FaultyStore, Lake, Store, start_runtime};
use skillwatch::native::composite::Framework;
use skillwatch::native::composite::platform::parse_platform_framework;
use skillwatch::project::{Project, Storage};
use skillwatch::release::Releases;
use skillwatch::run::{Night, NightOptions, NightReport, Observer, RunError};
use tokio::runtime::Runtime;
use url::Url;

use crate::workspace::{Workspace, files, repository};

/// Plans with random faults.
const PLANS: u64 = 200;
/// Moments, spread over the night, at which the process dies.
const KILLS: u64 = 120;
/// Nights after which storage has to be well again.
const MOST_DISTURBED: u64 = 6;

struct Silent;

impl Observer for Silent {
    fn read(&mut self, _: &str, _: u64) {}
    fn loaded(&mut self, _: &IngestSummary) {}
    fn model(&mut self, _: &str) {}
    fn is_interrupted(&self) -> bool {
        false
    }
}

struct Province {
    runtime: Arc<Runtime>,
    project: Project,
    framework: Framework,
    as_of: chrono::NaiveDate,
    /// Nothing but raw files.
    untouched: InMemory,
}

impl Province {
    fn new() -> Province {
        // A few feeds and tables: what is asked here is asked of the machinery, many times.
        let workspace = Workspace::small_project();
        let project = Project::open(&workspace.path("")).unwrap();
        let text = std::fs::read_to_string(repository().join("pipelines/evaluation.toml")).unwrap();
        let framework = parse_platform_framework("pipelines/evaluation.toml", &text).unwrap();
        let runtime = start_runtime().unwrap();
        let untouched = InMemory::new();
        let raw = workspace.path("raw");
        for file in files(&raw) {
            let path = file.strip_prefix(&raw).unwrap();
            let path = ObjectPath::from(format!("raw/{}", path.display()));
            let bytes = std::fs::read(&file).unwrap();
            runtime
                .block_on(untouched.put(&path, bytes.into()))
                .unwrap();
        }
        Province {
            runtime,
            project,
            framework,
            as_of: workspace.as_of.parse().unwrap(),
            untouched,
        }
    }

    fn storage(&self, world: Arc<dyn ObjectStore>) -> Storage {
        let open = |name: &str| {
            let inner = Arc::new(PrefixStore::new(Arc::clone(&world), name));
            let url = Url::parse(&format!("memory:///{name}/")).unwrap();
            Store::open_with(&self.runtime, inner, url)
        };
        Storage {
            raw: open("raw"),
            lake: open("lake"),
            published: open("published"),
        }
    }

    fn night(&self, world: Arc<dyn ObjectStore>) -> Result<NightReport, RunError> {
        let storage = self.storage(world);
        let night = Night {
            project: &self.project,
            storage: &storage,
            secret: b"test-secret",
            framework: &self.framework,
        };
        let options = NightOptions {
            as_of: self.as_of,
            select: Vec::new(),
            full_refresh: false,
            ingest_only: false,
            replay: false,
        };
        night.run(&options, &mut Silent, |_| 0)
    }

    /// The process is gone, and with it its hold on the lease.
    fn bury(&self, world: &InMemory) {
        let folder = ObjectPath::from("lake/system/lease");
        self.runtime.block_on(async {
            let mut held = world.list(Some(&folder));
            while let Some(meta) = held.next().await {
                world.delete(&meta.unwrap().location).await.unwrap();
            }
        });
    }

    /// What counts in the end: every live file of every lake table but the vault's, whose bytes differ with each
    /// encryption, and the current release; each with its content.
    fn state(&self, world: &InMemory) -> BTreeMap<String, String> {
        let storage = self.storage(Arc::new(world.fork()));
        let lake = Lake::new(storage.lake.clone());
        let mut state = BTreeMap::new();
        let hash = |bytes: bytes::Bytes| blake3::hash(&bytes).to_hex().to_string();
        for table in self.tables(world) {
            let is_vault = table.starts_with("vault/");
            let Some(snapshot) = lake.snapshot(&table).unwrap() else {
                continue;
            };
            let mut rows = 0;
            for file in snapshot.files {
                let path = format!("{table}/{}", file.path);
                rows += file.rows;
                if !is_vault {
                    state.insert(path.clone(), hash(storage.lake.read(&path).unwrap()));
                }
            }
            state.insert(format!("rows of {table}"), rows.to_string());
        }
        let releases = Releases::new(storage.published.clone());
        for table in releases.current().unwrap().tables {
            let bytes = storage.published.read(&table.file).unwrap();
            state.insert(format!("published {}", table.name), hash(bytes));
        }
        state
    }

    /// Every Delta table of the lake but the run records, of which each night writes one.
    fn tables(&self, world: &InMemory) -> Vec<String> {
        let folder = ObjectPath::from("lake");
        let objects: Vec<_> = self
            .runtime
            .block_on(world.list(Some(&folder)).try_collect())
            .unwrap();
        let mut tables: Vec<String> = objects
            .iter()
            .filter_map(|meta| {
                let path = meta.location.as_ref().strip_prefix("lake/")?;
                Some(path.split_once("/_delta_log/")?.0.to_owned())
            })
            .filter(|table| table != "system/runs")
            .collect();
        tables.dedup();
        tables
    }
}

/// Runs disturbed nights until one gets through or storage is well again, then compares.
fn check(
    province: &Province,
    expected: &BTreeMap<String, String>,
    plan: impl Fn(u64) -> FaultPlan,
) -> u64 {
    let world = Arc::new(province.untouched.fork());
    let mut failed = 0;
    loop {
        let plan = if failed < MOST_DISTURBED {
            plan(failed)
        } else {
            FaultPlan::default()
        };
        let told = format!("{plan:?} after {failed} failed nights");
        let store: Arc<dyn ObjectStore> = Arc::clone(&world) as Arc<dyn ObjectStore>;
        let outcome = province.night(Arc::new(FaultyStore::new(store, plan)));
        province.bury(&world);
        match outcome {
            Ok(report) => {
                assert!(report.release.is_some(), "{told}");
                let state = province.state(&world);
                assert_eq!(&state, expected, "{told}");
                return failed;
            }
            Err(error) => assert!(failed < MOST_DISTURBED, "{told}: {error:?}"),
        }
        failed += 1;
    }
}

#[test]
fn every_disturbed_night_comes_to_the_same() {
    let province = Province::new();
    let counting = FaultyStore::new(Arc::new(province.untouched.fork()), FaultPlan::default());
    let undisturbed = Arc::new(province.untouched.fork());
    province
        .night(Arc::clone(&undisturbed) as Arc<dyn ObjectStore>)
        .unwrap();
    let expected = province.state(&undisturbed);
    assert!(expected.len() > 20, "{}", expected.len());
    province.night(Arc::new(counting.clone())).unwrap();
    let operations = counting.counts().all;

    let mut failures = 0;
    for seed in 0..PLANS {
        failures += check(&province, &expected, |attempt| FaultPlan {
            seed: seed * 1000 + attempt,
            fail_before: 4,
            fail_after: 4,
            delay: 10,
            delay_milliseconds: 1,
            truncate: 3,
            ..FaultPlan::default()
        });
    }
    assert!(
        failures > PLANS / 2,
        "the plans disturb: {failures} failed nights"
    );
    let mut kills = 0;
    for moment in 0..KILLS {
        // The second try dies as well, elsewhere.
        kills += check(&province, &expected, |attempt| FaultPlan {
            kill_after: match attempt {
                0 => Some(1 + operations * moment / KILLS),
                1 => Some(1 + operations * (KILLS - moment) / KILLS / 2),
                _ => None,
            },
            kill_acts: moment % 2 == 0,
            ..FaultPlan::default()
        });
    }
    assert!(kills >= KILLS, "each first try dies: {kills}");
    println!(
        "{PLANS} plans with {failures} failed nights, {KILLS} moments with {kills} deaths, {operations} operations a night"
    );
}
