//! Files made to do harm: whatever a city sends, it is loaded with an exact account or refused with a reason.

mod monsters;
mod seeds;

/// The laws of reading, which the fuzz targets check as well.
#[path = "../fuzz/src/laws.rs"]
mod laws;

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::Path;

use skillwatch::{contract, identity, raw};

use crate::workspace::{Workspace, files, repository};
use contract::Contracts;
use monsters::Outcome;
use raw::{FileKind, HeaderJudgement, Limits};

/// Numbers that look random and are the same each time.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end.max(1) as u64) as usize
    }
}

/// A copy with a few changes: bytes and bits turned, pieces cut out, doubled, or cut off at the end.
fn mutated(bytes: &[u8], random: &mut Random) -> Vec<u8> {
    const TELLING: &[u8] = b"\"\n\r,;\t\0\xff\x80\xef\xbb{}[]:<>/&0-e.";
    let mut changed = bytes.to_vec();
    for _ in 0..1 + random.below(6) {
        let place = random.below(changed.len());
        let end = (place + 1 + random.below(24)).min(changed.len());
        match random.below(8) {
            0 => changed.truncate(place.max(1)),
            1 => drop(changed.drain(place..end)),
            2 => {
                let piece = changed[place..end].to_vec();
                let at = random.below(changed.len());
                changed.splice(at..at, piece);
            }
            3 => changed.insert(place, TELLING[random.below(TELLING.len())]),
            4 => changed[place] ^= 1 << random.below(8),
            5 => changed[place] = [0, 0x7F, 0x80, 0xFF][random.below(4)],
            _ => changed[place] = TELLING[random.below(TELLING.len())],
        }
        if changed.is_empty() {
            changed.push(b'\n');
        }
    }
    changed
}

#[test]
fn mutated_files_keep_the_laws_of_reading() {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let (mut whole, mut refused) = (0, 0);
    for seed in seeds::inputs() {
        for _ in 0..400 {
            let input = mutated(&seed.bytes, &mut random);
            let reading = laws::check(seed.target, &input);
            whole += usize::from(!reading.refused);
            refused += usize::from(reading.refused);
        }
    }
    println!("{whole} mutated files read to their end, {refused} refused");
    assert!(whole > 2000 && refused > 1000, "{whole}, {refused}");
}

/// The seeds of the fuzz targets, and every input that ever broke a law.
#[test]
fn seeds_and_regressions_keep_the_laws_of_reading() {
    let folder = repository().join("tests/fuzz");
    let mut reasons = std::collections::BTreeSet::new();
    for target in ["csv", "jsonl", "parquet", "xlsx", "values"] {
        let seeds = files(&folder.join("seeds").join(target));
        assert!(!seeds.is_empty(), "{target}");
        for file in seeds {
            let reading = laws::check(target, &std::fs::read(&file).unwrap());
            let is_whole = target == "values" || !reading.refused && reading.accepted > 0;
            let is_foreign = file.ends_with("small.xls");
            assert!(is_whole || is_foreign, "{} is no good seed", file.display());
            reasons.extend(reading.reasons);
        }
        let regressions = folder.join("regressions").join(target);
        if regressions.is_dir() {
            for file in files(&regressions) {
                laws::check(target, &std::fs::read(&file).unwrap());
            }
        }
    }
    let all = contract::Reason::ALL.map(contract::Reason::code);
    assert_eq!(reasons, all.into_iter().collect(), "a reason no seed has");
}

/// Writes the seeds anew: `cargo test --test night -- --ignored the_seeds_of_the_fuzz_targets_are_written`.
#[test]
#[ignore = "writes into the repository"]
fn the_seeds_of_the_fuzz_targets_are_written() {
    for seed in seeds::inputs().into_iter().chain(seeds::values()) {
        let folder = repository().join("tests/fuzz/seeds").join(seed.target);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(seed.name), seed.bytes).unwrap();
    }
}

/// Rows read, accepted, quarantined, superseded and repeated.
type Account = [i64; 5];

/// The accounts in `loads`, by object.
fn accounts(workspace: &Workspace) -> BTreeMap<String, Account> {
    let question = "SELECT object, rows_read, rows_accepted, rows_quarantined, rows_superseded, \
                    rows_duplicate FROM loads ORDER BY object";
    table(workspace, question)
        .into_iter()
        .map(|row| {
            let number = |column: usize| row[column].parse::<i64>().unwrap();
            (row[0].clone(), [1, 2, 3, 4, 5].map(number))
        })
        .collect()
}

