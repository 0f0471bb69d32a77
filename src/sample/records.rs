//! Turns organisations, classes and trainings into rows of the feeds.

use std::collections::BTreeMap;

use super::calendar::{self, Day};
use super::courses::{TRADES, Trade};
use super::feeds::Feed;
use super::prng::Prng;
use super::training::{Claim, Training};
use super::truth::Month;
use super::world::{Class, Ids, Mode, World};
use super::writer::{CityFiles, Row};
use super::{SampleError, SampleSummary};

const AGENTS: [&str; 6] = [
    "App/3.2.1 (Android 9; HW-P30)",
    "App/3.4.2 (Android 10; MI-9)",
    "App/4.0.1 (iOS 13.5; iPhone)",
    "App/4.2.0 (iOS 14.2; iPad)",
    "App/3.1.0 (Windows 10; Chrome 83)",
    "App/4.2.0 (Android 10; OPPO-R15)",
];

/// What the registers of a city hold before any class begins: organisations, directories, standards, courseware
/// and targets.
pub fn write_registers(
    world: &World,
    files: &mut CityFiles,
    city_code: i64,
) -> Result<(), SampleError> {
    let (city, first) = (files.city(), world.window.first);
    let platforms = &world.organisations.platforms;
    let local = world.local(city).into_iter();
    let locals = local.flat_map(|local| {
        local
            .schools
            .iter()
            .chain(&local.employers)
            .chain(&local.assessors)
    });
    for organisation in platforms
        .iter()
        .filter(|platform| platform.city == city)
        .chain(locals)
    {
        files.put(Feed::Organizations, |row| {
            row.text(&organisation.id)
                .text(organisation.kind)
                .text(&organisation.name)
                .number(city_code);
            row.text(&organisation.representative)
                .text(&organisation.phone)
                .text(&organisation.address);
            row.day(Some(organisation.registered_on))
                .day(organisation.filed_on)
                .text("")
                .text("");
            match organisation.insured_staff {
                Some(staff) => row.number(staff),
                None => row.text(""),
            };
        })?;
    }
    for platform in platforms {
        files.put(Feed::PlatformDirectory, |row| {
            row.text(&platform.id)
                .number(city_code)
                .day(Some(first - 90))
                .text("");
        })?;
    }
    write_directory(world, files, city_code)?;
    for trade in &TRADES {
        let since = calendar::day(calendar::civil(first).0 - 1, 1, 1);
        let before_change = world.change_day - 1;
        let until = trade.changes().then_some(before_change);
        let periods = [
            Some((since, until)),
            until.map(|_| (world.change_day, None)),
        ];
        for (from, until) in periods.into_iter().flatten() {
            files.put(Feed::SubsidyStandards, |row| {
                row.number(city_code)
                    .text(trade.occupation)
                    .number(trade.level)
                    .day(Some(from))
                    .day(until);
                row.hundredths(trade.standard_fen(city, from, world.change_day));
                match trade.min_hours {
                    Some(hours) => row.hundredths(hours * 100),
                    None => row.text(""),
                };
                row.text("");
            })?;
        }
    }
    write_courseware(world, files)?;
    let years = calendar::civil(first).0 - 1..=calendar::civil(world.window.last).0;
    for year in years {
        let learners = world.learners.get(city).copied().unwrap_or(0) as i64;
        files.put(Feed::Targets, |row| {
            row.number(year)
                .number(city_code)
                .number(learners * 6 / 10 + year % 10 * 7 + 10);
        })?;
    }
    Ok(())
}

/// The training directory: what each school and platform may teach. The first city's second delivery is a new
/// snapshot of it with one more entry.
fn write_directory(
    world: &World,
    files: &mut CityFiles,
    city_code: i64,
) -> Result<(), SampleError> {
    let city = files.city();
    let since = Some(world.window.first - 200);
    let entry = |id: &str, trade: &Trade, from: Option<Day>, row: &mut Row| {
        row.text(id)
            .number(city_code)
            .text(trade.occupation)
            .number(trade.level)
            .day(from)
            .text("");
    };
    let mut entries: Vec<(&str, &Trade)> = Vec::new();
    for trade in &TRADES {
        let schools = world.schools(city, trade);
        let platforms: Vec<_> = world.organisations.platforms.iter().collect();
        let teachers = if trade.knowledge { platforms } else { schools };
        entries.extend(
            teachers
                .into_iter()
                .map(|teacher| (teacher.id.as_str(), trade)),
        );
    }
    for (id, trade) in &entries {
        files.put(Feed::TrainingDirectory, |row| entry(id, trade, since, row))?;
    }
    let school = world.local(city).and_then(|local| local.schools.first());
    if let (0, Some(school), [.., added]) = (city, school, &TRADES) {
        for (id, trade) in &entries {
            files.put_second(Feed::TrainingDirectory, true, |row| {
                entry(id, trade, since, row)
            })?;
        }
        let from = Some(world.window.last - 3);
        files.put_second(Feed::TrainingDirectory, false, |row| {
            entry(&school.id, added, from, row)
        })?;
    }
    Ok(())
}

