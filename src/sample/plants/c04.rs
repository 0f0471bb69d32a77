//! C04: one person in two places at once.

use super::super::calendar::{self, DAY};
use super::super::courses::{CARER_5, ONLINE_TRADER};
use super::super::world::Mode;
use super::{Group, Planter, Scheme, Verdict, moved};

const S: Verdict = Verdict::Planted("S");
const NONE: Verdict = Verdict::LookAlike("");
/// Half past six in the evening.
const EVENING: i64 = 66_600;

pub fn plant(planter: &mut Planter) {
    let start = planter.window().at(40);
    let mut group = planter.open_online(15, 0, start);
    for (overlap, verdict) in [(121, S), (300, S), (1_800, S), (120, NONE), (60, NONE)] {
        // The second session of the third evening begins before the first one ends.
        two_sessions(planter, &mut group, EVENING, overlap, verdict, "");
    }
    two_sessions(
        planter,
        &mut group,
        DAY - 2_400,
        420,
        S,
        ", begun before midnight",
    );
    two_sessions(
        planter,
        &mut group,
        DAY - 1_800,
        420,
        S,
        ", begun after midnight",
    );
    two_platforms(planter, &mut group);
    planter.add(group);
    classroom(planter);
}

/// Lets the two sessions of the third study day overlap; the first of them begins at `second` of the day.
fn two_sessions(
    planter: &mut Planter,
    group: &mut Group,
    second: i64,
    overlap: i64,
    verdict: Verdict,
    note: &str,
) {
    let mut training = planter.train_newcomer(&group.class);
    let parts: Vec<_> = (0..16).map(|item| (item, 2_690, 2_700)).collect();
    training.sessions = planter.two_a_day(group.class.start, EVENING, &parts);
    let mut period = 0;
    if let [_, _, _, _, first, next, ..] = training.sessions.as_mut_slice() {
        moved(first, (group.class.start + 2) * DAY + second);
        moved(next, first.ended - overlap);
        period = next.started / DAY;
    }
    let note = format!("two sessions overlap by {overlap} s{note}");
    let person = ("person", training.person.number.as_str());
    planter.case(
        Scheme::C04,
        verdict,
        person,
        calendar::date_text(period),
        note,
    );
    group.trainings.push(training);
}

/// Two classes of two platforms at the same time: evenings here, mornings there, and one morning in the evening.
fn two_platforms(planter: &mut Planter, group: &mut Group) {
    let start = group.class.start;
    let course = planter.course(ONLINE_TRADER, 1, &[2_700; 16]);
    let mut other = planter.open(15, ONLINE_TRADER, Mode::Online, start, Some(course));
    let person = planter.newcomer(15);
    let parts: Vec<_> = (0..16).map(|item| (item, 2_690, 2_700)).collect();
    let mut here = planter.train(&group.class, &person, true);
    here.sessions = planter.two_a_day(start, EVENING, &parts);
    let mut there = planter.train(&other.class, &person, false);
    there.sessions = planter.two_a_day(start, 25_200, &parts);
    let mut period = 0;
    if let ([.., evening], [.., morning]) =
        (here.sessions.as_slice(), there.sessions.as_mut_slice())
    {
        moved(morning, evening.ended - 600);
        period = morning.started / DAY;
    }
    let note = "sessions on two platforms overlap by 600 s";
    planter.case(
        Scheme::C04,
        S,
        ("person", &person.number),
        calendar::date_text(period),
        note,
    );
    group.trainings.push(here);
    other.trainings.push(there);
    planter.add(other);
}

/// Sessions against signed half days and tests. `seconds` is how long the session lies inside, negative for a gap.
fn classroom(planter: &mut Planter) {
    let mut group = planter.open_blended(8, CARER_5, 1, planter.window().at(35));
    for (beside, seconds, verdict, note) in [
        ("class", 2_700, S, "session during a signed class"),
        ("class", 121, S, "session ends 121 s after signing in"),
        ("class", 120, NONE, "session ends 120 s after signing in"),
        ("class", -600, NONE, "session before class"),
        ("exam", 2_000, S, "session during the exam"),
        ("exam", 121, S, "session ends 121 s after the exam began"),
        ("exam", 120, NONE, "session ends 120 s after the exam began"),
        ("exam", -600, NONE, "session before the exam"),
    ] {
        let mut training = planter.train_newcomer(&group.class);
        let parts: Vec<_> = (0..16).map(|item| (item, 2_690, 2_700)).collect();
        training.sessions = planter.two_a_day(group.class.start, EVENING, &parts);
        let signed_in = training
            .presences
            .first()
            .map(|presence| presence.signed_in);
        let exam = training.exams.first().map(|exam| exam.started);
        let began = if beside == "class" { signed_in } else { exam }.unwrap_or_default();
        if let Some(last) = training.sessions.last_mut() {
            moved(last, began + seconds - 2_700);
        }
        let person = ("person", training.person.number.as_str());
        planter.case(
            Scheme::C04,
            verdict,
            person,
            calendar::date_text(began / DAY),
            note,
        );
        group.trainings.push(training);
    }
    planter.add(group);
}
