use proptest::prelude::*;

use super::*;

const FRAMEWORK: &str = r#"
id = "index"
title_zh = "指数"
title_en = "Index"
aggregation = "arithmetic"
missing = "available_weights"
minimum_coverage = 0.8

[integrity]
neutral = 74
reward_from = 75
reward_span = 200
total_cap = 100

[[grades]]
id = "good"
title_zh = "良"
title_en = "good"
minimum = 60
[[grades]]
id = "bad"
title_zh = "差"
title_en = "bad"

[[dimensions]]
id = "work"
title_zh = "工作"
title_en = "Work"
weight = 60
aggregation = "arithmetic"
[[dimensions.items]]
id = "hours"
title_zh = "课时"
title_en = "Hours"
weight = 40
normalisation = { method = "ratio_to_target", target = 0.5 }
[[dimensions.items]]
id = "checks"
title_zh = "检查"
title_en = "Checks"
weight = 20
normalisation = { method = "ratio_to_target", target = 1 }

[[dimensions]]
id = "result"
title_zh = "结果"
title_en = "Result"
weight = 40
aggregation = "arithmetic"
[[dimensions.items]]
id = "passed"
title_zh = "合格"
title_en = "Passed"
weight = 40
normalisation = { method = "ratio_to_target", target = 1 }
"#;

fn framework() -> Framework {
    Framework::parse("index.toml", FRAMEWORK).unwrap()
}

fn unit(id: &str) -> Unit {
    Unit {
        id: id.to_owned(),
        sample_ok: true,
        deduction: 26.0,
        vetoes: Vec::new(),
    }
}

fn values(unit: &str, items: &[(&str, f64)]) -> Vec<ItemValue> {
    let value = |(item, value): &(&str, f64)| ItemValue {
        unit: unit.to_owned(),
        item: (*item).to_owned(),
        value: Some(*value),
    };
    items.iter().map(value).collect()
}

fn evaluate_one(unit: Unit, items: &[(&str, f64)]) -> UnitResult {
    let values = values(&unit.id, items);
    evaluate(&framework(), &[unit], &values)
        .unwrap()
        .units
        .remove(0)
}

const FULL: [(&str, f64); 3] = [("hours", 0.25), ("checks", 0.8), ("passed", 0.9)];

#[test]
fn a_complete_unit_by_hand() {
    // hours 50 × 40 + checks 80 × 20 + passed 90 × 40 = 2,000 + 1,600 + 3,600 of 100.
    let result = evaluate_one(unit("a"), &FULL);
    assert_eq!(result.score, Some(72.0));
    assert_eq!(result.coverage, 1.0);
    assert_eq!(result.dimensions[0].score, Some(60.0));
    assert_eq!(result.dimensions[1].score, Some(90.0));
    assert_eq!(result.integrity, Some(74.0));
    assert_eq!(result.total, Some(72.0));
    assert_eq!(result.grade.as_deref(), Some("good"));
    assert_eq!(result.rank, Some(1));
    let contributions: Vec<f64> = result.items.iter().filter_map(|i| i.contribution).collect();
    assert_eq!(contributions.len(), 3);
    for (found, expected) in contributions.iter().zip([20.0, 16.0, 36.0]) {
        assert!((found - expected).abs() < 1e-9);
    }
}

#[test]
fn available_items_carry_the_weight_of_missing_ones() {
    // Without checks: (50 × 40 + 90 × 40) / 80.
    let result = evaluate_one(unit("a"), &[("hours", 0.25), ("passed", 0.9)]);
    assert!((result.score.unwrap() - 70.0).abs() < 1e-9);
    assert!((result.coverage - 0.8).abs() < 1e-12);
    assert_eq!(result.grade.as_deref(), Some("good"));
    assert_eq!(result.items[1].normalised, None);
    assert_eq!(result.items[1].contribution, None);
    assert!((result.dimensions[0].coverage - 2.0 / 3.0).abs() < 1e-12);
}

#[test]
fn low_coverage_is_not_graded_but_its_scores_are_given() {
    let result = evaluate_one(unit("a"), &[("hours", 0.25), ("checks", 0.8)]);
    assert_eq!(result.grade.as_deref(), Some(NOT_GRADED));
    assert_eq!(result.rank, None);
    assert_eq!(result.dimensions[0].score, Some(60.0));
    assert_eq!(result.dimensions[1].score, None);
    assert_eq!(result.score, Some(60.0));
    assert!((result.coverage - 0.6).abs() < 1e-12);
    let nothing = evaluate_one(unit("a"), &[]);
    assert_eq!(
        (nothing.score, nothing.total, nothing.coverage),
        (None, None, 0.0)
    );
    assert_eq!(nothing.grade.as_deref(), Some(NOT_GRADED));
}

