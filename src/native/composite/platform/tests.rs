use super::*;
use crate::native::composite::{INSUFFICIENT_SAMPLE, NOT_GRADED};

const FILE: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/pipelines/evaluation.toml"
));

fn framework() -> Framework {
    parse_platform_framework("pipelines/evaluation.toml", FILE).unwrap()
}

fn mistakes_of(text: &str) -> String {
    let problems = parse_platform_framework("evaluation.toml", text).unwrap_err();
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

fn date(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2021, 3, day).unwrap()
}

fn platform(id: &str, sample_ok: bool) -> PlatformUnit {
    PlatformUnit {
        as_of: date(31),
        platform_id: id.to_owned(),
        platform_name: Some(format!("平台{id}")),
        learners: 120,
        sample_ok,
        integrity_deduction: 0.0,
        vetoes: Vec::new(),
    }
}

/// A share in thousandths.
fn item(platform_id: &str, item: &str, thousandths: i64) -> PlatformItem {
    PlatformItem {
        as_of: date(31),
        platform_id: platform_id.to_owned(),
        item: item.to_owned(),
        value: Some(thousandths as f64 / 1000.0),
        numerator: Some(thousandths),
        denominator: Some(1000),
    }
}

/// Usage (6 × 50 + 5 × 80 + 4 × 100) / 15, process (8 × 100 + 8 × 50 + 8 × 100 + 6 × 0) / 30.
fn usage_and_process(id: &str) -> Vec<PlatformItem> {
    vec![
        item(id, "active_learner_share", 500),
        item(id, "logged_hours_per_planned", 800),
        item(id, "months_with_enrolments", 1000),
        item(id, "supported_hours_share", 990),
        item(id, "face_check_pass_share", 475),
        item(id, "valid_hour_rate", 980),
        item(id, "timely_upload_share", 0),
    ]
}

/// Values in thousandths of the items of the other four dimensions, with their scores by the evaluation page.
const OTHERS: [(&str, i64, f64); 12] = [
    ("changed_item_share", 500, 50.0),
    ("occupation_breadth", 1700, 100.0),
    ("hours_match_share", 900, 90.0),
    ("completion_rate", 750, 75.0),
    ("pass_rate_lower_bound", 800, 80.0),
    ("certificate_rate", 600, 60.0),
    ("offline_continuation_rate", 400, 40.0),
    ("rating", 4000, 75.0),
    ("upheld_complaints", 1500, 70.0),
    ("callback_attended_share", 900, 90.0),
    ("hard_hit_rate", 4000, 60.0),
    ("refunds_completed_share", 1000, 100.0),
];

fn all_items(id: &str) -> Vec<PlatformItem> {
    let mut items = usage_and_process(id);
    items.extend(OTHERS.map(|(name, value, _)| item(id, name, value)));
    items.push(item(id, "filing_valid", 500));
    items
}

#[test]
fn the_default_framework_is_the_evaluation_pages() {
    let framework = framework();
    let weights: Vec<(&str, f64)> = framework
        .dimensions
        .iter()
        .map(|d| (d.id.as_str(), d.weight))
        .collect();
    assert_eq!(
        weights,
        [
            ("usage", 15.0),
            ("resources", 15.0),
            ("process", 30.0),
            ("outcome", 20.0),
            ("service", 10.0),
            ("compliance", 10.0)
        ]
    );
    assert_eq!(framework.items().count(), 20);
    assert_eq!(framework.config_hash.len(), 16);
    let grades: Vec<(&str, Option<f64>)> = framework
        .grades
        .iter()
        .map(|g| (g.id.as_str(), g.minimum))
        .collect();
    assert_eq!(
        grades,
        [
            ("excellent", Some(90.0)),
            ("good", Some(75.0)),
            ("qualified", Some(60.0)),
            ("unqualified", None)
        ]
    );
}

#[test]
fn usage_and_process_alone_are_scored_and_not_graded() {
    let units = [platform("p1", true), platform("p2", false)];
    let mut items = usage_and_process("p1");
    items.extend(usage_and_process("p2"));
    let evaluation = evaluate_platforms(&framework(), &units, &items).unwrap();
    let row = &evaluation.scores[0];
    assert!((row.usage.unwrap() - 1100.0 / 15.0).abs() < 1e-9);
    assert!((row.process.unwrap() - 2000.0 / 30.0).abs() < 1e-9);
    assert_eq!(
        (row.resources, row.outcome, row.service, row.compliance),
        (None, None, None, None)
    );
    assert!((row.coverage - 0.45).abs() < 1e-12);
    assert!((row.score.unwrap() - 3100.0 / 45.0).abs() < 1e-9);
    assert_eq!(row.integrity, Some(100.0));
    assert_eq!(row.grade.as_deref(), Some(NOT_GRADED));
    assert_eq!((row.rank, row.veto.as_deref()), (None, None));
    assert_eq!(row.platform_name.as_deref(), Some("平台p1"));
    assert_eq!(
        evaluation.scores[1].grade.as_deref(),
        Some(INSUFFICIENT_SAMPLE)
    );
}

