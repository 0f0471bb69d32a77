//! What commands say on stderr beside log lines: what a run came to, why it ended early.

use std::io::Write;
use std::sync::OnceLock;

use unicode_normalization::UnicodeNormalization;

use super::LogForm;
use crate::identity::{self, Wanted};

/// The form asked for; plain lines until it is known.
static FORM: OnceLock<LogForm> = OnceLock::new();

/// Sets the form of everything that is told from now on.
pub(super) fn set_form(form: LogForm) {
    // A second start in one process changes nothing.
    let _ = FORM.set(form);
}

/// Tells a line; for machines it is a log line as any other.
pub(super) fn tell(line: &str) {
    if FORM.get() == Some(&LogForm::Json) {
        tracing::info!("{line}");
    } else {
        write_line(line);
    }
}

/// Tells why a command ended early. It may repeat what somebody typed: a number of a person by mistake.
pub(super) fn tell_error(text: &str) {
    let text = &without_numbers(text);
    if FORM.get() == Some(&LogForm::Json) {
        tracing::error!("{text}");
    } else {
        write_line(&format!("error: {text}"));
    }
}

/// A text without what may be a citizen number, a phone or an account.
pub(super) fn without_numbers(told: &str) -> String {
    const SHORTEST: usize = 15;
    let plain: String = told.nfkc().collect();
    let known = identity::without_numbers((&plain).into(), Wanted::People, |_, _| "…".to_owned());
    let mut safe = String::with_capacity(known.len());
    let mut rest = known.as_ref();
    while let Some(start) = rest.find(|letter: char| letter.is_ascii_digit()) {
        let (before, run) = rest.split_at(start);
        let end = run.find(|letter: char| !letter.is_ascii_digit());
        let (digits, after) = run.split_at(end.unwrap_or(run.len()));
        safe.push_str(before);
        // No account begins with a nought, and a key of a person may.
        let is_key = digits.len() == 16 && digits.starts_with('0');
        safe.push_str(if digits.len() < SHORTEST || is_key {
            digits
        } else {
            "…"
        });
        rest = after;
    }
    safe.push_str(rest);
    // Other signs stay as they are.
    if safe == plain { told.to_owned() } else { safe }
}

/// A reader that has gone (`2>&1 | head`) ends the talk, not a night.
fn write_line(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_repeat_no_number() {
        for (told, safe) in [
            (
                "unexpected argument '37019919850615997X' found, 2 of 12",
                "unexpected argument '…' found, 2 of 12",
            ),
            ("`370199 19850615 9973` is no table", "`…` is no table"),
            ("invalid value '13800000000'", "invalid value '…'"),
            ("account 6210000000000003", "account …"),
            ("knows no 0000000000000000", "knows no 0000000000000000"),
            ("release 2020-12-31-6676ee4d", "release 2020-12-31-6676ee4d"),
            ("no digits", "no digits"),
        ] {
            assert_eq!(without_numbers(told), safe);
        }
    }
}
