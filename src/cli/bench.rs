//! `bench`: the performance suite, on data of its own, through the program's own commands.

mod index;

use std::path::{Path, PathBuf};
use std::process::{Command as Process, Stdio};
use std::time::Instant;

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::Global;
use super::context::{CommandError, Exit, framework};
use super::output::{grid, print_line};
use crate::lake::{Lake, Store, WhenMissing, start_runtime};
use crate::run::{RunRecord, read_records};
use crate::sample::{Encoding, SampleOptions, generate};

/// Mean log rows of an enrolment in the generated data.
const LOGS_PER_ENROLMENT: f64 = 40.0;
/// Log rows that one ordinary person of the generator brings at that setting, about.
const LOGS_PER_PERSON: f64 = 30.8;

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Suite {
    /// Loading all feeds, then a night, then a night with nothing new
    Night,
    /// Loading study logs alone, in UTF-8 and in GB18030
    Ingest,
    /// The uncertainty analysis of the platform evaluation, on invented platforms
    Index,
}

/// Options of `bench`.
#[derive(Debug, Args)]
pub(super) struct BenchArgs {
    /// What is measured
    #[arg(value_enum, default_value_t = Suite::Night)]
    suite: Suite,
    /// Study log rows to generate, about
    #[arg(long, default_value_t = 1_000_000)]
    logs: u64,
    /// Platforms to invent for `index`
    #[arg(long, default_value_t = 500)]
    units: usize,
    /// Folder for the data; it is kept, and data that is there already is used again (default: a temporary one)
    #[arg(long)]
    work: Option<PathBuf>,
    /// Print the figures as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Figures {
    study_logs_asked: u64,
    raw_bytes: u64,
    generate_seconds: f64,
    ingest: Stage,
    ingest_megabytes_per_second: f64,
    ingest_rows_per_second: f64,
    night: Stage,
    no_op_night: Stage,
    models: Vec<(String, f64, u64)>,
}

#[derive(Debug, Serialize)]
struct Stage {
    seconds: f64,
    peak_memory_megabytes: u64,
    rows_read: i64,
    exit_code: i64,
}

pub(super) fn bench(global: &Global, args: &BenchArgs) -> Result<Exit, CommandError> {
    if args.suite == Suite::Index {
        return bench_index(global, args);
    }
    let temporary = tempfile::tempdir().map_err(|source| CommandError::Io {
        context: "making a temporary folder".to_owned(),
        source,
    })?;
    let work = args
        .work
        .clone()
        .unwrap_or_else(|| temporary.path().to_owned());
    if args.suite == Suite::Ingest {
        return bench_ingest(global, args, &work);
    }
    let data = work.join("sample");
    let started = Instant::now();
    provide(args, &data, Encoding::Utf8)?;
    let generate_seconds = started.elapsed().as_secs_f64();
    let bench = Bench {
        global,
        work: &work,
        raw: &data.join("raw"),
    };
    bench.clear()?;
    let raw_bytes = folder_bytes(bench.raw);
    let ingest = bench.run("ingest")?;
    let night = bench.run("run")?;
    let no_op = bench.run("run")?;
    let figures = Figures {
        study_logs_asked: args.logs,
        raw_bytes,
        generate_seconds,
        ingest_megabytes_per_second: raw_bytes as f64 / 1e6 / ingest.seconds,
        ingest_rows_per_second: rows_read(&ingest) as f64 / ingest.seconds,
        ingest: stage(&ingest),
        models: night
            .models
            .iter()
            .map(|model| (model.name.clone(), model.seconds, model.rows))
            .collect(),
        night: stage(&night),
        no_op_night: stage(&no_op),
    };
    if args.json {
        print_line(&serde_json::to_string_pretty(&figures).unwrap_or_default());
    } else {
        print(&figures);
    }
    Ok(Exit::Done)
}

fn bench_index(global: &Global, args: &BenchArgs) -> Result<Exit, CommandError> {
    let framework = framework(&global.project)?;
    let figures = index::measure(&framework, args.units)
        .map_err(|error| CommandError::Usage(error.to_string()))?;
    if args.json {
        print_line(&serde_json::to_string_pretty(&figures).unwrap_or_default());
        return Ok(Exit::Done);
    }
    let headings = ["draws", "units", "items", "threads", "step", "seconds"].map(str::to_owned);
    let steps = [
        ("evaluation", figures.evaluation_seconds),
        ("uncertainty", figures.uncertainty_seconds),
        ("influences", figures.influence_seconds),
    ];
    let size = [
        figures.draws.to_string(),
        figures.units.to_string(),
        figures.items.to_string(),
        figures.threads.to_string(),
    ];
    let rows: Vec<Vec<String>> = steps
        .iter()
        .map(|(step, seconds)| {
            let mut row = size.to_vec();
            row.extend([(*step).to_owned(), format!("{seconds:.3}")]);
            row
        })
        .collect();
    grid(&headings, &rows);
    Ok(Exit::Done)
}

/// Generates the data unless it is there already.
fn provide(args: &BenchArgs, data: &Path, encoding: Encoding) -> Result<(), CommandError> {
    if data.is_dir() {
        return Ok(());
    }
    let options = SampleOptions {
        persons: (args.logs as f64 / LOGS_PER_PERSON).ceil() as u64,
        logs_per_enrolment: LOGS_PER_ENROLMENT,
        encoding,
        ..SampleOptions::default()
    };
    generate(&options, data, |_| {})
        .map(|_| ())
        .map_err(|error| CommandError::Usage(error.to_string()))
}

/// One encoding of the study logs.
#[derive(Debug, Serialize)]
struct IngestFigures {
    encoding: &'static str,
    raw_bytes: u64,
    stage: Stage,
    megabytes_per_second: f64,
    rows_per_second: f64,
}