#[test]
fn all_items_give_a_grade_and_a_rank() {
    let evaluation =
        evaluate_platforms(&framework(), &[platform("p1", true)], &all_items("p1")).unwrap();
    let row = &evaluation.scores[0];
    // 1,100 + 2,000 + resources 300 + 500 + 360 + outcome 450 + 480 + 240 + 160 + service 300 + 210 + 270
    // + compliance 300 + 300 + 100, of 100.
    let score = 70.7;
    assert!((row.score.unwrap() - score).abs() < 1e-9);
    assert!((row.total.unwrap() - score * 1.13).abs() < 1e-9);
    assert_eq!(row.coverage, 1.0);
    assert_eq!(row.grade.as_deref(), Some("good"));
    assert_eq!(row.rank, Some(1));
    for (item, _, expected) in OTHERS {
        let detail = evaluation
            .details
            .iter()
            .find(|detail| detail.item == item)
            .unwrap();
        assert!(
            (detail.normalised.unwrap() - expected).abs() < 1e-9,
            "{item}"
        );
    }
}

#[test]
fn details_hold_every_item_of_every_platform() {
    let units = [platform("p2", true), platform("p1", true)];
    let items = usage_and_process("p2");
    let evaluation = evaluate_platforms(&framework(), &units, &items).unwrap();
    assert_eq!(evaluation.details.len(), 40);
    assert_eq!(evaluation.scores[0].platform_id, "p1");
    assert_eq!(evaluation.scores[0].score, None);
    let of = |platform: &str, item: &str| {
        let mut rows = evaluation.details.iter();
        rows.find(|row| row.platform_id == platform && row.item == item)
            .unwrap()
    };
    let present = of("p2", "face_check_pass_share");
    assert_eq!(present.dimension, "process");
    assert_eq!(present.weight, 8.0);
    assert_eq!(present.raw_value, Some(0.475));
    assert_eq!(
        (present.numerator, present.denominator),
        (Some(475), Some(1000))
    );
    assert!((present.normalised.unwrap() - 50.0).abs() < 1e-9);
    assert!((present.contribution.unwrap() - 8.0 * 50.0 / 45.0).abs() < 1e-9);
    assert_eq!(present.source_table.as_deref(), Some("study_logs"));
    let missing = of("p1", "face_check_pass_share");
    assert_eq!(
        (missing.raw_value, missing.normalised, missing.contribution),
        (None, None, None)
    );
}

#[test]
fn each_date_stands_alone() {
    let mut earlier = platform("p1", true);
    earlier.as_of = date(1);
    let mut items = all_items("p1");
    items.extend(all_items("p1").into_iter().map(|mut item| {
        item.as_of = date(1);
        item
    }));
    let units = [platform("p1", true), earlier];
    let evaluation = evaluate_platforms(&framework(), &units, &items).unwrap();
    let dates: Vec<(NaiveDate, Option<u32>)> = evaluation
        .scores
        .iter()
        .map(|row| (row.as_of, row.rank))
        .collect();
    assert_eq!(dates, [(date(1), Some(1)), (date(31), Some(1))]);
    let error = evaluate_platforms(&framework(), &units[..1], &items).unwrap_err();
    assert!(matches!(error, EvaluationError::UnknownUnit { .. }));
}

#[test]
fn weights_and_dimensions_must_fit_the_published_columns() {
    let text = FILE.replacen("weight = 6", "weight = 7", 1).replacen(
        "id = \"service\"",
        "id = \"kindness\"",
        1,
    );
    let told = mistakes_of(&text);
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines.len(), 2, "{told}");
    assert!(lines[0].contains("dimension `usage`: its items weigh 16 together, the dimension 15"));
    assert!(lines[1].contains("dimension `kindness` has no column in platform_scores"));
    let line_of = |needle: &str| text.lines().position(|line| line == needle).unwrap();
    assert!(lines[1].starts_with(&format!(
        "evaluation.toml:{}: ",
        line_of("id = \"kindness\"")
    )));
    let text = FILE.replacen("weight = 10\n", "weight = 20\n", 1);
    let told = mistakes_of(&text);
    assert!(
        told.contains("the dimensions weigh 110 together, not 100"),
        "{told}"
    );
}

