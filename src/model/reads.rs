//! Which tables a query reads.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use sqlparser::ast::{Expr, Query, SetExpr, Statement, TableFactor, Visit, Visitor};
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::Parser;

/// The tables a query reads: every relation name that is not one of its own common table expressions.
///
/// # Errors
/// What keeps the text from being one SELECT.
pub fn tables_of(sql: &str) -> Result<BTreeSet<String>, String> {
    let statements =
        Parser::parse_sql(&GenericDialect {}, sql).map_err(|error| error.to_string())?;
    let [Statement::Query(query)] = statements.as_slice() else {
        return Err("a model holds exactly one SELECT".to_owned());
    };
    let mut collector = TableCollector::default();
    let _ = query.visit(&mut collector);
    Ok(collector
        .tables
        .difference(&collector.own)
        .cloned()
        .collect())
}

/// Whether a query reads something by a function instead of a table: a file, past the tables that it may read.
pub fn reads_by_function(sql: &str) -> bool {
    let Ok(statements) = Parser::parse_sql(&GenericDialect {}, sql) else {
        return false;
    };
    statements.visit(&mut FunctionFinder).is_break()
}

/// How many expressions of a query stand one in another; each further one of a chain of ORs stands around those before it.
pub fn depth_of(sql: &str) -> usize {
    let mut depth = Depth::default();
    if let Ok(statements) = Parser::parse_sql(&GenericDialect {}, sql) {
        let _: ControlFlow<()> = statements.visit(&mut depth);
    }
    depth.deepest
}

#[derive(Default)]
struct Depth {
    now: usize,
    deepest: usize,
}

impl Visitor for Depth {
    type Break = ();

    fn pre_visit_expr(&mut self, _: &Expr) -> ControlFlow<()> {
        self.now += 1;
        self.deepest = self.deepest.max(self.now);
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, _: &Expr) -> ControlFlow<()> {
        self.now -= 1;
        ControlFlow::Continue(())
    }
}

struct FunctionFinder;

impl Visitor for FunctionFinder {
    type Break = ();

    fn pre_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<()> {
        match factor {
            TableFactor::Table { args: Some(_), .. }
            | TableFactor::Function { .. }
            | TableFactor::TableFunction { .. } => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        }
    }
}

#[derive(Default)]
struct TableCollector {
    tables: BTreeSet<String>,
    own: BTreeSet<String>,
}

impl Visitor for TableCollector {
    type Break = ();

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        if let Some(with) = &query.with {
            for table in &with.cte_tables {
                self.own.insert(table.alias.name.value.clone());
            }
        }
        if let SetExpr::Table(table) = query.body.as_ref() {
            self.tables.extend(table.table_name.clone());
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<()> {
        if let TableFactor::Table { name, .. } = factor {
            self.tables.insert(name.to_string());
        }
        ControlFlow::Continue(())
    }
}
