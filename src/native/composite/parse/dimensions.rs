//! Dimensions.

use super::super::document::Section;
use super::super::framework::{Dimension, Title};
use super::rules::Rule;
use super::{Reader, Seen};

impl Reader {
    pub(super) fn dimensions(
        &mut self,
        root: &mut Section<'_, '_>,
        index: &Rule,
        seen: &mut Seen,
    ) -> Vec<Dimension> {
        let sections = root.sections("dimensions", &mut self.report);
        if sections.is_empty() {
            root.mistake(&mut self.report, "no `[[dimensions]]`");
        }
        let mut seen_items = Seen::new();
        let mut dimensions = Vec::new();
        for mut section in sections {
            let line = section.line();
            let id = self.id(&mut section, "");
            section.call("dimension", &id.value);
            self.refuse_second(&id, "dimension", seen);
            let title = self.title(&mut section, &id.value);
            let weight = self.weight(&mut section);
            let rule = self.rule(&mut section);
            let mut items = Vec::new();
            for item_section in section.sections("items", &mut self.report) {
                items.push(self.item(item_section, [&rule, index], &mut seen_items));
            }
            if items.is_empty() {
                section.mistake(&mut self.report, "no `[[dimensions.items]]`");
            }
            self.check_parts(&rule, items.len(), &section);
            section.finish(&mut self.report);
            dimensions.push(Dimension {
                id: id.value,
                title,
                weight,
                aggregation: rule.aggregation,
                ordered_weights: rule.ordered_weights,
                weighting: rule.weighting,
                items,
                line,
            });
        }
        dimensions
    }

    /// The dimension of a file that has items and no dimensions.
    pub(super) fn only_dimension(
        &mut self,
        root: &mut Section<'_, '_>,
        rule: &Rule,
        id: &str,
        title: &Title,
    ) -> Dimension {
        let mut seen_items = Seen::new();
        let mut items = Vec::new();
        for item_section in root.sections("items", &mut self.report) {
            items.push(self.item(item_section, [rule, rule], &mut seen_items));
        }
        if items.is_empty() {
            root.mistake(&mut self.report, "no `[[items]]`");
        }
        self.check_parts(rule, items.len(), root);
        Dimension {
            id: id.to_owned(),
            title: title.clone(),
            weight: 1.0,
            aggregation: rule.aggregation,
            ordered_weights: rule.ordered_weights.clone(),
            weighting: rule.weighting,
            items,
            line: root.line(),
        }
    }
}
