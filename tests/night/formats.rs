//! The same records in every format that a city may send come to the same tables.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, StringArray};
use arrow::record_batch::RecordBatch;
use rust_xlsxwriter::Workbook;

use crate::workspace::{Workspace, files, shared_sample_named};

type Records = (Vec<String>, Vec<Vec<String>>);

fn read_csv(file: &Path) -> Records {
    let mut reader = csv::Reader::from_path(file).unwrap();
    let header = reader
        .headers()
        .unwrap()
        .iter()
        .map(str::to_owned)
        .collect();
    let rows = reader
        .records()
        .map(|row| row.unwrap().iter().map(str::to_owned).collect())
        .collect();
    (header, rows)
}

fn csv_text((header, rows): &Records, separator: u8) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(separator)
        .from_writer(Vec::new());
    writer.write_record(header).unwrap();
    rows.iter()
        .for_each(|row| writer.write_record(row).unwrap());
    writer.into_inner().unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn utf16(bytes: &[u8]) -> Vec<u8> {
    let text = std::str::from_utf8(bytes).unwrap();
    let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

fn json_lines((header, rows): &Records) -> Vec<u8> {
    let mut text = String::new();
    for row in rows {
        let fields = header.iter().zip(row).map(|(name, value)| {
            let is_null = value.is_empty();
            let value = if is_null {
                serde_json::Value::Null
            } else {
                value.as_str().into()
            };
            (name.clone(), value)
        });
        let object: serde_json::Map<String, serde_json::Value> = fields.collect();
        text.push_str(&serde_json::to_string(&object).unwrap());
        text.push('\n');
    }
    text.into_bytes()
}

fn parquet((header, rows): &Records) -> Vec<u8> {
    let column = |index: usize| -> ArrayRef {
        let values = rows
            .iter()
            .map(|row| Some(row[index].as_str()).filter(|text| !text.is_empty()));
        Arc::new(values.collect::<StringArray>())
    };
    let columns = header
        .iter()
        .enumerate()
        .map(|(index, name)| (name.as_str(), column(index), true));
    let batch = RecordBatch::try_from_iter_with_nullable(columns).unwrap();
    let mut bytes = Vec::new();
    let mut writer =
        parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

/// A workbook as offices make them: a cover sheet, a title over the table, figures as numbers, a totals row below.
fn workbook((header, rows): &Records) -> Vec<u8> {
    let mut workbook = Workbook::new();
    workbook
        .add_worksheet()
        .write_string(0, 0, "填报说明：数据见第二张表")
        .unwrap();
    let sheet = workbook.add_worksheet();
    sheet.write_string(0, 0, "报送表（2020年度）").unwrap();
    for (column, name) in (0..).zip(header) {
        sheet.write_string(2, column, name).unwrap();
    }
    let mut line = 3;
    for row in rows {
        for (column, value) in (0..).zip(row) {
            let is_figure =
                value.len() < 10 && !value.starts_with('0') && value.parse::<f64>().is_ok();
            if is_figure {
                sheet
                    .write_number(line, column, value.parse::<f64>().unwrap())
                    .unwrap();
            } else if !value.is_empty() {
                sheet.write_string(line, column, value).unwrap();
            }
        }
        line += 1;
    }
    sheet.write_string(line, 0, "合计").unwrap();
    sheet.write_number(line, 1, 12345.0).unwrap();
    workbook.save_to_buffer().unwrap()
}

/// The files of a raw folder, each written anew by `form`, which gives a suffix and the bytes.
fn rewritten(
    workspace: &Workspace,
    form: impl Fn(usize, &Path, &Records) -> (&'static str, Vec<u8>),
) {
    for (index, file) in files(&workspace.path("raw")).into_iter().enumerate() {
        let (suffix, bytes) = form(index, &file, &read_csv(&file));
        std::fs::remove_file(&file).unwrap();
        std::fs::write(with_suffix(&file, suffix), bytes).unwrap();
    }
}

fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let stem = file.file_stem().unwrap().to_string_lossy().into_owned();
    file.with_file_name(format!("{stem}.{suffix}"))
}

/// The published tables whose figures do not tell where a record lay.
fn figures(workspace: &Workspace) -> Vec<String> {
    workspace
        .run(&[
            "export",
            "--out",
            workspace.path("out").to_str().unwrap(),
            "--format",
            "csv",
        ])
        .expect(0);
    [
        "city_progress_monthly",
        "city_hours_monthly",
        "city_fund_monthly",
        "platform_scores",
    ]
    .map(|table| std::fs::read_to_string(workspace.path(&format!("out/{table}.csv"))).unwrap())
    .to_vec()
}

#[test]
fn every_format_tells_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let sample = folder.path().join("sample");
    let options = skillwatch::sample::SampleOptions {
        persons: 200,
        logs_per_enrolment: 4.0,
        dirty: false,
        ..Default::default()
    };
    skillwatch::sample::generate(&options, &sample, |_| {}).unwrap();
    let plain = Workspace::new(&sample.join("raw"), "2021-12-31");
    plain.night().expect(0);
    let expected = figures(&plain);
    assert!(expected.iter().all(|table| table.lines().count() > 2));

    let mixed = Workspace::new(&sample.join("raw"), "2021-12-31");
    rewritten(&mixed, |index, file, records| {
        let text = csv_text(records, b',');
        let is_large = file.to_string_lossy().contains("study_logs");
        match index % 8 {
            0 => ("csv.gz", gzip(&text)),
            1 => ("csv.zst", zstd::encode_all(text.as_slice(), 3).unwrap()),
            2 => ("csv", utf16(&csv_text(records, b'\t'))),
            3 => ("jsonl", json_lines(records)),
            4 => ("ndjson.gz", gzip(&json_lines(records))),
            5 => ("parquet", parquet(records)),
            6 if !is_large => ("xlsx", workbook(records)),
            6 => ("tsv", csv_text(records, b'\t')),
            _ => (
                "csv",
                encoding_rs::GB18030
                    .encode(std::str::from_utf8(&csv_text(records, b';')).unwrap())
                    .0
                    .into_owned(),
            ),
        }
    });
    let night = mixed.night().expect(1);
    // The totals row of every workbook, and nothing else.
    let workbooks = files(&mixed.path("raw"))
        .iter()
        .filter(|file| file.extension().is_some_and(|suffix| suffix == "xlsx"))
        .count();
    assert!(workbooks > 20);
    let account = format!("{workbooks} quarantined + 0 superseded");
    assert!(
        night.stderr.contains(&account),
        "{account}: {}",
        night.stderr
    );
    assert_eq!(figures(&mixed), expected);
}

/// The province made by others, in all formats: every row accounted for as its truth says.
#[test]
fn a_mixed_province_is_accounted_for_row_by_row() {
    let Some(sample) = shared_sample_named("mixed") else {
        return;
    };
    let workspace = Workspace::new(&sample.join("raw"), "2021-12-31");
    workspace
        .run(&["ingest", "--as-of", "2021-12-31"])
        .expect(1);
    let found = workspace
        .run(&[
            "query",
            "SELECT object, line, reason, \"column\" FROM quarantine ORDER BY object, line",
            "--format",
            "csv",
        ])
        .expect(0)
        .stdout;
    let mut found: Vec<String> = found
        .trim_start_matches('\u{feff}')
        .lines()
        .skip(1)
        .map(|line| line.trim().to_owned())
        .collect();
    found.sort();
    let mut truth = csv::Reader::from_path(sample.join("truth/dirty.csv")).unwrap();
    let mut expected: Vec<String> = truth
        .records()
        .map(|row| {
            let row = row.unwrap();
            let object = row[0].strip_prefix("raw/").unwrap_or(&row[0]).to_owned();
            format!("{object},{},{},{}", &row[1], &row[2], &row[3])
        })
        .filter(|row| !row.starts_with("raw_day2/"))
        .collect();
    expected.sort();
    assert_eq!(found.len(), expected.len());
    assert_eq!(found, expected);

    let summary = std::fs::read_to_string(sample.join("truth/summary.json")).unwrap();
    let summary: serde_json::Value = serde_json::from_str(&summary).unwrap();
    let loads = workspace
        .run(&[
            "query",
            "SELECT object, SUM(rows_read) AS r, SUM(rows_accepted) AS a, SUM(rows_quarantined) AS q, \
             SUM(rows_superseded) AS s FROM loads GROUP BY object ORDER BY object",
            "--format",
            "csv",
        ])
        .expect(0)
        .stdout;
    let loaded: std::collections::BTreeMap<&str, &str> = loads
        .trim_start_matches('\u{feff}')
        .lines()
        .skip(1)
        .filter_map(|line| line.trim().split_once(','))
        .collect();
    let mut files_seen = 0;
    for file in summary["files"].as_array().unwrap() {
        let name = file["file"].as_str().unwrap();
        let Some(object) = name.strip_prefix("raw/") else {
            continue;
        };
        let count = |key: &str| file[key].as_i64().unwrap();
        let (good, broken, superseded) = (count("good"), count("broken"), count("superseded"));
        let counts = format!(
            "{},{good},{broken},{superseded}",
            good + broken + superseded
        );
        // A file without any row has no account to show.
        let shown = loaded.get(object).copied().unwrap_or("0,0,0,0");
        assert_eq!(shown, counts, "{object}");
        files_seen += 1;
    }
    assert!(files_seen > 200, "{files_seen}");
}

#[test]
fn records_that_name_a_column_in_two_ways_cost_no_other() {
    let workspace = Workspace::small_project();
    let records = [
        r#"{"feedback_id":"h1","org_id":"O","kind":"rating","occurred_on":"2020-09-03","value":5}"#,
        r#"{"feedback_id":"h2","评价编号":"h2","org_id":"O","kind":"rating","occurred_on":"2020-09-03","value":5}"#,
        r#"{"评价编号":"h3","统一社会信用代码":"O","类型":"评分","日期":"2020-09-03","结果":4}"#,
        r#"{"feedback_id":"h4","评价编号":"h5","org_id":"O","kind":"rating","occurred_on":"2020-09-03","value":5}"#,
        r#"{"feedback_id":"h6","org_id":"O","kind":"rating","occurred_on":"2020-09-03","value":0}"#,
        r#"{"feedback_id":"h7","org_id":"O","kind":"callback","occurred_on":"2020-09-03","value":-1}"#,
    ];
    workspace.write("raw/feedback/h.jsonl", &records.join("\n"));
    workspace
        .run(&["ingest", "--as-of", "2020-12-31"])
        .expect(1);
    assert_eq!(
        workspace.ask("SELECT feedback_id FROM feedback ORDER BY feedback_id"),
        ["h1", "h2", "h3", "h7"]
    );
    let refused =
        "SELECT line, \"column\", reason FROM quarantine WHERE feed = 'feedback' ORDER BY line";
    assert_eq!(
        workspace.ask(refused),
        ["4,feedback_id,wrong_field_count", "5,value,out_of_range"]
    );
}
