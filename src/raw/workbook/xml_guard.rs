//! Watches a part of XML go by for what would cost the library far more memory than the part has bytes.
//!
//! The library holds one tag or one text in memory, whatever its length; joins all texts of one cell; reserves room for
//! as many shared strings as the part claims; and copies names of fonts, formats and sheets to all that refer to
//! them. Only regular XML is understood the same way here and there, so large parts must be regular.

use memchr::{memchr, memchr_iter, memchr2, memchr3, memmem};

/// What the library may take a part for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    SharedStrings,
    Styles,
    Relationships,
    /// A sheet, the workbook, or nothing that is ever read.
    Other,
}

/// Up to here a part may be held in memory as a whole, several times.
const SMALL: u64 = 16 << 20;

/// The longest tag or cell text of a larger part is twice the record limit, but within these bounds.
const LEAST_TOKEN: usize = 1 << 20;
const MOST_TOKEN: usize = 64 << 20;

/// Names of sheets are copied to all of them, and each sheet is looked at.
const MOST_SHEETS: u64 = 255;

/// The reference to a part, which is copied to all sheets that have it.
const LONGEST_RELATIONSHIP: usize = 4096;
const MOST_RELATIONSHIPS_BYTES: u64 = 4 << 20;

/// Excel has 65,490 cell formats, and as many named ones.
const MOST_FORMATS: u64 = 200_000;
const MOST_STYLE_TAGS: u64 = 1_000_000;
/// Cell formats times the longest name that each may copy.
const MOST_STYLE_BYTES: u64 = 128 << 20;

/// Bytes of shared strings with what each costs beside its text.
const MOST_STRING_MEMORY: u64 = 640 << 20;
const STRING_MEMORY: u64 = 48;

/// The last cell of a sheet is XFD1048576.
const MOST_COLUMN_LETTERS: usize = 3;
const MOST_ROW_DIGITS: usize = 7;

const DEEPEST: usize = 256;
const LONGEST_NAME: usize = 64;
/// Of a tag's bytes kept for its attributes.
const KEPT_OF_TAG: usize = 4096;

/// Where in the XML the last byte was.
#[derive(Clone, Copy)]
enum State {
    Text,
    /// Behind `<`, with the first bytes not yet telling what begins.
    Opening,
    Tag,
    Quoted(u8),
    /// In a comment, character data or a processing instruction until these bytes.
    Until(&'static [u8]),
}

/// Fed with the bytes of a part, tells in the end whether the library may open it.
pub(super) struct Guard {
    role: Role,
    most_token: usize,
    state: State,
    /// First bytes of the present tag without `<`, or those of a comment and the like.
    kept: Vec<u8>,
    /// Last two bytes of what ends with more than one byte.
    last: [u8; 2],
    /// The byte before the end of the present tag, as far as it is read.
    before_end: u8,
    size: u64,
    /// Bytes of the present tag or text; and of the cell text that it belongs to.
    token: usize,
    value: usize,
    /// Names of the open elements, and at which depth a cell text began.
    open: Vec<Vec<u8>>,
    value_depth: Option<usize>,
    is_regular: bool,
    /// A large part has no business with such tokens, or with such tags.
    fits_when_large: bool,
    longest_tag: usize,
    tags: u64,
    sheets: u64,
    formats: u64,
    strings: u64,
    claimed_strings: u64,
}

impl Guard {
    /// `record` is the limit of a record's bytes.
    pub fn new(role: Role, record: usize) -> Guard {
        Guard {
            role,
            most_token: record.saturating_mul(2).clamp(LEAST_TOKEN, MOST_TOKEN),
            state: State::Text,
            kept: Vec::new(),
            last: [0; 2],
            before_end: 0,
            size: 0,
            token: 0,
            value: 0,
            open: Vec::new(),
            value_depth: None,
            is_regular: true,
            fits_when_large: true,
            longest_tag: 0,
            tags: 0,
            sheets: 0,
            formats: 0,
            strings: 0,
            claimed_strings: 0,
        }
    }

    /// The next bytes of the part.
    pub fn feed(&mut self, mut bytes: &[u8]) {
        self.size += bytes.len() as u64;
        while !bytes.is_empty() && self.is_regular {
            let used = self.step(bytes).clamp(1, bytes.len());
            self.token += used;
            self.value += used;
            if self.token > self.most_token
                || self.value_depth.is_some() && self.value > self.most_token
            {
                self.fits_when_large = false;
            }
            bytes = bytes.get(used..).unwrap_or_default();
        }
    }

