//! How well indicators find what was planted: a release against the truth of a synthetic province.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::identity::account::normalise_account;
use crate::identity::{KeyKind, Pseudonymiser, Wanted, citizen, hex, without_numbers};
use crate::model::Policy;

/// Least share of planted hard cases that must be found.
const HARD_GOAL: f64 = 0.99;
/// Least share of planted strong and weak cases that must be found.
const SOFT_GOAL: f64 = 0.9;
/// Least share of planted organisations among so many at the head of the case list.
const CASES_GOAL: f64 = 0.95;

/// Entity of a collateral row that stands for all of them: the indicator hits ordinary trainings by its definition.
const EVERY: &str = "*";

/// Why a truth folder cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("truth file {file}")]
pub struct TruthError {
    /// The file.
    pub file: String,
    /// Why.
    #[source]
    pub source: csv::Error,
}

/// A hit of a release.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundHit {
    /// Indicator.
    pub indicator: String,
    /// Entity as it is published.
    pub entity_id: String,
    /// Period.
    pub period: String,
    /// H, S or W.
    pub strength: String,
    /// Fen at risk.
    pub amount_at_risk_fen: i64,
}

/// One entity that an indicator should find, or should leave alone.
#[derive(Debug, Deserialize)]
struct CaseRow {
    entity_kind: String,
    entity_id: String,
    #[serde(default)]
    period: String,
    planted: u8,
    #[serde(default)]
    strength: String,
}

#[derive(Debug, Deserialize)]
struct CollateralRow {
    indicator: String,
    entity_kind: String,
    entity_id: String,
    #[serde(default)]
    period: String,
}

#[derive(Debug, Deserialize)]
struct OrganisationRow {
    org_id: String,
    #[serde(default)]
    quarter: String,
}

#[derive(Debug, Deserialize)]
struct VenueRow {
    ip: String,
}

/// The policy list in which cities enter the addresses of their training venues.
const VENUES: &str = "venue_addresses";

/// The venues of a truth folder that are not entered in the policy: C07 takes their learners for a farm.
///
/// # Errors
/// When `venues.csv` is there and not what it should be.
pub fn unlisted_venues(folder: &Path, policy: &Policy) -> Result<Vec<String>, TruthError> {
    let listed = policy.select_lists(&[VENUES.to_owned()]);
    let venues = rows_of::<VenueRow>(&folder.join("venues.csv"))?.into_iter();
    Ok(venues
        .map(|venue| venue.ip)
        .filter(|ip| listed.iter().all(|row| row.value != *ip))
        .collect())
}

/// An entity and its period.
type Entity = (String, String);

#[derive(Debug, Clone)]
struct Case {
    is_planted: bool,
    /// The strength that is right by the definition; empty when there must be no hit.
    strength: String,
}

/// The truth about a synthetic province.
#[derive(Debug, Default)]
pub struct Truth {
    cases: BTreeMap<String, BTreeMap<Entity, Case>>,
    collateral: BTreeMap<String, BTreeSet<Entity>>,
    /// Organisations, with the quarter, that were planted as bad.
    organisations: BTreeSet<Entity>,
}

