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

/// What of a person's query decides whether it may be run.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct QueryShape {
    /// It reads something by a function instead of a table: a file, past the tables that it may read.
    pub reads_by_function: bool,
    /// How many expressions stand one in another; each further one of a chain of ORs stands around those before it.
    pub depth: usize,
}

/// The shape of a query; of one that cannot be parsed, of which the engine says best what is wrong, that of nothing.
pub fn shape_of(sql: &str) -> QueryShape {
    let mut finder = ShapeFinder::default();
    if let Ok(statements) = Parser::parse_sql(&GenericDialect {}, sql) {
        let _: ControlFlow<()> = statements.visit(&mut finder);
    }
    finder.shape
}

#[derive(Default)]
struct ShapeFinder {
    shape: QueryShape,
    depth: usize,
}

impl Visitor for ShapeFinder {
    type Break = ();

    fn pre_visit_expr(&mut self, _: &Expr) -> ControlFlow<()> {
        self.depth += 1;
        self.shape.depth = self.shape.depth.max(self.depth);
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, _: &Expr) -> ControlFlow<()> {
        self.depth -= 1;
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<()> {
        self.shape.reads_by_function |= matches!(
            factor,
            TableFactor::Table { args: Some(_), .. }
                | TableFactor::Function { .. }
                | TableFactor::TableFunction { .. }
        );
        ControlFlow::Continue(())
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
