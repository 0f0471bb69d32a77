//! Planted schemes: ordinary model trainings with one thing changed, just over and just under each threshold, and the
//! harmless things that look like them.

mod a01;
mod a02;
mod a03;
mod a04;
mod a05;
mod a06;
mod a07;
mod a08;
mod a09;
mod b01;
mod b02;
mod b03;
mod b04;
mod b05;
mod b06;
mod b07;
mod c01;
mod c02;
mod c03;
mod c04;
mod c05;
mod c06;
mod c07;
mod c08;
mod c09;
mod c10;
mod d01;
mod d02;
mod d03;
mod d04;
mod d05;
mod e01;
mod e02;
mod e03;
mod f01;
mod f02;
mod f03;
mod f04;
mod f05;
mod f06;
mod kit;
mod ring;

use std::collections::BTreeSet;

use super::Scheme;
use super::calendar::{self, DAY, Day, Window};
use super::codes;
use super::courses::{Course, HELP_DESK, Trade};
use super::learning::{self, Session};
use super::organisations::Organisation;
use super::people::Person;
use super::prng::Prng;
use super::training::{Fate, Training};
use super::truth::{Case, Collateral, Truth, Verdict};
use super::world::{Class, Entry, Ids, Mode, Plan, World};

const H: Verdict = Verdict::Planted("H");
const S: Verdict = Verdict::Planted("S");
const W: Verdict = Verdict::Planted("W");
const NONE: Verdict = Verdict::LookAlike("");

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
    let planted = Planted {
        world,
        cities,
        persons: 0,
    };
    let mut planter = Planter {
        planted,
        truth,
        prng,
        scheme: Scheme::A01,
    };
    for scheme in schemes {
        planter.scheme = *scheme;
        match scheme {
            Scheme::A01 => a01::plant(&mut planter),
            Scheme::A02 => a02::plant(&mut planter),
            Scheme::A03 => a03::plant(&mut planter),
            Scheme::A04 => a04::plant(&mut planter),
            Scheme::A05 => a05::plant(&mut planter),
            Scheme::A06 => a06::plant(&mut planter),
            Scheme::A07 => a07::plant(&mut planter),
            Scheme::A08 => a08::plant(&mut planter),
            Scheme::A09 => a09::plant(&mut planter),
            Scheme::B01 => b01::plant(&mut planter),
            Scheme::B02 => b02::plant(&mut planter),
            Scheme::B03 => b03::plant(&mut planter),
            Scheme::B04 => b04::plant(&mut planter),
            Scheme::B05 => b05::plant(&mut planter),
            Scheme::B06 => b06::plant(&mut planter),
            Scheme::B07 => b07::plant(&mut planter),
            Scheme::C01 => c01::plant(&mut planter),
            Scheme::C02 => c02::plant(&mut planter),
            Scheme::C03 => c03::plant(&mut planter),
            Scheme::C04 => c04::plant(&mut planter),
            Scheme::C05 => c05::plant(&mut planter),
            Scheme::C06 => c06::plant(&mut planter),
            Scheme::C07 => c07::plant(&mut planter),
            Scheme::C08 => c08::plant(&mut planter),
            Scheme::C09 => c09::plant(&mut planter),
            Scheme::C10 => c10::plant(&mut planter),
            Scheme::D01 => d01::plant(&mut planter),
            Scheme::D02 => d02::plant(&mut planter),
            Scheme::D03 => d03::plant(&mut planter),
            Scheme::D04 => d04::plant(&mut planter),
            Scheme::D05 => d05::plant(&mut planter),
            Scheme::E01 => e01::plant(&mut planter),
            Scheme::E02 => e02::plant(&mut planter),
            Scheme::E03 => e03::plant(&mut planter),
            Scheme::F01 => f01::plant(&mut planter),
            Scheme::F02 => f02::plant(&mut planter),
            Scheme::F03 => f03::plant(&mut planter),
            Scheme::F04 => f04::plant(&mut planter),
            Scheme::F05 => f05::plant(&mut planter),
            Scheme::F06 => f06::plant(&mut planter),
            Scheme::RING => ring::plant(&mut planter),
        }
    }
    planter.planted
}

/// Code and account of an organisation that a scheme added.
#[derive(Clone)]
struct Host {
    id: String,
    account: String,
}

impl Host {
    fn of(organisation: &Organisation) -> Self {
        Self {
            id: organisation.id.clone(),
            account: organisation.account.clone(),
        }
    }
}

