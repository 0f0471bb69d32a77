//! What a city is told about each of its files.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;

use serde_json::{Value, json};

use crate::province::province;
use crate::workspace::{Workspace, files};

/// The receipts of an object, as JSON.
fn receipts(workspace: &Workspace, object: &str) -> Vec<Value> {
    let folder = workspace.path("published/receipts").join(object);
    let is_json =
        |path: &std::path::PathBuf| path.extension().is_some_and(|suffix| suffix == "json");
    let found: Vec<_> = files(&folder).into_iter().filter(is_json).collect();
    for path in &found {
        assert!(
            path.with_extension("xlsx").is_file(),
            "{} has no workbook",
            path.display()
        );
    }
    let read =
        |path: &std::path::PathBuf| serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    found.iter().map(read).collect()
}

fn receipt(workspace: &Workspace, object: &str) -> Value {
    let mut found = receipts(workspace, object);
    assert_eq!(found.len(), 1, "{object}");
    found.remove(0)
}

/// The text of a workbook's parts.
fn unzipped(workbook: &Path) -> String {
    let mut archive = zip::ZipArchive::new(std::fs::File::open(workbook).unwrap()).unwrap();
    let mut text = String::new();
    for index in 0..archive.len() {
        let mut bytes = Vec::new();
        archive
            .by_index(index)
            .unwrap()
            .read_to_end(&mut bytes)
            .unwrap();
        text.push_str(&String::from_utf8_lossy(&bytes));
        text.push('\n');
    }
    text
}

const HEADER: &str = "报名编号,班级编号,身份证号,姓名,手机号,人员类别,所在市,户籍地,户籍地址,报名日期,结业日期,线上课时,线下课时";

fn row(number: u32, changes: &[(usize, &str)]) -> String {
    let id = format!("E{number:04}");
    let person = format!("37010219900101{number:04}");
    let mut fields = vec![
        id.as_str(),
        "C0001",
        person.as_str(),
        "李晓明",
        "13800001234",
        "农民工",
        "370100",
        "370102",
        "某路1号",
        "2020-07-02",
        "2020-07-08",
        "0",
        "40",
    ];
    for (place, value) in changes {
        fields[*place] = value;
    }
    fields.join(",")
}

const OBJECT: &str = "enrolments/city=3701/报名表.csv";

fn deliver(workspace: &Workspace) {
    let rows = [
        row(1, &[]),
        row(2, &[(10, "2020-13-45")]),
        row(3, &[(5, "灵活就业")]),
        row(4, &[(2, "3.70102199001E+17")]),
        // An identity in the wrong column, as slips of the hand put it there.
        row(5, &[(9, "13800001234")]),
        row(6, &[(10, "王小明")]),
        row(7, &[(5, "370102199001010007")]),
        row(8, &[(12, "20")]),
        row(8, &[]),
        format!("{},多一列", row(9, &[])),
    ];
    workspace.write(
        &format!("raw/{OBJECT}"),
        &format!("{HEADER}\n{}\n", rows.join("\n")),
    );
}

