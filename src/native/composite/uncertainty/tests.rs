use super::super::evaluate::{ItemValue, evaluate};
use super::study::Drawn;
use super::*;
use crate::native::random::Random;

const PLATFORM: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/pipelines/evaluation.toml"
));

const GRADES: &str = "
[[grades]]
id = 'high'
minimum = 50
[[grades]]
id = 'low'
";

fn platform() -> Framework {
    Framework::parse("evaluation.toml", PLATFORM).unwrap()
}

fn parsed(text: &str) -> Framework {
    Framework::parse_with_defaults("index.toml", text).unwrap()
}

fn rule(draws: u32) -> UncertaintyRule {
    UncertaintyRule {
        draws,
        ..UncertaintyRule::default()
    }
}

fn units(count: usize) -> Vec<Unit> {
    let unit = |place: usize| Unit {
        id: format!("u{place:04}"),
        sample_ok: true,
        deduction: (place % 4) as f64 * 5.0,
        vetoes: Vec::new(),
    };
    (0..count).map(unit).collect()
}

/// Shares around a level of each unit's own; about one of `gap` is missing.
fn values(framework: &Framework, units: &[Unit], gap: usize) -> Vec<ItemValue> {
    let mut all = Vec::new();
    for (number, unit) in (0u64..).zip(units) {
        let mut random = Random::new(77, number);
        let level = 0.4 + 0.5 * random.unit();
        for (_, item) in framework.items() {
            let value = level + 0.3 * (random.unit() - 0.5);
            let is_there = random.below(gap) > 0;
            all.push(ItemValue {
                unit: unit.id.clone(),
                item: item.id.clone(),
                value: is_there.then_some(value),
            });
        }
    }
    all
}

struct Case {
    framework: Framework,
    units: Vec<Unit>,
    values: Vec<ItemValue>,
}

impl Case {
    fn new(framework: Framework, count: usize) -> Self {
        let units = units(count);
        let values = values(&framework, &units, 40);
        Self {
            framework,
            units,
            values,
        }
    }

    fn evaluation(&self) -> Evaluation {
        evaluate(&self.framework, &self.units, &self.values).unwrap()
    }

    fn uncertainty(&self, rule: UncertaintyRule) -> Vec<Option<UnitUncertainty>> {
        let evaluation = self.evaluation();
        rank_uncertainty(
            &self.framework,
            rule,
            &self.units,
            &BTreeMap::new(),
            &evaluation,
        )
    }

    fn influences(&self, rule: UncertaintyRule) -> Option<Vec<FactorInfluence>> {
        let evaluation = self.evaluation();
        let groups = BTreeMap::new();
        rank_influences(&self.framework, rule, &self.units, &groups, &evaluation)
    }
}

/// The framework's own choices must give what the engine publishes, whatever the framework.
#[test]
fn own_choices_give_the_published_ranks_and_grades() {
    let items =
        "[[items]]\nid = 'a'\nweight = 3\n[[items]]\nid = 'b'\n[[items]]\nid = 'c'\nweight = 2\n";
    let tree = "normalisation = 'min_max'\naggregation = { method = 'owa', weights = [0.7, 0.3] }
        [[dimensions]]\nid = 'one'\naggregation = 'geometric'\nweights = 'critic'
        [[dimensions.items]]\nid = 'a'\n[[dimensions.items]]\nid = 'b'\n[[dimensions.items]]\nid = 'c'
        [[dimensions]]\nid = 'two'\n[[dimensions.items]]\nid = 'd'\n[[dimensions.items]]\nid = 'e'
        [[dimensions]]\nid = 'three'\nweight = 2\n[[dimensions.items]]\nid = 'f'
        [[branches]]\nid = 'four'\naggregation = 'harmonic'\nmembers = ['one', 'two']\n";
    let mut frameworks = vec![platform(), parsed(&format!("{tree}{GRADES}"))];
    for missing in ["complete", "group_median", "available_weights"] {
        for method in ["arithmetic", "geometric", "borda", "copeland", "topsis"] {
            let head = format!("missing = '{missing}'\naggregation = '{method}'\n");
            frameworks.push(parsed(&format!(
                "{head}normalisation = 'percentile_rank'\n{items}{GRADES}"
            )));
        }
        frameworks.push(parsed(&format!(
            "missing = '{missing}'\nnormalisation = 'z_score'\n{items}"
        )));
    }
    for framework in frameworks {
        let case = Case::new(framework, 60);
        let evaluation = case.evaluation();
        let groups = BTreeMap::new();
        let study = Study::new(&case.framework, rule(1), &case.units, &groups, &evaluation);
        let study = study.unwrap();
        let expected = Drawn {
            ranks: study.participants.iter().map(|one| one.rank).collect(),
            grades: study.participants.iter().map(|one| one.grade).collect(),
        };
        assert_eq!(study.apply(study.own_choice()), expected);
        assert_eq!(study.mean_shift(&expected), 0.0);
    }
}

#[test]
fn neither_threads_nor_the_order_of_units_change_anything() {
    let mut case = Case::new(platform(), 40);
    let base = case.uncertainty(rule(300));
    let influences = case.influences(rule(64));
    for threads in [1, 3] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        let pool = pool.unwrap();
        assert_eq!(pool.install(|| case.uncertainty(rule(300))), base);
        assert_eq!(pool.install(|| case.influences(rule(64))), influences);
    }
    case.units.reverse();
    let mut turned = case.uncertainty(rule(300));
    turned.reverse();
    assert_eq!(turned, base);
    let other = UncertaintyRule {
        seed: 1,
        ..rule(300)
    };
    assert_ne!(case.uncertainty(other), turned);
}

