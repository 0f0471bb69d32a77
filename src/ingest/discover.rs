//! What lies in the raw root, and which of it is new.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::Read;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::ledger::LoadRow;
use super::{IngestError, RefusedObject};
use crate::contract::{Contract, Contracts};
use crate::identity::{Divisions, Wanted, find_embedded, without_numbers};
use crate::lake::{Lake, ObjectEntry, Store, StoreError};
use crate::raw::{FileKind, HeaderJudgement};

/// A cache only: which content an object had when it carried a certain change mark. It saves reading known objects again
/// and may be deleted at any time.
const SEEN: &str = "cache/raw_objects.json";

/// A new object of a feed.
#[derive(Debug, Clone)]
pub struct NewObject {
    /// Path, size and change mark.
    pub entry: ObjectEntry,
    /// Format and packing by suffix.
    pub kind: FileKind,
    /// BLAKE3 hash of the bytes, 64 hex digits.
    pub content_hash: String,
    /// Load id: the first 16 hex digits of the hash of path and content, and of what it takes back if anything.
    pub load_id: String,
}

/// What discovery found.
#[derive(Debug, Default)]
pub struct Discovery {
    /// New objects by feed, each in path order.
    pub new: BTreeMap<String, Vec<NewObject>>,
    /// Objects that were loaded before, unchanged.
    pub known: usize,
    /// Objects that cannot be loaded.
    pub unreadable: Vec<RefusedObject>,
}

impl Discovery {
    /// Whether there is no object at all.
    pub fn is_empty(&self) -> bool {
        self.new.is_empty() && self.known == 0 && self.unreadable.is_empty()
    }

    /// Number of new objects.
    pub fn new_objects(&self) -> usize {
        self.new.values().map(Vec::len).sum()
    }
}

#[derive(Serialize, Deserialize, Default)]
struct Seen {
    /// Change mark and content hash by path.
    objects: BTreeMap<String, (String, String)>,
}

/// Lists the raw root and tells new objects from those already loaded. What it `remembers` saves the next time from reading
/// known objects.
///
/// # Errors
/// When the raw root or the lake cannot be read.
pub fn discover(
    raw: &Store,
    lake: &Lake,
    contracts: &Contracts,
    loads: &[LoadRow],
    remembers: bool,
) -> Result<Discovery, IngestError> {
    let known = KnownLoads::new(loads);
    let mut seen = KnownContents::read(lake)?;
    let mut found = Discovery::default();
    let mut objects = Vec::new();
    let (entries, odd) = raw.list_all()?;
    for file in odd {
        let object = without_citizen_number(&file.shown).unwrap_or(file.shown);
        found.unreadable.push(RefusedObject {
            object,
            reason: UNREADABLE_NAME.to_owned(),
            size: file.size,
            ..RefusedObject::default()
        });
    }
    for mut entry in entries {
        if let Some(path) = without_citizen_number(&entry.path) {
            entry.path = path;
            found
                .unreadable
                .push(RefusedObject::unread(&entry, NAMES_A_PERSON));
            continue;
        }
        match feed_and_kind(contracts, &entry.path) {
            Ok((feed, kind)) => objects.push((entry, feed, kind)),
            Err(reason) => found.unreadable.push(RefusedObject::unread(&entry, reason)),
        }
    }
    let hash_of = |(entry, _, _): &(ObjectEntry, String, FileKind)| seen.hash_of(raw, entry);
    let hashes: Vec<Result<String, IngestError>> = objects.par_iter().map(hash_of).collect();
    let mut kept: BTreeMap<String, (String, String)> = BTreeMap::new();
    for ((entry, feed, kind), content_hash) in objects.into_iter().zip(hashes) {
        let content_hash = content_hash?;
        let seen = (entry.mark.clone(), content_hash.clone());
        kept.insert(entry.path.clone(), seen);
        let Some(load_id) = known.new_load(&entry.path, &content_hash) else {
            found.known += 1;
            continue;
        };
        found.new.entry(feed).or_default().push(NewObject {
            entry,
            kind,
            content_hash,
            load_id,
        });
    }
    let is_new =
        |object: (&String, &(String, String))| seen.0.objects.get(object.0) != Some(object.1);
    if remembers && kept.iter().any(is_new) {
        seen.0.objects = kept;
        let text = serde_json::to_vec(&seen.0).unwrap_or_default();
        lake.store().write(SEEN, text)?;
    }
    Ok(found)
}

