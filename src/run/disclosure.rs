//! The gate to the public: what of the public statistics is hidden, with the proof that nobody can work it out.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;

use super::RunError;
use super::build::{Builder, table_path};
use crate::engine::{Cell, Frame, Table, run_sql};
use crate::lake::Lake;
use crate::model::{Audience, PROVINCE, Policy};
use crate::native::disclosure::tables::{
    Column, Description, Outcome, Report, TableData, Tables, control,
};
use crate::native::disclosure::{Options, Rules, Verdict};
use crate::project::Project;
use crate::release::{
    DisclosureAccount, Manifest, PublicFiles, PublishedTable, REVISION_HISTORY, ReleaseError,
    Releases, Revision, cell_key, extend, history_rows, history_table, read_file, read_table,
};
use crate::report::{csv, public_table, ready_table};

/// Raised when the same tables are given to the public differently.
const VERSION: &str = "disclosure 2";

/// Policy parameters of the rules.
const THRESHOLD: &str = "disclosure_threshold";
const DOMINANCE: &str = "disclosure_dominance_share";
const P_SHARE: &str = "disclosure_p_share";

/// Hidden rows by column.
type Hidden = BTreeMap<String, BTreeSet<usize>>;

/// What the gate needs.
pub(super) struct Gate<'a> {
    pub project: &'a Project,
    pub lake: &'a Lake,
    pub releases: &'a Releases,
    pub builder: &'a Builder<'a>,
    /// The release before, which the public has seen.
    pub previous: Option<&'a Manifest>,
    pub as_of: NaiveDate,
}

