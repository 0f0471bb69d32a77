//! What readers get: the public's tables after disclosure control, workbooks, the page, the history of figures.

use std::collections::BTreeMap;
use std::path::Path;

use crate::workspace::{Workspace, copy_folder, files, repository};

/// Rows of a CSV file by heading.
fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = csv_lines(text.trim_start_matches('\u{feff}'));
    let headings = lines.remove(0);
    lines
        .into_iter()
        .map(|line| headings.iter().cloned().zip(line).collect())
        .collect()
}

/// Statistics hold no quotes and no line feeds.
fn csv_lines(text: &str) -> Vec<Vec<String>> {
    text.lines()
        .map(|line| line.split(',').map(str::to_owned).collect())
        .collect()
}

fn export(workspace: &Workspace, audience: &str, format: &str) -> std::path::PathBuf {
    let out = workspace.path(&format!("out-{audience}-{format}"));
    let folder = out.to_string_lossy().into_owned();
    workspace
        .run(&[
            "export",
            "--out",
            &folder,
            "--audience",
            audience,
            "--format",
            format,
        ])
        .expect(0);
    out
}

/// The figures whose sum over cities is the province's, by table and the columns that tell rows apart.
const ADDITIVE: [(&str, &[&str], &[&str]); 5] = [
    (
        "city_progress_monthly",
        &["month"],
        &["completions", "completions_ytd"],
    ),
    (
        "city_category_monthly",
        &["month", "category"],
        &["completions"],
    ),
    (
        "city_group_monthly",
        &["month", "learner_group"],
        &["completions"],
    ),
    (
        "city_fund_monthly",
        &["month", "fund", "kind"],
        &["claims_submitted", "claims_paid"],
    ),
    (
        "archive_coverage_monthly",
        &["month"],
        &["with_certificate", "complete_archives"],
    ),
];

#[test]
fn the_public_sees_no_small_count_and_cannot_subtract_one() {
    let workspace = Workspace::shipped();
    workspace.night().expect(1);
    let public = export(&workspace, "public", "csv");
    let internal = export(&workspace, "internal", "csv");
    assert!(!public.join("indicator_hits.csv").exists());
    assert!(!public.join("platform_scores.csv").exists());
    let mut hidden = 0;
    for (table, keys, figures) in ADDITIVE {
        let shown = rows(&public.join(format!("{table}.csv")));
        let all = rows(&internal.join(format!("{table}.csv")));
        assert_eq!(shown.len(), all.len(), "{table}");
        let mut stars: BTreeMap<(Vec<&String>, &str), usize> = BTreeMap::new();
        for (shown, all) in shown.iter().zip(&all) {
            for figure in figures {
                let (cell, value) = (&shown[*figure], &all[*figure]);
                if cell == "*" {
                    hidden += 1;
                    let key: Vec<&String> = keys.iter().map(|key| &shown[*key]).collect();
                    *stars.entry((key, figure)).or_default() += 1;
                } else {
                    assert_eq!(cell, value, "{table} {figure}");
                    let count: i64 = value.parse().unwrap();
                    assert!(!(1..5).contains(&count), "{table} {figure} shows {count}");
                }
            }
        }
        for (key, count) in stars {
            assert!(
                count > 1,
                "{table} {key:?}: the one star follows from its total"
            );
        }
    }
    assert!(hidden > 20, "{hidden}");
    let money = rows(&public.join("city_fund_monthly.csv"));
    let yuan = money
        .iter()
        .find(|row| row["paid_yuan"] != "*" && row["paid_yuan"] != "0.00");
    let yuan = &yuan.unwrap()["paid_yuan"];
    assert_eq!(yuan.split_once('.').unwrap().1.len(), 2, "{yuan}");
}

#[test]
fn a_release_has_workbooks_and_a_page_and_a_second_night_writes_the_same() {
    let workspace = Workspace::shipped();
    workspace.night().expect(1);
    let release = workspace.release();
    let page = workspace.path(&format!("published/public/{release}/index.html"));
    let text = std::fs::read_to_string(&page).unwrap();
    assert!(text.contains("default-src 'none'") && text.contains(&release));
    for file in text.split("href\":\"").skip(1) {
        let link = file.split('"').next().unwrap();
        if link.starts_with("../../") {
            let target = page.parent().unwrap().join(link);
            assert!(target.exists(), "{link}");
        }
    }
    let first = export(&workspace, "public", "xlsx").join("skillwatch-public.xlsx");
    let bytes = std::fs::read(first).unwrap();
    assert!(bytes.starts_with(b"PK"));
    let second = export(&workspace, "internal", "xlsx").join("skillwatch-internal.xlsx");
    assert!(std::fs::metadata(second).unwrap().len() > 10_000);
    let again = export(&workspace, "public", "xlsx").join("skillwatch-public.xlsx");
    assert_eq!(bytes, std::fs::read(again).unwrap());
    workspace.night().expect(0);
    assert_eq!(workspace.release(), release);
}

