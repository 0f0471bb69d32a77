//! How a node is put together: aggregation and weights.

use super::super::aggregate::Aggregation;
use super::super::document::Section;
use super::super::weights::{DoubtBounds, FactorKeep, FactorRule, Weighting};
use super::Reader;

const AGGREGATIONS: [(&str, Aggregation); 7] = [
    ("arithmetic", Aggregation::Arithmetic),
    ("geometric", Aggregation::Geometric),
    ("harmonic", Aggregation::Harmonic),
    ("owa", Aggregation::OrderedWeighted),
    ("borda", Aggregation::Borda),
    ("copeland", Aggregation::Copeland),
    ("topsis", Aggregation::Topsis),
];

#[derive(Clone, Copy)]
enum Method {
    Given,
    Equal,
    Entropy,
    Critic,
    Factors,
    Doubt,
}

const METHODS: [(&str, Method); 6] = [
    ("given", Method::Given),
    ("equal", Method::Equal),
    ("entropy", Method::Entropy),
    ("critic", Method::Critic),
    ("pca", Method::Factors),
    ("benefit_of_the_doubt", Method::Doubt),
];

const ROTATIONS: [(&str, bool); 2] = [("varimax", true), ("none", false)];
const SHARES: [(&str, bool); 2] = [("weights", false), ("score", true)];
/// Each factor kept explains more than a tenth (Handbook, section 4.1).
const DEFAULT_KEEP: FactorKeep = FactorKeep::Share(0.1);

/// The rule of a node while it is read.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    pub aggregation: Aggregation,
    pub ordered_weights: Vec<f64>,
    pub weighting: Weighting,
}

impl Rule {
    pub fn plain() -> Self {
        Self {
            aggregation: Aggregation::Arithmetic,
            ordered_weights: Vec::new(),
            weighting: Weighting::Given,
        }
    }

    /// Whether parts below 0 have no meaning here.
    pub fn needs_non_negative(&self) -> bool {
        let by_shares = matches!(
            self.weighting,
            Weighting::Entropy | Weighting::BenefitOfTheDoubt(_)
        );
        by_shares || self.aggregation.needs_non_negative()
    }
}

impl Reader {
    pub(super) fn rule(&mut self, section: &mut Section<'_, '_>) -> Rule {
        let (aggregation, ordered_weights) = self.aggregation(section);
        let weighting = self.weighting(section).unwrap_or(Weighting::Given);
        let is_doubt = matches!(weighting, Weighting::BenefitOfTheDoubt(_));
        if is_doubt && aggregation != Aggregation::Arithmetic {
            let message = "the benefit of the doubt is for arithmetic means";
            section.mistake(&mut self.report, message);
        }
        Rule {
            aggregation,
            ordered_weights,
            weighting,
        }
    }

    fn aggregation(&mut self, section: &mut Section<'_, '_>) -> (Aggregation, Vec<f64>) {
        let fallback = self.fallback(Aggregation::Arithmetic);
        let found = section.method("aggregation", &AGGREGATIONS, fallback, &mut self.report);
        let Some((aggregation, mut parameters)) = found else {
            return (Aggregation::Arithmetic, Vec::new());
        };
        let mut places = Vec::new();
        if aggregation == Aggregation::OrderedWeighted {
            places = parameters.numbers("weights", &mut self.report);
            let sum: f64 = places.iter().sum();
            if places.iter().any(|weight| *weight < 0.0) || sum <= 0.0 {
                let message = "`owa` needs `weights` of its places, the best part first: \
                               { method = \"owa\", weights = [0.5, 0.3, 0.2] }";
                parameters.mistake(&mut self.report, message);
            }
            for weight in &mut places {
                *weight /= sum;
            }
        }
        parameters.finish(&mut self.report);
        (aggregation, places)
    }

    /// `None` after a mistake.
    fn weighting(&mut self, section: &mut Section<'_, '_>) -> Option<Weighting> {
        let given = Some(Method::Given);
        let (method, mut parameters) =
            section.method("weights", &METHODS, given, &mut self.report)?;
        let weighting = match method {
            Method::Given => Weighting::Given,
            Method::Equal => Weighting::Equal,
            Method::Entropy => Weighting::Entropy,
            Method::Critic => Weighting::Critic,
            Method::Factors => Weighting::Factors(self.factors(&mut parameters)),
            Method::Doubt => Weighting::BenefitOfTheDoubt(self.bounds(&mut parameters)),
        };
        parameters.finish(&mut self.report);
        Some(weighting)
    }

    fn factors(&mut self, parameters: &mut Section<'_, '_>) -> FactorRule {
        let mut given = Vec::new();
        if let Some(found) = parameters.optional_number("components", &mut self.report) {
            if found.value.fract() != 0.0 || found.value < 1.0 {
                let message = "`components` must be a whole number from 1";
                self.report.add(found.line, message);
            }
            given.push(FactorKeep::Count(found.value as usize));
        }
        let share = parameters.optional_number("minimum_share", &mut self.report);
        given.extend(share.map(|found| FactorKeep::Share(found.value)));
        let eigenvalue = parameters.optional_number("minimum_eigenvalue", &mut self.report);
        given.extend(eigenvalue.map(|found| FactorKeep::Eigenvalue(found.value)));
        if given.len() > 1 {
            let message =
                "only one of `components`, `minimum_share`, `minimum_eigenvalue` can rule";
            parameters.mistake(&mut self.report, message);
        }
        let rotation = parameters.choice("rotation", &ROTATIONS, Some(true), &mut self.report);
        FactorRule {
            keep: given.first().copied().unwrap_or(DEFAULT_KEEP),
            varimax: rotation.unwrap_or(true),
        }
    }

    fn bounds(&mut self, parameters: &mut Section<'_, '_>) -> DoubtBounds {
        let mut share = |key: &'static str, fallback: f64| {
            let Some(found) = parameters.optional_number(key, &mut self.report) else {
                return fallback;
            };
            if !(0.0..=1.0).contains(&found.value) {
                let message = format!("`{key}` is a share, between 0 and 1");
                self.report.add(found.line, message);
            }
            found.value
        };
        let (minimum, maximum) = (share("minimum", 0.0), share("maximum", 1.0));
        if minimum > maximum {
            parameters.mistake(&mut self.report, "`minimum` is above `maximum`");
        }
        let of_score = parameters.choice("share_of", &SHARES, Some(false), &mut self.report);
        DoubtBounds {
            minimum,
            maximum,
            of_score: of_score.unwrap_or(false),
        }
    }

    /// What the number of a node's parts must fit.
    pub(super) fn check_parts(&mut self, rule: &Rule, parts: usize, section: &Section<'_, '_>) {
        let places = rule.ordered_weights.len();
        if places > 0 && places != parts {
            let message = format!("`owa` has weights of {places} places for {parts} parts");
            section.mistake(&mut self.report, &message);
        }
        if let Weighting::BenefitOfTheDoubt(bounds) = rule.weighting {
            let parts = parts as f64;
            if bounds.minimum * parts > 1.0 || bounds.maximum * parts < 1.0 {
                let message = format!("bounds that no {parts} weights can keep to");
                section.mistake(&mut self.report, &message);
            }
        }
    }
}
