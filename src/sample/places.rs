//! The sixteen cities of Shandong: codes, relative sizes, counties.

/// A city as the sample sees it.
pub struct City {
    /// GB/T 2260 code.
    pub code: i64,
    pub name: &'static str,
    /// Relative number of learners: residents of the 2020 census in ten thousands.
    pub weight: u64,
    /// Divisions in its people's citizen numbers: its counties of 2020 and one county of a neighbouring province.
    /// Jinan also has a Laiwu code that was abolished in 2018 and stays valid in numbers. No division stands in two
    /// cities, so two cities never make the same number.
    pub divisions: &'static [i64],
}

const fn city(code: i64, name: &'static str, weight: u64, divisions: &'static [i64]) -> City {
    City {
        code,
        name,
        weight,
        divisions,
    }
}

/// The cities in GB/T 2260 order; everywhere else a city is its index here.
#[rustfmt::skip]
pub const CITIES: [City; 16] = [
    city(370100, "济南", 920, &[370102, 370103, 370104, 370105, 370112, 370113, 370114, 370115, 370116, 370117, 370124, 370126, 371203, 130922]),
    city(370200, "青岛", 1007, &[370202, 370203, 370211, 370212, 370213, 370214, 370215, 370281, 370283, 370285, 320722]),
    city(370300, "淄博", 470, &[370302, 370303, 370304, 370305, 370306, 370321, 370322, 370323, 130981]),
    city(370400, "枣庄", 386, &[370402, 370403, 370404, 370405, 370406, 370481, 320322]),
    city(370500, "东营", 219, &[370502, 370503, 370505, 370522, 370523, 120112]),
    city(370600, "烟台", 710, &[370602, 370611, 370612, 370613, 370614, 370681, 370682, 370683, 370685, 370686, 370687, 210202]),
    city(370700, "潍坊", 939, &[370702, 370703, 370704, 370705, 370724, 370725, 370781, 370782, 370783, 370784, 370785, 370786, 320706]),
    city(370800, "济宁", 836, &[370811, 370812, 370826, 370827, 370828, 370829, 370830, 370831, 370832, 370881, 370883, 410922]),
    city(370900, "泰安", 547, &[370902, 370911, 370921, 370923, 370982, 370983, 410926]),
    city(371000, "威海", 291, &[371002, 371003, 371082, 371083, 210281]),
    city(371100, "日照", 297, &[371102, 371103, 371121, 371122, 320707]),
    city(371300, "临沂", 1102, &[371302, 371311, 371312, 371321, 371322, 371323, 371324, 371325, 371326, 371327, 371328, 371329, 320381]),
    city(371400, "德州", 561, &[371402, 371403, 371422, 371423, 371424, 371425, 371426, 371427, 371428, 371481, 371482, 131127]),
    city(371500, "聊城", 595, &[371502, 371503, 371521, 371522, 371524, 371525, 371526, 371581, 410923]),
    city(371600, "滨州", 393, &[371602, 371603, 371621, 371622, 371623, 371625, 371681, 130983]),
    city(371700, "菏泽", 880, &[371702, 371703, 371721, 371722, 371723, 371724, 371725, 371726, 371728, 410225]),
];

/// The code of old Laiwu, which a few records of Jinan still carry.
pub const LAIWU: i64 = 371200;

/// How many of `total` things fall to each city by weight; the parts add up to `total`.
pub fn shares(total: u64) -> [u64; CITIES.len()] {
    let all: u64 = CITIES.iter().map(|city| city.weight).sum();
    let part = |weight: u64| (u128::from(total) * u128::from(weight) / u128::from(all)) as u64;
    let mut passed = 0;
    CITIES.each_ref().map(|city| {
        let before = part(passed);
        passed += city.weight;
        part(passed) - before
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up() {
        for total in [0, 1, 50, 301, 6_000_000] {
            assert_eq!(shares(total).iter().sum::<u64>(), total);
        }
    }

    #[test]
    fn no_division_stands_in_two_cities() {
        let mut all: Vec<i64> = CITIES
            .iter()
            .flat_map(|city| city.divisions)
            .copied()
            .collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
