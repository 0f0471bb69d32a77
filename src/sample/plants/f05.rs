//! F05: fields filled for form's sake. Each case is a school of its own, among honest ones of the same month.

use super::super::calendar::{self, Day};
use super::super::courses::HELP_DESK;
use super::super::training::Training;
use super::kit::{at, each};
use super::{Group, NONE, Planter, S, Verdict};

const CITY: usize = 10;
const PLATFORM: usize = 2;
/// Honest schools with classes of one day, and with an hour online, in each month.
const HONEST: usize = 9;
/// Learners of an honest class.
const FEW: usize = 5;

/// The field that is filled for form's sake.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Phone,
    Account,
    Teacher,
    Device,
    Ip,
    /// A card number that fails its check digit.
    Card,
}

/// What stands there instead, in turn.
const PHONES: [&str; 4] = ["11111111111", "12345678901", "无", ""];
const TEXTS: [&str; 4] = ["无", "", "000000", "123456"];

pub fn plant(planter: &mut Planter) {
    use Field::{Account, Card, Device, Ip, Phone, Teacher};
    #[rustfmt::skip]
    let just: [(Verdict, Field, usize, usize, &str); 11] = [
        (S, Phone, 20, 1, "1 phone of 20: exactly 5 %"),
        (S, Account, 20, 1, "1 account of 20: exactly 5 %"),
        (S, Teacher, 20, 2, "2 teachers of 40: exactly 5 %"),
        (S, Device, 20, 1, "1 device of 20: exactly 5 %"),
        (S, Ip, 20, 1, "1 address of 20: exactly 5 %"),
        (S, Card, 20, 1, "1 card of 20 with a wrong check digit: exactly 5 %"),
        (NONE, Phone, 21, 1, "1 phone of 21: under 5 %"),
        (NONE, Account, 21, 1, "1 account of 21: under 5 %"),
        (NONE, Teacher, 21, 2, "2 teachers of 42: under 5 %"),
        (NONE, Device, 21, 1, "1 device of 21: under 5 %"),
        (NONE, Card, 21, 1, "1 card of 21 with a wrong check digit: under 5 %"),
    ];
    #[rustfmt::skip]
    let far: [(Verdict, Field, usize, usize, &str); 6] = [
        (S, Phone, 8, 8, "all phones"),
        (S, Account, 8, 8, "all accounts"),
        (S, Teacher, 8, 16, "all teachers"),
        (S, Device, 8, 8, "all devices"),
        (S, Ip, 8, 8, "all addresses"),
        (S, Card, 8, 8, "all cards with a wrong check digit"),
    ];
    let mut quarters = planter.quarters().into_iter();
    if let Some(quarter) = quarters.next() {
        month(planter, quarter.first + 1, &just, false);
    }
    // Far over in another quarter and all of them with an hour online, so that they do not hide the small shares.
    if let Some(quarter) = quarters.next() {
        month(planter, quarter.first + 1, &far, true);
    }
}

type Row = (Verdict, Field, usize, usize, &'static str);

fn month(planter: &mut Planter, day: Day, cases: &[Row], all_online: bool) {
    for (verdict, field, learners, filled, note) in cases {
        let has_hour = all_online || matches!(field, Field::Device | Field::Ip);
        let (mut group, school) = open(planter, has_hour, day);
        fill(planter, &mut group, *learners);
        spoil(&mut group, *field, *filled);
        planter.case(*verdict, ("org", &school), calendar::month_text(day), *note);
        if note.ends_with("all teachers") {
            let note = "no teacher in any session";
            planter.collateral("D01", ("org", &school), "", note);
        }
        planter.add(group);
    }
    for number in 0..2 * HONEST {
        let (mut group, _) = open(planter, all_online || number % 2 == 0, day);
        fill(planter, &mut group, FEW);
        planter.add(group);
    }
}

/// A class of a school of its own, with an hour online or without one.
fn open(planter: &mut Planter, has_hour: bool, day: Day) -> (Group, String) {
    let school = planter.honest_school(CITY);
    let group = if has_hour {
        planter.open_hour(&school, CITY, PLATFORM, day)
    } else {
        planter.open_day(&school, CITY, HELP_DESK, day)
    };
    (group, school.id)
}

/// Learners of whom everything dated is of the month in which the class begins; those with an hour online view it in
/// one go.
fn fill(planter: &mut Planter, group: &mut Group, learners: usize) {
    planter.fill(group, learners);
    let start = group.class.start;
    for training in &mut group.trainings {
        training.enrolled_on = start;
        if group.class.course.is_some() {
            let started = at(start, 66_600) + planter.prng.between(0, 7_200);
            training.sessions = vec![planter.view(0, started, 2_700)];
        }
    }
}

/// Fills the field for form's sake in the first `filled` rows that have it.
fn spoil(group: &mut Group, field: Field, filled: usize) {
    let in_day = |training: &Training| training.presences.len();
    let mut left = filled;
    for (place, training) in group.trainings.iter_mut().enumerate() {
        if left == 0 {
            break;
        }
        let text = TEXTS[place % TEXTS.len()];
        match field {
            Field::Phone => training.person.phone = PHONES[place % PHONES.len()].to_owned(),
            Field::Account => training.claims.iter_mut().for_each(|claim| {
                claim.account = ["无", ""][place % 2].to_owned();
            }),
            Field::Card => training.claims.iter_mut().for_each(|claim| {
                claim.account = wrong(&claim.account);
            }),
            Field::Teacher => training.presences.iter_mut().for_each(|presence| {
                presence.teacher = Some(text.to_owned());
            }),
            Field::Device => each(&mut training.sessions, |session| {
                session.twist().device = Some(text.to_owned());
            }),
            Field::Ip => each(&mut training.sessions, |session| {
                session.twist().ip = Some(["无", ""][place % 2].to_owned());
            }),
        }
        left -= if field == Field::Teacher {
            in_day(training).min(left)
        } else {
            1
        };
    }
}

/// The number with another last digit.
fn wrong(account: &str) -> String {
    let (body, check) = account.split_at(account.len().saturating_sub(1));
    let raised = check.parse().map_or(0, |digit: u8| (digit + 1) % 10);
    format!("{body}{raised}")
}
