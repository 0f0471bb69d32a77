//! D05: training outside the directories, or by organisations that are not filed.

use super::super::calendar::Day;
use super::super::courses::{COOK_5, HELP_DESK, NANNY_5, Trade, WELDER_4, WELDER_5};
use super::super::organisations::Organisation;
use super::super::world::{Listing, Mode, Plan};
use super::{H, Host, NONE, Planter, Verdict};

const CITY: usize = 10;
const OTHER_CITY: usize = 14;
/// Where the platforms sit.
const SEAT: usize = 6;

pub fn plant(planter: &mut Planter) {
    directory(planter);
    filings(planter);
    platforms(planter);
}

/// A class of a school's with one learner, whose enrolment is a case.
fn class(planter: &mut Planter, host: &Host, start: Day, (verdict, note): (Verdict, &str)) {
    let mut group = planter.open_hosted(host, CITY, WELDER_5, start);
    let training = planter.train_newcomer(&group.class);
    planter.case(verdict, ("enrolment", &training.enrolment_id), "", note);
    group.trainings.push(training);
    planter.add(group);
}

/// What a school may teach: city, trade, first and last day.
type Permission = (usize, &'static Trade, Day, Option<Day>);

/// Schools with permissions for something else, or at another time.
fn directory(planter: &mut Planter) {
    let start = planter.window().at(28);
    let long = start - 300;
    #[rustfmt::skip]
    let cases: [(Verdict, &[Permission], &str); 12] = [
        (H, &[], "school in no directory"),
        (H, &[(CITY, COOK_5, long, None), (CITY, NANNY_5, long, None)], "directory lists other occupations"),
        (H, &[(CITY, WELDER_4, long, None)], "directory lists another level"),
        (H, &[(OTHER_CITY, WELDER_5, long, None)], "directory of another city"),
        (H, &[(CITY, WELDER_5, start + 1, None)], "listed from the day after class start on"),
        (H, &[(CITY, WELDER_5, long, Some(start - 1))], "listed until the day before class start"),
        (H, &[(CITY, WELDER_5, long, Some(start - 40)), (CITY, WELDER_5, start + 3, None)], "listed before and after, not at class start"),
        (NONE, &[(CITY, WELDER_5, start, None)], "listed from the day of class start on"),
        (NONE, &[(CITY, WELDER_5, long, Some(start))], "listed until the day of class start"),
        (NONE, &[(CITY, WELDER_5, long, Some(start - 40)), (CITY, WELDER_5, start - 39, None)], "listed anew before class start"),
        (NONE, &[(CITY, WELDER_5, long, Some(start + 2))], "listed until the class was under way"),
        (NONE, &[(CITY, WELDER_5, long, None), (OTHER_CITY, WELDER_5, long, None), (CITY, COOK_5, long, None)], "listed in two cities and for two occupations"),
    ];
    for (verdict, permissions, note) in cases {
        let host = planter.school(CITY);
        for (city, trade, from, until) in permissions {
            planter.permit(*city, &host.id, trade, (*from, *until));
        }
        class(planter, &host, start, (verdict, note));
    }
}

/// Schools in the directory that are not filed, or were not at class start.
fn filings(planter: &mut Planter) {
    let start = planter.window().at(31);
    type Change<'a> = &'a dyn Fn(&mut Organisation);
    #[rustfmt::skip]
    let cases: [(Verdict, Change, &str); 9] = [
        (H, &|school| school.filed_on = None, "not filed"),
        (H, &|school| school.filed_on = Some(start + 1), "filed on the day after class start"),
        (H, &|school| school.filed_on = Some(start + 60), "filed two months after class start"),
        (H, &|school| school.filed_until = Some(start - 1), "filing ended on the day before class start"),
        (H, &|school| school.removed_on = Some(start), "removed on the day of class start"),
        (NONE, &|school| school.filed_on = Some(start), "filed on the day of class start"),
        (NONE, &|school| school.filed_until = Some(start), "filing ended on the day of class start"),
        (NONE, &|school| school.filed_until = Some(start + 300), "filing ends later"),
        (NONE, &|school| school.removed_on = Some(start + 1), "removed on the day after class start"),
    ];
    for (verdict, change, note) in cases {
        let host = planter.school_for(CITY, WELDER_5);
        let schools = &mut planter.planted.world.organisations.local[CITY].planted;
        if let Some(school) = schools.last_mut() {
            change(school);
        }
        class(planter, &host, start, (verdict, note));
    }
}

/// A platform whose listing is what a case needs; the class is an ordinary school's.
fn platforms(planter: &mut Planter) {
    let start = planter.window().at(23);
    let long = start - 300;
    // City, first day, and the day on which it is listed no longer.
    type Listed = (usize, Day, Option<Day>);
    #[rustfmt::skip]
    let cases: [(Verdict, Mode, &[Listed], &str); 8] = [
        (H, Mode::Blended, &[], "platform in no directory"),
        (H, Mode::Blended, &[(OTHER_CITY, long, None)], "platform in the directory of another city"),
        (H, Mode::Blended, &[(CITY, start + 1, None)], "platform listed on the day after class start"),
        (H, Mode::Blended, &[(CITY, long, Some(start))], "platform delisted on the day of class start"),
        (H, Mode::Online, &[], "platform in no directory, online only"),
        (NONE, Mode::Blended, &[(CITY, start, None)], "platform listed on the day of class start"),
        (NONE, Mode::Blended, &[(CITY, long, Some(start + 1))], "platform delisted on the day after class start"),
        (NONE, Mode::Online, &[(CITY, long, None), (OTHER_CITY, long, None)], "platform listed in two cities"),
    ];
    for (verdict, mode, listed, note) in cases {
        let platform = planter.platform(SEAT);
        let id = planter.planted.world.organisations.platforms[platform]
            .id
            .clone();
        for (city, from, until) in listed {
            planter.planted.world.listings.push(Listing {
                city: *city,
                platform_id: id.clone(),
                from: *from,
                until: *until,
            });
        }
        let trade = if mode == Mode::Online {
            planter.permit(CITY, &id, HELP_DESK, (long, None));
            HELP_DESK
        } else {
            NANNY_5
        };
        let course = planter.course(trade, platform, &[2_700; 16]);
        let mut group = planter.open(Plan {
            city: CITY,
            trade,
            mode,
            start,
            course,
        });
        for _ in 0..2 {
            let training = planter.train_newcomer(&group.class);
            planter.case(verdict, ("enrolment", &training.enrolment_id), "", note);
            group.trainings.push(training);
        }
        planter.add(group);
    }
}
