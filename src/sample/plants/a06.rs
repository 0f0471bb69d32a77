//! A06: one occupation and level subsidised twice.

use super::super::courses::{Trade, WELDER_3, WELDER_5};
use super::super::places::LAIWU;
use super::super::training::Training;
use super::super::world::Mode;
use super::{Group, Planter, Scheme, Verdict};

const CITY: usize = 7;
const H: Verdict = Verdict::Planted("H");
const W: Verdict = Verdict::Planted("W");
const NONE: Verdict = Verdict::LookAlike("");

pub fn plant(planter: &mut Planter) {
    let window = planter.window();
    let offline = |planter: &mut Planter, trade, percent| {
        planter.open(CITY, trade, Mode::Offline, window.at(percent), None)
    };
    let mut early_5 = offline(planter, WELDER_5, 4);
    let mut late_5 = offline(planter, WELDER_5, 36);
    let mut early_3 = offline(planter, WELDER_3, 4);
    let mut late_3 = offline(planter, WELDER_3, 36);
    let standard = planter.standard(&early_5.class);
    let share = |thousandths: i64| standard / 1_000 * thousandths;

    // Two trainings at level 5; (first, second) amounts in thousandths of the standard.
    for (first, second, verdict, note) in [
        (1_000, 1_000, H, "two full claims"),
        (600, 402, H, "0.600 + 0.402 of the standard"),
        (600, 550, H, "0.600 + 0.550 of the standard"),
        (
            600,
            401,
            NONE,
            "0.600 + 0.401 of the standard: exactly the tolerance",
        ),
        (600, 400, NONE, "0.600 + 0.400 of the standard"),
    ] {
        let number = twice(planter, &mut early_5, &mut late_5, |before, after| {
            before
                .claims
                .iter_mut()
                .for_each(|claim| claim.fen = share(first));
            after
                .claims
                .iter_mut()
                .for_each(|claim| claim.fen = share(second));
        });
        note_case(planter, WELDER_5, &number, verdict, note);
        if first + second > 1_000 {
            chain(planter, &number);
        }
    }
    for (status, note) in [
        ("refunded", "first training refunded, second paid"),
        ("rejected", "first claim rejected, second paid"),
    ] {
        let number = twice(planter, &mut early_5, &mut late_5, |before, _| {
            before
                .claims
                .iter_mut()
                .for_each(|claim| claim.decide(status));
        });
        note_case(planter, WELDER_5, &number, NONE, note);
    }
    // One training, claimed again after the money was given back.
    let mut training = planter.train_newcomer(&early_5.class);
    if let Some(mut again) = training.claims.first().cloned() {
        again.id = planter.counted(CITY, |_, ids| ids.next_claim());
        again.claimed_on += 14;
        again.paid_on = again.paid_on.map(|day| day + 14);
        training
            .claims
            .iter_mut()
            .for_each(|claim| claim.decide("refunded"));
        training.claims.push(again);
    }
    note_case(
        planter,
        WELDER_5,
        &training.person.number,
        NONE,
        "refunded and paid again",
    );
    early_5.trainings.push(training);
    for _ in 0..2 {
        let number = twice(planter, &mut early_3, &mut late_5, |_, _| {});
        note_case(
            planter,
            WELDER_5,
            &number,
            W,
            "level 3 first, level 5 later",
        );
    }
    for _ in 0..2 {
        let number = twice(planter, &mut early_5, &mut late_3, |_, _| {});
        note_case(
            planter,
            WELDER_3,
            &number,
            NONE,
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
    let standard = planter.standard(&group.class);
    let jinan = WELDER_5.standard_fen(0, group.class.start, planter.planted.world.change_day);
    for (verdict, note) in [
        (NONE, "20/80 pair, exactly one standard"),
        (NONE, "20/80 pair, exactly one standard"),
        (
            NONE,
            "20 % paid by this city, 80 % by old Laiwu, now Jinan, each of its own standard",
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
                claim.city_code = LAIWU;
                claim.fen = jinan / 5 * 4;
            } else if verdict == H {
                claim.kind = "full";
                claim.fen = standard;
            }
        }
        note_case(planter, WELDER_5, &training.person.number, verdict, note);
        if verdict == H {
            chain(planter, &training.person.number);
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

fn entity(trade: &Trade, number: &str) -> String {
    format!("{number}|{}|{}", trade.occupation, trade.level)
}

fn note_case(planter: &mut Planter, trade: &Trade, number: &str, verdict: Verdict, note: &str) {
    let entity = entity(trade, number);
    planter.case(
        Scheme::A06,
        verdict,
        ("person_occupation_level", &entity),
        String::new(),
        note,
    );
}

fn chain(planter: &mut Planter, number: &str) {
    let entity = entity(WELDER_5, number);
    let note = "sum above the standard";
    planter.collateral(
        "B02",
        ("person_occupation_level", &entity),
        String::new(),
        Scheme::A06,
        note,
    );
}