impl Gate<'_> {
    /// Writes for each described table what the public gets of it. Without `pipelines/disclosure.toml` the public gets
    /// nothing.
    ///
    /// # Errors
    /// [`RunError::Audit`] when something hidden could be worked out; storage and engine errors.
    pub fn pass(
        &self,
        tables: &mut [PublishedTable],
        changes: &[Revision],
    ) -> Result<Option<DisclosureAccount>, RunError> {
        let Some(description) = &self.project.disclosure else {
            return Ok(None);
        };
        let rules = rules(&self.project.policy, self.as_of);
        let method = method(description, &rules);
        if let Some(account) = self.seen_before(tables, &method) {
            return Ok(Some(account));
        }
        let (data, rows) = self.tables(description, tables)?;
        let earlier = self.earlier(description)?;
        let outcome = control(description, &rules, &data, &earlier, &Options::default())
            .map_err(|error| RunError::Inconsistent(format!("disclosure control: {error}")))?;
        if !outcome.report.passes() {
            return Err(RunError::Audit {
                findings: findings(&outcome.report),
            });
        }
        for table in tables.iter_mut() {
            if let Some(rows) = rows.get(&table.name) {
                let hidden = hidden_of(&outcome, &table.name);
                let known = self.known(&table.name, rows, &hidden)?;
                table.public = Some(self.write(table, rows, &hidden, Some(&known))?);
            }
        }
        let history = self.public_history(tables, changes)?;
        if let Some(table) = tables
            .iter_mut()
            .find(|table| table.name == REVISION_HISTORY)
        {
            let rows = history_table(&history)?;
            table.public = Some(self.write(table, &rows, &Hidden::new(), None)?);
        }
        Ok(Some(account(&outcome.report, method)))
    }

    /// Tables that the release before had, with the same rules, were looked at then.
    fn seen_before(
        &self,
        tables: &mut [PublishedTable],
        method: &str,
    ) -> Option<DisclosureAccount> {
        let previous = self.previous?;
        let account = previous.disclosure.as_ref()?;
        let is_public = |table: &&PublishedTable| table.audience == Audience::Public;
        let same = tables.iter().filter(is_public).all(|table| {
            let before = previous.table(&table.name).ok();
            before.is_some_and(|before| before.hash == table.hash)
        });
        if !same || account.method != method {
            return None;
        }
        for table in tables.iter_mut() {
            table.public = previous
                .table(&table.name)
                .ok()
                .and_then(|before| before.public.clone());
        }
        Some(account.clone())
    }

    /// The described tables as plain data; those that are published with their rows, too.
    fn tables(
        &self,
        description: &Description,
        published: &[PublishedTable],
    ) -> Result<(Tables, BTreeMap<String, Table>), RunError> {
        let mut data = Tables::new();
        let mut rows = BTreeMap::new();
        for described in &description.tables {
            if described.side {
                let files = self.builder.files(&described.name);
                if !files.is_empty() {
                    let paths = self.lake.local_files(&table_path(&described.name), files)?;
                    let frame = Frame::scan(&described.name, &paths, &[])?;
                    let inputs = BTreeMap::from([("t".to_owned(), frame)]);
                    let table = run_sql(&described.name, "SELECT * FROM t", &inputs)?;
                    data.insert(described.name.clone(), plain(&table)?);
                }
                continue;
            }
            let table = published.iter().find(|table| table.name == described.name);
            if let Some(table) = table.filter(|table| table.audience == Audience::Public) {
                let table = read_table(self.releases, table)?;
                data.insert(described.name.clone(), plain(&table)?);
                rows.insert(described.name.clone(), table);
            }
        }
        Ok((data, rows))
    }

    /// What the public has seen of the described tables.
    fn earlier(&self, description: &Description) -> Result<Vec<Tables>, RunError> {
        let mut seen = Tables::new();
        for described in description.tables.iter().filter(|table| !table.side) {
            if let Some(known) = self.known_before(&described.name)? {
                seen.insert(described.name.clone(), plain(&known)?);
            }
        }
        Ok(if seen.is_empty() {
            Vec::new()
        } else {
            vec![seen]
        })
    }

    fn known_before(&self, name: &str) -> Result<Option<Table>, ReleaseError> {
        let table = self.previous.and_then(|previous| previous.table(name).ok());
        let Some(public) = table.and_then(|table| table.public.as_ref()) else {
            return Ok(None);
        };
        read_file(self.releases, name, &public.known).map(Some)
    }

    /// Figures as the public last saw them: today's, and of a figure that is hidden today what an earlier release showed.
    fn known(&self, name: &str, rows: &Table, hidden: &Hidden) -> Result<Table, RunError> {
        let today = public_table(name, rows, hidden)?;
        let Some(before) = self.known_before(name)? else {
            return Ok(today);
        };
        let grain = self
            .project
            .models
            .get(name)
            .map(|model| model.header.grain.clone())
            .unwrap_or_default();
        let by_key = Rows::of(&before, &grain);
        let mut still_hidden = Hidden::new();
        let mut cells = rows.cells();
        let names = rows.names();
        for (row, cells) in cells.iter_mut().enumerate() {
            let key = cell_key(&names, cells, &grain);
            for (column, place) in names.iter().zip(0..) {
                if !hidden.get(column).is_some_and(|rows| rows.contains(&row)) {
                    continue;
                }
                let seen = by_key.cell(&key, column);
                if seen == Cell::Null {
                    still_hidden.entry(column.clone()).or_default().insert(row);
                } else if let Some(cell) = cells.get_mut(place) {
                    *cell = seen;
                }
            }
        }
        Ok(public_table(
            name,
            &rows.with_cells(&cells)?,
            &still_hidden,
        )?)
    }

    /// Changes of figures that the public saw before and after.
    fn public_history(
        &self,
        tables: &[PublishedTable],
        changes: &[Revision],
    ) -> Result<Vec<Revision>, RunError> {
        let before = self
            .previous
            .and_then(|previous| previous.table(REVISION_HISTORY).ok())
            .and_then(|table| table.public.as_ref());
        let history = match before {
            Some(public) => {
                history_rows(&read_file(self.releases, REVISION_HISTORY, &public.file)?)
            }
            None => Vec::new(),
        };
        let mut shown = Vec::new();
        for table in tables.iter().filter(|table| table.public.is_some()) {
            let of_table: Vec<&Revision> = changes
                .iter()
                .filter(|change| change.table == table.name)
                .collect();
            let previous = self
                .previous
                .and_then(|previous| previous.table(&table.name).ok());
            let (Some(previous), false) = (previous, of_table.is_empty()) else {
                continue;
            };
            let (now, then) = (self.seen(table)?, self.seen(previous)?);
            shown.extend(
                of_table
                    .into_iter()
                    .filter(|change| {
                        now.shows(change, change.value) && then.shows(change, change.previous_value)
                    })
                    .cloned(),
            );
        }
        Ok(extend(history, shown))
    }

    fn seen(&self, table: &PublishedTable) -> Result<Rows, RunError> {
        let Some(public) = &table.public else {
            return Ok(Rows::default());
        };
        let grain = self.project.models.get(&table.name);
        let grain = grain
            .map(|model| model.header.grain.clone())
            .unwrap_or_default();
        Ok(Rows::of(
            &read_file(self.releases, &table.name, &public.file)?,
            &grain,
        ))
    }

    fn write(
        &self,
        table: &PublishedTable,
        rows: &Table,
        hidden: &Hidden,
        known: Option<&Table>,
    ) -> Result<PublicFiles, RunError> {
        let name = &table.name;
        let folder = format!("public/{name}");
        let public = public_table(name, rows, hidden)?;
        let content: bytes::Bytes = public.encode(name)?.into();
        let hash = blake3::hash(&content).to_hex().to_string();
        let model = self.project.models.get(name);
        let text = csv(&ready_table(model, table, &public)).map_err(|error| {
            RunError::Inconsistent(format!("table {name} cannot be written as CSV: {error}"))
        })?;
        let file = self.releases.write_file(&folder, "parquet", content)?;
        let known = match known {
            Some(known) => {
                let content = known.encode(name)?.into();
                let folder = format!("internal/{name}/known");
                self.releases.write_file(&folder, "parquet", content)?
            }
            None => file.clone(),
        };
        Ok(PublicFiles {
            file,
            hash,
            csv: self.releases.write_file(&folder, "csv", text.into())?,
            known,
            suppressed: hidden.values().map(|rows| rows.len() as u64).sum(),
        })
    }
}

