//! What a composite index is made of: the tree index → dimensions → items, and the rules that turn scores into grades.

use super::aggregate::Aggregation;
use super::integrity::IntegrityRule;
use super::normalise::{Direction, Normalisation};
use super::treat::Treatment;
use super::uncertainty::UncertaintyRule;
use super::weights::Weighting;

/// A name for people, in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Title {
    pub zh: String,
    pub en: String,
}

/// What an absent item value does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MissingRule {
    /// The available items carry the weight of the missing ones. A dimension counts in the index with the part of
    /// its weight that its available items hold, so that an arithmetic tree whose item weights add up to their
    /// dimension's weight scores Σ w·x / Σ w over the available items.
    AvailableWeights,
    /// A dimension with a missing item has no score, an index with such a dimension neither.
    Complete,
    /// The median of the peers of the unit's group stands in, of all peers where the group has none. Coverage counts
    /// what was there before. What still has no value is left to the available weights.
    GroupMedian,
}

/// The lowest total that earns a grade.
#[derive(Debug, Clone, PartialEq)]
pub struct Grade {
    pub id: String,
    pub title: Title,
    /// Inclusive; `None` for the last grade, which takes all that is left.
    pub minimum: Option<f64>,
}

/// One indicator.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    pub id: String,
    pub title: Title,
    /// Column of a table that holds the values, where it is not called by the id.
    pub column: Option<String>,
    /// Greater than 0, relative to the other items of the dimension.
    pub weight: f64,
    pub direction: Direction,
    pub treatment: Treatment,
    pub normalisation: Normalisation,
    /// Values above this quantile of the peers' values (0 to 1, linear interpolation) count as that quantile, so that
    /// going beyond one's peers earns nothing more.
    pub peer_cap: Option<f64>,
    /// Tables the value is computed from, for readers.
    pub source: Option<String>,
    pub reading: Reading,
}

/// What readers are told of an item's values; it moves no number.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// What the value is.
    pub description: Option<Title>,
    pub unit: ValueUnit,
    /// What stands above and below the line.
    pub fraction: Option<Title>,
    pub fraction_unit: FractionUnit,
}

/// Unit of an item's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ValueUnit {
    /// A number without a unit that is known.
    #[default]
    Number,
    /// A share of 1, shown in percent.
    Share,
    /// Points of a rating.
    Rating,
    /// Cases per thousand.
    PerThousand,
}

/// Unit of the two numbers that an item's value is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FractionUnit {
    #[default]
    Count,
    Seconds,
    Microseconds,
}

/// A group of items.
#[derive(Debug, Clone, PartialEq)]
pub struct Dimension {
    pub id: String,
    pub title: Title,
    /// Greater than 0, relative to the other dimensions.
    pub weight: f64,
    pub aggregation: Aggregation,
    /// Weights of places for [`Aggregation::OrderedWeighted`], the best item first; else empty.
    pub ordered_weights: Vec<f64>,
    /// Where the weights of the items come from.
    pub weighting: Weighting,
    pub items: Vec<Item>,
    /// Line of the framework file, for checks made after reading.
    pub line: usize,
}

impl Dimension {
    /// Sum of the item weights, in the file's order.
    pub fn item_weight(&self) -> f64 {
        self.items.iter().map(|item| item.weight).sum()
    }
}

/// A level between dimensions and index: a group of dimensions or of other branches.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch {
    pub id: String,
    pub title: Title,
    /// Greater than 0, relative to the other members of what it belongs to.
    pub weight: f64,
    pub aggregation: Aggregation,
    pub ordered_weights: Vec<f64>,
    pub weighting: Weighting,
    /// Ids of dimensions and of branches that stand before this one.
    pub members: Vec<String>,
    pub line: usize,
}

/// A whole framework, as read by [`Framework::parse`].
#[derive(Debug, Clone, PartialEq)]
pub struct Framework {
    pub id: String,
    pub title: Title,
    /// Dimensions to index.
    pub aggregation: Aggregation,
    pub ordered_weights: Vec<f64>,
    pub weighting: Weighting,
    /// Points that stand for the whole of a share: 100, or 1 for an index from 0 to 1.
    pub scale: f64,
    pub missing: MissingRule,
    /// Column of a table with the group whose median stands in.
    pub peer_group: Option<String>,
    /// Share of the weight (0 to 1) that must be available for a grade and a rank.
    pub minimum_coverage: f64,
    /// Totals equal at this many decimals share a rank.
    pub rank_decimals: u32,
    /// Without one the total is the score.
    pub integrity: Option<IntegrityRule>,
    /// How much ranks and grades depend on choices; `None` leaves the analysis out.
    pub uncertainty: Option<UncertaintyRule>,
    /// From the best to the worst; empty for an index without grades.
    pub grades: Vec<Grade>,
    pub dimensions: Vec<Dimension>,
    /// Levels between dimensions and index; members stand before what they are members of.
    pub branches: Vec<Branch>,
    /// Whether the file has items and no dimensions: the one dimension is then the index itself.
    pub is_flat: bool,
    /// blake3 of the file's content without comments, spacing, key order and titles; 16 hex digits.
    pub config_hash: String,
}

impl Framework {
    /// All items with their dimension, in the file's order: the order of every per-item list of an evaluation.
    pub fn items(&self) -> impl Iterator<Item = (&Dimension, &Item)> {
        self.dimensions
            .iter()
            .flat_map(|dimension| dimension.items.iter().map(move |item| (dimension, item)))
    }

    /// The columns that scores are told in beside the index: dimensions, then branches; none of a flat framework.
    pub fn node_ids(&self) -> Vec<&str> {
        if self.is_flat {
            return Vec::new();
        }
        let dimensions = self
            .dimensions
            .iter()
            .map(|dimension| dimension.id.as_str());
        dimensions
            .chain(self.branches.iter().map(|branch| branch.id.as_str()))
            .collect()
    }
}
