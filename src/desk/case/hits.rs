//! The leads that concern an organisation.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::gather::{CLEARED, Gatherer, HITS};
use crate::desk::archive::Lead;
use crate::desk::rows::{Row, literals};
use crate::run::RunError;

/// The table that says which organisations a lead belongs to, where a release has it.
const ASSIGNED: &str = "hit_organisations";

/// The columns of a lead.
const COLUMNS: [&str; 21] = [
    "indicator_id",
    "entity_kind",
    "entity_id",
    "period",
    "city_code",
    "org_id",
    "platform_id",
    "value",
    "threshold",
    "population",
    "amount_at_risk_fen",
    "strength",
    "evidence",
    "evidence_count",
    "rule_ref",
    "first_seen_on",
    "status",
    "suppressed",
    "review_verdict",
    "reviewed_on",
    "review_note",
];

/// A lead: 疑点线索，需核查，非认定结论.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// What is said of it everywhere; its titles stand with the rule.
    pub lead: Lead,
    /// City of the most telling record.
    pub city_code: Option<String>,
    /// Training organisation of the most telling record.
    pub org_id: Option<String>,
    /// Platform of the most telling record.
    pub platform_id: Option<String>,
    /// Entities that the indicator tested.
    pub population: i64,
    /// Quarters of the class starts it concerns, or of its own period.
    pub quarters: Vec<String>,
    /// Month of its own period, of the first class start it concerns, or in which it was first seen.
    pub month: String,
    /// The latest verdict of a reviewer.
    pub review: Option<Review>,
    /// Cleared by that reviewer, and nothing has changed since.
    pub is_suppressed: bool,
}

/// What a reviewer found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// `confirmed`, `cleared` or `open`.
    pub verdict: String,
    /// Day of the verdict.
    pub on: Option<NaiveDate>,
    /// Why, in the reviewer's words.
    pub note: Option<String>,
}

impl Hit {
    /// Whether it counts no more: it is gone, or a reviewer cleared it.
    pub fn is_closed(&self) -> bool {
        self.is_suppressed || self.lead.status == CLEARED
    }
}

/// What names a lead: indicator, kind and id of the entity, period.
type Name = [String; 4];

impl Gatherer<'_> {
    /// Leads of the organisation, cleared ones included, the strongest first.
    pub(super) fn hits(&self, org: &str) -> Result<Vec<Hit>, RunError> {
        let mut hits = self.named(org)?;
        if self.knows(ASSIGNED) && self.knows(HITS) {
            // That table knows the leads that count alone; the others are found by what they name.
            hits.retain(Hit::is_closed);
            hits.extend(self.assigned(org)?);
        }
        hits.sort_by_cached_key(place);
        Ok(hits)
    }

    /// Leads that name the organisation themselves.
    fn named(&self, org: &str) -> Result<Vec<Hit>, RunError> {
        let text = literals([org]);
        let within = literals([format!("%{org}%").as_str()]);
        let condition =
            format!("org_id = {text} OR platform_id = {text} OR entity_id LIKE {within}");
        let rows = self.rows(HITS, "*", &condition)?;
        let hits = rows.iter().map(hit);
        Ok(hits.filter(|hit| names(hit, org)).collect())
    }

    /// Leads of tonight by the release's own table.
    fn assigned(&self, org: &str) -> Result<Vec<Hit>, RunError> {
        let text = literals([org]);
        let columns = "indicator_id, entity_kind, entity_id, period, quarter";
        let rows = self.rows(ASSIGNED, columns, &format!("org_id = {text}"))?;
        let mut quarters: BTreeMap<Name, Vec<String>> = BTreeMap::new();
        for row in rows.iter() {
            quarters
                .entry(name_of(row))
                .or_default()
                .push(row.word("quarter"));
        }
        let columns = COLUMNS.map(|column| format!("h.{column}")).join(", ");
        let sql = format!(
            "WITH own AS (SELECT indicator_id, entity_kind, entity_id, period FROM {ASSIGNED} WHERE org_id = {text}) \
             SELECT {columns} FROM {HITS} AS h LEFT SEMI JOIN own AS o ON o.indicator_id = h.indicator_id \
             AND o.entity_kind = h.entity_kind AND o.entity_id = h.entity_id AND o.period = h.period \
             WHERE h.status <> '{CLEARED}'"
        );
        let mut hits = Vec::new();
        for row in self.ask(&sql)?.iter() {
            let mut own = quarters.remove(&name_of(row)).unwrap_or_default();
            own.sort();
            own.dedup();
            hits.push(Hit {
                quarters: own,
                ..hit(row)
            });
        }
        Ok(hits)
    }
}

