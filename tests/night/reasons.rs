//! Every reason to refuse a row, in every format that can hold it; and nothing of the row leaves the vault.

use rust_xlsxwriter::Workbook;

use crate::province::province;
use crate::workspace::{Workspace, files};

/// Stands in every refused record, in a column that has nothing to do with the refusal.
const MARK: &str = "MARK7391SECRET";

type Record = Vec<(&'static str, String)>;

fn assessment(number: u32) -> Record {
    vec![
        ("assessment_id", format!("T{number:04}")),
        ("enrolment_id", "E0001".to_owned()),
        ("person_id", "370102199001010011".to_owned()),
        ("assessor_id", "52370100KP0000090B".to_owned()),
        ("kind", "theory".to_owned()),
        ("started_at", "2020-09-01 09:00:00".to_owned()),
        ("score", "80".to_owned()),
        ("passed", "true".to_owned()),
    ]
}

fn certificate(number: u32) -> Record {
    vec![
        ("certificate_no", format!("Z{number:04}")),
        ("person_id", "370102199001010011".to_owned()),
        ("enrolment_id", format!("E{number:04}")),
        ("kind", "completion".to_owned()),
        ("occupation_code", "4-10-01-02".to_owned()),
        ("skill_level", "5".to_owned()),
        ("issued_on", "2020-09-10".to_owned()),
        ("issuer_id", "52370100KP0000090B".to_owned()),
    ]
}

/// How a record is spoilt.
#[derive(Clone, Copy)]
enum Fault {
    /// This value in this column.
    Value(&'static str, &'static str),
    /// One field too many, or no record at all.
    Form,
    /// Bytes that are no text, in the last column.
    Bytes,
    /// A quote that is opened and never closed.
    Quote,
}

const CASES: [(&str, Fault); 10] = [
    ("wrong_field_count", Fault::Form),
    ("bad_encoding", Fault::Bytes),
    ("missing_required", Fault::Value("kind", "无")),
    ("bad_number", Fault::Value("score", "eighty7391")),
    ("bad_date", Fault::Value("issued_on", "2020-09-31")),
    (
        "bad_time",
        Fault::Value("started_at", "2020-09-01 25:61:73"),
    ),
    ("bad_enum", Fault::Value("kind", "oral7391")),
    (
        "precision_lost",
        Fault::Value("person_id", "3.70102199001E+17"),
    ),
    ("out_of_range", Fault::Value("score", "7391")),
    ("bad_quote", Fault::Quote),
];

/// Feed, a good record, a spoilt one, and the column that is to be told.
fn case(fault: Fault) -> (&'static str, Record, Record, &'static str) {
    let (feed, good, mut bad): (&str, Record, Record) = match fault {
        Fault::Value("issued_on", _) => ("certificates", certificate(1), certificate(2)),
        _ => ("assessments", assessment(1), assessment(2)),
    };
    let mut told = good[0].0;
    for (name, value) in &mut bad {
        if ["assessor_id", "issuer_id"].contains(name) {
            *value = MARK.to_owned();
        }
        if let Fault::Value(column, spoilt) = fault
            && column == *name
        {
            *value = spoilt.to_owned();
            told = name;
        }
    }
    (feed, good, bad, told)
}

fn csv_line(record: &Record) -> String {
    let values: Vec<&str> = record.iter().map(|(_, value)| value.as_str()).collect();
    values.join(",")
}

/// The file, and the byte at which the spoilt record (line 3) starts.
fn csv(good: &Record, bad: &Record, fault: Fault) -> (Vec<u8>, u64) {
    let header: Vec<&str> = good.iter().map(|(name, _)| *name).collect();
    let mut bytes = format!("{}\n{}\n", header.join(","), csv_line(good)).into_bytes();
    let start = bytes.len() as u64;
    let line = csv_line(bad);
    match fault {
        Fault::Form => bytes.extend(format!("{line},more").bytes()),
        Fault::Bytes => bytes.extend([line.as_bytes(), &[0xC3, 0x28, 0xFF]].concat()),
        Fault::Quote => bytes.extend(line.replacen("T0002", "\"T0002", 1).bytes()),
        Fault::Value(..) => bytes.extend(line.bytes()),
    }
    // Text in UTF-8 after it, so that the encoding of the file is certain.
    bytes.extend(
        format!(
            "\n{}\n",
            csv_line(good)
                .replacen("0001", "0003", 1)
                .replace("52370100KP0000090B", "评价中心")
        )
        .bytes(),
    );
    (bytes, start)
}

/// The file, and the byte at which the spoilt record (line 2) starts; `None` where lines cannot be spoilt so.
fn json_lines(good: &Record, bad: &Record, fault: Fault) -> Option<(Vec<u8>, u64)> {
    let object = |record: &Record| {
        let fields = record
            .iter()
            .map(|(name, value)| format!("\"{name}\":\"{value}\""));
        format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
    };
    let mut bytes = format!("{}\n", object(good)).into_bytes();
    let start = bytes.len() as u64;
    let line = object(bad);
    match fault {
        Fault::Form => bytes.extend(line.trim_end_matches('}').bytes()),
        Fault::Bytes => bytes.extend(
            [
                line.trim_end_matches("\"}").as_bytes(),
                &[0xC3, 0x28, 0xFF],
                b"\"}",
            ]
            .concat(),
        ),
        Fault::Quote => return None,
        // A number as a number, with the digits that are left of it.
        Fault::Value("person_id", value) => {
            bytes.extend(line.replace(&format!("\"{value}\""), value).bytes())
        }
        Fault::Value(..) => bytes.extend(line.bytes()),
    }
    bytes.extend(
        format!(
            "\n{}\n",
            object(good)
                .replacen("0001", "0003", 1)
                .replace("52370100KP0000090B", "评价中心")
        )
        .bytes(),
    );
    Some((bytes, start))
}

/// A workbook whose spoilt record lies in row 3; `None` where cells cannot be spoilt so.
fn workbook(good: &Record, bad: &Record, fault: Fault) -> Option<Vec<u8>> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("考核").unwrap();
    for (column, (name, _)) in (0..).zip(good) {
        sheet.write_string(0, column, *name).unwrap();
    }
    for (row, record) in [(1, good), (2, bad)] {
        for (column, (name, value)) in (0..).zip(record) {
            if row == 2 && *name == "person_id" && matches!(fault, Fault::Value("person_id", _)) {
                sheet
                    .write_number(row, column, 370_102_199_001_010_011.0)
                    .unwrap();
            } else {
                sheet.write_string(row, column, value).unwrap();
            }
        }
    }
    match fault {
        Fault::Bytes | Fault::Quote => return None,
        Fault::Form => {
            sheet.write_string(2, 20, "more").unwrap();
        }
        Fault::Value(..) => {}
    }
    Some(workbook.save_to_buffer().unwrap())
}

