//! Lineage as Mermaid graphs: from feeds over steps on the way to published tables.
//!
//! Calendars, divisions and policy parameters are read nearly everywhere and say nothing of where figures come from, so
//! they are left out; so is a step that reads nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use crate::model::{ALL_INDICATOR_HITS, Audience, Model};
use crate::project::Project;
use crate::run::{MADE_TABLES, MadeFrom};

/// Tables of the loader's books, which models read like feeds.
const BOOKS: [&str; 2] = ["loads", "quarantine"];
/// Steps of one folder of `sql` that a table's graph shows one by one; more are drawn as one.
const SINGLE_STEPS: usize = 6;

/// What stands behind a graph's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Shape {
    /// A feed or the books.
    Source,
    /// Steps on the way.
    Step,
    /// A published table.
    Published,
}

/// A graph under construction.
#[derive(Default)]
struct Graph {
    nodes: BTreeMap<String, (Shape, String)>,
    edges: BTreeSet<(String, String)>,
}

impl Graph {
    fn node(&mut self, id: &str, shape: Shape, label: &str) -> String {
        self.nodes.insert(id.to_owned(), (shape, label.to_owned()));
        id.to_owned()
    }

    fn edge(&mut self, from: String, to: String) {
        // Steps that are drawn as one read each other too.
        if from != to {
            self.edges.insert((from, to));
        }
    }

    fn mermaid(&self) -> String {
        let mut text = "```mermaid\nflowchart LR\n".to_owned();
        for (id, (shape, label)) in &self.nodes {
            // Writing to a `String` cannot fail.
            let _ = match shape {
                Shape::Source => writeln!(text, "    {id}([\"{label}\"])"),
                Shape::Step => writeln!(text, "    {id}[\"{label}\"]"),
                Shape::Published => writeln!(text, "    {id}[[\"{label}\"]]"),
            };
        }
        for (from, to) in &self.edges {
            let _ = writeln!(text, "    {from} --> {to}");
        }
        text.push_str("```");
        text
    }
}

/// The folder of `sql` in which a model's file lies.
fn folder(model: &Model) -> &str {
    let below = model.file.strip_prefix("sql/").unwrap_or(&model.file);
    below.split_once('/').map_or("sql", |(folder, _)| folder)
}

/// The tables a model reads, the union of indicators taken apart.
fn inputs<'a>(project: &'a Project, model: &'a Model) -> Vec<&'a str> {
    let mut names = Vec::new();
    for name in &model.reads {
        if name == ALL_INDICATOR_HITS {
            let indicators = project.models.indicators();
            names.extend(indicators.into_iter().map(|model| model.name.as_str()));
        } else {
            names.push(name.as_str());
        }
    }
    names
}

fn is_published(model: &Model) -> bool {
    model.header.audience != Audience::Intermediate
}

/// The steps on the way to a table, up to the published tables that it reads; by name.
pub(super) fn steps<'a>(project: &'a Project, model: &'a Model) -> Vec<&'a Model> {
    let mut found: BTreeMap<&str, &Model> = BTreeMap::new();
    let mut open = vec![model];
    while let Some(next) = open.pop() {
        for name in inputs(project, next) {
            if let Some(input) = project.models.get(name)
                && !is_published(input)
                && comes_from_feeds(project, input)
                && found.insert(&input.name, input).is_none()
            {
                open.push(input);
            }
        }
    }
    found.into_values().collect()
}

/// Whether anything but calendars and the like is read, directly or not.
fn comes_from_feeds(project: &Project, model: &Model) -> bool {
    inputs(project, model).into_iter().any(|name| {
        is_source(project, name)
            || project
                .models
                .get(name)
                .is_some_and(|input| comes_from_feeds(project, input))
    })
}

fn is_source(project: &Project, name: &str) -> bool {
    project.contracts.get(name).is_some() || BOOKS.contains(&name)
}

