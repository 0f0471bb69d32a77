use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use serde_json::Value;

use super::*;

fn row(line: i64, column: &str, value: Option<&str>) -> ReceiptRow {
    ReceiptRow {
        line,
        column: column.to_owned(),
        column_name: "amount_yuan".to_owned(),
        value: value.map(str::to_owned),
        reason: "bad_number".to_owned(),
        message_zh: "数值格式有误".to_owned(),
        message_en: "the value is not a number of the column's type".to_owned(),
    }
}

fn clean() -> Receipt {
    Receipt {
        object: "claims/city=3701/2021-01-04/claims.csv".to_owned(),
        feed: "claims".to_owned(),
        feed_title_zh: "补贴申领".to_owned(),
        feed_title_en: "Subsidy claims".to_owned(),
        city_code: Some("370100".to_owned()),
        load_id: "5f0c".to_owned(),
        as_of: NaiveDate::from_ymd_opt(2021, 1, 4).unwrap(),
        size: 123_456,
        encoding: "GB18030".to_owned(),
        sheet: None,
        unread_sheets: Vec::new(),
        outcome: Outcome::Loaded,
        read: 10,
        accepted: 10,
        quarantined: 0,
        superseded: 0,
        duplicate: 0,
        revised: 0,
        rows: Vec::new(),
        rows_left_off: 0,
        superseded_lines: Vec::new(),
        superseded_left_off: 0,
        drift: Vec::new(),
    }
}

fn full() -> Receipt {
    let whole_record = ReceiptRow {
        column_name: String::new(),
        reason: "wrong_field_count".to_owned(),
        message_zh: "字段个数与表头不符".to_owned(),
        message_en: "the record has more or fewer fields than the header".to_owned(),
        ..row(9, "", None)
    };
    let mut rows = vec![
        row(2, "申领金额(元)", Some("=HYPERLINK(\"http://x\")")),
        row(3, "申领金额(元)", Some("+1")),
        row(4, "申领金额(元)", Some("-1")),
        row(5, "申领金额(元)", Some("@SUM(A1)")),
        row(6, "申领金额(元)", Some("007.50")),
        row(7, "身份证号", None),
        row(8, "申领金额(元)", Some("")),
        whole_record,
        row(10, "=表头", Some("<r><t>markup</t></r>")),
        row(11, "备注", Some(" 一行\n二行 ")),
        row(12, "备注", Some("_x0041_ & <b>\u{1}")),
    ];
    rows.push(row(13, "备注", Some(&"长".repeat(40_000))));
    let drift = |class: &str, header: &str, column: &str, suggestion: Option<&str>| DriftLine {
        class: class.to_owned(),
        header: header.to_owned(),
        column: column.to_owned(),
        suggestion: suggestion.map(str::to_owned),
        policy: "kept_aside".to_owned(),
        rows: 1_200,
    };
    Receipt {
        read: 1_200,
        accepted: 1_000,
        quarantined: 112,
        superseded: 38,
        duplicate: 50,
        revised: 7,
        rows,
        rows_left_off: 100,
        superseded_lines: vec![20, 21],
        superseded_left_off: 36,
        drift: vec![
            drift("new", "=备注", "", None),
            drift("missing", "", "paid_on", None),
            drift("renamed", "申领金额(元)", "", Some("amount_yuan")),
            drift("retyped", "申领日期", "claimed_on", None),
        ],
        ..clean()
    }
}

fn refused() -> Receipt {
    let reason = "缺少必需列 the required column `claim_id` is missing".to_owned();
    Receipt {
        outcome: Outcome::Refused { reason },
        read: 0,
        accepted: 0,
        ..clean()
    }
}

/// The sheets as read back: name and cells.
fn read_back(receipt: &Receipt) -> Vec<(String, Vec<Vec<Data>>)> {
    let bytes = receipt.to_xlsx().unwrap();
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let names = workbook.sheet_names();
    let sheet = |name: String| {
        let formulas = workbook.worksheet_formula(&name).unwrap();
        assert!(formulas.is_empty(), "{name} holds a formula");
        let range = workbook.worksheet_range(&name).unwrap();
        let rows = range.rows().map(<[Data]>::to_vec).collect();
        (name, rows)
    };
    names.into_iter().map(sheet).collect()
}

/// The first sheet as text, label to value.
fn front(receipt: &Receipt) -> Vec<(String, String)> {
    let (_, rows) = read_back(receipt).remove(0);
    let pair = |cells: &Vec<Data>| (cells[0].to_string(), cells[1].to_string());
    rows.iter().map(pair).collect()
}

