//! The calendar of expected arrivals: which feed is due from which cities on which days.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate, Weekday};

use crate::form::{Located, Mistakes, Section};
use crate::problem::Problem;

/// Stands for every city in `cities`.
const ALL_CITIES: &str = "all";
/// Bounds of `grace_days`: a year late is not late but missing.
const GRACE_BOUNDS: (u32, u32) = (0, 366);
/// Bounds of `give_up_after_days`; with 0 the rule would never hold anything back.
const GIVE_UP_BOUNDS: (u32, u32) = (1, 366);
const RHYTHMS: [(&str, RhythmName); 3] = [
    ("day", RhythmName::Day),
    ("week", RhythmName::Week),
    ("month", RhythmName::Month),
];
const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Mon),
    ("tuesday", Weekday::Tue),
    ("wednesday", Weekday::Wed),
    ("thursday", Weekday::Thu),
    ("friday", Weekday::Fri),
    ("saturday", Weekday::Sat),
    ("sunday", Weekday::Sun),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RhythmName {
    Day,
    Week,
    Month,
}

/// How often a feed is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rhythm {
    /// Every day.
    Daily,
    /// Every week on this day.
    Weekly(Weekday),
    /// Every month on this day (1–31); in a shorter month on its last day.
    Monthly(u32),
}

impl Rhythm {
    /// Whether something is due on a day.
    pub fn is_due(self, day: NaiveDate) -> bool {
        match self {
            Rhythm::Daily => true,
            Rhythm::Weekly(weekday) => day.weekday() == weekday,
            Rhythm::Monthly(wanted) => {
                let is_last = day.succ_opt().is_none_or(|next| next.day() == 1);
                day.day() == wanted || (is_last && day.day() < wanted)
            }
        }
    }

    /// The due days from `first` on, until one lies on or after `last`.
    pub(super) fn due_days(self, first: NaiveDate, last: NaiveDate) -> Vec<NaiveDate> {
        let mut days = Vec::new();
        for day in first.iter_days().filter(|day| self.is_due(*day)) {
            days.push(day);
            if day >= last {
                break;
            }
        }
        days
    }
}

/// A feed that is due regularly from some cities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// Feed.
    pub feed: String,
    /// How often.
    pub rhythm: Rhythm,
    /// City codes, in the order given to [`Calendar::parse`].
    pub cities: Vec<String>,
    /// Days after the due day within which an arrival is late and its absence not yet final.
    pub grace_days: u32,
    /// Whether a release may wait for it.
    pub holds_release: bool,
    /// Nothing is due before this day, and nothing that came before it counts.
    pub starts_on: NaiveDate,
}

impl Expected {
    /// The last day of grace for a due day.
    pub fn grace_ends(&self, due: NaiveDate) -> NaiveDate {
        due.checked_add_days(Days::new(u64::from(self.grace_days)))
            .unwrap_or(NaiveDate::MAX)
    }
}

/// When a release waits for cities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReleaseRule {
    /// So many cities must have sent every feed that holds the release.
    pub not_before_cities: usize,
    /// A city that is late by so many days is not waited for any longer; `None`: it is waited for without end.
    pub give_up_after_days: Option<u32>,
}

/// The calendar; the default one expects nothing and holds nothing back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    pub(super) cities: Vec<String>,
    pub(super) expected: Vec<Expected>,
    pub(super) release: Option<ReleaseRule>,
}