/// The last load of each path, and the ids of all.
struct KnownLoads<'l> {
    last: HashMap<&'l str, &'l LoadRow>,
    ids: HashSet<&'l str>,
}

impl<'l> KnownLoads<'l> {
    fn new(loads: &'l [LoadRow]) -> KnownLoads<'l> {
        let mut last: HashMap<&str, &LoadRow> = HashMap::new();
        for load in loads {
            let known = last.entry(load.object.as_str()).or_insert(load);
            if load.sequence >= known.sequence {
                *known = load;
            }
        }
        KnownLoads {
            last,
            ids: loads.iter().map(|load| load.load_id.as_str()).collect(),
        }
    }

    /// The id of the load that an object needs; `None` when its last load had the same content.
    ///
    /// A sender may take a correction back under the same name. What was there before the correction is then newer than
    /// it, and is loaded again under another id.
    fn new_load(&self, path: &str, content_hash: &str) -> Option<String> {
        let id = load_id(path, content_hash);
        let Some(last) = self.last.get(path) else {
            return Some(id);
        };
        if last.content_hash == content_hash {
            return None;
        }
        if !self.ids.contains(id.as_str()) {
            return Some(id);
        }
        Some(load_id(path, &format!("{content_hash}\0{}", last.sequence)))
    }
}

/// Why an object is refused whose path every table would repeat as the place of its rows.
const NAMES_A_PERSON: &str = "路径中含有身份证号，请改名后重新上传 / its path holds a citizen number: upload it under another name";

/// Why a file of a local root is refused that no object path can name.
const UNREADABLE_NAME: &str = "文件名不是UTF-8或含有控制字符，或文件夹循环链接，请改名后重新上传 / its name is not UTF-8 or holds control characters, or its folder links to itself: upload it under another name";

/// A path with its citizen numbers left out; `None` when there is none.
fn without_citizen_number(path: &str) -> Option<String> {
    let plain: String = path.nfkc().collect();
    find_embedded(&plain, Wanted::CitizenNumbers)?;
    let left_out = |_, _: &str| "xxx".to_owned();
    Some(without_numbers(plain.into(), Wanted::CitizenNumbers, left_out).into_owned())
}

/// The feed and the format of an object, or why it cannot be loaded.
fn feed_and_kind(contracts: &Contracts, path: &str) -> Result<(String, FileKind), String> {
    let (feed, name) = path.split_once('/').unwrap_or(("", path));
    if feed.is_empty() {
        return Err("lies in no feed's folder".to_owned());
    }
    if contracts.get(feed).is_none() {
        return Err(format!("no contract for feed `{feed}` in pipelines/feeds"));
    }
    let kind = FileKind::from_name(name)
        .ok_or_else(|| format!("unknown suffix: known are {}", FileKind::SUFFIXES))?;
    Ok((feed.to_owned(), kind))
}

/// What the raw room needs to know of a row that may be the header.
pub fn judge_header(contract: &Contract, fields: &[String]) -> HeaderJudgement {
    let header = contract.match_header(fields);
    HeaderJudgement {
        usable: header.is_usable(),
        recognised: header.recognised(),
    }
}

/// The city that sent an object, by its folder (`city=3702`).
pub fn city_of_path(path: &str, divisions: &Divisions) -> Option<String> {
    path.split('/')
        .find_map(|folder| folder.strip_prefix("city="))
        .map(|code| format!("{code:0<6}"))
        .and_then(|code| divisions.city_of(&code).code())
        .map(|code| code.as_str().to_owned())
}

/// Names a load by path and content.
pub fn load_id(path: &str, content_hash: &str) -> String {
    let mut id = blake3::hash(format!("{path}\0{content_hash}").as_bytes())
        .to_hex()
        .to_string();
    id.truncate(16);
    id
}

/// What objects held when discovery last saw them.
pub struct KnownContents(Seen);

impl KnownContents {
    /// Reads what the lake remembers.
    ///
    /// # Errors
    /// When the lake cannot be read.
    pub fn read(lake: &Lake) -> Result<KnownContents, StoreError> {
        let bytes = lake.store().read_if_there(SEEN)?;
        let seen = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        Ok(KnownContents(seen.unwrap_or_default()))
    }

