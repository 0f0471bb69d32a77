//! The page of published tables: what each says, its columns, its tests, and what it is made from.

use super::Page;
use super::lineage;
use crate::model::{Audience, Model, Severity};
use crate::project::Project;
use crate::run::{MADE_TABLES, MadeFrom, MadeTable};

/// Headings of the columns' tables.
const COLUMN_HEADINGS: [&str; 4] = ["column 列", "中文", "unit 单位", "meaning"];

/// The page `docs/tables.md`.
pub(super) fn tables(project: &Project) -> String {
    let mut page = Page::new("Published tables 发布的表", "the headers of `sql`");
    page.line(
        "\nPublic 公开, internal 内部 and restricted 受限 say whom a table is meant for. Every release holds all of these tables; \
         `skillwatch query` reads them, `skillwatch explain TABLE` shows one with its SQL.\n\n## Tables 目录",
    );
    contents(project, &mut page);
    page.line(
        "\n## Lineage 数据来源\n\nFrom the feeds (rounded) over the steps of each folder of `sql` to the published tables (framed twice). \
         Calendars, divisions and policy parameters are left out. The graph of each table stands with it.\n",
    );
    page.line(&lineage::overall(project));
    for name in names(project) {
        if let Some(model) = project.models.get(name) {
            modelled(project, model, &mut page);
        } else if let Some(made) = MADE_TABLES.iter().find(|made| made.name == name) {
            made_table(made, &mut page);
        }
    }
    page.text
}

/// All published tables by name.
fn names(project: &Project) -> Vec<&str> {
    let modelled = project.models.published().map(|model| model.name.as_str());
    let mut names: Vec<&str> = modelled
        .chain(MADE_TABLES.iter().map(|made| made.name))
        .collect();
    names.sort_unstable();
    names
}

fn contents(project: &Project, page: &mut Page) {
    let rows = names(project).into_iter().filter_map(|name| {
        let link = format!("[`{name}`](#{name})");
        if let Some(model) = project.models.get(name) {
            let header = &model.header;
            return Some([
                link,
                header.title_zh.clone(),
                header.title_en.clone(),
                audience(header.audience).to_owned(),
                header.tests.len().to_string(),
            ]);
        }
        let made = MADE_TABLES.iter().find(|made| made.name == name)?;
        Some([
            link,
            made.title_zh.to_owned(),
            made.title_en.to_owned(),
            audience(made.audience).to_owned(),
            String::new(),
        ])
    });
    page.table(
        ["table 表", "中文", "title", "audience 读者", "tests 检验"],
        rows,
    );
}

fn audience(audience: Audience) -> &'static str {
    match audience {
        Audience::Public => "public 公开",
        Audience::Internal => "internal 内部",
        Audience::Restricted => "restricted 受限",
        Audience::Intermediate => "intermediate 中间",
    }
}

fn modelled(project: &Project, model: &Model, page: &mut Page) {
    let header = &model.header;
    page.heading(&model.name, &model.name, &header.title_zh, &header.title_en);
    page.descriptions(&header.description_zh, &header.description_en);
    page.line(&format!(
        "\n- audience 读者: {}\n- one row for each 每行: {}\n- sources 依据: {}\n- definition 定义: [{file}](../{file})",
        audience(header.audience),
        header.grain.join(", "),
        header.sources.join("; "),
        file = model.file
    ));
    let upstream = lineage::steps(project, model);
    let steps: Vec<String> = upstream
        .iter()
        .map(|step| format!("[{0}](../{0})", step.file))
        .collect();
    if !steps.is_empty() {
        page.line(&format!(
            "- steps on the way 中间步骤: {}",
            steps.join(", ")
        ));
    }
    let made_from = || upstream.iter().copied().chain([model]);
    let mut parameters: Vec<&String> = made_from().flat_map(|step| &step.header.policy).collect();
    parameters.sort();
    parameters.dedup();
    let links: Vec<String> = parameters
        .into_iter()
        .map(|name| format!("[`{name}`](reference/policy.md#{name})"))
        .collect();
    if !links.is_empty() {
        page.line(&format!(
            "- policy parameters 政策参数: {}",
            links.join(", ")
        ));
    }
    let links: Vec<String> = made_from()
        .filter_map(|step| step.header.indicator.as_ref())
        .map(|entry| format!("[{}](indicators.md#{})", entry.id, entry.id.to_lowercase()))
        .collect();
    if !links.is_empty() {
        page.line(&format!("- indicators 疑点指标: {}", links.join(", ")));
    }
    page.table(
        COLUMN_HEADINGS,
        header.columns.iter().map(|column| {
            [
                format!("`{}`", column.name),
                column.zh.clone(),
                column.unit.clone(),
                column.en.clone(),
            ]
        }),
    );
    tests(model, page);
    page.line("\nMade from 数据来源:\n");
    page.line(&lineage::of_table(project, model));
}

fn tests(model: &Model, page: &mut Page) {
    if model.header.tests.is_empty() {
        return;
    }
    page.line("\nTests before each release 发布前检验:");
    page.table(
        ["test 检验", "级别", "检验内容", "what must hold"],
        model.header.tests.iter().map(|test| {
            let severity = match test.severity {
                Severity::Error => "error 不发布",
                Severity::Warn => "warn 提示",
            };
            [
                format!("`{}`", test.name),
                severity.to_owned(),
                test.rule.words_zh(),
                match &test.title {
                    Some(title) => format!("{title}: {}", test.rule.words_en()),
                    None => test.rule.words_en(),
                },
            ]
        }),
    );
}

fn made_table(made: &MadeTable, page: &mut Page) {
    page.heading(made.name, made.name, made.title_zh, made.title_en);
    page.descriptions(made.description_zh, made.description_en);
    let source = match made.source {
        MadeFrom::Books => "the books of the loader 装载账目",
        MadeFrom::Indicators => "the headers of the [indicators](indicators.md) 疑点指标定义",
        MadeFrom::Tests => "the tests of the other tables 各表的检验",
        MadeFrom::Releases => "this release and earlier ones 历次发布",
    };
    page.line(&format!(
        "\n- audience 读者: {}\n- made from 数据来源: {source}\n- definition 定义: [{file}](../{file})",
        audience(made.audience),
        file = made.file
    ));
    page.table(
        COLUMN_HEADINGS,
        made.columns.iter().map(|column| {
            [
                format!("`{}`", column.name),
                column.zh.to_owned(),
                column.unit.to_owned(),
                column.en.to_owned(),
            ]
        }),
    );
}
