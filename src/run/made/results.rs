//! Tables that are read off headers, tests and releases.

use super::{MadeFrom, MadeTable, column};
use crate::model::Audience;
use crate::release::{REVISION_HISTORY, REVISION_SUMMARY, REVISION_TRIANGLE};

/// What each indicator tests.
pub const CATALOGUE_TABLE: MadeTable = MadeTable {
    name: "indicator_catalogue",
    audience: Audience::Internal,
    title_zh: "疑点指标目录",
    title_en: "Indicator catalogue",
    description_zh: "每项疑点指标一行，取自sql/indicators各文件的文件头。每条命中都是待核查的线索：疑点线索，需核查，非认定结论。",
    description_en: "One row for each indicator, from the headers of sql/indicators. Every hit is a lead to be checked: 疑点线索，需核查，非认定结论.",
    source: MadeFrom::Indicators,
    file: "src/run/night.rs",
    columns: &[
        column("indicator_id", "指标编号", "", "identifier, such as A01"),
        column("key", "指标代码", "", "name in the file's name"),
        column("title_zh", "中文名称", "", "Chinese title"),
        column("title_en", "英文名称", "", "English title"),
        column(
            "scheme_zh",
            "针对的做法（中文）",
            "",
            "the scheme that it is meant to find, in Chinese",
        ),
        column(
            "scheme",
            "针对的做法（英文）",
            "",
            "the scheme that it is meant to find",
        ),
        column(
            "strength",
            "强度",
            "",
            "strengths that it can give: H, S, W",
        ),
        column(
            "grain_zh",
            "粒度（中文）",
            "",
            "what one hit is about, in Chinese",
        ),
        column("grain", "粒度（英文）", "", "what one hit is about"),
        column(
            "threshold_zh",
            "判定条件（中文）",
            "",
            "the test in words, with its default threshold, in Chinese",
        ),
        column(
            "threshold",
            "判定条件（英文）",
            "",
            "the test in words, with its default threshold",
        ),
        column(
            "policy_reference",
            "政策依据",
            "",
            "article or default it rests on",
        ),
        column(
            "false_positives_zh",
            "常见误报（中文）",
            "",
            "honest reasons that look the same, in Chinese",
        ),
        column(
            "false_positives",
            "常见误报（英文）",
            "",
            "honest reasons that look the same",
        ),
        column(
            "ask_for_zh",
            "核查材料（中文）",
            "",
            "what a reviewer should ask for, in Chinese",
        ),
        column(
            "ask_for",
            "核查材料（英文）",
            "",
            "what a reviewer should ask for",
        ),
        column("sql_file", "定义文件", "", "file that defines it"),
    ],
};

/// Failing rows of table tests over time.
pub const TEST_FAILURES_TABLE: MadeTable = MadeTable {
    name: "test_failures",
    // Keys of restricted tables are keys of persons.
    audience: Audience::Restricted,
    title_zh: "数据检验未通过的行",
    title_en: "Failing rows of table tests",
    description_zh: "未通过其所在表文件头所列检验的数据行，每行从首次发现之夜列到最近一次发现之夜；以后再次未通过，或未通过的值不同的，另列一行。每项检验每夜最多保留1,000行；完整行数见发布版的审核结果。",
    description_en: "Rows that fail a test of their table's header, each from the night that first found it to the last that did; what fails again later, or with another value, is a new row. At most 1,000 rows of a test are kept in a night; the audits of the release have the full number.",
    source: MadeFrom::Tests,
    file: "src/run/test_ledger.rs",
    columns: &[
        column(
            "as_of",
            "状态日期",
            "",
            "as-of day of the night that gave the row its status",
        ),
        column("table_name", "表", "", "table that was tested"),
        column("test", "检验", "", "name of the test: columns and kind"),
        column(
            "severity",
            "级别",
            "",
            "error (nothing is released) or warn",
        ),
        column(
            "column",
            "列",
            "",
            "columns tested; rows where rows were counted",
        ),
        column(
            "key",
            "行标识",
            "",
            "grain of the failing row, such as month=2020-09, city_code=370100; groups of a change; empty for the whole table",
        ),
        column(
            "value",
            "值",
            "",
            "what failed, as text; empty for an empty value",
        ),
        column(
            "status",
            "状态",
            "",
            "failing, mended (the newest night that ran the test did not find it) or withdrawn (there is no such test any more)",
        ),
        column(
            "first_seen_on",
            "首次发现日期",
            "",
            "as-of day of the first night that found it",
        ),
        column(
            "last_seen_on",
            "最近发现日期",
            "",
            "as-of day of the last night that found it",
        ),
    ],
};

