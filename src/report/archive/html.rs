//! The archive as a page for browser and printer.

use super::words::{Words, dash, fault, level, or_dash, party, sex};
use super::{records, study};
use crate::desk::archive::{Archive, Figures, Person, Training};
use crate::report::form::{clock, count, day, hours, percent, yuan};
use crate::report::paper::{Label, Paper, Set};

/// Most study sessions that the page lists for a training; JSON has all.
pub const SESSIONS_SHOWN: usize = 200;

const fn label(zh: &'static str, en: &'static str) -> Label {
    Label::new(zh, en)
}

/// The page.
pub fn html(archive: &Archive, words: &Words) -> String {
    let mut page = Paper::new(&format!("电子档案 {}", archive.person.key));
    page.heading(label(
        "劳动者职业培训电子档案",
        "Electronic training archive of one worker",
    ));
    page.paragraph("notice", &archive.notice_zh, &archive.notice_en);
    head(&mut page, archive);
    if !archive.differences.is_empty() {
        differences(&mut page, archive);
    }
    person(&mut page, &archive.person, words);
    totals(&mut page, archive);
    if !archive.person_leads.is_empty() {
        page.section(
            "leads",
            label("本人疑点线索", "Leads of the person, in every training"),
            "",
        );
        records::leads(&mut page, &archive.person_leads);
        page.end_section();
    }
    for (index, one) in archive.trainings.iter().enumerate() {
        training(&mut page, index + 1, one, words);
    }
    page.paragraph(
        "note",
        "课时按45分钟计。日志支撑课时：学习时间重叠只计一次，每个课件至多计其视频时长。时间为北京时间。\
         折叠部分展开后随页打印。",
        "Hours are of 45 minutes. Hours supported by logs: overlaps count once, each courseware item at most its length. \
         Times are Beijing time. Folded parts are printed when they are open.",
    );
    page.finish()
}

fn head(page: &mut Paper, archive: &Archive) {
    let as_of = archive.as_of.to_string();
    let mut facts = vec![
        (
            label("人员标识（假名）", "Key (pseudonym)"),
            archive.person.key.as_str(),
        ),
        (label("数据截至", "As of"), as_of.as_str()),
        (label("发布版本", "Release"), archive.release.as_str()),
    ];
    for identity in &archive.person.identities {
        let what = match identity.kind.as_str() {
            "name" => label("姓名（保密）", "Name (confidential)"),
            _ => label("身份证号（保密）", "Citizen number (confidential)"),
        };
        facts.push((what, identity.value.as_str()));
    }
    page.facts(facts);
}

fn differences(page: &mut Paper, archive: &Archive) {
    page.section(
        "differences",
        label("数字不一致", "Figures that differ"),
        "",
    );
    page.paragraph(
        "warning",
        "发布之后数据湖又有新数据，下列明细与发布数字不一致。",
        "The lake has moved on since the release: these records no longer add up to its figures.",
    );
    page.table(
        &[
            (label("报名编号", "Enrolment"), Set::Code),
            (label("项目", "Column"), Set::Code),
            (label("发布数字", "Release"), Set::Figure),
            (label("现有明细", "Records now"), Set::Figure),
        ],
        archive.differences.iter().map(|one| {
            vec![
                one.enrolment_id.clone(),
                one.column.clone(),
                one.release.to_string(),
                one.records.to_string(),
            ]
        }),
    );
    page.end_section();
}

fn person(page: &mut Paper, person: &Person, words: &Words) {
    page.section("person", label("本人情况", "Person"), "");
    let check = match (&person.id_fault, person.id_valid) {
        (Some(why), true) => format!("有效 valid ({})", fault(why)),
        (None, true) => "有效 valid".to_owned(),
        (Some(why), false) => fault(why).to_owned(),
        (None, false) => dash(),
    };
    let sex = sex(person.sex.as_ref());
    let birth = person.birth_year.map_or_else(dash, |year| year.to_string());
    let age = person.age.map_or_else(dash, |age| age.to_string());
    let division = match (&person.division, &person.division_name) {
        (Some(code), Some(name)) => format!("{name} {code}"),
        (Some(code), None) => code.clone(),
        _ => dash(),
    };
    page.facts([
        (label("身份号码校验", "Citizen number"), check.as_str()),
        (label("性别", "Sex"), sex.as_str()),
        (label("出生年份", "Year of birth"), birth.as_str()),
        (
            label("周岁（截至日）", "Age as of the day above"),
            age.as_str(),
        ),
        (
            label("号码登记区划", "Division by the number"),
            division.as_str(),
        ),
    ]);
    records::statuses(page, &person.statuses, words);
    records::eligibilities(page, &person.eligibilities, words);
    page.end_section();
}

