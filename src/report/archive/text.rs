//! The archive as an overview for the terminal.

use std::fmt::Write;

use super::words::{Words, dash, fault, or_dash, party};
use crate::desk::archive::{Archive, Claim, Lead, Training};
use crate::report::form::{clock, day, hours, percent, yuan};

/// The overview in Chinese or English; writing to a `String` cannot fail.
pub fn text(archive: &Archive, words: &Words, zh: bool) -> String {
    let mut out = Overview {
        text: String::new(),
        words,
        zh,
    };
    out.head(archive);
    for (index, training) in archive.trainings.iter().enumerate() {
        out.training(index + 1, training);
    }
    out.line(
        "明细、每条学习记录和原始文本：--format html 或 json",
        "Details, every session and raw text: --format html or json",
    );
    out.text
}

struct Overview<'a> {
    text: String,
    words: &'a Words,
    zh: bool,
}

impl Overview<'_> {
    fn pick<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        if self.zh { zh } else { en }
    }

    fn line(&mut self, zh: &str, en: &str) {
        let line = self.pick(zh, en).to_owned();
        let _ = writeln!(self.text, "{}", plain(&line));
    }

    fn fact(&mut self, zh: &str, en: &str, value: &str) {
        let name = self.pick(zh, en).to_owned();
        // Chinese letters are two cells wide.
        let width: usize = name
            .chars()
            .map(|letter| if letter.is_ascii() { 1 } else { 2 })
            .sum();
        let pad = " ".repeat(20_usize.saturating_sub(width));
        let _ = writeln!(self.text, "  {name}{pad}{}", plain(value));
    }

    fn word(&self, feed: &str, column: &str, value: Option<&String>) -> String {
        match value {
            Some(value) if self.zh => self.words.zh(feed, column, value).to_owned(),
            Some(value) => value.replace('_', " "),
            None => dash(),
        }
    }

    fn head(&mut self, archive: &Archive) {
        let (person, figures) = (&archive.person, &archive.totals.figures);
        let key = &person.key;
        self.line(
            &format!("劳动者职业培训电子档案  {key}"),
            &format!("Electronic training archive  {key}"),
        );
        self.line(
            &format!("数据截至 {}，发布版本 {}", archive.as_of, archive.release),
            &format!("as of {}, release {}", archive.as_of, archive.release),
        );
        self.line(&archive.notice_zh, &archive.notice_en);
        for identity in &person.identities {
            let (zh, en) = match identity.kind.as_str() {
                "name" => ("姓名", "name"),
                _ => ("身份证号", "citizen number"),
            };
            self.fact(zh, en, &identity.value);
        }
        let birth = person.birth_year.map_or_else(dash, |year| year.to_string());
        let age = person.age.map_or_else(dash, |age| age.to_string());
        let sex = match person.sex.as_deref() {
            Some("male") => self.pick("男", "male"),
            Some("female") => self.pick("女", "female"),
            _ => "—",
        };
        let division = person.division_name.as_ref().or(person.division.as_ref());
        let facts = format!("{sex}, {birth} ({age}), {}", or_dash(division));
        self.fact("性别、出生、区划", "sex, birth, area", &facts);
        if let Some(why) = &person.id_fault {
            self.fact("身份号码", "citizen number", fault(why));
        }
        for status in &person.statuses {
            let word = self.word("person_status", "status", Some(&status.status));
            let span = format!("{} – {}", day(status.valid_from), day(status.valid_until));
            let employer = party(status.employer.as_ref());
            self.fact("登记", "register", &format!("{word} {span} {employer}"));
        }
        let (all, completed) = (archive.totals.trainings, archive.totals.completed);
        self.fact("培训/结业", "trainings", &self.pick_format(all, completed));
        let paid = format!("{} {}", yuan(figures.paid_fen), self.pick("元", "yuan"));
        self.fact("发放", "paid", &paid);
        self.fact("疑点线索", "leads", &figures.hits.to_string());
        self.leads(&archive.person_leads);
        for one in &archive.differences {
            let told = format!(
                "{} {}: {} ≠ {}",
                one.enrolment_id, one.column, one.release, one.records
            );
            self.fact("与现有明细不一致", "records differ", &told);
        }
    }

    fn pick_format(&self, all: usize, completed: usize) -> String {
        if self.zh {
            format!("{all}/{completed}")
        } else {
            format!("{all}, {completed} completed")
        }
    }

    fn training(&mut self, number: usize, training: &Training) {
        let figures = &training.figures;
        let _ = writeln!(self.text, "\n{number}. {}", plain(&training.enrolment_id));
        let class = format!(
            "{} {} {} {}",
            training.class_id,
            self.word("classes", "mode", training.mode.as_ref()),
            self.word("classes", "category", training.category.as_ref()),
            or_dash(training.occupation_code.as_ref()),
        );
        self.fact("班级", "class", &class);
        self.fact("培训机构", "organisation", &party(training.org.as_ref()));
        if training.platform.is_some() {
            self.fact("线上平台", "platform", &party(training.platform.as_ref()));
        }
        let city = training.city_name.as_ref().unwrap_or(&training.city_code);
        self.fact("地区", "city", city);
        let group = self.word(
            "enrolments",
            "learner_group",
            training.learner_group.as_ref(),
        );
        self.fact("人员类别", "learner group", &group);
        let days = [
            training.enrolled_on,
            training.start_on,
            training.end_on,
            training.completed_on,
        ];
        let days = days.map(day).join(" / ");
        self.fact("报名/开/结班/结业", "enrol/class/done", &days);
        let claimed = format!(
            "{} + {}",
            hours(figures.online_seconds),
            hours(figures.offline_seconds)
        );
        self.fact("申报课时线上+线下", "hours on + offline", &claimed);
        let share = percent(figures.supported_seconds, figures.online_seconds);
        let supported = format!("{} ({share})", hours(figures.supported_seconds));
        self.fact("日志支撑课时", "hours supported", &supported);
        let logs = format!(
            "{} / {} / {}",
            figures.log_sessions,
            training.study_days.len(),
            clock(figures.watched_seconds)
        );
        self.fact("学习次/日/时长", "sessions/days/time", &logs);
        let present = format!(
            "{} / {}",
            figures.attendance_slots,
            clock(figures.attended_seconds)
        );
        self.fact("考勤/在场", "attendance/time", &present);
        let exams = format!("{} / {}", figures.assessments, figures.assessments_passed);
        self.fact("考核/合格", "assessed/passed", &exams);
        for one in &training.certificates {
            let kind = self.word("certificates", "kind", Some(&one.kind));
            let told = format!("{} {kind} {}", one.certificate_no, day(one.issued_on));
            self.fact("证书", "certificate", &told);
        }
        for one in &training.claims {
            self.claim(one);
        }
        self.leads(&training.leads);
        let complete = if training.completeness.complete {
            self.pick("是", "yes")
        } else {
            self.pick("否", "no")
        };
        self.fact("档案完整", "complete", complete);
    }

    fn claim(&mut self, claim: &Claim) {
        let told = format!(
            "{} {} {} {} {} ({} → {})",
            claim.claim_id,
            self.word("claims", "kind", Some(&claim.kind)),
            yuan(claim.amount_fen),
            self.pick("元", "yuan"),
            self.word("claims", "status", Some(&claim.status)),
            day(claim.claimed_on),
            day(claim.paid_on),
        );
        self.fact("补贴申领", "claim", &told);
    }

    fn leads(&mut self, leads: &[Lead]) {
        for lead in leads {
            let title = self.pick(&lead.title_zh, &lead.title_en).to_owned();
            let told = format!(
                "{} {title} [{}] {} {}",
                lead.indicator_id, lead.strength, lead.entity_id, lead.period
            );
            self.fact("线索", "lead", told.trim_end());
        }
    }
}

/// Without control characters, which would speak to the terminal.
pub(in crate::report) fn plain(text: &str) -> String {
    text.chars()
        .map(|letter| {
            if letter.is_control() {
                '\u{fffd}'
            } else {
                letter
            }
        })
        .collect()
}
