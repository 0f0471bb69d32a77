//! What all classes of one sample share, and how a class is opened in it.

use super::SampleOptions;
use super::calendar::{Day, Window};
use super::courses::{self, Course, TRADES, Trade};
use super::organisations::{Organisation, Organisations};
use super::people::People;
use super::places::{self, CITIES};
use super::prng::Prng;

/// Classes of the schemes are counted on from here; no city has so many ordinary ones.
const PLANTED_CLASSES: u64 = 900_000;

/// Learners that a class may have.
pub const CAPACITY: i64 = 50;

/// The fixed part of a sample.
pub struct World {
    pub seed: u64,
    pub window: Window,
    /// On this day some standards change.
    pub change_day: Day,
    /// Learners of each city without the planted ones.
    pub learners: [u64; CITIES.len()],
    pub people: People,
    pub organisations: Organisations,
    pub courses: Vec<Course>,
    /// What the schemes added to the training directories.
    pub entries: Vec<Entry>,
    /// What they added to the platform directories: theirs lists each ordinary platform everywhere.
    pub listings: Vec<Listing>,
}

/// A city's permission to teach a trade.
#[derive(Clone)]
pub struct Entry {
    pub city: usize,
    pub org_id: String,
    pub trade: &'static Trade,
    pub from: Day,
    pub until: Option<Day>,
}

/// A platform in a city's list.
pub struct Listing {
    pub city: usize,
    pub platform_id: String,
    pub from: Day,
    pub until: Option<Day>,
}

/// The stock of people for some options.
pub fn people(options: &SampleOptions) -> People {
    People::new(options.seed, options.months.first.0, options.months.last.0)
}

/// How a class is taught.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Online,
    Offline,
    Blended,
}

impl Mode {
    /// The contract's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Offline => "offline",
            Self::Blended => "blended",
        }
    }
}

/// What a class is to be.
#[derive(Clone, Copy)]
pub struct Plan {
    pub city: usize,
    pub trade: &'static Trade,
    pub mode: Mode,
    pub start: Day,
    /// Index of the course in [`World::courses`]; none for offline classes.
    pub course: Option<usize>,
}

/// A class. Hours are in hundredths of a 课时.
pub struct Class {
    pub number: u64,
    pub city: usize,
    pub city_code: i64,
    /// Code and account of the training organisation: the platform of a pure online class, else a school.
    pub org_id: String,
    pub org_account: String,
    pub trade: &'static Trade,
    pub mode: Mode,
    pub category: &'static str,
    pub start: Day,
    pub end: Day,
    /// First day in the classroom; the day after `end` of an online class.
    pub classroom_from: Day,
    pub online: i64,
    pub offline: i64,
    pub course: Option<usize>,
    pub employer: Option<String>,
    pub assessor: String,
    /// True if the school collects the money for its learners.
    pub collects: bool,
    /// Learners that it may have.
    pub capacity: Option<i64>,
    /// Who teaches and where, unless a half day says otherwise.
    pub teacher: String,
    pub room: String,
}

/// Counters of one city; everything gets its identifier from here.
pub struct Ids {
    city: i64,
    person: u64,
    class: u64,
    planted_class: u64,
    enrolment: u64,
    claim: u64,
    other: u64,
    certificate: u64,
}

impl Ids {
    /// Counters of a city whose ordinary learners are the first `learners` ones.
    pub fn new(city: usize, learners: u64) -> Self {
        let city = CITIES[city].code / 100 % 100;
        let (class, enrolment, claim, other, certificate) = (0, 0, 0, 0, 0);
        Self {
            city,
            person: learners,
            class,
            planted_class: 0,
            enrolment,
            claim,
            other,
            certificate,
        }
    }

    /// Ordinal of a person beside the ordinary learners.
    pub fn next_person(&mut self) -> u64 {
        self.person += 1;
        self.person - 1
    }

    /// A number that is unique in the sample.
    pub fn next_class(&mut self) -> u64 {
        self.class += 1;
        self.city as u64 * 1_000_000 + self.class
    }

    /// The same for the classes of the schemes, so that ordinary classes do not depend on those.
    pub fn next_planted_class(&mut self) -> u64 {
        self.planted_class += 1;
        self.city as u64 * 1_000_000 + PLANTED_CLASSES + self.planted_class
    }

    pub fn next_enrolment(&mut self) -> String {
        self.enrolment += 1;
        format!("E{:02}{:08}", self.city, self.enrolment)
    }