fn totals(page: &mut Paper, archive: &Archive) {
    let figures = &archive.totals.figures;
    page.section("totals", label("汇总", "Totals"), "");
    let trainings = format!(
        "{} / {}",
        archive.totals.trainings, archive.totals.completed
    );
    let claimed = format!(
        "{} / {}",
        hours(figures.online_seconds),
        hours(figures.offline_seconds)
    );
    let sums = sums(figures);
    let mut facts = vec![
        (
            label("培训 / 结业", "Trainings / completed"),
            trainings.as_str(),
        ),
        (
            label("申报课时 线上 / 线下", "Hours claimed online / offline"),
            claimed.as_str(),
        ),
    ];
    facts.extend(sums.iter().map(|(label, value)| (*label, value.as_str())));
    page.facts(facts);
    if archive.trainings.len() > 1 {
        let headings = [
            (label("序号", "No."), Set::Figure),
            (label("报名编号", "Enrolment"), Set::Code),
            (label("报名", "Enrolled"), Set::Time),
            (label("结业", "Completed"), Set::Time),
            (label("职业", "Occupation"), Set::Code),
            (label("机构", "Organisation"), Set::Text),
            (label("发放 元", "Paid, yuan"), Set::Figure),
            (label("线索", "Leads"), Set::Figure),
            (label("档案完整", "Complete"), Set::Text),
        ];
        let rows = (1..).zip(&archive.trainings).map(|(number, one)| {
            vec![
                number.to_string(),
                one.enrolment_id.clone(),
                day(one.enrolled_on),
                day(one.completed_on),
                or_dash(one.occupation_code.as_ref()),
                one.org.as_ref().map_or_else(dash, |org| {
                    org.name.clone().unwrap_or_else(|| org.id.clone())
                }),
                yuan(one.figures.paid_fen),
                one.figures.hits.to_string(),
                super::words::yes_no(Some(one.completeness.complete)),
            ]
        });
        page.table(&headings, rows);
    }
    page.end_section();
}

/// Figures that a training and the totals show alike.
fn sums(figures: &Figures) -> Vec<(Label, String)> {
    let supported = format!(
        "{} ({})",
        hours(figures.supported_seconds),
        percent(figures.supported_seconds, figures.online_seconds)
    );
    vec![
        (
            label("日志支撑课时（占线上）", "Supported by logs (of online)"),
            supported,
        ),
        (
            label("学习记录 / 平台计时", "Sessions / time by platform"),
            format!(
                "{} / {}",
                count(figures.log_sessions),
                clock(figures.watched_seconds)
            ),
        ),
        (
            label("考勤 / 在场时长", "Attendance / time present"),
            format!(
                "{} / {}",
                count(figures.attendance_slots),
                clock(figures.attended_seconds)
            ),
        ),
        (
            label("考核 / 合格", "Assessments / passed"),
            format!("{} / {}", figures.assessments, figures.assessments_passed),
        ),
        (
            label("证书", "Certificates"),
            figures.certificates.to_string(),
        ),
        (
            label("申领 笔 / 元", "Claims / yuan"),
            format!("{} / {}", figures.claims, yuan(figures.claimed_fen)),
        ),
        (label("发放 元", "Paid, yuan"), yuan(figures.paid_fen)),
        (
            label("退回 元", "Refunded, yuan"),
            yuan(figures.refunded_fen),
        ),
        (
            label("疑点线索（含本人）", "Leads (with the person's)"),
            figures.hits.to_string(),
        ),
    ]
}

fn training(page: &mut Paper, number: usize, training: &Training, words: &Words) {
    page.section(
        "training",
        label("培训", "Training"),
        &format!("{number} · {}", training.enrolment_id),
    );
    let city = match &training.city_name {
        Some(name) => format!("{name} {}", training.city_code),
        None => training.city_code.clone(),
    };
    let course = match (&training.course_name, &training.course_id) {
        (Some(name), Some(id)) => format!("{name} {id}"),
        (None, Some(id)) => id.clone(),
        _ => dash(),
    };
    let facts = [
        (label("班级编号", "Class"), training.class_id.clone()),
        (
            label("培训机构", "Organisation"),
            party(training.org.as_ref()),
        ),
        (
            label("线上平台", "Platform"),
            party(training.platform.as_ref()),
        ),
        (label("地区", "City"), city),
        (
            label("职业编码", "Occupation"),
            or_dash(training.occupation_code.as_ref()),
        ),
        (label("技能等级", "Level"), level(training.skill_level)),
        (
            label("培训类别", "Category"),
            words.both_or_dash("classes", "category", training.category.as_ref()),
        ),
        (
            label("培训方式", "Mode"),
            words.both_or_dash("classes", "mode", training.mode.as_ref()),
        ),
        (label("课程", "Course"), course),
        (
            label("人员类别", "Learner group"),
            words.both_or_dash(
                "enrolments",
                "learner_group",
                training.learner_group.as_ref(),
            ),
        ),
        (
            label("用人单位", "Employer"),
            party(training.employer.as_ref()),
        ),
        (
            label("开班时周岁", "Age at start"),
            training
                .age_at_start
                .map_or_else(dash, |age| age.to_string()),
        ),
        (label("报名日期", "Enrolled"), day(training.enrolled_on)),
        (
            label("开班 – 结班", "Class from – to"),
            format!("{} – {}", day(training.start_on), day(training.end_on)),
        ),
        (label("结业日期", "Completed"), day(training.completed_on)),
        (
            label("申报线上课时", "Online hours claimed"),
            hours(training.figures.online_seconds),
        ),
        (
            label("申报线下课时", "Offline hours claimed"),
            hours(training.figures.offline_seconds),
        ),
    ];
    let sums = sums(&training.figures);
    page.facts(
        facts
            .iter()
            .chain(&sums)
            .map(|(label, value)| (*label, value.as_str())),
    );
    records::completeness(page, training);
    records::leads(page, &training.leads);
    study::study(page, training);
    records::attendance(page, &training.attendance, words);
    records::assessments(page, &training.assessments, words);
    records::certificates(page, &training.certificates, words);
    records::claims(page, &training.claims, words);
    study::raw(page, training);
    page.end_section();
}
