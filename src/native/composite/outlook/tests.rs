use super::super::{ItemValue, Unit, evaluate};
use super::*;

const FRAMEWORK: &str = r#"
    aggregation = "geometric"
    [[grades]]
    id = "good"
    minimum = 60
    [[grades]]
    id = "bad"
    [[dimensions]]
    id = "one"
    [[dimensions.items]]
    id = "a"
    normalisation = { method = "goalposts", minimum = 0, maximum = 50 }
    [[dimensions.items]]
    id = "b"
    normalisation = { method = "goalposts", minimum = 0, maximum = 10 }
    [[dimensions]]
    id = "two"
    [[dimensions.items]]
    id = "c"
    direction = "lower"
    normalisation = { method = "goalposts", minimum = 0, maximum = 100 }
"#;

fn looked(a: f64, b: f64, c: f64) -> Outlook {
    let framework = Framework::parse_with_defaults("f.toml", FRAMEWORK).unwrap();
    let unit = Unit {
        id: "u".to_owned(),
        sample_ok: true,
        deduction: 0.0,
        vetoes: Vec::new(),
    };
    let values = [("a", a), ("b", b), ("c", c)].map(|(item, value)| ItemValue {
        unit: "u".to_owned(),
        item: item.to_owned(),
        value: Some(value),
    });
    let evaluation = evaluate(&framework, &[unit], &values).unwrap();
    outlook(&framework, &evaluation, 0).unwrap()
}

#[test]
fn what_would_lift_a_unit() {
    // one = (40 + 40) / 2 = 40, two = 40; the index is 40.
    let found = looked(20.0, 4.0, 60.0);
    assert_eq!(found.next_grade.as_deref(), Some("good"));
    assert!((found.distance.unwrap() - 20.0).abs() < 1e-9);
    // c must bring two to 90, for √(40 · 90) = 60: a value of 10.
    let c = &found.lifts[2];
    assert!((c.score_needed.unwrap() - 90.0).abs() < 1e-9);
    assert!((c.value_needed.unwrap() - 10.0).abs() < 1e-9);
    // a at 100 brings one to 70: √(70 · 40) = 52.9, not enough.
    let a = &found.lifts[0];
    assert!((a.gain - (2800f64.sqrt() - 40.0)).abs() < 1e-9);
    assert_eq!(a.score_needed, None);
}

#[test]
fn the_best_grade_has_no_next_one() {
    let found = looked(50.0, 10.0, 30.0);
    assert_eq!((found.next_grade, found.distance), (None, None));
    assert_eq!(found.lifts.len(), 1);
}

#[test]
fn beyond_the_cap_of_the_peers_nothing_is_promised() {
    let text = r#"
        [[grades]]
        id = "good"
        minimum = 95
        [[grades]]
        id = "bad"
        [[items]]
        id = "a"
        peer_cap = 0.5
        normalisation = { method = "ratio_to_target", target = 1 }
    "#;
    let framework = Framework::parse_with_defaults("f.toml", text).unwrap();
    let units = ["u", "v", "w"].map(|id| Unit {
        id: id.to_owned(),
        sample_ok: true,
        deduction: 0.0,
        vetoes: Vec::new(),
    });
    let values = [("u", 0.5), ("v", 0.8), ("w", 1.0)].map(|(unit, value)| ItemValue {
        unit: unit.to_owned(),
        item: "a".to_owned(),
        value: Some(value),
    });
    let evaluation = evaluate(&framework, &units, &values).unwrap();
    // The median, 0.8, is the most that counts.
    let lift = outlook(&framework, &evaluation, 0).unwrap().lifts.remove(0);
    assert!((lift.gain - 30.0).abs() < 1e-9 && lift.score_needed.is_none());
    assert!(
        outlook(&framework, &evaluation, 2)
            .unwrap()
            .lifts
            .is_empty()
    );
}
