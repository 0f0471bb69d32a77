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

/// A certificate that is not the usual one of its training.
#[derive(Clone)]
pub struct Certificate {
    pub number: String,
    pub kind: &'static str,
    pub occupation: &'static str,
    pub level: i64,
    pub issued_on: Day,
    pub issuer: String,
}

/// What a learner is asked after the training.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Something or nothing, as it comes.
    AsItComes,
    /// Nothing.
    Nothing,
    /// A call, with this answer.
    Called(i64),
}

/// An entry of the death, pension, school, payroll, custody or insurance register.
#[derive(Clone)]
pub struct Status {
    pub status: &'static str,
    pub from: Day,
    pub until: Option<Day>,
    pub employer: Option<String>,
}

/// A certificate that its holder belongs to a group.
#[derive(Clone)]
pub struct Proof {
    pub group: &'static str,
    pub issued_on: Day,
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
    /// The certificate's number, if it is not the next one of its kind.
    pub certificate_no: Option<String>,
    /// When the certificate was replaced by one with another number.
    pub reissued_on: Option<Day>,
    /// What is issued instead of all this, if not empty.
    pub certificates: Vec<Certificate>,
    pub claims: Vec<Claim>,
    pub asked: Asked,
    /// Whether the employer of an enterprise class insures the learner.
    pub is_insured: bool,
    /// What the registers hold of the person beside the usual.
    pub statuses: Vec<Status>,
    /// The person's certificates of hardship or service, if they are not the usual one.
    pub proofs: Option<Vec<Proof>>,
    /// True in the person's first training: registers name each person once.
    pub is_first: bool,
}

impl Training {
    /// Gives all claims another outcome.
    pub fn decide(&mut self, status: &'static str) {
        self.claims
            .iter_mut()
            .for_each(|claim| claim.decide(status));
    }

    /// Leaves before the end: nothing is completed, tested or claimed.
    pub fn give_up(&mut self) {
        self.completed_on = None;
        self.uncertified();
    }

    /// Completes the class, but is never tested, and so has no certificate and claims nothing.
    pub fn uncertified(&mut self) {
        self.exams.clear();
        self.certified_on = None;
        self.certificates.clear();
        self.claims.clear();
    }
}

/// Whether things may go wrong for a learner.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Some drop out, fail or wait for their money.
    Ordinary,
    /// The same, but does not drop out.
    Steady,
    /// Completes, passes and is paid on fixed days: what planted cases are made of.
    Model,
}

impl Fate {
    /// A number of days: this one for models, something in a range for others.
    fn wait(self, model: i64, (low, high): (i64, i64), prng: &mut Prng) -> i64 {
        if self == Self::Model {
            model
        } else {
            prng.between(low, high)
        }
    }
}

