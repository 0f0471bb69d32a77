//! A framework file (TOML) read into a [`Framework`], with every mistake in it.

mod branches;
mod dimensions;
mod grades;
mod items;
mod normalisation;
mod numbers;
mod rules;
mod treatment;
mod uncertainty;

use std::collections::BTreeMap;

use super::aggregate::Aggregation;
use super::content_hash::content_hash;
use super::document::{Found, Report, Section, parse_document};
use super::framework::{Framework, MissingRule, Title};
use super::normalise::Normalisation;
use super::treat::Treatment;
use crate::problem::Problem;
use rules::Rule;

const MISSING_RULES: [(&str, MissingRule); 3] = [
    ("available_weights", MissingRule::AvailableWeights),
    ("complete", MissingRule::Complete),
    ("group_median", MissingRule::GroupMedian),
];

impl Framework {
    /// Reads a framework from the text of a file; `file` is the name mistakes are reported under. Titles, weights,
    /// aggregations and what missing values do must all be said.
    ///
    /// # Errors
    /// Every mistake of the file, in the order of lines; of a file that is no TOML only where it breaks.
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<Problem>> {
        parse(file, text, false)
    }

    /// [`Framework::parse`] for a file that may leave out what has an obvious default: equal given weights, arithmetic
    /// means, available weights, no smallest coverage, ids as titles.
    ///
    /// # Errors
    /// Those of [`Framework::parse`].
    pub fn parse_with_defaults(file: &str, text: &str) -> Result<Self, Vec<Problem>> {
        parse(file, text, true)
    }
}

fn parse(file: &str, text: &str, has_defaults: bool) -> Result<Framework, Vec<Problem>> {
    let document = parse_document(file, text)?;
    let mut root = Section::root(&document);
    let mut reader = Reader {
        report: Report::new(file, text),
        has_defaults,
        normalisation: None,
        treatment: Treatment::None,
    };
    let config_hash = content_hash(document.get_ref());
    let framework = reader.read(&mut root, config_hash);
    root.finish(&mut reader.report);
    reader.report.finish()?;
    Ok(framework)
}

/// What is being read, and what holds for all of it.
struct Reader {
    report: Report,
    /// Whether keys with an obvious default may be left out.
    has_defaults: bool,
    /// For items that say nothing themselves; the outer `None` where the file says nothing either.
    normalisation: Option<Option<Normalisation>>,
    treatment: Treatment,
}

/// Ids met so far, with their lines.
type Seen = BTreeMap<String, usize>;

impl Reader {
    fn read(&mut self, root: &mut Section<'_, '_>, config_hash: String) -> Framework {
        let rule = self.rule(root);
        let id = self.id(root, "index");
        let title = self.title(root, &id.value);
        let missing = root
            .choice(
                "missing",
                &MISSING_RULES,
                self.fallback(MissingRule::AvailableWeights),
                &mut self.report,
            )
            .unwrap_or(MissingRule::Complete);
        let minimum_coverage = self.minimum_coverage(root);
        let rank_decimals = self.rank_decimals(root);
        let scale = self.scale(root);
        let peer_group = root.optional_text("peer_group", &mut self.report);
        if peer_group.is_some() && missing != MissingRule::GroupMedian {
            let message = "`peer_group` is for `missing = \"group_median\"`";
            root.mistake(&mut self.report, message);
        }
        if root.has("normalisation") {
            self.normalisation = Some(self.normalisation(root));
        }
        self.treatment = self.treatment(root);
        let integrity = self.integrity(root);
        let uncertainty = self.uncertainty(root);
        let grades = self.grades(root);
        let mut seen = Seen::from([(id.value.clone(), id.line)]);
        let is_flat = root.has("items") && !root.has("dimensions");
        let dimensions = if is_flat {
            vec![self.only_dimension(root, &rule, &id.value, &title)]
        } else {
            self.dimensions(root, &rule, &mut seen)
        };
        let branches = self.branches(root, &dimensions, &mut seen);
        // The one dimension of a flat framework has the rule of the index, which then only hands its score on.
        let rule = if is_flat { Rule::plain() } else { rule };
        let parts = branches::free_parts(&dimensions, &branches);
        self.check_parts(&rule, parts, root);
        if uncertainty.is_some() {
            let of_dimensions = dimensions.iter().map(|dimension| dimension.weighting);
            let of_branches = branches.iter().map(|branch| branch.weighting);
            let all = of_dimensions.chain(of_branches).chain([rule.weighting]);
            self.check_uncertainty(root, all);
        }
        Framework {
            id: id.value,
            title,
            aggregation: rule.aggregation,
            ordered_weights: rule.ordered_weights,
            weighting: rule.weighting,
            scale,
            missing,
            peer_group,
            minimum_coverage,
            rank_decimals,
            integrity,
            uncertainty,
            grades,
            dimensions,
            branches,
            is_flat,
            config_hash,
        }
    }

    /// What stands in for a key that is left out, if it may be.
    fn fallback<T>(&self, value: T) -> Option<T> {
        self.has_defaults.then_some(value)
    }

    fn id(&mut self, section: &mut Section<'_, '_>, stand_in: &str) -> Found<String> {
        if self.has_defaults && !section.has("id") && !stand_in.is_empty() {
            // Counts as a known key all the same.
            let _ = section.optional_text("id", &mut self.report);
            return Found {
                value: stand_in.to_owned(),
                line: section.line(),
            };
        }
        if self.has_defaults {
            return section.name("id", &mut self.report);
        }
        section.identifier("id", &mut self.report)
    }

    fn title(&mut self, section: &mut Section<'_, '_>, id: &str) -> Title {
        if !self.has_defaults {
            return Title {
                zh: section.text("title_zh", &mut self.report),
                en: section.text("title_en", &mut self.report),
            };
        }
        let named = || Title {
            zh: id.to_owned(),
            en: id.to_owned(),
        };
        self.words(section, "title_zh", "title_en")
            .unwrap_or_else(named)
    }

    /// A text in both languages; what is said in one stands for both.
    fn words(
        &mut self,
        section: &mut Section<'_, '_>,
        zh: &'static str,
        en: &'static str,
    ) -> Option<Title> {
        let zh = section.optional_text(zh, &mut self.report);
        let en = section.optional_text(en, &mut self.report);
        let any = zh.clone().or_else(|| en.clone())?;
        Some(Title {
            zh: zh.unwrap_or_else(|| any.clone()),
            en: en.unwrap_or(any),
        })
    }

    fn weight(&mut self, section: &mut Section<'_, '_>) -> f64 {
        if self.has_defaults && !section.has("weight") {
            let _ = section.optional_number("weight", &mut self.report);
            return 1.0;
        }
        section.positive("weight", &mut self.report)
    }

    fn refuse_second(&mut self, id: &Found<String>, kind: &str, seen: &mut Seen) {
        if id.value.is_empty() {
            return;
        }
        if let Some(first) = seen.insert(id.value.clone(), id.line) {
            let message = format!("{kind} `{}` stands in line {first} already", id.value);
            self.report.add(id.line, message);
        }
    }
}

#[cfg(test)]
mod method_tests;
#[cfg(test)]
mod tests;
