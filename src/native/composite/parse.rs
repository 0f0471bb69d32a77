//! A framework file (TOML) read into a [`Framework`], with every mistake in it.

use std::collections::BTreeMap;

use super::aggregate::Aggregation;
use super::content_hash::content_hash;
use super::document::{Found, Report, Section, parse_document};
use super::evaluate::{INSUFFICIENT_SAMPLE, NOT_GRADED};
use super::framework::{Dimension, Framework, Grade, Item, MissingRule, Title};
use super::integrity::IntegrityRule;
use super::normalise::{Direction, Measure, Normalisation, Reference};
use crate::problem::Problem;

const AGGREGATIONS: [(&str, Aggregation); 3] = [
    ("arithmetic", Aggregation::Arithmetic),
    ("geometric", Aggregation::Geometric),
    ("harmonic", Aggregation::Harmonic),
];
const DIRECTIONS: [(&str, Direction); 2] =
    [("higher", Direction::Higher), ("lower", Direction::Lower)];
const MISSING_RULES: [(&str, MissingRule); 2] = [
    ("available_weights", MissingRule::AvailableWeights),
    ("complete", MissingRule::Complete),
];
const SCALES: [(&str, bool); 2] = [("linear", false), ("logarithm", true)];
const MEASURES: [(&str, Measure); 2] = [
    ("ratio", Measure::Ratio),
    ("difference", Measure::Difference),
];

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
}

