//! A sheet on its page: how wide the columns, how high the rows and charts are, so that a short table fills the page and a table
//! with charts goes on one.

use super::chart;
use super::head::heading_lines;
use super::layout::{ChartKind, SheetLayout};
use super::page::room;
use super::text::lines;
use super::view::ViewColumn;
use super::widths::{pixels, stretch};

/// Pixels of a row of one line, at least and at most.
const ROW_PIXELS: (f64, f64) = (24.0, 34.0);
/// Pixels of a title, and of a further line of text.
const TITLE_PIXELS: f64 = 40.0;
const LINE_PIXELS: f64 = 19.0;
/// Rows of marks, gaps and sources below the layout's own notes, roughly.
const FURTHER_NOTES: f64 = 2.0;
const MOST_CHART_PIXELS: f64 = 420.0;
/// Pixels of one bar with its label, and of the frame around bars.
const BAR_PIXELS: f64 = 19.0;
const BAR_FRAME: f64 = 80.0;
/// A page is not shrunk below this to hold everything; then it runs over several.
const LEAST_SCALE: f64 = 0.55;
/// Kept free for what programs measure differently.
const RESERVE: f64 = 0.97;

/// Sizes of a sheet.
pub(super) struct Fit {
    /// Everything is printed on one page.
    pub(super) one_page: bool,
    /// Widths of the columns in characters.
    pub(super) widths: Vec<f64>,
    pub(super) row_pixels: u32,
    pub(super) chart_pixels: u32,
}

impl Fit {
    /// Sizes for so many rows under the headings of the columns, with so many warnings above.
    pub(super) fn new(
        layout: &SheetLayout,
        columns: &[ViewColumn],
        widths: &[f64],
        rows: usize,
        warnings: usize,
    ) -> Fit {
        // Headings and notes take fewer lines in columns that are drawn out, so the sizes are found in two steps.
        let narrow = frame(layout, columns, widths, warnings);
        let first = Fit::around(layout, widths, rows, narrow);
        let wide = frame(layout, columns, &first.widths, warnings);
        Fit::around(layout, widths, rows, wide)
    }

    /// Sizes with so many pixels for everything that is neither a row nor a chart.
    fn around(layout: &SheetLayout, widths: &[f64], rows: usize, frame: f64) -> Fit {
        let (across, down) = room(layout.portrait);
        let down = down * RESERVE;
        let (least_row, most_row) = ROW_PIXELS;
        let rows = rows.max(1) as f64;
        let pairs = layout.charts.len().div_ceil(2) as f64;
        let least_chart = least_chart(layout, rows);
        let gap = f64::from(chart::GAP);
        let needed = frame + rows * least_row + pairs * (least_chart + gap) + gap;
        // A table wider than the page is shrunk to it, one higher than the page only where it shall be on one.
        let wide = (across / pixels(widths)).min(1.0);
        let whole = (down / needed).min(wide);
        let one_page = layout.one_page && whole >= LEAST_SCALE;
        let scale = if one_page { whole } else { wide };
        let mut widths = widths.to_vec();
        stretch(&mut widths, across / scale);
        // What is left of the page goes to the charts first, then to the rows.
        let mut left = (down / scale - needed).max(0.0);
        let mut chart_pixels = least_chart;
        if one_page && pairs > 0.0 {
            let more = (left / pairs).min((MOST_CHART_PIXELS - least_chart).max(0.0));
            chart_pixels += more;
            left -= more * pairs;
        }
        let may_grow = one_page || pairs < 1.0;
        let row_pixels = if may_grow && needed <= down / scale {
            (least_row + left / rows).min(most_row)
        } else {
            least_row
        };
        Fit {
            one_page,
            widths,
            row_pixels: row_pixels as u32,
            chart_pixels: chart_pixels as u32,
        }
    }
}

/// Bars stand below each other and need room for each.
fn least_chart(layout: &SheetLayout, rows: f64) -> f64 {
    let bars = layout
        .charts
        .iter()
        .filter(|chart| chart.kind == ChartKind::Bar)
        .map(|chart| {
            let most = chart.pick.most.map_or(rows, |most| rows.min(most as f64));
            most * BAR_PIXELS + BAR_FRAME
        });
    bars.fold(f64::from(chart::LEAST_HEIGHT), f64::max)
        .min(MOST_CHART_PIXELS)
}

/// Pixels of everything that is neither a row nor a chart.
fn frame(layout: &SheetLayout, columns: &[ViewColumn], widths: &[f64], warnings: usize) -> f64 {
    let (row, _) = ROW_PIXELS;
    let (groups, headings) = heading_lines(columns, widths);
    let heading = groups + headings;
    let width: f64 = widths.iter().sum();
    let notes: usize = layout.notes.iter().map(|note| lines(note, width)).sum();
    let single_rows =
        f64::from(u8::from(layout.subtitle.is_some())) + warnings as f64 + FURTHER_NOTES + 1.0;
    TITLE_PIXELS + row * single_rows + LINE_PIXELS * (heading + notes) as f64 + 10.0
}
