//! Quarantined rows are loaded once their contract is mended, each in the place it would have had.

use std::collections::BTreeMap;

use crate::province::{ENROLMENTS, enrolment, file, province};
use crate::workspace::{Workspace, copy_folder, files, repository};

const CONTRACT: &str = "pipelines/feeds/enrolments.toml";

fn deliver(workspace: &Workspace, name: &str, lines: &[String]) {
    let path = format!("raw/enrolments/city=3701/{name}.csv");
    workspace.write(&path, &file(ENROLMENTS, lines));
}

/// Teaches the contract that a word stands for `other`.
fn teach(workspace: &Workspace, word: &str) {
    workspace.edit(
        CONTRACT,
        "\"其他\", \"其它\"",
        &format!("\"{word}\", \"其他\", \"其它\""),
    );
}

/// Every load balances, and the table holds each key once.
fn assert_books(workspace: &Workspace, feed: &str, key: &str) {
    let unbalanced = "SELECT object FROM loads WHERE rows_read <> rows_accepted + rows_quarantined + rows_superseded + rows_duplicate";
    assert_eq!(workspace.ask(unbalanced), [""; 0]);
    let counts = workspace.ask(&format!(
        "SELECT COUNT(*) AS n, COUNT(DISTINCT {key}) AS k FROM {feed}"
    ));
    let (rows, keys) = counts[0].split_once(',').unwrap();
    assert_eq!(rows, keys, "{feed} holds a key twice");
}

/// The published tables whose content does not depend on when a row was loaded, and by which contract.
fn exported(workspace: &Workspace) -> BTreeMap<String, Vec<u8>> {
    let out = workspace.path("out");
    let folder = out.to_string_lossy();
    let arguments = [
        "export",
        "--out",
        &folder,
        "--audience",
        "restricted",
        "--format",
        "csv",
    ];
    workspace.run(&arguments).expect(0);
    let tables = files(&out).into_iter().map(|path| {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        (name, std::fs::read(path).unwrap())
    });
    tables
        .filter(|(name, _)| {
            !["data_quality", "quarantine", "schema_drift"].contains(&name.as_str())
        })
        .collect()
}

#[track_caller]
fn assert_same_figures(mended: &Workspace, fresh: &Workspace) {
    let (mended, fresh) = (exported(mended), exported(fresh));
    assert!(mended.keys().eq(fresh.keys()));
    // The history of figures tells that they came later; all others must be the same.
    let is_figure = |name: &&String| !name.starts_with("revision_");
    for name in fresh.keys().filter(is_figure) {
        let content = &fresh[name];
        let (found, expected) = (&mended[name], content);
        let shown = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        if found != expected {
            let (found, expected) = (shown(found), shown(expected));
            let differing: Vec<(&str, &str)> = found
                .lines()
                .zip(expected.lines())
                .filter(|(left, right)| left != right)
                .take(3)
                .collect();
            panic!("{name} differs after the replay (found, expected): {differing:#?}");
        }
    }
}

