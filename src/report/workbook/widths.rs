//! How wide the columns of a sheet are.

use super::data::{Cell, Release};
use super::figure::figure;
use super::format::Format;
use super::text::display_width;
use super::view::{View, ViewColumn, labelled};

/// Rows that are looked at for a width that the layout leaves open.
const SAMPLE: usize = 200;
const WIDEST_TEXT: usize = 36;
const NARROWEST: usize = 7;
/// Pixels of a character, and of the air beside a column's text.
const CHARACTER: f64 = 7.0;
const AIR: f64 = 5.0;
/// Columns are not drawn out beyond this, however empty the page.
const MOST_STRETCH: f64 = 3.0;

/// Widths in characters: the layout's, else by what stands in the columns.
pub(super) fn widths(view: &View<'_>, release: &Release<'_>) -> Vec<f64> {
    view.columns
        .iter()
        .enumerate()
        .map(|(place, column)| match column.width {
            Some(width) => width,
            None => guess(view, place, column, release) as f64,
        })
        .collect()
}

fn guess(view: &View<'_>, place: usize, column: &ViewColumn, release: &Release<'_>) -> usize {
    // A heading may take two lines.
    let longest = column.heading.split('\n').map(display_width).max();
    let heading = match longest.unwrap_or(0) {
        short if short <= 8 => short + 1,
        long => (long / 2 + 2).min(20),
    };
    let content = match column.format {
        Format::Date => 11,
        Format::Time => 17,
        Format::YesNo => 5,
        format => (0..view.height().min(SAMPLE))
            .map(|row| match view.cell(row, place) {
                Cell::Text(text) => display_width(&labelled(column.labels.as_deref(), &text)),
                Cell::List(items) => items.iter().map(|item| display_width(item) + 2).sum(),
                cell => match figure(&cell, format, release.rounding) {
                    Some(number) => number.width(),
                    None => 2,
                },
            })
            .max()
            .unwrap_or(0),
    };
    let indent = if column.indent { 2 } else { 0 };
    (content + indent + 3)
        .min(WIDEST_TEXT)
        .max(heading)
        .max(NARROWEST)
}

/// Pixels of columns together.
pub(super) fn pixels(widths: &[f64]) -> f64 {
    widths.iter().map(|width| width * CHARACTER + AIR).sum()
}

/// Draws columns out until they fill so many pixels; wider ones stay as they are.
pub(super) fn stretch(widths: &mut [f64], target: f64) {
    let air = AIR * widths.len() as f64;
    let text = pixels(widths) - air;
    if text <= 0.0 {
        return;
    }
    let factor = ((target - air) / text).clamp(1.0, MOST_STRETCH);
    for width in widths {
        *width = (*width * factor * 10.0).floor() / 10.0;
    }
}
