//! The records of an XLS, made safe before the library parses them.
//!
//! The library builds all sheets at once, each as a full rectangle, copies a shared string to every cell that refers to
//! it, and reserves what the sheet claims. So what it would build is added up first. Records whose only use
//! is a claim or a formula's text are blanked, and a formula is replaced by its result.

use super::biff_strings::string_lengths;
use super::fault::{ENCRYPTED, Fault};

const MOST_SHEETS: usize = 255;
/// The last column of this format is IV.
const MOST_COLUMNS: u16 = 256;
/// Cells of all sheets: of the rectangles that hold them, and given in the file.
const MOST_CELLS: u64 = 8 << 20;
const MOST_TEXT: u64 = 256 << 20;

pub(super) const BROKEN: Fault = Fault::Damaged("one of its records is damaged or cut off");
pub(super) const TOO_LARGE: Fault = Fault::Damaged(
    "its cells lie too far apart or hold too much text for this format: save it as XLSX",
);

// Record types.
const FORMULA: u16 = 0x0006;
const END: u16 = 0x000A;
const DATE_MODE: u16 = 0x0022;
const PASSWORD: u16 = 0x002F;
pub(super) const CONTINUE: u16 = 0x003C;
const CODE_PAGE: u16 = 0x0042;
const SHEET: u16 = 0x0085;
const NUMBERS: u16 = 0x00BD;
const RICH_LABEL: u16 = 0x00D6;
const CELL_FORMAT: u16 = 0x00E0;
const MERGED: u16 = 0x00E5;
const STRINGS: u16 = 0x00FC;
const SHARED_LABEL: u16 = 0x00FD;
const DIMENSIONS: u16 = 0x0200;
const NUMBER: u16 = 0x0203;
const LABEL: u16 = 0x0204;
const FLAG_OR_ERROR: u16 = 0x0205;
const RESULT_TEXT: u16 = 0x0207;
const SHORT_NUMBER: u16 = 0x027E;
const FORMAT: u16 = 0x041E;
const BEGIN: u16 = 0x0809;
/// No record of any version.
const BLANK: u16 = 0xFFFF;

/// The records before the first sheet that the library needs.
const NEEDED: [u16; 10] = [
    END,
    DATE_MODE,
    PASSWORD,
    CONTINUE,
    CODE_PAGE,
    SHEET,
    CELL_FORMAT,
    STRINGS,
    FORMAT,
    BEGIN,
];

/// Error values that are known; another one would cost the whole file.
const ERRORS: [u8; 8] = [0x00, 0x07, 0x0F, 0x17, 0x1D, 0x24, 0x2A, 0x2B];
const VALUE_ERROR: u8 = 0x0F;

/// Checks what the library would build and blanks what it must not see.
///
/// # Errors
/// [`Fault::Damaged`] when records are broken, encrypted, or would take too much memory.
pub(super) fn make_safe(stream: &mut [u8]) -> Result<(), Fault> {
    let globals = Globals::read(stream)?;
    let mut budget = Budget {
        cells: MOST_CELLS,
        area: MOST_CELLS,
        text: MOST_TEXT,
    };
    let mut starts = globals.sheets;
    starts.sort_unstable();
    let mut free_from = globals.end;
    for start in starts {
        // Sheets that share records would be changed after they are checked, and cost more than the file has.
        if start < free_from {
            return Err(BROKEN);
        }
        free_from = check_sheet(stream, start, &globals.lengths, &mut budget)?;
    }
    Ok(())
}

/// The place of a record in the stream.
#[derive(Clone, Copy)]
pub(super) struct Record {
    pub kind: u16,
    start: usize,
    length: usize,
}

impl Record {
    /// The record at a place. A rest of less than a record's head is no record.
    pub fn at(stream: &[u8], start: usize) -> Result<Option<Record>, Fault> {
        let head = stream.get(start..).unwrap_or_default();
        let [k1, k2, l1, l2, rest @ ..] = head else {
            return if head.is_empty() {
                Ok(None)
            } else {
                Err(BROKEN)
            };
        };
        let length = usize::from(u16::from_le_bytes([*l1, *l2]));
        if rest.len() < length {
            return Err(BROKEN);
        }
        Ok(Some(Record {
            kind: u16::from_le_bytes([*k1, *k2]),
            start,
            length,
        }))
    }

