//! Administrative divisions (GB/T 2260) of Shandong since 1981, with their successors, and the city of today of each.
//!
//! The table is a file of the project, `pipelines/reference/shandong-divisions.csv` (source: a CC0 data set of the
//! state at 31 December of each year). A code is for ever: a citizen number keeps the division of its first
//! registration. Statistics need the *city of today*: codes in force belong to the prefecture of their first four
//! digits; abolished ones to that of their successors, as far as the chain goes (Laicheng 371202 → 370116 → Jinan).

mod resolve;
mod table;

use std::fmt;

pub use table::DivisionError;

/// A division code of six digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DivisionCode([u8; 6]);

impl DivisionCode {
    /// The code of the whole province of Shandong.
    pub const SHANDONG: Self = Self(*b"370000");

    /// Reads exactly six ASCII digits.
    pub fn parse(text: &str) -> Option<Self> {
        let digits: [u8; 6] = text.as_bytes().try_into().ok()?;
        digits
            .iter()
            .all(u8::is_ascii_digit)
            .then_some(Self(digits))
    }

    /// The six digits.
    pub fn as_str(&self) -> &str {
        // Only ASCII digits come in, so the fallback is never taken.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The code of the prefecture that the first four digits name.
    fn prefecture(self) -> Self {
        let [first, second, third, fourth, ..] = self.0;
        Self([first, second, third, fourth, b'0', b'0'])
    }

    fn is_in_shandong(self) -> bool {
        self.0.starts_with(b"37")
    }

    /// True if the first two digits are those of a province, of Hong Kong, Macao or Taiwan, or of a residence permit
    /// for people from there (81, 82, 83).
    pub(super) fn has_real_province(self) -> bool {
        let [tens, units, ..] = self.0;
        matches!(
            (tens, units),
            (b'1', b'1'..=b'5')
                | (b'2', b'1'..=b'3')
                | (b'3', b'1'..=b'7')
                | (b'4', b'1'..=b'6')
                | (b'5', b'0'..=b'4')
                | (b'6', b'1'..=b'5')
                | (b'7', b'1')
                | (b'8', b'1'..=b'3')
        )
    }
}

impl fmt::Display for DivisionCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl fmt::Debug for DivisionCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// Where a division code lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In Shandong: the city of today, or the province itself.
    InProvince(DivisionCode),
    /// Outside Shandong: the code as given.
    Outside(DivisionCode),
    /// No division code, or a code that Shandong never had.
    Unknown,
}

impl Place {
    /// The code that a `city_code` column holds; none for an unknown place.
    pub fn code(self) -> Option<DivisionCode> {
        match self {
            Self::InProvince(code) | Self::Outside(code) => Some(code),
            Self::Unknown => None,
        }
    }
}

/// One code of Shandong, by its latest name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Division {
    /// The code.
    pub code: DivisionCode,
    /// The latest name under this code.
    pub name: String,
    /// The city of today; the province's own code for the province.
    pub city: DivisionCode,
    /// False if abolished.
    pub in_force: bool,
}

/// An area of the statistics: the province or one of its cities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area<'a> {
    /// The division code.
    pub code: DivisionCode,
    /// The Chinese name; 全省 for the province.
    pub name: &'a str,
}

/// The name of the province among the areas of the statistics.
const WHOLE_PROVINCE: &str = "全省";

/// Every code that Shandong has had since 1981.
#[derive(Clone, Debug)]
pub struct Divisions {
    /// Ascending by code, each code once.
    divisions: Vec<Division>,
}

impl Divisions {
    /// Reads the table from CSV text with the columns code, name, level, status and new_codes (others are ignored),
    /// and works out the city of today of every code.
    ///
    /// # Errors
    /// A missing column, a value that can't be read or a code without a city, with its line.
    pub fn parse(csv: &str) -> Result<Self, DivisionError> {
        let divisions = resolve::divisions(&table::read(csv)?)?;
        Ok(Self { divisions })
    }

    /// The place of a code as written in a feed: six digits, of a city, a county or the province, in force or not.
    pub fn city_of(&self, text: &str) -> Place {
        let Some(code) = DivisionCode::parse(text) else {
            return Place::Unknown;
        };
        if code.is_in_shandong() {
            return self
                .find(code)
                .map_or(Place::Unknown, |division| Place::InProvince(division.city));
        }
        if code.has_real_province() {
            Place::Outside(code)
        } else {
            Place::Unknown
        }
    }

    /// True if a citizen number may begin with this code: in Shandong if it was valid at any time, elsewhere if its
    /// first two digits are a province's.
    pub fn ever_valid(&self, code: DivisionCode) -> bool {
        if code.is_in_shandong() {
            self.find(code).is_some()
        } else {
            code.has_real_province()
        }
    }

