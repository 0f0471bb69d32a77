//! Finds where records end, by the quoting rules of RFC 4180 taken strictly, in one pass over the bytes.
//!
//! A quote opens a field only as its first character; elsewhere in an unquoted field it is text. The
//! closing quote must be followed by a separator, LF, CRLF or the end of the file. A record whose quotes
//! break this is only its first physical line, and reading resumes at the next one.
//!
//! Lines end with LF or CRLF. A carriage return elsewhere is text.
//!
//! Bytes are cut before they are decoded. That is safe in UTF-8, and in GB18030 for the bytes looked at
//! here (`,` `;` tab `"` LF CR): the later bytes of a character are 0x30–0x39, 0x40–0x7E or 0x80–0xFE, so
//! none of them can be one of these. It would not be safe for `|`.

use memchr::{memchr, memchr_iter, memchr2};

use super::input::Input;
use super::{RawError, RowFault};

/// Where a record starts in the text that is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// Physical line, from 1.
    pub line: u64,
    /// Bytes before the record.
    pub byte: u64,
}

/// One record or blank line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cut {
    pub position: Place,
    /// Index of the first byte among the bytes that wait to be taken.
    pub start: usize,
    /// After the last byte, without the line end.
    pub end: usize,
    /// Whether any quote was met; without one, separators alone part the fields.
    pub has_quote: bool,
    pub fault: Option<RowFault>,
}

impl Cut {
    pub fn is_blank(&self) -> bool {
        self.start == self.end && self.fault.is_none()
    }
}

/// Where a scan stands between two bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// In an unquoted field or between fields.
    Outside,
    /// In a quoted field.
    Quoted,
    /// After a quote in a quoted field, which closes it or is the first of a doubled one.
    QuoteSeen,
    /// After a closing quote and a carriage return.
    ReturnSeen,
    /// After the line feed that ends the record.
    Ended,
    /// Something else follows a closing quote.
    Broken,
}

/// How far and with what end a record was followed.
struct Scan {
    /// Index after the last byte looked at.
    at: usize,
    state: State,
    has_quote: bool,
    /// The record goes on beyond the limit.
    too_long: bool,
}

/// The furthest point that any failed record was followed to, and how the scan stood there.
///
/// A record that fails was in quotes at every line feed it crossed, else it would have ended there. When a
/// later record crosses such a line feed in quotes too, all that follows is the same, so it goes on from
/// the furthest point at once. Without this a file in which every line leaves a quote open would be read
/// as often as it has lines; with it each byte is looked at a few times, whatever the file holds.
struct Furthest {
    /// Bytes of the object before the point.
    byte: u64,
    state: State,
}

pub(super) struct Cutter {
    input: Input,
    separator: u8,
    record_limit: usize,
    /// Index where the next record starts, among the bytes that wait to be taken.
    cursor: usize,
    /// Place of the cursor in the object.
    position: Place,
    furthest: Furthest,
}

impl Cutter {
    /// A cutter whose next record starts at the first waiting byte of `input`, at `position`.
    pub fn new(input: Input, separator: u8, record_limit: usize, position: Place) -> Cutter {
        Cutter {
            input,
            separator,
            record_limit,
            cursor: 0,
            position,
            furthest: Furthest {
                byte: 0,
                state: State::Outside,
            },
        }
    }

    /// Bytes cut since the last [`Cutter::take`].
    pub fn cut_len(&self) -> usize {
        self.cursor
    }

    /// Takes out the bytes of all cuts so far, which their indices refer to.
    pub fn take(&mut self) -> Vec<u8> {
        let length = std::mem::take(&mut self.cursor);
        self.input.take(length)
    }

    /// The `length` bytes from `start`; fewer only where the file ends before.
    pub fn look_ahead(&mut self, start: usize, length: usize) -> Result<&[u8], RawError> {
        self.input.fill_to(start.saturating_add(length))?;
        let bytes = self.input.pending().get(start..).unwrap_or_default();
        Ok(&bytes[..length.min(bytes.len())])
    }

