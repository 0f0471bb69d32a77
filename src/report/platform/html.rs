//! The sheet as a page for browser and printer.

use super::again::commands;
use super::charts::{self, Strip};
use super::words::{
    NOTICE_EN, NOTICE_ZH, both, fraction, fraction_words, grade, lift, own_value, percent, points,
    quartiles, unit, value, vetoes,
};
use super::{exit, standing};
use crate::desk::platform::{Dimension, Earlier, PlatformSheet};
use crate::native::composite::Title;
use crate::report::archive::{dash, or_dash};
use crate::report::form::{count, day};
use crate::report::paper::columns::{code, figure, text, when};
use crate::report::paper::{Label, Paper};

const fn label(zh: &'static str, en: &'static str) -> Label {
    Label::new(zh, en)
}

/// The page.
pub fn html(sheet: &PlatformSheet) -> String {
    let mut page = Paper::new(&format!("线上平台综合评价表 {}", sheet.score.platform_id));
    page.heading(label(
        "线上平台综合评价表",
        "Evaluation sheet of one online platform",
    ));
    page.paragraph("notice", NOTICE_ZH, NOTICE_EN);
    head(&mut page, sheet);
    dimensions(&mut page, sheet);
    rank(&mut page, sheet);
    for dimension in &sheet.dimensions {
        items(&mut page, sheet, dimension);
    }
    definitions(&mut page, sheet);
    history(&mut page, sheet);
    exits(&mut page, sheet);
    objections(&mut page, sheet);
    again(&mut page, sheet);
    page.paragraph("notice", NOTICE_ZH, NOTICE_EN);
    page.finish()
}

fn say(page: &mut Paper, class: &'static str, said: &Title) {
    page.paragraph(class, &said.zh, &said.en);
}

fn head(page: &mut Paper, sheet: &PlatformSheet) {
    let score = &sheet.score;
    let as_of = sheet.as_of.to_string();
    let name = or_dash(score.platform_name.as_ref());
    let grade = grade(sheet, &score.grade, score.grade_agreement);
    let (total, before) = (points(score.total), points(score.score));
    let coverage = percent(score.coverage);
    let integrity = points(score.integrity);
    let factor = sheet
        .integrity_factor
        .map_or_else(dash, |factor| format!("× {factor:.3}"));
    let vetoes = vetoes(sheet);
    let learners = count(score.learners);
    let sample = if score.sample_ok {
        "充足 sufficient"
    } else {
        "不足 insufficient"
    };
    let framework = both(&sheet.framework);
    page.facts([
        (label("平台名称", "Name"), name.as_str()),
        (
            label("统一社会信用代码", "Code"),
            score.platform_id.as_str(),
        ),
        (label("数据截至", "As of"), as_of.as_str()),
        (label("发布版本", "Release"), sheet.release.as_str()),
        (label("评价方案", "Framework"), framework.as_str()),
        (label("等级", "Grade"), grade.as_str()),
        (label("总分", "Total"), total.as_str()),
        (label("综合得分", "Score before integrity"), before.as_str()),
        (label("诚信分", "Integrity"), integrity.as_str()),
        (label("诚信系数", "Integrity factor"), factor.as_str()),
        (label("指标覆盖率", "Coverage"), coverage.as_str()),
        (label("一票否决", "Veto"), vetoes.as_str()),
        (
            label("十二个月学员", "Learners, 12 months"),
            learners.as_str(),
        ),
        (label("样本", "Sample"), sample),
    ]);
    for reason in standing::reasons(sheet) {
        say(page, "warning", &reason);
    }
}

fn dimensions(page: &mut Paper, sheet: &PlatformSheet) {
    page.section("dimensions", label("各维度得分", "Score by dimension"), "");
    let total = Strip {
        label: "总分 Total".to_owned(),
        score: sheet.score.total,
        peers: sheet.total_peers,
        limits: sheet
            .grades
            .iter()
            .filter_map(|grade| grade.minimum)
            .collect(),
    };
    let parts = sheet.dimensions.iter().map(|dimension| Strip {
        label: both(&dimension.title),
        score: dimension.score,
        peers: dimension.peers,
        limits: Vec::new(),
    });
    let rows: Vec<Strip> = std::iter::once(total).chain(parts).collect();
    page.drawing(charts::strips(
        "各维度得分及同行四分位 Scores by dimension with the quartiles of others",
        &rows,
    ));
    say(page, "note", &standing::peers(sheet));
    if sheet.has_peers() {
        page.paragraph(
            "note",
            "图中长条和圆点为本平台；灰框为其他平台的第一至第三四分位，竖线为中位数。",
            "In the charts bar and dot are this platform; grey boxes run from the first to the third quartile of the others, the line \
             is their median.",
        );
    }
    page.paragraph(
        "note",
        "总分一行的虚线为等级界线。贡献分是综合得分（未乘诚信系数）中的分值；提升测算是总分的分值，假定其他各项不变。",
        "Dashed lines in the row of the total are the limits of the grades. Points of items are points of the score before integrity; \
         what would lift the grade is in points of the total, everything else as it is.",
    );
    let headings = [
        text("维度", "Dimension"),
        figure("权重", "Weight"),
        figure("得分", "Score"),
        figure("贡献分", "Points of the score"),
        figure("同行四分位", "Quartiles of others"),
    ];
    page.table(
        &headings,
        sheet.dimensions.iter().map(|dimension| {
            let given: Vec<f64> = dimension
                .items
                .iter()
                .filter_map(|item| item.contribution)
                .collect();
            let given = (!given.is_empty()).then(|| given.iter().sum());
            vec![
                both(&dimension.title),
                format!("{:.0}", dimension.weight),
                points(dimension.score),
                points(given),
                quartiles(dimension.peers.as_ref(), |score| points(Some(score))),
            ]
        }),
    );
    page.end_section();
}