#[test]
fn a_late_file_is_told_in_the_history_and_by_diff() {
    let workspace = Workspace::shipped();
    workspace.night().expect(1);
    let first = workspace.release();
    assert!(workspace.ask("SELECT * FROM revision_history").is_empty());
    for feed in std::fs::read_dir(repository().join("data-samples/raw_day2")).unwrap() {
        let feed = feed.unwrap();
        let target = workspace.path("raw").join(feed.file_name()).join("day2");
        copy_folder(&feed.path(), &target);
    }
    workspace.night().expect(0);
    let second = workspace.release();
    assert_ne!(first, second);
    let told = workspace.ask(
        "SELECT table_name, figure, revision_number, reason FROM revision_history \
         WHERE table_name = 'city_fund_monthly' ORDER BY table_name, cell, figure",
    );
    assert!(!told.is_empty());
    assert!(
        told.iter()
            .all(|line| line.contains("corrected_file claims: claims/day2")),
        "{told:?}"
    );
    let diff = workspace
        .run(&[
            "diff",
            &first,
            "--tables",
            "city_fund_monthly",
            "--format",
            "csv",
        ])
        .expect(0)
        .stdout;
    assert!(
        diff.contains("revised") && diff.contains("corrected_file"),
        "{diff}"
    );
    assert_eq!(diff.lines().count() - 1, told.len(), "{diff}");
    workspace.run(&["diff", "2020-01-01-00000000"]).expect(3);
    // The public's history tells of no figure that it may not see.
    let public = export(&workspace, "public", "csv");
    let history = rows(&public.join("revision_history.csv"));
    assert!(history.len() <= workspace.ask("SELECT * FROM revision_history").len());
}

#[test]
fn a_public_figure_that_is_not_described_is_a_mistake() {
    let workspace = Workspace::shipped();
    workspace.edit(
        "pipelines/disclosure.toml",
        "{ name = \"persons_paid\", role = \"count\", weight = 3 },",
        "",
    );
    let check = workspace.run(&["check"]).expect(3).stdout;
    assert!(
        check.contains("persons_paid") && check.contains("pipelines/disclosure.toml"),
        "{check}"
    );
}

/// The order of records in a file, and of files, says nothing of the world.
#[test]
fn shuffled_files_give_the_same_figures() {
    let tidy = Workspace::shipped();
    std::fs::remove_dir_all(tidy.path("raw")).unwrap();
    let raw = tidy.path("raw").to_string_lossy().into_owned();
    tidy.run(&[
        "sample",
        "--out",
        &tidy.path("made").to_string_lossy(),
        "--persons",
        "300",
        "--dirty",
        "false",
    ])
    .expect(0);
    copy_folder(&tidy.path("made/raw"), Path::new(&raw));
    let shuffled = Workspace::shipped();
    std::fs::remove_dir_all(shuffled.path("raw")).unwrap();
    for file in files(Path::new(&raw)) {
        let inner = file.strip_prefix(&raw).unwrap();
        let bytes = std::fs::read(&file).unwrap();
        let mut lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
        // Another order, always the same: by the hash of each line.
        let header = lines.remove(0);
        // A record in quotes may go over several lines; files with such keep their order.
        if !bytes.contains(&b'"') {
            lines.sort_by_key(|line| blake3::hash(line).as_bytes().to_vec());
        }
        let target = shuffled.path("raw").join(inner);
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        std::fs::write(target, [&[header], &lines[..]].concat().concat()).unwrap();
    }
    for workspace in [&tidy, &shuffled] {
        let code = workspace.night().code;
        assert!(code == 0 || code == 1, "{code}");
    }
    let (tidy, shuffled) = (
        export(&tidy, "public", "parquet"),
        export(&shuffled, "public", "parquet"),
    );
    let mut compared = 0;
    for file in files(&tidy) {
        let name = file.file_name().unwrap();
        let other = shuffled.join(name);
        assert!(
            std::fs::read(&file).unwrap() == std::fs::read(&other).unwrap(),
            "{name:?}"
        );
        compared += 1;
    }
    assert!(compared >= 11, "{compared}");
}
