//! The files of one city: rows in, lines out, with every line accounted for.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use csv::ByteRecord;
use encoding_rs::GB18030;

use super::SampleError;
use super::calendar::{self, DAY, Day, Moment};
use super::dirt::{self, Broken, Dirt};
use super::feeds::{FEEDS, Feed, Kind, Shape};
use super::truth::{DirtyLine, FileCount, RowCount, Truth};

/// A row being filled, field by field in the order of the feed's columns.
#[derive(Default)]
pub struct Row {
    record: ByteRecord,
    scratch: Vec<u8>,
}

impl Row {
    pub fn text(&mut self, text: &str) {
        self.record.push_field(text.as_bytes());
    }

    /// Text, or an empty field.
    pub fn maybe(&mut self, text: Option<&str>) {
        self.text(text.unwrap_or_default());
    }

    pub fn number(&mut self, number: i64) {
        self.formatted(format_args!("{number}"));
    }

    /// Hundredths as a decimal number: hours, yuan, rates.
    pub fn hundredths(&mut self, number: i64) {
        self.formatted(format_args!("{}.{:02}", number / 100, number % 100));
    }

    pub fn day(&mut self, day: Day) {
        let (year, month, day_of_month) = calendar::civil(day);
        self.formatted(format_args!("{year:04}-{month:02}-{day_of_month:02}"));
    }

    pub fn maybe_day(&mut self, day: Option<Day>) {
        match day {
            Some(day) => self.day(day),
            None => self.text(""),
        }
    }

    pub fn moment(&mut self, moment: Moment) {
        self.instant((moment, 0));
    }

    /// A moment and milliseconds, which are written where there are any.
    pub fn instant(&mut self, (moment, milliseconds): (Moment, i64)) {
        let (year, month, day) = calendar::civil(moment.div_euclid(DAY));
        let second = moment.rem_euclid(DAY);
        let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
        if milliseconds == 0 {
            self.formatted(format_args!(
                "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"
            ));
        } else {
            self.formatted(format_args!(
                "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}.{milliseconds:03}"
            ));
        }
    }

    /// A number, or an empty field.
    pub fn maybe_number(&mut self, number: Option<i64>) {
        match number {
            Some(number) => self.number(number),
            None => self.text(""),
        }
    }

    /// Sixteen hexadecimal digits.
    pub fn digest(&mut self, bits: u64) {
        self.formatted(format_args!("{bits:016x}"));
    }

    /// Sixteen hexadecimal digits, or an empty field.
    pub fn maybe_digest(&mut self, bits: Option<u64>) {
        match bits {
            Some(bits) => self.digest(bits),
            None => self.text(""),
        }
    }

    fn formatted(&mut self, arguments: std::fmt::Arguments<'_>) {
        self.scratch.clear();
        // Writing into memory has no error to report.
        let _ = self.scratch.write_fmt(arguments);
        self.record.push_field(&self.scratch);
    }
}

/// Fills a row: `fields!(row; text id, day issued_on)` calls the methods of [`Row`] in this order.
macro_rules! fields {
    ($row:expr; $($method:ident $value:expr),+ $(,)?) => {
        { $($row.$method($value);)+ }
    };
}
pub(super) use fields;

/// How a city's files are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// UTF-8 with English headings and words.
    Utf8,
    /// GB18030 with Chinese headings and words.
    Gb18030,
}

/// One CSV file.
struct FeedFile {
    path: PathBuf,
    shape: &'static Shape,
    style: Style,
    writer: csv::Writer<File>,
    line: u64,
    count: FileCount,
    dirt: Dirt,
    /// The latest row, until broken rows have been made from one like it.
    template: Option<ByteRecord>,
    dirty: Vec<DirtyLine>,
}

/// Broken rows come after this many good ones.
const GOOD_BEFORE_BROKEN: u64 = 4;

impl FeedFile {
    /// Writes one record and moves on by its lines.
    fn line(&mut self, record: &ByteRecord) -> Result<(), SampleError> {
        let written = self.writer.write_byte_record(record);
        written.map_err(|error| SampleError::write(&self.path, error.into()))?;
        let breaks = record.as_slice().iter().filter(|byte| **byte == b'\n');
        self.line += 1 + breaks.count() as u64;
        Ok(())
    }

