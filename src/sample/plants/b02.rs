//! B02: 20 % and 80 % that do not fit together.

use super::super::calendar;
use super::super::courses::{CARER_5, NANNY_5, Trade, WELDER_4};
use super::super::training::{Claim, Training};
use super::{Group, H, NONE, Planter, Verdict};

const CITY: usize = 15;
const OTHER_CITY: usize = 13;

pub fn plant(planter: &mut Planter) {
    let start = planter
        .split_window()
        .map_or_else(|| planter.window().at(10), |window| window.at(20));
    let mut group = planter.open_blended(CITY, CARER_5, 4, start);
    let standard = planter.planted.world.standard(&group.class);
    let (fifth, rest) = (standard / 5, standard / 5 * 4);
    let is_late = !Chain::is_in_time(start);
    // Kinds, amounts and what becomes of them; fen.
    #[rustfmt::skip]
    let cases: [(Verdict, Chain, &str); 13] = [
        (H, Chain::pair(fifth, rest + 1), "one fen over the standard"),
        (H, Chain::pair(fifth, rest + standard / 2_000), "0.05 % over the standard"),
        (H, Chain::pair(fifth, standard), "20 %, and then the full standard as offline share"),
        (H, Chain::pair(fifth - 50_00, standard), "less than 20 %, and then the full standard as offline share"),
        (H, Chain { first: None, ..Chain::pair(fifth, rest) }, "80 % without any platform share"),
        (H, Chain { rejected: "platform_share", ..Chain::pair(fifth, rest) }, "80 %, the platform share rejected"),
        (NONE, Chain::pair(fifth, rest), "exactly 20 % and 80 %"),
        (NONE, Chain::pair(fifth, rest), "exactly 20 % and 80 %"),
        (NONE, Chain::pair(fifth - 1, rest), "one fen under the standard"),
        (NONE, Chain { rejected: "offline_share", ..Chain::pair(fifth, standard) }, "20 %, the full offline share rejected"),
        (NONE, Chain { second: None, ..Chain::pair(fifth, rest) }, "the platform share alone"),
        (NONE, Chain { city: Some(OTHER_CITY), ..Chain::pair(fifth, rest) }, "80 % here, 20 % paid by another city"),
        (NONE, Chain { first: None, second: Some(("full", standard + 1)), ..Chain::pair(0, 0) }, "a single claim above the standard"),
    ];
    for (verdict, chain, note) in cases {
        // Where 80 % cannot be claimed any more, all of it is wrong.
        let has_offline = chain.rejected != "offline_share"
            && chain
                .second
                .is_some_and(|(kind, _)| kind == "offline_share");
        let verdict = if is_late && has_offline { H } else { verdict };
        let training = chain.training(planter, &group);
        let entity = entity(&training, CARER_5);
        if chain.second.is_some_and(|(_, fen)| fen == standard) && chain.rejected.is_empty() {
            let note = "20 % and the full standard";
            let is_twice = chain.first.is_some_and(|(_, fen)| fen * 1_000 > standard);
            if is_twice {
                planter.collateral("A06", ("person_occupation_level", &entity), "", note);
            }
        }
        for claim in &training.claims {
            if claim.fen > standard {
                planter.collateral("B04", ("claim", &claim.id), "", "above the standard");
            }
        }
        planter.case(verdict, ("person_occupation_level", &entity), "", note);
        group.trainings.push(training);
    }
    planter.add(group);
    two_standards(planter);
    turn_of_the_year(planter);
}

fn entity(training: &Training, trade: &Trade) -> String {
    let number = &training.person.number;
    format!("{number}|{}|{}", trade.occupation, trade.level)
}

