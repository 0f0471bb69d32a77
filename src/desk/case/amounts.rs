//! Claims and persons behind the leads of a case, each once.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::concern::Records;
use super::gather::Gatherer;
use super::hits::Hit;
use crate::desk::archive::{Identity, Source};
use crate::desk::rows::Row;
use crate::identity::{hex, parse_hex};

/// A claim behind a lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseClaim {
    /// Claim.
    pub claim_id: String,
    /// Its enrolment.
    pub enrolment_id: String,
    /// Pseudonym of the person.
    pub person: String,
    /// `platform_share`, `offline_share`, `full` or `living_allowance`.
    pub kind: String,
    /// Fund.
    pub fund: String,
    /// Paying city (GB/T 2260).
    pub city_code: String,
    /// `submitted`, `approved`, `paid`, `refunded` or `rejected`.
    pub status: String,
    /// Amount, fen.
    pub amount_fen: i64,
    /// The same for a paid or approved claim, else 0.
    pub at_risk_fen: i64,
    /// Day of the claim.
    pub claimed_on: Option<NaiveDate>,
    /// Day of payment, unless later than the as-of day.
    pub paid_on: Option<NaiveDate>,
    /// Organisation that is paid.
    pub payee_id: Option<String>,
    /// Indicators whose leads concern it.
    pub indicators: BTreeSet<String>,
    /// Raw record.
    pub source: Source,
}

impl CaseClaim {
    pub(super) fn of(row: Row<'_>, gatherer: &Gatherer<'_>) -> CaseClaim {
        let status = row.word("status");
        let amount_fen = row.count("amount_fen");
        let is_at_risk = matches!(status.as_str(), "paid" | "approved");
        CaseClaim {
            claim_id: row.word("claim_id"),
            enrolment_id: row.word("enrolment_id"),
            person: row.int("person_key").map(hex).unwrap_or_default(),
            kind: row.word("kind"),
            fund: row.word("fund"),
            city_code: row.word("city_code"),
            status,
            amount_fen,
            at_risk_fen: if is_at_risk { amount_fen } else { 0 },
            claimed_on: row.day("claimed_on"),
            paid_on: row
                .day("paid_on")
                .filter(|day| gatherer.is_elapsed(Some(*day))),
            payee_id: row.text("payee_id"),
            indicators: BTreeSet::new(),
            source: Source::of(row, "claims"),
        }
    }
}

/// A person of an enrolment behind a lead.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CasePerson {
    /// Pseudonym.
    pub key: i64,
    /// Number and names from the vault; empty unless they were asked for.
    pub identities: Vec<Identity>,
    /// Keys of the names under which the person was enrolled.
    pub name_keys: BTreeSet<i64>,
    /// Enrolments behind the leads.
    pub enrolments: BTreeSet<String>,
    /// Claims behind the leads.
    pub claims: usize,
    /// Paid and approved ones of these, fen.
    pub at_risk_fen: i64,
    /// Indicators whose leads concern the person.
    pub indicators: BTreeSet<String>,
}

/// What the leads of a case concern, each once.
pub(super) struct Amounts {
    /// Claims, the dearest at risk first.
    pub claims: Vec<CaseClaim>,
    /// Persons, those of most indicators first.
    pub persons: Vec<CasePerson>,
}