#[test]
fn a_complete_framework_scores_no_unit_with_gaps() {
    let text = FRAMEWORK.replace("available_weights", "complete");
    let framework = Framework::parse("index.toml", &text).unwrap();
    let values = values("a", &[("hours", 0.25), ("passed", 0.9)]);
    let result = &evaluate(&framework, &[unit("a")], &values).unwrap().units[0];
    assert_eq!((result.score, result.total), (None, None));
    assert_eq!(result.dimensions[0].score, None);
    assert_eq!(result.dimensions[1].score, Some(90.0));
    assert!(result.items.iter().all(|item| item.contribution.is_none()));
}

#[test]
fn small_samples_are_scored_without_grade_and_rank() {
    let small = Unit {
        sample_ok: false,
        vetoes: vec!["fraud".to_owned()],
        ..unit("a")
    };
    let result = evaluate_one(small, &FULL);
    assert_eq!(result.score, Some(72.0));
    assert_eq!(result.grade.as_deref(), Some(INSUFFICIENT_SAMPLE));
    assert_eq!(result.rank, None);
}

#[test]
fn vetoes_give_the_lowest_grade_even_where_data_were_refused() {
    let vetoed = |items: &[(&str, f64)]| {
        let unit = Unit {
            vetoes: vec!["refused_data".to_owned()],
            ..unit("a")
        };
        evaluate_one(unit, items)
    };
    assert_eq!(vetoed(&FULL).grade.as_deref(), Some("bad"));
    assert_eq!(vetoed(&FULL).score, Some(72.0));
    assert_eq!(vetoed(&[]).grade.as_deref(), Some("bad"));
    assert_eq!(vetoed(&[]).rank, None);
}

#[test]
fn integrity_moves_the_total() {
    let with = |deduction: f64| {
        evaluate_one(
            Unit {
                deduction,
                ..unit("a")
            },
            &FULL,
        )
    };
    assert!((with(0.0).total.unwrap() - 72.0 * 1.13).abs() < 1e-9);
    assert_eq!(with(63.0).total, Some(36.0));
    assert_eq!(with(63.0).grade.as_deref(), Some("bad"));
    assert_eq!(with(200.0).integrity, Some(0.0));
}

#[test]
fn a_grade_is_not_lost_to_the_noise_of_sums() {
    // 0.1 + 0.2 style noise: the score is 60 up to the last bits.
    let items = [("hours", 0.3), ("checks", 0.6), ("passed", 0.6)];
    let result = evaluate_one(unit("a"), &items);
    assert!((result.score.unwrap() - 60.0).abs() < 1e-9);
    assert_eq!(result.grade.as_deref(), Some("good"));
}

#[test]
fn ranks_leave_out_the_ungraded_and_share_ties() {
    let units: Vec<Unit> = ["a", "b", "c", "d", "e"]
        .iter()
        .map(|id| Unit {
            sample_ok: *id != "b",
            ..unit(id)
        })
        .collect();
    let mut all = Vec::new();
    for (id, hours) in [("a", 0.2), ("b", 0.5), ("c", 0.4), ("d", 0.4), ("e", 0.1)] {
        all.extend(values(
            id,
            &[("hours", hours), ("checks", 1.0), ("passed", 1.0)],
        ));
    }
    let evaluation = evaluate(&framework(), &units, &all).unwrap();
    let ranks: Vec<Option<u32>> = evaluation.units.iter().map(|result| result.rank).collect();
    assert_eq!(ranks, [Some(3), None, Some(1), Some(1), Some(4)]);
}

#[test]
fn peer_cap_takes_away_what_goes_beyond_the_peers() {
    let text = FRAMEWORK.replace("id = \"passed\"", "id = \"passed\"\npeer_cap = 0.75");
    let framework = Framework::parse("index.toml", &text).unwrap();
    let units: Vec<Unit> = ["a", "b", "c", "d", "small"]
        .iter()
        .map(|id| Unit {
            sample_ok: *id != "small",
            ..unit(id)
        })
        .collect();
    let mut all = Vec::new();
    for (id, passed) in [
        ("a", 0.4),
        ("b", 0.5),
        ("c", 0.6),
        ("d", 1.0),
        ("small", 0.99),
    ] {
        all.extend(values(id, &[("passed", passed)]));
    }
    // Third quartile of 0.4, 0.5, 0.6, 1.0 by linear interpolation: 0.7.
    let evaluation = evaluate(&framework, &units, &all).unwrap();
    let passed = |row: usize| &evaluation.units[row].items[2];
    assert_eq!(passed(3).value, Some(1.0));
    for (row, expected) in [(0, 40.0), (1, 50.0), (2, 60.0), (3, 70.0), (4, 70.0)] {
        assert!((passed(row).normalised.unwrap() - expected).abs() < 1e-9);
    }
}