    /// Writes a good row, with whatever mischief is due around it.
    fn put(&mut self, row: &ByteRecord) -> Result<(), SampleError> {
        debug_assert_eq!(row.len(), self.shape.columns.len(), "{}", self.shape.name);
        let translated = (self.style == Style::Gb18030).then(|| in_chinese(self.shape, row));
        let record = translated.as_ref().unwrap_or(row);
        if self.count.rows.good < self.dirt.superseded.rows
            && let Some(earlier) = self.dirt.superseded.of(self.shape, record)
        {
            self.line(&earlier)?;
            self.count.rows.superseded += 1;
        }
        self.line(record)?;
        self.count.rows.good += 1;
        if self.dirt.duplicates && self.count.rows.good == 3 {
            self.line(record)?;
            self.count.rows.duplicate += 1;
        }
        // Rows with a quoted field make poor broken rows: two faults in one.
        let is_quoted = |byte: &u8| matches!(byte, b'"' | b',' | b'\n');
        if !self.dirt.broken.is_empty() && !record.as_slice().iter().any(is_quoted) {
            self.template = Some(record.clone());
            if self.count.rows.good >= GOOD_BEFORE_BROKEN {
                self.break_rows()?;
            }
        }
        Ok(())
    }

    /// Writes a row that another file has already.
    fn repeat(&mut self, row: &ByteRecord) -> Result<(), SampleError> {
        let translated = (self.style == Style::Gb18030).then(|| in_chinese(self.shape, row));
        self.line(translated.as_ref().unwrap_or(row))?;
        self.count.rows.duplicate += 1;
        Ok(())
    }

    /// Writes the file's broken rows.
    fn break_rows(&mut self) -> Result<(), SampleError> {
        let Some(template) = self.template.take() else {
            return Ok(());
        };
        let all = std::mem::take(&mut self.dirt.broken);
        for (number, broken) in all.iter().enumerate() {
            self.broken_line(&template, broken, number)?;
        }
        Ok(())
    }

    fn broken_line(
        &mut self,
        template: &ByteRecord,
        broken: &Broken,
        number: usize,
    ) -> Result<(), SampleError> {
        let bytes = dirt::broken_bytes(self.shape, template, broken, number);
        // The csv writer cannot write broken lines: they go past it, after what it still holds.
        let flushed = self.writer.flush();
        flushed
            .and_then(|()| self.writer.get_ref().write_all(&bytes))
            .map_err(|source| SampleError::write(&self.path, source))?;
        self.dirty.push(DirtyLine {
            file: self.count.file.clone(),
            line: self.line,
            reason: broken.reason,
            column: broken.column.name,
            note: broken.note,
        });
        self.line += 1;
        self.count.rows.broken += 1;
        Ok(())
    }

    fn close(mut self) -> Result<(FileCount, Vec<DirtyLine>), SampleError> {
        let last = self.template.clone();
        self.break_rows()?;
        if let (Some(template), Some(broken)) = (last, self.dirt.unclosed.take()) {
            self.broken_line(&template, &broken, 0)?;
        }
        let flushed = self.writer.flush();
        flushed.map_err(|source| SampleError::write(&self.path, source))?;
        Ok((self.count, self.dirty))
    }
}

/// A row in GB18030, with the Chinese words of its enumerations.
fn in_chinese(shape: &Shape, row: &ByteRecord) -> ByteRecord {
    let fields = row.iter().zip(shape.columns).map(|(field, column)| {
        let Ok(text) = std::str::from_utf8(field) else {
            return field.to_vec();
        };
        let word = match column.kind {
            Kind::Word(words) => words.iter().find(|(word, _)| *word == text),
            Kind::Truth => [("true", "是"), ("false", "否")]
                .iter()
                .find(|(word, _)| *word == text),
            _ => None,
        };
        let text = word.map_or(text, |(_, chinese)| chinese);
        GB18030.encode(text).0.into_owned()
    });
    fields.collect()
}

/// All files of one city, of the first and the second delivery.
pub struct CityFiles {
    root: PathBuf,
    city_code: i64,
    style: Style,
    row: Row,
    first: Vec<FeedFile>,
    /// Files that the first delivery has beside, with rows of the others again.
    again: Vec<FeedFile>,
    second: Vec<FeedFile>,
    /// Good rows so far.
    pub rows: u64,
}