    pub fn next_claim(&mut self) -> String {
        self.claim += 1;
        format!("B{:02}{:08}", self.city, self.claim)
    }

    /// The next of what nothing refers to: logs, attendance, assessments, feedback, findings.
    pub fn next_other(&mut self, letter: char) -> String {
        self.other += 1;
        format!("{letter}{:02}{:010}", self.city, self.other)
    }

    /// City and running number of a certificate.
    pub fn next_certificate(&mut self) -> (i64, u64) {
        self.certificate += 1;
        (self.city, self.certificate)
    }
}

impl World {
    /// Organisations, people and courses for some options.
    pub fn new(options: &SampleOptions) -> Self {
        let window = Window::of(options.months);
        let learners = places::shares(options.persons);
        let organisations = Organisations::new(options.seed, window.first, &learners);
        let platforms = organisations.platforms.len();
        Self {
            seed: options.seed,
            window,
            change_day: window.at(30),
            learners,
            people: people(options),
            courses: courses::courses(options.seed, platforms, options.logs_per_enrolment),
            organisations,
            entries: Vec::new(),
            listings: Vec::new(),
        }
    }

    /// The course that a platform gives in a trade.
    pub fn ordinary_course(&self, platform: usize, trade: &Trade) -> Option<usize> {
        let is_it = |course: &Course| course.platform == platform && course.trade == trade;
        self.courses.iter().position(is_it)
    }

    /// The schools of a city that teach a trade: even places of the list the one half, odd places the other.
    pub fn schools(&self, city: usize, trade: &Trade) -> Vec<&Organisation> {
        let place = TRADES
            .iter()
            .take_while(|candidate| *candidate != trade)
            .count();
        let all = &self.organisations.local[city].schools;
        all.iter().skip(place % 2).step_by(2).collect()
    }

    /// Opens a class. Its hours follow from its course and the trade's minimum: blended classes have at least 1.5
    /// offline hours for each online hour (at most 40 % online), in half days of four hours.
    pub fn open(&self, number: u64, plan: Plan) -> Class {
        let Plan {
            city,
            trade,
            mode,
            start,
            course,
        } = plan;
        let mut prng = Prng::of(self.seed, "open", [number, 0]);
        let online = course.map_or(0, |course| self.courses[course].seconds() / 27);
        let least = trade.min_hours.unwrap_or(0) * 100;
        let offline = match mode {
            Mode::Online => 0,
            Mode::Blended => (online * 3 / 2).max(least - online),
            Mode::Offline => least.max(4_000) + 400 * prng.between(0, 2),
        };
        let offline = (offline + 399) / 400 * 400;
        let online_days = course.map_or(0, |_| online * 27 / 4_500 + 3);
        let classroom_from = start + online_days;
        let school = prng.pick(&self.schools(city, trade));
        let platform = course.map(|course| self.platform_of(course));
        let organisation = platform.filter(|_| mode == Mode::Online).unwrap_or(school);
        let local = &self.organisations.local[city];
        let employer = &local.employers[prng.below(local.employers.len() as u64) as usize];
        let sends = trade.knowledge && prng.chance(400);
        let assessor = &local.assessors[prng.below(local.assessors.len() as u64) as usize];
        Class {
            number,
            city,
            city_code: CITIES[city].code,
            org_id: organisation.id.clone(),
            org_account: organisation.account.clone(),
            trade,
            mode,
            category: match trade.certificate {
                "specific" => "specific",
                "completion" if sends => "upskilling",
                "completion" => "project",
                _ => "employment",
            },
            start,
            end: classroom_from + (offline + 799) / 800 - 1,
            classroom_from,
            online,
            offline,
            course,
            employer: sends.then(|| employer.id.clone()),
            assessor: assessor.id.clone(),
            collects: mode != Mode::Online && prng.chance(300),
            capacity: Some(CAPACITY),
            teacher: format!("T{number:08}"),
            room: format!("R{number:08}"),
        }
    }

    fn platform_of(&self, course: usize) -> &Organisation {
        &self.organisations.platforms[self.courses[course].platform]
    }

    /// The platform of a class.
    pub fn platform(&self, class: &Class) -> Option<&Organisation> {
        class.course.map(|course| self.platform_of(course))
    }

    /// The standard of a class in fen.
    pub fn standard(&self, class: &Class) -> i64 {
        class
            .trade
            .standard_fen(class.city, class.start, self.change_day)
    }
}
