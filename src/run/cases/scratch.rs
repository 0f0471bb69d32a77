//! One data set on a lake of its own: loaded and computed as by the nights of its as-of days.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::form::RowsByFeed;
use super::{CaseError, Row, SECRET, raw};
use crate::engine::{Cell, Frame, Table, run_sql};
use crate::identity::Pseudonymiser;
use crate::ingest::Ingest;
use crate::ingest::ledger::QUARANTINE;
use crate::lake::{Lake, Store, WhenMissing};
use crate::model::PREVIOUS_TABLES;
use crate::native::composite::Framework;
use crate::project::Project;
use crate::run::RunError;
use crate::run::build::Builder;
use crate::run::sources::Sources;
use crate::vault::Vault;

/// Storage of a data set, gone when it is dropped.
pub(super) struct Scratch<'a> {
    project: &'a Project,
    framework: &'a Framework,
    folder: TempDir,
    raw: Store,
    published: Store,
    lake: Lake,
    /// Tables of each release in turn that the next ones read.
    released: Vec<(NaiveDate, BTreeMap<&'static str, Frame>)>,
}

impl<'a> Scratch<'a> {
    pub(super) fn new(
        project: &'a Project,
        framework: &'a Framework,
        runtime: &Arc<Runtime>,
    ) -> Result<Self, CaseError> {
        let folder = tempfile::tempdir()?;
        std::fs::create_dir_all(folder.path().join("raw"))?;
        let open = |name: &str| Store::open(runtime, name, folder.path(), WhenMissing::Make);
        Ok(Self {
            project,
            framework,
            raw: open("raw")?,
            published: open("published")?,
            lake: Lake::new(open("lake")?),
            released: Vec::new(),
            folder,
        })
    }

    /// Writes the raw files of one day.
    pub(super) fn deliver(&self, day: NaiveDate, feeds: &RowsByFeed) -> Result<(), std::io::Error> {
        raw::write(&self.folder.path().join("raw"), day, feeds)
    }

    /// Loads what is new; what the loader refused is given back.
    pub(super) fn load(&self, day: NaiveDate) -> Result<Vec<String>, RunError> {
        let pseudonymiser = Pseudonymiser::new(SECRET);
        let vault = Vault::open(&self.lake, SECRET);
        let ingest = Ingest {
            raw: &self.raw,
            lake: &self.lake,
            contracts: &self.project.contracts,
            divisions: &self.project.divisions,
            pseudonymiser: &pseudonymiser,
            vault: &vault,
            receipts: &self.published,
            as_of: day,
        };
        let summary = ingest.run(&mut |_, _| {})?;
        let refused_objects = summary.refused.iter();
        let mut refused: Vec<String> = refused_objects
            .map(|object| format!("{}: {}", object.object, object.reason))
            .collect();
        let sources = Sources::open(self.project, &self.lake, day)?;
        if summary.total().quarantined > 0
            && let Some(quarantine) = sources.frame("quarantine", &[], None)?
        {
            let inputs = BTreeMap::from([("quarantine".to_owned(), quarantine)]);
            let sql = "SELECT object, line, \"column\", reason FROM quarantine";
            let rows = run_sql(QUARANTINE, sql, &inputs)?.cells();
            refused.extend(rows.iter().map(|row| {
                let cells: Vec<String> = row.iter().map(Cell::text).collect();
                cells.join(" ")
            }));
        }
        Ok(refused)
    }

    /// Computes tables and all that they rest on.
    pub(super) fn release(
        &mut self,
        as_of: NaiveDate,
        tables: &[String],
    ) -> Result<BTreeMap<String, Vec<Row>>, RunError> {
        let mut sources = Sources::open(self.project, &self.lake, as_of)?;
        let earlier = self.released.iter().rev().find(|(day, _)| *day < as_of);
        if let Some((day, known)) = earlier {
            for (name, frame) in known {
                let content = (frame.clone(), day.to_string());
                sources.previous_tables.insert((*name).to_owned(), content);
            }
        }
        let models = &self.project.models;
        let framework = self.framework;
        let mut builder = Builder::new(&self.lake, &sources, models, framework, as_of, false)?;
        let wanted = models.closure(tables);
        for needed in models
            .in_order()
            .filter(|needed| wanted.contains(&needed.name))
        {
            builder.build(needed)?;
        }
        let rows_of = |table: &str| -> Result<Table, RunError> {
            let frame = builder.model_frame(table, None)?;
            let inputs = BTreeMap::from([("found".to_owned(), frame)]);
            Ok(run_sql(table, "SELECT * FROM found", &inputs)?)
        };
        let mut known = BTreeMap::new();
        for (previous, table) in PREVIOUS_TABLES {
            if wanted.contains(table) {
                known.insert(previous, Frame::from(rows_of(table)?));
            }
        }
        self.released.push((as_of, known));
        let mut found = BTreeMap::new();
        for table in tables {
            let rows = rows_of(table)?;
            let names = rows.names();
            let rows = rows.cells().into_iter();
            let rows = rows.map(|row| names.iter().cloned().zip(row).collect());
            found.insert(table.clone(), rows.collect());
        }
        Ok(found)
    }
}
