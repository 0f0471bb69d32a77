//! C02: more online hours than the course has content.

use super::super::courses::{Content, HELP_DESK, Item, WELDER_5};
use super::super::world::{Mode, Plan};
use super::{Group, H, NONE, Planter, Verdict};

const CITY: usize = 2;
const PLATFORM: usize = 4;
/// Length of a video.
const VIDEO: i64 = 2_700;
const EVENING: i64 = 66_600;

pub fn plant(planter: &mut Planter) {
    let sixteen = [VIDEO; 16];
    let twenty = [VIDEO; 20];
    let mut longer_copy = [VIDEO; 17];
    longer_copy[16] = 2 * VIDEO;
    let own: Marker = |_, _| {};
    let copies: Marker = |place, item| {
        if place >= 15 {
            item.content = Content::Digest(0xC02_0001);
        }
    };
    let thrice: Marker =
        |place, item| item.content = Content::Digest(0xC02_0100 + place as u64 % 5);
    let longer: Marker = |place, item| {
        if place >= 15 {
            item.content = Content::Digest(0xC02_0002);
        }
    };
    let unknown: Marker = |_, item| item.content = Content::Unknown;
    let live: Marker = |_, item| item.catalogued = false;
    #[rustfmt::skip]
    let cases: [(Verdict, i64, &[i64], Marker, &str); 12] = [
        (H, 1_633, &sixteen, own, "16.33 hours of 16.00: just over 2 %"),
        (H, 2_000, &sixteen, own, "20.00 hours of 16.00"),
        (H, 3_200, &sixteen, own, "32.00 hours of 16.00"),
        (H, 2_000, &twenty, copies, "20.00 hours, but five of twenty videos are one"),
        (H, 2_000, &twenty, thrice, "20.00 hours, but twenty videos are five"),
        (H, 1_837, &longer_copy, longer, "18.37 hours of 17.00; one video in two lengths, the longer one counted"),
        (NONE, 1_632, &sixteen, own, "16.32 hours of 16.00: exactly 2 %"),
        (NONE, 1_600, &sixteen, own, "as many hours as content"),
        (NONE, 1_200, &sixteen, own, "fewer hours than content"),
        (NONE, 1_734, &longer_copy, longer, "17.34 hours of 17.00; one video in two lengths, the longer one counted"),
        (NONE, 1_600, &sixteen, unknown, "no digests: each video counts"),
        (NONE, 1_600, &sixteen, live, "live lessons alone, outside courseware"),
    ];
    let start = planter.window().at(20);
    for (verdict, hours, lengths, mark, note) in cases {
        let course = planter.course(HELP_DESK, PLATFORM, lengths);
        if let Some(course) = course {
            let items = &mut planter.planted.world.courses[course].items;
            for (place, item) in items.iter_mut().enumerate() {
                mark(place, item);
            }
        }
        let group = planter.open(Plan {
            city: CITY,
            trade: HELP_DESK,
            mode: Mode::Online,
            start,
            course,
        });
        claim_hours(planter, group, verdict, hours, note);
    }
    for (verdict, hours, note) in [
        (H, 1_633, "blended: 16.33 hours of 16.00"),
        (NONE, 1_632, "blended: 16.32 hours of 16.00"),
    ] {
        let mut group = planter.open_blended(CITY, WELDER_5, PLATFORM, start);
        // One half day more, for not more than 40 % online.
        group.class.offline += 400;
        group.class.end += 1;
        claim_hours(planter, group, verdict, hours, note);
    }
}

type Marker = fn(usize, &mut Item);

/// Somebody watches all videos of a class and claims so many hours.
fn claim_hours(planter: &mut Planter, mut group: Group, verdict: Verdict, hours: i64, note: &str) {
    let mut training = planter.train_newcomer(&group.class);
    let course = group.class.course.unwrap_or_default();
    let items = planter.planted.world.courses[course].items.iter();
    let parts: Vec<_> = items
        .enumerate()
        .map(|(place, item)| (place, item.seconds, item.seconds))
        .collect();
    let logged: i64 = parts.iter().map(|(_, seconds, _)| seconds).sum();
    training.sessions = planter.two_a_day(group.class.start, EVENING, &parts);
    training.online = hours;
    let enrolment = ("enrolment", training.enrolment_id.as_str());
    planter.case(verdict, enrolment, "", note);
    if logged * 10 < hours * 27 * 9 {
        planter.collateral("C05", enrolment, "", "hours beyond the logs too");
    }
    group.trainings.push(training);
    planter.add(group);
}
