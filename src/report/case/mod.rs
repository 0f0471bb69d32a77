//! One organisation's case file as a page, as a workbook and as an overview in the terminal.
//!
//! Head and foot of every form say 疑点线索，需核查，非认定结论.

mod again;
mod charts;
mod histogram;
mod html;
mod indicator;
mod lists;
mod text;
mod words;
mod workbook;

#[cfg(test)]
mod tests;

pub use html::html;
pub use text::text;
pub use workbook::workbook;
