//! `person`: one worker's archive.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::{ArgGroup, Args, ValueEnum};

use super::context::{CommandError, Exit, Opened, language, open};
use super::output::{give, note_leads};
use super::paper::form_by_ending;
use super::vault::{given_reason, stdin_text};
use super::{Global, Language};
use crate::desk::archive::{Archive, Gatherer, Identity};
use crate::desk::query::Desk;
use crate::desk::raw_text::RawTexts;
use crate::identity::{KeyKind, Pseudonymiser, citizen, hex, parse_hex};
use crate::lake::Lake;
use crate::release::Releases;
use crate::report::archive::{Words, html, text};
use crate::run::Sources;
use crate::vault::{Vault, VaultError};

/// Most bytes of a file that holds a number: a longer one is another file.
const NUMBER_FILE_BYTES: usize = 256;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ArchiveForm {
    /// An overview for the terminal
    Text,
    /// Everything, as docs/ARCHIVE.md describes it
    Json,
    /// A page for browser and printer
    Html,
}

/// Options of `person`.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("who").required(true).args(["key", "number", "number_file"])))]
pub(super) struct PersonArgs {
    /// Key: 16 hex digits
    key: Option<String>,
    /// Citizen number; `-` reads it from stdin, which keeps it out of the shell's history. Audited
    #[arg(long)]
    number: Option<String>,
    /// File that holds the citizen number; `-` is stdin. Audited
    #[arg(long, value_name = "FILE")]
    number_file: Option<PathBuf>,
    /// Form (default: by the ending of --out, otherwise text)
    #[arg(long, value_enum)]
    format: Option<ArchiveForm>,
    /// File to write, which only its owner may read
    #[arg(long)]
    out: Option<PathBuf>,
    /// Release id (default: the current one)
    #[arg(long)]
    release: Option<String>,
    /// Show the number and name from the vault. Audited
    #[arg(long, requires = "reason")]
    reveal: bool,
    /// Why the number was used or revealed; kept in the audit log
    #[arg(long)]
    reason: Option<String>,
}

/// Whose archive is asked for.
struct Wanted {
    key: i64,
    /// What is wrong with the number, when one was given.
    fault: Option<&'static str>,
}

pub(super) fn person(global: &Global, args: &PersonArgs) -> Result<Exit, CommandError> {
    let form = args
        .format
        .map_or_else(|| form_of(args.out.as_deref()), Ok)?;
    let typed = match &args.key {
        Some(key) => Err(parse_hex(key).ok_or_else(|| {
            // What was typed is not repeated: it may be a citizen number.
            let told = "a key is 16 hex digits; give a citizen number by --number-file";
            CommandError::Usage(told.to_owned())
        })?),
        None => Ok(number(args)?),
    };
    let opened = open(global)?;
    let releases = Releases::new(opened.storage.published.clone());
    let manifest = releases.find(args.release.as_deref())?;
    let lake = Lake::new(opened.storage.lake.clone());
    // A look at pseudonyms alone needs no secret.
    let needs_secret = typed.is_ok() || args.reveal || form != ArchiveForm::Text;
    let secret = needs_secret.then(|| opened.secret(global)).transpose()?;
    let vault = secret.as_ref().map(|secret| Vault::open(&lake, secret));
    let reason = args.reason.as_deref().unwrap_or_default();
    let wanted = match typed {
        Err(key) => Wanted { key, fault: None },
        Ok(number) => {
            let secret = secret.as_deref().unwrap_or_default();
            let wanted = by_number(&opened, secret, &number);
            if let Some(vault) = &vault {
                vault.audit("person", &hex(wanted.key), reason)?;
            }
            wanted
        }
    };
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
    };
    let Some(mut archive) = gatherer.gather(wanted.key)? else {
        return Err(unknown(&manifest.id, &wanted));
    };
    let mut revealed = BTreeSet::new();
    if args.reveal
        && let Some(vault) = &vault
    {
        let mut keys = gatherer.name_keys(wanted.key)?;
        keys.insert(wanted.key);
        let reason = given_reason(Some(reason))?;
        archive.person.identities = identities(vault, wanted.key, &keys, reason)?;
        revealed = keys;
    }
    if form != ArchiveForm::Text
        && let Some(secret) = &secret
    {
        let pseudonymiser = Pseudonymiser::new(secret);
        archive.add_raw_texts(&RawTexts {
            project: &opened.project,
            raw: &opened.storage.raw,
            pseudonymiser: &pseudonymiser,
            revealed,
            lake: &lake,
            loads: sources.loads(),
        });
    }
    note_leads("learner_archive");
    let words = Words::of(contracts);
    let content = match form {
        ArchiveForm::Text => text(&archive, &words, language(global) == Language::Zh),
        ArchiveForm::Html => html(&archive, &words),
        ArchiveForm::Json => json(&archive)?,
    };
    give(args.out.as_deref(), content.as_bytes())?;
    Ok(Exit::Done)
}

