//! Lists of a case file on the page: leads, claims, persons, months.

use std::collections::BTreeSet;

use super::words::{entity_kind, review, status};
use crate::desk::case::{CaseClaim, CaseFile, CasePerson, Hit, Month};
use crate::identity::hex;
use crate::report::archive::{PLACE, Words, dash, list, or_dash, place, strength};
use crate::report::form::{count, day, number, yuan};
use crate::report::paper::columns::{code, figure, text, when};
use crate::report::paper::{Label, Paper};

/// Most rows of a list on the page; the workbook has all.
const SHOWN: usize = 200;

/// Says how many rows are left out.
fn more(page: &mut Paper, rows: usize) {
    if let Some(left) = rows.checked_sub(SHOWN).filter(|left| *left > 0) {
        page.paragraph(
            "note",
            &format!("另有 {left} 行未列出，Excel 版全部列出。"),
            &format!("{left} more are not listed here; the workbook has all."),
        );
    }
}

fn first<T>(rows: &[T]) -> &[T] {
    rows.get(..SHOWN).unwrap_or(rows)
}

/// The entity of a lead, with what it is.
pub(super) fn entity(hit: &Hit) -> String {
    let lead = &hit.lead;
    format!("{} {}", entity_kind(&lead.entity_kind), lead.entity_id)
}

pub(super) fn hits(page: &mut Paper, label: Label, hits: &[Hit], with_indicator: bool) {
    let mut headings = vec![
        text("强度", "Strength"),
        code("对象", "Entity"),
        when("所属期", "Period"),
        figure("值", "Value"),
        figure("阈值", "Threshold"),
        figure("检验对象数", "Tested"),
        figure("涉及 元", "At risk, yuan"),
        text("依据", "Rule"),
        when("首现", "First seen"),
        text("状态", "Status"),
        text("季度", "Quarters"),
        figure("证据", "Evidence"),
        text("核查", "Review"),
    ];
    if with_indicator {
        headings.insert(0, text("指标", "Indicator"));
    }
    list(page, label, &headings, first(hits), |hit| {
        let lead = &hit.lead;
        let mut row = vec![
            strength(&lead.strength).to_owned(),
            entity(hit),
            lead.period.clone(),
            lead.value.map_or_else(dash, number),
            lead.threshold.map_or_else(dash, number),
            count(hit.population),
            yuan(lead.amount_at_risk_fen),
            lead.rule_ref.clone(),
            day(lead.first_seen_on),
            status(&lead.status).to_owned(),
            hit.quarters.join(", "),
            count(lead.evidence_count),
            review(hit),
        ];
        if with_indicator {
            row.insert(0, lead.indicator_id.clone());
        }
        row
    });
    more(page, hits.len());
}

pub(super) fn claims(page: &mut Paper, claims: &[CaseClaim], words: &Words) {
    let headings = [
        code("申领编号", "Claim"),
        code("报名编号", "Enrolment"),
        code("人员（假名）", "Person, pseudonym"),
        text("补贴类型", "Kind"),
        text("资金来源", "Fund"),
        figure("金额 元", "Yuan"),
        figure("涉及 元", "At risk, yuan"),
        when("申领", "Claimed"),
        when("发放", "Paid"),
        text("状态", "Status"),
        code("收款机构", "Payee"),
        text("指标", "Indicators"),
        PLACE,
    ];
    let label = Label::new("涉及的申领（每笔一次）", "Claims concerned, each once");
    list(page, label, &headings, first(claims), |claim| {
        vec![
            claim.claim_id.clone(),
            claim.enrolment_id.clone(),
            claim.person.clone(),
            words.both("claims", "kind", &claim.kind),
            words.both("claims", "fund", &claim.fund),
            yuan(claim.amount_fen),
            yuan(claim.at_risk_fen),
            day(claim.claimed_on),
            day(claim.paid_on),
            words.both("claims", "status", &claim.status),
            or_dash(claim.payee_id.as_ref()),
            joined(&claim.indicators),
            place(&claim.source),
        ]
    });
    more(page, claims.len());
}

pub(super) fn joined(texts: &BTreeSet<String>) -> String {
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    texts.join(", ")
}

/// The identities of a person in one line; empty unless they were asked for.
pub(super) fn identities(person: &CasePerson) -> String {
    let values = person.identities.iter().map(|one| one.value.as_str());
    values.collect::<Vec<_>>().join(" ")
}

pub(super) fn persons(page: &mut Paper, case: &CaseFile) {
    let is_revealed = case.persons.iter().any(|one| !one.identities.is_empty());
    let mut headings = vec![
        code("人员（假名）", "Person, pseudonym"),
        text("指标", "Indicators"),
        figure("报名", "Enrolments"),
        figure("申领", "Claims"),
        figure("涉及 元", "At risk, yuan"),
    ];
    if is_revealed {
        headings.push(code("身份（保密）", "Identity (confidential)"));
    }
    let label = Label::new("涉及的人员", "Persons concerned");
    list(page, label, &headings, first(&case.persons), |person| {
        let mut row = vec![
            hex(person.key),
            joined(&person.indicators),
            person.enrolments.len().to_string(),
            person.claims.to_string(),
            yuan(person.at_risk_fen),
        ];
        if is_revealed {
            row.push(identities(person));
        }
        row
    });
    more(page, case.persons.len());
}

pub(super) fn months(page: &mut Paper, months: &[Month]) {
    let headings = [
        when("月份", "Month"),
        figure("报名", "Enrolments"),
        figure("申领", "Claims"),
        figure("申领金额 元", "Claimed, yuan"),
        figure("线索", "Leads"),
    ];
    let label = Label::new("各月情况", "By month");
    page.fold(label, &format!("({})", months.len()));
    page.table(
        &headings,
        months.iter().map(|month| {
            vec![
                month.month.clone(),
                count(month.enrolments),
                count(month.claims),
                yuan(month.claimed_fen),
                count(month.hits),
            ]
        }),
    );
    page.end_fold();
}
