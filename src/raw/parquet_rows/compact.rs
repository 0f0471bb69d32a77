//! Just enough of Thrift's compact protocol to look at a Parquet footer and at page headers before the library does.
//!
//! The library takes lengths and counts from the file and sets memory aside for them; a wrong one can end the process,
//! which no error handling catches. So they are followed here first, where nothing is set aside.

/// Fields nested deeper are refused; Parquet has some six levels.
const MOST_LEVELS: usize = 32;

const BOOLEAN_TRUE: u8 = 1;
const BOOLEAN_FALSE: u8 = 2;
const LIST: u8 = 9;
const SET: u8 = 10;
const MAP: u8 = 11;
const STRUCT: u8 = 12;

/// Reads values off the front of some bytes. Every method gives `None` where the bytes end too early or mean nothing.
pub(super) struct Compact<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// The number and the type of a field.
type Field = (i64, u8);

impl<'a> Compact<'a> {
    pub fn new(bytes: &'a [u8]) -> Compact<'a> {
        Compact { bytes, at: 0 }
    }

    /// Bytes read so far.
    pub fn position(&self) -> usize {
        self.at
    }

    fn remaining(&self) -> usize {
        self.bytes.len().saturating_sub(self.at)
    }

    fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn skip_bytes(&mut self, count: usize) -> Option<()> {
        if count > self.remaining() {
            return None;
        }
        self.at += count;
        Some(())
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    /// A signed integer of any width.
    pub fn integer(&mut self) -> Option<i64> {
        let value = self.varint()?;
        Some((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    /// The next field of a struct after the field numbered `last`; `Some(None)` at its end.
    pub fn field(&mut self, last: i64) -> Option<Option<Field>> {
        let header = self.byte()?;
        if header == 0 {
            return Some(None);
        }
        let number = match header >> 4 {
            0 => self.integer()?,
            delta => last.checked_add(i64::from(delta))?,
        };
        Some(Some((number, header & 0x0F)))
    }

    /// The length and element type of a list, which has at least one byte an element.
    pub fn list(&mut self) -> Option<(usize, u8)> {
        let header = self.byte()?;
        let length = match header >> 4 {
            15 => usize::try_from(self.varint()?).ok()?,
            length => usize::from(length),
        };
        (length <= self.remaining()).then_some((length, header & 0x0F))
    }

    /// Follows a struct, giving every field to `take`, which reads it and tells so, or leaves it to be skipped.
    pub fn structure(
        &mut self,
        mut take: impl FnMut(&mut Self, Field) -> Option<bool>,
    ) -> Option<()> {
        let mut last = 0;
        while let Some(field) = self.field(last)? {
            if !take(self, field)? {
                self.skip(field.1, MOST_LEVELS)?;
            }
            last = field.0;
        }
        Some(())
    }

    /// Skips a value of a field.
    fn skip(&mut self, kind: u8, levels: usize) -> Option<()> {
        let levels = levels.checked_sub(1)?;
        match kind {
            BOOLEAN_TRUE | BOOLEAN_FALSE => Some(()),
            3 => self.skip_bytes(1),
            4..=6 => self.varint().map(drop),
            7 => self.skip_bytes(8),
            8 => {
                let length = usize::try_from(self.varint()?).ok()?;
                self.skip_bytes(length)
            }
            LIST | SET => {
                let (length, kind) = self.list()?;
                (0..length).try_for_each(|_| self.skip_element(kind, levels))
            }
            MAP => self.skip_map(levels),
            STRUCT => {
                let mut last = 0;
                while let Some(field) = self.field(last)? {
                    self.skip(field.1, levels)?;
                    last = field.0;
                }
                Some(())
            }
            _ => None,
        }
    }

    /// In a collection a boolean takes a byte.
    fn skip_element(&mut self, kind: u8, levels: usize) -> Option<()> {
        match kind {
            BOOLEAN_TRUE | BOOLEAN_FALSE => self.skip_bytes(1),
            _ => self.skip(kind, levels),
        }
    }

    fn skip_map(&mut self, levels: usize) -> Option<()> {
        let length = self.varint()?;
        if length == 0 {
            return Some(());
        }
        let kinds = self.byte()?;
        if length > self.remaining() as u64 {
            return None;
        }
        (0..length).try_for_each(|_| {
            self.skip_element(kinds >> 4, levels)?;
            self.skip_element(kinds & 0x0F, levels)
        })
    }
}

/// What a page header says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct PageHead {
    /// Bytes of the header itself.
    pub length: u64,
    pub unpacked: i64,
    pub packed: i64,
    /// Values of the page, nulls included.
    pub values: i64,
    pub is_dictionary: bool,
    /// The encoding that repeats the start of the value before.
    pub is_delta_byte_array: bool,
    /// Bytes at the page's start that are never packed.
    pub plain_start: i64,
    /// The rest of the page is packed, where the column is.
    pub is_packed: bool,
}

impl PageHead {
    const DELTA_BYTE_ARRAY: i64 = 7;

    /// Reads the header at the start of the bytes; `None` where they end too early or are none.
    pub fn read(bytes: &[u8]) -> Option<PageHead> {
        let mut head = PageHead {
            unpacked: -1,
            packed: -1,
            is_packed: true,
            ..PageHead::default()
        };
        let mut compact = Compact::new(bytes);
        compact.structure(|compact, field| {
            match field {
                (2, 5) => head.unpacked = compact.integer()?,
                (3, 5) => head.packed = compact.integer()?,
                (5 | 7 | 8, STRUCT) => head.read_kind(compact, field.0)?,
                _ => return Some(false),
            }
            Some(true)
        })?;
        head.length = compact.position() as u64;
        Some(head)
    }

    /// The part for one kind of page: 5 data, 7 dictionary, 8 data of version 2.
    fn read_kind(&mut self, compact: &mut Compact<'_>, kind: i64) -> Option<()> {
        self.is_dictionary = kind == 7;
        compact.structure(|compact, field| {
            match (kind, field) {
                (_, (1, 5)) => self.values = compact.integer()?,
                (5, (2, 5)) | (8, (4, 5)) => {
                    self.is_delta_byte_array = compact.integer()? == Self::DELTA_BYTE_ARRAY;
                }
                (8, (5 | 6, 5)) => {
                    let length = compact.integer().filter(|length| *length >= 0)?;
                    self.plain_start = self.plain_start.checked_add(length)?;
                }
                (8, (7, BOOLEAN_FALSE)) => self.is_packed = false,
                _ => return Some(false),
            }
            Some(true)
        })
    }
}

/// Whether a footer can be followed to its end, and its schema is a tree of at most `most_levels` levels.
pub(super) fn is_sound_footer(bytes: &[u8], most_levels: usize) -> bool {
    let mut is_tree = false;
    let mut compact = Compact::new(bytes);
    let followed = compact.structure(|compact, field| {
        if field != (2, LIST) {
            return Some(false);
        }
        let (length, STRUCT) = compact.list()? else {
            return None;
        };
        is_tree = follow_schema(compact, length, most_levels)?;
        Some(true)
    });
    followed.is_some() && is_tree
}

/// Follows the elements of a schema, which come depth first, each with the number of its children.
fn follow_schema(compact: &mut Compact<'_>, length: usize, most_levels: usize) -> Option<bool> {
    // Children still to come, from the root down.
    let mut open: Vec<u64> = vec![1];
    let mut is_tree = true;
    for _ in 0..length {
        let mut children = 0;
        compact.structure(|compact, field| {
            if field != (5, 5) {
                return Some(false);
            }
            children = compact.integer()?;
            Some(true)
        })?;
        while open.last() == Some(&0) {
            open.pop();
        }
        match open.last_mut() {
            Some(missing) => *missing -= 1,
            None => is_tree = false,
        }
        match u64::try_from(children) {
            Ok(0) => {}
            Ok(children) if children <= length as u64 => open.push(children),
            _ => is_tree = false,
        }
        is_tree &= open.len() <= most_levels;
        if !is_tree {
            return Some(false);
        }
    }
    Some(open.iter().all(|missing| *missing == 0))
}
