//! The ordinary classes of a city, one after another, without keeping any.

use super::courses::{TRADES, Trade};
use super::prng::Prng;
use super::training::{Fate, Training};
use super::world::{Class, Ids, Mode, Plan, World};

/// About this many learners a class.
const CLASS_SIZE: u64 = 28;
/// Days between two trainings of one person.
const REST: i64 = 60;
/// No class lasts longer.
const LONGEST: i64 = 40;

/// What is known of a class before anyone is in it.
pub struct Outline {
    pub plan: Plan,
    /// Its number among the `of` classes of the city.
    number: u64,
    of: u64,
    /// Ordinals of its newcomers.
    newcomers: std::ops::Range<u64>,
}

/// The classes of a city, by first day.
pub fn classes(world: &World, city: usize) -> impl Iterator<Item = Outline> + '_ {
    let learners = world.learners[city];
    // Small cities have three small classes rather than one.
    let count = (learners / CLASS_SIZE).max(3).min(learners);
    (0..count).map(move |number| outline(world, city, number, count))
}

fn outline(world: &World, city: usize, number: u64, of: u64) -> Outline {
    use Mode::{Blended, Offline, Online};
    #[rustfmt::skip]
    const MODES: [Mode; 10] =
        [Blended, Online, Offline, Blended, Offline, Blended, Online, Blended, Offline, Online];
    let mut prng = Prng::of(world.seed, "outline", [city as u64, number]);
    let (window, learners) = (world.window, world.learners[city]);
    let mut mode = MODES[((number + city as u64) % 10) as usize];
    let elapsed = (number * 1_000 + prng.below(900)) as i64 * (window.days() - 3);
    let mut start = window.first + elapsed / (of as i64 * 1_000);
    // The last class leaves something for the second delivery: logs of a class that still runs in one half of the
    // cities, claims that wait for their money in the other.
    if number + 1 == of {
        (mode, start) = match city % 2 {
            0 => (Online, window.last - 6),
            _ => (Offline, window.last - 32),
        };
    }
    let fits = |trade: &&Trade| {
        trade.knowledge == (mode == Online) && (mode != Blended || trade.has_course)
    };
    let trade = prng.pick(&TRADES.iter().filter(fits).collect::<Vec<_>>());
    // The last platform has no courses.
    let platform = prng.below(world.organisations.ordinary_platforms as u64 - 1) as usize;
    let course = world
        .ordinary_course(platform, trade)
        .filter(|_| mode != Offline);
    let newcomers = number * learners / of..(number + 1) * learners / of;
    Outline {
        plan: Plan {
            city,
            trade,
            mode,
            start,
            course,
        },
        number,
        of,
        newcomers,
    }
}

/// Opens the class of an outline and takes its learners through it: the newcomers, and now and then one in twelve of
/// a class that ended at least [`REST`] days earlier and taught something else. Nobody trains more than twice.
pub fn fill(world: &World, outline: &Outline, ids: &mut Ids) -> (Class, Vec<Training>) {
    let class = world.open(ids.next_class(), outline.plan);
    let newcomers = outline.newcomers.clone().map(|ordinal| (ordinal, true));
    let learners = newcomers.chain(returning(world, outline).map(|ordinal| (ordinal, false)));
    // The first learner stays to the end, so that no class runs dry.
    let fates = std::iter::once(Fate::Steady).chain(std::iter::repeat(Fate::Ordinary));
    let trainings = learners.zip(fates).map(|((ordinal, is_first), fate)| {
        let person = world.people.person(outline.plan.city, ordinal);
        world.train(&class, person, fate, is_first, ids)
    });
    let trainings = trainings.collect();
    (class, trainings)
}

fn returning(world: &World, later: &Outline) -> impl Iterator<Item = u64> + use<> {
    // A fixed step back, so that no earlier class is asked twice.
    let step = (REST + LONGEST) as u64 * later.of / world.window.days() as u64 + 2;
    let number = later.number.checked_sub(step);
    let earlier = number.map(|number| outline(world, later.plan.city, number, later.of));
    let suits = |earlier: &Outline| {
        earlier.plan.trade.occupation != later.plan.trade.occupation
            && earlier.plan.start + LONGEST + REST <= later.plan.start
    };
    earlier
        .filter(suits)
        .into_iter()
        .flat_map(|earlier| earlier.newcomers.step_by(12))
}
