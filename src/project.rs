//! A project: the folder with `pipelines/` and `sql/`, its storage roots and its secret.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;
use tokio::runtime::Runtime;

use crate::arrivals::Calendar;
use crate::contract::Contracts;
use crate::identity::Divisions;
use crate::lake::{Store, StoreError, WhenMissing};
use crate::model::{Catalogue, Policy};
use crate::native::disclosure::tables::Description;
use crate::problem::Problem;
use crate::report::workbook::Layouts;

/// What can be wrong with a project before anything is run.
#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    /// Not a project folder.
    #[error(
        "{folder} is not a project: it has no pipelines/ and sql/ folder; give one with --project"
    )]
    NotAProject {
        /// The folder.
        folder: String,
    },
    /// Mistakes in the project's files.
    #[error("{} mistake(s) in the project's files:\n{}", .problems.len(), list(.problems))]
    Problems {
        /// Each with file and line.
        problems: Vec<Problem>,
    },
    /// No secret was given.
    #[error(
        "no secret: set SKILLWATCH_SECRET or give --secret-file (without one only the shipped samples run)"
    )]
    NoSecret,
    /// The secret cannot be used.
    #[error("the secret {reason}")]
    BadSecret {
        /// Why.
        reason: String,
    },
    /// A storage root was named by nothing.
    #[error(
        "storage root `{root}` is empty: name a folder or URL, or leave the option and its variable out"
    )]
    EmptyRoot {
        /// raw, lake or published.
        root: &'static str,
    },
    /// Two storage roots hold each other's objects.
    #[error(
        "storage root `{inner}` is the root `{outer}` or lies inside it; what runs write there would be read as \
         something else: name a place of its own"
    )]
    OverlappingRoots {
        /// raw, lake or published.
        inner: &'static str,
        /// The root around it.
        outer: &'static str,
    },
    /// A storage root cannot be opened.
    #[error("storage root `{root}`: {source}")]
    Storage {
        /// raw, lake or published.
        root: &'static str,
        /// Why.
        #[source]
        source: StoreError,
    },
}

fn list(problems: &[Problem]) -> String {
    let lines: Vec<String> = problems
        .iter()
        .map(|problem| format!("  {problem}"))
        .collect();
    lines.join("\n")
}

/// What a command does with the roots, and so what becomes of one that is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// It loads and publishes: lake and published root are made, raw records must be there.
    Run,
    /// It says what a run would do, or what has come: raw records must be there, the rest may come.
    Plan,
    /// It reads what runs have made, and makes nothing.
    Read,
}

/// Storage roots given on the command line or in the environment; they override `pipelines/storage.toml`.
#[derive(Debug, Clone, Default)]
pub struct StorageOverrides {
    /// Raw root.
    pub raw: Option<String>,
    /// Lake root.
    pub lake: Option<String>,
    /// Published root.
    pub published: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StorageForm {
    raw: String,
    lake: String,
    published: String,
}

/// The nightly job's settings, from `pipelines/nightly.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nightly {
    /// When it runs.
    pub schedule: ScheduleForm,
    /// How it runs.
    pub run: RunForm,
}

/// When the nightly job runs.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScheduleForm {
    /// Five-field cron expression.
    pub cron: String,
    /// IANA time zone of the expression.
    pub time_zone: String,
    /// What happens to missed times.
    pub missed: MissedRuns,
}

/// What happens to runs that were due while the daemon was down or busy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissedRuns {
    /// One run makes up for all of them.
    RunOnce,
    /// They are left out.
    Skip,
}

/// How the nightly job runs.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunForm {
    /// Minutes without a sign of life after which a run has lost its lock.
    pub lease_minutes: u32,
}

/// A project's parsed files.
#[derive(Debug)]
pub struct Project {
    /// The folder.
    pub folder: PathBuf,
    /// Feed contracts.
    pub contracts: Contracts,
    /// Divisions.
    pub divisions: Divisions,
    /// Policy parameters.
    pub policy: Policy,
    /// Models.
    pub models: Catalogue,
    /// Nightly job.
    pub nightly: Nightly,
    /// What is expected of the cities, and when.
    pub calendar: Calendar,
    /// How published figures hang together; without it the public is given nothing.
    pub disclosure: Option<Description>,
    /// Layouts of workbooks.
    pub layouts: Layouts,
    storage: StorageForm,
}

/// The three storage roots.
#[derive(Debug, Clone)]
pub struct Storage {
    /// Raw root, read only.
    pub raw: Store,
    /// Lake root.
    pub lake: Store,
    /// Published root.
    pub published: Store,
}

impl Storage {
    fn refuse_overlaps(&self) -> Result<(), ProjectError> {
        let raw = ("raw", self.raw.url().as_str());
        let lake = ("lake", self.lake.url().as_str());
        let published = ("published", self.published.url().as_str());
        // URLs of roots end in `/`.
        let overlap = [(lake, raw), (published, raw), (raw, lake), (raw, published)]
            .into_iter()
            .find(|(inner, outer)| inner.1.starts_with(outer.1))
            .or((lake.1 == published.1).then_some((published, lake)));
        overlap.map_or(Ok(()), |(inner, outer)| {
            Err(ProjectError::OverlappingRoots {
                inner: inner.0,
                outer: outer.0,
            })
        })
    }
}

