//! One online platform's sheet as a page, as a workbook and as an overview in the terminal.
//!
//! Head and foot of every form say that the program proposes and that the city decides.

mod again;
mod charts;
mod exit;
mod html;
mod standing;
mod text;
mod words;
mod workbook;

#[cfg(test)]
mod tests;

pub use html::html;
pub use text::text;
pub use words::{NOTICE_EN, NOTICE_ZH};
pub use workbook::workbook;
