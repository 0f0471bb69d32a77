//! A07: one training paid by two cities or from two funds.

use super::super::courses::{COOK_5, ONLINE_TRADER, Trade, WELDER_4, WELDER_5};
use super::super::places::{CITIES, LAIWU};
use super::super::training::Training;
use super::super::world::{Mode, Plan};
use super::{Group, H, NONE, Planter};

const LINYI: usize = 11;
const DEZHOU: usize = 12;
const JINAN: usize = 0;

pub fn plant(planter: &mut Planter) {
    overlaps(planter);
    certificates(planter);
    laiwu(planter);
    splits(planter);
}

/// Trainings in one occupation side by side, at two levels so that nothing else is wrong with them.
fn overlaps(planter: &mut Planter) {
    let start = planter.window().at(8);
    let mut here = planter.open_offline(LINYI, WELDER_5, start);
    let end = here.class.end;
    let mut there = planter.open_offline(DEZHOU, WELDER_4, start + 1);
    let mut touching = planter.open_offline(DEZHOU, WELDER_4, end);
    let mut next = planter.open_offline(DEZHOU, WELDER_4, end + 1);
    let mut cook = planter.open_offline(DEZHOU, COOK_5, start + 1);
    let mut same_city = planter.open_offline(LINYI, WELDER_4, start + 1);
    let mut same_level = planter.open_offline(DEZHOU, WELDER_5, start + 1);
    let fund = |fund| move |training: &mut Training| change_fund(training, fund);
    let nothing = |_: &mut Training| {};
    type Change<'a> = &'a dyn Fn(&mut Training);
    let mut plain = |other: &mut Group, verdict, change: Change, note: &str| {
        let number = twice(planter, &mut here, other, change);
        planter.case(verdict, ("person", &number), "", note);
        number
    };
    for _ in 0..2 {
        plain(
            &mut there,
            H,
            &nothing,
            "two cities, one occupation, at one time",
        );
    }
    plain(
        &mut touching,
        H,
        &nothing,
        "the second begins on the last day of the first, in another city",
    );
    plain(
        &mut next,
        NONE,
        &nothing,
        "the second begins on the day after the first, in another city",
    );
    plain(
        &mut cook,
        NONE,
        &nothing,
        "two cities at one time, two occupations",
    );
    for _ in 0..2 {
        plain(
            &mut same_city,
            H,
            &fund("unemployment_insurance"),
            "one city, two funds, at one time",
        );
    }
    plain(
        &mut same_city,
        NONE,
        &nothing,
        "one city and one fund, two levels at one time",
    );
    plain(
        &mut there,
        NONE,
        &|training| training.decide("rejected"),
        "two cities at one time, the second claim rejected",
    );
    plain(
        &mut there,
        NONE,
        &|training| training.decide("refunded"),
        "two cities at one time, the second claim refunded",
    );
    let number = plain(
        &mut same_level,
        H,
        &nothing,
        "two cities, one occupation and level, at one time",
    );
    let entity = format!("{number}|{}|{}", WELDER_5.occupation, WELDER_5.level);
    for (indicator, note) in [
        ("A06", "two full claims for one level"),
        ("B02", "sum above the standard"),
    ] {
        planter.collateral(indicator, ("person_occupation_level", &entity), "", note);
    }
    for group in [here, there, touching, next, cook, same_city, same_level] {
        planter.add(group);
    }
}

fn change_fund(training: &mut Training, fund: &'static str) {
    for claim in &mut training.claims {
        claim.fund = fund;
    }
}

/// Two claims far apart in time that rest on one certificate number.
fn certificates(planter: &mut Planter) {
    let window = planter.window();
    let mut early = planter.open_online(LINYI, 0, window.at(6));
    let mut late = [DEZHOU, LINYI].map(|city| open_trader(planter, city, window.at(40)));
    for (verdict, place, note) in [
        (H, 0, "one certificate number in two cities"),
        (H, 0, "one certificate number in two cities"),
        (H, 1, "one certificate number with two funds"),
        (NONE, 0, "two certificates in two cities"),
    ] {
        let other = &mut late[place];
        let person = planter.newcomer(LINYI);
        let mut before = planter.train(&early.class, &person, true);
        let mut after = planter.train(&other.class, &person, false);
        if verdict == H {
            let number = format!("HGZS{}", &before.enrolment_id[1..]);
            let note = "one certificate under two paid claims";
            planter.collateral("E02", ("certificate", &number), "", note);
            before.certificate_no = Some(number.clone());
            after.certificate_no = Some(number);
        }
        if place == 1 {
            change_fund(&mut after, "employment");
        }
        planter.case(verdict, ("person", &person.number), "", note);
        early.trainings.push(before);
        other.trainings.push(after);
    }
    planter.add(early);
    late.into_iter().for_each(|group| planter.add(group));
}

fn open_trader(planter: &mut Planter, city: usize, start: i64) -> Group {
    let course = planter.course(ONLINE_TRADER, 0, &[2_700; 16]);
    planter.open(Plan {
        city,
        trade: ONLINE_TRADER,
        mode: Mode::Online,
        start,
        course,
    })
}

/// Jinan pays, and Jinan pays as what was Laiwu: one city.
fn laiwu(planter: &mut Planter) {
    let start = planter.window().at(12);
    let mut jinan = planter.open_offline(JINAN, WELDER_5, start);
    let mut other = planter.open_offline(JINAN, WELDER_4, start + 1);
    other.class.city_code = LAIWU;
    let number = twice(planter, &mut jinan, &mut other, &|_| {});
    let note = "one city at one time, once under the code of old Laiwu";
    planter.case(NONE, ("person", &number), "", note);
    planter.add(jinan);
    planter.add(other);
}

/// 20 % and 80 % of one training, paid by two cities or from two funds.
fn splits(planter: &mut Planter) {
    let Some(window) = planter.split_window() else {
        return;
    };
    let mut group = planter.open_blended(LINYI, WELDER_5, 1, window.at(30));
    for (fund, note) in [
        ("", "20/80 split between two cities"),
        ("", "20/80 split between two cities"),
        ("unemployment_insurance", "20/80 split between two funds"),
    ] {
        let mut training = planter.train_newcomer(&group.class);
        let change_day = planter.planted.world.change_day;
        let standard = |trade: &Trade, city| trade.standard_fen(city, window.at(30), change_day);
        let least = standard(WELDER_5, LINYI).min(standard(WELDER_5, DEZHOU));
        for claim in &mut training.claims {
            if claim.kind == "offline_share" && fund.is_empty() {
                claim.city_code = CITIES[DEZHOU].code;
                claim.fen = least / 5 * 4;
            } else if claim.kind == "offline_share" {
                claim.fund = fund;
            }
        }
        planter.case(NONE, ("person", &training.person.number), "", note);
        group.trainings.push(training);
    }
    planter.add(group);
}

/// Sends a newcomer through two groups, changes the second training, and gives the person's number.
fn twice(
    planter: &mut Planter,
    first: &mut Group,
    second: &mut Group,
    change: &dyn Fn(&mut Training),
) -> String {
    let person = planter.newcomer(LINYI);
    let before = planter.train(&first.class, &person, true);
    let mut after = planter.train(&second.class, &person, false);
    change(&mut after);
    first.trainings.push(before);
    second.trainings.push(after);
    person.number
}
