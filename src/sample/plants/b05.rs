//! B05: one personal account for several persons.

use super::super::courses::HOUSEKEEPER_5;
use super::{H, NONE, Planter, S, Verdict};

/// Where the learners of the cases are in class, by turns.
const CITIES: [usize; 2] = [3, 4];
/// By its definition the indicator hits couples too.
const COUPLE: Verdict = Verdict::LookAlike("S");

pub fn plant(planter: &mut Planter) {
    let start = planter.window().at(25);
    let mut groups = CITIES.map(|city| planter.open_offline(city, HOUSEKEEPER_5, start));
    for (verdict, persons, twist, note) in [
        (H, 5, "", "5 persons on one personal account"),
        (H, 6, "", "6 persons on one personal account"),
        (H, 8, "", "8 persons on one personal account"),
        (S, 3, "", "3 persons on one personal account"),
        (S, 4, "", "4 persons on one personal account"),
        (
            S,
            3,
            "spelling",
            "3 persons on one personal account, spelled in three ways",
        ),
        (COUPLE, 2, "", "a couple on one account"),
        (COUPLE, 2, "", "a couple on one account"),
        (
            NONE,
            2,
            "rejected",
            "two persons, the second claim rejected",
        ),
        (
            NONE,
            4,
            "school",
            "the school's own account, payee organisation",
        ),
    ] {
        let mut account = String::new();
        for place in 0..persons {
            // A school collects for its own class.
            let group = &mut groups[if twist == "school" { 0 } else { place % 2 }];
            let mut training = planter.train_newcomer(&group.class);
            for claim in &mut training.claims {
                if place == 0 && twist == "school" {
                    account.clone_from(&group.class.org_account);
                } else if place == 0 {
                    account.clone_from(&claim.account);
                }
                claim.account = match (twist, place) {
                    ("spelling", 1) => in_fours(&account, " "),
                    ("spelling", 2) => in_fours(&account, "-"),
                    _ => account.clone(),
                };
                if twist == "school" {
                    claim.payee = Some(group.class.org_id.clone());
                    claim.agreement = Some(group.class.agreement());
                }
            }
            if twist == "rejected" && place == 1 {
                training.decide("rejected");
            }
            group.trainings.push(training);
        }
        planter.case(verdict, ("account", &account), "", note);
    }
    groups.into_iter().for_each(|group| planter.add(group));
}

/// The digits in groups of four.
fn in_fours(account: &str, separator: &str) -> String {
    let digits: Vec<char> = account.chars().collect();
    let groups: Vec<String> = digits.chunks(4).map(String::from_iter).collect();
    groups.join(separator)
}
