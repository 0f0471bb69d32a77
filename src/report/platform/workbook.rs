//! The sheet as a workbook, one sheet a part.

use super::again::commands;
use super::html::{case_facts, history_row};
use super::words::{
    NOTICE_EN, NOTICE_ZH, both, fraction_words, grade, lift, own_value, part_number, percent,
    points, unit, vetoes,
};
use super::{exit, standing};
use crate::desk::platform::{PlatformSheet, Quartiles};
use crate::native::composite::Title;
use crate::report::archive::{dash, or_dash};
use crate::report::form::count;
use crate::report::paper::sheets::{
    Book, Sheet, column, date, float, number, of_kinds, optional, text, texts,
};
use crate::report::workbook::{Cell, Column, Kind, Rounding, WorkbookError};

/// Writes the workbook and gives its bytes; the same sheet gives the same ones.
///
/// # Errors
/// When the writer refuses.
pub fn workbook(sheet: &PlatformSheet, rounding: Rounding) -> Result<Vec<u8>, WorkbookError> {
    let sheets = [
        overview(sheet),
        dimensions(sheet),
        items(sheet),
        definitions(sheet),
        sources(sheet),
        history(sheet),
        case(sheet),
        grounds(sheet),
        objections(sheet),
        again(sheet),
    ];
    let book = Book {
        title: format!("线上平台综合评价表 {}", sheet.score.platform_id),
        notice: format!("{NOTICE_ZH}。{NOTICE_EN}."),
        release: sheet.release.clone(),
        as_of: sheet.as_of,
        rounding,
        charts: Vec::new(),
    };
    book.write(sheets)
}

/// Two columns: what, and its text.
fn told(
    name: &'static str,
    titles: (&'static str, &'static str),
    rows: impl IntoIterator<Item = (String, String)>,
) -> Sheet {
    Sheet {
        name,
        titles,
        columns: texts(&[("item", "项目 Item"), ("value", "内容 Value")]),
        rows: rows
            .into_iter()
            .map(|(item, value)| vec![text(item), text(value)])
            .collect(),
    }
}

fn overview(sheet: &PlatformSheet) -> Sheet {
    let score = &sheet.score;
    let factor = sheet.integrity_factor;
    let sample = if score.sample_ok {
        "充足 yes"
    } else {
        "不足 no"
    };
    let version = concat!("skillwatch ", env!("CARGO_PKG_VERSION"));
    let mut rows = vec![
        ("平台名称 Name", or_dash(score.platform_name.as_ref())),
        ("统一社会信用代码 Code", score.platform_id.clone()),
        ("数据截至 As of", sheet.as_of.to_string()),
        ("发布版本 Release", sheet.release.clone()),
        ("评价方案 Framework", both(&sheet.framework)),
        (
            "评价方案标识 Hash of the framework",
            score.config_hash.clone(),
        ),
        (
            "等级 Grade",
            grade(sheet, &score.grade, score.grade_agreement),
        ),
        ("总分 Total", points(score.total)),
        ("综合得分 Score before integrity", points(score.score)),
        ("诚信分 Integrity", points(score.integrity)),
        (
            "诚信系数 Integrity factor",
            factor.map_or_else(dash, |factor| format!("{factor:.3}")),
        ),
        ("指标覆盖率 Coverage", percent(score.coverage)),
        ("一票否决 Veto", vetoes(sheet)),
        ("十二个月学员 Learners, 12 months", count(score.learners)),
        ("样本充足 Sample sufficient", sample.to_owned()),
        ("程序 Program", version.to_owned()),
    ];
    rows.push(("名次 Rank", both(&standing::rank(sheet))));
    if let Some(next) = standing::next_grade(sheet) {
        rows.push(("下一等级 Next grade", both(&next)));
    }
    rows.push(("同行 Other platforms", both(&standing::peers(sheet))));
    let reasons = standing::reasons(sheet);
    let reasons = reasons.iter().map(|said| ("说明 Note", both(said)));
    rows.extend(reasons);
    let rows = rows
        .into_iter()
        .map(|(item, value)| (item.to_owned(), value));
    told("platform_overview", ("评价概要", "Overview"), rows)
}

const QUARTILES: [(&str, Kind, &str); 4] = [
    ("others", Kind::Int, "其他平台数 Others"),
    ("others_quarter", Kind::Float, "下四分位 First quartile"),
    ("others_median", Kind::Float, "中位数 Median"),
    (
        "others_three_quarters",
        Kind::Float,
        "上四分位 Third quartile",
    ),
];

