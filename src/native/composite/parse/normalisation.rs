//! Normalisations.

use super::super::document::{Report, Section};
use super::super::normalise::{Measure, Normalisation, Reference};
use super::Reader;

#[derive(Clone, Copy)]
enum Method {
    None,
    Goalposts,
    MinMax,
    ZScore,
    Rank,
    PercentileRank,
    Distance,
    RatioToTarget,
    Vector,
    AboveMean,
    Categories,
}

const METHODS: [(&str, Method); 11] = [
    ("none", Method::None),
    ("goalposts", Method::Goalposts),
    ("min_max", Method::MinMax),
    ("z_score", Method::ZScore),
    ("rank", Method::Rank),
    ("percentile_rank", Method::PercentileRank),
    ("distance", Method::Distance),
    ("ratio_to_target", Method::RatioToTarget),
    ("vector", Method::Vector),
    ("above_mean", Method::AboveMean),
    ("categories", Method::Categories),
];

#[derive(Clone, Copy)]
enum ReferenceKind {
    Mean,
    Best,
    Worst,
    Value,
}

const REFERENCES: [(&str, ReferenceKind); 4] = [
    ("mean", ReferenceKind::Mean),
    ("best", ReferenceKind::Best),
    ("worst", ReferenceKind::Worst),
    ("value", ReferenceKind::Value),
];
const SCALES: [(&str, bool); 2] = [("linear", false), ("logarithm", true)];
const MEASURES: [(&str, Measure); 2] = [
    ("ratio", Measure::Ratio),
    ("difference", Measure::Difference),
];
/// Band around the mean in which a value is neither above nor below (Handbook, table 15).
const DEFAULT_THRESHOLD: f64 = 0.2;

impl Reader {
    /// `None` after a mistake.
    pub(super) fn normalisation(&mut self, owner: &mut Section<'_, '_>) -> Option<Normalisation> {
        let report = &mut self.report;
        let (method, mut section) = owner.method("normalisation", &METHODS, None, report)?;
        let normalisation = match method {
            Method::None => Some(Normalisation::None),
            Method::Goalposts => goalposts(&mut section, report),
            Method::MinMax => Some(Normalisation::MinMax),
            Method::ZScore => Some(Normalisation::ZScore),
            Method::Rank => Some(Normalisation::Rank),
            Method::PercentileRank => Some(Normalisation::PercentileRank),
            Method::Distance => distance(&mut section, report),
            Method::RatioToTarget => Some(Normalisation::RatioToTarget {
                target: section.positive("target", report),
            }),
            Method::Vector => Some(Normalisation::Vector),
            Method::AboveMean => {
                let threshold = section.optional_number("threshold", report);
                Some(Normalisation::AboveMean {
                    threshold: threshold.map_or(DEFAULT_THRESHOLD, |found| found.value),
                })
            }
            Method::Categories => Some(Normalisation::Categories),
        };
        section.finish(report);
        normalisation
    }
}

fn goalposts(section: &mut Section<'_, '_>, report: &mut Report) -> Option<Normalisation> {
    let minimum = section.number("minimum", report);
    let maximum = section.number("maximum", report);
    let logarithm = section.choice("scale", &SCALES, Some(false), report)?;
    let (minimum, maximum) = (minimum?, maximum?);
    if minimum.value >= maximum.value {
        report.add(maximum.line, "`maximum` must be above `minimum`");
        return None;
    }
    if logarithm && minimum.value <= 0.0 {
        let message = "`minimum` must be greater than 0 on a logarithmic scale";
        report.add(minimum.line, message);
        return None;
    }
    Some(Normalisation::Goalposts {
        minimum: minimum.value,
        maximum: maximum.value,
        logarithm,
    })
}

fn distance(section: &mut Section<'_, '_>, report: &mut Report) -> Option<Normalisation> {
    let measure = section.choice("measure", &MEASURES, Some(Measure::Ratio), report);
    let reference = match section.choice("reference", &REFERENCES, None, report)? {
        ReferenceKind::Mean => Reference::Mean,
        ReferenceKind::Best => Reference::Best,
        ReferenceKind::Worst => Reference::Worst,
        ReferenceKind::Value => Reference::Value(section.positive("value", report)),
    };
    Some(Normalisation::Distance {
        reference,
        measure: measure?,
    })
}
