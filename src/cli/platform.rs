//! `platform`: what one online platform is shown of its evaluation.

use std::path::PathBuf;

use clap::Args;

use super::context::{CommandError, Exit, language, open};
use super::output::give;
use super::paper::{PaperForm, organisation_code};
use super::{Global, Language};
use crate::desk::platform::PlatformGatherer;
use crate::release::Releases;
use crate::report::ReportError;
use crate::report::platform::{html, text, workbook};
use crate::run::rounding;

/// Options of `platform`.
#[derive(Debug, Args)]
pub(super) struct PlatformArgs {
    /// Unified social credit code of the platform
    code: String,
    /// Release id (default: the current one)
    #[arg(long)]
    release: Option<String>,
    /// Form (default: by the ending of --out, otherwise text)
    #[arg(long, value_enum)]
    format: Option<PaperForm>,
    /// File to write, which only its owner may read
    #[arg(long)]
    out: Option<PathBuf>,
}

pub(super) fn platform(global: &Global, args: &PlatformArgs) -> Result<Exit, CommandError> {
    let form = PaperForm::asked(args.format, args.out.as_deref())?;
    let code = organisation_code(&args.code)?;
    let opened = open(global)?;
    let releases = Releases::new(opened.storage.published.clone());
    let manifest = releases.find(args.release.as_deref())?;
    let gatherer = PlatformGatherer {
        releases: &releases,
        manifest: &manifest,
        project: &opened.project,
        framework: &opened.framework,
    };
    let Some(sheet) = gatherer.gather(code)? else {
        // What was typed is not repeated: it may be anything.
        return Err(CommandError::Usage(format!(
            "release {} has no score of a platform of this code; its table `platform_scores` lists those that it has",
            manifest.id
        )));
    };
    let content = match form {
        PaperForm::Text => text(&sheet, language(global) == Language::Zh).into_bytes(),
        PaperForm::Html => html(&sheet).into_bytes(),
        PaperForm::Xlsx => {
            let rounding = rounding(&opened.project.policy, manifest.as_of);
            workbook(&sheet, rounding).map_err(ReportError::from)?
        }
    };
    give(args.out.as_deref(), &content)?;
    Ok(Exit::Done)
}
