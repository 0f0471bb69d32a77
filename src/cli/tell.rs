//! What commands say on stderr beside log lines: what a run came to, why it ended early.

use std::io::Write;
use std::sync::OnceLock;

use super::LogForm;

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

/// Tells why a command ended early.
pub(super) fn tell_error(text: &str) {
    if FORM.get() == Some(&LogForm::Json) {
        tracing::error!("{text}");
    } else {
        write_line(&format!("error: {text}"));
    }
}

/// A reader that has gone (`2>&1 | head`) ends the talk, not a night.
fn write_line(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}