    pub fn end(self) -> usize {
        self.start + 4 + self.length
    }

    pub fn data(self, stream: &[u8]) -> &[u8] {
        stream.get(self.start + 4..self.end()).unwrap_or_default()
    }

    fn set_kind(self, stream: &mut [u8], kind: u16) {
        let head = stream.iter_mut().skip(self.start);
        for (place, byte) in head.zip(kind.to_le_bytes()) {
            *place = byte;
        }
    }

    fn set_byte(self, stream: &mut [u8], place: usize, byte: u8) {
        if let Some(target) = stream.get_mut(self.start + 4 + place) {
            *target = byte;
        }
    }
}

pub(super) fn half(data: &[u8], place: usize) -> Result<u16, Fault> {
    let pair = data.get(place..place + 2).ok_or(BROKEN)?;
    Ok(u16::from_le_bytes(pair.try_into().map_err(|_| BROKEN)?))
}

pub(super) fn word(data: &[u8], place: usize) -> Result<u32, Fault> {
    let bytes = data.get(place..place + 4).ok_or(BROKEN)?;
    Ok(u32::from_le_bytes(bytes.try_into().map_err(|_| BROKEN)?))
}

/// What the records before the first sheet say.
#[derive(Default)]
struct Globals {
    /// Where the sheets start.
    sheets: Vec<usize>,
    /// Bytes of each shared string, at most.
    lengths: Vec<u32>,
    /// Where these records end.
    end: usize,
}

impl Globals {
    fn read(stream: &mut [u8]) -> Result<Globals, Fault> {
        let mut globals = Globals::default();
        let mut place = 0;
        while let Some(record) = Record::at(stream, place)? {
            place = record.end();
            globals.end = place;
            match record.kind {
                END => break,
                PASSWORD if half(record.data(stream), 0)? != 0 => {
                    return Err(Fault::Damaged(ENCRYPTED));
                }
                SHEET => {
                    let start = word(record.data(stream), 0)? as usize;
                    globals.sheets.push(start);
                }
                STRINGS => globals.lengths = string_lengths(stream, record)?,
                kind if !NEEDED.contains(&kind) => record.set_kind(stream, BLANK),
                _ => {}
            }
        }
        if globals.sheets.len() > MOST_SHEETS {
            return Err(Fault::Damaged("it has more than 255 sheets"));
        }
        Ok(globals)
    }
}

/// What may still be built.
struct Budget {
    cells: u64,
    area: u64,
    text: u64,
}

/// The rectangle around the cells of a sheet.
#[derive(Default)]
struct Bounds {
    rows: Option<(u16, u16)>,
    columns: Option<(u16, u16)>,
}

impl Bounds {
    fn include(&mut self, row: u16, column: u16) -> Result<(), Fault> {
        if column >= MOST_COLUMNS {
            return Err(Fault::Damaged("a cell lies outside any sheet"));
        }
        let grown = |bounds: Option<(u16, u16)>, value: u16| {
            let (first, last) = bounds.unwrap_or((value, value));
            Some((first.min(value), last.max(value)))
        };
        self.rows = grown(self.rows, row);
        self.columns = grown(self.columns, column);
        Ok(())
    }

    fn area(&self) -> u64 {
        let extent = |bounds: Option<(u16, u16)>| {
            bounds.map_or(0, |(first, last)| u64::from(last - first) + 1)
        };
        extent(self.rows) * extent(self.columns)
    }
}

