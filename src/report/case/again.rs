//! How a case file, and what it says, is made again.

use crate::desk::case::CaseFile;
use crate::report::paper::Label;

/// Commands by what they show.
pub(super) fn commands(case: &CaseFile) -> Vec<(Label, String)> {
    let (org, release) = (&case.organisation.id, &case.release);
    let quarter = case.quarter.as_ref();
    let quarter = quarter.map_or_else(String::new, |quarter| format!(" --quarter {quarter}"));
    let mut commands = vec![
        (
            Label::new("本案卷", "this case file"),
            format!("skillwatch case {org}{quarter} --release {release} --out case.html"),
        ),
        (
            Label::new("指名本机构的线索", "leads that name the organisation"),
            format!(
                "skillwatch query \"SELECT * FROM indicator_hits WHERE org_id = '{org}' OR platform_id = '{org}' \
                 OR entity_id LIKE '%{org}%' ORDER BY indicator_id, entity_id, period\" --release {release}"
            ),
        ),
    ];
    if case.cases.is_some() {
        commands.push((
            Label::new("得分与排序", "score and rank"),
            format!(
                "skillwatch query \"SELECT * FROM risk_cases WHERE org_id = '{org}' ORDER BY quarter\" --release {release}"
            ),
        ));
    }
    for part in &case.indicators {
        let id = &part.rule.id;
        commands.push((
            Label::new("指标定义、政策参数和SQL", "definition, policy and SQL"),
            format!("skillwatch explain {id}"),
        ));
        // The key of a trace is split at commas.
        if let Some(hit) = part.hits.iter().find(|hit| {
            let lead = &hit.lead;
            !lead.entity_id.contains(',') && !lead.period.contains(',')
        }) {
            let (entity, period) = (&hit.lead.entity_id, &hit.lead.period);
            commands.push((
                Label::new("首条线索的原始记录", "raw records of its first lead"),
                format!(
                    "skillwatch trace indicator_hits --key 'indicator_id={id},entity_id={entity},period={period}' \
                     --release {release}"
                ),
            ));
        }
    }
    commands.push((
        Label::new("重新计算该日数据", "computing that day again"),
        format!("skillwatch run --as-of {} --full-refresh", case.as_of),
    ));
    commands
}
