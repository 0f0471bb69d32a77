//! One sheet: its table from title to sources, and its charts.

use rust_xlsxwriter::{IgnoreError, Worksheet, XlsxError};

use super::body::{Seen, column_number, write_body};
use super::chart;
use super::chart_data::{self, Block};
use super::data::{Release, Table};
use super::fit::Fit;
use super::foot::{marks, source_line};
use super::head::{Above, Sheet};
use super::layout::{Fonts, SheetLayout};
use super::leads::{WARNING, shows_leads};
use super::page::{Page, set_page};
use super::style::Styles;
use super::template::Filling;
use super::view::View;
use super::widths::{pixels, widths};

/// Points of a pixel.
const POINTS: f64 = 0.75;
/// Rows above a table, at most.
const ROOM_ABOVE: u32 = 10;
/// Rows kept free below a table for its notes.
const ROOM_BELOW: u32 = 60;
/// What a sheet is written from.
pub(super) struct Source<'s> {
    /// Number of the table in the workbook.
    pub(super) number: usize,
    pub(super) layout: &'s SheetLayout,
    pub(super) table: &'s Table<'s>,
    pub(super) view: &'s View<'s>,
    pub(super) release: &'s Release<'s>,
    pub(super) fonts: &'s Fonts,
    pub(super) styles: &'s Styles,
    pub(super) office: &'s str,
    /// Rows that a sheet may have.
    pub(super) most_rows: u32,
}

/// What became of a sheet.
pub(super) struct Written {
    /// Rows that did not fit.
    pub(super) cut: usize,
    /// Charts that could not be drawn, and why.
    pub(super) undrawn: Vec<(usize, String)>,
}

