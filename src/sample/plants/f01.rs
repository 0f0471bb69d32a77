//! F01: one organisation with most of a city's money, and claims that come in a heap. Weak by its definition.

use std::collections::BTreeMap;

use super::super::calendar::{self, Day, Window};
use super::super::courses::{HELP_DESK, WELDER_3};
use super::super::ordinary;
use super::super::places::CITIES;
use super::super::training::Training;
use super::super::world::{Class, Ids};
use super::{Host, NONE, Planter, Verdict, W};

/// The smallest city.
const CITY: usize = 4;
/// Learners of a full class.
const CLASS: usize = 44;
/// What is paid at least, in fen, where nobody else is paid anything.
const LEAST: i64 = 2_000_000;

/// More learners than this are not planted: a large province's city is not to be bought.
const MOST: i64 = 20_000;

/// What a city pays in a quarter: fen in all, and by organisation the certificates and claims.
#[derive(Default)]
struct Market {
    fen: i64,
    certificates: BTreeMap<String, i64>,
    claims: BTreeMap<String, i64>,
}

impl Market {
    /// The most certificates or claims of one organisation.
    fn largest(&self) -> i64 {
        let counts = self.certificates.values().chain(self.claims.values());
        counts.copied().max().unwrap_or(0)
    }
}

pub fn plant(planter: &mut Planter) {
    // First what others are paid too.
    heaps(planter);
    let markets = markets(planter);
    let none = Market::default();
    let market = |quarter: &Window| markets.get(&calendar::quarter_text(quarter.first));
    let mut quarters = planter.quarters();
    // The next delivery pays something more on the window's last day.
    let last = planter.window().last;
    quarters.sort_by_key(|quarter| {
        let fen = market(quarter).map_or(0, |market| market.fen);
        (quarter.last == last, fen)
    });
    for (quarter, (times, note)) in quarters.iter().zip([
        (
            1,
            "half of the city's paid money, exactly where there is other money",
        ),
        (3, "three quarters of the city's paid money"),
    ]) {
        let market = market(quarter).unwrap_or(&none);
        let fen = times * market.fen.max(LEAST / times);
        share(planter, *quarter, fen, market.largest() + 1, note);
    }
}

/// What is paid by quarter to the city's ordinary classes and the schemes so far: the ordinary classes are made one
/// after another as they will be.
fn markets(planter: &Planter) -> BTreeMap<String, Market> {
    let mut markets: BTreeMap<String, Market> = BTreeMap::new();
    let world = &planter.planted.world;
    let mut ids = Ids::new(CITY, world.learners[CITY]);
    for outline in ordinary::classes(world, CITY) {
        let (class, trainings) = ordinary::fill(world, &outline, &mut ids);
        for training in &trainings {
            count(&mut markets, &class, training);
        }
    }
    for group in planter.planted.cities.iter().flat_map(|city| &city.groups) {
        for training in &group.trainings {
            count(&mut markets, &group.class, training);
        }
    }
    markets
}

fn count(markets: &mut BTreeMap<String, Market>, class: &Class, training: &Training) {
    let mut market = |day: Day, add: &mut dyn FnMut(&mut Market)| {
        add(markets.entry(calendar::quarter_text(day)).or_default());
    };
    let raised = |counts: &mut BTreeMap<String, i64>| {
        *counts.entry(class.org_id.clone()).or_default() += 1;
    };
    if let Some(day) = training.certified_on.filter(|_| class.city == CITY) {
        market(day, &mut |market| raised(&mut market.certificates));
    }
    for claim in &training.claims {
        if claim.city_code != CITIES[CITY].code {
            continue;
        }
        market(claim.claimed_on, &mut |market| raised(&mut market.claims));
        if let ("paid", Some(day)) = (claim.status, claim.paid_on) {
            market(day, &mut |market| market.fen += claim.fen);
        }
    }
}

/// A school that is paid so much in a quarter, in this many claims or more.
fn share(planter: &mut Planter, quarter: Window, fen: i64, least: i64, note: &str) {
    let change_day = planter.planted.world.change_day;
    let standard = WELDER_3.standard_fen(CITY, quarter.first, change_day);
    let learners = least.max(fen / standard + 1);
    if learners > MOST {
        return;
    }
    let school = planter.school_for(CITY, WELDER_3);
    let mut group = planter.open_hosted(&school, CITY, WELDER_3, quarter.first);
    for place in 0..learners {
        if group.trainings.len() == CLASS {
            let next = planter.open_hosted(&school, CITY, WELDER_3, quarter.first);
            planter.add(std::mem::replace(&mut group, next));
        }
        let mut training = planter.train_newcomer(&group.class);
        training.exams.clear();
        if group.trainings.len() >= 2 {
            training.presences.clear();
        }
        for claim in &mut training.claims {
            claim.fen = fen * (place + 1) / learners - fen * place / learners;
        }
        group.trainings.push(training);
    }
    planter.add(group);
    case(planter, &school, quarter, W, note);
}

fn case(planter: &mut Planter, school: &Host, quarter: Window, verdict: Verdict, note: &str) {
    let entity = format!("{}|{}", school.id, CITIES[CITY].code);
    let period = calendar::quarter_text(quarter.first);
    planter.case(verdict, ("org_city", &entity), period, note);
}

/// Claims of the longest quarter: so many in each of its weeks but two, the rest three weeks or three days before its
/// end.
fn heaps(planter: &mut Planter) {
    let quarter = planter.quarter();
    let last = planter.window().last;
    let weeks = quarter.days() / 7 - 1;
    for (verdict, total, late, before_end, note) in [
        (
            W,
            200,
            120,
            3,
            "120 of 200 claims in the quarter's last 10 days: exactly 60 %",
        ),
        (
            W,
            240,
            230,
            5,
            "230 of 240 claims in the quarter's last 10 days",
        ),
        (
            W,
            280,
            250,
            24,
            "250 of 280 claims in one week, three weeks before the quarter's end",
        ),
        (
            NONE,
            40,
            0,
            0,
            "about as many claims in each week of the quarter",
        ),
    ] {
        let school = planter.school_for(CITY, HELP_DESK);
        let mut group = planter.open_day(&school, CITY, HELP_DESK, quarter.first);
        for place in 0..total {
            if group.trainings.len() == CLASS {
                let next = planter.open_day(&school, CITY, HELP_DESK, quarter.first);
                planter.add(std::mem::replace(&mut group, next));
            }
            let mut training = planter.train_newcomer(&group.class);
            training.exams.clear();
            if group.trainings.len() >= 2 {
                training.presences.clear();
            }
            let claimed_on = if place < late {
                // A Monday or a Tuesday, if there is time.
                let monday = quarter.last - before_end;
                let monday = monday - (monday + 3) % 7 * i64::from(before_end > 10);
                monday + place % 2 * i64::from(before_end > 0)
            } else {
                quarter.first + 9 + place % weeks * 7
            };
            for claim in &mut training.claims {
                claim.claimed_on = claimed_on;
                claim.paid_on = Some((claimed_on + 8).min(last));
            }
            group.trainings.push(training);
        }
        planter.add(group);
        case(planter, &school, quarter, verdict, note);
    }
}
