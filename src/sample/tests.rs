//! Whole samples, made in temporary folders.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use encoding_rs::GB18030;

use super::*;

fn options() -> SampleOptions {
    SampleOptions {
        persons: 60,
        months: "2020-07..2020-12".parse().unwrap(),
        encoding: Encoding::Mixed,
        ..SampleOptions::default()
    }
}

/// All files below a folder, by path.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_owned();
                files.insert(name, fs::read(path).unwrap());
            }
        }
    }
    files
}

fn made(options: &SampleOptions) -> (SampleSummary, BTreeMap<PathBuf, Vec<u8>>) {
    let folder = tempfile::tempdir().unwrap();
    let summary = generate(options, folder.path(), |_| {}).unwrap();
    (summary, contents(folder.path()))
}

fn truth(files: &BTreeMap<PathBuf, Vec<u8>>, name: &str) -> Vec<csv::StringRecord> {
    let table = &files[&Path::new("truth").join(name)];
    csv::Reader::from_reader(table.as_slice())
        .records()
        .map(Result::unwrap)
        .collect()
}

#[test]
fn the_same_options_give_the_same_bytes() {
    let first = made(&options());
    assert_eq!(first, made(&options()));
    let other = made(&SampleOptions {
        seed: 2,
        ..options()
    });
    assert_ne!(first.1, other.1);
}

#[test]
fn every_line_of_every_file_is_accounted_for() {
    let (summary, files) = made(&options());
    let account: serde_json::Value =
        serde_json::from_slice(&files[Path::new("truth/summary.json")]).unwrap();
    let dirty = truth(&files, "dirty.csv");
    let mut good = 0;
    for file in account["files"].as_array().unwrap() {
        let name = file["file"].as_str().unwrap();
        let count = |key: &str| file[key].as_u64().unwrap();
        let bytes = &files[Path::new(name)];
        let broken: Vec<usize> = dirty
            .iter()
            .filter(|line| &line[0] == name)
            .map(|line| line[1].parse().unwrap())
            .collect();
        assert_eq!(broken.len() as u64, count("broken"), "{name}");
        let lines = bytes.split_inclusive(|byte| *byte == b'\n').zip(1..);
        let rest: Vec<u8> = lines
            .filter(|(_, number)| !broken.contains(number))
            .flat_map(|(line, _)| line.iter().copied())
            .collect();
        let is_chinese = file["encoding"] == "gb18030";
        let encoding = if is_chinese {
            GB18030
        } else {
            encoding_rs::UTF_8
        };
        let (text, _, is_malformed) = encoding.decode(&rest);
        assert!(!is_malformed, "{name}");
        assert_eq!(
            is_chinese,
            name.contains("3702") || name.contains("3714"),
            "{name}"
        );
        // Without its broken lines each file is plain CSV, every row as long as the header.
        let rows = csv::Reader::from_reader(text.as_bytes())
            .records()
            .map(Result::unwrap)
            .count();
        assert_eq!(
            rows as u64,
            count("good") + count("superseded") + count("duplicate"),
            "{name}"
        );
        good += count("good");
    }
    assert_eq!(good, summary.rows);
}

#[test]
fn every_reason_and_every_scheme_is_there() {
    let (_, files) = made(&options());
    let dirty = truth(&files, "dirty.csv");
    for reason in [
        "wrong_field_count",
        "bad_encoding",
        "missing_required",
        "bad_number",
        "bad_date",
        "bad_time",
        "bad_enum",
        "precision_lost",
        "out_of_range",
        "bad_quote",
    ] {
        assert!(dirty.iter().any(|line| &line[2] == reason), "{reason}");
    }
    for scheme in Scheme::value_variants() {
        let cases = truth(&files, &format!("{}.csv", scheme.id()));
        assert!(
            cases
                .iter()
                .any(|case| &case[3] == "1" && !case[5].is_empty()),
            "{scheme:?}"
        );
        assert!(
            cases
                .iter()
                .any(|case| &case[3] == "0" && case[5].is_empty()),
            "{scheme:?}"
        );
    }
    for feed in ["claims", "study_logs", "training_directory"] {
        let is_later = |name: &&PathBuf| name.starts_with(Path::new("raw_day2").join(feed));
        assert!(files.keys().any(|name| is_later(&name)), "{feed}");
    }
}