fn value<'f>(front: &'f [(String, String)], label: &str) -> Option<&'f str> {
    let found = front.iter().find(|(name, _)| name.starts_with(label));
    found.map(|(_, value)| value.as_str())
}

#[test]
fn the_same_receipt_gives_the_same_bytes() {
    for receipt in [clean(), full(), refused()] {
        let first = receipt.to_xlsx().unwrap();
        // A zip entry's time has a grain of two seconds, a document's one of one second.
        std::thread::sleep(std::time::Duration::from_millis(2_100));
        assert!(first == receipt.clone().to_xlsx().unwrap());
        assert_eq!(
            receipt.to_json().unwrap(),
            receipt.clone().to_json().unwrap()
        );
    }
}

#[test]
fn the_account_is_shown_with_its_sum() {
    let front = front(&full());
    assert_eq!(value(&front, "读入行数"), Some("1200"));
    assert_eq!(value(&front, "接收 "), Some("1000"));
    assert_eq!(value(&front, "隔离"), Some("112"));
    assert_eq!(value(&front, "被取代"), Some("38"));
    assert_eq!(value(&front, "重复"), Some("50"));
    assert_eq!(value(&front, "接收中的修订"), Some("7"));
    assert_eq!(
        value(&front, "核对"),
        Some("读入 = 接收 + 隔离 + 被取代 + 重复：1200 = 1000 + 112 + 38 + 50（相符 balanced）")
    );
    let wrong = Receipt {
        read: 1_201,
        ..full()
    };
    let front = self::front(&wrong);
    assert!(
        value(&front, "核对")
            .unwrap()
            .ends_with("1201 = 1000 + 112 + 38 + 50（不符 NOT balanced）")
    );
    assert!(value(&front, "请办理").unwrap().contains("请勿重传"));
}

#[test]
fn values_are_text_and_never_formulas() {
    let (name, rows) = read_back(&full()).remove(1);
    assert_eq!(name, "隔离行 Quarantined");
    let text = |row: usize, column: usize| match &rows[row][column] {
        Data::String(text) => text.as_str(),
        other => panic!("row {row}, column {column} is {other:?}"),
    };
    let values: Vec<&str> = (1..=11).map(|row| text(row, 3)).collect();
    assert_eq!(
        values,
        [
            "=HYPERLINK(\"http://x\")",
            "+1",
            "-1",
            "@SUM(A1)",
            "007.50",
            "（涉及个人信息，请按行号核对）withheld: see the line in your file",
            "（空）empty",
            "（涉及个人信息，请按行号核对）withheld: see the line in your file",
            "<r><t>markup</t></r> ",
            " 一行\n二行 ",
            "_x0041_ & <b>\u{1}",
        ]
    );
    assert_eq!(text(12, 3), format!("{}…（已截断 cut）", "长".repeat(200)));
    assert_eq!(rows[1][0], Data::Float(2.0));
    assert_eq!(text(1, 1), "申领金额(元)");
    assert_eq!(text(8, 1), "（整行）whole row");
    assert_eq!(text(8, 2), "—");
    assert_eq!(text(9, 1), "=表头");
    assert_eq!(text(1, 4), "bad_number");
    assert_eq!(text(13, 0), "另有 100 行未列出 100 more not listed");
}

#[test]
fn a_withheld_value_is_in_neither_form() {
    let receipt = full();
    let json: Value = serde_json::from_slice(&receipt.to_json().unwrap()).unwrap();
    assert_eq!(json["rows"][5]["value"], Value::Null);
    assert_eq!(json["rows"][5]["line"], 7);
}

#[test]
fn columns_and_superseded_lines_have_their_sheets() {
    let sheets = read_back(&full());
    let names: Vec<&str> = sheets.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "回执 Receipt",
            "隔离行 Quarantined",
            "列 Columns",
            "被取代 Superseded"
        ]
    );
    let text = |sheet: usize, row: usize| -> Vec<String> {
        sheets[sheet].1[row]
            .iter()
            .map(ToString::to_string)
            .collect()
    };
    assert_eq!(
        text(2, 1),
        ["新增列 new", "=备注", "—", "—", "kept_aside", "1200"]
    );
    assert_eq!(text(2, 2)[1], "（文件中没有）not in the file");
    assert_eq!(text(2, 3)[3], "amount_yuan");
    assert_eq!(text(3, 2)[0], "21");
    assert_eq!(text(3, 3)[0], "另有 36 行未列出 36 more not listed");
}