fn rank(page: &mut Paper, sheet: &PlatformSheet) {
    page.section("rank", label("名次与把握", "Rank and how sure it is"), "");
    say(page, "plain", &standing::rank(sheet));
    if let Some(next) = standing::next_grade(sheet) {
        say(page, "plain", &next);
    }
    page.end_section();
}

fn items(page: &mut Paper, sheet: &PlatformSheet, dimension: &Dimension) {
    let words = both(&dimension.title);
    page.section("dimension", label("指标", "Items"), &words);
    let rows: Vec<Strip> = dimension
        .items
        .iter()
        .map(|item| Strip {
            label: item.title.zh.clone(),
            score: item.score,
            peers: item.score_peers,
            limits: Vec::new(),
        })
        .collect();
    let title = format!("{words}：各项得分 scores of items");
    page.drawing(charts::strips(&title, &rows));
    let headings = [
        text("指标", "Item"),
        figure("值", "Value"),
        figure("分子 / 分母", "Above / below the line"),
        figure("得分", "Score"),
        figure("权重", "Weight"),
        figure("贡献分", "Points"),
        figure("同行四分位（值）", "Quartiles of others' values"),
        text("提升测算", "What would lift the grade"),
    ];
    page.table(
        &headings,
        dimension.items.iter().map(|item| {
            vec![
                both(&item.title),
                own_value(item),
                fraction(item),
                points(item.score),
                format!("{:.0}", item.weight),
                points(item.contribution),
                quartiles(item.value_peers.as_ref(), |other| {
                    value(item.reading.unit, other)
                }),
                both(&lift(sheet, item)),
            ]
        }),
    );
    page.end_section();
}

fn definitions(page: &mut Paper, sheet: &PlatformSheet) {
    page.section(
        "definitions",
        label(
            "指标定义与数据来源",
            "Definitions and where figures come from",
        ),
        "",
    );
    let headings = [
        text("指标", "Item"),
        text("定义", "Definition"),
        text("分子 / 分母", "Above / below the line"),
        text("单位", "Unit"),
        code("来源表", "Tables"),
        code("计算文件、依据", "Computed by, by which article"),
    ];
    page.table(
        &headings,
        sheet.items().map(|item| {
            let model = item.model.as_ref();
            vec![
                both(&item.title),
                item.reading.description.as_ref().map_or_else(dash, both),
                fraction_words(item),
                unit(item.reading.unit).to_owned(),
                item.tables.join(", "),
                model.map_or_else(dash, |model| {
                    format!("{} ({})", model.file, model.sources.join("; "))
                }),
            ]
        }),
    );
    page.subheading(label("来源记录", "Records behind the figures"), "");
    page.paragraph(
        "note",
        "由主管部门在系统中执行；各项另按定义限定期间和状态。完整计算见 skillwatch explain 加计算文件名，\
         如 skillwatch explain items_usage。",
        "Run by the office on its system; each item takes of these rows those of its period and state. The whole computation is shown \
         by skillwatch explain with the name of its file, such as skillwatch explain items_usage.",
    );
    page.table(
        &[
            text("来源表", "Table"),
            text("用于", "Used by"),
            code(
                "查看本平台记录的命令",
                "Command that shows the platform's records",
            ),
        ],
        sheet.sources.iter().map(|source| {
            vec![
                format!("{} {} {}", source.name, source.title_zh, source.title_en),
                source.items.join("、"),
                source.query.as_ref().map_or_else(dash, |query| {
                    format!("skillwatch query \"{query}\" --release {}", sheet.release)
                }),
            ]
        }),
    );
    page.end_section();
}

fn history(page: &mut Paper, sheet: &PlatformSheet) {
    page.section("history", label("历次发布", "Over releases"), "");
    if let Some(drawing) = charts::history(sheet) {
        page.drawing(drawing);
    }
    let headings = [
        when("数据截至", "As of"),
        code("发布版本", "Release"),
        figure("总分", "Total"),
        text("等级", "Grade"),
        figure("一致率", "Agreement"),
        figure("名次", "Rank"),
        figure("名次区间", "Interval"),
        figure("覆盖率", "Coverage"),
        text("办理阶段", "Stage"),
        text("退出事由", "Grounds"),
        code("方案", "Method"),
    ];
    page.table(
        &headings,
        sheet.history.iter().map(|one| history_row(sheet, one)),
    );
    page.paragraph(
        "note",
        "每月取最后一次有效发布，最多24个月；方案标识不同的得分不可比。",
        "Of each month the last release that stood, at most 24 months; scores of different methods do not compare.",
    );
    page.end_section();
}

