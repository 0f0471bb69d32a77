//! The sheet as an overview for the terminal.

use super::again::commands;
use super::words::{
    NOTICE_EN, NOTICE_ZH, fraction, grade, lift, own_value, percent, points, quartiles, vetoes,
};
use super::{exit, standing};
use crate::desk::platform::PlatformSheet;
use crate::native::composite::Title;
use crate::report::archive::{dash, or_dash};
use crate::report::form::count;
use crate::report::paper::overview::Overview;

/// The overview in Chinese or English.
pub fn text(sheet: &PlatformSheet, zh: bool) -> String {
    let mut out = Overview::new(zh);
    head(&mut out, sheet);
    dimensions(&mut out, sheet);
    history(&mut out, sheet);
    exits(&mut out, sheet);
    out.line("", "");
    for said in exit::objections(sheet) {
        say(&mut out, &said);
    }
    out.line("", "");
    if let Some((_, command)) = commands(sheet).first() {
        out.line(
            &format!("定义、来源、图表：{command}（或 sheet.xlsx）"),
            &format!("definitions, sources, charts: {command} (or sheet.xlsx)"),
        );
    }
    out.line(NOTICE_ZH, NOTICE_EN);
    out.finish()
}

fn say(out: &mut Overview, said: &Title) {
    out.line(&said.zh, &said.en);
}

fn head(out: &mut Overview, sheet: &PlatformSheet) {
    let score = &sheet.score;
    let (id, name) = (&score.platform_id, or_dash(score.platform_name.as_ref()));
    out.line(
        &format!("线上平台综合评价表  {name} {id}"),
        &format!("Evaluation sheet  {name} {id}"),
    );
    out.line(NOTICE_ZH, NOTICE_EN);
    let (as_of, release) = (sheet.as_of, &sheet.release);
    out.line(
        &format!("数据截至 {as_of}，发布版本 {release}"),
        &format!("as of {as_of}, release {release}"),
    );
    let told = grade(sheet, &score.grade, score.grade_agreement);
    out.fact("等级", "grade", &told);
    out.fact("总分", "total", &points(score.total));
    out.fact("综合得分", "score", &points(score.score));
    let factor = sheet.integrity_factor;
    let factor = factor.map_or_else(dash, |factor| format!("{factor:.3}"));
    let integrity = format!("{} (× {factor})", points(score.integrity));
    out.fact("诚信分", "integrity", &integrity);
    out.fact("指标覆盖率", "coverage", &percent(score.coverage));
    out.fact("一票否决", "veto", &vetoes(sheet));
    out.fact("学员", "learners", &count(score.learners));
    for reason in standing::reasons(sheet) {
        say(out, &reason);
    }
    say(out, &standing::rank(sheet));
    if let Some(next) = standing::next_grade(sheet) {
        say(out, &next);
    }
}

fn dimensions(out: &mut Overview, sheet: &PlatformSheet) {
    for dimension in &sheet.dimensions {
        out.line("", "");
        let score = points(dimension.score);
        let weight = dimension.weight;
        let peers = quartiles(dimension.peers.as_ref(), |score| points(Some(score)));
        let (zh, en) = (&dimension.title.zh, &dimension.title.en);
        out.line(
            &format!("{zh} {score}（权重 {weight:.0}；同行四分位 {peers}）"),
            &format!("{en} {score} (weight {weight:.0}; quartiles of others {peers})"),
        );
        for item in &dimension.items {
            let lift = lift(sheet, item);
            let title = out.choose(&item.title.zh, &item.title.en);
            let told = format!(
                "  {title}: {} ({})  {}  {}",
                own_value(item),
                fraction(item),
                points(item.score),
                out.choose(&lift.zh, &lift.en)
            );
            out.line(&told, &told);
        }
    }
    if !sheet.has_peers() {
        out.line("", "");
        say(out, &standing::peers(sheet));
    }
}

fn history(out: &mut Overview, sheet: &PlatformSheet) {
    out.line("", "");
    out.line("历次发布", "Over releases");
    for one in &sheet.history {
        let score = one.score.as_ref();
        let rank = score
            .and_then(|score| score.rank)
            .map_or_else(dash, |rank| format!("{rank} / {}", one.ranked));
        let grade = score.map_or_else(dash, |score| {
            grade(sheet, &score.grade, score.grade_agreement)
        });
        let stage = one
            .exit
            .as_ref()
            .map_or_else(dash, |case| exit::step(&case.step).to_owned());
        let total = points(score.and_then(|score| score.total));
        let told = format!("  {}  {total}  {grade}  {rank}  {stage}", one.as_of);
        out.line(&told, &told);
    }
}

fn exits(out: &mut Overview, sheet: &PlatformSheet) {
    out.line("", "");
    let Some(case) = &sheet.exit else {
        out.line(
            "截至日没有退出事由。",
            "There is no ground of exit on the as-of day.",
        );
        return;
    };
    out.line("退出事由与办理", "Grounds of exit");
    out.fact("办理阶段", "stage", exit::step(&case.step));
    out.fact("下一步", "next", &exit::next_date(case));
    for ground in &sheet.grounds {
        let told = format!(
            "{}, {}: {}",
            exit::ground(&ground.ground),
            exit::reason(&ground.reason),
            exit::figures(ground)
        );
        out.fact("事由", "ground", &told);
        let remedy = exit::remedy(ground);
        out.fact("可采取的措施", "what can be done", out_words(out, &remedy));
    }
}

fn out_words<'t>(out: &Overview, said: &'t Title) -> &'t str {
    out.choose(&said.zh, &said.en)
}