/// Quarantined rows, by object.
fn quarantined(workspace: &Workspace) -> BTreeMap<String, i64> {
    table(
        workspace,
        "SELECT object, COUNT(*) AS n FROM quarantine GROUP BY object",
    )
    .into_iter()
    .map(|row| (row[0].clone(), row[1].parse().unwrap()))
    .collect()
}

fn table(workspace: &Workspace, question: &str) -> Vec<Vec<String>> {
    let found = workspace
        .run(&["query", question, "--format", "csv"])
        .expect(0)
        .stdout;
    let found = found.trim_start_matches('\u{feff}');
    let mut reader = csv::Reader::from_reader(found.as_bytes());
    let row =
        |row: csv::Result<csv::StringRecord>| row.unwrap().iter().map(str::to_owned).collect();
    reader.records().map(row).collect()
}

/// Objects that the newest run refused, with the reason.
fn refusals(workspace: &Workspace) -> BTreeMap<String, String> {
    let record = workspace.record();
    let refused = record["objects_refused"].as_array().unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    refused
        .iter()
        .map(|pair| (text(&pair[0]), text(&pair[1])))
        .collect()
}

/// Rows of an object as the raw room gives them at full limits; `None` where it is refused.
fn rows_of(contracts: &Contracts, object: &str, file: &Path) -> Option<i64> {
    let contract = contracts.get(object.split('/').next().unwrap()).unwrap();
    let judge = |fields: &[String]| {
        let header = contract.match_header(fields);
        HeaderJudgement {
            usable: header.is_usable(),
            recognised: header.recognised(),
        }
    };
    let bytes = std::fs::read(file).unwrap();
    let size = bytes.len() as u64;
    let kind = FileKind::from_name(object).unwrap();
    let source = Box::new(Cursor::new(bytes));
    let mut reader = raw::open(source, size, kind, Limits::default(), &judge).ok()?;
    let header = reader.header().map(<[String]>::to_vec);
    if header.is_some_and(|header| !judge(&header).usable) {
        return None;
    }
    let mut rows = 0;
    while let Some(block) = reader.next_block().ok()? {
        rows += block.parse().len() as i64;
    }
    Some(rows)
}

/// Every object is in `loads`, with an account that balances, or was refused with a reason.
fn assert_all_accounted(
    workspace: &Workspace,
) -> (BTreeMap<String, Account>, BTreeMap<String, String>) {
    let (loads, refused) = (accounts(workspace), refusals(workspace));
    let quarantined = quarantined(workspace);
    let raw = workspace.path("raw");
    for file in files(&raw) {
        let object = file.strip_prefix(&raw).unwrap().to_str().unwrap();
        let (load, reason) = (loads.get(object), refused.get(object));
        assert!(
            load.is_some() != reason.is_some(),
            "{object}: {load:?} and {reason:?}"
        );
        assert!(
            reason.is_none_or(|reason| reason.len() > 10),
            "{object}: {reason:?}"
        );
        let Some([read, accepted, held, superseded, repeated]) = load else {
            assert!(
                !quarantined.contains_key(object),
                "{object} was refused and quarantined"
            );
            continue;
        };
        assert_eq!(*read, accepted + held + superseded + repeated, "{object}");
        assert_eq!(
            *held,
            quarantined.get(object).copied().unwrap_or(0),
            "{object}"
        );
    }
    (loads, refused)
}

