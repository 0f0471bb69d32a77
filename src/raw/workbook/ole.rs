//! The OLE container of an XLS: takes the workbook's stream out, and wraps it afresh for the library.
//!
//! Containers are chains of sectors, which a hostile file closes to circles or lets run together. Here each
//! chain is followed for as many sectors as the file has; the library gets a plain container that cannot mislead it.

use super::fault::{ENCRYPTED, Fault};

/// The first bytes of every container.
pub(super) const MAGIC: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// Larger numbers in a chain are its end, or marks.
const FIRST_MARK: u32 = 0xFFFF_FFFA;
const END_OF_CHAIN: u32 = 0xFFFF_FFFE;
const UNUSED: u32 = 0xFFFF_FFFF;
const FAT_SECTOR: u32 = 0xFFFF_FFFD;

const MINI_SECTOR: usize = 64;
/// Smaller streams lie in mini sectors.
const FIRST_LARGE: u64 = 4096;
const DIRECTORY_ENTRY: usize = 128;

const BROKEN: Fault = Fault::Damaged("its OLE structure is damaged or cut off");

/// The bytes of the workbook, of Excel 97 and later or of Excel 5.
///
/// # Errors
/// [`Fault::Damaged`] when the container is broken, encrypted or holds no workbook.
pub(super) fn workbook_stream(bytes: &[u8]) -> Result<Vec<u8>, Fault> {
    let container = Container::read(bytes)?;
    if container.find("EncryptedPackage").is_some() {
        return Err(Fault::Damaged(ENCRYPTED));
    }
    let entry = container
        .find("Workbook")
        .or_else(|| container.find("Book"))
        .ok_or(Fault::Damaged("it is an OLE file without a workbook"))?;
    container.stream(entry)
}

struct Container<'a> {
    bytes: &'a [u8],
    sector: usize,
    /// For each sector the next one of its chain.
    next: Vec<u32>,
    mini_start: u32,
    entries: Vec<Entry>,
}

struct Entry {
    name: String,
    start: u32,
    length: u64,
}

impl<'a> Container<'a> {
    fn read(bytes: &'a [u8]) -> Result<Container<'a>, Fault> {
        let sector = match u16_at(bytes, 30)? {
            9 => 512,
            12 => 4096,
            _ => return Err(BROKEN),
        };
        let mut container = Container {
            bytes,
            sector,
            next: Vec::new(),
            mini_start: u32_at(bytes, 60)?,
            entries: Vec::new(),
        };
        container.read_table()?;
        let directory = container.chain(u32_at(bytes, 48)?, u64::MAX)?;
        container.entries = directory
            .chunks_exact(DIRECTORY_ENTRY)
            .map(|entry| Entry::read(entry, sector))
            .collect::<Result<_, Fault>>()?;
        Ok(container)
    }

    fn sectors(&self) -> usize {
        self.bytes.len() / self.sector
    }

    /// The table of chains lies in sectors that the header and further lists name.
    fn read_table(&mut self) -> Result<(), Fault> {
        let mut list: Vec<u32> = (76..512)
            .step_by(4)
            .map(|place| u32_at(self.bytes, place))
            .collect::<Result<_, Fault>>()?;
        let mut further = u32_at(self.bytes, 68)?;
        // Each sector of the table has chains for many; as many as the file has sectors are more than enough.
        while further < FIRST_MARK {
            if list.len() > self.sectors() + 128 {
                return Err(BROKEN);
            }
            list.extend(words(self.sector(further)?));
            further = list.pop().ok_or(BROKEN)?;
        }
        list.retain(|sector| *sector < FIRST_MARK);
        if list.len() > self.sectors() / (self.sector / 4) + 1 {
            return Err(BROKEN);
        }
        for sector in list {
            let part: Vec<u32> = words(self.sector(sector)?).collect();
            self.next.extend(part);
        }
        Ok(())
    }

    /// A sector; the last one of the file may be cut off.
    fn sector(&self, number: u32) -> Result<&'a [u8], Fault> {
        let start = (number as usize + 1)
            .checked_mul(self.sector)
            .ok_or(BROKEN)?;
        let end = (start + self.sector).min(self.bytes.len());
        self.bytes.get(start..end).ok_or(BROKEN)
    }

    /// The bytes of a chain, at most `length`.
    fn chain(&self, start: u32, length: u64) -> Result<Vec<u8>, Fault> {
        let mut bytes = Vec::new();
        let mut sector = start;
        for _ in 0..=self.sectors() {
            if sector >= FIRST_MARK || bytes.len() as u64 >= length {
                bytes.truncate(usize::try_from(length).unwrap_or(usize::MAX));
                return Ok(bytes);
            }
            bytes.extend_from_slice(self.sector(sector)?);
            sector = *self.next.get(sector as usize).ok_or(BROKEN)?;
        }
        // A circle.
        Err(BROKEN)
    }

