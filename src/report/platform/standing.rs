//! How a platform stands, in sentences: why it is graded or not, its rank and how sure that is.

use crate::desk::platform::{FEWEST_OTHERS, Next, PlatformSheet};
use crate::native::composite::Title;

use super::words::{percent, points, veto};

fn said(zh: String, en: String) -> Title {
    Title { zh, en }
}

/// Why the grade is what it is, where it is not the total alone; most telling first.
pub(super) fn reasons(sheet: &PlatformSheet) -> Vec<Title> {
    let score = &sheet.score;
    let mut told = Vec::new();
    if !score.vetoes.is_empty() {
        let kinds: Vec<&str> = score.vetoes.iter().map(|kind| veto(kind)).collect();
        let kinds = kinds.join("; ");
        told.push(said(
            format!("一票否决：{kinds}。不论得分，等级为不合格；依据见“退出事由”。"),
            format!(
                "Veto: {kinds}. Whatever the score, the grade is the lowest; see the grounds of exit."
            ),
        ));
    }
    if score.sample_ok {
        let coverage = score.coverage.unwrap_or_default();
        if coverage < sheet.least_coverage {
            let (own, least) = (percent(Some(coverage)), percent(Some(sheet.least_coverage)));
            told.push(said(
                format!("指标覆盖率 {own}，低于 {least}，有得分而不评级、不排名。"),
                format!(
                    "Coverage is {own}, under {least}: the platform is scored and neither graded nor ranked."
                ),
            ));
        }
    } else {
        told.push(sample(sheet));
    }
    if sheet.is_borderline() {
        let (own, least) = (
            percent(score.grade_agreement),
            percent(sheet.least_agreement),
        );
        told.push(said(
            format!("等级为临界：只有 {own} 的模拟给出同一等级，低于 {least}。"),
            format!("The grade is borderline: {own} of the draws agree on it, fewer than {least}."),
        ));
    }
    if !sheet.is_framework_of_release {
        told.push(said(
            "发布之后评价方案已修改：所列名称、定义为现行方案，得分按发布时的方案计算，不作提升测算。"
                .to_owned(),
            "The framework was changed after the release: titles and definitions are today's, scores are those of then, and what \
             would lift the grade is not worked out."
                .to_owned(),
        ));
    }
    told
}

/// Why the sample does not suffice.
fn sample(sheet: &PlatformSheet) -> Title {
    let rules = &sheet.rules;
    let learners = sheet.score.learners;
    let unknown = || "—".to_owned();
    let (days, least) = (
        rules.least_filed_days.clone().unwrap_or_else(unknown),
        rules.least_learners.clone().unwrap_or_else(unknown),
    );
    said(
        format!(
            "样本不足，不评级、不排名：备案须满 {days} 天且十二个月内学员不少于 {least} 人，本平台学员 {learners} 人。"
        ),
        format!(
            "Insufficient sample, neither graded nor ranked: it takes {days} days of filing and {least} learners in the twelve \
             months; the platform has {learners} learners."
        ),
    )
}

/// The rank with its interval and the agreement on the grade.
pub(super) fn rank(sheet: &PlatformSheet) -> Title {
    let score = &sheet.score;
    let Some(rank) = score.rank else {
        return said(
            "未参加排名。".to_owned(),
            "The platform is not ranked.".to_owned(),
        );
    };
    let ranked = sheet.ranked;
    let mut told = said(
        format!("在 {ranked} 个参加排名的平台中列第 {rank} 名。"),
        format!("Rank {rank} of {ranked} ranked platforms."),
    );
    if let (Some(from), Some(middle), Some(until)) =
        (score.rank_p05, score.rank_p50, score.rank_p95)
    {
        told.zh.push_str(&format!(
            "权重、标准化、汇总、异常值处理和指标取舍若作其他合理选择，名次九成在第 {from:.0} 至第 {until:.0} 名之间（中位第 {middle:.0} 名）。"
        ));
        told.en.push_str(&format!(
            " With other reasonable choices of weights, normalisation, aggregation, treatment and items, nine draws in ten rank it \
             between {from:.0} and {until:.0} (median {middle:.0})."
        ));
    }
    if score.grade_agreement.is_some() {
        let own = percent(score.grade_agreement);
        told.zh.push_str(&format!("{own} 的模拟给出同一等级。"));
        told.en
            .push_str(&format!(" {own} of the draws give the same grade."));
    }
    told
}

/// What stands between the platform and the next grade.
pub(super) fn next_grade(sheet: &PlatformSheet) -> Option<Title> {
    let outlook = sheet.outlook.as_ref()?;
    Some(match &outlook.next {
        Next::Grade { title, distance } => {
            let distance = points(Some(*distance));
            said(
                format!("距“{}”差 {distance} 分（总分）。", title.zh),
                format!(
                    "{distance} points of the total short of the grade {}.",
                    title.en
                ),
            )
        }
        Next::Best => said(
            "总分已在最高等级。".to_owned(),
            "The total earns the best grade.".to_owned(),
        ),
        Next::NotItems => said(
            "等级不因各项分值提高而改变，原因见上文。".to_owned(),
            "No item changes the grade; the reason stands above.".to_owned(),
        ),
    })
}

/// What the quartiles are, or why there are none.
pub(super) fn peers(sheet: &PlatformSheet) -> Title {
    let others = sheet.others;
    if sheet.has_peers() {
        return said(
            format!(
                "四分位由其他 {others} 个已排名平台的数值算出，不列平台；某项有数值的其他平台少于 {FEWEST_OTHERS} 个时不列。"
            ),
            format!(
                "Quartiles are of the {others} other ranked platforms, without their names; where fewer than {FEWEST_OTHERS} others have \
                 a value, none are shown."
            ),
        );
    }
    said(
        format!(
            "其他已排名平台为 {others} 个，少于 {FEWEST_OTHERS} 个，不列同行分布：可能透露个别平台的数值。"
        ),
        format!(
            "Other ranked platforms: {others}, fewer than {FEWEST_OTHERS}; their distribution is not shown, since it \
             could tell the figure of one of them."
        ),
    )
}
