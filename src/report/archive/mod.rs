//! One worker's electronic archive as a page and as an overview in the terminal.

mod html;
mod records;
mod study;
mod text;
mod words;

#[cfg(test)]
mod tests;

pub use html::{SESSIONS_SHOWN, html};
pub use text::text;
pub use words::Words;