/// The current rows of a feed, by column name; of a sample in UTF-8 without dirt.
fn rows(files: &BTreeMap<PathBuf, Vec<u8>>, feed: &str) -> Vec<BTreeMap<String, String>> {
    let folder = Path::new("raw").join(feed);
    let of_feed = files.iter().filter(|(name, _)| name.starts_with(&folder));
    of_feed
        .flat_map(|(_, bytes)| {
            let mut reader = csv::Reader::from_reader(bytes.as_slice());
            reader
                .deserialize()
                .map(Result::unwrap)
                .collect::<Vec<BTreeMap<String, String>>>()
        })
        .collect()
}

fn plain() -> SampleOptions {
    SampleOptions {
        dirty: false,
        encoding: Encoding::Utf8,
        ..options()
    }
}

#[test]
fn each_case_is_told_once_and_is_there() {
    let (_, files) = made(&plain());
    let values = |feed: &str, column: &str| -> BTreeSet<String> {
        let rows = rows(&files, feed);
        rows.into_iter()
            .map(|mut row| row.remove(column).unwrap())
            .collect()
    };
    let there = BTreeMap::from([
        ("person", values("claims", "person_id")),
        ("account", values("claims", "account_no")),
        ("enrolment", values("enrolments", "enrolment_id")),
        ("class", values("classes", "class_id")),
        ("claim", values("claims", "claim_id")),
        ("org", values("organizations", "org_id")),
        ("teacher", values("attendance", "teacher_id")),
        ("room", values("attendance", "room_id")),
        ("photo", values("attendance", "photo_hash")),
        ("certificate", values("certificates", "certificate_no")),
    ]);
    let mut told = BTreeMap::new();
    for scheme in Scheme::value_variants() {
        for case in truth(&files, &format!("{}.csv", scheme.id())) {
            let (kind, id) = (&case[0], &case[1]);
            let (kind, id) = match kind {
                "person_occupation_level" => ("person", id.split('|').next().unwrap()),
                _ => (kind, id),
            };
            let is_known = there.get(kind).is_none_or(|ids| ids.contains(id));
            assert!(is_known, "{scheme:?} {kind} {id}");
            let key = (
                scheme.id(),
                kind.to_owned(),
                case[1].to_owned(),
                case[2].to_owned(),
            );
            assert!(
                told.insert(key, case[5].to_owned()).is_none(),
                "{scheme:?} {case:?}"
            );
        }
    }
    // What a case brings with it is no hit that another case rules out.
    for line in truth(&files, "collateral.csv") {
        let key = (
            &line[0],
            line[1].to_owned(),
            line[2].to_owned(),
            line[3].to_owned(),
        );
        assert_ne!(told.get(&key).map(String::as_str), Some(""), "{line:?}");
    }
}

#[test]
fn ordinary_classes_are_in_order() {
    let (_, files) = made(&SampleOptions {
        schemes: BTreeSet::new(),
        persons: 200,
        ..plain()
    });
    let directory: BTreeSet<_> = rows(&files, "training_directory")
        .into_iter()
        .map(|row| {
            ["org_id", "city_code", "occupation_code", "skill_level"].map(|key| row[key].clone())
        })
        .collect();
    let mut days: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in rows(&files, "attendance") {
        let class = days.entry(row["class_id"].clone()).or_default();
        class.insert(row["session_on"].clone());
    }
    for class in rows(&files, "classes") {
        let entry =
            ["org_id", "city_code", "occupation_code", "skill_level"].map(|key| class[key].clone());
        assert!(directory.contains(&entry), "{class:?}");
        let hours: f64 = class["planned_offline_hours"].parse().unwrap();
        let attended = days.get(&class["class_id"]).map_or(0, BTreeSet::len);
        let is_over = class["end_on"].as_str() <= "2020-12-31";
        assert!(!is_over || hours <= 8.0 * attended as f64, "{class:?}");
    }
}

#[test]
fn the_ring_and_the_venues_are_told() {
    let (_, files) = made(&options());
    let ring = truth(&files, "bad_orgs.csv");
    assert!(ring.len() >= 5);
    let cases = truth(&files, "RING.csv");
    for organisation in &ring {
        assert!(organisation[3].split(' ').count() >= 3, "{organisation:?}");
        let is_it = |case: &csv::StringRecord| case[1] == organisation[0] && &case[3] == "1";
        assert!(cases.iter().any(is_it), "{organisation:?}");
    }
    // Each hit of the ring is told, so that none of them counts as a false one.
    let collateral = truth(&files, "collateral.csv");
    for indicator in ring
        .iter()
        .flat_map(|organisation| organisation[3].split(' '))
    {
        let is_told = |hit: &csv::StringRecord| &hit[0] == indicator && &hit[4] == "RING";
        assert!(collateral.iter().any(is_told), "{indicator}");
    }
    let logs = &files[Path::new("raw/study_logs/city=3710/study_logs-3710.csv")];
    let logs = String::from_utf8_lossy(logs);
    let venues = truth(&files, "venues.csv");
    assert!(!venues.is_empty() && venues.iter().all(|venue| logs.contains(&venue[0])));
}

