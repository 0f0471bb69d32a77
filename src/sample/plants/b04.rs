//! B04: more than the standard, more for an hour than the cap, or too few hours.

use super::super::courses::{BRICKLAYER_5, CARER_4_FALLING, COOK_4_RISING, PASTRY_COOK_CAPPED};
use super::super::training::Training;
use super::{Group, H, NONE, Planter, Verdict};

const CITY: usize = 8;
/// Here the standard of the capped trade is 500 yuan.
const ROUND_CITY: usize = 12;

pub fn plant(planter: &mut Planter) {
    amounts(planter);
    hours(planter);
    hourly_caps(planter);
    two_parts(planter);
}

/// Full claims around a standard that changed after the class began.
fn amounts(planter: &mut Planter) {
    let change_day = planter.planted.world.change_day;
    let mut rising = planter.open_offline(CITY, COOK_4_RISING, change_day - 8);
    let mut falling = planter.open_offline(CITY, CARER_4_FALLING, change_day - 8);
    let standard = planter.planted.world.standard(&rising.class);
    let risen = COOK_4_RISING.standard_fen(CITY, change_day, change_day);
    #[rustfmt::skip]
    let cases = [
        (H, standard + 1, "", "one fen over the standard"),
        (H, standard + standard / 5, "", "20 % over the standard"),
        (H, risen, "", "the standard that rose after class start"),
        (H, 2 * standard, "refunded", "twice the standard, refunded: nothing at risk"),
        (NONE, 2 * standard, "rejected", "twice the standard, rejected"),
        (NONE, standard, "", "exactly the standard; it rose later"),
        (NONE, standard - 1, "", "one fen under the standard"),
    ];
    for (verdict, fen, status, note) in cases {
        let mut training = planter.train_newcomer(&rising.class);
        for claim in &mut training.claims {
            claim.fen = fen;
        }
        if !status.is_empty() {
            training.decide(status);
        }
        if fen * 1_000 > standard * 1_001 && status.is_empty() {
            too_often(planter, &training, &rising);
        }
        add(planter, &mut rising, verdict, training, note);
    }
    let training = planter.train_newcomer(&falling.class);
    let note = "exactly the standard at class start; it fell before the claim";
    add(planter, &mut falling, NONE, training, note);
    planter.add(rising);
    planter.add(falling);
}

/// Notes what is claimed more than once over.
fn too_often(planter: &mut Planter, training: &Training, group: &Group) {
    let trade = group.class.trade;
    let number = &training.person.number;
    let entity = format!("{number}|{}|{}", trade.occupation, trade.level);
    let note = "one claim of more than the standard";
    planter.collateral("A06", ("person_occupation_level", &entity), "", note);
}

/// The first claim of a training as a case.
fn add(planter: &mut Planter, group: &mut Group, verdict: Verdict, training: Training, note: &str) {
    if let Some(claim) = training.claims.first() {
        planter.case(verdict, ("claim", &claim.id), "", note);
    }
    group.trainings.push(training);
}

/// Hours around the minimum of 36.
fn hours(planter: &mut Planter) {
    let mut group = planter.open_offline(CITY, BRICKLAYER_5, planter.window().at(20));
    for (verdict, hundredths, note) in [
        (H, 3_599, "35.99 of 36 hours"),
        (H, 3_550, "35.50 of 36 hours"),
        (H, 800, "8 of 36 hours"),
        (NONE, 3_600, "exactly 36 hours"),
        (NONE, 3_601, "36.01 hours"),
    ] {
        let mut training = planter.train_newcomer(&group.class);
        training.offline = hundredths;
        add(planter, &mut group, verdict, training, note);
    }
    planter.add(group);
}

/// 500 yuan around a cap of 15 yuan an hour.
fn hourly_caps(planter: &mut Planter) {
    let start = planter.window().at(22);
    let mut group = planter.open_offline(ROUND_CITY, PASTRY_COOK_CAPPED, start);
    let standard = planter.planted.world.standard(&group.class);
    debug_assert_eq!(standard, 50_000);
    for (verdict, fen, hundredths, note) in [
        (H, standard, 3_333, "500 yuan for 33.33 hours"),
        (H, standard, 3_200, "500 yuan for 32 hours"),
        (H, 48_001, 3_200, "480.01 yuan for 32 hours"),
        (
            NONE,
            48_000,
            3_200,
            "480 yuan for 32 hours: exactly the cap",
        ),
        (NONE, standard, 3_334, "500 yuan for 33.34 hours"),
    ] {
        let mut training = planter.train_newcomer(&group.class);
        training.offline = hundredths;
        for claim in &mut training.claims {
            claim.fen = fen;
        }
        add(planter, &mut group, verdict, training, note);
    }
    planter.add(group);
}

/// The minimum reached in two classes together: only the second is claimed.
fn two_parts(planter: &mut Planter) {
    let window = planter.window();
    let mut groups = [12, 40].map(|at| planter.open_offline(CITY, BRICKLAYER_5, window.at(at)));
    for (verdict, hundredths, note) in [
        (H, 1_799, "17.99 and 18 hours in two classes"),
        (NONE, 1_800, "18 and 18 hours in two classes"),
    ] {
        let person = planter.newcomer(CITY);
        let [early, late] = &mut groups;
        let mut before = planter.train(&early.class, &person, true);
        let mut after = planter.train(&late.class, &person, false);
        (before.offline, after.offline) = (hundredths, 1_800);
        before.uncertified();
        early.trainings.push(before);
        add(planter, late, verdict, after, note);
    }
    groups.into_iter().for_each(|group| planter.add(group));
}
