//! The files of one city: rows in, lines out, with every line accounted for.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use csv::ByteRecord;
use encoding_rs::GB18030;

use super::SampleError;
use super::calendar::{self, DAY, Day, Moment};
use super::dirt::{self, Broken, Dirt};
use super::feeds::{Feed, Kind, Shape};
use super::truth::{DirtyLine, FileCount};

/// A row being filled, field by field in the order of the feed's columns.
#[derive(Default)]
pub struct Row {
    record: ByteRecord,
    scratch: Vec<u8>,
}

impl Row {
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.record.push_field(text.as_bytes());
        self
    }

    /// Text, or an empty field.
    pub fn maybe(&mut self, text: Option<&str>) -> &mut Self {
        self.text(text.unwrap_or_default())
    }

    pub fn number(&mut self, number: i64) -> &mut Self {
        self.formatted(format_args!("{number}"))
    }

    /// Hundredths as a decimal number: hours, yuan, rates.
    pub fn hundredths(&mut self, number: i64) -> &mut Self {
        let sign = if number < 0 { "-" } else { "" };
        let number = number.unsigned_abs();
        self.formatted(format_args!("{sign}{}.{:02}", number / 100, number % 100))
    }

    pub fn day(&mut self, day: Option<Day>) -> &mut Self {
        let Some(day) = day else { return self.text("") };
        let (year, month, day_of_month) = calendar::civil(day);
        self.formatted(format_args!("{year:04}-{month:02}-{day_of_month:02}"))
    }

    pub fn moment(&mut self, moment: Moment) -> &mut Self {
        let (year, month, day_of_month) = calendar::civil(moment.div_euclid(DAY));
        let second = moment.rem_euclid(DAY);
        self.formatted(format_args!(
            "{year:04}-{month:02}-{day_of_month:02} {:02}:{:02}:{:02}",
            second / 3_600,
            second / 60 % 60,
            second % 60
        ))
    }

    /// Sixteen hexadecimal digits.
    pub fn digest(&mut self, bits: u64) -> &mut Self {
        self.formatted(format_args!("{bits:016x}"))
    }

    pub fn flag(&mut self, flag: bool) -> &mut Self {
        self.text(if flag { "true" } else { "false" })
    }

    fn formatted(&mut self, arguments: std::fmt::Arguments<'_>) -> &mut Self {
        self.scratch.clear();
        // Writing into memory has no error to report.
        let _ = self.scratch.write_fmt(arguments);
        self.record.push_field(&self.scratch);
        self
    }
}

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
    fn create(
        root: &Path,
        name: String,
        feed: Feed,
        city_code: i64,
        style: Style,
        dirt: Dirt,
    ) -> Result<Self, SampleError> {
        let shape = feed.shape();
        let path = root.join(&name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|source| SampleError::write(folder, source))?;
        }
        let file = File::create(&path).map_err(|source| SampleError::write(&path, source))?;
        let writer = csv::WriterBuilder::new()
            .flexible(true)
            .buffer_capacity(1 << 16)
            .from_writer(file);
        let encoding = if style == Style::Utf8 {
            "utf-8"
        } else {
            "gb18030"
        };
        let count = FileCount::new(name, shape.name, city_code, encoding);
        let mut file = Self {
            path,
            shape,
            style,
            writer,
            line: 1,
            count,
            dirt,
            template: None,
            dirty: Vec::new(),
        };
        let header = shape.columns.iter().map(|column| match style {
            Style::Utf8 => column.name,
            Style::Gb18030 => column.heading,
        });
        let header = file.in_style(&header.collect());
        file.line(&header)?;
        Ok(file)
    }

    /// Writes one record and moves on by its lines.
    fn line(&mut self, record: &ByteRecord) -> Result<(), SampleError> {
        self.writer
            .write_byte_record(record)
            .map_err(|error| SampleError::write(&self.path, error.into()))?;
        self.line += 1 + record
            .as_slice()
            .iter()
            .filter(|byte| **byte == b'\n')
            .count() as u64;
        Ok(())
    }

    fn in_style(&self, record: &ByteRecord) -> ByteRecord {
        if self.style == Style::Utf8 {
            return record.clone();
        }
        let kinds = self.shape.columns.iter().map(|column| column.kind);
        let fields = record.iter().zip(kinds).map(|(field, kind)| {
            let Ok(text) = std::str::from_utf8(field) else {
                return field.to_vec();
            };
            let text = match kind {
                Kind::Word(words) => words
                    .iter()
                    .find(|(word, _)| *word == text)
                    .map_or(text, |(_, chinese)| chinese),
                Kind::Truth if text == "true" => "是",
                Kind::Truth if text == "false" => "否",
                _ => text,
            };
            GB18030.encode(text).0.into_owned()
        });
        fields.collect()
    }

    /// Writes a good row, with whatever mischief is due around it.
    fn put(&mut self, row: &ByteRecord) -> Result<(), SampleError> {
        debug_assert_eq!(row.len(), self.shape.columns.len(), "{}", self.shape.name);
        let styled = (self.style != Style::Utf8).then(|| self.in_style(row));
        let record = styled.as_ref().unwrap_or(row);
        if self.count.good < self.dirt.superseded.rows
            && let Some(earlier) = self.dirt.superseded.of(self.shape, record)
        {
            self.line(&earlier)?;
            self.count.superseded += 1;
        }
        self.line(record)?;
        self.count.good += 1;
        if self.dirt.duplicates && self.count.good == 3 {
            self.line(record)?;
            self.count.duplicate += 1;
        }
        if self.dirt.broken.is_empty() {
            return Ok(());
        }
        // Rows with a quoted field make poor broken rows: two faults in one.
        if !record
            .as_slice()
            .iter()
            .any(|byte| matches!(byte, b'"' | b',' | b'\n'))
        {
            self.template = Some(record.clone());
            if self.count.good >= GOOD_BEFORE_BROKEN {
                self.break_rows()?;
            }
        }
        Ok(())
    }

    /// Writes the file's broken rows.
    fn break_rows(&mut self) -> Result<(), SampleError> {
        let Some(template) = self.template.take() else {
            return Ok(());
        };
        for (number, broken) in std::mem::take(&mut self.dirt.broken).iter().enumerate() {
            self.broken_line(
                &dirt::broken_bytes(self.shape, &template, broken, number),
                broken,
            )?;
        }
        Ok(())
    }

    fn broken_line(&mut self, bytes: &[u8], broken: &Broken) -> Result<(), SampleError> {
        let failed = |source| SampleError::write(&self.path, source);
        // The csv writer cannot write broken lines: they go past it, after what it still holds.
        self.writer.flush().map_err(failed)?;
        let mut file = self.writer.get_ref();
        file.write_all(bytes).map_err(failed)?;
        self.dirty.push(DirtyLine {
            file: self.count.file.clone(),
            line: self.line,
            reason: broken.reason,
            column: broken.column.name,
            note: broken.note,
        });
        self.line += 1;
        self.count.broken += 1;
        Ok(())
    }

    fn close(mut self) -> Result<(FileCount, Vec<DirtyLine>), SampleError> {
        let last = self.template.clone();
        self.break_rows()?;
        if let (Some(template), Some(broken)) = (last, self.dirt.unclosed.take()) {
            let bytes = dirt::broken_bytes(self.shape, &template, &broken, 0);
            self.broken_line(&bytes, &broken)?;
        }
        self.writer
            .flush()
            .map_err(|source| SampleError::write(&self.path, source))?;
        Ok((self.count, self.dirty))
    }
}