impl Truth {
    /// Reads `<indicator>.csv`, `collateral.csv` and `bad_orgs.csv` of a truth folder; identities become keys.
    ///
    /// # Errors
    /// When a file that is there is not what it should be.
    pub fn read<'a>(
        folder: &Path,
        indicators: impl Iterator<Item = &'a str>,
        pseudonymiser: &Pseudonymiser,
    ) -> Result<Truth, TruthError> {
        let mut truth = Truth::default();
        for indicator in indicators {
            let rows: Vec<CaseRow> = rows_of(&folder.join(format!("{indicator}.csv")))?;
            let cases = truth.cases.entry(indicator.to_owned()).or_default();
            for row in rows {
                let id = published_id(&row.entity_kind, &row.entity_id, pseudonymiser);
                let case = Case {
                    is_planted: row.planted == 1,
                    strength: row.strength,
                };
                cases.insert((id, row.period), case);
            }
        }
        for row in rows_of::<CollateralRow>(&folder.join("collateral.csv"))? {
            let id = published_id(&row.entity_kind, &row.entity_id, pseudonymiser);
            let entities = truth.collateral.entry(row.indicator).or_default();
            entities.insert((id, row.period));
        }
        let organisations = rows_of::<OrganisationRow>(&folder.join("bad_orgs.csv"))?;
        truth.organisations = organisations
            .into_iter()
            .map(|row| (row.org_id, row.quarter))
            .collect();
        Ok(truth)
    }

    /// Compares a release's hits with the truth, indicator by indicator.
    pub fn judge(&self, hits: &[FoundHit]) -> Vec<Judgement> {
        let none = BTreeMap::new();
        let judged = self.cases.keys();
        judged
            .map(|indicator| {
                let cases = self.cases.get(indicator).unwrap_or(&none);
                let own: Vec<&FoundHit> = hits
                    .iter()
                    .filter(|hit| hit.indicator == *indicator)
                    .collect();
                self.judge_one(indicator, cases, &own)
            })
            .collect()
    }

    fn judge_one(
        &self,
        indicator: &str,
        cases: &BTreeMap<Entity, Case>,
        hits: &[&FoundHit],
    ) -> Judgement {
        let entity = |hit: &FoundHit| (hit.entity_id.clone(), hit.period.clone());
        let found: BTreeMap<Entity, &str> = hits
            .iter()
            .map(|hit| (entity(hit), hit.strength.as_str()))
            .collect();
        let mut judgement = Judgement {
            indicator: indicator.to_owned(),
            ..Judgement::default()
        };
        let mut by_strength: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
        for (place, case) in cases {
            let hit = found.get(place).copied();
            match (case.is_planted, hit) {
                (true, hit) => {
                    judgement.planted += 1;
                    let (planted, recalled) = by_strength.entry(&case.strength).or_default();
                    *planted += 1;
                    match hit {
                        Some(strength) => {
                            judgement.found += 1;
                            *recalled += 1;
                            judgement.other_strength += u64::from(strength != case.strength);
                        }
                        None => judgement.missed.push(place.clone()),
                    }
                }
                (false, hit) if case.strength.is_empty() => {
                    judgement.look_alikes += 1;
                    if hit.is_some() {
                        judgement.look_alike_hits += 1;
                        judgement.wrong.push(place.clone());
                    }
                }
                (false, _) => {}
            }
        }
        let collateral = self.collateral.get(indicator);
        let is_right = |hit: &FoundHit| {
            let place = entity(hit);
            match cases.get(&place) {
                Some(case) => case.is_planted || !case.strength.is_empty(),
                None => collateral.is_some_and(|known| {
                    known.contains(&place) || known.contains(&(EVERY.to_owned(), String::new()))
                }),
            }
        };
        judgement.unexplained = hits
            .iter()
            .filter(|hit| !cases.contains_key(&entity(hit)) && !is_right(hit))
            .count() as u64;
        judgement.recall = share(judgement.found, judgement.planted);
        let mut ranked: Vec<&&FoundHit> = hits.iter().collect();
        ranked.sort_by_key(|hit| {
            let weakness = "HSW".find(&hit.strength).unwrap_or(usize::MAX);
            (weakness, -hit.amount_at_risk_fen, entity(hit))
        });
        let head: Vec<_> = ranked
            .into_iter()
            .take(usize::try_from(judgement.planted).unwrap_or(usize::MAX))
            .collect();
        let right = head.iter().filter(|hit| is_right(hit)).count() as u64;
        judgement.precision_at_planted = share(right, head.len() as u64);
        let reaches = |(strength, (planted, recalled)): (&&str, &(u64, u64))| {
            let goal = if *strength == "H" {
                HARD_GOAL
            } else {
                SOFT_GOAL
            };
            share(*recalled, *planted).is_none_or(|recall| recall >= goal)
        };
        judgement.goal_met = judgement.look_alike_hits == 0 && by_strength.iter().all(reaches);
        judgement
    }

    /// The share of planted organisations among the first so many of the case list, and whether that is enough;
    /// `None` when none was planted. `cases` are organisation and quarter by rank.
    pub fn judge_cases(&self, cases: &[(String, String)]) -> Option<CaseListJudgement> {
        let planted = self.organisations.len();
        let head = cases.iter().take(planted);
        let right = head
            .filter(|case| self.organisations.contains(*case))
            .count() as u64;
        let precision = share(right, planted as u64)?;
        Some(CaseListJudgement {
            planted: planted as u64,
            among_first: right,
            precision_at_planted: precision,
            goal_met: precision >= CASES_GOAL,
        })
    }
}

/// How an indicator did.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Judgement {
    /// Indicator.
    pub indicator: String,
    /// Planted cases.
    pub planted: u64,
    /// Planted cases that were hit.
    pub found: u64,
    /// Found / planted; `None` when nothing was planted.
    pub recall: Option<f64>,
    /// Found with another strength than planted.
    pub other_strength: u64,
    /// Look-alikes that the definition excludes.
    pub look_alikes: u64,
    /// Look-alikes that were hit all the same.
    pub look_alike_hits: u64,
    /// Hits of which the truth says nothing.
    pub unexplained: u64,
    /// Right hits among as many as were planted, strongest and dearest first.
    pub precision_at_planted: Option<f64>,
    /// Hard cases found to 0.99, others to 0.9, no excluded look-alike hit.
    pub goal_met: bool,
    /// Planted entities that were not hit, with their period.
    pub missed: Vec<(String, String)>,
    /// Look-alikes that were hit, with their period.
    pub wrong: Vec<(String, String)>,
}

/// How the case list did.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CaseListJudgement {
    /// Planted organisations, each in its quarter.
    pub planted: u64,
    /// Of these, among the first so many cases.
    pub among_first: u64,
    /// Their share.
    pub precision_at_planted: f64,
    /// At least 0.95.
    pub goal_met: bool,
}

fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// The rows of a file; none when it is not there.
fn rows_of<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<Vec<T>, TruthError> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    let fail = |source| TruthError {
        file: path.display().to_string(),
        source,
    };
    csv::Reader::from_path(path)
        .map_err(fail)?
        .deserialize()
        .collect::<Result<Vec<T>, _>>()
        .map_err(fail)
}

/// The truth writes identities as they are in raw files; tables hold their keys. The identity is the first part.
fn published_id(kind: &str, id: &str, pseudonymiser: &Pseudonymiser) -> String {
    let (first, rest) = match id.split_once('|') {
        Some((first, rest)) => (first, Some(rest)),
        None => (id, None),
    };
    let key = if kind.starts_with("person") {
        pseudonymiser.key(KeyKind::Person, &citizen::normalise(first))
    } else if kind == "account" {
        pseudonymiser.key(KeyKind::Account, &normalise_account(first))
    } else {
        // A certificate number may hold its holder's number.
        let key =
            |kind: KeyKind, number: &str| hex(pseudonymiser.key(kind, &kind.normalise(number)));
        return without_numbers(id.into(), Wanted::CitizenNumbers, key).into_owned();
    };
    match rest {
        Some(rest) => format!("{}|{rest}", hex(key)),
        None => hex(key),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn truth(files: &[(&str, &str)]) -> Truth {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        Truth::read(
            folder.path(),
            ["B01"].into_iter(),
            &Pseudonymiser::new(b"t"),
        )
        .unwrap()
    }

    fn hit(id: &str, strength: &str, amount: i64) -> FoundHit {
        FoundHit {
            indicator: "B01".to_owned(),
            entity_id: id.to_owned(),
            period: String::new(),
            strength: strength.to_owned(),
            amount_at_risk_fen: amount,
        }
    }

    const CASES: &str = "entity_kind,entity_id,period,planted,note,strength\n\
        claim,a,,1,,H\nclaim,b,,1,,H\nclaim,c,,0,,\nclaim,d,,0,,W\n";

    #[test]
    fn found_missed_and_wrong_are_counted() {
        let truth = truth(&[
            ("B01.csv", CASES),
            (
                "collateral.csv",
                "indicator,entity_kind,entity_id,period,source,note\nB01,claim,e,,A06,\n\
                 B02,claim,*,,background,\n",
            ),
        ]);
        let hits = [
            hit("a", "S", 5),
            hit("c", "H", 1),
            hit("d", "W", 0),
            hit("e", "H", 0),
            hit("f", "H", 9),
        ];
        let [judgement] = truth.judge(&hits).try_into().unwrap();
        assert_eq!((judgement.planted, judgement.found), (2, 1));
        assert_eq!(judgement.recall, Some(0.5));
        assert_eq!(judgement.other_strength, 1);
        assert_eq!((judgement.look_alikes, judgement.look_alike_hits), (1, 1));
        assert_eq!(judgement.unexplained, 1);
        // The first two are f and c.
        assert_eq!(judgement.precision_at_planted, Some(0.0));
        assert!(!judgement.goal_met);
        assert_eq!(judgement.missed, [("b".to_owned(), String::new())]);
    }

    #[test]
    fn all_found_and_nothing_wrong_meets_the_goal() {
        let truth = truth(&[("B01.csv", CASES)]);
        let [judgement] = truth
            .judge(&[hit("a", "H", 5), hit("b", "H", 1), hit("d", "W", 0)])
            .try_into()
            .unwrap();
        assert!(judgement.goal_met);
        assert_eq!(judgement.precision_at_planted, Some(1.0));
    }

    #[test]
    fn the_head_of_the_case_list_is_compared_with_the_planted_organisations() {
        let truth = truth(&[("bad_orgs.csv", "org_id,quarter\nx,2020Q1\ny,2020Q2\n")]);
        let case = |org: &str, quarter: &str| (org.to_owned(), quarter.to_owned());
        let cases = [
            case("x", "2020Q1"),
            case("z", "2020Q2"),
            case("y", "2020Q2"),
        ];
        let judged = truth.judge_cases(&cases).unwrap();
        assert_eq!((judged.planted, judged.among_first), (2, 1));
        assert!(!judged.goal_met);
    }

    #[test]
    fn identities_become_keys() {
        let pseudonymiser = Pseudonymiser::new(b"t");
        let key = hex(pseudonymiser.key(KeyKind::Person, "370102198506159974"));
        assert_eq!(
            published_id("person_platform", "370102198506159974|p", &pseudonymiser),
            format!("{key}|p")
        );
        assert_eq!(published_id("class_pair", "a|b", &pseudonymiser), "a|b");
        assert_eq!(
            published_id("certificate", "T370102198506159974", &pseudonymiser),
            format!("T{key}")
        );
    }
}
