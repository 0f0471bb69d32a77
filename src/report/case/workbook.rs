//! The case file as a workbook, one sheet a part; the words on leads stand in head and foot of every sheet.

use super::again::commands;
use super::histogram::Histogram;
use super::indicator::{evidence_rows, policy_row, rule_rows};
use super::lists::{identities, joined};
use super::words::{
    by_strength, cities, city, entity_kind, filing, filings, kinds, measure, quarter, review,
    status,
};
use crate::desk::archive::{NOTICE_EN, NOTICE_ZH};
use crate::desk::case::{CaseFile, Hit, Peers};
use crate::identity::hex;
use crate::report::archive::{Words, or_dash, place, strength};
use crate::report::form::{self, yuan};
use crate::report::paper::Label;
use crate::report::paper::sheets::{
    Book, Sheet, column, date, float, number, of_kinds, optional, text, texts,
};
use crate::report::workbook::{Cell, Kind, PlainChart, Rounding, WorkbookError};

/// Tables below which charts stand.
const MONTHS: &str = "case_months";
const BARS: &str = "case_bars";
/// The column that says to which chart a bar belongs.
const CHART: &str = "chart";

/// Writes the workbook and gives its bytes; the same case file gives the same ones.
///
/// # Errors
/// When the writer refuses.
pub fn workbook(
    case: &CaseFile,
    words: &Words,
    rounding: Rounding,
) -> Result<Vec<u8>, WorkbookError> {
    let sheets = [
        overview(case, words),
        register(case, words),
        ranks(case),
        hits(case),
        rules(case),
        policy(case),
        claims(case, words),
        persons(case),
        months(case),
        peers(case),
        bars(case),
        evidence(case),
        again(case),
    ];
    let book = Book {
        title: format!("培训机构疑点线索案卷 {}", case.organisation.id),
        notice: format!("{NOTICE_ZH}。{NOTICE_EN}."),
        release: case.release.clone(),
        as_of: case.as_of,
        rounding,
        charts: charts(case),
    };
    book.write(sheets)
}

fn overview(case: &CaseFile, words: &Words) -> Sheet {
    let organisation = &case.organisation;
    let [hard, strong, weak] = by_strength(case);
    let leads = format!("{} (H {hard}, S {strong}, W {weak})", hard + strong + weak);
    let version = concat!("skillwatch ", env!("CARGO_PKG_VERSION"));
    let rows = [
        ("机构名称 Name", or_dash(organisation.name.as_ref())),
        ("统一社会信用代码 Code", organisation.id.clone()),
        ("类型 Kind", kinds(organisation, words)),
        ("所在市 City", cities(organisation)),
        ("备案（截至日）Filing, as of the day", filings(case)),
        ("数据截至 As of", case.as_of.to_string()),
        ("发布版本 Release", case.release.clone()),
        ("季度 Quarter", quarter(case)),
        ("线索 Leads", leads),
        (
            "已消除和已排除的线索 Cleared leads",
            case.cleared.len().to_string(),
        ),
        ("涉及人员 Persons", case.persons.len().to_string()),
        ("涉及申领 Claims", case.claims.len().to_string()),
        ("涉及金额（元）At risk, yuan", yuan(case.at_risk_fen())),
        (
            "规则与参数指纹 Hash of rules and policy",
            case.rules_hash.clone(),
        ),
        ("程序 Program", version.to_owned()),
    ];
    Sheet {
        name: "case_overview",
        titles: ("案卷概要", "Overview"),
        columns: texts(&[("item", "项目 Item"), ("value", "内容 Value")]),
        rows: rows
            .into_iter()
            .map(|(item, value)| vec![text(item), text(value)])
            .collect(),
    }
}