#[test]
fn a_night_of_mutated_files_is_accounted_for() {
    let workspace = Workspace::small_project();
    let mut random = Random(0x2545_F491_4F6C_DD1D);
    let mut number = 0;
    for seed in seeds::objects() {
        for _ in 0..seeds::COPIES {
            number += 1;
            let bytes = mutated(&seed.bytes, &mut random);
            let file = workspace.path(&format!("raw/{}/m/{number:03}-{}", seed.target, seed.name));
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, bytes).unwrap();
        }
    }
    let started = std::time::Instant::now();
    let night = workspace.run(&["ingest", "--as-of", workspace.as_of]);
    let seconds = started.elapsed().as_secs_f64();
    assert!(
        matches!(night.code, 0 | 1),
        "{}: {}",
        night.code,
        night.stderr
    );
    assert!(
        !night.stderr.contains("panicked at src"),
        "{}",
        night.stderr
    );

    let (loads, refused) = assert_all_accounted(&workspace);
    let contracts = Contracts::load_dir(&repository().join("pipelines/feeds")).unwrap();
    let raw = workspace.path("raw");
    for file in files(&raw) {
        let object = file.strip_prefix(&raw).unwrap().to_str().unwrap();
        let rows = rows_of(&contracts, object, &file);
        assert_eq!(
            loads.get(object).map(|account| account[0]),
            rows,
            "{object}"
        );
    }
    let of_good = |name: &&String| !name.contains("/m/");
    assert_eq!(loads.keys().filter(of_good).count(), 5);
    println!(
        "{number} mutated files in {seconds:.1} s: {} loaded, {} refused",
        loads.len() - 5,
        refused.len()
    );
    assert!(refused.len() > 50 && loads.len() > 50);
}

/// What one file may take; an honest night of small files takes some 120 MB.
const MOST_MEMORY: u64 = 1_500_000_000;
/// Of a whole night, in a build that is not optimised and beside other tests; most of it is two times a gigabyte.
const MOST_SECONDS: f64 = 120.0;

/// A night with monsters among good files.
fn check_monsters(write: impl Fn(&Path) -> monsters::Expected) {
    let workspace = Workspace::small_project();
    let expected = write(&workspace.path("raw"));
    let started = std::time::Instant::now();
    let night = workspace.run(&["ingest", "--as-of", workspace.as_of]);
    let seconds = started.elapsed().as_secs_f64();
    assert!(matches!(night.code, 0 | 1), "{}", night.code);
    assert!(!night.stderr.contains("panicked at src"));
    let peak = workspace.record()["peak_memory_bytes"].as_u64().unwrap();
    println!("monsters took {seconds:.1} s and {} MB", peak / 1_000_000);

    let (loads, refused) = assert_all_accounted(&workspace);
    for (object, outcome) in &expected {
        let account = loads.get(*object).map(|account| [account[0], account[1]]);
        let reason = refused.get(*object).map(String::as_str).unwrap_or_default();
        let (is_right, told) = match outcome {
            Outcome::Loaded(read, accepted) => (account == Some([*read, *accepted]), "account"),
            Outcome::Refused(words) => (reason.contains(words), *words),
            Outcome::Any(read, accepted) => {
                (account.is_none_or(|is| is == [*read, *accepted]), "account")
            }
        };
        assert!(
            is_right,
            "{object}: {told} expected, found {account:?} `{reason}`"
        );
    }
    let good = loads
        .keys()
        .filter(|object| object.contains("/city="))
        .count();
    assert_eq!(good, 5, "good files beside the monsters");
    assert!(peak < MOST_MEMORY, "{peak} bytes");
    assert!(seconds < MOST_SECONDS, "{seconds} seconds");
}

#[test]
fn monsters_are_accounted_for_in_bounded_memory_and_time() {
    check_monsters(monsters::write);
}

#[test]
fn headers_without_end_are_accounted_for_in_bounded_memory_and_time() {
    check_monsters(monsters::write_headers);
}

/// Prints what each of them takes: `cargo test --test night -- --ignored --nocapture what_each_monster_takes`.
#[test]
#[ignore = "measures, and decides nothing"]
fn what_each_monster_takes() {
    let folder = tempfile::tempdir().unwrap();
    let all = [
        monsters::write(folder.path()),
        monsters::write_headers(folder.path()),
    ];
    for (object, _) in all.into_iter().flatten() {
        let workspace = Workspace::small_project();
        let path = workspace.path("raw").join(object);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::rename(folder.path().join(object), path).unwrap();
        let started = std::time::Instant::now();
        let night = workspace.run(&["ingest", "--as-of", workspace.as_of]);
        let seconds = started.elapsed().as_secs_f64();
        let peak = workspace.record()["peak_memory_bytes"].as_u64().unwrap() / 1_000_000;
        let account = accounts(&workspace).remove(object);
        let reason = refusals(&workspace).remove(object);
        println!(
            "{object}: exit {}, {seconds:.1} s, {peak} MB, {account:?} {reason:?}",
            night.code
        );
    }
}
