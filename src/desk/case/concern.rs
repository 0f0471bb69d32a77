//! Which enrolments, classes and claims each lead concerns, by its entity and evidence.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::amounts::CaseClaim;
use super::gather::Gatherer;
use super::hits::Hit;
use super::period::{month_of, month_of_period, quarter_of, quarter_of_period};
use crate::desk::rows::{Row, Rows};
use crate::run::RunError;

/// Feeds whose records lead to an enrolment or a class: key, and where it leads.
const LINKS: [(&str, &str, &str); 3] = [
    ("assessments", "assessment_id", "enrolment_id"),
    ("attendance", "attendance_id", "class_id"),
    ("study_logs", "log_id", "enrolment_id"),
];

/// The table that lists all enrolments of each lead, and the claim where only one is concerned; earlier releases lack it.
const LISTED: &str = "hit_enrolments";

/// A lead as that table names it: indicator, kind and identifier of its entity, period.
type LeadName = (String, String, String, String);

/// An enrolment and, where only one of its claims is concerned, that claim.
type Listed = (String, String);

/// Records that leads lead to.
#[derive(Debug, Default)]
pub(super) struct Records {
    /// By enrolment.
    pub enrolments: BTreeMap<String, Enrolment>,
    /// By claim; of the enrolments, every one.
    pub claims: BTreeMap<String, CaseClaim>,
    /// Claims by enrolment.
    claims_of: BTreeMap<String, BTreeSet<String>>,
    classes: BTreeMap<String, Class>,
    /// By evidence text, the enrolment or class that it leads to.
    links: BTreeMap<String, Link>,
    /// By lead, what the release lists.
    listed: BTreeMap<LeadName, Vec<Listed>>,
}

/// An enrolment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Enrolment {
    pub class_id: String,
    pub person_key: i64,
    pub name_key: Option<i64>,
    pub employer_id: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Class {
    org_id: Option<String>,
    platform_id: Option<String>,
    start_on: Option<NaiveDate>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Link {
    Enrolment(String),
    Class(String),
}

/// What one lead concerns.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Concern {
    /// Enrolments.
    pub enrolments: BTreeSet<String>,
    /// Claims.
    pub claims: BTreeSet<String>,
    /// Classes.
    classes: BTreeSet<String>,
    /// Nothing of it is of the organisation's own classes: the organisation is itself the subject, as an assessor is.
    pub is_subject: bool,
}

impl Records {
    /// Reads what the leads lead to.
    pub fn read(gatherer: &Gatherer<'_>, hits: &[Hit]) -> Result<Records, RunError> {
        let mut named: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (feed, record) in hits.iter().flat_map(records_of) {
            named.entry(feed).or_default().insert(record);
        }
        let ids = |feed: &str| named.get(feed).cloned().unwrap_or_default();
        let mut records = Records::default();
        records.read_listed(gatherer, hits)?;
        let claims =
            gatherer.rows_among("claims", "*", "claim_id", ids("claims").iter().copied())?;
        records.add_claims(gatherer, &claims);
        for (feed, key, target) in LINKS {
            let columns = format!("{key}, {target}");
            let rows = gatherer.rows_among(feed, &columns, key, ids(feed).iter().copied())?;
            for row in rows.iter() {
                let Some(id) = row.text(target) else {
                    continue;
                };
                let link = match target {
                    "class_id" => Link::Class(id),
                    _ => Link::Enrolment(id),
                };
                let name = format!("{feed}:{}", row.word(key));
                records.links.insert(name, link);
            }
        }
        for record in ids("certificates") {
            // Certificates are named by number and enrolment.
            if let Some((_, enrolment)) = record.rsplit_once('|') {
                let link = Link::Enrolment(enrolment.to_owned());
                records.links.insert(format!("certificates:{record}"), link);
            }
        }
        records.read_enrolments(gatherer, &ids("enrolments"))?;
        records.read_classes(gatherer, &ids("classes"))?;
        Ok(records)
    }