/// Loads study logs alone, each encoding into an empty lake.
fn bench_ingest(global: &Global, args: &BenchArgs, work: &Path) -> Result<Exit, CommandError> {
    let mut figures = Vec::new();
    for (name, encoding) in [("utf-8", Encoding::Utf8), ("gb18030", Encoding::Gb18030)] {
        let data = work.join(format!("sample-{name}"));
        provide(args, &data, encoding)?;
        let raw = data.join("logs-only");
        if !raw.is_dir() {
            let logs = raw.join("study_logs");
            std::fs::create_dir_all(&raw)
                .and_then(|()| std::fs::rename(data.join("raw/study_logs"), logs))
                .map_err(|source| CommandError::Io {
                    context: format!("setting the logs in {} apart", data.display()),
                    source,
                })?;
        }
        let bench = Bench {
            global,
            work,
            raw: &raw,
        };
        bench.clear()?;
        let record = bench.run("ingest")?;
        let raw_bytes = folder_bytes(&raw);
        figures.push(IngestFigures {
            encoding: name,
            raw_bytes,
            megabytes_per_second: raw_bytes as f64 / 1e6 / record.seconds,
            rows_per_second: rows_read(&record) as f64 / record.seconds,
            stage: stage(&record),
        });
    }
    if args.json {
        print_line(&serde_json::to_string_pretty(&figures).unwrap_or_default());
        return Ok(Exit::Done);
    }
    let rows: Vec<Vec<String>> = figures
        .iter()
        .map(|row| {
            vec![
                row.encoding.to_owned(),
                format!("{:.1}", row.raw_bytes as f64 / 1e6),
                format!("{:.1}", row.stage.seconds),
                format!("{:.1}", row.megabytes_per_second),
                format!("{:.0}", row.rows_per_second),
                row.stage.peak_memory_megabytes.to_string(),
            ]
        })
        .collect();
    let headings = ["encoding", "MB", "seconds", "MB/s", "rows/s", "peak MB"].map(str::to_owned);
    grid(&headings, &rows);
    Ok(Exit::Done)
}

struct Bench<'a> {
    global: &'a Global,
    work: &'a Path,
    raw: &'a Path,
}

impl Bench<'_> {
    fn clear(&self) -> Result<(), CommandError> {
        for folder in ["lake", "published"] {
            let path = self.work.join(folder);
            if path.exists() {
                std::fs::remove_dir_all(&path).map_err(|source| CommandError::Io {
                    context: format!("clearing {}", path.display()),
                    source,
                })?;
            }
        }
        Ok(())
    }

    /// Runs one command in a process of its own, so that its peak memory is its own, and reads its record.
    fn run(&self, command: &str) -> Result<RunRecord, CommandError> {
        let fail = |source| CommandError::Io {
            context: format!("running `skillwatch {command}`"),
            source,
        };
        let lake = self.work.join("lake");
        let program = std::env::current_exe().map_err(fail)?;
        let status = Process::new(program)
            .arg(command)
            .args(["--as-of", "2021-12-31", "--project"])
            .arg(&self.global.project)
            .arg("--raw")
            .arg(self.raw)
            .arg("--lake")
            .arg(&lake)
            .arg("--published")
            .arg(self.work.join("published"))
            .env("SKILLWATCH_SECRET", "synthetic benchmark data")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .map_err(fail)?;
        let runtime = start_runtime()?;
        let store = Store::open(
            &runtime,
            &lake.to_string_lossy(),
            Path::new("."),
            WhenMissing::Make,
        )?;
        let record = read_records(&Lake::new(store), 1)?.pop();
        record.ok_or_else(|| {
            CommandError::Usage(format!(
                "`skillwatch {command}` left no run record and ended with {status}"
            ))
        })
    }
}

fn rows_read(record: &RunRecord) -> i64 {
    record.feeds.values().map(|feed| feed.read).sum()
}

fn stage(record: &RunRecord) -> Stage {
    Stage {
        seconds: record.seconds,
        peak_memory_megabytes: record.peak_memory_bytes / 1_000_000,
        rows_read: rows_read(record),
        exit_code: record.exit_code,
    }
}

fn folder_bytes(folder: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return 0;
    };
    entries
        .flatten()
        .map(|entry| match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => folder_bytes(&entry.path()),
            Ok(metadata) => metadata.len(),
            Err(_) => 0,
        })
        .sum()
}

fn print(figures: &Figures) {
    let stage = |name: &str, stage: &Stage| {
        vec![
            name.to_owned(),
            format!("{:.1}", stage.seconds),
            stage.peak_memory_megabytes.to_string(),
            stage.rows_read.to_string(),
            stage.exit_code.to_string(),
        ]
    };
    print_line(&format!(
        "raw data: {:.1} MB, generated in {:.1} s",
        figures.raw_bytes as f64 / 1e6,
        figures.generate_seconds
    ));
    grid(
        &["stage", "seconds", "peak MB", "rows read", "exit"].map(str::to_owned),
        &[
            stage("ingest", &figures.ingest),
            stage("night", &figures.night),
            stage("night, nothing new", &figures.no_op_night),
        ],
    );
    print_line(&format!(
        "ingest: {:.1} MB/s, {:.0} rows/s",
        figures.ingest_megabytes_per_second, figures.ingest_rows_per_second
    ));
    let mut models: Vec<&(String, f64, u64)> = figures.models.iter().collect();
    models.sort_by(|left, right| right.1.total_cmp(&left.1));
    let rows: Vec<Vec<String>> = models
        .iter()
        .map(|(name, seconds, rows)| vec![name.clone(), format!("{seconds:.2}"), rows.to_string()])
        .collect();
    grid(&["model", "seconds", "rows"].map(str::to_owned), &rows);
}
