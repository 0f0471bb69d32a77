//! Grounds of exit in words: what was found, where the case stands, what the platform can do.

use crate::desk::platform::{Exit, Ground, PlatformSheet};
use crate::native::composite::Title;
use crate::report::archive::dash;
use crate::report::form::{day, number};

use super::words::{percent, points, veto};

/// Record keys of a ground that are listed.
const RECORDS: usize = 10;

fn said(zh: &str, en: &str) -> Title {
    Title {
        zh: zh.to_owned(),
        en: en.to_owned(),
    }
}

/// A ground.
pub(super) fn ground(ground: &str) -> &str {
    match ground {
        "zombie" => "僵尸平台 zombie",
        "stale" => "课程长期不更新 stale courses",
        "weak_supervision" => "过程监管不力 weak supervision",
        "below_standard" => "综合评价不达标 below standard",
        "veto" => "一票否决 veto",
        other => other,
    }
}

/// What of a ground.
pub(super) fn reason(reason: &str) -> &str {
    match reason {
        "no_new_enrolment" => "无新增报名 no new enrolment",
        "little_activity" => "活跃学员和学习课时过少 few active learners and hours",
        "nothing_changed" => "长期无新增或更新课件 nothing published or changed",
        "few_items_changed" => "一年内更新课件过少 few items changed in a year",
        "process_score" => "连续两月过程监管得分过低 low process score in two months",
        "valid_hour_rate" => "有效学时率过低 low valid-hour rate",
        "unqualified" => "评为不合格 graded unqualified",
        other => veto(other),
    }
}

/// A step of the case.
pub(super) fn step(step: &str) -> &str {
    match step {
        "warning" => "预警 warning",
        "rectify" => "整改期 time to rectify",
        "proposal" => "建议退出 proposal",
        "objection" => "建议退出，异议期内 proposal, days for objections",
        "decision" => "建议退出，待市级决定 proposal, the city decides",
        "decided" => "市级已决定 the city has decided",
        other => other,
    }
}

/// The city's decision; a dash without one.
pub(super) fn decision(exit: &Exit) -> String {
    let told = match exit.decision.as_deref() {
        Some("confirmed") => "认定成立 confirmed",
        Some("not_confirmed") => "认定不成立 not confirmed",
        Some(other) => other,
        None => return dash(),
    };
    let finding = exit.decision_finding_id.clone().unwrap_or_default();
    format!("{told} {} {finding}", day(exit.decided_on))
        .trim_end()
        .to_owned()
}

/// What the next date is.
pub(super) fn next_date(exit: &Exit) -> String {
    let Some(date) = exit.next_date else {
        return match exit.stage.as_str() {
            "proposal" => "待市级决定 the city decides".to_owned(),
            _ => dash(),
        };
    };
    let what = match exit.stage.as_str() {
        "proposal" => "异议截止 last day for objections",
        _ => "重新评价 new score",
    };
    format!("{date} {what}")
}

/// Figure and limit of a ground.
pub(super) fn figures(ground: &Ground) -> String {
    let value = ground.value;
    let limit = ground.threshold;
    let (other, other_limit) = (ground.other_value, ground.other_threshold);
    let plain = |value: Option<f64>| value.map_or_else(dash, number);
    match ground.reason.as_str() {
        "no_new_enrolment" => format!("报名 enrolments {}，须 ≥ {}", plain(value), plain(limit)),
        "little_activity" => format!(
            "活跃学员 active learners {}，须 ≥ {}；课时 hours {}，须 ≥ {}",
            plain(value),
            plain(limit),
            points(other),
            plain(other_limit)
        ),
        "nothing_changed" => format!("天数 days {}，须 < {}", plain(value), plain(limit)),
        "few_items_changed" | "valid_hour_rate" => {
            format!("{}，须 ≥ {}", percent(value), percent(limit))
        }
        "process_score" => format!(
            "本月 now {}，上月 a month before {}，须 ≥ {}",
            points(value),
            points(other),
            plain(limit)
        ),
        "unqualified" => format!("总分 total {}", points(value)),
        _ => format!("认定 findings {}", plain(value)),
    }
}