const METHODS: [(&str, Method); 8] = [
    ("none", Method::None),
    ("goalposts", Method::Goalposts),
    ("min_max", Method::MinMax),
    ("z_score", Method::ZScore),
    ("rank", Method::Rank),
    ("percentile_rank", Method::PercentileRank),
    ("distance", Method::Distance),
    ("ratio_to_target", Method::RatioToTarget),
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

/// Scores as close as this differ by no more than the noise of floating-point sums; ranks, where a framework does not
/// say otherwise, are taken at this many decimals.
const DEFAULT_RANK_DECIMALS: u32 = 9;
const MOST_RANK_DECIMALS: f64 = 12.0;

impl Framework {
    /// Reads a framework from the text of a file; `file` is the name mistakes are reported under.
    ///
    /// # Errors
    /// Every mistake of the file, in the order of lines; of a file that is no TOML only where it breaks.
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<Problem>> {
        let document = parse_document(file, text)?;
        let mut report = Report::new(file, text);
        let mut root = Section::root(&document);
        let config_hash = content_hash(document.get_ref());
        let framework = read(&mut root, config_hash, &mut report);
        root.finish(&mut report);
        report.finish()?;
        Ok(framework)
    }
}

fn read(root: &mut Section<'_, '_>, config_hash: String, report: &mut Report) -> Framework {
    let aggregation = aggregation(root, report);
    Framework {
        id: root.identifier("id", report).value,
        title: title(root, report),
        aggregation,
        missing: root
            .choice("missing", &MISSING_RULES, None, report)
            .unwrap_or(MissingRule::Complete),
        minimum_coverage: minimum_coverage(root, report),
        rank_decimals: rank_decimals(root, report),
        integrity: root
            .optional_section("integrity", report)
            .map(|section| integrity(section, report)),
        grades: grades(root, report),
        dimensions: dimensions(root, aggregation, report),
        config_hash,
    }
}

fn title(section: &mut Section<'_, '_>, report: &mut Report) -> Title {
    Title {
        zh: section.text("title_zh", report),
        en: section.text("title_en", report),
    }
}

fn aggregation(section: &mut Section<'_, '_>, report: &mut Report) -> Aggregation {
    section
        .choice("aggregation", &AGGREGATIONS, None, report)
        .unwrap_or(Aggregation::Arithmetic)
}

fn minimum_coverage(root: &mut Section<'_, '_>, report: &mut Report) -> f64 {
    let Some(found) = root.number("minimum_coverage", report) else {
        return 0.0;
    };
    if !(0.0..=1.0).contains(&found.value) {
        report.add(found.line, "`minimum_coverage` must be between 0 and 1");
    }
    found.value
}

fn rank_decimals(root: &mut Section<'_, '_>, report: &mut Report) -> u32 {
    let Some(found) = root.optional_number("rank_decimals", report) else {
        return DEFAULT_RANK_DECIMALS;
    };
    let whole = found.value.fract() == 0.0;
    if !whole || !(0.0..=MOST_RANK_DECIMALS).contains(&found.value) {
        let message =
            format!("`rank_decimals` must be a whole number from 0 to {MOST_RANK_DECIMALS}");
        report.add(found.line, message);
        return DEFAULT_RANK_DECIMALS;
    }
    found.value as u32
}

fn integrity(mut section: Section<'_, '_>, report: &mut Report) -> IntegrityRule {
    let rule = IntegrityRule {
        neutral: section.positive("neutral", report),
        reward_from: section.positive("reward_from", report),
        reward_span: section.positive("reward_span", report),
        total_cap: section.positive("total_cap", report),
    };
    if rule.reward_from < rule.neutral {
        section.mistake(report, "`reward_from` must not be below `neutral`");
    }
    section.finish(report);
    rule
}

fn grades(root: &mut Section<'_, '_>, report: &mut Report) -> Vec<Grade> {
    let mut grades: Vec<Grade> = Vec::new();
    let mut seen = BTreeMap::new();
    let sections = root.sections("grades", report);
    let count = sections.len();
    for (position, mut section) in sections.into_iter().enumerate() {
        let id = section.identifier("id", report);
        if [NOT_GRADED, INSUFFICIENT_SAMPLE].contains(&id.value.as_str()) {
            let message = format!("grade `{}` is a name the engine gives itself", id.value);
            report.add(id.line, message);
        }
        refuse_second(&id, "grade", &mut seen, report);
        let title = title(&mut section, report);
        let minimum = section.optional_number("minimum", report);
        let last = position + 1 == count;
        if last && let Some(minimum) = minimum {
            report.add(
                minimum.line,
                "the last grade takes all that is left and has no `minimum`",
            );
        }
        if !last {
            section.require("minimum", report);
        }
        let above = grades.last().and_then(|grade: &Grade| grade.minimum);
        if let (Some(above), Some(minimum)) = (above, minimum)
            && minimum.value >= above
        {
            report.add(
                minimum.line,
                "`minimum` must be below that of the grade before",
            );
        }
        grades.push(Grade {
            id: id.value,
            title,
            minimum: minimum.map(|minimum| minimum.value),
        });
        section.finish(report);
    }
    grades
}

fn dimensions(
    root: &mut Section<'_, '_>,
    index_aggregation: Aggregation,
    report: &mut Report,
) -> Vec<Dimension> {
    let sections = root.sections("dimensions", report);
    if sections.is_empty() {
        root.mistake(report, "no `[[dimensions]]`");
    }
    let mut seen_dimensions = BTreeMap::new();
    let mut seen_items = BTreeMap::new();
    let mut dimensions = Vec::new();
    for mut section in sections {
        let line = section.line();
        let id = section.identifier("id", report);
        section.call("dimension", &id.value);
        refuse_second(&id, "dimension", &mut seen_dimensions, report);
        let title = title(&mut section, report);
        let weight = section.positive("weight", report);
        let aggregation = aggregation(&mut section, report);
        let means = [aggregation, index_aggregation];
        let mut items = Vec::new();
        for item_section in section.sections("items", report) {
            items.push(item(item_section, means, &mut seen_items, report));
        }
        if items.is_empty() {
            section.mistake(report, "no `[[dimensions.items]]`");
        }
        section.finish(report);
        dimensions.push(Dimension {
            id: id.value,
            title,
            weight,
            aggregation,
            items,
            line,
        });
    }
    dimensions
}

fn item(
    mut section: Section<'_, '_>,
    means: [Aggregation; 2],
    seen: &mut BTreeMap<String, usize>,
    report: &mut Report,
) -> Item {
    let id = section.identifier("id", report);
    section.call("item", &id.value);
    refuse_second(&id, "item", seen, report);
    let title = title(&mut section, report);
    let weight = section.positive("weight", report);
    let direction = section
        .choice("direction", &DIRECTIONS, Some(Direction::Higher), report)
        .unwrap_or(Direction::Higher);
    let normalisation = normalisation(&mut section, report);
    let peer_cap = section.optional_number("peer_cap", report);
    if let Some(cap) = peer_cap
        && !(cap.value > 0.0 && cap.value < 1.0)
    {
        report.add(cap.line, "`peer_cap` is a quantile, between 0 and 1");
    }
    if peer_cap.is_some() && direction == Direction::Lower {
        section.mistake(report, "`peer_cap` is for items of which more is better");
    }
    if normalisation == Some(Normalisation::None) && direction == Direction::Lower {
        section.mistake(report, "values as they stand cannot be turned round");
    }
    if normalisation.is_some_and(Normalisation::is_signed)
        && means.into_iter().any(Aggregation::needs_non_negative)
    {
        section.mistake(
            report,
            "scores below 0 cannot be brought together by a geometric or harmonic mean",
        );
    }
    let source = section.optional_text("source", report);
    section.finish(report);
    Item {
        id: id.value,
        title,
        weight,
        direction,
        normalisation: normalisation.unwrap_or(Normalisation::None),
        peer_cap: peer_cap.map(|cap| cap.value),
        source,
    }
}

/// `None` after a mistake.
fn normalisation(item: &mut Section<'_, '_>, report: &mut Report) -> Option<Normalisation> {
    let Some(mut section) = item.optional_section("normalisation", report) else {
        item.require("normalisation", report);
        return None;
    };
    let method = section.choice("method", &METHODS, None, report)?;
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
    };
    section.finish(report);
    normalisation
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
        report.add(
            minimum.line,
            "`minimum` must be greater than 0 on a logarithmic scale",
        );
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

fn refuse_second(
    id: &Found<String>,
    kind: &str,
    seen: &mut BTreeMap<String, usize>,
    report: &mut Report,
) {
    if id.value.is_empty() {
        return;
    }
    if let Some(first) = seen.insert(id.value.clone(), id.line) {
        let message = format!("{kind} `{}` stands in line {first} already", id.value);
        report.add(id.line, message);
    }
}

#[cfg(test)]
mod tests;
