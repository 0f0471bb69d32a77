//! What can be wrong with `split_by` and `split_joins`: columns that the tables read do not have.

use crate::model::Model;
use crate::problem::Problem;
use crate::project::Project;
use crate::run::sources::feed_column_kinds;

/// Compares a header's columns to split and join by with those of the tables that its query reads.
pub(super) fn check_split(project: &Project, model: &Model, problems: &mut Vec<Problem>) {
    let Some(split_by) = &model.header.split_by else {
        return;
    };
    let mut complain = |message: String| problems.push(Problem::new(&model.file, Some(1), message));
    let by_day: Vec<Vec<String>> = model
        .reads
        .iter()
        .filter_map(|name| columns_by_day(project, name))
        .filter(|columns| columns.contains(split_by))
        .collect();
    if by_day.is_empty() {
        complain(format!(
            "`split_by` names `{split_by}`, which no table stored by day has that the query reads"
        ));
    }
    for (table, column) in &model.header.split_joins {
        let joined = project.models.get(table);
        let is_whole = joined.is_some_and(|joined| {
            let columns = &joined.header.columns;
            joined.header.partition.is_none() && columns.iter().any(|own| own.name == *column)
        });
        if !is_whole {
            complain(format!(
                "`split_joins` names `{column}` of `{table}`: it must be a column of a model that is not stored by day"
            ));
        } else if !by_day.iter().any(|columns| columns.contains(column)) {
            complain(format!(
                "`split_joins` joins by `{column}`, which no table has that is split by `{split_by}`"
            ));
        }
    }
}

/// The columns of a feed or model that is stored by day.
fn columns_by_day(project: &Project, name: &str) -> Option<Vec<String>> {
    if let Some(contract) = project.contracts.get(name) {
        contract.partition.as_ref()?;
        let columns = feed_column_kinds(contract);
        return Some(columns.into_iter().map(|(name, _)| name).collect());
    }
    let model = project.models.get(name)?;
    model.header.partition.as_ref()?;
    let columns = model.header.columns.iter();
    Some(columns.map(|column| column.name.clone()).collect())
}
