//! The page a sheet is printed on.

use rust_xlsxwriter::{Worksheet, XlsxError};

const A4: u8 = 9;
/// Margins in inches: left, right, top, bottom, header, footer.
const MARGINS: [f64; 6] = [0.4, 0.4, 0.6, 0.6, 0.3, 0.3];
/// A4 across, in inches.
const LONG_SIDE: f64 = 11.69;
const SHORT_SIDE: f64 = 8.27;
const PIXELS_OF_INCH: f64 = 96.0;
/// Page headers hold 255 characters in all.
const LONGEST_HEADER: usize = 60;

/// How a sheet is printed.
pub(super) struct Page<'p> {
    pub(super) portrait: bool,
    /// Everything on one page, not only everything in its width.
    pub(super) one_page: bool,
    pub(super) header_left: &'p str,
    /// In the middle of every page's head, where something must be said on each.
    pub(super) header_center: &'p str,
    pub(super) header_right: &'p str,
    pub(super) footer_left: &'p str,
}

/// Pixels between the margins of a page: across and down.
pub(super) fn room(portrait: bool) -> (f64, f64) {
    let [left, right, top, bottom, ..] = MARGINS;
    let (across, down) = if portrait {
        (SHORT_SIDE, LONG_SIDE)
    } else {
        (LONG_SIDE, SHORT_SIDE)
    };
    (
        (across - left - right) * PIXELS_OF_INCH,
        (down - top - bottom) * PIXELS_OF_INCH,
    )
}

/// Sets the page; `headings` are the rows repeated on each, `end` is the last cell that is printed.
pub(super) fn set_page(
    sheet: &mut Worksheet,
    page: &Page<'_>,
    headings: Option<(u32, u32)>,
    end: (u32, u16),
) -> Result<(), XlsxError> {
    let [left, right, top, bottom, header, footer] = MARGINS;
    sheet
        .set_paper_size(A4)
        .set_print_fit_to_pages(1, u16::from(page.one_page))
        .set_print_center_horizontally(true)
        .set_margins(left, right, top, bottom, header, footer)
        .set_header(format!(
            "&L{}&C{}&R{}",
            plain(page.header_left),
            plain(page.header_center),
            plain(page.header_right)
        ))
        .set_footer(format!(
            "&L{}&C第 &P 页，共 &N 页&R&A",
            plain(page.footer_left)
        ));
    if page.portrait {
        sheet.set_portrait();
    } else {
        sheet.set_landscape();
    }
    if let Some((first, last)) = headings {
        sheet.set_repeat_rows(first, last)?;
    }
    sheet.set_print_area(0, 0, end.0, end.1)?;
    Ok(())
}

/// `&` begins a code in page headers.
fn plain(text: &str) -> String {
    let cut: String = text.chars().take(LONGEST_HEADER).collect();
    cut.replace('&', "&&")
}
