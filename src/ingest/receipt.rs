//! Receipts: what became of a file that a city has submitted, as a workbook to act on and as JSON for its systems.
//!
//! Plain data in, bytes out. Whoever fills a [`Receipt`] decides what may be shown: a value that may identify a person
//! is handed over as `None`, and the city finds it by its line in its own file.

mod workbook;

#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use rust_xlsxwriter::XlsxError;
use serde::Serialize;

/// Version of the JSON form; a reader that meets another one cannot rely on the names below.
const FORM_VERSION: u32 = 1;

/// What can go wrong when a receipt is written.
#[derive(Debug, thiserror::Error)]
pub enum ReceiptError {
    /// The JSON could not be written.
    #[error("the receipt of `{object}` could not be written as JSON")]
    Json {
        /// Path below the raw root.
        object: String,
        /// The cause.
        #[source]
        source: serde_json::Error,
    },
    /// The workbook could not be written.
    #[error("the receipt of `{object}` could not be written as a workbook")]
    Workbook {
        /// Path below the raw root.
        object: String,
        /// The cause.
        #[source]
        source: Box<XlsxError>,
    },
}

/// What became of one submitted file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Receipt {
    /// Path below the raw root.
    pub object: String,
    /// Feed.
    pub feed: String,
    /// Its Chinese title.
    pub feed_title_zh: String,
    /// Its English title.
    pub feed_title_en: String,
    /// City, when it is known and only one.
    pub city_code: Option<String>,
    /// Load id: hash of path and content.
    pub load_id: String,
    /// As-of day of the run.
    pub as_of: NaiveDate,
    /// Size in bytes.
    pub size: u64,
    /// Text encoding as read.
    pub encoding: String,
    /// Sheet, in a workbook.
    pub sheet: Option<String>,
    /// Further sheets of the workbook that have the feed's header; only the first is read.
    pub unread_sheets: Vec<String>,
    /// What became of the file as a whole.
    pub outcome: Outcome,
    /// Records found.
    pub read: i64,
    /// Records that stand.
    pub accepted: i64,
    /// Records refused.
    pub quarantined: i64,
    /// Records that a later line of the same file replaced.
    pub superseded: i64,
    /// Records equal to one that stands already.
    pub duplicate: i64,
    /// Accepted records that replace one of an earlier load.
    pub revised: i64,
    /// Refused records, in the order of lines; the first ones when there are many.
    pub rows: Vec<ReceiptRow>,
    /// How many refused records `rows` does not list.
    pub rows_left_off: i64,
    /// Lines that a later line of the same file replaced; the first ones when there are many.
    pub superseded_lines: Vec<i64>,
    /// How many replaced lines `superseded_lines` does not list.
    pub superseded_left_off: i64,
    /// Where the file's columns differ from the contract's.
    pub drift: Vec<DriftLine>,
}

/// What became of a file as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Outcome {
    /// Its rows were judged one by one.
    Loaded,
    /// Nothing of it was loaded.
    Refused {
        /// Why.
        reason: String,
    },
}

/// A refused record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReceiptRow {
    /// Line (or sheet row) at which the record starts, from 1.
    pub line: i64,
    /// Column as the city's own header spells it; empty when the fault is the whole record's.
    pub column: String,
    /// Column as the contract names it; empty when the fault is the whole record's.
    pub column_name: String,
    /// The value as text; `None` when it is withheld because it may identify a person.
    pub value: Option<String>,
    /// Reason code.
    pub reason: String,
    /// What it means, in Chinese.
    pub message_zh: String,
    /// What it means, in English.
    pub message_en: String,
}

/// A column of the file that differs from the contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DriftLine {
    /// `new`, `missing`, `renamed` or `retyped`.
    pub class: String,
    /// Header as the file spells it; empty when it is missing.
    pub header: String,
    /// Column of the contract; empty when none is meant.
    pub column: String,
    /// Column that may be meant.
    pub suggestion: Option<String>,
    /// What the loader did about it.
    pub policy: String,
    /// Records concerned.
    pub rows: i64,
}

/// What a city is to do with its file, the most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NextStep {
    MendFile,
    AskProvince,
    MendRows,
    SplitSheets,
    CheckEmpty,
    CheckColumns,
    CheckRepeats,
    Nothing,
}

