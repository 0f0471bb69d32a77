//! Schema drift: what happens when a file's columns are not those of the contract.

use super::header::HeaderMatch;
use super::model::Contract;
use super::text::fold;
use crate::form::{Mistakes, Section};

/// How alike two headers must be (1 is equal) before one is suggested for the other.
const ALIKE: f64 = 0.6;

/// Characters of a header that may be part of a longer one of the same meaning.
const LEAST_PART: usize = 2;

/// Unknown columns of one file that are told one by one; no honest file has more, and comparing a million of them with
/// every known heading would take all night.
pub const MOST_TOLD: usize = 200;

/// In what way a file's columns differ from the contract's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DriftClass {
    /// A column that the contract does not know.
    New,
    /// A column of the contract that the file lacks.
    Missing,
    /// Both at once, and the two names are alike.
    Renamed,
    /// Most values of a column do not read as its type.
    Retyped,
}

impl DriftClass {
    /// The word in contracts and tables.
    pub fn word(self) -> &'static str {
        match self {
            DriftClass::New => "new",
            DriftClass::Missing => "missing",
            DriftClass::Renamed => "renamed",
            DriftClass::Retyped => "retyped",
        }
    }
}

/// What becomes of a file that has drifted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DriftPolicy {
    /// It loads: what is unknown is left aside, what is missing (or does not read, in an optional column) is null.
    Accept,
    /// Its rows wait in quarantine; `replay` loads them once the contract knows the column. Of a retyped column only
    /// the rows that do not read.
    Quarantine,
    /// It is refused as a whole.
    Refuse,
}

impl DriftPolicy {
    /// The word in contracts and tables.
    pub fn word(self) -> &'static str {
        match self {
            DriftPolicy::Accept => "accept",
            DriftPolicy::Quarantine => "quarantine",
            DriftPolicy::Refuse => "refuse",
        }
    }
}

/// The policy of a contract for each class, from its `[drift]` table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DriftRules {
    /// For columns that the contract does not know.
    pub new: DriftPolicy,
    /// For optional columns that the file lacks; a required one always refuses the file.
    pub missing: DriftPolicy,
    /// For a new column that looks like a missing one.
    pub renamed: DriftPolicy,
    /// For a column whose values do not read as its type.
    pub retyped: DriftPolicy,
}

impl Default for DriftRules {
    /// What is unknown is left aside, what is missing is null, what does not read is quarantined.
    fn default() -> DriftRules {
        DriftRules {
            new: DriftPolicy::Accept,
            missing: DriftPolicy::Accept,
            renamed: DriftPolicy::Accept,
            retyped: DriftPolicy::Quarantine,
        }
    }
}

impl DriftRules {
    /// The policy for a class.
    pub fn policy(&self, class: DriftClass) -> DriftPolicy {
        match class {
            DriftClass::New => self.new,
            DriftClass::Missing => self.missing,
            DriftClass::Renamed => self.renamed,
            DriftClass::Retyped => self.retyped,
        }
    }

    /// Reads the optional `[drift]` table of a contract.
    pub(super) fn read(root: &mut Section<'_>, mistakes: &mut Mistakes<'_>) -> DriftRules {
        let mut rules = DriftRules::default();
        let Some(mut section) = root.section("drift", mistakes) else {
            return rules;
        };
        for (class, slot) in [
            ("new", &mut rules.new),
            ("missing", &mut rules.missing),
            ("renamed", &mut rules.renamed),
            ("retyped", &mut rules.retyped),
        ] {
            let Some(word) = section.text(class, mistakes) else {
                continue;
            };
            match word.value {
                "accept" => *slot = DriftPolicy::Accept,
                "quarantine" => *slot = DriftPolicy::Quarantine,
                "refuse" => *slot = DriftPolicy::Refuse,
                other => mistakes.add(
                    word.offset,
                    format!("unknown policy `{other}`; it is `accept`, `quarantine` or `refuse`"),
                ),
            }
        }
        section.finish(mistakes);
        rules
    }
}

/// One way in which a file differs from its contract.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Drift {
    /// In what way.
    pub class: DriftClass,
    /// The file's header; empty for a missing column.
    pub header: String,
    /// The contract's column; empty for a new one.
    pub column: String,
    /// The nearest header that the contract knows, for a new column.
    pub suggestion: Option<String>,
    /// What became of it.
    pub policy: DriftPolicy,
    /// Rows concerned.
    pub rows: i64,
}

