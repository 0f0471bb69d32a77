//! Turns organisations, classes and trainings into rows of the feeds.

use std::collections::BTreeMap;

use super::calendar::{self, Day};
use super::courses::{Content, TRADES, Trade};
use super::feeds::Feed;
use super::learning::Twist;
use super::organisations::Organisation;
use super::people::Person;
use super::prng::Prng;
use super::training::{Asked, Certificate, Claim, Proof, Status, Training};
use super::truth::Month;
use super::world::{Class, Entry, Ids, Mode, World};
use super::writer::{CityFiles, Row, fields};
use super::{SampleError, SampleSummary};

const AGENTS: [&str; 6] = [
    "App/3.2.1 (Android 9; HW-P30)",
    "App/3.4.2 (Android 10; MI-9)",
    "App/4.0.1 (iOS 13.5; iPhone)",
    "App/4.2.0 (iOS 14.2; iPad)",
    "App/3.1.0 (Windows 10; Chrome 83)",
    "App/4.2.0 (Android 10; OPPO-R15)",
];

/// Groups whose members have a certificate of it.
const PROVEN: [&str; 5] = [
    "hard_to_employ",
    "zero_employment_family",
    "registered_poor",
    "veteran",
    "disabled",
];

/// Writes all rows of one city.
pub struct Recorder<'a> {
    pub world: &'a World,
    pub city: usize,
    pub city_code: i64,
    pub ids: &'a mut Ids,
    pub files: &'a mut CityFiles,
    /// What the statistics will show, by `YYYY-MM` and city.
    pub months: &'a mut BTreeMap<(String, usize), Month>,
    pub summary: &'a mut SampleSummary,
}

