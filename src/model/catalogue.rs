//! All models of a project and the order in which they are computed.

use std::collections::{BTreeMap, BTreeSet};

use super::file::Model;
use super::header::Audience;
use super::policy::Policy;
use super::table_test::TestRule;
use crate::contract::Contracts;
use crate::problem::Problem;

/// Tables of the last earlier release that models may read, with the name under which they see them.
pub const PREVIOUS_TABLES: [(&str, &str); 2] = [
    ("previous_hits", "indicator_hits"),
    ("previous_exit_proposals", "exit_proposals"),
];

/// Tables that models may read and that no model file makes.
pub const BUILT_IN: [&str; 13] = [
    "cities",
    "divisions",
    "months",
    "days",
    "run_context",
    "policy",
    "policy_list",
    "revisions",
    "loads",
    "quarantine",
    "previous_hits",
    "previous_exit_proposals",
    ALL_INDICATOR_HITS,
];

/// The rows of every indicator model, with the indicator's id in front.
pub const ALL_INDICATOR_HITS: &str = "all_indicator_hits";

/// Built-in tables in which a test may look for the values of a column.
const REFERENCE: [&str; 4] = ["cities", "divisions", "months", "days"];

/// Models by name, and their order.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    models: BTreeMap<String, Model>,
    order: Vec<String>,
}

impl Catalogue {
    /// Parses model files (path, text) and puts them in order.
    ///
    /// # Errors
    /// Every mistake: headers, SQL, unknown tables and parameters, circles.
    pub fn build(
        files: &[(String, String)],
        contracts: &Contracts,
        policy: &Policy,
    ) -> Result<Catalogue, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut models: BTreeMap<String, Model> = BTreeMap::new();
        for (file, text) in files {
            match Model::parse(file, text) {
                Err(found) => problems.extend(found),
                Ok(model) => {
                    let taken = contracts.get(&model.name).is_some()
                        || BUILT_IN.contains(&model.name.as_str());
                    if let Some(earlier) = models.get(&model.name) {
                        let message =
                            format!("table `{}` is made by {} too", model.name, earlier.file);
                        problems.push(Problem::new(file, None, message));
                    } else if taken {
                        let message =
                            format!("`{}` is the name of a feed or built-in table", model.name);
                        problems.push(Problem::new(file, None, message));
                    } else {
                        models.insert(model.name.clone(), model);
                    }
                }
            }
        }
        for model in models.values() {
            check_names(model, &models, contracts, policy, &mut problems);
        }
        check_indicator_ids(&models, &mut problems);
        let order = order(&models, &mut problems);
        if problems.is_empty() {
            Ok(Catalogue { models, order })
        } else {
            Err(problems)
        }
    }

    /// A model by name.
    pub fn get(&self, name: &str) -> Option<&Model> {
        self.models.get(name)
    }

    /// Models in an order in which each comes after those it reads.
    pub fn in_order(&self) -> impl Iterator<Item = &Model> {
        self.order.iter().filter_map(|name| self.models.get(name))
    }

    /// Models that make indicators, by indicator id.
    pub fn indicators(&self) -> Vec<&Model> {
        let mut found: Vec<&Model> = self
            .models
            .values()
            .filter(|model| model.header.indicator.is_some())
            .collect();
        found.sort_by_key(|model| {
            model
                .header
                .indicator
                .as_ref()
                .map(|entry| entry.id.clone())
        });
        found
    }

    /// Models whose tables are published, by name.
    pub fn published(&self) -> impl Iterator<Item = &Model> {
        self.models
            .values()
            .filter(|model| model.header.audience != Audience::Intermediate)
    }

    /// The models that must be computed for `wanted`: they and all they read.
    pub fn closure(&self, wanted: &[String]) -> BTreeSet<String> {
        let mut needed = BTreeSet::new();
        let mut open: Vec<String> = wanted.to_vec();
        while let Some(name) = open.pop() {
            if let Some(model) = self.models.get(&name)
                && needed.insert(name)
            {
                open.extend(reads(model, &self.models));
            }
        }
        needed
    }

    /// The policy parameters of a model: its own and, of an indicator, those of the tables that are made for it alone.
    pub fn parameters(&self, model: &Model) -> Vec<String> {
        let mut parameters = model.header.policy.clone();
        if model.header.indicator.is_none() {
            return parameters;
        }
        let others: Vec<String> = self
            .indicators()
            .into_iter()
            .filter(|other| other.name != model.name)
            .map(|other| other.name.clone())
            .collect();
        let of_others = self.closure(&others);
        let own = self.closure(std::slice::from_ref(&model.name));
        for name in own.difference(&of_others) {
            let step = self.models.get(name).map(|step| &step.header.policy);
            parameters.extend(step.into_iter().flatten().cloned());
        }
        let mut seen = BTreeSet::new();
        parameters.retain(|parameter| seen.insert(parameter.clone()));
        parameters
    }
}