impl Source<'_> {
    fn filling(&self) -> Filling<'_> {
        Filling {
            period: self.view.period.as_deref(),
            as_of: self.release.as_of,
            release: &self.release.id,
        }
    }

    /// The title with its places filled in.
    pub(super) fn title(&self) -> String {
        self.filling().fill(&self.layout.title)
    }

    /// The unit line.
    pub(super) fn unit(&self) -> String {
        match &self.layout.unit {
            Some(unit) => unit.clone(),
            None => self.view.units(),
        }
    }

    /// Writes the sheet; the figures of its charts are added to `blocks`.
    pub(super) fn write(
        &self,
        sheet: &mut Worksheet,
        blocks: &mut Vec<Block>,
    ) -> Result<Written, XlsxError> {
        let filling = self.filling();
        sheet.set_name(&self.layout.name)?;
        let mut columns = self.view.columns.clone();
        for column in &mut columns {
            column.heading = filling.fill(&column.heading);
            column.group = column.group.as_deref().map(|group| filling.fill(group));
        }
        // Warnings stand above the rows, so those that fit are counted before.
        let sums = u32::from(self.view.sums.is_some());
        let capacity = self
            .most_rows
            .saturating_sub(ROOM_ABOVE + sums + ROOM_BELOW);
        let height = self.view.height();
        let kept = height.min(usize::try_from(capacity).unwrap_or(usize::MAX));
        let cut = height - kept;
        let warnings = self.warnings(kept, cut);
        let guessed = widths(self.view, self.release);
        let fit = Fit::new(self.layout, &columns, &guessed, kept, warnings.len());
        let widths = &fit.widths;
        sheet.set_default_row_height(f64::from(fit.row_pixels) * POINTS);
        let mut page = Sheet {
            sheet,
            styles: self.styles,
            widths,
            row: 0,
        };
        let unit = self.unit();
        let (first_heading, last_heading) = page.above(&Above {
            title: self.title(),
            subtitle: self
                .layout
                .subtitle
                .as_deref()
                .map(|text| filling.fill(text)),
            warnings,
            left: format!("表{}　数据截至：{}", self.number, filling.fill("{as_of}")),
            right: match unit.as_str() {
                "" => String::new(),
                unit => format!("计量单位：{unit}"),
            },
            columns: &columns,
        })?;
        let first_row = page.row;
        let (view, release) = (self.view, self.release);
        let seen = write_body(
            page.sheet,
            first_row,
            kept,
            view,
            release,
            widths,
            self.styles,
        )?;
        let rows = u32::try_from(kept).unwrap_or(u32::MAX) + sums;
        page.row = first_row + rows;
        if rows == 0 {
            let nothing = "（本期无记录）";
            page.across(nothing, &self.styles.centered)?;
        }
        let widths = widen(page.sheet, widths, &seen)?;
        let last_column = column_number(widths.len().saturating_sub(1));
        let mut undrawn = Vec::new();
        let before = blocks.len();
        let mut drawn = self.charts(blocks, &mut undrawn);
        let has_gaps = blocks.iter().skip(before).any(Block::has_gaps);
        let sources = if self.layout.sources.is_empty() {
            &self.table.sources
        } else {
            &self.layout.sources
        };
        let notes = self.notes(&seen, cut, has_gaps, &undrawn);
        page.below(&notes, source_line(sources).as_deref())?;
        let mut end = page.row.saturating_sub(1);
        if !drawn.is_empty() {
            let size = (pixels(&widths), fit.chart_pixels);
            end = chart::place(page.sheet, &mut drawn, page.row, size, fit.row_pixels)?;
        }
        let sheet = page.sheet;
        if rows > 0 {
            let last_row = first_row + rows - 1;
            if self.layout.filter {
                sheet.autofilter(last_heading, 0, last_row, last_column)?;
            }
            // Codes of digits are text and meant so; no green corners.
            sheet.ignore_error_range(
                first_row,
                0,
                last_row,
                last_column,
                IgnoreError::NumberStoredAsText,
            )?;
        }
        let freeze = self
            .layout
            .freeze
            .unwrap_or(0)
            .min(widths.len().saturating_sub(1));
        sheet.set_freeze_panes(first_row, column_number(freeze))?;
        let warning = self.warning().unwrap_or_default();
        let page = Page {
            portrait: self.layout.portrait,
            one_page: fit.one_page,
            header_left: self.office,
            header_center: warning,
            header_right: &filling.fill("数据截至{as_of}"),
            footer_left: &self.release.id,
        };
        set_page(
            sheet,
            &page,
            Some((first_heading, last_heading)),
            (end, last_column),
        )?;
        Ok(Written { cut, undrawn })
    }

    /// What must be said wherever the table is shown.
    fn warning(&self) -> Option<&'static str> {
        shows_leads(&self.table.shape).then_some(WARNING)
    }

    fn warnings(&self, kept: usize, cut: usize) -> Vec<String> {
        let mut warnings: Vec<String> = self.warning().map(str::to_owned).into_iter().collect();
        if self.view.left_out > 0 {
            warnings.push(self.left_out());
        }
        if cut > 0 {
            warnings.push(format!(
                "本表共{}行，超出电子表格的行数上限，仅列前{kept}行，其余{cut}行未列出；全部数据请用 CSV 或 Parquet 格式导出。",
                kept + cut
            ));
        }
        warnings
    }

    /// What the layout's `most` leaves out.
    fn left_out(&self) -> String {
        format!(
            "本表按所示次序仅列前{}行，另有{}行未列出；全部数据请用 CSV 或 Parquet 格式导出。",
            self.view.height(),
            self.view.left_out
        )
    }

    fn notes(
        &self,
        seen: &Seen,
        cut: usize,
        has_gaps: bool,
        undrawn: &[(usize, String)],
    ) -> Vec<String> {
        let filling = self.filling();
        let own = self.layout.notes.iter().map(|note| filling.fill(note));
        let mut notes: Vec<String> = own.collect();
        notes.extend(marks(seen));
        if has_gaps {
            notes.push("图中空缺处为无数据或不予公布。".to_owned());
        }
        if self.view.left_out > 0 {
            notes.push(self.left_out());
        }
        if self.view.undated > 0 {
            notes.push(format!(
                "另有{}行所属期不明，未列入本表。",
                self.view.undated
            ));
        }
        if cut > 0 {
            notes.push(format!("受行数上限限制，另有{cut}行未列出。"));
        }
        if !undrawn.is_empty() {
            notes.push(format!("有{}幅图因数据不足或不唯一未绘制。", undrawn.len()));
        }
        notes
    }

    fn charts(
        &self,
        blocks: &mut Vec<Block>,
        undrawn: &mut Vec<(usize, String)>,
    ) -> Vec<rust_xlsxwriter::Chart> {
        let mut drawn = Vec::new();
        for layout in &self.layout.charts {
            // The first block stands below the title of the sheet of figures.
            let row = blocks.last().map_or(4, Block::end);
            let place = (blocks.len() + 1, row);
            match chart_data::block(layout, self.layout, self.table, self.release, place) {
                Ok(block) => {
                    let title = self.filling().fill(&block.title);
                    let warning = self.warning();
                    drawn.push(chart::draw(layout, &block, &title, warning, self.fonts));
                    blocks.push(Block { title, ..block });
                }
                Err(reason) => undrawn.push((layout.line, reason)),
            }
        }
        drawn
    }
}

/// Sets the widths; columns of numbers are as wide as their longest, so that none is shown as `####`.
fn widen(sheet: &mut Worksheet, widths: &[f64], seen: &Seen) -> Result<Vec<f64>, XlsxError> {
    let mut wide = Vec::with_capacity(widths.len());
    for (place, width) in widths.iter().enumerate() {
        let longest = seen.number_widths.get(place).copied().unwrap_or(0);
        let width = if longest > 0 {
            width.max(longest as f64 + 3.5)
        } else {
            *width
        };
        sheet.set_column_width(column_number(place), width)?;
        wide.push(width);
    }
    Ok(wide)
}
