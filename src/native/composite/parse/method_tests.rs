//! Methods and what may be left out.

use super::super::treat::Transform;
use super::super::weights::{DoubtBounds, FactorKeep, FactorRule, Weighting};
use super::*;

fn parsed(text: &str) -> Framework {
    Framework::parse_with_defaults("f.toml", text).unwrap()
}

fn mistakes(text: &str) -> Vec<String> {
    let problems = Framework::parse_with_defaults("f.toml", text).unwrap_err();
    problems.iter().map(ToString::to_string).collect()
}

fn one_mistake(text: &str) -> String {
    let mistakes = mistakes(text);
    assert_eq!(mistakes.len(), 1, "{mistakes:#?}");
    mistakes[0].clone()
}

#[test]
fn a_flat_file_with_defaults() {
    let framework = parsed(
        "normalisation = 'z-score'\ntreatment = 'log'\n[[items]]\nid = 'GDP per head'\n[[items]]\nid = 'b'\n\
         normalisation = 'minmax'\ntreatment = 'none'",
    );
    assert!(framework.is_flat && framework.node_ids().is_empty());
    let (dimension, first) = framework.items().next().unwrap();
    assert_eq!(dimension.weighting, Weighting::Given);
    assert_eq!(
        (first.weight, first.normalisation),
        (1.0, Normalisation::ZScore)
    );
    assert_eq!(first.title.en, "GDP per head");
    let logarithm = Treatment::Transform {
        transform: Transform::Logarithm,
        always: false,
    };
    assert_eq!(first.treatment, logarithm);
    let (_, second) = framework.items().nth(1).unwrap();
    assert_eq!(second.normalisation, Normalisation::MinMax);
    assert_eq!(second.treatment, Treatment::None);
}

#[test]
fn methods_with_parameters() {
    let framework = parsed(
        "aggregation = { method = 'owa', weights = [3, 1] }\nnormalisation = 'min_max'\n\
         [[dimensions]]\nid = 'a'\nweights = { method = 'pca', components = 2, rotation = 'none' }\n\
         [[dimensions.items]]\nid = 'x'\ntreatment = { method = 'winsorise', maximum = 3, then = 'box_cox' }\n\
         [[dimensions]]\nid = 'b'\nweights = { method = 'bod', minimum = 0.2, share_of = 'score' }\n\
         [[dimensions.items]]\nid = 'y'\ntreatment = { method = 'winsorise', lower = 0.05, upper = 0.95 }\n\
         [[dimensions.items]]\nid = 'z'\ntreatment = { method = 'box_cox', lambda = 0.5, when = 'always' }",
    );
    assert_eq!(framework.ordered_weights, [0.75, 0.25]);
    let rule = FactorRule {
        keep: FactorKeep::Count(2),
        varimax: false,
    };
    assert_eq!(framework.dimensions[0].weighting, Weighting::Factors(rule));
    let bounds = DoubtBounds {
        minimum: 0.2,
        maximum: 1.0,
        of_score: true,
    };
    let doubt = Weighting::BenefitOfTheDoubt(bounds);
    assert_eq!(framework.dimensions[1].weighting, doubt);
    let treatments: Vec<Treatment> = framework.items().map(|(_, item)| item.treatment).collect();
    let expected = [
        Treatment::Winsorise {
            most: 3,
            then: Some(Transform::BoxCox(None)),
        },
        Treatment::Quantiles {
            lower: 0.05,
            upper: 0.95,
        },
        Treatment::Transform {
            transform: Transform::BoxCox(Some(0.5)),
            always: true,
        },
    ];
    assert_eq!(treatments, expected);
}

#[test]
fn comparing_rules_have_a_natural_normalisation() {
    let of = |aggregation: &str| {
        let text =
            format!("aggregation = '{aggregation}'\n[[items]]\nid = 'x'\ndirection = 'lower'");
        parsed(&text).items().next().unwrap().1.normalisation
    };
    assert_eq!(of("topsis"), Normalisation::Vector);
    assert_eq!(of("borda"), Normalisation::None);
    assert_eq!(
        one_mistake("[[items]]\nid = 'x'"),
        "f.toml:1: item `x`: `normalisation` is missing"
    );
}