impl Contract {
    /// How a header differs from the contract: what is new, missing and renamed, in a fixed order.
    pub fn header_drift(&self, header: &HeaderMatch) -> Vec<Drift> {
        let mut missing: Vec<usize> = header
            .positions
            .iter()
            .enumerate()
            .filter(|(_, position)| position.is_none())
            .map(|(index, _)| index)
            .collect();
        let lacks_required = |index: usize| {
            let column = self.columns.get(index);
            column.is_some_and(|column| header.missing_required.contains(&column.name))
        };
        let mut found = Vec::new();
        let mut drift = |class: DriftClass, header: &str, column: Option<usize>, suggestion| {
            found.push(Drift {
                class,
                header: header.to_owned(),
                column: column
                    .and_then(|index| self.columns.get(index))
                    .map(|column| column.name.clone())
                    .unwrap_or_default(),
                suggestion,
                policy: match column {
                    Some(index) if lacks_required(index) => DriftPolicy::Refuse,
                    _ => self.drift.policy(class),
                },
                rows: 0,
            });
        };
        // Where no heading is known, the header is missing and the first record stands there: nothing of it is told.
        let headings = if header.recognised() == 0 {
            &[][..]
        } else {
            &header.unknown
        };
        for (_, name) in headings.iter().take(MOST_TOLD) {
            let nearest = self.nearest_header(name);
            let renamed = nearest
                .as_ref()
                .and_then(|(_, index)| missing.iter().position(|lacking| lacking == index));
            let suggestion = nearest.map(|(spelling, _)| spelling);
            match renamed {
                Some(place) => {
                    let column = missing.remove(place);
                    drift(DriftClass::Renamed, name, Some(column), suggestion);
                }
                None => drift(DriftClass::New, name, None, suggestion),
            }
        }
        if headings.len() > MOST_TOLD {
            let rest = format!("… {} more", headings.len() - MOST_TOLD);
            drift(DriftClass::New, &rest, None, None);
        }
        for column in missing {
            drift(DriftClass::Missing, "", Some(column), None);
        }
        found.sort();
        found
    }

    /// The known spelling of a header that is most like `name`, and its column.
    pub fn nearest_header(&self, name: &str) -> Option<(String, usize)> {
        let folded = fold(name);
        self.headers
            .iter()
            .map(|(spelling, column)| (alike(&folded, spelling), spelling, *column))
            .filter(|(alike, _, _)| *alike >= ALIKE)
            // Equally alike: the first by spelling, so that the answer is always the same.
            .max_by(|left, right| left.0.total_cmp(&right.0).then(right.1.cmp(left.1)))
            .map(|(_, spelling, column)| (spelling.clone(), column))
    }
}

