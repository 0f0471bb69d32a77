//! Study and raw records on the page: the long lists.

use super::html::SESSIONS_SHOWN;
use super::records::{PLACE, code, figure, list, place, time, when};
use super::words::{dash, or_dash};
use crate::desk::archive::{Session, Source, Training};
use crate::report::form::{clock, count, number};
use crate::report::paper::{Label, Paper};

pub(super) fn study(page: &mut Paper, training: &Training) {
    let days = [
        when("学习日期", "Day"),
        figure("学习次数", "Sessions"),
        figure("去重时长", "Time, overlaps once"),
        figure("时长合计", "Sum of lengths"),
        figure("平台计时", "By platform"),
        figure("人脸抽验", "Face checks"),
        figure("通过", "Passed"),
    ];
    let label = Label::new("每日学习", "Study by day");
    list(page, label, &days, &training.study_days, |one| {
        vec![
            one.day.to_string(),
            one.sessions.to_string(),
            clock(one.union_us / 1_000_000),
            clock(one.sum_us / 1_000_000),
            clock(one.watched_seconds),
            one.face_prompts.to_string(),
            one.face_passed.to_string(),
        ]
    });
    let sessions = &training.sessions;
    if sessions.is_empty() {
        return;
    }
    page.fold(
        Label::new("学习记录", "Study sessions"),
        &format!("({})", sessions.len()),
    );
    let headings = [
        code("记录编号", "Record"),
        when("开始", "Start"),
        when("结束", "End"),
        code("课件", "Item"),
        figure("计时", "Watched"),
        figure("倍速", "Rate"),
        code("设备", "Device"),
        code("IP", "Address"),
        figure("人脸", "Face"),
        when("上传", "Upload"),
        PLACE,
    ];
    page.table(&headings, sessions.iter().take(SESSIONS_SHOWN).map(session));
    more(page, sessions.len());
    page.end_fold();
}

fn session(one: &Session) -> Vec<String> {
    let record = match &one.other_person {
        Some(other) => format!("{} (他人 other person {other})", one.log_id),
        None => one.log_id.clone(),
    };
    let face = match (one.face_passed, one.face_prompts) {
        (Some(passed), Some(prompts)) => format!("{passed}/{prompts}"),
        _ => dash(),
    };
    vec![
        record,
        time(one.started_at.as_ref()),
        time(one.ended_at.as_ref()),
        one.item_id.clone(),
        clock(one.watched_seconds),
        one.playback_rate.map_or_else(dash, number),
        or_dash(one.device_id.as_ref()),
        or_dash(one.ip.as_ref()),
        face,
        time(one.uploaded_at.as_ref()),
        place(&one.source),
    ]
}

/// Says how many sessions are left out.
fn more(page: &mut Paper, sessions: usize) {
    if let Some(left) = sessions
        .checked_sub(SESSIONS_SHOWN)
        .filter(|left| *left > 0)
    {
        page.paragraph(
            "note",
            &format!("另有 {left} 条未列出，JSON 中全部列出。"),
            &format!("{left} more are not listed here; the JSON form has all."),
        );
    }
}

/// Raw records of a training, folded.
pub(super) fn raw(page: &mut Paper, training: &Training) {
    let sources = training.sources();
    if sources
        .iter()
        .all(|source| source.raw.is_none() && source.raw_missing.is_none())
    {
        return;
    }
    page.fold(
        Label::new("原始记录", "Raw records"),
        &format!("({})", sources.len()),
    );
    let headings = [
        code("文件", "File"),
        figure("行", "Line"),
        figure("字节", "Byte"),
        code("内容", "Text; identities as pseudonyms unless revealed"),
    ];
    let mut sessions = 0;
    let shown = sources.into_iter().filter(|source| {
        let is_session = source.feed == "study_logs";
        sessions += usize::from(is_session);
        !is_session || sessions <= SESSIONS_SHOWN
    });
    page.table(
        &headings,
        shown.map(|source| {
            vec![
                source.object.clone(),
                source.line.to_string(),
                source.byte.map_or_else(dash, count),
                raw_text(source),
            ]
        }),
    );
    more(page, training.sessions.len());
    page.end_fold();
}

/// The text of a raw record, or why there is none.
pub(in crate::report) fn raw_text(source: &Source) -> String {
    match (&source.raw, &source.raw_missing) {
        (Some(fields), _) => fields
            .iter()
            .map(|field| format!("{}={}", field.heading, field.text))
            .collect::<Vec<_>>()
            .join(", "),
        (None, Some(reason)) => format!("不可得 not available: {reason}"),
        (None, None) => dash(),
    }
}
