//! Isolation forest: rows that random cuts set apart early are unusual.
//!
//! Source: F. T. Liu, K. M. Ting and Z.-H. Zhou, *Isolation Forest* (IEEE International Conference on Data Mining,
//! 2008): trees over small samples drawn without replacement, each cut at a random point of a random feature, no deeper
//! than ⌈log₂ of the sample⌉; the score is 2^(−mean path length / expected path length), near 1 for rows that stand
//! alone and below 1/2 for ordinary ones. As in scikit-learn, features without spread in a node are not drawn there.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::Features;
use crate::native::random::Random;

/// How a forest is grown. The paper's choice, 100 trees over 256 rows each, is the default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ForestOptions {
    /// Number of trees; 0 counts as 1.
    pub trees: u32,
    /// Rows in the sample of each tree; all rows if there are no more.
    pub sample: usize,
    /// What all random choices come from.
    pub seed: u64,
}

impl Default for ForestOptions {
    fn default() -> Self {
        Self {
            trees: 100,
            sample: 256,
            seed: 0,
        }
    }
}

enum Node {
    /// Length of the paths that end here: the depth, and what a tree over the rows left would add on average.
    Leaf(f64),
    /// Rows with `feature` up to `threshold` go to the first child, the others to the second.
    Cut {
        feature: usize,
        threshold: f64,
        children: Box<[Node; 2]>,
    },
}

/// The score of each row, from 0 to 1: the larger, the more unusual. 1/2 for all if fewer than two rows are sampled.
///
/// The result depends on the features, the order of rows and features and the options alone, not on the number of
/// threads. Rows must come in an order of their own (by their key, say): samples are drawn by position.
pub fn isolation_forest(features: &Features, options: ForestOptions) -> Vec<f64> {
    let rows = features.rows();
    let sample = options.sample.min(rows);
    let expected = expected_path(sample);
    if expected == 0.0 {
        return vec![0.5; rows];
    }
    let trees: Vec<Node> = (0..options.trees.max(1))
        .into_par_iter()
        .map(|tree| {
            let mut random = Random::new(options.seed, u64::from(tree));
            let sampled = draw(rows, sample, &mut random);
            let depth = sample.next_power_of_two().trailing_zeros();
            grow(features, sampled, 0, depth, &mut random)
        })
        .collect();
    let score = |row: usize| {
        let value = |feature: usize| value_at(features, feature, row);
        let sum: f64 = trees.iter().map(|tree| path(tree, value)).sum();
        (-(sum / trees.len() as f64) / expected).exp2()
    };
    (0..rows).into_par_iter().map(score).collect()
}

/// `sample` of the numbers below `rows`, each set as likely as another (R. Floyd's algorithm, Communications of the
/// ACM 30, 1987).
fn draw(rows: usize, sample: usize, random: &mut Random) -> Vec<usize> {
    let mut drawn = BTreeSet::new();
    for last in rows - sample..rows {
        if !drawn.insert(random.below(last + 1)) {
            drawn.insert(last);
        }
    }
    drawn.into_iter().collect()
}

fn grow(
    features: &Features,
    rows: Vec<usize>,
    depth: u32,
    deepest: u32,
    random: &mut Random,
) -> Node {
    let leaf = Node::Leaf(f64::from(depth) + expected_path(rows.len()));
    if depth >= deepest || rows.len() < 2 {
        return leaf;
    }
    let ranges = ranges(features, &rows);
    let Some((feature, low, high)) = ranges.get(random.below(ranges.len())).copied() else {
        return leaf;
    };
    let threshold = point_between(low, high, random.unit());
    let (first, second) = rows
        .into_iter()
        .partition(|row| value_at(features, feature, *row) <= threshold);
    let first = grow(features, first, depth + 1, deepest, random);
    let second = grow(features, second, depth + 1, deepest, random);
    Node::Cut {
        feature,
        threshold,
        children: Box::new([first, second]),
    }
}

/// Features with any spread among the rows, with their smallest and largest value.
fn ranges(features: &Features, rows: &[usize]) -> Vec<(usize, f64, f64)> {
    let range = |feature: usize| {
        let values = rows.iter().map(|row| value_at(features, feature, *row));
        let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(value), high.max(value))
        });
        (low < high).then_some((feature, low, high))
    };
    (0..features.columns().len()).filter_map(range).collect()
}

/// A point from `low` up to, but not including, `high`, so that both sides of the cut have rows.
fn point_between(low: f64, high: f64, share: f64) -> f64 {
    let point = (low * (1.0 - share) + high * share).max(low);
    if point < high { point } else { low }
}

fn value_at(features: &Features, feature: usize, row: usize) -> f64 {
    let value = features
        .columns()
        .get(feature)
        .and_then(|column| column.get(row));
    value.copied().unwrap_or(0.0)
}

fn path(tree: &Node, value: impl Fn(usize) -> f64) -> f64 {
    let mut node = tree;
    loop {
        match node {
            Node::Leaf(length) => return *length,
            Node::Cut {
                feature,
                threshold,
                children,
            } => {
                let [first, second] = children.as_ref();
                node = if value(*feature) <= *threshold {
                    first
                } else {
                    second
                };
            }
        }
    }
}

/// c(n) of the paper: the mean length of an unsuccessful search in a binary search tree of n nodes.
fn expected_path(rows: usize) -> f64 {
    const EULER: f64 = 0.577_215_664_901_532_9;
    match rows {
        0 | 1 => 0.0,
        2 => 1.0,
        _ => {
            let rows = rows as f64;
            2.0 * ((rows - 1.0).ln() + EULER) - 2.0 * (rows - 1.0) / rows
        }
    }
}

#[cfg(test)]
mod tests;
