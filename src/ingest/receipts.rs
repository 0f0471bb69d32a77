//! Receipts: what a city is told about each file that it sent, written before the load becomes visible.

use std::collections::BTreeMap;

use super::feed::{FeedLoad, LoadedFile};
use super::ledger::Account;
use super::receipt::{DriftLine, Outcome, Receipt, ReceiptRow};
use super::resolve::{Settlement, Verdict};
use super::{Ingest, IngestError, RefusedObject, convert, discover, feed_of};
use crate::contract::{Column, ColumnType, Contract, Drift, HeaderMatch};
use crate::identity::has_long_number;

/// Quarantined rows, and superseded lines, that a receipt lists; the rest is counted.
pub(super) const MOST_ROWS: usize = 2000;
/// Longer values are no slip of the pen, and may be whole records.
const MOST_CHARACTERS: usize = 40;

/// Where a receipt lies below the published root, without its suffix.
fn path(object: &str, load_id: &str) -> String {
    format!("receipts/{object}/{load_id}")
}

/// A refused value, when it can tell nobody who somebody is: not of an identity, without any number that might be one in
/// the wrong column, and words only where they resemble those that are expected, for they might be a name.
pub(super) fn shown_value(column: Option<&Column>, value: &str) -> Option<String> {
    let kind = &column?.kind;
    let is_tellable = match kind {
        // A word in place of a known one; a name of somebody has nothing of any.
        ColumnType::Enumeration(words) => words.iter().any(|word| {
            let known = word.zh.iter().chain([&word.value]);
            known.into_iter().any(|known| shares_a_part(value, known))
        }),
        ColumnType::City => has_digit_or(value, &['市', '县', '区']),
        ColumnType::Level => has_digit_or(value, &['级', '工', '师']),
        _ => value.is_ascii() && !kind.is_identity(),
    };
    let withheld =
        !is_tellable || value.chars().count() > MOST_CHARACTERS || has_long_number(value);
    (!withheld).then(|| value.to_owned())
}

fn has_digit_or(value: &str, marks: &[char]) -> bool {
    value.contains(marks) || value.bytes().any(|byte| byte.is_ascii_digit())
}

/// Whether two texts have two characters in a row in common, of Latin letters four, in any case.
fn shares_a_part(value: &str, known: &str) -> bool {
    let folded = |text: &str| -> Vec<char> { text.chars().flat_map(char::to_lowercase).collect() };
    let (value, known) = (folded(value), folded(known));
    let length = if known.iter().all(char::is_ascii) {
        4
    } else {
        2
    };
    let parts: Vec<&[char]> = known.windows(length).collect();
    value.windows(length).any(|part| parts.contains(&part))
}

/// What a receipt says of a row, gathered while the file is read.
pub(super) struct RefusedLine {
    pub line: u64,
    pub column: String,
    pub value: Option<String>,
    pub reason: crate::contract::Reason,
}

impl From<&convert::Refusal> for RefusedLine {
    fn from(refusal: &convert::Refusal) -> RefusedLine {
        RefusedLine {
            line: refusal.line,
            column: refusal.column.clone(),
            value: refusal.value.clone(),
            reason: refusal.reason,
        }
    }
}

fn drift_lines(drift: &[Drift]) -> Vec<DriftLine> {
    drift
        .iter()
        .map(|drift| DriftLine {
            class: drift.class.word().to_owned(),
            header: drift.header.clone(),
            column: drift.column.clone(),
            suggestion: drift.suggestion.clone(),
            policy: drift.policy.word().to_owned(),
            rows: drift.rows,
        })
        .collect()
}

/// How the sender's file spells a column.
fn own_spelling<'a>(
    contract: &Contract,
    header: &HeaderMatch,
    names: &'a [String],
    column: &'a str,
) -> &'a str {
    contract
        .position(column)
        .and_then(|index| header.positions.get(index).copied().flatten())
        .and_then(|position| names.get(position))
        .map_or(column, String::as_str)
}

fn count(value: usize) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

