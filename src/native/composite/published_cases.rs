//! Published indices run through the engine: it must give the published numbers.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{Evaluation, Framework, ItemValue, Unit, evaluate};

/// The rows of a CSV file, by column name.
fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

fn units<'a>(ids: impl Iterator<Item = &'a String>) -> Vec<Unit> {
    let unit = |id: &String| Unit {
        id: id.clone(),
        sample_ok: true,
        deduction: 0.0,
        vetoes: Vec::new(),
    };
    ids.map(unit).collect()
}

fn value(unit: &str, item: &str, text: &str) -> ItemValue {
    ItemValue {
        unit: unit.to_owned(),
        item: item.to_owned(),
        value: Some(text.parse().unwrap()),
    }
}

mod human_development_index {
    use super::*;

    /// UNDP technical note 1 (2023/24): goalposts 20–85, 0–18, 0–15 and ln 100 to ln 75,000, caps at 1, schooling the
    /// arithmetic mean of its two indices, the index the geometric mean of the three dimensions. Scores are points of
    /// 100, so the three published decimals are one decimal here.
    const FRAMEWORK: &str = r#"
        id = "human_development"
        title_zh = "人类发展指数"
        title_en = "Human Development Index"
        aggregation = "geometric"
        missing = "complete"
        minimum_coverage = 1
        rank_decimals = 1

        [[dimensions]]
        id = "health"
        title_zh = "健康"
        title_en = "Health"
        weight = 1
        aggregation = "arithmetic"
        [[dimensions.items]]
        id = "le"
        title_zh = "预期寿命"
        title_en = "Life expectancy at birth, years"
        weight = 1
        normalisation = { method = "goalposts", minimum = 20, maximum = 85 }

        [[dimensions]]
        id = "education"
        title_zh = "教育"
        title_en = "Education"
        weight = 1
        aggregation = "arithmetic"
        [[dimensions.items]]
        id = "eys"
        title_zh = "预期受教育年限"
        title_en = "Expected years of schooling"
        weight = 1
        normalisation = { method = "goalposts", minimum = 0, maximum = 18 }
        [[dimensions.items]]
        id = "mys"
        title_zh = "平均受教育年限"
        title_en = "Mean years of schooling"
        weight = 1
        normalisation = { method = "goalposts", minimum = 0, maximum = 15 }

        [[dimensions]]
        id = "income"
        title_zh = "收入"
        title_en = "Income"
        weight = 1
        aggregation = "arithmetic"
        [[dimensions.items]]
        id = "gnipc"
        title_zh = "人均国民总收入"
        title_en = "Gross national income per person, 2017 PPP dollars"
        weight = 1
        normalisation = { method = "goalposts", minimum = 100, maximum = 75_000, scale = "logarithm" }
    "#;

    type Row = BTreeMap<String, String>;

    fn panel() -> Option<Vec<Row>> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../shared/refs/hdi/hdi_panel_1990_2022.csv");
        if !path.exists() {
            eprintln!("skipped: the Human Development Index panel is not on this machine");
            return None;
        }
        Some(rows(&path))
    }

    fn evaluate_rows(panel: &[&Row]) -> Evaluation {
        let framework = Framework::parse("hdi.toml", FRAMEWORK).unwrap();
        let id = |row: &Row| format!("{} {}", row["iso3"], row["year"]);
        let ids: Vec<String> = panel.iter().map(|row| id(row)).collect();
        let values: Vec<ItemValue> = panel
            .iter()
            .flat_map(|row| {
                ["le", "eys", "mys", "gnipc"].map(|item| value(&id(row), item, &row[item]))
            })
            .collect();
        evaluate(&framework, &units(ids.iter()), &values).unwrap()
    }

    #[test]
    fn every_country_and_year_has_its_published_value() {
        let Some(panel) = panel() else { return };
        assert_eq!(panel.len(), 6171);
        let evaluation = evaluate_rows(&panel.iter().collect::<Vec<_>>());
        for (row, result) in panel.iter().zip(&evaluation.units) {
            let published: f64 = row["hdi"].parse().unwrap();
            let index = result.score.unwrap() / 100.0;
            assert_eq!(
                format!("{index:.3}"),
                format!("{published:.3}"),
                "{}",
                result.id
            );
        }
    }

    #[test]
    fn contributions_add_up_to_the_score() {
        let Some(panel) = panel() else { return };
        let evaluation = evaluate_rows(&panel.iter().collect::<Vec<_>>());
        for result in &evaluation.units {
            let sum: f64 = result
                .items
                .iter()
                .filter_map(|item| item.contribution)
                .sum();
            assert!((sum - result.score.unwrap()).abs() < 1e-9, "{}", result.id);
        }
    }

    #[test]
    fn every_country_has_its_published_rank_of_2022() {
        let Some(panel) = panel() else { return };
        let ranked: Vec<&Row> = panel.iter().filter(|row| !row["rank"].is_empty()).collect();
        assert_eq!(ranked.len(), 193);
        let evaluation = evaluate_rows(&ranked);
        for (row, result) in ranked.iter().zip(&evaluation.units) {
            let published: f64 = row["rank"].parse().unwrap();
            assert_eq!(result.rank.map(f64::from), Some(published), "{}", result.id);
        }
    }
}

mod technology_achievement_index {
    use super::*;

    const INDICATORS: [&str; 8] = [
        "patents",
        "royalties",
        "internet",
        "exports",
        "telephones",
        "electricity",
        "schooling",
        "university",
    ];

