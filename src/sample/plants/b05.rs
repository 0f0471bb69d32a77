//! B05: one personal account for several persons.

use super::super::courses::HOUSEKEEPER_5;
use super::super::world::Mode;
use super::{Planter, Scheme, Verdict};

const CITY: usize = 3;

pub fn plant(planter: &mut Planter) {
    let mut group = planter.open(
        CITY,
        HOUSEKEEPER_5,
        Mode::Offline,
        planter.window().at(25),
        None,
    );
    for (persons, twist, verdict, note) in [
        (
            5,
            "",
            Verdict::Planted("H"),
            "5 persons on one personal account",
        ),
        (
            6,
            "",
            Verdict::Planted("H"),
            "6 persons on one personal account",
        ),
        (
            8,
            "",
            Verdict::Planted("H"),
            "8 persons on one personal account",
        ),
        (
            3,
            "",
            Verdict::Planted("S"),
            "3 persons on one personal account",
        ),
        (
            4,
            "",
            Verdict::Planted("S"),
            "4 persons on one personal account",
        ),
        (
            3,
            "spelling",
            Verdict::Planted("S"),
            "3 persons on one personal account, spelled in three ways",
        ),
        (2, "", Verdict::LookAlike("S"), "a couple on one account"),
        (2, "", Verdict::LookAlike("S"), "a couple on one account"),
        (
            2,
            "rejected",
            Verdict::LookAlike(""),
            "two persons, the second claim rejected",
        ),
        (
            4,
            "school",
            Verdict::LookAlike(""),
            "the school's own account, payee organisation",
        ),
    ] {
        let mut account = String::new();
        for place in 0..persons {
            let mut training = planter.train_newcomer(&group.class);
            for claim in &mut training.claims {
                if twist == "school" {
                    claim.payee = Some(group.class.org_id.clone());
                    claim.agreement = Some(format!("AG{:08}", group.class.number));
                    claim.account.clone_from(&group.class.org_account);
                }
                if place == 0 {
                    account.clone_from(&claim.account);
                }
                claim.account = match (twist, place) {
                    ("spelling", 1) => in_fours(&account, " "),
                    ("spelling", 2) => in_fours(&account, "-"),
                    _ => account.clone(),
                };
                if twist == "rejected" && place == 1 {
                    claim.decide("rejected");
                }
            }
            group.trainings.push(training);
        }
        planter.case(
            Scheme::B05,
            verdict,
            ("account", &account),
            String::new(),
            note,
        );
    }
    planter.add(group);
}

/// The digits in groups of four.
fn in_fours(account: &str, separator: &str) -> String {
    let digits: Vec<char> = account.chars().collect();
    let groups: Vec<String> = digits
        .chunks(4)
        .map(|group| group.iter().collect())
        .collect();
    groups.join(separator)
}
