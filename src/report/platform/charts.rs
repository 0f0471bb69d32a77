//! Charts of a platform's sheet: scores beside the quartiles of others, and totals over releases.

use crate::desk::platform::{PlatformSheet, Quartiles};
use crate::report::paper::drawing::{Anchor, Drawing, Mark};

use super::words::points;

const WIDTH: f64 = 720.0;
const LEFT: f64 = 210.0;
const RIGHT: f64 = 660.0;
/// Height of a row of scores.
const ROW: f64 = 30.0;
/// The most points.
const FULL: f64 = 100.0;
/// Lines of the scale.
const TICKS: [f64; 5] = [0.0, 25.0, 50.0, 75.0, 100.0];

/// One score.
pub(super) struct Strip {
    pub label: String,
    pub score: Option<f64>,
    pub peers: Option<Quartiles>,
    /// Limits drawn across the row.
    pub limits: Vec<f64>,
}

fn place(score: f64) -> f64 {
    LEFT + (score / FULL).clamp(0.0, 1.0) * (RIGHT - LEFT)
}

/// Scores from 0 to 100, one row each.
pub(super) fn strips(title: &str, rows: &[Strip]) -> Drawing {
    const TOP: f64 = 6.0;
    let ground = TOP + ROW * rows.len() as f64;
    let mut drawing = Drawing::new(WIDTH, ground + 22.0, title);
    for tick in TICKS {
        let x = place(tick);
        drawing.line(Mark::Axis, (x, ground), (x, ground + 4.0));
        drawing.text(Anchor::Middle, (x, ground + 17.0), &format!("{tick:.0}"));
    }
    drawing.line(Mark::Axis, (LEFT, ground), (RIGHT, ground));
    for (index, row) in rows.iter().enumerate() {
        let middle = TOP + ROW * (index as f64 + 0.5);
        drawing.text(Anchor::End, (LEFT - 10.0, middle + 4.0), &row.label);
        if let Some(peers) = &row.peers {
            let (from, until) = (place(peers.lower), place(peers.upper));
            // Quartiles that are one are still seen.
            let width = (until - from).max(2.0);
            drawing.bar(Mark::All, (from, middle - 10.0), (width, 20.0));
            let x = place(peers.middle);
            drawing.line(Mark::Axis, (x, middle - 12.0), (x, middle + 12.0));
        }
        if let Some(score) = row.score {
            drawing.bar(Mark::Own, (LEFT, middle - 2.5), (place(score) - LEFT, 5.0));
            drawing.dot(Mark::Own, (place(score), middle), 5.0);
        }
        for limit in &row.limits {
            let x = place(*limit);
            drawing.line(Mark::Limit, (x, middle - 13.0), (x, middle + 13.0));
        }
        let told = points(row.score);
        drawing.text(Anchor::Start, (RIGHT + 12.0, middle + 4.0), &told);
    }
    drawing
}

/// Totals over releases with the limits of the grades; none with fewer than two.
pub(super) fn history(sheet: &PlatformSheet) -> Option<Drawing> {
    const TOP: f64 = 14.0;
    const GROUND: f64 = 150.0;
    const FROM: f64 = 60.0;
    const UNTIL: f64 = 690.0;
    let told: Vec<(usize, f64)> = sheet
        .history
        .iter()
        .enumerate()
        .filter_map(|(index, one)| Some((index, one.score.as_ref()?.total?)))
        .collect();
    if told.len() < 2 {
        return None;
    }
    let title = "各期总分及等级界线 Totals over releases and limits of the grades";
    let mut drawing = Drawing::new(WIDTH, GROUND + 28.0, title);
    let height = |total: f64| GROUND - (total / FULL).clamp(0.0, 1.0) * (GROUND - TOP);
    let steps = sheet.history.len().saturating_sub(1).max(1) as f64;
    let across = |index: usize| FROM + 40.0 + index as f64 / steps * (UNTIL - FROM - 80.0);
    drawing.line(Mark::Axis, (FROM, GROUND), (UNTIL, GROUND));
    drawing.text(Anchor::End, (FROM - 6.0, GROUND + 4.0), "0");
    for grade in &sheet.grades {
        if let Some(minimum) = grade.minimum {
            let y = height(minimum);
            drawing.line(Mark::Limit, (FROM, y), (UNTIL, y));
            let words = format!("{} {minimum:.0}", grade.title.zh);
            drawing.text(Anchor::End, (FROM - 6.0, y + 4.0), &words);
        }
    }
    for pair in told.windows(2) {
        if let [(before, left), (after, right)] = pair {
            let from = (across(*before), height(*left));
            drawing.line(Mark::Axis, from, (across(*after), height(*right)));
        }
    }
    // Every label is read as long as few stand side by side.
    let every = sheet.history.len().div_ceil(8);
    for (index, total) in &told {
        let (x, y) = (across(*index), height(*total));
        drawing.dot(Mark::Own, (x, y), 4.5);
        if index % every == 0 || index + 1 == sheet.history.len() {
            let below = if y < TOP + 18.0 { 18.0 } else { -9.0 };
            let total = points(Some(*total));
            drawing.text(Anchor::Middle, (x, y + below), &total);
        }
    }
    for (index, one) in sheet.history.iter().enumerate() {
        if index % every == 0 || index + 1 == sheet.history.len() {
            let day = one.as_of.to_string();
            drawing.text(Anchor::Middle, (across(index), GROUND + 18.0), &day);
        }
    }
    Some(drawing)
}
