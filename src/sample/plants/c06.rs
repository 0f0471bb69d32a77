//! C06: players run by scripts. Everything here is about three of seven signs.

use super::super::learning::Session;
use super::super::prng::Prng;
use super::kit::{at, each};
use super::{Group, NONE, Planter, S, Verdict};

const CITY: usize = 12;
const PLATFORM: usize = 3;
/// Length of each of the 36 videos.
const VIDEO: i64 = 900;
const VIDEOS: usize = 36;
/// Half past six in the evening.
const EVENING: i64 = 66_600;
/// A quarter past midnight.
const NIGHT: i64 = 900;

/// When the videos are played.
#[derive(Clone, Copy)]
enum When {
    /// One after another, with these gaps in milliseconds.
    Run(Gaps),
    /// So many of them in two nights, the others in two evenings, with irregular gaps.
    Nights(usize),
}

#[derive(Clone, Copy)]
enum Gaps {
    /// By turns this much more and less than a minute.
    Around(i64),
    /// Evenly between eight seconds and this much more.
    Even(i64),
    /// So many of them of one or two seconds, the others of a minute.
    Short(usize),
    /// Between 5 and 90 seconds.
    Human,
}

/// The order of the videos.
#[derive(Clone, Copy)]
enum Order {
    /// As in the catalogue.
    Listed,
    /// As in the catalogue, so many of them.
    Some(usize),
    /// As in the catalogue, and the first one once more.
    Revisit,
    /// Two exchanged.
    Mixed,
}

/// What the player sends of clicks.
#[derive(Clone, Copy)]
enum Clicks {
    Usual,
    No,
    /// One in the whole course.
    One,
    /// The platform does not count them.
    Uncounted,
}

pub fn plant(planter: &mut Planter) {
    use Clicks::{No, One, Uncounted, Usual};
    use Gaps::{Around, Even, Human, Short};
    use Order::{Listed, Mixed, Revisit};
    use When::{Nights, Run};
    #[rustfmt::skip]
    let alone: [(Verdict, When, Order, Clicks, &str); 18] = [
        (S, Run(Around(0)), Listed, No, "constant gaps, no clicks, in order"),
        (S, Run(Around(1_200)), Listed, No, "gaps vary by 2 %, no clicks, in order"),
        (S, Run(Around(1_700)), Listed, No, "gaps vary by 2.9 %, no clicks, in order"),
        (S, Run(Even(1_900)), Listed, No, "gaps even within 1.9 s, no clicks, in order"),
        (S, Run(Short(34)), Listed, No, "97 % of gaps under 3 s, no clicks, in order"),
        (S, Run(Short(32)), Listed, No, "91 % of gaps under 3 s, no clicks, in order"),
        (S, Nights(36), Listed, No, "all by night, no clicks, in order"),
        (S, Nights(19), Listed, No, "19 of 36 by night, no clicks, in order"),
        (NONE, Run(Around(1_900)), Listed, No, "no clicks, in order; gaps vary by 3.2 %"),
        (NONE, Run(Even(2_600)), Listed, No, "no clicks, in order; gaps even within 2.6 s"),
        (NONE, Run(Even(1_900)), Order::Some(30), No, "no clicks, 30 in order; gaps even within 1.9 s, but 29 of them"),
        (NONE, Run(Short(31)), Listed, No, "no clicks, in order; 89 % of gaps under 3 s"),
        (NONE, Nights(18), Listed, No, "no clicks, in order; exactly half by night"),
        (NONE, Nights(36), Order::Some(29), No, "by night, no clicks; 29 in order"),
        (NONE, Nights(36), Revisit, No, "by night, no clicks; in order, with one seen twice"),
        (NONE, Nights(36), Listed, One, "by night, in order; one click"),
        (NONE, Run(Around(1_200)), Listed, Uncounted, "gaps vary by 2 %, in order; clicks not counted"),
        (NONE, Nights(36), Listed, Usual, "night-shift worker, in order"),
    ];
    let start = planter.window().at(30);
    let mut group = planter.open_videos(CITY, PLATFORM, start, &[VIDEO; VIDEOS]);
    for (verdict, when, order, clicks, note) in alone {
        one(
            planter, &mut group, verdict, when, order, clicks, None, note,
        );
    }
    planter.add(group);
    // Computer rooms in which all sit at one kind of terminal.
    for (persons, agent, verdict) in [
        (20, "Kiosk/1.0 (room of 20)", S),
        (19, "Kiosk/1.0 (room of 19)", NONE),
    ] {
        let mut group = planter.open_videos(CITY, PLATFORM, start, &[VIDEO; VIDEOS]);
        let note = format!("one terminal for {persons}, no clicks, in order");
        let agent = Some(agent);
        one(
            planter,
            &mut group,
            verdict,
            Run(Human),
            Listed,
            No,
            agent,
            &note,
        );
        let note = format!("one terminal for {persons}, gaps vary by 2 %, no clicks; not in order");
        one(
            planter,
            &mut group,
            verdict,
            Run(Around(1_200)),
            Mixed,
            No,
            agent,
            &note,
        );
        let note =
            format!("one terminal for {persons}, 97 % of gaps under 3 s, no clicks; not in order");
        one(
            planter,
            &mut group,
            verdict,
            Run(Short(34)),
            Mixed,
            No,
            agent,
            &note,
        );
        let note = format!("enterprise computer room: one terminal for {persons}, in order");
        one(
            planter,
            &mut group,
            NONE,
            Run(Human),
            Listed,
            Usual,
            agent,
            &note,
        );
        for _ in 4..persons {
            let mut training = planter.train_newcomer(&group.class);
            let agent = agent.map(str::to_owned);
            each(&mut training.sessions, |session| {
                session.twist().agent.clone_from(&agent);
            });
            group.trainings.push(training);
        }
        planter.add(group);
    }
}

