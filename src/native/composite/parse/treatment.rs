//! Treatments.

use super::super::document::{Report, Section};
use super::super::treat::{Transform, Treatment};
use super::Reader;

#[derive(Clone, Copy)]
enum Method {
    None,
    Winsorise,
    Logarithm,
    BoxCox,
}

const METHODS: [(&str, Method); 4] = [
    ("none", Method::None),
    ("winsorise", Method::Winsorise),
    ("log", Method::Logarithm),
    ("box_cox", Method::BoxCox),
];
const THEN: [(&str, Option<Transform>); 3] = [
    ("none", None),
    ("log", Some(Transform::Logarithm)),
    ("box_cox", Some(Transform::BoxCox(None))),
];
const WHEN: [(&str, bool); 2] = [("skewed", false), ("always", true)];
/// Values that may be winsorised before another treatment is better (JRC audits).
const DEFAULT_MOST: usize = 5;

impl Reader {
    /// [`Treatment::None`] where the key is absent and after a mistake.
    pub(super) fn treatment(&mut self, owner: &mut Section<'_, '_>) -> Treatment {
        let report = &mut self.report;
        let found = owner.method("treatment", &METHODS, Some(Method::None), report);
        let Some((method, mut section)) = found else {
            return Treatment::None;
        };
        let treatment = match method {
            Method::None => Treatment::None,
            Method::Winsorise if section.has("lower") || section.has("upper") => {
                quantiles(&mut section, report)
            }
            Method::Winsorise => Treatment::Winsorise {
                most: most(&mut section, report),
                then: section.choice("then", &THEN, Some(None), report).flatten(),
            },
            Method::Logarithm => transform(Transform::Logarithm, &mut section, report),
            Method::BoxCox => {
                let lambda = section.optional_number("lambda", report);
                let lambda = lambda.map(|lambda| lambda.value);
                transform(Transform::BoxCox(lambda), &mut section, report)
            }
        };
        section.finish(report);
        treatment
    }
}

fn transform(
    transform: Transform,
    section: &mut Section<'_, '_>,
    report: &mut Report,
) -> Treatment {
    let always = section.choice("when", &WHEN, Some(false), report);
    Treatment::Transform {
        transform,
        always: always.unwrap_or(false),
    }
}

fn most(section: &mut Section<'_, '_>, report: &mut Report) -> usize {
    let Some(found) = section.optional_number("maximum", report) else {
        return DEFAULT_MOST;
    };
    if found.value.fract() != 0.0 || found.value < 1.0 {
        report.add(found.line, "`maximum` is a number of values, from 1");
    }
    found.value as usize
}

fn quantiles(section: &mut Section<'_, '_>, report: &mut Report) -> Treatment {
    let lower = section.optional_number("lower", report);
    let upper = section.optional_number("upper", report);
    let lower = lower.map_or(0.0, |found| found.value);
    let upper = upper.map_or(1.0, |found| found.value);
    if !(0.0 <= lower && lower < upper && upper <= 1.0) {
        let message = "`lower` and `upper` are quantiles, 0 to 1, the lower one first";
        section.mistake(report, message);
    }
    Treatment::Quantiles { lower, upper }
}