#[test]
fn input_the_framework_cannot_use_is_refused() {
    let one = [unit("a")];
    let refused = |values: &[ItemValue]| evaluate(&framework(), &one, values).unwrap_err();
    let (unit_a, hours) = ("a".to_owned(), "hours".to_owned());
    assert_eq!(
        refused(&values("b", &[("hours", 1.0)])),
        EvaluationError::UnknownUnit {
            unit: "b".to_owned(),
            item: hours.clone()
        }
    );
    assert_eq!(
        refused(&values("a", &[("hour", 1.0)])),
        EvaluationError::UnknownItem {
            unit: unit_a.clone(),
            item: "hour".to_owned()
        }
    );
    assert_eq!(
        refused(&values("a", &[("hours", 1.0), ("hours", 1.0)])),
        EvaluationError::DuplicateValue {
            unit: unit_a.clone(),
            item: hours.clone()
        }
    );
    assert_eq!(
        refused(&values("a", &[("hours", f64::NAN)])),
        EvaluationError::NotFinite {
            unit: unit_a.clone(),
            item: hours
        }
    );
    assert_eq!(
        evaluate(&framework(), &[unit("a"), unit("a")], &[]).unwrap_err(),
        EvaluationError::DuplicateUnit {
            unit: unit_a.clone()
        }
    );
    let wrong = Unit {
        deduction: -1.0,
        ..unit("a")
    };
    assert_eq!(
        evaluate(&framework(), &[wrong], &[]).unwrap_err(),
        EvaluationError::BadDeduction { unit: unit_a }
    );
}

#[test]
fn negative_scores_are_refused_by_a_geometric_mean() {
    let text = FRAMEWORK.replacen("arithmetic", "geometric", 1).replace(
        "method = \"ratio_to_target\", target = 0.5",
        "method = \"none\"",
    );
    let framework = Framework::parse("index.toml", &text).unwrap();
    let error = evaluate(&framework, &[unit("a")], &values("a", &[("hours", -2.0)])).unwrap_err();
    assert!(matches!(error, EvaluationError::NegativeScore { item, .. } if item == "hours"));
}

proptest! {
    #[test]
    fn the_order_of_rows_changes_nothing(
        table in prop::collection::vec(prop::array::uniform3(prop::option::of(0.0f64..1.0)), 1..12),
        seed in any::<u64>(),
    ) {
        let text = FRAMEWORK
            .replace("method = \"ratio_to_target\", target = 0.5", "method = \"z_score\"");
        let framework = Framework::parse("index.toml", &text).unwrap();
        let units: Vec<Unit> = (0..table.len()).map(|row| unit(&row.to_string())).collect();
        let mut values: Vec<ItemValue> = Vec::new();
        for (unit, row) in units.iter().zip(&table) {
            for (item, value) in ["hours", "checks", "passed"].iter().zip(row) {
                values.push(ItemValue { unit: unit.id.clone(), item: (*item).to_owned(), value: *value });
            }
        }
        let first = evaluate(&framework, &units, &values).unwrap();
        values.retain(|value| value.value.is_some());
        values.sort_by_key(|value| blake3::hash(format!("{seed}{value:?}").as_bytes()).to_hex().to_string());
        prop_assert_eq!(&first, &evaluate(&framework, &units, &values).unwrap());

        // Units in another order: the same results, to the last bit.
        let mut turned = units.clone();
        turned.reverse();
        let mut second = evaluate(&framework, &turned, &values).unwrap();
        second.units.reverse();
        prop_assert_eq!(first, second);
    }

    #[test]
    fn an_arithmetic_tree_is_the_weighted_mean_of_its_available_items(
        row in prop::array::uniform3(prop::option::of(0.0f64..1.0))
    ) {
        let named = ["hours", "checks", "passed"].iter().zip(row);
        let items: Vec<(&str, f64)> = named.filter_map(|(item, value)| Some((*item, value?))).collect();
        let result = evaluate_one(unit("a"), &items);
        let weights = [40.0, 20.0, 40.0];
        let mut sum = 0.0;
        let mut weight = 0.0;
        for (item, own) in result.items.iter().zip(weights) {
            if let Some(score) = item.normalised {
                sum += own * score;
                weight += own;
            }
        }
        match result.score {
            None => prop_assert_eq!(weight, 0.0),
            Some(score) => {
                prop_assert!((score - sum / weight).abs() < 1e-9);
                let parts: f64 = result.items.iter().filter_map(|item| item.contribution).sum();
                prop_assert!((score - parts).abs() < 1e-9);
            }
        }
        prop_assert!((result.coverage - weight / 100.0).abs() < 1e-12);
    }
}
