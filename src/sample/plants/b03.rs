//! B03: living allowances of the wrong amount, group or fund.

use super::super::courses::NANNY_5;
use super::{H, NONE, Planter};

const CITY: usize = 12;
/// Sixteen hours at 5 yuan.
const RIGHT: i64 = 8_000;

pub fn plant(planter: &mut Planter) {
    let mut group = planter.open_blended(CITY, NANNY_5, 2, planter.window().at(33));
    let total = group.class.online + group.class.offline;
    // Recognised hours in hundredths, and what is claimed for them in fen.
    #[rustfmt::skip]
    let cases = [
        (H, 1_600, RIGHT + 2, "employment", "", "two fen too much"),
        (H, 1_600, RIGHT - 2, "employment", "", "two fen too little"),
        (H, 1_600, RIGHT * 2, "employment", "", "twice the allowance"),
        (H, 1_600, 5 * total, "employment", "", "paid for the offline hours too"),
        (H, 1_533, RIGHT, "employment", "", "15.33 hours paid as 16"),
        (H, 1_600, RIGHT, "special_account", "", "from the fund of the training subsidy"),
        (H, 1_600, RIGHT, "unemployment_insurance", "", "from the unemployment insurance fund"),
        (H, 1_600, RIGHT + 500, "employment", "refunded", "an hour too much, refunded: nothing at risk"),
        (NONE, 1_600, RIGHT, "employment", "", "right"),
        (NONE, 1_600, RIGHT, "employment", "refunded", "right, and refunded"),
        (NONE, 1_600, RIGHT + 1, "employment", "", "one fen too much: within the tolerance"),
        (NONE, 1_600, RIGHT - 1, "employment", "", "one fen too little: within the tolerance"),
        (NONE, 1_533, 7_665, "employment", "", "15.33 hours, 76.65 yuan"),
        (NONE, 1_600, RIGHT * 2, "employment", "rejected", "twice the allowance, rejected"),
    ];
    let groups = [
        "registered_poor",
        "hard_to_employ",
        "zero_employment_family",
        "rural_school_leaver",
        "urban_allowance_leaver",
    ];
    for (place, (verdict, hours, fen, fund, status, note)) in cases.into_iter().enumerate() {
        let mut person = planter.newcomer(CITY);
        person.group = groups[place % groups.len()];
        let mut training = planter.train(&group.class, &person, true);
        training.online = hours;
        let allowance = training
            .claims
            .iter_mut()
            .find(|claim| claim.kind == "living_allowance");
        if let Some(claim) = allowance {
            (claim.fen, claim.fund) = (fen, fund);
            if !status.is_empty() {
                claim.decide(status);
            }
            planter.case(verdict, ("claim", &claim.id), "", note);
        }
        group.trainings.push(training);
    }
    planter.add(group);
}
