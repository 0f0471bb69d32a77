//! A01: citizen numbers that nobody can have, and odd but right ones.

use super::super::people::Person;
use super::super::{calendar, codes};
use super::{H, NONE, Planter, Verdict};

const CITY: usize = 4;

/// What is wrong, and how to get it from a right number and its division.
type Spoiler<'a> = (&'static str, &'a dyn Fn(&str, i64) -> String);

const W: Verdict = Verdict::LookAlike("W");

pub fn plant(planter: &mut Planter) {
    let mut group = planter.open_online(CITY, 1, planter.window().at(20));
    let later = calendar::date_text(group.class.start + 30).replace('-', "");
    let number = codes::citizen_number;
    #[rustfmt::skip]
    let wrong: [Spoiler; 13] = [
        ("check digit", &|right, _| with_digit_raised(right, 17)),
        ("one digit of the division off", &|right, _| with_digit_raised(right, 3)),
        ("one digit of the birthday off", &|right, _| with_digit_raised(right, 13)),
        ("adjacent digits swapped", &|right, _| swapped(right)),
        ("no such date", &|_, division| number(division, "19700229", 996)),
        ("month 13", &|_, division| number(division, "19701301", 996)),
        ("17 characters", &|right, _| format!("{}{}", &right[..8], &right[9..])),
        ("19 characters", &|right, _| format!("{right}1")),
        ("all the same", &|_, _| "1".repeat(18)),
        ("all the same", &|_, _| "2".repeat(18)),
        ("sequential", &|_, _| "123456789012345678".to_owned()),
        ("cut to 15 digits by a spreadsheet", &|right, _| format!("{}000", &right[..15])),
        ("born after the training", &|_, division| number(division, &later, 998)),
    ];
    let mut people = Vec::new();
    for (note, spoil) in wrong {
        let mut person = planter.newcomer(CITY);
        // One number in eleven would be right again after being cut.
        while note.starts_with("cut") && codes::is_complete(&spoil(&person.number, 0)) {
            person = planter.newcomer(CITY);
        }
        person.number = spoil(&person.number, person.division);
        people.push((H, person, note.to_owned()));
    }
    for (note, spell) in SPELLINGS {
        let mut person = planter.newcomer(CITY);
        while note.ends_with('x') && !person.number.ends_with('X') {
            person = planter.newcomer(CITY);
        }
        person.written = Some(spell(&person.number));
        people.push((
            NONE,
            person,
            format!("{note} in the enrolment file, normalised elsewhere"),
        ));
    }
    for (verdict, number, note) in [
        (
            W,
            "370199790505213".to_owned(),
            "15 digits, with a date that exists",
        ),
        (
            W,
            number(370_199, "19780505", 997),
            "division never assigned",
        ),
        (
            NONE,
            number(371_202, "19790512", 996),
            "division abolished in 2018",
        ),
        (
            NONE,
            number(370_181, "19770113", 997),
            "county-level city until 2016",
        ),
        (
            NONE,
            number(372_522, "19910223", 997),
            "prefecture-era division",
        ),
        (NONE, number(370_125, "19840229", 996), "leap day"),
    ] {
        let person = Person {
            number,
            ..planter.newcomer(CITY)
        };
        people.push((verdict, person, note.to_owned()));
    }
    for (verdict, person, note) in people {
        let is_unborn = note.starts_with("born after");
        planter.case(verdict, ("person", &person.number), "", note);
        let training = planter.train(&group.class, &person, true);
        if is_unborn {
            let enrolment = ("enrolment", training.enrolment_id.as_str());
            planter.collateral("A03", enrolment, "", "born after the class began");
        }
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