impl Project {
    /// Reads and checks every file of a project.
    ///
    /// # Errors
    /// [`ProjectError::NotAProject`], or every mistake of every file with its line.
    pub fn open(folder: &Path) -> Result<Project, ProjectError> {
        if !folder.join("pipelines").is_dir() || !folder.join("sql").is_dir() {
            return Err(ProjectError::NotAProject {
                folder: folder.display().to_string(),
            });
        }
        let mut problems = Vec::new();
        let files = Files { folder };
        let divisions = files.divisions(&mut problems);
        let feed_files = files.folder_texts("pipelines/feeds", "toml", &mut problems);
        let contracts = keep(Contracts::parse(&feed_files), &mut problems);
        let areas: Vec<String> = divisions
            .iter()
            .flat_map(Divisions::cities)
            .map(|area| area.code.as_str().to_owned())
            .collect();
        let policy_files = files.folder_texts("pipelines/policy", "toml", &mut problems);
        let policy = keep(Policy::parse(&policy_files, &areas), &mut problems);
        let sql_files = files.folder_texts("sql", "sql", &mut problems);
        let models = match (&contracts, &policy) {
            (Some(contracts), Some(policy)) => keep(
                Catalogue::build(&sql_files, contracts, policy),
                &mut problems,
            ),
            _ => None,
        };
        let nightly: Option<Nightly> = files.form("pipelines/nightly.toml", &mut problems);
        if let Some(nightly) = &nightly {
            problems.extend(crate::schedule::check(nightly));
        }
        let calendar = match &contracts {
            Some(contracts) => keep(files.calendar(contracts, &areas), &mut problems),
            None => None,
        };
        let disclosure = keep(files.disclosure(), &mut problems);
        let layouts = keep(files.layouts(), &mut problems);
        let storage: Option<StorageForm> = files.form("pipelines/storage.toml", &mut problems);
        match (
            contracts, divisions, policy, models, nightly, calendar, disclosure, layouts, storage,
        ) {
            (
                Some(contracts),
                Some(divisions),
                Some(policy),
                Some(models),
                Some(nightly),
                Some(calendar),
                Some(disclosure),
                Some(layouts),
                Some(storage),
            ) if problems.is_empty() => Ok(Project {
                folder: folder.to_owned(),
                contracts,
                divisions,
                policy,
                models,
                nightly,
                calendar,
                disclosure,
                layouts,
                storage,
            }),
            _ => Err(ProjectError::Problems { problems }),
        }
    }

    /// Opens the storage roots; the lake's and the published folder are made when they are not there.
    ///
    /// # Errors
    /// [`ProjectError::EmptyRoot`], [`ProjectError::Storage`]; [`ProjectError::OverlappingRoots`] where raw records would lie
    /// among what runs write, or the lake is the published root.
    pub fn storage(
        &self,
        runtime: &Arc<Runtime>,
        overrides: &StorageOverrides,
        access: Access,
    ) -> Result<Storage, ProjectError> {
        let open = |root: &'static str, over: &Option<String>, own: &str, missing: WhenMissing| {
            if over.as_ref().is_some_and(|over| over.trim().is_empty()) {
                return Err(ProjectError::EmptyRoot { root });
            }
            let (location, base) = match over {
                // A path on the command line is meant from where the user stands.
                Some(over) => (over.as_str(), Path::new(".")),
                None => (own, self.folder.as_path()),
            };
            Store::open(runtime, location, base, missing)
                .map_err(|source| ProjectError::Storage { root, source })
        };
        // What is not there awaits its first run: it is empty, and reading makes nothing.
        let made_later = match access {
            Access::Run => WhenMissing::Make,
            Access::Plan | Access::Read => WhenMissing::Empty,
        };
        let raw_missing = match access {
            Access::Run | Access::Plan => WhenMissing::Refuse,
            Access::Read => WhenMissing::Empty,
        };
        let (lake, published) = (&overrides.lake, &overrides.published);
        let storage = Storage {
            raw: open("raw", &overrides.raw, &self.storage.raw, raw_missing)?,
            lake: open("lake", lake, &self.storage.lake, made_later)?,
            published: open("published", published, &self.storage.published, made_later)?,
        };
        storage.refuse_overlaps()?;
        Ok(storage)
    }

    /// The pseudonym and vault secret: from `file`, else from SKILLWATCH_SECRET; for the shipped samples a public one.
    /// Returns the secret and whether it is the public one.
    ///
    /// # Errors
    /// [`ProjectError::NoSecret`] or [`ProjectError::BadSecret`].
    pub fn secret(
        &self,
        file: Option<&Path>,
        raw: &Store,
    ) -> Result<(Vec<u8>, bool), ProjectError> {
        let given = match file {
            Some(path) => Some(
                std::fs::read(path).map_err(|error| ProjectError::BadSecret {
                    reason: format!("file {} cannot be read: {error}", path.display()),
                })?,
            ),
            None => std::env::var_os("SKILLWATCH_SECRET").map(|value| value.into_encoded_bytes()),
        };
        if let Some(mut secret) = given {
            while secret
                .last()
                .is_some_and(|byte| matches!(byte, b'\n' | b'\r'))
            {
                secret.pop();
            }
            if secret.is_empty() {
                return Err(ProjectError::BadSecret {
                    reason: "is empty".to_owned(),
                });
            }
            return Ok((secret, false));
        }
        let sample = self.folder.join("data-samples/raw").canonicalize().ok();
        let raw = raw
            .url()
            .to_file_path()
            .ok()
            .and_then(|path| path.canonicalize().ok());
        if sample.is_some() && sample == raw {
            return Ok((b"shipped samples: not a secret".to_vec(), true));
        }
        Err(ProjectError::NoSecret)
    }
}

