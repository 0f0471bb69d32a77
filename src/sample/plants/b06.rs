//! B06: organisations that collect money for learners without a right to it.

use super::super::calendar;
use super::super::courses::BRICKLAYER_5;
use super::{Group, Host, NONE, Planter, S, Verdict};

const CITY: usize = 13;

pub fn plant(planter: &mut Planter) {
    // All is claimed and paid in the month after the class.
    let start = planter.window().at(21);
    let (year, month, _) = calendar::civil(start + 14);
    let (year, month) = if month == 12 {
        (year + 1, 1)
    } else {
        (year, month + 1)
    };
    let claim_day = calendar::day(year, month, 5);
    let period = calendar::month_text(claim_day);
    // Classes, claims of each that the school collects, and how.
    #[rustfmt::skip]
    let cases: [(Verdict, usize, &str, &str); 11] = [
        (S, 1, "no agreement", "the school collects without any agreement"),
        (S, 1, "one without", "the school collects, one of three without an agreement"),
        (S, 1, "no payee", "an organisation without a name collects without an agreement: the school"),
        (S, 1, "stranger", "a school collects for the learners of another one"),
        (S, 1, "employer", "an employer collects for learners that it did not send"),
        (S, 3, "one agreement", "three classes under one agreement"),
        (S, 4, "one agreement", "four classes under one agreement"),
        (NONE, 1, "", "the school collects, by agreement"),
        (NONE, 2, "one agreement", "two classes under one agreement"),
        (NONE, 3, "", "three classes, each under its own agreement"),
        (NONE, 1, "rejected", "the school collects, the claim without an agreement rejected"),
    ];
    for (verdict, classes, twist, note) in cases {
        let host = planter.school_for(CITY, BRICKLAYER_5);
        let payee = payee(planter, &host, twist);
        let mut agreement = None;
        for _ in 0..classes {
            let mut group = planter.open_hosted(&host, CITY, BRICKLAYER_5, start);
            let own = group.class.agreement();
            let shared = agreement.get_or_insert_with(|| own.clone()).clone();
            for place in 0..3 / classes.min(3) {
                let mut training = planter.train_newcomer(&group.class);
                for claim in &mut training.claims {
                    claim.claimed_on = claim_day;
                    claim.paid_on = Some(claim_day + 10);
                    claim.payee = Some(payee.id.clone());
                    claim.account.clone_from(&payee.account);
                    claim.agreement = match twist {
                        "no agreement" | "no payee" => None,
                        "one without" | "rejected" if place == 0 => None,
                        "one agreement" => Some(shared.clone()),
                        _ => Some(own.clone()),
                    };
                    if twist == "no payee" {
                        claim.payee = Some(String::new());
                    }
                    if twist == "rejected" && place == 0 {
                        claim.decide("rejected");
                    }
                }
                group.trainings.push(training);
            }
            planter.add(group);
        }
        planter.case(verdict, ("org", &payee.id), &*period, note);
    }
    employees(planter, &period, claim_day);
}

/// Who collects the money.
fn payee(planter: &mut Planter, host: &Host, twist: &str) -> Host {
    match twist {
        "stranger" => planter.school_for(CITY, BRICKLAYER_5),
        "employer" => planter.employer(CITY),
        _ => host.clone(),
    }
}

/// The employer collects for the employees that it sent.
fn employees(planter: &mut Planter, period: &str, claim_day: calendar::Day) {
    let start = planter.window().at(21);
    let employer = planter.employer(CITY);
    let host = planter.school_for(CITY, BRICKLAYER_5);
    let mut group: Group = planter.open_hosted(&host, CITY, BRICKLAYER_5, start);
    group.class.employer = Some(employer.id.clone());
    group.class.category = "upskilling";
    for _ in 0..2 {
        let mut training = planter.train_newcomer(&group.class);
        for claim in &mut training.claims {
            claim.claimed_on = claim_day;
            claim.paid_on = Some(claim_day + 10);
            claim.payee = Some(employer.id.clone());
            claim.account.clone_from(&employer.account);
            claim.agreement = Some(group.class.agreement());
        }
        group.trainings.push(training);
    }
    let note = "an employer collects for its own staff, by agreement";
    planter.case(NONE, ("org", &employer.id), period, note);
    planter.add(group);
}
