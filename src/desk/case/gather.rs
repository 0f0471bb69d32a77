//! Collects a case file from a release and the lake.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::amounts::Amounts;
use super::concern::Records;
use super::hits::{Hit, by_indicator};
use super::{CaseFile, IndicatorPart};
use crate::desk::query::Desk;
use crate::desk::rows::{Rows, literals};
use crate::model::PROVINCE;
use crate::native::composite::Framework;
use crate::project::Project;
use crate::release::Manifest;
use crate::run::{RunError, is_elapsed};

/// The table of leads.
pub(super) const HITS: &str = "indicator_hits";
/// What the status of a lead says that is gone.
pub(super) const CLEARED: &str = "cleared";

/// Collects case files.
pub struct Gatherer<'a> {
    /// Release and lake.
    pub desk: &'a Desk<'a>,
    /// The release, which the desk has too.
    pub manifest: &'a Manifest,
    /// Contracts, models, policy and divisions.
    pub project: &'a Project,
    /// Framework of the composite index, a part of the definitions' hashes.
    pub framework: &'a Framework,
}

impl Gatherer<'_> {
    /// The case file of an organisation without raw texts and identities, of one quarter or of all; `None` when neither
    /// the release nor the register knows the organisation.
    ///
    /// # Errors
    /// When the release or the lake cannot be read.
    pub fn gather(&self, org: &str, quarter: Option<&str>) -> Result<Option<CaseFile>, RunError> {
        let organisation = self.organisation(org)?;
        let mut hits = self.hits(org)?;
        if organisation.roles.is_empty() && hits.is_empty() {
            return Ok(None);
        }
        let records = Records::read(self, &hits)?;
        for hit in &mut hits {
            records.place(hit, org, self.manifest.as_of);
        }
        if let Some(quarter) = quarter {
            hits.retain(|hit| hit.quarters.iter().any(|own| own == quarter));
        }
        let (cleared, current): (Vec<Hit>, Vec<Hit>) = hits.into_iter().partition(Hit::is_closed);
        let Amounts { claims, persons } = Amounts::of(&records, &current, org, quarter);
        let months = self.months(org, &current)?;
        let cities = organisation
            .roles
            .iter()
            .filter_map(|role| role.city_code.clone());
        let cities = cities.chain(current.iter().filter_map(|hit| hit.city_code.clone()));
        let areas: BTreeSet<String> = cities.chain([PROVINCE.to_owned()]).collect();
        Ok(Some(CaseFile {
            release: self.manifest.id.clone(),
            as_of: self.manifest.as_of,
            quarter: quarter.map(str::to_owned),
            rules_hash: self.rules_hash(),
            ranks: self.ranks(org, quarter)?,
            cases: self.cases(),
            organisation,
            indicators: self.parts(current, &areas)?,
            cleared,
            claims,
            persons,
            months,
        }))
    }

    fn parts(
        &self,
        hits: Vec<Hit>,
        areas: &BTreeSet<String>,
    ) -> Result<Vec<IndicatorPart>, RunError> {
        let grouped = by_indicator(hits);
        let ids: Vec<&str> = grouped.iter().map(|(id, _)| id.as_str()).collect();
        let mut rules = self.rules(&ids, areas)?;
        let mut peers = self.peers(&ids)?;
        let mut distributions = self.distributions(&grouped)?;
        let evidence = self.evidence(&grouped)?;
        let mut parts = Vec::new();
        for ((id, hits), (evidence, evidence_left_off)) in grouped.into_iter().zip(evidence) {
            let mut peers = peers.remove(&id).unwrap_or_default();
            peers.mark(&hits);
            parts.push(IndicatorPart {
                rule: rules.remove(&id).unwrap_or_default(),
                distributions: distributions.remove(&id).unwrap_or_default(),
                peers,
                hits,
                evidence,
                evidence_left_off,
            });
        }
        Ok(parts)
    }

    /// Whether a query may name the table.
    pub(super) fn knows(&self, table: &str) -> bool {
        self.desk.feeds.iter().any(|feed| feed == table) || self.manifest.table(table).is_ok()
    }

    /// Rows of a query.
    pub(super) fn ask(&self, sql: &str) -> Result<Rows, RunError> {
        Ok(Rows::of(&self.desk.run(sql)?))
    }

    /// Columns of a table's rows under a condition, which may end with an order; none of a table that is not there.
    pub(super) fn rows(
        &self,
        table: &str,
        columns: &str,
        condition: &str,
    ) -> Result<Rows, RunError> {
        if !self.knows(table) {
            return Ok(Rows::default());
        }
        self.ask(&format!("SELECT {columns} FROM {table} WHERE {condition}"))
    }

    /// Rows of a table whose column has one of the values; none for no values.
    pub(super) fn rows_among<'t>(
        &self,
        table: &str,
        columns: &str,
        column: &str,
        values: impl IntoIterator<Item = &'t str>,
    ) -> Result<Rows, RunError> {
        let values = literals(values);
        if values.is_empty() {
            return Ok(Rows::default());
        }
        self.rows(table, columns, &format!("{column} IN ({values})"))
    }

    /// Whether a day counts in this release.
    pub(super) fn is_elapsed(&self, day: Option<NaiveDate>) -> bool {
        day.is_some_and(|day| is_elapsed(day, self.manifest.as_of))
    }
}
