//! A project, raw files, lake and published root of a test's own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// The repository.
pub fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Raw feeds made by others, where they lie beside the repository.
pub fn shared_sample() -> Option<PathBuf> {
    shared_sample_named("small")
}

/// The like, by name.
pub fn shared_sample_named(name: &str) -> Option<PathBuf> {
    let folder = repository().join("../shared/samples").join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: {} is not there", folder.display());
    None
}

/// What a command came to.
pub struct Outcome {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Outcome {
    pub fn of(output: &Output) -> Outcome {
        Outcome {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// The outcome, which must have ended with `code`.
    #[track_caller]
    pub fn expect(self, code: i32) -> Outcome {
        assert_eq!(
            self.code, code,
            "stdout: {}\nstderr: {}",
            self.stdout, self.stderr
        );
        self
    }
}

pub struct Workspace {
    folder: TempDir,
    pub as_of: &'static str,
}

impl Workspace {
    /// A copy of the project's files and of a raw folder.
    pub fn new(raw: &Path, as_of: &'static str) -> Workspace {
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace { folder, as_of };
        for name in ["pipelines", "sql"] {
            copy_folder(&repository().join(name), &workspace.path(name));
        }
        copy_folder(raw, &workspace.path("raw"));
        workspace
    }

    /// One with the shipped samples.
    pub fn shipped() -> Workspace {
        Workspace::new(&repository().join("data-samples/raw"), "2020-12-31")
    }

    /// One with a few tables and a few rows of the shipped samples, for tests that run many nights.
    pub fn small_project() -> Workspace {
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace {
            folder,
            as_of: "2020-12-31",
        };
        copy_folder(
            &repository().join("pipelines"),
            &workspace.path("pipelines"),
        );
        for model in [
            "audits/audit_unique_keys.sql",
            "logs/log_person_day.sql",
            "staging/elapsed_days.sql",
            "statistics/city_progress_monthly.sql",
            "statistics/data_quality.sql",
        ] {
            let text = std::fs::read_to_string(repository().join("sql").join(model)).unwrap();
            workspace.write(&format!("sql/{model}"), &text);
        }
        for (feed, city, lines) in [
            ("classes", "3702", 20),
            ("enrolments", "3702", 40),
            ("enrolments", "3713", 40),
            ("study_logs", "3702", 12),
            ("targets", "3702", 10),
        ] {
            let file = format!("{feed}/city={city}/{feed}-{city}.csv");
            let bytes = std::fs::read(repository().join("data-samples/raw").join(&file)).unwrap();
            let lines: Vec<&[u8]> = bytes
                .split_inclusive(|byte| *byte == b'\n')
                .take(lines)
                .collect();
            let path = workspace.path("raw").join(&file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, lines.concat()).unwrap();
        }
        workspace
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A command on this workspace, with a secret and nothing else from outside.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_skillwatch"));
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("SKILLWATCH_")) {
            command.env_remove(name);
        }
        command
            .args(arguments)
            .arg("--project")
            .arg(self.folder.path())
            .env("SKILLWATCH_SECRET", "test-secret")
            .env("SKILLWATCH_RAW", self.path("raw"))
            .env("SKILLWATCH_LAKE", self.path("lake"))
            .env("SKILLWATCH_PUBLISHED", self.path("published"))
            .env("NO_COLOR", "1")
            .stdin(Stdio::null());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Outcome {
        Outcome::of(&self.command(arguments).output().unwrap())
    }

    /// `run` as of the workspace's day.
    pub fn night(&self) -> Outcome {
        self.run(&["run", "--as-of", self.as_of])
    }

    /// The newest run record.
    pub fn record(&self) -> serde_json::Value {
        let mut records: Vec<PathBuf> = std::fs::read_dir(self.path("lake/system/run_records"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        records.sort();
        serde_json::from_slice(&std::fs::read(records.last().unwrap()).unwrap()).unwrap()
    }

    /// The current release's id.
    pub fn release(&self) -> String {
        let status = self.run(&["status", "--lang", "en"]).expect(0).stdout;
        let rest = status.split("current release ").nth(1).unwrap_or_default();
        rest.split_whitespace()
            .next()
            .unwrap_or_default()
            .to_owned()
    }

    /// The rows of a query as lines of CSV.
    #[track_caller]
    pub fn ask(&self, sql: &str) -> Vec<String> {
        let answer = self
            .run(&["query", sql, "--format", "csv"])
            .expect(0)
            .stdout;
        let lines = answer.trim_start_matches('\u{feff}').lines().skip(1);
        lines.map(str::to_owned).collect()
    }

    /// Replaces text in a project file, which must hold it.
    pub fn edit(&self, file: &str, from: &str, to: &str) {
        let path = self.path(file);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{file} does not hold `{from}`");
        std::fs::write(path, text.replace(from, to)).unwrap();
    }

    /// Enters addresses (`ip,note` lines of a truth folder) in the policy list of venues, as an office does.
    pub fn list_venues(&self, venues: &str) {
        let file = "pipelines/policy/online.toml";
        let mut text = std::fs::read_to_string(self.path(file)).unwrap();
        for line in venues.lines().skip(1) {
            let (address, _) = line.split_once(',').unwrap();
            text.push_str(&format!(
                "\n[[list.entry]]\nvalue = \"{address}\"\nvalid_from = \"2019-01-01\"\nbasis = \"default\"\ncitation = \"sample\"\n"
            ));
        }
        self.write(file, &text);
    }

    pub fn write(&self, file: &str, text: &str) {
        let path = self.path(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}

pub fn copy_folder(from: &Path, to: &Path) {
    for file in files(from) {
        let target = to.join(file.strip_prefix(from).unwrap());
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        std::fs::copy(&file, target).unwrap();
    }
}

/// Every file below a folder.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path)
            } else {
                found.push(path)
            }
        }
    }
    found.sort();
    found
}

/// Parquet files of data (not of logs, the vault or run records) below a folder, by path, with their hashes.
pub fn data_files(folder: &Path) -> BTreeMap<String, String> {
    files(folder)
        .into_iter()
        .filter_map(|path| {
            let name = path
                .strip_prefix(folder)
                .unwrap()
                .to_string_lossy()
                .into_owned();
            let skipped = ["vault/", "system/runs/"]
                .iter()
                .any(|prefix| name.starts_with(prefix));
            let wanted = name.ends_with(".parquet") && !name.contains("_delta_log") && !skipped;
            let hash = || blake3::hash(&std::fs::read(&path).unwrap()).to_string();
            wanted.then(|| (name, hash()))
        })
        .collect()
}
