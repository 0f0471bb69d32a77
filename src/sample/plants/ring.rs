//! Organisations in which so much is wrong in one quarter that they should stand above all others: three schools, a
//! platform, and a school that teaches on it.

use super::super::calendar::{self, Day};
use super::super::courses::{HELP_DESK, Trade};
use super::super::learning::Session;
use super::super::organisations::Organisation;
use super::super::places::CITIES;
use super::super::training::Training;
use super::super::truth::BadOrganisation;
use super::super::world::{Mode, Plan};
use super::kit::at;
use super::{Group, H, Host, NONE, Planter};

const SCHOOL_CITIES: [usize; 3] = [1, 6, 11];
const PLATFORM_CITY: usize = 5;
const BLENDED_CITY: usize = 7;
const LEARNERS: usize = 30;
const VIDEO: i64 = 2_700;
const VIDEOS: usize = 8;
const EVENING: i64 = 68_400;
const DAY_AND_NIGHT: i64 = 86_400;

/// What is wrong with the persons, the money and the certificates.
const MONEY: &str = "A01 A06 B02 B04 B05 B07 D05 E02";
/// What is wrong with the days in the classroom.
const CLASSROOM: &str = "D03 D04";
/// What is wrong with the logs.
const LOGS: &str = "C01 C02 C05 C07 C08 C09 C10";

pub fn plant(planter: &mut Planter) {
    let start = planter.quarter().first + 1;
    for city in SCHOOL_CITIES {
        // Filed long since, but listed for nothing.
        let school = planter.school(city);
        let mut group = planter.open_day(&school, city, HELP_DESK, start);
        planter.fill(&mut group, LEARNERS);
        money(planter, &mut group);
        classroom(planter, &mut group);
        next_day(planter, &school, &mut group);
        close(planter, group, &school.id, &[MONEY, CLASSROOM]);
    }
    let mut platform = planter
        .planted
        .world
        .organisations
        .enter("platform", PLATFORM_CITY);
    platform.filed_on = Some(start - 400);
    let host = Host::of(&platform);
    let place = list_nowhere(planter, platform);
    let mut group = open(planter, PLATFORM_CITY, place, Mode::Online, start);
    planter.fill(&mut group, LEARNERS);
    logs(planter, &mut group);
    money(planter, &mut group);
    close(planter, group, &host.id, &[MONEY, LOGS]);

    let school = planter.school(BLENDED_CITY);
    let mut group = open(planter, BLENDED_CITY, place, Mode::Blended, start);
    group.class.org_id.clone_from(&school.id);
    group.class.org_account.clone_from(&school.account);
    planter.fill(&mut group, LEARNERS);
    logs(planter, &mut group);
    money(planter, &mut group);
    close(planter, group, &school.id, &[MONEY, LOGS]);

    for city in SCHOOL_CITIES {
        let school = planter.honest_school(city);
        let mut group = planter.open_day(&school, city, HELP_DESK, start);
        planter.fill(&mut group, LEARNERS);
        let quarter = calendar::quarter_text(start);
        planter.case(
            NONE,
            ("org", &school.id),
            quarter,
            "an honest school beside them",
        );
        planter.add(group);
    }
}

/// Registers a platform that no city lists.
fn list_nowhere(planter: &mut Planter, platform: Organisation) -> usize {
    let platforms = &mut planter.planted.world.organisations.platforms;
    platforms.push(platform);
    platforms.len() - 1
}

fn open(planter: &mut Planter, city: usize, platform: usize, mode: Mode, start: Day) -> Group {
    let course = planter.course(HELP_DESK, platform, &[VIDEO; VIDEOS]);
    planter.open(Plan {
        city,
        trade: HELP_DESK,
        mode,
        start,
        course,
    })
}

/// Hands a class over and notes its organisation.
fn close(planter: &mut Planter, group: Group, org_id: &str, indicators: &[&str]) {
    let quarter = calendar::quarter_text(group.class.start);
    let mut indicators: Vec<&str> = indicators.iter().flat_map(|some| some.split(' ')).collect();
    indicators.sort_unstable();
    let indicators = indicators.join(" ");
    let note = format!("faults of the ring: {indicators}");
    planter.case(H, ("org", org_id), &*quarter, note);
    planter.truth.bad_organisations.push(BadOrganisation {
        org_id: org_id.to_owned(),
        city_code: CITIES[group.class.city].code,
        quarter,
        indicators,
    });
    planter.add(group);
}

fn chain(person: &str, trade: &Trade) -> String {
    format!("{person}|{}|{}", trade.occupation, trade.level)
}

