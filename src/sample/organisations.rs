//! Platforms, schools, employers and assessors.

use super::calendar::Day;
use super::codes;
use super::people;
use super::places::CITIES;
use super::prng::Prng;

/// One registered organisation.
#[derive(Clone)]
pub struct Organisation {
    /// Unified social credit code.
    pub id: String,
    pub kind: &'static str,
    pub name: String,
    pub city: usize,
    pub representative: String,
    pub phone: String,
    pub address: String,
    pub registered_on: Day,
    pub filed_on: Option<Day>,
    pub filed_until: Option<Day>,
    pub removed_on: Option<Day>,
    pub insured_staff: Option<i64>,
    /// The account that subsidies to it are paid into.
    pub account: String,
}

/// The organisations of one city that are not platforms.
pub struct Local {
    pub schools: Vec<Organisation>,
    pub employers: Vec<Organisation>,
    pub assessors: Vec<Organisation>,
    /// Those that the schemes added; ordinary classes know nothing of them.
    pub planted: Vec<Organisation>,
}

impl Local {
    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Organisation> {
        self.schools
            .iter()
            .chain(&self.employers)
            .chain(&self.assessors)
            .chain(&self.planted)
    }
}

/// All organisations of the province.
pub struct Organisations {
    /// Platforms serve every city; the last ordinary one has neither classes nor courses. Those that the schemes added
    /// come after the ordinary ones.
    pub platforms: Vec<Organisation>,
    /// How many of the platforms are ordinary.
    pub ordinary_platforms: usize,
    /// By city.
    pub local: Vec<Local>,
    register: Register,
}

/// Cities in which platforms sit, in turn.
const PLATFORM_CITIES: [usize; 6] = [0, 1, 5, 6, 11, 7];

impl Organisations {
    /// As many as the number of learners of each city calls for. All are registered and filed long before `first`.
    pub fn new(seed: u64, first: Day, learners: &[u64]) -> Self {
        let mut register = Register {
            seed,
            first,
            count: 0,
        };
        let wanted = 7 + (learners.iter().sum::<u64>() / 50_000).min(17) as usize;
        let seats = PLATFORM_CITIES.iter().cycle().take(wanted);
        let platforms: Vec<_> = seats
            .map(|city| register.enter("platform", *city))
            .collect();
        let local = learners.iter().enumerate().map(|(city, learners)| {
            let mut several =
                |kind, count: u64| (0..count).map(|_| register.enter(kind, city)).collect();
            Local {
                schools: several("school", 2 + learners / 400),
                employers: several("employer", 2 + learners / 200),
                assessors: several("assessor", 1 + learners / 5_000),
                planted: Vec::new(),
            }
        });
        let local = local.collect();
        Self {
            ordinary_platforms: platforms.len(),
            platforms,
            local,
            register,
        }
    }

    /// Registers one more organisation of a kind for a scheme; it stands nowhere yet.
    pub fn enter(&mut self, kind: &'static str, city: usize) -> Organisation {
        self.register.enter(kind, city)
    }
}

struct Register {
    seed: u64,
    first: Day,
    count: usize,
}

impl Register {
    fn enter(&mut self, kind: &'static str, city: usize) -> Organisation {
        self.count += 1;
        let number = self.count;
        let (code, city_name) = (CITIES[city].code, CITIES[city].name);
        let mut prng = Prng::of(self.seed, "organisation", [number as u64, 0]);
        let registered_on = self.first - prng.between(900, 2_400);
        let (prefix, title) = match kind {
            "platform" => ("91", "线上学院"),
            "school" => ("52", "职业培训学校"),
            "employer" => ("91", "有限公司"),
            _ => ("52", "技能评价中心"),
        };
        let street = people::name(&mut prng);
        // Every seventh address has a second line and a comma: legal inside a quoted field.
        let floor = if number.is_multiple_of(7) {
            "\n2层,东侧"
        } else {
            ""
        };
        Organisation {
            id: codes::organisation_code(prefix, code, number),
            kind,
            name: format!("{city_name}{street}{title}"),
            city,
            representative: people::name_of(number),
            phone: format!("154{:08}", 99_000_000 + number),
            address: format!("{city_name}市{street}路{number}号{floor}"),
            registered_on,
            filed_on: (kind != "employer").then(|| registered_on + prng.between(120, 400)),
            filed_until: None,
            removed_on: None,
            insured_staff: (kind == "employer").then(|| prng.between(80, 400)),
            account: codes::account_number(1, number as u64),
        }
    }
}