/// Draws a model's inputs; `id_of` says as what a step is drawn.
fn draw(
    project: &Project,
    model: &Model,
    graph: &mut Graph,
    id_of: &dyn Fn(&Model) -> (String, String),
) {
    let to = if is_published(model) {
        graph.node(
            &model.name,
            Shape::Published,
            &label(&model.name, &model.header.title_zh),
        )
    } else {
        let (id, label) = id_of(model);
        graph.node(&id, Shape::Step, &label)
    };
    for name in inputs(project, model) {
        let from = if let Some(contract) = project.contracts.get(name) {
            graph.node(
                &format!("feed_{name}"),
                Shape::Source,
                &label(name, &contract.title_zh),
            )
        } else if BOOKS.contains(&name) {
            graph.node("books", Shape::Source, "books of the loader<br/>装载账目")
        } else if let Some(input) = project.models.get(name).filter(|input| is_published(input)) {
            graph.node(name, Shape::Published, &label(name, &input.header.title_zh))
        } else if let Some(input) = project
            .models
            .get(name)
            .filter(|input| comes_from_feeds(project, input))
        {
            let (id, label) = id_of(input);
            graph.node(&id, Shape::Step, &label)
        } else {
            continue;
        };
        graph.edge(from, to.clone());
    }
}

/// A name over its Chinese title; quotes would end the label.
fn label(name: &str, title_zh: &str) -> String {
    format!("{name}<br/>{}", title_zh.replace('"', "'"))
}

fn folder_node(name: &str) -> (String, String) {
    (format!("steps_{name}"), format!("sql/{name}"))
}

/// The graph of one table, from feeds and published tables on.
pub(super) fn of_table(project: &Project, model: &Model) -> String {
    let steps = steps(project, model);
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    for step in &steps {
        *sizes.entry(folder(step)).or_default() += 1;
    }
    let id_of = |step: &Model| {
        let size = sizes.get(folder(step)).copied().unwrap_or_default();
        if size > SINGLE_STEPS {
            let (id, text) = folder_node(folder(step));
            return (id, format!("{text}<br/>{size} steps"));
        }
        (step.name.clone(), label(&step.name, &step.header.title_zh))
    };
    let mut graph = Graph::default();
    for step in steps.iter().copied().chain([model]) {
        draw(project, step, &mut graph, &id_of);
    }
    graph.mermaid()
}

/// The graph of everything, steps drawn by folder.
pub(super) fn overall(project: &Project) -> String {
    let id_of = |step: &Model| folder_node(folder(step));
    let mut graph = Graph::default();
    for model in project.models.in_order() {
        // Audits judge tables and make none.
        if model.header.audit.is_none() && comes_from_feeds(project, model) {
            draw(project, model, &mut graph, &id_of);
        }
    }
    for made in MADE_TABLES {
        let (id, text) = match made.source {
            MadeFrom::Books => ("books", "books of the loader<br/>装载账目"),
            MadeFrom::Indicators => ("steps_indicators", "sql/indicators"),
            MadeFrom::Tests => ("tests", "tests of all tables<br/>各表的检验"),
            MadeFrom::Releases => ("releases", "releases<br/>历次发布"),
        };
        let shape = match made.source {
            MadeFrom::Books | MadeFrom::Releases => Shape::Source,
            MadeFrom::Indicators | MadeFrom::Tests => Shape::Step,
        };
        let from = graph.node(id, shape, text);
        let to = graph.node(
            made.name,
            Shape::Published,
            &label(made.name, made.title_zh),
        );
        graph.edge(from, to);
    }
    graph.mermaid()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project() -> Project {
        Project::open(std::path::Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap()
    }

    #[test]
    fn a_table_s_graph_ends_at_feeds_and_published_tables() {
        let project = project();
        let graph = of_table(&project, project.models.get("learner_archive").unwrap());
        assert!(
            graph.contains("feed_enrolments([\"enrolments<br/>"),
            "{graph}"
        );
        assert!(
            graph.contains("    hit_enrolments --> learner_archive\n"),
            "{graph}"
        );
        // What hit_enrolments is made from stands with it.
        assert!(!graph.contains("a01_invalid_identity"), "{graph}");
        assert!(
            !graph.contains("cities") && !graph.contains("elapsed_days"),
            "{graph}"
        );
    }

    #[test]
    fn many_steps_of_a_folder_are_drawn_as_one() {
        let project = project();
        let graph = of_table(&project, project.models.get("indicator_hits").unwrap());
        assert!(
            graph.contains("    steps_indicators --> indicator_hits\n"),
            "{graph}"
        );
        assert!(
            graph.contains("    feed_study_logs --> steps_logs\n"),
            "{graph}"
        );
    }

    #[test]
    fn the_whole_names_every_published_table_once() {
        let project = project();
        let graph = overall(&project);
        for model in project.models.published() {
            assert_eq!(
                graph.matches(&format!("    {}[[", model.name)).count(),
                1,
                "{}",
                model.name
            );
        }
        assert!(graph.contains("    books --> quarantine\n"), "{graph}");
    }
}
