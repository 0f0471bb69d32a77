//! A06: one occupation and level subsidised twice.

use super::super::courses::{Trade, WELDER_3, WELDER_5};
use super::super::places::LAIWU;
use super::super::training::Training;
use super::{Group, H, NONE, Planter, Verdict, W};

const CITY: usize = 7;

pub fn plant(planter: &mut Planter) {
    let window = planter.window();
    let [mut early_5, mut late_5, mut early_3, mut late_3] =
        [(WELDER_5, 4), (WELDER_5, 36), (WELDER_3, 4), (WELDER_3, 36)]
            .map(|(trade, at)| planter.open_offline(CITY, trade, window.at(at)));
    let thousandth = planter.planted.world.standard(&early_5.class) / 1_000;
    for (verdict, first, second, note) in [
        (H, 1_000, 1_000, "two full claims"),
        (H, 600, 402, "0.600 + 0.402 of the standard"),
        (H, 600, 550, "0.600 + 0.550 of the standard"),
        (
            NONE,
            600,
            401,
            "0.600 + 0.401 of the standard: exactly the tolerance",
        ),
        (NONE, 600, 400, "0.600 + 0.400 of the standard"),
    ] {
        let number = twice(planter, &mut early_5, &mut late_5, |before, after| {
            before
                .claims
                .iter_mut()
                .for_each(|claim| claim.fen = first * thousandth);
            after
                .claims
                .iter_mut()
                .for_each(|claim| claim.fen = second * thousandth);
        });
        case(planter, verdict, &number, WELDER_5, note);
        if first + second > 1_000 {
            broken_chain(planter, &number);
        }
    }
    for (status, note) in [
        ("refunded", "first training refunded, second paid"),
        ("rejected", "first claim rejected, second paid"),
    ] {
        let number = twice(planter, &mut early_5, &mut late_5, |before, _| {
            before.decide(status)
        });
        case(planter, NONE, &number, WELDER_5, note);
    }
    let mut training = planter.train_newcomer(&early_5.class);
    if let Some(mut again) = training.claims.first().cloned() {
        again.id = planter.ids(CITY).next_claim();
        again.claimed_on += 14;
        again.paid_on = again.paid_on.map(|day| day + 14);
        training.decide("refunded");
        training.claims.push(again);
    }
    case(
        planter,
        NONE,
        &training.person.number,
        WELDER_5,
        "refunded and paid again",
    );
    early_5.trainings.push(training);
    for _ in 0..2 {
        let number = twice(planter, &mut early_3, &mut late_5, |_, _| {});
        case(
            planter,
            W,
            &number,
            WELDER_5,
            "level 3 first, level 5 later",
        );
        let number = twice(planter, &mut early_5, &mut late_3, |_, _| {});
        case(
            planter,
            NONE,
            &number,
            WELDER_3,
            "level 5 first, level 3 later",
        );
    }
    pairs(planter);
    [early_5, late_5, early_3, late_3]
        .into_iter()
        .for_each(|group| planter.add(group));
}

/// Chains of 20 % and 80 %, where the sample has such claims.
fn pairs(planter: &mut Planter) {
    let Some(window) = planter.split_window() else {
        return;
    };
    let mut group = planter.open_blended(CITY, WELDER_5, 0, window.at(10));
    let standard = planter.planted.world.standard(&group.class);
    let change_day = planter.planted.world.change_day;
    let jinan = WELDER_5.standard_fen(0, group.class.start, change_day);
    for (verdict, note) in [
        (NONE, "20/80 pair, exactly one standard"),
        (NONE, "20/80 pair, exactly one standard"),
        (
            NONE,
            "20 % paid here, 80 % by old Laiwu, now Jinan, each of its own standard",
        ),
        (H, "20 % and then the full subsidy"),
    ] {
        let mut training = planter.train_newcomer(&group.class);
        for claim in training
            .claims
            .iter_mut()
            .filter(|claim| claim.kind == "offline_share")
        {
            if note.contains("Laiwu") {
                (claim.city_code, claim.fen) = (LAIWU, jinan / 5 * 4);
            } else if verdict == H {
                (claim.kind, claim.fen) = ("full", standard);
            }
        }
        case(planter, verdict, &training.person.number, WELDER_5, note);
        if verdict == H {
            broken_chain(planter, &training.person.number);
        }
        group.trainings.push(training);
    }
    planter.add(group);
}

/// Sends a newcomer through two groups, adjusts both trainings, and gives the person's number.
fn twice(
    planter: &mut Planter,
    first: &mut Group,
    second: &mut Group,
    adjust: impl FnOnce(&mut Training, &mut Training),
) -> String {
    let person = planter.newcomer(CITY);
    let mut before = planter.train(&first.class, &person, true);
    let mut after = planter.train(&second.class, &person, false);
    adjust(&mut before, &mut after);
    first.trainings.push(before);
    second.trainings.push(after);
    person.number
}

fn case(planter: &mut Planter, verdict: Verdict, number: &str, trade: &Trade, note: &str) {
    let entity = format!("{number}|{}|{}", trade.occupation, trade.level);
    planter.case(verdict, ("person_occupation_level", &entity), "", note);
}

fn broken_chain(planter: &mut Planter, number: &str) {
    let entity = format!("{number}|{}|{}", WELDER_5.occupation, WELDER_5.level);
    let note = "sum above the standard";
    planter.collateral("B02", ("person_occupation_level", &entity), "", note);
}