    fn file(name: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/data/tai")
            .join(name)
    }

    fn countries() -> Vec<BTreeMap<String, String>> {
        rows(&file("tai_input_tableA2_23.csv"))
    }

    /// One dimension of equally weighted items.
    fn framework(aggregation: &str, items: &[(&str, String)]) -> Framework {
        let mut text = format!(
            "id = 'technology'\ntitle_zh = '技术成就指数'\ntitle_en = 'Technology Achievement Index'\n\
             aggregation = '{aggregation}'\nmissing = 'complete'\nminimum_coverage = 1\n\
             [[dimensions]]\nid = 'all'\ntitle_zh = '全部'\ntitle_en = 'All'\nweight = 1\n\
             aggregation = '{aggregation}'\n"
        );
        for (id, normalisation) in items {
            text.push_str(&format!(
                "[[dimensions.items]]\nid = '{id}'\ntitle_zh = '{id}'\ntitle_en = '{id}'\nweight = 1\n\
                 normalisation = {normalisation}\n"
            ));
        }
        Framework::parse("tai.toml", &text).unwrap()
    }

    fn evaluate_countries(framework: &Framework) -> Evaluation {
        let countries = countries();
        let mut values = Vec::new();
        for country in &countries {
            for (_, item) in framework.items() {
                let logarithm = format!("{}_log10", item.id);
                let text = country
                    .get(&logarithm)
                    .unwrap_or_else(|| &country[&item.id]);
                values.push(value(&country["country"], &item.id, text));
            }
        }
        evaluate(
            framework,
            &units(countries.iter().map(|row| &row["country"])),
            &values,
        )
        .unwrap()
    }

    fn assert_ranks(evaluation: &Evaluation, column: &str) {
        let published: BTreeMap<String, u32> = rows(&file("tai_table38_ranks_by_aggregation.csv"))
            .into_iter()
            .map(|row| (row["country"].clone(), row[column].parse().unwrap()))
            .collect();
        assert_eq!(published.len(), 23);
        for result in &evaluation.units {
            assert_eq!(result.rank, Some(published[&result.id]), "{}", result.id);
        }
    }

    #[test]
    fn schooling_is_normalised_as_in_table_15() {
        // Column of table 15, normalisation, and the unit the column is printed in.
        let cases = [
            ("rank", "{ method = 'rank' }", 1.0),
            ("zscore", "{ method = 'z_score' }", 1.0),
            ("minmax", "{ method = 'min_max' }", 0.01),
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
            ("percentile", "{ method = 'percentile_rank' }", 1.0),
        ];
        let table = rows(&file("tai_table15_schooling_normalised.csv"));
        assert_eq!(table.len(), 23);
        for (column, normalisation, unit) in cases {
            let items = [("schooling", normalisation.to_owned())];
            let evaluation = evaluate_countries(&framework("arithmetic", &items));
            let found: BTreeMap<&str, f64> = evaluation
                .units
                .iter()
                .map(|result| {
                    (
                        result.id.as_str(),
                        result.items[0].normalised.unwrap() * unit,
                    )
                })
                .collect();
            for row in &table {
                let printed = &row[column];
                let decimals = printed
                    .split_once('.')
                    .map_or(0, |(_, digits)| digits.len());
                let half_a_digit = 0.5 * 10f64.powi(-(decimals as i32)) + 1e-9;
                let difference = found[row["country"].as_str()] - printed.parse::<f64>().unwrap();
                assert!(
                    difference.abs() <= half_a_digit,
                    "{column} of {}",
                    row["country"]
                );
            }
        }
    }

    #[test]
    fn equal_weights_on_the_undp_goalposts_give_the_published_ranks_and_values() {
        let goalposts = |row: &BTreeMap<String, String>| {
            let end = |key: &str| -> f64 { row[key].parse().unwrap() };
            // Table A.2 gives the logarithms of these two.
            let scale = |end: f64| {
                if row["transform"] == "log" {
                    end.log10()
                } else {
                    end
                }
            };
            let (minimum, maximum) = (scale(end("min")), scale(end("max")));
            format!("{{ method = 'goalposts', minimum = {minimum:?}, maximum = {maximum:?} }}")
        };
        let posts = rows(&file("tai_undp2001_goalposts.csv"));
        let items: Vec<(&str, String)> = posts
            .iter()
            .map(|row| (row["indicator"].as_str(), goalposts(row)))
            .collect();
        assert_eq!(items.len(), 8);
        let evaluation = evaluate_countries(&framework("arithmetic", &items));
        assert_ranks(&evaluation, "LIN");

        let published: BTreeMap<String, f64> = rows(&file("tai_undp2001_published_2dec.csv"))
            .into_iter()
            .map(|row| (row["country"].clone(), row["tai"].parse().unwrap()))
            .collect();
        let compared = evaluation.units.iter().filter_map(|result| {
            let published = published.get(&result.id)?;
            Some((result.score.unwrap() / 100.0 - published).abs())
        });
        let differences: Vec<f64> = compared.collect();
        assert_eq!(differences.len(), 22);
        // Table A.2 is rounded, so the last printed digit may be missed by little.
        assert!(differences.iter().all(|difference| *difference < 0.006));
    }

    #[test]
    fn the_geometric_mean_of_the_raw_table_gives_the_published_ranks() {
        let items = INDICATORS.map(|id| (id, "{ method = 'none' }".to_owned()));
        assert_ranks(&evaluate_countries(&framework("geometric", &items)), "GME");
    }
}