impl Amounts {
    /// Puts together what the leads concern of the organisation; with a quarter, of classes that start in it.
    pub fn of(records: &Records, hits: &[Hit], org: &str, quarter: Option<&str>) -> Amounts {
        let mut claims: BTreeMap<&str, CaseClaim> = BTreeMap::new();
        let mut persons: BTreeMap<i64, CasePerson> = BTreeMap::new();
        let in_quarter = |enrolment_id: &str| {
            let class = records.enrolments.get(enrolment_id);
            let own = class.and_then(|one| records.quarter_of_class(&one.class_id));
            quarter.is_none() || own.is_none() || own.as_deref() == quarter
        };
        for hit in hits {
            let indicator = &hit.lead.indicator_id;
            let concern = records.concern(hit, org);
            // The quarter of a lead on the organisation itself is that of the lead's own period, as in `risk_cases`.
            let of_period = concern.is_subject && !hit.lead.period.is_empty();
            let is_within = |id: &str| of_period || in_quarter(id);
            for id in concern.enrolments.iter().filter(|id| is_within(id)) {
                if let Some(enrolment) = records.enrolments.get(id) {
                    let person = person(&mut persons, enrolment.person_key);
                    person.indicators.insert(indicator.clone());
                    person.name_keys.extend(enrolment.name_key);
                    person.enrolments.insert(id.clone());
                }
            }
            if hit.lead.entity_kind == "person"
                && let Some(key) = parse_hex(&hit.lead.entity_id)
            {
                let person = person(&mut persons, key);
                person.indicators.insert(indicator.clone());
            }
            let concerned = concern
                .claims
                .iter()
                .filter_map(|id| records.claims.get(id));
            for claim in concerned.filter(|claim| is_within(&claim.enrolment_id)) {
                let kept = claims.entry(&claim.claim_id);
                let kept = kept.or_insert_with(|| claim.clone());
                kept.indicators.insert(indicator.clone());
            }
        }
        for claim in claims.values() {
            let enrolment = records.enrolments.get(&claim.enrolment_id);
            if let Some(person) = enrolment.and_then(|one| persons.get_mut(&one.person_key)) {
                person.claims += 1;
                person.at_risk_fen = person.at_risk_fen.saturating_add(claim.at_risk_fen);
            }
        }
        let mut claims: Vec<CaseClaim> = claims.into_values().collect();
        // The maps have sorted both by id and key, which decide where the rest is equal.
        claims.sort_by_key(|claim| std::cmp::Reverse(claim.at_risk_fen));
        let mut persons: Vec<CasePerson> = persons.into_values().collect();
        persons
            .sort_by_key(|person| std::cmp::Reverse((person.indicators.len(), person.at_risk_fen)));
        Amounts { claims, persons }
    }
}

fn person(persons: &mut BTreeMap<i64, CasePerson>, key: i64) -> &mut CasePerson {
    persons.entry(key).or_insert_with(|| CasePerson {
        key,
        ..CasePerson::default()
    })
}

/// A made-up paid claim for the tests of this module.
#[cfg(test)]
pub(super) fn made_up_claim(claim_id: &str, enrolment_id: &str, amount_fen: i64) -> CaseClaim {
    CaseClaim {
        claim_id: claim_id.to_owned(),
        enrolment_id: enrolment_id.to_owned(),
        person: "0000000000000007".to_owned(),
        kind: "full".to_owned(),
        fund: "special_account".to_owned(),
        city_code: "370100".to_owned(),
        status: "paid".to_owned(),
        amount_fen,
        at_risk_fen: amount_fen,
        claimed_on: None,
        paid_on: None,
        payee_id: None,
        indicators: BTreeSet::new(),
        source: Source::at(crate::desk::trace::RawPlace {
            feed: "claims".to_owned(),
            object: "claims/a.csv".to_owned(),
            line: 2,
            byte: None,
            load: 1,
            row_hash: 0,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::super::concern::Enrolment;
    use super::super::hits::made_up;
    use super::*;

    #[test]
    fn a_claim_behind_two_leads_counts_once() {
        let mut records = Records::default();
        let enrolment = Enrolment {
            class_id: "C1".to_owned(),
            person_key: 7,
            name_key: Some(8),
            employer_id: None,
        };
        records.enrolments.insert("E1".to_owned(), enrolment);
        for (claim, amount) in [("B1", 100), ("B2", 250)] {
            records.add_claim(made_up_claim(claim, "E1", amount));
        }
        let mut by_claim = made_up("B01", "H", ("claim", "B1"));
        by_claim.lead.evidence = vec!["claims:B1".to_owned()];
        let by_enrolment = made_up("C05", "S", ("enrolment", "E1"));
        let amounts = Amounts::of(&records, &[by_claim, by_enrolment], "ORG", None);
        let ids: Vec<&str> = amounts
            .claims
            .iter()
            .map(|claim| claim.claim_id.as_str())
            .collect();
        assert_eq!(ids, ["B2", "B1"]);
        assert_eq!(amounts.claims[1].indicators.len(), 2);
        let person = &amounts.persons[0];
        assert_eq!((person.claims, person.at_risk_fen), (2, 350));
        assert_eq!(person.name_keys, BTreeSet::from([8]));
    }
}