/// Public rows by the text of their key.
#[derive(Default)]
struct Rows {
    names: Vec<String>,
    cells: Vec<Vec<Cell>>,
    by_key: HashMap<String, usize>,
}

impl Rows {
    fn of(table: &Table, grain: &[String]) -> Rows {
        let names = table.names();
        let cells = table.cells();
        let by_key = cells
            .iter()
            .enumerate()
            .map(|(row, cells)| (cell_key(&names, cells, grain), row))
            .collect();
        Rows {
            names,
            cells,
            by_key,
        }
    }

    fn cell(&self, key: &str, column: &str) -> Cell {
        let row = self.by_key.get(key).and_then(|row| self.cells.get(*row));
        let place = self.names.iter().position(|name| name == column);
        row.zip(place)
            .and_then(|(row, place)| row.get(place))
            .cloned()
            .unwrap_or(Cell::Null)
    }

    /// Whether the public sees this value of a changed figure; a missing one tells nothing.
    fn shows(&self, change: &Revision, value: Option<f64>) -> bool {
        let cell = self.cell(&change.cell, &change.figure);
        value.is_some() == (cell != Cell::Null) && self.by_key.contains_key(&change.cell)
            || value.is_none() && !self.by_key.contains_key(&change.cell)
    }
}

fn hidden_of(outcome: &Outcome, table: &str) -> Hidden {
    let Some(outcome) = outcome.tables.get(table) else {
        return Hidden::new();
    };
    outcome
        .hidden
        .iter()
        .map(|(column, rows)| (column.clone(), rows.keys().copied().collect()))
        .collect()
}

