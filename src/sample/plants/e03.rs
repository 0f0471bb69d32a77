//! E03: new organisations that issue certificates in a burst. Only enrolments, certificates and the attendance of a
//! few are written for the many learners, who pay for themselves.

use super::super::calendar::Day;
use super::super::courses::HELP_DESK;
use super::{Host, NONE, Planter, S};

/// Learners of a full class: not so near the fifty allowed that it looks made to measure.
const CLASS: usize = 44;
/// Learners of each class whose attendance and claims are kept.
const KEPT: usize = 2;
/// Certificates of each new organisation that is in order, and how many of those there are.
const HONEST: usize = 20;
const PEERS: usize = 12;

pub fn plant(planter: &mut Planter) {
    let window = planter.window();
    let filed_on = window.at(2);
    for number in 0..PEERS {
        let school = new_school(planter, number % 16, filed_on);
        issue(planter, number % 16, &school, &[(filed_on + 20, HONEST)]);
        let note = "20 certificates in the first 90 days, like most";
        planter.case(NONE, ("org", &school.id), "", note);
    }
    let most = 3 * HONEST;
    for (city, verdict, certificates, day, note) in [
        (1, S, 1_000, 20, "1,000 certificates in the first 90 days"),
        (
            3,
            S,
            most + 1,
            20,
            "61 certificates, more than three times the third quartile of 20",
        ),
        (
            4,
            NONE,
            most,
            20,
            "60 certificates, three times the third quartile of 20",
        ),
        (
            7,
            NONE,
            200,
            91,
            "200 certificates, all after the first 90 days",
        ),
    ] {
        let school = new_school(planter, city, filed_on);
        if day > 90 {
            // One class of the first months, so that the organisation is compared with the others.
            issue(planter, city, &school, &[(filed_on + 20, HONEST)]);
        }
        issue(planter, city, &school, &[(filed_on + day, certificates)]);
        planter.case(verdict, ("org", &school.id), "", note);
    }
    growth(planter);
}

/// Organisations of long standing, with so many certificates in three months.
fn growth(planter: &mut Planter) {
    let window = planter.window();
    let months = [0, 1, 2].map(|month| window.first_of_month(month) + 8);
    if months.iter().any(|day| *day + 10 > window.last) {
        return;
    }
    for (city, verdict, counts, note) in [
        (
            6,
            S,
            [200, 600, 1_800],
            "200, 600 and 1,800 certificates in three months",
        ),
        (
            8,
            NONE,
            [22, 66, 198],
            "22, 66 and 198 certificates in three months: never from 200 on",
        ),
    ] {
        let school = planter.honest_school(city);
        let classes: Vec<_> = months.into_iter().zip(counts).collect();
        issue(planter, city, &school, &classes);
        planter.case(verdict, ("org", &school.id), "", note);
    }
}

fn new_school(planter: &mut Planter, city: usize, filed_on: Day) -> Host {
    let school = planter.found("school", city, |found| {
        (found.registered_on, found.filed_on) = (filed_on - 200, Some(filed_on));
    });
    Host::of(&school)
}

/// Classes that give so many certificates, four days after the given days.
fn issue(planter: &mut Planter, city: usize, school: &Host, classes: &[(Day, usize)]) {
    for (day, certificates) in classes {
        let mut left = *certificates;
        while left > 0 {
            let learners = left.min(CLASS);
            left -= learners;
            let mut group = planter.open_day(school, city, HELP_DESK, *day);
            for place in 0..learners {
                let mut training = planter.train_newcomer(&group.class);
                training.exams.clear();
                if place >= KEPT {
                    training.presences.clear();
                    training.claims.clear();
                }
                group.trainings.push(training);
            }
            planter.add(group);
        }
    }
}
