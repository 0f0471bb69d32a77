//! One indicator of a case file on the page: its rule, its leads, how they compare and what they rest on.

use super::charts;
use super::lists;
use super::words::{basis, city, measure};
use crate::desk::case::{
    Bilingual, Distribution, EvidenceRecord, IndicatorPart, Peers, PolicyLine, Rule,
};
use crate::report::archive::{dash, raw_text};
use crate::report::form::{count, day, number};
use crate::report::paper::columns::{code, figure, text, when};
use crate::report::paper::{Label, Paper};

const fn label(zh: &'static str, en: &'static str) -> Label {
    Label::new(zh, en)
}

pub(super) fn indicator(page: &mut Paper, part: &IndicatorPart) {
    let rule = &part.rule;
    let words = format!("{} {} {}", rule.id, rule.title_zh, rule.title_en);
    page.section("indicator", label("指标", "Indicator"), &words);
    page.subheading(label("规则", "Rule"), "");
    page.table(
        &[text("项目", "Item"), text("内容", "Text")],
        rule_rows(rule)
            .into_iter()
            .map(|(label, value)| vec![label.both(), value]),
    );
    changed(page, rule);
    policy(page, &rule.policy);
    let leads = label("线索", "Leads to be checked, not findings");
    lists::hits(page, leads, &part.hits, false);
    for distribution in &part.distributions {
        among_peers(page, distribution);
    }
    // Leads of several reasons tell different measures: with all peers at hand they are not laid on one axis.
    if part.distributions.is_empty() {
        among_leads(page, &part.peers);
    }
    evidence(page, part);
    page.end_section();
}

/// What an indicator tests, by item.
pub(super) fn rule_rows(rule: &Rule) -> Vec<(Label, String)> {
    let version = if rule.definition.is_empty() {
        dash()
    } else {
        rule.definition.clone()
    };
    let one = |label: Label, value: &str| vec![(label, value.to_owned())];
    // The English text stands in a row of its own below the Chinese.
    let two = |label: Label, value: &Bilingual| {
        if value.zh.is_empty() {
            return vec![(label, value.en.clone())];
        }
        vec![
            (Label::new(label.zh, ""), value.zh.clone()),
            (Label::new("", label.en), value.en.clone()),
        ]
    };
    [
        two(label("针对的做法", "Scheme"), &rule.scheme),
        one(label("强度", "Strengths"), &rule.strength),
        two(label("粒度", "A lead is about"), &rule.grain),
        two(label("判定条件", "Test"), &rule.threshold),
        one(label("政策依据", "Citation"), &rule.policy_reference),
        two(
            label("常见误报", "False positives to think of"),
            &rule.false_positives,
        ),
        two(label("核查材料", "What to ask for"), &rule.ask_for),
        one(label("定义文件", "Defined in"), &rule.sql_file),
        one(label("定义版本", "Version of the definition"), &version),
    ]
    .concat()
}

/// Says where the project has moved on since the release.
fn changed(page: &mut Paper, rule: &Rule) {
    if rule.has_changed {
        page.paragraph(
            "warning",
            "发布之后定义文件已修改：文件所载与本次线索的计算不同。",
            "The definition was changed after the release: the file is not what these leads were computed by.",
        );
    }
    if rule.policy.iter().any(|line| line.has_changed) {
        page.paragraph(
            "warning",
            "发布之后政策参数已修改：下表为现行参数，线索按发布时的参数计算。",
            "Policy rows were changed after the release: those below are today's, the leads were computed by those of then.",
        );
    }
}

fn policy(page: &mut Paper, lines: &[PolicyLine]) {
    if lines.is_empty() {
        return;
    }
    page.subheading(label("政策参数", "Policy rows"), "");
    let headings = [
        code("参数", "Parameter"),
        text("含义", "Meaning"),
        text("地区", "Area"),
        figure("值", "Value"),
        when("起", "From"),
        when("止", "Until"),
        text("截至日有效", "In force"),
        text("性质", "Basis"),
        text("依据", "Citation"),
        code("版本", "Version"),
    ];
    page.table(&headings, lines.iter().map(policy_row));
}

/// A policy row by column.
pub(super) fn policy_row(line: &PolicyLine) -> Vec<String> {
    let until = line.valid_until.map_or_else(dash, |day| day.to_string());
    vec![
        line.parameter.clone(),
        format!("{} {}", line.title_zh, line.title_en),
        city(line.area_name.as_ref(), Some(&line.area)),
        format!("{} {}", line.value, line.unit)
            .trim_end()
            .to_owned(),
        day(line.valid_from),
        until,
        if line.in_force { "是 yes" } else { "否 no" }.to_owned(),
        basis(&line.basis).to_owned(),
        line.citation.clone(),
        if line.version.is_empty() {
            dash()
        } else {
            line.version.clone()
        },
    ]
}