impl CityFiles {
    /// Makes the first delivery's files of a city, empty but for their headings.
    pub fn create(
        root: &Path,
        city: usize,
        city_code: i64,
        style: Style,
        dirty: bool,
    ) -> Result<Self, SampleError> {
        let mut files = Self {
            root: root.to_owned(),
            city_code,
            style,
            row: Row::default(),
            first: Vec::new(),
            again: Vec::new(),
            second: Vec::new(),
            rows: 0,
        };
        for (place, shape) in FEEDS.iter().enumerate() {
            let dirt = if dirty {
                dirt::plan(shape, place, city)
            } else {
                Dirt::default()
            };
            let file = files.file("raw", "", shape, dirt)?;
            files.first.push(file);
        }
        Ok(files)
    }

    fn file(
        &self,
        delivery: &str,
        suffix: &str,
        shape: &'static Shape,
        dirt: Dirt,
    ) -> Result<FeedFile, SampleError> {
        let (feed, city) = (shape.name, self.city_code / 100);
        let name = format!("{delivery}/{feed}/city={city}/{feed}-{city}{suffix}.csv");
        let path = self.root.join(&name);
        let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
        let file = folder.and_then(|()| File::create(&path));
        let file = file.map_err(|source| SampleError::write(&path, source))?;
        let writer = csv::WriterBuilder::new()
            .buffer_capacity(1 << 16)
            .from_writer(file);
        let (encoding, header): (_, ByteRecord) = match self.style {
            Style::Utf8 => (
                "utf-8",
                shape.columns.iter().map(|column| column.name).collect(),
            ),
            Style::Gb18030 => {
                let headings = shape.columns.iter().map(|column| column.heading);
                (
                    "gb18030",
                    headings.map(|heading| GB18030.encode(heading).0).collect(),
                )
            }
        };
        let count = FileCount {
            file: name,
            feed,
            city: self.city_code,
            format: "csv",
            encoding,
            rows: RowCount::default(),
        };
        let mut file = FeedFile {
            path,
            shape,
            style: self.style,
            writer,
            line: 1,
            count,
            dirt,
            template: None,
            dirty: Vec::new(),
        };
        file.line(&header)?;
        Ok(file)
    }

    /// Adds a row to the first delivery.
    pub fn put(&mut self, feed: Feed, fill: impl FnOnce(&mut Row)) -> Result<(), SampleError> {
        self.row.record.clear();
        fill(&mut self.row);
        self.rows += 1;
        let file = self.first.get_mut(feed as usize);
        file.map_or(Ok(()), |file| file.put(&self.row.record))
    }

    /// Adds a row to the second delivery; `revises` if it changes a row of the first one.
    pub fn put_second(
        &mut self,
        feed: Feed,
        revises: bool,
        fill: impl FnOnce(&mut Row),
    ) -> Result<(), SampleError> {
        let shape = feed.shape();
        if !self.second.iter().any(|file| file.shape.name == shape.name) {
            let file = self.file("raw_day2", "", shape, Dirt::default())?;
            self.second.push(file);
        }
        self.row.record.clear();
        fill(&mut self.row);
        self.rows += 1;
        let file = self
            .second
            .iter_mut()
            .find(|file| file.shape.name == shape.name);
        file.map_or(Ok(()), |file| {
            file.count.rows.revision += u64::from(revises);
            file.put(&self.row.record)
        })
    }

    /// Adds a row of the first delivery to one more file of it, which is loaded after the one that has the row
    /// already: with other content a revision, else a duplicate.
    pub fn put_again(
        &mut self,
        feed: Feed,
        revises: bool,
        fill: impl FnOnce(&mut Row),
    ) -> Result<(), SampleError> {
        let shape = feed.shape();
        if !self.again.iter().any(|file| file.shape.name == shape.name) {
            // The underscore sorts after the dot of the first file's suffix.
            let file = self.file("raw", "_again", shape, Dirt::default())?;
            self.again.push(file);
        }
        self.row.record.clear();
        fill(&mut self.row);
        self.rows += u64::from(revises);
        let file = self
            .again
            .iter_mut()
            .find(|file| file.shape.name == shape.name);
        file.map_or(Ok(()), |file| {
            if revises {
                file.count.rows.revision += 1;
                file.put(&self.row.record)
            } else {
                file.repeat(&self.row.record)
            }
        })
    }

    /// Finishes all files and hands their accounts to the truth.
    pub fn close(self, truth: &mut Truth) -> Result<(), SampleError> {
        let first: Vec<FeedFile> = self.first.into_iter().chain(self.again).collect();
        for (delivery, files) in truth.files.iter_mut().zip([first, self.second]) {
            for file in files {
                let (count, dirty) = file.close()?;
                delivery.push(count);
                truth.dirty.extend(dirty);
            }
        }
        Ok(())
    }
}
