//! What the schemes of logs, certificates and organisations have in common.

use super::super::calendar::{DAY, Day, Moment, Window};
use super::super::courses::{HELP_DESK, KNOWLEDGE, Trade};
use super::super::learning::{self, Session};
use super::super::organisations::Organisation;
use super::super::training::{Certificate, Training};
use super::super::world::{Class, Listing, Mode, Plan};
use super::{Group, Host, Planter, moved};

/// One day in the classroom.
const SHORT: i64 = 800;

impl Planter<'_> {
    /// An organisation of a scheme's own that is in order but for what `adjust` does to it. Schools may teach all
    /// knowledge courses.
    pub fn found(
        &mut self,
        kind: &'static str,
        city: usize,
        adjust: impl FnOnce(&mut Organisation),
    ) -> Organisation {
        let organisations = &mut self.planted.world.organisations;
        let mut found = organisations.enter(kind, city);
        adjust(&mut found);
        organisations.local[city].planted.push(found.clone());
        if kind == "school" {
            let from = self.window().first - 200;
            for trade in KNOWLEDGE {
                self.permit(city, &found.id, trade, (from, None));
            }
        }
        found
    }

    /// A school of a scheme's own, in order in every respect.
    pub fn honest_school(&mut self, city: usize) -> Host {
        Host::of(&self.found("school", city, |_| {}))
    }

    /// A platform of a scheme's own that all cities list for all knowledge courses; gives its place.
    pub fn found_platform(&mut self, city: usize, adjust: impl FnOnce(&mut Organisation)) -> usize {
        let world = &mut self.planted.world;
        let mut found = world.organisations.enter("platform", city);
        adjust(&mut found);
        let earliest = world.window.first - 90;
        let from = found.filed_on.unwrap_or(earliest).max(earliest);
        let platform_id = found.id.clone();
        world.organisations.platforms.push(found);
        let place = world.organisations.platforms.len() - 1;
        for city in 0..world.organisations.local.len() {
            let listing = Listing {
                city,
                platform_id: platform_id.clone(),
                from,
                until: None,
            };
            self.planted.world.listings.push(listing);
            for trade in KNOWLEDGE {
                self.permit(city, &platform_id, trade, (from, None));
            }
        }
        place
    }

    /// The code of a platform.
    pub fn platform_id(&self, platform: usize) -> String {
        self.planted.world.organisations.platforms[platform]
            .id
            .clone()
    }

    /// The quarters that end within the window, the longest part of one first; at least one.
    pub fn quarters(&self) -> Vec<Window> {
        let mut quarters: Vec<_> = self.window().quarters().collect();
        quarters.sort_by_key(|quarter| -quarter.days());
        quarters
    }

    /// The longest quarter.
    pub fn quarter(&self) -> Window {
        let quarters = self.quarters();
        quarters.first().copied().unwrap_or(self.window())
    }

    /// Opens an empty class of one day in a knowledge trade at a school of a scheme's own.
    pub fn open_day(&mut self, host: &Host, city: usize, trade: &'static Trade, day: Day) -> Group {
        let mut group = self.open_hosted(host, city, trade, day);
        group.class.offline = SHORT;
        group.class.end = day;
        group
    }

    /// The same for a class of one hour online and a half day in the classroom.
    pub fn open_hour(&mut self, host: &Host, city: usize, platform: usize, start: Day) -> Group {
        let course = self.course(HELP_DESK, platform, &[2_700]);
        let mut group = self.open(Plan {
            city,
            trade: HELP_DESK,
            mode: Mode::Blended,
            start,
            course,
        });
        group.class.org_id.clone_from(&host.id);
        group.class.org_account.clone_from(&host.account);
        group
    }

    /// Opens an online class with videos of these lengths.
    pub fn open_videos(
        &mut self,
        city: usize,
        platform: usize,
        start: Day,
        lengths: &[i64],
    ) -> Group {
        let course = self.course(HELP_DESK, platform, lengths);
        self.open(Plan {
            city,
            trade: HELP_DESK,
            mode: Mode::Online,
            start,
            course,
        })
    }

    /// A whole view of an item that begins at a moment, with what goes with it.
    pub fn view(&mut self, item: usize, started: Moment, length: i64) -> Session {
        let mut session = learning::session(item, started, length, length, &mut self.prng);
        moved(&mut session, started);
        session
    }

    /// Views of items in this order from a moment on, with so many milliseconds between them.
    pub fn run(
        &mut self,
        started: Moment,
        items: &[usize],
        length: i64,
        gaps: &[i64],
    ) -> Vec<Session> {
        let mut now = started * 1_000;
        let mut sessions = Vec::new();
        for (place, item) in items.iter().enumerate() {
            let mut session = self.view(*item, now / 1_000, length);
            if now % 1_000 != 0 {
                session.twist().milliseconds = (now % 1_000, now % 1_000);
            }
            sessions.push(session);
            now += length * 1_000 + gaps.get(place).copied().unwrap_or(10_000);
        }
        sessions
    }

    /// The certificate that a training ends with.
    pub fn certificate(&mut self, class: &Class, training: &Training) -> Certificate {
        let issued_on = training.certified_on.unwrap_or(class.end + 4);
        Certificate::usual(class, &training.person, issued_on, self.ids(class.city))
    }

    /// Adds so many model trainings of newcomers.
    pub fn fill(&mut self, group: &mut Group, count: usize) {
        for _ in 0..count {
            let training = self.train_newcomer(&group.class);
            group.trainings.push(training);
        }
    }
}

/// The moment at a second of a day.
pub fn at(day: Day, second: i64) -> Moment {
    day * DAY + second
}

/// Has all views show the same thing.
pub fn each(sessions: &mut [Session], show: impl Fn(&mut Session)) {
    sessions.iter_mut().for_each(show);
}