impl World {
    /// Takes a person through a class. `is_first` if it is the person's first training.
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
        let online = class.start..=class.classroom_from - 1;
        let mut sessions = class.course.map_or(Vec::new(), |course| {
            learning::study(&self.courses[course], online, &mut prng)
        });
        let half_days = class.offline / 400;
        let mut presences = learning::attend(class.classroom_from, half_days, last, &mut prng);
        if fate != Fate::Model {
            miss_half_days(&mut presences, &mut prng);
        }
        let is_running = class.end > last;
        let drops_out = !is_running && fate == Fate::Ordinary && prng.chance(40);
        if is_running {
            hold_back(&mut sessions, last, &mut prng);
        }
        if drops_out {
            sessions.truncate(prng.below(sessions.len() as u64) as usize);
            presences.truncate(prng.below(presences.len() as u64) as usize);
        }
        if !is_running {
            // All rows of a class that is over have arrived.
            for session in &mut sessions {
                let arrived = session.uploaded.min((last + 1) * DAY - 1);
                session.uploaded = arrived.max(session.ended + 1);
            }
        }
        let group = if class.employer.is_some() {
            "employee"
        } else {
            person.group
        };
        let mut training = Training {
            enrolment_id: ids.next_enrolment(),
            person,
            group,
            enrolled_on: class.start - prng.between(0, 4),
            completed_on: Some(class.end),
            online: class.online,
            offline: class.offline,
            sessions,
            presences,
            exams: Vec::new(),
            certified_on: None,
            certificate_no: None,
            reissued_on: None,
            certificates: Vec::new(),
            claims: Vec::new(),
            asked: Asked::AsItComes,
            is_insured: true,
            statuses: Vec::new(),
            proofs: None,
            is_first,
        };
        if is_running || drops_out {
            training.completed_on = None;
            let delivered = training
                .sessions
                .iter()
                .filter(|session| !session.second_day);
            training.online = delivered.map(|session| session.watched).sum::<i64>() / 27;
            training.offline = training.presences.len() as i64 * 400;
        } else if class.end < last {
            self.assess(class, &mut training, fate, &mut prng);
            self.claim(class, &mut training, fate, ids, &mut prng);
        }
        training
    }

    /// Tests on the day after the class, and a certificate within nine days if all are passed. One model learner in
    /// twelve passes the theory only on the next day, so that planted classes do not pass better than others.
    fn assess(&self, class: &Class, training: &mut Training, fate: Fate, prng: &mut Prng) {
        let day = class.end + 1;
        let is_online = class.mode == Mode::Online;
        let theory = ("theory", if is_online { 70_200 } else { 32_400 }, 80);
        let practice = (!is_online).then_some(("practice", 50_400, 50));
        let exams = &mut training.exams;
        for (kind, second, failing) in [Some(theory), practice].into_iter().flatten() {
            // Models fail as often, and pass on the next day; where there is none, at once.
            let is_over = fate == Fate::Model && day >= self.window.last;
            let failing = if is_over { 0 } else { failing };
            let exam = learning::exam(kind, day, second, failing, prng);
            let sits_again = !exam.passed && fate == Fate::Model;
            exams.push(exam);
            if sits_again {
                exams.push(learning::exam(kind, day + 1, second, 0, prng));
            }
        }
        let certified_on = class.end + fate.wait(4, (3, 9), prng);
        let passed = fate == Fate::Model || exams.iter().all(|exam| exam.passed);
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
        let last = self.window.last;
        let Some(certified_on) = training.certified_on else {
            return;
        };
        let claimed_on = certified_on + fate.wait(5, (5, 25), prng);
        let pay_day = claimed_on + fate.wait(8, (10, 25), prng);
        if claimed_on > last {
            return;
        }
        let usual = if pay_day <= last { "paid" } else { "submitted" };
        let status = match prng.below(100) {
            _ if fate == Fate::Model => usual,
            0 => "rejected",
            1 if usual == "paid" => "refunded",
            2..=40 if usual == "submitted" => "approved",
            _ => usual,
        };
        let standard = self.standard(class);
        let collects = class.collects && fate != Fate::Model;
        let school = collects.then_some((&class.org_id, &class.org_account));
        let platform = self
            .platform(class)
            .map(|found| (&found.id, &found.account));
        let (year, month, day) = SPLIT_UNTIL;
        let is_split =
            class.mode == Mode::Blended && class.start <= calendar::day(year, month, day);
        let mut parts = if is_split {
            let fifth = standard / 5;
            vec![
                ("platform_share", fifth, platform),
                ("offline_share", 4 * fifth, school),
            ]
        } else {
            vec![("full", standard, school)]
        };
        if training.online > 0 && ALLOWANCE_GROUPS.contains(&training.group) {
            parts.push((
                "living_allowance",
                ALLOWANCE_FEN * training.online / 100,
                None,
            ));
        }
        for (kind, fen, payee) in parts {
            let is_allowance = kind == "living_allowance";
            training.claims.push(Claim {
                id: ids.next_claim(),
                kind,
                fund: if is_allowance {
                    "employment"
                } else {
                    "special_account"
                },
                city_code: class.city_code,
                fen,
                claimed_on,
                paid_on: matches!(status, "paid" | "refunded").then_some(pay_day),
                status,
                payee: payee.map(|(id, _)| id.clone()),
                account: payee
                    .map_or(&training.person.account, |(_, account)| account)
                    .clone(),
                agreement: payee.map(|_| class.agreement()),
            });
        }
    }
}

impl Class {
    /// Its identifier.
    pub fn id(&self) -> String {
        format!("C{:08}", self.number)
    }

    /// The agreement under which an organisation collects money for the class.
    pub fn agreement(&self) -> String {
        format!("AG{:08}", self.number)
    }
}

/// Misses a half day now and then, but never a whole day: each day of the class is signed by all who stay.
fn miss_half_days(presences: &mut Vec<Presence>, prng: &mut Prng) {
    let days: Vec<Day> = presences.iter().map(|presence| presence.day).collect();
    let mut missed = None;
    presences.retain(|presence| {
        let is_whole = days.iter().filter(|day| **day == presence.day).count() == 2;
        let is_missed = prng.chance(30) && is_whole && missed != Some(presence.day);
        if is_missed {
            missed = Some(presence.day);
        }
        !is_missed
    });
}

/// Cuts the log of a running class at its delivery: what was uploaded by the end of `last` stays, what comes on the
/// next day is marked for the second delivery, and later sessions are dropped. Now and then one more row of an
/// earlier day is late, so that the second delivery touches old days too.
fn hold_back(sessions: &mut Vec<Session>, last: Day, prng: &mut Prng) {
    let (first_end, second_end) = ((last + 1) * DAY, (last + 2) * DAY);
    let is_late = prng.chance(300);
    let delivered = sessions
        .iter_mut()
        .rev()
        .find(|session| session.uploaded < first_end);
    if let Some(session) = delivered.filter(|_| is_late) {
        session.uploaded = first_end + prng.between(3_600, 40_000);
    }
    sessions.retain(|session| session.uploaded < second_end);
    for session in sessions {
        session.second_day = session.uploaded >= first_end;
    }
}
