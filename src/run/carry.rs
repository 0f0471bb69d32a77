//! Computing again only the rows that changed input can concern.
//!
//! A query with `split_by` promises that no row of its result depends on input rows of two values of that column. Where it
//! gives the column too, rows of a value that occurs in no changed file of its inputs are what they were, and are carried
//! over: a night costs what is new. A small table that the query joins to those inputs by one column (`split_joins`)
//! concerns the values that have changed rows of it: a course's new items, no one who has not opened them. The way of
//! view maintenance by partitions: A. Gupta and I. S. Mumick, "Maintenance of Materialized Views", IEEE Data Engineering
//! Bulletin 18(2), 1995.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::RunError;
use super::build::Builder;
use super::fingerprint::{Fingerprint, content_of, fingerprint_of};
use crate::engine::{Frame, Table};
use crate::lake::DataFile;
use crate::model::Model;

/// What a table was computed from. Kept beside the lake's tables as a cache, which may be deleted: the next night then
/// computes the table as a whole.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct ComputedFrom {
    /// Fingerprints of the definition and of each input.
    pub parts: BTreeMap<String, String>,
    /// Of a query with `split_by`, the files of the inputs that are split.
    pub split: BTreeMap<String, Vec<DataFile>>,
    /// And the files of those that are joined to them by one column.
    pub joined: BTreeMap<String, Vec<DataFile>>,
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

    /// Whether changes of an input can be told by its rows.
    fn has_rows_of(&self, name: &str) -> bool {
        self.split.contains_key(name) || self.joined.contains_key(name)
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
pub(super) struct Carried {
    /// All rows, as the header promises them.
    pub rows: Table,
    /// How many values of the column by which the query is split had their rows computed again.
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

    /// Computed tables, stored as a whole, that the query joins to those by one column, with their files.
    pub(super) fn joined_inputs(&self, model: &Model) -> BTreeMap<String, Vec<DataFile>> {
        let names = model.header.split_joins.keys();
        names
            .filter(|name| {
                let input = self.models.get(name);
                input.is_some_and(|input| input.header.partition.is_none())
            })
            .map(|name| (name.clone(), self.files(name).to_vec()))
            .collect()
    }

    /// What the table was computed from last time, as far as it is known.
    pub(super) fn computed_from_before(&self, model: &Model) -> ComputedFrom {
        let bytes = self.lake.store().read_if_there(&path(model));
        let bytes = bytes.ok().flatten().unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    /// Keeps for the next night what the table is computed from.
    ///
    /// # Errors
    /// When storage fails.
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
    pub(super) fn carry_over(
        &self,
        model: &Model,
        now: &ComputedFrom,
    ) -> Result<Option<Carried>, RunError> {
        let header = &model.header;
        let Some(column) = &header.split_by else {
            return Ok(None);
        };
        let is_given = header.columns.iter().any(|own| own.name == *column);
        if self.full_refresh || !is_given {
            return Ok(None);
        }
        let before = self.computed_from_before(model);
        let is_known = before.is_of(self.files(&model.name));
        let differences = now.differences(&before);
        if !is_known || !differences.iter().all(|name| now.has_rows_of(name)) {
            return Ok(None);
        }
        // A file that is no longer live may be gone.
        let Ok(Some(touched)) = self.touched(model, column, now, &before) else {
            return Ok(None);
        };
        let values = touched.height();
        let touched = Frame::from(touched);
        let mut inputs = self.inputs(model, &BTreeMap::new())?;
        let mut rows = 0;
        for name in self.inputs_with(model, &inputs, column)? {
            if let Some(frame) = inputs.get_mut(&name) {
                *frame = frame.only(&touched, &[column]);
                rows += frame.count(&model.file)?;
            }
        }
        let all_rows: u64 = now.split.values().flatten().map(|file| file.rows).sum();
        if 2 * rows > all_rows {
            return Ok(None);
        }
        let again = self.run_in_parts(model, &inputs, column, rows)?;
        let again = self.conform(model, again)?;
        let own = self.model_frame(&model.name, None)?;
        let kept = own.without(&touched, &[column]);
        let kept = kept.table(&model.file, &again.names())?;
        let rows = self.conform(model, kept.stack(&model.file, &again)?)?;
        Ok(Some(Carried { rows, values }))
    }

    /// The values of a column that changed rows concern, each once; `None` where that cannot be told.
    fn touched(
        &self,
        model: &Model,
        column: &str,
        now: &ComputedFrom,
        before: &ComputedFrom,
    ) -> Result<Option<Table>, RunError> {
        let mut concerned = Vec::new();
        for name in now.split.keys() {
            let mut files = now.surplus(name, before);
            files.extend(before.surplus(name, now));
            concerned.push(self.frame_of_files(name, &files)?);
        }
        for (name, by) in &model.header.split_joins {
            if now.parts.get(name) == before.parts.get(name) {
                continue;
            }
            let changed = self.changed_values(model, name, by, [now, before])?;
            let mut is_joined = false;
            for (name, files) in &now.split {
                let frame = self.frame_of_files(name, files)?;
                if frame.has_column(by)? {
                    concerned.push(frame.only(&changed, &[by]));
                    is_joined = true;
                }
            }
            if !is_joined {
                return Ok(None);
            }
        }
        Ok(Some(Frame::distinct(&model.file, &concerned, column)?))
    }

    /// The values of a column in rows that only one of two versions of a joined table has.
    fn changed_values(
        &self,
        model: &Model,
        table: &str,
        column: &str,
        versions: [&ComputedFrom; 2],
    ) -> Result<Frame, RunError> {
        let kinds = self.column_kinds(table);
        let names: Vec<&str> = kinds.iter().map(|(name, _)| name.as_str()).collect();
        let [left, right] = versions.map(|from| {
            let files = from.joined.get(table).map(Vec::as_slice);
            self.frame_of_files(table, files.unwrap_or_default())
        });
        let (left, right) = (left?, right?);
        let only_one = [left.without(&right, &names), right.without(&left, &names)];
        Ok(Frame::distinct(&model.file, &only_one, column)?.into())
    }
}

fn path(model: &Model) -> String {
    format!("cache/fingerprints/{}.json", model.name)
}
