//! F03: shells, and closed schools that come back under another name.

use super::super::calendar::Day;
use super::super::courses::HELP_DESK;
use super::super::organisations::Organisation;
use super::{Host, NONE, Planter, S, Verdict};

const CITY: usize = 14;
/// From registration to the first claim, in a model training of one day.
const TO_CLAIM: i64 = 9;

/// Two organisations: their kinds, and what the second one has of the first one.
type Link = fn(&mut Organisation, &Organisation);

pub fn plant(planter: &mut Planter) {
    let start = planter.window().at(30);
    let phone: Link = |second, first| second.phone.clone_from(&first.phone);
    let address: Link = |second, first| second.address.clone_from(&first.address);
    let representative: Link =
        |second, first| second.representative.clone_from(&first.representative);
    let spelled: Link = |second, first| second.phone = format!("+86 {}", first.phone);
    let nothing: Link = |_, _| {};
    #[rustfmt::skip]
    let cases: [(Verdict, [&'static str; 2], Link, &str); 15] = [
        (S, ["school", "school"], phone, "one phone, the first one removed"),
        (S, ["school", "school"], spelled, "one phone in two spellings, the first one removed"),
        (S, ["school", "school"], representative, "one representative, the first one removed"),
        (S, ["school", "employer"], address, "one address, a provider and an employer"),
        (S, ["school", "assessor"], representative, "one representative, a provider and an assessor"),
        (S, ["school", "school"], address, "one address, the second one claims 89 days after registration"),
        (S, ["school", "school"], phone, "one phone, the second one claims 20 days after registration"),
        (S, ["employer", "employer"], phone, "one phone, employers without insured staff"),
        (NONE, ["school", "school"], address, "incubator: one address, both in order"),
        (NONE, ["employer", "employer"], phone, "agency: one phone for two employers, both with staff"),
        (NONE, ["school", "school"], address, "one address, the second one claims 90 days after registration"),
        (NONE, ["school", "school"], nothing, "nothing in common, the first one removed"),
        (NONE, ["school", "school"], nothing, "nothing in common, the second one claims 20 days after registration"),
        (NONE, ["employer", "employer"], nothing, "nothing in common, employers without insured staff"),
        (NONE, ["school", "employer"], nothing, "nothing in common, a provider and an employer"),
    ];
    for (verdict, kinds, link, note) in cases {
        let first = planter.found(kinds[0], CITY, |found| {
            if note.ends_with("first one removed") {
                found.removed_on = Some(start - 30);
            }
            if note.ends_with("without insured staff") {
                found.insured_staff = Some(0);
            }
        });
        let days = [89, 90, 20]
            .into_iter()
            .find(|days| note.contains(&format!(" {days} days")));
        let second = planter.found(kinds[1], CITY, |found| {
            link(found, &first);
            if let Some(days) = days {
                registered(found, start + TO_CLAIM - days);
            }
            if note.ends_with("without insured staff") {
                found.insured_staff = Some(0);
            }
        });
        for found in [&first, &second] {
            if found.kind == "school" && found.removed_on.is_none() {
                teach(planter, found, start);
            }
            planter.case(verdict, ("org", &found.id), "", note);
        }
    }
    chain(planter, start);
}

/// Registered on a day and filed within the week.
fn registered(found: &mut Organisation, day: Day) {
    (found.registered_on, found.filed_on) = (day, Some(day + 7));
}

/// Three schools: the second one has the phone of the first one, the third one the address of the second one.
fn chain(planter: &mut Planter, start: Day) {
    let first = planter.found("school", CITY, |found| found.removed_on = Some(start - 30));
    let second = planter.found("school", CITY, |found| found.phone.clone_from(&first.phone));
    let third = planter.found("school", CITY, |found| {
        found.address.clone_from(&second.address);
    });
    teach(planter, &second, start);
    teach(planter, &third, start);
    for found in [first, second, third] {
        let note = "three in a chain of phone and address, one of them removed";
        planter.case(S, ("org", &found.id), "", note);
    }
}

/// A small class, claimed nine days after its day.
fn teach(planter: &mut Planter, school: &Organisation, start: Day) {
    let mut group = planter.open_day(&Host::of(school), CITY, HELP_DESK, start);
    planter.fill(&mut group, 3);
    planter.add(group);
}
