//! One evaluation with everything that its draws start from.

use std::collections::BTreeMap;

use super::super::aggregate::Aggregation;
use super::super::evaluate::{Evaluation, Tree, Unit, earned_place};
use super::super::framework::Framework;
use super::super::ranking::rank_descending;
use super::UncertaintyRule;
use super::alternatives::{Alternatives, SCALES, Scale};
use super::choice::{Choice, WeightRule, aggregations, option_at};
use super::evaluator::Evaluator;
use super::level::Level;

/// A ranked unit.
pub(super) struct Participant {
    /// Place among all units.
    pub unit: usize,
    pub rank: u32,
    /// Place among the framework's grades.
    pub grade: Option<usize>,
    integrity: Option<f64>,
    is_vetoed: bool,
}

/// The result of one draw, one entry for each participant.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Drawn {
    pub ranks: Vec<u32>,
    pub grades: Vec<Option<usize>>,
}

/// What draws start from.
pub(super) struct Study<'a> {
    framework: &'a Framework,
    pub rule: UncertaintyRule,
    pub participants: Vec<Participant>,
    tree: Tree<'a>,
    shares: Vec<&'a [f64]>,
    peers: Vec<bool>,
    alternatives: Alternatives,
    top: usize,
    aggregations: Vec<Aggregation>,
    /// Of the participants' published scores.
    level: Option<Level>,
}

impl<'a> Study<'a> {
    /// `None` without ranked units, and where units choose their own weights.
    pub fn new(
        framework: &'a Framework,
        rule: UncertaintyRule,
        units: &[Unit],
        groups: &BTreeMap<String, String>,
        evaluation: &'a Evaluation,
    ) -> Option<Self> {
        let participants = participants(framework, units, evaluation);
        let nodes = &evaluation.weights;
        if participants.is_empty() || nodes.iter().any(|node| !node.by_unit.is_empty()) {
            return None;
        }
        let tree = Tree::of(framework);
        // The index of a flat framework only hands its one dimension on.
        let last = tree.nodes.len().checked_sub(1)?;
        let top = if framework.is_flat { 0 } else { last };
        let own = tree.nodes.get(top)?.aggregation;
        let alternatives = Alternatives::new(framework, units, groups, evaluation);
        let scores = participants
            .iter()
            .filter_map(|one| evaluation.units.get(one.unit)?.score);
        Some(Self {
            framework,
            rule,
            level: Level::of(scores),
            participants,
            tree,
            shares: nodes.iter().map(|node| node.shares.as_slice()).collect(),
            peers: units.iter().map(|unit| unit.sample_ok).collect(),
            aggregations: aggregations(own, alternatives.has_negative()),
            alternatives,
            top,
        })
    }

    /// The choices that a point stands for: one coordinate for each of [`super::Factor::ALL`].
    pub fn choice(&self, point: &[f64]) -> Choice {
        let coordinate = |place: usize| point.get(place).copied().unwrap_or_default();
        let items = self.framework.items().count();
        let item = (coordinate(4) * (items + 1) as f64) as usize;
        Choice {
            weights: Some(coordinate(0).to_bits()),
            scale: option_at(&SCALES, coordinate(1)).unwrap_or(Scale::Own),
            aggregation: option_at(&self.aggregations, coordinate(2))
                .unwrap_or(Aggregation::Arithmetic),
            is_winsorised: option_at(&[false, true], coordinate(3)).unwrap_or(false),
            // An only item cannot be left out.
            left_out: (items > 1 && item < items).then_some(item),
        }
    }

    /// The choices of the framework itself.
    #[cfg(test)]
    pub fn own_choice(&self) -> Choice {
        Choice {
            weights: None,
            scale: Scale::Own,
            aggregation: self.aggregations[0],
            is_winsorised: false,
            left_out: None,
        }
    }

    /// The draw at a point.
    pub fn draw(&self, point: &[f64]) -> Drawn {
        self.apply(self.choice(point))
    }

    /// What would have been published after these choices.
    pub fn apply(&self, choice: Choice) -> Drawn {
        let totals = self.totals(choice);
        let ranks = rank_descending(&totals, self.framework.rank_decimals);
        let scored = totals.iter().flatten().count();
        // A unit that loses its score stands behind all others.
        let last = u32::try_from(scored + 1).unwrap_or(u32::MAX);
        let grade = |(one, total): (&Participant, &Option<f64>)| {
            if one.is_vetoed {
                return one.grade;
            }
            total.and_then(|total| earned_place(self.framework, total))
        };
        Drawn {
            ranks: ranks.into_iter().map(|rank| rank.unwrap_or(last)).collect(),
            grades: self.participants.iter().zip(&totals).map(grade).collect(),
        }
    }

    /// Mean over the participants of how many places a draw moves them.
    pub fn mean_shift(&self, drawn: &Drawn) -> f64 {
        let pairs = self.participants.iter().zip(&drawn.ranks);
        let sum: u64 = pairs
            .map(|(one, rank)| u64::from(one.rank.abs_diff(*rank)))
            .sum();
        sum as f64 / self.participants.len() as f64
    }

    fn totals(&self, choice: Choice) -> Vec<Option<f64>> {
        let weights = WeightRule {
            tree: &self.tree,
            shares: self.shares.clone(),
            spread: self.rule.weight_spread,
            seed: self.rule.seed,
        };
        let evaluator = Evaluator {
            tree: &self.tree,
            top: self.top,
            missing: self.framework.missing,
            scale: self.framework.scale,
            peers: &self.peers,
        };
        let scores = evaluator.scores(
            self.alternatives
                .columns(choice.is_winsorised, choice.scale),
            &weights.weights(choice.weights, choice.left_out),
            choice.aggregation,
        );
        let mut scores: Vec<Option<f64>> = self
            .participants
            .iter()
            .map(|one| scores.get(one.unit).copied().flatten())
            .collect();
        if self.changes_level(choice)
            && let Some(level) = self.level
            && let Some(drawn) = Level::of(scores.iter().flatten().copied())
        {
            for score in scores.iter_mut().flatten() {
                *score = drawn.brought_to(level, *score);
            }
        }
        let pairs = self.participants.iter().zip(scores);
        pairs
            .map(
                |(one, score)| match (self.framework.integrity, one.integrity) {
                    (Some(rule), Some(integrity)) => Some(rule.total(score?, integrity)),
                    _ => score,
                },
            )
            .collect()
    }

    /// Whether points mean something else than in the published scores.
    fn changes_level(&self, choice: Choice) -> bool {
        let own = self.aggregations.first().copied();
        let replaced = own.is_some_and(|own| own.compares_units() && own != choice.aggregation);
        choice.scale != Scale::Own || replaced
    }
}

fn participants(
    framework: &Framework,
    units: &[Unit],
    evaluation: &Evaluation,
) -> Vec<Participant> {
    let pairs = units.iter().zip(&evaluation.units).enumerate();
    let participant = |(place, (unit, result)): (usize, (&Unit, &_))| {
        let result: &super::super::evaluate::UnitResult = result;
        let is_vetoed = !unit.vetoes.is_empty();
        let grade = if is_vetoed {
            framework.grades.len().checked_sub(1)
        } else {
            earned_place(framework, result.total?)
        };
        Some(Participant {
            unit: place,
            rank: result.rank?,
            grade,
            integrity: result.integrity,
            is_vetoed,
        })
    };
    pairs.filter_map(participant).collect()
}
