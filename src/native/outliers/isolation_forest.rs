//! Isolation forest: rows that random cuts set apart early are unusual.
//!
//! Source: F. T. Liu, K. M. Ting and Z.-H. Zhou, *Isolation Forest* (IEEE International Conference on Data Mining,
//! 2008): trees over small samples drawn without replacement, each cut at a random point of a random feature, no deeper
//! than ⌈log₂ of the sample⌉; the score is 2^(−mean path length / expected path length), near 1 for rows that stand
//! alone and below 1/2 for ordinary ones. As in scikit-learn, features without spread in a node are not drawn there.

use std::collections::BTreeSet;
use std::ops::Range;

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

/// Rows that go through a tree side by side: few enough for the processor's nearest memory.
const ROWS_TOGETHER: usize = 64;

/// A cut. Rows with `feature` up to `threshold` go to the node `first`, the others to the node after it. Who has come to a
/// leaf stays there: its threshold is infinite and `first` is itself.
#[derive(Clone, Copy)]
struct Cut {
    threshold: f64,
    feature: usize,
    first: usize,
}

/// A tree in one piece of memory, the root first.
#[derive(Default)]
struct Tree {
    cuts: Vec<Cut>,
    /// Of each leaf the length of the paths that end there: the depth, and what a tree over the rows left would add on average.
    lengths: Vec<f64>,
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
    let deepest = sample.next_power_of_two().trailing_zeros();
    let trees: Vec<Tree> = (0..options.trees.max(1))
        .into_par_iter()
        .map(|tree| {
            let mut random = Random::new(options.seed, u64::from(tree));
            let sampled = draw(rows, sample, &mut random);
            let mut tree = Tree::default();
            let root = tree.leaf();
            grow(&mut tree, root, features, sampled, 0, deepest, &mut random);
            tree
        })
        .collect();
    let starts = (0..rows.div_ceil(ROWS_TOGETHER)).into_par_iter();
    let sums = starts.flat_map_iter(|block| {
        let start = block * ROWS_TOGETHER;
        sums_of_paths(
            &trees,
            features,
            start..rows.min(start + ROWS_TOGETHER),
            deepest,
        )
    });
    sums.map(|sum| (-(sum / trees.len() as f64) / expected).exp2())
        .collect()
}

/// For each of some rows the sum of its path lengths, tree after tree.
fn sums_of_paths(
    trees: &[Tree],
    features: &Features,
    rows: Range<usize>,
    deepest: u32,
) -> Vec<f64> {
    let width = features.columns().len();
    let values: Vec<f64> = rows
        .clone()
        .flat_map(|row| (0..width).map(move |feature| value_at(features, feature, row)))
        .collect();
    let mut sums = vec![0.0; rows.len()];
    let mut places = vec![0; rows.len()];
    for tree in trees {
        places.fill(0);
        // No step waits for that of another row, and none is foretold wrongly.
        for _ in 0..deepest {
            for (place, row) in places.iter_mut().zip(values.chunks_exact(width.max(1))) {
                if let Some(cut) = tree.cuts.get(*place)
                    && let Some(value) = row.get(cut.feature)
                {
                    *place = cut.first + usize::from(*value > cut.threshold);
                }
            }
        }
        for (sum, place) in sums.iter_mut().zip(&places) {
            *sum += tree.lengths.get(*place).copied().unwrap_or_default();
        }
    }
    sums
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

impl Tree {
    /// A new leaf.
    fn leaf(&mut self) -> usize {
        let place = self.cuts.len();
        self.cuts.push(Cut {
            threshold: f64::INFINITY,
            feature: 0,
            first: place,
        });
        self.lengths.push(0.0);
        place
    }
}

/// Grows what stands at `place`, which is a leaf.
fn grow(
    tree: &mut Tree,
    place: usize,
    features: &Features,
    rows: Vec<usize>,
    depth: u32,
    deepest: u32,
    random: &mut Random,
) {
    if let Some(length) = tree.lengths.get_mut(place) {
        *length = f64::from(depth) + expected_path(rows.len());
    }
    if depth >= deepest || rows.len() < 2 {
        return;
    }
    let ranges = ranges(features, &rows);
    let Some((feature, low, high)) = ranges.get(random.below(ranges.len())).copied() else {
        return;
    };
    let threshold = point_between(low, high, random.unit());
    let (lower, upper) = rows
        .into_iter()
        .partition(|row| value_at(features, feature, *row) <= threshold);
    let (first, second) = (tree.leaf(), tree.leaf());
    if let Some(cut) = tree.cuts.get_mut(place) {
        *cut = Cut {
            threshold,
            feature,
            first,
        };
    }
    grow(tree, first, features, lower, depth + 1, deepest, random);
    grow(tree, second, features, upper, depth + 1, deepest, random);
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
