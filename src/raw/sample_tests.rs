//! Reads the sample provinces, whose broken rows are known. They lie beside the project, not in it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{Compression, FileKind, Format, HeaderJudgement, Limits, RowFault, open};
use crate::contract::Contracts;

const FAULTS: [RowFault; 3] = [
    RowFault::BadQuote,
    RowFault::BadEncoding,
    RowFault::WrongFieldCount,
];

/// What the truth says about one file.
#[derive(Default)]
struct Truth {
    faults: BTreeSet<(u64, String)>,
    rows_without_fault: u64,
    encoding: String,
}

fn sample_folder(name: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/samples")
        .join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: there is no {}", folder.display());
    None
}

fn read_truth(folder: &Path) -> BTreeMap<String, Truth> {
    let mut truth: BTreeMap<String, Truth> = BTreeMap::new();
    let summary = std::fs::read_to_string(folder.join("truth/summary.json")).unwrap();
    let summary: Value = serde_json::from_str(&summary).unwrap();
    for file in summary["files"].as_array().unwrap() {
        let count = |key: &str| file[key].as_u64().unwrap();
        let entry = truth
            .entry(file["file"].as_str().unwrap().to_owned())
            .or_default();
        entry.rows_without_fault = count("good") + count("broken") + count("superseded");
        entry.encoding = file["encoding"].as_str().unwrap_or_default().to_owned();
    }
    let mut dirty = csv::Reader::from_path(folder.join("truth/dirty.csv")).unwrap();
    for row in dirty.records() {
        let row = row.unwrap();
        let (file, line, reason) = (&row[0], row[1].parse().unwrap(), row[2].to_owned());
        if FAULTS.iter().any(|fault| fault.reason_code() == reason) {
            let entry = truth.get_mut(file).unwrap();
            entry.faults.insert((line, reason));
            entry.rows_without_fault -= 1;
        }
    }
    truth
}

fn check_province(name: &str) {
    let Some(folder) = sample_folder(name) else {
        return;
    };
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let contracts = Contracts::load_dir(&project.join("pipelines/feeds")).unwrap();
    let (mut files, mut faults) = (0, 0);
    for (object, truth) in read_truth(&folder) {
        let kind = FileKind::from_name(&object).unwrap();
        let is_plain = kind.compression == Compression::None
            && matches!(kind.format, Format::Csv | Format::Tsv);
        let bytes = std::fs::read(folder.join(&object)).unwrap();
        let line_feeds: Vec<u64> = memchr::memchr_iter(b'\n', &bytes)
            .map(|index| index as u64)
            .collect();
        let source = Box::new(File::open(folder.join(&object)).unwrap());
        let limits = Limits {
            block: 4096,
            ..Limits::default()
        };
        let contract = contracts.get(object.split('/').nth(1).unwrap()).unwrap();
        let judge = |fields: &[String]| {
            let header = contract.match_header(fields);
            HeaderJudgement {
                usable: header.is_usable(),
                recognised: header.recognised(),
            }
        };
        let mut reader = open(source, bytes.len() as u64, kind, limits, &judge).unwrap();
        let mut found = BTreeSet::new();
        let mut rows_without_fault = 0;
        while let Some(block) = reader.next_block().unwrap() {
            for row in block.parse().rows() {
                if let Some(offset) = row.position.byte.filter(|_| is_plain) {
                    let line_feeds_before = line_feeds.partition_point(|byte| *byte < offset);
                    assert_eq!(row.position.line, line_feeds_before as u64 + 1, "{object}");
                }
                match row.fault {
                    None => rows_without_fault += 1,
                    Some(fault) => {
                        found.insert((row.position.line, fault.reason_code().to_owned()));
                    }
                }
            }
        }
        assert_eq!(found, truth.faults, "{object}");
        assert_eq!(rows_without_fault, truth.rows_without_fault, "{object}");
        if is_plain
            && !bytes.is_ascii()
            && !truth.encoding.is_empty()
            && reader.encoding().to_string() != truth.encoding
        {
            // A file without Chinese has nothing beyond ASCII but its broken rows, and nothing to tell by.
            let is_ascii_but_for_broken = bytes.iter().all(|byte| byte.is_ascii() || *byte == 0xFF);
            assert!(
                is_ascii_but_for_broken,
                "{object} was read as {}",
                reader.encoding()
            );
        }
        files += 1;
        faults += truth.faults.len();
    }
    println!("{name}: {files} files, {faults} broken rows at their lines");
    assert!(files > 100 && faults > 100);
}

#[test]
fn small_province() {
    check_province("small");
}

#[test]
fn mixed_province() {
    check_province("mixed");
}