#[test]
fn revised_rows_stand_in_a_file_that_is_loaded_later() {
    let (_, files) = made(&options());
    let again = "raw/study_logs/city=3714/study_logs-3714_again.csv";
    assert!(Path::new(again) > Path::new("raw/study_logs/city=3714/study_logs-3714.csv"));
    let account: serde_json::Value =
        serde_json::from_slice(&files[Path::new("truth/summary.json")]).unwrap();
    let count = account["files"].as_array().unwrap();
    let count = count.iter().find(|file| file["file"] == again).unwrap();
    assert_eq!(
        (&count["revision"], &count["duplicate"]),
        (&26.into(), &3.into())
    );
}

#[test]
fn ordinary_classes_do_not_depend_on_the_schemes() {
    let classes = |schemes| {
        let (_, files) = made(&SampleOptions {
            schemes,
            dirty: false,
            encoding: Encoding::Utf8,
            ..options()
        });
        let name = "raw/classes/city=3701/classes-3701.csv";
        let text = String::from_utf8(files[Path::new(name)].clone()).unwrap();
        let ordinary = text.lines().filter(|line| line.starts_with("C010"));
        ordinary.map(str::to_owned).collect::<Vec<_>>()
    };
    let all = classes(Scheme::value_variants().iter().copied().collect());
    assert!(!all.is_empty());
    assert_eq!(all, classes(BTreeSet::from([Scheme::E02])));
}

#[test]
fn schemes_and_dirt_can_be_left_out() {
    let schemes = BTreeSet::from([Scheme::C03]);
    let (summary, files) = made(&SampleOptions {
        schemes,
        dirty: false,
        ..options()
    });
    assert!(files.contains_key(Path::new("truth/C03.csv")));
    assert!(!files.contains_key(Path::new("truth/A01.csv")));
    assert!(truth(&files, "dirty.csv").is_empty());
    assert_eq!(summary.persons, 60 + summary.planted_persons);
}

#[test]
fn impossible_wishes_are_refused() {
    let refused = |options: SampleOptions| {
        let folder = tempfile::tempdir().unwrap();
        let refused = generate(&options, folder.path(), |_| {}).unwrap_err();
        assert_eq!(contents(folder.path()).len(), 0);
        refused.to_string()
    };
    let too_few = refused(SampleOptions {
        persons: 10,
        ..options()
    });
    assert!(
        too_few.starts_with("--persons: must lie between 50 and "),
        "{too_few}"
    );
    assert_eq!(
        too_few,
        refused(SampleOptions {
            persons: u64::MAX,
            ..options()
        })
    );
    let months = "2020-12..2021-02".parse().unwrap();
    assert!(
        refused(SampleOptions {
            months,
            ..options()
        })
        .starts_with("--months")
    );
    let logs_per_enrolment = f64::NAN;
    assert!(
        refused(SampleOptions {
            logs_per_enrolment,
            ..options()
        })
        .starts_with("--logs")
    );
}

#[test]
fn a_folder_with_something_in_it_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("mine"), "kept").unwrap();
    let refused = generate(&options(), folder.path(), |_| {}).unwrap_err();
    assert!(matches!(refused, SampleError::NotEmpty(_)));
    assert_eq!(contents(folder.path()).len(), 1);
}

#[test]
fn the_shipped_sample_is_what_its_readme_says() {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("data-samples");
    let mut shipped = contents(&shipped);
    shipped.remove(Path::new("README.md"));
    // Few schemes keep the samples small, so that the main job and the tests are quick.
    let schemes = [
        Scheme::A01,
        Scheme::A05,
        Scheme::A06,
        Scheme::B01,
        Scheme::B05,
        Scheme::C01,
        Scheme::C03,
        Scheme::C04,
        Scheme::C05,
    ];
    let (_, files) = made(&SampleOptions {
        persons: 300,
        seed: 72,
        schemes: BTreeSet::from(schemes),
        ..options()
    });
    assert_eq!(
        shipped.keys().collect::<Vec<_>>(),
        files.keys().collect::<Vec<_>>()
    );
    let changed: Vec<_> = files
        .keys()
        .filter(|name| files[*name] != shipped[*name])
        .collect();
    assert!(changed.is_empty(), "make data-samples again: {changed:?}");
}