    /// The bytes of a cut that is not yet taken out.
    pub fn bytes_of(&self, cut: &Cut) -> &[u8] {
        self.input
            .pending()
            .get(cut.start..cut.end)
            .unwrap_or_default()
    }

    /// Cuts the next record or blank line; `None` at the end of the file.
    pub fn next(&mut self) -> Result<Option<Cut>, RawError> {
        if self.cursor == self.input.pending().len() && !self.input.fill()? {
            return Ok(None);
        }
        let scan = self.follow_record()?;
        let fault = match scan.state {
            State::Broken | State::Quoted => Some(RowFault::BadQuote),
            State::QuoteSeen | State::ReturnSeen if scan.too_long => Some(RowFault::BadQuote),
            State::Outside if scan.too_long => Some(RowFault::WrongFieldCount),
            _ => None,
        };
        let Some(fault) = fault else {
            return Ok(Some(self.cut_record(&scan)));
        };
        let furthest = self.position.byte + (scan.at - self.cursor) as u64;
        if furthest > self.furthest.byte {
            self.furthest = Furthest {
                byte: furthest,
                state: scan.state,
            };
        }
        Ok(Some(self.cut_first_line(fault, scan.has_quote)?))
    }

    /// Follows the record at the cursor until it ends, breaks, exceeds the limit or the file ends.
    fn follow_record(&mut self) -> Result<Scan, RawError> {
        let mut scan = Scan {
            at: self.cursor,
            state: State::Outside,
            has_quote: false,
            too_long: false,
        };
        loop {
            let limit = self.cursor.saturating_add(self.record_limit);
            let pending = self.input.pending();
            let window = &pending[..limit.min(pending.len())];
            self.follow(window, &mut scan);
            if matches!(scan.state, State::Ended | State::Broken) {
                return Ok(scan);
            }
            if window.len() < pending.len() {
                scan.too_long = true;
                return Ok(scan);
            }
            if !self.input.fill()? {
                return Ok(scan);
            }
        }
    }

    /// Moves a scan on to the end of the record, of what is broken, or of the window.
    fn follow(&self, window: &[u8], scan: &mut Scan) {
        while let Some(rest) = window.get(scan.at..).filter(|rest| !rest.is_empty()) {
            match scan.state {
                State::Outside | State::Quoted => {
                    let Some(found) = memchr2(b'"', b'\n', rest) else {
                        scan.at = window.len();
                        return;
                    };
                    let index = scan.at + found;
                    scan.at = index + 1;
                    let is_quote = window[index] == b'"';
                    scan.has_quote |= is_quote;
                    match (scan.state, is_quote) {
                        (State::Quoted, true) => scan.state = State::QuoteSeen,
                        (State::Quoted, false) => self.join_furthest(index, scan),
                        (_, true) if self.is_field_start(window, index) => {
                            scan.state = State::Quoted
                        }
                        (_, true) => {}
                        (_, false) => scan.state = State::Ended,
                    }
                }
                State::QuoteSeen => {
                    scan.state = match window[scan.at] {
                        b'"' => State::Quoted,
                        b'\n' => State::Ended,
                        b'\r' => State::ReturnSeen,
                        byte if byte == self.separator => State::Outside,
                        _ => State::Broken,
                    };
                    scan.at += 1;
                }
                State::ReturnSeen => {
                    scan.state = if window[scan.at] == b'\n' {
                        State::Ended
                    } else {
                        State::Broken
                    };
                    scan.at += 1;
                }
                State::Ended | State::Broken => return,
            }
        }
    }

    /// In an unquoted field the byte before tells: a separator there is never quoted.
    fn is_field_start(&self, window: &[u8], index: usize) -> bool {
        index == self.cursor || window[index - 1] == self.separator
    }

