//! One platform's own sheet: its evaluation over releases, other platforms as quartiles alone, and no person.

use std::io::Read;
use std::path::Path;

use crate::workspace::{Workspace, repository};

const NOTICE: &str = "省级不作决定，由市级决定";

/// Two months with a night each.
fn after_two_months() -> Workspace {
    let workspace = Workspace::shipped();
    for day in ["2020-11-30", "2020-12-31"] {
        let night = workspace.run(&["run", "--as-of", day]);
        assert!(night.code <= 1, "{}", night.stderr);
    }
    workspace
}

/// A platform of the release.
struct Platform {
    id: String,
    name: String,
    grade: String,
    is_ranked: bool,
    usage: Option<f64>,
}

fn platforms(workspace: &Workspace) -> Vec<Platform> {
    let rows = workspace.ask(
        "SELECT platform_id, platform_name, grade, rank, usage FROM platform_scores ORDER BY platform_id",
    );
    rows.iter()
        .map(|row| {
            let cells: Vec<&str> = row.split(',').collect();
            Platform {
                id: cells[0].to_owned(),
                name: cells[1].to_owned(),
                grade: cells[2].to_owned(),
                is_ranked: !cells[3].is_empty(),
                usage: cells[4].parse().ok(),
            }
        })
        .collect()
}

/// All text of a workbook.
fn text_of(book: &Path) -> String {
    let mut archive = zip::ZipArchive::new(std::fs::File::open(book).unwrap()).unwrap();
    let mut text = String::new();
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        part.read_to_string(&mut text).unwrap();
    }
    text
}

/// What no sheet may hold: citizen numbers as sent, enrolments and keys of persons.
fn personal(workspace: &Workspace) -> Vec<String> {
    let path = repository().join("data-samples/raw/enrolments/city=3713/enrolments-3713.csv");
    let mut reader = csv::Reader::from_path(path).unwrap();
    let headers = reader.headers().unwrap().clone();
    let number = headers.iter().position(|name| name == "person_id").unwrap();
    let numbers = reader.records().flatten().map(|row| row[number].to_owned());
    let mut personal: Vec<String> = numbers.filter(|number| number.len() == 18).collect();
    assert!(!personal.is_empty());
    personal.extend(workspace.ask("SELECT enrolment_id FROM enrolments"));
    personal.extend(workspace.ask("SELECT DISTINCT person_hex FROM learner_archive"));
    personal
}

#[test]
fn a_sheet_shows_its_platform_and_neither_another_nor_a_person() {
    let workspace = after_two_months();
    let platforms = platforms(&workspace);
    let ranked = platforms.iter().filter(|one| one.is_ranked).count();
    let personal = personal(&workspace);
    let mut with_peers = 0;
    for own in &platforms {
        let path = workspace.path("sheet.html");
        let page = path.to_string_lossy().into_owned();
        let written = workspace
            .run(&["platform", &own.id, "--out", &page])
            .expect(0);
        assert_eq!(written.stdout.trim(), page);
        let page = std::fs::read_to_string(&path).unwrap();
        let overview = workspace
            .run(&["platform", &own.id, "--lang", "en"])
            .expect(0)
            .stdout;
        let book = workspace.path("sheet.xlsx");
        let name = book.to_string_lossy().into_owned();
        workspace
            .run(&["platform", &own.id, "--out", &name])
            .expect(0);
        let book = text_of(&book);
        for form in [&page, &overview, &book] {
            assert!(form.contains(&own.id) && form.contains(&own.name));
            for other in platforms.iter().filter(|other| other.id != own.id) {
                let (id, name) = (&other.id, &other.name);
                assert!(
                    !form.contains(id) && !form.contains(name),
                    "{} tells of {id}",
                    own.id
                );
            }
            let told = personal.iter().find(|one| form.contains(one.as_str()));
            assert!(told.is_none(), "{} tells of a person", own.id);
        }
        // Head, foot, and what to do in case of disagreement.
        assert_eq!(page.matches(NOTICE).count(), 3);
        // Each month's release, and the grade in words.
        for day in ["2020-11-30", "2020-12-31"] {
            assert!(page.contains(day) && overview.contains(day), "{day}");
        }
        assert_eq!(
            own.grade == "insufficient_sample",
            page.contains("样本不足，不评级")
        );
        // Others are quartiles, computed here once more, or nothing.
        let mut others: Vec<f64> = platforms
            .iter()
            .filter(|other| other.is_ranked && other.id != own.id)
            .filter_map(|other| other.usage)
            .collect();
        others.sort_by(f64::total_cmp);
        let is_few = ranked - usize::from(own.is_ranked) < 5;
        assert_eq!(page.contains("不列同行分布"), is_few);
        if is_few {
            assert!(!page.contains(" · "));
        } else {
            with_peers += 1;
            assert!(others.len() == 5, "the sample has five ranked platforms");
            let told = format!("{:.2} · {:.2} · {:.2}", others[1], others[2], others[3]);
            assert!(page.contains(&told), "{told}");
        }
    }
    assert!(with_peers > 0 && with_peers < platforms.len());
}

