//! Statistical operators on the rows of queries. Each appends columns to the rows, or makes rows of its own; what it
//! expects of the query's columns stands with it.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::{Reader, refuse};
use crate::engine::{ColumnData, Table};
use crate::native::components::connected_components;
use crate::native::outliers::{
    Features, ForestOptions, ecod, isolation_forest, share_less_unusual,
};
use crate::native::statistics::{PeerScale, benjamini_hochberg};
use crate::run::RunError;

/// Trees and rows a tree of the isolation forest, as in the paper; the seed is ours and never changes.
const FOREST: ForestOptions = ForestOptions {
    trees: 100,
    sample: 256,
    seed: 20_200_721,
};
/// Columns that say which entity a row of features is about.
const ENTITY: [&str; 2] = ["entity_kind", "entity_id"];
/// Kind and identifier.
type Entity = (Option<String>, Option<String>);
/// Features named with an unusual entity.
const TELLING: usize = 3;

/// `peer_group` text and `measure` float → `peers` (members of the group that have a measure), `peer_median`,
/// `peer_spread`, `robust_z`; nothing where the group has no spread or the row no measure.
pub(super) fn robust_z(place: &str, rows: &Table) -> Result<Table, RunError> {
    let reader = Reader { table: rows };
    let (groups, measures) = (reader.texts("peer_group")?, reader.floats("measure")?);
    let mut values: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for (group, measure) in groups.iter().zip(&measures) {
        if let (Some(group), Some(measure)) = (group, measure) {
            values.entry(group).or_default().push(*measure);
        }
    }
    let scales: BTreeMap<&str, (i64, Option<PeerScale>)> = values
        .iter()
        .map(|(group, values)| {
            let peers = i64::try_from(values.len()).unwrap_or(i64::MAX);
            (*group, (peers, PeerScale::of(values)))
        })
        .collect();
    let scale = |group: &Option<String>| scales.get(group.as_deref()?);
    let scale_of = |group: &Option<String>| scale(group).and_then(|(_, scale)| scale.as_ref());
    let scores = groups
        .iter()
        .zip(&measures)
        .map(|(group, measure)| Some(scale_of(group)?.modified_z((*measure)?)));
    let columns = vec![
        (
            "peers",
            ColumnData::Int(
                groups
                    .iter()
                    .map(|group| Some(scale(group).map_or(0, |(peers, _)| *peers)))
                    .collect(),
            ),
        ),
        (
            "peer_median",
            ColumnData::Float(
                groups
                    .iter()
                    .map(|group| Some(scale_of(group)?.median))
                    .collect(),
            ),
        ),
        (
            "peer_spread",
            ColumnData::Float(
                groups
                    .iter()
                    .map(|group| Some(scale_of(group)?.spread))
                    .collect(),
            ),
        ),
        ("robust_z", ColumnData::Float(scores.collect())),
    ];
    Ok(rows.with_columns(place, columns)?)
}

/// `p_value` float → `tests` (rows with a p-value, over which the false discovery rate is held), `q_value`.
pub(super) fn multiple_tests(place: &str, rows: &Table) -> Result<Table, RunError> {
    let p_values = Reader { table: rows }.floats("p_value")?;
    let tests = p_values.iter().flatten().count();
    let q_values =
        benjamini_hochberg(&p_values).map_err(|error| refuse(place, error.to_string()))?;
    let tests = i64::try_from(tests).unwrap_or(i64::MAX);
    let columns = vec![
        ("tests", ColumnData::Int(vec![Some(tests); rows.height()])),
        ("q_value", ColumnData::Float(q_values)),
    ];
    Ok(rows.with_columns(place, columns)?)
}

/// `left_node`, `right_node` text → one row a node: `node`, `group_id` (the smallest node of its component).
pub(super) fn components(place: &str, rows: &Table) -> Result<Table, RunError> {
    let reader = Reader { table: rows };
    let (left, right) = (reader.texts("left_node")?, reader.texts("right_node")?);
    let edges: Vec<(&str, &str)> = left
        .iter()
        .zip(&right)
        .filter_map(|(left, right)| Some((left.as_deref()?, right.as_deref()?)))
        .collect();
    let members = connected_components(&edges);
    let text = |get: fn(&(&str, &str)) -> String| {
        ColumnData::Text(members.iter().map(|member| Some(get(member))).collect())
    };
    let columns = vec![
        ("node", text(|member| member.0.to_owned())),
        ("group_id", text(|member| member.1.to_owned())),
    ];
    Ok(Table::from_columns(place, columns)?)
}