#[test]
fn contradictions_between_methods() {
    let one_item = "[[items]]\nid = 'x'\n";
    let cases = [
        (
            "aggregation = 'geometric'\nweights = 'bod'\nnormalisation = 'min_max'\n",
            "f.toml:1: the file: the benefit of the doubt is for arithmetic means",
        ),
        (
            "weights = 'entropy'\nnormalisation = 'z_score'\n",
            "f.toml:3: item `x`: scores below 0 have no entropy and no benefit of the doubt",
        ),
        (
            "weights = { method = 'bod', minimum = 0.1, maximum = 0.5 }\nnormalisation = 'min_max'\n",
            "f.toml:1: the file: bounds that no 1 weights can keep to",
        ),
        (
            "weights = { method = 'pca', components = 1, minimum_share = 0.1 }\nnormalisation = 'min_max'\n",
            "f.toml:1: the file, `weights`: only one of `components`, `minimum_share`, `minimum_eigenvalue` can rule",
        ),
        (
            "aggregation = { method = 'owa', weights = [1, 2] }\nnormalisation = 'min_max'\n",
            "f.toml:1: the file: `owa` has weights of 2 places for 1 parts",
        ),
        (
            "peer_group = 'region'\nnormalisation = 'min_max'\n",
            "f.toml:1: the file: `peer_group` is for `missing = \"group_median\"`",
        ),
        (
            "treatment = { method = 'winsorise', lower = 0.9, upper = 0.1 }\nnormalisation = 'min_max'\n",
            "f.toml:1: the file, `treatment`: `lower` and `upper` are quantiles, 0 to 1, the lower one first",
        ),
        (
            "normalisation = { method = 'minmax', target = 1 }\n",
            "f.toml:1: the file, `normalisation`: unknown key `target` (known: method)",
        ),
        (
            "normalisation = 'maxmin'\n",
            "f.toml:1: the file: `normalisation` is `maxmin`, must be one of none, goalposts, min_max, z_score, rank, \
             percentile_rank, distance, ratio_to_target, vector, above_mean, categories",
        ),
    ];
    for (head, expected) in cases {
        assert_eq!(mistakes(&format!("{head}{one_item}"))[0], expected);
    }
    let text = "[[items]]\nid = 'x'\ntreatment = 'log'\nnormalisation = { method = 'ratio_to_target', target = 3 }";
    assert!(one_mistake(text).contains("on another scale"));
    assert!(
        one_mistake("aggregation = 'owa'\nnormalisation = 'rank'\n[[items]]\nid = 'x'")
            .contains("places")
    );
}

#[test]
fn branches_hold_what_stands_above_them() {
    let dimensions = "normalisation = 'rank'\n[[dimensions]]\nid = 'a'\n[[dimensions.items]]\nid = 'x'\n\
                      [[dimensions]]\nid = 'b'\n[[dimensions.items]]\nid = 'y'\n";
    let good = format!(
        "{dimensions}[[branches]]\nid = 'c'\nmembers = ['a', 'b']\n[[branches]]\nid = 'd'\nmembers = ['c']"
    );
    assert_eq!(parsed(&good).node_ids(), ["a", "b", "c", "d"]);
    let twice = format!(
        "{dimensions}[[branches]]\nid = 'c'\nmembers = ['a']\n[[branches]]\nid = 'd'\nmembers = ['a', 'e']\n\
         [[branches]]\nid = 'b'"
    );
    assert_eq!(
        mistakes(&twice),
        [
            "f.toml:13: branch `d`: `a` is no dimension or branch above that belongs to no branch yet",
            "f.toml:13: branch `d`: `e` is no dimension or branch above that belongs to no branch yet",
            "f.toml:16: branch `b`: no `members`",
            "f.toml:17: branch `b` stands in line 7 already",
        ]
        .map(str::to_owned)
    );
}