#[test]
fn a_sheet_has_every_item_with_its_source_and_the_case_of_exit() {
    let workspace = after_two_months();
    let own = workspace.ask("SELECT platform_id FROM exit_proposals ORDER BY platform_id LIMIT 1");
    let told = workspace
        .run(&["platform", &own[0], "--format", "html"])
        .expect(0)
        .stdout;
    for part in [
        "活跃学员占比",
        "备案与目录有效性",
        "sql/evaluation/items_process.sql",
        "skillwatch query &quot;SELECT t.* FROM study_logs AS t WHERE t.platform_id",
        "skillwatch trace exit_grounds --key platform_id=",
        "僵尸平台 zombie",
        "可采取的措施",
        "5 个工作日内",
        "<svg",
    ] {
        assert!(told.contains(part), "{part}");
    }
    // Every command that is shown finds something to run on.
    let claims = "SELECT t.* FROM claims AS t INNER JOIN enrolments AS e ON e.enrolment_id = t.enrolment_id \
                  INNER JOIN classes AS k ON k.class_id = e.class_id WHERE k.platform_id = ";
    assert!(told.contains(claims));
    workspace
        .run(&["query", &format!("{claims}'{}'", own[0])])
        .expect(0);

    // A release of then is shown as of then, without what came after it.
    let releases = workspace.run(&["releases"]).expect(0).stdout;
    let line = releases.lines().find(|line| line.contains("2020-11-30-"));
    let earlier = line.unwrap().split_whitespace().nth(1).unwrap();
    let told = workspace
        .run(&["platform", &own[0], "--release", earlier])
        .expect(0)
        .stdout;
    assert!(told.contains(earlier) && !told.contains("2020-12-31"));

    // The same release gives the same workbook, readable by its owner alone.
    let books = ["one.xlsx", "two.xlsx"].map(|name| {
        let path = workspace.path(name);
        let text = path.to_string_lossy().into_owned();
        workspace
            .run(&["platform", &own[0], "--out", &text])
            .expect(0);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0);
        }
        std::fs::read(path).unwrap()
    });
    assert!(books[0].starts_with(b"PK") && books[0] == books[1]);

    // A framework that has moved on since is told, and nothing is promised by it.
    let own = workspace.ask("SELECT platform_id FROM platform_scores WHERE rank = 1");
    let page = |workspace: &Workspace| {
        let args = ["platform", &own[0], "--format", "html"];
        workspace.run(&args).expect(0).stdout
    };
    let now = page(&workspace);
    assert!(!now.contains("评价方案已修改") && now.contains("已到上限"));
    workspace.edit("pipelines/evaluation.toml", "minimum = 75", "minimum = 74");
    let then = page(&workspace);
    assert!(then.contains("评价方案已修改") && !then.contains("已到上限"));
}

#[test]
fn wrong_codes_and_options_are_told_without_being_repeated() {
    let workspace = Workspace::shipped();
    let number = "11010519491231002X";
    // Before the first release there is nothing to show.
    workspace.run(&["platform", "91370100KP0000015H"]).expect(3);
    workspace.night().expect(1);
    let school =
        workspace.ask("SELECT org_id FROM organizations WHERE org_kind = 'school' LIMIT 1");
    for arguments in [
        vec!["platform", number],
        vec!["platform", "91370000NOBODY000X"],
        // Known, and no platform.
        vec!["platform", &school[0]],
        vec!["platform", "x' OR '1'='1"],
        vec!["platform", "91370100KP0000015H", "--format", "xlsx"],
        vec![
            "platform",
            "91370100KP0000015H",
            "--release",
            "2020-01-01-00000000",
        ],
        vec!["platform"],
    ] {
        let refused = workspace.run(&arguments).expect(3);
        assert!(refused.stdout.is_empty(), "{}", refused.stdout);
        let told = &refused.stderr;
        let repeats = [number, "NOBODY", "1'='1"];
        assert!(repeats.iter().all(|text| !told.contains(text)), "{told}");
    }
}