    /// Skips what a failed record has seen already, when the scan is in quotes at a line feed it crossed.
    fn join_furthest(&self, line_feed: usize, scan: &mut Scan) {
        let line_feed_byte = self.position.byte + (line_feed - self.cursor) as u64;
        if line_feed_byte < self.furthest.byte {
            scan.at = line_feed + (self.furthest.byte - line_feed_byte) as usize;
            scan.state = self.furthest.state;
        }
    }

    /// Cuts a whole record that ends at the end of the scan.
    fn cut_record(&mut self, scan: &Scan) -> Cut {
        let record = &self.input.pending()[self.cursor..scan.at];
        let lines = if scan.has_quote {
            memchr_iter(b'\n', record).count() as u64
        } else {
            1
        };
        let cut = Cut {
            position: self.position,
            start: self.cursor,
            end: self.cursor + without_line_end(record).len(),
            has_quote: scan.has_quote,
            fault: None,
        };
        self.advance(scan.at, lines);
        cut
    }

    /// Cuts the physical line at the cursor, as a fault. Of a line beyond the limit the rest is dropped.
    fn cut_first_line(&mut self, fault: RowFault, has_quote: bool) -> Result<Cut, RawError> {
        let start = self.cursor;
        let limit = start.saturating_add(self.record_limit);
        let mut searched = start;
        let (line_end, is_complete) = loop {
            let pending = self.input.pending();
            let window = &pending[..limit.min(pending.len())];
            if let Some(found) = memchr(b'\n', window.get(searched..).unwrap_or_default()) {
                break (searched + found + 1, true);
            }
            searched = window.len();
            if window.len() < pending.len() {
                break (limit, false);
            }
            if !self.input.fill()? {
                break (self.input.pending().len(), true);
            }
        };
        let position = self.position;
        self.advance(line_end, 1);
        if !is_complete {
            self.position.byte += self.input.drop_line(line_end)?;
        }
        let line = &self.input.pending()[start..line_end];
        let line = if is_complete {
            without_line_end(line)
        } else {
            line
        };
        Ok(Cut {
            position,
            start,
            end: start + line.len(),
            has_quote,
            fault: Some(fault),
        })
    }

    fn advance(&mut self, end: usize, lines: u64) {
        self.position.byte += (end - self.cursor) as u64;
        self.position.line += lines;
        self.cursor = end;
    }
}