/// The rules in force on a day.
pub(super) fn rules(policy: &Policy, day: NaiveDate) -> Rules {
    let value = |parameter: &str| {
        let rows = policy.rows.iter();
        rows.filter(|row| row.parameter == parameter && row.city_code == PROVINCE)
            .find(|row| row.valid_from <= day && day <= row.valid_until)
            .map(|row| row.value_e6)
    };
    // A share of nothing turns its rule off.
    let share = |parameter: &str, usual: Option<i64>| match value(parameter) {
        Some(share) => Some(share).filter(|share| *share > 0),
        None => usual,
    };
    let usual = Rules::default();
    let threshold = value(THRESHOLD).map_or(usual.threshold, |value| value / 1_000_000);
    Rules {
        threshold,
        cover_high: threshold - 1,
        dominance_e6: share(DOMINANCE, usual.dominance_e6),
        p_e6: share(P_SHARE, usual.p_e6),
        ..usual
    }
}

fn method(description: &Description, rules: &Rules) -> String {
    let mut text = blake3::hash(format!("{VERSION} {description:?} {rules:?}").as_bytes())
        .to_hex()
        .to_string();
    text.truncate(16);
    text
}

fn account(report: &Report, method: String) -> DisclosureAccount {
    let total = report.total(None);
    DisclosureAccount {
        figures: total.figures as u64,
        primary: total.primary as u64,
        complementary: total.complementary as u64,
        derived: total.derived as u64,
        already_public: total.already_public as u64,
        share_lost: total.share_lost(),
        attacked: report.attack.checked as u64,
        method,
    }
}

/// Why the public cannot be given the tables; never the value of a figure.
fn findings(report: &Report) -> Vec<String> {
    let exposed = report.attack.failures.iter().map(|failure| {
        let what = match failure.verdict {
            Verdict::Unproven => "is not proved to be protected",
            Verdict::Safe | Verdict::AlreadyPublic | Verdict::Exposed => "could be worked out",
        };
        format!("disclosure control: {} {what}", failure.cell)
    });
    let contradicted = report
        .relations
        .iter()
        .filter(|relation| !relation.assumed && relation.contradicted > 0)
        .map(|relation| {
            format!(
                "disclosure control: \"{}\" does not hold in {} places; mend pipelines/disclosure.toml or the figures",
                relation.what, relation.contradicted
            )
        });
    let unproved = (report.attack.false_proofs > 0).then(|| {
        format!(
            "disclosure control: {} proofs did not stand the check",
            report.attack.false_proofs
        )
    });
    exposed
        .chain(contradicted)
        .chain(unproved)
        .take(20)
        .collect()
}

fn plain(table: &Table) -> Result<TableData, RunError> {
    let mut data = TableData::default();
    for (name, _) in table.kinds() {
        let cells = table.column("disclosure control", &name)?;
        let is_int = cells
            .iter()
            .all(|cell| matches!(cell, Cell::Int(_) | Cell::Null));
        let is_number = cells
            .iter()
            .all(|cell| matches!(cell, Cell::Int(_) | Cell::Float(_) | Cell::Null));
        let column = if is_int {
            Column::Int(
                cells
                    .into_iter()
                    .map(|cell| match cell {
                        Cell::Int(value) => Some(value),
                        _ => None,
                    })
                    .collect(),
            )
        } else if is_number {
            Column::Float(
                cells
                    .into_iter()
                    .map(|cell| match cell {
                        Cell::Float(value) => Some(value),
                        Cell::Int(value) => Some(value as f64),
                        _ => None,
                    })
                    .collect(),
            )
        } else {
            Column::Text(
                cells
                    .iter()
                    .map(|cell| (*cell != Cell::Null).then(|| cell.text()))
                    .collect(),
            )
        };
        data.columns.insert(name, column);
    }
    Ok(data)
}
