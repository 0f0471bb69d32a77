//! One learner in one class, from enrolment to payment.

use super::calendar::{self, DAY, Day};
use super::learning::{self, Exam, Presence, Session};
use super::people::Person;
use super::prng::Prng;
use super::world::{Class, Ids, Mode, World};

/// The notice's last day for the 80 % clause: classes that start later are claimed in full.
const SPLIT_UNTIL: (i64, i64, i64) = (2020, 12, 31);

/// Groups that the living allowance is for.
const ALLOWANCE_GROUPS: [&str; 5] = [
    "registered_poor",
    "hard_to_employ",
    "zero_employment_family",
    "rural_school_leaver",
    "urban_allowance_leaver",
];

/// Living allowance of one 课时 in fen.
const ALLOWANCE_FEN: i64 = 500;

/// A claim for money.
#[derive(Clone)]
pub struct Claim {
    pub id: String,
    pub kind: &'static str,
    pub fund: &'static str,
    pub city_code: i64,
    pub fen: i64,
    pub claimed_on: Day,
    pub paid_on: Option<Day>,
    pub status: &'static str,
    /// The organisation paid, if it is not the learner.
    pub payee: Option<String>,
    pub account: String,
    pub agreement: Option<String>,
}

impl Claim {
    /// Gives the claim another outcome: a rejected one was never paid.
    pub fn decide(&mut self, status: &'static str) {
        self.status = status;
        if status == "rejected" {
            self.paid_on = None;
        }
    }
}

/// A learner's training. Hours are in hundredths of a 课时.
pub struct Training {
    pub enrolment_id: String,
    pub person: Person,
    pub group: &'static str,
    pub enrolled_on: Day,
    pub completed_on: Option<Day>,
    pub online: i64,
    pub offline: i64,
    pub sessions: Vec<Session>,
    pub presences: Vec<Presence>,
    pub exams: Vec<Exam>,
    pub certified_on: Option<Day>,
    pub claims: Vec<Claim>,
    /// True in the person's first training: registers name each person once.
    pub is_first: bool,
}

impl Training {
    /// Leaves before the end: nothing is completed, tested or claimed.
    pub fn give_up(&mut self) {
        self.completed_on = None;
        self.exams.clear();
        self.certified_on = None;
        self.claims.clear();
    }
}

/// Whether things may go wrong for a learner.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Some drop out, fail or wait for their money.
    Ordinary,
    /// Completes, passes and is paid on fixed days: what planted cases are made of.
    Model,
}

impl World {
    /// Takes a person through a class.
    pub fn train(
        &self,
        class: &Class,
        person: Person,
        fate: Fate,
        is_first: bool,
        ids: &mut Ids,
    ) -> Training {
        let mut prng = Prng::of(self.seed, "train", [class.number, person.index]);
        let last = self.window.last;
        let course = class.course.and_then(|index| self.courses.get(index));
        let mut sessions = course.map_or(Vec::new(), |course| {
            learning::study(course, class.start, class.classroom_from - 1, &mut prng)
        });
        let half_days = class.offline / 400;
        let mut presences = learning::attend(class.classroom_from, half_days, last, &mut prng);
        if fate == Fate::Ordinary {
            presences.retain(|_| !prng.chance(30));
        }
        let mut training = Training {
            enrolment_id: ids.next_enrolment(),
            group: if class.employer.is_some() {
                "employee"
            } else {
                person.group
            },
            person,
            enrolled_on: class.start - prng.between(0, 4),
            completed_on: Some(class.end),
            online: class.online,
            offline: class.offline,
            sessions: Vec::new(),
            presences,
            exams: Vec::new(),
            certified_on: None,
            claims: Vec::new(),
            is_first,
        };
        let is_running = class.end > last;
        let drops_out = fate == Fate::Ordinary && prng.chance(40);
        if is_running {
            hold_back(&mut sessions, last, &mut prng);
        } else {
            if drops_out {
                sessions.truncate(prng.below(sessions.len() as u64) as usize);
                training
                    .presences
                    .truncate(prng.below(training.presences.len() as u64) as usize);
            }
            // All rows of a class that is over have arrived.
            for session in &mut sessions {
                session.uploaded = session
                    .uploaded
                    .min((last + 1) * DAY - 1)
                    .max(session.ended + 1);
            }
        }
        training.sessions = sessions;
        if is_running || drops_out {
            training.completed_on = None;
            let delivered = training
                .sessions
                .iter()
                .filter(|session| !session.second_day);
            training.online = delivered.map(|session| session.watched).sum::<i64>() / 27;
            training.offline = training.presences.len() as i64 * 400;
            return training;
        }
        self.assess(class, &mut training, fate, &mut prng);
        if training.certified_on.is_some() {
            self.claim(class, &mut training, fate, ids, &mut prng);
        }
        training
    }