impl FeedLoad<'_> {
    /// Writes the receipt of every file of the load.
    pub(super) fn write_receipts(
        &self,
        accounts: &BTreeMap<i64, Account>,
        settlement: &Settlement,
    ) -> Result<(), IngestError> {
        let mut superseded: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        for ((sequence, line), verdict) in &settlement.verdicts {
            if *verdict == Verdict::Superseded {
                superseded.entry(*sequence).or_default().push(*line);
            }
        }
        for file in &self.files {
            // Nothing left the quarantine, so there is nothing new to tell.
            if file.replay.is_some() && file.replayed.is_empty() {
                continue;
            }
            let lines = superseded.remove(&file.sequence).unwrap_or_default();
            let account = accounts.get(&file.sequence).copied().unwrap_or_default();
            let receipt = self.receipt(file, &account, lines);
            self.ingest.write_receipt(&receipt)?;
        }
        Ok(())
    }

    fn receipt(&self, file: &LoadedFile, account: &Account, mut superseded: Vec<i64>) -> Receipt {
        let superseded_left_off = superseded.len().saturating_sub(MOST_ROWS);
        superseded.truncate(MOST_ROWS);
        let row = |line: &RefusedLine| ReceiptRow {
            line: i64::try_from(line.line).unwrap_or(i64::MAX),
            column: own_spelling(
                self.contract,
                file.header(),
                &file.header_names,
                &line.column,
            )
            .to_owned(),
            column_name: line.column.clone(),
            value: line.value.clone(),
            reason: line.reason.code().to_owned(),
            message_zh: line.reason.message_zh().to_owned(),
            message_en: line.reason.message_en().to_owned(),
        };
        Receipt {
            object: file.object.entry.path.clone(),
            feed: self.contract.feed.clone(),
            feed_title_zh: self.contract.title_zh.clone(),
            feed_title_en: self.contract.title_en.clone(),
            city_code: file.city(self.ingest),
            load_id: file.load_id().to_owned(),
            as_of: self.ingest.as_of,
            size: file.object.entry.size,
            encoding: file.encoding.clone(),
            sheet: file.sheet.clone(),
            unread_sheets: file.unread_sheets.clone(),
            outcome: Outcome::Loaded,
            read: account.read,
            accepted: account.accepted,
            quarantined: account.quarantined,
            superseded: account.superseded,
            duplicate: account.duplicate,
            revised: account.revisions,
            rows: file.refused_lines.iter().map(row).collect(),
            rows_left_off: account.quarantined - count(file.refused_lines.len()),
            superseded_lines: superseded,
            superseded_left_off: count(superseded_left_off),
            drift: drift_lines(&file.drift),
        }
    }
}

impl Ingest<'_> {
    /// Writes the receipt of an object that was refused as a whole.
    pub(super) fn write_refusal(
        &self,
        refused: &RefusedObject,
        city_code: Option<String>,
    ) -> Result<(), IngestError> {
        let feed = feed_of(&refused.object);
        let contract = self.contracts.get(feed);
        let title = |get: fn(&Contract) -> &String| contract.map(get).cloned().unwrap_or_default();
        self.write_receipt(&Receipt {
            object: refused.object.clone(),
            feed: feed.to_owned(),
            feed_title_zh: title(|contract| &contract.title_zh),
            feed_title_en: title(|contract| &contract.title_en),
            city_code,
            load_id: discover::load_id(&refused.object, &refused.reason),
            as_of: self.as_of,
            size: refused.size,
            encoding: refused.encoding.clone(),
            sheet: refused.sheet.clone(),
            unread_sheets: Vec::new(),
            outcome: Outcome::Refused {
                reason: refused.reason.clone(),
            },
            read: 0,
            accepted: 0,
            quarantined: 0,
            superseded: 0,
            duplicate: 0,
            revised: 0,
            rows: Vec::new(),
            rows_left_off: 0,
            superseded_lines: Vec::new(),
            superseded_left_off: 0,
            drift: drift_lines(&refused.drift),
        })
    }

    fn write_receipt(&self, receipt: &Receipt) -> Result<(), IngestError> {
        let path = path(&receipt.object, &receipt.load_id);
        let failed = |source| IngestError::Receipt {
            object: receipt.object.clone(),
            source,
        };
        self.receipts
            .write(&format!("{path}.json"), receipt.to_json().map_err(failed)?)?;
        self.receipts
            .write(&format!("{path}.xlsx"), receipt.to_xlsx().map_err(failed)?)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{Bounds, EnumerationValue};

    fn column(kind: ColumnType) -> Column {
        Column {
            name: "x".to_owned(),
            stem: "x".to_owned(),
            zh: vec!["项".to_owned()],
            en: "x".to_owned(),
            required: false,
            kind,
        }
    }

    #[test]
    fn what_may_be_somebodys_is_withheld() {
        let number = column(ColumnType::Number(Bounds::default()));
        let mode = EnumerationValue::new("blended".to_owned(), vec!["线上线下".to_owned()]);
        let words = column(ColumnType::Enumeration(vec![mode]));
        let person = column(ColumnType::Person { facts: true });
        let shown = |column: &Column, value: &str| shown_value(Some(column), value).is_some();
        assert!(shown(&number, "12abc"));
        assert!(shown(&number, "2020-13-45"));
        assert!(
            !shown(&number, "13812345678"),
            "a phone in the wrong column"
        );
        assert!(!shown(&number, "王伟"), "a name in the wrong column");
        assert!(shown(&words, "线上线下混合"));
        assert!(shown(&words, "BLEND"));
        for name in ["欧阳测试", "Li Lei", "王", "370199198506159974"] {
            assert!(!shown(&words, name), "{name}");
            assert!(!shown(&column(ColumnType::City), name), "{name}");
        }
        assert!(shown(&column(ColumnType::City), "济南市区"));
        assert!(!shown(&person, "3.70102E+17"));
        assert!(!shown(&number, &"x".repeat(41)));
        assert!(shown_value(None, "x").is_none());
    }
}
