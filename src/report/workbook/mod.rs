//! Workbooks for offices: one per audience, one sheet a table, in the manner of dispatch tables (调度表). What they show and how
//! it is called is said by layout files (`pipelines/workbooks/`), not here.
//!
//! ```text
//! layout files ──Layouts::parse──▶ BookLayout ──┐
//! tables of a release (Release) ────────────────┴─▶ write ─▶ bytes of the workbook, and what did not fit the layout
//! ```
//!
//! [`Layouts::check`] compares layouts with the columns of the tables beforehand. [`write`] never fails over a layout: a table
//! that does not fit its layout is shown with all its columns, and both the contents sheet and the caller are told.

mod body;
mod chart;
mod chart_data;
mod check;
mod contents;
mod data;
mod decimal;
mod default_sheet;
mod figure;
mod fit;
mod foot;
mod format;
mod grid;
mod head;
mod layout;
mod leads;
mod names;
mod page;
mod period;
mod pick;
mod plan;
mod read;
mod sheet;
mod shown;
mod style;
mod template;
mod text;
mod view;
mod widths;

use chrono::NaiveTime;
use rust_xlsxwriter::{DocProperties, Workbook, XlsxError};

pub use self::data::{Cell, Column, Kind, Release, Rows, Table, TableShape};
pub use self::decimal::Rounding;
pub use self::layout::{BookLayout, PlainChart};
pub use self::read::Layouts;

use self::chart_data::write_chart_data;
use self::contents::write_contents;
use self::leads::{WARNING, shows_leads};
use self::page::Page;
use self::plan::plans;
use self::sheet::Source;
use self::shown::moment;
use self::style::Styles;
use self::template::Filling;
use self::view::View;
use crate::problem::Problem;

/// Rows of a sheet, by the file format.
const MOST_ROWS: u32 = 1_048_576;

/// Why a workbook cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum WorkbookError {
    /// The writer refused, such as for a table of more columns than a sheet has.
    #[error("the workbook cannot be written: {0}")]
    Xlsx(#[from] XlsxError),
}

/// A workbook.
#[derive(Debug)]
pub struct Written {
    /// Content of the `.xlsx` file; the same tables and layout give the same bytes.
    pub bytes: Vec<u8>,
    /// Where the tables do not fit the layout; the workbook says so too.
    pub problems: Vec<Problem>,
}

/// Writes the workbook of a release by the layout of an audience. The tables are those that the audience may read.
///
/// # Errors
/// When the writer refuses.
pub fn write(layout: &BookLayout, release: &Release<'_>) -> Result<Written, WorkbookError> {
    write_within(layout, release, MOST_ROWS)
}

/// Sheets of at most so many rows; tests need not write a million.
fn write_within(
    layout: &BookLayout,
    release: &Release<'_>,
    most_rows: u32,
) -> Result<Written, WorkbookError> {
    let mut problems = Vec::new();
    let plans = plans(layout, release, &mut problems);
    let filling = Filling {
        period: None,
        as_of: release.as_of,
        release: &release.id,
    };
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(layout, release)?);
    let styles = Styles::new(&layout.fonts);
    // The contents come first and are written last, when it is known what the sheets hold.
    workbook.add_worksheet();
    let mut entries = Vec::new();
    let mut blocks = Vec::new();
    let mut leads = false;
    for (number, plan) in (1..).zip(&plans) {
        let view = plan
            .table
            .map(|table| View::new(&plan.layout, table, release));
        let (Some(table), Some(Ok(view))) = (plan.table, &view) else {
            entries.push(plan.absent(number, filling.fill(&plan.layout.title)));
            continue;
        };
        let source = Source {
            number,
            layout: &plan.layout,
            table,
            view,
            release,
            fonts: &layout.fonts,
            styles: &styles,
            office: &layout.office,
            most_rows,
        };
        let written = source.write(workbook.add_worksheet(), &mut blocks)?;
        for (line, reason) in &written.undrawn {
            let message = format!("the chart is not drawn: {reason}");
            problems.push(Problem::new(&plan.layout.file, Some(*line), message));
        }
        leads |= shows_leads(&table.shape);
        entries.push(plan.entry(&source, &written));
    }
    if !blocks.is_empty() {
        let page = Page {
            portrait: true,
            one_page: false,
            header_left: &layout.office,
            header_center: if leads { WARNING } else { "" },
            header_right: &filling.fill("数据截至{as_of}"),
            footer_left: &release.id,
        };
        write_chart_data(workbook.add_worksheet(), &blocks, &styles, &page)?;
    }
    let contents = workbook.worksheet_from_index(0)?;
    write_contents(contents, layout, release, &entries, leads, &styles)?;
    Ok(Written {
        bytes: workbook.save_to_buffer()?,
        problems,
    })
}

/// The creation day is the as-of day: the moment of writing would make every copy another file.
fn properties(layout: &BookLayout, release: &Release<'_>) -> Result<DocProperties, XlsxError> {
    let created = moment(release.as_of, NaiveTime::MIN)
        .ok_or_else(|| XlsxError::DateTimeRangeError(release.as_of.to_string()))?;
    Ok(DocProperties::new()
        .set_title(layout.title.as_str())
        .set_author(layout.office.as_str())
        .set_subject(release.id.as_str())
        .set_creation_datetime(&created))
}

#[cfg(test)]
mod tests;
