use super::*;

const FRAMEWORK: &str = r#"
scale = 1
missing = "group_median"
peer_group = "region"
[[dimensions]]
id = "wealth"
weights = "entropy"
[[dimensions.items]]
id = "income"
column = "Income per head"
treatment = "winsorise"
normalisation = "min_max"
[[dimensions.items]]
id = "debt"
direction = "lower"
normalisation = "min_max"
[[dimensions]]
id = "health"
[[dimensions.items]]
id = "years"
normalisation = { method = "goalposts", minimum = 20, maximum = 85 }
"#;

fn sheet(text: &str) -> Sheet {
    let mut lines = text
        .lines()
        .map(|line| line.split(',').map(str::to_owned).collect());
    Sheet {
        file: "t.csv".to_owned(),
        columns: lines.next().unwrap(),
        rows: lines
            .enumerate()
            .map(|(place, cells)| SheetRow {
                line: place + 2,
                cells,
            })
            .collect(),
    }
}

const TABLE: &str = "country,region,Income per head,debt,years\n\
                     A,east,10,1,52.5\nB,east,20,..,85\nC,west,30,3,20\nD,west,40,5,72";

fn framework() -> Framework {
    Framework::parse_with_defaults("f.toml", FRAMEWORK).unwrap()
}

fn numbers(listing: &Listing, name: &str) -> Vec<Option<f64>> {
    let (_, column) = listing.columns.iter().find(|(own, _)| own == name).unwrap();
    match column {
        ListingColumn::Number(values) => values.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_table_is_scored_and_reported() {
    let evaluation = evaluate_sheet(&framework(), &sheet(TABLE), &[]).unwrap();
    let scores = score_listing(&framework(), &evaluation);
    let names: Vec<&str> = scores
        .columns
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(
        names,
        ["unit", "score", "rank", "wealth", "health", "coverage"]
    );
    assert_eq!(numbers(&scores, "health")[0], Some(0.5));
    // B's debt is the median of the east, which counts as there for the score and not for coverage.
    let coverage = numbers(&scores, "coverage");
    assert_eq!(coverage[0], Some(1.0));
    assert!(coverage[1].unwrap() < 1.0);
    let contributions = contribution_listing(&framework(), &evaluation);
    let points = numbers(&contributions, "contribution");
    for (unit, score) in numbers(&scores, "score").iter().enumerate() {
        let sum: f64 = points[unit * 3..unit * 3 + 3].iter().flatten().sum();
        assert!((sum - score.unwrap()).abs() < 1e-12);
    }
    let treatments = treatment_listing(&framework(), &evaluation);
    assert_eq!(treatments.height(), 3);
    let weights = weight_listing(&framework(), &evaluation);
    let leaves: f64 = numbers(&weights, "index_weight")[2..]
        .iter()
        .flatten()
        .sum();
    assert!((leaves - 1.0).abs() < 1e-12);
    assert!(factor_listing(&framework(), &evaluation).is_some());
    assert_eq!(correlation_listing(&framework(), &evaluation).height(), 3);
    assert_eq!(outranking_listing(&framework(), &evaluation).height(), 4);
    assert!(outlook_listing(&framework(), &evaluation).height() > 0);
}

#[test]
fn the_order_of_rows_changes_no_score() {
    let straight = evaluate_sheet(&framework(), &sheet(TABLE), &[]).unwrap();
    let mut turned = sheet(TABLE);
    turned.rows.reverse();
    let mut turned = evaluate_sheet(&framework(), &turned, &[]).unwrap();
    turned.units.reverse();
    assert_eq!(straight, turned);
}

#[test]
fn mistakes_have_their_line() {
    let text = "country,region,Income per head,debt\nA,east,ten,1\n,east,1,2\nA,west,2,3";
    let problems = evaluate_sheet(&framework(), &sheet(text), &[]).unwrap_err();
    let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "t.csv:1: there is no column `years` (columns: country, region, Income per head, debt)",
            "t.csv:2: column of `income`: `ten` is no number",
            "t.csv:3: the unit has no name",
            "t.csv:4: unit `A` stands in line 2 already (several columns can name units: --unit A,B)",
        ]
    );
}

#[test]
fn a_table_splits_by_a_column() {
    let parts = sheet(TABLE).split("region").unwrap();
    let names: Vec<&str> = parts.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["east", "west"]);
    let (_, east) = &parts[0];
    assert_eq!(east.rows.len(), 2);
    assert!(sheet(TABLE).split("year").is_err());
    let two = ["region".to_owned(), "country".to_owned()];
    let units = units_of(&framework(), &sheet(TABLE), &two).unwrap().units;
    assert_eq!(units[0].id, "east A");
}

#[test]
fn a_dimension_is_not_called_as_a_column_of_the_results() {
    let text = FRAMEWORK.replace("id = \"health\"", "id = \"rank\"");
    let problems = parse_table_framework("f.toml", &text).unwrap_err();
    assert_eq!(
        problems[0].to_string(),
        "f.toml:17: `rank` is a column of the results, no name for a dimension"
    );
}

#[test]
fn ranks_and_their_variation_are_listed() {
    let text = "country,a,b,c\nA,9,8,7\nB,5,7,2\nC,6,3,9\nD,1,2,1\nE,,,";
    let file = "uncertainty = { draws = 64 }\nnormalisation = 'min_max'\nminimum_coverage = 0.5\n\
                [[items]]\nid = 'a'\n[[items]]\nid = 'b'\n[[items]]\nid = 'c'\n\
                [[grades]]\nid = 'up'\nminimum = 50\n[[grades]]\nid = 'down'\n";
    let framework = Framework::parse_with_defaults("f.toml", file).unwrap();
    let sheet = sheet(text);
    let units = units_of(&framework, &sheet, &[]).unwrap();
    let evaluation = evaluate_sheet(&framework, &sheet, &[]).unwrap();
    let listing = uncertainty_listing(&framework, &units, &evaluation);
    let names: Vec<&str> = listing
        .columns
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "unit",
            "rank",
            "rank_p05",
            "rank_p50",
            "rank_p95",
            "grade",
            "grade_agreement",
            "borderline"
        ]
    );
    let agreement = numbers(&listing, "grade_agreement");
    assert_eq!((agreement[0], agreement[4]), (Some(1.0), None));
    let (_, column) = listing.columns.last().unwrap();
    let words = agreement.iter().map(|share| {
        let word = if (*share)? < 0.9 { "yes" } else { "no" };
        Some(word.to_owned())
    });
    let words: Vec<Option<String>> = words.collect();
    assert!(words.contains(&Some("yes".to_owned())) && words.contains(&Some("no".to_owned())));
    assert_eq!(column, &ListingColumn::Text(words));
    for name in ["rank", "rank_p05", "rank_p95"] {
        let (_, column) = listing.columns.iter().find(|(own, _)| own == name).unwrap();
        let ListingColumn::Count(ranks) = column else {
            panic!("{column:?}");
        };
        assert_eq!((ranks[0], ranks[3], ranks[4]), (Some(1), Some(4), None));
    }
    let influences = influence_listing(&framework, &units, &evaluation).unwrap();
    assert_eq!(influences.height(), 5);
    assert_eq!(numbers(&influences, "total").len(), 5);
}
