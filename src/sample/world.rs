//! What all classes of one sample share, and how a class is opened in it.

use super::SampleOptions;
use super::calendar::{Day, Window};
use super::courses::{self, Course, TRADES, Trade};
use super::organisations::{Local, Organisation, Organisations};
use super::people::People;
use super::places::{self, CITIES};
use super::prng::Prng;

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

/// A class. Hours are in hundredths of a 课时.
pub struct Class {
    pub id: String,
    pub number: u64,
    pub city: usize,
    pub city_code: i64,
    /// The training organisation: the platform of a pure online class, else a school.
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
    /// Index of the course in [`World::courses`].
    pub course: Option<usize>,
    pub employer: Option<String>,
    pub assessor: String,
    /// True if the school collects the money for its learners.
    pub collects: bool,
    pub capacity: i64,
}

/// Counters of one city; everything gets its identifier from here.
#[derive(Default)]
pub struct Ids {
    city: u64,
    person: u64,
    class: u64,
    enrolment: u64,
    claim: u64,
    other: u64,
    certificate: u64,
}

impl Ids {
    /// Counters of a city whose ordinary learners are the first `learners` ones.
    pub fn new(city: usize, learners: u64) -> Self {
        Self {
            city: CITIES
                .get(city)
                .map_or(0, |city| city.code as u64 / 100 % 100),
            person: learners,
            ..Self::default()
        }
    }

    /// Ordinal of a person beside the ordinary learners.
    pub fn next_person(&mut self) -> u64 {
        self.person += 1;
        self.person - 1
    }

    pub fn next_class(&mut self) -> u64 {
        self.class += 1;
        self.city * 1_000_000 + self.class
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

    /// A running number for certificates, below 100 million a city.
    pub fn next_certificate(&mut self) -> (u64, u64) {
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
            people: People::new(options.seed, options.months.first.0),
            courses: courses::courses(options.seed, platforms, options.logs_per_enrolment),
            organisations,
        }
    }

    /// The local organisations of a city.
    pub fn local(&self, city: usize) -> Option<&Local> {
        self.organisations.local.get(city)
    }

    /// The course that a platform gives in a trade.
    pub fn ordinary_course(&self, platform: usize, trade: &'static Trade) -> Option<usize> {
        self.courses
            .iter()
            .position(|course| course.platform == platform && std::ptr::eq(course.trade, trade))
    }

    /// The schools of a city that teach a trade: even places of the list the one half, odd places the other.
    pub fn schools(&self, city: usize, trade: &'static Trade) -> Vec<&Organisation> {
        let place = TRADES
            .iter()
            .position(|candidate| std::ptr::eq(candidate, trade))
            .unwrap_or(0);
        let all = self.local(city).map_or(&[][..], |local| &local.schools);
        all.iter().skip(place % 2).step_by(2).collect()
    }

    /// Opens a class. Its hours follow from its course and the trade's minimum: blended classes have at least 1.5
    /// offline hours for each online hour (at most 40 % online), in half days of four hours.
    pub fn open(
        &self,
        city: usize,
        number: u64,
        trade: &'static Trade,
        mode: Mode,
        start: Day,
        course: Option<usize>,
    ) -> Class {
        let mut prng = Prng::of(self.seed, "open", [number, 0]);
        let course = course.filter(|_| mode != Mode::Offline);
        let content = course.and_then(|index| self.courses.get(index));
        let online = content.map_or(0, |course| course.seconds() / 27);
        let least = trade.min_hours.unwrap_or(0) * 100;
        let offline = match mode {
            Mode::Online => 0,
            Mode::Blended => (online * 3 / 2).max(least - online),
            Mode::Offline => least.max(4_000) + 400 * prng.between(0, 2),
        };
        let offline = (offline + 399) / 400 * 400;
        let online_days = if online > 0 {
            online * 27 / 4_500 + 3
        } else {
            0
        };
        let classroom_from = start + online_days;
        let end = classroom_from + (offline + 799) / 800 - 1;
        let schools = self.schools(city, trade);
        let platform = content.and_then(|course| self.organisations.platforms.get(course.platform));
        let school = schools
            .get(prng.below(schools.len() as u64) as usize)
            .copied();
        let organisation = if mode == Mode::Online {
            platform
        } else {
            school
        };
        let local = self.local(city);
        let employers = local.map_or(&[][..], |local| &local.employers);
        let employer = employers.get(prng.below(employers.len() as u64) as usize);
        let employer = employer.filter(|_| trade.knowledge && prng.chance(400));
        let assessors = local.map_or(&[][..], |local| &local.assessors);
        let assessor = assessors.get(prng.below(assessors.len() as u64) as usize);
        let category = match (trade.certificate, employer.is_some(), trade.knowledge) {
            ("specific", ..) => "specific",
            (_, true, _) => "upskilling",
            (_, _, true) => "project",
            _ => "employment",
        };
        Class {
            id: format!("C{number:08}"),
            number,
            city,
            city_code: CITIES.get(city).map_or(370_000, |city| city.code),
            org_id: organisation
                .map(|found| found.id.clone())
                .unwrap_or_default(),
            org_account: organisation
                .map(|found| found.account.clone())
                .unwrap_or_default(),
            trade,
            mode,
            category,
            start,
            end,
            classroom_from,
            online,
            offline,
            course: course.filter(|_| content.is_some()),
            employer: employer.map(|found| found.id.clone()),
            assessor: assessor.map(|found| found.id.clone()).unwrap_or_default(),
            collects: mode != Mode::Online && prng.chance(300),
            capacity: 50,
        }
    }

    /// The platform of a class.
    pub fn platform(&self, class: &Class) -> Option<&Organisation> {
        let course = self.courses.get(class.course?)?;
        self.organisations.platforms.get(course.platform)
    }
}
