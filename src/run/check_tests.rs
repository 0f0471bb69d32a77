//! What can be wrong with the tests of headers: tables and columns that other files would have to make.

use std::collections::BTreeMap;

use crate::engine::{Frame, check_sql};
use crate::model::{Model, PREVIOUS, TestRule};
use crate::problem::Problem;

/// Plans the queries of a model's tests over empty tables.
pub(super) fn check_tests(
    model: &Model,
    frames: &BTreeMap<String, Frame>,
    problems: &mut Vec<Problem>,
) {
    for test in &model.header.tests {
        let mut complain = |message: String| {
            problems.push(Problem::new(&model.file, Some(test.line), message));
        };
        let place = test.audit_name(&model.name);
        let mut inputs = BTreeMap::new();
        if let Some(frame) = frames.get(&model.name) {
            inputs.insert(model.name.clone(), frame.clone());
            // The table of an earlier release is compared by the columns of today.
            inputs.insert(PREVIOUS.to_owned(), frame.clone());
        }
        if let TestRule::Relation { table, to, .. } = &test.rule {
            let Some(frame) = frames.get(table) else {
                // The catalogue has told of it.
                continue;
            };
            let alone = BTreeMap::from([("t".to_owned(), frame.clone())]);
            let columns = check_sql(&place, "SELECT * FROM t", &alone).unwrap_or_default();
            if !columns.contains(to) {
                complain(format!(
                    "test `{}` looks for `{to}` in `{table}`, which has no such column",
                    test.name
                ));
                continue;
            }
            inputs.insert(table.clone(), frame.clone());
        }
        let query = test.query(&model.name, &model.header.grain);
        if let Err(error) = check_sql(&place, &query.sql, &inputs) {
            complain(format!("test `{}` cannot be run: {error}", test.name));
        }
    }
}
