//! A query cut into steps, so that nothing is planned or computed twice.
//!
//! The engine puts the text of a common table expression (CTE) wherever it is named, and those that it names in turn. A
//! definition of a dozen CTEs, most of them named several times, so grows into a plan of hundreds of joins, of which it
//! computes many more than once. Here a CTE that is named more than once is a step of its own: it is computed once, and its
//! rows are a table for what follows. CTEs that only pick columns and rows of one table stay where they are named, since
//! reading them again costs less than keeping them. A CTE that calls a function of the program is a step too, since the
//! engine looks for these at the top of a query alone.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use sqlparser::ast::{
    Cte, Expr, GroupByExpr, Query, Select, SetExpr, Statement, TableFactor, Visit, Visitor, With,
    visit_expressions, visit_relations,
};
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::Parser;

use super::functions;

/// One query; its rows are the table `name` for all steps after it. The last step has no name: its rows are the result.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub name: Option<String>,
    pub sql: String,
}

/// The steps of a query over the tables that `is_table` knows. What cannot be cut is one step. A CTE that nobody names is
/// left out unless `with_unnamed`, by which mistakes in it are found.
pub(super) fn steps(sql: &str, is_table: impl Fn(&str) -> bool, with_unnamed: bool) -> Vec<Step> {
    cut(sql, is_table, with_unnamed).unwrap_or_else(|| {
        vec![Step {
            name: None,
            sql: sql.to_owned(),
        }]
    })
}

fn cut(sql: &str, is_table: impl Fn(&str) -> bool, with_unnamed: bool) -> Option<Vec<Step>> {
    let mut statements = Parser::parse_sql(&GenericDialect {}, sql).ok()?;
    let (Some(Statement::Query(query)), true) = (statements.pop(), statements.is_empty()) else {
        return None;
    };
    let mut body = *query;
    let with = body.with.take().filter(|with| !with.recursive)?;
    let is_simple = |cte: &Cte| cte.alias.columns.is_empty() && cte.query.with.is_none();
    let is_own_name = |cte: &Cte| !is_table(&cte.alias.name.value);
    if !with
        .cte_tables
        .iter()
        .all(|cte| is_simple(cte) && is_own_name(cte))
    {
        return None;
    }
    let places: BTreeMap<&str, usize> = with
        .cte_tables
        .iter()
        .enumerate()
        .map(|(place, cte)| (cte.alias.name.value.as_str(), place))
        .collect();
    let named: Vec<Vec<usize>> = with
        .cte_tables
        .iter()
        .map(|cte| named_in(&cte.query, &places))
        .collect();
    let named_last = named_in(&body, &places);
    let is_step = which_are_steps(&with.cte_tables, &named, &named_last, with_unnamed);

    let mut steps = Vec::new();
    for (place, cte) in with.cte_tables.iter().enumerate() {
        if is_step.get(place) == Some(&true) {
            let within = within(named.get(place)?, &named, &is_step);
            steps.push(Step {
                name: Some(cte.alias.name.value.clone()),
                sql: text(Query::clone(&cte.query), &with, &within),
            });
        }
    }
    let within = within(&named_last, &named, &is_step);
    steps.push(Step {
        name: None,
        sql: text(body, &with, &within),
    });
    Some(steps)
}

/// The CTEs that a query names, as often as it does.
fn named_in(query: &Query, places: &BTreeMap<&str, usize>) -> Vec<usize> {
    let mut named = Vec::new();
    let _: ControlFlow<()> = visit_relations(query, |relation| {
        named.extend(places.get(relation.to_string().as_str()));
        ControlFlow::Continue(())
    });
    named
}

/// Whether each CTE is computed by itself. What stands within one that is named twice counts twice.
fn which_are_steps(
    ctes: &[Cte],
    named: &[Vec<usize>],
    named_last: &[usize],
    with_unnamed: bool,
) -> Vec<bool> {
    let mut times = vec![0_usize; ctes.len()];
    for place in named_last {
        times[*place] += 1;
    }
    let mut is_step = vec![false; ctes.len()];
    // CTEs name only earlier ones.
    for (place, cte) in ctes.iter().enumerate().rev() {
        is_step[place] = match times[place] {
            0 => with_unnamed,
            1 => calls_a_function_of_the_program(&cte.query),
            _ => !is_plain(&cte.query) || calls_a_function_of_the_program(&cte.query),
        };
        let within = if is_step[place] { 1 } else { times[place] };
        for other in &named[place] {
            times[*other] += within;
        }
    }
    is_step
}

/// The CTEs that a step needs beside the tables that earlier steps made.
fn within(named: &[usize], all: &[Vec<usize>], is_step: &[bool]) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let mut open = named.to_vec();
    while let Some(place) = open.pop() {
        if !is_step[place] && found.insert(place) {
            open.extend(&all[place]);
        }
    }
    found
}

fn text(mut query: Query, with: &With, within: &BTreeSet<usize>) -> String {
    if !within.is_empty() {
        let ctes = with.cte_tables.iter().enumerate();
        query.with = Some(With {
            cte_tables: ctes
                .filter(|(place, _)| within.contains(place))
                .map(|(_, cte)| cte.clone())
                .collect(),
            ..with.clone()
        });
    }
    query.to_string()
}

