//! A01: citizen numbers that nobody can have, and odd but right ones.

use super::super::calendar;
use super::super::codes;
use super::super::people::Person;
use super::{Planter, Scheme, Verdict};

const CITY: usize = 4;

pub fn plant(planter: &mut Planter) {
    let mut group = planter.open_online(CITY, 1, planter.window().at(20));
    let born_later = calendar::date_text(group.class.start + 30).replace('-', "");
    // Each takes a right number and gives the wrong one.
    let spoilers: [(&str, &dyn Fn(&Person) -> String); 13] = [
        ("check digit", &|person| {
            with_digit_raised(&person.number, 17)
        }),
        ("one digit of the division off", &|person| {
            with_digit_raised(&person.number, 3)
        }),
        ("one digit of the birthday off", &|person| {
            with_digit_raised(&person.number, 13)
        }),
        ("adjacent digits swapped", &|person| swapped(&person.number)),
        ("no such date", &|person| {
            codes::citizen_number(person.division, "19700229", 996)
        }),
        ("month 13", &|person| {
            codes::citizen_number(person.division, "19701301", 996)
        }),
        ("17 characters", &|person| {
            person
                .number
                .chars()
                .take(8)
                .chain(person.number.chars().skip(9))
                .collect()
        }),
        ("19 characters", &|person| format!("{}1", person.number)),
        ("all the same", &|_| "1".repeat(18)),
        ("all the same", &|_| "2".repeat(18)),
        ("sequential", &|_| "123456789012345678".to_owned()),
        ("cut to 15 digits by a spreadsheet", &|person| {
            person.number.chars().take(15).collect::<String>() + "000"
        }),
        ("born after the training", &|person| {
            codes::citizen_number(person.division, &born_later, 998)
        }),
    ];
    for (note, spoil) in spoilers {
        let mut person = planter.newcomer(CITY);
        // One number in eleven would be right again after being cut.
        while note.starts_with("cut") && codes::is_complete(&spoil(&person)) {
            person = planter.newcomer(CITY);
        }
        person.number = spoil(&person);
        planter.case(
            Scheme::A01,
            Verdict::Planted("H"),
            ("person", &person.number),
            String::new(),
            note,
        );
        let training = planter.train(&group.class, &person, true);
        group.trainings.push(training);
    }
    for (note, spell) in SPELLINGS {
        let mut person = planter.newcomer(CITY);
        while note.ends_with('x') && !person.number.ends_with('X') {
            person = planter.newcomer(CITY);
        }
        person.written = Some(spell(&person.number));
        let note = format!("{note} in the enrolment file, normalised elsewhere");
        planter.case(
            Scheme::A01,
            Verdict::LookAlike(""),
            ("person", &person.number),
            String::new(),
            note,
        );
        let training = planter.train(&group.class, &person, true);
        group.trainings.push(training);
    }
    for (note, number, strength) in [
        (
            "15 digits, with a date that exists",
            "370502850615997".to_owned(),
            "W",
        ),
        (
            "division never assigned",
            codes::citizen_number(370_199, "19780505", 997),
            "W",
        ),
        (
            "division abolished in 2018",
            codes::citizen_number(371_202, "19790512", 996),
            "",
        ),
        (
            "county-level city until 2016",
            codes::citizen_number(370_181, "19770113", 997),
            "",
        ),
        (
            "prefecture-era division",
            codes::citizen_number(372_522, "19910223", 997),
            "",
        ),
        (
            "leap day",
            codes::citizen_number(370_125, "19840229", 996),
            "",
        ),
    ] {
        let person = Person {
            number,
            ..planter.newcomer(CITY)
        };
        planter.case(
            Scheme::A01,
            Verdict::LookAlike(strength),
            ("person", &person.number),
            String::new(),
            note,
        );
        let training = planter.train(&group.class, &person, true);
        group.trainings.push(training);
    }
    planter.add(group);
}

type Spelling = (&'static str, fn(&str) -> String);

const SPELLINGS: [Spelling; 5] = [
    ("lower-case x", |number| number.to_lowercase()),
    ("full-width digits", |number| {
        number.chars().map(full_width).collect()
    }),
    ("inner space", |number| {
        format!("{} {}", &number[..14], &number[14..])
    }),
    ("apostrophe of a spreadsheet", |number| format!("'{number}")),
    ("spaces around", |number| format!(" {number} ")),
];

fn full_width(character: char) -> char {
    char::from_u32(u32::from(character) + 0xFEE0).unwrap_or(character)
}

/// The number with one character raised by one, 9 and X to 0.
fn with_digit_raised(number: &str, place: usize) -> String {
    let raised = |(at, character): (usize, char)| match character.to_digit(10) {
        _ if at != place => character,
        Some(digit) => char::from_digit((digit + 1) % 10, 10).unwrap_or('0'),
        None => '0',
    };
    number.chars().enumerate().map(raised).collect()
}

/// The number with the first two unequal neighbours of its birthday exchanged.
fn swapped(number: &str) -> String {
    let mut bytes = number.as_bytes().to_vec();
    if let Some(place) = (8..15).find(|place| bytes[*place] != bytes[place + 1]) {
        bytes.swap(place, place + 1);
    }
    String::from_utf8(bytes).unwrap_or_default()
}
