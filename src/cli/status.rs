//! `status`, `runs`.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::context::{CommandError, Exit, language, open, open_for, today};
use super::output::{grid, print_line};
use super::{Global, Language};
use crate::arrivals::{FeedSummary, summary};
use crate::ingest::ledger::read_loads;
use crate::ingest::notices::read_refusals;
use crate::lake::Lake;
use crate::project::Access;
use crate::release::Releases;
use crate::run::{Punctuality, RunRecord, read_records};

pub(super) fn status(global: &Global) -> Result<Exit, CommandError> {
    // It speaks of what cities send: a wrong raw root is told at once.
    let opened = open_for(global, Access::Plan)?;
    let lake = Lake::new(opened.storage.lake.clone());
    let zh = language(global) == Language::Zh;
    let say = |chinese: &str, english: &str| {
        if zh {
            chinese.to_owned()
        } else {
            english.to_owned()
        }
    };
    let current = Releases::new(opened.storage.published.clone())
        .history()?
        .pop();
    let records = read_records(&lake, 3)?;
    // What was due is judged as of the newest night, also one that was held back; without any, as of today.
    let nights = records.iter().filter_map(|record| record.as_of);
    let released = current.as_ref().map(|pointer| pointer.as_of);
    let as_of = nights.chain(released).max().unwrap_or_else(today);
    match current {
        Some(pointer) => print_line(&format!(
            "{} {} ({} {}, {})",
            say("当前发布", "current release"),
            pointer.release,
            say("基准日", "as of"),
            pointer.as_of,
            pointer.at
        )),
        None => print_line(&say("尚未发布", "nothing released yet")),
    }
    print_runs(&records, zh);
    let mut newest: BTreeMap<(String, String), (i64, Option<i32>, NaiveDate)> = BTreeMap::new();
    let loads = read_loads(&lake)?;
    for row in &loads {
        let city = row.city_code.clone().unwrap_or_else(|| "-".to_owned());
        let entry = newest
            .entry((row.feed.clone(), city))
            .or_insert((0, None, row.load_on));
        entry.0 += row.account.accepted;
        entry.1 = entry.1.max(row.account.newest);
        entry.2 = entry.2.max(row.load_on);
    }
    let today = today();
    let rows: Vec<Vec<String>> = newest
        .into_iter()
        .map(|((feed, city), (rows, newest, loaded))| {
            let newest = newest.and_then(NaiveDate::from_epoch_days);
            vec![
                feed,
                city,
                rows.to_string(),
                newest.map(|day| day.to_string()).unwrap_or_default(),
                newest
                    .map(|day| (today - day).num_days().to_string())
                    .unwrap_or_default(),
                loaded.to_string(),
            ]
        })
        .collect();
    let headings = [
        say("数据源", "feed"),
        say("市", "city"),
        say("接收行", "rows accepted"),
        say("最新记录", "newest record"),
        say("静默天数", "days silent"),
        say("最近装载", "last loaded"),
    ];
    grid(&headings, &rows);
    let refusals = read_refusals(&lake)?;
    let calendar = &opened.project.calendar;
    let punctuality = Punctuality::of(
        calendar,
        &opened.project.divisions,
        &loads,
        &refusals,
        as_of,
    );
    print_arrivals(&summary(calendar, &punctuality.board, as_of), zh);
    Ok(Exit::Done)
}

/// How the cities stand with the newest due day of each expected feed.
fn print_arrivals(feeds: &[FeedSummary], zh: bool) {
    if feeds.is_empty() {
        return;
    }
    let headings = if zh {
        [
            "数据源",
            "应报日",
            "已报",
            "迟报",
            "空报",
            "退回",
            "未报",
            "待报",
            "迟报、未报的市",
        ]
    } else {
        [
            "feed",
            "due",
            "received",
            "late",
            "empty",
            "refused",
            "missing",
            "pending",
            "late or missing cities",
        ]
    }
    .map(str::to_owned);
    let rows: Vec<Vec<String>> = feeds
        .iter()
        .map(|feed| {
            let counts = &feed.counts;
            let mut row = vec![feed.feed.clone(), feed.due_on.to_string()];
            let counted = [
                counts.received,
                counts.late,
                counts.empty,
                counts.refused,
                counts.missing,
                counts.pending,
            ];
            row.extend(counted.iter().map(usize::to_string));
            let cities: Vec<&str> = feed
                .late
                .iter()
                .chain(&feed.missing)
                .map(String::as_str)
                .collect();
            row.push(cities.join(" "));
            row
        })
        .collect();
    grid(&headings, &rows);
}

pub(super) fn runs(global: &Global, last: usize) -> Result<Exit, CommandError> {
    let opened = open(global)?;
    let lake = Lake::new(opened.storage.lake.clone());
    print_runs(
        &read_records(&lake, last)?,
        language(global) == Language::Zh,
    );
    Ok(Exit::Done)
}

fn print_runs(records: &[RunRecord], zh: bool) {
    let headings = if zh {
        [
            "开始",
            "基准日",
            "退出码",
            "秒",
            "装载文件",
            "计算表",
            "发布",
            "错误",
        ]
    } else {
        [
            "started", "as of", "exit", "seconds", "objects", "computed", "release", "error",
        ]
    }
    .map(str::to_owned);
    let rows: Vec<Vec<String>> = records
        .iter()
        .map(|record| {
            let computed = record.models.iter().filter(|model| model.computed).count();
            vec![
                record.started_at.clone(),
                record.as_of.map(|day| day.to_string()).unwrap_or_default(),
                record.exit_code.to_string(),
                format!("{:.1}", record.seconds),
                record.objects_loaded.to_string(),
                computed.to_string(),
                record.release.clone().unwrap_or_default(),
                record.error.clone().unwrap_or_default(),
            ]
        })
        .collect();
    grid(&headings, &rows);
}
