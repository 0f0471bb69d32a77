//! Leads: every indicator on its case file, planted provinces against their truth, reviews, and changes of method.

use std::path::Path;

use crate::workspace::{Workspace, files, repository};

/// A province of few ordinary learners with every scheme planted, after its night.
fn planted(seed: &str) -> (tempfile::TempDir, Workspace) {
    let folder = tempfile::tempdir().unwrap();
    let sample = folder.path().join("province");
    let maker = Workspace::shipped();
    let out = sample.to_str().unwrap();
    let options = ["sample", "--out", out, "--persons", "600", "--seed", seed];
    maker.run(&options).expect(0);
    let workspace = Workspace::new(&sample.join("raw"), "2021-12-31");
    let venues = std::fs::read_to_string(sample.join("truth/venues.csv")).unwrap();
    workspace.list_venues(&venues);
    workspace.night().expect(1);
    (folder, workspace)
}

#[test]
fn every_indicator_finds_what_its_case_file_says_and_nothing_else() {
    let folder = repository().join("tests/indicators");
    let workspace = Workspace::complete();
    let outcome = workspace
        .run(&["check", "--cases", folder.to_str().unwrap()])
        .expect(0);
    for line in outcome.stdout.lines().skip(1) {
        assert!(line.ends_with(" 0 differences"), "{line}");
    }
    let without: Vec<String> = sql_indicators(&repository().join("sql/indicators"))
        .into_iter()
        .filter(|id| !folder.join(format!("{id}.toml")).exists())
        .collect();
    assert!(without.is_empty(), "no case file: {without:?}");
}

#[test]
fn the_rules_of_an_indicators_own_steps_are_told_with_it() {
    let workspace = Workspace::complete();
    // D01 reads no policy itself; a step that is made for it alone does, and claims, which it shares, have other rules.
    let told = workspace.run(&["explain", "D01"]).expect(0).stdout;
    let rules = told.split("-- sql/").next().unwrap_or_default();
    assert!(rules.contains("slot_classes_per_room"), "{rules}");
    assert!(!rules.contains("cohort_number_run"), "{rules}");
}

#[test]
fn what_an_indicator_tests_is_told_in_both_languages() {
    let workspace = Workspace::complete();
    let in_language = |language: &str| {
        let told = workspace.run(&["explain", "B01", "--lang", language]);
        told.expect(0).stdout
    };
    let (zh, en) = (in_language("zh"), in_language("en"));
    let ask_zh = "ask for: 开班时该市的补贴标准表和实施细则、申领表，以及支付凭证";
    let ask_en = "ask for: the city's standard sheet and its implementing rule at class start";
    assert!(zh.contains(ask_zh) && !zh.contains(ask_en), "{zh}");
    assert!(en.contains(ask_en) && !en.contains(ask_zh), "{en}");
}

fn sql_indicators(folder: &Path) -> Vec<String> {
    let names = std::fs::read_dir(folder).unwrap().flatten();
    let names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names
        .filter_map(|name| Some(name.split_once('_')?.0.to_owned()))
        .filter(|id| id.len() == 3 && id.starts_with(|letter: char| letter.is_ascii_uppercase()))
        .collect()
}

#[test]
fn planted_schemes_are_found_and_look_alikes_left_alone() {
    let (folder, workspace) = planted("21");
    let truth = folder.path().join("province/truth");
    let outcome = workspace.run(&["judge", truth.to_str().unwrap(), "--format", "csv"]);
    assert_eq!(outcome.code, 0, "{}\n{}", outcome.stdout, outcome.stderr);
}

/// The line of a claim in the shipped raw files, with its heading.
fn raw_claim(workspace: &Workspace, claim: &str) -> (String, String) {
    let starts = format!("{claim},");
    for path in files(&workspace.path("raw/claims")) {
        let Ok(text) = std::fs::read_to_string(&path) else {
            continue;
        };
        if let Some(line) = text.lines().find(|line| line.starts_with(&starts)) {
            let heading = text.lines().next().unwrap_or_default();
            return (heading.to_owned(), line.to_owned());
        }
    }
    panic!("no raw line of {claim}");
}