fn register(case: &CaseFile, words: &Words) -> Sheet {
    let mut columns = texts(&[
        ("org_kind", "类型 Kind"),
        ("org_name", "名称 Name"),
        ("city", "所在市 City"),
        ("state", "状态 State"),
    ]);
    for (name, zh) in [
        ("registered_on", "注册 Registered"),
        ("filed_on", "备案 Filed"),
        ("filed_until", "有效期至 Until"),
        ("removed_on", "退出 Removed"),
    ] {
        columns.push(column(name, Kind::Date, zh));
    }
    columns.push(column("source", Kind::Text, "原始文件:行 Raw file:line"));
    let roles = case.organisation.roles.iter();
    Sheet {
        name: "case_register",
        titles: ("登记与备案", "Register and filing"),
        columns,
        rows: roles
            .map(|role| {
                vec![
                    text(words.both("organizations", "org_kind", &role.kind)),
                    text(role.name.as_str()),
                    text(city(role.city_name.as_ref(), role.city_code.as_ref())),
                    text(filing(role, case.as_of)),
                    date(role.registered_on),
                    date(role.filed_on),
                    date(role.filed_until),
                    date(role.removed_on),
                    text(place(&role.source)),
                ]
            })
            .collect(),
    }
}

fn ranks(case: &CaseFile) -> Sheet {
    let columns = [
        ("quarter", Kind::Text, "季度 Quarter"),
        ("rank", Kind::Int, "排序 Rank"),
        ("cases", Kind::Int, "案卷总数 Cases"),
        ("score", Kind::Float, "得分 Score"),
        ("hard", Kind::Int, "强 Hard"),
        ("strong", Kind::Int, "较强 Strong"),
        ("weak", Kind::Int, "弱 Weak"),
        ("indicators", Kind::Text, "指标 Indicators"),
        ("persons", Kind::Int, "人数 Persons"),
        ("amount_at_risk_fen", Kind::Int, "涉及金额 At risk"),
    ];
    let ranks = case.ranks.iter();
    Sheet {
        name: "case_ranks",
        titles: ("得分与排序", "Score and rank"),
        columns: of_kinds(&columns),
        rows: ranks
            .map(|rank| {
                vec![
                    text(rank.quarter.as_str()),
                    Cell::Int(rank.rank),
                    case.cases.map_or(Cell::Null, Cell::Int),
                    float(rank.score),
                    Cell::Int(rank.hard),
                    Cell::Int(rank.strong),
                    Cell::Int(rank.weak),
                    text(rank.indicators.join(", ")),
                    Cell::Int(rank.persons),
                    Cell::Int(rank.amount_at_risk_fen),
                ]
            })
            .collect(),
    }
}

fn hits(case: &CaseFile) -> Sheet {
    let columns = [
        ("indicator_id", Kind::Text, "指标 Indicator"),
        ("title", Kind::Text, "名称 Title"),
        ("status", Kind::Text, "状态 Status"),
        ("strength", Kind::Text, "强度 Strength"),
        ("entity_kind", Kind::Text, "对象类型 Kind of entity"),
        ("entity_id", Kind::Text, "对象 Entity"),
        ("period", Kind::Text, "所属期 Period"),
        ("value", Kind::Float, "值 Value"),
        ("threshold", Kind::Float, "阈值 Threshold"),
        ("population", Kind::Int, "检验对象数 Tested"),
        ("amount_at_risk_fen", Kind::Int, "涉及金额 At risk"),
        ("rule_ref", Kind::Text, "依据 Rule"),
        ("first_seen_on", Kind::Date, "首现 First seen"),
        ("quarters", Kind::Text, "季度 Quarters"),
        ("evidence_count", Kind::Int, "证据记录数 Evidence"),
        ("evidence", Kind::List, "证据 Evidence records"),
        ("review", Kind::Text, "核查 Review"),
    ];
    let titled = case.indicators.iter().flat_map(|part| {
        let title = format!("{} {}", part.rule.title_zh, part.rule.title_en);
        part.hits.iter().map(move |hit| hit_row(hit, &title))
    });
    let cleared = case.cleared.iter().map(|hit| hit_row(hit, ""));
    Sheet {
        name: "case_hits",
        titles: ("线索", "Leads; cleared ones last"),
        columns: of_kinds(&columns),
        rows: titled.chain(cleared).collect(),
    }
}

