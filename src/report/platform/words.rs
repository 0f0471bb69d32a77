//! Words and figures of a platform's sheet.

use crate::desk::platform::{Item, Lift, Next, PlatformSheet, Quartiles};
use crate::native::composite::{FractionUnit, Title, ValueUnit};
use crate::report::archive::dash;
use crate::report::form::{count, hours, number};

/// What stands in head and foot of every form.
pub const NOTICE_ZH: &str =
    "按已发布数据计算，供平台核对。程序只提出建议，省级不作决定，由市级决定";
/// The like in English.
pub const NOTICE_EN: &str = "Computed from released data for the platform to check. The program only proposes; the province decides nothing, the \
     city decides";

const MICROSECONDS: i64 = 1_000_000;
/// Seconds of one training hour (课时).
const HOUR_SECONDS: f64 = 2700.0;

/// Both languages in one line.
pub(super) fn both(title: &Title) -> String {
    if title.zh == title.en {
        return title.zh.clone();
    }
    format!("{} {}", title.zh, title.en)
}

/// Points of a score, two decimals; a dash where there is none.
pub(super) fn points(value: Option<f64>) -> String {
    value.map_or_else(dash, |value| format!("{value:.2}"))
}

/// A share in percent, one decimal.
pub(super) fn percent(share: Option<f64>) -> String {
    share.map_or_else(dash, |share| format!("{:.1}%", share * 100.0))
}

/// A value in the unit of its item.
pub(super) fn value(unit: ValueUnit, value: f64) -> String {
    match unit {
        ValueUnit::Number => number(value),
        ValueUnit::Share => percent(Some(value)),
        ValueUnit::Rating | ValueUnit::PerThousand => format!("{value:.2}"),
    }
}

/// The unit of an item's value in both languages; nothing for a share, whose sign says it, and for a plain number.
pub(super) fn unit(unit: ValueUnit) -> &'static str {
    match unit {
        ValueUnit::Number => "",
        ValueUnit::Share => "%",
        ValueUnit::Rating => "分 points",
        ValueUnit::PerThousand => "‰ 每千 per 1,000",
    }
}

/// A value that is needed, rounded to the side on which it is enough.
fn enough(unit: ValueUnit, value_needed: f64, is_higher_better: bool) -> String {
    let step = match unit {
        ValueUnit::Number => 1e-4,
        ValueUnit::Share => 1e-3,
        ValueUnit::Rating | ValueUnit::PerThousand => 1e-2,
    };
    // A value that lies on a step but for its last digit is that step.
    let steps = value_needed / step;
    let nearest = steps.round();
    let steps = if (steps - nearest).abs() < 1e-6 {
        nearest
    } else if is_higher_better {
        steps.ceil()
    } else {
        steps.floor()
    };
    value(unit, steps * step)
}

/// The item's own value with its unit.
pub(super) fn own_value(item: &Item) -> String {
    let Some(own) = item.value else {
        return dash();
    };
    let told = value(item.reading.unit, own);
    match item.reading.unit {
        ValueUnit::Rating => format!("{told} 分"),
        ValueUnit::PerThousand => format!("{told}‰"),
        ValueUnit::Number | ValueUnit::Share => told,
    }
}

/// One of the two numbers behind a value as a number: time in hours.
pub(super) fn part_number(item: &Item, number: i64) -> f64 {
    match item.reading.fraction_unit {
        FractionUnit::Count => number as f64,
        FractionUnit::Seconds => number as f64 / HOUR_SECONDS,
        FractionUnit::Microseconds => number as f64 / MICROSECONDS as f64 / HOUR_SECONDS,
    }
}

/// One of the two numbers behind a value.
fn part(item: &Item, number: i64) -> String {
    match item.reading.fraction_unit {
        FractionUnit::Count => count(number),
        FractionUnit::Seconds => hours(number),
        FractionUnit::Microseconds => hours(number.div_euclid(MICROSECONDS)),
    }
}