fn calls_a_function_of_the_program(query: &Query) -> bool {
    let calls = visit_expressions(query, |expression| match expression {
        Expr::Function(function) if functions::is_known(&function.name.to_string()) => {
            ControlFlow::Break(())
        }
        _ => ControlFlow::Continue(()),
    });
    calls.is_break()
}

/// Whether a query only picks and works out columns of one table's rows.
fn is_plain(query: &Query) -> bool {
    let SetExpr::Select(select) = query.body.as_ref() else {
        return false;
    };
    let Select {
        distinct: None,
        group_by: GroupByExpr::Expressions(groups, _),
        having: None,
        from,
        ..
    } = select.as_ref()
    else {
        return false;
    };
    let [from] = from.as_slice() else {
        return false;
    };
    groups.is_empty()
        && from.joins.is_empty()
        && matches!(from.relation, TableFactor::Table { .. })
        && query.order_by.is_none()
        && query.limit_clause.is_none()
        && query.visit(&mut Gathering).is_continue()
}

/// Functions that make one value of many rows.
const GATHERING: [&str; 9] = [
    "array_agg",
    "avg",
    "count",
    "max",
    "median",
    "min",
    "stddev",
    "sum",
    "variance",
];

/// Stops at the first function that looks at more than one row, and at a query within the query.
struct Gathering;

impl Visitor for Gathering {
    type Break = ();

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        let is_gathering = match expr {
            Expr::Function(function) => {
                let name = function.name.to_string().to_lowercase();
                function.over.is_some() || GATHERING.contains(&name.as_str())
            }
            Expr::Subquery(_) | Expr::InSubquery { .. } | Expr::Exists { .. } => true,
            _ => false,
        };
        if is_gathering {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut_up(sql: &str) -> Vec<(String, String)> {
        let steps = steps(sql, |name| name == "t" || name == "policy", false);
        steps
            .into_iter()
            .map(|step| (step.name.unwrap_or_default(), step.sql))
            .collect()
    }

    fn step(name: &str, sql: &str) -> (String, String) {
        (name.to_owned(), sql.to_owned())
    }

    #[test]
    fn what_is_named_twice_is_computed_once() {
        let sql = "WITH a AS (SELECT x, COUNT(*) AS n FROM t GROUP BY x), \
                   b AS (SELECT MAX(n) AS most FROM a), \
                   c AS (SELECT x FROM a JOIN b ON a.n = b.most) \
                   SELECT x FROM c";
        assert_eq!(
            cut_up(sql),
            [
                step("a", "SELECT x, COUNT(*) AS n FROM t GROUP BY x"),
                step(
                    "",
                    "WITH b AS (SELECT MAX(n) AS most FROM a), \
                     c AS (SELECT x FROM a JOIN b ON a.n = b.most) SELECT x FROM c"
                ),
            ]
        );
    }

    #[test]
    fn what_stands_within_something_named_twice_counts_twice() {
        // `b` only picks rows, so it stays, and `a` within it is named twice.
        let sql = "WITH a AS (SELECT x, COUNT(*) AS n FROM t GROUP BY x), \
                   b AS (SELECT x FROM a WHERE n > 1) \
                   SELECT x FROM b UNION ALL SELECT x FROM b";
        assert_eq!(
            cut_up(sql),
            [
                step("a", "SELECT x, COUNT(*) AS n FROM t GROUP BY x"),
                step(
                    "",
                    "WITH b AS (SELECT x FROM a WHERE n > 1) \
                     SELECT x FROM b UNION ALL SELECT x FROM b"
                ),
            ]
        );
    }

    #[test]
    fn steps_of_steps_and_what_nobody_names() {
        let sql = "WITH a AS (SELECT DISTINCT x FROM t), \
                   unused AS (SELECT x FROM a), \
                   b AS (SELECT l.x FROM a AS l JOIN a AS r ON l.x = r.x) \
                   SELECT x FROM b WHERE x IN (SELECT x FROM b)";
        let names: Vec<String> = cut_up(sql).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["a", "b", ""]);
    }

    #[test]
    fn what_calls_a_function_of_the_program_is_a_step() {
        let sql =
            "WITH a AS (SELECT key_hex(x) AS k FROM t), b AS (SELECT k FROM a) SELECT k FROM b";
        assert_eq!(
            cut_up(sql),
            [
                step("a", "SELECT key_hex(x) AS k FROM t"),
                step("", "WITH b AS (SELECT k FROM a) SELECT k FROM b"),
            ]
        );
    }

    #[test]
    fn the_rest_is_one_step() {
        for sql in [
            "SELECT x FROM t",
            "WITH a AS (SELECT SUM(x) AS x FROM t) SELECT x FROM a",
            // A name that hides a table.
            "WITH policy AS (SELECT DISTINCT x FROM policy) SELECT x FROM policy JOIN policy AS p ON TRUE",
            "SELEC 1",
        ] {
            assert_eq!(cut_up(sql), [step("", sql)]);
        }
    }
}
