//! The night: load → compute → audit → release.

use std::time::Instant;

use chrono::NaiveDate;

use super::RunError;
use super::audit::{audit_books, audit_figures};
use super::build::{Builder, ModelOutcome, table_path};
use super::disclosure::{Gate, rules};
use super::leads::{LeadRecord, leads};
use super::lease::Lease;
use super::made::{
    ARRIVALS_TABLE, CATALOGUE_TABLE, DRIFT_TABLE, HISTORY_TABLE, MadeTable, QUARANTINE_TABLE,
    SUMMARY_TABLE, TEST_FAILURES_TABLE, TRIANGLE_TABLE,
};
use super::punctuality::Punctuality;
use super::record::{ModelRecord, RunRecord, peak_memory_bytes};
use super::sources::Sources;
use super::table_tests::{TestResult, Tester};
use super::test_ledger::TestLedger;
use super::untold::{Untold, newest_sequence, untold};
use crate::clock;
use crate::engine::{Cell, ColumnData, Frame, Table, run_sql};
use crate::identity::Pseudonymiser;
use crate::ingest::notices::read_refusals;
use crate::ingest::{Ingest, IngestSummary, LoadRow, ReplaySummary};
use crate::lake::Lake;
use crate::model::{Audience, IndicatorEntry, Model, PREVIOUS_TABLES, PROVINCE, Policy};
use crate::native::composite::Framework;
use crate::project::{Project, Storage};
use crate::release::{
    AuditResult, Headline, Manifest, PublishedTable, Releases, Revisions, cell_key, extend,
    history_table, read_history, read_table, standing, summary, triangle, vintages,
};
use crate::report::workbook::Rounding;
use crate::report::{PageFacts, audience_name, release_page, workbook};
use crate::vault::Vault;

/// How a night is to be run.
#[derive(Debug, Clone)]
pub struct NightOptions {
    /// As-of day: events after it are left out.
    pub as_of: NaiveDate,
    /// Compute only these tables and what they read; nothing is released then.
    pub select: Vec<String>,
    /// Compute everything again, whatever is there.
    pub full_refresh: bool,
    /// Only load.
    pub ingest_only: bool,
    /// Load nothing new, but quarantined rows once more.
    pub replay: bool,
}

/// Is told what happens, for progress and logs.
pub trait Observer {
    /// Bytes of a feed were read.
    fn read(&mut self, feed: &str, bytes: u64);
    /// The loading is over, whatever becomes of the night.
    fn loaded(&mut self, summary: &IngestSummary);
    /// A model is about to be looked at.
    fn model(&mut self, name: &str);
    /// Whether somebody asked to stop.
    fn is_interrupted(&self) -> bool;
}

/// What a night came to, or how far it came.
#[derive(Debug, Default)]
pub struct NightReport {
    /// What the loader did.
    pub ingest: IngestSummary,
    /// Loads of killed runs, of which none has told.
    pub untold: Untold,
    /// Order of the newest load of which this run or an earlier one tells.
    pub told_sequence: Option<i64>,
    /// As-of day of the release that was current before, where it is later than this night's.
    pub later_release: Option<NaiveDate>,
    /// What a replay did.
    pub replay: ReplaySummary,
    /// What became of the models.
    pub models: Vec<ModelOutcome>,
    /// Audits.
    pub audits: Vec<AuditResult>,
    /// Hits by indicator.
    pub leads: Vec<LeadRecord>,
    /// How the cities stand with what was expected of them.
    pub punctuality: Punctuality,
    /// The current release; `None` when only a part was computed.
    pub release: Option<Manifest>,
    /// Whether this night made it.
    pub released: bool,
}

impl NightReport {
    /// Whether all is well: no row quarantined, no object refused, no warning.
    pub fn is_clean(&self) -> bool {
        self.ingest.total().quarantined == 0
            && self.untold.account.quarantined == 0
            && self.ingest.refused.is_empty()
            && !self.ingest.raw_is_empty
            && self.replay.refused.is_empty()
            && self.replay.unreadable.is_empty()
            && self.punctuality.late_cities.is_empty()
            && self.audits.iter().all(|audit| audit.findings == 0)
    }
}