    fn read_listed(&mut self, gatherer: &Gatherer<'_>, hits: &[Hit]) -> Result<(), RunError> {
        let wanted: BTreeSet<LeadName> = hits.iter().map(name_of).collect();
        let entities: BTreeSet<&str> = hits.iter().map(|hit| hit.lead.entity_id.as_str()).collect();
        let columns = "indicator_id, entity_kind, entity_id, period, enrolment_id, claim_id";
        let rows = gatherer.rows_among(LISTED, columns, "entity_id", entities)?;
        for row in rows.iter() {
            let name = (
                row.word("indicator_id"),
                row.word("entity_kind"),
                row.word("entity_id"),
                row.word("period"),
            );
            if wanted.contains(&name) {
                let listed = (row.word("enrolment_id"), row.word("claim_id"));
                self.listed.entry(name).or_default().push(listed);
            }
        }
        Ok(())
    }

    fn read_enrolments(
        &mut self,
        gatherer: &Gatherer<'_>,
        named: &BTreeSet<&str>,
    ) -> Result<(), RunError> {
        let mut ids: BTreeSet<String> = named.iter().map(|id| (*id).to_owned()).collect();
        let claims = self.claims.values();
        ids.extend(claims.map(|claim| claim.enrolment_id.clone()));
        let listed = self.listed.values().flatten();
        ids.extend(listed.map(|(enrolment, _)| enrolment.clone()));
        ids.extend(self.links.values().filter_map(|link| match link {
            Link::Enrolment(id) => Some(id.clone()),
            Link::Class(_) => None,
        }));
        let among = || ids.iter().map(String::as_str);
        let rows = gatherer.rows_among("enrolments", "*", "enrolment_id", among())?;
        for row in rows.iter() {
            let enrolment = Enrolment {
                class_id: row.word("class_id"),
                person_key: row.count("person_key"),
                name_key: row.int("name_key"),
                employer_id: row.text("employer_id"),
            };
            self.enrolments.insert(row.word("enrolment_id"), enrolment);
        }
        let claims = gatherer.rows_among("claims", "*", "enrolment_id", among())?;
        self.add_claims(gatherer, &claims);
        Ok(())
    }

    fn read_classes(
        &mut self,
        gatherer: &Gatherer<'_>,
        named: &BTreeSet<&str>,
    ) -> Result<(), RunError> {
        let mut ids: BTreeSet<String> = named.iter().map(|id| (*id).to_owned()).collect();
        let enrolments = self.enrolments.values();
        ids.extend(enrolments.map(|enrolment| enrolment.class_id.clone()));
        ids.extend(self.links.values().filter_map(|link| match link {
            Link::Class(id) => Some(id.clone()),
            Link::Enrolment(_) => None,
        }));
        let columns = "class_id, org_id, platform_id, start_on";
        let among = ids.iter().map(String::as_str);
        let rows = gatherer.rows_among("classes", columns, "class_id", among)?;
        for row in rows.iter() {
            let class = Class {
                org_id: row.text("org_id"),
                platform_id: row.text("platform_id"),
                start_on: row.day("start_on"),
            };
            self.classes.insert(row.word("class_id"), class);
        }
        Ok(())
    }

    fn add_claims(&mut self, gatherer: &Gatherer<'_>, rows: &Rows) {
        let known = |row: &Row<'_>| gatherer.is_elapsed(row.day("claimed_on"));
        for row in rows.iter().filter(known) {
            self.add_claim(CaseClaim::of(row, gatherer));
        }
    }

    /// Adds a claim.
    pub fn add_claim(&mut self, claim: CaseClaim) {
        let own = self.claims_of.entry(claim.enrolment_id.clone());
        own.or_default().insert(claim.claim_id.clone());
        self.claims.insert(claim.claim_id.clone(), claim);
    }

    /// What a lead concerns of an organisation; all that it concerns where nothing of it is the organisation's.
    pub fn concern(&self, hit: &Hit, org: &str) -> Concern {
        let all = self.concern_of_any(hit);
        let own: BTreeSet<String> = all
            .enrolments
            .iter()
            .filter(|id| self.is_own(id, org))
            .cloned()
            .collect();
        let own_classes: BTreeSet<String> = all
            .classes
            .iter()
            .filter(|id| self.is_own_class(id, org))
            .cloned()
            .collect();
        if own.is_empty() && own_classes.is_empty() {
            return Concern {
                is_subject: true,
                ..all
            };
        }
        let claims = all.claims.into_iter().filter(|id| {
            let claim = self.claims.get(id);
            claim.is_some_and(|claim| own.contains(&claim.enrolment_id))
        });
        let classes = own.iter().filter_map(|id| self.enrolments.get(id));
        let classes = classes.map(|enrolment| enrolment.class_id.clone());
        Concern {
            classes: classes.chain(own_classes).collect(),
            claims: claims.collect(),
            enrolments: own,
            is_subject: false,
        }
    }