fn form_of(out: Option<&Path>) -> Result<ArchiveForm, CommandError> {
    let forms = [
        ("txt", ArchiveForm::Text),
        ("json", ArchiveForm::Json),
        ("html", ArchiveForm::Html),
        ("htm", ArchiveForm::Html),
    ];
    form_by_ending(out, &forms, ArchiveForm::Text)
}

/// The citizen number as given. No error repeats it.
fn number(args: &PersonArgs) -> Result<String, CommandError> {
    let file = args.number_file.as_deref();
    let text = if args.number.as_deref() == Some("-") || file == Some(Path::new("-")) {
        stdin_text()?
    } else if let Some(file) = file {
        // Its name is not repeated: it may be the number itself, given by mistake.
        let bytes = std::fs::read(file).map_err(|error| {
            CommandError::Usage(format!("the file of --number-file cannot be read: {error}"))
        })?;
        String::from_utf8_lossy(&bytes).into_owned()
    } else {
        args.number.clone().unwrap_or_default()
    };
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Err(CommandError::Usage(
            "no citizen number was given".to_owned(),
        ));
    }
    if text.len() > NUMBER_FILE_BYTES || text.lines().count() > 1 {
        return Err(CommandError::Usage(
            "the file must hold one citizen number and nothing else".to_owned(),
        ));
    }
    Ok(citizen::normalise(text).into_owned())
}

fn by_number(opened: &Opened, secret: &[u8], number: &str) -> Wanted {
    let facts = citizen::examine(number, &opened.project.divisions);
    Wanted {
        key: Pseudonymiser::new(secret).key(KeyKind::Person, number),
        fault: facts.fault.map(|fault| fault.code()),
    }
}

/// A wrong number may be on record all the same, as it was sent; so it is judged only when nothing was found.
fn unknown(release: &str, wanted: &Wanted) -> CommandError {
    let key = hex(wanted.key);
    let fault = wanted
        .fault
        .map(|fault| format!("; the number is not a right citizen number ({fault})"))
        .unwrap_or_default();
    CommandError::Usage(format!(
        "release {release} knows no training of {key}{fault}"
    ))
}

/// What the vault holds of the person: the number and names, nothing else that might share a key.
fn identities(
    vault: &Vault<'_>,
    person: i64,
    keys: &BTreeSet<i64>,
    reason: &str,
) -> Result<Vec<Identity>, CommandError> {
    let kinds = [KeyKind::Person.word(), KeyKind::Name.word()];
    let mut identities: Vec<Identity> = vault
        .reveal_all(keys, reason)?
        .into_iter()
        .filter(|(key, kind, _)| {
            let is_person = kind == KeyKind::Person.word();
            kinds.contains(&kind.as_str()) && is_person == (*key == person)
        })
        .map(|(key, kind, value)| Identity {
            kind,
            key: hex(key),
            value,
        })
        .collect();
    // The number first, then names by key.
    identities.sort_by_key(|one| (one.kind != KeyKind::Person.word(), one.key.clone()));
    if identities.is_empty() {
        return Err(VaultError::Unknown { key: hex(person) }.into());
    }
    Ok(identities)
}

fn json(archive: &Archive) -> Result<String, CommandError> {
    let text = serde_json::to_string_pretty(archive).map_err(|error| CommandError::Io {
        context: "writing JSON".to_owned(),
        source: std::io::Error::other(error),
    })?;
    Ok(text + "\n")
}
