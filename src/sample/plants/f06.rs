//! F06: silence after the money.

use super::super::calendar;
use super::super::courses::HELP_DESK;
use super::super::training::{Asked, Claim};
use super::{NONE, Planter, S, W};

const CITY: usize = 3;

pub fn plant(planter: &mut Planter) {
    calls(planter);
    platforms(planter);
}

/// Schools, with calls and how many of them came to nothing.
fn calls(planter: &mut Planter) {
    let day = planter.quarter().first + 2;
    for (verdict, calls, silent, note) in [
        (W, 30, 26, "26 of 30 not reached or not there"),
        (W, 44, 44, "all of 44 not reached or not there"),
        (NONE, 29, 29, "all of 29 not reached or not there: too few"),
        (
            NONE,
            40,
            8,
            "8 of 40 not reached or not there, as elsewhere",
        ),
        (
            NONE,
            44,
            9,
            "9 of 44 not reached or not there, as elsewhere",
        ),
        (
            NONE,
            44,
            8,
            "8 of 44 not reached or not there, as elsewhere",
        ),
        (
            NONE,
            44,
            9,
            "9 of 44 not reached or not there, as elsewhere",
        ),
    ] {
        let school = planter.honest_school(CITY);
        let mut group = planter.open_day(&school, CITY, HELP_DESK, day);
        planter.fill(&mut group, calls);
        for (place, training) in group.trainings.iter_mut().enumerate() {
            let answer = match place {
                _ if place >= silent => 1,
                _ if place % 3 == 0 => 0,
                _ => -1,
            };
            training.asked = Asked::Called(answer);
            training.exams.clear();
        }
        let quarter = calendar::quarter_text(day);
        planter.case(verdict, ("org", &school.id), quarter, note);
        planter.add(group);
    }
}

/// Platforms, with learners whose share was paid and how many of them never came to the classroom.
fn platforms(planter: &mut Planter) {
    let start = planter.quarter().first + 2;
    for (verdict, learners, absent, note) in [
        (S, 30, 19, "19 of 30 never came to the classroom: over 60 %"),
        (S, 40, 40, "all of 40 never came to the classroom"),
        (
            NONE,
            30,
            18,
            "18 of 30 never came to the classroom: exactly 60 %",
        ),
        (
            NONE,
            29,
            29,
            "all of 29 never came to the classroom: too few",
        ),
    ] {
        let platform = planter.found_platform(CITY, |_| {});
        let school = planter.honest_school(CITY);
        let mut group = planter.open_hour(&school, CITY, platform, start);
        let share = planter.planted.world.standard(&group.class) / 5;
        let payee = planter.planted.world.organisations.platforms[platform].clone();
        for place in 0..learners {
            let mut training = planter.train_newcomer(&group.class);
            if place < absent {
                training.give_up();
                training.presences.clear();
                training.offline = 0;
            }
            training.claims.clear();
            training.claims.push(Claim {
                id: planter.ids(CITY).next_claim(),
                kind: "platform_share",
                fund: "special_account",
                city_code: group.class.city_code,
                fen: share,
                claimed_on: group.class.end + 10,
                paid_on: Some(group.class.end + 18),
                status: "paid",
                payee: Some(payee.id.clone()),
                account: payee.account.clone(),
                agreement: Some(group.class.agreement()),
            });
            training.asked = Asked::Nothing;
            group.trainings.push(training);
        }
        let quarter = calendar::quarter_text(start);
        planter.case(verdict, ("platform", &payee.id), quarter, note);
        planter.add(group);
    }
}
