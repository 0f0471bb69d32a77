//! Mistakes in a description that its form does not show.

use std::collections::BTreeSet;

use super::description::{Description, MONTH, Role, Table, TableRelation};
use super::reference::ColumnReference;

impl Description {
    /// Finds the first thing it says that cannot be.
    pub(super) fn check(&self) -> Result<(), String> {
        let mut names = BTreeSet::new();
        for table in &self.tables {
            if !names.insert(&table.name) {
                return Err(format!("table `{}` is described twice", table.name));
            }
            self.check_table(table)?;
        }
        for relation in &self.relations {
            self.check_relation(relation)
                .map_err(|message| format!("relation `{}`: {message}", relation.what))?;
        }
        for ladder in &self.ladders {
            let table = self.known_table(&ladder.table)?;
            if !table.grain.iter().any(|column| column == MONTH) {
                return Err(format!(
                    "ladder: `{}` has no `{MONTH}` in its grain",
                    table.name
                ));
            }
            for column in [&ladder.monthly, &ladder.to_date] {
                known_figure(table, column)?;
            }
        }
        for complement in &self.complements {
            let table = self.known_table(&complement.table)?;
            for column in [&complement.whole, &complement.part] {
                known_figure(table, column)?;
            }
        }
        Ok(())
    }

    fn check_table(&self, table: &Table) -> Result<(), String> {
        let mut names: BTreeSet<&str> = table.grain.iter().map(String::as_str).collect();
        for column in &table.columns {
            let place = format!("column `{}` of `{}`", column.name, table.name);
            if !names.insert(&column.name) {
                return Err(format!("{place} is described twice"));
            }
            let demand = match column.role {
                Role::Amount if column.contributors.is_none() => Some("`contributors`"),
                Role::Share if column.of.is_none() => Some("`of`"),
                Role::Derived if column.from.is_empty() => Some("`from`"),
                Role::Public if column.why.is_none() => Some("`why`"),
                _ => None,
            };
            if let Some(key) = demand {
                return Err(format!("{place} needs {key}"));
            }
            let references = [
                &column.contributors,
                &column.largest,
                &column.second,
                &column.of,
                &column.zero_follows,
            ];
            let named = references.into_iter().flatten().chain(&column.from);
            for reference in named {
                self.check_reference(table, reference)
                    .map_err(|message| format!("{place}: {message}"))?;
            }
        }
        Ok(())
    }

    fn check_reference(&self, table: &Table, text: &str) -> Result<(), String> {
        let reference =
            ColumnReference::parse(text).ok_or_else(|| format!("`{text}` names no column"))?;
        let Some(name) = &reference.table else {
            return known_figure(table, &reference.column);
        };
        let other = self.known_table(name)?;
        let foreign = other
            .grain
            .iter()
            .find(|column| !table.grain.contains(column));
        if let Some(column) = foreign {
            return Err(format!(
                "`{text}`: `{}` has no `{column}` to find the row by",
                table.name
            ));
        }
        if other.side {
            return Ok(());
        }
        known_figure(other, &reference.column)
    }

    fn check_relation(&self, relation: &TableRelation) -> Result<(), String> {
        for side in [&relation.left, &relation.right] {
            let table = self.known_table(&side.table)?;
            let columns = if side.columns.is_empty() {
                &relation.columns
            } else {
                &side.columns
            };
            if columns.is_empty() {
                return Err("names no columns".to_owned());
            }
            for column in columns {
                known_figure(table, column)?;
            }
            let filters = side.only.keys().chain(side.except.keys());
            let is_left = std::ptr::eq(side, &relation.left);
            let each = relation.each.iter().filter(|_| is_left);
            for column in relation.by.iter().chain(filters).chain(each) {
                if !table.grain.contains(column) {
                    return Err(format!("`{}` has no `{column}` in its grain", table.name));
                }
            }
        }
        Ok(())
    }

    fn known_table(&self, name: &str) -> Result<&Table, String> {
        self.table(name)
            .ok_or_else(|| format!("table `{name}` is not described"))
    }
}

fn known_figure(table: &Table, column: &str) -> Result<(), String> {
    let found = table
        .columns
        .iter()
        .find(|described| described.name == column);
    match found {
        Some(described) if described.role != Role::Derived => Ok(()),
        Some(_) => Err(format!(
            "`{}.{column}` is derived; name what it is derived from",
            table.name
        )),
        None => Err(format!("`{}.{column}` is not described", table.name)),
    }
}
