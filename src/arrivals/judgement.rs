//! What follows from the board: who is late, whether a release waits, and the summary for `status`.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Serialize;

use super::board::{ArrivalStatus, BoardRow};
use super::calendar::{Calendar, Expected};

/// A release that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hold {
    /// Cities that have sent everything that holds the release.
    pub arrived: usize,
    /// Cities that must have.
    pub needed: usize,
    /// What is lacking, as (city, feed), in the order of cities.
    pub missing: Vec<(String, String)>,
}

/// How a feed stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FeedSummary {
    /// Feed.
    pub feed: String,
    /// Newest due day.
    pub due_on: NaiveDate,
    /// Cities by their status on the newest due day.
    pub counts: StatusCounts,
    /// Cities whose newest file came late, in the order of cities.
    pub late: Vec<String>,
    /// Cities that have not sent, or not readably, what was due on the newest day whose grace is over.
    pub missing: Vec<String>,
}

/// Numbers of cities by status.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct StatusCounts {
    /// Rows came in time.
    pub received: usize,
    /// Rows came late.
    pub late: usize,
    /// Only files without rows came.
    pub empty: usize,
    /// Only refused files came.
    pub refused: usize,
    /// Nothing came, and the grace is over.
    pub missing: usize,
    /// Nothing came yet.
    pub pending: usize,
}

impl StatusCounts {
    fn add(&mut self, status: ArrivalStatus) {
        let count = match status {
            ArrivalStatus::Received => &mut self.received,
            ArrivalStatus::Late => &mut self.late,
            ArrivalStatus::Empty => &mut self.empty,
            ArrivalStatus::Refused => &mut self.refused,
            ArrivalStatus::Missing => &mut self.missing,
            ArrivalStatus::Pending => &mut self.pending,
        };
        *count += 1;
    }
}

/// What holds the release back as of a day, if anything does.
///
/// A city has arrived when nothing that holds the release is outstanding from it on the newest due day of its feeds; an
/// empty file counts, a refused one does not. A city with nothing but what is late by `give_up_after_days` or more is
/// not waited for: it does not count as arrived, and yet does not hold the release.
pub fn hold(calendar: &Calendar, board: &[BoardRow], as_of: NaiveDate) -> Option<Hold> {
    let rule = calendar.release?;
    let mut waited_for: BTreeSet<usize> = BTreeSet::new();
    let mut outstanding: BTreeSet<(usize, &str, &str)> = BTreeSet::new();
    for track in tracks(calendar, board, as_of) {
        if !track.expected.holds_release {
            continue;
        }
        let Some(since) = track.silent_since() else {
            continue;
        };
        let place = calendar.place(track.city_code);
        outstanding.insert((place, track.city_code, &track.expected.feed));
        let days_late = (as_of - since).num_days();
        if rule
            .give_up_after_days
            .is_none_or(|days| days_late < i64::from(days))
        {
            waited_for.insert(place);
        }
    }
    let lacking: BTreeSet<usize> = outstanding.iter().map(|(place, ..)| *place).collect();
    if calendar.cities.len() - waited_for.len() >= rule.not_before_cities {
        return None;
    }
    let name = |(_, city_code, feed): (usize, &str, &str)| (city_code.to_owned(), feed.to_owned());
    Some(Hold {
        arrived: calendar.cities.len() - lacking.len(),
        needed: rule.not_before_cities,
        missing: outstanding.into_iter().map(name).collect(),
    })
}

/// The cities because of which a run ends as "done, with late cities", in the order of cities.
///
/// A city is late when, for one of its feeds, nothing readable came for the newest due day whose grace is over, or when
/// its newest file came late. A day within grace makes nobody late before something comes.
pub fn late_cities(calendar: &Calendar, board: &[BoardRow], as_of: NaiveDate) -> Vec<String> {
    let late: BTreeSet<(usize, &str)> = tracks(calendar, board, as_of)
        .iter()
        .filter(|track| track.is_missing() || track.is_late())
        .map(|track| (calendar.place(track.city_code), track.city_code))
        .collect();
    late.into_iter()
        .map(|(_, city_code)| city_code.to_owned())
        .collect()
}

/// How every expected feed stands, in the order of feeds; feeds of which nothing has been due yet are left out.
pub fn summary(calendar: &Calendar, board: &[BoardRow], as_of: NaiveDate) -> Vec<FeedSummary> {
    let mut feeds: BTreeMap<&str, FeedSummary> = BTreeMap::new();
    for track in tracks(calendar, board, as_of) {
        let Some(newest) = track.rows.last() else {
            continue;
        };
        let feed = track.expected.feed.as_str();
        let summary = feeds.entry(feed).or_insert_with(|| FeedSummary {
            feed: feed.to_owned(),
            due_on: newest.day,
            counts: StatusCounts::default(),
            late: Vec::new(),
            missing: Vec::new(),
        });
        summary.due_on = summary.due_on.max(newest.day);
        summary.counts.add(newest.status);
        if track.is_missing() {
            summary.missing.push(track.city_code.to_owned());
        } else if track.is_late() {
            summary.late.push(track.city_code.to_owned());
        }
    }
    feeds.into_values().collect()
}

/// The due rows of one feed and city up to a day, the oldest first.
struct Track<'b> {
    expected: &'b Expected,
    city_code: &'b str,
    as_of: NaiveDate,
    rows: Vec<&'b BoardRow>,
}

impl Track<'_> {
    /// The first of the due days without arrival that reach to the newest one.
    fn silent_since(&self) -> Option<NaiveDate> {
        let silent = self.rows.iter().rev();
        let last = silent.take_while(|row| !row.status.has_arrived()).last();
        last.map(|row| row.day)
    }

    fn is_missing(&self) -> bool {
        let is_settled = |row: &&&BoardRow| self.expected.grace_ends(row.day) < self.as_of;
        let newest_settled = self.rows.iter().rev().find(is_settled);
        newest_settled.is_some_and(|row| !row.status.has_arrived())
    }

    fn is_late(&self) -> bool {
        let has_arrived = |row: &&&BoardRow| row.status.has_arrived();
        let newest_arrived = self.rows.iter().rev().find(has_arrived);
        newest_arrived.is_some_and(|row| row.status == ArrivalStatus::Late)
    }
}

/// The due rows by city, in the order of cities, and feed.
fn tracks<'b>(calendar: &'b Calendar, board: &'b [BoardRow], as_of: NaiveDate) -> Vec<Track<'b>> {
    let mut rows: BTreeMap<(usize, &str, &str), Vec<&BoardRow>> = BTreeMap::new();
    for row in board.iter().filter(|row| row.expected && row.day <= as_of) {
        let place = calendar.place(&row.city_code);
        let source = (place, row.city_code.as_str(), row.feed.as_str());
        rows.entry(source).or_default().push(row);
    }
    let mut tracks = Vec::new();
    for ((_, city_code, feed), mut rows) in rows {
        let Some(expected) = calendar.expected_of(feed, city_code) else {
            continue;
        };
        rows.sort_by_key(|row| row.day);
        tracks.push(Track {
            expected,
            city_code,
            as_of,
            rows,
        });
    }
    tracks
}
