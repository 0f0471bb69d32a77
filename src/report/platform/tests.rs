//! Forms of a made-up sheet.

use std::collections::BTreeMap;

use super::{NOTICE_EN, NOTICE_ZH, html, text, workbook};
use crate::desk::platform::{
    Dimension, Earlier, Exit, GradeLimit, Ground, Item, Lift, Next, Outlook, PlatformSheet,
    Quartiles, Rules, Score, SourceTable,
};
use crate::native::composite::{FractionUnit, Reading, Title, ValueUnit};
use crate::report::workbook::Rounding;

fn title(zh: &str, en: &str) -> Title {
    Title {
        zh: zh.to_owned(),
        en: en.to_owned(),
    }
}

fn item(id: &str, unit: ValueUnit, value: f64) -> Item {
    Item {
        id: id.to_owned(),
        title: title(id, id),
        reading: Reading {
            description: Some(title("定义文字", "what it is")),
            unit,
            fraction: Some(title("上 / 下", "above / below")),
            fraction_unit: FractionUnit::Microseconds,
        },
        value: Some(value),
        numerator: Some(2_700_000_000 * 30),
        denominator: Some(2_700_000_000 * 40),
        score: Some(75.0),
        weight: 15.0,
        contribution: Some(11.25),
        value_peers: None,
        score_peers: None,
        tables: vec!["study_logs".to_owned()],
        model: None,
    }
}

fn sheet() -> PlatformSheet {
    let score = Score {
        platform_id: "P1".to_owned(),
        platform_name: Some("<b>某平台</b>".to_owned()),
        coverage: Some(0.95),
        score: Some(64.0),
        integrity: Some(98.0),
        total: Some(71.68),
        grade: "qualified".to_owned(),
        grade_agreement: Some(0.75),
        rank: Some(7),
        rank_p05: Some(5.0),
        rank_p50: Some(7.0),
        rank_p95: Some(9.0),
        sample_ok: true,
        learners: 1234,
        config_hash: "00112233aabbccdd".to_owned(),
        ..Score::default()
    };
    let day = |text: &str| text.parse().unwrap();
    let exit = Exit {
        stage: "proposal".to_owned(),
        step: "objection".to_owned(),
        stage_since: Some(day("2020-12-28")),
        next_date: Some(day("2021-01-04")),
        grounds: vec!["stale".to_owned()],
        since: BTreeMap::from([("stale".to_owned(), day("2020-11-20"))]),
        ..Exit::default()
    };
    let peers = Quartiles {
        platforms: 9,
        lower: 60.0,
        middle: 70.5,
        upper: 81.25,
    };
    PlatformSheet {
        release: "2020-12-31-00000000".to_owned(),
        as_of: day("2020-12-31"),
        is_framework_of_release: true,
        framework: title("方案", "framework"),
        grades: vec![
            GradeLimit {
                id: "good".to_owned(),
                title: title("良", "good"),
                minimum: Some(75.0),
            },
            GradeLimit {
                id: "qualified".to_owned(),
                title: title("合格", "qualified"),
                minimum: Some(60.0),
            },
        ],
        least_coverage: 0.8,
        least_agreement: Some(0.9),
        integrity_factor: Some(1.12),
        ranked: 10,
        others: 9,
        total_peers: Some(peers),
        dimensions: vec![Dimension {
            id: "usage".to_owned(),
            title: title("使用活跃", "Usage"),
            weight: 15.0,
            score: Some(75.0),
            peers: Some(peers),
            items: vec![
                item("share", ValueUnit::Share, 0.75),
                item("rate", ValueUnit::PerThousand, 1.5),
            ],
        }],
        outlook: Some(Outlook {
            next: Next::Grade {
                title: title("良", "good"),
                distance: 3.32,
            },
            lifts: BTreeMap::from([
                (
                    "share".to_owned(),
                    Lift {
                        gain: Some(4.2),
                        score_needed: Some(89.12),
                        value_needed: Some(0.8912),
                        is_higher_better: true,
                    },
                ),
                (
                    "rate".to_owned(),
                    Lift {
                        gain: Some(1.5),
                        score_needed: None,
                        value_needed: None,
                        is_higher_better: false,
                    },
                ),
            ]),
        }),
        history: vec![
            Earlier {
                release: "2020-11-30-00000000".to_owned(),
                as_of: day("2020-11-30"),
                score: None,
                ranked: 8,
                exit: None,
            },
            Earlier {
                release: "2020-12-31-00000000".to_owned(),
                as_of: day("2020-12-31"),
                score: Some(score.clone()),
                ranked: 10,
                exit: Some(exit.clone()),
            },
        ],
        exit: Some(exit),
        grounds: vec![Ground {
            ground: "stale".to_owned(),
            reason: "few_items_changed".to_owned(),
            value: Some(0.125),
            threshold: Some(0.2),
            records: vec!["courseware:ITEM7".to_owned()],
            evidence_count: 350,
            ..Ground::default()
        }],
        sources: vec![SourceTable {
            name: "study_logs".to_owned(),
            title_zh: "学习记录".to_owned(),
            title_en: "Study logs".to_owned(),
            items: vec!["share".to_owned()],
            query: Some("SELECT 1".to_owned()),
        }],
        rules: Rules {
            least_learners: Some("30".to_owned()),
            least_filed_days: Some("90".to_owned()),
            rectify_days: Some("30".to_owned()),
            objection_days: Some("5".to_owned()),
        },
        score,
    }
}