/// One learner of a class.
#[expect(clippy::too_many_arguments, reason = "one row of the table of cases")]
fn one(
    planter: &mut Planter,
    group: &mut Group,
    verdict: Verdict,
    when: When,
    order: Order,
    clicks: Clicks,
    agent: Option<&str>,
    note: &str,
) {
    let mut training = planter.train_newcomer(&group.class);
    let items = order.items();
    let first = group.class.start;
    // Nobody else's seconds (C08).
    let apart = 37 * group.trainings.len() as i64;
    let mut sessions = match when {
        When::Run(gaps) => {
            // Until after four in the morning, with less than half of it after midnight.
            let gaps = gaps.milliseconds(&mut planter.prng);
            planter.run(at(first, EVENING + apart), &items, VIDEO, &gaps)
        }
        When::Nights(night) => {
            let (by_night, by_day) = items.split_at(night.min(items.len()));
            let mut sessions = Vec::new();
            for (second, part) in [(NIGHT, by_night), (EVENING, by_day)] {
                for half in part.chunks(part.len().div_ceil(2).max(1)) {
                    let day = first + 1 + sessions.len() as i64 / 9;
                    let gaps = Gaps::Human.milliseconds(&mut planter.prng);
                    let begun = at(day, second + apart);
                    sessions.extend(planter.run(begun, half, VIDEO, &gaps));
                }
            }
            sessions
        }
    };
    show(&mut sessions, clicks, agent);
    training.online = sessions.len().min(VIDEOS) as i64 * VIDEO / 27;
    if matches!(order, Order::Revisit) {
        training.online = VIDEOS as i64 * VIDEO / 27;
    }
    training.sessions = sessions;
    let platform = planter.platform_id(PLATFORM);
    let entity = format!("{}|{platform}", training.person.number);
    planter.case(verdict, ("person_platform", &entity), "", note);
    group.trainings.push(training);
}

fn show(sessions: &mut [Session], clicks: Clicks, agent: Option<&str>) {
    for (place, session) in sessions.iter_mut().enumerate() {
        session.ui_events = match clicks {
            Clicks::Usual => session.ui_events.map(|events| events.max(1)),
            Clicks::No => Some(0),
            Clicks::One => Some(i64::from(place == 7)),
            Clicks::Uncounted => None,
        };
        if let Some(agent) = agent {
            session.twist().agent = Some(agent.to_owned());
        }
    }
}

impl Order {
    fn items(self) -> Vec<usize> {
        let mut items: Vec<usize> = (0..VIDEOS).collect();
        match self {
            Self::Listed => {}
            Self::Some(count) => items.truncate(count),
            Self::Revisit => items.push(0),
            Self::Mixed => items.swap(10, 12),
        }
        items
    }
}

impl Gaps {
    fn milliseconds(self, prng: &mut Prng) -> Vec<i64> {
        let count = VIDEOS;
        let gap = |place: usize| match self {
            Self::Around(more) if place.is_multiple_of(2) => 60_000 + more,
            Self::Around(more) => 60_000 - more,
            // A stride through the strata, so that neighbours differ and the whole is as even as can be.
            Self::Even(range) => 8_000 + range * (place as i64 * 11 % 35) / 34,
            Self::Short(short) if place < short => 1_000 + 1_000 * (place as i64 % 3 / 2),
            Self::Short(_) => 60_000,
            Self::Human => 0,
        };
        if matches!(self, Self::Human) {
            return (0..count).map(|_| prng.between(5, 90) * 1_000).collect();
        }
        (0..count).map(gap).collect()
    }
}
