//! Computing again only the rows that changed input can concern.
//!
//! A query with `split_by` promises that no row of its result depends on input rows of two values of that column. Where it
//! gives the column too, rows of a value that occurs in no changed file of its inputs are what they were, and are carried
//! over: a night costs what is new. The way of view maintenance by partitions: A. Gupta and I. S. Mumick, "Maintenance of
//! Materialized Views", IEEE Data Engineering Bulletin 18(2), 1995.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::RunError;
use super::build::Builder;
use super::fingerprint::{Fingerprint, content_of, fingerprint_of};
use crate::engine::{Frame, Table, run_sql};
use crate::lake::DataFile;
use crate::model::Model;

/// Input rows that one changed row may make read again, as far as it is known beforehand: the other records of the same
/// enrolment or image. It only decides whether carrying over is worth it, and in how many parts.
const REACH: u64 = 20;

/// What a table was computed from. Kept beside the lake's tables as a cache, which may be deleted: the next night then
/// computes the table as a whole.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct ComputedFrom {
    /// Fingerprints of the definition and of each input.
    pub parts: BTreeMap<String, String>,
    /// Of a query with `split_by`, the files of the inputs that are split.
    pub split: BTreeMap<String, Vec<DataFile>>,
}

impl ComputedFrom {
    /// The fingerprint in the names of the table's files.
    pub fn fingerprint(&self) -> String {
        let mut fingerprint = Fingerprint::default();
        for (name, value) in &self.parts {
            fingerprint.add(name, value);
        }
        fingerprint.finish()
    }

    /// Whether files were computed from this.
    pub fn is_of(&self, files: &[DataFile]) -> bool {
        let fingerprint = self.fingerprint();
        files
            .iter()
            .any(|file| fingerprint_of(&file.path) == Some(&fingerprint))
    }

    /// Names of what is not as before.
    pub fn differences(&self, before: &ComputedFrom) -> Vec<&str> {
        self.parts
            .iter()
            .filter(|(name, value)| before.parts.get(*name) != Some(value))
            .map(|(name, _)| name.as_str())
            .collect()
    }

    /// Files of a split input that are not among those of `other`.
    fn surplus(&self, name: &str, other: &ComputedFrom) -> Vec<DataFile> {
        let files = |from: &ComputedFrom| from.split.get(name).cloned().unwrap_or_default();
        let key = |file: &DataFile| (file.reach(), content_of(&file.path).to_owned());
        let others: BTreeSet<_> = files(other).iter().map(key).collect();
        let mut changed = files(self);
        changed.retain(|file| !others.contains(&key(file)));
        changed
    }
}

/// A table of rows carried over and rows computed again.
pub(super) struct Carried<'a> {
    /// All rows, as the header promises them.
    pub rows: Table,
    /// The column by which the query is split.
    pub column: &'a str,
    /// How many of its values had their rows computed again.
    pub values: usize,
}

impl Builder<'_> {
    /// Computed tables stored by day that have the column by which the query is split, with the files that it sees.
    pub(super) fn split_inputs(&self, model: &Model) -> BTreeMap<String, Vec<DataFile>> {
        let Some(column) = &model.header.split_by else {
            return BTreeMap::new();
        };
        let is_split = |name: &&String| {
            self.models.get(name).is_some_and(|input| {
                let columns = &input.header.columns;
                input.header.partition.is_some() && columns.iter().any(|own| own.name == *column)
            })
        };
        let names = model.reads.iter().filter(is_split);
        names
            .map(|name| (name.clone(), self.visible_files(name)))
            .collect()
    }

    /// What the table was computed from last time, as far as it is known.
    pub(super) fn computed_from_before(&self, model: &Model) -> ComputedFrom {
        let bytes = self.lake.store().read_if_there(&path(model));
        let bytes = bytes.ok().flatten().unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    pub(super) fn keep_computed_from(
        &self,
        model: &Model,
        computed_from: &ComputedFrom,
    ) -> Result<(), RunError> {
        let text = serde_json::to_vec(computed_from).unwrap_or_default();
        Ok(self.lake.store().write(&path(model), text)?)
    }

    /// The table with only those rows computed again that changed files can concern; `None` where that cannot be told or
    /// is not worth it.
    ///
    /// # Errors
    /// When the query fails or gives other columns than the header declares.
    pub(super) fn carry_over<'a>(&self, model: &'a Model) -> Result<Option<Carried<'a>>, RunError> {
        let header = &model.header;
        let Some(column) = &header.split_by else {
            return Ok(None);
        };
        let is_given = header.columns.iter().any(|own| own.name == *column);
        if self.full_refresh || !is_given || header.native.is_some() {
            return Ok(None);
        }
        let (now, before) = (self.computed_from(model), self.computed_from_before(model));
        let is_known = before.is_of(self.files(&model.name));
        let has_other_differences = now
            .differences(&before)
            .iter()
            .any(|name| !now.split.contains_key(*name));
        if !is_known || has_other_differences {
            return Ok(None);
        }
        let changed = changed_files(&now, &before);
        let changed_rows = rows_of(changed.values().flatten());
        let reached = changed_rows.saturating_mul(REACH);
        if reached >= rows_of(now.split.values().flatten()) {
            return Ok(None);
        }
        let Ok(touched) = self.values(model, column, &changed) else {
            // A file that is no longer live may be gone.
            return Ok(None);
        };
        let values = touched.height();
        let touched = Frame::from(touched);
        let mut inputs = self.inputs(model, &BTreeMap::new())?;
        for name in self.inputs_with(model, &inputs, column)? {
            if let Some(frame) = inputs.get_mut(&name) {
                *frame = frame.only(&touched, &[column]);
            }
        }
        let again = self.run_in_parts(model, &inputs, column, reached)?;
        let own: Vec<&str> = header.columns.iter().map(|own| own.name.as_str()).collect();
        let kept = self
            .model_frame(&model.name, None)?
            .without(&touched, &[column]);
        let kept = run_sql(
            &model.file,
            &format!("SELECT {} FROM kept", own.join(", ")),
            &BTreeMap::from([("kept".to_owned(), kept)]),
        )?;
        let again = self.conform(model, again)?;
        let rows = self.conform(model, kept.stack(&model.file, &again)?)?;
        Ok(Some(Carried {
            rows,
            column,
            values,
        }))
    }

    /// The values of a column in files of some tables, each once.
    fn values(
        &self,
        model: &Model,
        column: &str,
        files: &BTreeMap<String, Vec<DataFile>>,
    ) -> Result<Table, RunError> {
        let mut frames = BTreeMap::new();
        let mut queries = Vec::new();
        for (name, files) in files {
            frames.insert(name.clone(), self.frame_of_files(name, files)?);
            queries.push(format!("SELECT {column} FROM {name}"));
        }
        Ok(run_sql(&model.file, &queries.join(" UNION "), &frames)?)
    }
}

/// Files of each split input that are new or are no longer there.
fn changed_files(now: &ComputedFrom, before: &ComputedFrom) -> BTreeMap<String, Vec<DataFile>> {
    let names = now.split.keys();
    names
        .map(|name| {
            let mut files = now.surplus(name, before);
            files.extend(before.surplus(name, now));
            (name.clone(), files)
        })
        .collect()
}

fn rows_of<'a>(files: impl Iterator<Item = &'a DataFile>) -> u64 {
    files.map(|file| file.rows).sum()
}

fn path(model: &Model) -> String {
    format!("cache/fingerprints/{}.json", model.name)
}