    /// Whether the part, fed to its end, may be opened.
    pub fn is_safe(&self) -> bool {
        let fits_role = match self.role {
            Role::SharedStrings => {
                let memory = self.size + self.strings.saturating_mul(STRING_MEMORY);
                // Honest writers count right or a little wrong.
                let claimed = self.claimed_strings <= self.strings.max(1 << 16);
                self.is_regular && claimed && memory <= MOST_STRING_MEMORY
            }
            Role::Styles => {
                let copied = self.formats.saturating_mul(self.longest_tag as u64);
                self.is_regular
                    && self.size <= SMALL
                    && self.tags <= MOST_STYLE_TAGS
                    && self.formats <= MOST_FORMATS
                    && copied <= MOST_STYLE_BYTES
            }
            Role::Relationships => {
                self.is_regular
                    && self.size <= MOST_RELATIONSHIPS_BYTES
                    && self.longest_tag <= LONGEST_RELATIONSHIP
            }
            Role::Other => self.is_regular && (self.size <= SMALL || self.fits_when_large),
        };
        fits_role && self.sheets <= MOST_SHEETS
    }

    /// Takes some of the bytes, at least one, and tells how many.
    fn step(&mut self, bytes: &[u8]) -> usize {
        match self.state {
            State::Text => match memchr(b'<', bytes) {
                // The mark belongs to the tag, so the text before it ends here.
                Some(0) => {
                    self.begin();
                    1
                }
                Some(place) => place,
                None => bytes.len(),
            },
            State::Opening => self.open_markup(bytes),
            State::Tag => self.in_tag(bytes),
            State::Quoted(quote) => match memchr2(quote, b'<', bytes) {
                Some(place) if bytes.get(place) == Some(&quote) => {
                    self.keep(bytes, place + 1);
                    self.before_end = quote;
                    self.state = State::Tag;
                    place + 1
                }
                Some(place) => self.irregular(place),
                None => self.keep(bytes, bytes.len()),
            },
            State::Until(end) => self.until(end, bytes),
        }
    }

    fn begin(&mut self) {
        self.token = 0;
        self.kept.clear();
        self.state = State::Opening;
    }

    fn irregular(&mut self, used: usize) -> usize {
        self.is_regular = false;
        used
    }

    fn keep(&mut self, bytes: &[u8], count: usize) -> usize {
        let room = KEPT_OF_TAG.saturating_sub(self.kept.len()).min(count);
        self.kept
            .extend_from_slice(bytes.get(..room).unwrap_or_default());
        count
    }

    /// Byte by byte until it is clear what begins.
    fn open_markup(&mut self, bytes: &[u8]) -> usize {
        let Some(byte) = bytes.first() else { return 0 };
        self.kept.push(*byte);
        let end: &[u8] = match self.kept.as_slice() {
            [b'?', b'>', ..] => return self.irregular(1),
            [b'?', _] => b"?>",
            b"!--" => b"-->",
            b"![CDATA[" => b"]]>",
            [b'?'] | [b'/'] => return 1,
            kept if b"!--".starts_with(kept) || b"![CDATA[".starts_with(kept) => return 1,
            // A document type may define entities; no part of a workbook has one.
            [first, ..] if first.is_ascii_alphabetic() || *first == b'_' || *first == b'/' => {
                self.kept.pop();
                self.state = State::Tag;
                return self.in_tag(bytes);
            }
            _ => return self.irregular(1),
        };
        self.last = [0; 2];
        self.state = State::Until(end);
        1
    }

    fn until(&mut self, end: &'static [u8], bytes: &[u8]) -> usize {
        let Some(place) = memchr(b'>', bytes) else {
            self.remember(bytes);
            return self.keep(bytes, bytes.len());
        };
        self.remember(bytes.get(..place).unwrap_or_default());
        let before = end.get(..end.len() - 1).unwrap_or_default();
        let is_end = self.last.ends_with(before);
        self.keep(bytes, place + 1);
        if is_end {
            self.end_instruction(end);
            self.token = 0;
            self.state = State::Text;
        } else {
            self.last = [0, b'>'];
        }
        place + 1
    }

    fn remember(&mut self, bytes: &[u8]) {
        for byte in bytes.iter().skip(bytes.len().saturating_sub(2)) {
            self.last = [self.last[1], *byte];
        }
    }

    /// In another encoding than UTF-8 the library might read other names than those seen here.
    fn end_instruction(&mut self, end: &[u8]) {
        if end != b"?>" {
            return;
        }
        let declared = memmem::find(&self.kept, b"encoding").map(|place| {
            let rest = self.kept.get(place..).unwrap_or_default();
            rest.to_ascii_lowercase()
        });
        let is_utf8 = |rest: &Vec<u8>| {
            memmem::find(rest, b"utf-8").is_some() || memmem::find(rest, b"us-ascii").is_some()
        };
        self.is_regular &= declared.as_ref().is_none_or(is_utf8);
    }

