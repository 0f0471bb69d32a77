//! Forms of a made-up case file.

use chrono::NaiveDate;

use super::{html, text, workbook};
use crate::desk::archive::{Identity, Lead, NOTICE_EN, NOTICE_ZH, RawField, Source};
use crate::desk::case::{
    CaseFile, CasePerson, Distribution, EvidenceRecord, Hit, IndicatorPart, Month, Organisation,
    Peers, PolicyLine, Rank, Review, Rule,
};
use crate::report::archive::Words;
use crate::report::workbook::Rounding;

fn hit(entity: &str, status: &str) -> Hit {
    Hit {
        lead: Lead {
            indicator_id: "B01".to_owned(),
            title_zh: String::new(),
            title_en: String::new(),
            entity_kind: "claim".to_owned(),
            entity_id: entity.to_owned(),
            period: String::new(),
            strength: "H".to_owned(),
            value: Some(0.25),
            threshold: Some(0.2),
            amount_at_risk_fen: 123_450,
            rule_ref: "三（一）".to_owned(),
            first_seen_on: None,
            status: status.to_owned(),
            evidence: vec![format!("claims:{entity}")],
            evidence_count: 1,
        },
        city_code: Some("370100".to_owned()),
        org_id: Some("ORG1".to_owned()),
        platform_id: None,
        population: 1000,
        quarters: vec!["2020-Q3".to_owned()],
        month: "2020-08".to_owned(),
        review: None,
        is_suppressed: false,
    }
}

fn case() -> CaseFile {
    let source = Source {
        feed: "claims".to_owned(),
        object: "claims/a.csv".to_owned(),
        line: 14,
        byte: None,
        load: 1,
        row_hash: 0,
        raw: Some(vec![RawField {
            heading: "person_id".to_owned(),
            text: "person:00000000000000ab".to_owned(),
        }]),
        raw_missing: None,
    };
    CaseFile {
        release: "2020-12-31-00000000".to_owned(),
        as_of: "2020-12-31".parse().unwrap(),
        quarter: None,
        rules_hash: "00112233aabbccdd".to_owned(),
        organisation: Organisation {
            id: "ORG1".to_owned(),
            name: Some("<b>某学校</b>".to_owned()),
            roles: Vec::new(),
        },
        ranks: vec![Rank {
            quarter: "2020-Q3".to_owned(),
            rank: 3,
            score: Some(0.6),
            hard: 1,
            strong: 0,
            weak: 0,
            indicators: vec!["B01".to_owned()],
            persons: 1,
            amount_at_risk_fen: 123_450,
        }],
        cases: Some(120),
        indicators: vec![IndicatorPart {
            rule: Rule {
                id: "B01".to_owned(),
                title_zh: "平台补贴超20%".to_owned(),
                title_en: "Platform share above 20 %".to_owned(),
                policy_reference: "鲁人社字〔2020〕72号 三（一）".to_owned(),
                policy: vec![PolicyLine {
                    parameter: "platform_share_cap".to_owned(),
                    value: "0.20".to_owned(),
                    area: "370000".to_owned(),
                    ..PolicyLine::default()
                }],
                has_changed: true,
                ..Rule::default()
            },
            hits: vec![hit("B1", "new")],
            distributions: vec![Distribution {
                measure: "pass_rate".to_owned(),
                groups: 2,
                peers: Peers {
                    values: vec![0.5, 0.6, 0.7, 0.99],
                    own: vec![0.99],
                    thresholds: vec![0.98],
                },
            }],
            peers: Peers {
                values: vec![0.21, 0.25, 0.5],
                own: vec![0.25],
                thresholds: vec![0.2],
            },
            evidence: vec![EvidenceRecord {
                of: "B1".to_owned(),
                record: "claims:B1".to_owned(),
                sources: vec![source],
                missing: None,
            }],
            evidence_left_off: 5,
        }],
        cleared: vec![hit("B9", "cleared")],
        claims: Vec::new(),
        persons: vec![CasePerson {
            key: 0xab,
            ..CasePerson::default()
        }],
        months: vec![Month {
            month: "2020-08".to_owned(),
            enrolments: 10,
            hits: 1,
            ..Month::default()
        }],
    }
}

#[test]
fn a_page_says_in_head_and_foot_what_leads_are_and_shows_each_part() {
    let page = html(&case(), &Words::default());
    assert_eq!(page.matches(NOTICE_ZH).count(), 2);
    assert_eq!(page.matches("<svg").count(), 2);
    for told in [
        "&lt;b&gt;某学校&lt;/b&gt;",
        "3 / 120",
        "platform_share_cap",
        "claims/a.csv",
        "person_id=person:00000000000000ab",
        "已消除",
        "发布之后定义文件已修改",
        "skillwatch case ORG1 --release 2020-12-31-00000000",
        "00112233aabbccdd",
    ] {
        assert!(page.contains(told), "{told}");
    }
    assert!(!page.contains("保密") && !page.contains("<script"));
    let cleared = page.find("B9").unwrap();
    assert!(page.find("B1</td>").unwrap() < cleared);
}

#[test]
fn the_verdict_of_a_reviewer_stands_with_the_lead() {
    let mut made = case();
    made.cleared[0].review = Some(Review {
        verdict: "cleared".to_owned(),
        on: NaiveDate::from_ymd_opt(2020, 12, 1),
        note: Some("refund seen".to_owned()),
    });
    let page = html(&made, &Words::default());
    assert!(page.contains("排除 cleared 2020-12-01 refund seen"));
}

#[test]
fn an_overview_is_in_one_language_and_never_speaks_to_the_terminal() {
    let mut made = case();
    made.organisation.name = Some("某\u{1b}[2J".to_owned());
    let told = text(&made, &Words::default(), false);
    assert_eq!(told.matches(NOTICE_EN).count(), 2);
    assert!(
        told.contains("B01 Platform share above 20 %: 1 leads"),
        "{told}"
    );
    assert!(!told.contains('\u{1b}'));
    let zh = text(&made, &Words::default(), true);
    assert_eq!(zh.matches(NOTICE_ZH).count(), 2);
}

#[test]
fn identities_are_shown_when_they_were_asked_for() {
    let mut made = case();
    made.persons[0].identities.push(Identity {
        kind: "name".to_owned(),
        key: "00000000000000ff".to_owned(),
        value: "张三".to_owned(),
    });
    assert!(html(&made, &Words::default()).contains("张三"));
    assert!(text(&made, &Words::default(), true).contains("张三"));
}

#[test]
fn the_same_case_gives_the_same_workbook() {
    let first = workbook(&case(), &Words::default(), Rounding::default()).unwrap();
    let second = workbook(&case(), &Words::default(), Rounding::default()).unwrap();
    assert!(first.starts_with(b"PK") && first == second);
}
