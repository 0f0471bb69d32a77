//! `reference`: the generated pages of `docs/reference`, which CI finds stale.

use std::fmt::Write;
use std::path::PathBuf;

use clap::Args;

use super::Global;
use super::context::{CommandError, Exit};
use super::output::print_line;
use crate::model::{Audience, Model, PROVINCE};
use crate::project::Project;

/// Options of `reference`.
#[derive(Debug, Args)]
pub(super) struct ReferenceArgs {
    /// Folder to write the pages into
    #[arg(long, default_value = "docs/reference")]
    out: PathBuf,
}

pub(super) fn reference(global: &Global, args: &ReferenceArgs) -> Result<Exit, CommandError> {
    let project = Project::open(&global.project)?;
    let pages = [
        ("feeds.md", feeds(&project)),
        ("tables.md", tables(&project)),
        ("indicators.md", indicators(&project)),
        ("policy.md", policy(&project)),
    ];
    let fail = |path: &PathBuf| {
        let context = format!("writing {}", path.display());
        move |source| CommandError::Io { context, source }
    };
    std::fs::create_dir_all(&args.out).map_err(fail(&args.out))?;
    for (name, text) in pages {
        let path = args.out.join(name);
        std::fs::write(&path, text).map_err(fail(&path))?;
        print_line(&path.display().to_string());
    }
    Ok(Exit::Done)
}

/// A page under construction; writing to a `String` cannot fail.
struct Page {
    text: String,
}

impl Page {
    fn new(title: &str, source: &str) -> Page {
        Page {
            text: format!(
                "# {title}\n\nGenerated from {source} by `skillwatch reference`; do not edit.\n"
            ),
        }
    }

    fn line(&mut self, line: &str) {
        let _ = writeln!(self.text, "{line}");
    }

    fn table<const N: usize>(
        &mut self,
        headings: [&str; N],
        rows: impl Iterator<Item = [String; N]>,
    ) {
        self.line("");
        self.line(&format!("| {} |", headings.join(" | ")));
        self.line(&format!("|{}|", ["---"; N].join("|")));
        for row in rows {
            let cells = row.map(|cell| cell.replace('|', "\\|").replace('\n', " "));
            self.line(&format!("| {} |", cells.join(" | ")));
        }
    }
}

fn feeds(project: &Project) -> String {
    let mut page = Page::new("Feeds", "`pipelines/feeds`");
    for contract in project.contracts.iter() {
        page.line(&format!(
            "\n## {} {} / {}\n\n{}",
            contract.feed, contract.title_zh, contract.title_en, contract.description_en
        ));
        let keys = &contract.key;
        page.table(
            ["column", "表头", "key", "required", "meaning"],
            contract.columns.iter().enumerate().map(|(index, column)| {
                let mark = |yes: bool| if yes { "yes" } else { "" }.to_owned();
                [
                    format!("`{}`", column.name),
                    column.zh.join("、"),
                    mark(keys.contains(&index)),
                    mark(column.required),
                    column.en.clone(),
                ]
            }),
        );
    }
    page.text
}

fn audience(model: &Model) -> &'static str {
    match model.header.audience {
        Audience::Public => "public",
        Audience::Internal => "internal",
        Audience::Restricted => "restricted",
        Audience::Intermediate => "intermediate",
    }
}

fn tables(project: &Project) -> String {
    let mut page = Page::new("Published tables", "the headers of `sql`");
    for model in project.models.published() {
        let header = &model.header;
        page.line(&format!(
            "\n## {} {} / {}\n\n{}",
            model.name, header.title_zh, header.title_en, header.description_en
        ));
        page.line(&format!(
            "\n- audience: {}\n- one row for each: {}\n- sources: {}\n- definition: `{}`",
            audience(model),
            header.grain.join(", "),
            header.sources.join("; "),
            model.file
        ));
        page.table(
            ["column", "中文", "unit", "meaning"],
            header.columns.iter().map(|column| {
                [
                    format!("`{}`", column.name),
                    column.zh.clone(),
                    column.unit.clone(),
                    column.en.clone(),
                ]
            }),
        );
    }
    page.text
}

fn indicators(project: &Project) -> String {
    let mut page = Page::new("Indicators", "the headers of `sql/indicators`");
    page.line("\nEvery hit is a lead to be checked, not a finding: 疑点线索，需核查，非认定结论.");
    for model in project.models.indicators() {
        let Some(entry) = &model.header.indicator else {
            continue;
        };
        page.line(&format!(
            "\n## {} {} / {}\n",
            entry.id, entry.title_zh, entry.title_en
        ));
        for (name, value) in [
            ("scheme", &entry.scheme),
            ("strength", &entry.strength),
            ("one hit for each", &entry.grain),
            ("test", &entry.threshold),
            ("policy", &entry.policy_reference),
            ("usual false positives", &entry.false_positives),
            ("ask for", &entry.ask_for),
            ("definition", &format!("`{}`", model.file)),
        ] {
            page.line(&format!("- {name}: {value}"));
        }
    }
    page.text
}

fn policy(project: &Project) -> String {
    let mut page = Page::new("Policy parameters", "`pipelines/policy`");
    page.line("\nThe province's values; a city's own rows stand in the files.");
    let rows = project
        .policy
        .rows
        .iter()
        .filter(|row| row.city_code == PROVINCE);
    page.table(
        [
            "parameter",
            "meaning",
            "value",
            "unit",
            "from",
            "basis",
            "citation",
        ],
        rows.map(|row| {
            let parameter = project.policy.parameters.get(&row.parameter);
            [
                format!("`{}`", row.parameter),
                parameter
                    .map(|parameter| format!("{} / {}", parameter.title_zh, parameter.title_en))
                    .unwrap_or_default(),
                row.value_text.clone(),
                parameter
                    .map(|parameter| parameter.unit.clone())
                    .unwrap_or_default(),
                row.valid_from.to_string(),
                row.basis.clone(),
                row.citation.clone(),
            ]
        }),
    );
    page.text
}
