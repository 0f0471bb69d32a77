//! `export`.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::Global;
use super::context::{CommandError, Exit, open};
use super::output::{give, note_leads, print_line};
use super::tell::tell;
use crate::model::Audience;
use crate::release::{Manifest, PublishedTable, Releases};
use crate::report::{audience_name, csv, may_read, read_ready, workbook};
use crate::run::rounding;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    Parquet,
    Csv,
    Xlsx,
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
    /// Who will read it: `public` after disclosure control, `internal` every public and internal table with all
    /// figures, `restricted` all tables
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
    let reader = match args.audience {
        Reader::Public => Audience::Public,
        Reader::Internal => Audience::Internal,
        Reader::Restricted => Audience::Restricted,
    };
    let opened = open(global)?;
    let releases = Releases::new(opened.storage.published.clone());
    let manifest = releases.find(args.release.as_deref())?;
    check_request(&manifest, args, reader)?;
    std::fs::create_dir_all(&args.out).map_err(|source| CommandError::Io {
        context: format!("making the folder {}", args.out.display()),
        source,
    })?;
    let is_wanted = |table: &&PublishedTable| {
        (args.tables.is_empty() || args.tables.contains(&table.name)) && may_read(reader, table)
    };
    let models = &opened.project.models;
    if args.format == Form::Xlsx {
        let rounding = rounding(&opened.project.policy, manifest.as_of);
        let layouts = &opened.project.layouts;
        let wanted = &args.tables;
        let written = workbook(
            layouts, &releases, models, &manifest, reader, wanted, rounding,
        )?;
        for problem in &written.problems {
            tell(&problem.to_string());
        }
        for table in manifest.tables.iter().filter(is_wanted) {
            note_leads(&table.name);
        }
        let path = args
            .out
            .join(format!("skillwatch-{}.xlsx", audience_name(reader)));
        return write(&path, &written.bytes, reader).map(|()| Exit::Done);
    }
    for table in manifest.tables.iter().filter(is_wanted) {
        let (extension, content) = match args.format {
            Form::Csv => {
                let ready = read_ready(&releases, models, table, reader == Audience::Public)?;
                let text = csv(&ready).map_err(|error| CommandError::Io {
                    context: format!("writing {} as CSV", table.name),
                    source: std::io::Error::other(error),
                })?;
                ("csv", text)
            }
            Form::Parquet | Form::Xlsx => {
                let public = table.public.as_ref().map(|public| &public.file);
                let file = match public {
                    Some(public) if reader == Audience::Public => public,
                    _ => &table.file,
                };
                ("parquet", releases.store().read(file)?.to_vec())
            }
        };
        note_leads(&table.name);
        write(
            &args.out.join(format!("{}.{extension}", table.name)),
            &content,
            reader,
        )?;
    }
    Ok(Exit::Done)
}

fn check_request(
    manifest: &Manifest,
    args: &ExportArgs,
    reader: Audience,
) -> Result<(), CommandError> {
    if reader == Audience::Public && manifest.disclosure.is_none() {
        return Err(CommandError::Usage(format!(
            "release {} gave the public nothing: it was made without disclosure control (pipelines/disclosure.toml)",
            manifest.id
        )));
    }
    for name in &args.tables {
        let table = manifest.table(name)?;
        if !may_read(reader, table) {
            return Err(CommandError::Usage(format!(
                "table `{name}` is not for this audience; it needs --audience {}",
                audience_name(table.audience.max(Audience::Internal))
            )));
        }
    }
    Ok(())
}

/// Writes a file and tells its path. What is not for the public is for its owner alone.
fn write(path: &Path, content: &[u8], reader: Audience) -> Result<(), CommandError> {
    if reader != Audience::Public {
        return give(Some(path), content);
    }
    std::fs::write(path, content).map_err(|source| CommandError::Io {
        context: format!("writing {}", path.display()),
        source,
    })?;
    print_line(&path.display().to_string());
    Ok(())
}