impl NextStep {
    fn zh(self) -> &'static str {
        match self {
            NextStep::MendFile => "请按退回原因改正后，以原路径重新上传整份文件。",
            NextStep::AskProvince => "行数核对不符，请勿重传，请联系省级平台管理员。",
            NextStep::MendRows => {
                "请按“隔离行”表逐行改正，然后重新上传整份文件；已接收且未改动的行不会重复计入。"
            }
            NextStep::SplitSheets => {
                "只读取了首个表头相符的工作表；请将其余工作表各存为一个文件另行上传。"
            }
            NextStep::CheckEmpty => "文件没有数据行；如确有数据，请重新上传整份文件。",
            NextStep::CheckColumns => "数据已入库；请对照“列”表核对表头，下次上传前改正。",
            NextStep::CheckRepeats => {
                "数据已入库；请核对被后行取代的行是否误填了相同编号，如有误请改正后重新上传整份文件。"
            }
            NextStep::Nothing => "无需处理。",
        }
    }

    fn en(self) -> &'static str {
        match self {
            NextStep::MendFile => {
                "Mend what the reason names and upload the whole file again under the same path."
            }
            NextStep::AskProvince => {
                "The counts do not add up: do not upload again, ask the provincial administrators."
            }
            NextStep::MendRows => {
                "Mend the rows on the sheet Quarantined and upload the whole file again; rows that stand unchanged are not counted twice."
            }
            NextStep::SplitSheets => {
                "Only the first sheet with the header was read; save the others as files of their own and upload them."
            }
            NextStep::CheckEmpty => {
                "The file holds no rows; if there is something to tell, upload the whole file again."
            }
            NextStep::CheckColumns => {
                "The data are loaded; compare your headers with the sheet Columns and mend them before the next upload."
            }
            NextStep::CheckRepeats => {
                "The data are loaded; see whether the replaced rows share a key by mistake, and if so mend them and upload the whole file again."
            }
            NextStep::Nothing => "Nothing to do.",
        }
    }
}

/// The JSON form: the receipt with what follows from it.
#[derive(Serialize)]
struct Form<'r> {
    receipt_version: u32,
    #[serde(flatten)]
    receipt: &'r Receipt,
    balanced: bool,
    next_step_zh: &'static str,
    next_step_en: &'static str,
}

impl Receipt {
    /// The receipt as JSON, indented, with its keys in a fixed order and a line feed at the end.
    ///
    /// # Errors
    /// [`ReceiptError::Json`].
    pub fn to_json(&self) -> Result<Vec<u8>, ReceiptError> {
        let next = self.next_step();
        let form = Form {
            receipt_version: FORM_VERSION,
            receipt: self,
            balanced: self.balances(),
            next_step_zh: next.zh(),
            next_step_en: next.en(),
        };
        let mut bytes = serde_json::to_vec_pretty(&form).map_err(|source| ReceiptError::Json {
            object: self.object.clone(),
            source,
        })?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// The receipt as an XLSX workbook; the same receipt gives the same bytes.
    ///
    /// # Errors
    /// [`ReceiptError::Workbook`], when there are more rows than a sheet holds or the as-of day is one that a
    /// spreadsheet does not know (before 1900).
    pub fn to_xlsx(&self) -> Result<Vec<u8>, ReceiptError> {
        workbook::write(self).map_err(|source| ReceiptError::Workbook {
            object: self.object.clone(),
            source: Box::new(source),
        })
    }

    /// The conservation law: every record read is accounted for once.
    fn balances(&self) -> bool {
        self.read == self.accepted + self.quarantined + self.superseded + self.duplicate
    }

    fn next_step(&self) -> NextStep {
        match self.outcome {
            Outcome::Refused { .. } => NextStep::MendFile,
            Outcome::Loaded if !self.balances() => NextStep::AskProvince,
            Outcome::Loaded if self.quarantined > 0 => NextStep::MendRows,
            Outcome::Loaded if !self.unread_sheets.is_empty() => NextStep::SplitSheets,
            Outcome::Loaded if self.read == 0 => NextStep::CheckEmpty,
            Outcome::Loaded if !self.drift.is_empty() => NextStep::CheckColumns,
            Outcome::Loaded if self.superseded > 0 => NextStep::CheckRepeats,
            Outcome::Loaded => NextStep::Nothing,
        }
    }
}
