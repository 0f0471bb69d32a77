//! Bad input gives one clear error with the place and what to do, and loses nothing.

use crate::workspace::Workspace;

#[test]
fn wrong_usage_and_configuration_end_with_3() {
    let workspace = Workspace::shipped();
    let no_secret = workspace
        .command(&["run"])
        .env_remove("SKILLWATCH_SECRET")
        .output()
        .unwrap();
    assert_eq!(no_secret.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&no_secret.stderr).contains("SKILLWATCH_SECRET"));
    let missing = workspace
        .run(&["run", "--raw", "/no/such/folder"])
        .expect(3);
    assert!(
        missing.stderr.contains("/no/such/folder") && missing.stderr.contains("no such folder"),
        "{}",
        missing.stderr
    );
    let cloud = workspace
        .run(&["run", "--lake", "ftp://host/lake"])
        .expect(3);
    assert!(cloud.stderr.contains("ftp"), "{}", cloud.stderr);
    workspace.run(&["run", "--as-of", "2020-13-01"]).expect(3);
    workspace
        .run(&["run", "--select", "no_such_table"])
        .expect(3);
    workspace.run(&["explain", "Z99"]).expect(3);
    workspace.run(&["query", "SELECT 1"]).expect(0);
    let unknown = workspace
        .run(&["query", "SELECT nothing FROM claims"])
        .expect(3);
    assert!(unknown.stderr.contains("nothing"), "{}", unknown.stderr);
    std::fs::remove_dir_all(workspace.path("sql")).unwrap();
    let no_project = workspace.run(&["check"]).expect(3);
    assert!(
        no_project.stderr.contains("--project"),
        "{}",
        no_project.stderr
    );
}

#[test]
fn mistakes_in_project_files_are_found_with_file_and_line() {
    let workspace = Workspace::shipped();
    workspace.run(&["check"]).expect(0);
    workspace.edit(
        "pipelines/feeds/claims.toml",
        "mode = \"append\"",
        "mode = \"sometimes\"",
    );
    workspace.edit(
        "pipelines/policy/statistics.toml",
        "value = \"0.40\"",
        "value = \"two fifths\"",
    );
    let found = workspace.run(&["check"]).expect(3).stdout;
    assert!(found.contains("pipelines/feeds/claims.toml:"), "{found}");
    assert!(
        found.contains("pipelines/policy/statistics.toml:"),
        "{found}"
    );
    workspace.run(&["run"]).expect(3);
    let workspace = Workspace::shipped();
    workspace.edit(
        "sql/indicators/C01_online_share_over_cap.sql",
        "online_seconds",
        "online_minutes",
    );
    let found = workspace.run(&["check"]).expect(3).stdout;
    assert!(
        found.contains("C01_online_share_over_cap.sql:") && found.contains("online_minutes"),
        "{found}"
    );
    let refused = workspace.night().expect(3);
    assert!(
        refused.stderr.contains("online_minutes"),
        "{}",
        refused.stderr
    );
    assert!(
        !workspace.path("lake/feeds").exists(),
        "nothing may be loaded before the mistake is mended"
    );
}

#[test]
fn one_bad_file_costs_nothing_but_itself() {
    let workspace = Workspace::shipped();
    workspace.write(
        "raw/claims/bad/no-key.csv",
        "enrolment_id,person_id\nE1,1\n",
    );
    workspace.write("raw/claims/bad/empty.csv", "");
    workspace.write("raw/claims/bad/notes.docx", "x");
    workspace.write("raw/no_such_feed/a.csv", "a\n1\n");
    let night = workspace.night().expect(1);
    for (object, reason) in [
        ("claims/bad/no-key.csv", "claim_id"),
        ("claims/bad/empty.csv", "no header"),
        ("claims/bad/notes.docx", "unknown suffix"),
        ("no_such_feed/a.csv", "no contract"),
    ] {
        let line = night
            .stderr
            .lines()
            .find(|line| line.contains(&format!("refused {object}:")));
        assert!(
            line.is_some_and(|line| line.contains(reason)),
            "{object}: {}",
            night.stderr
        );
    }
    assert!(night.stderr.contains("released "), "{}", night.stderr);
    assert_eq!(
        workspace.record()["objects_refused"]
            .as_array()
            .unwrap()
            .len(),
        4
    );
}

#[test]
fn a_full_disk_ends_with_4_and_the_next_night_completes() {
    let workspace = Workspace::shipped();
    let program = env!("CARGO_BIN_EXE_skillwatch");
    // A limit on file size makes every larger write fail, as a full disk does.
    let script = format!(
        "trap '' XFSZ; ulimit -f 8; exec {program} run --as-of {}",
        workspace.as_of
    );
    let mut command = workspace.command(&[]);
    let mut shell = std::process::Command::new("sh");
    shell.arg("-c").arg(format!(
        "{script} --project {}",
        workspace.path("").display()
    ));
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            shell.env(name, value);
        }
    }
    let _ = command.stdin(std::process::Stdio::null());
    let output = shell.output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(4), "{stderr}");
    assert!(stderr.contains("error:"), "{stderr}");
    workspace.night().expect(1);
    workspace.night().expect(0);
}

