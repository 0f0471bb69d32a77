//! The seventeen feeds: their columns in file order, with Chinese headings and the words of enumerations.
//!
//! The generator's own copy of the contracts: it must not read the files it is there to test.

/// A feed; its place in [`FEEDS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feed {
    Organizations,
    PlatformDirectory,
    TrainingDirectory,
    SubsidyStandards,
    Courseware,
    Targets,
    Classes,
    Enrolments,
    StudyLogs,
    Attendance,
    Assessments,
    Certificates,
    Claims,
    PersonStatus,
    EligibilityCertificates,
    Feedback,
    Findings,
}

/// What may stand in a column, as far as breaking it goes.
#[derive(Clone, Copy)]
pub enum Kind {
    Text,
    /// A division that must be known.
    City,
    /// A number, with an example outside its range if it has one.
    Number(Option<&'static str>),
    Date,
    Time,
    /// A citizen number, which a spreadsheet may have rounded.
    Person,
    /// One of some words, with its Chinese.
    Word(Words),
    /// `true` or `false`.
    Truth,
}

type Words = &'static [(&'static str, &'static str)];

/// A column of a feed.
pub struct Column {
    pub name: &'static str,
    /// Chinese heading; the English name where the contract gives none.
    pub heading: &'static str,
    pub kind: Kind,
    pub required: bool,
}

/// Name and columns of a feed.
pub struct Shape {
    pub name: &'static str,
    pub columns: &'static [Column],
}

const fn must(name: &'static str, heading: &'static str, kind: Kind) -> Column {
    Column {
        name,
        heading,
        kind,
        required: true,
    }
}

const fn may(name: &'static str, heading: &'static str, kind: Kind) -> Column {
    Column {
        name,
        heading,
        kind,
        required: false,
    }
}

use Kind::{City, Date, Number, Person, Text, Time, Truth, Word};

const LEVEL: Kind = Number(Some("9"));
const FROM_ZERO: Kind = Number(Some("-1"));
const ANY: Kind = Number(None);
const ORG_KIND: Kind = Word(&[
    ("platform", "线上平台"),
    ("school", "线下机构"),
    ("employer", "企业"),
    ("assessor", "评价机构"),
]);
const CATEGORY: Kind = Word(&[
    ("employment", "就业技能"),
    ("upskilling", "岗位技能提升"),
    ("apprenticeship", "学徒"),
    ("entrepreneurship", "创业"),
    ("specific", "专项能力"),
    ("project", "项目制"),
]);
const MODE: Kind = Word(&[
    ("online", "线上"),
    ("offline", "线下"),
    ("blended", "线上线下"),
]);
const GROUP: Kind = Word(&[
    ("employee", "企业职工"),
    ("migrant", "农民工"),
    ("unemployed", "失业人员"),
    ("graduate", "高校毕业生"),
    ("rural_school_leaver", "两后生农村学员"),
    ("urban_allowance_leaver", "两后生城市低保"),
    ("hard_to_employ", "就业困难人员"),
    ("zero_employment_family", "零就业家庭成员"),
    ("registered_poor", "建档立卡贫困劳动力"),
    ("veteran", "退役军人"),
    ("disabled", "残疾人"),
    ("other", "其他"),
]);
const SLOT: Kind = Word(&[("am", "上午"), ("pm", "下午"), ("evening", "晚上")]);
const EXAM: Kind = Word(&[
    ("theory", "理论"),
    ("practice", "实操"),
    ("comprehensive", "综合评价"),
]);
const CERTIFICATE: Kind = Word(&[
    ("vocational", "职业资格"),
    ("skill_level", "职业技能等级"),
    ("specific", "专项职业能力"),
    ("special_operation", "特种作业"),
    ("completion", "培训合格"),
]);
const CLAIM: Kind = Word(&[
    ("platform_share", "平台补贴"),
    ("offline_share", "线下补贴"),
    ("full", "培训补贴"),
    ("living_allowance", "生活费补贴"),
]);
const FUND: Kind = Word(&[
    ("special_account", "专账资金"),
    ("employment", "就业补助资金"),
    ("unemployment_insurance", "失业保险基金"),
]);
const CLAIM_STATUS: Kind = Word(&[
    ("submitted", "已申报"),
    ("approved", "已审核"),
    ("paid", "已发放"),
    ("refunded", "已退回"),
    ("rejected", "不予通过"),
]);
const PAYEE: Kind = Word(&[("person", "个人"), ("organization", "机构")]);
const STATUS: Kind = Word(&[
    ("deceased", "死亡"),
    ("pension", "领取养老金"),
    ("student", "在校生"),
    ("public_payroll", "财政供养"),
    ("in_custody", "服刑"),
    ("insured", "参保"),
]);
const FEEDBACK: Kind = Word(&[
    ("rating", "评分"),
    ("complaint", "投诉"),
    ("callback", "回访"),
]);
const FINDING: Kind = Word(&[("fraud", "套取骗取"), ("other", "other")]);

/// All feeds, in the order of [`Feed`].
#[rustfmt::skip]
pub static FEEDS: [Shape; 17] = [
    Shape { name: "organizations", columns: &[
        must("org_id", "统一社会信用代码", Text), must("org_kind", "主体类型", ORG_KIND),
        must("org_name", "机构名称", Text), must("city_code", "所在市", City),
        may("legal_representative", "法定代表人", Text), may("contact_phone", "联系电话", Text),
        may("address", "地址", Text), may("registered_on", "注册日期", Date), may("filed_on", "备案日期", Date),
        may("filed_until", "备案有效期至", Date), may("removed_on", "退出日期", Date),
        may("insured_staff", "参保人数", FROM_ZERO)] },
    Shape { name: "platform_directory", columns: &[
        must("platform_id", "平台代码", Text), must("city_code", "所在市", City), must("listed_on", "列入日期", Date),
        may("delisted_on", "移出日期", Date)] },
    Shape { name: "training_directory", columns: &[
        must("org_id", "机构代码", Text), must("city_code", "所在市", City),
        must("occupation_code", "职业编码", Text), must("skill_level", "技能等级", LEVEL),
        must("valid_from", "有效期起", Date), may("valid_until", "有效期止", Date)] },
    Shape { name: "subsidy_standards", columns: &[
        must("city_code", "所在市", City), must("occupation_code", "职业编码", Text),
        must("skill_level", "技能等级", LEVEL), must("valid_from", "有效期起", Date),
        may("valid_until", "有效期止", Date), must("standard_yuan", "补贴标准", ANY),
        may("min_hours", "最低课时", ANY), may("hourly_cap_yuan", "课时单价上限", ANY)] },
    Shape { name: "courseware", columns: &[
        must("item_id", "课件编号", Text), must("platform_id", "平台代码", Text), must("course_id", "课程编号", Text),
        may("course_name", "课程名称", Text), must("occupation_code", "职业编码", Text),
        must("skill_level", "技能等级", LEVEL), must("video_seconds", "时长秒", FROM_ZERO),
        must("published_on", "上线日期", Date), may("updated_on", "更新日期", Date),
        may("content_hash", "内容摘要", Text)] },
    Shape { name: "targets", columns: &[
        must("year", "年度", ANY), must("city_code", "所在市", City),
        must("target_completions", "目标人次", ANY)] },
    Shape { name: "classes", columns: &[
        must("class_id", "班级编号", Text), must("org_id", "机构代码", Text), may("platform_id", "平台代码", Text),
        must("city_code", "所在市", City), must("occupation_code", "职业编码", Text),
        must("skill_level", "技能等级", LEVEL), must("category", "培训类别", CATEGORY), must("mode", "培训方式", MODE),
        must("start_on", "开班日期", Date), must("end_on", "结业日期", Date),
        must("planned_online_hours", "线上课时", ANY), must("planned_offline_hours", "线下课时", ANY),
        may("capacity", "班额", ANY)] },
    Shape { name: "enrolments", columns: &[
        must("enrolment_id", "报名编号", Text), must("class_id", "班级编号", Text),
        must("person_id", "身份证号", Person), may("person_name", "姓名", Text), may("phone", "手机号", Text),
        must("learner_group", "人员类别", GROUP), may("employer_id", "企业代码", Text),
        must("city_code", "所在市", City), may("hukou_code", "户籍地", Text), may("course_id", "课程编号", Text),
        must("enrolled_on", "报名日期", Date), may("completed_on", "结业日期", Date),
        must("online_hours", "线上课时", FROM_ZERO), must("offline_hours", "线下课时", FROM_ZERO)] },
    Shape { name: "study_logs", columns: &[
        must("log_id", "记录编号", Text), must("enrolment_id", "报名编号", Text),
        must("person_id", "身份证号", Person), must("platform_id", "平台代码", Text),
        must("item_id", "课件编号", Text), must("started_at", "开始时间", Time), must("ended_at", "结束时间", Time),
        must("watched_seconds", "学习秒数", ANY), may("playback_rate", "倍速", ANY),
        may("device_id", "设备号", Text), may("ip", "IP", Text), may("user_agent", "终端标识", Text),
        may("ui_events", "交互次数", ANY), may("face_prompts", "人脸抽验次数", ANY),
        may("face_passed", "人脸通过次数", ANY), may("face_image_hash", "人脸照摘要", Text),
        may("uploaded_at", "上传时间", Time)] },
    Shape { name: "attendance", columns: &[
        must("attendance_id", "考勤编号", Text), must("class_id", "班级编号", Text),
        must("person_id", "身份证号", Person), must("session_on", "上课日期", Date), must("slot", "时段", SLOT),
        may("signed_in_at", "签到时间", Time), may("signed_out_at", "签退时间", Time),
        may("teacher_id", "教师编号", Text), may("room_id", "教室编号", Text), may("photo_hash", "照片摘要", Text)] },
    Shape { name: "assessments", columns: &[
        must("assessment_id", "考核编号", Text), must("enrolment_id", "报名编号", Text),
        must("person_id", "身份证号", Person), must("assessor_id", "评价机构", Text), must("kind", "考核方式", EXAM),
        may("started_at", "开始时间", Time), may("ended_at", "结束时间", Time),
        may("score", "成绩", Number(Some("150"))), must("passed", "是否合格", Truth),
        may("answers_hash", "答卷摘要", Text), may("device_id", "设备号", Text), may("ip", "IP", Text)] },
    Shape { name: "certificates", columns: &[
        must("certificate_no", "证书编号", Text), must("person_id", "身份证号", Person),
        must("enrolment_id", "报名编号", Text), must("kind", "证书类型", CERTIFICATE),
        must("occupation_code", "职业编码", Text), must("skill_level", "技能等级", LEVEL),
        must("issued_on", "发证日期", Date), must("issuer_id", "发证机构", Text)] },
    Shape { name: "claims", columns: &[
        must("claim_id", "申领编号", Text), must("enrolment_id", "报名编号", Text),
        must("person_id", "身份证号", Person), must("kind", "补贴类型", CLAIM), must("fund", "资金来源", FUND),
        must("city_code", "所在市", City), must("amount_yuan", "金额", ANY), must("claimed_on", "申领日期", Date),
        may("paid_on", "发放日期", Date), must("status", "状态", CLAIM_STATUS), must("payee_kind", "收款方", PAYEE),
        may("payee_id", "payee_id", Text), may("account_no", "银行账号", Text),
        may("agreement_id", "代领协议号", Text)] },
    Shape { name: "person_status", columns: &[
        must("person_id", "身份证号", Person), must("status", "状态", STATUS), must("valid_from", "有效期起", Date),
        may("valid_until", "有效期止", Date), may("employer_id", "企业代码", Text)] },
    Shape { name: "eligibility_certificates", columns: &[
        must("person_id", "身份证号", Person), must("learner_group", "人员类别", GROUP),
        must("certificate_no", "证明编号", Text), must("issued_on", "发证日期", Date),
        may("valid_until", "有效期止", Date)] },
    Shape { name: "feedback", columns: &[
        must("feedback_id", "feedback_id", Text), must("org_id", "机构代码", Text),
        may("enrolment_id", "报名编号", Text), must("kind", "类型", FEEDBACK),
        must("occurred_on", "occurred_on", Date), must("value", "结果", ANY)] },
    Shape { name: "findings", columns: &[
        must("finding_id", "finding_id", Text), must("org_id", "机构代码", Text),
        must("decided_on", "decided_on", Date), must("kind", "kind", FINDING),
        must("confirmed", "confirmed", Truth), may("deduction", "扣分", ANY), may("refunded", "refunded", Truth)] },
];

impl Feed {
    /// Name and columns.
    pub fn shape(self) -> &'static Shape {
        &FEEDS[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feeds_stand_in_the_order_of_their_names() {
        assert_eq!(Feed::Targets.shape().name, "targets");
        assert_eq!(Feed::StudyLogs.shape().name, "study_logs");
        assert_eq!(Feed::Findings.shape().name, "findings");
    }

    #[test]
    fn headings_are_unique_within_a_feed() {
        for feed in &FEEDS {
            let mut headings: Vec<&str> =
                feed.columns.iter().map(|column| column.heading).collect();
            headings.sort_unstable();
            headings.dedup();
            assert_eq!(headings.len(), feed.columns.len(), "{}", feed.name);
        }
    }
}