    fn concern_of_any(&self, hit: &Hit) -> Concern {
        let mut concern = Concern::default();
        let claim_alone = hit.lead.entity_kind == "claim";
        for (feed, record) in records_of(hit) {
            let link = self.links.get(&format!("{feed}:{record}"));
            match (feed, link) {
                // A lead of a claim puts at risk that claim alone, whatever else it names.
                ("claims", _) if claim_alone && record != hit.lead.entity_id => {}
                ("claims", _) => {
                    if let Some(claim) = self.claims.get(record) {
                        concern.claims.insert(record.to_owned());
                        concern.enrolments.insert(claim.enrolment_id.clone());
                    }
                }
                _ if claim_alone => {}
                ("enrolments", _) if self.enrolments.contains_key(record) => {
                    concern.enrolments.insert(record.to_owned());
                }
                ("classes", _) if self.classes.contains_key(record) => {
                    concern.classes.insert(record.to_owned());
                }
                (_, Some(Link::Enrolment(id))) => {
                    concern.enrolments.insert(id.clone());
                }
                (_, Some(Link::Class(id))) => {
                    concern.classes.insert(id.clone());
                }
                _ => {}
            }
        }
        let listed = self.listed.get(&name_of(hit)).into_iter().flatten();
        for (enrolment, claim) in listed {
            concern.enrolments.insert(enrolment.clone());
            if !claim.is_empty() {
                concern.claims.insert(claim.clone());
            }
        }
        if !claim_alone {
            let enrolments = concern.enrolments.iter();
            let claims = enrolments.filter_map(|id| self.claims_of.get(id)).flatten();
            concern.claims.extend(claims.cloned());
        }
        let enrolments = concern.enrolments.iter();
        let classes = enrolments.filter_map(|id| self.enrolments.get(id));
        let classes = classes.map(|enrolment| enrolment.class_id.clone());
        concern.classes.extend(classes);
        concern
    }

    fn is_own(&self, enrolment_id: &str, org: &str) -> bool {
        let Some(enrolment) = self.enrolments.get(enrolment_id) else {
            return false;
        };
        let is_payee = || {
            let claims = self.claims_of.get(enrolment_id).into_iter().flatten();
            let mut claims = claims.filter_map(|id| self.claims.get(id));
            claims.any(|claim| claim.payee_id.as_deref() == Some(org))
        };
        self.is_own_class(&enrolment.class_id, org)
            || enrolment.employer_id.as_deref() == Some(org)
            || is_payee()
    }

    fn is_own_class(&self, class_id: &str, org: &str) -> bool {
        self.classes.get(class_id).is_some_and(|class| {
            class.org_id.as_deref() == Some(org) || class.platform_id.as_deref() == Some(org)
        })
    }

    /// The quarter in which a class starts.
    pub fn quarter_of_class(&self, class_id: &str) -> Option<String> {
        self.classes.get(class_id)?.start_on.map(quarter_of)
    }

    /// Gives a lead its quarters, unless the release has said them, and its month.
    pub fn place(&self, hit: &mut Hit, org: &str, as_of: NaiveDate) {
        let concern = self.concern(hit, org);
        let starts: BTreeSet<NaiveDate> = concern
            .classes
            .iter()
            .filter_map(|id| self.classes.get(id)?.start_on)
            .collect();
        let period = &hit.lead.period;
        let month = month_of_period(period)
            .or_else(|| starts.first().copied().map(month_of))
            .or_else(|| hit.lead.first_seen_on.map(month_of));
        hit.month = month.unwrap_or_default();
        if hit.quarters.is_empty() {
            let quarters: BTreeSet<String> = starts.into_iter().map(quarter_of).collect();
            hit.quarters = quarters.into_iter().collect();
        }
        if hit.quarters.is_empty() {
            let own = quarter_of_period(period).unwrap_or_else(|| quarter_of(as_of));
            hit.quarters.push(own);
        }
    }
}

fn name_of(hit: &Hit) -> LeadName {
    let lead = &hit.lead;
    (
        lead.indicator_id.clone(),
        lead.entity_kind.clone(),
        lead.entity_id.clone(),
        lead.period.clone(),
    )
}

