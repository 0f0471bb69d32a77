//! How a description names a column of another table or month.

/// `column` or `table.column`, either with `@-12` for the row twelve months earlier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ColumnReference {
    /// Another table; `None` for the column's own.
    pub table: Option<String>,
    pub column: String,
    /// Months later, negative for earlier.
    pub months: i32,
}

impl ColumnReference {
    /// `None` when the text is no reference.
    pub fn parse(text: &str) -> Option<ColumnReference> {
        let (name, months) = match text.split_once('@') {
            Some((name, months)) => (name, months.parse().ok()?),
            None => (text, 0),
        };
        let (table, column) = match name.split_once('.') {
            Some((table, column)) => (Some(table.to_owned()), column),
            None => (None, name),
        };
        let is_named = !column.is_empty() && table.as_deref() != Some("");
        is_named.then(|| ColumnReference {
            table,
            column: column.to_owned(),
            months,
        })
    }
}