fn keep<T>(result: Result<T, Vec<Problem>>, problems: &mut Vec<Problem>) -> Option<T> {
    result.map_err(|found| problems.extend(found)).ok()
}

struct Files<'a> {
    folder: &'a Path,
}

impl Files<'_> {
    fn text(&self, path: &str, problems: &mut Vec<Problem>) -> Option<String> {
        std::fs::read_to_string(self.folder.join(path))
            .map_err(|error| {
                problems.push(Problem::new(path, None, format!("cannot be read: {error}")))
            })
            .ok()
    }

    fn form<T: serde::de::DeserializeOwned>(
        &self,
        path: &str,
        problems: &mut Vec<Problem>,
    ) -> Option<T> {
        let text = self.text(path, problems)?;
        toml::from_str(&text)
            .map_err(|error| {
                let line = error.span().map(|span| {
                    1 + text
                        .get(..span.start)
                        .map_or(0, |head| head.matches('\n').count())
                });
                problems.push(Problem::new(path, line, error.message()));
            })
            .ok()
    }

    /// The calendar of arrivals; a project without one expects nothing.
    fn calendar(&self, contracts: &Contracts, areas: &[String]) -> Result<Calendar, Vec<Problem>> {
        let path = "pipelines/arrivals.toml";
        if !self.folder.join(path).exists() {
            return Ok(Calendar::default());
        }
        let mut problems = Vec::new();
        let Some(text) = self.text(path, &mut problems) else {
            return Err(problems);
        };
        let feeds: Vec<&str> = contracts
            .iter()
            .map(|contract| contract.feed.as_str())
            .collect();
        // The first area is the province, which sends nothing itself.
        let cities = areas.get(1..).unwrap_or_default();
        Calendar::parse(path, &text, &feeds, cities)
    }

    /// What disclosure control has to know; a project without it gives the public nothing.
    fn disclosure(&self) -> Result<Option<Description>, Vec<Problem>> {
        let path = "pipelines/disclosure.toml";
        if !self.folder.join(path).exists() {
            return Ok(None);
        }
        let mut problems = Vec::new();
        let Some(text) = self.text(path, &mut problems) else {
            return Err(problems);
        };
        Description::parse(&text)
            .map(Some)
            .map_err(|error| vec![Problem::new(path, None, error.to_string())])
    }

    /// Layouts of workbooks; a project without them gets plain sheets.
    fn layouts(&self) -> Result<Layouts, Vec<Problem>> {
        let folder = "pipelines/workbooks";
        if !self.folder.join(folder).is_dir() {
            return Layouts::parse(&[]);
        }
        let mut problems = Vec::new();
        let files = self.folder_texts(folder, "toml", &mut problems);
        if problems.is_empty() {
            Layouts::parse(&files)
        } else {
            Err(problems)
        }
    }

    fn divisions(&self, problems: &mut Vec<Problem>) -> Option<Divisions> {
        let path = "pipelines/reference/shandong-divisions.csv";
        let text = self.text(path, problems)?;
        Divisions::parse(&text)
            .map_err(|error| problems.push(Problem::new(path, None, error.to_string())))
            .ok()
    }

    /// Every file with a suffix below a folder, by path, as (path below the project, text).
    fn folder_texts(
        &self,
        folder: &str,
        suffix: &str,
        problems: &mut Vec<Problem>,
    ) -> Vec<(String, String)> {
        let mut texts = Vec::new();
        let mut folders = vec![folder.to_owned()];
        while let Some(path) = folders.pop() {
            let entries = match std::fs::read_dir(self.folder.join(&path)) {
                Ok(entries) => entries,
                Err(error) => {
                    problems.push(Problem::new(
                        &path,
                        None,
                        format!("cannot be read: {error}"),
                    ));
                    continue;
                }
            };
            for entry in entries.flatten() {
                let name = format!("{path}/{}", entry.file_name().to_string_lossy());
                if entry.path().is_dir() {
                    folders.push(name);
                } else if name.ends_with(&format!(".{suffix}"))
                    && let Some(text) = self.text(&name, problems)
                {
                    texts.push((name, text));
                }
            }
        }
        texts.sort();
        texts
    }
}