fn put(workspace: &Workspace, object: &str, bytes: &[u8]) {
    let path = workspace.path("raw").join(object);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

/// A row of the quarantine: object, line, byte, sheet, column, reason.
fn expected(
    object: &str,
    line: u64,
    byte: Option<u64>,
    sheet: &str,
    column: &str,
    reason: &str,
) -> String {
    let byte = byte.map(|byte| byte.to_string()).unwrap_or_default();
    format!("{object},{line},{byte},{sheet},{column},{reason}")
}

#[test]
fn every_reason_is_told_in_every_format_and_no_text_leaves_the_vault() {
    let workspace = province();
    let mut wanted = Vec::new();
    for (reason, fault) in CASES {
        let (feed, good, bad, column) = case(fault);
        // Each file has keys of its own, lest one repeat another's rows.
        let own = |record: &Record, form: &str| -> Record {
            let mut record = record.clone();
            record[0].1 = format!("{}-{reason}-{form}", record[0].1);
            record
        };
        let name = |suffix: &str| format!("{feed}/city=3701/{reason}.{suffix}");
        let (bytes, start) = csv(&own(&good, "c"), &own(&bad, "c"), fault);
        put(&workspace, &name("csv"), &bytes);
        wanted.push(expected(&name("csv"), 3, Some(start), "", column, reason));
        if let Some((bytes, start)) = json_lines(&own(&good, "j"), &own(&bad, "j"), fault) {
            put(&workspace, &name("jsonl"), &bytes);
            wanted.push(expected(&name("jsonl"), 2, Some(start), "", column, reason));
        }
        if let Some(bytes) = workbook(&own(&good, "x"), &own(&bad, "x"), fault) {
            put(&workspace, &name("xlsx"), &bytes);
            wanted.push(expected(&name("xlsx"), 3, None, "考核", column, reason));
        }
    }
    wanted.sort();
    let night = workspace.night().expect(1);
    let mut found =
        workspace.ask("SELECT object, line, byte, sheet, \"column\", reason FROM quarantine");
    found.sort();
    assert_eq!(found, wanted);
    let reasons = workspace
        .ask("SELECT COUNT(DISTINCT reason) AS r, COUNT(DISTINCT message) AS m FROM quarantine");
    assert_eq!(reasons, ["10,10"]);
    // One bad row never costs its file: two good ones in each text, one in each workbook.
    let good = workspace.ask("SELECT SUM(rows_accepted) AS a, SUM(rows_quarantined) AS q FROM loads WHERE feed <> 'classes'");
    let texts = wanted.iter().filter(|row| !row.contains(".xlsx")).count();
    assert_eq!(good, [format!("{},{}", wanted.len() + texts, wanted.len())]);

    let out = workspace.path("out");
    for format in ["csv", "parquet"] {
        let folder = out.to_string_lossy();
        workspace
            .run(&[
                "export",
                "--out",
                &folder,
                "--audience",
                "restricted",
                "--format",
                format,
            ])
            .expect(0);
    }
    let shown = workspace
        .run(&["query", "SELECT * FROM quarantine"])
        .expect(0)
        .stdout;
    let mut texts = vec![
        ("stderr".to_owned(), night.stderr.into_bytes()),
        ("query".to_owned(), shown.into_bytes()),
    ];
    for folder in [
        out,
        workspace.path("published"),
        workspace.path("lake/system"),
    ] {
        texts.extend(
            files(&folder)
                .into_iter()
                .map(|path| (path.display().to_string(), std::fs::read(path).unwrap())),
        );
    }
    for (place, bytes) in &texts {
        let is_receipt = place.contains("/receipts/");
        for secret in [MARK, "eighty7391", "oral7391", "370102199001010011"] {
            // A receipt gives a slip of the pen back to its sender.
            let may_be_there = is_receipt && secret.ends_with("7391");
            let held = bytes
                .windows(secret.len())
                .any(|window| window == secret.as_bytes());
            assert!(may_be_there || !held, "{place} holds {secret}");
        }
    }
}