fn write_courseware(world: &World, files: &mut CityFiles) -> Result<(), SampleError> {
    for (number, course) in world.courses.iter().enumerate() {
        let platform = world.organisations.platforms.get(course.platform);
        let Some(platform) = platform.filter(|platform| platform.city == files.city()) else {
            continue;
        };
        for (place, item) in course
            .items
            .iter()
            .enumerate()
            .filter(|(_, item)| item.catalogued)
        {
            let mut prng = Prng::of(world.seed, "item", [number as u64, place as u64]);
            let published = world.window.first - prng.between(60, 400);
            let updated = published + prng.between(30, world.window.last - published);
            files.put(Feed::Courseware, |row| {
                row.text(&item.id).text(&platform.id).text(&course.id);
                row.text(course.trade.name)
                    .text(course.trade.occupation)
                    .number(course.trade.level);
                row.number(item.seconds)
                    .day(Some(published))
                    .day(prng.chance(400).then_some(updated));
                row.digest(prng.bits());
            })?;
        }
    }
    Ok(())
}

/// Writes classes and trainings of one city.
pub struct Recorder<'a> {
    pub world: &'a World,
    pub ids: &'a mut Ids,
    pub files: &'a mut CityFiles,
    /// What the statistics will show, by `YYYY-MM` and city.
    pub months: &'a mut BTreeMap<(String, usize), Month>,
    pub summary: &'a mut SampleSummary,
}