/// A project with its storage, ready to be run.
pub struct Night<'a> {
    /// The project.
    pub project: &'a Project,
    /// Storage roots.
    pub storage: &'a Storage,
    /// The secret of pseudonyms and vault.
    pub secret: &'a [u8],
    /// Framework of the platform evaluation.
    pub framework: &'a Framework,
}

impl Night<'_> {
    /// Runs a night and writes its record, whatever happens.
    ///
    /// # Errors
    /// [`RunError`]; the record then holds it.
    pub fn run(
        &self,
        options: &NightOptions,
        observer: &mut dyn Observer,
        exit_code: impl Fn(&Result<NightReport, RunError>) -> i64,
    ) -> Result<NightReport, RunError> {
        let lake = Lake::new(self.storage.lake.clone());
        let lease = Lease::acquire(lake.store(), self.project.nightly.run.lease_minutes)?;
        let started = Instant::now();
        let moment = clock::now();
        let mut report = NightReport::default();
        let ended = self.steps(&lake, &lease, options, observer, &mut report);
        let mut record = RunRecord {
            run_id: format!(
                "{}-{}",
                moment.format("%Y%m%dT%H%M%S%.6fZ"),
                std::process::id()
            ),
            as_of: Some(options.as_of),
            started_at: moment.to_rfc3339(),
            seconds: started.elapsed().as_secs_f64(),
            peak_memory_bytes: peak_memory_bytes(),
            ..RunRecord::default()
        };
        // Also of a night that failed: what it loaded is loaded, and the next one will not tell of it.
        record.told_sequence = report.told_sequence;
        record.objects_loaded = report.ingest.loaded;
        let refused = report.ingest.refused.iter();
        record.objects_refused = refused
            .map(|object| (object.object.clone(), object.reason.clone()))
            .collect();
        let feeds = report.ingest.feeds.iter();
        record.feeds = feeds
            .map(|(feed, account)| (feed.clone(), account.into()))
            .collect();
        record.models = report.models.iter().map(ModelRecord::from).collect();
        record.audits.clone_from(&report.audits);
        record.leads.clone_from(&report.leads);
        record.release = report.release.as_ref().map(|release| release.id.clone());
        record.released = report.released;
        let outcome = ended.map(|()| report);
        record.exit_code = exit_code(&outcome);
        record.error = outcome.as_ref().err().map(|error| error_chain(error));
        if let Err(error) = record.write(&lake) {
            tracing::warn!(%error, "the run record could not be written");
            if outcome.is_ok() {
                return Err(error.into());
            }
        }
        drop(lease);
        outcome
    }

    fn steps(
        &self,
        lake: &Lake,
        lease: &Lease,
        options: &NightOptions,
        observer: &mut dyn Observer,
        report: &mut NightReport,
    ) -> Result<(), RunError> {
        for name in lake.finish_pending()? {
            tracing::info!(transaction = %name, "finished what an earlier run had decided");
        }
        (report.untold, report.told_sequence) = untold(lake)?;
        let vault = Vault::open(lake, self.secret);
        let pseudonymiser = Pseudonymiser::new(self.secret);
        let ingest = Ingest {
            raw: &self.storage.raw,
            lake,
            contracts: &self.project.contracts,
            divisions: &self.project.divisions,
            pseudonymiser: &pseudonymiser,
            vault: &vault,
            receipts: &self.storage.published,
            as_of: options.as_of,
        };
        let mut progress = |feed: &str, bytes: u64| observer.read(feed, bytes);
        if options.replay {
            report.replay = ingest.replay(&mut progress)?;
        } else {
            report.ingest = ingest.run(&mut progress)?;
            observer.loaded(&report.ingest);
        }
        report.told_sequence = Some(newest_sequence(lake)?);
        if options.ingest_only {
            return Ok(());
        }
        let releases = Releases::new(self.storage.published.clone());
        let sources = self.sources(lake, &releases, options.as_of)?;
        let mut builder = Builder::new(
            lake,
            &sources,
            &self.project.models,
            self.framework,
            options.as_of,
            options.full_refresh,
        )?;
        let selected = self.project.models.closure(&options.select);
        for model in self.project.models.in_order() {
            if observer.is_interrupted() {
                return Err(RunError::Interrupted);
            }
            if options.select.is_empty() || selected.contains(&model.name) {
                observer.model(&model.name);
                let outcome = builder.build(model)?;
                if outcome.staleness.is_stale() {
                    tracing::info!(
                        table = %outcome.name,
                        rows = outcome.rows,
                        seconds = outcome.seconds,
                        why = %outcome.staleness.words(),
                        "computed"
                    );
                }
                report.models.push(outcome);
            }
        }
        report.audits = audit_books(self.project, lake, sources.loads(), options.as_of)?;
        report
            .audits
            .extend(audit_figures(&self.project.models, &report.models));
        let tester = Tester {
            lake,
            builder: &builder,
            sources: &sources,
            releases: &releases,
            models: &self.project.models,
        };
        let is_wanted = |table: &str| options.select.is_empty() || selected.contains(table);
        let tested = tester.run(is_wanted, options.full_refresh)?;
        // Failing rows are kept also when they end the night.
        let test_failures = self.enter_failures(lake, &tested, options.as_of)?;
        report.audits.extend(tested.iter().map(TestResult::audit));
        let failed: Vec<String> = report
            .audits
            .iter()
            .filter(|audit| audit.severity == "error" && audit.findings > 0)
            .map(|audit| {
                format!(
                    "{} ({} findings): {}",
                    audit.name, audit.findings, audit.title
                )
            })
            .collect();
        if !failed.is_empty() {
            return Err(RunError::Audit { findings: failed });
        }
        if !options.select.is_empty() {
            return Ok(());
        }
        report.leads = leads(&builder)?;
        let refusals = read_refusals(lake)?;
        report.punctuality = Punctuality::of(
            &self.project.calendar,
            &self.project.divisions,
            sources.loads(),
            &refusals,
            options.as_of,
        );
        if let Some(hold) = &report.punctuality.hold {
            let missing = hold.missing.iter();
            let missing: Vec<String> = missing
                .map(|(city, feed)| format!("{city} {feed}"))
                .collect();
            return Err(RunError::Held {
                arrived: hold.arrived,
                needed: hold.needed,
                missing: missing.join(", "),
            });
        }
        lease.check()?;
        let mut tables = self.publish_tables(lake, &releases, &builder, &sources)?;
        tables.push(self.publish_made(&releases, &ARRIVALS_TABLE, &report.punctuality.table()?)?);
        tables.push(self.publish_made(
            &releases,
            &TEST_FAILURES_TABLE,
            &test_failures.published(options.as_of)?,
        )?);
        let manifest =
            self.manifest(lake, &releases, &sources, &builder, tables, &report.audits)?;
        let current = releases.history()?.pop().map(|pointer| pointer.as_of);
        report.later_release = current.filter(|day| *day > options.as_of);
        report.released = releases.publish(&manifest)?.is_some();
        report.release = Some(manifest);
        Ok(())
    }

    /// Enters what tests came to in the books of failing rows.
    fn enter_failures(
        &self,
        lake: &Lake,
        tested: &[TestResult],
        as_of: NaiveDate,
    ) -> Result<TestLedger, RunError> {
        let declared = self.project.models.in_order().flat_map(|model| {
            let tests = model.header.tests.iter();
            tests.map(|test| (model.name.clone(), test.name.clone()))
        });
        let before = TestLedger::read(lake)?;
        let mut ledger = before.clone();
        ledger.enter(tested, &declared.collect(), as_of);
        if ledger != before {
            ledger.write(lake)?;
        }
        Ok(ledger)
    }

    /// What models read, with the hits of the last release of an earlier as-of day.
    ///
    /// # Errors
    /// When storage cannot be read.
    pub fn sources<'b>(
        &'b self,
        lake: &'b Lake,
        releases: &Releases,
        as_of: NaiveDate,
    ) -> Result<Sources<'b>, RunError> {
        let mut sources = Sources::open(self.project, lake, as_of)?;
        let day_before = as_of.pred_opt().unwrap_or(as_of);
        if let Some(manifest) = releases.latest_until(&releases.history()?, day_before)? {
            for (previous, name) in PREVIOUS_TABLES {
                let (Ok(table), Some(model)) =
                    (manifest.table(name), self.project.models.get(name))
                else {
                    continue;
                };
                let path = releases.store().local_copy(&table.file)?;
                // An earlier version of the program may have written fewer columns.
                let columns = model.header.columns.iter();
                let columns: Vec<_> = columns
                    .map(|column| (column.name.clone(), column.kind))
                    .collect();
                let frame = Frame::scan(previous, &[path], &columns)?;
                let known = (frame, table.hash.clone());
                sources.previous_tables.insert(previous.to_owned(), known);
            }
            sources.previous_release = Some(manifest);
        }
        Ok(sources)
    }

    fn publish_tables(
        &self,
        lake: &Lake,
        releases: &Releases,
        builder: &Builder<'_>,
        sources: &Sources<'_>,
    ) -> Result<Vec<PublishedTable>, RunError> {
        let mut tables = Vec::new();
        for model in self.project.models.published() {
            let files = builder.files(&model.name);
            let [file] = files else {
                return Err(RunError::Inconsistent(format!(
                    "published table {} has {} files; a table stored by day cannot be published",
                    model.name,
                    files.len()
                )));
            };
            let content =
                lake.store()
                    .read(&format!("{}/{}", table_path(&model.name), file.path))?;
            let header = &model.header;
            let titles = (header.title_zh.as_str(), header.title_en.as_str());
            let table =
                releases.write_table(&model.name, header.audience, titles, content, file.rows)?;
            tables.push(PublishedTable {
                basis: builder.basis(model),
                ..table
            });
        }
        let catalogue = indicator_catalogue(&self.project.models.indicators())?;
        tables.push(self.publish_made(releases, &CATALOGUE_TABLE, &catalogue)?);
        let quarantine = ledger_table(sources, "quarantine", QUARANTINE_SQL)?;
        tables.push(self.publish_made(releases, &QUARANTINE_TABLE, &quarantine)?);
        tables.push(self.publish_made(
            releases,
            &DRIFT_TABLE,
            &ledger_table(sources, "schema_drift", DRIFT_SQL)?,
        )?);
        Ok(tables)
    }

    /// The manifest, with the history of figures, what the public gets, the workbooks and the page.
    fn manifest(
        &self,
        lake: &Lake,
        releases: &Releases,
        sources: &Sources<'_>,
        builder: &Builder<'_>,
        mut tables: Vec<PublishedTable>,
        audits: &[AuditResult],
    ) -> Result<Manifest, RunError> {
        let as_of = sources.as_of();
        let pointers = releases.history()?;
        // A release of the same day counts: readers have seen it.
        let previous = releases.latest_until(&pointers, as_of)?;
        let mut changes = Vec::new();
        let mut history = Vec::new();
        if let Some(previous) = &previous {
            let revisions = Revisions {
                releases,
                models: &self.project.models,
                previous,
                loads: sources.loads(),
                as_of,
            };
            changes = revisions.new_ones(&tables)?;
            history = read_history(releases, previous)?;
        }
        let history = extend(history, changes.clone());
        tables.push(self.publish_made(releases, &HISTORY_TABLE, &history_table(&history)?)?);
        let headlines = headlines(releases, &tables)?;
        let vintages = vintages(&standing(&pointers), as_of);
        let by_vintage = triangle(&headlines, &history, &vintages)?;
        tables.push(self.publish_made(releases, &TRIANGLE_TABLE, &by_vintage)?);
        let measures = summary(&headlines, &history)?;
        tables.push(self.publish_made(releases, &SUMMARY_TABLE, &measures)?);
        let gate = Gate {
            project: self.project,
            lake,
            releases,
            builder,
            previous: previous.as_ref(),
            as_of,
        };
        let disclosure = gate.pass(&mut tables, &changes)?;
        let last_load = sources.loads().iter().map(|load| load.sequence).max();
        let mut manifest = Manifest::new(as_of, tables, audits.to_vec(), last_load);
        manifest.disclosure = disclosure;
        self.make_readable(releases, sources, &mut manifest)?;
        Ok(manifest)
    }

    /// Writes the workbooks and the page of a release.
    fn make_readable(
        &self,
        releases: &Releases,
        sources: &Sources<'_>,
        manifest: &mut Manifest,
    ) -> Result<(), RunError> {
        let Project {
            models,
            policy,
            layouts,
            ..
        } = self.project;
        let rounding = rounding(policy, manifest.as_of);
        let is_public = manifest.disclosure.is_some();
        for reader in [Audience::Public, Audience::Internal] {
            if reader == Audience::Public && !is_public {
                continue;
            }
            let written = workbook(layouts, releases, models, manifest, reader, &[], rounding)?;
            for problem in &written.problems {
                tracing::warn!(%problem, "a workbook does not follow its layout");
            }
            let name = audience_name(reader);
            let folder = format!("{name}/workbooks");
            let file = releases.write_file(&folder, "xlsx", written.bytes.into())?;
            manifest.workbooks.insert(name.to_owned(), file);
        }
        if is_public {
            let rules = rules(policy, manifest.as_of);
            let account = |get: fn(&LoadRow) -> i64| -> u64 {
                let sum: i64 = sources.loads().iter().map(get).sum();
                u64::try_from(sum).unwrap_or_default()
            };
            let facts = PageFacts {
                rows_read: account(|load| load.account.read),
                rows_quarantined: account(|load| load.account.quarantined),
                fewest_persons: u32::try_from(rules.threshold).unwrap_or_default(),
                largest_payee_per_mille: rules
                    .dominance_e6
                    .map_or(0, |share| u32::try_from(share / 1000).unwrap_or_default()),
            };
            let page = release_page(releases, models, policy, layouts, manifest, &facts)?;
            let path = format!("public/{}/index.html", manifest.id);
            manifest.page_hash = Some(blake3::hash(page.as_bytes()).to_hex().to_string());
            releases.store().write(&path, page.into_bytes())?;
            manifest.page = Some(path);
        }
        Ok(())
    }

    fn publish_made(
        &self,
        releases: &Releases,
        made: &MadeTable,
        table: &Table,
    ) -> Result<PublishedTable, RunError> {
        let columns = made.columns.iter().map(|column| column.name);
        if !table.names().iter().map(String::as_str).eq(columns) {
            return Err(RunError::Inconsistent(format!(
                "table {} does not have the columns that it is documented with",
                made.name
            )));
        }
        let content = table.encode(made.name)?.into();
        let rows = table.height() as u64;
        let titles = (made.title_zh, made.title_en);
        Ok(releases.write_table(made.name, made.audience, titles, content, rows)?)
    }
}