fn quartiles(peers: Option<&Quartiles>) -> [Cell; 4] {
    [
        peers.map_or(Cell::Null, |peers| number(peers.platforms)),
        float(peers.map(|peers| peers.lower)),
        float(peers.map(|peers| peers.middle)),
        float(peers.map(|peers| peers.upper)),
    ]
}

fn with_quartiles(columns: &[(&str, Kind, &str)]) -> Vec<Column> {
    of_kinds(&[columns, &QUARTILES[..]].concat())
}

fn dimensions(sheet: &PlatformSheet) -> Sheet {
    let columns = [
        ("dimension", Kind::Text, "维度 Dimension"),
        ("weight", Kind::Float, "权重 Weight"),
        ("score", Kind::Float, "得分 Score"),
    ];
    let row = |title: String, weight: f64, score: Option<f64>, peers: Option<&Quartiles>| {
        let mut cells = vec![text(title), float(Some(weight)), float(score)];
        cells.extend(quartiles(peers));
        cells
    };
    let parts = sheet
        .dimensions
        .iter()
        .map(|one| row(both(&one.title), one.weight, one.score, one.peers.as_ref()));
    let weight = sheet.dimensions.iter().map(|one| one.weight).sum();
    let total = row(
        "总分 Total".to_owned(),
        weight,
        sheet.score.total,
        sheet.total_peers.as_ref(),
    );
    Sheet {
        name: "platform_dimensions",
        titles: ("各维度得分", "Score by dimension"),
        columns: with_quartiles(&columns),
        rows: parts.chain([total]).collect(),
    }
}

fn items(sheet: &PlatformSheet) -> Sheet {
    let columns = [
        ("dimension", Kind::Text, "维度 Dimension"),
        ("item", Kind::Text, "指标 Item"),
        ("shown", Kind::Text, "值 Value"),
        ("raw_value", Kind::Float, "原值 Raw value"),
        ("numerator", Kind::Float, "分子 Above the line"),
        ("denominator", Kind::Float, "分母 Below the line"),
        ("score", Kind::Float, "得分 Score"),
        ("weight", Kind::Float, "权重 Weight"),
        ("contribution", Kind::Float, "贡献分 Points"),
        ("lift", Kind::Text, "提升测算 What would lift the grade"),
    ];
    let rows = sheet.dimensions.iter().flat_map(|dimension| {
        dimension.items.iter().map(|item| {
            let part = |number: Option<i64>| float(number.map(|number| part_number(item, number)));
            let mut cells = vec![
                text(both(&dimension.title)),
                text(both(&item.title)),
                text(own_value(item)),
                float(item.value),
                part(item.numerator),
                part(item.denominator),
                float(item.score),
                float(Some(item.weight)),
                float(item.contribution),
                text(both(&lift(sheet, item))),
            ];
            cells.extend(quartiles(item.value_peers.as_ref()));
            cells
        })
    });
    Sheet {
        name: "platform_items",
        titles: ("各项指标", "Items; quartiles are of raw values"),
        columns: with_quartiles(&columns),
        rows: rows.collect(),
    }
}

fn definitions(sheet: &PlatformSheet) -> Sheet {
    let rows = sheet.items().map(|item| {
        let model = item.model.as_ref();
        vec![
            text(both(&item.title)),
            text(item.reading.description.as_ref().map_or_else(dash, both)),
            text(fraction_words(item)),
            text(unit(item.reading.unit)),
            text(item.tables.join(", ")),
            optional(model.map(|model| &model.file)),
            text(model.map_or_else(dash, |model| model.sources.join("; "))),
            text(model.map_or_else(dash, |model| format!("skillwatch explain {}", model.name))),
        ]
    });
    Sheet {
        name: "platform_definitions",
        titles: ("指标定义", "Definitions of the items"),
        columns: texts(&[
            ("item", "指标 Item"),
            ("definition", "定义 Definition"),
            ("fraction", "分子 / 分母 Above / below the line"),
            ("unit", "单位 Unit"),
            ("tables", "来源表 Tables"),
            ("file", "计算文件 Computed by"),
            ("article", "依据 Article"),
            ("command", "命令 Command"),
        ]),
        rows: rows.collect(),
    }
}

