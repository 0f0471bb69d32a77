//! How a platform's sheet, and what it says, is made again.

use crate::desk::platform::PlatformSheet;
use crate::report::paper::Label;

/// Commands by what they show.
pub(super) fn commands(sheet: &PlatformSheet) -> Vec<(Label, String)> {
    let (id, release) = (&sheet.score.platform_id, &sheet.release);
    let query = |table: &str, order: &str| {
        format!(
            "skillwatch query \"SELECT * FROM {table} WHERE platform_id = '{id}' ORDER BY {order}\" --release {release}"
        )
    };
    let mut commands = vec![
        (
            Label::new("本表", "this sheet"),
            format!("skillwatch platform {id} --release {release} --out sheet.html"),
        ),
        (
            Label::new("得分", "scores"),
            query("platform_scores", "as_of"),
        ),
        (
            Label::new("各项明细", "every item"),
            query("platform_score_details", "item"),
        ),
    ];
    for ground in &sheet.grounds {
        let (name, reason) = (&ground.ground, &ground.reason);
        commands.push((
            Label::new("退出事由的原始记录", "raw records of a ground of exit"),
            format!(
                "skillwatch trace exit_grounds --key platform_id={id},ground={name},reason={reason} --release {release}"
            ),
        ));
    }
    commands.push((
        Label::new("重新计算该日数据", "computing that day again"),
        format!("skillwatch run --as-of {} --full-refresh", sheet.as_of),
    ));
    commands
}
