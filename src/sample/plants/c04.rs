//! C04: one person in two places at once.

use super::super::calendar::{self, DAY};
use super::super::courses::{CARER_5, ONLINE_TRADER};
use super::super::learning::Session;
use super::super::world::{Mode, Plan};
use super::{Group, NONE, Planter, S, Verdict, moved};

/// Half past six in the evening.
const EVENING: i64 = 66_600;

pub fn plant(planter: &mut Planter) {
    let mut group = planter.open_online(15, 0, planter.window().at(40));
    let cases = [
        (S, EVENING, 121, ""),
        (S, EVENING, 300, ""),
        (S, EVENING, 1_800, ""),
        (NONE, EVENING, 120, ""),
        (NONE, EVENING, 60, ""),
        (S, DAY - 2_400, 420, ", begun before midnight"),
        (S, DAY - 1_800, 420, ", begun after midnight"),
    ];
    for (place, (verdict, second, overlap, note)) in (0..).zip(cases) {
        // The second session of the third day begins before the first one ends.
        let mut training = planter.train_newcomer(&group.class);
        training.sessions = sixteen(planter, &group, EVENING);
        let mut day = 0;
        if let [_, _, _, _, first, next, ..] = training.sessions.as_mut_slice() {
            // Nobody else's seconds (C08).
            moved(first, (group.class.start + 2) * DAY + second + 11 * place);
            moved(next, first.ended - overlap);
            day = next.started / DAY;
        }
        let note = format!("two sessions overlap by {overlap} s{note}");
        case(planter, verdict, &training.person.number, day, &note);
        group.trainings.push(training);
    }
    two_platforms(planter, &mut group);
    planter.add(group);
    classroom(planter);
}

fn sixteen(planter: &mut Planter, group: &Group, second: i64) -> Vec<Session> {
    let parts: Vec<_> = (0..16).map(|item| (item, 2_690, 2_700)).collect();
    planter.two_a_day(group.class.start, second, &parts)
}

fn case(planter: &mut Planter, verdict: Verdict, number: &str, day: i64, note: &str) {
    planter.case(verdict, ("person", number), calendar::date_text(day), note);
}

/// Two classes of two platforms at the same time: evenings here, mornings there, and one morning in the evening.
fn two_platforms(planter: &mut Planter, group: &mut Group) {
    let course = planter.course(ONLINE_TRADER, 1, &[2_700; 16]);
    let start = group.class.start;
    let mut other = planter.open(Plan {
        city: 15,
        trade: ONLINE_TRADER,
        mode: Mode::Online,
        start,
        course,
    });
    let person = planter.newcomer(15);
    let mut here = planter.train(&group.class, &person, true);
    here.sessions = sixteen(planter, group, EVENING);
    let mut there = planter.train(&other.class, &person, false);
    there.sessions = sixteen(planter, group, 25_200);
    if let ([.., evening], [.., morning]) = (&*here.sessions, &mut *there.sessions) {
        moved(morning, evening.ended - 600);
        let note = "sessions on two platforms overlap by 600 s";
        case(planter, S, &person.number, morning.started / DAY, note);
    }
    group.trainings.push(here);
    other.trainings.push(there);
    planter.add(other);
}

/// Sessions that end so many seconds after a signed half day or a test began; negative for before.
fn classroom(planter: &mut Planter) {
    let mut group = planter.open_blended(8, CARER_5, 1, planter.window().at(35));
    for (verdict, seconds, note) in [
        (S, 2_700, "session during a signed class"),
        (S, 121, "session ends 121 s after signing in"),
        (NONE, 120, "session ends 120 s after signing in"),
        (NONE, -600, "session before class"),
        (S, 2_000, "session during the exam"),
        (S, 121, "session ends 121 s after the exam began"),
        (NONE, 120, "session ends 120 s after the exam began"),
        (NONE, -600, "session before the exam"),
    ] {
        let mut training = planter.train_newcomer(&group.class);
        training.sessions = sixteen(planter, &group, EVENING);
        let signed_in = training
            .presences
            .first()
            .map(|presence| presence.signed_in);
        let exam = training.exams.first().map(|exam| exam.started);
        let began = if note.contains("exam") {
            exam
        } else {
            signed_in
        };
        if let (Some(began), Some(last)) = (began, training.sessions.last_mut()) {
            moved(last, began + seconds - 2_700);
            case(planter, verdict, &training.person.number, began / DAY, note);
        }
        group.trainings.push(training);
    }
    planter.add(group);
}
