//! The columns of a feed's lake table, derived from its contract.

use super::model::{Calendar, Column, ColumnType, Contract};

/// A column of a feed's lake table, without the lineage columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LakeColumn {
    /// Column name.
    pub name: String,
    /// Storage type.
    pub kind: LakeKind,
    /// Whether the column may hold nulls.
    pub nullable: bool,
    /// The contract column (index into [`Contract::columns`]) it is made from.
    pub source: usize,
    /// What of that column it holds.
    pub part: LakePart,
}

/// Storage type of a lake column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LakeKind {
    /// UTF-8 text.
    Text,
    /// 64-bit integer.
    Int,
    /// 64-bit float.
    Float,
    /// Boolean.
    Bool,
    /// Days since 1970-01-01.
    Date,
    /// Microseconds since 1970-01-01 in UTC.
    Time,
}

/// What a lake column holds of its contract column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LakePart {
    /// The value itself.
    Value,
    /// Training hours as seconds (× 2700).
    Seconds,
    /// Yuan as fen.
    Fen,
    /// Local day, month or quarter.
    Calendar(Calendar),
    /// Keyed pseudonym.
    Key,
    /// Why the identity is doubted, null when it is not.
    Fault,
    /// Whether the citizen number passes its checks.
    Valid,
    /// Birth date of the citizen number.
    BirthOn,
    /// Sex of the citizen number.
    Sex,
    /// Division of the citizen number.
    Division,
    /// Keyed pseudonym of the 18-character form of an old number of 15 digits.
    UpgradedKey,
    /// Keyed pseudonym of the number whose sequence is one higher, of a right number of 18 characters.
    NextKey,
    /// The same, two higher: sequences of one sex go up by two.
    NextButOneKey,
}

impl Contract {
    /// Columns of the lake table in order: the contract's order, what is derived directly after its source.
    pub fn lake_columns(&self) -> Vec<LakeColumn> {
        let mut columns = Vec::with_capacity(self.columns.len() + 8);
        for (source, column) in self.columns.iter().enumerate() {
            for (name, kind, nullable, part) in parts(column) {
                columns.push(LakeColumn {
                    name,
                    kind,
                    nullable,
                    source,
                    part,
                });
            }
        }
        columns
    }
}

type Part = (String, LakeKind, bool, LakePart);

fn parts(column: &Column) -> Vec<Part> {
    let stem = &column.stem;
    let nullable = !column.required;
    let value = |kind| (column.name.clone(), kind, nullable, LakePart::Value);
    let key = (
        format!("{stem}_key"),
        LakeKind::Int,
        nullable,
        LakePart::Key,
    );
    let fault = || {
        (
            format!("{stem}_fault"),
            LakeKind::Text,
            true,
            LakePart::Fault,
        )
    };
    match &column.kind {
        ColumnType::Text(_)
        | ColumnType::Enumeration(_)
        | ColumnType::City
        | ColumnType::Division => vec![value(LakeKind::Text)],
        ColumnType::Integer(_) | ColumnType::Level => vec![value(LakeKind::Int)],
        ColumnType::Number(_) => vec![value(LakeKind::Float)],
        ColumnType::Boolean => vec![value(LakeKind::Bool)],
        ColumnType::Hours(_) => {
            let seconds = format!("{stem}_seconds");
            vec![
                value(LakeKind::Float),
                (seconds, LakeKind::Int, nullable, LakePart::Seconds),
            ]
        }
        ColumnType::Money => vec![(
            format!("{stem}_fen"),
            LakeKind::Int,
            nullable,
            LakePart::Fen,
        )],
        ColumnType::Date(calendar) => with_calendar(column, value(LakeKind::Date), calendar),
        ColumnType::Time(calendar) => with_calendar(column, value(LakeKind::Time), calendar),
        ColumnType::Name | ColumnType::Person { facts: false } => vec![key],
        ColumnType::Phone | ColumnType::Account => vec![key, fault()],
        ColumnType::Person { facts: true } => vec![
            key,
            (
                "id_valid".to_owned(),
                LakeKind::Bool,
                nullable,
                LakePart::Valid,
            ),
            ("id_fault".to_owned(), LakeKind::Text, true, LakePart::Fault),
            (
                "birth_on".to_owned(),
                LakeKind::Date,
                true,
                LakePart::BirthOn,
            ),
            ("sex".to_owned(), LakeKind::Text, true, LakePart::Sex),
            (
                "id_division".to_owned(),
                LakeKind::Text,
                true,
                LakePart::Division,
            ),
            (
                format!("{stem}_upgraded_key"),
                LakeKind::Int,
                true,
                LakePart::UpgradedKey,
            ),
            (
                format!("{stem}_next_key"),
                LakeKind::Int,
                true,
                LakePart::NextKey,
            ),
            (
                format!("{stem}_next2_key"),
                LakeKind::Int,
                true,
                LakePart::NextButOneKey,
            ),
        ],
    }
}

fn with_calendar(column: &Column, value: Part, calendar: &[Calendar]) -> Vec<Part> {
    let mut parts = vec![value];
    for &unit in calendar {
        let kind = match unit {
            Calendar::Day => LakeKind::Date,
            Calendar::Month | Calendar::Quarter => LakeKind::Text,
        };
        let name = format!("{}_{}", column.stem, unit.word());
        parts.push((name, kind, !column.required, LakePart::Calendar(unit)));
    }
    parts
}
