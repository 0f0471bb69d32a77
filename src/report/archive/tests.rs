//! Forms of made-up archives.

use chrono::NaiveDate;

use super::{SESSIONS_SHOWN, Words, html, text};
use crate::desk::archive::{
    Archive, Claim, Difference, FORMAT, Figures, Identity, Lead, NOTICE_EN, NOTICE_ZH, Party,
    Person, RawField, Session, Source, StudyDay, Totals, Training,
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn source(feed: &str, line: i64) -> Source {
    Source {
        feed: feed.to_owned(),
        object: format!("{feed}/a.csv"),
        line,
        byte: Some(line * 100),
        load: 1,
        row_hash: 0,
        raw: Some(vec![RawField {
            heading: "log_id".to_owned(),
            text: format!("text {line}"),
        }]),
        raw_missing: None,
    }
}

fn archive(trainings: Vec<Training>) -> Archive {
    Archive {
        format: FORMAT,
        release: "2020-12-31-00000000".to_owned(),
        as_of: day("2020-12-31"),
        notice_zh: NOTICE_ZH.to_owned(),
        notice_en: NOTICE_EN.to_owned(),
        person: Person {
            key: "00000000000000ab".to_owned(),
            ..Person::default()
        },
        totals: Totals {
            trainings: trainings.len(),
            ..Totals::default()
        },
        person_leads: Vec::new(),
        trainings,
        differences: Vec::new(),
    }
}

fn session(number: usize) -> Session {
    Session {
        log_id: format!("L{number:05}"),
        started_at: Some("2020-07-03T06:45:35+08:00".to_owned()),
        ended_at: None,
        item_id: "I1".to_owned(),
        platform_id: "P1".to_owned(),
        watched_seconds: 60,
        playback_rate: Some(1.5),
        device_id: None,
        ip: None,
        face_prompts: None,
        face_passed: None,
        uploaded_at: None,
        other_person: (number == 0).then(|| "00000000000000cd".to_owned()),
        source: source("study_logs", i64::try_from(number).unwrap()),
    }
}

fn claim(amount_fen: i64) -> Claim {
    Claim {
        claim_id: "B1".to_owned(),
        kind: "full".to_owned(),
        fund: "employment".to_owned(),
        city_code: "370100".to_owned(),
        amount_fen,
        claimed_on: Some(day("2020-08-01")),
        paid_on: None,
        status: "approved".to_owned(),
        paid_fen: 0,
        refunded_fen: 0,
        payee_kind: "organization".to_owned(),
        payee: Some(Party {
            id: "91".to_owned(),
            name: Some("甲 & <b>乙</b>".to_owned()),
        }),
        account: Some("00000000000000ef".to_owned()),
        source: source("claims", 7),
    }
}

#[test]
fn an_empty_archive_is_a_whole_page_and_says_what_is_missing() {
    let archive = archive(vec![Training::default()]);
    let page = html(&archive, &Words::default());
    assert!(page.starts_with("<!doctype html>") && page.ends_with("</html>\n"));
    assert!(page.contains(NOTICE_ZH) && page.contains(NOTICE_EN));
    assert!(page.contains("无记录。"));
    assert!(!page.contains("<script") && !page.contains("http://") && !page.contains("https://"));
    for tag in ["section", "details", "table", "dl", "tr"] {
        let (open, close) = (format!("<{tag}"), format!("</{tag}>"));
        assert_eq!(
            page.matches(&open).count(),
            page.matches(&close).count(),
            "{tag}"
        );
    }
    let overview = text(&archive, &Words::default(), true);
    assert!(overview.contains("—") && overview.contains(NOTICE_ZH));
}

#[test]
fn values_are_escaped_and_money_is_exact() {
    let training = Training {
        enrolment_id: "E<1>".to_owned(),
        claims: vec![claim(123_456_701)],
        figures: Figures {
            claims: 1,
            claimed_fen: 123_456_701,
            paid_fen: 5,
            online_seconds: 2_700,
            supported_seconds: 1_350,
            ..Figures::default()
        },
        ..Training::default()
    };
    let page = html(&archive(vec![training.clone()]), &Words::default());
    assert!(page.contains("甲 &amp; &lt;b&gt;乙&lt;/b&gt; 91"), "{page}");
    assert!(page.contains("E&lt;1&gt;") && !page.contains("E<1>"));
    assert!(page.contains("1,234,567.01") && page.contains(">0.05<"));
    assert!(page.contains("0.50 (50.0%)"));
    let overview = text(&archive(vec![training]), &Words::default(), false);
    assert!(
        overview.contains("1,234,567.01 yuan approved"),
        "{overview}"
    );
}

#[test]
fn of_many_sessions_the_page_lists_some_and_counts_all() {
    let count = SESSIONS_SHOWN + 50;
    let training = Training {
        sessions: (0..count).map(session).collect(),
        study_days: vec![StudyDay {
            day: day("2020-07-03"),
            sessions: i64::try_from(count).unwrap(),
            union_us: 3_600_000_000,
            sum_us: 7_200_000_000,
            watched_seconds: 60,
            face_prompts: 0,
            face_passed: 0,
        }],
        ..Training::default()
    };
    let archive = archive(vec![training]);
    let page = html(&archive, &Words::default());
    let last = format!("L{:05}", SESSIONS_SHOWN - 1);
    assert!(page.contains(&last) && !page.contains(&format!("L{SESSIONS_SHOWN:05}")));
    assert!(page.contains(&format!("({count})")) && page.contains("另有 50 条未列出"));
    assert!(page.contains("1:00:00") && page.contains("2:00:00"));
    assert!(page.contains("他人 other person 00000000000000cd"));
    assert!(page.contains(&format!("text {}", SESSIONS_SHOWN - 1)));
    assert!(!page.contains(&format!("text {SESSIONS_SHOWN}")));
    let all = serde_json::to_value(&archive).unwrap();
    assert_eq!(
        all["trainings"][0]["sessions"].as_array().unwrap().len(),
        count
    );
}

#[test]
fn leads_differences_and_identities_are_told_where_they_are() {
    let mut archive = archive(vec![Training::default()]);
    archive.person_leads.push(Lead {
        indicator_id: "A05".to_owned(),
        title_zh: "超年度次数".to_owned(),
        title_en: "Over the yearly limit".to_owned(),
        entity_kind: "person".to_owned(),
        entity_id: archive.person.key.clone(),
        period: "2020".to_owned(),
        strength: "H".to_owned(),
        value: Some(4.0),
        threshold: Some(3.0),
        amount_at_risk_fen: 108_000,
        rule_ref: "rule".to_owned(),
        first_seen_on: None,
        status: "new".to_owned(),
        evidence: (0..12).map(|index| format!("claims:B{index}")).collect(),
        evidence_count: 12,
    });
    archive.differences.push(Difference {
        enrolment_id: "E1".to_owned(),
        column: "claims".to_owned(),
        release: 1,
        records: 2,
    });
    let page = html(&archive, &Words::default());
    assert!(page.contains("A05 超年度次数 Over the yearly limit") && page.contains("1,080.00"));
    assert!(page.contains("claims:B9 … (12)"));
    assert!(page.contains("数字不一致"));
    assert!(!page.contains("保密"));
    let without = serde_json::to_value(&archive).unwrap();
    assert!(without["person"].get("identities").is_none());
    archive.person.identities.push(Identity {
        kind: "name".to_owned(),
        key: "00000000000000ff".to_owned(),
        value: "张三".to_owned(),
    });
    assert!(html(&archive, &Words::default()).contains("姓名（保密）"));
    let overview = text(&archive, &Words::default(), false);
    assert!(
        overview.contains("张三") && overview.contains("1 ≠ 2"),
        "{overview}"
    );
}

#[test]
fn an_overview_never_speaks_to_the_terminal() {
    let training = Training {
        enrolment_id: "E\u{1b}[2J".to_owned(),
        ..Training::default()
    };
    let overview = text(&archive(vec![training]), &Words::default(), true);
    assert!(!overview.contains('\u{1b}'));
}