/// Wrong numbers, money twice or too much or on one account, certificates before their time; and no permission.
fn money(planter: &mut Planter, group: &mut Group) {
    let trade = group.class.trade;
    let standard = planter.planted.world.standard(&group.class);
    let account = group
        .trainings
        .last()
        .map(|training| training.person.account.clone());
    let account = account.unwrap_or_default();
    let (class, city) = (&group.class, group.class.city);
    for (place, training) in group.trainings.iter_mut().enumerate() {
        one_claim(training, standard);
        let enrolment = training.enrolment_id.clone();
        let note = "the organisation is listed for nothing";
        planter.collateral("D05", ("enrolment", &enrolment), "", note);
        let before = training.person.number.clone();
        let number = if place < 2 { misread(&before) } else { before };
        training.person.number.clone_from(&number);
        let entity = chain(&number, trade);
        match place {
            0 | 1 => planter.collateral("A01", ("person", &number), "", "check digit"),
            2..5 => {
                let held = planter.certificate(class, training);
                let again = training.claims.first().cloned();
                training.claims.extend(again.map(|mut claim| {
                    claim.id = planter.ids(city).next_claim();
                    claim.claimed_on += 3;
                    claim
                }));
                let certificate = ("certificate", held.number.as_str());
                planter.collateral("E02", certificate, "", "two paid full claims");
                let kind = "person_occupation_level";
                planter.collateral("A06", (kind, &entity), "", "claimed twice");
                planter.collateral("B02", (kind, &entity), "", "sum above the standard");
                training.certificates = vec![held];
            }
            5..8 => {
                for claim in &mut training.claims {
                    claim.fen = standard * 3 / 2;
                    planter.collateral("B04", ("claim", &claim.id), "", "above the standard");
                }
                let kind = "person_occupation_level";
                planter.collateral("A06", (kind, &entity), "", "above the standard");
            }
            8..11 => {
                training.certified_on = Some(class.end - 5);
                for claim in &training.claims {
                    let note = "certificate before completion";
                    planter.collateral("B07", ("claim", &claim.id), "", note);
                }
            }
            24.. => {
                for claim in &mut training.claims {
                    claim.account.clone_from(&account);
                }
            }
            _ => {}
        }
    }
    planter.collateral("B05", ("account", &account), "", "6 persons on one account");
}

/// One claim of the full standard, paid to the learner.
fn one_claim(training: &mut Training, standard: i64) {
    training.claims.truncate(1);
    for claim in &mut training.claims {
        (claim.kind, claim.fen) = ("full", standard);
        (claim.payee, claim.agreement) = (None, None);
        claim.account.clone_from(&training.person.account);
    }
}

/// The number with another check digit.
fn misread(number: &str) -> String {
    let (body, check) = number.split_at(number.len().saturating_sub(1));
    let raised = check.parse().map_or(0, |digit: u8| (digit + 1) % 10);
    format!("{body}{raised}")
}

/// A second class on the next day, with the photograph of the first one.
fn next_day(planter: &mut Planter, school: &Host, first: &mut Group) {
    let (city, day) = (first.class.city, first.class.start + 1);
    let mut second = planter.open_day(school, city, HELP_DESK, day);
    planter.fill(&mut second, 5);
    let photo = 0xD03_0000_0000 + first.class.number;
    for training in first.trainings.iter_mut().chain(&mut second.trainings) {
        for presence in &mut training.presences {
            presence.photo = Some(photo);
        }
    }
    for training in &second.trainings {
        let enrolment = ("enrolment", training.enrolment_id.as_str());
        let note = "the organisation is listed for nothing";
        planter.collateral("D05", enrolment, "", note);
    }
    let entity = format!("{photo:016x}");
    planter.collateral(
        "D03",
        ("photo", &entity),
        "",
        "one photograph of two classes",
    );
    planter.add(second);
}

/// Forty hours on one day.
fn classroom(planter: &mut Planter, group: &mut Group) {
    for training in &mut group.trainings {
        training.offline = 4_000;
    }
    let id = group.class.id();
    planter.collateral("D04", ("class", &id), "", "40 hours on one day");
}

/// Hours without content and without logs, one device, one face, one second, late uploads.
fn logs(planter: &mut Planter, group: &mut Group) {
    let start = group.class.start;
    let device = format!("RING-{}", group.class.number);
    let face = format!("41c6{:012x}", group.class.number);
    let mut together = 0;
    for (place, training) in group.trainings.iter_mut().enumerate() {
        let enrolment = training.enrolment_id.clone();
        let mut sessions: Vec<Session> = Vec::new();
        for item in 0..VIDEOS {
            let day = start + 1 + item as i64 / 2;
            let second = EVENING + item as i64 % 2 * 3_000 + planter.prng.between(0, 200);
            sessions.push(planter.view(item, at(day, second), VIDEO));
        }
        match place {
            11..16 => {
                // Hours of twice the content, beyond the logs too.
                training.online = 2 * VIDEOS as i64 * VIDEO / 27;
                let entity = ("enrolment", enrolment.as_str());
                planter.collateral("C02", entity, "", "twice the content");
                planter.collateral("C05", entity, "", "hours beyond the logs");
                let note =
                    "twice the online hours, and online only for the platform's own class: W";
                planter.collateral("C01", entity, "", note);
            }
            16..20 => {
                sessions.clear();
                let entity = ("enrolment", enrolment.as_str());
                planter.collateral("C05", entity, "", "no log at all");
            }
            20..26 => {
                // Six sit at one device on the first evening, show one face and end in one second.
                if let Some(session) = sessions.first_mut() {
                    session.started = at(start + 1, EVENING);
                    session.ended = session.started + VIDEO;
                    together = session.ended;
                    session.twist().device = Some(device.clone());
                    (session.face_prompts, session.face_passed) = (2, 2);
                    session.twist().face = Some(face.clone());
                }
                let entity = ("enrolment", enrolment.as_str());
                planter.collateral("C09", entity, "", "one face for 6 persons");
            }
            _ => {}
        }
        for session in &mut sessions {
            let late = if place % 2 == 0 {
                2 * DAY_AND_NIGHT
            } else {
                300
            };
            session.uploaded = session.ended + late;
        }
        training.sessions = sessions;
    }
    planter.collateral("C07", ("device", &device), "", "6 persons on one device");
    let course = group.class.course.unwrap_or_default();
    let item = planter.planted.world.courses[course].items[0].id.clone();
    let minute = calendar::minute_text(together);
    planter.collateral("C08", ("item", &item), minute, "6 persons in one second");
    let id = group.class.id();
    planter.collateral(
        "C10",
        ("class", &id),
        "",
        "half of the sessions uploaded late",
    );
}
