use thiserror::Error;

/// Why a page could not be made: the data given break the page's rules.
#[derive(Debug, Error)]
pub enum PageError {
    /// A row has more or fewer cells than the table has columns.
    #[error("table {table}, row {row}: {found} cells for {expected} columns")]
    Width {
        /// The table.
        table: String,
        /// The row, from 1.
        row: usize,
        /// Cells found.
        found: usize,
        /// Columns of the table.
        expected: usize,
    },
    /// A cell that its column's kind cannot hold.
    #[error("table {table}, row {row}, column {column}: {problem}")]
    Cell {
        /// The table.
        table: String,
        /// The row, from 1.
        row: usize,
        /// The column.
        column: String,
        /// What is wrong with the cell.
        problem: &'static str,
    },
    /// A grain column that the table does not have.
    #[error("table {table}: no column {column}, which its grain names")]
    Grain {
        /// The table.
        table: String,
        /// The column named.
        column: String,
    },
    /// A download link that is not relative to the page.
    #[error("link {href:?} is not relative to the page")]
    Link {
        /// The link.
        href: String,
    },
    /// The data could not be written as JSON.
    #[error("the page's data could not be written as JSON")]
    Json(#[from] serde_json::Error),
}
