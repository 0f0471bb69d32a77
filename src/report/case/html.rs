//! The case file as a page for browser and printer.

use super::again::commands;
use super::indicator::indicator;
use super::words::{by_strength, cities, city, filing, filings, kinds, quarter};
use super::{charts, lists};
use crate::desk::archive::{NOTICE_EN, NOTICE_ZH};
use crate::desk::case::CaseFile;
use crate::report::archive::{PLACE, Words, or_dash, place};
use crate::report::form::{count, day, number, yuan};
use crate::report::paper::columns::{code, figure, text, when};
use crate::report::paper::{Label, Paper};

const fn label(zh: &'static str, en: &'static str) -> Label {
    Label::new(zh, en)
}

/// The page.
pub fn html(case: &CaseFile, words: &Words) -> String {
    let mut page = Paper::new(&format!("疑点线索案卷 {}", case.organisation.id));
    page.heading(label(
        "培训机构疑点线索案卷",
        "Case file of one organisation",
    ));
    page.paragraph("notice", NOTICE_ZH, NOTICE_EN);
    head(&mut page, case, words);
    ranks(&mut page, case);
    timeline(&mut page, case);
    for part in &case.indicators {
        indicator(&mut page, part);
    }
    if !case.cleared.is_empty() {
        page.section(
            "cleared",
            label("已消除和已排除的线索", "Cleared leads"),
            "",
        );
        page.paragraph(
            "note",
            "上次发布有、本次发布不再有的线索，以及经核查排除后未变的线索，不计入得分和金额。",
            "Leads of the release before that this one no longer has, and those that a reviewer cleared and that have not changed since; they count in no score and no amount.",
        );
        let cleared = label("已消除和已排除", "Cleared");
        lists::hits(&mut page, cleared, &case.cleared, true);
        page.end_section();
    }
    page.section("amounts", label("金额与人员", "Amounts and persons"), "");
    lists::claims(&mut page, &case.claims, words);
    lists::persons(&mut page, case);
    page.end_section();
    again(&mut page, case);
    page.paragraph("notice", NOTICE_ZH, NOTICE_EN);
    page.finish()
}

fn head(page: &mut Paper, case: &CaseFile, words: &Words) {
    let organisation = &case.organisation;
    let as_of = case.as_of.to_string();
    let (name, quarter) = (or_dash(organisation.name.as_ref()), quarter(case));
    let (kinds, cities) = (kinds(organisation, words), cities(organisation));
    let filings = filings(case);
    let [hard, strong, weak] = by_strength(case);
    let leads = format!("{} (H {hard}, S {strong}, W {weak})", hard + strong + weak);
    let indicators = case.indicators.len().to_string();
    let (persons, claims) = (
        case.persons.len().to_string(),
        case.claims.len().to_string(),
    );
    let at_risk = yuan(case.at_risk_fen());
    page.facts([
        (label("机构名称", "Name"), name.as_str()),
        (label("统一社会信用代码", "Code"), organisation.id.as_str()),
        (label("类型", "Kind"), kinds.as_str()),
        (label("所在市", "City"), cities.as_str()),
        (
            label("备案（截至日）", "Filing, as of the day"),
            filings.as_str(),
        ),
        (label("数据截至", "As of"), as_of.as_str()),
        (label("发布版本", "Release"), case.release.as_str()),
        (label("季度", "Quarter"), quarter.as_str()),
        (label("指标", "Indicators"), indicators.as_str()),
        (label("线索", "Leads"), leads.as_str()),
        (label("涉及人员", "Persons"), persons.as_str()),
        (label("涉及申领", "Claims"), claims.as_str()),
        (label("涉及金额 元", "At risk, yuan"), at_risk.as_str()),
    ]);
    if organisation.roles.is_empty() {
        return;
    }
    page.section("register", label("登记与备案", "Register and filing"), "");
    let headings = [
        text("类型", "Kind"),
        text("名称", "Name"),
        text("所在市", "City"),
        when("注册", "Registered"),
        when("备案", "Filed"),
        when("有效期至", "Until"),
        when("退出", "Removed"),
        text("状态", "State"),
        PLACE,
    ];
    page.table(
        &headings,
        organisation.roles.iter().map(|role| {
            vec![
                words.both("organizations", "org_kind", &role.kind),
                role.name.clone(),
                city(role.city_name.as_ref(), role.city_code.as_ref()),
                day(role.registered_on),
                day(role.filed_on),
                day(role.filed_until),
                day(role.removed_on),
                filing(role, case.as_of).to_owned(),
                place(&role.source),
            ]
        }),
    );
    page.end_section();
}

