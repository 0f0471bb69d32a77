//! A night whose roots lie on an S3 server.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use skillwatch::lake::Store;

use crate::s3_server::S3Server;
use crate::workspace::{Workspace, files};

const BUCKET: &str = "province";

/// A command of a workspace with its three roots on the server.
fn remote(workspace: &Workspace, server: &S3Server, arguments: &[&str]) -> Command {
    let mut command = workspace.command(arguments);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("AWS_")) {
        command.env_remove(name);
    }
    for (name, value) in server.variables() {
        command.env(name, value);
    }
    for root in ["raw", "lake", "published"] {
        let name = format!("SKILLWATCH_{}", root.to_uppercase());
        command.env(name, format!("s3://{BUCKET}/{root}"));
    }
    command
}

/// Exit code, what it printed, what it said.
fn outcome(command: &mut Command) -> (i32, String, String) {
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        output.status.code().unwrap_or(-1),
        text(&output.stdout),
        text(&output.stderr),
    )
}

/// Content by path below a folder.
fn in_folder(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    files(folder)
        .into_iter()
        .map(|file| {
            let name = file.strip_prefix(folder).unwrap();
            let name = name.to_string_lossy().into_owned();
            (name, std::fs::read(file).unwrap())
        })
        .collect()
}

/// Content by path below a prefix.
fn in_store(store: &Store) -> BTreeMap<String, Vec<u8>> {
    store
        .list("")
        .unwrap()
        .into_iter()
        .map(|entry| {
            let content = store.read(&entry.path).unwrap().to_vec();
            (entry.path, content)
        })
        .collect()
}

/// Without pointers, which tell when they were written.
fn released(mut content: BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Vec<u8>> {
    content.retain(|path, _| !path.starts_with("pointers/"));
    content
}

fn same(one: &BTreeMap<String, Vec<u8>>, other: &BTreeMap<String, Vec<u8>>) {
    assert_eq!(
        one.keys().collect::<Vec<_>>(),
        other.keys().collect::<Vec<_>>()
    );
    for (path, content) in one {
        assert!(other[path] == *content, "{path} differs");
    }
}

#[test]
fn a_night_on_an_object_store_publishes_the_same_bytes_as_one_on_folders() {
    let workspace = Workspace::shipped();
    let local = workspace.night();
    let expected = released(in_folder(&workspace.path("published")));
    assert!(expected.len() > 10, "{:?}", expected.keys());

    let server = S3Server::start();
    let raw = server.store(BUCKET, "raw");
    for (path, content) in in_folder(&workspace.path("raw")) {
        raw.write(&path, content).unwrap();
    }
    let run = ["run", "--as-of", workspace.as_of];
    let (code, _, stderr) = outcome(&mut remote(&workspace, &server, &run));
    assert_eq!(code, local.code, "{stderr}");
    let published = server.store(BUCKET, "published");
    let first = in_store(&published);
    same(&expected, &released(first.clone()));

    // The same night once more finds nothing new and changes nothing.
    let (code, _, stderr) = outcome(&mut remote(&workspace, &server, &run));
    assert_eq!(code, 0, "{stderr}");
    same(&first, &in_store(&published));

    // Readers get the same from both.
    let folders = [workspace.path("from-folders"), workspace.path("from-store")];
    let [here, there] = &folders;
    let export = |folder: &Path| -> Vec<String> {
        ["export", "--audience", "restricted", "--format", "csv"]
            .iter()
            .map(|word| (*word).to_owned())
            .chain(["--out".to_owned(), folder.to_string_lossy().into_owned()])
            .collect()
    };
    let words = export(here);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    workspace.run(&words).expect(0);
    let words = export(there);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (code, _, stderr) = outcome(&mut remote(&workspace, &server, &words));
    assert_eq!(code, 0, "{stderr}");
    same(&in_folder(here), &in_folder(there));
    let query = [
        "query",
        "SELECT feed, COUNT(*) AS row_count FROM quarantine GROUP BY feed ORDER BY feed",
        "--format",
        "csv",
    ];
    let (code, answer, stderr) = outcome(&mut remote(&workspace, &server, &query));
    assert_eq!(code, 0, "{stderr}");
    assert_eq!(answer, workspace.run(&query).expect(0).stdout);
}

#[test]
fn storage_that_does_not_open_says_why() {
    let workspace = Workspace::shipped();
    let server = S3Server::start();
    server.make_bucket(BUCKET);
    let try_with = |changes: &[(&str, &str)]| {
        let mut command = remote(&workspace, &server, &["status"]);
        for (name, value) in changes {
            command.env(name, value);
        }
        let start = Instant::now();
        let (code, _, stderr) = outcome(&mut command);
        assert!(start.elapsed() < Duration::from_secs(40), "{stderr}");
        (code, stderr)
    };
    // There is no raw object yet.
    let (code, stderr) = try_with(&[]);
    assert!(
        code == 3 && stderr.contains("no object below"),
        "{code} {stderr}"
    );
    let raw = server.store(BUCKET, "raw");
    raw.write("schemes/a.csv", "x").unwrap();
    let (code, stderr) = try_with(&[("SKILLWATCH_LAKE", "s3://nowhere/lake")]);
    assert!(
        code == 3 && stderr.contains("has no `nowhere`"),
        "{code} {stderr}"
    );
    let (code, stderr) = try_with(&[("AWS_SECRET_ACCESS_KEY", "wrong")]);
    assert!(
        code == 3 && stderr.contains("access is refused"),
        "{code} {stderr}"
    );
    let (code, stderr) = try_with(&[("SKILLWATCH_LAKE", "ftp://host/lake")]);
    assert!(
        code == 3 && stderr.contains("s3://bucket/prefix"),
        "{code} {stderr}"
    );
    let (code, stderr) = try_with(&[("AWS_ALLOW_HTTP", "false")]);
    assert!(
        code == 3 && stderr.contains("AWS_ALLOW_HTTP=true"),
        "{code} {stderr}"
    );
    // Nobody listens there: worth another try, unlike all the others.
    let (code, stderr) = try_with(&[("AWS_ENDPOINT_URL", "http://127.0.0.1:1")]);
    assert!(
        code == 4 && stderr.contains("cannot be reached"),
        "{code} {stderr}"
    );
}