    fn find(&self, name: &str) -> Option<&Entry> {
        self.entries
            .iter()
            .find(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    fn stream(&self, entry: &Entry) -> Result<Vec<u8>, Fault> {
        let bytes = if entry.length >= FIRST_LARGE {
            self.chain(entry.start, entry.length)?
        } else {
            self.mini_stream(entry)?
        };
        if (bytes.len() as u64) < entry.length {
            return Err(BROKEN);
        }
        Ok(bytes)
    }

    fn mini_stream(&self, entry: &Entry) -> Result<Vec<u8>, Fault> {
        let root = self.entries.first().ok_or(BROKEN)?;
        let content = self.chain(root.start, root.length)?;
        let table = self.chain(self.mini_start, u64::MAX)?;
        let next: Vec<u32> = words(&table).collect();
        let mut bytes = Vec::new();
        let mut sector = entry.start;
        while (bytes.len() as u64) < entry.length && sector < FIRST_MARK {
            let start = (sector as usize).checked_mul(MINI_SECTOR).ok_or(BROKEN)?;
            let part = content.get(start..start + MINI_SECTOR).ok_or(BROKEN)?;
            bytes.extend_from_slice(part);
            sector = *next.get(sector as usize).ok_or(BROKEN)?;
        }
        bytes.truncate(usize::try_from(entry.length).unwrap_or(usize::MAX));
        Ok(bytes)
    }
}

impl Entry {
    fn read(bytes: &[u8], sector: usize) -> Result<Entry, Fault> {
        let name = bytes.get(..64).ok_or(BROKEN)?;
        let units = name
            .chunks_exact(2)
            .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
            .take_while(|unit| *unit != 0);
        let name = char::decode_utf16(units)
            .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect();
        let low = u64::from(u32_at(bytes, 120)?);
        // In containers of small sectors the upper half may hold anything.
        let high = if sector == 512 {
            0
        } else {
            u32_at(bytes, 124)?
        };
        Ok(Entry {
            name,
            start: u32_at(bytes, 116)?,
            length: u64::from(high) << 32 | low,
        })
    }
}

fn u16_at(bytes: &[u8], place: usize) -> Result<u16, Fault> {
    let pair = bytes.get(place..place + 2).ok_or(BROKEN)?;
    Ok(u16::from_le_bytes(pair.try_into().map_err(|_| BROKEN)?))
}

fn u32_at(bytes: &[u8], place: usize) -> Result<u32, Fault> {
    let word = bytes.get(place..place + 4).ok_or(BROKEN)?;
    Ok(u32::from_le_bytes(word.try_into().map_err(|_| BROKEN)?))
}

fn words(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes
        .chunks_exact(4)
        .map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]]))
}

/// A plain container of large sectors: header, the stream, its directory, the table of chains.
pub(super) fn wrap(mut stream: Vec<u8>) -> Vec<u8> {
    const SECTOR: usize = 4096;
    const CHAINS: usize = SECTOR / 4;
    let length = stream.len().max(FIRST_LARGE as usize);
    let content = length.div_ceil(SECTOR);
    // The table describes its own sectors too.
    let tables = (content + 1).div_ceil(CHAINS - 1);
    stream.resize(content * SECTOR, 0);
    stream.extend(directory(length, SECTOR));
    let mut chains: Vec<u32> = (1..=content as u32).collect();
    if let Some(last) = chains.last_mut() {
        *last = END_OF_CHAIN;
    }
    chains.push(END_OF_CHAIN);
    chains.resize(content + 1 + tables, FAT_SECTOR);
    chains.resize(tables * CHAINS, UNUSED);
    stream.extend(chains.iter().flat_map(|word| word.to_le_bytes()));

    let mut header = Vec::with_capacity(SECTOR + stream.len());
    header.extend(MAGIC);
    header.extend([0; 16]);
    for half in [0x3E_u16, 4, 0xFFFE, 12, 6, 0, 0, 0] {
        header.extend(half.to_le_bytes());
    }
    let first_table = content as u32 + 1;
    let words = [
        1,
        tables as u32,
        content as u32,
        0,
        FIRST_LARGE as u32,
        END_OF_CHAIN,
        0,
        END_OF_CHAIN,
        0,
    ];
    // 64 MiB need 17 tables, of the 109 that fit.
    let lists = (first_table..first_table + tables as u32)
        .chain(std::iter::repeat(UNUSED))
        .take(109);
    for word in words.into_iter().chain(lists) {
        header.extend(word.to_le_bytes());
    }
    header.resize(SECTOR, 0);
    header.append(&mut stream);
    header
}

fn directory(length: usize, sector: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (name, kind, length) in [("Root Entry", 5_u8, 0), ("Workbook", 2, length)] {
        let start = bytes.len();
        bytes.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
        bytes.resize(start + 64, 0);
        bytes.extend((name.len() as u16 * 2 + 2).to_le_bytes());
        bytes.extend([kind, 1]);
        let child = if kind == 5 { 1 } else { UNUSED };
        bytes.extend(
            [UNUSED, UNUSED, child]
                .iter()
                .flat_map(|word| word.to_le_bytes()),
        );
        bytes.resize(start + 120, 0);
        bytes.extend((length as u64).to_le_bytes());
    }
    bytes.resize(sector, 0);
    bytes
}
