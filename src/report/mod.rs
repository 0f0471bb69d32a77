//! What people get of a release: files with hidden figures marked, workbooks, the release page, one worker's archive, one
//! organisation's case file and one platform's sheet.

mod adjustment;
pub mod archive;
mod books;
pub mod case;
pub mod form;
pub mod page;
pub mod paper;
pub mod platform;
mod public_table;
mod ready;
mod release_page;
mod rows_book;
pub mod workbook;

pub use books::{audience_name, may_read, shapes, workbook};
pub use public_table::{csv, public_table};
pub use ready::{ReadyTable, read_ready, ready_table};
pub use release_page::{PageFacts, release_page};
pub use rows_book::rows_book;

use crate::release::ReleaseError;
use page::PageError;
use workbook::WorkbookError;

/// Why something cannot be made for readers.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// A table of the release cannot be read.
    #[error(transparent)]
    Release(#[from] ReleaseError),
    /// The workbook cannot be written.
    #[error(transparent)]
    Workbook(#[from] WorkbookError),
    /// The page cannot be written.
    #[error(transparent)]
    Page(#[from] PageError),
}
