//! D03: one photograph for several classes or dates.

use super::super::calendar::Day;
use super::super::courses::{CARER_5, NANNY_5};
use super::{Group, H, NONE, Planter, Verdict};

const CITY: usize = 6;

pub fn plant(planter: &mut Planter) {
    let start = planter.window().at(17);
    let mut groups = [(CARER_5, 0), (NANNY_5, 0), (NANNY_5, 30)].map(|(trade, days)| {
        let mut group = planter.open_offline(CITY, trade, start + days);
        for _ in 0..4 {
            let training = planter.train_newcomer(&group.class);
            group.trainings.push(training);
        }
        group
    });
    // Places of the picture: class, day of the class, half day, learners.
    type Places<'a> = &'a [(usize, Day, &'static str, usize)];
    #[rustfmt::skip]
    let cases: [(Verdict, Places, &str); 9] = [
        (H, &[(0, 0, "am", 1), (0, 1, "am", 1)], "one photograph on two dates of a class"),
        (H, &[(0, 2, "pm", 4), (0, 3, "pm", 4)], "one photograph of a group on two dates of a class"),
        (H, &[(0, 0, "pm", 1), (1, 0, "pm", 1)], "one photograph in two classes on one date"),
        (H, &[(0, 4, "am", 4), (1, 4, "am", 4)], "one photograph of a group in two classes on one date"),
        (H, &[(1, 2, "am", 4), (2, 2, "am", 4)], "one photograph in two classes a month apart"),
        (H, &[(2, 0, "am", 2), (2, 0, "pm", 2), (2, 1, "am", 1)], "one photograph three times on two dates"),
        (NONE, &[(1, 1, "am", 4)], "one photograph of a group, one half day"),
        (NONE, &[(1, 3, "am", 4), (1, 3, "pm", 4)], "one photograph of a group in the morning and the afternoon"),
        (NONE, &[(2, 3, "pm", 1)], "a photograph of its own"),
    ];
    for (verdict, places, note) in cases {
        let photo = planter.prng.bits();
        for (class, day, slot, learners) in places {
            show(&mut groups[*class], *day, slot, *learners, photo);
        }
        planter.case(verdict, ("photo", &format!("{photo:016x}")), "", note);
    }
    groups.into_iter().for_each(|group| planter.add(group));
}

/// Puts a photograph into one half day of the first learners of a class.
fn show(group: &mut Group, day: Day, slot: &str, learners: usize, photo: u64) {
    let day = group.class.start + day;
    for training in group.trainings.iter_mut().take(learners) {
        for presence in &mut training.presences {
            if presence.day == day && presence.slot == slot {
                presence.photo = Some(photo);
            }
        }
    }
}