impl Calendar {
    /// Reads a calendar; `feeds` are those with a contract, `cities` the codes that "all" stands for, in the order in
    /// which they are to be shown.
    ///
    /// # Errors
    /// Every mistake with file and line.
    pub fn parse(
        file: &str,
        text: &str,
        feeds: &[&str],
        cities: &[String],
    ) -> Result<Calendar, Vec<Problem>> {
        let mut mistakes = Mistakes::new(file, text);
        let Some(document) = mistakes.parse(text) else {
            return Err(mistakes.into_problems());
        };
        let mut root = Section::new(document.get_ref(), &(0..0), "the calendar");
        let starts_on = root.day("starts_on", &mut mistakes);
        root.require("starts_on", &mut mistakes);
        let mut rule = root.section("release", &mut mistakes);
        if let Some(rule) = &mut rule {
            rule.rename("`[release]`");
        }
        let mut reader = Reader {
            feeds,
            cities,
            // A stand-in: without the day there is a mistake, and no calendar.
            starts_on: starts_on.map_or(NaiveDate::MIN, |day| day.value),
            sources: BTreeMap::new(),
            may_hold: false,
            mistakes,
        };
        let mut expected = Vec::new();
        let entries = root.sections("expected", "an entry of `expected`", &mut reader.mistakes);
        for (number, mut section) in (1..).zip(entries) {
            section.rename(format!("entry {number} of `expected`"));
            expected.extend(reader.expected(section));
        }
        let release = rule.and_then(|section| reader.release(section));
        root.finish(&mut reader.mistakes);
        let problems = reader.mistakes.into_problems();
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Calendar {
            cities: cities.to_vec(),
            expected,
            release,
        })
    }

    /// What is expected, in the order of the file.
    pub fn expected(&self) -> &[Expected] {
        &self.expected
    }

    /// When a release waits, if ever.
    pub fn release(&self) -> Option<ReleaseRule> {
        self.release
    }

    /// What is expected of a feed from a city; there is one at most.
    pub(super) fn expected_of(&self, feed: &str, city_code: &str) -> Option<&Expected> {
        self.expected
            .iter()
            .find(|entry| entry.feed == feed && entry.cities.iter().any(|city| city == city_code))
    }

    /// Where a city stands in the order of cities; unknown ones come last.
    pub(super) fn place(&self, city_code: &str) -> usize {
        let position = self.cities.iter().position(|city| city == city_code);
        position.unwrap_or(self.cities.len())
    }
}

struct Reader<'t> {
    feeds: &'t [&'t str],
    cities: &'t [String],
    starts_on: NaiveDate,
    /// By feed and city, the byte at which it was first expected.
    sources: BTreeMap<(String, String), usize>,
    /// Whether an entry holds the release, be it otherwise right or wrong.
    may_hold: bool,
    mistakes: Mistakes<'t>,
}

impl<'t> Reader<'t> {
    fn expected(&mut self, mut section: Section<'t>) -> Option<Expected> {
        let feed = self.feed(&mut section);
        if let Some(feed) = feed {
            section.rename(format!("the expectation of `{}`", feed.value));
        }
        let rhythm = self.rhythm(&mut section);
        let cities = self.city_list(&mut section);
        if let Some(feed) = feed {
            self.note_sources(feed, &cities);
        }
        let grace = section.whole("grace_days", GRACE_BOUNDS, &mut self.mistakes);
        let holds_release = section.flag("holds_release", &mut self.mistakes);
        self.may_hold |= holds_release;
        let starts_on = section.day("starts_on", &mut self.mistakes);
        if let Some(own) = starts_on.filter(|own| own.value < self.starts_on) {
            let message = format!(
                "`starts_on` lies before the calendar's own, {}",
                self.starts_on
            );
            self.mistakes.add(own.offset, message);
        }
        section.finish(&mut self.mistakes);
        Some(Expected {
            feed: feed?.value.to_owned(),
            rhythm: rhythm?,
            cities,
            grace_days: grace.map_or(0, |grace| grace.value),
            holds_release,
            starts_on: starts_on.map_or(self.starts_on, |own| own.value),
        })
    }