fn ranks(page: &mut Paper, case: &CaseFile) {
    page.section("ranks", label("得分与排序", "Score and rank"), "");
    let Some(cases) = case.cases else {
        page.paragraph(
            "note",
            "本发布版本没有线索案卷表（risk_cases），因此没有得分和排序。",
            "This release has no table of cases (risk_cases), so there is no score and no rank.",
        );
        page.end_section();
        return;
    };
    if case.ranks.is_empty() {
        page.paragraph(
            "note",
            "线索案卷表中没有本机构。",
            "The table of cases does not have the organisation.",
        );
        page.end_section();
        return;
    }
    let headings = [
        when("季度", "Quarter"),
        figure("排序", "Rank"),
        figure("得分", "Score"),
        figure("强", "Hard"),
        figure("较强", "Strong"),
        figure("弱", "Weak"),
        text("指标", "Indicators"),
        figure("人数", "Persons"),
        figure("涉及 元", "At risk, yuan"),
    ];
    page.table(
        &headings,
        case.ranks.iter().map(|rank| {
            vec![
                rank.quarter.clone(),
                format!("{} / {}", count(rank.rank), count(cases)),
                rank.score.map_or_else(String::new, number),
                rank.hard.to_string(),
                rank.strong.to_string(),
                rank.weak.to_string(),
                rank.indicators.join(", "),
                count(rank.persons),
                yuan(rank.amount_at_risk_fen),
            ]
        }),
    );
    page.paragraph(
        "note",
        "得分 = 1 − Π(1 − w)，每个指标一次：强0.6，较强0.3，弱0.1（合计不超过0.3），以政策参数为准。得分只表示核查先后。",
        "Score = 1 − Π(1 − w) over the indicators, each once: hard 0.6, strong 0.3, weak 0.1 (together at most 0.3), unless policy rows \
         say otherwise. It says in which order to look, nothing else.",
    );
    page.end_section();
}

fn timeline(page: &mut Paper, case: &CaseFile) {
    let Some(drawing) = charts::timeline(&case.months) else {
        return;
    };
    page.section("timeline", label("时间线", "Timeline"), "");
    page.drawing(drawing);
    page.paragraph(
        "note",
        "本机构班级的报名按报名日期，其申领及付给本机构的申领按申领日期；线索按所属期，没有所属期的按班级开班月。",
        "Enrolments in its classes by the day of enrolment, claims for them or paid to it by the day of the claim; leads by their \
         period, else by the month in which the class starts.",
    );
    lists::months(page, &case.months);
    page.end_section();
}

fn again(page: &mut Paper, case: &CaseFile) {
    page.section("again", label("如何复算", "How to make this again"), "");
    let as_of = case.as_of.to_string();
    let version = concat!("skillwatch ", env!("CARGO_PKG_VERSION"));
    page.facts([
        (label("发布版本", "Release"), case.release.as_str()),
        (label("数据截至", "As of"), as_of.as_str()),
        (
            label("规则与参数指纹", "Hash of rules and policy"),
            case.rules_hash.as_str(),
        ),
        (label("程序", "Program"), version),
    ]);
    page.table(
        &[text("内容", "Shows"), code("命令", "Command")],
        commands(case)
            .into_iter()
            .map(|(label, command)| vec![label.both(), command]),
    );
    page.end_section();
}