#[test]
fn rows_that_a_mended_contract_accepts_are_loaded_once() {
    let workspace = province();
    deliver(
        &workspace,
        "a",
        &[
            enrolment(1, "employee", "2020-08-01"),
            enrolment(2, "灵活就业", "2020-08-02"),
            enrolment(3, "migrant", "2020-13-01"),
            enrolment(4, "灵活就业", "2020-09-01"),
        ],
    );
    workspace.night().expect(1);
    let release = workspace.release();
    let idle = workspace.run(&["replay"]).expect(1).stdout;
    assert!(
        idle.contains("enrolments: 2 rows are refused still (bad_enum)"),
        "{idle}"
    );
    assert!(idle.contains("no row left the quarantine"), "{idle}");
    assert_eq!(workspace.release(), release, "nothing was mended");

    teach(&workspace, "灵活就业");
    let replay = workspace.run(&["replay"]).expect(1).stdout;
    for told in [
        "enrolments: 2 rows left the quarantine = 2 accepted + 0 superseded + 0 duplicate\n",
        "enrolments: 1 rows are refused still (bad_date)\n",
        "city_progress_monthly: ",
        "month=2020-08,city_code=370100: completions 1 → 2\n",
        "month=2020-09,city_code=370100: completions 0 → 1\n",
    ] {
        assert!(replay.contains(told), "{told}: {replay}");
    }
    let quarantine =
        workspace.ask("SELECT line, reason, replayed_on FROM quarantine ORDER BY line");
    assert_eq!(
        quarantine,
        [
            "3,bad_enum,2020-12-31",
            "4,bad_date,",
            "5,bad_enum,2020-12-31"
        ]
    );
    let loaded =
        workspace.ask("SELECT enrolment_id, learner_group FROM enrolments ORDER BY enrolment_id");
    assert_eq!(loaded, ["E0001,employee", "E0002,other", "E0004,other"]);
    assert_books(&workspace, "enrolments", "enrolment_id");
    let counts = workspace.ask(
        "SELECT rows_read, rows_accepted, rows_quarantined FROM loads WHERE feed = 'enrolments' ORDER BY rows_read",
    );
    assert_eq!(counts, ["2,2,0", "4,1,3"]);

    let second_release = workspace.release();
    assert_ne!(second_release, release);
    let again = workspace.run(&["replay"]).expect(1).stdout;
    assert!(again.contains("no row left the quarantine"), "{again}");
    assert!(again.contains("no figure moved"), "{again}");
    assert!(!again.contains("accepted"), "{again}");
    assert_eq!(workspace.release(), second_release);
    let night = workspace.night().expect(0);
    assert!(night.stderr.contains("computed 0 of "), "{}", night.stderr);
    assert_eq!(workspace.release(), second_release);
}

#[test]
fn a_replay_that_leaves_nothing_in_quarantine_ends_with_0() {
    let workspace = province();
    deliver(&workspace, "a", &[enrolment(1, "灵活就业", "2020-08-01")]);
    workspace.night().expect(1);
    teach(&workspace, "灵活就业");
    workspace.run(&["replay"]).expect(0);
    let again = workspace.run(&["replay"]).expect(0).stdout;
    assert!(again.contains("no row left the quarantine"), "{again}");
    assert!(again.contains("no figure moved"), "{again}");
}

/// A type that stores the same kind of value, and bounds.
#[test]
fn a_mended_type_and_mended_bounds_are_replayed_too() {
    let workspace = province();
    workspace.edit(CONTRACT, "type = \"division\"", "type = \"city\"");
    let abroad = enrolment(1, "employee", "2020-08-01").replace(",370102,", ",379999,");
    let negative = enrolment(2, "employee", "2020-08-01").replace(",0,40", ",0,-1");
    deliver(&workspace, "a", &[abroad, negative]);
    workspace.night().expect(1);
    let reasons = workspace.ask("SELECT \"column\", reason FROM quarantine ORDER BY line");
    assert_eq!(
        reasons,
        ["hukou_code,bad_enum", "offline_hours,out_of_range"]
    );
    workspace.edit(
        CONTRACT,
        "type = \"city\"\n\n[[columns]]\nname = \"course_id\"",
        "type = \"division\"\n\n[[columns]]\nname = \"course_id\"",
    );
    workspace.edit(CONTRACT, "min = 0", "min = -8");
    let replay = workspace.run(&["replay"]).expect(0).stdout;
    assert!(
        replay.contains("enrolments: 2 rows left the quarantine = 2 accepted"),
        "{replay}"
    );
    assert_books(&workspace, "enrolments", "enrolment_id");
}

/// A type that stores another kind of value cannot join the rows that are there: it is refused, or the table holds both.
#[test]
fn a_type_that_is_stored_otherwise_does_not_spoil_the_table() {
    let workspace = province();
    let as_integer = "en = \"identifier of the online course\"\ntype = \"integer\"";
    let as_text = as_integer.replace("integer", "text");
    workspace.edit(CONTRACT, &as_text, as_integer);
    let course = |number, course: &str| {
        enrolment(number, "employee", "2020-08-01")
            .replace(",370102,,", &format!(",370102,{course},"))
    };
    deliver(&workspace, "a", &[course(1, "7"), course(2, "K1")]);
    workspace.night().expect(1);
    workspace.edit(CONTRACT, as_integer, &as_text);
    let replay = workspace.run(&["replay"]);
    let loaded = workspace.run(&["query", "SELECT enrolment_id, course_id FROM enrolments"]);
    assert_eq!(
        loaded.code, 0,
        "{}\nafter the replay: {} {}",
        loaded.stderr, replay.code, replay.stderr
    );
    if replay.code > 2 {
        assert!(replay.stderr.contains("course_id"), "{}", replay.stderr);
    }
    deliver(&workspace, "b", &[course(3, "K2")]);
    workspace.night();
    workspace.ask("SELECT enrolment_id, course_id FROM enrolments");
}

