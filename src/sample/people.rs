//! Synthetic people: sequences 996 to 999 in every citizen number, phones of an unassigned range, test card numbers.

use super::calendar::{self, Day};
use super::codes;
use super::places::CITIES;
use super::prng::Prng;

/// Birth dates per person and division: sequences 996 to 999.
const SEQUENCES: u64 = 4;
/// Persons that a city may have, so that phones and cards of all cities stay apart.
pub const MOST_PER_CITY: u64 = 6_000_000;
/// Larger than any city's stock of numbers and prime, so that steps of this size visit each number once.
const STRIDE: u64 = 2_654_435_761;

const SURNAMES: [&str; 40] = [
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林",
    "何", "郭", "马", "罗", "梁", "宋", "郑", "谢", "韩", "唐", "冯", "于", "董", "萧", "程", "曹",
    "袁", "邓", "许", "傅", "沈", "曾", "彭", "吕",
];
const GIVEN: [&str; 48] = [
    "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明",
    "超", "霞", "平", "刚", "桂", "英", "华", "玉", "萍", "红", "鹏", "飞", "宁", "慧", "斌", "宇",
    "浩", "凯", "健", "俊", "帆", "雪", "倩", "晨", "琳", "峰", "岩", "鑫", "瑞", "洁", "彤", "楠",
];

/// A surname and a given name of one or two characters.
pub fn name(prng: &mut Prng) -> String {
    let second = if prng.chance(600) {
        prng.pick(&GIVEN)
    } else {
        ""
    };
    format!("{}{}{second}", prng.pick(&SURNAMES), prng.pick(&GIVEN))
}

/// The name of the organisation `number`'s representative: no two of the first 92,160 are called the same.
pub fn name_of(number: usize) -> String {
    let (surnames, given) = (SURNAMES.len(), GIVEN.len());
    let (second, third) = (number / surnames % given, number / surnames / given % given);
    format!(
        "{}{}{}",
        SURNAMES[number % surnames],
        GIVEN[second],
        GIVEN[third]
    )
}

/// One learner's identity; the same in every training.
#[derive(Clone)]
pub struct Person {
    /// Unique in the sample.
    pub index: u64,
    /// The citizen number as it reads after normalisation.
    pub number: String,
    /// How the enrolment file spells it, where that differs.
    pub written: Option<String>,
    pub name: String,
    pub phone: String,
    pub account: String,
    pub division: i64,
    /// The group of the learner outside enterprise classes.
    pub group: &'static str,
}

/// The stock of people.
pub struct People {
    seed: u64,
    first_birth: Day,
    birth_days: u64,
    year: i64,
}

impl People {
    /// Everybody is at least 16 and at most 55 years old in `year` and all years up to `last`, of which there are two at
    /// least.
    pub fn new(seed: u64, year: i64, last: i64) -> Self {
        let first_birth = calendar::day(last.max(year + 1) - 55, 1, 1);
        let birth_days = (calendar::day(year - 16, 1, 1) - first_birth) as u64;
        Self {
            seed,
            first_birth,
            birth_days,
            year,
        }
    }

    /// How many distinct persons a city can have.
    pub fn stock(&self, city: usize) -> u64 {
        let divisions = CITIES[city].divisions.len() as u64;
        (divisions * self.birth_days * SEQUENCES).min(MOST_PER_CITY)
    }

    /// The person `ordinal` of a city. Ordinals below [`Self::stock`] never share a citizen number: they step through
    /// all (division, birth date, sequence) of the city by a stride that is coprime to their number.
    pub fn person(&self, city: usize, ordinal: u64) -> Person {
        let divisions = CITIES[city].divisions;
        let slots = divisions.len() as u64 * self.birth_days * SEQUENCES;
        let offset = Prng::of(self.seed, "people", [city as u64, 0]).below(slots);
        let slot = (ordinal % slots * STRIDE + offset) % slots;
        let sequence = 996 + slot % SEQUENCES;
        let birth = self.first_birth + (slot / SEQUENCES % self.birth_days) as i64;
        let division = slot / SEQUENCES / self.birth_days;
        let division = divisions[division as usize];
        let birth_text = calendar::date_text(birth).replace('-', "");
        let mut prng = Prng::of(self.seed, "person", [city as u64, ordinal]);
        let index = city as u64 * MOST_PER_CITY + ordinal;
        Person {
            index,
            number: codes::citizen_number(division, &birth_text, sequence as i64),
            written: None,
            name: name(&mut prng),
            phone: format!("154{index:08}"),
            account: codes::account_number(0, index),
            division,
            group: group(self.year - calendar::civil(birth).0, &mut prng),
        }
    }
}

/// The group of a learner of this age who is not sent by an enterprise.
fn group(age: i64, prng: &mut Prng) -> &'static str {
    const YOUNG: [&str; 8] = [
        "graduate",
        "graduate",
        "graduate",
        "rural_school_leaver",
        "rural_school_leaver",
        "urban_allowance_leaver",
        "migrant",
        "unemployed",
    ];
    const GROWN: [&str; 16] = [
        "migrant",
        "migrant",
        "migrant",
        "migrant",
        "migrant",
        "migrant",
        "unemployed",
        "unemployed",
        "unemployed",
        "unemployed",
        "hard_to_employ",
        "zero_employment_family",
        "registered_poor",
        "veteran",
        "disabled",
        "other",
    ];
    if age < 24 {
        prng.pick(&YOUNG)
    } else {
        prng.pick(&GROWN)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn nobody_shares_a_number_and_all_pass() {
        let people = People::new(3, 2020, 2020);
        let mut seen = HashSet::new();
        for city in [4, 9, 15] {
            for ordinal in (0..2_000).chain(people.stock(city) - 2_000..people.stock(city)) {
                let person = people.person(city, ordinal);
                let birth = &person.number[6..14];
                assert!(("19660101"..="20031231").contains(&birth), "{birth}");
                assert!(crate::identity::luhn::is_valid(&person.account));
                assert!(seen.insert(person.number));
            }
        }
    }
}