/// How alike two folded headers are, 1 being equal: by edits, or as far as one is the other with something before or after
/// it, as `金额(元)` is 金额 and `amount` is in `amount_yuan`.
fn alike(left: &str, right: &str) -> f64 {
    let edits = strsim::normalized_damerau_levenshtein(left, right);
    let (short, long) = if left.len() < right.len() {
        (left, right)
    } else {
        (right, left)
    };
    let is_word = |rest: &str, edge: Option<char>| {
        // Half a word of Latin letters means something else: `on` is not in `person`.
        !rest.is_empty() && edge.is_some_and(|edge| !edge.is_ascii_alphanumeric())
    };
    let is_extended = match (long.strip_prefix(short), long.strip_suffix(short)) {
        (Some(rest), _) if is_word(rest, rest.chars().next()) => true,
        (_, Some(rest)) => is_word(rest, rest.chars().last()),
        _ => false,
    };
    if short.chars().count() < LEAST_PART || !is_extended {
        return edits;
    }
    let characters = |text: &str| u32::try_from(text.chars().count()).map_or(0.0, f64::from);
    edits.max(ALIKE + (1.0 - ALIKE) * characters(short) / characters(long))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Contracts;

    fn contract(drift: &str) -> Contract {
        let text = format!(
            "feed = \"claims\"\ntitle_zh = \"申领\"\ntitle_en = \"Claims\"\ndescription_en = \"x\"\nmode = \"append\"\n\
             key = [\"claim_id\"]\n{drift}\n\
             [[columns]]\nname = \"claim_id\"\nzh = [\"申领编号\"]\nen = \"x\"\ntype = \"text\"\nrequired = true\n\
             [[columns]]\nname = \"paid_on\"\nzh = [\"发放日期\"]\nen = \"x\"\ntype = \"date\"\nrequired = false\n"
        );
        let contracts = Contracts::parse(&[("claims.toml".to_owned(), text)]).unwrap();
        contracts.get("claims").unwrap().clone()
    }

    fn drift_of(contract: &Contract, header: &[&str]) -> Vec<(DriftClass, String, String)> {
        contract
            .header_drift(&contract.match_header(header))
            .into_iter()
            .map(|drift| (drift.class, drift.header, drift.column))
            .collect()
    }

    #[test]
    fn new_missing_and_renamed_columns() {
        let contract = contract("");
        assert_eq!(drift_of(&contract, &["claim_id", "发放日期"]), []);
        assert_eq!(
            drift_of(&contract, &["claim_id"]),
            [(DriftClass::Missing, String::new(), "paid_on".to_owned())]
        );
        assert_eq!(
            drift_of(&contract, &["claim_id", "发放的日期"]),
            [(
                DriftClass::Renamed,
                "发放的日期".to_owned(),
                "paid_on".to_owned()
            )]
        );
        assert_eq!(
            drift_of(&contract, &["claim_id", "paid_on", "备注"]),
            [(DriftClass::New, "备注".to_owned(), String::new())]
        );
    }

    #[test]
    fn the_nearest_header_is_suggested() {
        let contract = contract("");
        assert_eq!(
            contract
                .nearest_header("Paid On_")
                .map(|found| found.0)
                .as_deref(),
            Some("paid_on")
        );
        assert_eq!(contract.nearest_header("领取人"), None);
    }

    #[test]
    fn a_header_with_a_unit_or_without_its_last_word_is_alike() {
        for (left, right) in [
            ("金额(元)", "金额"),
            ("申领金额", "金额"),
            ("amount", "amount_yuan"),
        ] {
            assert!(alike(left, right) >= ALIKE, "{left} {right}");
            assert!(alike(right, left) >= ALIKE, "{left} {right}");
        }
        assert!(alike("ip", "description") < ALIKE);
        assert!(alike("on", "person") < ALIKE);
        assert!(alike("元", "金额(元") < ALIKE);
    }

    #[test]
    fn what_stands_where_a_header_is_missing_is_not_told() {
        let contract = contract("");
        let drift = drift_of(&contract, &["E1", "欧阳测试", "2020-09-03"]);
        let missing = |column: &str| (DriftClass::Missing, String::new(), column.to_owned());
        assert_eq!(drift, [missing("claim_id"), missing("paid_on")]);
    }

    #[test]
    fn a_missing_required_column_refuses_whatever_the_policy_says() {
        let contract = contract("");
        let drift = contract.header_drift(&contract.match_header(&["申领编号(新)", "paid_on"]));
        let found: Vec<_> = drift
            .iter()
            .map(|drift| (drift.class, drift.policy))
            .collect();
        assert_eq!(found, [(DriftClass::Renamed, DriftPolicy::Refuse)]);
        let drift = contract.header_drift(&contract.match_header(&["x", "paid_on"]));
        let found: Vec<_> = drift
            .iter()
            .map(|drift| (drift.class, drift.policy))
            .collect();
        let expected = [
            (DriftClass::New, DriftPolicy::Accept),
            (DriftClass::Missing, DriftPolicy::Refuse),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn the_policy_is_the_contracts() {
        let contract = contract("drift = { new = \"quarantine\", retyped = \"refuse\" }");
        assert_eq!(
            contract.drift.policy(DriftClass::New),
            DriftPolicy::Quarantine
        );
        assert_eq!(
            contract.drift.policy(DriftClass::Missing),
            DriftPolicy::Accept
        );
        assert_eq!(
            contract.drift.policy(DriftClass::Retyped),
            DriftPolicy::Refuse
        );
    }
}