#[test]
fn a_cleared_lead_is_suppressed_until_its_evidence_changes() {
    let workspace = Workspace::shipped_with(&["hit_organisations", "indicator_precision"]);
    workspace.run(&["run", "--as-of", "2020-12-29"]).expect(1);
    let hit = "SELECT entity_id, evidence FROM indicator_hits WHERE indicator_id = 'B05' AND status <> 'cleared'";
    let accounts = workspace.ask(hit);
    let (account, claim) = accounts
        .iter()
        .find_map(|line| {
            let (account, evidence) = line.split_once(',')?;
            let claim = evidence.trim_matches('"').split("claims:").nth(1)?;
            let claim = claim.split(';').next()?;
            raw_file_holds(&workspace, claim).then(|| (account.to_owned(), claim.to_owned()))
        })
        .unwrap();
    workspace.write(
        "raw/reviews/first.csv",
        &format!(
            "review_id,indicator_id,entity_id,period,reviewed_on,verdict,note\nR1,B05,{account},,2020-12-30,排除,a family of five\n"
        ),
    );
    workspace.run(&["run", "--as-of", "2020-12-30"]).expect(0);
    let state = format!(
        "SELECT suppressed, review_verdict, review_note, status FROM indicator_hits \
         WHERE indicator_id = 'B05' AND entity_id = '{account}'"
    );
    assert_eq!(
        workspace.ask(&state),
        ["true,cleared,a family of five,continuing"]
    );
    assert_eq!(
        workspace.ask("SELECT reviewed, cleared, precision FROM indicator_precision"),
        ["1,1,0"]
    );
    let cases = format!(
        "SELECT COUNT(*) AS n FROM hit_organisations WHERE indicator_id = 'B05' AND entity_id = '{account}'"
    );
    assert_eq!(workspace.ask(&cases), ["0"]);
    // One more claim on the account: the reviewer has not seen that.
    let (heading, line) = raw_claim(&workspace, &claim);
    let again = line.replacen(&claim, "B9999999", 1);
    workspace.write("raw/claims/later.csv", &format!("{heading}\n{again}\n"));
    workspace.run(&["run", "--as-of", "2020-12-31"]).expect(0);
    assert_eq!(
        workspace.ask(&state),
        ["false,cleared,a family of five,continuing"]
    );
    assert_ne!(workspace.ask(&cases), ["0"]);
    // Cleared once more; then a claim that the reviewer has seen comes again with another amount.
    workspace.write(
        "raw/reviews/second.csv",
        &format!(
            "review_id,indicator_id,entity_id,period,reviewed_on,verdict,note\nR2,B05,{account},,2021-01-01,排除,seen\n"
        ),
    );
    workspace.run(&["run", "--as-of", "2021-01-01"]).expect(0);
    assert_eq!(workspace.ask(&state), ["true,cleared,seen,continuing"]);
    let amount = heading.split(',').position(|name| name == "amount_yuan");
    let mut fields: Vec<&str> = line.split(',').collect();
    fields[amount.unwrap()] = "1.23";
    let dearer = fields.join(",");
    workspace.write("raw/claims/other.csv", &format!("{heading}\n{dearer}\n"));
    workspace.run(&["run", "--as-of", "2021-01-02"]).expect(0);
    assert_eq!(workspace.ask(&state), ["false,cleared,seen,continuing"]);
    // Cleared a third time; then it comes with another agreement, which moves no figure of the lead.
    workspace.write(
        "raw/reviews/third.csv",
        &format!(
            "review_id,indicator_id,entity_id,period,reviewed_on,verdict,note\nR3,B05,{account},,2021-01-03,排除,again\n"
        ),
    );
    workspace.run(&["run", "--as-of", "2021-01-03"]).expect(0);
    assert_eq!(workspace.ask(&state), ["true,cleared,again,continuing"]);
    let agreement = heading.split(',').position(|name| name == "agreement_id");
    fields[agreement.unwrap()] = "AG-other";
    let agreed = fields.join(",");
    workspace.write("raw/claims/agreed.csv", &format!("{heading}\n{agreed}\n"));
    workspace.run(&["run", "--as-of", "2021-01-04"]).expect(0);
    assert_eq!(workspace.ask(&state), ["false,cleared,again,continuing"]);
}

fn raw_file_holds(workspace: &Workspace, claim: &str) -> bool {
    let starts = format!("{claim},");
    files(&workspace.path("raw/claims")).iter().any(|path| {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        text.starts_with("claim_id,") && text.lines().any(|line| line.starts_with(&starts))
    })
}

#[test]
fn another_definition_is_compared_on_the_same_data() {
    let workspace = Workspace::shipped();
    workspace.night().expect(1);
    let file = "sql/indicators/B01_platform_share_over_cap.sql";
    let definition = std::fs::read_to_string(workspace.path(file)).unwrap();
    let strict = "c.amount_fen * 1000000 > c.standard_fen";
    assert!(definition.contains(strict));
    let other = definition.replace(strict, "c.amount_fen * 1000000 >= c.standard_fen");
    workspace.write("other.sql", &other);
    let path = workspace.path("other.sql");
    let arguments = ["compare-method", "--indicator", "B01", "--with"];
    let arguments = [&arguments[..], &[path.to_str().unwrap()]].concat();
    let outcome = workspace.run(&arguments).expect(0);
    let told = outcome.stderr.lines().last().unwrap().to_owned();
    assert!(
        told.contains("; 0 gone, ") && told.contains(" 0 changed"),
        "{told}"
    );
    assert!(!told.contains(" 0 new"), "{told}");
    // The same definition changes nothing.
    workspace.write("other.sql", &definition);
    let same = workspace.run(&arguments).expect(0);
    assert!(
        same.stderr.contains("0 gone, 0 new, 0 changed"),
        "{}",
        same.stderr
    );
    workspace.write(
        "other.sql",
        &definition.replace("id = \"B01\"", "id = \"B09\""),
    );
    let refused = workspace.run(&arguments).expect(3);
    assert!(
        refused.stderr.contains("defines B09, not B01"),
        "{}",
        refused.stderr
    );
}
