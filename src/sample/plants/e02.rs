//! E02: certificates that cannot be.

use super::super::calendar;
use super::super::courses::{COOK_5, CRANE_DRIVER, GUARD_5, HELP_DESK, Trade, WELDER_5};
use super::super::training::{Certificate, Training};
use super::{Group, H, NONE, Planter, Verdict};

const CITY: usize = 13;

/// What is wrong with a certificate: a change of a right one and of the training.
type Change = fn(&mut Certificate, &mut Training);

pub fn plant(planter: &mut Planter) {
    let start = planter.window().at(30);
    let no: Change = |_, _| {};
    #[rustfmt::skip]
    let cases: [(&'static Trade, Verdict, Change, &str); 20] = [
        (WELDER_5, H, |held, _| held.number.truncate(21), "21 characters of 22"),
        (WELDER_5, H, |held, _| held.number.push('0'), "23 characters of 22"),
        (WELDER_5, H, |held, _| held.number.truncate(10), "cut to ten characters"),
        (WELDER_5, H, |held, _| renumber(held, 13, "08"), "another year in the number"),
        (WELDER_5, H, |held, _| renumber(held, 15, "4"), "another level in the number"),
        (WELDER_5, H, other_level, "certificate of another level than the enrolment's"),
        (WELDER_5, H, |held, _| held.occupation = COOK_5.occupation, "certificate of another occupation than the enrolment's"),
        (GUARD_5, H, |held, _| held.number.truncate(15), "15 digits of 16"),
        (GUARD_5, H, |held, _| renumber(held, 15, "X"), "a letter among 16 digits"),
        (GUARD_5, H, |held, _| renumber(held, 0, "09"), "another year in the number of 16 digits"),
        (CRANE_DRIVER, H, |held, _| held.number = held.number.replace('T', ""), "special operation without the T"),
        (CRANE_DRIVER, H, |held, _| held.number = "T370102198506159974".to_owned(), "special operation under somebody else's number"),
        (WELDER_5, H, instalments, "two paid full claims of half the standard on one certificate"),
        (WELDER_5, NONE, again, "refund and re-pay: two full claims on one certificate, one of them refunded"),
        (WELDER_5, NONE, no, "22 characters, as they should be"),
        (GUARD_5, NONE, no, "16 digits, as they should be"),
        (CRANE_DRIVER, NONE, no, "T and the holder's number"),
        (HELP_DESK, NONE, |held, _| held.number = "LW2020-0001".to_owned(), "certificate of completion in a form of its own"),
        (HELP_DESK, NONE, |held, _| held.level = 0, "no level, nothing to compare"),
        (WELDER_5, NONE, |held, _| renumber(held, 7, "12"), "city merger: the old city's code in the number"),
    ];
    for trade in [WELDER_5, GUARD_5, CRANE_DRIVER, HELP_DESK] {
        let mut group = if trade == HELP_DESK {
            planter.open_videos(CITY, 1, start, &[2_700; 8])
        } else {
            planter.open_offline(CITY, trade, start)
        };
        for (_, verdict, change, note) in cases.iter().filter(|(of, ..)| *of == trade) {
            let mut training = planter.train_newcomer(&group.class);
            let mut held = planter.certificate(&group.class, &training);
            change(&mut held, &mut training);
            if note.contains("full claims") {
                second_claim(planter, &mut training);
            }
            planter.case(*verdict, ("certificate", &held.number), "", *note);
            training.certificates = vec![held];
            group.trainings.push(training);
        }
        if trade == WELDER_5 {
            shared(planter, &mut group);
            replaced(planter, &mut group);
        }
        planter.add(group);
    }
}

/// Writes other characters into a number.
fn renumber(held: &mut Certificate, place: usize, text: &str) {
    let place = place..place + text.len();
    if held.number.is_char_boundary(place.start) && held.number.len() >= place.end {
        held.number.replace_range(place, text);
    }
}

fn other_level(held: &mut Certificate, _: &mut Training) {
    held.level = 4;
    renumber(held, 15, "4");
}

fn instalments(_: &mut Certificate, training: &mut Training) {
    training.claims.iter_mut().for_each(|claim| claim.fen /= 2);
}

fn again(_: &mut Certificate, training: &mut Training) {
    training.decide("refunded");
}

/// The first claim once more, two weeks later and paid.
fn second_claim(planter: &mut Planter, training: &mut Training) {
    if let Some(mut claim) = training.claims.first().cloned() {
        claim.id = planter.ids(CITY).next_claim();
        claim.claimed_on += 14;
        claim.paid_on = claim.paid_on.map(|day| day + 14);
        claim.decide("paid");
        training.claims.push(claim);
    }
}

/// One number for several persons.
fn shared(planter: &mut Planter, group: &mut Group) {
    for (persons, note) in [
        (2, "one number for 2 persons"),
        (6, "one number for 6 persons"),
    ] {
        let mut first: Option<Certificate> = None;
        for _ in 0..persons {
            let mut training = planter.train_newcomer(&group.class);
            let held = planter.certificate(&group.class, &training);
            let held = first.get_or_insert(held).clone();
            training.certificates = vec![held];
            group.trainings.push(training);
        }
        if let Some(held) = first {
            planter.case(H, ("certificate", &held.number), "", note);
        }
    }
}

/// Certificates that were lost and replaced: under a new number, or under the old one.
fn replaced(planter: &mut Planter, group: &mut Group) {
    let window = planter.window();
    for note in [
        "re-issued certificate, the first one",
        "re-issued certificate, the first one",
    ] {
        let mut training = planter.train_newcomer(&group.class);
        let held = planter.certificate(&group.class, &training);
        let mut again = planter.certificate(&group.class, &training);
        again.issued_on = (held.issued_on + 40).min(window.last);
        // The number tells the year in which it was issued.
        let (year, ..) = calendar::civil(again.issued_on);
        renumber(&mut again, 13, &format!("{:02}", year % 100));
        planter.case(NONE, ("certificate", &held.number), "", note);
        let note = "re-issued certificate, the second one";
        planter.case(NONE, ("certificate", &again.number), "", note);
        training.certificates = vec![held, again];
        group.trainings.push(training);
    }
}
