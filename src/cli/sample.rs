//! `sample`.

use std::path::PathBuf;

use clap::Args;

use super::context::{CommandError, Exit};
use super::output::print_line;
use crate::sample::{Encoding, Months, SampleError, SampleOptions, Scheme, generate};

/// Options of `sample`.
#[derive(Debug, Args)]
pub(super) struct SampleArgs {
    /// Folder to write into; empty or not yet there
    #[arg(long)]
    out: PathBuf,
    /// Ordinary learners; the planted schemes add about a thousand
    #[arg(long, default_value_t = 1_500)]
    persons: u64,
    /// Seed: the same arguments give the same bytes
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Indicators whose schemes are planted (comma-separated; default: all that can be)
    #[arg(long, value_enum, value_delimiter = ',')]
    schemes: Option<Vec<Scheme>>,
    /// Mean study log rows of an enrolment with online hours
    #[arg(long, default_value_t = 8.0)]
    logs_per_enrolment: f64,
    /// Months in which things happen, as 2020-03..2021-12
    #[arg(long, default_value = "2020-03..2021-12")]
    months: Months,
    /// Whether there are broken, superseded and duplicate rows
    #[arg(long, default_value_t = true, action = clap::ArgAction::Set)]
    dirty: bool,
    /// Encoding of the files
    #[arg(long, value_enum, default_value_t = Encoding::Utf8)]
    encoding: Encoding,
}

pub(super) fn sample(args: &SampleArgs) -> Result<Exit, CommandError> {
    let mut options = SampleOptions {
        persons: args.persons,
        seed: args.seed,
        logs_per_enrolment: args.logs_per_enrolment,
        months: args.months,
        dirty: args.dirty,
        encoding: args.encoding,
        ..SampleOptions::default()
    };
    if let Some(schemes) = &args.schemes {
        options.schemes = schemes.iter().copied().collect();
    }
    let summary = generate(&options, &args.out, |_| {}).map_err(|error| match error {
        SampleError::Write { path, source } => CommandError::Io {
            context: format!("writing {}", path.display()),
            source,
        },
        other => CommandError::Usage(other.to_string()),
    })?;
    print_line(&format!(
        "{}: {} persons, {} classes, {} enrolments, {} study logs, {} rows",
        args.out.display(),
        summary.persons,
        summary.classes,
        summary.enrolments,
        summary.study_logs,
        summary.rows
    ));
    Ok(Exit::Done)
}
