//! A02: one number for several persons, several numbers for one.

use super::super::calendar;
use super::super::courses::COOK_5;
use super::super::people::Person;
use super::{Group, NONE, Planter, S, Verdict};

const CITY: usize = 1;
/// Jiaonan, which was a city of its own until 2012.
const OLD_COUNTY: i64 = 370_284;
/// Never given out: here any sequence will do.
const NO_DIVISION: i64 = 370_199;

pub fn plant(planter: &mut Planter) {
    let window = planter.window();
    let mut first = planter.open_online(CITY, 2, window.at(18));
    let start = window.at(42);
    let mut second = planter.open_offline(CITY, COOK_5, start);
    // One number, enrolled under two names.
    let other_name = |person: &Person| format!("{}某", person.name);
    let spaced = |person: &Person| person.name.chars().map(|c| format!("{c} ")).collect();
    type Renaming<'a> = &'a dyn Fn(&Person) -> String;
    let renamings: [(Verdict, Renaming, &str); 5] = [
        (S, &other_name, "one number under two names"),
        (S, &other_name, "one number under two names"),
        (S, &|_| "王某某".to_owned(), "one number under two names"),
        (
            NONE,
            &spaced,
            "one name, written with spaces the second time",
        ),
        (
            NONE,
            &|person| person.name.clone(),
            "two trainings under one name",
        ),
    ];
    for (verdict, rename, note) in renamings {
        let person = planter.newcomer(CITY);
        let again = Person {
            name: rename(&person),
            ..person.clone()
        };
        let (before, after) = (
            planter.train(&first.class, &person, true),
            planter.train(&second.class, &again, false),
        );
        first.trainings.push(before);
        second.trainings.push(after);
        planter.case(verdict, ("person", &person.number), "", note);
    }
    several_numbers(planter, &mut first);
    old_numbers(planter, &mut first);
    // All in one month, of which the missing phone is too small a part to be told.
    for training in &mut first.trainings {
        training.enrolled_on = first.class.start;
    }
    planter.add(first);
    planter.add(second);
}

/// People who have name, birth date and phone in common, or nearly.
fn several_numbers(planter: &mut Planter, group: &mut Group) {
    let birth = calendar::day(1984, 5, 9);
    #[rustfmt::skip]
    let cases = [
        (S, 2, "", "one name, birth date and phone under two numbers"),
        (S, 3, "", "one name, birth date and phone under three numbers"),
        (S, 2, "spelling", "the same, the phone spelled in two ways"),
        (NONE, 2, "phone", "one name and birth date, two phones"),
        (NONE, 2, "name", "twins with one phone"),
        (NONE, 2, "birth", "father and son with one name and one phone"),
        (NONE, 2, "none", "one name and birth date, one of them without a phone"),
    ];
    for (number, (verdict, persons, twist, note)) in cases.into_iter().enumerate() {
        let mut shared: Option<Person> = None;
        for place in 0..persons {
            let years = i64::from(twist == "birth" && place == 1) * 24 * 365;
            let birth = birth + number as i64 * 400 - years;
            let mut person = planter.born(CITY, OLD_COUNTY, birth, 996 + place);
            if let Some(earlier) = &shared {
                if twist != "name" {
                    person.name.clone_from(&earlier.name);
                } else if person.name == earlier.name {
                    person.name.push('某');
                }
                if twist == "spelling" {
                    let (head, tail) = earlier.phone.split_at(3);
                    person.phone = format!("+86 {head}-{tail}");
                } else if twist != "phone" {
                    person.phone.clone_from(&earlier.phone);
                }
            }
            if twist == "none" && place == 1 {
                person.phone.clear();
            }
            planter.case(verdict, ("person", &person.number), "", note);
            let training = planter.train(&group.class, &person, true);
            group.trainings.push(training);
            shared.get_or_insert(person);
        }
    }
}

/// Numbers of 15 digits beside numbers of 18: the old form of one of them, or of nobody here.
fn old_numbers(planter: &mut Planter, group: &mut Group) {
    for (verdict, day, sequence, note) in [
        (S, 15, 123, "15 digits whose 18-digit form is enrolled too"),
        (S, 16, 456, "15 digits whose 18-digit form is enrolled too"),
        (
            NONE,
            17,
            457,
            "15 digits; the 18-digit number is of the day after",
        ),
    ] {
        let birth = calendar::day(1985, 6, day);
        let old = planter.born(CITY, NO_DIVISION, birth, sequence);
        let shift = i64::from(verdict == NONE);
        let new = planter.born(CITY, NO_DIVISION, birth + shift, sequence);
        let number = format!("{}{}", &old.number[..6], &old.number[8..17]);
        for person in [Person { number, ..old }, new] {
            planter.case(verdict, ("person", &person.number), "", note);
            let about = if person.number.len() == 15 {
                "15 digits"
            } else {
                "division never assigned"
            };
            planter.collateral("A01", ("person", &person.number), "", about);
            let training = planter.train(&group.class, &person, true);
            group.trainings.push(training);
        }
    }
}
