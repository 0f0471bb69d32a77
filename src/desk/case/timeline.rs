//! What happened when: enrolments, claims and leads of an organisation by month.

use std::collections::BTreeMap;

use super::gather::Gatherer;
use super::hits::Hit;
use super::period::month_of;
use crate::desk::rows::{Rows, literals};
use crate::run::RunError;

/// One month; months without anything are left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Month {
    /// Month, `YYYY-MM`.
    pub month: String,
    /// Enrolments in classes of the organisation, by the day of enrolment.
    pub enrolments: i64,
    /// Claims for them or paid to it, by the day of the claim.
    pub claims: i64,
    /// What these claim, fen.
    pub claimed_fen: i64,
    /// Leads of the case, by [`Hit::month`].
    pub hits: i64,
}

impl Gatherer<'_> {
    /// The months in order.
    pub(super) fn months(&self, org: &str, hits: &[Hit]) -> Result<Vec<Month>, RunError> {
        let mut months: BTreeMap<String, Month> = BTreeMap::new();
        let mut add = |month: String, change: &dyn Fn(&mut Month)| {
            let own = months.entry(month.clone()).or_default();
            own.month = month;
            change(own);
        };
        for row in self.enrolment_days(org)?.iter() {
            if let Some(day) = row.day("day").filter(|day| self.is_elapsed(Some(*day))) {
                let records = row.count("records");
                add(month_of(day), &|month| month.enrolments += records);
            }
        }
        for row in self.claim_days(org)?.iter() {
            if let Some(day) = row.day("day").filter(|day| self.is_elapsed(Some(*day))) {
                let (records, fen) = (row.count("records"), row.count("fen"));
                add(month_of(day), &|month| {
                    month.claims += records;
                    month.claimed_fen = month.claimed_fen.saturating_add(fen);
                });
            }
        }
        for hit in hits.iter().filter(|hit| !hit.month.is_empty()) {
            add(hit.month.clone(), &|month| month.hits += 1);
        }
        Ok(months.into_values().collect())
    }

    fn enrolment_days(&self, org: &str) -> Result<Rows, RunError> {
        let org = literals([org]);
        self.ask(&format!(
            "WITH own AS (SELECT e.enrolled_on AS day FROM enrolments AS e \
             INNER JOIN classes AS k ON k.class_id = e.class_id \
             WHERE k.org_id = {org} OR k.platform_id = {org}) \
             SELECT day, COUNT(*) AS records FROM own GROUP BY day ORDER BY day"
        ))
    }

    fn claim_days(&self, org: &str) -> Result<Rows, RunError> {
        let org = literals([org]);
        self.ask(&format!(
            "WITH own AS (SELECT c.claimed_on AS day, c.amount_fen FROM claims AS c \
             LEFT JOIN enrolments AS e ON e.enrolment_id = c.enrolment_id \
             LEFT JOIN classes AS k ON k.class_id = e.class_id \
             WHERE k.org_id = {org} OR k.platform_id = {org} OR c.payee_id = {org}) \
             SELECT day, COUNT(*) AS records, SUM(amount_fen) AS fen FROM own GROUP BY day ORDER BY day"
        ))
    }
}
