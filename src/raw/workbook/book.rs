//! A workbook of either kind behind the library, with the library's panics caught.

use std::fs::File;
use std::io::{Cursor, Read, Seek};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use calamine::{Data, Range, Reader, Sheet, SheetType, SheetVisible, Xls, Xlsx};

use super::super::Limits;
use super::cells::CellView;
use super::fault::Fault;
use super::fence::{FencedFile, Watch};
use super::{biff, ole, package};

/// All of an XLS is held in memory; the largest that can be, 65,536 rows by 256 columns, are rarely larger than this.
const MOST_XLS: u64 = 64 << 20;

/// An opened workbook.
pub(super) struct Book {
    /// Names of its worksheets, the hidden ones last.
    sheets: Vec<String>,
    is_1904: bool,
    content: Content,
}

enum Content {
    /// Read cell by cell from the file.
    Xlsx {
        book: Box<Xlsx<FencedFile>>,
        watch: Arc<Watch>,
    },
    /// The cells of each sheet.
    Xls(Vec<(String, Range<Data>)>),
}

impl Book {
    /// Opens what the bytes are, whatever the name said.
    ///
    /// # Errors
    /// See [`Fault`].
    pub fn open(mut file: File, limits: Limits) -> Result<Book, Fault> {
        let mut magic = Vec::new();
        file.rewind().map_err(Fault::Read)?;
        (&file)
            .take(ole::MAGIC.len() as u64)
            .read_to_end(&mut magic)
            .map_err(Fault::Read)?;
        match magic.as_slice() {
            [b'P', b'K', 3 | 5, 4 | 6, ..] => caught(|| Book::open_xlsx(file, limits)),
            ole::MAGIC => caught(|| Book::open_xls(file)),
            [] => Err(Fault::Damaged("it is empty")),
            _ => Err(Fault::Damaged(
                "it is no workbook inside: perhaps a text table or a web page was given this name",
            )),
        }
    }

    fn open_xlsx(file: File, limits: Limits) -> Result<Book, Fault> {
        let watch = Arc::new(Watch::default());
        let fenced = package::check(file, limits, &watch)?;
        let book = Box::new(Xlsx::new(fenced).map_err(|error| explained(error.into(), &watch))?);
        Ok(Book {
            sheets: worksheets(book.sheets_metadata())?,
            is_1904: book.has_1904_epoch(),
            content: Content::Xlsx { book, watch },
        })
    }

    fn open_xls(mut file: File) -> Result<Book, Fault> {
        file.rewind().map_err(Fault::Read)?;
        let mut bytes = Vec::new();
        file.take(MOST_XLS + 1)
            .read_to_end(&mut bytes)
            .map_err(Fault::Read)?;
        if bytes.len() as u64 > MOST_XLS {
            return Err(Fault::Damaged(
                "it is larger than 64 MiB, too large for this format: save it as XLSX",
            ));
        }
        let mut stream = ole::workbook_stream(&bytes)?;
        drop(bytes);
        biff::make_safe(&mut stream)?;
        let mut book = Xls::new(Cursor::new(ole::wrap(stream)))?;
        let sheets = worksheets(book.sheets_metadata())?;
        let ranges = sheets
            .iter()
            .map(|name| Ok((name.clone(), book.worksheet_range(name)?)))
            .collect::<Result<_, Fault>>()?;
        Ok(Book {
            is_1904: book.has_1904_epoch(),
            sheets,
            content: Content::Xls(ranges),
        })
    }

    /// Names of the worksheets in the order in which they are to be looked at.
    pub fn sheets(&self) -> &[String] {
        &self.sheets
    }

    /// Gives row and column, from 0, and text of each cell of a sheet in file order, until told to stop.
    ///
    /// # Errors
    /// Whatever is wrong with the sheet, up to where reading stops.
    pub fn visit_cells(
        &mut self,
        sheet: &str,
        visitor: &mut dyn FnMut(u32, u32, &str) -> ControlFlow<()>,
    ) -> Result<(), Fault> {
        let is_1904 = self.is_1904;
        match &mut self.content {
            Content::Xlsx { book, watch } => {
                // Opening may have done without a part.
                watch.tripped.store(false, Ordering::Relaxed);
                let result = caught(|| visit_xlsx(book, sheet, is_1904, visitor));
                result.map_err(|fault| explained(fault, watch))
            }
            Content::Xls(ranges) => {
                let range = ranges.iter().find(|(name, _)| name == sheet);
                if let Some((_, range)) = range {
                    visit_range(range, is_1904, visitor);
                }
                Ok(())
            }
        }
    }
}

/// The library may meet, in a damaged file, what it did not foresee. (The panic's own message goes to standard error; it
/// holds places and sizes.)
fn caught<T>(read: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or(Err(Fault::PANICKED))
}

/// The true reason, where the library knows only that reading failed.
fn explained(fault: Fault, watch: &Watch) -> Fault {
    if watch.failed.load(Ordering::Relaxed) {
        return Fault::Read(std::io::Error::other("the scratch file cannot be read"));
    }
    if watch.tripped.load(Ordering::Relaxed) && matches!(fault, Fault::Damaged(_)) {
        return Fault::Damaged(
            "one of its parts is damaged, is no regular XML, or holds too much to be read",
        );
    }
    fault
}

fn worksheets(sheets: &[Sheet]) -> Result<Vec<String>, Fault> {
    let worksheets = || {
        sheets
            .iter()
            .filter(|sheet| sheet.typ == SheetType::WorkSheet)
    };
    let is_visible = |sheet: &&Sheet| sheet.visible == SheetVisible::Visible;
    let visible = worksheets().filter(is_visible);
    let hidden = worksheets().filter(|sheet| !is_visible(sheet));
    let names: Vec<String> = visible
        .chain(hidden)
        .map(|sheet| sheet.name.clone())
        .collect();
    if names.is_empty() {
        return Err(Fault::Damaged("it has no worksheet"));
    }
    Ok(names)
}

fn visit_xlsx(
    book: &mut Xlsx<FencedFile>,
    sheet: &str,
    is_1904: bool,
    visitor: &mut dyn FnMut(u32, u32, &str) -> ControlFlow<()>,
) -> Result<(), Fault> {
    let mut cells = book.worksheet_cells_reader(sheet)?;
    let mut buffer = String::new();
    while let Some(cell) = cells.next_cell()? {
        let (row, column) = cell.get_position();
        let text = CellView::from(cell.get_value()).text(is_1904, &mut buffer);
        if visitor(row, column, text).is_break() {
            break;
        }
    }
    Ok(())
}

fn visit_range(
    range: &Range<Data>,
    is_1904: bool,
    visitor: &mut dyn FnMut(u32, u32, &str) -> ControlFlow<()>,
) {
    let (first_row, first_column) = range.start().unwrap_or_default();
    let mut buffer = String::new();
    for (row, column, value) in range.used_cells() {
        let text = CellView::from(value).text(is_1904, &mut buffer);
        // The range lies within 65,536 rows and columns.
        let (row, column) = (first_row + row as u32, first_column + column as u32);
        if visitor(row, column, text).is_break() {
            return;
        }
    }
}