/// A release by column, as lists show it.
pub(super) fn history_row(sheet: &PlatformSheet, one: &Earlier) -> Vec<String> {
    let score = one.score.as_ref();
    let interval = score.and_then(|score| score.rank_p05.zip(score.rank_p95));
    let case = one.exit.as_ref();
    let grounds = case.map(|case| {
        let names = case.grounds.iter().map(|name| exit::ground(name));
        names.collect::<Vec<_>>().join(", ")
    });
    vec![
        one.as_of.to_string(),
        one.release.clone(),
        points(score.and_then(|score| score.total)),
        score.map_or_else(dash, |score| {
            grade(sheet, &score.grade, score.grade_agreement)
        }),
        percent(score.and_then(|score| score.grade_agreement)),
        score
            .and_then(|score| score.rank)
            .map_or_else(dash, |rank| format!("{rank} / {}", one.ranked)),
        interval.map_or_else(dash, |(from, until)| format!("{from:.0}–{until:.0}")),
        percent(score.and_then(|score| score.coverage)),
        case.map_or_else(dash, |case| exit::step(&case.step).to_owned()),
        grounds.unwrap_or_else(dash),
        score.map_or_else(dash, |score| score.config_hash.clone()),
    ]
}

fn exits(page: &mut Paper, sheet: &PlatformSheet) {
    page.section(
        "exit",
        label(
            "退出事由与办理",
            "Grounds of exit and where the case stands",
        ),
        "",
    );
    if sheet.exit.is_none() && sheet.grounds.is_empty() {
        page.paragraph(
            "plain",
            "截至日没有退出事由。",
            "There is no ground of exit on the as-of day.",
        );
        page.end_section();
        return;
    }
    if let Some(case) = &sheet.exit {
        let facts = case_facts(case);
        page.facts(facts.iter().map(|(label, value)| (*label, value.as_str())));
    }
    let headings = [
        text("事由", "Ground"),
        when("起", "From"),
        when("止", "Until"),
        text("数值与界限", "Figures and limits"),
        text("连续两期", "Twice in a row"),
        when("存在自", "Stands since"),
        code("依据记录", "Records behind it"),
        text("可采取的措施", "What the platform can do"),
    ];
    page.table(
        &headings,
        sheet.grounds.iter().map(|ground| {
            vec![
                format!(
                    "{}：{}",
                    exit::ground(&ground.ground),
                    exit::reason(&ground.reason)
                ),
                day(ground.from_on),
                day(ground.until_on),
                exit::figures(ground),
                if ground.consecutive {
                    "是 yes"
                } else {
                    "否 no"
                }
                .to_owned(),
                exit::since(sheet.exit.as_ref(), &ground.ground),
                exit::records(ground),
                both(&exit::remedy(ground)),
            ]
        }),
    );
    page.paragraph(
        "note",
        "依据记录中涉及学员的只计数，不列编号。",
        "Records that are of a learner are counted and not listed.",
    );
    page.end_section();
}

/// Where a case stands, by name.
pub(super) fn case_facts(case: &crate::desk::platform::Exit) -> [(Label, String); 6] {
    [
        (
            label("办理阶段", "Stage"),
            exit::step(&case.step).to_owned(),
        ),
        (label("阶段起始", "Since"), day(case.stage_since)),
        (label("下一步", "Next date"), exit::next_date(case)),
        (label("首次发现", "First seen"), day(case.first_seen_on)),
        (label("建议日期", "Proposed on"), day(case.proposed_on)),
        (
            label("市级决定", "Decision of the city"),
            exit::decision(case),
        ),
    ]
}

fn objections(page: &mut Paper, sheet: &PlatformSheet) {
    page.section(
        "objections",
        label("如有异议", "What to do if you disagree"),
        "",
    );
    for said in exit::objections(sheet) {
        say(page, "plain", &said);
    }
    page.end_section();
}

fn again(page: &mut Paper, sheet: &PlatformSheet) {
    page.section("again", label("如何复算", "How to make this again"), "");
    let as_of = sheet.as_of.to_string();
    let version = concat!("skillwatch ", env!("CARGO_PKG_VERSION"));
    page.facts([
        (label("发布版本", "Release"), sheet.release.as_str()),
        (label("数据截至", "As of"), as_of.as_str()),
        (
            label("评价方案标识", "Hash of the framework"),
            sheet.score.config_hash.as_str(),
        ),
        (label("程序", "Program"), version),
    ]);
    page.table(
        &[text("内容", "Shows"), code("命令", "Command")],
        commands(sheet)
            .into_iter()
            .map(|(label, command)| vec![label.both(), command]),
    );
    page.end_section();
}
