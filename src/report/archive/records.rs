//! Tables of records on the page.

use super::words::{Words, dash, level, or_dash, party, strength, yes_no};
use crate::desk::archive::{
    Assessment, Certificate, Claim, Eligibility, Lead, Slot, Source, Status, Training,
};
use crate::report::form::{clock, day, moment, number, yuan};
use crate::report::paper::{Heading, Label, Paper};

pub(super) use crate::report::paper::columns::{code, figure, text, when};

/// Where a record lies, as every table's last column shows it.
pub(in crate::report) const PLACE: Heading = code("原始文件:行", "Raw file:line");

pub(in crate::report) fn place(source: &Source) -> String {
    format!("{}:{}", source.object, source.line)
}

pub(super) fn time(moment_text: Option<&String>) -> String {
    moment_text.map_or_else(dash, |text| moment(text))
}

/// A table under a heading with the number of rows; a line that says so where there are none.
pub(in crate::report) fn list<T>(
    page: &mut Paper,
    label: Label,
    headings: &[Heading],
    records: &[T],
    row: impl Fn(&T) -> Vec<String>,
) {
    page.subheading(label, &format!("({})", records.len()));
    if records.is_empty() {
        page.paragraph("note", "无记录。", "No record.");
    } else {
        page.table(headings, records.iter().map(row));
    }
}

pub(super) fn statuses(page: &mut Paper, statuses: &[Status], words: &Words) {
    let headings = [
        text("状态", "Status"),
        when("起", "From"),
        when("止", "Until"),
        text("单位", "Employer"),
        PLACE,
    ];
    let label = Label::new("比对登记", "Registers");
    list(page, label, &headings, statuses, |one| {
        vec![
            words.both("person_status", "status", &one.status),
            day(one.valid_from),
            day(one.valid_until),
            party(one.employer.as_ref()),
            place(&one.source),
        ]
    });
}

pub(super) fn eligibilities(page: &mut Paper, eligibilities: &[Eligibility], words: &Words) {
    if eligibilities.is_empty() {
        return;
    }
    let headings = [
        text("人员类别", "Group"),
        code("证明编号", "Number"),
        when("签发", "Issued"),
        when("有效期至", "Until"),
        PLACE,
    ];
    let label = Label::new("资格证明", "Certificates of eligibility");
    list(page, label, &headings, eligibilities, |one| {
        vec![
            words.both(
                "eligibility_certificates",
                "learner_group",
                &one.learner_group,
            ),
            one.certificate_no.clone(),
            day(one.issued_on),
            day(one.valid_until),
            place(&one.source),
        ]
    });
}

pub(super) fn completeness(page: &mut Paper, training: &Training) {
    let parts = &training.completeness;
    page.subheading(Label::new("档案要件", "Parts of the archive"), "");
    let labels = [
        text("身份有效", "Identity"),
        text("过程记录", "Process"),
        text("考核", "Assessment"),
        text("证书", "Certificate"),
        text("完整", "Complete"),
    ];
    let values = [
        parts.identity,
        parts.process,
        parts.assessment,
        parts.certificate,
        parts.complete,
    ];
    let row = values.iter().map(|value| yes_no(Some(*value))).collect();
    page.table(&labels, [row]);
}

pub(super) fn leads(page: &mut Paper, leads: &[Lead]) {
    if leads.is_empty() {
        return;
    }
    let headings = [
        text("指标", "Indicator"),
        text("强度", "Strength"),
        code("对象", "Entity"),
        when("所属期", "Period"),
        figure("值", "Value"),
        figure("阈值", "Threshold"),
        figure("涉及 元", "At risk, yuan"),
        text("依据", "Rule"),
        when("首现", "First seen"),
        code("证据", "Evidence"),
    ];
    let label = Label::new("疑点线索", "Leads to be checked, not findings");
    list(page, label, &headings, leads, |one| {
        let shown = one.evidence.iter().take(10).cloned();
        let shown = shown.collect::<Vec<_>>().join("; ");
        let evidence = if one.evidence_count > 10 {
            format!("{shown} … ({})", one.evidence_count)
        } else {
            shown
        };
        vec![
            format!("{} {} {}", one.indicator_id, one.title_zh, one.title_en),
            strength(&one.strength).to_owned(),
            one.entity_id.clone(),
            one.period.clone(),
            one.value.map_or_else(dash, number),
            one.threshold.map_or_else(dash, number),
            yuan(one.amount_at_risk_fen),
            one.rule_ref.clone(),
            day(one.first_seen_on),
            evidence,
        ]
    });
}