    /// The hash of what an object holds now; it is read only where it is not as it was seen.
    ///
    /// # Errors
    /// When the object cannot be read.
    pub fn hash_of(&self, raw: &Store, entry: &ObjectEntry) -> Result<String, IngestError> {
        match self.0.objects.get(&entry.path) {
            Some((mark, hash)) if *mark == entry.mark => Ok(hash.clone()),
            _ => content_hash(raw, entry),
        }
    }
}

/// BLAKE3 hash of an object's bytes, 64 hex digits.
///
/// # Errors
/// When the object cannot be read.
pub fn content_hash(raw: &Store, entry: &ObjectEntry) -> Result<String, IngestError> {
    let mut reader = HashingReader::new(raw.reader_of(entry));
    std::io::copy(&mut reader, &mut std::io::sink()).map_err(|source| IngestError::Reading {
        object: entry.path.clone(),
        source,
    })?;
    Ok(reader.hash())
}

/// A reader that hashes what passes, so that an object which changes while it is read is noticed.
pub struct HashingReader<R> {
    inner: R,
    hasher: std::sync::Arc<std::sync::Mutex<blake3::Hasher>>,
}

impl<R: Read> HashingReader<R> {
    /// Wraps a reader.
    pub fn new(inner: R) -> HashingReader<R> {
        HashingReader {
            inner,
            hasher: std::sync::Arc::default(),
        }
    }

    /// A handle that tells the hash after the reader has been given away.
    pub fn handle(&self) -> HashHandle {
        HashHandle {
            hasher: std::sync::Arc::clone(&self.hasher),
        }
    }

    fn hash(&self) -> String {
        self.handle().hash()
    }
}

/// Tells the hash of what a [`HashingReader`] has read.
pub struct HashHandle {
    hasher: std::sync::Arc<std::sync::Mutex<blake3::Hasher>>,
}

impl HashHandle {
    /// BLAKE3 hash of the bytes read so far, 64 hex digits.
    pub fn hash(&self) -> String {
        let hasher = self
            .hasher
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        hasher.finalize().to_hex().to_string()
    }
}

impl<R: Read> Read for HashingReader<R> {
    fn read(&mut self, target: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(target)?;
        if let Some(read) = target.get(..count) {
            self.hasher
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner)
                .update(read);
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::Account;

    fn load(sequence: i64, object: &str, content: &str, load_id: &str) -> LoadRow {
        LoadRow {
            load_on: chrono::NaiveDate::MIN,
            sequence,
            load_id: load_id.to_owned(),
            feed: "targets".to_owned(),
            object: object.to_owned(),
            content_hash: content.to_owned(),
            size: 1,
            encoding: String::new(),
            unknown_columns: String::new(),
            city_code: None,
            account: Account::default(),
        }
    }

    #[test]
    fn a_path_that_names_a_person_is_told_without_the_number() {
        let path = |name: &str| without_citizen_number(&format!("enrolments/city=3702/{name}.csv"));
        let told = path("张三-370199199001019970");
        assert_eq!(told.as_deref(), Some("enrolments/city=3702/张三-xxx.csv"));
        for spelling in [
            "370199 19900101 997X",
            "３７０１９９１９９００１０１９９７Ｘ",
        ] {
            assert!(path(spelling).is_some(), "{spelling}");
        }
        for innocent in ["2020-09-03", "20200903083000123456", "370200202009031234"] {
            assert_eq!(path(innocent), None, "{innocent}");
        }
    }

    #[test]
    fn a_correction_that_is_taken_back_is_loaded_again() {
        let first = load_id("t.csv", "a");
        let second = load_id("t.csv", "b");
        let mut loads = vec![load(1, "t.csv", "a", &first)];
        let new =
            |loads: &[LoadRow], content: &str| KnownLoads::new(loads).new_load("t.csv", content);
        assert_eq!(new(&loads, "a"), None);
        assert_eq!(new(&loads, "b"), Some(second.clone()));
        assert_eq!(
            KnownLoads::new(&loads).new_load("u.csv", "a"),
            Some(load_id("u.csv", "a"))
        );

        loads.push(load(2, "t.csv", "b", &second));
        let third = new(&loads, "a").unwrap();
        assert!(third != first && third != second);
        assert_eq!(
            new(&loads, "a"),
            Some(third.clone()),
            "the same after a crash"
        );

        loads.push(load(3, "t.csv", "a", &third));
        assert_eq!(new(&loads, "a"), None);
        let fourth = new(&loads, "b").unwrap();
        assert!(![first, second, third].contains(&fourth));
    }
}