/// A slip of the pen must neither make a lake nor release an empty province.
#[test]
fn mistyped_and_empty_roots_are_refused() {
    let workspace = Workspace::small_project();
    let missing = workspace.path("mistyped");
    let lake = missing.to_string_lossy();
    for (command, code) in [("status", 0), ("runs", 0), ("releases", 0), ("replay", 3)] {
        workspace.run(&["--lake", &lake, command]).expect(code);
        assert!(!missing.exists(), "{command} makes a folder");
    }
    // Before the first night there is nothing to replay either.
    let told = workspace.run(&["replay"]).expect(3).stderr;
    assert!(told.contains("nothing has been loaded"), "{told}");
    let told = workspace.run(&["--published", "", "run"]).expect(3).stderr;
    assert!(told.contains("`published` is empty"), "{told}");
    // What a night writes among the raw records would be read as records by the next one.
    let raw = workspace.path("raw");
    let nested = raw.join("lake");
    for (option, root, named) in [
        ("--lake", &raw, "`lake` is the root `raw`"),
        ("--published", &nested, "`published` is the root `raw`"),
        (
            "--published",
            &workspace.path("lake"),
            "`published` is the root `lake`",
        ),
    ] {
        let told = workspace
            .run(&[option, &root.to_string_lossy(), "run"])
            .expect(3)
            .stderr;
        assert!(told.contains(named), "{told}");
    }
}

/// A query that names a file would show what only the vault may.
#[test]
fn a_query_reads_no_files() {
    let workspace = Workspace::small_project();
    for sql in [
        "SELECT * FROM read_parquet('a.parquet')",
        "SELECT n FROM (SELECT COUNT(*) AS n FROM read_csv('a.csv')) AS t",
    ] {
        let told = workspace.run(&["query", sql]).expect(3).stderr;
        assert!(told.contains("no files"), "{told}");
    }
}

#[test]
fn errors_repeat_no_number_that_was_typed_by_mistake() {
    let workspace = Workspace::small_project();
    for arguments in [
        &["explain", "370199198506159974"][..],
        &["explain", "13800001234"],
        &["run", "--as-of", "370199 19850615 9973"],
        &["trace", "13800001234", "--key", "a=370199198506159974"],
    ] {
        let told = workspace.run(arguments).expect(3);
        let text = told.stdout + &told.stderr;
        assert!(
            !text.contains("19850615") && !text.contains("138000"),
            "{text}"
        );
    }
}

#[test]
fn a_query_too_deep_for_the_engine_is_refused() {
    let workspace = Workspace::small_project();
    let conditions = vec!["claim_id = 'B1'"; 3000].join(" OR ");
    let sql = format!("SELECT claim_id FROM claims WHERE {conditions}");
    let told = workspace.run(&["query", &sql]).expect(3).stderr;
    assert!(told.contains("IN (…)"), "{told}");
}

/// Another secret would give other pseudonyms: strangers in the tables, and nobody found.
#[test]
fn another_secret_than_the_lake_was_made_with_is_refused() {
    let workspace = Workspace::small_project();
    workspace.night().expect(1);
    for arguments in [
        &["vault", "key", "370199198506159974"][..],
        &["run", "--as-of", workspace.as_of],
    ] {
        let mut command = workspace.command(arguments);
        let output = command
            .env("SKILLWATCH_SECRET", "another")
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "{told}");
        assert!(told.contains("the secret is not the one"), "{told}");
    }
}

#[test]
fn what_cannot_be_written_is_no_success() {
    let workspace = Workspace::small_project();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full");
    let output = workspace
        .command(&["explain", "cities"])
        .stdout(full.unwrap())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(4), "{told}");
    assert!(told.contains("stdout"), "{told}");
}

/// What is not for the public is for its owner alone, also where a file stood that others might read.
#[test]
fn exports_are_for_their_owner_unless_they_are_public() {
    use std::os::unix::fs::PermissionsExt;
    let workspace = Workspace::small_project();
    workspace.night().expect(1);
    let out = workspace.path("exported");
    std::fs::create_dir_all(&out).unwrap();
    let table = out.join("city_progress_monthly.csv");
    std::fs::write(&table, "an older one that is longer than nothing").unwrap();
    std::fs::set_permissions(&table, PermissionsExt::from_mode(0o644)).unwrap();
    let mode = || std::fs::metadata(&table).unwrap().permissions().mode() & 0o777;
    let folder = out.to_string_lossy();
    let export = |audience: &str| {
        let arguments = ["export", "--format", "csv", "--audience", audience];
        let what = ["--out", &folder, "--tables", "city_progress_monthly"];
        workspace.run(&[&arguments[..], &what].concat()).expect(0);
    };
    export("internal");
    assert_eq!(mode(), 0o600);
    let text = std::fs::read_to_string(&table).unwrap();
    assert!(
        text.contains("city_code") && !text.contains("an older one"),
        "{text}"
    );
}
