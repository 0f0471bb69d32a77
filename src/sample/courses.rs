//! What is taught: trades with their subsidy standards, and the courseware of the platforms.

use super::calendar::Day;
use super::prng::Prng;

/// An occupation at a level, as directories and standards list it.
#[derive(Debug, PartialEq)]
pub struct Trade {
    pub occupation: &'static str,
    pub name: &'static str,
    /// 5 to 3; 0 for none.
    pub level: i64,
    /// Kind of the certificate.
    pub certificate: &'static str,
    /// Subsidy standard before the city's factor, in yuan.
    standard_yuan: i64,
    /// Standard from the change day on, in percent of the earlier one.
    changed_percent: i64,
    pub min_hours: Option<i64>,
    /// The most that one hour may cost, in yuan.
    pub hourly_cap_yuan: Option<i64>,
    /// Knowledge courses are taught online alone, the others in workshops or blended.
    pub knowledge: bool,
    /// Whether a platform has a course for it.
    pub has_course: bool,
}

const fn knowledge(occupation: &'static str, name: &'static str) -> Trade {
    Trade {
        occupation,
        name,
        level: 0,
        certificate: "completion",
        standard_yuan: 300,
        changed_percent: 100,
        min_hours: None,
        hourly_cap_yuan: None,
        knowledge: true,
        has_course: true,
    }
}

const fn workshop(occupation: &'static str, name: &'static str, level: i64) -> Trade {
    let (standard_yuan, min_hours) = match level {
        3 => (2_000, Some(48)),
        4 => (1_500, Some(40)),
        5 => (1_200, Some(36)),
        _ => (500, Some(32)),
    };
    Trade {
        occupation,
        name,
        level,
        certificate: "skill_level",
        standard_yuan,
        changed_percent: 100,
        min_hours,
        hourly_cap_yuan: None,
        knowledge: false,
        has_course: level != 0,
    }
}

const fn certified(trade: Trade, certificate: &'static str) -> Trade {
    Trade {
        certificate,
        ..trade
    }
}

const fn changing(trade: Trade, changed_percent: i64) -> Trade {
    Trade {
        changed_percent,
        ..trade
    }
}

const fn capped(trade: Trade, yuan: i64) -> Trade {
    Trade {
        hourly_cap_yuan: Some(yuan),
        ..trade
    }
}

/// All trades, the knowledge courses first. Two standards change on the change day: one falls, one rises.
pub static TRADES: [Trade; 20] = [
    knowledge("4-01-06-01", "电子商务师"),
    knowledge("4-01-06-02", "互联网营销师"),
    knowledge("4-07-02-03", "客户服务管理员"),
    knowledge("4-07-03-04", "企业人力资源管理师"),
    workshop("6-18-02-04", "焊工", 5),
    workshop("6-18-02-04", "焊工", 4),
    workshop("6-18-02-04", "焊工", 3),
    workshop("4-03-02-01", "中式烹调师", 5),
    changing(workshop("4-03-02-01", "中式烹调师", 4), 125),
    workshop("4-10-01-05", "养老护理员", 5),
    changing(workshop("4-10-01-05", "养老护理员", 4), 75),
    workshop("4-10-01-02", "育婴员", 5),
    workshop("4-10-01-02", "育婴员", 4),
    workshop("4-10-01-06", "家政服务员", 5),
    workshop("6-31-01-03", "电工", 5),
    workshop("6-31-01-03", "电工", 4),
    workshop("6-29-01-01", "砌筑工", 5),
    certified(workshop("4-07-05-01", "保安员", 5), "vocational"),
    certified(
        workshop("6-30-05-01", "起重装卸机械操作工", 0),
        "special_operation",
    ),
    // Ordinary classes of it have 40 hours and more, so their hours cost 13.75 yuan at most.
    capped(
        certified(
            workshop("4-03-02-04", "中式面点制作专项能力", 0),
            "specific",
        ),
        15,
    ),
];

/// Trades that the planted schemes name.
pub static KNOWLEDGE: [&Trade; 4] = [&TRADES[0], &TRADES[1], &TRADES[2], &TRADES[3]];
pub static ONLINE_TRADER: &Trade = &TRADES[0];
pub static HELP_DESK: &Trade = &TRADES[2];
pub static WELDER_5: &Trade = &TRADES[4];
pub static WELDER_4: &Trade = &TRADES[5];
pub static WELDER_3: &Trade = &TRADES[6];
pub static COOK_5: &Trade = &TRADES[7];
pub static COOK_4_RISING: &Trade = &TRADES[8];
pub static CARER_5: &Trade = &TRADES[9];
pub static CARER_4_FALLING: &Trade = &TRADES[10];
pub static NANNY_5: &Trade = &TRADES[11];
pub static HOUSEKEEPER_5: &Trade = &TRADES[13];
pub static ELECTRICIAN_5: &Trade = &TRADES[14];
pub static BRICKLAYER_5: &Trade = &TRADES[16];
pub static GUARD_5: &Trade = &TRADES[17];
pub static CRANE_DRIVER: &Trade = &TRADES[18];
pub static PASTRY_COOK_CAPPED: &Trade = &TRADES[19];