/// Records behind a ground: how many, and those that are of no person.
pub(super) fn records(ground: &Ground) -> String {
    let mut told = format!("{} 条 records", ground.evidence_count);
    let listed: Vec<&str> = ground
        .records
        .iter()
        .take(RECORDS)
        .map(String::as_str)
        .collect();
    if !listed.is_empty() {
        told.push_str(": ");
        told.push_str(&listed.join(", "));
    }
    if ground.records.len() > RECORDS {
        told.push_str(" …");
    }
    told
}

/// What the platform can do about a ground.
pub(super) fn remedy(ground: &Ground) -> Title {
    match ground.reason.as_str() {
        "no_new_enrolment" => said(
            "恢复招生；已有报名未报送的，补报班级和报名数据。",
            "Take in learners again; where enrolments were not sent, send classes and enrolments.",
        ),
        "little_activity" => said(
            "组织学员在线学习；学习记录未上传的，按约定格式补传。",
            "Have learners study; where logs were not uploaded, upload them in the agreed form.",
        ),
        "nothing_changed" | "few_items_changed" => said(
            "更新课件内容并报送新的课件清单（含内容指纹）；只改日期不算更新。",
            "Change the content of courseware and send the new list with content hashes; a new date alone is no change.",
        ),
        "process_score" | "valid_hour_rate" => said(
            "对照上文过程监管各项：补传漏报的学习记录，落实人脸抽验，24小时内上传，剔除挂机和重叠时长。",
            "See the items of process supervision above: upload missing logs, prompt face checks, upload within 24 hours, keep idle and \
             overlapping time out.",
        ),
        "unqualified" => said(
            "对照上文各项“可提升”一栏整改，到期按新数据重新评价。",
            "Work on the items above by their column of what would lift the grade; the new score is made from new data.",
        ),
        _ => said(
            "向作出认定的市级部门提出申诉；认定撤销或超过十二个月后不再计入。",
            "Appeal to the city that made the finding; a finding that is withdrawn or older than twelve months no longer counts.",
        ),
    }
}

/// Since when a ground stands.
pub(super) fn since(exit: Option<&Exit>, ground: &str) -> String {
    day(exit.and_then(|exit| exit.since.get(ground).copied()))
}

/// What to do if the platform disagrees.
pub(super) fn objections(sheet: &PlatformSheet) -> Vec<Title> {
    let unknown = || "—".to_owned();
    let days = sheet.rules.objection_days.clone().unwrap_or_else(unknown);
    let rectify = sheet.rules.rectify_days.clone().unwrap_or_else(unknown);
    vec![
        Title {
            zh: "数据有误：核对各项分子、分母和来源表，向报送数据的市更正原始记录并重新报送；下次发布按更正后的数据计算，修订均有记录。".to_owned(),
            en: "Data that are wrong: check the numbers above and below the line and their tables, have the raw records corrected and sent \
                 again by the city that sent them; the next release counts them, and every revision is on record."
                .to_owned(),
        },
        Title {
            zh: format!("预警：自预警之日起 {rectify} 天内整改，期满后的首次发布重新评价；事由消除的不再列入。"),
            en: format!(
                "A warning: {rectify} days to rectify; the first release after them scores again, and a ground that is gone is no \
                 longer listed."
            ),
        },
        Title {
            zh: format!(
                "建议退出：自建议之日起 {days} 个工作日内，向所在市人力资源社会保障部门书面提出异议并附证明材料（周一至周五计，不计法定节假日调整）。"
            ),
            en: format!(
                "A proposal of exit: {days} working days for a written objection, with what proves it, to the human resources and social \
                 security bureau of the city (Monday to Friday; public holidays are not known to the program)."
            ),
        },
        said(
            "本表为建议和依据，不是决定：省级不作决定，由市级决定。",
            "This sheet proposes and gives grounds, it decides nothing: the province does not decide, the city does.",
        ),
    ]
}
