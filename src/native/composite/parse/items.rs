//! Items.

use super::super::document::Section;
use super::super::framework::{FractionUnit, Item, Reading, ValueUnit};
use super::super::normalise::{Direction, Normalisation};
use super::super::treat::Treatment;
use super::rules::Rule;
use super::{Aggregation, Reader, Seen};

const DIRECTIONS: [(&str, Direction); 2] =
    [("higher", Direction::Higher), ("lower", Direction::Lower)];

const VALUE_UNITS: [(&str, ValueUnit); 4] = [
    ("number", ValueUnit::Number),
    ("share", ValueUnit::Share),
    ("rating", ValueUnit::Rating),
    ("per_thousand", ValueUnit::PerThousand),
];

const FRACTION_UNITS: [(&str, FractionUnit); 3] = [
    ("count", FractionUnit::Count),
    ("seconds", FractionUnit::Seconds),
    ("microseconds", FractionUnit::Microseconds),
];

impl Reader {
    /// `rules` are those of the item's dimension and of the index.
    pub(super) fn item(
        &mut self,
        mut section: Section<'_, '_>,
        rules: [&Rule; 2],
        seen: &mut Seen,
    ) -> Item {
        let id = self.id(&mut section, "");
        section.call("item", &id.value);
        self.refuse_second(&id, "item", seen);
        let title = self.title(&mut section, &id.value);
        let column = section.optional_text("column", &mut self.report);
        let weight = self.weight(&mut section);
        let fallback = Some(Direction::Higher);
        let direction = section
            .choice("direction", &DIRECTIONS, fallback, &mut self.report)
            .unwrap_or(Direction::Higher);
        let treatment = if section.has("treatment") {
            self.treatment(&mut section)
        } else {
            let _ = section.optional_text("treatment", &mut self.report);
            self.treatment
        };
        let normalisation = self.item_normalisation(&mut section, rules);
        let peer_cap = section.optional_number("peer_cap", &mut self.report);
        if let Some(cap) = peer_cap
            && !(cap.value > 0.0 && cap.value < 1.0)
        {
            let message = "`peer_cap` is a quantile, between 0 and 1";
            self.report.add(cap.line, message);
        }
        if peer_cap.is_some() && direction == Direction::Lower {
            let message = "`peer_cap` is for items of which more is better";
            section.mistake(&mut self.report, message);
        }
        if let Some(normalisation) = normalisation {
            self.check_scores(&section, normalisation, direction, treatment, rules);
        }
        let source = section.optional_text("source", &mut self.report);
        let reading = self.reading(&mut section);
        section.finish(&mut self.report);
        Item {
            id: id.value,
            title,
            column,
            weight,
            direction,
            treatment,
            normalisation: normalisation.unwrap_or(Normalisation::None),
            peer_cap: peer_cap.map(|cap| cap.value),
            source,
            reading,
        }
    }

    /// What readers are told of the values.
    fn reading(&mut self, section: &mut Section<'_, '_>) -> Reading {
        let unit = section.choice(
            "unit",
            &VALUE_UNITS,
            Some(ValueUnit::default()),
            &mut self.report,
        );
        let fraction_unit = section.choice(
            "fraction_unit",
            &FRACTION_UNITS,
            Some(FractionUnit::default()),
            &mut self.report,
        );
        Reading {
            description: self.words(section, "description_zh", "description_en"),
            unit: unit.unwrap_or_default(),
            fraction: self.words(section, "fraction_zh", "fraction_en"),
            fraction_unit: fraction_unit.unwrap_or_default(),
        }
    }

    /// The item's own, that of the whole file, or what the dimension's aggregation is made for. `None` after a mistake.
    fn item_normalisation(
        &mut self,
        section: &mut Section<'_, '_>,
        [own, _]: [&Rule; 2],
    ) -> Option<Normalisation> {
        if section.has("normalisation") {
            return self.normalisation(section);
        }
        let natural = match own.aggregation {
            Aggregation::Topsis => Some(Normalisation::Vector),
            Aggregation::Borda | Aggregation::Copeland => Some(Normalisation::None),
            _ => None,
        };
        // Counts as a known key all the same.
        let _ = section.optional_text("normalisation", &mut self.report);
        if let Some(of_the_file) = self.normalisation {
            return of_the_file;
        }
        let found = natural.filter(|_| self.has_defaults);
        if found.is_none() {
            section.require("normalisation", &mut self.report);
        }
        found
    }

    /// Contradictions between what an item's scores are and what is done with them.
    fn check_scores(
        &mut self,
        section: &Section<'_, '_>,
        normalisation: Normalisation,
        direction: Direction,
        treatment: Treatment,
        rules: [&Rule; 2],
    ) {
        let is_lower = direction == Direction::Lower;
        let [own, _] = rules;
        if normalisation == Normalisation::None && is_lower && !own.aggregation.compares_units() {
            let message = "values as they stand cannot be turned round";
            section.mistake(&mut self.report, message);
        }
        let is_signed =
            normalisation.is_signed() || (normalisation == Normalisation::Vector && is_lower);
        let is_mean = |rule: &&Rule| rule.aggregation.needs_non_negative();
        if is_signed && rules.iter().any(is_mean) {
            let message =
                "scores below 0 cannot be brought together by a geometric or harmonic mean";
            section.mistake(&mut self.report, message);
        } else if normalisation.is_signed() && own.needs_non_negative() {
            let message = "scores below 0 have no entropy and no benefit of the doubt";
            section.mistake(&mut self.report, message);
        }
        if treatment.changes_scale() && normalisation.has_fixed_values() {
            let message = "values may come out of this treatment on another scale, on which the numbers of the \
                           normalisation mean nothing (goalposts: `scale = \"logarithm\"`)";
            section.mistake(&mut self.report, message);
        }
    }
}