impl Trade {
    /// The city's standard in force on a day, in fen. Always a multiple of ten yuan, so that 20 % and 80 % of it are
    /// whole fen.
    pub fn standard_fen(&self, city: usize, day: Day, change_day: Day) -> i64 {
        let factor = 90 + 5 * (city as i64 % 5);
        let percent = if day < change_day {
            100
        } else {
            self.changed_percent
        };
        self.standard_yuan * factor * percent / 100_000 * 1_000
    }

    /// Whether its standard changes.
    pub fn changes(&self) -> bool {
        self.changed_percent != 100
    }
}

/// What the courseware says of the content of a video.
#[derive(Clone, Copy)]
pub enum Content {
    /// A digest that no other video has.
    Own,
    /// This digest.
    Digest(u64),
    /// Nothing.
    Unknown,
}

/// One video.
pub struct Item {
    pub id: String,
    pub seconds: i64,
    /// False for a live lesson, which no courseware lists.
    pub catalogued: bool,
    pub content: Content,
}

/// A platform's course for a trade.
pub struct Course {
    pub id: String,
    pub platform: usize,
    pub trade: &'static Trade,
    pub items: Vec<Item>,
}

impl Course {
    /// Length of all its videos.
    pub fn seconds(&self) -> i64 {
        self.items.iter().map(|item| item.seconds).sum()
    }

    /// A course of videos of these lengths.
    pub fn of_lengths(
        number: usize,
        platform: usize,
        trade: &'static Trade,
        lengths: &[i64],
    ) -> Self {
        let item = |(place, seconds): (usize, &i64)| Item {
            id: format!("I{number:05}{:04}", place + 1),
            seconds: *seconds,
            catalogued: true,
            content: Content::Own,
        };
        let items = lengths.iter().enumerate().map(item).collect();
        Self {
            id: format!("K{number:05}"),
            platform,
            trade,
            items,
        }
    }

    /// Adds a lesson that no courseware lists, and gives its index. It does not lengthen the hours of classes that
    /// are already open.
    pub fn add_live_lesson(&mut self, seconds: i64) -> usize {
        let id = format!("{}-live", self.id);
        self.items.push(Item {
            id,
            seconds,
            catalogued: false,
            content: Content::Own,
        });
        self.items.len() - 1
    }
}

/// The courses that ordinary classes use: one of each platform but the last for each trade that has any, in order of
/// platform and trade.
///
/// A course has about `logs_per_enrolment` videos and 12 to 20 hours of 2,700 seconds, in quarters; fewer hours where
/// there are so few videos that they would be longer than about 90 minutes. Its hours are exactly the length of its
/// videos.
pub fn courses(seed: u64, platforms: usize, logs_per_enrolment: f64) -> Vec<Course> {
    let mut courses = Vec::new();
    for platform in 0..platforms.saturating_sub(1) {
        for trade in TRADES.iter().filter(|trade| trade.has_course) {
            let number = courses.len();
            let mut prng = Prng::of(seed, "course", [number as u64, 0]);
            let most_hundredths = (logs_per_enrolment * 200.0) as i64 / 25 * 25;
            let hundredths = (1_200 + 25 * prng.between(0, 32)).min(most_hundredths.max(100));
            let spread = logs_per_enrolment * (850.0 + prng.below(301) as f64) / 1_000.0;
            let count = (spread.round() as i64).max(1);
            let lengths = video_lengths(hundredths * 27, count, &mut prng);
            courses.push(Course::of_lengths(number, platform, trade, &lengths));
        }
    }
    courses
}

/// `count` lengths within 15 % of each other that add up to `total`.
fn video_lengths(total: i64, count: i64, prng: &mut Prng) -> Vec<i64> {
    let even = total / count;
    let mut lengths: Vec<i64> = vec![even; count as usize];
    for pair in lengths.chunks_exact_mut(2) {
        let shift = prng.between(0, even * 15 / 100);
        if let [longer, shorter] = pair {
            *longer += shift;
            *shorter -= shift;
        }
    }
    if let Some(last) = lengths.last_mut() {
        *last += total - even * count;
    }
    lengths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_a_standard_are_whole_fen() {
        for trade in &TRADES {
            for city in 0..16 {
                for day in [0, 10] {
                    let standard = trade.standard_fen(city, day, 5);
                    assert!(
                        standard > 0 && standard % 1_000 == 0,
                        "{} {standard}",
                        trade.name
                    );
                }
            }
        }
        assert!(CARER_4_FALLING.standard_fen(0, 9, 5) < CARER_4_FALLING.standard_fen(0, 0, 5));
        assert!(COOK_4_RISING.standard_fen(0, 9, 5) > COOK_4_RISING.standard_fen(0, 0, 5));
    }

    #[test]
    fn videos_fill_their_hours_exactly() {
        for logs in [1.0, 8.0, 100.0] {
            let courses = courses(1, 4, logs);
            assert_eq!(courses.len(), 3 * 18);
            for course in &courses {
                assert_eq!(course.seconds() % 27, 0, "hours in hundredths");
                assert!(
                    course
                        .items
                        .iter()
                        .all(|item| item.seconds > 60 && item.seconds < 8_500)
                );
            }
            let mean = courses
                .iter()
                .map(|course| course.items.len())
                .sum::<usize>() as f64;
            assert!((mean / courses.len() as f64 / logs - 1.0).abs() < 0.1);
        }
    }
}
