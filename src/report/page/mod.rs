//! The release page: one self-contained HTML file with a release's figures, charts, a map and tables.
//!
//! [`render`] turns plain data into the text of the file. The same data give the same bytes; nothing is read from the
//! clock, the disk or the network. Figures are not computed here: the page shows the cells it is given, rounded once
//! for reading ([`encode`](self)), and its scripts only pick and order them. The one sum that scripts make, over kinds
//! of a fund or levels of certificates, says how many suppressed cells it leaves out.
//!
//! The file works from `file://`. Its content security policy forbids every request and every script but the three
//! whose hashes it names, so text in a cell can neither run nor call out, whatever it holds.

mod assets;
mod document;
mod embed;
mod encode;
mod error;
pub(super) mod escape;
mod input;
mod template;

pub use assets::SCRIPT_HASHES;
pub use error::PageError;
pub use input::{
    Audience, Cell, Column, Disclosure, Download, Kind, Meaning, OnlineCap, Page, Release, Table,
    Text,
};

#[cfg(test)]
mod tests;

/// The page's HTML.
///
/// Where the tables together would take more than [`Page::data_bytes`], the largest show their newest periods only and
/// say so.
///
/// # Errors
///
/// The first cell that its column's kind cannot hold, the first row of another width than the columns, or the first
/// download that does not lie below or beside the page.
pub fn render(page: &Page) -> Result<String, PageError> {
    let data = embed::island(page)?;
    Ok(template::fill(assets::PAGE, |name| {
        document::part(page, &data, name)
    }))
}
