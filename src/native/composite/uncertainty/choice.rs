//! What is chosen in a draw.

use super::super::aggregate::Aggregation;
use super::super::evaluate::{Node, Source, Tree};
use super::super::weights::Weighting;
use super::alternatives::Scale;
use crate::native::random::Random;

/// What could have been chosen otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Factor {
    Weights,
    Normalisation,
    Aggregation,
    Treatment,
    LeaveOneOut,
}

impl Factor {
    /// In the order of the coordinates of a draw.
    pub const ALL: [Self; 5] = [
        Self::Weights,
        Self::Normalisation,
        Self::Aggregation,
        Self::Treatment,
        Self::LeaveOneOut,
    ];

    /// The name in outputs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Weights => "weights",
            Self::Normalisation => "normalisation",
            Self::Aggregation => "aggregation",
            Self::Treatment => "treatment",
            Self::LeaveOneOut => "leave_one_out",
        }
    }
}

/// The choices of one draw.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Choice {
    /// Names the weights; `None` for those of the framework.
    pub weights: Option<u64>,
    pub scale: Scale,
    pub aggregation: Aggregation,
    pub is_winsorised: bool,
    /// Place of the item in the framework.
    pub left_out: Option<usize>,
}

/// The option that a number from 0 up to 1 stands for, each as likely as another.
pub(super) fn option_at<T: Copy>(options: &[T], position: f64) -> Option<T> {
    let place = (position * options.len() as f64) as usize;
    options.get(place).or(options.last()).copied()
}

/// The rules at the top: the framework's own first. Means that take no negative part only where there are none.
pub(super) fn aggregations(own: Aggregation, has_negative: bool) -> Vec<Aggregation> {
    let mut all = vec![own];
    let means = [
        Aggregation::Arithmetic,
        Aggregation::Geometric,
        Aggregation::Harmonic,
    ];
    let fits = |mean: &Aggregation| *mean != own && !(has_negative && mean.needs_non_negative());
    all.extend(means.into_iter().filter(fits));
    all
}

/// Where the weights of draws start from.
pub(super) struct WeightRule<'a> {
    pub tree: &'a Tree<'a>,
    /// Shares of the parts of each node.
    pub shares: Vec<&'a [f64]>,
    pub spread: f64,
    pub seed: u64,
}

impl WeightRule<'_> {
    /// The weights of the parts of each node in a draw. What is left out has none; neither has a node without parts.
    pub fn weights(&self, stream: Option<u64>, left_out: Option<usize>) -> Vec<Vec<f64>> {
        let mut random = stream.map(|stream| Random::new(self.seed, stream));
        let mut all: Vec<Vec<f64>> = Vec::with_capacity(self.shares.len());
        for (node, shares) in self.tree.nodes.iter().zip(&self.shares) {
            let mut moved: Vec<f64> = Vec::with_capacity(shares.len());
            for (child, share) in node.children.iter().zip(*shares) {
                // Every part takes a number, whether it is left out or not, so that no choice depends on another.
                let factor = random.as_mut().map_or(1.0, |random| {
                    1.0 + self.spread * (2.0 * random.unit() - 1.0)
                });
                let is_out = match child.source {
                    Source::Item(item) => left_out == Some(item),
                    Source::Node(below) => all.get(below).is_some_and(|parts| is_empty(parts)),
                };
                moved.push(if is_out { 0.0 } else { share * factor });
            }
            let sum: f64 = moved.iter().sum();
            if sum > 0.0 {
                let full = full_weight(node);
                for share in &mut moved {
                    *share *= full / sum;
                }
            }
            all.push(moved);
        }
        all
    }
}

/// What the weights of a node add up to where it is evaluated; voting rules give their points in it.
fn full_weight(node: &Node<'_>) -> f64 {
    match node.weighting {
        Weighting::Given => node.children.iter().map(|child| child.weight).sum(),
        _ => 1.0,
    }
}

fn is_empty(shares: &[f64]) -> bool {
    shares.iter().all(|share| *share <= 0.0)
}