/// Figures of the province whose revision is measured.
const HEADLINES: [(&str, &str); 4] = [
    ("city_progress_monthly", "completions"),
    ("city_progress_monthly", "persons"),
    ("city_assessment_monthly", "assessed"),
    ("archive_coverage_monthly", "complete_archives"),
];

fn headlines(releases: &Releases, tables: &[PublishedTable]) -> Result<Vec<Headline>, RunError> {
    let mut found = Vec::new();
    for (name, figure) in HEADLINES {
        let Some(table) = tables.iter().find(|table| table.name == name) else {
            continue;
        };
        let rows = read_table(releases, table)?;
        let names = rows.names();
        let grain = ["month", "city_code"].map(str::to_owned);
        let place = |name: &str| names.iter().position(|known| known == name);
        let (Some(month), Some(city), Some(value)) =
            (place("month"), place("city_code"), place(figure))
        else {
            continue;
        };
        let months = rows
            .cells()
            .iter()
            .filter(|row| row.get(city) == Some(&Cell::Text(PROVINCE.to_owned())))
            .map(|row| {
                let value = match row.get(value) {
                    Some(Cell::Int(value)) => Some(*value as f64),
                    _ => None,
                };
                let month = row.get(month).map(Cell::text).unwrap_or_default();
                (month, (cell_key(&names, row, &grain), value))
            })
            .collect();
        found.push(Headline {
            table: name.to_owned(),
            figure: figure.to_owned(),
            months,
        });
    }
    Ok(found)
}

