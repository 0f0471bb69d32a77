//! The rows of the division table as they are written.

use thiserror::Error;

use super::DivisionCode;

/// One row: a code under one name for some years.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) line: u64,
    pub(super) code: DivisionCode,
    pub(super) name: String,
    pub(super) level: Level,
    pub(super) in_force: bool,
    /// The codes that took over the whole division. Codes that took a part of it earlier are written with the year
    /// in brackets, `370203[1994]`, and left out here.
    pub(super) successors: Vec<DivisionCode>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    Province,
    Prefecture,
    County,
}

/// What is wrong with the division table.
#[derive(Debug, Error)]
pub enum DivisionError {
    /// The text is no CSV, or a row has too few or too many fields.
    #[error("line {line}: not a row of the division table")]
    NotCsv {
        /// Physical line, from 1; 0 if unknown.
        line: u64,
        /// What the reader says.
        source: csv::Error,
    },
    /// The header lacks a column.
    #[error("line 1: no column `{column}`")]
    MissingColumn {
        /// Its name.
        column: &'static str,
    },
    /// A value that the column can't hold.
    #[error("line {line}, column `{column}`: cannot read `{value}`, {expected}")]
    BadValue {
        /// Physical line, from 1.
        line: u64,
        /// The column.
        column: &'static str,
        /// The value.
        value: String,
        /// What the column may hold.
        expected: &'static str,
    },
    /// A successor that is no code of the table.
    #[error("line {line}: the successor {successor} of {code} is not in the table")]
    UnknownSuccessor {
        /// Physical line, from 1.
        line: u64,
        /// The code.
        code: DivisionCode,
        /// Its successor.
        successor: DivisionCode,
    },
    /// A code from which no chain of successors leads to a city in force.
    #[error("line {line}: {code} leads to no city in force")]
    NoCity {
        /// Physical line, from 1.
        line: u64,
        /// The code.
        code: DivisionCode,
    },
}

/// Reads all rows, in the order of the file.
pub(super) fn read(csv: &str) -> Result<Vec<Row>, DivisionError> {
    let mut reader = csv::Reader::from_reader(csv.trim_start_matches('\u{FEFF}').as_bytes());
    let columns = Columns::find(reader.headers().map_err(not_csv)?)?;
    reader
        .records()
        .map(|record| columns.row(&record.map_err(not_csv)?))
        .collect()
}

fn not_csv(source: csv::Error) -> DivisionError {
    let line = source.position().map_or(0, csv::Position::line);
    DivisionError::NotCsv { line, source }
}

/// The places of the columns.
struct Columns {
    code: usize,
    name: usize,
    level: usize,
    status: usize,
    new_codes: usize,
}

impl Columns {
    fn find(header: &csv::StringRecord) -> Result<Self, DivisionError> {
        let place = |column: &'static str| {
            header
                .iter()
                .position(|name| name == column)
                .ok_or(DivisionError::MissingColumn { column })
        };
        Ok(Self {
            code: place("code")?,
            name: place("name")?,
            level: place("level")?,
            status: place("status")?,
            new_codes: place("new_codes")?,
        })
    }

    fn row(&self, record: &csv::StringRecord) -> Result<Row, DivisionError> {
        let line = record.position().map_or(0, csv::Position::line);
        let field = |place: usize| record.get(place).unwrap_or_default().trim();
        let bad =
            |column: &'static str, value: &str, expected: &'static str| DivisionError::BadValue {
                line,
                column,
                value: value.to_owned(),
                expected,
            };
        let code_in = |column: &'static str, value: &str| {
            DivisionCode::parse(value).ok_or_else(|| bad(column, value, "six digits are expected"))
        };
        let level = match field(self.level) {
            "省级" => Level::Province,
            "地级" => Level::Prefecture,
            "县级" => Level::County,
            other => return Err(bad("level", other, "省级, 地级 or 县级 is expected")),
        };
        let in_force = match field(self.status) {
            "在用" => true,
            "弃用" | "变更" => false,
            other => return Err(bad("status", other, "在用, 弃用 or 变更 is expected")),
        };
        let successors = field(self.new_codes)
            .split(';')
            .map(str::trim)
            .filter(|successor| !successor.is_empty() && !successor.ends_with(']'))
            .map(|successor| code_in("new_codes", successor))
            .collect::<Result<_, _>>()?;
        Ok(Row {
            line,
            code: code_in("code", field(self.code))?,
            name: field(self.name).to_owned(),
            level,
            in_force,
            successors,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "code,city,name,level,status,start_year,end_year_exclusive,new_codes";

    fn error(rows: &str) -> String {
        read(&format!("{HEADER}\n{rows}\n"))
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn partial_successors_are_left_out() {
        let rows = read(&format!(
            "{HEADER}\n370205,青岛市,四方区,县级,弃用,1983,2012,370203[1994];370203"
        ))
        .unwrap();
        let [row] = rows.as_slice() else {
            panic!("one row")
        };
        assert_eq!(row.successors, [DivisionCode::parse("370203").unwrap()]);
        assert_eq!(row.line, 2);
        assert!(!row.in_force);
    }

    #[test]
    fn mistakes_are_told_with_their_line() {
        assert_eq!(
            error("370100,济南市"),
            "line 2: not a row of the division table"
        );
        assert_eq!(
            error("370000,,山东省,省级,在用,1981,,\n37010,济南市,济南市,地级,在用,1981,,"),
            "line 3, column `code`: cannot read `37010`, six digits are expected"
        );
        assert_eq!(
            error("370100,济南市,济南市,市级,在用,1981,,"),
            "line 2, column `level`: cannot read `市级`, 省级, 地级 or 县级 is expected"
        );
        assert_eq!(
            error("370100,济南市,济南市,地级,有效,1981,,"),
            "line 2, column `status`: cannot read `有效`, 在用, 弃用 or 变更 is expected"
        );
        assert_eq!(
            error("370111,济南市,郊区,县级,弃用,1983,1987,370102;历下"),
            "line 2, column `new_codes`: cannot read `历下`, six digits are expected"
        );
        assert_eq!(
            read("code,name").unwrap_err().to_string(),
            "line 1: no column `level`"
        );
    }
}