/// Without its LF or CRLF; at the end of the file CR alone is a line end cut short.
fn without_line_end(record: &[u8]) -> &[u8] {
    let record = record.strip_suffix(b"\n").unwrap_or(record);
    record.strip_suffix(b"\r").unwrap_or(record)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Line, text and fault of every record, and nothing of blank lines.
    fn cut(text: &str, record_limit: usize) -> Vec<(u64, String, Option<RowFault>)> {
        let input = Input::new(Box::new(std::io::Cursor::new(text.to_owned())), 3);
        let mut cutter = Cutter::new(input, b',', record_limit, Place { line: 1, byte: 0 });
        let mut records = Vec::new();
        while let Some(cut) = cutter.next().unwrap() {
            let record = String::from_utf8(cutter.bytes_of(&cut).to_vec()).unwrap();
            assert_eq!(
                &text.as_bytes()[cut.position.byte as usize..][..record.len()],
                record.as_bytes()
            );
            if !cut.is_blank() {
                records.push((cut.position.line, record, cut.fault));
            }
        }
        records
    }

    fn expected(records: &[(u64, &str, Option<RowFault>)]) -> Vec<(u64, String, Option<RowFault>)> {
        records
            .iter()
            .map(|(line, text, fault)| (*line, (*text).to_owned(), *fault))
            .collect()
    }

    const BAD: Option<RowFault> = Some(RowFault::BadQuote);

    #[test]
    fn quoted_line_feeds_belong_to_the_record() {
        let records = cut("1,\"a\nb\r\n\"\"c\"\r\n2,b\n\n\r\n3,\"\"", 100);
        assert_eq!(
            records,
            expected(&[
                (1, "1,\"a\nb\r\n\"\"c\"", None),
                (4, "2,b", None),
                (7, "3,\"\"", None)
            ])
        );
    }

    #[test]
    fn a_quote_inside_an_unquoted_field_is_text() {
        let records = cut("5\" disc,a\"b\"\n x,\" y\",\"\n", 100);
        assert_eq!(
            records,
            expected(&[(1, "5\" disc,a\"b\"", None), (2, " x,\" y\",\"", BAD)])
        );
        assert_eq!(cut(" \"a\",b\n", 100), expected(&[(1, " \"a\",b", None)]));
    }

    #[test]
    fn a_bad_quote_costs_one_physical_line() {
        assert_eq!(
            cut("\"1\"x,a\n2,b\n", 100),
            expected(&[(1, "\"1\"x,a", BAD), (2, "2,b", None)]),
            "text after the closing quote"
        );
        assert_eq!(
            cut("\"1,a\n2,b\n\n\"3\",c\n", 100),
            expected(&[(1, "\"1,a", BAD), (2, "2,b", None), (4, "\"3\",c", None)]),
            "the next quote closes it, with text after"
        );
        assert_eq!(
            cut("1,a\r\n\"2,b\r\n", 100),
            expected(&[(1, "1,a", None), (2, "\"2,b", BAD)]),
            "in the last line"
        );
        assert_eq!(
            cut("\"a\nb\",\"c\nd\"x\ny\n", 100),
            expected(&[
                (1, "\"a", BAD),
                (2, "b\",\"c", BAD),
                (3, "d\"x", None),
                (4, "y", None)
            ]),
            "after a good quoted field over two lines"
        );
    }

    #[test]
    fn a_carriage_return_alone_ends_no_line() {
        assert_eq!(cut("a\rb\n", 100), expected(&[(1, "a\rb", None)]));
        assert_eq!(cut("\"a\"\rb\n", 100), expected(&[(1, "\"a\"\rb", BAD)]));
        assert_eq!(
            cut("\"a\"\r", 100),
            expected(&[(1, "\"a\"", None)]),
            "a line end cut short"
        );
    }

    #[test]
    fn records_beyond_the_limit_are_faults() {
        assert_eq!(
            cut("12345678\n123456\n1234567\n12345678", 7),
            expected(&[
                (1, "1234567", Some(RowFault::WrongFieldCount)),
                (2, "123456", None),
                (3, "1234567", Some(RowFault::WrongFieldCount)),
                (4, "1234567", Some(RowFault::WrongFieldCount)),
            ])
        );
        assert_eq!(
            cut("\"1\n2\n3\n4\",\n5\n", 7),
            expected(&[
                (1, "\"1", BAD),
                (2, "2", None),
                (3, "3", None),
                (4, "4\",", None),
                (5, "5", None)
            ])
        );
        assert_eq!(
            cut("\"12345678\n\"\n", 7),
            expected(&[(1, "\"123456", BAD), (2, "\"", BAD)])
        );
    }

    #[test]
    fn a_good_record_may_start_in_a_failed_one() {
        // From line 1 the fields up to the limit stay in quotes; from line 2 the same ones close in time.
        let text = "a,\"b\n1\",\"c\n2\",\"d\n3\",e\n4\n";
        assert_eq!(
            cut(text, 18),
            expected(&[
                (1, "a,\"b", BAD),
                (2, "1\",\"c\n2\",\"d\n3\",e", None),
                (5, "4", None)
            ])
        );
    }

    #[test]
    fn unclosed_quotes_on_every_line_take_linear_time() {
        // Each line leaves a quote open for all that follow: 400 thousand times up to 2.4 million bytes, if
        // every record were followed anew.
        let text = "x\",\"y\n".repeat(400_000);
        let records = cut(&text, 16 << 20);
        assert_eq!(records.len(), 400_000);
        assert!(
            records
                .iter()
                .all(|(_, text, fault)| text == "x\",\"y" && *fault == BAD)
        );
    }
}