/// The contracts with words, bounds and a year less, so that rows of many feeds wait in quarantine.
fn break_contracts(workspace: &Workspace) {
    workspace.edit(
        CONTRACT,
        "  { value = \"migrant\", zh = [\"农民工\"] },\n",
        "",
    );
    workspace.edit(
        "pipelines/feeds/claims.toml",
        "  { value = \"paid\", zh = [\"已发放\"] },\n",
        "",
    );
    workspace.edit(
        "pipelines/feeds/classes.toml",
        "  { value = \"blended\", zh = [\"线上线下\"] },\n",
        "",
    );
    workspace.edit(
        "pipelines/feeds/targets.toml",
        "en = \"calendar year\"\ntype = \"integer\"",
        "en = \"calendar year\"\ntype = \"integer\"\nmax = 2019",
    );
    workspace.edit(
        "pipelines/feeds/study_logs.toml",
        "name = \"watched_seconds\"",
        "name = \"watched_seconds\"\nmax = 2600",
    );
    workspace.edit(
        "pipelines/feeds/attendance.toml",
        "mode = \"append\"",
        "mode = \"append\"\ndrift = { missing = \"quarantine\" }",
    );
}

/// The second delivery, laid beside the first.
fn deliver_second_day(workspace: &Workspace) {
    let second = repository().join("data-samples/raw_day2");
    for feed in std::fs::read_dir(&second).unwrap() {
        let feed = feed.unwrap();
        let target = workspace.path("raw").join(feed.file_name()).join("day2");
        copy_folder(&feed.path(), &target);
    }
}

#[test]
fn figures_after_a_replay_are_those_of_a_contract_right_from_the_start() {
    let fresh = Workspace::shipped();
    fresh.night().expect(1);
    deliver_second_day(&fresh);
    fresh.night().expect(0);

    let mended = Workspace::shipped();
    break_contracts(&mended);
    mended.night().expect(1);
    deliver_second_day(&mended);
    mended.night().expect(1);
    let held = mended.ask("SELECT feed, COUNT(*) AS n FROM quarantine WHERE replayed_on IS NULL GROUP BY feed ORDER BY feed");
    std::fs::remove_dir_all(mended.path("pipelines")).unwrap();
    copy_folder(&repository().join("pipelines"), &mended.path("pipelines"));
    let replay = mended.run(&["replay"]).expect(1).stdout;
    for feed in ["claims", "classes", "enrolments", "study_logs", "targets"] {
        assert!(
            replay.contains(&format!("\n{feed}: ")) || replay.starts_with(&format!("{feed}: ")),
            "{feed}: {replay}\n{held:?}"
        );
    }
    assert_books(&mended, "enrolments", "enrolment_id");
    assert_books(&mended, "claims", "claim_id");
    assert_books(&mended, "study_logs", "log_id");
    assert_books(
        &mended,
        "targets",
        "city_code || '|' || CAST(year AS VARCHAR)",
    );
    assert_same_figures(&mended, &fresh);
    let release = mended.release();
    let again = mended.run(&["replay"]).expect(1).stdout;
    assert!(
        again.contains("no row left the quarantine") && again.contains("no figure moved"),
        "{again}"
    );
    assert_eq!(mended.release(), release);
    let night = mended.night().expect(0);
    assert!(night.stderr.contains("computed 0 of "), "{}", night.stderr);
}

