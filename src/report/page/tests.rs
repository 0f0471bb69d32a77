use sha2::{Digest, Sha256};

use super::*;

fn text_column(name: &str, kind: Kind) -> Column {
    Column {
        name: name.to_owned(),
        heading: Text::new(name, name),
        definition: Text::default(),
        unit: String::new(),
        kind,
        meanings: Vec::new(),
    }
}

fn table(months: usize, name_of_city: &str) -> Table {
    let rows = (0..months).flat_map(|month| {
        (0..17).map(move |city| {
            let name = if city == 0 {
                "全省".to_owned()
            } else {
                format!("{name_of_city}{city}")
            };
            let month = Cell::Text(format!("{}-{:02}", 2018 + month / 12, month % 12 + 1));
            vec![
                month,
                Cell::Text(name),
                if city == 3 {
                    Cell::Suppressed
                } else {
                    Cell::Integer(city * 100)
                },
            ]
        })
    });
    Table {
        name: "city_progress_monthly".to_owned(),
        title: Text::new("培训进度月报", "Progress"),
        description: Text::new("", "Only English"),
        sources: vec!["notice 四".to_owned()],
        grain: vec!["month".to_owned(), "city".to_owned()],
        columns: vec![
            text_column("month", Kind::Month),
            text_column("city", Kind::Text),
            text_column("persons", Kind::Count),
        ],
        rows: rows.collect(),
        downloads: vec![Download {
            label: "CSV".to_owned(),
            href: "city_progress_monthly.csv".to_owned(),
            bytes: Some(10),
        }],
    }
}

fn page(tables: Vec<Table>) -> Page {
    Page {
        release: Release {
            id: "2020-12-31-00000000".to_owned(),
            as_of: "2020-12-31".to_owned(),
            audience: Audience::Public,
            program: "skillwatch 0.1.0".to_owned(),
            rows_read: Some(100),
            rows_quarantined: Some(3),
            downloads: Vec::new(),
        },
        tables,
        online_caps: vec![OnlineCap {
            city_code: "370000".to_owned(),
            from_month: "2020-07".to_owned(),
            per_mille: 400,
        }],
        disclosure: Some(Disclosure {
            fewest_persons: 5,
            largest_payee_per_mille: 850,
        }),
        data_bytes: Page::DATA_BYTES,
    }
}

fn data_of(html: &str) -> serde_json::Value {
    let (_, rest) = html
        .split_once(r#"<script type="application/json" id="data">"#)
        .unwrap();
    let (data, _) = rest.split_once("</script>").unwrap();
    serde_json::from_str(data).unwrap()
}

#[test]
fn the_same_data_give_the_same_bytes() {
    let one = render(&page(vec![table(6, "市")])).unwrap();
    assert_eq!(one, render(&page(vec![table(6, "市")])).unwrap());
    assert!(!one.contains("{{"), "every name in the template is known");
}

#[test]
fn hostile_text_stays_inside_the_data() {
    let attack = "</script><script>alert(1)</script><!--<script>&\u{2028}{{style}}";
    let mut attacked = page(vec![table(2, attack)]);
    attacked.release.id = attack.to_owned();
    attacked.tables[0].title = Text::new(attack, attack);
    let html = render(&attacked).unwrap();
    let harmless = render(&page(vec![table(2, "市")])).unwrap();
    for mark in ["<script", "</script", "<!--"] {
        assert_eq!(
            html.matches(mark).count(),
            harmless.matches(mark).count(),
            "{mark}"
        );
    }
    let data = data_of(&html);
    assert_eq!(data["release"]["id"], attack);
    assert_eq!(
        data["tables"][0]["columns"][1]["cells"]["cycle"]["texts"][1],
        format!("{attack}1")
    );
}

#[test]
fn nothing_is_asked_of_a_network() {
    let html = render(&page(vec![table(2, "市")])).unwrap();
    let ways = [
        "src=",
        "@import",
        "url(",
        "<iframe",
        "<object",
        "<embed",
        "<form",
        "srcset",
        "fetch(",
        "XMLHttpRequest",
        "WebSocket(",
        "sendBeacon",
    ];
    for way in ways {
        let found = html.matches(way).count() - assets::CHARTS.matches(way).count();
        assert_eq!(found, 0, "{way}");
    }
    assert!(html.contains("default-src 'none'"));
    for script in [assets::EARLY, assets::CHARTS, assets::SCRIPT] {
        assert!(!script.contains("</script") && !script.contains("<!--"));
    }
}

#[test]
fn the_policy_names_the_scripts_as_they_are() {
    let hashes = [assets::EARLY, assets::CHARTS, assets::SCRIPT]
        .map(|script| format!("sha256-{}", base64(&Sha256::digest(script))));
    assert_eq!(
        SCRIPT_HASHES.to_vec(),
        hashes.to_vec(),
        "write the right-hand values to SCRIPT_HASHES in assets.rs"
    );
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().enumerate().fold(0_u32, |bits, (at, &byte)| {
            bits | u32::from(byte) << (16 - 8 * at)
        });
        for at in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * at)) as usize & 63];
            out.push(if at <= chunk.len() {
                char::from(digit)
            } else {
                '='
            });
        }
    }
    out
}