fn name_of(row: Row<'_>) -> Name {
    ["indicator_id", "entity_kind", "entity_id", "period"].map(|column| row.word(column))
}

fn hit(row: Row<'_>) -> Hit {
    Hit {
        lead: Lead::of(row),
        city_code: row.text("city_code"),
        org_id: row.text("org_id"),
        platform_id: row.text("platform_id"),
        population: row.count("population"),
        quarters: Vec::new(),
        month: String::new(),
        review: row.text("review_verdict").map(|verdict| Review {
            verdict,
            on: row.day("reviewed_on"),
            note: row.text("review_note"),
        }),
        is_suppressed: row.flag("suppressed").unwrap_or_default(),
    }
}

/// Whether a lead names the organisation, alone or as a part of a composite entity.
fn names(hit: &Hit, org: &str) -> bool {
    hit.org_id.as_deref() == Some(org)
        || hit.platform_id.as_deref() == Some(org)
        || hit.lead.entity_id.split('|').any(|part| part == org)
}

/// Place of a strength: hard before strong before weak.
fn weight(strength: &str) -> u8 {
    match strength {
        "H" => 0,
        "S" => 1,
        _ => 2,
    }
}

type Place = (u8, Reverse<i64>, String, String, String, String);

fn place(hit: &Hit) -> Place {
    let lead = &hit.lead;
    (
        weight(&lead.strength),
        Reverse(lead.amount_at_risk_fen),
        lead.indicator_id.clone(),
        lead.entity_kind.clone(),
        lead.entity_id.clone(),
        lead.period.clone(),
    )
}

/// The leads by indicator, indicators with the strongest lead first; the order within an indicator is kept.
pub(super) fn by_indicator(hits: Vec<Hit>) -> Vec<(String, Vec<Hit>)> {
    let mut grouped: BTreeMap<String, Vec<Hit>> = BTreeMap::new();
    for hit in hits {
        let own = grouped.entry(hit.lead.indicator_id.clone()).or_default();
        own.push(hit);
    }
    let mut grouped: Vec<(String, Vec<Hit>)> = grouped.into_iter().collect();
    grouped.sort_by_key(|(_, hits)| hits.iter().map(|hit| weight(&hit.lead.strength)).min());
    grouped
}

/// A made-up lead for the tests of this module.
#[cfg(test)]
pub(super) fn made_up(indicator: &str, strength: &str, entity: (&str, &str)) -> Hit {
    Hit {
        lead: Lead {
            indicator_id: indicator.to_owned(),
            title_zh: String::new(),
            title_en: String::new(),
            entity_kind: entity.0.to_owned(),
            entity_id: entity.1.to_owned(),
            period: String::new(),
            strength: strength.to_owned(),
            value: Some(1.0),
            threshold: Some(0.5),
            amount_at_risk_fen: 0,
            rule_ref: String::new(),
            first_seen_on: None,
            status: "new".to_owned(),
            evidence: Vec::new(),
            evidence_count: 0,
        },
        city_code: None,
        org_id: None,
        platform_id: None,
        population: 10,
        quarters: Vec::new(),
        month: String::new(),
        review: None,
        is_suppressed: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lead_names_an_organisation_whole_or_as_a_part() {
        let mut hit = made_up("F02", "S", ("org_city", "ORG1|370100"));
        assert!(names(&hit, "ORG1"));
        assert!(!names(&hit, "ORG"));
        hit.platform_id = Some("ORG".to_owned());
        assert!(names(&hit, "ORG"));
    }

    #[test]
    fn hard_leads_come_first_and_indicators_by_their_strongest() {
        let mut hits = vec![
            made_up("A09", "W", ("class", "C1")),
            made_up("C05", "S", ("enrolment", "E2")),
            made_up("C05", "H", ("enrolment", "E1")),
        ];
        hits.sort_by_cached_key(place);
        assert_eq!(hits[0].lead.entity_id, "E1");
        let grouped = by_indicator(hits);
        let ids: Vec<&str> = grouped.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(ids, ["C05", "A09"]);
        assert_eq!(grouped[0].1[1].lead.entity_id, "E2");
    }
}
