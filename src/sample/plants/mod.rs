//! Planted schemes: ordinary model trainings with one thing changed, just over and just under each threshold, and the
//! harmless things that look like them.

mod a01;
mod a05;
mod a06;
mod b01;
mod b05;
mod c01;
mod c03;
mod c04;
mod c05;

use std::collections::BTreeSet;

use super::Scheme;
use super::calendar::{self, DAY, Day, Window};
use super::courses::{Course, HELP_DESK, Trade};
use super::learning::{self, Session};
use super::people::Person;
use super::prng::Prng;
use super::training::{Fate, Training};
use super::truth::{Case, Collateral, Truth, Verdict};
use super::world::{Class, Ids, Mode, World};

/// A class with its trainings, ready to be written.
pub struct Group {
    pub class: Class,
    pub trainings: Vec<Training>,
}

/// The planted part of one city, and the counters that its ordinary part goes on with.
pub struct PlantedCity {
    pub ids: Ids,
    pub groups: Vec<Group>,
}

/// The result of planting.
pub struct Planted {
    /// The world, with the courses of planted classes.
    pub world: World,
    pub cities: Vec<PlantedCity>,
    /// How many persons the schemes added.
    pub persons: u64,
}

/// Plants the chosen schemes and notes them in the truth.
pub fn plant(world: World, schemes: &BTreeSet<Scheme>, truth: &mut Truth) -> Planted {
    let learners = world.learners.iter().enumerate();
    let cities = learners
        .map(|(city, learners)| PlantedCity {
            ids: Ids::new(city, *learners),
            groups: Vec::new(),
        })
        .collect();
    let prng = Prng::of(world.seed, "plants", [0, 0]);
    let mut planter = Planter {
        planted: Planted {
            world,
            cities,
            persons: 0,
        },
        truth,
        prng,
    };
    for scheme in schemes {
        match scheme {
            Scheme::A01 => a01::plant(&mut planter),
            Scheme::A05 => a05::plant(&mut planter),
            Scheme::A06 => a06::plant(&mut planter),
            Scheme::B01 => b01::plant(&mut planter),
            Scheme::B05 => b05::plant(&mut planter),
            Scheme::C01 => c01::plant(&mut planter),
            Scheme::C03 => c03::plant(&mut planter),
            Scheme::C04 => c04::plant(&mut planter),
            Scheme::C05 => c05::plant(&mut planter),
        }
    }
    planter.planted
}

/// What the schemes work with.
struct Planter<'a> {
    planted: Planted,
    truth: &'a mut Truth,
    prng: Prng,
}

