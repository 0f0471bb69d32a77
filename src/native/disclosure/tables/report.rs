//! What was hidden, what that costs, and how it withstood the attack.

use std::collections::BTreeMap;

use super::super::attack::{Attack, Finding, Interval, Verdict};
use super::super::problem::{Problem, Visibility};
use super::super::protection::Work;
use super::relate::RelationUse;

/// Why a figure is hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// It is sensitive itself.
    Primary,
    /// It would give a sensitive figure away.
    Complementary,
    /// It is computed from a hidden figure.
    Derived,
}

/// Figures of one column.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ColumnReport {
    /// Figures that are not empty, zeros among them.
    pub figures: usize,
    /// Zeros, which are shown.
    pub zeros: usize,
    /// Hidden since they are sensitive.
    pub primary: usize,
    /// Hidden to protect others.
    pub complementary: usize,
    /// Hidden since they are computed from hidden ones.
    pub derived: usize,
    /// Sensitive, but shown by an earlier release or following from one.
    pub already_public: usize,
    /// Information in all figures that are not zero, in units of weight.
    pub weight: u64,
    /// Information in the hidden ones.
    pub weight_lost: u64,
}

/// A hidden figure with what an attacker can say of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exposure {
    /// Table, column and grain, joined by `|`.
    pub cell: String,
    /// Its true value.
    pub value: i64,
    /// What is proved that it can be.
    pub proved: Interval,
    /// What could not be excluded.
    pub possible: Interval,
    /// Lower and upper end, and width, that were asked for.
    pub needed: (i64, i64, i64),
    /// How it came out of the attack.
    pub verdict: Verdict,
}

/// How the pattern withstood the attack.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AttackReport {
    /// Figures attacked: hidden ones, and differences that are never shown.
    pub checked: usize,
    /// Of these, sensitive ones.
    pub sensitive: usize,
    /// Proved to be protected as far as needed.
    pub safe: usize,
    /// Protected as far as shown zeros and earlier releases leave room, which is less than the rules ask for.
    pub limited: usize,
    /// Known before, whatever is hidden now.
    pub already_public: usize,
    /// Disclosed, or not proved to be protected. Must be none.
    pub failures: Vec<Exposure>,
    /// The narrowest proved interval of a sensitive figure.
    pub narrowest: Option<Exposure>,
    /// Proofs that did not stand the check. Must be none.
    pub false_proofs: usize,
}

/// The account of one run of disclosure control.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// By table and column.
    pub columns: BTreeMap<String, BTreeMap<String, ColumnReport>>,
    /// How the pattern withstood the attack.
    pub attack: AttackReport,
    /// How the described relations were used.
    pub relations: Vec<RelationUse>,
    /// Whether the information lost is proved to be the least possible.
    pub is_optimal: bool,
    /// How the pattern was found.
    pub work: Work,
}

impl Report {
    /// Whether the tables may be published: everything hidden is proved to be protected, and no figure contradicts
    /// what the description calls certain.
    pub fn passes(&self) -> bool {
        let contradicted = self
            .relations
            .iter()
            .any(|relation| !relation.assumed && relation.contradicted > 0);
        self.attack.failures.is_empty() && self.attack.false_proofs == 0 && !contradicted
    }

    /// All columns of a table, or of all tables, together.
    pub fn total(&self, table: Option<&str>) -> ColumnReport {
        let tables = self
            .columns
            .iter()
            .filter(|(name, _)| table.is_none_or(|wanted| wanted == *name));
        tables
            .flat_map(|(_, columns)| columns.values())
            .fold(ColumnReport::default(), ColumnReport::plus)
    }
}

impl ColumnReport {
    fn plus(self, other: &ColumnReport) -> ColumnReport {
        ColumnReport {
            figures: self.figures + other.figures,
            zeros: self.zeros + other.zeros,
            primary: self.primary + other.primary,
            complementary: self.complementary + other.complementary,
            derived: self.derived + other.derived,
            already_public: self.already_public + other.already_public,
            weight: self.weight + other.weight,
            weight_lost: self.weight_lost + other.weight_lost,
        }
    }

    /// Share of the information that is lost, 0 to 1.
    pub fn share_lost(&self) -> f64 {
        if self.weight == 0 {
            0.0
        } else {
            self.weight_lost as f64 / self.weight as f64
        }
    }
}

/// Sums up an attack.
pub(super) fn attack_report(problem: &Problem, attack: &Attack) -> AttackReport {
    let mut report = AttackReport {
        false_proofs: attack.false_witnesses,
        ..AttackReport::default()
    };
    let known = problem
        .cells()
        .iter()
        .filter(|cell| cell.visibility == Visibility::Known && cell.need.is_some());
    report.already_public = known.count();
    let exposure = |finding: &Finding| Exposure {
        cell: problem.cells()[finding.cell].id.clone(),
        value: problem.cells()[finding.cell].value,
        proved: finding.proved,
        possible: finding.possible,
        needed: (finding.need.low, finding.need.high, finding.need.width),
        verdict: finding.verdict,
    };
    let mut narrowest: Option<(i64, &Finding)> = None;
    for finding in &attack.findings {
        report.checked += 1;
        report.sensitive += usize::from(finding.is_sensitive);
        match finding.verdict {
            Verdict::Safe => {
                report.safe += 1;
                report.limited += usize::from(finding.is_limited);
                let width = finding
                    .proved
                    .high
                    .unwrap_or(i64::MAX)
                    .saturating_sub(finding.proved.low);
                let is_narrower = narrowest.is_none_or(|(least, _)| width < least);
                if finding.is_sensitive && is_narrower {
                    narrowest = Some((width, finding));
                }
            }
            Verdict::AlreadyPublic => report.already_public += 1,
            Verdict::Exposed | Verdict::Unproven => report.failures.push(exposure(finding)),
        }
    }
    report.narrowest = narrowest.map(|(_, finding)| exposure(finding));
    report
}
