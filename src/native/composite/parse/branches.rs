//! Levels between dimensions and index.

use super::super::document::Section;
use super::super::framework::{Branch, Dimension};
use super::{Reader, Seen};

/// How many dimensions and branches are parts of the index itself.
pub(super) fn free_parts(dimensions: &[Dimension], branches: &[Branch]) -> usize {
    let members: usize = branches.iter().map(|branch| branch.members.len()).sum();
    (dimensions.len() + branches.len()).saturating_sub(members)
}

impl Reader {
    pub(super) fn branches(
        &mut self,
        root: &mut Section<'_, '_>,
        dimensions: &[Dimension],
        seen: &mut Seen,
    ) -> Vec<Branch> {
        let mut free: Vec<String> = dimensions.iter().map(|one| one.id.clone()).collect();
        let mut branches = Vec::new();
        for mut section in root.sections("branches", &mut self.report) {
            let line = section.line();
            let id = self.id(&mut section, "");
            section.call("branch", &id.value);
            self.refuse_second(&id, "branch", seen);
            let title = self.title(&mut section, &id.value);
            let weight = self.weight(&mut section);
            let rule = self.rule(&mut section);
            let members = section.texts("members", &mut self.report);
            if members.is_empty() {
                section.mistake(&mut self.report, "no `members`");
            }
            for member in &members {
                let place = free.iter().position(|one| one == member);
                if let Some(place) = place {
                    free.remove(place);
                } else {
                    let message = format!(
                        "`{member}` is no dimension or branch above that belongs to no branch yet"
                    );
                    section.mistake(&mut self.report, &message);
                }
            }
            self.check_parts(&rule, members.len(), &section);
            section.finish(&mut self.report);
            free.push(id.value.clone());
            branches.push(Branch {
                id: id.value,
                title,
                weight,
                aggregation: rule.aggregation,
                ordered_weights: rule.ordered_weights,
                weighting: rule.weighting,
                members,
                line,
            });
        }
        branches
    }
}
