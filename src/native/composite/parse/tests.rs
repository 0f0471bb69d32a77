use super::super::normalise::Direction;
use super::*;

const GOOD: &str = r#"id = "index"
title_zh = "指数"
title_en = "Index"
aggregation = "arithmetic"
missing = "available_weights"
minimum_coverage = 0.8

[[grades]]
id = "good"
title_zh = "良"
title_en = "good"
minimum = 50
[[grades]]
id = "bad"
title_zh = "差"
title_en = "bad"

[[dimensions]]
id = "one"
title_zh = "一"
title_en = "One"
weight = 2
aggregation = "geometric"
[[dimensions.items]]
id = "first"
title_zh = "甲"
title_en = "First"
weight = 1
normalisation = { method = "goalposts", minimum = 0, maximum = 5 }
direction = "lower"
"#;

/// `GOOD` with one piece replaced.
fn mistakes_after(old: &str, new: &str) -> Vec<String> {
    assert!(GOOD.contains(old), "{old}");
    let text = GOOD.replacen(old, new, 1);
    match Framework::parse("index.toml", &text) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

fn one_mistake(old: &str, new: &str) -> String {
    let mistakes = mistakes_after(old, new);
    assert_eq!(mistakes.len(), 1, "{mistakes:#?}");
    mistakes[0].clone()
}

fn mistakes_of(text: &str) -> String {
    let problems = Framework::parse("index.toml", text).unwrap_err();
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

#[test]
fn a_good_file_reads() {
    let framework = Framework::parse("index.toml", GOOD).unwrap();
    assert_eq!(framework.id, "index");
    assert_eq!(framework.rank_decimals, 9);
    assert_eq!(framework.integrity, None);
    assert_eq!(framework.grades[0].minimum, Some(50.0));
    let (dimension, item) = framework.items().next().unwrap();
    assert_eq!(dimension.aggregation, Aggregation::Geometric);
    assert_eq!(dimension.line, 18);
    assert_eq!(item.direction, Direction::Lower);
    let expected = Normalisation::Goalposts {
        minimum: 0.0,
        maximum: 5.0,
        logarithm: false,
    };
    assert_eq!(item.normalisation, expected);
}

#[test]
fn every_mistake_is_told_with_its_line() {
    let text = GOOD
        .replace("minimum_coverage = 0.8", "minimum_coverage = 8")
        .replace("weight = 2", "weight = -2\ncolour = 'red'")
        .replace("aggregation = \"geometric\"", "aggregation = \"median\"")
        .replace("maximum = 5", "maximum = 'five'");
    let told = mistakes_of(&text);
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(
        lines,
        [
            "index.toml:6: `minimum_coverage` must be between 0 and 1",
            "index.toml:22: dimension `one`: `weight` must be greater than 0",
            "index.toml:23: dimension `one`: unknown key `colour` (known: id, title_zh, title_en, weight, aggregation, weights, items)",
            "index.toml:24: dimension `one`: `aggregation` is `median`, must be one of arithmetic, geometric, harmonic, owa, borda, copeland, topsis",
            "index.toml:30: item `first`, `normalisation`: `maximum` must be a number, is string",
        ]
    );
}

#[test]
fn syntax_errors_have_a_line() {
    let told = mistakes_after("weight = 2", "weight = = 2");
    let syntax = |line: &String| line.starts_with("index.toml:22: not valid TOML: ");
    assert!(!told.is_empty() && told.iter().all(syntax), "{told:#?}");
}

#[test]
fn missing_keys_are_told_at_their_table() {
    assert_eq!(
        one_mistake("missing = \"available_weights\"\n", ""),
        "index.toml:1: the file: `missing` is missing"
    );
    assert_eq!(
        one_mistake("weight = 1\n", ""),
        "index.toml:24: item `first`: `weight` is missing"
    );
    assert_eq!(
        one_mistake(", maximum = 5", ""),
        "index.toml:29: item `first`, `normalisation`: `maximum` is missing"
    );
    assert_eq!(
        one_mistake(
            "normalisation = { method = \"goalposts\", minimum = 0, maximum = 5 }\n",
            ""
        ),
        "index.toml:24: item `first`: `normalisation` is missing"
    );
}

#[test]
fn contradictions_are_refused() {
    let cases = [
        (
            "maximum = 5",
            "maximum = 0",
            "index.toml:29: `maximum` must be above `minimum`",
        ),
        (
            "maximum = 5",
            "maximum = 5, scale = 'logarithm'",
            "index.toml:29: `minimum` must be greater than 0 on a logarithmic scale",
        ),
        (
            "method = \"goalposts\", minimum = 0, maximum = 5",
            "method = 'z_score'",
            "index.toml:24: item `first`: scores below 0 cannot be brought together by a geometric or harmonic mean",
        ),
        (
            "method = \"goalposts\", minimum = 0, maximum = 5",
            "method = 'none'",
            "index.toml:24: item `first`: values as they stand cannot be turned round",
        ),
        (
            "method = \"goalposts\", minimum = 0, maximum = 5",
            "method = 'rank', target = 1",
            "index.toml:29: item `first`, `normalisation`: unknown key `target` (known: method)",
        ),
        (
            "direction = \"lower\"",
            "peer_cap = 75",
            "index.toml:30: `peer_cap` is a quantile, between 0 and 1",
        ),
        (
            "id = \"bad\"",
            "id = \"good\"",
            "index.toml:14: grade `good` stands in line 9 already",
        ),
        (
            "id = \"bad\"",
            "id = \"not_graded\"",
            "index.toml:14: grade `not_graded` is a name the engine gives itself",
        ),
        (
            "title_en = \"bad\"",
            "title_en = \"bad\"\nminimum = 10",
            "index.toml:17: the last grade takes all that is left and has no `minimum`",
        ),
        (
            "minimum = 50\n",
            "",
            "index.toml:8: the file, grades entry 1: `minimum` is missing",
        ),
        (
            "id = \"first\"",
            "id = \"First item\"",
            "index.toml:25: dimension `one`, items entry 1: `id` must be lower-case letters, digits and underscores, beginning with a letter",
        ),
        (
            "weight = 1",
            "weight = inf",
            "index.toml:28: item `first`: `weight` must be a finite decimal number",
        ),
        (
            "title_en = \"First\"",
            "title_en = ''",
            "index.toml:27: item `first`: `title_en` must not be empty",
        ),
    ];
    for (old, new, expected) in cases {
        assert_eq!(one_mistake(old, new), expected);
    }
}

#[test]
fn items_and_dimensions_are_needed_once_each() {
    let second_item = "\n[[dimensions.items]]\nid = \"first\"\ntitle_zh = \"甲\"\ntitle_en = \"First\"\nweight = 1\n\
         normalisation = { method = \"rank\" }\n";
    assert_eq!(
        one_mistake("direction = \"lower\"\n", second_item),
        "index.toml:32: item `first` stands in line 25 already"
    );
    let (head, _) = GOOD.split_once("[[dimensions.items]]").unwrap();
    let told = mistakes_of(head);
    assert_eq!(
        told,
        "index.toml:18: dimension `one`: no `[[dimensions.items]]`"
    );
    let (head, _) = GOOD.split_once("[[dimensions]]").unwrap();
    let told = mistakes_of(head);
    assert_eq!(told, "index.toml:1: the file: no `[[dimensions]]`");
}

#[test]
fn an_empty_file_says_what_it_lacks() {
    let told = Framework::parse("index.toml", "").unwrap_err();
    assert_eq!(told.len(), 7, "{told:#?}");
}

#[test]
fn the_hash_follows_numbers_and_not_words() {
    let hash = |text: &str| Framework::parse("index.toml", text).unwrap().config_hash;
    let base = hash(GOOD);
    assert_eq!(
        base,
        hash(&format!("# a comment\n{}", GOOD.replace("甲", "乙")))
    );
    assert_ne!(base, hash(&GOOD.replace("weight = 2", "weight = 3")));
}

#[test]
fn uncertainty_has_defaults_and_limits() {
    let with = |lines: &str| GOOD.replace("minimum_coverage = 0.8\n", lines);
    let none = Framework::parse("index.toml", GOOD).unwrap();
    assert_eq!(none.uncertainty, None);
    let short = with("minimum_coverage = 0.8\nuncertainty = { draws = 50 }\n");
    let found = Framework::parse("index.toml", &short).unwrap().uncertainty;
    let found = found.unwrap();
    assert_eq!((found.draws, found.seed), (50, 20_200_721));
    assert_eq!((found.weight_spread, found.agreement), (0.25, 0.9));
    let wrong = "minimum_coverage = 0.8\nuncertainty = { draws = 0.5, seed = -1, weight_spread = 1, agreement = 2 }\n";
    assert_eq!(
        mistakes_of(&with(wrong)).lines().collect::<Vec<_>>(),
        [
            "index.toml:7: `draws` must be a whole number from 1 to 100000",
            "index.toml:7: `seed` must be a whole number from 0 to 9007199254740992",
            "index.toml:7: `weight_spread` must be between 0 and 0.99",
            "index.toml:7: `agreement` must be between 0 and 1",
        ]
    );
    let doubt =
        "minimum_coverage = 0.8\nweights = 'benefit_of_the_doubt'\nuncertainty = { draws = 5 }\n";
    assert_eq!(
        mistakes_of(&with(doubt)),
        "index.toml:1: the file: `uncertainty` does not go with weights by benefit_of_the_doubt"
    );
}