/// How figures are rounded for readers: policy parameter `rounding_half_up`, 1 for half up, 0 for half to even.
pub fn rounding(policy: &Policy, day: NaiveDate) -> Rounding {
    let mut rows = policy.rows.iter().filter(|row| {
        row.parameter == "rounding_half_up"
            && row.city_code == PROVINCE
            && row.valid_from <= day
            && day <= row.valid_until
    });
    if rows.any(|row| row.value_e6 > 0) {
        Rounding::HalfUp
    } else {
        Rounding::HalfEven
    }
}

/// An error with its causes, in one line.
pub fn error_chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let words = cause.to_string();
        if !text.contains(&words) {
            text.push_str(": ");
            text.push_str(&words);
        }
        source = cause.source();
    }
    text
}

fn indicator_catalogue(models: &[&Model]) -> Result<Table, RunError> {
    let entries: Vec<_> = models
        .iter()
        .filter_map(|model| {
            model
                .header
                .indicator
                .as_ref()
                .map(|entry| (entry, &model.file))
        })
        .collect();
    let text_of = |name: &str, entry: &IndicatorEntry, file: &str| match name {
        "indicator_id" => Some(entry.id.clone()),
        "sql_file" => Some(file.to_owned()),
        _ => entry
            .texts()
            .into_iter()
            .find(|(key, _)| *key == name)
            .map(|(_, text)| text.to_owned()),
    };
    let columns = CATALOGUE_TABLE.columns.iter().map(|column| {
        let texts = entries.iter();
        let texts = texts.map(|(entry, file)| text_of(column.name, entry, file));
        (column.name, ColumnData::Text(texts.collect()))
    });
    Ok(Table::from_columns(
        CATALOGUE_TABLE.name,
        columns.collect(),
    )?)
}