/// What the schemes work with.
struct Planter<'a> {
    planted: Planted,
    truth: &'a mut Truth,
    prng: Prng,
    /// The scheme being planted.
    scheme: Scheme,
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

    fn ids(&mut self, city: usize) -> &mut Ids {
        &mut self.planted.cities[city].ids
    }

    /// Someone who is in no other training yet.
    fn newcomer(&mut self, city: usize) -> Person {
        let ordinal = self.ids(city).next_person();
        let person = self.planted.world.people.person(city, ordinal);
        Person {
            group: "migrant",
            ..person
        }
    }

    /// A newcomer with a number of this division, birth date and sequence. No ordinary learner has it if nobody of today
    /// is born in the division or nobody in a class is of that age.
    fn born(&mut self, city: usize, division: i64, birth: Day, sequence: i64) -> Person {
        let birth = calendar::date_text(birth).replace('-', "");
        Person {
            number: codes::citizen_number(division, &birth, sequence),
            division,
            ..self.newcomer(city)
        }
    }

    /// A school of a scheme's own, filed long ago; it may teach nothing yet.
    fn school(&mut self, city: usize) -> Host {
        let organisations = &mut self.planted.world.organisations;
        let school = organisations.enter("school", city);
        let host = Host::of(&school);
        organisations.local[city].planted.push(school);
        host
    }

    /// A platform of a scheme's own, filed long ago, in no city's list yet; its index.
    fn platform(&mut self, city: usize) -> usize {
        let organisations = &mut self.planted.world.organisations;
        let platform = organisations.enter("platform", city);
        organisations.platforms.push(platform);
        organisations.platforms.len() - 1
    }

    /// An employer of a scheme's own.
    fn employer(&mut self, city: usize) -> Host {
        let organisations = &mut self.planted.world.organisations;
        let employer = organisations.enter("employer", city);
        let host = Host::of(&employer);
        organisations.local[city].planted.push(employer);
        host
    }

    /// A school of a scheme's own that has been in its city's directory for a trade long since.
    fn school_for(&mut self, city: usize, trade: &'static Trade) -> Host {
        let host = self.school(city);
        let from = self.window().first - 200;
        self.permit(city, &host.id, trade, (from, None));
        host
    }

    /// Enters a permission to teach into a city's directory.
    fn permit(
        &mut self,
        city: usize,
        org_id: &str,
        trade: &'static Trade,
        (from, until): (Day, Option<Day>),
    ) {
        self.planted.world.entries.push(Entry {
            city,
            org_id: org_id.to_owned(),
            trade,
            from,
            until,
        });
    }

    /// Opens an empty offline class of such a school.
    fn open_hosted(
        &mut self,
        host: &Host,
        city: usize,
        trade: &'static Trade,
        start: Day,
    ) -> Group {
        let mut group = self.open_offline(city, trade, start);
        group.class.org_id.clone_from(&host.id);
        group.class.org_account.clone_from(&host.account);
        group
    }

    /// A course of its own for a scheme, so that ordinary course lengths do not matter.
    fn course(&mut self, trade: &'static Trade, platform: usize, lengths: &[i64]) -> Option<usize> {
        let courses = &mut self.planted.world.courses;
        courses.push(Course::of_lengths(courses.len(), platform, trade, lengths));
        Some(courses.len() - 1)
    }

    /// Opens an empty class.
    fn open(&mut self, plan: Plan) -> Group {
        let number = self.ids(plan.city).next_planted_class();
        let class = self.planted.world.open(number, plan);
        Group {
            class: Class {
                employer: None,
                ..class
            },
            trainings: Vec::new(),
        }
    }

    /// Opens an empty offline class.
    fn open_offline(&mut self, city: usize, trade: &'static Trade, start: Day) -> Group {
        self.open(Plan {
            city,
            trade,
            mode: Mode::Offline,
            start,
            course: None,
        })
    }

    /// Opens an online class of sixteen videos of 45 minutes: 16 hours.
    fn open_online(&mut self, city: usize, platform: usize, start: Day) -> Group {
        let course = self.course(HELP_DESK, platform, &[2_700; 16]);
        self.open(Plan {
            city,
            trade: HELP_DESK,
            mode: Mode::Online,
            start,
            course,
        })
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
        self.open(Plan {
            city,
            trade,
            mode: Mode::Blended,
            start,
            course,
        })
    }

    /// A model training of someone in a class.
    fn train(&mut self, class: &Class, person: &Person, is_first: bool) -> Training {
        self.planted.persons += u64::from(is_first);
        let (world, city) = (&self.planted.world, &mut self.planted.cities[class.city]);
        world.train(class, person.clone(), Fate::Model, is_first, &mut city.ids)
    }

    /// A model training of a newcomer.
    fn train_newcomer(&mut self, class: &Class) -> Training {
        let person = self.newcomer(class.city);
        self.train(class, &person, true)
    }

    /// Hands a finished class over.
    fn add(&mut self, group: Group) {
        self.planted.cities[group.class.city].groups.push(group);
    }

    /// Notes that an entity (kind and id) is a case of the scheme being planted.
    fn case(
        &mut self,
        verdict: Verdict,
        (entity_kind, entity_id): (&'static str, &str),
        period: impl Into<String>,
        note: impl Into<String>,
    ) {
        let (planted, strength) = match verdict {
            Verdict::Planted(strength) => (1, strength),
            Verdict::LookAlike(strength) => (0, strength),
        };
        self.truth.cases.push(Case {
            indicator: self.scheme,
            entity_kind,
            entity_id: entity_id.to_owned(),
            period: period.into(),
            planted,
            note: note.into(),
            strength,
        });
    }

    /// Notes a hit of another indicator that the scheme being planted brings with it.
    fn collateral(
        &mut self,
        indicator: &'static str,
        (entity_kind, entity_id): (&'static str, &str),
        period: impl Into<String>,
        note: &'static str,
    ) {
        self.truth.collateral.push(Collateral {
            indicator,
            entity_kind,
            entity_id: entity_id.to_owned(),
            period: period.into(),
            source: self.scheme.id(),
            note,
        });
    }

    /// Sessions of (item, watched, length), two a day from `second` of the day on, with short breaks between them.
    fn two_a_day(&mut self, first: Day, second: i64, parts: &[(usize, i64, i64)]) -> Vec<Session> {
        let mut sessions = Vec::new();
        for (day, pair) in (first..).zip(parts.chunks(2)) {
            let mut now = day * DAY + second + self.prng.between(0, 900);
            for (item, watched, length) in pair {
                let mut session = learning::session(*item, now, *watched, *length, &mut self.prng);
                moved(&mut session, now);
                now = session.ended + self.prng.between(20, 120);
                sessions.push(session);
            }
        }
        sessions
    }
}

/// Moves a session, and has it uploaded within minutes: planted classes tell one story at a time.
fn moved(session: &mut Session, started: i64) {
    let length = session.ended - session.started;
    session.started = started;
    session.ended = started + length;
    session.uploaded = session.ended + 300;
}