    fn feed(&mut self, section: &mut Section<'t>) -> Option<Located<&'t str>> {
        let feed = section.text("feed", &mut self.mistakes);
        section.require("feed", &mut self.mistakes);
        let unknown = feed.filter(|feed| !self.feeds.contains(&feed.value));
        if let Some(Located { value, offset }) = unknown {
            let message = format!(
                "unknown feed `{value}`; known are `{}`",
                self.feeds.join("`, `")
            );
            self.mistakes.add(offset, message);
        }
        feed
    }

    fn rhythm(&mut self, section: &mut Section<'t>) -> Option<Rhythm> {
        let every = section.choice("every", &RHYTHMS, &mut self.mistakes);
        section.require("every", &mut self.mistakes);
        let weekday = section.choice("weekday", &WEEKDAYS, &mut self.mistakes);
        let day = section.whole("day", (1, 31), &mut self.mistakes);
        let every = every?.value;
        if let Some(weekday) = weekday.filter(|_| every != RhythmName::Week) {
            let message = "`weekday` goes with every = \"week\" only";
            self.mistakes.add(weekday.offset, message);
        }
        if let Some(day) = day.filter(|_| every != RhythmName::Month) {
            let message = "`day` goes with every = \"month\" only";
            self.mistakes.add(day.offset, message);
        }
        match every {
            RhythmName::Day => Some(Rhythm::Daily),
            RhythmName::Week => {
                section.require("weekday", &mut self.mistakes);
                weekday.map(|weekday| Rhythm::Weekly(weekday.value))
            }
            RhythmName::Month => {
                section.require("day", &mut self.mistakes);
                day.map(|day| Rhythm::Monthly(day.value))
            }
        }
    }

    /// The cities of an entry in the order of all cities.
    fn city_list(&mut self, section: &mut Section<'t>) -> Vec<String> {
        let named = section.some_texts("cities", &mut self.mistakes);
        section.require("cities", &mut self.mistakes);
        let mut seen: Vec<&str> = Vec::new();
        for Located { value, offset } in &named {
            if *value == ALL_CITIES && named.len() > 1 {
                let message = "\"all\" stands alone or not at all";
                self.mistakes.add(*offset, message);
            }
            if *value != ALL_CITIES && !self.cities.iter().any(|city| city == value) {
                let message = format!(
                    "unknown city `{value}`; known are `{}` and \"all\"",
                    self.cities.join("`, `")
                );
                self.mistakes.add(*offset, message);
            }
            if seen.contains(value) {
                let message = format!("`{value}` stands twice in `cities`");
                self.mistakes.add(*offset, message);
            }
            seen.push(value);
        }
        let wanted = |city: &&String| seen.contains(&ALL_CITIES) || seen.contains(&city.as_str());
        self.cities.iter().filter(wanted).cloned().collect()
    }

    /// Two entries for one feed and city would disagree about what is late.
    fn note_sources(&mut self, feed: Located<&'t str>, cities: &[String]) {
        for city in cities {
            let source = (feed.value.to_owned(), city.clone());
            let Some(first) = self.sources.get(&source) else {
                self.sources.insert(source, feed.offset);
                continue;
            };
            let line = self.mistakes.line(*first);
            let message = format!(
                "`{}` is expected from `{city}` already by the entry on line {line}",
                feed.value
            );
            self.mistakes.add(feed.offset, message);
            return;
        }
    }

    fn release(&mut self, mut section: Section<'t>) -> Option<ReleaseRule> {
        let most = u32::try_from(self.cities.len()).unwrap_or(u32::MAX);
        let needed = section.whole("not_before_cities", (1, most), &mut self.mistakes);
        let give_up = section.whole("give_up_after_days", GIVE_UP_BOUNDS, &mut self.mistakes);
        if let Some(needed) = needed.filter(|_| !self.may_hold) {
            let message =
                "`not_before_cities` holds nothing back: no entry has holds_release = true";
            self.mistakes.add(needed.offset, message);
        }
        if give_up.is_some() {
            // Alone it would say when to end a wait that never begins.
            section.require("not_before_cities", &mut self.mistakes);
        }
        section.finish(&mut self.mistakes);
        Some(ReleaseRule {
            not_before_cities: usize::try_from(needed?.value).unwrap_or(usize::MAX),
            give_up_after_days: give_up.map(|days| days.value),
        })
    }
}