    /// Tests on the day after the class, and a certificate within nine days if all are passed.
    fn assess(&self, class: &Class, training: &mut Training, fate: Fate, prng: &mut Prng) {
        let day = class.end + 1;
        if day > self.window.last {
            return;
        }
        let may_fail = fate == Fate::Ordinary;
        if class.mode == Mode::Online {
            training
                .exams
                .push(learning::exam("theory", day, 70_200, may_fail, prng));
        } else {
            training
                .exams
                .push(learning::exam("theory", day, 32_400, may_fail, prng));
            training
                .exams
                .push(learning::exam("practice", day, 50_400, false, prng));
        }
        let wait = if fate == Fate::Model {
            4
        } else {
            prng.between(3, 9)
        };
        let certified_on = class.end + wait;
        let passed = training.exams.iter().all(|exam| exam.passed);
        training.certified_on =
            (passed && certified_on <= self.window.last).then_some(certified_on);
    }

    /// The training subsidy (as 20 % and 80 % while the notice says so) and the living allowance.
    fn claim(
        &self,
        class: &Class,
        training: &mut Training,
        fate: Fate,
        ids: &mut Ids,
        prng: &mut Prng,
    ) {
        let certified_on = training.certified_on.unwrap_or(class.end);
        let wait = if fate == Fate::Model {
            5
        } else {
            prng.between(5, 25)
        };
        let claimed_on = certified_on + wait;
        if claimed_on > self.window.last {
            return;
        }
        let standard = class
            .trade
            .standard_fen(class.city, class.start, self.change_day);
        let pay_wait = if fate == Fate::Model {
            8
        } else {
            prng.between(10, 25)
        };
        let mut status = if claimed_on + pay_wait <= self.window.last {
            "paid"
        } else {
            "submitted"
        };
        if fate == Fate::Ordinary {
            status = match prng.below(100) {
                0 => "rejected",
                1 if status == "paid" => "refunded",
                2..=40 if status == "submitted" => "approved",
                _ => status,
            };
        }
        let is_paid = matches!(status, "paid" | "refunded");
        let proto = Claim {
            id: String::new(),
            kind: "full",
            fund: "special_account",
            city_code: class.city_code,
            fen: standard,
            claimed_on,
            paid_on: is_paid.then_some(claimed_on + pay_wait),
            status,
            payee: None,
            account: training.person.account.clone(),
            agreement: None,
        };
        let agreement = Some(format!("AG{:08}", class.number));
        let (year, month, day) = SPLIT_UNTIL;
        let own = if class.collects && fate == Fate::Ordinary {
            Claim {
                payee: Some(class.org_id.clone()),
                account: class.org_account.clone(),
                agreement: agreement.clone(),
                ..proto.clone()
            }
        } else {
            proto.clone()
        };
        let platform = self.platform(class);
        match (class.mode, platform) {
            (Mode::Blended, Some(platform)) if class.start <= calendar::day(year, month, day) => {
                training.claims.push(Claim {
                    id: ids.next_claim(),
                    kind: "platform_share",
                    fen: standard / 5,
                    payee: Some(platform.id.clone()),
                    account: platform.account.clone(),
                    agreement,
                    ..proto.clone()
                });
                let fen = standard / 5 * 4;
                training.claims.push(Claim {
                    id: ids.next_claim(),
                    kind: "offline_share",
                    fen,
                    ..own
                });
            }
            _ => training.claims.push(Claim {
                id: ids.next_claim(),
                ..own
            }),
        }
        if training.online > 0 && ALLOWANCE_GROUPS.contains(&training.group) {
            training.claims.push(Claim {
                id: ids.next_claim(),
                kind: "living_allowance",
                fund: "employment",
                fen: ALLOWANCE_FEN * training.online / 100,
                ..proto
            });
        }
    }
}

/// Cuts the log of a running class at its delivery: what was uploaded by the end of `last` stays, what comes on the
/// next day is marked for the second delivery, and later sessions are dropped. Now and then one more row of an
/// earlier day is late, so that the second delivery touches old days too.
fn hold_back(sessions: &mut Vec<Session>, last: Day, prng: &mut Prng) {
    let (first_end, second_end) = ((last + 1) * DAY, (last + 2) * DAY);
    if prng.chance(300)
        && let Some(session) = sessions
            .iter_mut()
            .rev()
            .find(|session| session.uploaded < first_end)
    {
        session.uploaded = first_end + prng.between(3_600, 40_000);
    }
    sessions.retain(|session| session.uploaded < second_end);
    for session in sessions {
        session.second_day = session.uploaded >= first_end;
    }
}
