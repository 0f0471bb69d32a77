//! Charts: for those who look rather than read.

use rust_xlsxwriter::{
    Chart, ChartDataLabel, ChartDataLabelPosition, ChartEmptyCells, ChartFont, ChartFormat,
    ChartLegendPosition, ChartLine, ChartMarker, ChartMarkerType, ChartSeries, ChartSolidFill,
    ChartType, Color, Worksheet, XlsxError,
};

use super::body::column_number;
use super::chart_data::{Block, Series};
use super::format::Format;
use super::layout::{ChartKind, ChartLayout, Fonts};
use super::names::CHART_DATA;

/// Dark and light by turns, so that they are told apart in black and white too.
const COLORS: [Color; 6] = [
    Color::RGB(0x001F_4E78),
    Color::RGB(0x00F0_A35E),
    Color::RGB(0x0054_8235),
    Color::RGB(0x0095_B3D7),
    Color::RGB(0x007F_6000),
    Color::RGB(0x00A6_A6A6),
];
const GRID: Color = Color::RGB(0x00D9_D9D9);
/// Pixels of the lowest chart, and between charts.
pub(super) const LEAST_HEIGHT: u32 = 270;
pub(super) const GAP: u32 = 12;
/// More categories than these have their labels turned.
const MOST_LEVEL_LABELS: usize = 20;

/// Makes a chart over its block of figures; `warning` stands under the title, so that it goes wherever the chart is copied.
pub(super) fn draw(
    layout: &ChartLayout,
    block: &Block,
    title: &str,
    warning: Option<&str>,
    fonts: &Fonts,
) -> Chart {
    let mut chart = Chart::new(match layout.kind {
        ChartKind::Line => ChartType::Line,
        ChartKind::Column => ChartType::Column,
        ChartKind::Bar => ChartType::Bar,
        ChartKind::Stacked => ChartType::ColumnStacked,
    });
    let font = |size: u32| {
        let mut font = ChartFont::new();
        font.set_name(fonts.body.as_str()).set_size(size);
        font
    };
    let first = block.row + 1;
    let rows = u32::try_from(block.categories.len()).unwrap_or(u32::MAX);
    let last = first + rows.saturating_sub(1);
    for (place, series) in block.series.iter().enumerate() {
        let column = column_number(place + 1);
        let color = COLORS.get(place % COLORS.len()).copied();
        let drawn = chart.add_series();
        drawn
            .set_categories((CHART_DATA, first, 0, last, 0))
            .set_values((CHART_DATA, first, column, last, column))
            .set_name((CHART_DATA, block.row, column));
        paint(
            drawn,
            layout,
            series,
            color.unwrap_or(Color::Gray),
            &font(8),
        );
    }
    let mut title_font = font(11);
    title_font.set_name(fonts.title.as_str());
    let unit = layout.unit.as_ref();
    let unit = unit.map_or_else(String::new, |unit| format!("（{unit}）"));
    let warning = warning.map_or_else(String::new, |warning| format!("\n{warning}"));
    chart
        .title()
        .set_name(&format!("图{}　{title}{unit}{warning}", block.number))
        .set_font(&title_font);
    dress(&mut chart, layout, block, &font(9));
    chart.show_empty_cells_as(ChartEmptyCells::Gaps);
    chart.set_alt_text(title);
    chart
}

fn paint(
    drawn: &mut ChartSeries,
    layout: &ChartLayout,
    series: &Series,
    color: Color,
    font: &ChartFont,
) {
    match layout.kind {
        ChartKind::Line => {
            let mut line = ChartLine::new();
            line.set_color(color).set_width(2);
            let mut marker = ChartMarker::new();
            let mut fill = ChartFormat::new();
            fill.set_solid_fill(ChartSolidFill::new().set_color(color));
            marker
                .set_type(ChartMarkerType::Circle)
                .set_size(5)
                .set_format(&mut fill);
            drawn
                .set_format(ChartFormat::new().set_line(&line))
                .set_marker(&marker);
        }
        _ => {
            let fill = ChartSolidFill::new().set_color(color).clone();
            drawn
                .set_format(ChartFormat::new().set_solid_fill(&fill))
                .set_gap(60);
        }
    }
    if layout.figures {
        let mut label = ChartDataLabel::new();
        if layout.kind == ChartKind::Line {
            label.set_position(ChartDataLabelPosition::Above);
        }
        label
            .show_value()
            .set_font(font)
            .set_num_format(series.format.number_format().unwrap_or("General"));
        drawn.set_data_label(&label);
    }
}

/// Axes, legend and grid.
fn dress(chart: &mut Chart, layout: &ChartLayout, block: &Block, font: &ChartFont) {
    let percent = block
        .series
        .iter()
        .all(|series| series.format == Format::Percent);
    let number_format = if percent { "0%" } else { "#,##0" };
    let least = block.series.iter().flat_map(|series| &series.values);
    let is_positive = least.flatten().all(|value| *value >= 0.0);
    let mut grid = ChartLine::new();
    grid.set_color(GRID).set_width(0.5);
    let mut turned = font.clone();
    if block.categories.len() > MOST_LEVEL_LABELS && layout.kind != ChartKind::Bar {
        turned.set_rotation(-45);
    }
    // Bars lie: their names stand on the axis that goes up.
    let names = match layout.kind {
        ChartKind::Bar => chart.y_axis(),
        _ => chart.x_axis(),
    };
    names.set_font(&turned).set_major_gridlines(false);
    let values = match layout.kind {
        ChartKind::Bar => chart.x_axis(),
        _ => chart.y_axis(),
    };
    values
        .set_font(font)
        .set_num_format(number_format)
        .set_major_gridlines(true)
        .set_major_gridlines_line(&grid);
    if is_positive {
        values.set_min(0);
    }
    if block.series.len() > 1 {
        chart
            .legend()
            .set_position(ChartLegendPosition::Bottom)
            .set_font(font);
    } else {
        chart.legend().set_hidden();
    }
}

/// Puts charts below a row, two beside each other, over so many pixels in all and as high; gives the last row that they cover.
pub(super) fn place(
    sheet: &mut Worksheet,
    charts: &mut [Chart],
    row: u32,
    (width, height): (f64, u32),
    row_pixels: u32,
) -> Result<u32, XlsxError> {
    let across = u32::try_from(charts.len()).unwrap_or(1).clamp(1, 2);
    // A little less than the table, lest the frame be cut off at the page's edge.
    let own = (width as u32).saturating_sub(GAP * (across - 1) + 4) / across;
    let mut top = GAP;
    for pair in charts.chunks_mut(2) {
        let mut left = 1;
        for chart in pair {
            chart.set_width(own).set_height(height);
            sheet.insert_chart_with_offset(row, 0, chart, left, top)?;
            left += own + GAP;
        }
        top += height + GAP;
    }
    Ok(row + top.div_ceil(row_pixels))
}
