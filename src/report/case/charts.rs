//! Charts of a case file.

use super::histogram::{BINS, Histogram};
use crate::desk::case::{Month, Peers};
use crate::report::form::{count, number};
use crate::report::paper::drawing::{Anchor, Drawing, Mark};

const WIDTH: f64 = 720.0;
const LEFT: f64 = 40.0;
const RIGHT: f64 = 700.0;
/// Dots of the organisation that are drawn.
const DOTS: usize = 300;
/// Threshold lines that are drawn.
const LIMITS: usize = 6;
/// Months that are drawn, the last ones.
const MONTHS: usize = 60;

/// Values with those of the case and the thresholds; none without a value.
pub(super) fn peers(peers: &Peers, title: &str) -> Option<Drawing> {
    const TOP: f64 = 24.0;
    const GROUND: f64 = 110.0;
    let histogram = Histogram::of(peers)?;
    let place_of = |value: f64| LEFT + histogram.share(value) * (RIGHT - LEFT);
    let mut drawing = Drawing::new(WIDTH, 150.0, title);
    let (counts, own) = (&histogram.all, &histogram.own);
    let tallest = counts.iter().chain(own).copied().max().unwrap_or(1).max(1);
    let width = (RIGHT - LEFT) / BINS as f64;
    for (mark, counts) in [(Mark::All, counts), (Mark::Own, own)] {
        for (place, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            // A single value among thousands is still seen.
            let height = (f64::from(*count) / f64::from(tallest) * (GROUND - TOP)).max(1.5);
            let corner = (LEFT + width * place as f64, GROUND - height);
            drawing.bar(mark, corner, (width - 1.0, height));
        }
    }
    drawing.line(Mark::Axis, (LEFT, GROUND), (RIGHT, GROUND));
    for value in peers.own.iter().take(DOTS) {
        drawing.dot(Mark::Own, (place_of(*value), GROUND + 9.0), 3.5);
    }
    for limit in peers.thresholds.iter().take(LIMITS) {
        let place = place_of(*limit);
        drawing.line(Mark::Limit, (place, TOP - 8.0), (place, GROUND + 16.0));
        let anchor = if place > WIDTH / 2.0 {
            Anchor::End
        } else {
            Anchor::Start
        };
        drawing.text(anchor, (place, TOP - 12.0), &number(*limit));
    }
    drawing.text(Anchor::End, (LEFT - 6.0, TOP + 8.0), &tallest.to_string());
    drawing.text(Anchor::End, (LEFT - 6.0, GROUND), "0");
    drawing.text(
        Anchor::Start,
        (LEFT, GROUND + 32.0),
        &number(histogram.least),
    );
    drawing.text(Anchor::End, (RIGHT, GROUND + 32.0), &number(histogram.most));
    if histogram.is_logarithmic {
        let middle = ((LEFT + RIGHT) / 2.0, GROUND + 32.0);
        drawing.text(Anchor::Middle, middle, "对数刻度 logarithmic");
    }
    Some(drawing)
}

/// One row of bars of the timeline: its name, its colour and what it counts.
type Panel = (&'static str, Mark, fn(&Month) -> i64);

/// Months counted from the year 0; none for other text.
fn index_of(month: &str) -> Option<usize> {
    let (year, month) = month.split_once('-')?;
    let (year, month): (usize, usize) = (year.parse().ok()?, month.parse().ok()?);
    Some(year * 12 + month.checked_sub(1)?)
}

/// Enrolments, claims and leads by month, one above the other; none without a month.
pub(super) fn timeline(months: &[Month]) -> Option<Drawing> {
    const PANEL: f64 = 76.0;
    const HEIGHT: f64 = 52.0;
    let dated = months
        .iter()
        .filter_map(|month| Some((index_of(&month.month)?, month)));
    let dated: Vec<(usize, &Month)> = dated.collect();
    let (last, last_month) = dated.last().copied()?;
    let from = last.saturating_sub(MONTHS - 1);
    let shown: Vec<(usize, &Month)> = dated
        .into_iter()
        .filter(|(index, _)| *index >= from)
        .collect();
    let (first, first_month) = shown.first().copied()?;
    let width = ((RIGHT - LEFT) / (last - first + 1) as f64).min(48.0);
    let title = "各月报名、申领和线索 Enrolments, claims and leads by month";
    let mut drawing = Drawing::new(WIDTH, 3.0 * PANEL + 24.0, title);
    let panels: [Panel; 3] = [
        ("报名 Enrolments", Mark::All, |month| month.enrolments),
        ("申领 Claims", Mark::All, |month| month.claims),
        ("线索 Leads", Mark::Own, |month| month.hits),
    ];
    for (panel, (name, mark, value)) in panels.into_iter().enumerate() {
        let ground = panel as f64 * PANEL + 18.0 + HEIGHT;
        let values = shown.iter().map(|(_, month)| value(month));
        let tallest = values.max().unwrap_or(0).max(1);
        drawing.text(Anchor::Start, (LEFT, ground - HEIGHT - 6.0), name);
        drawing.text(
            Anchor::End,
            (LEFT - 6.0, ground - HEIGHT + 8.0),
            &count(tallest),
        );
        drawing.line(Mark::Axis, (LEFT, ground), (RIGHT, ground));
        for (index, month) in &shown {
            let height = value(month) as f64 / tallest as f64 * HEIGHT;
            let corner = (LEFT + width * (index - first) as f64, ground - height);
            if height > 0.0 {
                drawing.bar(mark, corner, ((width - 1.0).max(1.0), height));
            }
        }
    }
    let foot = 3.0 * PANEL + 14.0;
    let end = LEFT + width * (last - first + 1) as f64;
    drawing.text(Anchor::Start, (LEFT, foot), &first_month.month);
    if last > first {
        // Two labels need room for each other.
        let place = end.max(LEFT + 110.0);
        drawing.text(Anchor::End, (place, foot), &last_month.month);
    }
    Some(drawing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_needs_a_value() {
        assert!(peers(&Peers::default(), "").is_none());
        let lone = Peers {
            thresholds: vec![0.5],
            ..Peers::default()
        };
        assert!(peers(&lone, "").is_none());
        let some = Peers {
            values: vec![0.5, 2.0],
            own: vec![2.0],
            thresholds: vec![0.4],
        };
        assert!(peers(&some, "").is_some());
    }

    #[test]
    fn months_are_drawn_however_far_apart() {
        assert!(timeline(&[]).is_none());
        let month = |month: &str| Month {
            month: month.to_owned(),
            hits: 1,
            ..Month::default()
        };
        assert!(timeline(&[month("2000-01"), month("2020-12")]).is_some());
        assert_eq!(index_of("2020-00"), None);
        assert_eq!(
            index_of("2021-01"),
            index_of("2020-12").map(|index| index + 1)
        );
    }
}