fn among_peers(page: &mut Paper, distribution: &Distribution) {
    let peers = &distribution.peers;
    let title = "同类对象的数值分布及本案所处位置 Values of all peers, with those of this case";
    let Some(drawing) = charts::peers(peers, title) else {
        return;
    };
    let named = measure(&distribution.measure);
    page.subheading(label("与同类比较", "Among peers"), &named.both());
    page.drawing(drawing);
    let quantile = |share| peers.quantile(share).map_or_else(dash, number);
    let all = count(i64::try_from(peers.values.len()).unwrap_or(i64::MAX));
    let own = count(i64::try_from(peers.own.len()).unwrap_or(i64::MAX));
    let (first, middle, third) = (quantile(0.25), quantile(0.5), quantile(0.75));
    let groups = distribution.groups;
    page.paragraph(
        "note",
        &format!(
            "{groups} 个同类组共 {all} 个数值，命中的和未命中的都在内（四分位数 {first}、{middle}、{third}），其中本案线索 {own} 个\
             （着色部分及圆点）；虚线为阈值，仅供参考，检验方法见规则。"
        ),
        &format!(
            "All {all} values of {groups} peer groups, hit or not (quartiles {first}, {middle}, {third}); {own} of this case's \
             leads are coloured and dotted; dashed lines are thresholds. How they are tested stands with the rule."
        ),
    );
}

fn among_leads(page: &mut Paper, peers: &Peers) {
    let title =
        "全部线索指标值的分布及本机构所处位置 Values of all leads, with this organisation's";
    let Some(drawing) = charts::peers(peers, title) else {
        return;
    };
    page.subheading(
        label("与全部线索比较", "Among all leads of the indicator"),
        "",
    );
    page.drawing(drawing);
    let middle = peers.quantile(0.5).map_or_else(dash, number);
    let all = count(i64::try_from(peers.values.len()).unwrap_or(i64::MAX));
    let own = count(i64::try_from(peers.own.len()).unwrap_or(i64::MAX));
    page.paragraph(
        "note",
        &format!(
            "本次发布该指标全部 {all} 条有数值的线索（中位数 {middle}），其中本案 {own} 条（着色部分及圆点）；虚线为阈值。\
             未成为线索的对象不在图中。"
        ),
        &format!(
            "All {all} leads of the release with a value (median {middle}); {own} of this case are coloured and dotted; \
             dashed lines are thresholds. What was tested and is no lead is not in the chart."
        ),
    );
}

fn evidence(page: &mut Paper, part: &IndicatorPart) {
    if part.evidence.is_empty() {
        return;
    }
    let words = format!("({})", part.evidence.len());
    page.subheading(label("证据记录", "Evidence records"), &words);
    let headings = [
        code("线索对象", "Lead"),
        code("记录", "Record"),
        code("文件", "File"),
        figure("行", "Line"),
        code("内容", "Text; identities as pseudonyms unless revealed"),
    ];
    let rows = part.evidence.iter().flat_map(evidence_rows);
    page.table(
        &headings,
        rows.map(|row| vec![row.of, row.record, row.object, row.line, row.text]),
    );
    if part.evidence_left_off > 0 {
        let left = count(part.evidence_left_off);
        page.paragraph(
            "note",
            &format!("另有 {left} 条证据记录未列出，可用 trace 命令逐条查看。"),
            &format!("{left} more evidence records are not listed; `skillwatch trace` shows those of each lead."),
        );
    }
}

/// An evidence record as lists show it.
pub(super) struct EvidenceRow {
    pub of: String,
    pub record: String,
    pub object: String,
    pub line: String,
    pub text: String,
}

/// One row for each place of a record; one that says why where there is none.
pub(super) fn evidence_rows(record: &EvidenceRecord) -> Vec<EvidenceRow> {
    let row = |object: String, line: String, text: String| EvidenceRow {
        of: record.of.clone(),
        record: record.record.clone(),
        object,
        line,
        text,
    };
    if record.sources.is_empty() {
        let reason = record.missing.clone().unwrap_or_default();
        let told = format!("不可得 not available: {reason}");
        return vec![row(dash(), dash(), told)];
    }
    let sources = record.sources.iter();
    sources
        .map(|source| {
            let line = source.line.to_string();
            row(source.object.clone(), line, raw_text(source))
        })
        .collect()
}
