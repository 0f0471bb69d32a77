//! `vault reveal`, `vault key`.

use std::io::Read;

use clap::Subcommand;

use super::Global;
use super::context::{CommandError, Exit, open};
use super::output::print_line;
use crate::identity::{KeyKind, Pseudonymiser, citizen, hex, parse_hex};
use crate::lake::Lake;
use crate::vault::Vault;

/// What can be asked of the vault.
#[derive(Debug, Subcommand)]
pub(super) enum VaultCommand {
    /// The raw identity behind a key
    Reveal {
        /// 16 hex digits
        key: String,
        /// Why; kept in the audit log
        #[arg(long)]
        reason: String,
    },
    /// The key of a citizen number
    Key {
        /// The number; `-` reads it from stdin, which keeps it out of the shell's history
        number: String,
        /// Why; kept in the audit log
        #[arg(long, default_value = "")]
        reason: String,
    },
}

pub(super) fn vault(global: &Global, command: &VaultCommand) -> Result<Exit, CommandError> {
    let opened = open(global)?;
    let secret = opened.secret(global)?;
    let lake = Lake::new(opened.storage.lake.clone());
    let vault = Vault::open(&lake, &secret);
    match command {
        VaultCommand::Reveal { key, reason } => {
            given_reason(Some(reason))?;
            let key = parse_hex(key).ok_or_else(|| {
                CommandError::Usage(
                    "a key is 16 hex digits, as tables and traces show it".to_owned(),
                )
            })?;
            for (kind, value) in vault.reveal(key, reason)? {
                print_line(&format!("{kind} {value}"));
            }
        }
        VaultCommand::Key { number, reason } => {
            let text = if number == "-" {
                stdin_text()?
            } else {
                number.clone()
            };
            let normalised = citizen::normalise(text.trim());
            if !normalised.bytes().any(|byte| byte.is_ascii_digit()) {
                let told = "no citizen number was given";
                return Err(CommandError::Usage(told.to_owned()));
            }
            let key = hex(Pseudonymiser::new(&secret).key(KeyKind::Person, &normalised));
            vault.audit("key", &key, reason)?;
            print_line(&key);
        }
    }
    Ok(Exit::Done)
}

/// Why an identity is to be shown; it is kept in the audit log and must say something.
pub(super) fn given_reason(reason: Option<&str>) -> Result<&str, CommandError> {
    let reason = reason.unwrap_or_default();
    if reason.trim().is_empty() {
        let told = "--reason says why an identity is to be shown; it may not be empty";
        return Err(CommandError::Usage(told.to_owned()));
    }
    Ok(reason)
}

/// All of stdin, for a number that should not stand in the shell's history.
pub(super) fn stdin_text() -> Result<String, CommandError> {
    let mut text = String::new();
    std::io::stdin()
        .read_to_string(&mut text)
        .map_err(|source| CommandError::Io {
            context: "reading the number from stdin".to_owned(),
            source,
        })?;
    Ok(text)
}
