//! Two definitions of one indicator on the same data: what a change of method changes.

use std::collections::BTreeMap;

use crate::engine::{Cell, EngineError, Table};

/// Columns that name a hit.
const IDENTITY: [&str; 3] = ["entity_kind", "entity_id", "period"];
/// Columns that are compared.
const FIGURES: [&str; 4] = ["strength", "value", "threshold", "amount_at_risk_fen"];

/// What became of a hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MethodEffect {
    /// Only the old definition finds it.
    Gone,
    /// Only the new definition finds it.
    New,
    /// Both do, with other figures.
    Changed,
}

impl MethodEffect {
    /// The word in the output.
    pub fn word(self) -> &'static str {
        match self {
            MethodEffect::Gone => "gone",
            MethodEffect::New => "new",
            MethodEffect::Changed => "changed",
        }
    }
}

/// A hit on which the definitions differ.
#[derive(Debug, Clone, PartialEq)]
pub struct MethodDifference {
    /// Entity kind, entity and period.
    pub hit: [String; 3],
    /// What became of it.
    pub effect: MethodEffect,
    /// Strength, value, threshold and amount by the old definition.
    pub before: Option<[Cell; 4]>,
    /// The same by the new one.
    pub after: Option<[Cell; 4]>,
}

/// Compares the hits of two definitions, in order of their entities.
///
/// # Errors
/// When a column of hits is missing.
pub fn method_differences(
    before: &Table,
    after: &Table,
) -> Result<Vec<MethodDifference>, EngineError> {
    let (before, after) = (by_hit(before)?, by_hit(after)?);
    let mut differences = Vec::new();
    for (hit, old) in &before {
        let new = after.get(hit);
        let effect = match new {
            None => MethodEffect::Gone,
            Some(new) if new != old => MethodEffect::Changed,
            Some(_) => continue,
        };
        differences.push(MethodDifference {
            hit: hit.clone(),
            effect,
            before: Some(old.clone()),
            after: new.cloned(),
        });
    }
    for (hit, new) in after.iter().filter(|(hit, _)| !before.contains_key(*hit)) {
        differences.push(MethodDifference {
            hit: hit.clone(),
            effect: MethodEffect::New,
            before: None,
            after: Some(new.clone()),
        });
    }
    differences.sort_by(|left, right| left.hit.cmp(&right.hit));
    Ok(differences)
}

fn by_hit(rows: &Table) -> Result<BTreeMap<[String; 3], [Cell; 4]>, EngineError> {
    let column = |name: &str| rows.column("compare-method", name);
    let [kinds, entities, periods] = IDENTITY.map(column);
    let [strengths, values, thresholds, amounts] = FIGURES.map(column);
    let identities = kinds?.into_iter().zip(entities?).zip(periods?);
    let figures = strengths?
        .into_iter()
        .zip(values?)
        .zip(thresholds?)
        .zip(amounts?);
    Ok(identities
        .zip(figures)
        .map(
            |(((kind, entity), period), (((strength, value), threshold), amount))| {
                (
                    [kind, entity, period].map(|cell| cell.text()),
                    [strength, value, threshold, amount],
                )
            },
        )
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::ColumnData;

    fn hits(rows: &[(&str, &str, f64)]) -> Table {
        let text = |get: fn(&(&str, &str, f64)) -> String| {
            ColumnData::Text(rows.iter().map(|row| Some(get(row))).collect())
        };
        let columns = vec![
            ("entity_kind", text(|_| "claim".to_owned())),
            ("entity_id", text(|row| row.0.to_owned())),
            ("period", text(|_| String::new())),
            ("strength", text(|row| row.1.to_owned())),
            (
                "value",
                ColumnData::Float(rows.iter().map(|row| Some(row.2)).collect()),
            ),
            (
                "threshold",
                ColumnData::Float(rows.iter().map(|_| Some(1.0)).collect()),
            ),
            (
                "amount_at_risk_fen",
                ColumnData::Int(rows.iter().map(|_| Some(5)).collect()),
            ),
        ];
        Table::from_columns("t", columns).unwrap()
    }

    #[test]
    fn gone_new_and_changed_are_told_and_equal_ones_are_not() {
        let before = hits(&[("a", "H", 2.0), ("b", "H", 3.0), ("c", "S", 4.0)]);
        let after = hits(&[("b", "H", 3.0), ("c", "H", 4.0), ("d", "W", 1.0)]);
        let told: Vec<(String, MethodEffect)> = method_differences(&before, &after)
            .unwrap()
            .into_iter()
            .map(|one| (one.hit[1].clone(), one.effect))
            .collect();
        assert_eq!(
            told,
            [
                ("a".to_owned(), MethodEffect::Gone),
                ("c".to_owned(), MethodEffect::Changed),
                ("d".to_owned(), MethodEffect::New),
            ]
        );
    }
}