fn hit_row(hit: &Hit, title: &str) -> Vec<Cell> {
    let lead = &hit.lead;
    vec![
        text(lead.indicator_id.as_str()),
        text(title),
        text(status(&lead.status)),
        text(strength(&lead.strength)),
        text(entity_kind(&lead.entity_kind)),
        text(lead.entity_id.as_str()),
        text(lead.period.as_str()),
        float(lead.value),
        float(lead.threshold),
        Cell::Int(hit.population),
        Cell::Int(lead.amount_at_risk_fen),
        text(lead.rule_ref.as_str()),
        date(lead.first_seen_on),
        text(hit.quarters.join(", ")),
        Cell::Int(lead.evidence_count),
        Cell::List(lead.evidence.clone()),
        text(review(hit)),
    ]
}

fn rules(case: &CaseFile) -> Sheet {
    let rows = case.indicators.iter().flat_map(|part| {
        let rule = &part.rule;
        let title = format!("{} {}", rule.title_zh, rule.title_en);
        let mut rows = rule_rows(rule);
        if rule.has_changed {
            let label = Label::new("注意", "Note");
            let told = "发布之后定义文件已修改 the definition was changed after the release";
            rows.push((label, told.to_owned()));
        }
        rows.into_iter().map(move |(label, value)| {
            let item = label.both();
            vec![
                text(rule.id.as_str()),
                text(title.as_str()),
                text(item),
                text(value),
            ]
        })
    });
    Sheet {
        name: "case_rules",
        titles: ("规则", "Rules of the indicators"),
        columns: texts(&[
            ("indicator_id", "指标 Indicator"),
            ("title", "名称 Title"),
            ("item", "项目 Item"),
            ("text", "内容 Text"),
        ]),
        rows: rows.collect(),
    }
}

fn policy(case: &CaseFile) -> Sheet {
    let rows = case.indicators.iter().flat_map(|part| {
        part.rule.policy.iter().map(move |line| {
            let changed = if line.has_changed { "是 yes" } else { "" };
            let cells = policy_row(line).into_iter().map(text);
            let mut row = vec![text(part.rule.id.as_str())];
            row.extend(cells);
            row.push(text(changed));
            row
        })
    });
    Sheet {
        name: "case_policy",
        titles: ("政策参数", "Policy rows"),
        columns: texts(&[
            ("indicator_id", "指标 Indicator"),
            ("parameter", "参数 Parameter"),
            ("meaning", "含义 Meaning"),
            ("area", "地区 Area"),
            ("value", "值 Value"),
            ("valid_from", "起 From"),
            ("valid_until", "止 Until"),
            ("in_force", "截至日有效 In force"),
            ("basis", "性质 Basis"),
            ("citation", "依据 Citation"),
            ("version", "版本 Version"),
            ("has_changed", "发布后已改 Changed since"),
        ]),
        rows: rows.collect(),
    }
}

fn claims(case: &CaseFile, words: &Words) -> Sheet {
    let columns = [
        ("claim_id", Kind::Text, "申领编号 Claim"),
        ("enrolment_id", Kind::Text, "报名编号 Enrolment"),
        ("person_hex", Kind::Text, "人员（假名）Person"),
        ("kind", Kind::Text, "补贴类型 Kind"),
        ("fund", Kind::Text, "资金来源 Fund"),
        ("amount_fen", Kind::Int, "金额 Amount"),
        ("amount_at_risk_fen", Kind::Int, "涉及金额 At risk"),
        ("claimed_on", Kind::Date, "申领 Claimed"),
        ("paid_on", Kind::Date, "发放 Paid"),
        ("status", Kind::Text, "状态 Status"),
        ("payee_id", Kind::Text, "收款机构 Payee"),
        ("indicators", Kind::Text, "指标 Indicators"),
        ("source", Kind::Text, "原始文件:行 Raw file:line"),
    ];
    let claims = case.claims.iter();
    Sheet {
        name: "case_claims",
        titles: ("涉及的申领", "Claims concerned, each once"),
        columns: of_kinds(&columns),
        rows: claims
            .map(|claim| {
                vec![
                    text(claim.claim_id.as_str()),
                    text(claim.enrolment_id.as_str()),
                    text(claim.person.as_str()),
                    text(words.both("claims", "kind", &claim.kind)),
                    text(words.both("claims", "fund", &claim.fund)),
                    Cell::Int(claim.amount_fen),
                    Cell::Int(claim.at_risk_fen),
                    date(claim.claimed_on),
                    date(claim.paid_on),
                    text(words.both("claims", "status", &claim.status)),
                    optional(claim.payee_id.as_ref()),
                    text(joined(&claim.indicators)),
                    text(place(&claim.source)),
                ]
            })
            .collect(),
    }
}