#[test]
fn the_best_and_the_worst_in_everything_keep_their_ranks() {
    let mut case = Case::new(platform(), 20);
    for entry in &mut case.values {
        match entry.unit.as_str() {
            "u0000" => entry.value = Some(0.99),
            "u0001" => entry.value = Some(0.01),
            _ => {}
        }
    }
    // Fewer is better here.
    for entry in &mut case.values {
        if ["upheld_complaints", "hard_hit_rate"].contains(&entry.item.as_str()) {
            entry.value = entry.value.map(|value| 1.0 - value);
        }
    }
    let found = case.uncertainty(rule(200));
    for (unit, rank) in [(0, 1), (1, 20)] {
        let unit = found[unit].unwrap();
        assert_eq!((unit.rank_p05, unit.rank_p95), (rank, rank));
    }
    assert_eq!(found[1].unwrap().grade_agreement, Some(1.0));
    for unit in found.iter().flatten() {
        assert!(unit.rank_p05 <= unit.rank_p50 && unit.rank_p50 <= unit.rank_p95);
        assert!((0.0..=1.0).contains(&unit.grade_agreement.unwrap()));
    }
}

#[test]
fn only_ranked_units_take_part_and_vetoes_stand() {
    let mut case = Case::new(platform(), 12);
    case.units[3].sample_ok = false;
    case.units[5].vetoes = vec!["fraud".to_owned()];
    for entry in &mut case.values {
        if entry.unit == "u0007" && entry.item != "rating" {
            entry.value = None;
        }
    }
    let found = case.uncertainty(rule(100));
    let absent: Vec<usize> = (0..12).filter(|place| found[*place].is_none()).collect();
    assert_eq!(absent, [3, 7]);
    assert_eq!(found[5].unwrap().grade_agreement, Some(1.0));
    assert!(found.iter().flatten().all(|unit| unit.rank_p95 <= 10));
    case.units
        .iter_mut()
        .for_each(|unit| unit.sample_ok = false);
    assert!(case.uncertainty(rule(100)).iter().all(Option::is_none));
    assert_eq!(case.influences(rule(16)), None);
}

/// One unit alone is always the first, and no scale but the framework's own means anything for it.
#[test]
fn one_unit_alone() {
    let case = Case::new(platform(), 1);
    let found = case.uncertainty(rule(100))[0].unwrap();
    assert_eq!((found.rank_p05, found.rank_p50, found.rank_p95), (1, 1, 1));
    assert_eq!(case.influences(rule(16)), None);
}

#[test]
fn factors_that_can_do_nothing_have_no_influence() {
    let flat = "normalisation = 'min_max'\n[[dimensions]]\nid = 'only'\n";
    let items = "[[dimensions.items]]\nid = 'a'\n[[dimensions.items]]\nid = 'b'\n[[dimensions.items]]\nid = 'c'\n";
    let case = Case::new(parsed(&format!("{flat}{items}")), 30);
    let still = UncertaintyRule {
        weight_spread: 0.0,
        ..rule(256)
    };
    let found = case.influences(still).unwrap();
    let of = |factor: Factor| {
        let mut all = found.iter();
        all.find(|one| one.factor == factor).unwrap().index
    };
    for factor in [Factor::Weights, Factor::Aggregation] {
        assert_eq!(of(factor).total, 0.0, "{}", factor.name());
    }
    let left_out = of(Factor::LeaveOneOut);
    assert!(
        left_out.total > 0.8 && left_out.first_order > 0.8,
        "{left_out:?}"
    );
    assert!(of(Factor::Treatment).total < 0.01);
}

/// Leaving out the only item of a dimension leaves the dimension out, in frameworks without tolerance for gaps too.
#[test]
fn a_dimension_may_be_left_out_whole() {
    let text = "missing = 'complete'\nnormalisation = 'min_max'
        [[dimensions]]\nid = 'one'\n[[dimensions.items]]\nid = 'a'
        [[dimensions]]\nid = 'two'\n[[dimensions.items]]\nid = 'b'\n";
    let mut case = Case::new(parsed(text), 3);
    let rows = [(0.9, 0.1), (0.5, 0.2), (0.1, 0.3)];
    for (pair, (a, b)) in case.values.chunks_mut(2).zip(rows) {
        pair[0].value = Some(a);
        pair[1].value = Some(b);
    }
    let evaluation = case.evaluation();
    let groups = BTreeMap::new();
    let study = Study::new(&case.framework, rule(1), &case.units, &groups, &evaluation);
    let study = study.unwrap();
    let mut choice = study.own_choice();
    choice.left_out = Some(0);
    assert_eq!(study.apply(choice).ranks, [3, 2, 1]);
    choice.left_out = Some(1);
    assert_eq!(study.apply(choice).ranks, [1, 2, 3]);
}

/// A linear change of all items' scales moves the level of all scores; grades must not move with it.
#[test]
fn grades_keep_their_meaning_on_another_scale() {
    let goalposts = "normalisation = { method = 'goalposts', minimum = 0, maximum = 1 }\n";
    let text = format!("{goalposts}[[items]]\nid = 'a'\n{GRADES}");
    let case = Case::new(parsed(&text), 25);
    let evaluation = case.evaluation();
    let groups = BTreeMap::new();
    let study = Study::new(&case.framework, rule(1), &case.units, &groups, &evaluation);
    let study = study.unwrap();
    let own = study.apply(study.own_choice());
    assert!(own.grades.contains(&Some(0)) && own.grades.contains(&Some(1)));
    for scale in [alternatives::Scale::MinMax, alternatives::Scale::ZScore] {
        let mut choice = study.own_choice();
        choice.scale = scale;
        assert_eq!(study.apply(choice), own);
    }
}