#[test]
fn a_later_correction_wins_over_a_replayed_row() {
    let workspace = province();
    deliver(
        &workspace,
        "a",
        &[
            enrolment(1, "灵活就业", "2020-08-01"),
            enrolment(2, "灵活就业", "2020-08-01"),
        ],
    );
    workspace.night().expect(1);
    deliver(&workspace, "b", &[enrolment(1, "migrant", "2020-09-01")]);
    workspace.night().expect(0);
    teach(&workspace, "灵活就业");
    workspace.run(&["replay"]).expect(0);
    let current = workspace.ask(
        "SELECT enrolment_id, learner_group, completed_month FROM enrolments ORDER BY enrolment_id",
    );
    assert_eq!(current, ["E0001,migrant,2020-09", "E0002,other,2020-08"]);
    assert_books(&workspace, "enrolments", "enrolment_id");
}

/// Within one file the last line wins, whichever of the two waited in quarantine.
#[test]
fn a_later_line_of_the_same_file_wins_over_a_replayed_row() {
    let workspace = province();
    deliver(
        &workspace,
        "a",
        &[
            enrolment(1, "灵活就业", "2020-08-01"),
            enrolment(1, "migrant", "2020-09-01"),
            enrolment(2, "migrant", "2020-08-01"),
            enrolment(2, "灵活就业", "2020-09-01"),
            enrolment(3, "灵活就业", "2020-08-01"),
            enrolment(3, "灵活就业", "2020-09-01"),
            enrolment(4, "灵活就业", "2020-08-01"),
            enrolment(4, "灵活就业", "2020-08-01"),
        ],
    );
    workspace.night().expect(1);
    teach(&workspace, "灵活就业");
    let replay = workspace.run(&["replay"]).expect(0).stdout;
    let told = "enrolments: 6 rows left the quarantine = 3 accepted + 2 superseded + 1 duplicate";
    assert!(replay.contains(told), "{replay}");
    let current = workspace.ask(
        "SELECT enrolment_id, learner_group, completed_month FROM enrolments ORDER BY enrolment_id",
    );
    assert_eq!(
        current,
        [
            "E0001,migrant,2020-09",
            "E0002,other,2020-09",
            "E0003,other,2020-09",
            "E0004,other,2020-08"
        ]
    );
    assert_books(&workspace, "enrolments", "enrolment_id");
}

#[test]
fn a_later_file_that_said_the_old_thing_again_wins_over_a_replayed_row() {
    let workspace = province();
    deliver(&workspace, "a", &[enrolment(1, "employee", "2020-08-01")]);
    workspace.night().expect(0);
    deliver(&workspace, "b", &[enrolment(1, "灵活就业", "2020-09-01")]);
    workspace.night().expect(1);
    deliver(&workspace, "c", &[enrolment(1, "employee", "2020-08-01")]);
    workspace.night().expect(0);
    teach(&workspace, "灵活就业");
    workspace.run(&["replay"]).expect(0);
    let current =
        workspace.ask("SELECT enrolment_id, learner_group, completed_month FROM enrolments");
    assert_eq!(current, ["E0001,employee,2020-08"]);
    assert_books(&workspace, "enrolments", "enrolment_id");
}

/// The like, when the later file's row had waited in quarantine itself and was replayed first.
#[test]
fn a_replayed_repetition_wins_over_an_older_row_replayed_after_it() {
    let workspace = province();
    deliver(&workspace, "a", &[enrolment(1, "other", "2020-08-01")]);
    workspace.night().expect(0);
    deliver(&workspace, "b", &[enrolment(1, "灵活就业", "2020-09-01")]);
    workspace.night().expect(1);
    deliver(&workspace, "c", &[enrolment(1, "别的", "2020-08-01")]);
    workspace.night().expect(1);
    teach(&workspace, "别的");
    let replay = workspace.run(&["replay"]).expect(1).stdout;
    assert!(
        replay.contains(
            "enrolments: 1 rows left the quarantine = 0 accepted + 0 superseded + 1 duplicate"
        ),
        "{replay}"
    );
    teach(&workspace, "灵活就业");
    workspace.run(&["replay"]).expect(0);
    let current =
        workspace.ask("SELECT enrolment_id, learner_group, completed_month FROM enrolments");
    assert_eq!(current, ["E0001,other,2020-08"]);
}

