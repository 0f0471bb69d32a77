//! The Technology Achievement Index: normalisations, values, ranks (OECD/JRC Handbook, tables 15, 19, 23, 38).

use super::*;

pub(super) fn countries() -> Sheet {
    sheet(&data("tai/tai_input_tableA2_23.csv"))
}

pub(super) fn published(file: &str, column: &str) -> BTreeMap<String, f64> {
    let rows = rows(&data("tai").join(file)).into_iter();
    rows.map(|row| (row["country"].clone(), row[column].parse().unwrap()))
        .collect()
}

fn assert_ranks(name: &'static str, evaluation: &Evaluation, published: &BTreeMap<String, f64>) {
    assert_eq!(published.len(), 23);
    let mut case = Case::new(name, 0.0);
    for result in &evaluation.units {
        case.compare(
            result.rank.map_or(0.0, f64::from),
            published[&result.id],
            &result.id,
        );
    }
    case.tell();
}

#[test]
fn schooling_is_normalised_as_in_table_15() {
    // Column of table 15, normalisation, and the unit the column is printed in.
    let cases = [
        ("rank", "'rank'", 1.0),
        ("zscore", "'z_score'", 1.0),
        ("minmax", "'min_max'", 0.01),
        (
            "ratio_c_mean",
            "{ method = 'distance', reference = 'mean' }",
            0.01,
        ),
        (
            "ratio_c_best",
            "{ method = 'distance', reference = 'best' }",
            0.01,
        ),
        (
            "ratio_c_worst",
            "{ method = 'distance', reference = 'worst' }",
            0.01,
        ),
        (
            "diff_c_mean",
            "{ method = 'distance', reference = 'mean', measure = 'difference' }",
            0.01,
        ),
        (
            "diff_c_worst",
            "{ method = 'distance', reference = 'worst', measure = 'difference' }",
            0.01,
        ),
        ("above_below_mean_p20", "'above_mean'", 1.0),
        ("percentile", "'percentile_rank'", 1.0),
        ("categorical", "'categories'", 1.0),
    ];
    let table = rows(&data("tai/tai_table15_schooling_normalised.csv"));
    assert_eq!(table.len(), 23);
    let mut case = Case::new(
        "TAI table 15, eleven normalisations, as printed",
        half_a_digit(1),
    );
    for (column, normalisation, unit) in cases {
        let text = format!("[[items]]\nid = 'schooling'\nnormalisation = {normalisation}");
        let evaluation = evaluated(&parsed(&text), &countries());
        let found: BTreeMap<&str, f64> = evaluation
            .units
            .iter()
            .map(|result| (result.id.as_str(), result.score.unwrap() * unit))
            .collect();
        for row in &table {
            let printed = &row[column];
            let decimals = printed
                .split_once('.')
                .map_or(0, |(_, digits)| digits.len());
            let found = found[row["country"].as_str()];
            let difference = found - printed.parse::<f64>().unwrap();
            let allowed = half_a_digit(i32::try_from(decimals).unwrap());
            assert!(
                difference.abs() <= allowed,
                "{column} of {}",
                row["country"]
            );
            case.compare(found, printed.parse().unwrap(), column);
        }
    }
    case.tell();
}

#[test]
fn equal_weights_on_the_undp_goalposts() {
    let evaluation = evaluated(&framework("tai.toml"), &countries());
    let ranks = published("tai_table38_ranks_by_aggregation.csv", "LIN");
    assert_ranks(
        "TAI table 38, ranks by linear aggregation",
        &evaluation,
        &ranks,
    );
    let ranks = published("tai_table23_ranks_by_weighting.csv", "EW");
    assert_ranks("TAI table 23, ranks by equal weights", &evaluation, &ranks);
    let values = published("tai_undp2001_published_2dec.csv", "tai");
    // Table A.2 is rounded, so the last printed digit may be missed by little.
    let mut case = Case::new("TAI 2001, values of UNDP at 2 decimals", 0.006);
    for result in &evaluation.units {
        if let Some(value) = values.get(&result.id) {
            case.compare(result.score.unwrap(), *value, &result.id);
        }
    }
    assert_eq!(case.compared, 22);
    case.tell();
}

#[test]
fn weights_by_budget_allocation() {
    let evaluation = evaluated(&framework("tai_budget_allocation.toml"), &countries());
    let ranks = published("tai_table23_ranks_by_weighting.csv", "BAP");
    assert_ranks(
        "TAI table 23, ranks by budget allocation",
        &evaluation,
        &ranks,
    );
}

#[test]
fn the_geometric_mean_of_the_raw_table() {
    let evaluation = evaluated(&framework("tai_geometric.toml"), &countries());
    let ranks = published("tai_table38_ranks_by_aggregation.csv", "GME");
    assert_ranks(
        "TAI table 38, ranks by geometric aggregation",
        &evaluation,
        &ranks,
    );
}

#[test]
fn the_benefit_of_the_doubt() {
    let evaluation = evaluated(&framework("tai_benefit_of_the_doubt.toml"), &countries());
    let scores = published("tai_table19_bod.csv", "bod_score");
    let mut case = Case::new("TAI table 19, benefit of the doubt, 10–15 % each", 0.007);
    for result in &evaluation.units {
        case.compare(result.score.unwrap(), scores[&result.id], &result.id);
    }
    case.tell();
    let ranks = published("tai_table23_ranks_by_weighting.csv", "BOD");
    assert_ranks(
        "TAI table 23, ranks by benefit of the doubt",
        &evaluation,
        &ranks,
    );
    for shares in evaluation.weights[0].by_unit.iter().flatten() {
        assert!(
            shares
                .iter()
                .all(|share| (0.1 - 1e-9..=0.15 + 1e-9).contains(share))
        );
    }
}