#[test]
fn a_loaded_file_is_accounted_for_row_by_row() {
    let workspace = province();
    deliver(&workspace);
    workspace.night().expect(1);
    let receipt = receipt(&workspace, OBJECT);
    assert_eq!(receipt["object"], OBJECT);
    assert_eq!(receipt["feed"], "enrolments");
    assert_eq!(receipt["city_code"], "370100");
    assert_eq!(receipt["as_of"], "2020-12-31");
    assert_eq!(receipt["outcome"], json!({ "status": "loaded" }));
    let count = |name: &str| receipt[name].as_i64().unwrap();
    assert_eq!(
        count("read"),
        count("accepted") + count("quarantined") + count("superseded") + count("duplicate")
    );
    let counts = [
        "read",
        "accepted",
        "quarantined",
        "superseded",
        "duplicate",
        "revised",
    ]
    .map(count);
    assert_eq!(counts, [10, 2, 7, 1, 0, 0]);
    assert_eq!(receipt["balanced"], true);
    assert_eq!(receipt["superseded_lines"], json!([9]));
    let rows: Vec<(i64, &str, &str, &Value, &str)> = receipt["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let text = |name: &str| row[name].as_str().unwrap();
            assert!(
                !text("message_zh").is_empty() && !text("message_zh").is_ascii(),
                "{row}"
            );
            assert!(
                !text("message_en").is_empty() && text("message_en").is_ascii(),
                "{row}"
            );
            (
                row["line"].as_i64().unwrap(),
                text("column"),
                text("column_name"),
                &row["value"],
                text("reason"),
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            (
                3,
                "结业日期",
                "completed_on",
                &json!("2020-13-45"),
                "bad_date"
            ),
            (
                4,
                "人员类别",
                "learner_group",
                &json!("灵活就业"),
                "bad_enum"
            ),
            (5, "身份证号", "person_id", &Value::Null, "precision_lost"),
            (6, "报名日期", "enrolled_on", &Value::Null, "bad_date"),
            (7, "结业日期", "completed_on", &Value::Null, "bad_date"),
            (8, "人员类别", "learner_group", &Value::Null, "bad_enum"),
            (
                11,
                "报名编号",
                "enrolment_id",
                &Value::Null,
                "wrong_field_count"
            ),
        ]
    );
    let drift = receipt["drift"].as_array().unwrap();
    let unknown = drift
        .iter()
        .find(|line| line["header"] == "户籍地址")
        .unwrap();
    assert_eq!(
        (&unknown["class"], &unknown["suggestion"]),
        (&json!("new"), &json!("户籍地"))
    );
    let workbook = files(&workspace.path("published/receipts").join(OBJECT)).remove(1);
    let workbook = unzipped(&workbook);
    for shown in ["报名编号", "2020-13-45", "灵活就业", "户籍地址", "bad_date"] {
        assert!(workbook.contains(shown), "{shown}");
    }
    for withheld in [
        "王小明",
        "李晓明",
        "13800001234",
        "370102199001010007",
        "某路1号",
    ] {
        assert!(
            !workbook.contains(withheld) && !receipt.to_string().contains(withheld),
            "{withheld}"
        );
    }
}

#[test]
fn a_receipt_of_very_many_rows_lists_the_first_and_counts_the_rest() {
    let workspace = province();
    let mut rows: Vec<String> = (1..=2100)
        .map(|number| row(number, &[(10, "2020-13-45")]))
        .collect();
    rows.extend((0..2101).map(|number| row(1, &[(12, &number.to_string())])));
    workspace.write(
        &format!("raw/{OBJECT}"),
        &format!("{HEADER}\n{}\n", rows.join("\n")),
    );
    workspace
        .run(&["ingest", "--as-of", "2020-12-31"])
        .expect(1);
    let receipt = receipt(&workspace, OBJECT);
    let counts = [
        "read",
        "accepted",
        "quarantined",
        "superseded",
        "rows_left_off",
        "superseded_left_off",
    ];
    assert_eq!(
        counts.map(|name| receipt[name].as_i64().unwrap()),
        [4201, 1, 2100, 2100, 100, 100]
    );
    let listed = receipt["rows"].as_array().unwrap();
    assert_eq!(
        (listed.len(), &listed[0]["line"], &listed[1999]["line"]),
        (2000, &json!(2), &json!(2001))
    );
    let superseded = receipt["superseded_lines"].as_array().unwrap();
    assert_eq!((superseded.len(), &superseded[0]), (2000, &json!(2102)));
}

#[test]
fn a_refused_file_is_told_why_once_a_day() {
    let workspace = province();
    let object = "enrolments/city=3702/无编号.csv";
    let text = format!(
        "{}\n{}\n",
        HEADER.replace("报名编号", "报名编码"),
        row(1, &[])
    );
    workspace.write(&format!("raw/{object}"), &text);
    workspace.night().expect(1);
    let receipt = receipt(&workspace, object);
    assert_eq!(receipt["outcome"]["status"], "refused");
    let reason = receipt["outcome"]["reason"].as_str().unwrap();
    assert!(
        reason.contains("`enrolment_id`") && reason.contains("`报名编码`"),
        "{reason}"
    );
    assert_eq!(
        (&receipt["feed"], &receipt["city_code"]),
        (&json!("enrolments"), &json!("370200"))
    );
    assert_eq!(
        (&receipt["read"], &receipt["accepted"]),
        (&json!(0), &json!(0))
    );
    let workbook = files(&workspace.path("published/receipts").join(object)).remove(1);
    assert!(unzipped(&workbook).contains("报名编码"));
    workspace.night().expect(1);
    assert_eq!(receipts(&workspace, object).len(), 1, "nothing new to tell");
}