fn persons(case: &CaseFile) -> Sheet {
    let mut columns = vec![
        column("person_hex", Kind::Text, "人员（假名）Person"),
        column("indicators", Kind::Text, "指标 Indicators"),
        column("enrolments", Kind::Int, "报名 Enrolments"),
        column("claims", Kind::Int, "申领 Claims"),
        column("amount_at_risk_fen", Kind::Int, "涉及金额 At risk"),
    ];
    let is_revealed = case.persons.iter().any(|one| !one.identities.is_empty());
    if is_revealed {
        let zh = "身份（保密）Identity, confidential";
        columns.push(column("identity", Kind::Text, zh));
    }
    let persons = case.persons.iter();
    Sheet {
        name: "case_persons",
        titles: ("涉及的人员", "Persons concerned"),
        columns,
        rows: persons
            .map(|person| {
                let mut row = vec![
                    text(hex(person.key)),
                    text(joined(&person.indicators)),
                    number(person.enrolments.len()),
                    number(person.claims),
                    Cell::Int(person.at_risk_fen),
                ];
                if is_revealed {
                    row.push(text(identities(person)));
                }
                row
            })
            .collect(),
    }
}

fn months(case: &CaseFile) -> Sheet {
    let columns = [
        ("month", Kind::Text, "月份 Month"),
        ("enrolments", Kind::Int, "报名 Enrolments"),
        ("claims", Kind::Int, "申领 Claims"),
        ("claimed_fen", Kind::Int, "申领金额 Claimed"),
        ("hits", Kind::Int, "线索 Leads"),
    ];
    let months = case.months.iter();
    Sheet {
        name: MONTHS,
        titles: ("时间线", "Timeline by month"),
        columns: of_kinds(&columns),
        rows: months
            .map(|month| {
                vec![
                    text(month.month.as_str()),
                    Cell::Int(month.enrolments),
                    Cell::Int(month.claims),
                    Cell::Int(month.claimed_fen),
                    Cell::Int(month.hits),
                ]
            })
            .collect(),
    }
}

/// Values among which those of the case stand, with what they are: of all that were compared with each other where the
/// indicator compares with peers, else of all leads.
fn compared(case: &CaseFile) -> impl Iterator<Item = (&str, Label, &Peers)> {
    case.indicators.iter().flat_map(|part| {
        let id = part.rule.id.as_str();
        let among_peers = part.distributions.iter().map(move |distribution| {
            let label = measure(&distribution.measure);
            (id, label, &distribution.peers)
        });
        let leads = Label::new("全部线索", "All leads");
        let is_shown = part.distributions.is_empty() && !part.peers.values.is_empty();
        let among_leads = is_shown.then_some((id, leads, &part.peers));
        among_peers.chain(among_leads)
    })
}