/// All files of one city, of the first and the second delivery.
pub struct CityFiles {
    root: PathBuf,
    city: usize,
    city_code: i64,
    style: Style,
    row: Row,
    first: Vec<FeedFile>,
    second: Vec<(Feed, FeedFile)>,
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
            city,
            city_code,
            style,
            row: Row::default(),
            first: Vec::new(),
            second: Vec::new(),
            rows: 0,
        };
        for feed in Feed::ALL {
            let dirt = if dirty {
                dirt::plan(feed, city)
            } else {
                Dirt::default()
            };
            let file = files.file("raw", feed, dirt)?;
            files.first.push(file);
        }
        Ok(files)
    }

    fn file(&self, delivery: &str, feed: Feed, dirt: Dirt) -> Result<FeedFile, SampleError> {
        let (name, city) = (feed.shape().name, self.city_code / 100);
        let file = format!("{delivery}/{name}/city={city}/{name}-{city}.csv");
        FeedFile::create(&self.root, file, feed, self.city_code, self.style, dirt)
    }

    /// Adds a row to the first delivery.
    pub fn put(&mut self, feed: Feed, fill: impl FnOnce(&mut Row)) -> Result<(), SampleError> {
        self.row.record.clear();
        fill(&mut self.row);
        self.rows += 1;
        match self.first.get_mut(feed as usize) {
            Some(file) => file.put(&self.row.record),
            None => Ok(()),
        }
    }

    /// Adds a row to the second delivery; `revises` if its key was in the first one.
    pub fn put_second(
        &mut self,
        feed: Feed,
        revises: bool,
        fill: impl FnOnce(&mut Row),
    ) -> Result<(), SampleError> {
        if !self.second.iter().any(|(held, _)| *held == feed) {
            let file = self.file("raw_day2", feed, Dirt::default())?;
            self.second.push((feed, file));
        }
        self.row.record.clear();
        fill(&mut self.row);
        self.rows += 1;
        for (held, file) in &mut self.second {
            if *held == feed {
                file.put(&self.row.record)?;
                file.count.revision += u64::from(revises);
            }
        }
        Ok(())
    }

    /// Finishes all files and gives their account: first delivery, second delivery, broken lines.
    pub fn close(self) -> Result<(Vec<FileCount>, Vec<FileCount>, Vec<DirtyLine>), SampleError> {
        let (mut first, mut second, mut dirty) = (Vec::new(), Vec::new(), Vec::new());
        for file in self.first {
            let (count, lines) = file.close()?;
            first.push(count);
            dirty.extend(lines);
        }
        for (_, file) in self.second {
            second.push(file.close()?.0);
        }
        Ok((first, second, dirty))
    }

    /// The index of the city in [`super::places::CITIES`].
    pub fn city(&self) -> usize {
        self.city
    }
}