/// Runs of digits (the last may be X) in raw files that may be citizen numbers, phones or accounts.
fn numbers(raw: &Path) -> BTreeSet<Vec<u8>> {
    let mut found = BTreeSet::new();
    for path in files(raw) {
        let bytes = std::fs::read(path).unwrap();
        for word in bytes.split(|byte| !byte.is_ascii_alphanumeric()) {
            let (last, rest) = word.split_last().unwrap_or((&b' ', &[]));
            let is_number = rest.iter().all(u8::is_ascii_digit)
                && (last.is_ascii_digit() || b"xX".contains(last));
            let is_phone = word.len() == 11 && word[0] == b'1';
            if is_number && (is_phone || (15..=19).contains(&word.len())) {
                found.insert(word.to_vec());
            }
        }
    }
    found
}

#[test]
fn identities_are_withheld_and_the_bytes_are_always_the_same() {
    let workspace = Workspace::shipped();
    workspace.night().expect(1);
    let numbers = numbers(&workspace.path("raw"));
    assert!(numbers.iter().filter(|number| number.len() == 18).count() > 300);
    assert!(numbers.iter().filter(|number| number.len() == 11).count() > 300);
    let folder = workspace.path("published/receipts");
    let mut seen = 0;
    let mut values = 0;
    for path in files(&folder) {
        let is_workbook = path.extension().is_some_and(|suffix| suffix == "xlsx");
        let text = if is_workbook {
            unzipped(&path)
        } else {
            std::fs::read_to_string(&path).unwrap()
        };
        for word in text.as_bytes().split(|byte| !byte.is_ascii_alphanumeric()) {
            for length in [11, 15, 16, 17, 18, 19] {
                let held = word
                    .windows(length)
                    .find(|window| numbers.contains(*window));
                assert!(held.is_none(), "{} holds a number", path.display());
            }
        }
        if !is_workbook {
            let receipt: Value = serde_json::from_str(&text).unwrap();
            let rows = receipt["rows"].as_array().unwrap();
            values += rows.iter().filter(|row| row["value"].is_string()).count();
            assert_eq!(receipt["balanced"], true);
        }
        seen += 1;
    }
    let objects = files(&workspace.path("raw")).len();
    assert_eq!(seen, 2 * objects, "one receipt of two forms for each file");
    assert!(values > 100, "only {values} values are shown");

    let again = Workspace::shipped();
    again.night().expect(1);
    let content = |workspace: &Workspace| -> Vec<(String, Vec<u8>)> {
        let folder = workspace.path("published/receipts");
        let name = |path: &Path| {
            path.strip_prefix(&folder)
                .unwrap()
                .to_string_lossy()
                .into_owned()
        };
        files(&folder)
            .iter()
            .map(|path| (name(path), std::fs::read(path).unwrap()))
            .collect()
    };
    for (first, second) in content(&workspace).iter().zip(content(&again)) {
        assert_eq!(first.0, second.0);
        assert!(first.1 == second.1, "{} differs", first.0);
    }
}

/// A second night tells nothing anew, and the receipts of earlier files stay.
#[test]
fn a_night_without_new_files_writes_no_receipt() {
    let workspace = province();
    deliver(&workspace);
    workspace.night().expect(1);
    let folder = workspace.path("published/receipts");
    let before = files(&folder);
    workspace.night().expect(0);
    assert_eq!(files(&folder), before);
    workspace.write(
        &format!("raw/{OBJECT}"),
        &format!("{HEADER}\n{}\n", row(3, &[])),
    );
    workspace.night().expect(0);
    let found = receipts(&workspace, OBJECT);
    assert_eq!(found.len(), 2, "one for each content of the file");
}