impl Recorder<'_> {
    /// What the registers hold before any class begins: organisations, directories, standards, courseware, targets.
    pub fn registers(&mut self) -> Result<(), SampleError> {
        let (world, city, city_code) = (self.world, self.city, self.city_code);
        let (first, last) = (world.window.first, world.window.last);
        let platforms = &world.organisations.platforms;
        let local = world.organisations.local[city].all();
        for found in platforms
            .iter()
            .filter(|platform| platform.city == city)
            .chain(local)
        {
            let staff = found.insured_staff.map(|staff| staff.to_string());
            self.files.put(Feed::Organizations, |row| {
                fields!(row;
                    text &found.id, text found.kind, text &found.name, number city_code,
                    text &found.representative, text &found.phone, text &found.address,
                    day found.registered_on, maybe_day found.filed_on, maybe_day found.filed_until,
                    maybe_day found.removed_on,
                    maybe staff.as_deref(),
                )
            })?;
        }
        let ordinary = &platforms[..world.organisations.ordinary_platforms];
        let ordinary = ordinary
            .iter()
            .map(|platform| (&*platform.id, first - 90, None));
        let planted = world.listings.iter().filter(|listing| listing.city == city);
        let planted = planted.map(|listing| (&*listing.platform_id, listing.from, listing.until));
        for (id, from, until) in ordinary.chain(planted) {
            self.files.put(Feed::PlatformDirectory, |row| {
                fields!(row;
                    text id, number city_code, day from, maybe_day until,
                )
            })?;
        }
        self.directory()?;
        let (first_year, last_year) = (calendar::civil(first).0, calendar::civil(last).0);
        for trade in &TRADES {
            let hours = trade.min_hours.map(|hours| format!("{hours}.00"));
            let cap = trade.hourly_cap_yuan.map(|yuan| format!("{yuan}.00"));
            let until = trade.changes().then_some(world.change_day - 1);
            let original = Some((calendar::day(first_year - 1, 1, 1), until));
            let changed = until.map(|_| (world.change_day, None));
            for (from, until) in [original, changed].into_iter().flatten() {
                let standard = trade.standard_fen(city, from, world.change_day);
                self.files.put(Feed::SubsidyStandards, |row| {
                    fields!(row;
                        number city_code, text trade.occupation, number trade.level, day from,
                        maybe_day until, hundredths standard, maybe hours.as_deref(),
                        maybe cap.as_deref(),
                    )
                })?;
            }
        }
        self.courseware()?;
        let learners = world.learners[city] as i64;
        for year in first_year - 1..=last_year {
            let target = learners * 6 / 10 + year % 10 * 7 + 10;
            self.files.put(Feed::Targets, |row| {
                fields!(row;
                    number year, number city_code, number target,
                )
            })?;
        }
        Ok(())
    }

    /// The training directory: what each school and platform may teach. The first city's second delivery is a new
    /// snapshot of it with one more entry.
    fn directory(&mut self) -> Result<(), SampleError> {
        let (world, city_code) = (self.world, self.city_code);
        let since = world.window.first - 200;
        let fill = |row: &mut Row, entry: &Entry| {
            fields!(row;
                text &entry.org_id, number city_code, text entry.trade.occupation,
                number entry.trade.level, day entry.from, maybe_day entry.until,
            )
        };
        let usual = |teacher: &Organisation, trade| Entry {
            city: self.city,
            org_id: teacher.id.clone(),
            trade,
            from: since,
            until: None,
        };
        let mut entries = Vec::new();
        for trade in &TRADES {
            let teachers = if trade.knowledge {
                let ordinary = world.organisations.ordinary_platforms;
                world
                    .organisations
                    .platforms
                    .iter()
                    .take(ordinary)
                    .collect()
            } else {
                world.schools(self.city, trade)
            };
            entries.extend(teachers.into_iter().map(|teacher| usual(teacher, trade)));
        }
        let planted = world.entries.iter().filter(|entry| entry.city == self.city);
        entries.extend(planted.cloned());
        for entry in &entries {
            self.files
                .put(Feed::TrainingDirectory, |row| fill(row, entry))?;
        }
        if let (0, [.., added]) = (self.city, &TRADES) {
            let school = &world.organisations.local[self.city].schools[0];
            entries.push(Entry {
                from: world.window.last - 3,
                ..usual(school, added)
            });
            for entry in &entries {
                self.files
                    .put_second(Feed::TrainingDirectory, false, |row| fill(row, entry))?;
            }
        }
        Ok(())
    }

    fn courseware(&mut self) -> Result<(), SampleError> {
        let window = self.world.window;
        for (number, course) in self.world.courses.iter().enumerate() {
            let platform = &self.world.organisations.platforms[course.platform];
            if platform.city != self.city {
                continue;
            }
            let trade = course.trade;
            for (place, item) in course
                .items
                .iter()
                .enumerate()
                .filter(|(_, item)| item.catalogued)
            {
                let mut prng = Prng::of(self.world.seed, "item", [number as u64, place as u64]);
                let published = window.first - prng.between(60, 400);
                let updated = published + prng.between(30, window.last - published);
                let is_updated = prng.chance(400);
                let content = match item.content {
                    Content::Own => Some(prng.bits()),
                    Content::Digest(digest) => Some(digest),
                    Content::Unknown => None,
                };
                self.files.put(Feed::Courseware, |row| fields!(row;
                    text &item.id, text &platform.id, text &course.id, text trade.name,
                    text trade.occupation, number trade.level, number item.seconds, day published,
                    maybe_day is_updated.then_some(updated), maybe_digest content,
                ))?;
            }
        }
        Ok(())
    }

    /// A class and its trainings.
    pub fn class(&mut self, class: &Class, trainings: &[Training]) -> Result<(), SampleError> {
        let platform = self.world.platform(class).map(|platform| &*platform.id);
        let capacity = class.capacity.map(|learners| learners.to_string());
        self.files.put(Feed::Classes, |row| {
            fields!(row;
                text &class.id(), text &class.org_id, maybe platform, number class.city_code,
                text class.trade.occupation, number class.trade.level, text class.category,
                text class.mode.word(), day class.start, day class.end, hundredths class.online,
                hundredths class.offline, maybe capacity.as_deref(),
            )
        })?;
        self.summary.classes += 1;
        trainings
            .iter()
            .try_for_each(|training| self.training(class, training))
    }

    fn training(&mut self, class: &Class, training: &Training) -> Result<(), SampleError> {
        let person = &training.person;
        let mut prng = Prng::of(self.world.seed, "records", [class.number, person.index]);
        let course = class.course.map(|course| &self.world.courses[course]);
        self.files.put(Feed::Enrolments, |row| fields!(row;
            text &training.enrolment_id, text &class.id(),
            text person.written.as_ref().unwrap_or(&person.number), text &person.name,
            text &person.phone, text training.group, maybe class.employer.as_deref(),
            number class.city_code, number person.division, maybe course.map(|course| &*course.id),
            day training.enrolled_on, maybe_day training.completed_on, hundredths training.online,
            hundredths training.offline,
        ))?;
        self.summary.enrolments += 1;
        if let Some(day) = training.completed_on {
            self.month(day).completions += 1;
        }
        self.logs(class, training, &mut prng)?;
        self.classroom(class, training, &mut prng)?;
        self.certificates(class, training)?;
        for claim in &training.claims {
            self.claim(training, claim)?;
        }
        if training.is_first {
            self.summary.persons += 1;
            self.status(class, training, &mut prng)?;
        } else {
            self.new_employment(class, training, &mut prng)?;
        }
        for entry in &training.statuses {
            self.register(person, entry)?;
        }
        for proof in training.proofs.iter().flatten() {
            self.proof(person, proof)?;
        }
        for entry in &training.statuses {
            self.register(person, entry)?;
        }
        for proof in training.proofs.iter().flatten() {
            self.proof(person, proof)?;
        }
        self.feedback(class, training, &mut prng)
    }

    fn month(&mut self, day: Day) -> &mut Month {
        self.months
            .entry((calendar::month_text(day), self.city))
            .or_default()
    }

    fn logs(
        &mut self,
        class: &Class,
        training: &Training,
        prng: &mut Prng,
    ) -> Result<(), SampleError> {
        let Some(course) = class.course.map(|course| &self.world.courses[course]) else {
            return Ok(());
        };
        let platform = self.world.platform(class).map(|platform| &*platform.id);
        let (device, ip) = machine(self.world.seed, &training.person);
        let agent = prng.pick(&AGENTS);
        let untwisted = Twist::default();
        for session in &training.sessions {
            let log_id = self.ids.next_other('L');
            let item = &course.items[session.item].id;
            let twist = session.twist.as_deref().unwrap_or(&untwisted);
            let face = format!("{:016x}", prng.bits());
            let face = twist.face.as_deref().unwrap_or(&face);
            let face = (session.face_prompts > 0).then_some(face);
            let fill = |row: &mut Row, watched: i64| {
                fields!(row;
                    text &log_id, text &training.enrolment_id, text &training.person.number,
                    maybe platform, text item, instant (session.started, twist.milliseconds.0),
                    instant (session.ended, twist.milliseconds.1), number watched,
                    hundredths session.rate, text twist.device.as_deref().unwrap_or(&device),
                    text twist.ip.as_deref().unwrap_or(&ip),
                    text twist.agent.as_deref().unwrap_or(agent), maybe_number session.ui_events,
                    number session.face_prompts, number session.face_passed, maybe face,
                    moment session.uploaded,
                )
            };
            let first = twist.first_watched.unwrap_or(session.watched);
            if session.second_day {
                self.files
                    .put_second(Feed::StudyLogs, false, |row| fill(row, first))?;
            } else {
                self.files.put(Feed::StudyLogs, |row| fill(row, first))?;
            }
            if twist.first_watched.is_some() {
                let revises = first != session.watched;
                self.files
                    .put_again(Feed::StudyLogs, revises, |row| fill(row, session.watched))?;
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
        let person = &training.person;
        for presence in &training.presences {
            let id = self.ids.next_other('A');
            let teacher = presence.teacher.as_ref().unwrap_or(&class.teacher);
            let room = presence.room.as_ref().unwrap_or(&class.room);
            let photo = prng.bits();
            self.files.put(Feed::Attendance, |row| fields!(row;
                text &id, text &class.id(), text &person.number, day presence.day, text presence.slot,
                moment presence.signed_in, moment presence.signed_out, text teacher, text room,
                digest presence.photo.unwrap_or(photo),
            ))?;
        }
        let is_online = class.mode == Mode::Online;
        let (device, ip) = if is_online {
            machine(self.world.seed, person)
        } else {
            Default::default()
        };
        for exam in &training.exams {
            let id = self.ids.next_other('S');
            let own_answers = prng.bits();
            self.files.put(Feed::Assessments, |row| fields!(row;
                text &id, text &training.enrolment_id, text &person.number, text &class.assessor,
                text exam.kind, moment exam.started, moment exam.ended, hundredths exam.score * 10,
                text if exam.passed { "true" } else { "false" },
                digest exam.answers.unwrap_or(own_answers), text &device,
                text &ip,
            ))?;
        }
        Ok(())
    }

    fn certificates(&mut self, class: &Class, training: &Training) -> Result<(), SampleError> {
        if !training.certificates.is_empty() {
            let certificates = &training.certificates;
            return certificates
                .iter()
                .try_for_each(|certificate| self.certificate(training, certificate));
        }
        let first = training.certified_on.map(|day| (day, true));
        let again = training.reissued_on.map(|day| (day, false));
        for (issued_on, is_first) in first.into_iter().chain(again) {
            let mut usual = Certificate::usual(class, &training.person, issued_on, self.ids);
            let given = training.certificate_no.clone().filter(|_| is_first);
            usual.number = given.unwrap_or(usual.number);
            self.certificate(training, &usual)?;
        }
        Ok(())
    }

    fn certificate(
        &mut self,
        training: &Training,
        certificate: &Certificate,
    ) -> Result<(), SampleError> {
        self.month(certificate.issued_on).certificate_rows += 1;
        self.files.put(Feed::Certificates, |row| {
            fields!(row;
                text &certificate.number, text &training.person.number, text &training.enrolment_id,
                text certificate.kind, text certificate.occupation, number certificate.level,
                day certificate.issued_on, text &certificate.issuer,
            )
        })
    }

    /// A claim; one that is still open is paid in the second delivery.
    fn claim(&mut self, training: &Training, claim: &Claim) -> Result<(), SampleError> {
        let payee_kind = if claim.payee.is_some() {
            "organization"
        } else {
            "person"
        };
        let fill = |row: &mut Row, paid_on: Option<Day>, status: &str| {
            fields!(row;
                text &claim.id, text &training.enrolment_id, text &training.person.number,
                text claim.kind, text claim.fund, number claim.city_code, hundredths claim.fen,
                day claim.claimed_on, maybe_day paid_on, text status, text payee_kind,
                maybe claim.payee.as_deref(), text &claim.account, maybe claim.agreement.as_deref(),
            )
        };
        self.files
            .put(Feed::Claims, |row| fill(row, claim.paid_on, claim.status))?;
        if let ("paid", Some(day)) = (claim.status, claim.paid_on) {
            let month = self.month(day);
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

    /// Insurance, school rolls and certificates of hardship of a person's first training; all in order.
    fn status(
        &mut self,
        class: &Class,
        training: &Training,
        prng: &mut Prng,
    ) -> Result<(), SampleError> {
        let person = &training.person;
        let window = self.world.window;
        let first = window.first;
        let employers = &self.world.organisations.local[class.city].employers;
        let former = &employers[prng.below(employers.len() as u64) as usize].id;
        let from = first - prng.between(400, 1_800);
        let insured = |until, employer| Status {
            status: "insured",
            from,
            until,
            employer,
        };
        let usual = match training.group {
            "employee" if !training.is_insured => None,
            // Someone without work was employed for the time of the class.
            "employee" => {
                let is_over = person.group == "unemployed" && class.end <= window.last;
                let until = is_over.then_some(class.end);
                Some(insured(until, class.employer.clone()))
            }
            "unemployed" => {
                let until = first - prng.between(60, 300);
                Some(insured(Some(until), Some(former.clone())))
            }
            "graduate" => Some(Status {
                status: "student",
                from,
                until: Some(first - prng.between(30, 200)),
                employer: None,
            }),
            _ => None,
        };
        if let Some(usual) = usual {
            self.register(person, &usual)?;
        }
        if training.proofs.is_none() && PROVEN.contains(&training.group) {
            let proof = Proof {
                group: training.group,
                issued_on: from,
            };
            self.proof(person, &proof)?;
        }
        Ok(())
    }

    /// Somebody whom an employer sends to a second training has come to it since the first one.
    fn new_employment(
        &mut self,
        class: &Class,
        training: &Training,
        prng: &mut Prng,
    ) -> Result<(), SampleError> {
        let Some(employer) = class.employer.clone().filter(|_| training.is_insured) else {
            return Ok(());
        };
        let entry = Status {
            status: "insured",
            from: class.start - prng.between(20, 45),
            until: None,
            employer: Some(employer),
        };
        self.register(&training.person, &entry)
    }

    /// An entry of a person's register.
    fn register(&mut self, person: &Person, entry: &Status) -> Result<(), SampleError> {
        self.files.put(Feed::PersonStatus, |row| {
            fields!(row;
                text &person.number, text entry.status, day entry.from, maybe_day entry.until,
                maybe entry.employer.as_deref(),
            )
        })
    }

    /// A certificate of a person's group.
    fn proof(&mut self, person: &Person, proof: &Proof) -> Result<(), SampleError> {
        let id = self.ids.next_other('Z');
        self.files.put(Feed::EligibilityCertificates, |row| {
            fields!(row;
                text &person.number, text proof.group, text &id, day proof.issued_on, text "",
            )
        })
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
            .map_or(&class.org_id, |platform| &platform.id);
        let drawn = prng.below(100);
        let (kind, org, value) = match (training.asked, drawn) {
            (Asked::Nothing, _) => return Ok(()),
            (Asked::Called(answer), _) => ("callback", &class.org_id, answer),
            (_, 0..30) => ("rating", platform, prng.pick(&[5, 5, 5, 4, 4, 3, 2])),
            (_, 30..45) => (
                "callback",
                &class.org_id,
                prng.pick(&[1, 1, 1, 1, 1, 1, 0, -1]),
            ),
            (_, 45..47) => ("complaint", platform, prng.pick(&[0, 0, 1])),
            _ => return Ok(()),
        };
        let day = class.end + prng.between(3, 20);
        if training.completed_on.is_none() || day > self.world.window.last {
            return Ok(());
        }
        let id = self.ids.next_other('Q');
        self.files.put(Feed::Feedback, |row| {
            fields!(row;
                text &id, text org, text &training.enrolment_id, text kind, day day, number value,
            )
        })
    }

    /// What people decided about the first platform and the first school of some cities.
    pub fn findings(&mut self) -> Result<(), SampleError> {
        let schools = &self.world.organisations.local[self.city].schools;
        let platforms = self.world.organisations.platforms.iter();
        let platform = platforms
            .filter(|platform| platform.city == self.city)
            .take(1);
        let judged = platform
            .chain(schools.first())
            .filter(|_| self.city.is_multiple_of(5));
        for (found, is_first) in judged.zip([true, false]) {
            let id = self.ids.next_other('F');
            let (confirmed, deduction, refunded) = if is_first {
                ("true", "2.00", "true")
            } else {
                ("false", "", "")
            };
            let decided_on = self.world.window.last - 40;
            self.files.put(Feed::Findings, |row| {
                fields!(row;
                    text &id, text &found.id, day decided_on, text "other", text confirmed,
                    text deduction, text refunded,
                )
            })?;
        }
        Ok(())
    }
}

/// A learner's address and device, which is that of a couple now and then.
fn machine(seed: u64, person: &Person) -> (String, String) {
    let index = person.index;
    let is_shared = Prng::of(seed, "couple", [index / 2, 0]).chance(30);
    let device = if is_shared { index / 2 * 2 } else { index };
    let ip = format!(
        "10.{}.{}.{}",
        index >> 16 & 255,
        index >> 8 & 255,
        index & 255
    );
    (format!("DV{device:09}"), ip)
}

impl Certificate {
    /// What a class gives those who pass.
    pub fn usual(class: &Class, person: &Person, issued_on: Day, ids: &mut Ids) -> Self {
        let trade = class.trade;
        let is_own = trade.certificate == "completion";
        Self {
            number: certificate_number(trade, person, issued_on, ids.next_certificate()),
            kind: trade.certificate,
            occupation: trade.occupation,
            level: trade.level,
            issued_on,
            issuer: if is_own {
                class.org_id.clone()
            } else {
                class.assessor.clone()
            },
        }
    }
}

/// A number in the form of its kind: 22 characters for skill levels, 16 digits for vocational qualifications, the
/// holder's own number for special operations, a local form otherwise.
fn certificate_number(
    trade: &Trade,
    person: &Person,
    issued_on: Day,
    (city, number): (i64, u64),
) -> String {
    let (year, ..) = calendar::civil(issued_on);
    let (short_year, level) = (year % 100, trade.level);
    match trade.certificate {
        "skill_level" => {
            let (site, serial) = (number / 1_000_000, number % 1_000_000);
            format!("S000037{city:02}{site:04}{short_year:02}{level}{serial:06}")
        }
        "vocational" => {
            let (body, serial) = (number / 100_000 % 1_000, number % 100_000);
            format!("{short_year:02}15{city:02}1{body:03}{level}{serial:05}")
        }
        "special_operation" => format!("T{}", person.number),
        _ => format!("HG37{city:02}{year}{number:09}"),
    }
}
