//! The ordinary classes of a city, one after another, without keeping any.

use super::calendar::Day;
use super::courses::{TRADES, Trade};
use super::prng::Prng;
use super::training::{Fate, Training};
use super::world::{Class, Ids, Mode, World};

/// About this many learners a class.
const CLASS_SIZE: u64 = 28;
/// Days between two trainings of one person.
const REST: i64 = 60;

/// What is known of a class before anyone is in it.
pub struct Outline {
    pub start: Day,
    number: u64,
    city: usize,
    trade: &'static Trade,
    mode: Mode,
    platform: usize,
    /// Ordinals of its newcomers.
    newcomers: std::ops::Range<u64>,
    /// The classes of the city; this one is number `number` of them.
    of: u64,
}

/// The classes of a city, by first day.
pub fn classes(world: &World, city: usize) -> impl Iterator<Item = Outline> + '_ {
    let learners = world.learners.get(city).copied().unwrap_or(0);
    // Small cities have two small classes rather than one.
    let count = (learners / CLASS_SIZE).max(2).min(learners);
    (0..count).map(move |number| outline(world, city, number, count, learners))
}

fn outline(world: &World, city: usize, number: u64, count: u64, learners: u64) -> Outline {
    use Mode::{Blended, Offline, Online};
    const MODES: [Mode; 10] = [
        Blended, Online, Offline, Blended, Offline, Blended, Online, Blended, Offline, Online,
    ];
    let mut prng = Prng::of(world.seed, "outline", [city as u64, number]);
    let days = world.window.days() - 3;
    let mode = MODES[((number + city as u64) % 10) as usize];
    let fits = |trade: &&Trade| {
        trade.knowledge == (mode == Online) && (mode != Blended || trade.has_course)
    };
    let trades: Vec<&'static Trade> = TRADES.iter().filter(fits).collect();
    let trade = trades
        .get(prng.below(trades.len() as u64) as usize)
        .copied()
        .unwrap_or(&TRADES[0]);
    let busy_platforms = world.organisations.platforms.len().saturating_sub(1) as u64;
    Outline {
        start: world.window.first
            + ((number * 1_000 + prng.below(900)) as i64 * days) / (count as i64 * 1_000),
        number,
        city,
        trade,
        mode,
        platform: prng.below(busy_platforms) as usize,
        newcomers: number * learners / count..(number + 1) * learners / count,
        of: count,
    }
}

/// Opens the class of an outline and takes its learners through it: the newcomers, and now and then one in twelve of
/// a class that ended at least [`REST`] days earlier and taught something else. Nobody trains more than twice.
pub fn fill(world: &World, outline: &Outline, ids: &mut Ids) -> (Class, Vec<Training>) {
    let course = world.ordinary_course(outline.platform, outline.trade);
    let class = world.open(
        outline.city,
        ids.next_class(),
        outline.trade,
        outline.mode,
        outline.start,
        course,
    );
    let mut trainings = Vec::new();
    for ordinal in outline.newcomers.clone() {
        let person = world.people.person(outline.city, ordinal);
        trainings.push(world.train(&class, person, Fate::Ordinary, true, ids));
    }
    for ordinal in returning(world, outline) {
        let person = world.people.person(outline.city, ordinal);
        trainings.push(world.train(&class, person, Fate::Ordinary, false, ids));
    }
    (class, trainings)
}

fn returning(world: &World, outline: &Outline) -> impl Iterator<Item = u64> + use<> {
    let learners = world.learners.get(outline.city).copied().unwrap_or(0);
    // A fixed step back, so that no earlier class is asked twice.
    let step = (REST + 40) as u64 * outline.of / world.window.days().max(1) as u64 + 2;
    let earlier = outline.number.checked_sub(step);
    let earlier =
        earlier.map(|number| self::outline(world, outline.city, number, outline.of, learners));
    // No class lasts 40 days.
    let earlier = earlier.filter(|earlier| {
        earlier.trade.occupation != outline.trade.occupation
            && earlier.start + 40 + REST <= outline.start
    });
    earlier
        .into_iter()
        .flat_map(|earlier| earlier.newcomers.step_by(12))
}