impl Planter<'_> {
    fn window(&self) -> Window {
        self.planted.world.window
    }

    /// The part of the window in which a training is claimed as 20 % and 80 %, if it is long enough for planting.
    fn split_window(&self) -> Option<Window> {
        let until = Window {
            first: i64::MIN,
            last: calendar::day(2020, 12, 31),
        };
        Some(self.window().within(until)).filter(|window| window.days() >= 90)
    }

    /// Takes from the counters of a city. There is one for each city; others would count for nothing.
    fn counted<T>(&mut self, city: usize, take: impl FnOnce(&World, &mut Ids) -> T) -> T {
        match self.planted.cities.get_mut(city) {
            Some(planted) => take(&self.planted.world, &mut planted.ids),
            None => take(&self.planted.world, &mut Ids::default()),
        }
    }

    /// Someone who is in no other training yet.
    fn newcomer(&mut self, city: usize) -> Person {
        let person = self.counted(city, |world, ids| {
            world.people.person(city, ids.next_person())
        });
        Person {
            group: "migrant",
            ..person
        }
    }

    /// A course of its own for a scheme, so that ordinary course lengths do not matter.
    fn course(&mut self, trade: &'static Trade, platform: usize, lengths: &[i64]) -> usize {
        let courses = &mut self.planted.world.courses;
        courses.push(Course::of_lengths(courses.len(), platform, trade, lengths));
        courses.len() - 1
    }

    /// Opens an empty class.
    fn open(
        &mut self,
        city: usize,
        trade: &'static Trade,
        mode: Mode,
        start: Day,
        course: Option<usize>,
    ) -> Group {
        let class = self.counted(city, |world, ids| {
            let class = world.open(city, ids.next_class(), trade, mode, start, course);
            Class {
                employer: None,
                collects: false,
                ..class
            }
        });
        Group {
            class,
            trainings: Vec::new(),
        }
    }

    /// Opens an online class of sixteen videos of 45 minutes: 16 hours.
    fn open_online(&mut self, city: usize, platform: usize, start: Day) -> Group {
        let course = self.course(HELP_DESK, platform, &[2_700; 16]);
        self.open(city, HELP_DESK, Mode::Online, start, Some(course))
    }

    /// Opens a blended class with the same online part.
    fn open_blended(
        &mut self,
        city: usize,
        trade: &'static Trade,
        platform: usize,
        start: Day,
    ) -> Group {
        let course = self.course(trade, platform, &[2_700; 16]);
        self.open(city, trade, Mode::Blended, start, Some(course))
    }

    /// A model training of someone in a class.
    fn train(&mut self, class: &Class, person: &Person, is_first: bool) -> Training {
        self.planted.persons += u64::from(is_first);
        self.counted(class.city, |world, ids| {
            world.train(class, person.clone(), Fate::Model, is_first, ids)
        })
    }

    /// A model training of a newcomer.
    fn train_newcomer(&mut self, class: &Class) -> Training {
        let person = self.newcomer(class.city);
        self.train(class, &person, true)
    }

    /// Hands a finished class over.
    fn add(&mut self, group: Group) {
        if let Some(city) = self.planted.cities.get_mut(group.class.city) {
            city.groups.push(group);
        }
    }

    /// The standard of a class in fen.
    fn standard(&self, class: &Class) -> i64 {
        class
            .trade
            .standard_fen(class.city, class.start, self.planted.world.change_day)
    }

    fn case(
        &mut self,
        indicator: Scheme,
        verdict: Verdict,
        (kind, entity): (&'static str, &str),
        period: String,
        note: impl Into<String>,
    ) {
        let (entity, note) = (entity.to_owned(), note.into());
        self.truth.cases.push(Case {
            indicator,
            verdict,
            kind,
            entity,
            period,
            note,
        });
    }

    fn collateral(
        &mut self,
        indicator: &'static str,
        (kind, entity): (&'static str, &str),
        period: String,
        source: Scheme,
        note: &'static str,
    ) {
        let (entity, source) = (entity.to_owned(), source.id());
        self.truth.collateral.push(Collateral {
            indicator,
            kind,
            entity,
            period,
            source,
            note,
        });
    }

    /// Sessions of (item, watched, length), two a day from `second` of the day on, with short breaks between them.
    fn two_a_day(&mut self, first: Day, second: i64, parts: &[(usize, i64, i64)]) -> Vec<Session> {
        let mut sessions = Vec::new();
        for (day, pair) in (first..).zip(parts.chunks(2)) {
            let mut now = day * DAY + second + self.prng.between(0, 900);
            for (item, watched, length) in pair {
                let session = prompt(learning::session(
                    *item,
                    now,
                    *watched,
                    *length,
                    &mut self.prng,
                ));
                now = session.ended + self.prng.between(20, 120);
                sessions.push(session);
            }
        }
        sessions
    }
}

/// The same session, uploaded within minutes: planted classes tell one story at a time.
fn prompt(session: Session) -> Session {
    Session {
        uploaded: session.ended + 300,
        ..session
    }
}

/// The session moved to another start.
fn moved(session: &mut Session, started: i64) {
    let length = session.ended - session.started;
    session.started = started;
    session.ended = started + length;
    session.uploaded = session.ended + 300;
}
