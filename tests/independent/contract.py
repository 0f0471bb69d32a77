"""The seventeen feeds, written down once more from the feed specification.

This is a second reading on purpose: it shares nothing with the contracts under `pipelines/feeds`,
so that a wrong column, type or alias there shows up as a difference here.
"""

from __future__ import annotations

from dataclasses import dataclass, field

#: Enumerations: English word -> the Chinese words that mean it.
WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "org_kind": {"platform": ("线上平台",), "school": ("线下机构",), "employer": ("企业",), "assessor": ("评价机构",)},
    "category": {
        "employment": ("就业技能",), "upskilling": ("岗位技能提升",), "apprenticeship": ("学徒",),
        "entrepreneurship": ("创业",), "specific": ("专项能力",), "project": ("项目制",),
    },
    "mode": {"online": ("线上",), "offline": ("线下",), "blended": ("线上线下",)},
    "learner_group": {
        "employee": ("企业职工",), "migrant": ("农民工",), "unemployed": ("失业人员",), "graduate": ("高校毕业生",),
        "rural_school_leaver": ("两后生农村学员",), "urban_allowance_leaver": ("两后生城市低保",),
        "hard_to_employ": ("就业困难人员",), "zero_employment_family": ("零就业家庭成员",),
        "registered_poor": ("建档立卡贫困劳动力",), "veteran": ("退役军人",), "disabled": ("残疾人",), "other": ("其他",),
    },
    "slot": {"am": ("上午",), "pm": ("下午",), "evening": ("晚上",)},
    "assessment_kind": {"theory": ("理论",), "practice": ("实操",), "comprehensive": ("综合评价",)},
    "certificate_kind": {
        "vocational": ("职业资格",), "skill_level": ("职业技能等级",), "specific": ("专项职业能力",),
        "special_operation": ("特种作业",), "completion": ("培训合格",),
    },
    "claim_kind": {
        "platform_share": ("平台补贴",), "offline_share": ("线下补贴",), "full": ("培训补贴",),
        "living_allowance": ("生活费补贴",),
    },
    "fund": {
        "special_account": ("专账资金",), "employment": ("就业补助资金",), "unemployment_insurance": ("失业保险基金",),
    },
    "claim_status": {
        "submitted": ("已申报",), "approved": ("已审核",), "paid": ("已发放",), "refunded": ("已退回",),
        "rejected": ("不予通过",),
    },
    "payee_kind": {"person": ("个人",), "organization": ("机构",)},
    "register_status": {
        "deceased": ("死亡",), "pension": ("领取养老金",), "student": ("在校生",), "public_payroll": ("财政供养",),
        "in_custody": ("服刑",), "insured": ("参保",),
    },
    "feedback_kind": {"rating": ("评分",), "complaint": ("投诉",), "callback": ("回访",)},
    "finding_kind": {
        "fraud": ("套取骗取",), "no_face_evidence": (), "filing_lost": (), "refused_data": (), "other": (),
    },
}