    /// The 17 areas of the statistics: the whole province, then its cities of today in the order of GB/T 2260.
    pub fn cities(&self) -> impl Iterator<Item = Area<'_>> {
        let province = Area {
            code: DivisionCode::SHANDONG,
            name: WHOLE_PROVINCE,
        };
        let is_city = |division: &&Division| {
            division.city == division.code && division.code != DivisionCode::SHANDONG
        };
        let cities = self.divisions.iter().filter(is_city);
        std::iter::once(province).chain(cities.map(|city| Area {
            code: city.code,
            name: &city.name,
        }))
    }

    /// Every code once, ascending.
    pub fn iter(&self) -> impl Iterator<Item = &Division> {
        self.divisions.iter()
    }

    fn find(&self, code: DivisionCode) -> Option<&Division> {
        let position = self
            .divisions
            .binary_search_by_key(&code, |division| division.code)
            .ok()?;
        self.divisions.get(position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn divisions() -> Divisions {
        Divisions::parse(include_str!(
            "../../pipelines/reference/shandong-divisions.csv"
        ))
        .unwrap()
    }

    fn city(text: &str) -> String {
        match divisions().city_of(text) {
            Place::InProvince(code) => code.to_string(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn seventeen_areas_in_order() {
        let divisions = divisions();
        let areas: Vec<String> = divisions
            .cities()
            .map(|area| format!("{}{}", area.code, area.name))
            .collect();
        assert_eq!(
            areas,
            [
                "370000全省",
                "370100济南市",
                "370200青岛市",
                "370300淄博市",
                "370400枣庄市",
                "370500东营市",
                "370600烟台市",
                "370700潍坊市",
                "370800济宁市",
                "370900泰安市",
                "371000威海市",
                "371100日照市",
                "371300临沂市",
                "371400德州市",
                "371500聊城市",
                "371600滨州市",
                "371700菏泽市",
            ]
        );
    }

    #[test]
    fn codes_map_to_the_city_of_today() {
        for (code, expected) in [
            ("370000", "370000"),
            ("370100", "370100"),
            ("370116", "370100"),
            // Laiwu joined Jinan in 2018, and what became Laiwu before.
            ("371200", "370100"),
            ("371202", "370100"),
            ("371203", "370100"),
            ("370981", "370100"),
            ("372622", "370100"),
            ("379004", "370100"),
            // Counties that moved to another city or founded one.
            ("370620", "371000"),
            ("370729", "371100"),
            ("370284", "370200"),
            ("370181", "370100"),
            // Prefectures, by name or by their counties.
            ("372100", "370600"),
            ("372126", "370200"),
            ("372300", "371600"),
            ("372327", "370500"),
            ("372522", "371500"),
            ("372600", "370900"),
            ("372627", "370100"),
            ("372730", "370800"),
            ("372800", "371300"),
            ("372802", "371100"),
            ("379014", "370200"),
        ] {
            assert_eq!(city(code), expected, "{code}");
        }
    }

    #[test]
    fn every_code_has_a_city_in_force() {
        let divisions = divisions();
        let cities: Vec<DivisionCode> = divisions.cities().map(|area| area.code).collect();
        for division in divisions.iter() {
            assert!(cities.contains(&division.city), "{division:?}");
            if division.in_force {
                assert!(
                    division.code == DivisionCode::SHANDONG
                        || division.city == division.code.prefecture()
                );
            }
        }
    }

    #[test]
    fn each_code_comes_once_by_its_latest_name() {
        let divisions = divisions();
        assert!(
            divisions
                .iter()
                .is_sorted_by(|left, right| left.code < right.code)
        );
        let named = |code| divisions.find(DivisionCode::parse(code).unwrap()).unwrap();
        assert_eq!(named("371324").name, "兰陵县");
        assert!(named("371324").in_force);
        assert_eq!(named("372603").name, "新泰市");
        assert!(!named("372603").in_force);
    }

    #[test]
    fn other_places() {
        let divisions = divisions();
        let outside = DivisionCode::parse("440524").unwrap();
        assert_eq!(divisions.city_of("440524"), Place::Outside(outside));
        assert_eq!(divisions.city_of("440524").code(), Some(outside));
        for text in [
            "",
            "3701",
            "370199",
            "379999",
            "000000",
            "990000",
            "37010x",
            "３７０１００",
            "济南市",
            "3701000",
        ] {
            assert_eq!(divisions.city_of(text), Place::Unknown, "{text}");
            assert_eq!(divisions.city_of(text).code(), None);
        }
    }

    #[test]
    fn codes_of_citizen_numbers() {
        let divisions = divisions();
        let ever_valid = |text| divisions.ever_valid(DivisionCode::parse(text).unwrap());
        for text in [
            "370102", "371202", "370181", "372522", "110105", "440999", "830000",
        ] {
            assert!(ever_valid(text), "{text}");
        }
        for text in ["370199", "379099", "160102", "990101", "000000"] {
            assert!(!ever_valid(text), "{text}");
        }
    }
}
