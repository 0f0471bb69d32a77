//! Numbers that pass the checks of their standard: the bodies are made here, the check digits come from
//! [`crate::identity`]. A body that has no check digit keeps a `0`, which the tests would find.

use crate::identity::{citizen, luhn, social_credit};

fn checked(body: String, check: Option<char>) -> String {
    body + &check.unwrap_or('0').to_string()
}

/// A citizen number (GB 11643) from division, date of birth as `YYYYMMDD` and sequence. A date that does not exist
/// is completed like any other.
pub fn citizen_number(division: i64, birth: &str, sequence: i64) -> String {
    let body = format!("{division:06}{birth}{sequence:03}");
    let check = citizen::check_digit(&body);
    checked(body, check)
}

/// Whether the last of 18 characters is the check digit of the others.
pub fn is_complete(number: &str) -> bool {
    let (body, check) = number.split_at_checked(17).unwrap_or_default();
    citizen::check_digit(body).is_some_and(|digit| check == digit.to_string())
}

/// A unified social credit code (GB 32100) of the organisation `number`: `91` enterprises, `52` private schools.
pub fn organisation_code(kind: &str, division: i64, number: usize) -> String {
    let body = format!("KP{number:06}");
    let organisation = social_credit::organisation_check_character(&body);
    let body = format!("{kind}{division:06}{}", checked(body, organisation));
    let check = social_credit::check_character(&body);
    checked(body, check)
}

/// A card number of 19 digits: `series` 0 for persons, 1 for organisations.
pub fn account_number(series: u64, number: u64) -> String {
    let body = format!("62000000{series}{number:09}");
    let check = luhn::check_digit(&body);
    checked(body, check)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::{account, luhn};

    #[test]
    fn numbers_pass_their_checks() {
        assert_eq!(
            citizen_number(370102, "19850615", 997),
            "370102198506159974"
        );
        assert_eq!(
            citizen_number(371402, "19900308", 997),
            "37140219900308997X"
        );
        let code = organisation_code("91", 370100, 42);
        assert_eq!(social_credit::social_credit_fault(&code), None);
        let number = account_number(0, 257);
        assert_eq!(number, "6200000000000002576");
        assert!(luhn::is_valid(&number));
        assert_eq!(account::account_fault(&account_number(1, 1)), None);
    }
}