#[test]
fn a_page_shows_each_part() {
    let page = html(&sheet());
    assert_eq!(page.matches(NOTICE_ZH).count(), 2);
    for told in [
        "&lt;b&gt;某平台&lt;/b&gt;",
        "合格 qualified（临界 borderline）",
        "× 1.120",
        "在 10 个参加排名的平台中列第 7 名",
        "第 5 至第 9 名之间",
        "75.0% 的模拟给出同一等级",
        "距“良”差 3.32 分",
        "达到 89.2% 即为良",
        "最多加 1.50 分，不足以升级",
        "30.00 / 40.00",
        "60.00 · 70.50 · 81.25",
        "定义文字 what it is",
        "12.5%，须 ≥ 20.0%",
        "350 条 records: courseware:ITEM7",
        "2021-01-04 异议截止 last day for objections",
        "2020-11-20",
        "5 个工作日内",
        "skillwatch query &quot;SELECT 1&quot; --release 2020-12-31-00000000",
        "省级不作决定，由市级决定",
    ] {
        assert!(page.contains(told), "{told}");
    }
    assert!(!page.contains("<script"));
}

#[test]
fn too_few_others_and_an_ungraded_platform_are_told() {
    let mut made = sheet();
    made.others = 4;
    made.total_peers = None;
    made.score.sample_ok = false;
    made.score.rank = None;
    made.score.grade = "insufficient_sample".to_owned();
    made.score.grade_agreement = None;
    made.history.clear();
    if let Some(outlook) = &mut made.outlook {
        outlook.next = Next::NotItems;
    }
    let page = html(&made);
    for told in [
        "其他已排名平台为 4 个，少于 5 个，不列同行分布",
        "备案须满 90 天且十二个月内学员不少于 30 人，本平台学员 1234 人",
        "未参加排名",
        "等级不因各项分值提高而改变",
    ] {
        assert!(page.contains(told), "{told}");
    }
    assert!(!page.contains("即为良") && !page.contains("临界"));
}

#[test]
fn a_veto_and_a_changed_framework_are_told_in_words() {
    let mut made = sheet();
    made.score.vetoes = vec!["filing_lost".to_owned()];
    made.is_framework_of_release = false;
    made.outlook = None;
    let page = html(&made);
    assert!(page.contains("一票否决：备案失效") && page.contains("发布之后评价方案已修改"));
}

#[test]
fn an_overview_is_in_one_language_and_never_speaks_to_the_terminal() {
    let mut made = sheet();
    made.score.platform_name = Some("某\u{1b}[2J".to_owned());
    let told = text(&made, false);
    assert_eq!(told.matches(NOTICE_EN).count(), 2);
    assert!(told.contains("at 89.2% the grade is good"), "{told}");
    assert!(!told.contains('\u{1b}'));
    assert_eq!(text(&made, true).matches(NOTICE_ZH).count(), 2);
}

#[test]
fn the_same_sheet_gives_the_same_workbook() {
    let first = workbook(&sheet(), Rounding::default()).unwrap();
    let second = workbook(&sheet(), Rounding::default()).unwrap();
    assert!(first.starts_with(b"PK") && first == second);
}
