//! Computing models: what is stale, why, and the computing of exactly that.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use chrono::NaiveDate;

use super::carry::ComputedFrom;
use super::fingerprint::{Fingerprint, computed_name};
use super::sources::{DayTable, Sources};
use super::staleness::{Staleness, stale_days, surplus_files};
use super::{RunError, native};
use crate::engine::{Frame, Table, run_sql};
use crate::lake::{
    DataFile, DayReach, Lake, Snapshot, TableChange, content_name, delta_schema, schema_of,
};
use crate::model::{ALL_INDICATOR_HITS, Catalogue, Model, PREVIOUS_TABLES};
use crate::native::composite::Framework;
use crate::release::{DEFINITION, POLICY, SOURCE};

/// Input rows of one pass over stale days; more days are computed in several passes, in bounded memory.
const PASS_ROWS: u64 = 6_000_000;
/// Input rows of one part of a table that is computed in parts. Each part reads all inputs again, so parts are larger.
const PART_ROWS: u64 = 16_000_000;

/// What became of one model.
#[derive(Debug, Clone)]
pub struct ModelOutcome {
    /// Table.
    pub name: String,
    /// Why it was or was not computed.
    pub staleness: Staleness,
    /// Rows of the table afterwards.
    pub rows: u64,
    /// Seconds spent.
    pub seconds: f64,
}

/// Computes models against one state of the sources.
pub struct Builder<'a> {
    /// Where tables lie.
    pub lake: &'a Lake,
    /// What feeds and reference tables hold.
    pub sources: &'a Sources<'a>,
    /// All models.
    pub models: &'a Catalogue,
    /// Framework of the composite index.
    pub framework: &'a Framework,
    /// As-of day.
    pub as_of: NaiveDate,
    /// Compute everything, whatever is there.
    pub full_refresh: bool,
    pub(super) tables: BTreeMap<String, Snapshot>,
}

/// The method behind an indicator's hits, as two hashes of 12 hex digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Method {
    /// Of the SQL and native operators of the indicator and every model that it reads.
    pub version: String,
    /// Of the policy rows that they read.
    pub policy: String,
}

/// What a model computes, inputs apart.
fn definition(model: &Model, framework: &Framework) -> Fingerprint {
    let mut fingerprint = Fingerprint::of_code();
    let header = &model.header;
    // Titles and sentences may be mended without computing anything again.
    let shape: Vec<String> = header
        .columns
        .iter()
        .map(|column| format!("{} {:?}", column.name, column.kind))
        .collect();
    fingerprint.add("columns", &shape.join(","));
    fingerprint.add("grain", &header.grain.join(","));
    fingerprint.add("order", &header.order.join(","));
    fingerprint.add("partition", header.partition.as_deref().unwrap_or(""));
    // They change no row, unless they were wrong before.
    fingerprint.add("split by", header.split_by.as_deref().unwrap_or(""));
    for (table, column) in &header.split_joins {
        fingerprint.add(table, column);
    }
    fingerprint.add("sql", &model.sql);
    if let Some(operator) = &header.native {
        fingerprint.add("native", &native::version_of(operator, framework));
    }
    fingerprint
}

/// The hash of a model's definition, as the basis of a release names it.
pub fn definition_hash(model: &Model, framework: &Framework) -> String {
    definition(model, framework).finish()
}

/// Table path of a model.
pub fn table_path(model: &str) -> String {
    format!("models/{model}")
}