/// The models a model reads, the union of indicators taken apart.
fn reads(model: &Model, models: &BTreeMap<String, Model>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in &model.reads {
        if name == ALL_INDICATOR_HITS {
            names.extend(
                models
                    .values()
                    .filter(|model| model.header.indicator.is_some())
                    .map(|model| model.name.clone()),
            );
        } else if models.contains_key(name) {
            names.push(name.clone());
        }
    }
    names
}

fn check_names(
    model: &Model,
    models: &BTreeMap<String, Model>,
    contracts: &Contracts,
    policy: &Policy,
    problems: &mut Vec<Problem>,
) {
    for name in &model.reads {
        let known = models.contains_key(name)
            || contracts.get(name).is_some()
            || contracts.of_versions(name).is_some()
            || BUILT_IN.contains(&name.as_str());
        if !known {
            let message =
                format!("reads table `{name}`, which no model, feed or reference table makes");
            problems.push(Problem::new(&model.file, None, message));
        }
    }
    for test in &model.header.tests {
        if let TestRule::Relation { table, .. } = &test.rule
            && !models.contains_key(table)
            && contracts.get(table).is_none()
            && !REFERENCE.contains(&table.as_str())
        {
            let message = format!(
                "test `{}` looks into table `{table}`, which no model, feed or reference table makes",
                test.name
            );
            problems.push(Problem::new(&model.file, Some(test.line), message));
        }
    }
    for parameter in &model.header.policy {
        if !policy.is_known(parameter) {
            let message = format!(
                "policy parameter or list `{parameter}` stands in no file of pipelines/policy"
            );
            problems.push(Problem::new(&model.file, Some(1), message));
        }
    }
}

fn check_indicator_ids(models: &BTreeMap<String, Model>, problems: &mut Vec<Problem>) {
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    for model in models.values() {
        if let Some(entry) = &model.header.indicator
            && let Some(earlier) = seen.insert(&entry.id, &model.file)
        {
            let message = format!("indicator {} is defined by {earlier} too", entry.id);
            problems.push(Problem::new(&model.file, Some(1), message));
        }
    }
}

fn order(models: &BTreeMap<String, Model>, problems: &mut Vec<Problem>) -> Vec<String> {
    let mut waiting: BTreeMap<&str, BTreeSet<String>> = models
        .values()
        .map(|model| {
            (
                model.name.as_str(),
                reads(model, models).into_iter().collect(),
            )
        })
        .collect();
    let mut order: Vec<String> = Vec::new();
    while let Some(next) = waiting
        .iter()
        .find(|(_, reads)| {
            reads
                .iter()
                .all(|name| !waiting.contains_key(name.as_str()))
        })
        .map(|(name, _)| *name)
    {
        order.push(next.to_owned());
        waiting.remove(next);
    }
    if !waiting.is_empty() {
        let circle: Vec<&str> = waiting.keys().copied().collect();
        let file = waiting
            .keys()
            .next()
            .and_then(|name| models.get(*name))
            .map(|model| model.file.clone())
            .unwrap_or_default();
        let message = format!("models read each other in a circle: {}", circle.join(", "));
        problems.push(Problem::new(&file, None, message));
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(name: &str, reads: &str) -> (String, String) {
        let text = format!(
            "/*\ntitle_zh = \"一\"\ntitle_en = \"one\"\naudience = \"public\"\ngrain = [\"a\"]\n[[columns]]\nname = \"a\"\ntype = \"int\"\n*/\nSELECT a FROM {reads}\n"
        );
        (format!("sql/{name}.sql"), text)
    }

    fn build(files: &[(String, String)]) -> Result<Catalogue, Vec<Problem>> {
        Catalogue::build(files, &Contracts::default(), &Policy::default())
    }

    #[test]
    fn each_model_comes_after_what_it_reads() {
        let files = [model("a", "b"), model("b", "c"), model("c", "cities")];
        let catalogue = build(&files).unwrap();
        let order: Vec<&str> = catalogue
            .in_order()
            .map(|model| model.name.as_str())
            .collect();
        assert_eq!(order, ["c", "b", "a"]);
        assert_eq!(catalogue.closure(&["b".to_owned()]).len(), 2);
    }

    #[test]
    fn circles_and_unknown_tables_are_found() {
        let problems = build(&[model("a", "b"), model("b", "a")]).unwrap_err();
        assert!(
            problems
                .iter()
                .any(|problem| problem.message.contains("circle"))
        );
        let problems = build(&[model("a", "nothing")]).unwrap_err();
        assert!(
            problems
                .iter()
                .any(|problem| problem.message.contains("`nothing`"))
        );
        let twice = [
            model("a", "cities"),
            ("sql/x/a.sql".to_owned(), model("a", "cities").1),
        ];
        assert!(build(&twice).is_err());
    }
}