/// Every change of a published figure.
pub const HISTORY_TABLE: MadeTable = MadeTable {
    name: REVISION_HISTORY,
    audience: Audience::Public,
    title_zh: "数据修订",
    title_en: "Revision history",
    description_zh: "以前发布版已有的数字每次变动列一行，并注明原因。尚未结束的月份，其各次变动合为一行，从最初数值到最新数值。",
    description_en: "One row for each change of a figure that an earlier release had, with its reason. The changes of a month that was still running are one row, from the first value to the newest.",
    source: MadeFrom::Releases,
    file: "src/release/revisions.rs",
    columns: &[
        column("table_name", "表", "", "table of the figure"),
        column(
            "cell",
            "行标识",
            "",
            "grain of the figure's row, such as month=2020-09, city_code=370100",
        ),
        column("figure", "指标列", "", "column of the figure"),
        column(
            "reference_period",
            "所属期",
            "",
            "month that the figure is of",
        ),
        column(
            "revision_number",
            "修订次数",
            "",
            "how many changes of the figure there were, this one included",
        ),
        column(
            "published_on",
            "发布日期",
            "",
            "as-of day of the release that changed it",
        ),
        column(
            "value",
            "修订后数值",
            "",
            "the figure since then; empty where it is empty or its row gone",
        ),
        column("previous_value", "修订前数值", "", "the figure before"),
        column("revision", "修订量", "", "value less previous_value"),
        column(
            "month_running",
            "当月未结束",
            "",
            "whether the month was still running on the as-of day of the release before",
        ),
        column("reason", "修订原因", "", "why, joined by ;"),
    ],
};

/// Values of headline figures by month of publication.
pub const TRIANGLE_TABLE: MadeTable = MadeTable {
    name: REVISION_TRIANGLE,
    audience: Audience::Internal,
    title_zh: "数据修订三角",
    title_en: "Revision triangle",
    description_zh: "全省主要指标：每个所属月份在其发布过的各个月份中的数值，取该发布月份最后一个发布版的数字。",
    description_en: "Headline figures of the province: the value of each reference month in each month in which it was published, as the last release of that month had it.",
    source: MadeFrom::Releases,
    file: "src/release/triangle.rs",
    columns: &[
        column("table_name", "表", "", "table of the figure"),
        column("figure", "指标列", "", "column of the figure"),
        column(
            "reference_period",
            "所属期",
            "",
            "month that the figure is of",
        ),
        column(
            "publication_month",
            "发布月份",
            "",
            "month of publication, YYYY-MM",
        ),
        column(
            "published_on",
            "发布日期",
            "",
            "as-of day of the last release of that month",
        ),
        column(
            "value",
            "数值",
            "",
            "the figure in that release; empty where it is empty",
        ),
    ],
};

/// Measures of revision.
pub const SUMMARY_TABLE: MadeTable = MadeTable {
    name: REVISION_SUMMARY,
    audience: Audience::Internal,
    title_zh: "数据修订幅度",
    title_en: "Measures of revision",
    description_zh: "全省主要指标：每个所属月份结束之后数字的修订幅度。",
    description_en: "Headline figures of the province: how far each reference month was revised after it was over.",
    source: MadeFrom::Releases,
    file: "src/release/triangle.rs",
    columns: &[
        column("table_name", "表", "", "table of the figure"),
        column("figure", "指标列", "", "column of the figure"),
        column(
            "reference_period",
            "所属期",
            "",
            "month that the figure is of",
        ),
        column(
            "first_value",
            "首次数值",
            "",
            "the figure when its month was over",
        ),
        column("latest_value", "最新数值", "", "the figure in this release"),
        column(
            "revisions",
            "修订次数",
            "changes",
            "changes after the month was over",
        ),
        column(
            "mean_absolute_revision",
            "平均绝对修订量",
            "",
            "mean size of these changes without sign; empty without one",
        ),
    ],
};