impl<'a> Builder<'a> {
    /// A builder over the tables that are there.
    pub fn new(
        lake: &'a Lake,
        sources: &'a Sources<'a>,
        models: &'a Catalogue,
        framework: &'a Framework,
        as_of: NaiveDate,
        full_refresh: bool,
    ) -> Result<Builder<'a>, RunError> {
        let mut tables = BTreeMap::new();
        for model in models.in_order() {
            if let Some(snapshot) = lake.snapshot(&table_path(&model.name))? {
                tables.insert(model.name.clone(), snapshot);
            }
        }
        Ok(Builder {
            lake,
            sources,
            models,
            framework,
            as_of,
            full_refresh,
            tables,
        })
    }

    /// The live files of a model's table.
    pub fn files(&self, model: &str) -> &[DataFile] {
        self.tables
            .get(model)
            .map(|table| table.files.as_slice())
            .unwrap_or_default()
    }

    fn definition(&self, model: &Model) -> Fingerprint {
        definition(model, self.framework)
    }

    /// What a model would be computed from now.
    pub(super) fn computed_from(&self, model: &Model) -> ComputedFrom {
        let mut parts = BTreeMap::new();
        parts.insert("its definition".to_owned(), self.definition(model).finish());
        for name in &model.reads {
            let mut fingerprint = Fingerprint::default();
            self.add_input(&mut fingerprint, model, name);
            parts.insert(name.clone(), fingerprint.finish());
        }
        ComputedFrom {
            parts,
            split: self.split_inputs(model),
            joined: self.joined_inputs(model),
        }
    }

    /// Everything a model rests on, its inputs' inputs included, each with its hash: why figures of two releases differ.
    pub fn basis(&self, model: &Model) -> BTreeMap<String, String> {
        let mut basis = BTreeMap::new();
        for name in self.models.closure(std::slice::from_ref(&model.name)) {
            let Some(model) = self.models.get(&name) else {
                continue;
            };
            basis.insert(
                format!("{DEFINITION}{name}"),
                self.definition(model).finish(),
            );
            for parameter in &model.header.policy {
                let mut fingerprint = Fingerprint::default();
                let rows = std::slice::from_ref(parameter);
                self.sources.add_to(&mut fingerprint, "policy", rows);
                basis.insert(format!("{POLICY}{parameter}"), fingerprint.finish());
            }
            for source in model.reads.iter().filter(|source| *source != "policy") {
                let mut fingerprint = Fingerprint::default();
                if self.sources.add_to(&mut fingerprint, source, &[]) {
                    basis.insert(format!("{SOURCE}{source}"), fingerprint.finish());
                }
            }
        }
        basis
    }

    /// By what method an indicator was computed: a change of either hash is a change of method, not of the world.
    pub fn method(&self, indicator: &Model) -> Method {
        let (mut version, mut policy) = (Fingerprint::default(), Fingerprint::default());
        for name in self.models.closure(std::slice::from_ref(&indicator.name)) {
            let Some(model) = self.models.get(&name) else {
                continue;
            };
            version.add(&name, &model.sql);
            if let Some(operator) = &model.header.native {
                version.add("native", &native::version_of(operator, self.framework));
            }
            let parameters = &model.header.policy;
            self.sources.add_to(&mut policy, "policy", parameters);
            self.sources.add_to(&mut policy, "policy_list", parameters);
        }
        let short = |fingerprint: Fingerprint| fingerprint.finish().chars().take(12).collect();
        Method {
            version: short(version),
            policy: short(policy),
        }
    }

    /// What a model's query gives on the present tables, stored nowhere.
    ///
    /// # Errors
    /// When the query fails or gives other columns than the header declares.
    pub fn evaluate(&self, model: &Model) -> Result<Table, RunError> {
        let inputs = self.inputs(model, &BTreeMap::new())?;
        let rows = match &model.header.split_by {
            None => self.run(model, &inputs)?,
            Some(column) => {
                let rows = self.day_inputs(model).values().map(DayTable::rows).sum();
                self.run_in_parts(model, &inputs, column, rows)?
            }
        };
        self.conform(model, rows)
    }

    /// Runs a query on one part after the other of the inputs stored by day that have `column`, of which it reads `rows`.
    pub(super) fn run_in_parts(
        &self,
        model: &Model,
        inputs: &BTreeMap<String, Frame>,
        column: &str,
        rows: u64,
    ) -> Result<Table, RunError> {
        let large = self.inputs_with(model, inputs, column)?;
        let parts = rows.div_ceil(PART_ROWS).max(1);
        let rows_of = |part: u64| {
            let cut = |(name, frame): (&String, &Frame)| {
                let frame = if parts > 1 && large.contains(name) {
                    frame.part(column, part, parts)
                } else {
                    frame.clone()
                };
                (name.clone(), frame)
            };
            self.run(model, &inputs.iter().map(cut).collect())
        };
        let mut rows = rows_of(0)?;
        for part in 1..parts {
            rows = rows.stack(&model.file, &rows_of(part)?)?;
        }
        Ok(rows)
    }

    /// Names of the inputs stored by day that have a column.
    pub(super) fn inputs_with(
        &self,
        model: &Model,
        inputs: &BTreeMap<String, Frame>,
        column: &str,
    ) -> Result<BTreeSet<String>, RunError> {
        let mut names = BTreeSet::new();
        for name in self.day_inputs(model).into_keys() {
            if let Some(frame) = inputs.get(&name)
                && frame.has_column(column)?
            {
                names.insert(name);
            }
        }
        Ok(names)
    }

    fn add_input(&self, fingerprint: &mut Fingerprint, model: &Model, name: &str) {
        if name == ALL_INDICATOR_HITS {
            for indicator in self.models.indicators() {
                fingerprint.add_files(&indicator.name, self.files(&indicator.name).iter());
                let method = self.method(indicator);
                fingerprint.add("method", &method.version);
                fingerprint.add("policy", &method.policy);
            }
        } else if !self.sources.add_to(fingerprint, name, &model.header.policy) {
            fingerprint.add_files(name, self.files(name).iter());
        }
    }

    /// Input tables of a model that are stored by day.
    fn day_inputs(&self, model: &Model) -> BTreeMap<String, DayTable> {
        let mut inputs = BTreeMap::new();
        for name in &model.reads {
            if let Some(table) = self.sources.day_table(name) {
                inputs.insert(name.clone(), table);
            } else if self
                .models
                .get(name)
                .is_some_and(|input| input.header.partition.is_some())
            {
                inputs.insert(name.clone(), DayTable::computed(self.files(name).to_vec()));
            }
        }
        inputs
    }

    /// The fingerprint of each day of a per-day model.
    pub(super) fn day_fingerprints(&self, model: &Model) -> BTreeMap<NaiveDate, String> {
        let inputs = self.day_inputs(model);
        let mut base = self.definition(model);
        for name in model
            .reads
            .iter()
            .filter(|name| !inputs.contains_key(*name))
        {
            self.add_input(&mut base, model, name);
        }
        let base = base.finish();
        let days: BTreeSet<NaiveDate> = inputs
            .values()
            .flat_map(|table| table.days(self.as_of))
            .collect();
        let mut index: BTreeMap<NaiveDate, Fingerprint> = BTreeMap::new();
        for day in days {
            let mut fingerprint = Fingerprint::default();
            fingerprint.add("base", &base);
            fingerprint.add("day", &day.to_string());
            index.insert(day, fingerprint);
        }
        for (name, table) in &inputs {
            table.add_days(name, &mut index);
        }
        index
            .into_iter()
            .map(|(day, fingerprint)| (day, fingerprint.finish()))
            .collect()
    }

    /// Computes a model if it is stale.
    ///
    /// # Errors
    /// When the query or storage fails; what was committed before stays, and is found fresh by the next run.
    pub fn build(&mut self, model: &Model) -> Result<ModelOutcome, RunError> {
        let started = Instant::now();
        let mut staleness = self.staleness(model);
        if staleness.is_stale() {
            let change = if model.header.incremental {
                self.compute_days(model)?
            } else {
                let now = self.computed_from(model);
                let rows = match self.carry_over(model, &now)? {
                    Some(carried) => {
                        let column = model.header.split_by.as_deref().unwrap_or_default();
                        staleness = staleness.narrowed_to(carried.values, column);
                        carried.rows
                    }
                    None => self.evaluate(model)?,
                };
                self.store_whole(model, &now, rows)?
            };
            if let Some(change) = change {
                self.lake.commit(&change)?;
                let table = table_path(&model.name);
                let snapshot = self.lake.snapshot(&table)?.unwrap_or_default();
                self.tables.insert(model.name.clone(), snapshot);
            }
        }
        Ok(ModelOutcome {
            name: model.name.clone(),
            staleness,
            rows: self.files(&model.name).iter().map(|file| file.rows).sum(),
            seconds: started.elapsed().as_secs_f64(),
        })
    }

    /// The query's inputs; tables in `files` are cut to these files.
    pub(super) fn inputs(
        &self,
        model: &Model,
        files: &BTreeMap<String, Vec<DataFile>>,
    ) -> Result<BTreeMap<String, Frame>, RunError> {
        let mut frames = BTreeMap::new();
        for name in &model.reads {
            let cut = files.get(name).map(Vec::as_slice);
            let frame = if name == ALL_INDICATOR_HITS {
                self.all_indicator_hits()?
            } else if let Some(frame) = self.sources.frame(name, &model.header.policy, cut)? {
                frame
            } else if let Some((_, table)) = PREVIOUS_TABLES
                .iter()
                .find(|(previous, _)| previous == name)
            {
                // Before the second night there is none.
                Frame::scan(name, &[], &self.column_kinds(table))?
            } else {
                self.model_frame(name, cut)?
            };
            frames.insert(name.clone(), frame);
        }
        Ok(frames)
    }

    /// A computed table as a query reads it; `files` instead of all that it sees.
    ///
    /// # Errors
    /// When its files cannot be read.
    pub fn model_frame(&self, name: &str, files: Option<&[DataFile]>) -> Result<Frame, RunError> {
        let mut files = files.map_or_else(|| self.files(name).to_vec(), <[DataFile]>::to_vec);
        self.keep_visible(name, &mut files);
        self.frame_of_files(name, &files)
    }

    /// Files of a computed table that a query sees: of a table made day by day those up to the as-of day, also where a later
    /// run has left further ones.
    pub(super) fn visible_files(&self, name: &str) -> Vec<DataFile> {
        let mut files = self.files(name).to_vec();
        self.keep_visible(name, &mut files);
        files
    }

    fn keep_visible(&self, name: &str, files: &mut Vec<DataFile>) {
        let model = self.models.get(name);
        if model.is_some_and(|model| model.header.incremental) {
            let day = |file: &DataFile| file.reach().and_then(|reach| reach.day);
            files.retain(|file| day(file).is_none_or(|day| day <= self.as_of));
        }
    }

    /// These files of a computed table, live or not.
    pub(super) fn frame_of_files(&self, name: &str, files: &[DataFile]) -> Result<Frame, RunError> {
        let table = table_path(name);
        let paths = self.lake.local_files(&table, files)?;
        Ok(Frame::scan(&table, &paths, &self.column_kinds(name))?)
    }

    pub(super) fn column_kinds(&self, name: &str) -> Vec<(String, crate::model::ColumnKind)> {
        self.models
            .get(name)
            .map(|model| {
                let columns = model.header.columns.iter();
                columns
                    .map(|column| (column.name.clone(), column.kind))
                    .collect()
            })
            .unwrap_or_default()
    }

    fn all_indicator_hits(&self) -> Result<Frame, RunError> {
        let mut frames = Vec::new();
        for model in self.models.indicators() {
            if let Some(entry) = &model.header.indicator {
                let method = self.method(model);
                let mut frame = self.model_frame(&model.name, None)?;
                for (name, kind) in entry.optional_columns(false) {
                    frame = frame.with_null(name, kind);
                }
                frames.push(
                    frame
                        .with_text("indicator_id", &entry.id)
                        .with_text("method_version", &method.version)
                        .with_text("policy_hash", &method.policy),
                );
            }
        }
        Frame::union(ALL_INDICATOR_HITS, &frames)?.ok_or_else(|| {
            RunError::Inconsistent(
                "a model reads all_indicator_hits, but there is no indicator".to_owned(),
            )
        })
    }

    fn run(&self, model: &Model, inputs: &BTreeMap<String, Frame>) -> Result<Table, RunError> {
        let rows = run_sql(&model.file, &model.sql, inputs)?;
        match &model.header.native {
            Some(operator) => native::apply(&model.file, operator, &rows, inputs, self.framework),
            None => Ok(rows),
        }
    }

    pub(super) fn conform(&self, model: &Model, rows: Table) -> Result<Table, RunError> {
        let header = &model.header;
        Ok(rows.conform(&model.file, &header.columns, &header.grain, model.order())?)
    }

    fn store_whole(
        &self,
        model: &Model,
        computed_from: &ComputedFrom,
        rows: Table,
    ) -> Result<Option<TableChange>, RunError> {
        let fingerprint = computed_from.fingerprint();
        let pieces = match &model.header.partition {
            None => vec![(String::new(), rows)],
            Some(column) => {
                let mut pieces: Vec<(String, Table)> = rows
                    .by_day(&model.file, column)?
                    .into_iter()
                    .map(|(day, part)| (day_folder(Some(day)), part))
                    .collect();
                if pieces.is_empty() {
                    // An empty file keeps the fingerprint.
                    pieces.push((day_folder(None), rows));
                }
                pieces
            }
        };
        let mut files = Vec::new();
        let mut schema = None;
        for (folder, part) in pieces {
            files.push(self.write(model, &folder, &fingerprint, &part, &mut schema)?);
        }
        self.keep_computed_from(model, computed_from)?;
        let old = self.files(&model.name).iter().map(|file| file.path.clone());
        self.change(model, schema, files, old.collect(), fingerprint)
    }

    fn compute_days(&self, model: &Model) -> Result<Option<TableChange>, RunError> {
        let days = self.day_fingerprints(model);
        let live = self.files(&model.name);
        let stale: Vec<NaiveDate> = if self.full_refresh {
            days.keys().copied().collect()
        } else {
            stale_days(&days, live)
        };
        let inputs = self.day_inputs(model);
        let mut files = Vec::new();
        let mut schema = None;
        for pass in passes(&stale, &inputs) {
            let cut: BTreeMap<String, Vec<DataFile>> = inputs
                .iter()
                .map(|(name, table)| (name.clone(), table.files_touching(&pass)))
                .collect();
            let rows = self.run(model, &self.inputs(model, &cut)?)?;
            let column = model.header.partition.as_deref().unwrap_or_default();
            let rows = self
                .conform(model, rows)?
                .keep_days(&model.file, column, |day| pass.contains(&day))?;
            let mut parts: BTreeMap<NaiveDate, Table> =
                rows.by_day(&model.file, column)?.into_iter().collect();
            for day in &pass {
                let part = parts.remove(day).unwrap_or_else(|| rows.head(0));
                let fingerprint = days.get(day).map(String::as_str).unwrap_or_default();
                files.push(self.write(
                    model,
                    &day_folder(Some(*day)),
                    fingerprint,
                    &part,
                    &mut schema,
                )?);
            }
        }
        let surplus = surplus_files(&days, live);
        if files.is_empty() {
            let is_there = self.tables.contains_key(&model.name);
            if is_there && surplus.is_empty() && !self.full_refresh {
                return Ok(None);
            }
            // Nothing to compute: days go that no input reaches, or nothing was ever loaded and the table is made all the
            // same, so that what reads it finds its columns.
            let none = Table::empty(&model.file, &model.header.columns)?;
            if days.is_empty() {
                files.push(self.write(model, &day_folder(None), "none", &none, &mut schema)?);
            } else {
                schema = Some(delta_schema_of(model, none.encode(&model.file)?)?);
            }
        }
        let stale: BTreeSet<NaiveDate> = stale.into_iter().collect();
        let mut remove = surplus;
        remove.extend(
            live.iter()
                .filter(|file| {
                    let day = file.reach().and_then(|reach| reach.day);
                    day.is_some_and(|day| stale.contains(&day))
                })
                .map(|file| file.path.clone()),
        );
        self.change(model, schema, files, remove, "by day".to_owned())
    }

    fn write(
        &self,
        model: &Model,
        folder: &str,
        fingerprint: &str,
        rows: &Table,
        schema: &mut Option<deltalake_core::kernel::StructType>,
    ) -> Result<DataFile, RunError> {
        let table = table_path(&model.name);
        let content = rows.encode(&model.file)?;
        if schema.is_none() {
            *schema = Some(delta_schema_of(model, content.clone())?);
        }
        let name = computed_name(fingerprint, &content_name(&content));
        Ok(self
            .lake
            .write_content(&table, &format!("{folder}{name}"), content, rows.height())?)
    }

    fn change(
        &self,
        model: &Model,
        schema: Option<deltalake_core::kernel::StructType>,
        add: Vec<DataFile>,
        mut remove: Vec<String>,
        fingerprint: String,
    ) -> Result<Option<TableChange>, RunError> {
        let Some(schema) = schema else {
            return Ok(None);
        };
        remove.retain(|path| !add.iter().any(|file| file.path == *path));
        Ok(Some(TableChange {
            table: table_path(&model.name),
            schema,
            description: format!("{} {}", model.header.title_zh, model.header.title_en),
            add,
            remove,
            note: BTreeMap::from([("fingerprint".to_owned(), fingerprint)]),
        }))
    }
}

