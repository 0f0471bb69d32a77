//! Which rows of a load stand: duplicates, rows superseded inside their file, revisions of earlier loads.
//!
//! A load's rows mostly come after all rows of earlier nights. Rows that are replayed out of the quarantine have the
//! place of the file they came in, so rows of later loads, and of the same, may stand already.
//!
//! Keys are compared by a 128-bit hash. They are gathered in buckets by that hash on the scratch disk when there are many,
//! so memory is bounded by one bucket; each bucket is settled alone, since equal keys meet in the same one.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Seek, SeekFrom, Write};

use arrow::error::ArrowError;
use rayon::slice::ParallelSliceMut;

use super::IngestError;

/// Key records held in memory before they go to the scratch disk.
const MEMORY_RECORDS: usize = 2_000_000;
/// Scratch files that key records are spread over.
const BUCKETS: usize = 64;
const RECORD_BYTES: usize = 16 + 8 + 8 + 8 + 4 + 4 + 1;

/// One row as the resolver sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyRecord {
    /// Hash of the key columns (and of the load, for snapshot feeds).
    pub key: u128,
    /// Hash of the row's content.
    pub content: i64,
    /// Order of the row's load; rows of earlier nights have their loads' order.
    pub load: i64,
    /// Physical line: unique within a load.
    pub line: i64,
    /// Day under which a row of an earlier night is stored, as days since 1970-01-01; 0 when its table is not stored by day.
    pub day: i32,
    /// Last day that row reaches.
    pub last: i32,
    /// How the row comes into the matter.
    pub state: RowState,
}

/// How a row comes into the matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowState {
    /// It is being loaded.
    New,
    /// It is in the feed's table already.
    Stored,
    /// A later load repeated a row that stood, so it was a duplicate: what is replayed from before it is out of date.
    Repeated,
}

impl KeyRecord {
    fn place(&self) -> (i64, i64) {
        (self.load, self.line)
    }

    fn is_new(&self) -> bool {
        self.state == RowState::New
    }
}

/// A row that does not simply stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Same key and content as a row that stands.
    Duplicate,
    /// A later line of the same file has the same key and other content.
    Superseded,
}

/// A row that a later one replaces in the current view; one of the two is new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revision {
    /// The replaced row.
    pub old: KeyRecord,
    /// The replacing row.
    pub new: KeyRecord,
}

/// What [`Resolver::settle`] found.
#[derive(Debug, Default)]
pub struct Settlement {
    /// Verdicts of new rows by (load, line), sorted; rows not listed stand.
    pub verdicts: Vec<((i64, i64), Verdict)>,
    /// Replaced rows, sorted by (load, line) of the old row.
    pub revisions: Vec<Revision>,
}

impl Settlement {
    /// The verdict on a row, if it does not simply stand.
    pub fn verdict(&self, load: i64, line: i64) -> Option<Verdict> {
        self.verdicts
            .binary_search_by_key(&(load, line), |(place, _)| *place)
            .ok()
            .and_then(|index| self.verdicts.get(index))
            .map(|(_, verdict)| *verdict)
    }
}

/// Tells which keys of history need not be looked at: a Bloom filter over the keys of the new rows.
struct KeyFilter {
    bits: Vec<u64>,
}

impl KeyFilter {
    /// A filter for about `rows` keys, 16 bits a key (one false alarm in some two thousand), 128 MiB at most.
    fn new(rows: u64) -> KeyFilter {
        let words = usize::try_from(rows / 4)
            .unwrap_or(usize::MAX)
            .clamp(1 << 14, 1 << 24);
        KeyFilter {
            bits: vec![0; words.next_power_of_two()],
        }
    }

    /// Word and bit of each of four probes.
    fn probes(&self, key: u128) -> impl Iterator<Item = (usize, u64)> + use<> {
        let mask = self.bits.len() - 1;
        (0..4_u32).map(move |probe| {
            let part = (key >> (32 * probe)) as u32;
            ((part >> 6) as usize & mask, 1_u64 << (part & 63))
        })
    }