@dataclass(frozen=True)
class Column:
    """One column of a feed: its type, whether it may be null, its own Chinese header, its bounds."""

    name: str
    kind: str
    optional: bool = False
    alias: str = ""
    words: str = ""
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Feed:
    """One feed: its columns in order, its key, and whether files accumulate or replace a city."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    snapshot: bool = False
    main_date: str = ""
    calendar: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def has(self, column: str) -> bool:
        """Whether the feed has a column of this name."""
        return any(c.name == column for c in self.columns)


def _columns(text: str) -> tuple[Column, ...]:
    """Reads `name[?] kind [alias] [>=low] [<=high] [words=...]` lines."""
    found: list[Column] = []
    for line in text.strip().splitlines():
        parts = line.split()
        name, kind = parts[0], parts[1]
        alias, words, low, high = "", "", None, None
        for extra in parts[2:]:
            if extra.startswith(">="):
                low = float(extra[2:])
            elif extra.startswith("<="):
                high = float(extra[2:])
            elif extra.startswith("words="):
                words = extra[6:]
            else:
                alias = extra
        found.append(Column(name.rstrip("?"), kind, name.endswith("?"), alias, words, low, high))
    return tuple(found)


FEEDS: dict[str, Feed] = {
    feed.name: feed
    for feed in (
        Feed("organizations", ("org_id", "org_kind"), _columns("""
            org_id text 统一社会信用代码
            org_kind enum 主体类型 words=org_kind
            org_name text 机构名称
            city_code city 所在市
            legal_representative? name 法定代表人
            contact_phone? phone 联系电话
            address? text 地址
            registered_on? date 注册日期
            filed_on? date 备案日期
            filed_until? date 备案有效期至
            removed_on? date 退出日期
            insured_staff? integer 参保人数 >=0
        """), main_date="filed_on"),
        Feed("platform_directory", ("platform_id", "city_code"), _columns("""
            platform_id text 平台代码
            city_code city 所在市
            listed_on date 列入日期
            delisted_on? date 移出日期
        """), snapshot=True, main_date="listed_on"),
        Feed("training_directory", ("org_id", "city_code", "occupation_code", "skill_level", "valid_from"), _columns("""
            org_id text 机构代码
            city_code city 所在市
            occupation_code text 职业编码
            skill_level level 技能等级
            valid_from date 有效期起
            valid_until? date 有效期止
        """), snapshot=True, main_date="valid_from"),
        Feed("subsidy_standards", ("city_code", "occupation_code", "skill_level", "valid_from"), _columns("""
            city_code city
            occupation_code text
            skill_level level
            valid_from date
            valid_until? date
            standard_yuan money 补贴标准
            min_hours? hours 最低课时
            hourly_cap_yuan? money 课时单价上限
        """), snapshot=True, main_date="valid_from"),
        Feed("courseware", ("item_id",), _columns("""
            item_id text 课件编号
            platform_id text 平台代码
            course_id text 课程编号
            course_name? text 课程名称
            occupation_code text
            skill_level level
            video_seconds integer 时长秒 >=0
            published_on date 上线日期
            updated_on? date 更新日期
            content_hash? text 内容摘要
        """), main_date="published_on"),
        Feed("classes", ("class_id",), _columns("""
            class_id text 班级编号
            org_id text 机构代码
            platform_id? text 平台代码
            city_code city
            occupation_code text
            skill_level level
            category enum 培训类别 words=category
            mode enum 培训方式 words=mode
            start_on date 开班日期
            end_on date 结业日期
            planned_online_hours hours 线上课时
            planned_offline_hours hours 线下课时
            capacity? integer 班额
        """), main_date="start_on", calendar={"start_on": ("month", "quarter")}),
        Feed("enrolments", ("enrolment_id",), _columns("""
            enrolment_id text 报名编号
            class_id text
            person_id person 身份证号
            person_name? name 姓名
            phone? phone 手机号
            learner_group enum 人员类别 words=learner_group
            employer_id? text 企业代码
            city_code city
            hukou_code? division 户籍地
            course_id? text
            enrolled_on date 报名日期
            completed_on? date 结业日期
            online_hours hours 线上课时 >=0
            offline_hours hours 线下课时 >=0
        """), main_date="enrolled_on",
             calendar={"enrolled_on": ("month", "quarter"), "completed_on": ("month", "quarter")}),
        Feed("study_logs", ("log_id",), _columns("""
            log_id text 记录编号
            enrolment_id text
            person_id person
            platform_id text
            item_id text
            started_at time 开始时间
            ended_at time 结束时间
            watched_seconds integer 学习秒数
            playback_rate? number 倍速
            device_id? text 设备号
            ip? text IP
            user_agent? text 终端标识
            ui_events? integer 交互次数
            face_prompts? integer 人脸抽验次数
            face_passed? integer 人脸通过次数
            face_image_hash? text 人脸照摘要
            uploaded_at? time 上传时间
        """), main_date="started_at",
             calendar={"started_at": ("day", "month"), "ended_at": ("day",)}),
        Feed("attendance", ("attendance_id",), _columns("""
            attendance_id text 考勤编号
            class_id text
            person_id person
            session_on date 上课日期
            slot enum 时段 words=slot
            signed_in_at? time 签到时间
            signed_out_at? time 签退时间
            teacher_id? text 教师编号
            room_id? text 教室编号
            photo_hash? text 照片摘要
        """), main_date="session_on",
             calendar={"session_on": ("month",), "signed_in_at": ("day",), "signed_out_at": ("day",)}),
        Feed("assessments", ("assessment_id",), _columns("""
            assessment_id text 考核编号
            enrolment_id text
            person_id person
            assessor_id text 评价机构
            kind enum 考核方式 words=assessment_kind
            started_at? time
            ended_at? time
            score? number 成绩 >=0 <=100
            passed boolean 是否合格
            answers_hash? text 答卷摘要
            device_id? text
            ip? text
        """), main_date="started_at",
             calendar={"started_at": ("day", "month"), "ended_at": ("day", "month")}),
        Feed("certificates", ("certificate_no", "enrolment_id"), _columns("""
            certificate_no text 证书编号
            person_id person
            enrolment_id text
            kind enum 证书类型 words=certificate_kind
            occupation_code text
            skill_level level
            issued_on date 发证日期
            issuer_id text 发证机构
        """), main_date="issued_on", calendar={"issued_on": ("month", "quarter")}),
        Feed("claims", ("claim_id",), _columns("""
            claim_id text 申领编号
            enrolment_id text
            person_id person
            kind enum 补贴类型 words=claim_kind
            fund enum 资金来源 words=fund
            city_code city
            amount_yuan money 金额
            claimed_on date 申领日期
            paid_on? date 发放日期
            status enum 状态 words=claim_status
            payee_kind enum 收款方 words=payee_kind
            payee_id? text
            account_no? account 银行账号
            agreement_id? text 代领协议号
        """), main_date="claimed_on",
             calendar={"claimed_on": ("month", "quarter"), "paid_on": ("month", "quarter")}),
        Feed("person_status", ("person_id", "status", "valid_from", "employer_id"), _columns("""
            person_id person
            status enum 状态 words=register_status
            valid_from date
            valid_until? date
            employer_id? text
        """), main_date="valid_from"),
        Feed("eligibility_certificates", ("person_id", "learner_group", "certificate_no"), _columns("""
            person_id person
            learner_group enum words=learner_group
            certificate_no text 证明编号
            issued_on date
            valid_until? date
        """), main_date="issued_on"),
        Feed("feedback", ("feedback_id",), _columns("""
            feedback_id text
            org_id text
            enrolment_id? text
            kind enum 类型 words=feedback_kind
            occurred_on date
            value number 结果
        """), main_date="occurred_on", calendar={"occurred_on": ("month", "quarter")}),
        Feed("findings", ("finding_id",), _columns("""
            finding_id text
            org_id text
            decided_on date
            kind enum words=finding_kind
            confirmed boolean
            deduction? number 扣分
            refunded? boolean
        """), main_date="decided_on"),
        Feed("targets", ("year", "city_code"), _columns("""
            year integer 年度
            city_code city
            target_completions integer 目标人次
        """), snapshot=True),
    )
}


def _headers() -> dict[str, set[str]]:
    """Every header each column name may carry: an alias given in one feed holds in all feeds."""
    found: dict[str, set[str]] = {}
    for feed in FEEDS.values():
        for column in feed.columns:
            found.setdefault(column.name, {column.name}).add(column.alias or column.name)
    return found


HEADERS: dict[str, set[str]] = _headers()


def column_of_header(feed: Feed, header: str) -> Column | None:
    """The feed's column that a cleaned, lower-cased header names; the feed's own alias goes first; an empty one names none."""
    if not header:
        return None
    for column in feed.columns:
        if header in (column.name, column.alias.lower()):
            return column
    for column in feed.columns:
        if header in {text.lower() for text in HEADERS[column.name]}:
            return column
    return None