#[test]
fn an_object_that_is_gone_or_changed_is_named_and_the_others_load() {
    let workspace = province();
    for (name, number) in [("changed", 1), ("gone", 2), ("kept", 3)] {
        deliver(
            &workspace,
            name,
            &[enrolment(number, "灵活就业", "2020-08-01")],
        );
    }
    workspace.night().expect(1);
    std::fs::remove_file(workspace.path("raw/enrolments/city=3701/gone.csv")).unwrap();
    deliver(
        &workspace,
        "changed",
        &[enrolment(1, "migrant", "2020-09-01")],
    );
    teach(&workspace, "灵活就业");
    let replay = workspace.run(&["replay"]).expect(1).stdout;
    for told in [
        "enrolments: 1 rows left the quarantine = 1 accepted",
        "enrolments/city=3701/gone.csv: it is no longer in the raw root",
        "enrolments/city=3701/changed.csv: it has other content",
    ] {
        assert!(replay.contains(told), "{told}: {replay}");
    }
    assert_eq!(
        workspace.ask("SELECT enrolment_id FROM enrolments"),
        ["E0003"]
    );
    workspace.night().expect(0);
    let current =
        workspace.ask("SELECT enrolment_id, learner_group FROM enrolments ORDER BY enrolment_id");
    assert_eq!(current, ["E0001,migrant", "E0003,other"]);
    assert_books(&workspace, "enrolments", "enrolment_id");
}

/// A file that the contract now refuses as a whole is named like one that is gone.
#[test]
fn an_object_that_the_contract_now_refuses_is_named() {
    let workspace = province();
    let header = format!("{ENROLMENTS},备注");
    let lines = [format!("{},x", enrolment(1, "灵活就业", "2020-08-01"))];
    workspace.write("raw/enrolments/city=3701/a.csv", &file(&header, &lines));
    workspace.night().expect(1);
    teach(&workspace, "灵活就业");
    workspace.edit(
        CONTRACT,
        "mode = \"append\"",
        "mode = \"append\"\ndrift = { new = \"refuse\" }",
    );
    let replay = workspace.run(&["replay"]).expect(1).stdout;
    assert!(replay.contains("enrolments/city=3701/a.csv: "), "{replay}");
    assert!(replay.contains("备注"), "{replay}");
}

#[test]
fn a_replayed_row_belongs_to_its_own_snapshot() {
    let workspace = province();
    let contract = "pipelines/feeds/targets.toml";
    let year = "en = \"calendar year\"\ntype = \"integer\"";
    workspace.edit(contract, year, &format!("{year}\nmax = 2020"));
    let deliver = |name: &str, lines: &[&str]| {
        let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        let path = format!("raw/targets/city=3701/{name}.csv");
        workspace.write(&path, &file("year,city_code,target_completions", &lines));
    };
    let current = || {
        workspace
            .ask("SELECT year, city_code, target_completions FROM targets ORDER BY city_code, year")
    };
    deliver(
        "a",
        &[
            "2019,370100,10",
            "2020,370100,20",
            "2021,370100,30",
            "2021,370200,5",
        ],
    );
    workspace.night().expect(1);
    deliver("b", &["2020,370100,21"]);
    workspace.night().expect(0);
    assert_eq!(current(), ["2020,370100,21"]);
    workspace.edit(contract, "\nmax = 2020", "");
    let replay = workspace.run(&["replay"]).expect(0).stdout;
    assert!(
        replay.contains("targets: 2 rows left the quarantine = 2 accepted"),
        "{replay}"
    );
    // Jinan has sent a newer file; of Qingdao the replayed row is all there is.
    assert_eq!(current(), ["2020,370100,21", "2021,370200,5"]);
    deliver("c", &["2021,370200,6"]);
    workspace.night().expect(0);
    assert_eq!(current(), ["2020,370100,21", "2021,370200,6"]);
}