    fn insert(&mut self, key: u128) {
        for (word, bit) in self.probes(key) {
            if let Some(slot) = self.bits.get_mut(word) {
                *slot |= bit;
            }
        }
    }

    fn may_hold(&self, key: u128) -> bool {
        self.probes(key)
            .all(|(word, bit)| self.bits.get(word).is_some_and(|slot| slot & bit != 0))
    }
}

/// Gathers key records, then settles them.
pub struct Resolver {
    filter: KeyFilter,
    records: Vec<KeyRecord>,
    memory_records: usize,
    files: Vec<BufWriter<File>>,
}

fn disk(source: std::io::Error) -> IngestError {
    IngestError::Scratch {
        source: ArrowError::IoError("scratch file".to_owned(), source),
    }
}

impl Resolver {
    /// A resolver; `rows` is a guess of the new rows.
    pub fn new(rows: u64) -> Resolver {
        Resolver {
            filter: KeyFilter::new(rows),
            // Room that is not used costs no memory, and room that grows is copied.
            records: Vec::with_capacity(
                usize::try_from(rows).map_or(MEMORY_RECORDS, |rows| rows.min(MEMORY_RECORDS)),
            ),
            memory_records: MEMORY_RECORDS,
            files: Vec::new(),
        }
    }

    /// Adds a new row.
    ///
    /// # Errors
    /// When the scratch disk fails.
    pub fn add(&mut self, record: KeyRecord) -> Result<(), IngestError> {
        self.filter.insert(record.key);
        self.push(record)
    }

    /// Adds a row of an earlier night, after all new rows; most concern no new row and are dropped at once.
    ///
    /// # Errors
    /// When the scratch disk fails.
    pub fn add_history(&mut self, record: KeyRecord) -> Result<(), IngestError> {
        if self.filter.may_hold(record.key) {
            self.push(record)?;
        }
        Ok(())
    }