/// Checks a sheet and tells where it ends.
fn check_sheet(
    stream: &mut [u8],
    start: usize,
    lengths: &[u32],
    budget: &mut Budget,
) -> Result<usize, Fault> {
    let mut bounds = Bounds::default();
    let mut place = start;
    let mut depth = 0_usize;
    while let Some(record) = Record::at(stream, place)? {
        place = record.end();
        match record.kind {
            BEGIN => depth += 1,
            END if depth <= 1 => {
                budget.area = budget.area.checked_sub(bounds.area()).ok_or(TOO_LARGE)?;
                return Ok(place);
            }
            END => depth -= 1,
            // A chart inside the sheet.
            _ if depth > 1 => {}
            DIMENSIONS | MERGED => record.set_kind(stream, BLANK),
            FORMULA => {
                include_cell(record.data(stream), &mut bounds, budget)?;
                replace_formula(stream, record)?;
            }
            NUMBER | SHORT_NUMBER => include_cell(record.data(stream), &mut bounds, budget)?,
            FLAG_OR_ERROR => {
                include_cell(record.data(stream), &mut bounds, budget)?;
                let data = record.data(stream);
                if let [_, _, _, _, _, _, error, 1, ..] = data
                    && !ERRORS.contains(error)
                {
                    record.set_byte(stream, 6, VALUE_ERROR);
                }
            }
            NUMBERS => {
                let data = record.data(stream);
                include_cell(data, &mut bounds, budget)?;
                let last = half(data, data.len().saturating_sub(2))?;
                bounds.include(half(data, 0)?, last)?;
                budget.take_cells(data.len() as u64 / 6)?;
            }
            SHARED_LABEL => {
                let data = record.data(stream);
                include_cell(data, &mut bounds, budget)?;
                let length = lengths.get(word(data, 6)? as usize).copied();
                budget.take_text(u64::from(length.unwrap_or(0)))?;
            }
            LABEL | RICH_LABEL => {
                let data = record.data(stream);
                include_cell(data, &mut bounds, budget)?;
                budget.take_text(u64::from(half(data, 6)?) * 3)?;
            }
            RESULT_TEXT => {
                budget.take_cells(1)?;
                budget.take_text(u64::from(half(record.data(stream), 0)?) * 3)?;
            }
            _ => {}
        }
    }
    // Without its end the library would read on into what follows.
    Err(BROKEN)
}

impl Budget {
    fn take_cells(&mut self, count: u64) -> Result<(), Fault> {
        self.cells = self.cells.checked_sub(count).ok_or(TOO_LARGE)?;
        Ok(())
    }

    fn take_text(&mut self, count: u64) -> Result<(), Fault> {
        self.text = self.text.checked_sub(count).ok_or(TOO_LARGE)?;
        Ok(())
    }
}

/// All records of cells start with row and column.
fn include_cell(data: &[u8], bounds: &mut Bounds, budget: &mut Budget) -> Result<(), Fault> {
    budget.take_cells(1)?;
    bounds.include(half(data, 0)?, half(data, 2)?)
}

/// Puts a formula's result in the place of the formula: number, flag and error lie where their own records have them.
/// Where the result is a text, which follows in a record of its own, the formula is emptied.
fn replace_formula(stream: &mut [u8], record: Record) -> Result<(), Fault> {
    let data = record.data(stream);
    if data.len() < 22 {
        return Err(BROKEN);
    }
    let (kind, value) = match data {
        [_, _, _, _, _, _, kind, _, value, _, _, _, 0xFF, 0xFF, ..] => (*kind, *value),
        _ => {
            record.set_kind(stream, NUMBER);
            return Ok(());
        }
    };
    match kind {
        0 => {
            record.set_byte(stream, 20, 0);
            record.set_byte(stream, 21, 0);
        }
        1 => {
            record.set_kind(stream, FLAG_OR_ERROR);
            record.set_byte(stream, 6, value);
            record.set_byte(stream, 7, 0);
        }
        2 => {
            let error = if ERRORS.contains(&value) {
                value
            } else {
                VALUE_ERROR
            };
            record.set_kind(stream, FLAG_OR_ERROR);
            record.set_byte(stream, 6, error);
            record.set_byte(stream, 7, 1);
        }
        _ => record.set_kind(stream, BLANK),
    }
    Ok(())
}