/// A replayed row of the newest snapshot joins the rows that stand.
#[test]
fn a_replayed_row_of_the_newest_snapshot_joins_it() {
    let workspace = province();
    let contract = "pipelines/feeds/subsidy_standards.toml";
    workspace.edit(
        contract,
        "name = \"min_hours\"",
        "name = \"min_hours\"\nmax = 40",
    );
    let header = "city_code,occupation_code,skill_level,valid_from,valid_until,standard_yuan,min_hours,hourly_cap_yuan";
    let standard = |occupation: &str, hours: u32, yuan: u32| {
        format!("370100,{occupation},5,2019-01-01,,{yuan},{hours},")
    };
    workspace.write(
        "raw/subsidy_standards/a.csv",
        &file(
            header,
            &[
                standard("4-01", 40, 100),
                standard("4-02", 80, 200),
                standard("4-01", 60, 300),
            ],
        ),
    );
    workspace.night().expect(1);
    workspace.edit(contract, "\nmax = 40", "");
    workspace.run(&["replay"]).expect(0);
    let current = || {
        workspace.ask(
            "SELECT occupation_code, standard_fen FROM subsidy_standards ORDER BY occupation_code",
        )
    };
    assert_eq!(current(), ["4-01,30000", "4-02,20000"]);
    workspace.write(
        "raw/subsidy_standards/b.csv",
        &file(header, &[standard("4-03", 40, 400)]),
    );
    workspace.night().expect(0);
    assert_eq!(current(), ["4-03,40000"]);
}

#[test]
fn rows_held_for_a_new_heading_load_once_the_contract_knows_it() {
    let workspace = province();
    workspace.edit(
        CONTRACT,
        "mode = \"append\"",
        "mode = \"append\"\ndrift = { renamed = \"quarantine\", new = \"quarantine\" }",
    );
    let header = ENROLMENTS.replace("completed_on", "毕业日");
    let lines = [
        enrolment(1, "employee", "2020-08-01"),
        enrolment(2, "employee", "2020-13-01"),
    ];
    workspace.write("raw/enrolments/city=3701/a.csv", &file(&header, &lines));
    workspace.night().expect(1);
    assert_eq!(
        workspace.ask("SELECT enrolment_id FROM enrolments"),
        [""; 0]
    );
    workspace.edit(
        CONTRACT,
        "zh = [\"结业日期\"]",
        "zh = [\"结业日期\", \"毕业日\"]",
    );
    let replay = workspace.run(&["replay"]).expect(1).stdout;
    assert!(
        replay.contains("enrolments: 1 rows left the quarantine = 1 accepted"),
        "{replay}"
    );
    assert!(
        replay.contains("enrolments: 1 rows are refused still (bad_date)"),
        "{replay}"
    );
    assert!(
        replay.contains("month=2020-08,city_code=370100: completions — → 1"),
        "{replay}"
    );
    let loaded = workspace.ask("SELECT enrolment_id, completed_month FROM enrolments");
    assert_eq!(loaded, ["E0001,2020-08"]);
}

/// The city is told of every file of which rows were replayed, and nothing untrue of the others.
#[test]
fn a_replay_writes_receipts_of_what_it_loaded() {
    let workspace = province();
    deliver(&workspace, "a", &[enrolment(1, "灵活就业", "2020-08-01")]);
    deliver(&workspace, "b", &[enrolment(2, "employee", "2020-13-01")]);
    workspace.night().expect(1);
    let receipts = || -> Vec<(String, serde_json::Value)> {
        files(&workspace.path("published/receipts"))
            .into_iter()
            .filter(|path| path.extension().is_some_and(|suffix| suffix == "json"))
            .map(|path| {
                let name = path.display().to_string();
                (
                    name,
                    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap(),
                )
            })
            .filter(|(name, _)| name.contains("enrolments"))
            .collect()
    };
    let before: Vec<String> = receipts().into_iter().map(|(name, _)| name).collect();
    teach(&workspace, "灵活就业");
    workspace.run(&["replay"]).expect(1);
    let new: Vec<_> = receipts()
        .into_iter()
        .filter(|(name, _)| !before.contains(name))
        .collect();
    let of_a: Vec<_> = new
        .iter()
        .filter(|(name, _)| name.contains("/a.csv/"))
        .collect();
    assert_eq!(of_a.len(), 1);
    assert_eq!(
        (&of_a[0].1["read"], &of_a[0].1["accepted"]),
        (&1.into(), &1.into())
    );
    for (name, receipt) in &new {
        assert_ne!(
            receipt["read"], 0,
            "{name} says that the file is empty: {receipt:#}"
        );
    }
}