#[test]
fn graded_platforms_have_their_uncertainty() {
    let units = [
        platform("p1", true),
        platform("p2", true),
        platform("p3", false),
    ];
    let mut items = all_items("p1");
    items.extend(all_items("p3"));
    for mut item in all_items("p2") {
        let is_less_better = ["upheld_complaints", "hard_hit_rate"].contains(&item.item.as_str());
        let factor = if is_less_better { 1.5 } else { 0.5 };
        item.value = item.value.map(|value| value * factor);
        items.push(item);
    }
    let evaluation = evaluate_platforms(&framework(), &units, &items).unwrap();
    let [first, second, third] = &evaluation.scores[..] else {
        panic!("three rows");
    };
    let ranks = |row: &PlatformScore| [row.rank, row.rank_p05, row.rank_p50, row.rank_p95];
    assert_eq!(ranks(first), [Some(1); 4]);
    assert_eq!(ranks(second), [Some(2); 4]);
    assert_eq!(ranks(third), [None; 4]);
    assert_eq!((third.grade_agreement, third.borderline), (None, None));
    assert_eq!(third.grade_zh.as_deref(), Some("样本不足"));
    for row in [first, second] {
        assert_eq!(row.borderline, Some(row.grade_agreement.unwrap() < 0.9));
    }
    assert_eq!(second.grade.as_deref(), Some("unqualified"));
    assert_eq!(second.grade_agreement, Some(1.0));
    assert_eq!(second.grade_zh.as_deref(), Some("不合格"));
    let alone = score_platforms(&framework(), &units, &items).unwrap();
    assert_eq!(alone.details, evaluation.details);
    for (bare, row) in alone.scores.iter().zip(&evaluation.scores) {
        assert_eq!((bare.rank, &bare.grade), (row.rank, &row.grade));
        assert_eq!((bare.grade_agreement, bare.rank_p50), (None, None));
        assert_eq!(bare.borderline, None);
    }
}

/// Twenty platforms, each a little better than the last, on both sides of the limit of good: those beside the limit are
/// told with their interval.
#[test]
fn borderline_grades_are_published_with_their_interval() {
    let ids: Vec<String> = (0..20).map(|place| format!("p{place:02}")).collect();
    let units: Vec<PlatformUnit> = ids.iter().map(|id| platform(id, true)).collect();
    let mut items = Vec::new();
    for (place, id) in (0i64..).zip(&ids) {
        for mut item in all_items(id) {
            // Each item has an order of its own, so that weights and items left out move the ranks.
            let turn = (place * 7 + item.item.len() as i64 * 3) % 20 - 10;
            let factor = 0.86 + place as f64 / 100.0 + turn as f64 / 100.0;
            item.value = item.value.map(|value| value * factor);
            items.push(item);
        }
    }
    let rows = evaluate_platforms(&framework(), &units, &items)
        .unwrap()
        .scores;
    let (mut borderline, mut sure) = (0, 0);
    for row in &rows {
        let is_borderline = row.grade_agreement.unwrap() < 0.9;
        assert_eq!(row.borderline, Some(is_borderline));
        let word = match row.grade.as_deref() {
            Some("excellent") => "优",
            Some("good") => "良",
            Some("qualified") => "合格",
            _ => "不合格",
        };
        let told = row.grade_zh.as_deref().unwrap();
        if is_borderline {
            let (best, worst) = (row.rank_p05.unwrap(), row.rank_p95.unwrap());
            assert!(best < worst);
            assert_eq!(told, format!("{word}（临界，名次 {best}–{worst}）"));
            borderline += 1;
        } else {
            assert_eq!(told, word);
            sure += 1;
        }
    }
    assert!(borderline > 0 && sure > 0);
}

/// What a reader adds up in the details is the score, with gaps too.
#[test]
fn contributions_of_a_platform_add_up_to_its_score() {
    let all = all_items("p1");
    for gap in 0..all.len() {
        let mut items = all.clone();
        items.remove(gap);
        let found = evaluate_platforms(&framework(), &[platform("p1", true)], &items).unwrap();
        let points = found.details.iter().filter_map(|row| row.contribution);
        let sum: f64 = points.sum();
        assert!((sum - found.scores[0].score.unwrap()).abs() < 1e-9);
        let told = found
            .details
            .iter()
            .filter(|row| row.contribution.is_some());
        assert_eq!(told.count(), all.len() - 1);
    }
}
