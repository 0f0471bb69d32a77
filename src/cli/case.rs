//! `case`: one organisation's case file.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::context::{CommandError, Exit, language, open};
use super::output::{give, note_leads};
use super::{Global, Language};
use crate::desk::archive::Identity;
use crate::desk::case::{CaseFile, Gatherer, is_quarter};
use crate::desk::query::Desk;
use crate::desk::raw_text::RawTexts;
use crate::identity::social_credit::social_credit_fault;
use crate::identity::{KeyKind, Pseudonymiser, find_embedded, hex};
use crate::lake::Lake;
use crate::release::Releases;
use crate::report::ReportError;
use crate::report::archive::Words;
use crate::report::case::{html, text, workbook};
use crate::run::{Sources, rounding};
use crate::vault::Vault;

/// Longest code of an organisation.
const LONGEST_CODE: usize = 64;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum CaseForm {
    /// An overview for the terminal
    Text,
    /// A page for browser and printer
    Html,
    /// A workbook; needs --out
    Xlsx,
}

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
    format: Option<CaseForm>,
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
    let form = args.format.unwrap_or_else(|| form_of(args.out.as_deref()));
    let org = code(&args.org)?;
    check(args, form)?;
    let opened = open(global)?;
    let releases = Releases::new(opened.storage.published.clone());
    let manifest = releases.find(args.release.as_deref())?;
    let lake = Lake::new(opened.storage.lake.clone());
    // An overview of pseudonyms needs no secret.
    let needs_secret = args.reveal || form != CaseForm::Text;
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
        let reason = args.reason.as_deref().unwrap_or_default();
        revealed = case.keys();
        identify(&mut case, &Vault::open(&lake, secret), &revealed, reason)?;
    }
    if form != CaseForm::Text
        && let Some(secret) = &secret
    {
        let pseudonymiser = Pseudonymiser::new(secret);
        case.add_raw_texts(&RawTexts {
            project: &opened.project,
            raw: &opened.storage.raw,
            pseudonymiser: &pseudonymiser,
            revealed,
        });
    }
    note_leads("indicator_hits");
    let words = Words::of(contracts);
    let content = match form {
        CaseForm::Text => text(&case, &words, language(global) == Language::Zh).into_bytes(),
        CaseForm::Html => html(&case, &words).into_bytes(),
        CaseForm::Xlsx => {
            let rounding = rounding(&opened.project.policy, manifest.as_of);
            workbook(&case, &words, rounding).map_err(ReportError::from)?
        }
    };
    give(args.out.as_deref(), &content)?;
    Ok(Exit::Done)
}

fn form_of(out: Option<&Path>) -> CaseForm {
    let ending = out
        .and_then(Path::extension)
        .map(|ending| ending.to_ascii_lowercase());
    match ending.as_deref().and_then(std::ffi::OsStr::to_str) {
        Some("html" | "htm") => CaseForm::Html,
        Some("xlsx") => CaseForm::Xlsx,
        _ => CaseForm::Text,
    }
}

/// The code as given, without blanks around it. No error repeats it.
fn code(text: &str) -> Result<&str, CommandError> {
    let text = text.trim();
    let is_code = !text.is_empty()
        && text.len() <= LONGEST_CODE
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    // Some codes of organisations happen to be right citizen numbers too; those may be asked for.
    let is_person = find_embedded(text).is_some() && social_credit_fault(text).is_some();
    if !is_code || is_person {
        let told = "give the unified social credit code of an organisation; for a person use `skillwatch person --number-file`";
        return Err(CommandError::Usage(told.to_owned()));
    }
    Ok(text)
}

fn check(args: &CaseArgs, form: CaseForm) -> Result<(), CommandError> {
    let quarter = args.quarter.as_deref();
    if quarter.is_some_and(|quarter| !is_quarter(quarter)) {
        let told = "--quarter wants a year and a quarter, such as 2020-Q3";
        return Err(CommandError::Usage(told.to_owned()));
    }
    if form == CaseForm::Xlsx && args.out.is_none() {
        let told = "a workbook is no text: name a file with --out";
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_follows_the_ending() {
        for (file, form) in [
            ("case.html", CaseForm::Html),
            ("case.XLSX", CaseForm::Xlsx),
            ("case.txt", CaseForm::Text),
        ] {
            assert_eq!(form_of(Some(Path::new(file))), form, "{file}");
        }
        assert_eq!(form_of(None), CaseForm::Text);
    }

    #[test]
    fn a_citizen_number_and_sql_are_no_codes_and_are_not_repeated() {
        assert_eq!(code(" 91370100KP0000015H ").unwrap(), "91370100KP0000015H");
        for text in ["11010519491231002X", "x' OR '1'='1", ""] {
            let told = code(text).unwrap_err().to_string();
            assert!(text.is_empty() || !told.contains(text), "{told}");
        }
    }
}
