//! Weights by principal components or rotated factors (OECD/JRC Handbook, section 6.1, tables 16 to 18, after Nicoletti,
//! Scarpetta & Boylaud 2000): each item counts with its squared loading on the factor where its share is largest,
//! as a share of what that factor explains, times the factor's part of what all factors explain.

use super::super::linear::{correlations, eigen, sum_of_squares, varimax};
use super::shares;

/// How many factors are kept; at least one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FactorKeep {
    /// So many.
    Count(usize),
    /// Those that explain more than this share of the variance each (0.1 in the Handbook).
    Share(f64),
    /// Those with an eigenvalue above this (Kaiser: 1).
    Eigenvalue(f64),
}

/// How factors give weights.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FactorRule {
    pub keep: FactorKeep,
    /// Whether the kept factors are rotated by varimax.
    pub varimax: bool,
}

/// What a factor analysis of the correlations finds.
#[derive(Debug, Clone, PartialEq)]
pub struct FactorAnalysis {
    /// All, in descending order; they add up to the number of items.
    pub eigenvalues: Vec<f64>,
    /// Loadings of all items on each component.
    pub components: Vec<Vec<f64>>,
    /// Loadings of all items on each kept factor, rotated if the rule says so.
    pub factors: Vec<Vec<f64>>,
    /// Share of each item's variance that the kept factors explain.
    pub communalities: Vec<f64>,
    /// Shares that add up to 1.
    pub weights: Vec<f64>,
}

/// Analyses columns without gaps; `None` if one of them has no spread.
pub fn factor_analysis(columns: &[Vec<f64>], rule: FactorRule) -> Option<FactorAnalysis> {
    if columns.iter().any(|column| sum_of_squares(column) <= 0.0) {
        return None;
    }
    let found = eigen(&correlations(columns));
    let components: Vec<Vec<f64>> = found
        .values
        .iter()
        .zip(found.vectors)
        .map(|(value, vector)| {
            let scale = value.max(0.0).sqrt();
            vector.into_iter().map(|part| part * scale).collect()
        })
        .collect();
    let kept = kept(&found.values, rule.keep);
    let plain: Vec<Vec<f64>> = components.iter().take(kept).cloned().collect();
    let factors = if rule.varimax { varimax(&plain) } else { plain };
    let communalities = (0..columns.len())
        .map(|item| {
            loadings_of(&factors, item)
                .map(|loading| loading * loading)
                .sum()
        })
        .collect();
    Some(FactorAnalysis {
        weights: weights(&factors, columns.len())?,
        eigenvalues: found.values,
        components,
        factors,
        communalities,
    })
}

fn kept(eigenvalues: &[f64], keep: FactorKeep) -> usize {
    let all = eigenvalues.len();
    let above = |limit: f64| eigenvalues.iter().filter(|value| **value > limit).count();
    let count = match keep {
        FactorKeep::Count(count) => count.min(all),
        FactorKeep::Share(share) => above(share * all as f64),
        FactorKeep::Eigenvalue(limit) => above(limit),
    };
    count.max(1)
}

fn loadings_of(factors: &[Vec<f64>], item: usize) -> impl Iterator<Item = f64> {
    factors
        .iter()
        .map(move |factor| factor.get(item).copied().unwrap_or(0.0))
}

fn weights(factors: &[Vec<f64>], items: usize) -> Option<Vec<f64>> {
    let explained: Vec<f64> = factors
        .iter()
        .map(|factor| factor.iter().map(|loading| loading * loading).sum())
        .collect();
    let weight = |item: usize| {
        let mut best = (0.0, 0.0);
        for (loading, explained) in loadings_of(factors, item).zip(&explained) {
            let share = if *explained > 0.0 {
                loading * loading / explained
            } else {
                0.0
            };
            if share > best.0 {
                best = (share, *explained);
            }
        }
        best.0 * best.1
    };
    shares((0..items).map(weight).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_groups_of_items_are_two_factors() {
        let columns = [
            vec![1.0, 2.0, 3.0, 4.0, 5.0],
            vec![1.1, 2.0, 3.2, 3.9, 5.0],
            vec![2.0, -1.0, -2.0, -1.0, 2.0],
            vec![2.1, -1.0, -2.0, -1.2, 2.0],
        ];
        let rule = |keep| FactorRule {
            keep,
            varimax: true,
        };
        let analysis = factor_analysis(&columns, rule(FactorKeep::Share(0.1))).unwrap();
        assert_eq!(analysis.factors.len(), 2);
        let sum: f64 = analysis.eigenvalues.iter().sum();
        assert!((sum - 4.0).abs() < 1e-12);
        assert!(analysis.communalities.iter().all(|share| *share > 0.99));
        assert!(
            analysis
                .weights
                .iter()
                .all(|weight| (weight - 0.25).abs() < 0.01)
        );
        let one = factor_analysis(&columns, rule(FactorKeep::Count(1))).unwrap();
        assert_eq!(one.factors.len(), 1);
        let kaiser = factor_analysis(&columns, rule(FactorKeep::Eigenvalue(1.0))).unwrap();
        assert_eq!(kaiser.factors.len(), 2);
        assert!(factor_analysis(&[vec![1.0, 1.0]], rule(FactorKeep::Count(1))).is_none());
    }
}
