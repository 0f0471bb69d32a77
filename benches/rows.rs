//! Throughput of the loader's two stages on generated study logs: cutting records, then splitting fields and typing
//! values. `cargo bench --profile dev` (the build that runs at night, no second one); figures vary with the machine, so compare two builds in one session.

#![allow(clippy::expect_used, clippy::print_stdout)]

use std::io::Read;
use std::path::Path;
use std::time::{Duration, Instant};

use skillwatch::contract::{Contracts, parse};
use skillwatch::ingest::judge_header;
use skillwatch::raw::{self, FileKind, Limits};
use skillwatch::sample::{SampleOptions, generate};

const PASSES: usize = 5;

fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let options = SampleOptions {
        persons: 8_000,
        logs_per_enrolment: 40.0,
        ..SampleOptions::default()
    };
    generate(&options, &folder.path().join("sample"), |_| {}).expect("a sample");
    let mut text = Vec::new();
    std::fs::File::open(
        folder
            .path()
            .join("sample/raw/study_logs/city=3702/study_logs-3702.csv"),
    )
    .and_then(|mut file| file.read_to_end(&mut text))
    .expect("the largest city's logs");
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let contracts =
        Contracts::load_dir(&project.join("pipelines/feeds")).expect("the project's contracts");
    let contract = contracts.get("study_logs").expect("study_logs");

    let megabytes = text.len() as f64 / 1e6;
    let mut cutting = Duration::MAX;
    let mut splitting = Duration::MAX;
    let mut typing = Duration::MAX;
    let mut rows = 0;
    for _ in 0..PASSES {
        let source = Box::new(std::io::Cursor::new(text.clone()));
        let kind = FileKind::from_name("study_logs.csv").expect("a known kind");
        let size = text.len() as u64;
        let judge = |fields: &[String]| judge_header(contract, fields);
        let mut reader =
            raw::open(source, size, kind, Limits::default(), &judge).expect("a reader");
        let matched = contract.match_header(reader.header().unwrap_or_default());
        let started = Instant::now();
        let mut blocks = Vec::new();
        while let Some(block) = reader.next_block().expect("a block") {
            blocks.push(block);
        }
        cutting = cutting.min(started.elapsed());
        let started = Instant::now();
        let parsed: Vec<_> = blocks.into_iter().map(|block| block.parse()).collect();
        splitting = splitting.min(started.elapsed());
        let started = Instant::now();
        rows = 0;
        for row in parsed.iter().flat_map(raw::RowBlock::rows) {
            for (column, position) in contract.columns.iter().zip(&matched.positions) {
                let field = position.and_then(|position| row.fields.get(position));
                // Broken rows are part of the load; their refusal is the result.
                let _ = std::hint::black_box(parse(column, field.unwrap_or_default()));
            }
            rows += 1;
        }
        typing = typing.min(started.elapsed());
    }
    println!("{megabytes:.1} MB, {rows} rows, best of {PASSES} passes, one thread");
    for (name, best) in [
        ("cut records", cutting),
        ("split fields", splitting),
        ("type values", typing),
    ] {
        println!("{name}: {:.0} MB/s", megabytes / best.as_secs_f64());
    }
}