    fn in_tag(&mut self, bytes: &[u8]) -> usize {
        let found = memchr3(b'>', b'"', b'\'', bytes);
        let inside = bytes
            .get(..found.unwrap_or(bytes.len()))
            .unwrap_or_default();
        if memchr(b'<', inside).is_some() {
            return self.irregular(inside.len());
        }
        self.before_end = inside.last().copied().unwrap_or(self.before_end);
        let Some(place) = found else {
            return self.keep(bytes, bytes.len());
        };
        self.keep(bytes, place + 1);
        match bytes.get(place) {
            Some(b'>') => {
                self.end_tag(self.token + place + 1);
                self.token = 0;
                self.state = State::Text;
            }
            Some(quote) => self.state = State::Quoted(*quote),
            None => {}
        }
        place + 1
    }

    fn end_tag(&mut self, length: usize) {
        let kept = std::mem::take(&mut self.kept);
        let is_closing = kept.first() == Some(&b'/');
        let name = kept.get(usize::from(is_closing)..).unwrap_or_default();
        let name = name
            .split(|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>'))
            .next()
            .unwrap_or_default();
        let local = match memchr(b':', name) {
            Some(colon) => name.get(colon + 1..).unwrap_or_default(),
            None => name,
        };
        if local.is_empty() || name.len() > LONGEST_NAME || memchr2(b':', b'<', local).is_some() {
            self.is_regular = false;
        } else if is_closing {
            self.close(name, &kept);
        } else {
            self.count(local, &kept, length);
            if self.before_end != b'/' {
                self.open_element(name, local);
            }
        }
        self.kept = kept;
    }

    fn open_element(&mut self, name: &[u8], local: &[u8]) {
        if self.open.len() >= DEEPEST {
            self.is_regular = false;
            return;
        }
        if self.value_depth.is_none() && matches!(local, b"is" | b"v" | b"f" | b"t") {
            self.value_depth = Some(self.open.len());
            self.value = 0;
        }
        self.open.push(name.to_owned());
    }

    fn close(&mut self, name: &[u8], kept: &[u8]) {
        let is_plain = memchr2(b'"', b'\'', kept).is_none();
        let is_expected = self.open.pop().is_some_and(|open| open == name);
        self.is_regular &= is_plain && is_expected;
        if self.value_depth == Some(self.open.len()) {
            self.value_depth = None;
        }
    }

    fn count(&mut self, local: &[u8], kept: &[u8], length: usize) {
        self.tags += 1;
        // The root holds long addresses of vocabularies, which nobody copies.
        if !self.open.is_empty() {
            self.longest_tag = self.longest_tag.max(length);
        }
        match local {
            b"sheet" => {
                self.sheets += 1;
                self.fits_when_large = false;
            }
            b"definedName" | b"Relationship" => self.fits_when_large = false,
            b"xf" => self.formats += 1,
            b"si" => self.strings += 1,
            b"row" | b"c" => self.is_regular &= has_possible_address(kept),
            b"sst" => {
                self.claimed_strings = self.claimed_strings.max(claim_of(kept));
                self.is_regular &= length <= KEPT_OF_TAG;
            }
            _ => {}
        }
    }
}

/// Whether a row or cell stands where a sheet can have one. The library counts in 32 bits, and the number of a place far
/// beyond would wrap around to that of another row.
fn has_possible_address(tag: &[u8]) -> bool {
    memchr_iter(b'r', tag).all(|place| {
        let is_name = |before: &u8| before.is_ascii_whitespace() || matches!(before, b'"' | b'\'');
        let before = place.checked_sub(1).and_then(|place| tag.get(place));
        let rest = tag.get(place + 1..).unwrap_or_default().trim_ascii_start();
        let value = rest.strip_prefix(b"=").map(<[u8]>::trim_ascii_start);
        let Some([b'"' | b'\'', value @ ..]) = value.filter(|_| before.is_some_and(is_name)) else {
            return true;
        };
        let address = value.iter().take_while(|byte| byte.is_ascii_alphanumeric());
        let letters = address.clone().filter(|byte| byte.is_ascii_alphabetic());
        let digits = address.filter(|byte| byte.is_ascii_digit());
        letters.count() <= MOST_COLUMN_LETTERS && digits.count() <= MOST_ROW_DIGITS
    })
}

/// How many strings the root of the shared strings claims, at most.
fn claim_of(tag: &[u8]) -> u64 {
    let claims = memmem::find_iter(tag, b"uniqueCount").map(|place| {
        let digits = tag.get(place..).unwrap_or_default();
        digits
            .iter()
            .skip_while(|byte| !byte.is_ascii_digit())
            .take_while(|byte| byte.is_ascii_digit())
            .fold(0_u64, |value, digit| {
                value
                    .saturating_mul(10)
                    .saturating_add(u64::from(digit - b'0'))
            })
    });
    claims.max().unwrap_or(0)
}