/// What is claimed for a training.
#[derive(Clone, Copy)]
struct Chain {
    first: Option<(&'static str, i64)>,
    second: Option<(&'static str, i64)>,
    /// The kind of claim that was rejected.
    rejected: &'static str,
    /// The city that pays the first claim, if it is another one.
    city: Option<usize>,
}

impl Chain {
    fn pair(platform: i64, offline: i64) -> Self {
        Self {
            first: Some(("platform_share", platform)),
            second: Some(("offline_share", offline)),
            rejected: "",
            city: None,
        }
    }

    /// Whether the notice still allows 80 % for a class of this first day.
    fn is_in_time(start: calendar::Day) -> bool {
        start <= calendar::day(2020, 12, 31)
    }

    /// A newcomer's training with these claims.
    fn training(self, planter: &mut Planter, group: &Group) -> Training {
        let mut training = planter.train_newcomer(&group.class);
        let platform = planter.planted.world.platform(&group.class);
        let payee = platform.map(|platform| (platform.id.clone(), platform.account.clone()));
        let models: Vec<Claim> = training.claims.drain(..).collect();
        for (kind, fen) in [self.first, self.second].into_iter().flatten() {
            let Some(model) = models.last() else { continue };
            let mut claim = Claim {
                id: planter.ids(group.class.city).next_claim(),
                kind,
                fen,
                ..model.clone()
            };
            if let ("platform_share", Some((id, account))) = (kind, &payee) {
                (claim.payee, claim.account) = (Some(id.clone()), account.clone());
                claim.agreement = Some(group.class.agreement());
                if let Some(city) = self.city {
                    claim.city_code = super::super::places::CITIES[city].code;
                }
            }
            if kind == self.rejected {
                claim.decide("rejected");
            }
            training.claims.push(claim);
        }
        training
    }
}

/// 20 % paid by the city with the lower standard, 80 % by the one with the higher: the larger one counts.
fn two_standards(planter: &mut Planter) {
    let Some(window) = planter.split_window() else {
        return;
    };
    // Standards of 110 % and 90 %.
    let (dear, cheap) = (4, 0);
    let mut group = planter.open_blended(dear, NANNY_5, 0, window.at(25));
    let change_day = planter.planted.world.change_day;
    let standard = |city| NANNY_5.standard_fen(city, window.at(25), change_day);
    let (fifth, standard) = (standard(cheap) / 5, standard(dear));
    for (verdict, offline, note) in [
        (
            H,
            standard - fifth + 1,
            "two cities, one fen over the larger standard",
        ),
        (
            NONE,
            standard - fifth,
            "two cities, exactly the larger standard",
        ),
    ] {
        let chain = Chain {
            city: Some(cheap),
            ..Chain::pair(fifth, offline)
        };
        let training = chain.training(planter, &group);
        let entity = entity(&training, NANNY_5);
        let share = 1_000 * offline / standard;
        if 200 + share > 1_000 {
            let note = "shares of two standards add up to more than one";
            planter.collateral("A06", ("person_occupation_level", &entity), "", note);
        }
        planter.case(verdict, ("person_occupation_level", &entity), "", note);
        group.trainings.push(training);
    }
    planter.add(group);
}

/// The last class that may be claimed as 80 %, and the first one that may not.
fn turn_of_the_year(planter: &mut Planter) {
    let (window, last) = (planter.window(), calendar::day(2020, 12, 31));
    if last - 60 < window.first || last + 60 > window.last {
        return;
    }
    for (verdict, start, note) in [
        (H, last + 1, "80 % of a class that began on 2021-01-01"),
        (H, last + 20, "80 % of a class that began in January 2021"),
        (NONE, last, "80 % of a class that began on 2020-12-31"),
    ] {
        let mut group = planter.open_blended(CITY, WELDER_4, 2, start);
        let fifth = planter.planted.world.standard(&group.class) / 5;
        for _ in 0..2 {
            let training = Chain::pair(fifth, 4 * fifth).training(planter, &group);
            let entity = entity(&training, WELDER_4);
            planter.case(verdict, ("person_occupation_level", &entity), "", note);
            group.trainings.push(training);
        }
        planter.add(group);
    }
}