/// Records that a lead names, as feed and key: its entity, where that is a record, and its evidence.
fn records_of(hit: &Hit) -> impl Iterator<Item = (&str, &str)> {
    let feed = match hit.lead.entity_kind.as_str() {
        "claim" => Some("claims"),
        "enrolment" => Some("enrolments"),
        "class" => Some("classes"),
        _ => None,
    };
    let entity = feed.map(|feed| (feed, hit.lead.entity_id.as_str()));
    let evidence = hit.lead.evidence.iter();
    entity
        .into_iter()
        .chain(evidence.filter_map(|text| text.split_once(':')))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::case::amounts::made_up_claim;
    use crate::desk::case::hits::made_up;

    fn records() -> Records {
        let mut records = Records::default();
        for (class, org, day) in [("C1", "ORG", "2020-08-01"), ("C2", "OTHER", "2020-11-01")] {
            records.classes.insert(
                class.to_owned(),
                Class {
                    org_id: Some(org.to_owned()),
                    platform_id: None,
                    start_on: day.parse().ok(),
                },
            );
        }
        for (enrolment, class) in [("E1", "C1"), ("E2", "C2")] {
            records.enrolments.insert(
                enrolment.to_owned(),
                Enrolment {
                    class_id: class.to_owned(),
                    person_key: 7,
                    name_key: None,
                    employer_id: None,
                },
            );
        }
        for (claim, enrolment) in [("B1", "E1"), ("B2", "E1"), ("B3", "E2")] {
            records.add_claim(made_up_claim(claim, enrolment, 100));
        }
        records
    }

    fn texts(ids: &BTreeSet<String>) -> Vec<&str> {
        ids.iter().map(String::as_str).collect()
    }

    #[test]
    fn a_lead_of_a_claim_concerns_that_claim_alone() {
        let mut hit = made_up("B01", "H", ("claim", "B1"));
        hit.lead.evidence = vec!["claims:B1".to_owned(), "enrolments:E1".to_owned()];
        let concern = records().concern(&hit, "ORG");
        assert_eq!(texts(&concern.claims), ["B1"]);
        assert_eq!(texts(&concern.enrolments), ["E1"]);
    }

    #[test]
    fn a_lead_of_a_person_concerns_the_claims_of_the_organisation_alone() {
        let mut hit = made_up("A05", "H", ("person", "0000000000000007"));
        hit.lead.evidence = vec!["claims:B1".to_owned(), "claims:B3".to_owned()];
        let records = records();
        let concern = records.concern(&hit, "ORG");
        assert_eq!(texts(&concern.claims), ["B1", "B2"]);
        let elsewhere = records.concern(&hit, "THIRD");
        assert_eq!(texts(&elsewhere.claims), ["B1", "B2", "B3"]);
    }

    #[test]
    fn a_lead_concerns_enrolments_that_its_evidence_does_not_name() {
        let mut records = records();
        let hit = made_up("E03", "S", ("org", "ORG"));
        assert_eq!(texts(&records.concern(&hit, "ORG").enrolments), [""; 0]);
        let listed = vec![("E1".to_owned(), String::new())];
        records.listed.insert(name_of(&hit), listed);
        let concern = records.concern(&hit, "ORG");
        assert_eq!(texts(&concern.enrolments), ["E1"]);
        assert_eq!(texts(&concern.claims), ["B1", "B2"]);
    }

    #[test]
    fn quarters_are_those_of_the_class_starts_or_of_the_period_or_of_the_day() {
        let records = records();
        let as_of = "2020-12-31".parse().unwrap();
        let mut hit = made_up("A05", "H", ("person", "0000000000000007"));
        hit.lead.evidence = vec!["claims:B3".to_owned()];
        records.place(&mut hit, "OTHER", as_of);
        assert_eq!(hit.quarters, ["2020-Q4"]);
        assert_eq!(hit.month, "2020-11");
        let mut alone = made_up("B06", "S", ("org", "ORG"));
        alone.lead.period = "2020-05".to_owned();
        records.place(&mut alone, "ORG", as_of);
        assert_eq!(alone.quarters, ["2020-Q2"]);
        let mut bare = made_up("X03", "W", ("org", "ORG"));
        records.place(&mut bare, "ORG", as_of);
        assert_eq!(bare.quarters, ["2020-Q4"]);
        bare.quarters = vec!["2019-Q1".to_owned()];
        records.place(&mut bare, "ORG", as_of);
        assert_eq!(bare.quarters, ["2019-Q1"]);
    }
}
