//! The head of a case file: who the organisation is, and how its cases rank.

use chrono::NaiveDate;

use super::gather::Gatherer;
use crate::desk::archive::Source;
use crate::desk::rows::{Row, literals};
use crate::run::RunError;

/// The table of cases.
const CASES: &str = "risk_cases";

/// An organisation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Organisation {
    /// Unified social credit code.
    pub id: String,
    /// Name by the register; the first by alphabet where there are several.
    pub name: Option<String>,
    /// Its entries in the register.
    pub roles: Vec<Role>,
}

/// One entry of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// `platform`, `school`, `employer` or `assessor`.
    pub kind: String,
    /// Registered name.
    pub name: String,
    /// City (GB/T 2260).
    pub city_code: Option<String>,
    /// Name of the city; empty outside the province.
    pub city_name: Option<String>,
    /// Day of registration.
    pub registered_on: Option<NaiveDate>,
    /// Day of filing; empty when not filed.
    pub filed_on: Option<NaiveDate>,
    /// Last day of the filing.
    pub filed_until: Option<NaiveDate>,
    /// First day on which it no longer stands.
    pub removed_on: Option<NaiveDate>,
    /// Raw record.
    pub source: Source,
}

/// One case of the organisation, as `risk_cases` has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Rank {
    /// Quarter.
    pub quarter: String,
    /// Place among all cases of the release, 1 for the highest score.
    pub rank: i64,
    /// Score, 0 to 1: in which order to look.
    pub score: Option<f64>,
    /// Indicators with a hard lead.
    pub hard: i64,
    /// Indicators with a strong lead.
    pub strong: i64,
    /// Indicators with weak leads only.
    pub weak: i64,
    /// The indicators.
    pub indicators: Vec<String>,
    /// Persons.
    pub persons: i64,
    /// Paid and approved claims behind the leads, each once, fen.
    pub amount_at_risk_fen: i64,
}

impl Gatherer<'_> {
    /// The organisation as the register has it; without entries when it is not there.
    pub(super) fn organisation(&self, org: &str) -> Result<Organisation, RunError> {
        let condition = format!("org_id = {} ORDER BY org_kind, org_name", literals([org]));
        let rows = self.rows("organizations", "*", &condition)?;
        let role = |row: Row<'_>| {
            let city_code = row.text("city_code");
            Role {
                kind: row.word("org_kind"),
                name: row.word("org_name"),
                city_name: city_code.as_deref().and_then(|code| self.city_name(code)),
                city_code,
                registered_on: row.day("registered_on"),
                filed_on: row.day("filed_on"),
                filed_until: row.day("filed_until"),
                removed_on: row.day("removed_on"),
                source: Source::of(row, "organizations"),
            }
        };
        let roles: Vec<Role> = rows.iter().map(role).collect();
        Ok(Organisation {
            id: org.to_owned(),
            name: roles.iter().map(|role| role.name.clone()).min(),
            roles,
        })
    }

    /// The name of a city, or of the province.
    pub(super) fn city_name(&self, code: &str) -> Option<String> {
        let mut cities = self.project.divisions.cities();
        let city = cities.find(|city| city.code.as_str() == code);
        city.map(|city| city.name.to_owned())
    }

    /// Its cases by quarter.
    pub(super) fn ranks(&self, org: &str, quarter: Option<&str>) -> Result<Vec<Rank>, RunError> {
        let mut condition = format!("org_id = {}", literals([org]));
        if let Some(quarter) = quarter {
            condition.push_str(&format!(" AND quarter = {}", literals([quarter])));
        }
        let rows = self.rows(CASES, "*", &format!("{condition} ORDER BY quarter"))?;
        let ranks = rows.iter().map(|row| Rank {
            quarter: row.word("quarter"),
            rank: row.count("rank"),
            score: row.float("score"),
            hard: row.count("hard"),
            strong: row.count("strong"),
            weak: row.count("weak"),
            indicators: row.list("indicators"),
            persons: row.count("persons"),
            amount_at_risk_fen: row.count("amount_at_risk_fen"),
        });
        Ok(ranks.collect())
    }

    /// Cases of the release; none when it has no such table.
    pub(super) fn cases(&self) -> Option<i64> {
        let published = self.manifest.table(CASES).ok()?;
        Some(i64::try_from(published.rows).unwrap_or(i64::MAX))
    }
}
