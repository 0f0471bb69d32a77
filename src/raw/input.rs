use std::io::Read;

use memchr::memchr;

use super::RawError;
use super::decompress::fault_of;

/// A source with the bytes that were read but not yet handed on.
pub(super) struct Input {
    source: Box<dyn Read + Send>,
    buffer: Vec<u8>,
    /// Index in `buffer` of the first byte not yet taken.
    start: usize,
    /// Bytes asked of the source at a time.
    chunk: usize,
    bytes_read: u64,
    ended: bool,
}

impl Input {
    pub fn new(source: Box<dyn Read + Send>, chunk: usize) -> Input {
        Input {
            source,
            buffer: Vec::new(),
            start: 0,
            chunk,
            bytes_read: 0,
            ended: false,
        }
    }

    /// The bytes that wait to be taken.
    pub fn pending(&self) -> &[u8] {
        self.buffer.get(self.start..).unwrap_or_default()
    }

    /// Reads another chunk; `false` at the end of the source.
    pub fn fill(&mut self) -> Result<bool, RawError> {
        if self.ended {
            return Ok(false);
        }
        let before = self.buffer.len();
        let mut chunk = (&mut self.source).take(self.chunk as u64);
        let result = chunk.read_to_end(&mut self.buffer);
        let count = self.buffer.len() - before;
        self.bytes_read += count as u64;
        if let Err(error) = result {
            return Err(fault_of(self.bytes_read, error));
        }
        self.ended = count < self.chunk;
        Ok(count > 0)
    }

    /// Reads until this many bytes wait, or the source ends.
    pub fn fill_to(&mut self, length: usize) -> Result<(), RawError> {
        while self.pending().len() < length && self.fill()? {}
        Ok(())
    }

    /// Takes the first waiting bytes out.
    pub fn take(&mut self, length: usize) -> Vec<u8> {
        let length = length.min(self.pending().len());
        let taken = self.buffer[self.start..self.start + length].to_vec();
        self.start += length;
        // Only when it halves the buffer, so that every byte is moved a bounded number of times.
        if self.start >= self.buffer.len() / 2 {
            self.buffer.drain(..self.start);
            self.start = 0;
        }
        taken
    }

    /// Drops the waiting bytes from `from` on, up to and with the next line feed, in bounded memory.
    /// Gives the number of dropped bytes.
    pub fn drop_line(&mut self, from: usize) -> Result<u64, RawError> {
        let from = (self.start + from).min(self.buffer.len());
        let mut dropped = 0;
        loop {
            if let Some(line_feed) = memchr(b'\n', &self.buffer[from..]) {
                self.buffer.drain(from..=from + line_feed);
                return Ok(dropped + line_feed as u64 + 1);
            }
            dropped += (self.buffer.len() - from) as u64;
            self.buffer.truncate(from);
            if !self.fill()? {
                return Ok(dropped);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, repeat};

    use super::*;

    #[test]
    fn taken_bytes_are_let_go() {
        let mut input = Input::new(Box::new(repeat(b'x')), 1000);
        for _ in 0..1000 {
            input.fill_to(1500).unwrap();
            assert_eq!(input.take(700), vec![b'x'; 700]);
            assert!(input.buffer.len() < 6000);
        }
    }

    #[test]
    fn a_line_is_dropped_whatever_its_length() {
        for line_length in [0, 1, 3, 4, 5, 1000] {
            let text = format!("ab{}\ncd\n", "x".repeat(line_length));
            let mut input = Input::new(Box::new(Cursor::new(text)), 4);
            input.fill().unwrap();
            assert_eq!(input.drop_line(2).unwrap(), line_length as u64 + 1);
            input.fill_to(100).unwrap();
            assert_eq!(input.pending(), b"abcd\n");
        }
        let mut input = Input::new(Box::new(Cursor::new("abx")), 4);
        input.fill().unwrap();
        assert_eq!(input.drop_line(2).unwrap(), 1);
        assert_eq!(input.pending(), b"ab");
    }
}
