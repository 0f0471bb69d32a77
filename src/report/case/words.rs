//! Words of a case file in both languages.

use chrono::NaiveDate;

use crate::desk::case::{CaseFile, Hit, Organisation, Role};
use crate::report::archive::{Words, dash};
use crate::report::paper::Label;

/// What a lead is about.
pub(super) fn entity_kind(kind: &str) -> String {
    let zh = match kind {
        "person" => "人员",
        "claim" => "补贴申领",
        "account" => "收款账户",
        "enrolment" => "报名",
        "class" => "班级",
        "class_pair" => "班级对",
        "org" => "机构",
        "platform" => "平台",
        "employer" => "企业",
        "assessor" => "评价机构",
        "device" => "设备",
        "ip" => "网络地址",
        "certificate" => "证书",
        "teacher" => "教师",
        "room" => "教室",
        "item" => "课件",
        "photo" => "照片",
        "person_occupation_level" => "人员×职业×等级",
        _ => "",
    };
    let en = kind.replace('_', " ");
    format!("{zh} {en}").trim_start().to_owned()
}

/// What `peer_values` calls a measure.
pub(super) fn measure(name: &str) -> Label {
    match name {
        "pass_rate" => Label::new("考核合格率", "Pass rate"),
        "score_deviation" => Label::new("成绩标准差", "Standard deviation of scores"),
        "band_share" => Label::new(
            "及格线附近成绩占比",
            "Share of scores just above the pass mark",
        ),
        "first_certificates" => Label::new(
            "备案初期发证数",
            "Certificates of the first days after filing",
        ),
        "weekly_claims_z" => Label::new("周申领数稳健z值", "Robust z of weekly claims"),
        "phone" => Label::new("电话缺失占比", "Share of missing phones"),
        "account" => Label::new("账户缺失占比", "Share of missing accounts"),
        "teacher" => Label::new("教师缺失占比", "Share of missing teachers"),
        "device" => Label::new("设备号缺失占比", "Share of missing devices"),
        "ip" => Label::new("网络地址缺失占比", "Share of missing addresses"),
        "silent_share" => Label::new("回访失联占比", "Share of silent call-backs"),
        "less_unusual" => Label::new(
            "离群程度较低的机构占比",
            "Share of organisations that are less unusual",
        ),
        "benford_deviation" => Label::new(
            "首位数字平均绝对偏差",
            "Mean absolute deviation of first digits",
        ),
        _ => Label::new("数值", "Values"),
    }
}

/// How a lead stands against the release before.
pub(super) fn status(status: &str) -> &str {
    match status {
        "new" => "新增 new",
        "continuing" => "延续 continuing",
        "cleared" => "已消除 cleared",
        other => other,
    }
}

/// What a reviewer found of a lead; nothing where nobody did.
pub(super) fn review(hit: &Hit) -> String {
    let Some(review) = &hit.review else {
        return String::new();
    };
    let verdict = match review.verdict.as_str() {
        "confirmed" => "属实 confirmed",
        "cleared" => "排除 cleared",
        "open" => "待查 open",
        other => other,
    };
    let on = review.on.map(|on| on.to_string()).unwrap_or_default();
    let note = review.note.as_deref().unwrap_or_default();
    format!("{verdict} {on} {note}").trim_end().to_owned()
}

/// What a policy row rests on.
pub(super) fn basis(basis: &str) -> &str {
    match basis {
        "rule" => "规定 rule",
        "default" => "默认值 default",
        other => other,
    }
}

/// A city by name and code.
pub(super) fn city(name: Option<&String>, code: Option<&String>) -> String {
    match (name, code) {
        (Some(name), Some(code)) => format!("{name} {code}"),
        (None, Some(code)) => code.clone(),
        _ => dash(),
    }
}

/// How the filing of an entry stands on a day.
pub(super) fn filing(role: &Role, on: NaiveDate) -> &'static str {
    let passed = |day: Option<NaiveDate>| day.is_some_and(|day| day < on);
    // An entry no longer stands on the day of its removal; a filing still stands on its last day.
    if role.removed_on.is_some_and(|day| day <= on) {
        "已退出 removed"
    } else if role.filed_on.is_none_or(|day| day > on) {
        "未备案 not filed"
    } else if passed(role.filed_until) {
        "备案已到期 filing ended"
    } else {
        "备案有效 filed"
    }
}

/// The organisation's kinds, each once.
pub(super) fn kinds(organisation: &Organisation, words: &Words) -> String {
    let mut kinds: Vec<String> = Vec::new();
    for role in &organisation.roles {
        let kind = words.both("organizations", "org_kind", &role.kind);
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    if kinds.is_empty() {
        return dash();
    }
    kinds.join(", ")
}

/// Its cities, each once.
pub(super) fn cities(organisation: &Organisation) -> String {
    let mut cities: Vec<String> = Vec::new();
    for role in &organisation.roles {
        let city = city(role.city_name.as_ref(), role.city_code.as_ref());
        if !cities.contains(&city) {
            cities.push(city);
        }
    }
    if cities.is_empty() {
        return dash();
    }
    cities.join(", ")
}

/// How the filing of its entries stands, each state once.
pub(super) fn filings(case: &CaseFile) -> String {
    let mut states: Vec<&str> = Vec::new();
    for role in &case.organisation.roles {
        let state = filing(role, case.as_of);
        if !states.contains(&state) {
            states.push(state);
        }
    }
    if states.is_empty() {
        return "登记中没有 not in the register".to_owned();
    }
    states.join(", ")
}

/// The quarter of the case, or all of them.
pub(super) fn quarter(case: &CaseFile) -> String {
    let all = "全部 all".to_owned();
    case.quarter.clone().unwrap_or(all)
}

/// Numbers of leads by strength: hard, strong, weak.
pub(super) fn by_strength(case: &CaseFile) -> [usize; 3] {
    ["H", "S", "W"].map(|strength| {
        let hits = case.hits();
        hits.filter(|hit| hit.lead.strength == strength).count()
    })
}
