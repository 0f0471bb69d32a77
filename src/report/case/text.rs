//! The case file as an overview for the terminal.

use super::again::commands;
use super::lists::{entity, identities};
use super::words::{by_strength, cities, filings, kinds, quarter};
use crate::desk::archive::{NOTICE_EN, NOTICE_ZH};
use crate::desk::case::{Bilingual, CaseFile, Hit, IndicatorPart};
use crate::identity::hex;
use crate::report::archive::{Words, dash, or_dash};
use crate::report::form::{count, number, yuan};
use crate::report::paper::overview::Overview;

/// Leads of an indicator that the overview shows.
const LEADS: usize = 5;

/// The overview in Chinese or English.
pub fn text(case: &CaseFile, words: &Words, zh: bool) -> String {
    let mut out = Overview::new(zh);
    out.head(case, words);
    for part in &case.indicators {
        out.indicator(part);
    }
    if !case.cleared.is_empty() {
        out.line("", "");
        let count = case.cleared.len();
        out.line(
            &format!("已消除和已排除的线索 {count} 条"),
            &format!("{count} cleared leads"),
        );
    }
    for person in case.persons.iter().filter(|one| !one.identities.is_empty()) {
        out.fact(
            "人员",
            "person",
            &format!("{} {}", hex(person.key), identities(person)),
        );
    }
    out.line("", "");
    if let Some((_, command)) = commands(case).first() {
        out.line(
            &format!("明细、图表和原始记录：{command}（或 case.xlsx）"),
            &format!("details, charts and raw records: {command} (or case.xlsx)"),
        );
    }
    out.line(NOTICE_ZH, NOTICE_EN);
    out.finish()
}

impl Overview {
    fn head(&mut self, case: &CaseFile, words: &Words) {
        let organisation = &case.organisation;
        let (id, name) = (&organisation.id, or_dash(organisation.name.as_ref()));
        self.line(
            &format!("培训机构疑点线索案卷  {name} {id}"),
            &format!("Case file  {name} {id}"),
        );
        self.line(NOTICE_ZH, NOTICE_EN);
        let (as_of, release, quarter) = (case.as_of, &case.release, quarter(case));
        self.line(
            &format!("数据截至 {as_of}，发布版本 {release}，季度 {quarter}"),
            &format!("as of {as_of}, release {release}, quarter {quarter}"),
        );
        self.fact("类型", "kind", &kinds(organisation, words));
        self.fact("所在市", "city", &cities(organisation));
        self.fact("备案", "filing", &filings(case));
        for rank in &case.ranks {
            let cases = case.cases.map_or_else(dash, count);
            let score = rank.score.map_or_else(dash, number);
            let told = format!(
                "{}: {} / {cases}, {score} (H {}, S {}, W {})",
                rank.quarter, rank.rank, rank.hard, rank.strong, rank.weak
            );
            self.fact("排序、得分", "rank, score", &told);
        }
        let [hard, strong, weak] = by_strength(case);
        let leads = format!("{} (H {hard}, S {strong}, W {weak})", hard + strong + weak);
        self.fact("线索", "leads", &leads);
        self.fact("涉及人员", "persons", &case.persons.len().to_string());
        self.fact("涉及申领", "claims", &case.claims.len().to_string());
        self.fact("涉及金额 元", "at risk, yuan", &yuan(case.at_risk_fen()));
        self.fact("规则与参数指纹", "rules and policy", &case.rules_hash);
    }

    fn indicator(&mut self, part: &IndicatorPart) {
        let rule = &part.rule;
        self.line("", "");
        let count = part.hits.len();
        self.line(
            &format!("{} {}：{count} 条", rule.id, rule.title_zh),
            &format!("{} {}: {count} leads", rule.id, rule.title_en),
        );
        self.told("判定条件", "test", &rule.threshold);
        self.fact("政策依据", "citation", &rule.policy_reference);
        for hit in part.hits.iter().take(LEADS) {
            self.fact("线索", "lead", &lead(hit));
        }
        if let Some(left) = count.checked_sub(LEADS).filter(|left| *left > 0) {
            self.fact("", "", &format!("… {left}"));
        }
        self.told("常见误报", "think of", &rule.false_positives);
        self.told("核查材料", "ask for", &rule.ask_for);
    }

    fn told(&mut self, zh: &str, en: &str, text: &Bilingual) {
        let other = if text.zh.is_empty() {
            &text.en
        } else {
            &text.zh
        };
        self.fact(zh, en, self.choose(other, &text.en));
    }
}

/// A lead in one line: strength, entity, value against threshold, amount.
fn lead(hit: &Hit) -> String {
    let lead = &hit.lead;
    let value = lead.value.map_or_else(dash, number);
    let threshold = lead.threshold.map_or_else(dash, number);
    format!(
        "{} {} {} {value} / {threshold}  {}",
        lead.strength,
        entity(hit),
        lead.period,
        yuan(lead.amount_at_risk_fen)
    )
}
