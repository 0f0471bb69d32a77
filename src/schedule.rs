//! When the nightly job is due: a cron expression with a time zone, and what happens to missed times.

use std::str::FromStr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::{DateTime, SubsecRound, Utc};
use chrono_tz::Tz;
use croner::Cron;

use crate::clock;
use crate::problem::Problem;
use crate::project::{MissedRuns, Nightly};

const FILE: &str = "pipelines/nightly.toml";
/// A start this late counts as missed.
const GRACE: Duration = Duration::from_secs(120);

/// The parsed schedule.
#[derive(Debug, Clone)]
pub struct Schedule {
    cron: Cron,
    zone: Tz,
    missed: MissedRuns,
}

/// Mistakes in the schedule of `pipelines/nightly.toml`.
pub fn check(nightly: &Nightly) -> Vec<Problem> {
    match Schedule::new(nightly) {
        Ok(_) => Vec::new(),
        Err(message) => vec![Problem::new(FILE, None, message)],
    }
}

impl Schedule {
    /// Parses the schedule.
    ///
    /// # Errors
    /// What is wrong with the expression or the zone.
    pub fn new(nightly: &Nightly) -> Result<Schedule, String> {
        let form = &nightly.schedule;
        let cron = Cron::from_str(&form.cron).map_err(|error| {
            format!(
                "`cron` = \"{}\" is not a cron expression: {error}",
                form.cron
            )
        })?;
        let zone = Tz::from_str(&form.time_zone).map_err(|_| {
            format!(
                "`time_zone` = \"{}\" is not an IANA time zone",
                form.time_zone
            )
        })?;
        let schedule = Schedule {
            cron,
            zone,
            missed: form.missed,
        };
        if schedule.next_after(clock::now()).is_none() {
            return Err(format!("`cron` = \"{}\" never comes", form.cron));
        }
        Ok(schedule)
    }

    /// The first due time after `moment`.
    pub fn next_after(&self, moment: DateTime<Utc>) -> Option<DateTime<Utc>> {
        // Due times are whole seconds; the search would carry the fraction along.
        let whole = moment.trunc_subsecs(0).with_timezone(&self.zone);
        self.cron
            .find_next_occurrence(&whole, false)
            .ok()
            .map(|next| next.with_timezone(&Utc))
    }

    /// What to do at `now`, when the last time seen to was `last`: the time to run for, or when to look again.
    pub fn decide(&self, last: DateTime<Utc>, now: DateTime<Utc>) -> Decision {
        let Some(due) = self.next_after(last) else {
            return Decision::Never;
        };
        if due > now {
            return Decision::WaitUntil(due);
        }
        let grace = chrono::TimeDelta::from_std(GRACE).unwrap_or_default();
        // Of several missed times the newest is the one to make up for.
        let mut newest = due;
        while let Some(next) = self.next_after(newest).filter(|next| *next <= now) {
            newest = next;
        }
        if self.missed == MissedRuns::Skip && now - newest > grace {
            return Decision::Skip(newest);
        }
        Decision::Run(newest)
    }
}

/// What the daemon does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Run now, for this due time.
    Run(DateTime<Utc>),
    /// This due time was missed and is left out.
    Skip(DateTime<Utc>),
    /// Nothing is due before this time.
    WaitUntil(DateTime<Utc>),
    /// The expression never comes again.
    Never,
}

/// Runs `night` whenever it is due, until `stop`; `last` is the last due time that was seen to.
pub fn run_daemon(
    schedule: &Schedule,
    mut last: DateTime<Utc>,
    stop: &AtomicBool,
    mut night: impl FnMut(DateTime<Utc>),
) {
    while !stop.load(Ordering::Relaxed) {
        match schedule.decide(last, clock::now()) {
            Decision::Run(due) => {
                night(due);
                last = due;
            }
            Decision::Skip(due) => {
                tracing::warn!(%due, "a due time was missed and is left out");
                last = due;
            }
            Decision::WaitUntil(due) => {
                let wait = (due - clock::now()).to_std().unwrap_or_default();
                // Short naps, so that a request to stop and a changed clock are noticed.
                std::thread::sleep(wait.min(Duration::from_secs(1)));
            }
            Decision::Never => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::{RunForm, ScheduleForm};

    fn schedule(cron: &str, missed: MissedRuns) -> Result<Schedule, String> {
        Schedule::new(&Nightly {
            schedule: ScheduleForm {
                cron: cron.to_owned(),
                time_zone: "Asia/Shanghai".to_owned(),
                missed,
            },
            run: RunForm { lease_minutes: 30 },
        })
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn due_in_local_time() {
        let schedule = schedule("30 1 * * *", MissedRuns::RunOnce).unwrap();
        // 01:30 in Shanghai is 17:30 UTC of the day before.
        assert_eq!(
            schedule.next_after(at("2021-01-01T00:00:00Z")),
            Some(at("2021-01-01T17:30:00Z"))
        );
        assert_eq!(
            schedule.next_after(at("2021-01-01T00:00:00.75Z")),
            Some(at("2021-01-01T17:30:00Z"))
        );
        let early = schedule.decide(at("2020-12-31T17:30:00Z"), at("2021-01-01T17:29:59Z"));
        assert_eq!(early, Decision::WaitUntil(at("2021-01-01T17:30:00Z")));
    }

    #[test]
    fn missed_times_are_made_up_once_or_left_out() {
        let last = at("2021-01-01T17:30:00Z");
        let now = at("2021-01-04T20:00:00Z");
        let newest = at("2021-01-04T17:30:00Z");
        let once = schedule("30 1 * * *", MissedRuns::RunOnce).unwrap();
        assert_eq!(once.decide(last, now), Decision::Run(newest));
        let skip = schedule("30 1 * * *", MissedRuns::Skip).unwrap();
        assert_eq!(skip.decide(last, now), Decision::Skip(newest));
        let punctual = skip.decide(at("2021-01-03T17:30:00Z"), at("2021-01-04T17:30:30Z"));
        assert_eq!(punctual, Decision::Run(newest));
    }

    #[test]
    fn nonsense_is_refused() {
        assert!(schedule("every night", MissedRuns::Skip).is_err());
        assert!(schedule("0 0 30 2 *", MissedRuns::Skip).is_err());
    }
}
