use super::*;

const TAIL: [f64; 12] = [
    1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 400.0, 900.0,
];

fn peers(values: &[f64]) -> Peers {
    Peers::new(values.iter().copied())
}

#[test]
fn good_shapes_are_left_alone() {
    let winsorise = Treatment::Winsorise {
        most: 5,
        then: None,
    };
    let treated = treat(winsorise, &peers(&TAIL[..10]));
    assert!(treated.is_untouched());
    assert_eq!(treated.words(), "none");
    assert_eq!(treated.before, treated.after);
    assert!(treat(Treatment::None, &peers(&TAIL)).is_untouched());
}

#[test]
fn outermost_values_move_until_the_shape_is_good() {
    let treatment = Treatment::Winsorise {
        most: 5,
        then: None,
    };
    let treated = treat(treatment, &peers(&TAIL));
    assert!(treated.before.unwrap().needs_treatment());
    assert!(!treated.after.unwrap().needs_treatment());
    assert!(treated.moved_down <= 2 && treated.moved_up == 0);
    assert_eq!(treated.apply(900.0), treated.highest);
    let mirrored: Vec<f64> = TAIL.iter().map(|value| -value).collect();
    let mirrored = treat(treatment, &peers(&mirrored));
    assert_eq!(mirrored.moved_up, treated.moved_down);
    assert_eq!(mirrored.lowest, treated.highest.map(|value| -value));
}

#[test]
fn where_moving_does_not_help_the_transform_is_taken() {
    let steep: Vec<f64> = (0..14).map(|power| 6f64.powi(power)).collect();
    let of = |then| treat(Treatment::Winsorise { most: 1, then }, &peers(&steep));
    assert_eq!(of(None).moved_down, 1);
    let treated = of(Some(Transform::Logarithm));
    assert_eq!(treated.moved_down, 0);
    assert_eq!(treated.words(), "log");
    assert!(treated.after.unwrap().skewness.abs() < 1e-9);
}

#[test]
fn quantiles_hold_both_ends() {
    let treatment = Treatment::Quantiles {
        lower: 0.1,
        upper: 0.9,
    };
    let values: Vec<f64> = (0..=10).map(f64::from).collect();
    let treated = treat(treatment, &peers(&values));
    assert_eq!(treated.apply(0.0), Some(1.0));
    assert_eq!(treated.apply(10.0), Some(9.0));
    assert_eq!(treated.words(), "winsorised 1 low, winsorised 1 high");
    assert!(!treatment.changes_scale());
}

#[test]
fn a_transform_may_be_asked_for_always() {
    let transform = |always| Treatment::Transform {
        transform: Transform::BoxCox(Some(0.5)),
        always,
    };
    let values = [0.0, 1.0, 2.0, 3.0, 4.0];
    assert!(treat(transform(false), &peers(&values)).is_untouched());
    let treated = treat(transform(true), &peers(&values));
    assert_eq!(treated.words(), "box-cox 0.5000, after adding 1");
    assert!((treated.apply(3.0).unwrap() - 2.0).abs() < 1e-12);
}