    fn push(&mut self, record: KeyRecord) -> Result<(), IngestError> {
        self.records.push(record);
        if self.records.len() >= self.memory_records {
            self.flush()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), IngestError> {
        if self.files.is_empty() {
            for _ in 0..BUCKETS {
                self.files
                    .push(BufWriter::new(tempfile::tempfile().map_err(disk)?));
            }
        }
        for record in self.records.drain(..) {
            let bucket = usize::try_from(record.key % BUCKETS as u128).unwrap_or_default();
            if let Some(file) = self.files.get_mut(bucket) {
                file.write_all(&encode(&record)).map_err(disk)?;
            }
        }
        Ok(())
    }

    /// Decides about every row.
    ///
    /// # Errors
    /// When the scratch disk fails.
    pub fn settle(mut self) -> Result<Settlement, IngestError> {
        let mut settlement = Settlement::default();
        if self.files.is_empty() {
            settle_records(&mut self.records, &mut settlement);
        } else {
            self.flush()?;
            for writer in std::mem::take(&mut self.files) {
                let mut file = writer
                    .into_inner()
                    .map_err(|error| disk(error.into_error()))?;
                file.seek(SeekFrom::Start(0)).map_err(disk)?;
                let mut records = read_records(file)?;
                settle_records(&mut records, &mut settlement);
            }
        }
        settlement.verdicts.sort_unstable();
        settlement
            .revisions
            .sort_unstable_by_key(|revision| (revision.old.load, revision.old.line));
        Ok(settlement)
    }
}

fn encode(record: &KeyRecord) -> [u8; RECORD_BYTES] {
    let mut bytes = [0_u8; RECORD_BYTES];
    let parts = record
        .key
        .to_le_bytes()
        .into_iter()
        .chain(record.content.to_le_bytes())
        .chain(record.load.to_le_bytes())
        .chain(record.line.to_le_bytes())
        .chain(record.day.to_le_bytes())
        .chain(record.last.to_le_bytes())
        .chain([record.state as u8]);
    for (slot, byte) in bytes.iter_mut().zip(parts) {
        *slot = byte;
    }
    bytes
}

fn read_records(file: File) -> Result<Vec<KeyRecord>, IngestError> {
    let size = file.metadata().map_err(disk)?.len();
    let count = usize::try_from(size).unwrap_or_default() / RECORD_BYTES;
    let mut reader = BufReader::new(file);
    let mut records = Vec::with_capacity(count);
    for _ in 0..count {
        records.push(KeyRecord {
            key: u128::from_le_bytes(take(&mut reader)?),
            content: i64::from_le_bytes(take(&mut reader)?),
            load: i64::from_le_bytes(take(&mut reader)?),
            line: i64::from_le_bytes(take(&mut reader)?),
            day: i32::from_le_bytes(take(&mut reader)?),
            last: i32::from_le_bytes(take(&mut reader)?),
            state: match take(&mut reader)? {
                [0] => RowState::New,
                [1] => RowState::Stored,
                [_] => RowState::Repeated,
            },
        });
    }
    Ok(records)
}

fn take<const N: usize>(reader: &mut impl Read) -> Result<[u8; N], IngestError> {
    let mut bytes = [0_u8; N];
    reader.read_exact(&mut bytes).map_err(disk)?;
    Ok(bytes)
}

fn settle_records(records: &mut Vec<KeyRecord>, settlement: &mut Settlement) {
    // Of a row that is new or stored its reading among the repeated ones tells nothing more.
    records.par_sort_unstable_by_key(|record| (record.key, record.place(), record.state as u8));
    records.dedup_by_key(|record| (record.key, record.place()));
    for same_key in records.chunk_by(|left, right| left.key == right.key) {
        let repeated = same_key
            .iter()
            .rfind(|row| row.state == RowState::Repeated)
            .copied();
        let mut standing: Option<KeyRecord> = None;
        for same_load in same_key.chunk_by(|left, right| left.load == right.load) {
            let Some((winner, stored)) = settle_file(same_load, settlement) else {
                continue;
            };
            if winner.state == RowState::Repeated {
                standing = stored.or(standing);
                continue;
            }
            if let Some(later) =
                repeated.filter(|later| winner.is_new() && winner.place() < later.place())
            {
                settlement.revisions.push(Revision {
                    old: winner,
                    new: later,
                });
                standing = stored.or(standing);
                continue;
            }
            let beaten = stored.filter(|old| winner.is_new() && old.line != winner.line);
            if let Some(old) = beaten {
                settlement.revisions.push(Revision { old, new: winner });
            }
            match standing {
                // One that hides a stored row of its own file must be there to do so.
                Some(old)
                    if winner.is_new() && beaten.is_none() && old.content == winner.content =>
                {
                    settlement
                        .verdicts
                        .push((winner.place(), Verdict::Duplicate));
                    continue;
                }
                // Between two rows of the table nothing changes.
                Some(old) if winner.is_new() || old.is_new() => {
                    settlement.revisions.push(Revision { old, new: winner });
                }
                _ => {}
            }
            standing = Some(winner);
        }
    }
}

/// Rows of one key in one file, in line order: the last content wins, standing at the first line of its last run.
/// Where rows of the file are in the table already, they stay there. Gives the winner and the
/// last row there.
fn settle_file(
    rows: &[KeyRecord],
    settlement: &mut Settlement,
) -> Option<(KeyRecord, Option<KeyRecord>)> {
    let stored = rows
        .iter()
        .rfind(|row| row.state == RowState::Stored)
        .copied();
    let mut winner: Option<KeyRecord> = None;
    for run in rows.chunk_by(|left, right| left.content == right.content) {
        let first = run.iter().find(|row| !row.is_new()).or(run.first())?;
        for row in run
            .iter()
            .filter(|row| row.is_new() && row.line != first.line)
        {
            settlement.verdicts.push((row.place(), Verdict::Duplicate));
        }
        if let Some(beaten) = winner.filter(KeyRecord::is_new) {
            settlement
                .verdicts
                .push((beaten.place(), Verdict::Superseded));
        }
        winner = Some(*first);
    }
    Some((winner?, stored))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn row(key: u128, load: i64, line: i64, content: i64) -> KeyRecord {
        KeyRecord {
            key,
            content,
            load,
            line,
            day: 0,
            last: 0,
            state: RowState::New,
        }
    }

    fn stored(row: KeyRecord) -> KeyRecord {
        KeyRecord {
            state: RowState::Stored,
            ..row
        }
    }

    fn settle(rows: &[KeyRecord]) -> Settlement {
        let mut resolver = Resolver::new(10);
        let (new, history): (Vec<KeyRecord>, Vec<KeyRecord>) =
            rows.iter().copied().partition(KeyRecord::is_new);
        for row in new {
            resolver.add(row).unwrap();
        }
        for row in history {
            resolver.add_history(row).unwrap();
        }
        resolver.settle().unwrap()
    }

    /// (load, line) of the replaced and of the replacing row of every revision.
    fn replaced(found: &Settlement) -> Vec<((i64, i64), (i64, i64))> {
        let place = |row: KeyRecord| (row.load, row.line);
        found
            .revisions
            .iter()
            .map(|revision| (place(revision.old), place(revision.new)))
            .collect()
    }

    #[test]
    fn the_last_line_of_a_file_wins() {
        let found = settle(&[row(1, 1, 2, 10), row(1, 1, 3, 11)]);
        assert_eq!(found.verdicts, [((1, 2), Verdict::Superseded)]);
        assert!(found.revisions.is_empty());
    }

    #[test]
    fn the_second_of_two_equal_rows_is_a_duplicate() {
        let found = settle(&[row(1, 1, 2, 10), row(1, 1, 3, 10)]);
        assert_eq!(found.verdicts, [((1, 3), Verdict::Duplicate)]);
    }

    #[test]
    fn a_return_to_the_first_content_supersedes_both_earlier_lines() {
        let found = settle(&[row(1, 1, 2, 10), row(1, 1, 3, 11), row(1, 1, 4, 10)]);
        assert_eq!(
            found.verdicts,
            [((1, 2), Verdict::Superseded), ((1, 3), Verdict::Superseded)]
        );
    }

    #[test]
    fn later_loads_repeat_or_revise() {
        let history = stored(row(1, 1, 2, 10));
        let found = settle(&[history, row(1, 2, 5, 10)]);
        assert_eq!(found.verdicts, [((2, 5), Verdict::Duplicate)]);
        let found = settle(&[history, row(1, 2, 5, 11), row(1, 3, 7, 10)]);
        assert!(found.verdicts.is_empty());
        assert_eq!(replaced(&found), [((1, 2), (2, 5)), ((2, 5), (3, 7))]);
    }

    #[test]
    fn a_replayed_row_stands_only_where_nothing_later_does() {
        let later = stored(row(1, 3, 4, 12));
        let found = settle(&[row(1, 2, 5, 11), later]);
        assert!(found.verdicts.is_empty());
        assert_eq!(
            replaced(&found),
            [((2, 5), (3, 4))],
            "kept as an older version"
        );
        let earlier = stored(row(1, 1, 2, 10));
        let found = settle(&[earlier, row(1, 2, 5, 11), later]);
        assert_eq!(replaced(&found), [((1, 2), (2, 5)), ((2, 5), (3, 4))]);
        let found = settle(&[earlier, row(1, 2, 5, 10), later]);
        assert_eq!(found.verdicts, [((2, 5), Verdict::Duplicate)]);
        assert!(found.revisions.is_empty());
    }

    #[test]
    fn a_replayed_row_meets_rows_of_its_own_file() {
        let found = settle(&[stored(row(1, 1, 2, 10)), row(1, 1, 5, 11)]);
        assert_eq!(replaced(&found), [((1, 2), (1, 5))], "the last line wins");
        let found = settle(&[row(1, 1, 2, 10), stored(row(1, 1, 5, 11))]);
        assert_eq!(found.verdicts, [((1, 2), Verdict::Superseded)]);
        for line in [2, 8] {
            let found = settle(&[row(1, 1, line, 11), stored(row(1, 1, 5, 11))]);
            assert_eq!(found.verdicts, [((1, line), Verdict::Duplicate)]);
            assert!(found.revisions.is_empty());
        }
    }

    proptest! {
        /// Every key that occurs has exactly one standing row among new rows, or its history's; and the scratch disk
        /// changes nothing.
        #[test]
        fn one_row_stands_for_each_key(
            rows in prop::collection::vec((0_u128..6, 1_i64..4, 0_i64..3), 0..60)
        ) {
            let rows: Vec<KeyRecord> = rows
                .into_iter()
                .enumerate()
                .map(|(line, (key, load, content))| row(key, load, line as i64, content))
                .collect();
            let found = settle(&rows);
            let mut spilled = Resolver::new(10);
            spilled.memory_records = 7;
            for row in &rows {
                spilled.add(*row).unwrap();
            }
            let spilled = spilled.settle().unwrap();
            prop_assert_eq!(&found.verdicts, &spilled.verdicts);
            prop_assert_eq!(&found.revisions, &spilled.revisions);
            for key in 0..6 {
                let of_key: Vec<_> = rows.iter().filter(|row| row.key == key).collect();
                let standing = of_key
                    .iter()
                    .filter(|row| found.verdict(row.load, row.line).is_none())
                    .filter(|row| !found.revisions.iter().any(|r| (r.old.load, r.old.line) == (row.load, row.line)))
                    .count();
                prop_assert_eq!(standing, usize::from(!of_key.is_empty()));
            }
        }

        /// Whatever part of the rows is loaded first and whatever is replayed later, the same content stands for each key
        /// as when all are loaded at once.
        #[test]
        fn replaying_later_comes_to_the_same(
            rows in prop::collection::vec((0_u128..4, 1_i64..4, 0_i64..3, any::<bool>()), 0..40)
        ) {
            let rows: Vec<(KeyRecord, bool)> = rows
                .into_iter()
                .enumerate()
                .map(|(line, (key, load, content, first))| (row(key, load, line as i64, content), first))
                .collect();
            let all: Vec<KeyRecord> = rows.iter().map(|(row, _)| *row).collect();
            let at_once = standing_content(&all, &[&settle(&all)]);
            let first: Vec<KeyRecord> = rows.iter().filter(|(_, is_first)| *is_first).map(|(row, _)| *row).collect();
            let first_found = settle(&first);
            let mut second: Vec<KeyRecord> = rows.iter().filter(|(_, is_first)| !is_first).map(|(row, _)| *row).collect();
            for row in first {
                match first_found.verdict(row.load, row.line) {
                    None => second.push(stored(row)),
                    Some(Verdict::Duplicate) => second.push(KeyRecord { state: RowState::Repeated, ..row }),
                    Some(Verdict::Superseded) => {}
                }
            }
            let second_found = settle(&second);
            prop_assert_eq!(at_once, standing_content(&all, &[&first_found, &second_found]));
        }
    }

    /// Content that stands for each key, after several settlements.
    fn standing_content(rows: &[KeyRecord], found: &[&Settlement]) -> Vec<(u128, i64)> {
        let mut standing: Vec<(u128, i64)> = rows
            .iter()
            .filter(|row| {
                found.iter().all(|found| {
                    found.verdict(row.load, row.line).is_none()
                        && !replaced(found)
                            .iter()
                            .any(|(old, _)| *old == (row.load, row.line))
                })
            })
            .map(|row| (row.key, row.content))
            .collect();
        standing.sort_unstable();
        standing
    }
}