/// `entity_kind`, `entity_id` text and float features without gaps → the entity with `ecod_score`, `ecod_share` (share
/// of the entities that are less unusual), `forest_score`, and the features that contribute most to the first score:
/// `feature_1` … `feature_3` with `contribution_1` … `contribution_3`.
pub(super) fn outlier_scores(place: &str, rows: &Table) -> Result<Table, RunError> {
    let reader = Reader { table: rows };
    let names: Vec<String> = rows
        .names()
        .into_iter()
        .filter(|name| !ENTITY.contains(&name.as_str()))
        .collect();
    let entities: Vec<Entity> = reader
        .texts("entity_kind")?
        .into_iter()
        .zip(reader.texts("entity_id")?)
        .collect();
    // A query's rows come in any order, and the forest draws rows by their place.
    let mut order: Vec<usize> = (0..entities.len()).collect();
    order.par_sort_by_key(|place| entities.get(*place));
    let mut features = Vec::new();
    for name in &names {
        let values = reader.floats(name)?;
        let column: Option<Vec<f64>> = order
            .iter()
            .map(|place| values.get(*place).copied().flatten())
            .collect();
        features.push(
            column.ok_or_else(|| {
                refuse(place, format!("feature `{name}` has rows without a value"))
            })?,
        );
    }
    let features = Features::new(features).map_err(|error| refuse(place, error.to_string()))?;
    let scored = ecod(&features);
    let forest = isolation_forest(&features, FOREST);
    let telling: Vec<Vec<(usize, f64)>> = (0..order.len())
        .into_par_iter()
        .map(|row| scored.strongest(row, TELLING))
        .collect();
    let entity = |get: fn(&Entity) -> &Option<String>| {
        let values = order.iter().map(|place| get(entities.get(*place)?).clone());
        ColumnData::Text(values.collect())
    };
    let shares = share_less_unusual(&scored.scores);
    let float = |values: Vec<f64>| ColumnData::Float(values.into_iter().map(Some).collect());
    let mut columns = vec![
        ("entity_kind", entity(|entity| &entity.0)),
        ("entity_id", entity(|entity| &entity.1)),
        ("ecod_score", float(scored.scores)),
        ("ecod_share", float(shares)),
        ("forest_score", float(forest)),
    ];
    let numbered = [
        ("feature_1", "contribution_1"),
        ("feature_2", "contribution_2"),
        ("feature_3", "contribution_3"),
    ];
    for (place, (feature, contribution)) in numbered.into_iter().enumerate() {
        let names = telling
            .iter()
            .map(|telling| names.get(telling.get(place)?.0).cloned());
        columns.push((feature, ColumnData::Text(names.collect())));
        let values = telling.iter().map(|telling| Some(telling.get(place)?.1));
        columns.push((contribution, ColumnData::Float(values.collect())));
    }
    Ok(Table::from_columns(place, columns)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Cell;

    fn texts(values: &[&str]) -> ColumnData {
        ColumnData::Text(
            values
                .iter()
                .map(|value| Some((*value).to_owned()))
                .collect(),
        )
    }

    fn floats(values: &[f64]) -> ColumnData {
        ColumnData::Float(values.iter().map(|value| Some(*value)).collect())
    }

    fn column(table: &Table, name: &str) -> Vec<Cell> {
        table.column("test", name).unwrap()
    }

    #[test]
    fn a_row_is_measured_against_its_own_group() {
        let measures = [1.0, 2.0, 3.0, 4.0, 100.0, 7.0];
        let rows = vec![
            ("peer_group", texts(&["a", "a", "a", "a", "a", "b"])),
            ("measure", floats(&measures)),
        ];
        let table = robust_z("t", &Table::from_columns("t", rows).unwrap()).unwrap();
        assert_eq!(column(&table, "peers")[4], Cell::Int(5));
        // Median 3, MAD 1.
        assert_eq!(column(&table, "robust_z")[4], Cell::Float(0.6745 * 97.0));
        assert_eq!(column(&table, "robust_z")[5], Cell::Null);
    }

    #[test]
    fn missing_p_values_are_no_tests() {
        let p_values = ColumnData::Float(vec![Some(0.01), None, Some(0.02)]);
        let rows = Table::from_columns("t", vec![("p_value", p_values)]).unwrap();
        let table = multiple_tests("t", &rows).unwrap();
        assert_eq!(column(&table, "tests")[0], Cell::Int(2));
        assert_eq!(
            column(&table, "q_value"),
            [Cell::Float(0.02), Cell::Null, Cell::Float(0.02)]
        );
    }

    #[test]
    fn nodes_of_a_component_share_its_smallest_node() {
        let rows = vec![
            ("left_node", texts(&["c", "x"])),
            ("right_node", texts(&["b", "y"])),
        ];
        let table = components("t", &Table::from_columns("t", rows).unwrap()).unwrap();
        assert_eq!(table.height(), 4);
        assert_eq!(column(&table, "group_id")[1], Cell::Text("b".to_owned()));
    }

    #[test]
    fn the_most_unusual_entity_names_its_features() {
        let count = 40;
        let ids: Vec<String> = (0..count).map(|row| format!("e{row:02}")).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let mut usual: Vec<f64> = (0..count).map(f64::from).collect();
        usual[7] = 400.0;
        let other: Vec<f64> = (0..count).map(|row| f64::from(row % 5)).collect();
        let rows = vec![
            ("entity_kind", texts(&vec!["person"; ids.len()])),
            ("entity_id", texts(&ids)),
            ("claims", floats(&usual)),
            ("trainings", floats(&other)),
        ];
        let table = outlier_scores("t", &Table::from_columns("t", rows).unwrap()).unwrap();
        assert_eq!(
            column(&table, "feature_1")[7],
            Cell::Text("claims".to_owned())
        );
        assert_eq!(column(&table, "feature_3")[7], Cell::Null);
    }
}