impl Recorder<'_> {
    /// Writes a class and its trainings.
    pub fn class(&mut self, class: &Class, trainings: &[Training]) -> Result<(), SampleError> {
        let platform = self.world.platform(class).map(|platform| &*platform.id);
        self.files.put(Feed::Classes, |row| {
            row.text(&class.id).text(&class.org_id).maybe(platform);
            row.number(class.city_code)
                .text(class.trade.occupation)
                .number(class.trade.level);
            row.text(class.category)
                .text(class.mode.word())
                .day(Some(class.start))
                .day(Some(class.end));
            row.hundredths(class.online)
                .hundredths(class.offline)
                .number(class.capacity);
        })?;
        self.summary.classes += 1;
        for training in trainings {
            self.training(class, training)?;
        }
        Ok(())
    }

    fn training(&mut self, class: &Class, training: &Training) -> Result<(), SampleError> {
        let person = &training.person;
        let mut prng = Prng::of(self.world.seed, "records", [class.number, person.index]);
        let course = class.course.and_then(|index| self.world.courses.get(index));
        self.files.put(Feed::Enrolments, |row| {
            row.text(&training.enrolment_id).text(&class.id);
            row.text(person.written.as_ref().unwrap_or(&person.number))
                .text(&person.name)
                .text(&person.phone);
            row.text(training.group)
                .maybe(class.employer.as_deref())
                .number(class.city_code);
            row.number(person.division)
                .maybe(course.map(|course| &*course.id));
            row.day(Some(training.enrolled_on))
                .day(training.completed_on);
            row.hundredths(training.online).hundredths(training.offline);
        })?;
        self.summary.enrolments += 1;
        if let Some(day) = training.completed_on {
            self.month(class, day).completions += 1;
        }
        self.logs(class, training, &mut prng)?;
        self.classroom(class, training, &mut prng)?;
        self.certificate(class, training)?;
        for claim in &training.claims {
            self.claim(class, training, claim)?;
        }
        if training.is_first {
            self.summary.persons += 1;
            self.registers(class, training, &mut prng)?;
        }
        self.feedback(class, training, &mut prng)
    }

    fn month(&mut self, class: &Class, day: Day) -> &mut Month {
        self.months
            .entry((calendar::month_text(day), class.city))
            .or_default()
    }

    fn logs(
        &mut self,
        class: &Class,
        training: &Training,
        prng: &mut Prng,
    ) -> Result<(), SampleError> {
        let Some(course) = class.course.and_then(|index| self.world.courses.get(index)) else {
            return Ok(());
        };
        let platform = self
            .world
            .platform(class)
            .map_or("", |platform| &*platform.id);
        let (device, ip) = machine(training);
        let agent = prng.pick(&AGENTS);
        for session in &training.sessions {
            let log_id = self.ids.next_other('L');
            let item = course.items.get(session.item).map_or("", |item| &*item.id);
            let face = prng.bits();
            let fill = |row: &mut Row| {
                row.text(&log_id)
                    .text(&training.enrolment_id)
                    .text(&training.person.number)
                    .text(platform);
                row.text(item)
                    .moment(session.started)
                    .moment(session.ended)
                    .number(session.watched);
                row.hundredths(session.rate)
                    .text(&device)
                    .text(&ip)
                    .text(agent)
                    .number(session.ui_events);
                row.number(session.face_prompts).number(session.face_passed);
                match session.face_prompts {
                    0 => row.text(""),
                    _ => row.digest(face),
                };
                row.moment(session.uploaded);
            };
            if session.second_day {
                self.files.put_second(Feed::StudyLogs, false, fill)?;
            } else {
                self.files.put(Feed::StudyLogs, fill)?;
            }
        }
        self.summary.study_logs += training.sessions.len() as u64;
        Ok(())
    }

    fn classroom(
        &mut self,
        class: &Class,
        training: &Training,
        prng: &mut Prng,
    ) -> Result<(), SampleError> {
        let number = &training.person.number;
        for presence in &training.presences {
            let id = self.ids.next_other('A');
            self.files.put(Feed::Attendance, |row| {
                row.text(&id)
                    .text(&class.id)
                    .text(number)
                    .day(Some(presence.day))
                    .text(presence.slot);
                row.moment(presence.signed_in).moment(presence.signed_out);
                row.text(&format!("T{:08}", class.number))
                    .text(&format!("R{:08}", class.number));
                row.digest(prng.bits());
            })?;
        }
        let (device, ip) = if class.mode == Mode::Online {
            machine(training)
        } else {
            Default::default()
        };
        for exam in &training.exams {
            let id = self.ids.next_other('S');
            self.files.put(Feed::Assessments, |row| {
                row.text(&id)
                    .text(&training.enrolment_id)
                    .text(number)
                    .text(&class.assessor)
                    .text(exam.kind);
                row.moment(exam.started)
                    .moment(exam.ended)
                    .hundredths(exam.score * 10)
                    .flag(exam.passed);
                row.digest(prng.bits()).text(&device).text(&ip);
            })?;
        }
        Ok(())
    }

    fn certificate(&mut self, class: &Class, training: &Training) -> Result<(), SampleError> {
        let Some(issued_on) = training.certified_on else {
            return Ok(());
        };
        let number = certificate_number(
            class.trade,
            training,
            issued_on,
            self.ids.next_certificate(),
        );
        self.month(class, issued_on).certificates += 1;
        let issuer = if class.trade.certificate == "completion" {
            &class.org_id
        } else {
            &class.assessor
        };
        self.files.put(Feed::Certificates, |row| {
            row.text(&number)
                .text(&training.person.number)
                .text(&training.enrolment_id);
            row.text(class.trade.certificate)
                .text(class.trade.occupation)
                .number(class.trade.level);
            row.day(Some(issued_on)).text(issuer);
        })
    }

    /// A claim; one that is still open is paid in the second delivery.
    fn claim(
        &mut self,
        class: &Class,
        training: &Training,
        claim: &Claim,
    ) -> Result<(), SampleError> {
        let fill = |row: &mut Row, paid_on: Option<Day>, status: &str| {
            row.text(&claim.id)
                .text(&training.enrolment_id)
                .text(&training.person.number)
                .text(claim.kind);
            row.text(claim.fund)
                .number(claim.city_code)
                .hundredths(claim.fen)
                .day(Some(claim.claimed_on));
            row.day(paid_on).text(status);
            row.text(if claim.payee.is_some() {
                "organization"
            } else {
                "person"
            });
            row.maybe(claim.payee.as_deref())
                .text(&claim.account)
                .maybe(claim.agreement.as_deref());
        };
        self.files
            .put(Feed::Claims, |row| fill(row, claim.paid_on, claim.status))?;
        if let ("paid", Some(day)) = (claim.status, claim.paid_on) {
            let month = self.month(class, day);
            month.paid_claims += 1;
            month.paid_fen += claim.fen;
        }
        let last = self.world.window.last;
        if matches!(claim.status, "submitted" | "approved") && claim.claimed_on <= last - 4 {
            self.files
                .put_second(Feed::Claims, true, |row| fill(row, Some(last), "paid"))?;
        }
        Ok(())
    }

    /// Insurance, school rolls and certificates of hardship; all in order.
    fn registers(
        &mut self,
        class: &Class,
        training: &Training,
        prng: &mut Prng,
    ) -> Result<(), SampleError> {
        let number = &training.person.number;
        let first = self.world.window.first;
        let employers = self
            .world
            .local(class.city)
            .map_or(&[][..], |local| &local.employers);
        let former = employers
            .get(prng.below(employers.len() as u64) as usize)
            .map(|found| &*found.id);
        let from = first - prng.between(400, 1_800);
        let status = match training.group {
            "employee" => Some(("insured", None, class.employer.as_deref())),
            "unemployed" => Some(("insured", Some(first - prng.between(60, 300)), former)),
            "graduate" => Some(("student", Some(first - prng.between(30, 200)), None)),
            _ => None,
        };
        if let Some((status, until, employer)) = status {
            self.files.put(Feed::PersonStatus, |row| {
                row.text(number)
                    .text(status)
                    .day(Some(from))
                    .day(until)
                    .maybe(employer);
            })?;
        }
        const PROVEN: [&str; 5] = [
            "hard_to_employ",
            "zero_employment_family",
            "registered_poor",
            "veteran",
            "disabled",
        ];
        if PROVEN.contains(&training.group) {
            let id = self.ids.next_other('Z');
            self.files.put(Feed::EligibilityCertificates, |row| {
                row.text(number)
                    .text(training.group)
                    .text(&id)
                    .day(Some(from))
                    .text("");
            })?;
        }
        Ok(())
    }

    fn feedback(
        &mut self,
        class: &Class,
        training: &Training,
        prng: &mut Prng,
    ) -> Result<(), SampleError> {
        let platform = self
            .world
            .platform(class)
            .map_or(&*class.org_id, |platform| &*platform.id);
        let (kind, org, value) = match prng.below(100) {
            0..30 => ("rating", platform, prng.pick(&[5, 5, 5, 4, 4, 3, 2])),
            30..45 => (
                "callback",
                &*class.org_id,
                prng.pick(&[1, 1, 1, 1, 1, 1, 0, -1]),
            ),
            45..47 => ("complaint", platform, prng.pick(&[0, 0, 1])),
            _ => return Ok(()),
        };
        let day = class.end + prng.between(3, 20);
        if training.completed_on.is_none() || day > self.world.window.last {
            return Ok(());
        }
        let id = self.ids.next_other('Q');
        self.files.put(Feed::Feedback, |row| {
            row.text(&id)
                .text(org)
                .text(&training.enrolment_id)
                .text(kind)
                .day(Some(day))
                .number(value);
        })
    }

    /// What people decided about the first school and the first platform of some cities.
    pub fn findings(&mut self) -> Result<(), SampleError> {
        let city = self.files.city();
        let schools = self
            .world
            .local(city)
            .map_or(&[][..], |local| &local.schools);
        let platforms = self
            .world
            .organisations
            .platforms
            .iter()
            .filter(|platform| platform.city == city);
        let judged = platforms
            .take(1)
            .chain(schools.first())
            .filter(|_| city.is_multiple_of(5));
        for (place, organisation) in judged.enumerate() {
            let id = self.ids.next_other('F');
            self.files.put(Feed::Findings, |row| {
                row.text(&id)
                    .text(&organisation.id)
                    .day(Some(self.world.window.last - 40 + place as i64));
                row.text("other").flag(place == 0);
                match place {
                    0 => row.hundredths(200).flag(true),
                    _ => row.text("").text(""),
                };
            })?;
        }
        Ok(())
    }
}

/// The learner's own device and address.
fn machine(training: &Training) -> (String, String) {
    let index = training.person.index;
    let ip = format!(
        "10.{}.{}.{}",
        index >> 16 & 255,
        index >> 8 & 255,
        index & 255
    );
    (format!("DV{index:09}"), ip)
}

/// A number in the form of its kind: 22 characters for skill levels, 16 digits for vocational qualifications, the
/// holder's own number for special operations, a local form otherwise.
fn certificate_number(
    trade: &Trade,
    training: &Training,
    issued_on: Day,
    (city, number): (u64, u64),
) -> String {
    let (year, ..) = calendar::civil(issued_on);
    let (short_year, level) = (year % 100, trade.level);
    match trade.certificate {
        "skill_level" => {
            let (site, serial) = (city * 10_000 + number / 1_000_000, number % 1_000_000);
            format!("S000037{site:06}{short_year:02}{level}{serial:06}")
        }
        "vocational" => {
            let (body, serial) = (number / 100_000 % 1_000, number % 100_000);
            format!("{short_year:02}15{city:02}1{body:03}{level}{serial:05}")
        }
        "special_operation" => format!("T{}", training.person.number),
        _ => format!("HG37{city:02}{year}{number:09}"),
    }
}
