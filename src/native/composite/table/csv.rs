//! A table from CSV text.

use super::read::{Sheet, SheetRow};
use crate::problem::Problem;

impl Sheet {
    /// Reads UTF-8 CSV with a header, with or without a byte order mark; names and cells without surrounding spaces.
    ///
    /// # Errors
    /// The first place where it is no such table.
    pub fn from_csv(file: &str, content: &[u8]) -> Result<Self, Vec<Problem>> {
        let content = content
            .strip_prefix("\u{feff}".as_bytes())
            .unwrap_or(content);
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_reader(content);
        let refuse = |error: &csv::Error| {
            let line = error.position().map_or(1, csv::Position::line);
            let line = usize::try_from(line).unwrap_or(usize::MAX);
            vec![Problem::new(file, Some(line), reason(error))]
        };
        let headers = reader.headers().map_err(|error| refuse(&error))?;
        let columns: Vec<String> = headers.iter().map(str::to_owned).collect();
        let mut seen = std::collections::BTreeSet::new();
        if let Some(twice) = columns.iter().find(|name| !seen.insert(*name)) {
            let message = format!("two columns are called `{twice}`");
            return Err(vec![Problem::new(file, Some(1), message)]);
        }
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| refuse(&error))?;
            let line = record.position().map_or(0, csv::Position::line);
            rows.push(SheetRow {
                line: usize::try_from(line).unwrap_or(usize::MAX),
                cells: record.iter().map(str::to_owned).collect(),
            });
        }
        Ok(Self {
            file: file.to_owned(),
            columns,
            rows,
        })
    }
}

fn reason(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => format!("{len} fields where the header has {expected_len}"),
        csv::ErrorKind::Utf8 { .. } => "the text is not UTF-8".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_count_quoted_breaks() {
        let text = "\u{feff}unit, a\n\"x\ny\",1\n z ,2\n";
        let sheet = Sheet::from_csv("t.csv", text.as_bytes()).unwrap();
        assert_eq!(sheet.columns, ["unit", "a"]);
        assert_eq!(sheet.rows[1].line, 4);
        assert_eq!(sheet.rows[1].cells, ["z", "2"]);
    }

    #[test]
    fn what_is_no_table_is_told_with_its_line() {
        let told = |content: &[u8]| Sheet::from_csv("t.csv", content).unwrap_err()[0].to_string();
        assert_eq!(
            told(b"unit,a\nx,1\ny,2,3\n"),
            "t.csv:3: 3 fields where the header has 2"
        );
        assert_eq!(told(b"unit,a,a\n"), "t.csv:1: two columns are called `a`");
        assert_eq!(told(b"unit,a\nx,\xff\n"), "t.csv:2: the text is not UTF-8");
    }
}