fn sources(sheet: &PlatformSheet) -> Sheet {
    let rows = sheet.sources.iter().map(|source| {
        let query = source
            .query
            .as_ref()
            .map(|query| format!("skillwatch query \"{query}\" --release {}", sheet.release));
        vec![
            text(source.name.as_str()),
            text(format!("{} {}", source.title_zh, source.title_en)),
            text(source.items.join("、")),
            optional(query.as_ref()),
        ]
    });
    Sheet {
        name: "platform_sources",
        titles: ("数据来源", "Tables and records behind the figures"),
        columns: texts(&[
            ("table", "来源表 Table"),
            ("title", "名称 Title"),
            ("items", "用于 Used by"),
            ("command", "查看本平台记录的命令 Command"),
        ]),
        rows: rows.collect(),
    }
}

fn history(sheet: &PlatformSheet) -> Sheet {
    let columns = [
        ("as_of", Kind::Date, "数据截至 As of"),
        ("release", Kind::Text, "发布版本 Release"),
        ("total", Kind::Float, "总分 Total"),
        ("grade", Kind::Text, "等级 Grade"),
        ("agreement", Kind::Text, "一致率 Agreement"),
        ("rank", Kind::Text, "名次 Rank"),
        ("interval", Kind::Text, "名次区间 Interval"),
        ("coverage", Kind::Text, "覆盖率 Coverage"),
        ("stage", Kind::Text, "办理阶段 Stage"),
        ("grounds", Kind::Text, "退出事由 Grounds"),
        ("config_hash", Kind::Text, "方案标识 Method"),
    ];
    let rows = sheet.history.iter().map(|one| {
        let words = history_row(sheet, one).into_iter().zip(&columns);
        let cells = words.map(|(words, (name, ..))| match *name {
            "as_of" => date(Some(one.as_of)),
            "total" => float(one.score.as_ref().and_then(|score| score.total)),
            _ => text(words),
        });
        cells.collect()
    });
    Sheet {
        name: "platform_history",
        titles: ("历次发布", "Over releases"),
        rows: rows.collect(),
        columns: of_kinds(&columns),
    }
}

fn case(sheet: &PlatformSheet) -> Sheet {
    let facts = sheet.exit.iter().flat_map(case_facts);
    let rows = facts.map(|(label, value)| (label.both(), value));
    told(
        "platform_exit",
        ("退出办理", "Where the case of exit stands"),
        rows,
    )
}

fn grounds(sheet: &PlatformSheet) -> Sheet {
    let mut columns = texts(&[("ground", "事由 Ground"), ("reason", "情形 What of it")]);
    columns.push(column("from_on", Kind::Date, "起 From"));
    columns.push(column("until_on", Kind::Date, "止 Until"));
    columns.extend(texts(&[
        ("figures", "数值与界限 Figures and limits"),
        ("consecutive", "连续两期 Twice in a row"),
        ("since", "存在自 Stands since"),
        ("records", "依据记录 Records"),
        ("remedy", "可采取的措施 What can be done"),
    ]));
    let rows = sheet.grounds.iter().map(|ground| {
        let twice = if ground.consecutive {
            "是 yes"
        } else {
            "否 no"
        };
        vec![
            text(exit::ground(&ground.ground)),
            text(exit::reason(&ground.reason)),
            date(ground.from_on),
            date(ground.until_on),
            text(exit::figures(ground)),
            text(twice),
            text(exit::since(sheet.exit.as_ref(), &ground.ground)),
            text(exit::records(ground)),
            text(both(&exit::remedy(ground))),
        ]
    });
    Sheet {
        name: "platform_grounds",
        titles: ("退出事由", "Grounds of exit"),
        rows: rows.collect(),
        columns,
    }
}

fn objections(sheet: &PlatformSheet) -> Sheet {
    let said = exit::objections(sheet);
    let row = |said: &Title| vec![text(said.zh.as_str()), text(said.en.as_str())];
    Sheet {
        name: "platform_objections",
        titles: ("如有异议", "What to do if you disagree"),
        columns: texts(&[("zh", "中文 Chinese"), ("en", "英文 English")]),
        rows: said.iter().map(row).collect(),
    }
}

fn again(sheet: &PlatformSheet) -> Sheet {
    let commands = commands(sheet).into_iter();
    told(
        "platform_again",
        ("如何复算", "How to make this again"),
        commands.map(|(label, command)| (label.both(), command)),
    )
}
