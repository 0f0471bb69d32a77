//! Grades and the rule of integrity.

use super::super::document::Section;
use super::super::evaluate::{INSUFFICIENT_SAMPLE, NOT_GRADED};
use super::super::framework::Grade;
use super::super::integrity::IntegrityRule;
use super::{Reader, Seen};

impl Reader {
    pub(super) fn integrity(&mut self, root: &mut Section<'_, '_>) -> Option<IntegrityRule> {
        let mut section = root.optional_section("integrity", &mut self.report)?;
        let rule = IntegrityRule {
            neutral: section.positive("neutral", &mut self.report),
            reward_from: section.positive("reward_from", &mut self.report),
            reward_span: section.positive("reward_span", &mut self.report),
            total_cap: section.positive("total_cap", &mut self.report),
        };
        if rule.reward_from < rule.neutral {
            let message = "`reward_from` must not be below `neutral`";
            section.mistake(&mut self.report, message);
        }
        section.finish(&mut self.report);
        Some(rule)
    }

    pub(super) fn grades(&mut self, root: &mut Section<'_, '_>) -> Vec<Grade> {
        let mut grades: Vec<Grade> = Vec::new();
        let mut seen = Seen::new();
        let sections = root.sections("grades", &mut self.report);
        let count = sections.len();
        for (position, section) in sections.into_iter().enumerate() {
            let is_last = position + 1 == count;
            let above = grades.last().and_then(|grade: &Grade| grade.minimum);
            grades.push(self.grade(section, is_last, above, &mut seen));
        }
        grades
    }

    fn grade(
        &mut self,
        mut section: Section<'_, '_>,
        is_last: bool,
        above: Option<f64>,
        seen: &mut Seen,
    ) -> Grade {
        let id = self.id(&mut section, "");
        if [NOT_GRADED, INSUFFICIENT_SAMPLE].contains(&id.value.as_str()) {
            let message = format!("grade `{}` is a name the engine gives itself", id.value);
            self.report.add(id.line, message);
        }
        self.refuse_second(&id, "grade", seen);
        let title = self.title(&mut section, &id.value);
        let minimum = section.optional_number("minimum", &mut self.report);
        if is_last && let Some(minimum) = minimum {
            let message = "the last grade takes all that is left and has no `minimum`";
            self.report.add(minimum.line, message);
        }
        if !is_last {
            section.require("minimum", &mut self.report);
        }
        if let (Some(above), Some(minimum)) = (above, minimum)
            && minimum.value >= above
        {
            let message = "`minimum` must be below that of the grade before";
            self.report.add(minimum.line, message);
        }
        section.finish(&mut self.report);
        Grade {
            id: id.value,
            title,
            minimum: minimum.map(|minimum| minimum.value),
        }
    }
}
