//! The Human Development Index of the Human Development Report 2023/24 (UNDP, CC BY 3.0 IGO).

use super::*;

fn rounded(value: f64) -> String {
    format!("{value:.3}")
}

/// The panel's rows for which `keep` holds, with their evaluation.
fn panel(keep: impl Fn(&Row) -> bool) -> Option<(Vec<Row>, Evaluation)> {
    let path = shared("hdi/hdi_panel_1990_2022.csv")?;
    let mut table = sheet(&path);
    let all = rows(&path);
    let mut kept = all.iter().map(&keep);
    table.rows.retain(|_| kept.next().unwrap());
    let names = ["iso3".to_owned(), "year".to_owned()];
    let evaluation = evaluate_sheet(&framework("hdi.toml"), &table, &names).unwrap();
    Some((all.into_iter().filter(keep).collect(), evaluation))
}

#[test]
fn every_country_and_year_has_its_published_value() {
    let Some((panel, evaluation)) = panel(|_| true) else {
        return;
    };
    assert_eq!(panel.len(), 6171);
    let mut case = Case::new("HDI 1990–2022, index at 3 decimals", half_a_digit(3));
    for (row, result) in panel.iter().zip(&evaluation.units) {
        let (published, found) = (row["hdi"].parse().unwrap(), result.score.unwrap());
        assert_eq!(rounded(found), rounded(published), "{}", result.id);
        case.compare(found, published, &result.id);
    }
    case.tell();
}

#[test]
fn contributions_add_up_to_the_score() {
    let Some((_, evaluation)) = panel(|_| true) else {
        return;
    };
    for result in &evaluation.units {
        let contributions = result.items.iter().filter_map(|item| item.contribution);
        let sum: f64 = contributions.sum();
        assert!((sum - result.score.unwrap()).abs() < 1e-9, "{}", result.id);
    }
}

#[test]
fn every_country_has_its_published_rank_of_2022() {
    let Some((ranked, evaluation)) = panel(|row| !row["rank"].is_empty()) else {
        return;
    };
    assert_eq!(ranked.len(), 193);
    let mut case = Case::new("HDI 2022, ranks", 0.0);
    for (row, result) in ranked.iter().zip(&evaluation.units) {
        let published: f64 = row["rank"].parse().unwrap();
        case.compare(result.rank.map_or(0.0, f64::from), published, &result.id);
    }
    case.tell();
}

/// Technical note 2: each dimension index times 1 − its inequality, then the geometric mean; the coefficient of human
/// inequality is the arithmetic mean of the three.
#[test]
fn inequality_adjusted_values_of_2022() {
    let Some((panel, evaluation)) = panel(|row| row["year"] == "2022") else {
        return;
    };
    let Some(path) = shared("hdi/ihdi_gdi_2022.csv") else {
        return;
    };
    let published: BTreeMap<String, Row> = rows(&path)
        .into_iter()
        .map(|row| (row["iso3"].clone(), row))
        .collect();
    let inequalities = ["ineq_le", "ineq_edu", "ineq_inc"];
    let (mut matrix, mut shares, mut expected) = (Vec::new(), Vec::new(), Vec::new());
    for (row, result) in panel.iter().zip(&evaluation.units) {
        let Some(own) = published
            .get(&row["iso3"])
            .filter(|own| !own["ihdi"].is_empty())
        else {
            continue;
        };
        let lost = inequalities.map(|name| own[name].parse::<f64>().unwrap());
        let kept = result.dimensions.iter().zip(&lost);
        matrix.push(
            kept.map(|(index, lost)| index.score.unwrap() * (1.0 - lost / 100.0))
                .collect(),
        );
        shares.push(lost.to_vec());
        expected.push([&own["ihdi"], &own["coef_ineq"]].map(|text| text.parse::<f64>().unwrap()));
    }
    let items = "normalisation = 'none'\n[[items]]\nid = 'c0'\n[[items]]\nid = 'c1'\n[[items]]\nid = 'c2'\n";
    let geometric = evaluated(
        &parsed(&format!("aggregation = 'geometric'\n{items}")),
        &matrix_sheet(&matrix),
    );
    let arithmetic = evaluated(&parsed(items), &matrix_sheet(&shares));
    let mut index = Case::new(
        "Inequality-adjusted HDI 2022, at 3 decimals",
        half_a_digit(3),
    );
    let mut coefficient = Case::new("Coefficient of human inequality 2022", 1e-5);
    for ((found, mean), [ihdi, inequality]) in
        geometric.units.iter().zip(&arithmetic.units).zip(&expected)
    {
        index.compare(found.score.unwrap(), *ihdi, &found.id);
        coefficient.compare(mean.score.unwrap(), *inequality, &mean.id);
    }
    index.tell();
    coefficient.tell();
}
