//! Where the weights of a node's parts come from (OECD/JRC Handbook, chapter 6).

mod critic;
mod doubt;
mod entropy;
mod factors;

pub use doubt::DoubtBounds;
pub(super) use doubt::frontier_weights;
pub use factors::{FactorAnalysis, FactorKeep, FactorRule, factor_analysis};

/// How the parts of a node are weighted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Weighting {
    /// As the framework says.
    Given,
    /// All alike.
    Equal,
    /// The more the units differ in a part, the more it weighs: Shannon's entropy of its shares.
    Entropy,
    /// Spread of a part times its conflict with the others (Diakoulaki 1995).
    Critic,
    /// Squared loadings of the factors that explain most (Handbook, table 17).
    Factors(FactorRule),
    /// Each unit by the weights that are best for it (Cherchye 2007; data envelopment analysis).
    BenefitOfTheDoubt(DoubtBounds),
}

impl Weighting {
    /// The name in framework files and outputs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Equal => "equal",
            Self::Entropy => "entropy",
            Self::Critic => "critic",
            Self::Factors(_) => "pca",
            Self::BenefitOfTheDoubt(_) => "benefit_of_the_doubt",
        }
    }
}

/// The scores of peers that have all of a node's parts, in an order of their own, so that sums do not depend on the
/// order of rows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Complete {
    /// One list a part.
    pub columns: Vec<Vec<f64>>,
}

impl Complete {
    pub fn new(columns: &[&[Option<f64>]], peers: &[bool]) -> Self {
        let mut rows: Vec<Vec<f64>> = Vec::new();
        for (place, is_peer) in peers.iter().enumerate() {
            let cells = columns
                .iter()
                .map(|column| column.get(place).copied().flatten());
            let row: Option<Vec<f64>> = cells.collect();
            rows.extend(row.filter(|_| *is_peer));
        }
        rows.sort_by(|a, b| compare_rows(a, b));
        let column = |place: usize| -> Vec<f64> {
            let cells = rows.iter().filter_map(|row| row.get(place));
            cells.copied().collect()
        };
        Self {
            columns: (0..columns.len()).map(column).collect(),
        }
    }

    fn rows(&self) -> usize {
        self.columns.first().map_or(0, Vec::len)
    }
}

fn compare_rows(left: &[f64], right: &[f64]) -> std::cmp::Ordering {
    let pairs = left.iter().zip(right);
    let mut differences = pairs.map(|(a, b)| a.total_cmp(b));
    differences
        .find(|order| order.is_ne())
        .unwrap_or(std::cmp::Ordering::Equal)
}

/// The weights that all units share; those given where they are given, shares that add up to 1 otherwise.
/// The benefit of the doubt has no shared weights and gives equal ones, for coverage.
///
/// # Errors
/// Why the scores give no weights.
pub(super) fn shared_weights(
    weighting: Weighting,
    given: &[f64],
    data: &Complete,
) -> Result<Vec<f64>, &'static str> {
    if let Weighting::Entropy | Weighting::Critic | Weighting::Factors(_) = weighting
        && data.rows() < 2
    {
        return Err("fewer than two units have all of its parts");
    }
    match weighting {
        Weighting::Given => Ok(given.to_vec()),
        Weighting::Equal | Weighting::BenefitOfTheDoubt(_) => {
            Ok(vec![1.0 / given.len().max(1) as f64; given.len()])
        }
        Weighting::Entropy => entropy::weights(&data.columns),
        Weighting::Critic => critic::weights(&data.columns),
        Weighting::Factors(rule) => factor_analysis(&data.columns, rule)
            .map(|analysis| analysis.weights)
            .ok_or("a part does not differ between units, so it has no correlation"),
    }
}

/// Parts as shares of their sum; `None` where there is nothing to share.
fn shares(parts: Vec<f64>) -> Option<Vec<f64>> {
    let sum: f64 = parts.iter().sum();
    (sum > 0.0 && sum.is_finite()).then(|| parts.into_iter().map(|part| part / sum).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_peers_with_all_parts_count_in_any_order() {
        let first = [Some(2.0), Some(1.0), None, Some(9.0)];
        let second = [Some(5.0), Some(7.0), Some(1.0), Some(9.0)];
        let data = Complete::new(&[&first, &second], &[true, true, true, false]);
        assert_eq!(data.columns, [[1.0, 2.0], [7.0, 5.0]]);
    }

    #[test]
    fn too_few_units_give_no_weights() {
        let data = Complete::new(&[&[Some(1.0)]], &[true]);
        assert!(shared_weights(Weighting::Entropy, &[1.0], &data).is_err());
        assert_eq!(
            shared_weights(Weighting::Given, &[3.0], &data),
            Ok(vec![3.0])
        );
        let equal = shared_weights(Weighting::Equal, &[3.0, 1.0], &data);
        assert_eq!(equal, Ok(vec![0.5, 0.5]));
    }
}
