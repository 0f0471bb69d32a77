//! One worker's electronic archive as a page and as an overview in the terminal.

mod html;
mod records;
mod study;
mod text;
mod words;

#[cfg(test)]
mod tests;

pub use html::{SESSIONS_SHOWN, html};
pub(in crate::report) use records::{PLACE, list, place};
pub(in crate::report) use study::raw_text;
pub(in crate::report) use text::plain;
pub use text::text;
pub use words::Words;
pub(in crate::report) use words::{dash, or_dash, strength};
