//! `reference`: the generated pages of `docs`, which CI finds stale.

mod lineage;
mod tables;

use std::fmt::Write;
use std::path::PathBuf;

use clap::Args;

use super::Global;
use super::context::{CommandError, Exit};
use super::output::print_line;
use crate::model::PROVINCE;
use crate::project::Project;

/// Options of `reference`.
#[derive(Debug, Args)]
pub(super) struct ReferenceArgs {
    /// Folder to write the pages into: tables.md and indicators.md, and the others below reference/
    #[arg(long, default_value = "docs")]
    out: PathBuf,
}

pub(super) fn reference(global: &Global, args: &ReferenceArgs) -> Result<Exit, CommandError> {
    let project = Project::open(&global.project)?;
    let pages = [
        ("tables.md", tables::tables(&project)),
        ("reference/feeds.md", feeds(&project)),
        ("indicators.md", indicators(&project)),
        ("reference/policy.md", policy(&project)),
    ];
    let fail = |path: &PathBuf| {
        let context = format!("writing {}", path.display());
        move |source| CommandError::Io { context, source }
    };
    let folder = args.out.join("reference");
    std::fs::create_dir_all(&folder).map_err(fail(&folder))?;
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

    /// A heading to which other pages link as `anchor`.
    fn heading(&mut self, anchor: &str, name: &str, title_zh: &str, title_en: &str) {
        self.line(&format!(
            "\n<a id=\"{anchor}\"></a>\n\n## {name} {title_zh} / {title_en}\n"
        ));
    }

    /// What a table says, in Chinese where it is given, then in English.
    fn descriptions(&mut self, zh: &str, en: &str) {
        if !zh.trim().is_empty() {
            self.line(&format!("{}\n", zh.trim()));
        }
        self.line(en.trim());
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
        page.heading(
            &contract.feed,
            &contract.feed,
            &contract.title_zh,
            &contract.title_en,
        );
        page.line(&contract.description_en);
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

fn indicators(project: &Project) -> String {
    let mut page = Page::new("疑点指标 / Indicators", "the headers of `sql/indicators`");
    page.line("\nEvery hit is a lead to be checked, not a finding: 疑点线索，需核查，非认定结论.");
    page.line(
        "\nStrength 强度: H contradicts a rule or physics 违反规定或常理; S statistically strong 统计上显著; \
         W context only, never alone 仅供参考，不单独使用.\n",
    );
    page.table(
        [
            "指标 indicator",
            "名称",
            "title",
            "强度 strength",
            "对象 one hit for each",
        ],
        project.models.indicators().into_iter().filter_map(|model| {
            let entry = model.header.indicator.as_ref()?;
            Some([
                format!("[{}](#{})", entry.id, entry.id.to_lowercase()),
                entry.title_zh.clone(),
                entry.title_en.clone(),
                entry.strength.clone(),
                entry.grain.clone(),
            ])
        }),
    );
    for model in project.models.indicators() {
        let Some(entry) = &model.header.indicator else {
            continue;
        };
        page.heading(
            &entry.id.to_lowercase(),
            &entry.id,
            &entry.title_zh,
            &entry.title_en,
        );
        page.descriptions(&model.header.description_zh, &model.header.description_en);
        page.line("");
        let parameters: Vec<String> = project
            .models
            .parameters(model)
            .into_iter()
            .map(|name| format!("[`{name}`](reference/policy.md#{name})"))
            .collect();
        let both = |zh: &str, en: &str| format!("{zh}<br>{en}");
        for (name, value) in [
            ("手法 scheme", &both(&entry.scheme_zh, &entry.scheme)),
            ("强度 strength", &entry.strength),
            (
                "对象 one hit for each",
                &format!("{} / {}", entry.grain_zh, entry.grain),
            ),
            ("检验 test", &both(&entry.threshold_zh, &entry.threshold)),
            ("政策参数 parameters", &parameters.join(", ")),
            ("依据 policy", &entry.policy_reference),
            (
                "常见误报 usual false positives",
                &both(&entry.false_positives_zh, &entry.false_positives),
            ),
            ("核查要求 ask for", &both(&entry.ask_for_zh, &entry.ask_for)),
            ("定义 definition", &format!("[{0}](../{0})", model.file)),
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
                format!("<a id=\"{0}\"></a>`{0}`", row.parameter),
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
    page.line("\n## 清单 / Lists\n");
    let entries = project.policy.list_rows.iter();
    page.table(
        ["list", "meaning", "entry", "from", "basis", "citation"],
        project.policy.lists.iter().flat_map(|(name, list)| {
            let title = format!("{} / {}", list.title_zh, list.title_en);
            let own = entries
                .clone()
                .filter(|row| row.list == *name && row.city_code == PROVINCE);
            let mut rows: Vec<[String; 6]> = own
                .map(|row| {
                    [
                        format!("`{name}`"),
                        title.clone(),
                        row.value.clone(),
                        row.valid_from.to_string(),
                        row.basis.clone(),
                        row.citation.clone(),
                    ]
                })
                .collect();
            if rows.is_empty() {
                let none = || String::new();
                rows.push([format!("`{name}`"), title, none(), none(), none(), none()]);
            }
            if let Some([first, ..]) = rows.first_mut() {
                *first = format!("<a id=\"{name}\"></a>`{name}`");
            }
            rows
        }),
    );
    page.text
}