fn peers(case: &CaseFile) -> Sheet {
    let columns = [
        ("indicator_id", Kind::Text, "指标 Indicator"),
        ("among", Kind::Text, "比较范围 Among"),
        ("values", Kind::Int, "数值个数 Values"),
        ("least", Kind::Float, "最小 Least"),
        ("quarter", Kind::Float, "下四分位 First quartile"),
        ("median", Kind::Float, "中位数 Median"),
        ("three_quarters", Kind::Float, "上四分位 Third quartile"),
        ("most", Kind::Float, "最大 Most"),
        ("own", Kind::Int, "本案线索 Leads of this case"),
        ("own_least", Kind::Float, "本案最小 Own least"),
        ("own_most", Kind::Float, "本案最大 Own most"),
        ("thresholds", Kind::Text, "阈值 Thresholds"),
    ];
    let rows = compared(case).map(|(id, among, peers)| {
        let limits = peers.thresholds.iter();
        let limits: Vec<String> = limits.map(|limit| form::number(*limit)).collect();
        vec![
            text(id),
            text(among.both()),
            number(peers.values.len()),
            float(peers.quantile(0.0)),
            float(peers.quantile(0.25)),
            float(peers.quantile(0.5)),
            float(peers.quantile(0.75)),
            float(peers.quantile(1.0)),
            number(peers.own.len()),
            float(peers.own.first().copied()),
            float(peers.own.last().copied()),
            text(limits.join(", ")),
        ]
    });
    Sheet {
        name: "case_peers",
        titles: (
            "数值比较",
            "Values of this case among those of all peers, else of all leads",
        ),
        rows: rows.collect(),
        columns: of_kinds(&columns),
    }
}

/// What the charts show, bar by bar.
fn bars(case: &CaseFile) -> Sheet {
    let rows = compared(case).flat_map(|(id, among, peers)| {
        Histogram::of(peers).map_or_else(Vec::new, |histogram| {
            let counts = histogram.all.iter().zip(&histogram.own).enumerate();
            let rows = counts.map(|(bin, (all, own))| {
                vec![
                    text(chart_name(id, &among)),
                    text(form::number(histogram.edge(bin))),
                    Cell::Int(i64::from(all.saturating_sub(*own))),
                    Cell::Int(i64::from(*own)),
                ]
            });
            rows.collect()
        })
    });
    let columns = [
        (CHART, Kind::Text, "比较 Comparison"),
        ("from", Kind::Text, "数值自 Values from"),
        ("others", Kind::Int, "其他 Others"),
        ("own", Kind::Int, "本案线索 Leads of this case"),
    ];
    Sheet {
        name: BARS,
        titles: ("数值分布", "How the values are distributed"),
        rows: rows.collect(),
        columns: of_kinds(&columns),
    }
}

fn chart_name(id: &str, among: &Label) -> String {
    format!("{id} {}", among.both())
}

fn charts(case: &CaseFile) -> Vec<PlainChart> {
    let distributions = compared(case).map(|(id, among, _)| PlainChart {
        table: BARS,
        title: chart_name(id, &among),
        category: "from",
        values: &["others", "own"],
        is_stacked: true,
        only: Some((CHART, chart_name(id, &among))),
    });
    let timeline = PlainChart {
        table: MONTHS,
        title: "各月报名、申领和线索 Enrolments, claims and leads by month".to_owned(),
        category: "month",
        values: &["enrolments", "claims", "hits"],
        is_stacked: false,
        only: None,
    };
    distributions.chain([timeline]).collect()
}

fn evidence(case: &CaseFile) -> Sheet {
    let rows = case.indicators.iter().flat_map(|part| {
        let rows = part.evidence.iter().flat_map(evidence_rows);
        rows.map(move |row| {
            vec![
                text(part.rule.id.as_str()),
                text(row.of),
                text(row.record),
                text(row.object),
                text(row.line),
                text(row.text),
            ]
        })
    });
    Sheet {
        name: "case_evidence",
        titles: ("证据记录", "First evidence records of the first leads"),
        columns: texts(&[
            ("indicator_id", "指标 Indicator"),
            ("lead", "线索对象 Lead"),
            ("record", "记录 Record"),
            ("object", "文件 File"),
            ("line", "行 Line"),
            ("text", "内容（身份为假名）Text"),
        ]),
        rows: rows.collect(),
    }
}

fn again(case: &CaseFile) -> Sheet {
    let commands = commands(case).into_iter();
    Sheet {
        name: "case_again",
        titles: ("如何复算", "How to make this again"),
        columns: texts(&[("shows", "内容 Shows"), ("command", "命令 Command")]),
        rows: commands
            .map(|(label, command)| {
                let shows = label.both();
                vec![text(shows), text(command)]
            })
            .collect(),
    }
}