#[test]
fn a_clean_receipt_says_that_its_lists_are_empty() {
    let sheets = read_back(&clean());
    assert_eq!(sheets.len(), 3);
    assert_eq!(
        sheets[1].1[1][0].to_string(),
        "没有隔离行 No rows were quarantined"
    );
    assert!(
        sheets[2].1[1][0]
            .to_string()
            .starts_with("各列均与标准一致")
    );
    // Nothing is said twice: as many rows are left off as there are.
    let only_left_off = Receipt {
        rows_left_off: 3,
        ..clean()
    };
    let sheets = read_back(&only_left_off);
    assert!(sheets[1].1[1][0].to_string().starts_with("另有 3 行未列出"));
}

#[test]
fn a_refused_file_has_a_reason_and_no_account() {
    let front = front(&refused());
    assert!(value(&front, "结果").unwrap().starts_with("整份退回"));
    assert!(value(&front, "退回原因").unwrap().contains("claim_id"));
    assert_eq!(value(&front, "读入行数"), None);
    assert!(
        value(&front, "To do")
            .unwrap()
            .starts_with("Mend what the reason names")
    );
}

#[test]
fn a_workbook_speaks_of_sheet_rows() {
    let receipt = Receipt {
        sheet: Some("明细".to_owned()),
        unread_sheets: vec!["历下区".to_owned()],
        ..full()
    };
    let sheets = read_back(&receipt);
    assert_eq!(value(&front(&receipt), "工作表"), Some("明细"));
    assert_eq!(sheets[1].1[0][0].to_string(), "表格行\nSheet row");
    assert_eq!(sheets[3].1[0][0].to_string(), "表格行\nSheet row");
}

#[test]
fn the_most_urgent_step_is_named() {
    let next = |change: fn(&mut Receipt)| {
        let mut receipt = clean();
        change(&mut receipt);
        receipt.next_step()
    };
    assert_eq!(next(|_| ()), NextStep::Nothing);
    assert_eq!(
        next(|receipt| (receipt.read, receipt.accepted) = (0, 0)),
        NextStep::CheckEmpty
    );
    assert_eq!(
        next(|receipt| (receipt.accepted, receipt.superseded) = (9, 1)),
        NextStep::CheckRepeats
    );
    assert_eq!(
        next(|receipt| {
            receipt.drift = full().drift;
            (receipt.accepted, receipt.superseded) = (9, 1);
        }),
        NextStep::CheckColumns
    );
    assert_eq!(
        next(|receipt| {
            receipt.drift = full().drift;
            (receipt.accepted, receipt.quarantined) = (9, 1);
        }),
        NextStep::MendRows
    );
    assert_eq!(next(|receipt| receipt.accepted = 9), NextStep::AskProvince);
    assert_eq!(next(|receipt| *receipt = refused()), NextStep::MendFile);
}

#[test]
fn json_has_its_keys_in_a_fixed_order() {
    let text = String::from_utf8(refused().to_json().unwrap()).unwrap();
    let expected = r#"{
  "receipt_version": 1,
  "object": "claims/city=3701/2021-01-04/claims.csv",
  "feed": "claims",
  "feed_title_zh": "补贴申领",
  "feed_title_en": "Subsidy claims",
  "city_code": "370100",
  "load_id": "5f0c",
  "as_of": "2021-01-04",
  "size": 123456,
  "encoding": "GB18030",
  "sheet": null,
  "unread_sheets": [],
  "outcome": {
    "status": "refused",
    "reason": "缺少必需列 the required column `claim_id` is missing"
  },
  "read": 0,
  "accepted": 0,
  "quarantined": 0,
  "superseded": 0,
  "duplicate": 0,
  "revised": 0,
  "rows": [],
  "rows_left_off": 0,
  "superseded_lines": [],
  "superseded_left_off": 0,
  "drift": [],
  "balanced": true,
  "next_step_zh": "请按退回原因改正后，以原路径重新上传整份文件。",
  "next_step_en": "Mend what the reason names and upload the whole file again under the same path."
}
"#;
    assert_eq!(text, expected);
}

#[test]
fn a_day_no_spreadsheet_knows_is_an_error() {
    let ancient = Receipt {
        as_of: NaiveDate::from_ymd_opt(1800, 1, 1).unwrap(),
        ..clean()
    };
    assert!(matches!(
        ancient.to_xlsx(),
        Err(ReceiptError::Workbook { .. })
    ));
}

/// Long paths with the letter that begins a code in page headers.
#[test]
fn any_path_fits_the_page_header() {
    let long = Receipt {
        object: format!("claims/{}&P.csv", "县&".repeat(400)),
        ..clean()
    };
    assert!(!read_back(&long).is_empty());
}