/// The schema of a model's file as its table keeps it.
fn delta_schema_of(
    model: &Model,
    content: Vec<u8>,
) -> Result<deltalake_core::kernel::StructType, RunError> {
    let table = table_path(&model.name);
    let arrow = schema_of(&table, bytes::Bytes::from(content))?;
    Ok(delta_schema(&table, &arrow)?)
}

fn day_folder(day: Option<NaiveDate>) -> String {
    DayReach { day, last: day }.folder()
}

/// Splits stale days into passes of bounded input.
fn passes(stale: &[NaiveDate], inputs: &BTreeMap<String, DayTable>) -> Vec<BTreeSet<NaiveDate>> {
    let mut rows_by_day: BTreeMap<NaiveDate, u64> = BTreeMap::new();
    for file in inputs.values().flat_map(|table| &table.files) {
        if let Some(day) = file.reach().and_then(|reach| reach.day) {
            *rows_by_day.entry(day).or_default() += file.rows;
        }
    }
    let mut passes: Vec<BTreeSet<NaiveDate>> = Vec::new();
    let mut rows = u64::MAX;
    for day in stale {
        let more = rows_by_day.get(day).copied().unwrap_or_default();
        if rows.saturating_add(more) > PASS_ROWS {
            passes.push(BTreeSet::new());
            rows = 0;
        }
        rows += more;
        if let Some(pass) = passes.last_mut() {
            pass.insert(*day);
        }
    }
    passes
}