pub(super) fn attendance(page: &mut Paper, slots: &[Slot], words: &Words) {
    let headings = [
        when("日期", "Day"),
        text("时段", "Slot"),
        when("签到", "In"),
        when("签退", "Out"),
        figure("在场", "Present"),
        code("教师", "Teacher"),
        code("教室", "Room"),
        PLACE,
    ];
    let label = Label::new("考勤", "Attendance");
    list(page, label, &headings, slots, |one| {
        vec![
            day(one.session_on),
            words.both("attendance", "slot", &one.slot),
            time(one.signed_in_at.as_ref()),
            time(one.signed_out_at.as_ref()),
            clock(one.attended_seconds),
            or_dash(one.teacher_id.as_ref()),
            or_dash(one.room_id.as_ref()),
            place(&one.source),
        ]
    });
}

pub(super) fn assessments(page: &mut Paper, assessments: &[Assessment], words: &Words) {
    let headings = [
        text("方式", "Kind"),
        when("开始", "Start"),
        when("结束", "End"),
        figure("成绩", "Score"),
        text("合格", "Passed"),
        text("评价机构", "Assessor"),
        PLACE,
    ];
    let label = Label::new("考核", "Assessments");
    list(page, label, &headings, assessments, |one| {
        vec![
            words.both("assessments", "kind", &one.kind),
            time(one.started_at.as_ref()),
            time(one.ended_at.as_ref()),
            one.score.map_or_else(dash, number),
            yes_no(one.passed),
            party(one.assessor.as_ref()),
            place(&one.source),
        ]
    });
}

pub(super) fn certificates(page: &mut Paper, certificates: &[Certificate], words: &Words) {
    let headings = [
        code("证书编号", "Number"),
        text("类型", "Kind"),
        code("职业", "Occupation"),
        text("等级", "Level"),
        when("发证日期", "Issued"),
        text("发证机构", "Issuer"),
        PLACE,
    ];
    let label = Label::new("证书", "Certificates");
    list(page, label, &headings, certificates, |one| {
        vec![
            one.certificate_no.clone(),
            words.both("certificates", "kind", &one.kind),
            or_dash(one.occupation_code.as_ref()),
            level(one.skill_level),
            day(one.issued_on),
            party(one.issuer.as_ref()),
            place(&one.source),
        ]
    });
}

pub(super) fn claims(page: &mut Paper, claims: &[Claim], words: &Words) {
    let headings = [
        code("申领编号", "Claim"),
        text("补贴类型", "Kind"),
        text("资金来源", "Fund"),
        figure("金额 元", "Yuan"),
        when("申领", "Claimed"),
        when("发放", "Paid"),
        text("状态", "Status"),
        text("收款方", "Payee"),
        PLACE,
    ];
    let label = Label::new("补贴申领", "Subsidy claims");
    list(page, label, &headings, claims, |one| {
        let kind = words.both("claims", "payee_kind", &one.payee_kind);
        let mut payee = match &one.payee {
            Some(_) => format!("{kind} {}", party(one.payee.as_ref())),
            None => kind,
        };
        if let Some(account) = &one.account {
            payee.push_str(&format!(" 账户 account:{account}"));
        }
        vec![
            one.claim_id.clone(),
            words.both("claims", "kind", &one.kind),
            words.both("claims", "fund", &one.fund),
            yuan(one.amount_fen),
            day(one.claimed_on),
            day(one.paid_on),
            words.both("claims", "status", &one.status),
            payee,
            place(&one.source),
        ]
    });
}
