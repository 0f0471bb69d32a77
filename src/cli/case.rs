//! `case`: one organisation's case file.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use clap::Args;

use super::context::{CommandError, Exit, language, open};
use super::output::{give, note_leads, note_records_of_today};
use super::paper::{PaperForm, organisation_code};
use super::vault::given_reason;
use super::{Global, Language};
use crate::desk::archive::Identity;
use crate::desk::case::{CaseFile, Gatherer, is_quarter};
use crate::desk::query::Desk;
use crate::desk::raw_text::RawTexts;
use crate::identity::{KeyKind, Pseudonymiser, hex};
use crate::lake::Lake;
use crate::release::Releases;
use crate::report::ReportError;
use crate::report::archive::Words;
use crate::report::case::{html, text, workbook};
use crate::run::{Sources, rounding};
use crate::vault::Vault;

/// Options of `case`.
#[derive(Debug, Args)]
pub(super) struct CaseArgs {
    /// Unified social credit code of the organisation
    org: String,
    /// Only leads of this quarter of class starts, such as 2020-Q3
    #[arg(long)]
    quarter: Option<String>,
    /// Form (default: by the ending of --out, otherwise text)
    #[arg(long, value_enum)]
    format: Option<PaperForm>,
    /// File to write, which only its owner may read
    #[arg(long)]
    out: Option<PathBuf>,
    /// Release id (default: the current one)
    #[arg(long)]
    release: Option<String>,
    /// Show numbers and names of the persons concerned from the vault. Audited
    #[arg(long, requires = "reason")]
    reveal: bool,
    /// Why identities are revealed; kept in the audit log
    #[arg(long)]
    reason: Option<String>,
}

pub(super) fn case(global: &Global, args: &CaseArgs) -> Result<Exit, CommandError> {
    let form = PaperForm::asked(args.format, args.out.as_deref())?;
    let org = organisation_code(&args.org)?;
    check(args)?;
    let opened = open(global)?;
    let releases = Releases::new(opened.storage.published.clone());
    let manifest = releases.find(args.release.as_deref())?;
    let lake = Lake::new(opened.storage.lake.clone());
    // An overview of pseudonyms needs no secret.
    let needs_secret = args.reveal || form != PaperForm::Text;
    let secret = needs_secret.then(|| opened.secret(global)).transpose()?;
    let sources = Sources::open(&opened.project, &lake, manifest.as_of)?;
    let contracts = &opened.project.contracts;
    let feeds: Vec<String> = contracts
        .iter()
        .map(|contract| contract.feed.clone())
        .collect();
    let desk = Desk {
        releases: &releases,
        manifest: Some(&manifest),
        is_pinned: true,
        sources: &sources,
        feeds: &feeds,
    };
    let gatherer = Gatherer {
        desk: &desk,
        manifest: &manifest,
        project: &opened.project,
        framework: &opened.framework,
    };
    let Some(mut case) = gatherer.gather(org, args.quarter.as_deref())? else {
        // What was typed is not repeated: it may be anything.
        return Err(CommandError::Usage(format!(
            "neither release {} nor the register of organisations knows an organisation of this code",
            manifest.id
        )));
    };
    let mut revealed = BTreeSet::new();
    if args.reveal
        && let Some(secret) = &secret
    {
        let reason = given_reason(args.reason.as_deref())?;
        revealed = case.keys();
        identify(&mut case, &Vault::open(&lake, secret), &revealed, reason)?;
    }
    if form != PaperForm::Text
        && let Some(secret) = &secret
    {
        let pseudonymiser = Pseudonymiser::new(secret);
        case.add_raw_texts(&RawTexts {
            project: &opened.project,
            raw: &opened.storage.raw,
            pseudonymiser: &pseudonymiser,
            revealed,
            lake: &lake,
            loads: sources.loads(),
        });
    }
    note_leads("indicator_hits");
    note_records_of_today(&releases, &manifest)?;
    let words = Words::of(contracts);
    let content = match form {
        PaperForm::Text => text(&case, &words, language(global) == Language::Zh).into_bytes(),
        PaperForm::Html => html(&case, &words).into_bytes(),
        PaperForm::Xlsx => {
            let rounding = rounding(&opened.project.policy, manifest.as_of);
            workbook(&case, &words, rounding).map_err(ReportError::from)?
        }
    };
    give(args.out.as_deref(), &content)?;
    Ok(Exit::Done)
}

fn check(args: &CaseArgs) -> Result<(), CommandError> {
    let quarter = args.quarter.as_deref();
    if quarter.is_some_and(|quarter| !is_quarter(quarter)) {
        let told = "--quarter wants a year and a quarter, such as 2020-Q3";
        return Err(CommandError::Usage(told.to_owned()));
    }
    Ok(())
}

/// Adds to the persons their numbers and names, nothing else that might share a key.
fn identify(
    case: &mut CaseFile,
    vault: &Vault<'_>,
    keys: &BTreeSet<i64>,
    reason: &str,
) -> Result<(), CommandError> {
    let mut found: BTreeMap<(i64, String), Vec<String>> = BTreeMap::new();
    for (key, kind, value) in vault.reveal_all(keys, reason)? {
        found.entry((key, kind)).or_default().push(value);
    }
    for person in &mut case.persons {
        let number = (person.key, KeyKind::Person.word());
        let names = person.name_keys.iter();
        let names = names.map(|key| (*key, KeyKind::Name.word()));
        // The number first, then names by key.
        for (key, kind) in [number].into_iter().chain(names) {
            let values = found.get(&(key, kind.to_owned())).into_iter().flatten();
            let identities = values.map(|value| Identity {
                kind: kind.to_owned(),
                key: hex(key),
                value: value.clone(),
            });
            person.identities.extend(identities);
        }
    }
    Ok(())
}
