//! `export`.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::Global;
use super::context::{CommandError, Exit, open};
use super::output::{csv_text, note_leads, print_line};
use crate::engine::{Frame, run_sql};
use crate::model::Audience;
use crate::release::Releases;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    Parquet,
    Csv,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Reader {
    Public,
    Internal,
    Restricted,
}

/// Options of `export`.
#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    /// Folder to write into
    #[arg(long)]
    out: PathBuf,
    /// Who will read it: `internal` has every public and internal table unsuppressed, `restricted` all tables
    #[arg(long, value_enum, default_value_t = Reader::Internal)]
    audience: Reader,
    /// Form of the files
    #[arg(long, value_enum, default_value_t = Form::Parquet)]
    format: Form,
    /// Only these tables (comma-separated)
    #[arg(long, value_delimiter = ',')]
    tables: Vec<String>,
    /// Release id (default: the current one)
    #[arg(long)]
    release: Option<String>,
}

pub(super) fn export(global: &Global, args: &ExportArgs) -> Result<Exit, CommandError> {
    let readable = match args.audience {
        Reader::Public => {
            return Err(CommandError::Usage(
                "--audience public needs disclosure control, which this version does not have: \
                 tables of small counts would tell of single persons; use --audience internal"
                    .to_owned(),
            ));
        }
        Reader::Internal => vec![Audience::Public, Audience::Internal],
        Reader::Restricted => vec![Audience::Public, Audience::Internal, Audience::Restricted],
    };
    let opened = open(global)?;
    let releases = Releases::new(opened.storage.published.clone());
    let manifest = releases.find(args.release.as_deref())?;
    for name in &args.tables {
        let table = manifest.table(name)?;
        if !readable.contains(&table.audience) {
            return Err(CommandError::Usage(format!(
                "table `{name}` is not for this audience; it needs --audience restricted"
            )));
        }
    }
    let write = |path: &Path, content: &[u8]| {
        std::fs::write(path, content).map_err(|source| CommandError::Io {
            context: format!("writing {}", path.display()),
            source,
        })
    };
    std::fs::create_dir_all(&args.out).map_err(|source| CommandError::Io {
        context: format!("making the folder {}", args.out.display()),
        source,
    })?;
    for table in &manifest.tables {
        let wanted = args.tables.is_empty() || args.tables.contains(&table.name);
        if !wanted || !readable.contains(&table.audience) {
            continue;
        }
        let path = match args.format {
            Form::Parquet => {
                let content = releases.store().read(&table.file)?;
                let path = args.out.join(format!("{}.parquet", table.name));
                write(&path, &content)?;
                path
            }
            Form::Csv => {
                let path = args.out.join(format!("{}.csv", table.name));
                let file = releases.store().local_copy(&table.file)?;
                let frame = Frame::scan(&table.name, &[file], &[])?;
                let tables = std::collections::BTreeMap::from([("t".to_owned(), frame)]);
                write(
                    &path,
                    &csv_text(&run_sql(&table.name, "SELECT * FROM t", &tables)?)?,
                )?;
                path
            }
        };
        note_leads(&table.name);
        print_line(&path.display().to_string());
    }
    Ok(Exit::Done)
}