#[test]
fn a_large_table_keeps_its_newest_periods() {
    let mut large = page(vec![table(36, "市")]);
    large.data_bytes = 2000;
    let data = data_of(&render(&large).unwrap());
    let kept = &data["tables"][0];
    let rows = kept["rows"].as_u64().unwrap();
    assert_eq!(kept["all_rows"], 36 * 17);
    assert!(rows > 0 && rows.is_multiple_of(17), "{rows}");
    let months = kept["columns"][0]["cells"]["cycle"]["texts"]
        .as_array()
        .unwrap();
    assert_eq!(months.last().unwrap(), "2020-12");
    assert!(serde_json::to_string(&kept["columns"]).unwrap().len() <= 2000);
}

#[test]
fn suppressed_cells_are_counted_in_the_whole_table() {
    let mut large = page(vec![table(36, "市")]);
    large.data_bytes = 2000;
    assert_eq!(data_of(&render(&large).unwrap())["suppressed_cells"], 36);
}

#[test]
fn a_bound_too_small_for_any_row_gives_an_empty_table() {
    let mut tiny = page(vec![table(3, "市")]);
    tiny.data_bytes = 1;
    assert_eq!(data_of(&render(&tiny).unwrap())["tables"][0]["rows"], 0);
}

#[test]
fn faulty_data_are_told_with_their_place() {
    let mut ragged = page(vec![table(1, "市")]);
    ragged.tables[0].rows[4].pop();
    let error = render(&ragged).unwrap_err().to_string();
    assert_eq!(
        error,
        "table city_progress_monthly, row 5: 2 cells for 3 columns"
    );

    let mut nameless = page(vec![table(1, "市")]);
    nameless.tables[0].grain.push("fund".to_owned());
    let error = render(&nameless).unwrap_err().to_string();
    assert_eq!(
        error,
        "table city_progress_monthly: no column fund, which its grain names"
    );
}

#[test]
fn a_heading_can_come_from_a_name() {
    let cases = [
        ("completions_ytd", "Completions ytd"),
        ("paid_fen", "Paid"),
        ("target_pct", "Target"),
        ("", ""),
    ];
    for (name, heading) in cases {
        assert_eq!(Column::heading_from_name(name), heading);
    }
}

#[test]
fn only_relative_links_are_taken() {
    for href in [
        "a.csv",
        "../2020-11/a.csv",
        "public/t/0123.parquet",
        "a/b:c.csv",
        "%E8%A1%A8.xlsx",
    ] {
        assert!(escape::is_relative(href), "{href}");
    }
    for href in [
        "",
        "/a",
        "//host/a",
        "\\\\host\\a",
        "http://host/a",
        "javascript:alert(1)",
        "JAVASCRIPT:x",
        "data:,x",
        "#a",
        "?a",
        "a b",
        "a\"b",
        "表.csv",
    ] {
        assert!(!escape::is_relative(href), "{href}");
        let mut linked = page(vec![table(1, "市")]);
        href.clone_into(&mut linked.tables[0].downloads[0].href);
        assert!(
            matches!(render(&linked), Err(PageError::Link { .. })),
            "{href}"
        );
    }
}

#[test]
fn the_map_has_the_16_cities_and_no_other() {
    let map: serde_json::Value = serde_json::from_str(assets::map().unwrap().get()).unwrap();
    let codes: Vec<&str> = map["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|city| city["properties"]["name"].as_str().unwrap())
        .collect();
    assert_eq!(codes.len(), 16);
    assert_eq!((codes[0], codes[15]), ("370100", "371700"));
    assert!(!codes.contains(&"371200"), "Laiwu is part of Jinan");
    assert!(codes.is_sorted());
}