/// Numbers above and below the line; a dash where the value is made of none.
pub(super) fn fraction(item: &Item) -> String {
    match (item.numerator, item.denominator) {
        (Some(above), Some(below)) => format!("{} / {}", part(item, above), part(item, below)),
        (None, Some(below)) => part(item, below),
        _ => dash(),
    }
}

/// What stands above and below the line.
pub(super) fn fraction_words(item: &Item) -> String {
    item.reading.fraction.as_ref().map_or_else(dash, both)
}

/// First quartile, median and third quartile; a dash where they are not shown.
pub(super) fn quartiles(peers: Option<&Quartiles>, form: impl Fn(f64) -> String) -> String {
    peers.map_or_else(dash, |peers| {
        let parts = [peers.lower, peers.middle, peers.upper].map(form);
        parts.join(" · ")
    })
}

/// What would lift the platform by this item, in both languages.
pub(super) fn lift(sheet: &PlatformSheet, item: &Item) -> Title {
    let said = |zh: &str, en: &str| Title {
        zh: zh.to_owned(),
        en: en.to_owned(),
    };
    let Some(outlook) = &sheet.outlook else {
        return said("—", "—");
    };
    if item.score.is_none() {
        return said("缺少数据", "no data");
    }
    let Some(lift) = outlook.lifts.get(&item.id) else {
        return said("已到上限", "at its best");
    };
    let Some(gain) = lift.gain else {
        return said(
            "不列出：会透露其他平台数值",
            "not told: it would show other platforms' values",
        );
    };
    let up_to = said(
        &format!("最多加 {gain:.2} 分"),
        &format!("at most +{gain:.2}"),
    );
    let Next::Grade { title: grade, .. } = &outlook.next else {
        return up_to;
    };
    match needed(item, lift) {
        Some(needed) => Title {
            zh: format!("达到 {needed} 即为{}", grade.zh),
            en: format!("at {needed} the grade is {}", grade.en),
        },
        None => Title {
            zh: format!("{}，不足以升级", up_to.zh),
            en: format!("{}, not enough alone", up_to.en),
        },
    }
}

/// What an item must come to for the next grade: its value, or its score where the scale has no single value.
fn needed(item: &Item, lift: &Lift) -> Option<String> {
    let score = lift.score_needed?;
    Some(match lift.value_needed {
        Some(value) => enough(item.reading.unit, value, lift.is_higher_better),
        None => format!("{score:.2} 分 points"),
    })
}

/// A grade in both languages, with 临界 where the draws do not agree on it.
pub(super) fn grade(sheet: &PlatformSheet, id: &str, agreement: Option<f64>) -> String {
    let told = match id {
        "insufficient_sample" => "样本不足 insufficient sample".to_owned(),
        "not_graded" => "未评级 not graded".to_owned(),
        id => both(&sheet.grade_title(id)),
    };
    if sheet.is_borderline_at(agreement) {
        return format!("{told}（临界 borderline）");
    }
    told
}

/// A kind of finding that vetoes.
pub(super) fn veto(kind: &str) -> &str {
    match kind {
        "fraud" => "弄虚作假、骗取补贴 confirmed fraud",
        "no_face_evidence" => {
            "补贴课时缺少人脸或实名核验 no face or real-name evidence of paid hours"
        }
        "filing_lost" => "备案失效 lost filing",
        "refused_data" => "拒不提供数据 refused data",
        other => other,
    }
}

/// The platform's vetoes; a dash without one.
pub(super) fn vetoes(sheet: &PlatformSheet) -> String {
    let kinds: Vec<&str> = sheet.score.vetoes.iter().map(|kind| veto(kind)).collect();
    if kinds.is_empty() {
        return "无 none".to_owned();
    }
    kinds.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_needed_value_is_rounded_to_where_it_is_enough() {
        assert_eq!(enough(ValueUnit::Share, 0.8912, true), "89.2%");
        assert_eq!(enough(ValueUnit::Share, 0.9, true), "90.0%");
        assert_eq!(enough(ValueUnit::PerThousand, 1.239, false), "1.23");
        assert_eq!(enough(ValueUnit::Rating, 4.201, true), "4.21");
    }
}