/// The rows of a ledger up to the as-of day, as they are published.
fn ledger_table(sources: &Sources<'_>, name: &str, sql: &str) -> Result<Table, RunError> {
    let mut inputs = std::collections::BTreeMap::new();
    for source in [name, "run_context"] {
        if let Some(frame) = sources.frame(source, &[], None)? {
            inputs.insert(source.to_owned(), frame);
        }
    }
    Ok(run_sql(name, sql, &inputs)?)
}

const QUARANTINE_SQL: &str = "SELECT q.object, q.line, q.feed, q.city_code, q.byte, q.sheet, q.\"column\", q.reason, \
     q.message, q.load_id, q.replayed_on, q.load_on, q.load_seq \
     FROM quarantine AS q CROSS JOIN run_context AS r WHERE q.load_on <= r.as_of \
     ORDER BY q.object, q.load_seq, q.line";

const DRIFT_SQL: &str = "SELECT d.object, d.class, d.header, d.\"column\", d.suggestion, d.policy, d.\"rows\", d.feed, \
     d.city_code, d.load_on, d.load_seq \
     FROM schema_drift AS d CROSS JOIN run_context AS r WHERE d.load_on <= r.as_of \
     ORDER BY d.object, d.load_seq, d.class, d.header, d.\"column\"";
